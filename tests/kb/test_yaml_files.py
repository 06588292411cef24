"""Strict reading: what is let through unchanged, and one fixture for each way a file can be wrong."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.errors import BadRecord, NotFound
from kb.importing.records import dump_record, file_name, load_file, load_laws, load_record, load_records
from kb.importing.yaml_files import Lines, load_yaml, parse_markdown, parse_yaml, validate
from kb.records import KINDS, Benchmark, Setting, Synonym

BAD = Path(__file__).parent / "fixtures" / "bad"
OUR = Path(__file__).resolve().parents[2] / "kb" / "content"

# fixture: the line, what is wrong, what would be right
FAULTS = {
    "alias": "第3行 用了别名（& 或 *），这里不允许：把内容重写一遍；值以这些符号开头时加引号",
    "bad_indent": "第4行 缩进不齐，或者字段名后面缺冒号：同一层的字段左边对齐，写成 字段: 值",
    "control": "第2行 有看不见的控制字符：删掉控制字符",
    "dates_turned": "第1行 内容前后不一致：to 应当晚于 from（to 是不再有效的第一天）",
    "deep": "第2行 嵌套太深：最多40层",
    "duplicate_key": "第6行 字段“said”写了两次：第4行已经有了，留一个",
    "empty": "第2行 文件是空的：至少写一个字段",
    "extra_beside_records": "第2行 没有“said”这个字段：records 之外只能写 kind、schema、domain、from、source",
    "fault_in_records": "第5行 缺少字段“meant”：补上“meant: …”",
    "list_at_top": "第1行 文件应当是“字段: 值”的形式：写成 字段: 值",
    "merge_key": "第2行 字段名写法不对：字段名写成一个词",
    "missing_field": "第1行 缺少字段“meant”：补上“meant: …”",
    "nested_unknown_field": "第8行 没有“statutory 第2项 fein”这个字段：是不是“fine”",
    "no_kind": "第1行 缺少字段“kind”：补上“kind: …”，可以写：" + "、".join(KINDS),
    "no_such_day": "第3行 没有“2026-02-30”这一天：检查年月日",
    "not_a_day": "第6行 字段“from”写成了“去年”：应当是一个日期，如 2026-08-15",
    "not_utf8": "第3行 文件不是UTF-8编码：另存为UTF-8编码",
    "open_bracket": "第4行 方括号没有闭合或者缺逗号：写成 [甲, 乙]",
    "open_quote": "第3行 引号或者括号没有闭合：补上引号或者括号",
    "tab": "第2行 缩进用了制表符：缩进只用空格",
    "tag": "第2行 用了类型标记（!），这里不允许：去掉标记；值以感叹号开头时加引号",
    "two_colons": "第3行 一行里有两个冒号，或者缩进不对：值里有冒号时用引号括起来",
    "two_documents": "第2行 一个文件里有两份内容（---）：拆成两个文件",
    "unknown_field": "第6行 没有“meaning”这个字段：是不是“meant”",
    "unknown_kind": "第1行 字段“kind”不能是“synonim”：可以写：" + "、".join(KINDS),
    "wrong_choice": "第6行 字段“domain”不能是“环保”：可以写："
    "生态环境、市场监管、农业、交通运输、文化市场、城市管理、应急管理、通用",
    "wrong_id": "第2行 字段“id”写成了“Synonym X”："
    "编号用小写字母、数字、连字符和斜线，如 market/false-advertising",
    "wrong_schema": "第1行 字段“schema”是“9”：本程序读 schema: 1",
    "wrong_type": "第5行 字段“meant”写成了“{a: 乙}”：应当是一个列表，如 [甲, 乙]",
}


def test_every_fixture_is_listed() -> None:
    assert {p.stem for p in BAD.glob("*.yaml")} == set(FAULTS)


@pytest.mark.parametrize("name", FAULTS)
def test_bad_file(name: str) -> None:
    with pytest.raises(BadRecord) as caught:
        load_file(BAD / f"{name}.yaml")
    error = caught.value
    file, _, row = error.where.rpartition(" ")
    assert file == str(BAD / f"{name}.yaml")
    assert f"{row} {error.message}：{error.hint}" == FAULTS[name]
    assert "\n" not in str(error)


@pytest.mark.parametrize(
    "text", ["a: " + "[" * 400_000, "a: " + "{b: " * 200_000, "a:\n " + "- " * 300_000 + "b"]
)
def test_brackets_without_end_are_refused_at_once(text: str) -> None:
    with pytest.raises(BadRecord, match="嵌套太深"):
        parse_yaml(text, "f.yaml")


def test_a_big_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "big.yaml"
    path.write_bytes(b"a: " + b"x" * 2_000_001)
    with pytest.raises(BadRecord, match="文件超过2MB"):
        load_yaml(path)


def test_no_file() -> None:
    with pytest.raises(NotFound, match="找不到文件"):
        load_yaml(Path("nowhere.yaml"))


# as written, as it arrives: an amount or a number never changes on its way in
VALUES: list[tuple[str, Any]] = [
    ("50000", 50000),
    ("3.50", Decimal("3.50")),
    ("-0.1", Decimal("-0.1")),
    ("010", "010"),
    ("0x1f", "0x1f"),
    ("1_000", "1_000"),
    ("1,440.00", "1,440.00"),
    ("1e3", "1e3"),
    (".inf", ".inf"),
    ("12:30", "12:30"),
    ("是", "是"),
    ("yes", "yes"),
    ("on", "on"),
    ("True", True),
    ("false", False),
    ("~", None),
    ("", None),
    ("'5'", "5"),
    ('"2026-08-15"', "2026-08-15"),
    ("2026-08-15", date(2026, 8, 15)),
    ("2026-8-5", "2026-8-5"),
    ("2026-08-15 09:30:00", "2026-08-15 09:30:00"),
    ("[一, 2]", ["一", 2]),
    ("{甲: 1}", {"甲": 1}),
    ("货值金额十倍以上二十倍以下", "货值金额十倍以上二十倍以下"),
]


@pytest.mark.parametrize(("written", "value"), VALUES)
def test_values(written: str, value: object) -> None:
    data, _ = parse_yaml(f"a: {written}", "f.yaml")
    assert data == {"a": value}
    assert type(data["a"]) is type(value)


def test_keys_are_text_as_written() -> None:
    assert list(parse_yaml("59: a\n120-1: b\nyes: c\n2026-08-15: d", "f.yaml")[0]) == [
        "59",
        "120-1",
        "yes",
        "2026-08-15",
    ]


@given(st.text())
def test_any_text_is_read_or_refused_in_one_line(text: str) -> None:
    try:
        parse_yaml(text, "f.yaml")
    except BadRecord as error:
        assert re.search(r"第\d+行", error.where)  # noqa: PT017
        assert error.hint  # noqa: PT017


def test_lines() -> None:
    _, lines = parse_yaml("a: 1\nb:\n  - x\n  - {c: 2,\n     d: 3}\n", "f.yaml")
    assert lines.line_of(("a",)) == 1
    assert lines.line_of(("b", 1)) == 4
    assert lines.line_of(("b", 1, "d")) == 5
    assert lines.line_of(("b", 1, "no such")) == 4
    assert lines.line_of(("b", "list[str]", 0)) == 3


def test_one_error_and_the_number_of_the_others() -> None:
    with pytest.raises(BadRecord, match="另有3处"):
        validate(Synonym, {"kind": "synonym", "id": "x", "sid": 1}, Lines("f.yaml"))


def test_markdown(tmp_path: Path) -> None:
    path = tmp_path / "c.md"
    path.write_text("---\na: 1\nb: 2\n---\n\n## 标题\n\n---\n正文\n", "utf-8")
    data, body, lines = parse_markdown(path.read_text(encoding="utf-8"), str(path))
    assert data == {"a": 1, "b": 2}
    assert body == "## 标题\n\n---\n正文"
    assert lines.line_of(("b",)) == 3
    path.write_text("# 没有文件头\n", "utf-8")
    with pytest.raises(BadRecord, match="没有文件头"):
        parse_markdown(path.read_text(encoding="utf-8"), str(path))


# ---------------------------------------------------------------- records


def test_several_records_share_what_the_file_says(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_text(
        "kind: synonym\ndomain: 农业\nsource: {instrument: 示例}\nrecords:\n"
        "  - {id: a, said: 甲, meant: 乙}\n  - {id: b, domain: 通用, said: 丙, meant: 丁}\n",
        "utf-8",
    )
    assert [(r.id, r.domain) for r in load_records(tmp_path)] == [("a", "农业"), ("b", "通用")]
    with pytest.raises(BadRecord, match="不止一条记录"):
        load_record(path)


def test_one_key_twice_names_both_files(tmp_path: Path) -> None:
    text = "kind: synonym\nid: a\nsource: {instrument: 示例}\nsaid: 甲\nmeant: 乙\n"
    (tmp_path / "one.yaml").write_text(text, "utf-8")
    (tmp_path / "two.yaml").write_text(text, "utf-8")
    with pytest.raises(BadRecord) as caught:
        load_records(tmp_path)
    assert "two.yaml" in caught.value.where
    assert "one.yaml" in caught.value.hint
    (tmp_path / "two.yaml").write_text(text + "from: 2026-08-15\n", "utf-8")
    assert len(load_records(tmp_path)) == 2


def test_shipped_records_survive_a_round_trip(tmp_path: Path) -> None:
    records = load_records(OUR)
    for record in records:
        path = tmp_path / file_name(record)
        path.parent.mkdir(parents=True, exist_ok=True)
        assert not path.exists()
        path.write_text(dump_record(record), "utf-8")
        assert load_record(path) == record
    again = load_records(tmp_path)
    assert sorted(again, key=repr) == sorted(records, key=repr)


def test_instruments_that_clean_alike_have_two_names() -> None:
    def named(instrument: str) -> Synonym:
        return Synonym.model_validate(
            {"id": "a/b", "said": "甲", "meant": "乙", "source": {"instrument": instrument}}
        )

    names = [
        file_name(named(i)).as_posix() for i in ("示例", "甲规〔2026〕1号", "甲规-2026-1号", "甲规/2026/1号")
    ]
    assert names[0] == "synonyms/a/b.yaml"
    assert len(set(names)) == 4
    assert all(n.count("/") == 2 for n in names)


HARD = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1)


@given(text=HARD, amount=st.decimals(min_value=0, max_value=10**12, places=2))
def test_any_text_and_amount_survive_a_round_trip(
    text: str, amount: Decimal, tmp_path_factory: pytest.TempPathFactory
) -> None:
    record = Setting.model_validate(
        {"id": "a/b", "label": text, "value": {"数": amount, "字": text}, "source": {"instrument": text}}
    )
    path = tmp_path_factory.mktemp("r") / "r.yaml"
    path.write_bytes(dump_record(record).encode())
    assert load_record(path) == record


def test_a_benchmark_is_written_as_an_editor_writes_it() -> None:
    record = Benchmark.model_validate(
        {
            "id": "market/x",
            "violation": "甲",
            "penalty_basis": "《乙》第一条",
            "from": "2026-08-15",
            "statutory": [{"when": "货值金额不足一万元", "fine": "五万元以上十万元以下"}],
            "source": {"instrument": "法律条文"},
        }
    )
    assert dump_record(record) == (
        "schema: 1\nkind: benchmark\nid: market/x\nfrom: 2026-08-15\nsource:\n  instrument: 法律条文\n"
        "violation: 甲\npenalty_basis:\n- 《乙》第一条\nstatutory:\n- when: 货值金额不足一万元\n"
        "  fine: 五万元以上十万元以下\n"
    )


# ---------------------------------------------------------------- laws

LAW = """kind: law
title: 示例法
level: 法律
issuer: 示例人大
aliases: [示法]
summaries: {{{summary}}}
versions:
  - adopted: 2020-01-01
    from: 2020-03-01
    from_basis: 原文
    history: [{{day: 2020-01-01, act: 通过}}]
    source: 示例
    checked: 2026-11-22
    structure: "{structure}"
