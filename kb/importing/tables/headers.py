"""What each column of a published table means, told from its header by meaning, not by place.

No two agencies head their columns alike: 类别, 裁量阶次 and 违法程度 are one thing, 适用条件 and 裁量情节
another. A header may take two rows, stand anew on every page, and begin below title rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from kb.errors import WrongUse
from kb.importing.tables.grid import Cell, Grid, column_number, letter

Role = Literal[
    "serial", "law", "violation", "violated", "basis", "range", "tier", "condition", "amount", "remark"
]

NAMES: dict[Role, str] = {
    "serial": "序号",
    "law": "法规名称",
    "violation": "违法行为",
    "violated": "违反条款",
    "basis": "处罚依据",
    "range": "法定幅度",
    "tier": "裁量阶次",
    "condition": "裁量情节",
    "amount": "裁量标准",
    "remark": "备注",
}
UNUSED = "不用"
"""What an editor maps a column to whose cells are not to be imported."""
ByHand = Mapping[int, Role | None]
"""Columns an editor mapped, by number; None is `UNUSED`."""

# Short headers that say it as a whole; then the words inside a longer one, the telling ones first.
_WHOLE: dict[Role, str] = {
    "serial": "序 项 号",
    "law": "法规规章 法律法规 法规 法规名称 法律名称",
    "violation": "事项 项目 处罚事项 行政处罚事项 职权名称 权力名称",
    "basis": "依据 条款 罚则",
    "range": "处罚种类",
    "tier": "类别 程度 档 分档 裁量类型 从轻从重",
    "amount": "处罚 量罚 裁量结果 处罚措施 裁量处罚",
}
_INSIDE: tuple[tuple[Role, str], ...] = (
    ("serial", r"序号|编号|编码|代码"),
    ("range", r"法定|种类[及和与]幅度"),
    ("remark", r"备注|说明|其他|附注|配套措施"),
    ("tier", r"阶次|档次|级别|等级|等次|程度|类别|轻重"),
    ("condition", r"情节|情形|条件|因素|要素|后果"),
    ("violated", r"违反|义务|禁止性"),
    ("basis", r"依据|条款|罚则|法律(?:责任|规定)"),
    ("amount", r"标准|幅度|基准|金额|数额|罚款|处罚内容"),
    ("violation", r"违法|案由|事项名称"),
)
_LONGEST = 20  # characters; a longer cell is content, not a header
_CONTENT = re.compile(r"[0-9《》。；，]|[元倍%]|第.+条")
_SUBJECTS = {
    "单位": "单位",
    "企业": "单位",
    "法人": "单位",
    "个人": "个人",
    "责任人员": "责任人员",
    "责任人": "责任人员",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what it means, its header as printed, whom its fines are for, the unit of bare numbers."""

    role: Role
    header: str = ""
    subject: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """A header: the rows it takes and what each column means.

    ``unknown`` are headers nobody recognised, ``unused`` the columns an editor left out.
    """

    first: int
    last: int
    columns: Mapping[int, Column]
    unknown: Mapping[int, str]
    unused: frozenset[int] = frozenset()

    def of(self, role: Role) -> list[int]:
        return [n for n, column in self.columns.items() if column.role == role]

    def same_as(self, other: Layout) -> bool:
        return self.columns == other.columns and self.unknown == other.unknown


def role_of(text: str) -> Role | None:
    """What a column headed like this holds; None where nobody can say."""
    plain = re.sub(r"[（(][^（()）]*[)）]|[\s:：*＊、/]", "", text)
    if not plain or len(plain) > _LONGEST or _CONTENT.search(plain):
        return None
    for role, words in _WHOLE.items():
        if plain in words.split():
            return role
    return next((role for role, pattern in _INSIDE if re.search(pattern, plain)), None)


def parse_columns(given: Iterable[str]) -> dict[int, Role | None]:
    """Read 违法行为=C, 不用=D: columns an editor maps by hand.

    Raises:
        WrongUse: no such meaning, or no such column.
    """
    out: dict[int, Role | None] = {}
    for text in given:
        name, sign, place = text.replace("＝", "=").partition("=")
        role, column = role_of(name), column_number(place)
        if not sign or column is None or (role is None and name.strip() != UNUSED):
            hint = "写成 违法行为=C；左边可以写 " + "、".join((*NAMES.values(), UNUSED))
            raise WrongUse(f"“{text}”不是列的对应", where="--column", hint=hint)
        out[column] = role
    return out


