"""What issued papers cite is stored with them; a change of law or benchmark names them and open cases."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import pytest
import sqlalchemy as sa

from casework import attachments, documents, exchange, issuing
from casework import schema as t
from casework.documents import PAPER
from casework.touched import catch_up, open_cases, papers_citing, papers_resting
from casework.unread import Unread
from generator.docx_text import read_docx
from kb import schema, uses
from kb.errors import BadRecord, Refused
from kb.importing.records import load_laws, load_records
from kb.laws import Repeal
from kb.records import Benchmark
from kb.snapshot import Snapshot
from tests.casework.conftest import AT, Office, _own
from tests.shipped import EXTENSION, ROOT, rule

Body = Callable[..., dict[str, Any]]
FOOD, PENALTY = "中华人民共和国食品安全法", "中华人民共和国行政处罚法"
BENCHMARK = "market/unlicensed-food-business"
UNNUMBERED = {"notice__number": None, "decision__number": None}
REPEALED = date(2027, 3, 1)


@cache
def later(repealed: str = "", changed: str = "") -> Snapshot:
    """The base some months on: a law repealed, a benchmark with a newer version."""
    content = ROOT / "kb" / "content"
    laws = load_laws(content / "laws")
    records = [_own(r) for r in load_records(content)]
    new = [
        r.model_copy(update={"from_": REPEALED})
        for r in records
        if isinstance(r, Benchmark) and r.id == changed and r.to is None
    ]
    ends = [Repeal(repealed, REPEALED, "")] if repealed else []
    versions = [
        (replace(v, to=REPEALED) if v.title == repealed and v.to is None else v, articles)
        for v, articles in laws.versions
    ]
    return Snapshot.of([*records, EXTENSION, *new], [*versions, rule()], [*laws.repeals, *ends], revision=8)


@pytest.fixture
def decided(office: Office, body: Body) -> str:
    """A case with its notice and decision issued."""
    id = office.create(body(**UNNUMBERED))
    office.issue(id, "prior_notice")
    office.issue(id, "decision")
    return id


def rows_of(office: Office) -> list[Any]:
    with office.cases.store.connected() as conn:
        return list(conn.execute(sa.select(schema.citation_uses)))


# ---------------------------------------------------------------- stored with the paper


def test_every_citation_of_the_letter_is_stored_with_the_text_it_was_proven_by(
    office: Office, decided: str
) -> None:
    paper = documents.documents(office.cases.store, decided)[-1]
    with office.cases.store.connected() as conn:
        found = uses.registered(conn, PAPER, str(paper.id))
    said = {str(c) for c in found.citations}
    text = "\n".join(line.text for line in read_docx(documents.content(office.cases.store, paper.sha256)))
    assert f"《{FOOD}》第三十五条第一款" in said
    assert f"《{FOOD}》第一百二十二条第一款" in said
    assert all(f"《{c.law}》" in text for c in found.citations)
    for use in found.citations:
        version = office.base.laws.on(use.law, use.day or date.min).version
        assert version is not None
        assert use.version == version.from_
    assert (BENCHMARK, "benchmark") in {(r.record_id, r.record_kind) for r in found.records}
    assert not {r.record_kind for r in found.records} & {"setting"}


def test_a_refused_paper_leaves_no_rows(office: Office, body: Body) -> None:
    id = office.create(body(**UNNUMBERED, parties__0__address="《没有这部法》第一条"))
    with pytest.raises(Refused):
        office.issue(id, "decision")
    assert rows_of(office) == []


# ---------------------------------------------------------------- what a change touches


CHANGES = [
    # law asked for, article, the law repealed, papers touched, do they rest on a text that ended
    (FOOD, "", FOOD, 2, True),
    (FOOD, "122", FOOD, 2, True),
    (FOOD, "1", FOOD, 0, False),
    (FOOD, "", "", 2, False),
    (PENALTY, "", PENALTY, 2, True),
    ("中华人民共和国噪声污染防治法", "", FOOD, 0, False),
]


@pytest.mark.parametrize(("law", "article", "repealed", "count", "ended"), CHANGES)
def test_papers_that_cite_a_law(
    office: Office, decided: str, law: str, article: str, repealed: str, count: int, ended: bool
) -> None:
    found = papers_citing(office.cases.store, later(repealed), law, article)
    assert len(found) == count
    for paper in found:
        data = paper.to_dict()
        assert (data["case"], data["case_state"], data["open"]) == (decided, "在办", True)
        assert data["number"].startswith("示综执罚")
        assert (data["ended"] == str(REPEALED)) == ended
        assert ("不受影响" in data["effect"] and "案件在办" in data["effect"]) == ended
        assert all(f"《{law}》" in c["citation"] for c in data["citations"])


def test_a_void_paper_is_left_out(office: Office, decided: str) -> None:
    with office.cases.writing(by="示例张", at=AT) as w:
        number = documents.documents(office.cases.store, decided)[-1].number_text
        issuing.void(w, number, "打错")
    left = papers_citing(office.cases.store, later(FOOD), FOOD, "")
    assert [p.paper.type for p in left] == ["prior_notice"]


@pytest.mark.parametrize("changed", ["", BENCHMARK])
def test_papers_that_rest_on_a_benchmark(office: Office, decided: str, changed: str) -> None:
    found = papers_resting(office.cases.store, later("", changed), "benchmark", BENCHMARK)
    assert [p.paper.type for p in found] == ["decision", "prior_notice"]
    assert {p.ended for p in found} == {REPEALED if changed else None}


TYPED = {"violations__0__violated": [f"《{PENALTY}》第三十三条第一款"]}
ACTS = [
    ({"violations__0__act": {"start": "2026-08-20", "end": "2026-09-08"}}, "从旧兼从轻"),
    ({"violations__0__act": "2027-04-01..2027-04-02"}, "按变化以后的法"),
    ({"violations__0__act": None}, "没有写明行为终了"),
]


@pytest.mark.parametrize(("change", "said"), ACTS)
def test_open_cases_by_their_benchmark(office: Office, body: Body, change: Any, said: str) -> None:
    id = office.create(body(**change))
    records, unread = {("benchmark", BENCHMARK): f"《{FOOD}》第一百二十二条第一款"}, list[Unread]()
    (found,) = open_cases(office.cases.store, office.base, records, FOOD, "", REPEALED, unread)
    assert (found.id, (BENCHMARK, records["benchmark", BENCHMARK]) in found.why) == (id, True)
    assert said in found.effect
    assert unread == []


def test_open_cases_by_what_was_typed(office: Office, body: Body) -> None:
    id = office.create(body(**TYPED))
    store, unread = office.cases.store, list[Unread]()
    (found,) = open_cases(store, office.base, {}, PENALTY, "33", None, unread)
    assert found.id == id
    assert ("violations.violated", f"《{PENALTY}》第三十三条第一款") in found.why
    assert open_cases(store, office.base, {}, PENALTY, "86", None, unread) == []


def test_a_case_that_cannot_be_read_is_named(office: Office, body: Body) -> None:
    id = office.create(body())
    with office.cases.store.locked() as conn:
        conn.execute(sa.update(t.case_file).values(body="{"))
    unread: list[Unread] = []
    assert open_cases(office.cases.store, office.base, {}, FOOD, "", None, unread) == []
    assert [u.case for u in unread] == [id]


# ---------------------------------------------------------------- edited, brought in, of an older build


def test_an_edited_paper_is_read_again(office: Office, decided: str) -> None:
    from io import BytesIO

    from docx import Document

    store = office.cases.store
    paper = documents.documents(store, decided)[-1]
    before = documents.content(store, paper.sha256)
    edited, out = Document(BytesIO(before)), BytesIO()
    edited.add_paragraph(f"另依据《{FOOD}》第一百二十三条第一款。")
    edited.save(out)
    with office.cases.writing(by="示例张", at=AT) as w:
        attachments.add_edited(w, office.base, paper.number_text, "改.docx", out.getvalue(), before)
    (found,) = papers_citing(store, office.base, FOOD, "123")
    assert (found.paper.id, found.citations) == (paper.id, ())
    assert [str(c) for c in found.edited] == [f"《{FOOD}》第一百二十三条第一款"]
    assert found.to_dict()["citations"][0]["edited"]


def test_a_case_brought_in_keeps_what_its_papers_cite(office: Office, decided: str) -> None:
    store = office.cases.store
    data = exchange.export(office.cases, decided, ".json")
    with office.cases.writing(by="示例李", at=AT) as w:
        made = exchange.bring_in(w, "x.json", data, "2026/brought")
    mine, theirs = ([p.id for p in documents.documents(store, id)] for id in (decided, made.id))
    with store.connected() as conn:
        for a, b in zip(mine, theirs, strict=True):
            assert uses.registered(conn, PAPER, str(a)) == uses.registered(conn, PAPER, str(b))
    assert {p.paper.case for p in papers_citing(store, office.base, FOOD, "")} == {decided, made.id}


BROKEN = [
    {},
    {"citations": [], "records": {}, "x": 1},
    {"citations": [{}], "records": []},
    {"citations": 7, "records": []},
    {"citations": [["a"]] * 3, "records": []},
    {"citations": [{"place": "", "law": "法" * 400, "version": None, "article": "1", "paragraph": None,
                    "item": None, "day": None}], "records": []},
    {"citations": [{"place": "", "law": "法", "version": None, "article": "x", "paragraph": None,
                    "item": None, "day": None}], "records": []},
    {"citations": [{"place": "", "law": "法", "version": "昨天", "article": "1", "paragraph": True,
                    "item": None, "day": None}], "records": []},
]  # fmt: skip


@pytest.mark.parametrize("said", BROKEN)
def test_a_file_with_spoiled_citations_is_refused_in_one_line(
    office: Office, decided: str, said: Any
) -> None:
    whole = json.loads(exchange.export(office.cases, decided, ".json"))
    whole["documents"][0]["uses"] = said
    data = json.dumps(whole).encode()
    if said in ({}, BROKEN[1]):
        with office.cases.writing(by="示例李", at=AT) as w:
            exchange.bring_in(w, "x.json", data, "2026/brought")
        return
    with pytest.raises(BadRecord, match="引用读不出来"), office.cases.writing(by="示例李", at=AT) as w:
        exchange.bring_in(w, "x.json", data, "2026/brought")


def test_papers_of_an_older_build_are_read_once(office: Office, decided: str) -> None:
    store = office.cases.store
    with store.connected() as conn:
        before = [uses.registered(conn, PAPER, str(p.id)) for p in documents.documents(store, decided)]
    with store.locked() as conn:
        conn.execute(sa.delete(schema.citation_uses))
        conn.execute(sa.delete(schema.record_uses))
    assert papers_citing(store, office.base, FOOD, "") == []
    assert catch_up(store, office.base) == 2
    assert catch_up(store, office.base) == 0
    with store.connected() as conn:
        after = [uses.registered(conn, PAPER, str(p.id)) for p in documents.documents(store, decided)]
    assert [u.citations for u in after] == [u.citations for u in before]
    assert {r.record_id for u in after for r in u.records} == {BENCHMARK}
