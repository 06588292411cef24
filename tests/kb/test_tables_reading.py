"""Files to grids: each format gives the same cells, merges and ghosts; hostile files are refused."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.errors import BadPackage, CailiangError, NotFound
from kb.importing.tables.grid import CAPS, Grid, column_number, letter, make_grid
from kb.importing.tables.reading import read_grids
from kb.importing.tables.values import date_text, is_date, number_text
from tests.kb.tables_kit import as_csv, as_docx, as_xlsx, grid

TABLE = """
    标题 | < | <
    序号 | 违法行为 | 裁量标准
    1 | 摆摊\\n未经批准 | 五百元
    ^ | 占道 | ~残留
    2 | 叫卖 |
"""


def cells(g: Grid) -> list[tuple[int, int, str, int, int, bool]]:
    return [(c.row, c.column, c.text, c.rows, c.columns, c.ghost) for c in g.cells if c.text]


def test_xlsx_and_docx_give_the_same_cells() -> None:
    wanted = cells(grid(TABLE.replace("~残留", "")))
    for data, name in (
        (as_xlsx(TABLE.replace("~残留", "")), "x.xlsx"),
        (as_docx(TABLE.replace("~残留", "")), "x.docx"),
    ):
        (found,) = read_grids(data, name)
        assert cells(found) == wanted


def test_text_under_a_merge_is_a_ghost() -> None:
    (found,) = read_grids(as_xlsx(TABLE), "x.xlsx")
    (ghost,) = [c for c in found.cells if c.ghost]
    assert (ghost.text, found.place(ghost)) == ("残留", "表“表”第4行C列")
    assert found.shown(4, 3) == found.stored(3, 3)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv_in_the_encodings_of_spreadsheets(encoding: str, delimiter: str) -> None:
    (found,) = read_grids(as_csv(TABLE, encoding, delimiter), "表.csv")
    assert found.name == "表"
    assert [c.text for c in found.cells if c.row == 3] == ["1", "摆摊\n未经批准", "五百元"]


def test_xls_with_ghost_date_and_percent(root: Path) -> None:
    first, hidden = read_grids(root / "tests/kb/fixtures/tables/small.xls")
    assert [(c.row, c.column, c.text) for c in first.cells if c.ghost] == [(5, 6, "责令改正，处二千元罚款")]
    assert [c.text for c in first.cells if c.row == 6] == ["1-2", "20%"]  # a serial that became a date
    assert hidden.hidden


def test_docx_leaves_out_marked_deletions_and_keeps_insertions() -> None:
    data = as_docx("序号 | 甲\n1 | 旧文字")
    with zipfile.ZipFile(io.BytesIO(data)) as z:
        parts = {n: z.read(n) for n in z.namelist()}
    body = parts["word/document.xml"].decode()
    old = "<w:r><w:t>旧文字</w:t></w:r>"
    assert old in body
    new = (
        '<w:del w:id="1" w:author="a"><w:r><w:delText>旧</w:delText></w:r></w:del>'
        '<w:ins w:id="2" w:author="a"><w:r><w:t>新文字</w:t></w:r></w:ins>'
    )
    parts["word/document.xml"] = body.replace(old, new).encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        for name, part in parts.items():
            z.writestr(name, part)
    (found,) = read_grids(out.getvalue(), "x.docx")
    assert found.cells[-1].text == "新文字"


def test_a_formula_is_never_computed() -> None:
    row = '<row r="9"><c r="A9"><f>1+1</f></c><c r="B9"><f>1+1</f><v>2</v></c></row>'
    (found,) = read_grids(as_xlsx(TABLE, cells=row), "x.xlsx")
    bare, kept = (c for c in found.cells if c.row == 9)
    assert "公式" in bare.fault
    assert (kept.text, kept.fault) == ("2", "")


# ---------------------------------------------------------------- values

NUMBERS = [
    (1.0, "", "1"),
    (0.1, "General", "0.1"),
    (0.2, "0%", "20%"),
    (5.0, '0"万元"', "5万元"),
    (1234567.0, "#,##0", "1234567"),
    (3.0, '"第"0"档"', "第3档"),
]


@pytest.mark.parametrize(("value", "pattern", "text"), NUMBERS)
def test_numbers_as_they_are_printed(value: float, pattern: str, text: str) -> None:
    assert number_text(value, pattern) == text


DATES = [("m-d", True), ("yyyy/m/d", True), ("General", False), ("0.00", False), ('0"元"', False)]


@pytest.mark.parametrize(("pattern", "date"), DATES)
def test_which_formats_are_dates(pattern: str, date: bool) -> None:
    assert is_date(pattern) is date


def test_a_date_without_a_year_is_a_serial() -> None:
    assert date_text(43832, "m-d") == "1-2"
    assert date_text(43832, "yyyy-m-d") == "2020-01-02"
    assert date_text(43832.381944, "yyyy-m-d h:mm") == "2020-01-02 09:10"
    assert date_text(1e12, "m-d") == "1000000000000"


@given(st.integers(1, 18278))
def test_letters_of_columns_read_back(n: int) -> None:
    assert column_number(letter(n)) == n


region = st.tuples(st.integers(1, 12), st.integers(1, 6), st.integers(1, 12), st.integers(1, 6))


@given(
    st.lists(region, max_size=8),
    st.dictionaries(st.tuples(st.integers(1, 8), st.integers(1, 5)), st.just("x")),
)
def test_any_merges_make_a_sound_grid(
    merges: list[tuple[int, int, int, int]], texts: dict[tuple[int, int], str]
) -> None:
    g = make_grid("表", [(r, c, t, "") for (r, c), t in texts.items()], merges)
    for cell in g.cells:
        shown = g.shown(cell.row, cell.column)
        assert shown is not None
        assert cell.ghost is (shown is not cell)  # what isn't shown is a ghost, and nothing else is
    assert {(c.row, c.column) for c in g.cells if c.text} == set(texts)


# ---------------------------------------------------------------- hostile files

ENTITY = "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"


def _bomb() -> bytes:
    return as_xlsx("甲 | 乙", extra={"xl/big.xml": "<a>" + " " * (3 << 20) + "</a>"})


HOSTILE = [
    (b"", "x.xls", "不是能读的表格文件"),
    (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "x.xls", "xls"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "_VBA_PROJECT_CUR".encode("utf-16-le") * 50, "x.xls", "含宏"),
    (b"PK\x03\x04broken", "x.xlsx", "不完整"),
    (b"\x00\x01\x02", "x.csv", "编码"),
    (as_xlsx("甲 | 乙", extra={"xl/vbaProject.bin": "x"}), "x.xlsx", "含宏"),
    (as_xlsx("甲", extra={"xl/worksheets/sheet1.xml": ENTITY}), "x.xlsx", "DTD"),
    (as_xlsx("甲", cells='<row r="9999999"><c r="A9999999"><v>1</v></c></row>'), "x.xlsx", "表格过大"),
    (as_xlsx("甲", cells='<row r="3"><c r="XFD3"><v>1</v></c></row>'), "x.xlsx", "表格过大"),
    (as_xlsx("甲 | " + "字" * (CAPS.text + 1)), "x.xlsx", "超过"),
    (_bomb(), "x.xlsx", "压缩炸弹"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "name", "said"), HOSTILE, ids=[said for *_, said in HOSTILE])
def test_hostile_files_are_refused_in_one_line(data: bytes, name: str, said: str) -> None:
    with pytest.raises(BadPackage) as refused:
        read_grids(data, name)
    line = str(refused.value)
    assert said in line
    assert "\n" not in line


def test_a_merge_over_a_whole_sheet_costs_nothing() -> None:
    (found,) = read_grids(as_xlsx("甲 | 乙", merges='<mergeCell ref="A1:XFD1048576"/>'), "x.xlsx")
    assert (found.height, found.width) == (1, 2)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="找不到文件"):
        read_grids(tmp_path / "nichts.xls")


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for name in ("x.xls", "x.xlsx", "x.docx", "x.csv"):
        try:
            read_grids(data, name)
        except CailiangError as error:
            assert str(error)  # noqa: PT017


@pytest.mark.parametrize("cut", [3, 512, 1000, 2600, 5000])
def test_a_damaged_xls_is_refused_or_read(root: Path, cut: int) -> None:
    data = bytearray((root / "tests/kb/fixtures/tables/small.xls").read_bytes())
    data[cut : cut + 40] = b"\xff" * 40
    try:
        read_grids(bytes(data), "x.xls")
    except BadPackage as error:
        assert "\n" not in str(error)  # noqa: PT017
