"""A table of rows to papers: reading, what columns mean, cells, faults by column, the run, the report."""

from __future__ import annotations

import io
import os
import signal
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from app.api import batch as api
from app.base import Base
from casework.batch.assembling import Fault
from casework.batch.hands import hands
from casework.batch.journal import DRAFT, MADE, NOTHING, Journal, Outcome, journal_of
from casework.batch.mapping import Fields, KnownField, shown
from casework.batch.output import file_name, publish
from casework.batch.report import REPORT, report
from casework.batch.rows import MOST_ROWS
from casework.batch.running import dry_run, run
from casework.batch.values import read_value
from casework.office.rosters import Holder, Roster
from generator import provenance
from generator.catalogue import document_type
from generator.docx_text import read_docx
from kb.errors import BadPackage, BadValue, CailiangError, Conflict, StoreFailure, WrongUse
from kb.snapshot import Snapshot
from tests.casework.batch_kit import CASE, HEADERS, as_csv, as_jsonl, as_xlsx, open_home, row, rows

DAY = date(2026, 11, 20)


@pytest.fixture(scope="module")
def agency_base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Base]:
    base = open_home(tmp_path_factory.mktemp("home"))
    yield base
    base.store.close()


@pytest.fixture(scope="module")
def base(agency_base: Base) -> Snapshot:
    return agency_base.snapshot()


def asked(data: bytes, name: str = "rows.xlsx", columns: tuple[str, ...] = (), **more: Any) -> api.Asked:
    shared = api.read_shared(CASE) | more
    return api.Asked(document_type("decision"), data, name, shared, columns)


def quiet(_at: object) -> None:
    """Nobody watches."""


# ---------------------------------------------------------------- reading


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (as_xlsx(rows(3)), "a.xlsx"),
        (as_csv(rows(3)), "a.csv"),
        (as_csv(rows(3), encoding="utf-8-sig"), "a.csv"),
        (as_csv(rows(3), encoding="gb18030"), "a.csv"),
        (as_jsonl(rows(3)), "a.jsonl"),
        (as_xlsx([["", "批量处罚", *[""] * 7], list(HEADERS), *rows(3)], ["示例县"] + [None] * 8), "a.xlsx"),  # type: ignore[list-item]
    ],
    ids=["xlsx", "csv", "csv-bom", "csv-gb18030", "jsonl", "titles-above"],
)
def test_every_format_gives_the_same_cases(data: bytes, name: str, base: Snapshot) -> None:
    batch = api.prepare(asked(data, name), base, DAY)
    assert batch.sheet.total == 3
    made = [batch.assembler.case(row) for _, row in batch.rows()]
    assert [m.faults for m in made] == [[], [], []]
    assert [m.case.parties[0].trade_name for m in made if m.case] == ["示例第1店", "示例第2店", "示例第3店"]
    assert [m.case.decision.number for m in made if m.case] == [1, 2, 3]


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("[Content_Types].xml", "x" * (80 << 20))
    return out.getvalue()


