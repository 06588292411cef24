"""A stored case that can't be read stops no list: the others are there, and one line says how to mend it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from app.api import cases
from app.base import Base
from casework import schema as t
from tests.app.conftest import NOW, Run
from tests.app.test_web_cases import bring, issue, shown, visitor
from tests.casework.batch_kit import open_home

OLD, BROKEN, WHOLE = "spoiled/old-build", "spoiled/broken", "spoiled/whole"
BLOCK = "quarantine"
"""A block that no build knows any more, as an old one left it."""


@pytest.fixture(scope="module")
def spoiled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Base]:
    """Three cases with an issued decision and a good; two of them are spoiled in the database itself."""
    base = open_home(tmp_path_factory.mktemp("home"))
    zhang = visitor(base, "示例张", "经办人")
    good = {"name": "冰柜", "quantity": "1台", "place": "仓库", "status": "扣押"}
    for id in (OLD, BROKEN, WHOLE):
        bring(zhang, id)
        assert issue(zhang, id, "prior_notice").status_code == 200
        assert issue(zhang, id, "decision").status_code == 200
        cases.ledger_add(base, "goods", good, day=date(2026, 9, 8), case=id, by="示例张", at=NOW)
    spoil(base, OLD)
    spoil(base, BROKEN)
    yield base
    base.store.close()


def spoil(base: Base, id: str) -> None:
    """As an older build, a failing disk or a hand in the database left it; its revisions alike."""
    c, r = t.case_file.c, t.case_revision.c
    with base.store.locked() as conn:
        text = conn.execute(sa.select(c.body).where(c.id == id)).scalar_one()
        old = json.dumps(json.loads(text) | {BLOCK: {"place": "示例路"}}, ensure_ascii=False)
        new = old if id == OLD else text[:400]
        conn.execute(sa.update(t.case_file).where(c.id == id).values(body=new, fault=""))
        last = sa.select(sa.func.max(r.revision)).where(r.case == id).scalar_subquery()
        guard = sa.text("select sql from sqlite_master where name = 'case_revision_no_update'")
        made = conn.execute(guard).scalar_one()
        conn.execute(sa.text("drop trigger case_revision_no_update"))
        conn.execute(sa.update(t.case_revision).where(r.case == id, r.revision == last).values(body=new))
        conn.execute(sa.text(made))


@pytest.fixture(scope="module")
def home(spoiled: Base) -> Path:
    return spoiled.config.home


@pytest.fixture
def zhang(spoiled: Base) -> FlaskClient:
    return visitor(spoiled, "示例张", "经办人")


BOTH, ONE, NONE = (OLD, BROKEN), (BROKEN,), ()
WHAT = {OLD: f"没有“{BLOCK}”这个字段", BROKEN: "案件内容不是 JSON"}
PAGES = [
    # address, the cases it says it can't read
    ("/cases", BOTH),
    ("/cases?order=change", BOTH),
    ("/cases?state=在办", BOTH),
    ("/deadlines", BOTH),
    ("/deadlines?what=all", BOTH),
    ("/office", BOTH),
    ("/ledgers/goods", ONE),  # reads the goods only
    ("/ledgers/goods?year=2026", ONE),
    ("/reports?report=major&from=2026-01-01&to=2026-12-31", BOTH),
    ("/reports?report=quarter&quarter=2026-4", BOTH),
    ("/reports?report=year&year=2026", BOTH),
    ("/ledgers/filing", NONE),  # the rest reads no case
    ("/ledgers/publication", NONE),
    ("/handwriting", NONE),
    ("/numbers?code=示综执罚&year=2026", NONE),
    ("/dossier", NONE),
    ("/benchmark/market/unlicensed-food-business", NONE),
    ("/", NONE),
]


@pytest.mark.parametrize(("address", "named"), PAGES)
def test_a_page_shows_the_others_and_says_which_it_cannot_read(
    zhang: FlaskClient, address: str, named: tuple[str, ...]
) -> None:
    answer = zhang.get(address, follow_redirects=True)
    assert answer.status_code == 200, answer.text
    for id in BOTH:
        assert (f"/casetext/{id}" in answer.text) == (id in named)
        assert (WHAT[id] in answer.text) == (id in named)
    if named:
        assert WHOLE in zhang.get(address).text or "reports" in address


COMMANDS = [
    (("case", "list"), BOTH),
    (("case", "list", "--state", "在办", "-n", "3"), BOTH),
    (("case", "deadlines", "--all"), BOTH),
    (("case", "deadlines", "--all", "--open"), BOTH),
    (("case", "ledger", "show", "goods"), ONE),
    (("case", "ledger", "show", "filing"), NONE),
    (("case", "earlier", "market/unlicensed-food-business"), NONE),
    (("office", "due"), BOTH),
    (("office", "publications"), BOTH),
    (("office", "review-list"), BOTH),
    (("office", "inspections"), NONE),
    (("report", "major", "--from", "2026-01-01", "--to", "2026-12-31"), BOTH),
    (("report", "quarter", "2026-4"), BOTH),
    (("report", "year", "2026"), BOTH),
]


@pytest.mark.parametrize(("command", "named"), COMMANDS)
def test_a_command_lists_the_others_and_says_which_it_cannot_read(
    run: Run, command: tuple[str, ...], named: tuple[str, ...]
) -> None:
    code, out, _ = run(*command)
    assert code == 0
    for id in BOTH:
        lines = [line for line in out.splitlines() if f"/casetext/{id}" in line]
        assert len(lines) == (id in named), out
        assert all(WHAT[id] in line and "case export" in line for line in lines)
    code, out, _ = run(*command, "--json")
    assert code == 0
    data = json.loads(out)
    if command[0] != "report" and "earlier" not in command:
        assert {u["case"] for u in data["unread"]} == set(named)
    if command[:2] == ("case", "deadlines"):
        assert {d["case"] for d in data["dues"]} >= {WHOLE}
        assert not {d["case"] for d in data["dues"]} & set(BOTH)


def test_the_calendar_holds_an_event_for_what_it_could_not_count(zhang: FlaskClient) -> None:
    text = zhang.get("/deadlines.ics").text.replace("\r\n ", "")
    assert [f"案件 {id} 读不出来，它的期限没有列入" in text for id in (OLD, BROKEN, WHOLE)] == [
        True,
        True,
        False,
    ]


@pytest.mark.parametrize("id", BOTH)
def test_the_case_itself_opens_and_leads_to_its_text(zhang: FlaskClient, run: Run, id: str) -> None:
    page = zhang.get(f"/cases/{id}")
    assert page.status_code == 200
    assert WHAT[id] in page.text
    assert f'href="/casetext/{id}"' in page.text
    assert len(shown(zhang, f"/cases/{id}.json")["documents"]) == 2
    code, out, _ = run("case", "show", id)
    assert (code, WHAT[id] in out) == (0, True)


# ---------------------------------------------------------------- mended


def test_put_right_in_the_editor_nothing_else_is_lost(spoiled: Base, zhang: FlaskClient) -> None:
    kept = shown(zhang, f"/casetext/{OLD}.json")
    assert WHAT[OLD] in kept["fault"]
    assert BLOCK in kept["text"]
    start = kept["text"].index(BLOCK)
    cut = kept["text"][:start] + kept["text"][start:].partition("示例路\n")[2]
    sent = {"text": cut, "revision": str(kept["revision"])}
    assert zhang.post(f"/casetext/{OLD}.json", data=sent | {"revision": "1"}).status_code == 409
    answer = zhang.post(f"/casetext/{OLD}", data=sent)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/cases/{OLD}")
    mended, whole = shown(zhang, f"/cases/{OLD}.json"), shown(zhang, f"/cases/{WHOLE}.json")
    assert mended["fault"] == ""
    assert mended["case"]["parties"] == whole["case"]["parties"]
    assert WHAT[OLD] not in zhang.get("/deadlines").text
    spoil(spoiled, OLD)


def test_exported_put_right_and_saved_by_commands(run: Run, spoiled: Base, tmp_path: Path) -> None:
    out = tmp_path / "案件.yaml"
    code, _, _ = run("case", "export", BROKEN, "-o", out, "--by", "示例张")
    text = out.read_text(encoding="utf-8")
    assert (code, len(text)) == (0, 400), "as it stands, not one letter less"
    whole = tmp_path / "对的.yaml"
    run("case", "export", WHOLE, "-o", whole, "--by", "示例张")
    revision = str(cases.cases_of(spoiled).read(BROKEN).revision)
    code, _, err = run("case", "save", BROKEN, whole, "--revision", revision, "--by", "示例张")
    assert (code, err) == (0, "")
    assert cases.cases_of(spoiled).read(BROKEN).fault == ""
    spoil(spoiled, BROKEN)


@pytest.mark.parametrize("typed", ["", "一行: 甲: 乙", "[1, 2]", "{", "cause: 甲"])
def test_what_is_typed_in_the_editor_is_read_strictly(zhang: FlaskClient, typed: str) -> None:
    revision = shown(zhang, f"/casetext/{OLD}.json")["revision"]
    answer = zhang.post(f"/casetext/{OLD}.json", data={"text": typed, "revision": str(revision)})
    assert answer.status_code < 500
    assert json.loads(answer.text)["fault"]


def test_the_editor_is_not_for_whoever_is_shown_no_names(spoiled: Base) -> None:
    assert visitor(spoiled, "示例李", "其他").get(f"/casetext/{OLD}").status_code == 403


@pytest.mark.parametrize(
    "body",
    [
        "",
        "null",
        "[]",
        "7",
        '{"schema": 1}',
        '{"violations": 5, "parties": "甲", "goods": 1, "papers": 2, "officers": {}}',
        '{"violations": [1, null, {"act": 5, "facts": [], "measures": 3}], "parties": [1], "goods": [7]}',
        '{"violations": [{"act": "昨天", "facts": {"a": {}}, "benchmark": 3}], "decision": 4}',
        "[" * 100_000,
    ],
)
def test_no_page_breaks_whatever_stands_there(spoiled: Base, zhang: FlaskClient, body: str) -> None:
    c = t.case_file.c
    with spoiled.store.locked() as conn:
        kept = conn.execute(sa.select(c.body).where(c.id == BROKEN)).scalar_one()
        conn.execute(sa.update(t.case_file).where(c.id == BROKEN).values(body=body))
    pages = [address for address, _ in PAGES] + [f"/{p}/{BROKEN}" for p in ("cases", "caseform", "casetext")]
    found = {address: zhang.get(address, follow_redirects=True).status_code for address in pages}
    with spoiled.store.locked() as conn:
        conn.execute(sa.update(t.case_file).where(c.id == BROKEN).values(body=kept))
    assert {address: status for address, status in found.items() if status >= 500} == {}
