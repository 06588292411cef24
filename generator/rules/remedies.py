"""C15: remedies without a concrete organ or a concrete court."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.docx_text import Line
from generator.paper import Paper
from generator.rules import at, rule
from kb.findings import Finding

_COURT = re.compile(r"向(?P<court>[^，。；、（(]{0,40}?(?:人民)?法院)")
_SUES = re.compile(r"诉讼|起诉")
_ORGAN = re.compile(r"向(?P<organ>[^，。；、]{1,60}?)(?:（[^）]*）)?(?:依法)?(?:申请|提出|提起)(?:行政)?复议")
_FIRST = re.compile(r"复议[^。]{0,120}?向(?P<organ>[^，。；、]{1,60}?)(?:（[^）]*）)?提出申请")
_CONCRETE_COURT = re.compile(
    r"^(?!.*有管辖权)(?=.{3,})(?!(?:依法)?(?:当地|所在地|本地|有关)?的?(?:基层|中级)?人民法院).+法院$"
)
_RECONSIDERATION = re.compile("行政复议")
_CONCRETE_ORGAN = re.compile(r"(?:政府|局|厅|部|委员会|办公室|署|总局)$")
_VAGUE = re.compile(
    r"^(?:本机关的?|我局的?)?(?:上一?级|本级|同级|当地|所在地|有关|相关|行政复议机关|复议机关|有权|主管)|有管辖权"
)
_BASIS = {"on_the_spot_decision": "《中华人民共和国行政处罚法》第五十二条第二款"}
_DECISION = "《中华人民共和国行政处罚法》第五十九条第一款第（五）项"


@rule("remedies")
def remedies(paper: Paper) -> Iterator[Finding]:
    yield from _court(paper)
    yield from _organ(paper)


def _court(paper: Paper) -> Iterator[Finding]:
    """Every court to sue at has its name; 有管辖权的人民法院 tells the party nothing."""
    for line, match in paper.find(_COURT, "法院"):
        if not _SUES.search(line.text, match.end(), match.end() + 60):
            continue
        if not _CONCRETE_COURT.search(match["court"]):
            message = f"提起诉讼的法院写成“{match['court']}”，没有写明具体法院"
            yield _finding(paper, line, match, "court", message, "写具体法院的全称")


def _organ(paper: Paper) -> Iterator[Finding]:
    found = [*paper.find(_ORGAN, "复议"), *paper.find(_FIRST, "复议")]
    hint = "写具体复议机关的全称，一般是本级人民政府"
    for line, match in found:
        if _VAGUE.search(match["organ"]) or not _CONCRETE_ORGAN.search(match["organ"]):
            message = f"复议机关写成“{match['organ']}”，没有写明具体机关"
            yield _finding(paper, line, match, "organ", message, hint)
    if not found and (said := next(paper.find(_RECONSIDERATION, "复议"), None)):
        yield _finding(paper, *said, 0, "没有写明向哪个机关申请行政复议", hint)


def _finding(
    paper: Paper, line: Line, match: re.Match[str], group: str | int, message: str, hint: str
) -> Finding:
    basis = paper.proven(_BASIS.get(paper.type, _DECISION))
    return Finding("C15", "否决", message, match[group], at(line, match, group), hint, basis)
