"""The three lists as published: an item a row, its conditions a tick each, on the limb they rest on.

不予处罚的情节 is a sentence over numbered conditions: 同时满足下列情形的 asks for all of them, 有下列情形之一
for one, which makes an entry of each. A condition that says two things (限期内改正，危害后果轻微) is two
ticks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from kb.checks.registry import RecordFinding
from kb.errors import BadValue
from kb.importing.tables.basis import read_basis
from kb.importing.tables.blocks import Reading, Spot, no_role
from kb.importing.tables.build import Maker, Slip
from kb.importing.tables.findings import MEND, TableFinding
from kb.importing.tables.grid import Grid
from kb.importing.tables.headers import ByHand, Layout, Role, layouts
from kb.importing.tables.provisions import apart
from kb.money import parse_condition
from kb.money.amounts import squeeze
from kb.numerals import parse_number
from kb.periods import months_after
from kb.records import Leniency, Limb, Tick

Which = Literal["不予", "从轻", "减轻", "从轻或者减轻"]
_WHICH: tuple[tuple[str, Which], ...] = (
    ("从轻或者减轻", "从轻或者减轻"),
    ("从轻或减轻", "从轻或者减轻"),
    ("不予", "不予"),
    ("免予", "不予"),
    ("免罚", "不予"),
    ("减轻", "减轻"),
    ("从轻", "从轻"),
)
_CITED: dict[Limb, str] = {
    "33(1)前段": "《中华人民共和国行政处罚法》第三十三条第一款",
    "33(1)后段": "《中华人民共和国行政处罚法》第三十三条第一款",
    "33(2)": "《中华人民共和国行政处罚法》第三十三条第二款",
    "32": "《中华人民共和国行政处罚法》第三十二条",
}
_NAMED: tuple[tuple[str, str], ...] = (
    ("first", r"首次违法|初次违法|首次|初次"),
    ("corrected", r"改正|整改"),
    ("minor_harm", r"后果轻微"),
    ("no_harm", r"(?:没有|未)造成.{0,6}后果"),
    ("minor", r"(?:情节|行为)轻微"),
    ("no_fault", r"主观过错"),
)
_ONE_OF = re.compile(r"之一|任一|任何一")
_NUMBERED = re.compile(r"[（(]\d{1,2}[)）]|[①-⑳]|(?<![\d.])\d{1,2}[.．、](?!\d)")
_LEAD = re.compile(r"^[^：:（(]*?(?:下列|以下|如下)[^：:（(]{0,30}[：:]?")
_WINDOW = re.compile(r"(?:近|前)?([一二两三四五六]|\d)\s*(年|个月)内")
_BINDS = re.compile(r"^(?:且|但|或|并|而)")
_NOT_FOR = "不适用"
_HOLDS = re.compile(r"自(\d{4})年(\d{1,2})月(\d{1,2})日起(?:施行|实施)(?:，有效期([一二三四五]|\d)年)?")
_SAID = re.compile(r"^[一二三四五六七八九十]{1,3}、")

_OWED: dict[Limb, tuple[tuple[str, str], ...]] = {
    "33(1)前段": (
        ("违法行为轻微", r"轻微"),
        ("及时改正", r"改正|整改|采取.*措施"),
        ("没有危害后果", r"后果"),
    ),
    "33(1)后段": (("危害后果轻微", r"后果轻微"), ("及时改正", r"改正|整改|措施")),
}
"""What 行政处罚法第三十三条第一款 asks for besides the first time, and how lists word it."""

NO_CONDITION = "没有读懂适用条件，不能成为记录"
NO_VIOLATION = "没有写违法行为，不知道属于哪一项"
NOTE = "清单的说明，没有写进记录"


@dataclass
class Listed:
    """An entry with where it was read."""

    record: Leniency
    place: str
    slips: list[Slip] = field(default_factory=list)


@dataclass(frozen=True)
class Notes:
    """What the notes below a list say of all its items."""

    exclusions: tuple[str, ...] = ()
    asks: Mapping[str, str] = field(default_factory=dict)
    since: date | None = None
    until: date | None = None


def is_list(grids: Sequence[Grid], by_hand: ByHand | None = None) -> bool:
    """Whether a file is one of the three lists: conditions for leniency, and no amounts."""
    return any(_which(grid, layout) for grid in grids for layout in layouts(grid, by_hand))


def read_list(grids: Sequence[Grid], maker: Maker, by_hand: ByHand | None = None) -> list[Listed]:
    """The entries of a file; what can't be imported is listed in the maker's reading."""
    reading, out = maker.reading, []
    rows = [(grid, layout, row) for grid in grids for layout, row in _rows(grid, reading, by_hand)]
    notes = _notes(rows, reading)
    for grid, layout, row in rows:
        if _note_at(grid, row) is None:
            out += _entries(grid, layout, row, notes, maker)
    return out


def listed_findings(found: Iterable[RecordFinding], listed: Sequence[Listed]) -> list[TableFinding]:
    """What is wrong with the entries, with the place in the file; a law not loaded is told once."""
    out = [TableFinding(s.code, s.place, s.message, MEND[s.code]) for one in listed for s in one.slips]
    places = {one.record.id: one.place for one in listed}
    out += [TableFinding(f.code, places[f.id], f.message, f.suggestion) for f in found if f.id in places]
    told: dict[tuple[str, str, str], TableFinding] = {}
    for f in out:
        unloaded = f.code == "C0"
        key = (f.code, f.message.partition("》")[0], "") if unloaded else (f.code, f.message, f.place)
        told.setdefault(key, f)
    return list(told.values())


def _which(grid: Grid, layout: Layout) -> Which | None:
    """What a list is of, told by the header of its conditions, else by its title; None for other tables."""
    if layout.of("amount") or layout.of("range") or not layout.of("condition"):
        return None
    heads = [layout.columns[n].header for n in layout.of("condition")]
    titles = [c.text for c in grid.cells if c.row < layout.first]
    for text in (*heads, *titles, grid.name):
        for word, which in _WHICH:
            if word in text:
                return which
    return None


def _rows(grid: Grid, reading: Reading, by_hand: ByHand | None) -> Iterator[tuple[Layout, int]]:
    """The rows of content; titles and headers are told, what stands outside is listed."""
    found = [layout for layout in layouts(grid, by_hand) if _which(grid, layout)]
    for cell in grid.cells:
        if not found or cell.row < found[0].first:
            spot = Spot(grid, cell)
            if not found and cell.text.strip():
                reading.leave(spot, NOTE)
            elif cell.text.strip():
                reading.titles.append(cell.text.strip())
    for layout, following in zip(found, [*found[1:], None], strict=True):
        reading.columns.append((grid.name, layout))
        last = following.first - 1 if following else grid.height
        yield from ((layout, row) for row in range(layout.last + 1, last + 1))


# ---------------------------------------------------------------- notes to all items


def _note_at(grid: Grid, row: int) -> str | None:
    """The text of a row headed 备注; None for an item."""
    first = grid.stored(row, 1)
    if first is None or not re.fullmatch(r"备\s*注[：:]?|说\s*明[：:]?|注[：:]?", first.text.strip()):
        return None
    cells = (grid.stored(row, n) for n in range(2, grid.width + 1))
    return "\n".join(c.text.strip() for c in cells if c and c.text.strip())


def _notes(rows: Sequence[tuple[Grid, Layout, int]], reading: Reading) -> Notes:
    exclusions: list[str] = []
    asks: dict[str, str] = {}
    since = until = None
    for grid, _, row in rows:
        text = _note_at(grid, row)
        if text is None:
            continue
        cell = next(c for c in grid.cells if c.row == row and c.column > 1)
        for line in filter(None, (_SAID.sub("", x.strip()) for x in text.splitlines())):
            if _NOT_FOR in line:
                exclusions.append(re.split(r"[。；]", line.partition(_NOT_FOR)[0])[-1].strip("，"))
            elif m := _HOLDS.search(line):
                since = date(int(m[1]), int(m[2]), int(m[3]))
                until = months_after(since, 12 * int(parse_number(m[4]))) if m[4] else None
            elif name := next((n for n, p in _NAMED[:2] if re.search(rf"“[^”]*(?:{p})[^”]*”", line)), ""):
                asks[name] = line.rstrip("。")
            else:
                reading.leave_part(Spot(grid, cell), line, NOTE)
    return Notes(tuple(exclusions), asks, since, until)


# ---------------------------------------------------------------- one item


def _entries(grid: Grid, layout: Layout, row: int, notes: Notes, maker: Maker) -> list[Listed]:
    reading = maker.reading
    cells = _cells(grid, layout, row)
    stored = [s for spots in cells.values() for s in spots if s.cell.row == row]
    if not stored:
        return []
    named, conditions = cells.get("violation", []), cells.get("condition", [])
    reading.stored.setdefault("violation", []).extend(s for s in named if s.cell.row == row)
    reading.stored.setdefault("condition", []).extend(s for s in conditions if s.cell.row == row)
    for spot in (Spot(grid, c) for c in grid.cells if c.row == row and c.column not in layout.columns):
        if spot.text:
            reading.leave(spot, no_role(layout, spot.cell.column))
    ways = _ways("\n".join(s.text for s in conditions))
    if not named or not any(ways):
        for spot in stored:
            reading.leave(spot, NO_CONDITION if named else NO_VIOLATION)
        return []
    which = _which(grid, layout)
    assert which is not None  # _rows gives no other
    serial = next((s.text for s in cells.get("serial", [])), str(row))
    violated = [read_basis(apart(s.text), maker.laws, maker.day) for s in cells.get("violated", [])]
    penalty = [read_basis(apart(s.text), maker.laws, maker.day) for s in cells.get("basis", [])]
    slips = [Slip(named[0].place, m, "B5") for b in (*violated, *penalty) for m in b.slips]
    slips += [Slip(named[0].place, m, "B8") for b in (*violated, *penalty) for m in b.differs]
    text = squeeze("".join(s.text for s in conditions))
    out = []
    for n, way in enumerate(ways, 1):
        limb = _limb(way, which)
        slips += [Slip(named[0].place, m, "B10") for m in _owed(way, limb)]
        record = Leniency.model_validate(
            {
                "id": _id(maker, serial, n if len(ways) > 1 else 0),
                "from": maker.from_ or notes.since,
                "to": maker.to or notes.until,
                "domain": maker.domain,
                "source": maker.source,
                "list": which,
                "limb": limb,
                "violation": squeeze("".join(s.text for s in named)).rstrip("。；"),
                "violated": list(dict.fromkeys(p for b in violated for p in b.penalty)),
                "basis": [_CITED[limb]],
                "conditions": [_tick(label, notes) for label in way],
                "compulsory": _compulsory(text, limb),
                "first_within_months": next((m for label in way if (m := _months(label))), None),
                "exclusions": list(notes.exclusions),
            }
        )
        out.append(Listed(record, named[0].place, slips))
        slips = []
    return out


def _cells(grid: Grid, layout: Layout, row: int) -> dict[Role, list[Spot]]:
    """What a reader sees in a row, by meaning."""
    out: dict[Role, list[Spot]] = {}
    for n, column in layout.columns.items():
        cell = grid.shown(row, n)
        if cell is not None and cell.text.strip():
            out.setdefault(column.role, []).append(Spot(grid, cell, column.role))
    return out


def _id(maker: Maker, serial: str, way: int) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", serial.lower()).strip("-") or "item"
    base = name = f"leniency/{maker.prefix.replace('/', '-')}{slug}" + (f"-{way}" if way else "")
    n = 1
    while name in maker.ids:
        n += 1
        name = f"{base}-{n}"
    maker.ids.add(name)
    return name


def _ways(text: str) -> list[list[str]]:
    """The conditions of each way an item may be met: one way, or one for each of 有下列情形之一."""
    lead = _LEAD.match(text)
    head = lead[0] if lead else ""
    body = text[len(head) :]
    parts = [p for p in _NUMBERED.split(body) if squeeze(p)]
    if _ONE_OF.search(head):
        return [_split(part) for part in parts]
    return [[label for part in parts for label in _split(part)]] if parts else []


def _split(text: str) -> list[str]:
    """One condition as ticks: parted at full stops, and at commas unless the parts depend on each other."""
    out: list[str] = []
    for sentence in filter(None, re.split(r"[。；\n]", squeeze(text))):
        pieces = [sentence] if re.search(r"的，|或仅", sentence) else re.split(r"[，,]", sentence)
        held: list[str] = []
        for piece in pieces:
            if held and _BINDS.match(piece):
                held[-1] += "，" + piece
            else:
                held.append(piece)
        for piece in held:
            out += re.split(r"且(?=[^，]{0,6}(?:首次|初次))", piece)
    if "或" not in text or len(out) > 1:
        out = [p.removesuffix("的") or p for p in out]
    if sum("的，" in case for case in squeeze(text).split("；")) > 1:  # cases side by side: one tick for all
        return [squeeze(text).strip("。；")]
    return list(dict.fromkeys(filter(None, out)))


def _tick(label: str, notes: Notes) -> Tick:
    """A condition under its usual name, else under its own words: the same words ask the same question."""
    name = next((name for name, pattern in _NAMED if re.search(pattern, label)), label)
    if name == "corrected" and not re.search(r"改正|整改", label):
        name = label
    return Tick(name=name, label=label, ask=notes.asks.get(name, f"是否{label}？"), ceiling=_ceiling(label))


def _ceiling(label: str) -> str:
    """A condition with a figure on a named quantity is a ceiling: 违法行为持续时间不超过20日."""
    try:
        condition = parse_condition(label)
    except BadValue:
        return ""
    named = condition.high is not None and re.fullmatch(r"[^，；。]{2,20}", condition.base)
    return label if named else ""


def _months(label: str) -> int | None:
    m = _WINDOW.search(label)
    if m is None or not re.search(r"首次|初次", label):
        return None
    return int(parse_number(m[1])) * (12 if m[2] == "年" else 1)


def _limb(labels: Sequence[str], which: Which) -> Limb:
    """The limb whose conditions these are. A first time that left little harm is 33(1)后段."""
    text = "，".join(labels)
    if "主观过错" in text:
        return "33(2)"
    if which != "不予":
        return "32"
    return "33(1)后段" if re.search(r"首次|初次", text) else "33(1)前段"


def _owed(labels: Sequence[str], limb: Limb) -> Iterator[str]:
    """What the limb asks for and the list doesn't name: it may narrow the law, it can't widen it."""
    text = "，".join(labels)
    for name, pattern in _OWED.get(limb, ()):
        if not re.search(pattern, text):
            yield f"{_CITED[limb]}还要求“{name}”，清单这一项没有写"


def _compulsory(text: str, limb: Limb) -> bool | None:
    """Whether the list itself leaves no choice where its limb does (不予行政处罚, not 可以不予行政处罚)."""
    if limb != "33(1)后段" or re.search(r"可以?不予|可以?免予", text):
        return None
    return True
