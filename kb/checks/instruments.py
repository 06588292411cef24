"""A normative document below the rules may not be a basis of a penalty (处罚法第十六条)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kb.checks.provisions import citations_in
from kb.checks.registry import Notes, RecordFinding, check
from kb.records import Benchmark, Record
from kb.snapshot import Snapshot

_BY_NAME = re.compile(r"裁量|基准|清单|(?:意见|通知|通告|公告|函|纪要)$")


@check("instruments")
def instruments(base: Snapshot, record: Record, notes: Notes) -> Iterator[RecordFinding]:
    """K9: a 规范性文件 among the penalty basis; by its level where the law is loaded, else by its name."""
    if not isinstance(record, Benchmark):
        return
    cited = [("penalty_basis", t) for t in record.penalty_basis]
    cited += [(f"statutory 第{n}条 basis", t) for n, b in enumerate(record.statutory, 1) for t in b.basis]
    for place, text in cited:
        for c in citations_in(base, text, record.from_):
            levels = {v.level for v in base.laws.versions_of(c.resolved)} if c.resolved else set()
            if "规范性文件" in levels or (not levels and _BY_NAME.search(c.law)):
                yield RecordFinding(
                    "K9",
                    "否决",
                    record.id,
                    place,
                    f"《{c.law}》是规范性文件，不能作为处罚依据",
                    "处罚依据只写法律、法规、规章；裁量权基准写在 source 和裁量理由里",
                )
