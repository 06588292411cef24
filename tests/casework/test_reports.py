"""Reports counted from a store: catalogues, yearly figures, their files; the register of entrusted bodies."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from docx import Document as open_docx
from lxml import etree

from casework import bodies, ledger_rows, ledgers
from casework.entrustments import alarms, dues, entrustments
from casework.issuing import void
from casework.report_files import to_docx, to_xlsx
from casework.reports import Chart, Report, Table, major, quarter, quarter_days
from casework.statistics import Figure, Group, kind_of, year
from casework.verification import verify
from generator.casefile import load_case
from generator.events import FILING
from kb.errors import BadValue, Conflict, NotFound, WrongUse
from kb.importing.tables.from_xlsx import read_xlsx
from kb.importing.tables.grid import Grid
from kb.importing.yaml_files import load_yaml
from kb.package import open_package
from tests.casework.conftest import AT, Office
from tests.casework.walk_kit import unnumbered

Body = Callable[..., dict[str, Any]]
CASES = Path(__file__).resolve().parents[2] / "examples" / "cases"
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)


def decided(office: Office, body: dict[str, Any], id: str, **more: Any) -> str:
    """A case with its notice and its decision issued."""
    made = office.create(unnumbered(body) | {"id": id, **more})
    office.issue(made, "prior_notice")
    office.issue(made, "decision")
    return made


def figures(groups: tuple[Group, ...]) -> dict[str, Figure]:
    return {f.label: f for g in groups for f in g.figures}


@pytest.mark.parametrize("path", sorted(CASES.glob("*.yaml")), ids=lambda p: p.stem)
def test_an_outline_says_of_a_case_what_reports_read(path: Path) -> None:
    whole = load_case(path)
    text = bodies.dump(load_yaml(path)[0])
    brief = bodies.outline_of(text, "x", FILING)
    for name in ("id", "cause", "filed", "parties", "notice", "decision", "payments", "proceedings"):
        assert getattr(brief, name) == getattr(whole, name), name
    for name in ("benchmark", "party", "fine", "measures", "act"):
        said = [[getattr(v, name) for v in case.violations] for case in (brief, whole)]
        assert said[0] == said[1], name
    assert brief.papers == [p for p in whole.papers if p.type == FILING]
    assert len(bodies.dump(brief.model_dump(exclude_unset=True, mode="json"))) < len(text)


# ---------------------------------------------------------------- a year


def test_the_figures_of_a_year(office: Office, body: Body) -> None:
    """Two penalties, one without, one void, one of another year."""
    proceedings = [
        {"kind": "行政复议", "accepted": "2026-11-10", "ended": "2026-11-20", "result": "维持"},
        {"kind": "行政诉讼", "accepted": "2026-11-22"},
    ]
    payments = [{"date": "2026-11-12", "amount": 20000}, {"date": "2027-01-05", "amount": 30000}]
    decided(office, body(), "a", proceedings=proceedings, payments=payments)
    decided(office, body("noise-hailing"), "b")
    none = office.create(unnumbered(body("noise-first-time")) | {"id": "c"})
    office.issue(none, "no_penalty_decision")
    spoiled = decided(office, body(), "d")
    with office.cases.writing(by="示例张", at=AT) as w:
        void(w, "示综执罚〔2026〕3号", "写坏")
    report, groups = year(office.cases.store, office.base, 2026)
    found = figures(groups)
    assert set(found["行政处罚决定书"].cases) == {"a", "b"}
    assert spoiled not in found["行政处罚决定书"].cases
    assert list(found["不予行政处罚决定书"].cases) == ["c"]
    fines = [sum(v["fine"] for v in body(n)["violations"]) for n in ("unlicensed-food", "noise-hailing")]
    assert found["罚款"].amount == Decimal(sum(fines))
    assert found["没收违法所得"].count == 1
    assert {found["市场监管"].count, found["生态环境"].count} == {1, 2}
    assert found["行政复议受理"].count == 1
    assert list(found["行政复议：维持"].cases) == ["a"]
    assert list(found["行政诉讼受理"].cases) == ["a"]
    assert (found["收到款项"].count, found["收到款项"].amount) == (1, Decimal(20000))
    assert report.due == date(2027, 1, 31)
    months = {label: int(n) for label, n in report.charts[2].bars}
    assert sum(months.values()) == 3
    _, later = year(office.cases.store, office.base, 2027)
    assert figures(later)["收到款项"].amount == Decimal(30000)
    assert figures(later)["行政处罚决定书"].count == 0


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("警告", "警告"),
        ("没收违法所得", "没收违法所得"),
        ("没收非法财物", "没收非法财物"),
        ("暂扣食品经营许可证", "暂扣许可证件"),
        ("吊销营业执照", "吊销许可证件"),
        ("责令停产停业", "责令停产停业"),
        ("责令停止建设", "责令停止建设"),
    ],
)
def test_kinds_as_the_law_calls_them(said: str, kind: str) -> None:
    assert kind_of(said) == kind


def test_a_case_that_is_not_whole_is_told_not_counted(office: Office, body: Body) -> None:
    decided(office, body(), "a")
    with office.cases.writing(by="示例张", at=AT) as w:
        now = w.current("a")
        w.save("a", now.body | {"parties": []}, expected_revision=now.revision)
    report, groups = year(office.cases.store, office.base, 2026)
    assert figures(groups)["行政处罚决定书"].count == 0
    assert any("案件 a 没有计入" in n for n in report.notes)


# ---------------------------------------------------------------- catalogues


def test_major_acts_with_their_papers_and_their_day(office: Office, body: Body) -> None:
    decided(office, body(), "a")
    decided(office, body("noise-hailing"), "b")
    made = major(office.cases.store, office.base, FIRST, LAST, masked=False)
    rows = made.tables[0].rows
    assert [r[2] for r in rows] == ["示综执罚〔2026〕1号"], "only the reviewed one is major"
    assert rows[0][10] == "2026-12-02", "thirty days after 2 November"
    assert rows[0][11] == "未报"
    assert [r[1] for r in made.tables[1].rows] == ["行政处罚告知书", "行政处罚决定书"]
    assert "南政办内传" in made.basis
    with pytest.raises(WrongUse, match="起止日期颠倒"):
        major(office.cases.store, office.base, LAST, FIRST)


def test_a_quarter(office: Office, body: Body) -> None:
    decided(office, body(), "a")
    day = date.fromisoformat(str(body()["decision"]["date"]))
    made = quarter(office.cases.store, office.base, day.year, (day.month + 2) // 3, masked=True)
    (row,) = made.tables[0].rows
    assert (row[1], row[7], row[10], row[11]) == ("a", "示综执罚〔2026〕1号", "没有结案", 2)
    assert quarter(office.cases.store, office.base, day.year - 1, 1).tables[0].rows == ()


@pytest.mark.parametrize(
    ("year", "quarter", "days"),
    [
        (2026, 1, (date(2026, 1, 1), date(2026, 3, 31))),
        (2028, 1, (date(2028, 1, 1), date(2028, 3, 31))),
        (2026, 2, (date(2026, 4, 1), date(2026, 6, 30))),
        (2026, 3, (date(2026, 7, 1), date(2026, 9, 30))),
        (2026, 4, (date(2026, 10, 1), date(2026, 12, 31))),
    ],
)
def test_the_days_of_a_quarter(year: int, quarter: int, days: tuple[date, date]) -> None:
    assert quarter_days(year, quarter) == days


def test_names_are_blotted_out_unless_asked(office: Office, body: Body) -> None:
    person = {
        "kind": "individual",
        "name": "王小明",
        "id_number": "00000019900101000X",
        "address": "示例路1号",
    }
    decided(office, body(parties=[person]), "a")
    store, base = office.cases.store, office.base
    shown = {masked: str(quarter(store, base, 2026, 4, masked=masked).tables) for masked in (True, False)}
    shown = {m: t + str(quarter(store, base, 2026, 3, masked=m).tables) for m, t in shown.items()}
    assert "王小明" not in shown[True]
    assert "王某某" in shown[True]
    assert "王小明" in shown[False]


# ---------------------------------------------------------------- files

HOSTILE = '=HYPERLINK("http://example.invalid";"看")'


@pytest.fixture
def report() -> Report:
    rows = ((HOSTILE, 3, Decimal("1234567.50")), ("+1\x00\ud800", 0, ""))
    table = Table("表[1]:*?/", (("项目", 4), ("数", 1), ("元", 2)), rows)
    charts = (Chart("种类", "次", (("警告", Decimal(2)), (HOSTILE, Decimal(3)))), Chart("空", "件", ()))
    return Report("year", "数据", FIRST, LAST, "依据", LAST, (table, table), charts, ("一", "二"))


def test_a_sheet_has_numbers_as_numbers_and_text_as_text(report: Report) -> None:
    data = to_xlsx(report, "示例局", AT)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheets = [archive.read(n) for n in archive.namelist() if n.startswith("xl/worksheets/sheet")]
    assert len(sheets) == 3
    assert not [s for s in sheets if b"<f>" in s], "nothing typed becomes a formula"
    grids = read_xlsx(open_package(data), "report.xlsx")
    assert HOSTILE in {cell.text for grid in grids for cell in grid.cells}
    assert any(b"1234567.5" in s for s in sheets)
    assert data == to_xlsx(report, "示例局", AT)


def test_a_sheet_has_its_charts(report: Report) -> None:
    with zipfile.ZipFile(io.BytesIO(to_xlsx(report, "示例局", AT))) as archive:
        charts = [n for n in archive.namelist() if n.startswith("xl/charts/chart")]
        assert len(charts) == 1, "an empty chart is left out"
        assert "<c:barChart>" in archive.read(charts[0]).decode()


def test_every_chart_draws_its_own_figures(report: Report) -> None:
    """What a chart refers to are the cells that hold its labels and values, title and unit beside it."""
    bars = [
        ("处罚种类", "次", (("警告", 2), ("罚款", 31))),
        ("各领域决定", "件", tuple((f"第{n}类", n) for n in range(1, 25))),
        ("每月决定", "件", (("一月", 0), ("二月", 7), ("三月", 12))),
    ]
    charts = tuple(Chart(t, u, tuple((x, Decimal(n)) for x, n in rows)) for t, u, rows in bars)
    data = to_xlsx(replace(report, charts=charts), "示例局", AT)
    (grid,) = (g for g in read_xlsx(open_package(data), "report.xlsx") if g.name == "图表")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = sorted(n for n in archive.namelist() if n.startswith("xl/charts/chart"))
        drawn = [etree.fromstring(archive.read(n)) for n in names]
    said = []
    for root in drawn:
        refs = [str(f.text) for f in root.iter(C + "f")]
        title, labels, values = [_cells(grid, ref) for ref in refs]
        texts = ["".join(map(str, node.itertext())) for node in root.iter(C + "title")]
        said.append((*title, texts[1], tuple(zip(labels, map(int, values), strict=True))))
        assert texts[0] == title[0]
    assert said == bars


def _cells(grid: Grid, ref: str) -> list[str]:
    """The texts of the cells that a reference like 图表!$A$2:$A$4 names."""
    found = re.fullmatch(r"'?图表'?!\$([A-Z])\$(\d+)(?::\$([A-Z])\$(\d+))?", ref)
    assert found, ref
    column, first, other, last = found.groups()
    assert other in (None, column)
    rows = range(int(first), int(last or first) + 1)
    cells = [grid.stored(row, ord(column) - ord("A") + 1) for row in rows]
    return [cell.text if cell else "" for cell in cells]


def test_a_report_as_docx(report: Report) -> None:
    data = to_docx(report, "示例局", AT.date())
    assert data == to_docx(report, "示例局", AT.date())
    document = open_docx(io.BytesIO(data))
    assert [len(t.rows) for t in document.tables] == [3, 3]
    assert document.tables[0].cell(1, 2).text == "1,234,567.50"
    said = "\n".join(p.text for p in document.paragraphs)
    assert "示例局数据" in said
    assert "2026年12月31日以前公开" in said


# ---------------------------------------------------------------- entrusted bodies


def entrust(office: Office, **cells: str) -> str:
    row = {"organ": "示例镇综合执法队", "matters": "占道经营", "until": "2026-12-31"} | cells
    with office.cases.writing(by="示例张", at=AT) as w:
        return ledger_rows.add(w, "entrustment", row, day=AT.date())


@pytest.mark.parametrize(
    ("until", "on", "state", "left"),
    [
        ("2026-12-31", date(2026, 6, 1), "有效", 213),
        ("2026-12-31", date(2026, 11, 1), "将届满", 60),
        ("2026年12月31日", date(2026, 12, 31), "将届满", 0),
        ("2026-12-31", date(2027, 1, 1), "已届满", -1),
        ("长期", date(2026, 6, 1), "期限不明", None),
        ("2026-13-41", date(2026, 6, 1), "期限不明", None),
    ],
)
def test_an_entrustment_runs_out(office: Office, until: str, on: date, state: str, left: int | None) -> None:
    entrust(office, until=until, published="网站", filed_superior="2026-01-05", filed_justice="2026-01-06")
    (found,) = entrustments(office.cases.store)
    assert (found.state(on, 60), found.left(on)) == (state, left)
    assert bool(alarms([found], on, 60)) == (state != "有效")


def test_a_renewed_entrustment_rings_no_alarm(office: Office) -> None:
    entrust(office, until="2026-06-30")
    entrust(
        office, until="2027-06-30", published="网站", filed_superior="2026-07-01", filed_justice="2026-07-02"
    )
    found, on = entrustments(office.cases.store), date(2026, 8, 1)
    assert [e.state(on, 60) for e in found] == ["已续", "有效"]
    assert alarms(found, on, 60) == []
    assert [(d.day, d.state(on)) for d in dues(found)] == [(date(2027, 6, 30), "未届满")]


def test_what_is_owed_is_filled_in_later(office: Office) -> None:
    entrust(office)
    on = date(2026, 6, 1)
    assert (
        "没有公布；没有报上一级机关备案；没有报司法行政部门备案"
        in alarms(entrustments(office.cases.store), on, 60)[0]
    )
    with office.cases.writing(by="示例李", at=AT) as w:
        ledger_rows.fill_row(
            w, "entrustment", AT.year, 1, {"filed_justice": "2026-01-06", "published": "网站"}
        )
    assert alarms(entrustments(office.cases.store), on, 60) == [
        "2026-1 示例镇综合执法队：没有报上一级机关备案"
    ]
    with office.cases.writing(by="示例李", at=AT) as w:
        with pytest.raises(Conflict, match="已经写了 2026-01-06"):
            ledger_rows.fill_row(w, "entrustment", AT.year, 1, {"filed_justice": "2026-02-01"})
        with pytest.raises(BadValue, match="没有“x”这一栏"):
            ledger_rows.fill_row(w, "entrustment", AT.year, 1, {"x": "1"})
        with pytest.raises(NotFound, match="没有2026年9号"):
            ledger_rows.fill_row(w, "entrustment", AT.year, 9, {"published": "1"})
        ledger_rows.void_row(w, "entrustment", AT.year, 1, "登错")
        with pytest.raises(Conflict, match="已经作废"):
            ledger_rows.fill_row(w, "entrustment", AT.year, 1, {"published": "1"})
    assert entrustments(office.cases.store) == []
    assert verify(office.cases.store).sound


def test_an_issued_entrustment_enters_the_register(office: Office, body: Body) -> None:
    case = body("entrusted-street")
    id = office.create(unnumbered(case))
    office.issue(id, "entrustment_agreement")
    (row,) = ledgers.rows(office.cases.store, "entrustment", AT.year, masked=False)
    assert row.cells["organ"] == case["organ"]["entrusted"]["body"]
    assert row.cells["until"] == str(case["organ"]["entrusted"]["until"])
