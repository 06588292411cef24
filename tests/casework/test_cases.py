"""Cases: created, saved under the revision that was read, listed, copied, and never lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from casework import schema as t
from kb.errors import BadRecord, BadValue, CailiangError, Conflict, NotFound, WrongUse
from kb.store import Store
from tests.casework.conftest import AT, Office

Body = Callable[..., dict[str, Any]]


def test_what_is_stored_is_what_was_typed(office: Office, body: Body) -> None:
    id = office.create(body())
    stored = office.cases.read(id)
    assert stored.revision == 1
    assert not stored.fault
    assert stored.state == "在办"
    assert stored.case.model_dump(exclude={"id"}) == office.cases.read(id, 1).case.model_dump(exclude={"id"})
    assert stored.body["parties"][0]["name"] == "示例王"


def test_a_case_may_be_kept_before_it_is_whole(office: Office) -> None:
    id = office.create({"cause": "无证餐饮", "officers": [{"name": "示例张"}]})
    stored = office.cases.read(id)
    assert id == "2026-0001"
    assert stored.state == "未填完"
    assert "缺少字段" in stored.fault
    with pytest.raises(BadRecord, match="缺少字段"):
        stored.case  # noqa: B018


def test_cases_without_an_id_are_numbered(office: Office) -> None:
    office.create({"id": "2026-0002"})
    assert [office.create({}) for _ in range(3)] == ["2026-0001", "2026-0003", "2026-0004"]


BAD = [
    ({"id": "../etc"}, BadValue, "不能用"),
    ({"id": "案件一"}, BadValue, "不能用"),
    ({"id": 5}, BadValue, "不能用"),
    ({"cause": "a" * 2_100_000}, BadRecord, "2MB"),
    ({"cause": "a\x00b"}, BadRecord, "控制字符"),
    ({"cause": "a\ud800"}, BadRecord, "控制字符"),
    ({"cause": object()}, BadRecord, "不能保存"),
    ({"cause": float("nan")}, BadRecord, "不能保存"),
]


@pytest.mark.parametrize(("data", "error", "said"), BAD, ids=lambda v: str(v)[:20])
def test_what_no_case_can_hold_is_refused_in_one_line(
    office: Office, data: dict[str, Any], error: type[CailiangError], said: str
) -> None:
    with pytest.raises(error, match=said) as e:
        office.create(data)
    assert "\n" not in str(e.value)
    assert office.cases.list()[0] == 0


def test_a_body_nested_without_end_is_refused(office: Office) -> None:
    deep: dict[str, Any] = {}
    at = deep
    for _ in range(100_000):
        at["a"] = {}
        at = at["a"]
    with pytest.raises(BadRecord, match="不能保存"):
        office.create({"cause": deep})


def test_an_id_stands_for_one_case(office: Office, body: Body) -> None:
    office.create(body())
    with pytest.raises(Conflict, match="已有编号"):
        office.create(body())


def test_saving_needs_the_revision_that_was_read(office: Office, body: Body) -> None:
    id = office.create(body())
    read = office.cases.read(id)
    with office.cases.writing(by="示例李", at=AT + timedelta(minutes=5)) as w:
        w.save(id, {**read.body, "cause": "甲"}, expected_revision=1)
    with pytest.raises(Conflict) as e, office.cases.writing(by="示例张", at=AT) as w:
        w.save(id, {**read.body, "cause": "乙"}, expected_revision=1)
    assert str(e.value).startswith(f"案件“{id}”已被示例李于11月23日09时35分改过：")
    assert office.cases.read(id).body["cause"] == "甲"


def test_saving_what_stands_there_writes_nothing(office: Office, body: Body) -> None:
    id = office.create(body())
    with office.cases.writing(by="示例李", at=AT) as w:
        assert w.save(id, office.cases.read(id).body, expected_revision=1).revision == 1
    assert len(office.cases.history(id)) == 1


def test_every_revision_stays_readable_with_both_its_times(office: Office, body: Body) -> None:
    id = office.create(body(cause="一"))
    for n, (cause, day) in enumerate([("二", date(2026, 11, 20)), ("三", None)], 1):
        with office.cases.writing(by="示例李", at=AT) as w:
            w.save(id, {**office.cases.read(id).body, "cause": cause}, expected_revision=n, day=day)
    assert [office.cases.read(id, n).body["cause"] for n in (1, 2, 3)] == ["一", "二", "三"]
    assert [(c.day, c.author) for c in office.cases.history(id)] == [
        (AT.date(), "示例张"), (date(2026, 11, 20), "示例李"), (AT.date(), "示例李"),
    ]  # fmt: skip
    with pytest.raises(NotFound, match="没有第9次修订"):
        office.cases.read(id, 9)


@pytest.mark.parametrize("deed", ["update", "delete"])
@pytest.mark.parametrize("table", ["case_revision", "audit_log"])
def test_the_database_refuses_to_change_what_is_append_only(
    office: Office, body: Body, table: str, deed: str
) -> None:
    office.create(body())
    how = {"update": f"update {table} set author = 'x'", "delete": f"delete from {table}"}[deed]
    how = how.replace("author", "who") if table == "audit_log" else how
    with pytest.raises(CailiangError, match="append-only"), office.cases.store.locked() as conn:
        conn.execute(sa.text(how))


def test_a_block_that_fails_leaves_nothing(office: Office, body: Body) -> None:
    with pytest.raises(ZeroDivisionError), office.cases.writing(by="示例张", at=AT) as w:
        w.create(body())
        w.create({})
        raise ZeroDivisionError
    assert office.cases.list() == (0, [])
    assert office.create({}) == "2026-0001"


def test_nobody_writes_without_a_name(office: Office) -> None:
    with pytest.raises(BadValue, match="没有写明是谁"), office.cases.writing(by=" ", at=AT):
        pass


# ---------------------------------------------------------------- what somebody is typing


def test_typing_is_kept_for_each_person_until_the_case_is_saved(office: Office, body: Body) -> None:
    id = office.create(body())
    for by, cause in (("示例张", "一"), ("示例李", "二"), ("示例张", "三")):
        with office.cases.writing(by=by, at=AT) as w:
            w.autosave(id, {"cause": cause}, revision=1)
    assert office.cases.autosaved(id, "示例张") == ({"cause": "三"}, 1)
    with office.cases.writing(by="示例张", at=AT) as w:
        w.save(id, {**office.cases.read(id).body, "cause": "三"}, expected_revision=1)
    assert office.cases.autosaved(id, "示例张") is None
    assert office.cases.autosaved(id, "示例李") == ({"cause": "二"}, 1)
    assert len(office.cases.history(id)) == 2


# ---------------------------------------------------------------- lists


def test_a_list_is_filtered(office: Office, body: Body) -> None:
    food, noise = office.create(body()), office.create(body("noise-hailing"))
    empty = office.create({"officers": [{"name": "示例赵"}]})
    table: list[tuple[dict[str, Any], set[str]]] = [
        ({}, {food, noise, empty}),
        ({"state": "未填完"}, {empty}),
        ({"state": "在办"}, {food, noise}),
        ({"officer": "示例赵"}, {empty}),
        ({"officer": "示例"}, set()),
        ({"officer": "%"}, set()),
        ({"domain": "市场监管"}, {food}),
        ({"domain": "生态环境"}, {noise}),
        ({"party": "示例王"}, {food}),
        ({"party": "例王", "masked": False}, {food}),
        ({"party": "例王"}, set()),
    ]
    for filters, wanted in table:
        total, rows = office.cases.list(**filters)
        assert {r.id for r in rows} == wanted, filters
        assert total == len(wanted)
    assert [len(office.cases.list(limit=2, skip=n)[1]) for n in (0, 2, 4)] == [2, 1, 0]
    with pytest.raises(WrongUse, match="没有“结了”"):
        office.cases.list(state="结了")


def test_a_list_shows_no_persons_name(office: Office, body: Body) -> None:
    person = {"kind": "individual", "name": "示例小明", "id_number": "x", "address": "y"}
    office.create(body(parties=[person]))
    assert office.cases.list()[1][0].parties == ("示某某",)
    assert office.cases.list(masked=False)[1][0].parties == ("示例小明",)


# ---------------------------------------------------------------- copies


def test_a_copy_takes_how_and_by_whom_but_nothing_of_the_party(office: Office, body: Body) -> None:
    old = office.create(body())
    with office.cases.writing(by="示例李", at=AT) as w:
        new = w.copy(old)
    text = str(new.body)
    assert new.id != old
    assert new.state == "未填完"
    assert new.body["officers"] == office.cases.read(old).body["officers"]
    assert new.body["violations"][0]["benchmark"] == "market/unlicensed-food-business"
    assert new.body["violations"][0]["measures"] == [{"kind": "没收违法所得"}, {"kind": "没收非法财物"}]
    for personal in ("示例王", "好味", "示例路", "2026-08-20", "50000", "许可申请"):
        assert personal not in text, personal


# ---------------------------------------------------------------- the tables


def test_the_tables_are_what_the_schema_says(store: Store) -> None:
    made = sa.inspect(store.engine)
    for table in t.metadata.sorted_tables:
        columns = {
            c["name"]: (str(c["type"]).split("(")[0], c["nullable"]) for c in made.get_columns(table.name)
        }
        dialect = store.engine.dialect
        wanted = {c.name: (c.type.compile(dialect).split("(")[0], bool(c.nullable)) for c in table.columns}
        assert columns == wanted, table.name
        assert set(made.get_pk_constraint(table.name)["constrained_columns"]) == set(
            table.primary_key.columns.keys()
        )
        indexes = {i["name"] for i in made.get_indexes(table.name)}
        assert {i.name for i in table.indexes} <= indexes
