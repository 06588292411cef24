"""Every answered question of the shipped base leads to what it cites: asked again, it is among the first."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.citation import parse
from kb.importing.records import load_laws, load_records
from kb.laws import article_key
from kb.records import DOMAINS, Question
from kb.snapshot import Snapshot
from search.documents import article_id
from search.engine import Engine

CONTENT = Path(__file__).resolve().parents[2] / "kb" / "content"
RECORDS = load_records(CONTENT)
LAWS = load_laws(CONTENT / "laws")
BASE = Snapshot.of(RECORDS, LAWS.versions, LAWS.repeals)
QUESTIONS = [r for r in RECORDS if isinstance(r, Question)]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    made = Engine(tmp_path_factory.mktemp("index"))
    made.sync(BASE)
    return made


def ids(cited: str) -> list[str]:
    if not cited.startswith("《"):
        return [cited]
    [c] = parse(cited, BASE.laws)
    return [article_id(c.resolved or "", article_key(c.article or 0, c.article_suffix or 0))]


def test_there_are_some_of_each_domain() -> None:
    assert len(QUESTIONS) >= 60
    assert all(sum(q.domain == d for q in QUESTIONS) >= 4 for d in DOMAINS)
    known = {r.id for r in RECORDS}
    assert {c for q in QUESTIONS for c in q.cites if not c.startswith("《")} <= known


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.id)
def test_asked_again_it_finds_what_it_led_to(engine: Engine, question: Question) -> None:
    wanted = {i for cited in question.cites for i in ids(cited)}
    for text in question.asked:
        found = [hit["id"] for hit in engine.search(text, n=5)["hits"]]
        assert wanted & set(found[:3]), f"{text}: {found}"