def with_sheet(change: tuple[str, str]) -> bytes:
    """A workbook whose sheet was tampered with."""
    out, source = io.BytesIO(), zipfile.ZipFile(io.BytesIO(as_xlsx(rows(1))))
    with zipfile.ZipFile(out, "w") as z:
        for name in source.namelist():
            data = source.read(name)
            z.writestr(name, data.replace(*(c.encode() for c in change)) if "sheet1" in name else data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "kind", "said"),
    [
        (b"", "a.csv", WrongUse, "没有内容"),
        (b"a,b\n", "a.csv", WrongUse, "没有数据"),
        (b"PK\x03\x04nonsense", "a.xlsx", BadPackage, "a.xlsx"),
        (bomb(), "a.xlsx", BadPackage, "a.xlsx"),
        (
            with_sheet(("<sheetData>", "<!DOCTYPE a [<!ENTITY b 'c'>]><sheetData>")),
            "a.xlsx",
            BadPackage,
            "DTD",
        ),
        (with_sheet(("</sheetData>", "")), "a.xlsx", BadPackage, "不完整"),
        (b"\x89PNG\r\n", "a.png", BadPackage, "可以用 .xlsx、.csv、.jsonl"),
        (("当事人\n" + "甲\n" * (MOST_ROWS + 99)).encode(), "a.csv", BadPackage, f"超过 {MOST_ROWS} 行"),
        (("当事人\n" + "甲" * 30_000).encode(), "a.csv", BadPackage, "字"),
        (b'{"a": 1}\n[1]', "a.jsonl", BadPackage, "第2行"),
        (b'{"a": 1, "a": 2}', "a.jsonl", BadPackage, "写了两次"),
        (b'{"a": ' + b"[" * 100_000, "a.jsonl", BadPackage, "JSON"),
        ("当事人,罚款,罚款\n甲,1,2".encode(), "a.csv", WrongUse, "两列都叫“罚款”"),
    ],
)
def test_hostile_tables_are_refused_in_one_line(
    data: bytes, name: str, kind: type[CailiangError], said: str, base: Snapshot
) -> None:
    with pytest.raises(kind) as e:
        api.prepare(asked(data, name), base, DAY)
    assert said in str(e.value)
    assert "\n" not in str(e.value)


def test_a_formula_is_never_computed(base: Snapshot) -> None:
    data = with_sheet(("<v>50000</v>", '<f>HYPERLINK("http://x")</f>'))
    found = dry_run(api.prepare(asked(data), base, DAY), quiet)
    assert [(f.row, f.column, f.message) for f in found.faults] == [
        (2, "罚款（元）", "公式没有存下结果，程序不计算公式")
    ]


# ---------------------------------------------------------------- what columns mean


@pytest.mark.parametrize(
    ("header", "path"),
    [
        ("当事人", "parties.1.name"),
        ("当事人2姓名或者名称", "parties.2.name"),
        ("统一社会信用代码", "parties.1.code"),
        ("住所", "parties.1.address"),
        ("身份证号码", "parties.1.id_number"),
        ("违法事实", "violations.1.narrative"),
        ("罚款", "violations.1.fine"),
        ("罚款（元）", "violations.1.fine"),
        ("罚款金额 *", "violations.1.fine"),
        ("违法行为终了之日", "violations.1.act.end"),
        ("违法行为起止", "violations.1.act"),
        ("证据名称", "violations.1.evidence.1.name"),
        ("证据3", "violations.1.evidence.3.name"),
        ("证据2证明什么", "violations.1.evidence.2.proves"),
        ("执法人员2", "officers.2.name"),
        ("执法证号2", "officers.2.certificate"),
        ("文号", "decision.number"),
        ("日期", "decision.date"),
        ("告知书文号", "notice.number"),
        ("人民法院", "remedies.court.name"),
        ("货值金额", "violations.1.facts.goods_value"),
        ("parties.1.name", "parties.1.name"),
        ("violations.2.facts.goods_value", "violations.2.facts.goods_value"),
    ],
)
def test_a_header_says_its_place(header: str, path: str, base: Snapshot) -> None:
    fields = api.fields_of(document_type("decision"), base, api.read_shared(CASE))
    found = fields.find(header)
    assert isinstance(found[1], KnownField), found
    assert shown(found[0]) == path  # type: ignore[arg-type]


@pytest.mark.parametrize("header", ["什么", "改正期限", "parties.0.name", "parties.1.nme", "地", ""])
def test_a_header_nobody_knows_is_said(header: str, base: Snapshot) -> None:
    message, hint = api.fields_of(document_type("decision"), base, {}).find(header)
    assert isinstance(message, str)
    assert "--map" in str(hint)


def test_every_label_is_understood_again(base: Snapshot) -> None:
    """What the empty table is headed with means just the field it was made for."""
    from casework.batch.report import label_of

    for kind in ("decision", "correction_order", "service_receipt", "guidance_note"):
        fields: Fields = api.fields_of(document_type(kind), base, {})
        for pattern, field in fields.by_path.items():
            path = tuple(0 if step == "*" else step for step in pattern.split("."))
            assert fields.find(label_of(fields, path, field))[0] == path, (kind, pattern)