repealed: {{day: 2026-08-15, by: 新示例法}}
"""


def law(folder: Path, *, summary: str = "2: 两款", structure: str = "1:0 2:3,0", name: str = "a") -> Path:
    path = folder / f"{name}.yaml"
    path.write_text(LAW.format(summary=summary, structure=structure), "utf-8")
    return path


def test_law_file(tmp_path: Path) -> None:
    law(tmp_path)
    laws = load_laws(tmp_path)
    [(version, articles)] = laws.versions
    assert (version.title, version.from_, version.aliases) == ("示例法", date(2020, 3, 1), ("示法",))
    assert version.history[0].text == "2020年1月1日通过"
    assert [len(p.items) for p in articles[1].paragraphs] == [3, 0]
    assert not articles[1].has_text
    assert [(r.title, r.day, r.by) for r in laws.repeals] == [("示例法", date(2026, 8, 15), "新示例法")]
    assert laws.summaries == {("示例法", "2"): "两款"}


@pytest.mark.parametrize(
    ("change", "line", "message"),
    [
        ({"summary": "9: 没有这条"}, 6, "《示例法》没有第9条"),
        ({"structure": "1:0 2:三"}, 14, "写法不对"),
    ],
)
def test_bad_law_file(tmp_path: Path, change: dict[str, str], line: int, message: str) -> None:
    path = law(tmp_path, **change)
    with pytest.raises(BadRecord, match=message) as caught:
        load_laws(tmp_path)
    assert caught.value.where == f"{path} 第{line}行"


def test_one_title_in_two_files(tmp_path: Path) -> None:
    law(tmp_path, name="a")
    law(tmp_path, name="b")
    with pytest.raises(BadRecord, match="《示例法》重复"):
        load_laws(tmp_path)
