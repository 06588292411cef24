"""从旧兼从轻 (处罚法第三十七条): the law of the act and the law of the decision side by side.

The tool compares the fines the two laws give; it never picks. Where one law is lower at one end and the other
at the other end, or where other measures differ, the officer is told so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from kb.discretion.compiled import responsible
from kb.discretion.result import Outcome, Range

Lighter = Literal["新", "旧", "相同"]


@dataclass(frozen=True, slots=True)
class Side:
    """The provision of one day in a comparison, for one person under one condition."""

    as_of: date
    basis: tuple[str, ...]
    fine: Range | None
    fine_text: str
    optional: bool
    measures: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        return {
            "as_of": self.as_of.isoformat(),
            "basis": list(self.basis),
            "fine": self.fine.to_dict() if self.fine else None,
            "fine_text": self.fine_text,
            "fine_optional": self.optional,
            "measures": list(self.measures),
        }


@dataclass(frozen=True, slots=True)
class Compared:
    """Old and new law side by side. ``lighter`` None: the ranges alone don't say (``why``)."""

    subject: str
    when: str
    old: Side
    new: Side
    lighter: Lighter | None
    why: str

    def to_dict(self) -> dict[str, Any]:
        return {
            "subject": self.subject,
            "when": self.when,
            "old": self.old.to_dict(),
            "new": self.new.to_dict(),
            "lighter": self.lighter,
            "why": self.why,
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """从旧兼从轻. ``lighter`` is of what applies as things stand; the officer confirms it in any case."""

    rows: tuple[Compared, ...]
    lighter: Lighter | None
    note: str

    @property
    def settled(self) -> Lighter | None:
        """Which is lighter whatever the open facts turn out to be; None where that hangs on one."""
        return self.lighter if all(r.lighter == self.lighter for r in self.rows) else None

    def to_dict(self) -> dict[str, Any]:
        return {"lighter": self.lighter, "note": self.note, "rows": [r.to_dict() for r in self.rows]}


def compare(old: Sequence[Outcome], new: Sequence[Outcome]) -> Comparison | None:
    """Lay the outcomes of the act's day beside those of the decision's; None where one side is empty.

    What hangs on a fact nobody has answered is compared with its counterpart, or with what stands.
    """
    rows = []
    for subject in dict.fromkeys(o.subject for o in (*old, *new)):
        before, after = (
            _of(old, subject) or _whoever(old, subject),
            _of(new, subject) or _whoever(new, subject),
        )
        if not before or not after:
            continue
        standing = _row(before[0], after[0], "")
        rows.append(standing)
        for when in dict.fromkeys(o.when for o in (*before, *after) if o.needs):
            one = next((o for o in before if o.when == when), before[0])
            other = next((o for o in after if o.when == when), after[0])
            rows.append(_row(one, other, when))
    if not rows:
        return None
    certain = {r.lighter for r in rows if not r.when}
    lighter = certain.pop() if len(certain) == 1 else None
    return Comparison(tuple(rows), lighter, _note(lighter, rows, only_later(old, new)))


def only_later(old: Sequence[Outcome], new: Sequence[Outcome]) -> tuple[str, ...]:
    """Persons whom only the law of the decision punishes beside a unit: it doesn't reach back (37)."""
    if any(responsible(o.subject) for o in old):
        return ()
    return tuple(dict.fromkeys(o.subject for o in new if responsible(o.subject)))


def _of(outcomes: Sequence[Outcome], subject: str) -> list[Outcome]:
    """What one person may get: what stands, then what hangs on a fact; not what another law displaces."""
    mine = [o for o in outcomes if o.subject == subject and o.role not in ("不适用", "法定幅度")]
    return sorted(mine, key=lambda o: bool(o.needs))


def _whoever(outcomes: Sequence[Outcome], subject: str) -> list[Outcome]:
    """What a law that tells no subjects apart gives one that the other names, but not those responsible."""
    return [] if responsible(subject) else _of(outcomes, "")


def _row(old: Outcome, new: Outcome, when: str) -> Compared:
    lighter, why = _lighter(old, new)
    if (bool(old.needs) or bool(new.needs)) and not when:
        lighter, why = None, "有一方取决于还没有查明的事实"
    return Compared(old.subject, when, _side(old), _side(new), lighter, why)


def _side(o: Outcome) -> Side:
    measures = tuple(dict.fromkeys(m.kind for m in o.measures))
    return Side(o.as_of, o.basis, o.legal, o.statutory_text or o.fine_text, o.fine_optional, measures)


def _lighter(old: Outcome, new: Outcome) -> tuple[Lighter | None, str]:
    """Compare the statutes' own ranges: lighter is what is lower at one end and no higher at the other."""
    ends = []
    for o in (old, new):
        if o.legal is None and (o.fine_text or o.statutory_text):
            return None, "有一方的数额没有载入或者不能计算"
        ends.append(_ends(o))
    (low, high), (new_low, new_high) = ends
    if (low, high) == (new_low, new_high):
        same_tier = old.fine == new.fine or not (old.tier and new.tier)
        return "相同", "法定幅度相同" if same_tier else "法定幅度相同，裁量阶次的数额不同"
    if new_low <= low and new_high <= high:
        return "新", "新规定的幅度较低"
    if new_low >= low and new_high >= high:
        return "旧", "旧规定的幅度较低"
    return None, "一方的下限较低，另一方的上限较低，不能只凭幅度判断"


def _ends(o: Outcome) -> tuple[Decimal, Decimal]:
    """Both ends of what may have to be paid; a fine that may be left out begins at nothing."""
    fine = o.legal
    if fine is None:
        return Decimal(0), Decimal(0)
    low = Decimal(0) if o.fine_optional else fine.low
    return low, Decimal("Infinity") if fine.high is None else fine.high


def _note(lighter: Lighter | None, rows: Sequence[Compared], later: Sequence[str]) -> str:
    said = {
        "新": "按罚款幅度，新规定处罚较轻",
        "旧": "按罚款幅度，旧规定处罚较轻",
        "相同": "罚款幅度相同，新规定没有较轻",
        None: "只凭罚款幅度不能判断哪一个较轻",
    }[lighter]
    for row in rows:
        if row.when and row.lighter != lighter:
            other = {"新": "新规定较轻", "旧": "旧规定较轻", "相同": "两者相同", None: "不能只凭幅度判断"}
            said += f"；{row.when}的，{other[row.lighter]}"
        if set(row.old.measures) != set(row.new.measures) and not row.when:
            said += "；罚款以外的措施不同，一并比较"
    if later:
        said += f"；对{'、'.join(later)}的处罚是新规定才有的，不适用于以前的行为"
    return said + "。请执法人员确认，并在文书中说明理由"