def layouts(grid: Grid, by_hand: ByHand | None = None) -> list[Layout]:
    """The headers of a grid in order: one for most tables, one a page where it is printed anew.

    Args:
        by_hand: columns an editor mapped: they stand before what the header says. Without any header they
            are the layout from the first row on.
    """
    found: list[Layout] = []
    row = 1
    while row <= grid.height:
        layout = _header_at(grid, row)
        if layout is not None:
            found.append(_with(layout, by_hand))
            row = layout.last
        row += 1
    if not found and by_hand:
        found = [_with(Layout(0, 0, {}, {}), by_hand)]
    return found


def _with(layout: Layout, by_hand: ByHand | None) -> Layout:
    if not by_hand:
        return layout
    columns = dict(layout.columns)
    for n, role in by_hand.items():
        old = columns.pop(n, None)
        if role is not None:
            header = old.header if old else layout.unknown.get(n, NAMES[role])
            columns[n] = Column(role, header, old.subject if old else "", old.unit if old else "")
    unknown = {n: text for n, text in layout.unknown.items() if n not in by_hand}
    unused = frozenset(n for n, role in by_hand.items() if role is None)
    return Layout(layout.first, layout.last, dict(sorted(columns.items())), unknown, unused)


def _header_at(grid: Grid, row: int) -> Layout | None:
    """The header that begins in a row: a 违法行为 or a 依据 beside what is weighed, in short cells only."""
    cells = _row(grid, row)
    if not cells or any(len(c.text.strip()) > _LONGEST * 2 for c in cells):
        return None
    roles = [role_of(c.text) for c in cells]
    known = {role for role in roles if role}
    weighs = known & {"tier", "condition", "amount", "range"}
    if not (known & {"violation", "basis"} and weighs and len(known) >= 3) or roles.count(None) > len(known):
        return None
    last = max(c.last_row for c in cells)
    if last == row and _goes_on(grid, row + 1, cells):
        last = row + 1
    columns: dict[int, Column] = {}
    unknown: dict[int, str] = {}
    for n in range(1, grid.width + 1):
        texts = _texts(grid, n, row, last)
        column = _column(texts)
        if column is not None:
            columns[n] = column
        elif texts:
            unknown[n] = "／".join(texts)
    return Layout(row, last, columns, unknown)


def _row(grid: Grid, row: int) -> list[Cell]:
    cells = (grid.stored(row, n) for n in range(1, grid.width + 1))
    return [c for c in cells if c is not None and c.text.strip() and not c.ghost]


def _goes_on(grid: Grid, row: int, above: list[Cell]) -> bool:
    """Whether a second header row follows without merges that say so: only headers, under a wider one."""
    cells = _row(grid, row)
    if not cells or len(cells) > len(above):
        return False
    filled = {c.column for c in above}
    return all(role_of(c.text) or _subject(c.text) for c in cells) and any(
        c.column not in filled for c in cells
    )


def _texts(grid: Grid, column: int, first: int, last: int) -> list[str]:
    """The headers over a column from the widest down, each once."""
    out: list[str] = []
    for row in range(first, last + 1):
        cell = grid.shown(row, column)
        if cell is not None and cell.text.strip() and cell.text.strip() not in out:
            out.append(cell.text.strip())
    return out


def _column(texts: list[str]) -> Column | None:
    if not texts:
        return None
    header = re.sub(r"\s+", "", "／".join(texts))
    subject = next((s for t in reversed(texts) if (s := _subject(t))), "")
    unit = re.search(r"[（(](?:单位[:：])?([百千万亿]*元|%|％|倍)[)）]", header)
    role = next((r for t in reversed(texts) if (r := role_of(t))), None)
    return Column(role, header, subject, unit[1] if unit else "") if role else None


def _subject(text: str) -> str:
    plain = re.sub(r"[\s对（(）)]", "", text)
    return _SUBJECTS.get(plain, "")


def column_list(layout: Layout) -> list[str]:
    """A line a column for the preview: B列“违法行为” → 违法行为."""
    known = [f"{letter(n)}列“{c.header}”→{NAMES[c.role]}" for n, c in layout.columns.items()]
    known += [f"{letter(n)}列“{text}”→没有认出" for n, text in layout.unknown.items()]
    return known + [f"{letter(n)}列→{UNUSED}" for n in sorted(layout.unused)]