def test_the_empty_table_makes_a_case_of_its_example(base: Snapshot) -> None:
    data = api.empty_table(document_type("decision"), base)
    batch = api.prepare(asked(data), base, DAY)
    assert not batch.columns.unclear
    assert list(batch.rows()) == []  # the example row is marked as such
    (example,) = batch.sheet.rows()
    made = batch.assembler.case(example)
    assert made.faults == []


def test_own_fields_of_a_paper_are_columns(base: Snapshot) -> None:
    kind = document_type("inspection_record")
    data = as_csv(
        [["2026年9月8日9时10分", "甲处", "2026-09-08 10:00"]], ("检查开始时间", "own.place", "检查结束时间")
    )
    table = api.Asked(
        kind, data, "a.csv", api.read_shared(CASE) | {"papers": [{"type": kind.type, "key": "a"}]}
    )
    batch = api.prepare(table, base, DAY)
    assert not batch.columns.unclear
    ((_, only),) = batch.rows()
    (paper,) = batch.assembler.case(only).body["papers"]
    assert (paper["type"], paper["key"]) == ("inspection_record", "a")
    assert paper["values"] == {"started": "2026-09-08 09:10", "place": "甲处", "finished": "2026-09-08 10:00"}


@pytest.mark.parametrize(
    ("kind", "header", "path"),
    [
        ("decision", "送达时间", "decision.served.at"),
        ("decision", "告知书送达日期", "notice.served.at"),
        ("prior_notice", "送达地点", "notice.served.place"),
        ("seizure_decision", "送达日期", "paper.served.at"),
        ("service_receipt", "决定书收件人", "decision.served.receiver"),
    ],
)
def test_service_has_columns_of_its_own(base: Snapshot, kind: str, header: str, path: str) -> None:
    place, _ = api.fields_of(document_type(kind), base, {}).find(header)
    assert isinstance(place, tuple)
    assert shown(place) == path


def test_receipts_of_a_table_are_of_the_paper_it_tells_of(base: Snapshot) -> None:
    kind, shared = document_type("service_receipt"), api.read_shared(CASE)
    for block in ("notice", "decision"):
        shared[block] = {name: value for name, value in shared[block].items() if name != "served"}
    rows = [["5", "2026年11月3日", "店内"], ["6", "2026年11月4日 10时", "店内"]]
    data = as_csv(rows, ("决定书文号", "决定书送达时间", "决定书送达地点"))
    batch = api.prepare(api.Asked(kind, data, "a.csv", shared, ()), base, DAY)
    assert not batch.columns.unclear
    for (_, each), at in zip(batch.rows(), ("2026年11月3日", "2026年11月4日10时00分"), strict=True):
        case = batch.assembler.case(each).case
        assert case
        lines = read_docx(batch.draft(case, as_draft=True).data)
        assert at in "\n".join(line.text for line in lines)


def test_columns_by_hand(base: Snapshot) -> None:
    data = as_csv([["甲", "5万", "x"]], ("谁", "罚多少", "别的"))
    unclear = api.prepare(asked(data, "a.csv"), base, DAY)
    assert [u.header.text for u in unclear.columns.unclear] == ["谁", "罚多少", "别的"]
    with pytest.raises(WrongUse, match="没有认出列“谁”（另有 2 列）"):
        api.settled(unclear)
    by_hand = ("谁=parties.1.name", "B=罚款", "别的=不用")
    batch = api.prepare(asked(data, "a.csv", by_hand), base, DAY)
    assert {c.header.text: shown(c.path) for c in batch.columns.known} == {
        "谁": "parties.1.name",
        "罚多少": "violations.1.fine",
    }
    for wrong in ("谁", "谁=没有的", "丁=罚款", "=罚款"):
        with pytest.raises(WrongUse):
            api.prepare(asked(data, "a.csv", (wrong,)), base, DAY)


