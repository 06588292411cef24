"""The import as a whole, into a real store: every file accounted for, twice the same, stopped and gone on."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from kb.errors import NotFound
from kb.importing import laws as importer
from kb.importing.law_report import ImportReport, Outcome
from kb.importing.laws import import_paths
from kb.laws import Standing, format_structure
from kb.store import Store

AT = datetime(2026, 11, 22, 8, tzinfo=UTC)
FIXTURES = Path(__file__).parent / "fixtures" / "laws"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(tmp_path / "home")
    yield opened
    opened.close()


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A copy of the fixtures that a test may change."""
    return Path(shutil.copytree(FIXTURES, tmp_path / "files"))


def run(store: Store, *paths: Path) -> ImportReport:
    return import_paths(paths, store, at=AT)


def law(title: str, adopted: str, body: str) -> str:
    return f"# {title}\n\n{adopted} 国务院令第1号公布\n\n{body}\n"


def test_every_file_is_accounted_for(store: Store, files: Path) -> None:
    report = run(store, files)
    assert {f.path.split("/", 1)[1]: f.outcome for f in report.files} == {
        "plain/行政法规/灯笼管理条例(2015-03-02).md": Outcome.IMPORTED,
        "plain/告示.md": Outcome.FAILED,
        "tabled/lantern-code/01-first.md": Outcome.PART,
        "tabled/lantern-code/02-second.md": Outcome.PART,
        "tabled/lantern-code/README.md": Outcome.PART,
        "tabled/old-canal-law/README.md": Outcome.NOTICE,
        "tabled/old-canal-law/versions/2011-05-01/README.md": Outcome.IMPORTED,
    }
    assert [f.reason for f in report.not_imported] == [
        "没有条文，也没有通过或公布日期，不像法律文本：核对文件内容"
    ]
    assert (report.versions, report.articles, report.repeals) == (3, 12, 2)
    assert "读取 7 个文件" in report.summary()
    assert report.to_dict()["versions"] == 3


def test_the_stored_law_stands_as_its_table_says(store: Store, files: Path) -> None:
    run(store, files)
    book = store.snapshot().laws
    title = "中华人民共和国运河法"
    assert book.on(title, date(2021, 6, 30)).standing is Standing.IN_FORCE
    ended = book.on(title, date(2021, 7, 1))
    assert (ended.standing, ended.by) == (Standing.REPEALED, "中华人民共和国灯笼法典")
    code = book.on("中华人民共和国灯笼法典", date(2021, 7, 1)).version
    assert code is not None
    assert format_structure(book.articles(code).values()) == "1:0 2:2 3:0 3-1:0 4:0"


def test_a_second_run_changes_nothing_and_says_so(store: Store, files: Path) -> None:
    run(store, files)
    before = store.revision()
    report = run(store, files)
    assert store.revision() == before
    assert (report.files, report.unchanged) == ((), 7)
    assert report.summary() == "没有变化：7 个文件此前都已处理，其中 1 个未能导入"
    assert [f.path for f in report.earlier_failures] == ["files/plain/告示.md"]


def test_a_changed_part_brings_its_whole_law_again(store: Store, files: Path) -> None:
    run(store, files)
    part = files / "tabled" / "lantern-code" / "02-second.md"
    part.write_text(part.read_text(encoding="utf-8") + "\n**第五条**　补一条。\n", encoding="utf-8")
    report = run(store, files)
    assert [f.outcome for f in report.files] == [Outcome.PART] * 3
    assert report.unchanged == 4


def test_a_changed_version_table_is_a_change(store: Store, files: Path) -> None:
    run(store, files)
    table = files / "tabled" / "old-canal-law" / "versions.json"
    table.write_text(
        table.read_text(encoding="utf-8").replace("2011-05-01", "2011-05-02", 1), encoding="utf-8"
    )
    assert len(run(store, files).files) == 2


def test_a_bad_version_table_is_a_reason(store: Store, files: Path) -> None:
    (files / "tabled" / "lantern-code" / "versions.json").write_text("{", encoding="utf-8")
    report = run(store, files / "tabled" / "lantern-code")
    assert all("版本表读不出" in f.reason for f in report.not_imported)
    assert len(report.not_imported) == 3


def test_copies_of_one_text_are_kept_once(store: Store, tmp_path: Path) -> None:
    text = law("灯笼规定", "2001年2月3日", "第一条 灯要亮。\n\n第二条 有：\n\n（一）甲；\n\n（二）乙。")
    for name in ("甲.md", "乙/甲.md"):
        (tmp_path / "c" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "c" / name).write_text(text, encoding="utf-8")
    report = run(store, tmp_path / "c")
    assert sorted(f.outcome for f in report.files) == [Outcome.DUPLICATE, Outcome.IMPORTED]
    assert (report.versions, report.findings) == (1, ())


