"""From a block to a benchmark record: basis, statutory range, tiers, measures, and the facts they turn on.

The circumstances a table prints are texts, not formulas: an officer chooses the one that applies. Ladders
that hold only on a condition (逾期不改正, 情节严重) carry it as a yes-or-no fact; a tier belongs to the
branch of the statute whose range holds its amount.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from kb.importing.tables.amounts import NO_AMOUNT, Amount, Priced, read_amount
from kb.importing.tables.basis import Basis, read_basis, statutory_of
from kb.importing.tables.blocks import Block, Ladder, Reading, Rung, Spot
from kb.importing.tables.fitting import flag_of, kind_of, label_of, lines_of, only_flag, option_of
from kb.laws import LawBook
from kb.money import Fine
from kb.money.amounts import format_amount, squeeze
from kb.records import (
    AnyOf,
    Benchmark,
    Branch,
    Domain,
    Fact,
    FactType,
    Increment,
    Measure,
    Source,
    Tier,
    When,
)

NO_BASIS = "没有认出处罚依据（《法律名称》第…条），不能成为记录"
NO_TIERS = "没有读懂这一违法行为的任何裁量标准，不能成为记录"
AMOUNT_UNREAD = "它的裁量标准没有读懂"
NO_AMOUNT_CELL = "没有对应的裁量标准"
ALSO_WHEN = re.compile(
    r"^(?P<flag>逾期[^，。；]{0,10}[不未][^，。；]{0,10}|拒不[^，。；]{1,8}|情节(?:特别)?严重|[^，。；]{0,20}严重后果)的?，"
)
_MEASURED = re.compile(r"(?:没有|无)?(?P<base>违法所得|货值金额)")
PARTY, PERSONS = "circumstance", "person_circumstance"
PERSONS_LABEL = "责任人员情形"
_LABELS = {PARTY: "裁量情节", PERSONS: PERSONS_LABEL}


@dataclass(frozen=True, slots=True)
class Slip:
    """What was mended or doubted while reading: where, and one line."""

    place: str
    message: str
    code: str = "B4"


@dataclass
class Drafted:
    """A record with where it was read.

    ``places`` maps fields, ``tiers 第n条`` (its amount) and ``tiers 第n条 情节`` to places of the file.
    ``crossed``: its tiers are the cells of a matrix, which rise along its sides and not one after the other.
    """

    record: Benchmark
    block: Block
    places: dict[str, str]
    heads: list[tuple[str, str]] = field(default_factory=list)  # (place, citation as printed)
    slips: list[Slip] = field(default_factory=list)
    crossed: bool = False

    @property
    def place(self) -> str:
        return self.block.place


@dataclass
class Maker:
    """Makes the records of one file.

    Args:
        reading: the blocks; what can't be imported is listed there.
        laws: what citations are bound to.
        day: the day whose law is meant.
        source: the instrument the table is.
        prefix: the beginning of every id.
    """

    reading: Reading
    laws: LawBook
    day: date
    source: Source
    prefix: str
    domain: Domain = "通用"
    from_: date | None = None
    to: date | None = None
    ids: set[str] = field(default_factory=set)

    def records(self) -> list[Drafted]:
        made = (self._one(block, n) for n, block in enumerate(self.reading.blocks, 1))
        return [d for d in made if d is not None]

    def _one(self, block: Block, number: int) -> Drafted | None:
        law = next((s.text.strip("《》") for s in block.laws), "")
        desk = _Desk(self, block)
        for ladder in block.ladders:
            desk.ladder(ladder, law)
        for spot in block.violated:
            desk.violated += read_basis(spot.text, self.laws, self.day, law).penalty or [spot.text]
        penalty = list(dict.fromkeys(desk.penalty))
        if not penalty or not desk.tiers:
            self._give_up(block, NO_TIERS if penalty else NO_BASIS)
            return None
        desk.remarks()
        desk.unite_subjects()
        named = block.violation or block.serial
        record = Benchmark.model_validate(
            {
                "id": self._id(block, number),
                "from": self.from_,
                "to": self.to,
                "domain": self.domain,
                "source": self.source,
                "violation": lines_of(named.text) if named else penalty[0],
                "subjects": desk.subjects,
                "violated": list(dict.fromkeys(desk.violated)),
                "penalty_basis": penalty,
                "facts": desk.facts(),
                "statutory": desk.statutory,
                "tiers": [tier for tier, _, _ in desk.tiers],
                "measures": desk.measures,
                "note": desk.note,
            }
        )
        places = {f"tiers 第{n}条": spot.place for n, (_, spot, _) in enumerate(desk.tiers, 1)}
        for n, (_, _, conditions) in enumerate(desk.tiers, 1):
            places |= {f"tiers 第{n}条 {option_of(s.text)}": s.place for s in conditions}
        for name, spots in (("penalty_basis", block.ladders[0].basis), ("violated", block.violated)):
            if spots:
                places[name] = spots[0].place
        return Drafted(record, block, places, desk.heads, desk.slips)

    def _id(self, block: Block, number: int) -> str:
        serial = block.serial.text if block.serial else ""
        slug = re.sub(r"[^a-z0-9]+", "-", serial.lower()).strip("-") or str(number)
        base = name = f"{self.prefix}{slug}"
        n = 1
        while name in self.ids:
            n += 1
            name = f"{base}-{n}"
        self.ids.add(name)
        return name

    def _give_up(self, block: Block, why: str) -> None:
        for spot in block.spots:
            self.reading.leave(spot, why)


@dataclass
class _Desk:
    """Gathers one block."""

    maker: Maker
    block: Block
    penalty: list[str] = field(default_factory=list)
    violated: list[str] = field(default_factory=list)
    heads: list[tuple[str, str]] = field(default_factory=list)
    slips: list[Slip] = field(default_factory=list)
    statutory: list[Branch] = field(default_factory=list)
    tiers: list[tuple[Tier, Spot, list[Spot]]] = field(default_factory=list)
    measures: list[Measure] = field(default_factory=list)
    subjects: list[str] = field(default_factory=list)
    note: str = ""
    options: dict[str, list[str]] = field(default_factory=dict)
    flags: list[str] = field(default_factory=list)
    fines: list[Fine] = field(default_factory=list)
    counts: dict[str, Fact] = field(default_factory=dict)
    bases: dict[str, list[str]] = field(
        default_factory=dict
    )  # what a multiple is of -> the table's words for it

    # ------------------------------------------------------------ basis

    def ladder(self, ladder: Ladder, law: str) -> None:
        """Read one ladder: its basis, the statute's range, its rungs."""
        maker = self.maker
        read = [(s, read_basis(s.text, maker.laws, maker.day, law)) for s in ladder.basis]
        for spot, basis in read:
            self._basis(spot, basis)
        said = [pair for _, basis in read for pair in basis.statutory]
        for spot in ladder.ranges:
            said += statutory_of(spot.text)
        said = list(dict.fromkeys(said)) or self._loaded([b for _, b in read])
        subjects = {priced.subject for _, priced in said}
        only = subjects.pop() if len(subjects) == 1 else ""
        for flag, priced in said:
            self._branch(flag, priced)
        for rung in ladder.rungs:
            self._rung(rung, said, only if only and self.block.ladders.index(ladder) else "")

    def _basis(self, spot: Spot, basis: Basis) -> None:
        self.penalty += basis.penalty
        self.violated += basis.violated
        self.heads += [(spot.place, head) for head in basis.heads]
        self.slips += [Slip(spot.place, message, "B5") for message in basis.slips]
        self.slips += [Slip(spot.place, message, "B8") for message in basis.differs]
        self.slips += [Slip(spot.place, message, "B9") for message in basis.notes]

    def _loaded(self, read: Sequence[Basis]) -> list[tuple[str, Priced]]:
        """What the loaded statute itself says, where the table prints the citation alone."""
        from kb.checks.amounts import provision_text

        cited = [text for basis in read for text in basis.penalty]
        text = provision_text(self.maker.laws, cited, self.maker.day) if cited else None
        return list(dict.fromkeys(statutory_of(text))) if text else []

    def _branch(self, flag: str, priced: Priced) -> None:
        branch = Branch(when=flag or None, fine=priced.phrase, subject=priced.subject)
        if branch in self.statutory:
            return
        self.statutory.append(branch)
        self.fines.append(priced.fine)
        if flag and flag not in self.flags:
            self.flags.append(flag)

    # ------------------------------------------------------------ tiers

    def _rung(self, rung: Rung, said: Sequence[tuple[str, Priced]], subject: str) -> None:
        reading = self.maker.reading
        if not rung.amounts:
            for spot in (*rung.labels, *rung.conditions):
                reading.leave(spot, NO_AMOUNT_CELL)
            return
        done = False
        for spot in rung.amounts:
            amount = read_amount(spot.text, subject=spot.subject, unit=spot.unit)
            self.slips += [Slip(spot.place, slip) for slip in amount.slips]
            if amount.is_empty:
                reading.leave(spot, amount.rest[0][1] if amount.rest else NO_AMOUNT)
                continue
            done = True
            for text, why in amount.rest:
                reading.leave_part(spot, text, why)
            self._tiers(rung, spot, amount, said, subject)
        if not done:
            for spot in (*rung.labels, *rung.conditions):
                reading.leave(spot, AMOUNT_UNREAD)

    def _tiers(
        self, rung: Rung, spot: Spot, amount: Amount, said: Sequence[tuple[str, Priced]], subject: str
    ) -> None:
        label = label_of(rung, len(self.tiers) + 1)
        kind = amount.kind or kind_of(label)
        serial = self.block.serial
        row = serial.text if serial else f"表“{spot.grid.name}”第{rung.first.cell.row}行"
        fines: list[Priced | None] = [*amount.fines] or [None]
        for n, priced in enumerate(fines):
            who = (priced.subject if priced else "") or subject
            flag = flag_of(priced.fine, who, said) if priced else only_flag(said)
            if priced:
                self._base(priced.fine, who, flag, said)
            tier = Tier(
                label=label,
                kind=kind,
                when=self._when(rung, flag, PERSONS if subject else PARTY),
                fine=priced.phrase if priced else None,
                subject=who,
                row=row,
                steps=self._steps(amount) if n == 0 else [],
                measures=amount.measures if n == 0 else [],
            )
            if priced:
                self.fines.append(priced.fine)
            self.tiers.append((tier, spot, rung.conditions))

    def _steps(self, amount: Amount) -> list[Increment]:
        """每增加一个因子增加五万元: the excess is asked for; tables don't say from where they count."""
        out = []
        for step in amount.steps:
            unit = step.unit.removeprefix("个")
            label = f"{step.group}：" * bool(step.group) + f"{step.of or '增加的'}{unit}数"
            name = next(
                (n for n, f in self.counts.items() if f.label == label), f"step_{len(self.counts) + 1}"
            )
            kind: FactType = "numbers" if step.of.startswith("每") else "number"
            ask = f"超过本档起点的{unit}有多少？" + ("各个分别填写。" if kind == "numbers" else "")
            self.counts[name] = Fact(label=label, type=kind, ask=ask)
            out.append(
                Increment(
                    fact=name,
                    add=format_amount(step.add),
                    every=step.every,
                    over=Decimal(0),
                    part=step.part,
                    text=amount.steps_text,
                )
            )
        return out

    def _base(self, fine: Fine, who: str, flag: str, said: Sequence[tuple[str, Priced]]) -> None:
        """A tier's 直接损失 is the 水污染事故造成的直接损失 of the branch it belongs to."""
        of = {p.fine.base for f, p in said if f == flag and p.subject == who and p.fine.base}
        if fine.base and len(of) == 1 and (base := of.pop()) != fine.base:
            names = self.bases.setdefault(base, [])
            names += [fine.base] * (fine.base not in names)

    def _when(self, rung: Rung, flag: str, fact: str) -> When:
        texts = list(dict.fromkeys(option_of(s.text) for s in rung.conditions or rung.labels))
        known = self.options.setdefault(fact, []) if texts else []
        known += [t for t in texts if t not in known]
        said = [f"{PERSONS_LABEL}为{t}" for t in texts] if fact == PERSONS else texts
        chosen: str | AnyOf | None = None
        if said:
            chosen = said[0] if len(said) == 1 else AnyOf(any=list(said))
        if flag and chosen is not None:
            return [flag, chosen]
        return flag or chosen

    # ------------------------------------------------------------ the rest

    def remarks(self) -> None:
        """备注: the measures it orders become measures, with their condition; the rest is the note."""
        left = []
        for spot in self.block.remarks:
            for sentence in filter(None, re.split(r"[；。\n]", squeeze(spot.text))):
                m = ALSO_WHEN.match(sentence)
                flag = m["flag"].removesuffix("的") if m else ""
                amount = read_amount(sentence[m.end() :] if m else sentence)
                if amount.rest or amount.fines or not amount.measures:
                    left.append(sentence)
                    continue
                if flag and flag not in self.flags:
                    self.flags.append(flag)
                self.measures += [m.model_copy(update={"when": flag or None}) for m in amount.measures]
        self.measures = list({(m.kind, str(m.when)): m for m in self.measures}.values())
        self.note = "；".join(left)

    def unite_subjects(self) -> None:
        """One name for one kind of person in the statute and in the table; a lone one is the party itself."""
        printed = {t.subject for t, _, _ in self.tiers}
        said = {b.subject for b in self.statutory}
        if printed == {""} and len(said) == 1 and said != {""}:
            self.subjects = sorted(said)
            self.statutory = [b.model_copy(update={"subject": ""}) for b in self.statutory]
            return
        mine, theirs = printed - said - {""}, said - printed - {""}
        if len(mine) == 1 and len(theirs) == 1:
            old, new = mine.pop(), theirs.pop()
            self.tiers = [
                (t.model_copy(update={"subject": new}) if t.subject == old else t, spot, conditions)
                for t, spot, conditions in self.tiers
            ]

    def facts(self) -> dict[str, Fact]:
        """What the conditions and amounts turn on."""
        out: dict[str, Fact] = {}
        for name, options in self.options.items():
            ask = "符合哪一种情节？" if name == PARTY else "责任人员符合哪一种情形？"
            out[name] = Fact(label=_LABELS[name], type="choice", options=options, ask=ask)
        measured = [f for f in self.flags if _MEASURED.match(f)]
        for n, flag in enumerate((f for f in self.flags if f not in measured), 1):
            out[f"flag_{n}"] = Fact(label=flag, type="bool", ask=f"是否{flag}？")
        bases = {f.base for f in self.fines if f.base and f.needs_base}
        bases |= {m["base"] for f in measured if (m := _MEASURED.match(f))}
        bases -= {name for names in self.bases.values() for name in names}
        ordered = sorted(bases, key=lambda base: (-len(base), base))
        whole = [b for n, b in enumerate(ordered) if not any(longer.endswith(b) for longer in ordered[:n])]
        alike: dict[str, list[str]] = {}  # 造成直接损失, 造成的直接损失
        for base in whole:
            alike.setdefault(base.replace("的", ""), []).append(base)
        for n, (label, *spelt) in enumerate(alike.values(), 1):
            said = [name for base in (label, *spelt) for name in self.bases.get(base, ())]
            aka = [name for name in dict.fromkeys([*spelt, *said]) if not label.endswith(name)]
            out[f"base_{n}"] = Fact(label=label, type="money", unit="元", aka=aka)
        out |= self.counts
        for n, unit in enumerate(dict.fromkeys(f.per for f in self.fines if f.per), 1):
            out[f"count_{n}"] = Fact(label=f"{unit}数", type="number", unit=unit)
        return out
