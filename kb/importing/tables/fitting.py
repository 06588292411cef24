"""Which branch of the statute a printed tier belongs to, and what its cells are called in a record."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kb.importing.tables.amounts import Priced
from kb.importing.tables.blocks import Rung
from kb.money import Fine
from kb.money.amounts import squeeze
from kb.records import TierKind

_KINDS: dict[str, TierKind] = {
    "不予": "不予",
    "免予": "不予",
    "减轻": "减轻",
    "从轻": "从轻",
    "从重": "从重",
    "一般": "一般",
}


def lines_of(text: str) -> str:
    """A text over several lines as one: a table breaks lines where the column ends."""
    return re.sub(r"[ \t\u3000]+", "", "；".join(filter(None, (line.strip() for line in text.splitlines()))))


def option_of(text: str) -> str:
    """A printed circumstance as an option: without spaces, final marks and a final 的."""
    plain = squeeze(text).strip("。；，、")
    return plain.removesuffix("的") or plain


def label_of(rung: Rung, number: int) -> str:
    """The name of a tier: as printed (从轻), 类别1 for a bare number, else 第n档."""
    said = "、".join(dict.fromkeys(lines_of(s.text) for s in rung.labels))
    if not said:
        return f"第{number}档"
    return f"类别{said}" if re.fullmatch(r"[0-9一二三四五六七八九十]+", said) else said


def kind_of(label: str) -> TierKind | None:
    """What kind of tier a label says it is; None for 较轻, 类别1 and the like."""
    return next((kind for word, kind in _KINDS.items() if word in label and "较" not in label), None)


def within(fine: Fine, range_: Fine) -> bool:
    """Whether a printed fine lies in a range of the statute; a base is what the statute says it is."""
    ends = [e for e in (fine.low, fine.high, range_.low, range_.high) if e is not None]
    if len({e.unit for e in ends}) > 1 or not range_.has_amount:
        return False
    if range_.low is not None and fine.low is not None and fine.low.value < range_.low.value:
        return False
    return range_.high is None or fine.high is None or fine.high.value <= range_.high.value


def flag_of(fine: Fine, subject: str, said: Sequence[tuple[str, Priced]]) -> str:
    """The condition of the statute's branch a tier belongs to: the unconditional one where it fits."""
    mine = [pair for pair in said if pair[1].subject == subject] or list(said)
    fitting = [flag for flag, priced in mine if within(fine, priced.fine)]
    if "" in fitting or (not fitting and any(not flag for flag, _ in mine)):
        return ""
    flags = list(dict.fromkeys(fitting or (flag for flag, _ in mine)))
    return flags[0] if len(flags) == 1 else ""


def only_flag(said: Sequence[tuple[str, Priced]]) -> str:
    """The condition all branches of a ladder share, "" where there is none."""
    flags = {flag for flag, _ in said}
    return flags.pop() if len(flags) == 1 else ""
