"""Every number of a condition or a measure stands in the text it rests on: 不足一万元, 停业1个月."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress

from kb.checks.phrases import rows_of
from kb.checks.provisions import clauses_of, provisions
from kb.checks.registry import Notes, RecordFinding, check
from kb.conditions import words
from kb.errors import BadValue
from kb.money.amounts import NUMBER, squeeze
from kb.numerals import parse_number, plain
from kb.records import Benchmark, Branch, Record
from kb.snapshot import Snapshot

_UNITS = (
    "元|倍|%|人次|人|名|次|日|天|年|个月|小时|吨|公斤|千克|平方米|立方米|公顷|亩|米|头|只|株"
    "|辆|艘|件|台|户|周岁|岁"
)
_QUANTITY = re.compile(rf"(?P<part>[百千]分之)(?P<share>{NUMBER})|(?P<number>{NUMBER})(?P<unit>{_UNITS})")


@check("thresholds")
def thresholds(base: Snapshot, record: Record, notes: Notes) -> Iterator[RecordFinding]:
    """K15: a number of a statutory condition, or of a measure, that the provision doesn't have.

    The statute may say only one side (不足一万元的，处…；其他的，处…): the other has the same number.
    """
    if not isinstance(record, Benchmark) or record.from_ is None:
        return
    for place, row in (("", record), *rows_of(record)):
        if isinstance(row, Branch):
            basis = row.basis or record.penalty_basis
            yield from _missing(base, record, f"{place} when", words(row.when), basis)
        elif row is not record:
            continue  # a printed tier has numbers of its own
        for n, measure in enumerate(row.measures, 1):
            cited = [measure.basis] if measure.basis else record.penalty_basis
            said = f"{measure.kind}，{words(measure.when)}"
            yield from _missing(base, record, f"{place} measures 第{n}条".strip(), said, cited)


def _missing(
    base: Snapshot, record: Benchmark, place: str, said: str, basis: Iterable[str]
) -> Iterator[RecordFinding]:
    asked = _quantities(said)
    cited = provisions(base, basis, record.from_) if asked and record.from_ else None
    if not cited:
        return
    known: set[str] = set()
    for one in cited:
        known |= _quantities(_without_fines(one.text))
    for quantity in sorted(asked - known):
        shown = "、".join(sorted(known))
        yield RecordFinding(
            "K15",
            "扣分",
            record.id,
            place,
            f"“{said.strip('，')}”里的{quantity}，条文里没有这个数",
            f"条文中的数有 {shown}" if shown else "条文没有写数，核对引用的款、项",
        )


def _without_fines(text: str) -> str:
    """A provision without its fines: their amounts are no thresholds."""
    for clause in reversed(clauses_of(text)):
        for span in reversed(clause.fines):
            text = text[: span.start] + text[span.end :]
    return text


def _quantities(text: str) -> set[str]:
    """Numbers with their units, in one writing: 10000元, 5%."""
    found = set()
    for m in _QUANTITY.finditer(squeeze(text).replace("％", "%")):
        unit = m["unit"] or ("%" if m["part"] == "百分之" else "‰")
        with suppress(BadValue):  # 上千元 is no number
            found.add(plain(parse_number(m["share"] or m["number"])) + unit)
    return found
