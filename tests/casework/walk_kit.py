"""A case of the examples walked through the store: its papers are issued in the order of their days."""

from __future__ import annotations

from typing import Any

from casework.packet import wanted
from tests.casework.conftest import Office

SHEETS = ("dossier_cover", "dossier_index", "dossier_note")


def unnumbered(body: dict[str, Any]) -> dict[str, Any]:
    """The body without numbers of its own: the office gives them."""
    for block in ("notice", "decision", "correction_order", "guidance_note", "on_the_spot"):
        (body.get(block) or {}).pop("number", None)
    for paper in body.get("papers") or []:
        paper.pop("number", None)
    return body


def walk(office: Office, body: dict[str, Any]) -> str:
    """Create the case and issue its papers, behind each that was served its receipt; gives its id."""
    id = office.create(unnumbered(body))
    for want in wanted(office.cases.read(id).case):
        if want.kind.type not in SHEETS:
            key = "" if want.kind.block and not want.of else want.key
            office.issue(id, want.kind.type, party=want.party, key=key)
    return id
