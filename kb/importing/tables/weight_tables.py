"""A sheet with 裁量起点: starts, factors with their weights, and the formulas, caps and floors of 备注.

All of it stays as printed. A sheet may weigh several columns (限期内改正 and 逾期未改正, 单位 and 个人); each
is a table of its own with the formula that names it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from kb.discretion.weights import read_formula, share
from kb.errors import BadValue, CailiangError
from kb.importing.tables.blocks import Reading, Spot
from kb.importing.tables.build import Slip
from kb.importing.tables.factors import Facts, is_blank, option_of
from kb.importing.tables.provisions import Printed, Provision
from kb.importing.tables.weights import Standard
from kb.money.amounts import squeeze
from kb.records import Factor, Weights

NO_FORMULA = "没有罚款金额的计算公式（备注），不能成为记录，可能在文件没有收入的后一页"
NO_WEIGHTS = "没有读懂任何一个裁量要素的权重，不能成为记录"
NO_SHARE = "看不懂这一格的裁量权重"
NO_FACTOR = "看不出是哪一个裁量要素的情形"

_LIMIT = re.compile(
    r"(?P<who>[^；。\n]{0,30}?)裁量百分值(?:总和|之和|合计)(?P<word>不足|低于|小于|不满|超过|高于|大于)"
    r"(?P<end>[0-9.]+[%％])的?，?按(?P<as>[0-9.]+[%％])(?:计算|计)"
)
_LEAST = ("不足", "低于", "小于", "不满")
_NUMBER = re.compile(r"^\s*(?:\d{1,2}[.．、]|[（(]\d{1,2}[)）])\s*")
_LEAD = re.compile(r"(?:本表)?的?裁量的?计算方法(?:如下|为)?")
_SUM = re.compile(r"总和|之和|合计")
_LATER = re.compile(r"逾期|拒不|未改正|不改正|仍不|仍未")

Options = list[tuple[Spot, dict[int, str]]]
"""The options of a factor, each with its weights by column."""


@dataclass(frozen=True)
class Share:
    """One column of weights: what stands over it, its start, and its place."""

    column: int
    heads: list[str]
    start: str
    spot: Spot

    @property
    def keys(self) -> list[str]:
        """What a formula calls it, the most telling first."""
        return [h for h in reversed(self.heads) if not is_blank(h)]

    @property
    def flag(self) -> str:
        return next((h for h in self.keys if _LATER.search(h)), "")

    @property
    def personal(self) -> bool:
        return any("个人" in h or "人员" in h for h in self.heads)


@dataclass
class WeightTables:
    """Reads the tables of one sheet.

    Attributes:
        facts: where the factors become facts.
        weights: the tables, each with the cell of its start.
        printed: for whom, on what condition and up to where each formula reaches.
        notes: what 备注 says besides formulas, caps and floors.
    """

    standard: Standard
    reading: Reading
    provision: Provision
    facts: Facts
    weights: list[tuple[Weights, Spot]] = field(default_factory=list)
    printed: list[Printed] = field(default_factory=list)
    slips: list[Slip] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def read(self) -> str:
        """Read them; the reason where they can't become a record, "" where they can."""
        start = self.standard.start
        assert start is not None  # what makes it a sheet of weights
        shares = self._shares(start)
        rows = [r for r in self.standard.rows if r > start.cell.last_row]
        factors = self._factors(rows, start.cell.column + start.cell.columns - 1, shares)
        formulas = self._formulas()
        if not formulas:
            return NO_FORMULA
        if not shares or not factors:
            return NO_WEIGHTS
        for column in shares:
            formula = _pick(formulas, column, len(shares))
            if formula is None:
                return f"“{'／'.join(column.heads)}”没有对应的计算公式，不能成为记录"
            try:
                self._table(column, factors, formula)
            except CailiangError as error:
                return f"{error.message}，不能成为记录"
        return ""

    def _shares(self, start: Spot) -> list[Share]:
        """The columns of weights: a start each, with what the rows of the start say over it."""
        standard = self.standard
        standard.use(start)
        found: dict[tuple[int, int, int], Share] = {}
        for n in range(start.cell.column + start.cell.columns, standard.grid.width + 1):
            heads: list[str] = []
            for row in range(start.cell.row, start.cell.last_row + 1):
                spot = standard.shown(row, n)
                if spot is None:
                    continue
                standard.use(spot)
                if is_share(spot.text):
                    self.standard.count(self.reading, "amount", spot)
                    found.setdefault(spot.at, Share(n, heads, squeeze(spot.text), spot))
                elif squeeze(spot.text) not in heads:
                    heads.append(squeeze(spot.text))
        return list(found.values())

    def _factors(self, rows: Sequence[int], last: int, shares: Sequence[Share]) -> list[tuple[str, Options]]:
        """Each factor's fact with its options, and for each option its weight by column."""
        standard = self.standard
        first = min(standard.header) + 1
        out: dict[tuple[int, int, int], tuple[Spot, Options]] = {}
        for row in rows:
            label = next((s for n in range(first, last) if (s := standard.shown(row, n))), None)
            option = standard.shown(row, last)
            weighed = {c.column: s for c in shares if (s := standard.shown(row, c.column))}
            if label is None or option is None or option.at == label.at:
                for spot in filter(None, (label, option, *weighed.values())):
                    self.reading.leave(spot, NO_FACTOR)
                continue
            given = self._weighed(weighed)
            if given:
                standard.use(label, option)
                standard.count(self.reading, "condition", label, option)
                out.setdefault(label.at, (label, []))[1].append((option, given))
        return [(self.facts.factor(s.text, [o.text for o, _ in given]), given) for s, given in out.values()]

    def _weighed(self, cells: dict[int, Spot]) -> dict[int, str]:
        given = {}
        for column, spot in cells.items():
            self.standard.count(self.reading, "amount", spot)
            if is_share(spot.text):
                given[column] = squeeze(spot.text)
                self.standard.use(spot)
            else:
                self.reading.leave(spot, NO_SHARE)
        return given

    def _formulas(self) -> list[tuple[str, str]]:
        """(what the left side names, the formula as printed); the rest of 备注 is the note."""
        out = []
        for sentence in re.split(r"[。；\n]", _LIMIT.sub("", self.standard.text("remark"))):
            sign = re.search(r"[=＝]", sentence)
            if sign and "罚款" in sentence[: sign.start()]:
                left = squeeze(re.split(r"[：:]", sentence[: sign.start()])[-1])
                left = _NUMBER.sub("", left)
                out.append((left, f"{left}{sign[0]}{squeeze(sentence[sign.end() :])}"))
                continue
            said = _NUMBER.sub("", _NUMBER.sub("", sentence)).strip(" ：:，\u3000")
            if said and not _LEAD.fullmatch(said):
                self.notes.append(squeeze(said))
        return out

    def _table(self, column: Share, factors: Sequence[tuple[str, Options]], formula: str) -> None:
        made = []
        for name, options in factors:
            given = {option_of(s.text): w[column.column] for s, w in options if column.column in w}
            if given:
                made.append(Factor(fact=name, options=given))
        flag = self.provision.flag_for(column.flag) or self.provision.always
        subject = self.provision.person if column.personal else ""
        base = _base(formula)
        if base:
            self.facts.money(base)
        limits = self._limits(column)
        table = Weights(
            label="".join(h for h in column.heads if not is_blank(h)),
            start=column.start,
            factors=made,
            formula=formula,
            when=self.facts.flag(flag) if flag else None,
            subject=subject,
            cap=limits.get("cap", ""),
            floor=limits.get("floor", ""),
            row=self.standard.name,
        )
        times, _ = read_formula(formula, self.facts.facts)
        high = Decimal(times.numerator) / Decimal(times.denominator)
        self.printed.append(Printed(flag, subject, "倍" if base else "元", None, high))
        self.weights.append((table, column.spot))
        self._heaviest(table, column.spot)

    def _limits(self, column: Share) -> dict[str, str]:
        """Cap and floor of the sum: those that name the column, and those that name none."""
        out = {}
        for m in _LIMIT.finditer(self.standard.text("remark")):
            who = _NUMBER.sub("", squeeze(m["who"]))
            if not who or any(key in who for key in column.keys):
                out["floor" if m["word"] in _LEAST else "cap"] = m["as"]
        return out

    def _heaviest(self, table: Weights, spot: Spot) -> None:
        """The gravest of all circumstances add up to 100 %, unless 备注 says what more than that counts."""
        total = share(table.start)
        for factor in table.factors:
            total += max(share(s) for s in factor.options.values())
        if total != 1 and not (table.cap and total > 1):
            shown = f"{float(total * 100):g}%"
            self.slips.append(Slip(spot.place, f"裁量起点和各要素最重情形的权重合计{shown}，不是100%", "B4"))


def is_share(text: str) -> bool:
    """Whether a cell is a weight: 20%, 1/8."""
    try:
        share(text)
    except BadValue:
        return False
    return True


def _pick(formulas: Sequence[tuple[str, str]], column: Share, columns: int) -> str | None:
    """The formula of a column: the only one, or the one that names it."""
    if len(formulas) == 1 and columns == 1:
        return formulas[0][1]
    for key in column.keys:
        named = [f for _, f in formulas if key in f]
        if len(named) == 1:
            return named[0]
    return None


def _base(formula: str) -> str:
    """What a formula multiplies besides the sum and numbers: 所需处置费用; "" for none."""
    terms = re.split(r"[×xX*✕]", re.split(r"[=＝]", formula)[-1])
    words = [t for t in terms if not _SUM.search(t) and not re.fullmatch(r"[0-9.]+\S{0,2}", t)]
    return words[0] if len(words) == 1 else ""
