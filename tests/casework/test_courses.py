"""Every example case issued paper by paper in the order of its days: numbers, ledgers and log hold."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from casework import documents, dossier, ledgers
from casework.cases import Cases
from casework.documents import Document
from casework.verification import verify
from generator.catalogue import RECEIPT, document_type
from generator.events import Event, events, served_papers
from kb.importing.yaml_files import load_yaml
from kb.snapshot import Snapshot
from kb.store import Store
from tests.casework.conftest import AT, Office

EXAMPLES = sorted((Path(__file__).resolve().parents[2] / "examples" / "cases").glob("*.yaml"))


def unnumbered(data: dict[str, Any]) -> dict[str, Any]:
    """The case before any of its papers was issued."""
    new = copy.deepcopy(data)
    for part in (*new.values(), *new.get("papers", ())):
        if isinstance(part, dict):
            part.pop("number", None)
    return new


def made(event: Event) -> bool:
    """Whether the case has the paper itself; the day of filing stands for a paper made elsewhere."""
    return event.index is not None or bool(document_type(event.type).block)


def issue_all(office: Office, id: str) -> Iterator[tuple[Event, Document]]:
    """Issue the papers of a case in the order of their days, then the receipt of each that was served."""
    for event in line_of(office, id):
        yield event, office.issue(id, event.type, party=event.party or 1, key=event.key)
    for event in served_papers(office.cases.read(id).case):
        yield event, office.issue(id, RECEIPT, party=event.party or 1, key=event.name)


def line_of(office: Office, id: str) -> list[Event]:
    """The papers the case has, in the order of their days."""
    return [e for e in events(office.cases.read(id).case) if made(e) and not e.void]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: str(p.stem))
def test_an_example_is_issued_from_its_first_paper_to_its_last(
    path: Path, tmp_path: Path, agency: Snapshot
) -> None:
    data = load_yaml(path)[0]
    office = Office(Cases(Store.open(tmp_path)), agency)
    id = office.create(unnumbered(data))
    line = line_of(office, id)
    for event, done in issue_all(office, id):
        day = event.served_on if done.type == RECEIPT else event.day
        assert (done.day, done.state) == (day or AT.date(), "已签发")
    papers = documents.documents(office.cases.store, id)
    assert len(papers) == len(line) + sum(e.served is not None for e in line)
    bound = dossier.bound([(p, b"", ()) for p in papers])
    assert list(dossier.missing(office.cases.read(id).case, bound)) == []
    receipts = [n for n, item in enumerate(bound) if item.paper.type == RECEIPT]
    for n in receipts:
        of = bound[n - 1].paper
        assert bound[n].paper.key in (of.key, of.type), "each behind its paper"
    texts = [p.number_text for p in papers if p.number_text]
    assert len(texts) == len(set(texts))
    assert office.cases.read(id).stage
    served = [e for e in line if e.served_on]
    rows = {x.name: ledgers.rows(office.cases.store, x.name, AT.year) for x in ledgers.LEDGERS}
    assert [(r.day, r.cells["name"]) for r in rows["service"]] == [
        (e.served_on, document_type(e.type).name) for e in served
    ]
    for ledger in ledgers.LEDGERS:
        if ledger.types:
            assert len(rows[ledger.name]) == sum(e.type in ledger.types for e in line), ledger.title
    assert all(r.cells["to"] for r in rows["transfer"])
    taken = {p.key for p in papers}
    assert [r.cells["name"] for r in rows["goods"]] == [
        g["name"] for g in data.get("goods", ()) if g.get("paper") in taken
    ]
    for name, person in ((n, p["name"]) for n in rows for p in data["parties"] if p["kind"] != "unit"):
        assert all(person not in "".join(r.cells.values()) for r in rows[name]), name
    assert verify(office.cases.store).sound
    office.cases.store.close()
