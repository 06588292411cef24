"""PDF files to grids: tables over pages, rows torn in two, and files that mean harm."""

from __future__ import annotations

import time
import zlib
from contextlib import suppress
from itertools import count
from pathlib import Path

import pytest

from kb.errors import BadPackage
from kb.importing.tables.from_pdf import PdfCaps, read_pdf
from kb.importing.tables.grid import Grid
from kb.importing.tables.pdf_pages import Line, Room, begins, flow
from kb.importing.tables.reading import read_grids
from tests.kb.pdf_kit import PADDING, SIZE, Sheet, pdf, raw_pdf

HEADER = ["序号", "违法行为", "情形", "罚款"]
WIDTHS = [50, 90, 90, 110]


def read(*sheets: Sheet) -> list[Grid]:
    return read_pdf(pdf(*sheets), "表.pdf")


def shown(grid: Grid) -> list[list[str]]:
    """What a reader sees, row by row; a merged cell stands in each of its places."""
    cells = [[grid.shown(r, c) for c in range(1, grid.width + 1)] for r in range(1, grid.height + 1)]
    return [[cell.text if cell else "" for cell in row] for row in cells]


def over_pages(*tables: list[list[str]]) -> list[Grid]:
    """One table, a part of it a page."""
    return read(*(Sheet().table(rows, WIDTHS) for rows in tables))


# ---------------------------------------------------------------- one page


def test_merges_lines_and_places() -> None:
    sheet = Sheet().line("第一章　街面秩序").line("一、占道摆摊")
    sheet.table([HEADER, ["1", "占道", "一次", "二百元"], ["^", "^", "两次", "五百元"]], WIDTHS)
    sheet.line("注：本表只作示例。").line("- 7 -", 280, 800)
    (grid,) = read(sheet)
    assert shown(grid) == [
        ["第一章　街面秩序"] * 4,
        ["一、占道摆摊"] * 4,
        HEADER,
        ["1", "占道", "一次", "二百元"],
        ["1", "占道", "两次", "五百元"],
        ["注：本表只作示例。"] * 4,
    ]  # the page number is no content
    cell = grid.stored(5, 4)
    assert cell is not None
    assert grid.place(cell) == "第1页表1第3行D列"
    title = grid.stored(1, 1)
    assert title is not None
    assert grid.place(title) == "第1页"


def test_each_table_has_the_lines_above_it() -> None:
    first, second = [HEADER, ["1", "甲", "乙", "一元"]], [["甲", "乙"], ["丙", "丁"]]
    grids = read(Sheet().line("一、某事").table(first, WIDTHS).line("二、另一事").table(second, [90, 90]))
    assert [shown(g)[0][0] for g in grids] == ["一、某事", "二、另一事"]
    assert [g.name for g in grids] == ["第1页表1", "第1页表2"]


def test_broken_lines_flow_and_items_do_not() -> None:
    text = "（1）属于初次摆设摊点；\n（2）在责令的期限之内已经收摊"
    (grid,) = read(Sheet().table([HEADER, ["1", "占道摆设摊点经营的", text, "不处罚"]], WIDTHS))
    row = shown(grid)[1]
    assert row[1] == "占道摆设摊点经营的"
    assert row[2] == text


def test_a_wide_gap_is_a_space() -> None:
    (grid,) = read(Sheet().table([HEADER, ["1", "第五条　不得", "A类 B类", "一元"]], WIDTHS))
    assert shown(grid)[1][1:3] == ["第五条　不得", "A类　B类"]


def test_text_that_hangs_over_a_ruling_stays_with_its_word() -> None:
    sheet = Sheet().table([HEADER, ["1", "甲", "乙", "一元"]], WIDTHS)
    sheet.line("（保护区除外）", 60 + 50 + 90 - 6 * SIZE - 2, 292)  # the bracket crosses into the next column
    sheet = Sheet(sheet.parts, 290).table([["2", "", "", "二元"]], WIDTHS)
    (grid, second) = read(sheet)
    assert shown(second)[0][1:] == ["（保护区除外）", "", "二元"]
    assert shown(grid)[1] == ["1", "甲", "乙", "一元"]


# ---------------------------------------------------------------- over pages

