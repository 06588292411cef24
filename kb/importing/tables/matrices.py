"""A sheet of circumstances crossed into cells: each cell with an amount is a tier.

A circumstance that stands across several columns (造成重大影响的) holds whatever the others say: it is a
yes-or-no fact. An option that is the statute's own second ladder (逾期不拆除) is its condition.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from kb.importing.tables.amounts import NO_AMOUNT, Priced, read_amount
from kb.importing.tables.blocks import Reading, Spot
from kb.importing.tables.build import Slip
from kb.importing.tables.factors import Facts, is_blank, option_of
from kb.importing.tables.provisions import Printed, Provision, printed_of
from kb.importing.tables.weights import Standard
from kb.money.amounts import squeeze
from kb.records import Tier, When

MOST_TIERS = 1000
TOO_MANY = f"这张表超过 {MOST_TIERS} 格罚款，请分成几张"
NO_TIERS = "没有读懂任何一格罚款数额，不能成为记录"

_PRICED = re.compile(r"罚款$|处罚$|罚款金额|处罚标准")
_GRAVE = re.compile(r"造成|致使|导致|引起|情节")
_PERSONAL = re.compile(r"个人|人员")
_SLASHED = re.compile(r"(?P<yuan>[0-9.]+万?元)[/／](?P<unit>[\u4e00-\u9fff]{1,3})")
_TWICE = re.compile(r"元元")
_BOTH_UP = re.compile(r"(?P<low>[^以]+以上)(?P<high>[^以]+)以上")


@dataclass
class Matrix:
    """Reads the tiers of one sheet; the attributes are those of `WeightTables`, with tiers for weights."""

    standard: Standard
    reading: Reading
    provision: Provision
    facts: Facts
    tiers: list[tuple[Tier, Spot]] = field(default_factory=list)
    printed: list[Printed] = field(default_factory=list)
    slips: list[Slip] = field(default_factory=list)
    names: dict[int, str] = field(default_factory=dict)
    ladder: tuple[str, str] = ("", "")

    def read(self) -> str:
        """Read it; the reason where it can't become a record, "" where it can."""
        header = self.standard.header
        columns = [n for n in header if n > min(header)]
        priced = [n for n in columns if n == max(columns) or _PRICED.search(squeeze(header[n].text))]
        self.names = {n: "" for n in columns if n not in priced}
        if len(self.standard.rows) * len(priced) > MOST_TIERS:
            return TOO_MANY
        for n in self.names:
            own = [s.text for s in self._column(n)]
            if own:
                self.names[n] = self.facts.factor(header[n].text, own)
        self.ladder = self._second_ladder()
        seen: set[tuple[int, int, int]] = set()
        for row in self.standard.rows:
            for n in priced:
                spot = self.standard.shown(row, n)
                if spot is not None and spot.at not in seen:
                    seen.add(spot.at)
                    self._cell(row, spot, header[n].text)
        return "" if self.tiers else NO_TIERS

    # ------------------------------------------------------------ circumstances

    def _column(self, n: int) -> list[Spot]:
        """The circumstances that belong to a column alone."""
        found = (self.standard.shown(row, n) for row in self.standard.rows)
        spots = {s.at: s for s in found if s and not is_blank(s.text) and not self._wide(s)}
        return [s for s in spots.values() if s.cell.column == n]

    def _wide(self, spot: Spot) -> bool:
        covered = sum(n in range(spot.cell.column, spot.cell.column + spot.cell.columns) for n in self.names)
        return (covered > 1 or len(self.names) == 1) and bool(_GRAVE.match(squeeze(spot.text)))

    def _circumstances(self, row: int) -> list[tuple[str, Spot]]:
        """(fact, cell) of a row; the fact is "" for what stands across columns."""
        out: list[tuple[str, Spot]] = []
        for n, name in self.names.items():
            spot = self.standard.shown(row, n)
            if spot is None or any(s.at == spot.at for _, s in out):
                continue
            self.standard.use(spot)
            if not is_blank(spot.text):
                out.append(("" if self._wide(spot) else name, spot))
        return out

    def _second_ladder(self) -> tuple[str, str]:
        """(fact, option) that is a condition of the statute itself; ("", "") where none is."""
        for n, name in self.names.items():
            for spot in self._column(n):
                if self.provision.has(option_of(spot.text)):
                    return name, option_of(spot.text)
        return "", ""

    def _conditions(self, circumstances: Sequence[tuple[str, Spot]]) -> tuple[str, list[str], str]:
        """The statute's condition, all conditions, and what the tier's label begins with."""
        flag = label = ""
        when: list[str] = []
        for name, spot in circumstances:
            if not name:
                when.append(self.facts.flag(spot.text))
            elif name == self.ladder[0]:
                label = option_of(spot.text)
                if label == self.ladder[1]:
                    flag = self.provision.flag_for(label)
                    when.insert(0, self.facts.flag(flag, [label]))
            else:
                when.append(self.facts.condition(name, spot.text))
        if self.provision.always and not flag:
            flag = self.provision.always
            when.insert(0, self.facts.flag(flag))
        return flag, when, label

    # ------------------------------------------------------------ amounts

    def _cell(self, row: int, spot: Spot, head: str) -> None:
        circumstances = self._circumstances(row)
        self.standard.use(spot)
        self.standard.count(self.reading, "condition", *(s for _, s in circumstances))
        if is_blank(spot.text):
            return
        self.standard.count(self.reading, "amount", spot)
        priced = self._amount(spot)
        if priced is None:
            return
        flag, conditions, label = self._conditions(circumstances)
        fine = priced.fine
        subject = priced.subject or (self.provision.person if _PERSONAL.search(head) else "")
        if not flag and (flag := self.provision.flag_of(fine, subject)):
            conditions.insert(0, self.facts.flag(flag))
        when: When = None
        if conditions:
            when = conditions[0] if len(conditions) == 1 else [*conditions]
        tier = Tier(
            label=f"{label}第{len(self.tiers) + 1}档",
            when=when,
            fine=priced.phrase,
            subject=subject,
            row=self.standard.name,
        )
        self.tiers.append((tier, spot))
        if fine.base:
            self.facts.money(fine.base)
        if fine.per:
            self.facts.count(fine.per)
        self.printed.append(printed_of(fine, flag, subject))

    def _amount(self, spot: Spot) -> Priced | None:
        """The amount of a cell, slips of the print mended and told; None (and listed) where it is none."""
        text = squeeze(spot.text)
        mended = _TWICE.sub("元", text)
        if m := _BOTH_UP.fullmatch(mended):
            mended = f"{m['low']}{m['high']}以下"
        amount = read_amount(_SLASHED.sub(r"每\g<unit>\g<yuan>", mended))
        if len(amount.fines) != 1 or amount.rest:
            self.reading.leave(spot, NO_AMOUNT)
            return None
        told = [f"“{text}”按“{mended}”理解"] if mended != text else []
        self.slips += [Slip(spot.place, message, "B4") for message in (*told, *amount.slips)]
        return amount.fines[0]
