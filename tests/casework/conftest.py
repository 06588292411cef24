"""An agency of its own (no 示例 setting, so papers may leave) and its cases in each of the two databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import yaml

from casework.cases import Cases
from casework.documents import Document
from casework.drafting import draft
from casework.issuing import issue
from casework.slots import Slot
from generator.casefile import CaseFile
from generator.drafting import Draft
from kb.records import Record
from kb.snapshot import Snapshot
from kb.store import Store
from tests.shipped import shipped

AT = datetime(2026, 11, 23, 9, 30, tzinfo=timezone(timedelta(hours=8)))


def _own(record: Record) -> Record:
    """A shipped 示例 record as an agency would have entered it for itself."""
    if not record.source.example:
        return record
    return record.model_copy(
        update={"source": record.source.model_copy(update={"instrument": "本机关文件", "example": False})}
    )


@pytest.fixture(scope="session")
def agency() -> Snapshot:
    """The shipped base with the settings of an agency of its own."""
    return shipped(7, _own)


@pytest.fixture
def body(root: Path) -> Callable[..., dict[str, Any]]:
    """The mapping of an example case, with fields set; paths are dotted, None deletes."""

    def make(name: str = "unlicensed-food", **changes: Any) -> dict[str, Any]:
        text = (root / "examples" / "cases" / f"{name}.yaml").read_text(encoding="utf-8")
        data: dict[str, Any] = yaml.safe_load(text)
        for path, value in changes.items():
            *steps, last = path.split("__")
            at: Any = data
            for step in steps:
                at = at[int(step)] if step.isdigit() else at.setdefault(step, {})
            if value is None:
                at.pop(last, None)
            else:
                at[last] = value
        return data

    return make


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store; where no PostgreSQL is to be had, only SQLite's."""
    if request.param == "sqlite":
        made = Store.open(tmp_path / "home")
    else:
        new_database: Callable[[], str] = request.getfixturevalue("postgres")
        made = Store.open(tmp_path / "home", new_database())
    yield made
    made.close()


@dataclass(frozen=True)
class Office:
    """The cases of one store, with the agency they belong to; each call is one transaction."""

    cases: Cases
    base: Snapshot

    def create(self, body: dict[str, Any], by: str = "示例张") -> str:
        with self.cases.writing(by=by, at=AT) as w:
            return w.create(body).id

    def drafter(self, type: str, party: int = 1, as_draft: bool = False) -> Callable[[CaseFile, Slot], Draft]:
        return lambda case, slot: draft(
            type, case, self.base, decided=AT.date(), draft=as_draft, party=party, paper=slot.paper
        )

    def issue(self, id: str, type: str, *, party: int = 1, by: str = "示例张", **how: Any) -> Document:
        with self.cases.writing(by=by, at=AT) as w:
            return issue(w, self.base, id, type, self.drafter(type, party), party=party, **how)


@pytest.fixture
def office(store: Store, agency: Snapshot) -> Office:
    return Office(Cases(store), agency)