BODY = ["1", "占道", "一次", "二百元"]
OVER_PAGES = {
    "a new row": (
        [HEADER, BODY],
        [["2", "堆物", "一次", "三百元"]],
        [HEADER, BODY, ["2", "堆物", "一次", "三百元"]],
    ),
    "the header printed anew": (
        [HEADER, BODY],
        [HEADER, ["2", "堆物", "", "一元"]],
        [HEADER, BODY, ["2", "堆物", "", "一元"]],
    ),
    "a row torn in two": (
        [HEADER, ["1", "占道", "在饮用水保护区", "二百元"]],
        [["", "", "之内", ""]],
        [HEADER, ["1", "占道", "在饮用水保护区之内", "二百元"]],
    ),
    "a merged cell without text on the second page": (
        [HEADER, ["1", "占道", "一次", "二百元"], ["^", "^", "两次", "三百元"]],
        [["", "", "三次", "五百元"]],
        [HEADER, BODY, ["1", "占道", "两次", "三百元"], ["1", "占道", "三次", "五百元"]],
    ),
    "a merged cell whose text goes on": (
        [HEADER, ["1", "未经批准占道摆设摊点的生产经营", "一次", "二百元"], ["^", "^", "两次", "三百元"]],
        [["", "单位", "三次", "五百元"]],
        [
            HEADER,
            ["1", "未经批准占道摆设摊点的生产经营单位", "一次", "二百元"],
            ["1", "未经批准占道摆设摊点的生产经营单位", "两次", "三百元"],
            ["1", "未经批准占道摆设摊点的生产经营单位", "三次", "五百元"],
        ],
    ),
    "cells as full as can be are whole where nothing merges": (
        [HEADER, ["1", "在道路上占道摆摊", "在饮用水源保护区", "十万元以上二十万元"]],
        [["2", "在道路上占道堆物", "在饮用水源保护区", "十万元以上三十万元"]],
        [
            HEADER,
            ["1", "在道路上占道摆摊", "在饮用水源保护区", "十万元以上二十万元"],
            ["2", "在道路上占道堆物", "在饮用水源保护区", "十万元以上三十万元"],
        ],
    ),
}


@pytest.mark.parametrize("name", OVER_PAGES)
def test_a_table_goes_on_over_pages(name: str) -> None:
    first, second, wanted = OVER_PAGES[name]
    (grid,) = over_pages(first, second)
    assert shown(grid) == wanted
    last = next(c for c in reversed(grid.cells) if c.text)
    assert grid.place(last).startswith("第1页" if name == "a row torn in two" else "第2页")


def test_a_header_in_a_narrow_column_is_whole() -> None:
    widths = [4 * SIZE + 2 * PADDING, 90, 90, 110]
    first = Sheet().table([["违法行为", "情形", "程度", "罚款"]], widths)
    second = Sheet().table([["在路上占道摆摊", "一次", "轻", "一元"], ["^", "两次", "重", "二元"]], widths)
    (grid,) = read(first, second)
    assert shown(grid)[:2] == [["违法行为", "情形", "程度", "罚款"], ["在路上占道摆摊", "一次", "轻", "一元"]]


def test_text_between_pages_begins_another_table() -> None:
    grids = read(
        Sheet().table([HEADER, BODY], WIDTHS), Sheet().line("二、另一事").table([HEADER, BODY], WIDTHS)
    )
    assert [len(shown(g)) for g in grids] == [2, 3]


def test_a_table_of_another_width_is_another_table() -> None:
    grids = read(Sheet().table([HEADER, BODY], WIDTHS), Sheet().table([["甲", "乙"]], [40, 40]))
    assert [g.width for g in grids] == [4, 2]


# ---------------------------------------------------------------- where lines end


def line(text: str, x0: float, x1: float, lead: float = 10) -> Line:
    return Line(text, x0, x1, 0, 10, lead)


WRAPS = [
    ("full to the edge", line("甲乙丙", 0, 100), 10, True),
    ("room for one more letter", line("甲乙丙", 0, 89), 10, False),
    ("no room for the number that follows", line("甲乙丙", 0, 85), 24, True),
    ("centred and full", line("甲乙丙", 4, 96), 10, True),
    ("centred with room on both sides", line("甲乙丙", 20, 80), 10, False),
    ("indented and full", line("甲乙丙", 20, 100), 10, True),
]


@pytest.mark.parametrize(("what", "above", "lead", "wanted"), WRAPS, ids=[w[0] for w in WRAPS])
def test_wrapped(what: str, above: Line, lead: float, wanted: bool) -> None:
    below = line("丁", 0, 10, lead)
    assert Room(0, 100).wrapped(above, below) is wanted
    assert flow([above, below], Room(0, 100)) == ("甲乙丙丁" if wanted else "甲乙丙\n丁")


def test_what_begins_a_paragraph() -> None:
    full = line("满行的文字；", 0, 100)
    assert begins(full, line("（2）另一条", 0, 50))
    assert begins(line("满行的文字", 0, 100), line("§2.1 标准", 0, 50))
    assert not begins(line("满行的文字", 0, 100), line("（二）项", 0, 50))


# ---------------------------------------------------------------- files that mean harm

GOOD = pdf(Sheet().table([HEADER, BODY], WIDTHS))
SOON = PdfCaps(pages=3, seconds=20)


def packed(data: bytes, *, times: int = 1) -> bytes:
    for _ in range(times):
        data = zlib.compress(data)
    filters = b"[" + b"/FlateDecode " * times + b"]"
    return b"<< /Length %d /Filter %s >>\nstream\n%s\nendstream" % (len(data), filters, data)


