"""The pack for the police with a suspected crime: the five attachments, what is missing of them, the clocks.

《行政执法机关移送涉嫌犯罪案件的规定》 says three days and does not say which days: they are counted here as
calendar days, the earlier end, and the list says that the unit is not fixed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from casework.documents import Document
from casework.due import Due
from casework.duedates import dues
from casework.packet import Packet, packet
from casework.precedence import CRIME
from generator.casefile import CaseFile
from generator.catalogue import document_types
from kb.errors import WrongUse
from kb.snapshot import Snapshot

CLOCKS = ("crime_decision", "crime_transfer", "crime_goods")
UNIT = f"{CRIME}所称的3日没有写明是工作日还是自然日：这里按自然日计算，以较早的一日为准，不作为对单位的认定"
TOLD = ("goods_transfer_notice",)
"""Besides the five: what the party is told of seized goods that go along (行政强制法 21)."""


@dataclass(frozen=True, slots=True)
class Part:
    """One of the five: its item in article 6, what it is called, and the document types that are it."""

    item: str
    name: str
    types: tuple[str, ...] = ()

    @property
    def basis(self) -> str:
        return f"{CRIME}第六条第（{self.item}）项"


PARTS = (
    Part("一", "涉嫌犯罪案件移送书", ("crime_transfer",)),
    Part("二", "涉嫌犯罪案件情况的调查报告", ("investigation_report",)),
    Part("三", "涉案物品清单", ("crime_goods_list",)),
    Part("四", "有关检验报告或者鉴定结论", ("testing_result",)),
    Part("五", "其他有关涉嫌犯罪的材料"),
)
_OTHER = ("调查取证", "强制")
"""The stages whose outward papers are the other material."""


def transfer_pack(
    case: CaseFile,
    base: Snapshot,
    *,
    on: date,
    issued: Mapping[tuple[str, str, int], tuple[Document, bytes]] | None = None,
    draft: bool = False,
) -> Packet:
    """What goes to the police, and a list of which of the five parts are there and how the clocks stand.

    Args:
        on: the day the clocks are read, and that of papers for which the case has none.
        issued: as `casework.packet.packet` takes it.
        draft: refused papers go in as 草稿.

    Raises:
        WrongUse: the case has no approval or letter of transfer.
    """
    if not any(p.type in ("crime_approval", "crime_transfer") and not p.void for p in case.papers):
        hint = "先在 papers 里写涉嫌犯罪案件移送审批表（crime_approval）和移送书（crime_transfer）"
        raise WrongUse("案件没有移送涉嫌犯罪的文书", where=f"案件 {case.id}", hint=hint)
    named = [type for part in PARTS for type in part.types]
    other = [k.type for k in document_types() if k.stage in _OTHER and not k.internal and k.type not in named]
    made = packet(case, base, decided=on, types=[*named, *other, *TOLD], issued=issued, draft=draft)
    there = {s.type for s in made.sheets}
    notes = []
    for part in PARTS:
        types = part.types or tuple(other)
        said = "有" if there & set(types) else "没有：" + _mend(part)
        notes.append(f"（{part.item}）{part.name}（{part.basis}）：{said}")
    notes += ["移送书附有回执，公安机关收到后签名盖章退回，扫描存入移送书。"]
    notes += [_clock(due, on) for due in clocks(case, base)]
    return replace(made, stage="移送涉嫌犯罪案件", notes=(*notes, UNIT))


def _mend(part: Part) -> str:
    if part.item == "四":
        return "做过检验、鉴定的，把报告随卷附上；没有做的，不附"
    return "补上再移送"


def clocks(case: CaseFile, base: Snapshot) -> tuple[Due, ...]:
    """The periods of a transfer: to decide, to send, to hand over the goods."""
    return tuple(due for due in dues(case, base) if due.name in CLOCKS)


def _clock(due: Due, on: date) -> str:
    until = due.moment.isoformat(" ", "minutes") if due.moment else str(due.day)
    basis = "、".join(due.basis)
    return f"{due.label}：至迟 {until}，{due.state(on)}{f' {due.done_on}' if due.done_on else ''}（{basis}）"


def to_dict(case: CaseFile, base: Snapshot, on: date) -> dict[str, Any]:
    """The clocks as data, with the warning that goes with them."""
    return {"clocks": [due.to_dict(on) for due in clocks(case, base)], "unit": UNIT}