# ---------------------------------------------------------------- cells


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("day", "2026-09-08", date(2026, 9, 8)),
        ("day", "2026年9月8日", date(2026, 9, 8)),
        ("day", "2026/9/8", date(2026, 9, 8)),
        ("day", "20260908", date(2026, 9, 8)),
        ("day", "2026-02-30", None),
        ("day", "9月8日", None),
        ("moment", "2026-09-08 09:10", datetime(2026, 9, 8, 9, 10)),
        ("moment", "2026年9月8日9时10分", datetime(2026, 9, 8, 9, 10)),
        ("moment", "2026-09-08", None),
        ("period", "2026-08-20至2026-09-08", {"start": date(2026, 8, 20), "end": date(2026, 9, 8)}),
        ("period", "2026年9月8日", {"start": date(2026, 9, 8), "end": date(2026, 9, 8)}),
        ("money", "50,000", Decimal(50000)),
        ("money", "5万元", Decimal(50000)),
        ("money", "¥1,440.50", Decimal("1440.50")),
        ("money", "很多", None),
        ("number", "5", 5),
        ("number", "示综执罚〔2026〕5号", "示综执罚〔2026〕5号"),
        ("code", "000123", "000123"),
        ("code", "330102199001011000", None),
        ("code", "3.30102E+17", None),
        ("yes", "是", True),
        ("yes", "×", False),
        ("yes", "也许", None),
        ("lines", "一\n\n 二 ", ["一", "二"]),
        ("count", "2", 2),
        ("count", "二", None),
    ],
)
def test_a_cell_is_read_as_people_write(kind: str, text: str, value: Any) -> None:
    if value is not None:
        assert read_value(kind, {}, text) == value
        return
    with pytest.raises(BadValue) as e:
        read_value(kind, {}, text)
    assert e.value.hint


@given(
    st.text(max_size=40),
    st.sampled_from(["day", "moment", "period", "money", "number", "code", "yes", "count"]),
)
def test_no_cell_breaks_a_reader(text: str, kind: str) -> None:
    try:
        read_value(kind, {}, text)
    except BadValue as error:
        line = str(error)
    else:
        line = ""
    assert "\n" not in line


# ---------------------------------------------------------------- faults by row and column