def forms_in_forms(depth: int) -> bytes:
    """Each form draws the next one twice: two to the power of ``depth`` drawings."""
    numbers = count(8)
    resources = ""
    extra = []
    for n in range(depth):
        own, following = next(numbers), 9 + n
        inner = "" if n == depth - 1 else f"/Resources << /XObject << /X {following} 0 R >> >>"
        body = b"0 0 m 9 9 l S" if n == depth - 1 else b"/X Do /X Do"
        head = f"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] {inner} /Length {len(body)} >>".encode()
        extra.append(head + b"\nstream\n" + body + b"\nendstream")
        resources = resources or f"/XObject << /X {own} 0 R >>"
    return raw_pdf([b"<< /Length 5 >>\nstream\n/X Do\nendstream"], extra=extra, resources=resources)


def locked() -> bytes:
    lock = b"<< /Filter /Standard /V 1 /R 2 /P -4 /O <%s> /U <%s> >>" % (b"41" * 32, b"42" * 32)
    return pdf(Sheet().line("甲"), trailer="/Encrypt 8 0 R /ID [<41> <41>]", extra=[lock])


HOSTILE = {
    "encrypted": (locked, SOON, "加了密码"),
    "cut off": (lambda: GOOD[: len(GOOD) // 3], SOON, "损坏|没有文字"),
    "only a first line": (lambda: b"%PDF-1.7\n", SOON, "损坏|没有文字"),
    "no text": (lambda: pdf(Sheet()), SOON, "没有文字，可能是扫描件"),
    "too many pages": (lambda: pdf(*[Sheet().line("甲")] * 4), SOON, "有 4 页，超过 3 页"),
    "too many letters": (lambda: pdf(Sheet().line("甲" * 20_001)), SOON, "第1页的字过多"),
    "too many rulings": (
        lambda: pdf(Sheet([f"0 {n / 9} 500 0.05 re S" for n in range(7000)])),
        SOON,
        "线条过多",
    ),
    "forms in forms": (lambda: forms_in_forms(40), PdfCaps(seconds=2), "2 秒内没有读完|损坏"),
    "a stream that unpacks to much": (
        lambda: raw_pdf([packed(b" " * (150 << 20), times=2)]),
        PdfCaps(seconds=60, memory=300 << 20),
        "内存过多|秒内没有读完|中断|损坏",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_in_one_line(name: str) -> None:
    make, caps, wanted = HOSTILE[name]
    data = make()
    begun = time.monotonic()
    with pytest.raises(BadPackage, match=wanted) as refused:
        read_pdf(data, "某.pdf", caps=caps)
    assert "\n" not in str(refused.value)
    assert "某.pdf" in str(refused.value)
    assert refused.value.hint
    assert time.monotonic() - begun < caps.seconds + 15


def spoilt(step: int) -> bytes:
    data = bytearray(GOOD)
    for at in range(step, len(data), step):
        data[at] ^= 0x5A
    return bytes(data)


SPOILT = [*map(spoilt, (97, 211, 401, 613)), GOOD.replace(b"/Kids [6 0 R]", b"/Kids [2 0 R]")]


@pytest.mark.parametrize("data", SPOILT, ids=["97", "211", "401", "613", "pages in themselves"])
def test_a_spoilt_file_is_read_or_refused(data: bytes) -> None:
    with suppress(BadPackage):  # nothing else may come out of it, and it ends
        read_pdf(data, "某.pdf", caps=SOON)


def test_scripts_and_attachments_are_not_looked_at(tmp_path: Path) -> None:
    trace = tmp_path / "ran"
    script = f"<< /S /JavaScript /JS (app.launchURL\\('file://{trace}'\\)) >>".encode()
    launch = f"<< /S /Launch /F (/bin/touch) /P ({trace}) >>".encode()
    file = b"<< /Type /EmbeddedFile /Length 3 >>\nstream\nabc\nendstream"
    data = pdf(
        Sheet().table([HEADER, BODY], WIDTHS),
        catalog="/OpenAction 8 0 R /AA << /WC 9 0 R >> /Names << /EmbeddedFiles << /Names [(a) 10 0 R] >> >>",
        extra=[script, launch, file],
    )
    (grid,) = read_pdf(data, "某.pdf")
    assert shown(grid) == [HEADER, BODY]
    assert not trace.exists()


def test_a_pdf_is_known_by_its_first_bytes(tmp_path: Path) -> None:
    path = tmp_path / "表.dat"
    path.write_bytes(GOOD)
    told: list[tuple[int, int]] = []
    (grid,) = read_grids(path, progress=lambda page, of: told.append((page, of)))
    assert shown(grid) == [HEADER, BODY]
    assert told == [(1, 1)]


# ---------------------------------------------------------------- real files


@pytest.mark.corpus
def test_a_list_over_six_pages_is_one_table(corpus: Path) -> None:
    (grid,) = read_grids(corpus / "tables" / "guangdong-ecology-no-penalty-2021.pdf")
    rows = shown(grid)
    serials = [row[0] for row in rows if row[0].isdigit()]
    assert serials == [str(n) for n in range(1, 21)]
    torn = next(row for row in rows if row[0] == "14")
    assert torn[4].endswith("危害后果轻微。")  # the row that the end of a page tears
    assert len({len(row) for row in rows}) == 1
