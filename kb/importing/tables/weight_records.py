"""From the sheets of `weights` to benchmark records: provisions, the statute's range, weights or tiers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from kb.discretion.compiled import compile_benchmark
from kb.errors import CailiangError
from kb.importing.tables.basis import Basis, read_basis
from kb.importing.tables.blocks import Block, Spot
from kb.importing.tables.build import NO_BASIS, Drafted, Maker, Slip
from kb.importing.tables.factors import Facts, is_blank
from kb.importing.tables.matrices import Matrix
from kb.importing.tables.provisions import (
    Printed,
    Provision,
    Said,
    apart,
    choose,
    provision_of,
    whole,
)
from kb.importing.tables.weight_tables import WeightTables
from kb.importing.tables.weights import Part, Standard, account
from kb.money.amounts import squeeze
from kb.records import Benchmark, Branch, Tier, Weights

UNFIT = "写成的记录不能计算："


def standard_records(standards: Sequence[Standard], maker: Maker) -> list[Drafted]:
    """The records of a file's sheets; what can't be imported is listed in the maker's reading."""
    out = []
    for standard in standards:
        desk = _Desk(standard, maker)
        why = desk.read()
        if why:
            for spot in standard.spots():
                maker.reading.leave(spot, why)
        else:
            out.append(desk.drafted())
            account(standard, maker.reading)
    return out


@dataclass
class _Desk:
    """Works on one sheet."""

    standard: Standard
    maker: Maker
    basis: Basis = field(default_factory=Basis)
    provision: Provision = field(default_factory=Provision)
    facts: Facts = field(default_factory=Facts)
    tiers: list[tuple[Tier, Spot]] = field(default_factory=list)
    weights: list[tuple[Weights, Spot]] = field(default_factory=list)
    printed: list[Printed] = field(default_factory=list)
    slips: list[Slip] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    record: Benchmark | None = None

    def read(self) -> str:
        """Read the sheet into `record`; the reason where it can't become one, "" where it did."""
        standard = self.standard
        named = standard.violation
        standard.count(self.maker.reading, "violation", *named)
        self.basis = self._provision("basis")
        if not self.basis.penalty:
            return NO_BASIS
        self.provision = provision_of(self.basis.quoted, self.basis.penalty)
        why = self._tables() if standard.start else self._matrix()
        if why:
            return why
        standard.use(*named)
        try:
            self.record = self._record(named)
            compile_benchmark(self.record)
        except (CailiangError, ValueError) as error:  # pydantic's own refusal is a ValueError
            return UNFIT + " ".join(str(error).split())
        return ""

    def _tables(self) -> str:
        tables = WeightTables(self.standard, self.maker.reading, self.provision, self.facts)
        why = tables.read()
        self.weights, self.printed = tables.weights, tables.printed
        self.slips += tables.slips
        self.notes += tables.notes
        return why

    def _matrix(self) -> str:
        matrix = Matrix(self.standard, self.maker.reading, self.provision, self.facts)
        why = matrix.read()
        self.tiers, self.printed = matrix.tiers, matrix.printed
        self.slips += matrix.slips
        self.notes += [squeeze(spot.text) for spot in self.standard.parts.get("remark", ())]
        return why

    def _record(self, named: Sequence[Spot]) -> Benchmark:
        standard, maker = self.standard, self.maker
        violation = _line("".join(s.text for s in named)) or standard.title
        violated = standard.text("violated")
        other = standard.title if squeeze(standard.title) != violation else ""
        statutory, subjects = self._statutory(violation)
        return Benchmark.model_validate(
            {
                "id": self._id(),
                "from": maker.from_,
                "to": maker.to,
                "domain": maker.domain,
                "source": maker.source,
                "violation": violation,
                "subjects": subjects,
                "violated": [] if is_blank(violated) else self._provision("violated").penalty,
                "penalty_basis": self.basis.penalty,
                "facts": self.facts.facts,
                "statutory": statutory,
                "tiers": [t for t, _ in self.tiers],
                "weights": [w for w, _ in self.weights],
                "keywords": [word for word in (standard.chapter, other) if word],
                "note": "；".join(self.notes),
            }
        )

    def drafted(self) -> Drafted:
        """The record with its places in the file."""
        assert self.record is not None  # read() made it
        standard = self.standard
        places = {f"tiers 第{n}条": s.place for n, (_, s) in enumerate(self.tiers, 1)}
        places |= {f"weights 第{n}条": s.place for n, (_, s) in enumerate(self.weights, 1)}
        fields: tuple[tuple[str, Part], ...] = (("penalty_basis", "basis"), ("violated", "violated"))
        places |= {name: standard.parts[part][0].place for name, part in fields if part in standard.parts}
        basis = places.get("penalty_basis", "")
        first = next(iter(standard.violation), standard.first)
        block = Block(first)
        slips = [*self.slips, *(Slip(block.place, message, "B4") for message in self.facts.slips)]
        slips += [Slip(basis, message, "B5") for message in self.basis.slips]
        slips += [Slip(basis, message, "B8") for message in self.basis.differs]
        return Drafted(self.record, block, places, slips=slips, crossed=bool(self.tiers))

    def _id(self) -> str:
        maker, slug = self.maker, self.standard.serial.replace(".", "-")
        base = name = f"{maker.prefix}{slug or len(maker.ids) + 1}"
        n = 1
        while name in maker.ids:
            n += 1
            name = f"{base}-{n}"
        maker.ids.add(name)
        return name

    def _provision(self, part: Part) -> Basis:
        return read_basis(apart(self.standard.text(part)), self.maker.laws, self.maker.day)

    # ------------------------------------------------------------ the statute's range

    def _statutory(self, violation: str) -> tuple[list[Branch], list[str]]:
        """The statute's range of each ladder, and whom it is for; none where a ladder has none."""
        ladders: dict[tuple[str, str], list[Printed]] = {}
        for row in self.printed:
            ladders.setdefault((row.flag, row.subject), []).append(row)
        alone = {subject for _, subject in ladders} == {""}
        out: list[Branch] = []
        subjects: list[str] = []
        for (flag, subject), rows in ladders.items():
            said = choose(self.provision.said, whole(rows), violation, alone=alone)
            if said is None:
                return [], []
            if said.priced.fine.base:
                self.facts.money(said.priced.fine.base)
            when = self.facts.flag(flag) if flag else None
            out.append(Branch(when=when, fine=said.priced.phrase, subject=subject))
            if alone and said.subject and said.subject not in subjects:
                subjects.append(said.subject)
            self._compare(said, whole(rows))
        return out, subjects

    def _compare(self, said: Said, printed: Printed) -> None:
        """A formula multiplies what the statute sets as the upper end."""
        high = said.priced.fine.high
        if self.weights and high is not None and high.unit == printed.unit and high.value != printed.high:
            message = f"公式乘的数与法定上限“{said.priced.phrase}”不同"
            self.slips.append(Slip(self.weights[0][1].place, message, "B4"))


def _line(text: str) -> str:
    """A text over several lines as one: its items keep a mark between them."""
    out = ""
    for line in filter(None, map(squeeze, text.splitlines())):
        out += ("；" if out and out[-1] not in "；：，。、" else "") + line
    return out.strip("；。")