@pytest.mark.parametrize(
    ("changes", "column", "said"),
    [
        ({"罚款（元）": "很多"}, "罚款（元）", "不是金额"),
        ({"罚款（元）": -5}, "罚款（元）", "不是金额"),
        ({"罚款（元）": 49999}, "", "4"),
        ({"统一社会信用代码": "92000000MA00000001"}, "统一社会信用代码", "校验码"),
        ({"统一社会信用代码": "920000000000000000"}, "统一社会信用代码", "丢失"),
        ({"统一社会信用代码": None}, "", "统一社会信用代码"),
        ({"当事人": None}, "当事人", "缺少字段"),
        ({"违法事实": None}, "违法事实", "缺少"),
        ({"告知书文号": None}, "告知书文号", "缺少告知书文号"),
        ({"决定书文号": None}, "决定书文号", "缺少决定书文号"),
        ({"违法事实": "甲\x01乙"}, "", "控制字符"),
        ({"罚款（元）": "5000.001"}, "罚款（元）", "两位小数"),
        ({"违法事实": "依据《不存在的法》第三条，当事人……"}, "", "C"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_a_fault_is_told_by_row_and_column(
    changes: dict[str, Any], column: str, said: str, base: Snapshot
) -> None:
    table = [row(1), row(2, **changes), row(3)]
    found = dry_run(api.prepare(asked(as_csv(table), "a.csv"), base, DAY), quiet)
    assert (found.total, found.good) == (3, 2)
    assert {f.row for f in found.faults} == {3}
    assert any(f.column == column and said in f.text for f in found.faults), found.faults


def test_an_officer_whose_certificate_ended_stops_every_row(base: Snapshot) -> None:
    ended = Roster((Holder("示例张", "00000000001", "执法员", date(2020, 1, 1), None),))
    found = dry_run(api.prepare(asked(as_csv(rows(2)), "a.csv"), base, DAY, roster=ended), quiet)
    assert found.good == 0
    assert {f.code for f in found.faults} == {"G28"}


def test_a_blank_cell_takes_nothing_from_the_shared_case(base: Snapshot) -> None:
    """The shared case has a fine of its own: a row that leaves it blank must not get it."""
    assert api.read_shared(CASE)["violations"][0]["fine"] == 50000
    batch = api.prepare(asked(as_csv([row(1, **{"罚款（元）": None})]), "a.csv"), base, DAY)
    ((_, only),) = batch.rows()
    made = batch.assembler.case(only)
    assert made.case is not None
    assert made.case.violations[0].fine is None
    assert made.case.violations[0].evidence, "what no column gives comes from the shared case"


def test_one_row_does_not_change_another(base: Snapshot) -> None:
    shared = api.read_shared(CASE)
    batch = api.prepare(asked(as_csv(rows(2)), "a.csv"), base, DAY)
    first, second = (batch.assembler.case(r).case for _, r in batch.rows())
    assert first
    assert second
    assert first.parties[0].name == second.parties[0].name
    assert first.parties[0].code != second.parties[0].code
    assert shared == api.read_shared(CASE)


# ---------------------------------------------------------------- the run


def outcomes(base: Base, data: bytes, folder: Path) -> tuple[list[Outcome], Path]:
    out = folder / "letters.zip"
    journal = Journal(journal_of(out))
    batch = api.begin(asked(data), base, journal, DAY)
    assert run(batch, journal, quiet)
    found = list(journal.outcomes())
    publish(journal, out)
    journal.remove()
    return found, out


def test_a_faulty_row_yields_a_draft_only(agency_base: Base, tmp_path: Path) -> None:
    table = [row(1), row(2, **{"告知书文号": None}), row(3, **{"当事人": None}), row(4)]
    found, out = outcomes(agency_base, as_xlsx(table), tmp_path)
    assert [(o.row, o.result, o.number) for o in found] == [
        (2, MADE, "示综执罚〔2026〕1号"),
        (3, DRAFT, ""),
        (4, NOTHING, ""),
        (5, MADE, "示综执罚〔2026〕4号"),
    ]
    with zipfile.ZipFile(out) as archive:
        assert archive.namelist() == [*(o.file for o in found if o.file), REPORT]
        papers = [archive.read(o.file) for o in found if o.file]
    assert "草稿" in found[1].file
    says = [provenance.read(paper) for paper in papers]
    assert [said.draft for said in says if said] == [False, True, False]
    assert "示例第4店" in "\n".join(line.text for line in read_docx(papers[2]))


def test_the_same_table_makes_the_same_zip(agency_base: Base, tmp_path: Path) -> None:
    data, made = as_xlsx(rows(3)), []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        made.append(outcomes(agency_base, data, tmp_path / name)[1].read_bytes())
    assert made[0] == made[1]


def test_several_processes_make_what_one_makes(agency_base: Base, tmp_path: Path) -> None:
    data, made = as_xlsx([*rows(219), row(220, **{"告知书文号": None})]), []
    for processes in (1, 2):
        journal = Journal(tmp_path / f"{processes}.batch")
        batch = api.begin(asked(data), agency_base, journal, DAY)
        assert run(batch, journal, quiet, processes=processes)
        made.append((list(journal.outcomes()), list(journal.papers())))
        journal.close()
    assert made[0] == made[1]
    assert [o.result for o in made[0][0]] == [MADE] * 219 + [DRAFT]


def test_a_process_that_dies_is_told() -> None:
    first = os.getpid()

    def work(task: int) -> int:
        if task >= 3 and os.getpid() != first:
            os.kill(os.getpid(), signal.SIGKILL)
        return -task

    with hands(2, work) as spread:
        assert list(spread(range(3))) == [0, -1, -2]
        with pytest.raises(StoreFailure, match="被系统结束"):
            list(spread(range(2, 9)))


def test_a_fault_in_a_process_is_raised_here() -> None:
    def work(task: int) -> int:
        raise WrongUse(f"第{task}项")

    with hands(2, work) as spread, pytest.raises(WrongUse, match="第0项"):
        list(spread(range(3)))


def test_a_run_that_was_stopped_goes_on(agency_base: Base, tmp_path: Path) -> None:
    path, data = tmp_path / "letters.zip.batch", as_xlsx(rows(120))
    journal = Journal(path)
    assert not run(api.begin(asked(data), agency_base, journal, DAY), journal, quiet, lambda: True)
    assert journal.done() == 50
    with pytest.raises(Conflict, match="正在另一个窗口里做"):
        Journal(path)
    journal.close()
    journal = Journal(path)
    with pytest.raises(WrongUse, match="与开始时不同"):
        api.begin(asked(as_xlsx(rows(121))), agency_base, journal, DAY)
    seen: list[int] = []
    assert run(api.begin(asked(data), agency_base, journal, DAY), journal, lambda at: seen.append(at.done))
    assert seen == [100, 120]
    assert [o.ordinal for o in journal.outcomes()] == list(range(1, 121))
    journal.close()


@pytest.mark.parametrize("cut", [1, 30, 1000, 5000])
def test_a_torn_journal_is_good_up_to_its_last_whole_chunk(
    cut: int, agency_base: Base, tmp_path: Path
) -> None:
    """What power loss leaves: the end of what was being written is gone."""
    path, copy, data = tmp_path / "a.batch", tmp_path / "b.batch", as_xlsx(rows(60))
    journal = Journal(path)
    run(api.begin(asked(data), agency_base, journal, DAY), journal, quiet, lambda: True)
    copy.write_bytes(path.read_bytes())
    wal = path.with_name("a.batch-wal").read_bytes()
    copy.with_name("b.batch-wal").write_bytes(wal[: len(wal) - cut])
    journal.close()
    torn = Journal(copy)
    assert torn.done() in (0, 50)
    assert run(api.begin(asked(data), agency_base, torn, DAY), torn, quiet)
    assert [o.ordinal for o in torn.outcomes()] == list(range(1, 61))
    torn.close()


# ---------------------------------------------------------------- report and names


def test_nothing_in_the_report_is_a_formula() -> None:
    wild = ["=cmd|'/C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "http://x", "1e5", "=" * 40_000]
    faults = tuple(Fault(2, w, "", "", w, w) for w in wild)
    rows_ = [Outcome(n, n + 1, w, w, w, w, "", DRAFT, faults) for n, w in enumerate(wild, 1)]
    with zipfile.ZipFile(io.BytesIO(report(rows_))) as archive:
        sheet = etree.fromstring(archive.read("xl/worksheets/sheet1.xml"))
        assert not any("externalLink" in n or ("rels" in n and "sheet" in n) for n in archive.namelist())
    assert sheet.findall(".//{*}f") == []
    assert sheet.findall(".//{*}hyperlink") == []
    kinds = {c.get("t") for c in sheet.iterfind(".//{*}c") if c.get("r", "").rstrip("0123456789") != "A"}
    assert kinds == {"inlineStr"}


@pytest.mark.parametrize(
    ("party", "name"),
    [
        ("示例店", "0007-示例店-决定书.docx"),
        ("../../etc/passwd", "0007-etcpasswd-决定书.docx"),
        ('a:b*c?"<>|\n', "0007-abc-决定书.docx"),
        ("\u202eexe.", "0007-exe-决定书.docx"),
        ("", "0007-当事人-决定书.docx"),
    ],
)
def test_a_file_name_is_harmless(party: str, name: str) -> None:
    assert file_name(7, party, "决定书", draft=False) == name


def test_a_file_name_is_short() -> None:
    assert len(file_name(7, "长" * 500, "决定书", draft=True).encode()) < 255
