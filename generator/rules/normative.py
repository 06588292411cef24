"""C8: a penalty founded on nothing but a 规范性文件 or a benchmark (行政处罚法 16)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.paper import Paper
from generator.rules import at, rule
from kb.findings import Finding

_BASIS = re.compile(
    r"(?:依据|依照|根据|按照)[^。；]{0,20}《[^》]{1,80}》[^。；]{0,150}?(?:处罚|罚款|没收|警告|决定|吊销|责令)"
)
_TITLE = re.compile(r"《([^《》]+)》")
_NORMATIVE = re.compile(r"(?:裁量.{0,8}基准|清单|通知|意见|指引|规程|纪要|批复|指导意见)(?:（[^）]*）)?$")
_LAW = "《中华人民共和国行政处罚法》第十六条"


@rule("normative")
def normative(paper: Paper) -> Iterator[Finding]:
    """The sentences that found the penalty name only what can't found one; procedure doesn't count."""
    book = paper.base.laws
    cited = []
    for line, match in paper.find(_BASIS, "《"):
        for name in _TITLE.findall(match[0]):
            known = book.match(name)
            title = known.title if known else name
            if title in paper.procedural:
                continue
            levels = {v.level for v in book.versions_of(title)}
            cited.append((line, match, title, levels == {"规范性文件"} or bool(_NORMATIVE.search(title))))
    if cited and all(low for *_, low in cited):
        line, match, title, _ = cited[0]
        yield Finding(
            "C8",
            "否决",
            f"处罚只依据《{title}》，规范性文件和裁量基准不能作处罚依据",
            text=match[0],
            place=at(line, match),
            suggestion="写法律、法规、规章的条款；基准写在裁量理由中",
            basis=paper.proven(_LAW),
        )
