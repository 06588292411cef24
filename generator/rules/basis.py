"""C6 and C8: a violation without what penalises it, the reverse, or a basis that may not found a penalty."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.rules import Paper, at, rule
from kb.findings import Finding

_VIOLATED = re.compile(r"违反(?:了)?[^。；]{0,20}《[^》]+》第[^条。]{1,12}条")
_BASIS = re.compile(
    r"(?:依据|依照|根据|按照)[^。；]{0,20}《[^》]+》第[^。；]*?(?:处罚|罚款|没收|警告|决定|吊销|责令)"
)
_NOTED = re.compile(r"(?:依据|依照|根据|按照)[^。；]{0,20}《[^》]+》")
_TITLE = re.compile(r"《([^《》]+)》")
_NORMATIVE = re.compile(r"(?:裁量.{0,8}基准|清单|通知|意见|指引|规程|纪要|批复)$")
_CFA = "中华人民共和国行政处罚法"


@rule("basis")
def basis(paper: Paper) -> Iterator[Finding]:
    """Both sentences are owed (违反…的规定; 依据…之规定); a penalty rests on 法律、法规、规章 only (16)."""
    violated, founded = paper.has(_VIOLATED), paper.has(_BASIS) or paper.has(_NOTED)
    if violated and not founded:
        yield Finding(
            "C6", "否决", "写了违反的条款，没有写处罚的依据", suggestion="补写“依据《…》第…条的规定”"
        )
    if founded and not violated:
        yield Finding(
            "C6", "否决", "写了处罚的依据，没有写违反的条款", suggestion="补写“违反了《…》第…条的规定”"
        )
    yield from _normative_only(paper)


def _normative_only(paper: Paper) -> Iterator[Finding]:
    """The sentences that found the penalty name nothing but instruments that can't (行政处罚法 16)."""
    book = paper.base.laws
    cited = []
    for line, match in paper.find(_BASIS):
        for name in _TITLE.findall(match[0]):
            known = book.match(name)
            title = known.title if known else name
            if title == _CFA:
                continue
            levels = {v.level for v in book.versions_of(title)}
            cited.append((line, match, title, levels == {"规范性文件"} or bool(_NORMATIVE.search(title))))
    if cited and all(normative for *_, normative in cited):
        line, match, title, _ = cited[0]
        yield Finding(
            "C8",
            "否决",
            f"处罚只依据《{title}》，规范性文件和裁量基准不能作处罚依据",
            text=match[0],
            place=at(line, match),
            suggestion="写法律、法规、规章的条款；基准写在裁量理由中",
            basis=f"《{_CFA}》第十六条",
        )