def test_copies_that_differ_are_a_finding_not_an_overwrite(store: Store, tmp_path: Path) -> None:
    head = ("灯笼规定", "2001年2月3日")
    (tmp_path / "a.md").write_text(law(*head, "第一条 甲。\n\n第二条 乙。\n\n又一款。"), encoding="utf-8")
    (tmp_path / "b.md").write_text(law(*head, "第一条 甲。\n\n第二条 乙。又一款。"), encoding="utf-8")
    report = run(store, tmp_path / "a.md", tmp_path / "b.md")
    (finding,) = report.findings
    assert "第2条 2:0,0 与 2:0" in finding
    assert "采用 a.md" in finding


def test_a_copy_that_comes_later_does_not_overwrite_either(store: Store, tmp_path: Path) -> None:
    head = ("灯笼规定", "2001年2月3日")
    (tmp_path / "a.md").write_text(law(*head, "第一条 甲。\n\n又一款。"), encoding="utf-8")
    (tmp_path / "b.md").write_text(law(*head, "第一条 甲。又一款。"), encoding="utf-8")
    run(store, tmp_path / "a.md")
    report = run(store, tmp_path / "b.md")
    assert len(report.findings) == 1
    book = store.snapshot().laws
    (version,) = book.versions_of("灯笼规定")
    assert format_structure(book.articles(version).values()) == "1:0,0"


def test_two_versions_of_one_law_stand_side_by_side(store: Store, tmp_path: Path) -> None:
    clause = "第一条 本规定自2001年3月1日起施行。"
    (tmp_path / "灯笼规定(2001-02-03).md").write_text(
        law("灯笼规定", "2001年2月3日", clause), encoding="utf-8"
    )
    (tmp_path / "灯笼规定(2009-08-07).md").write_text(
        law("灯笼规定", "2001年2月3日", clause.replace("本规定", "新规定")).replace(
            "公布", "公布\n\n2009年8月7日 《国务院关于修改〈灯笼规定〉的决定》修订"
        ),
        encoding="utf-8",
    )
    assert run(store, tmp_path).versions == 2
    versions = store.snapshot().laws.versions_of("灯笼规定")
    assert [(str(v.from_), v.from_basis, str(v.to)) for v in versions] == [
        ("2001-03-01", "原文", "2009-08-07"),
        ("2009-08-07", "推定", "None"),
    ]


def test_a_stopped_import_goes_on_where_it_stopped(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importer, "BATCH", 2)
    for i in range(6):
        (tmp_path / f"{i}.md").write_text(
            law(f"灯笼规定{i}", "2001年2月3日", "第一条 甲。"), encoding="utf-8"
        )

    def stop(stage: str, done: int, total: int) -> None:
        if stage == "写入" and done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_paths([tmp_path], store, at=AT, progress=stop)
    assert len(store.import_log()) == 2
    report = run(store, tmp_path)
    assert (len(report.files), report.unchanged) == (4, 2)
    assert len(store.snapshot().laws.versions) == 6


def test_progress_counts_every_file(store: Store, files: Path) -> None:
    seen: list[tuple[str, int, int]] = []
    import_paths([files], store, at=AT, progress=lambda *step: seen.append(step))
    assert [s for s in seen if s[0] == "读取"] == [("读取", n, 7) for n in range(1, 8)]
    assert [s for s in seen if s[0] == "写入"] == [("写入", n, 7) for n in range(1, 8)]


BAD = [
    ("空.md", b"", "文件是空的"),
    ("坏.docx", b"PK\x03\x04", "文件不完整"),
    ("旧.doc", b"\xd0\xcf", "不读取 .doc 文件"),
    ("大.txt", b"x" * (9 * 1024 * 1024), "超过 8 MB"),
]


@pytest.mark.parametrize(("name", "data", "reason"), BAD)
def test_a_bad_file_is_listed_and_stops_nothing(
    store: Store, tmp_path: Path, name: str, data: bytes, reason: str
) -> None:
    (tmp_path / "law").mkdir()
    (tmp_path / "law" / name).write_bytes(data)
    (tmp_path / "law" / "好.md").write_text(law("灯笼规定", "2001年2月3日", "第一条 甲。"), encoding="utf-8")
    report = run(store, tmp_path / "law")
    assert report.versions == 1
    (failed,) = report.not_imported
    assert reason in failed.reason


def test_a_part_without_its_law_is_listed(store: Store, files: Path) -> None:
    folder = files / "tabled" / "lantern-code"
    (folder / "README.md").unlink()
    report = run(store, folder)
    assert {f.reason for f in report.not_imported} == {"没有找到法的标题：文件第一行应是法的全称"}


def test_a_path_that_does_not_exist(store: Store, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="找不到文件或文件夹"):
        run(store, tmp_path / "没有")


def test_an_empty_folder(store: Store, tmp_path: Path) -> None:
    assert run(store, tmp_path).summary() in ("没有找到法律文本文件",)
