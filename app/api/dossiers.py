"""Packets, dossiers and transfer packs as data and files: what commands and pages share."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.base import Base
from casework import attachments, documents
from casework.cases import Cases
from generator.casefile import CaseFile, load_case

Filed = tuple[documents.Document, bytes, list[attachments.Attachment]]

if TYPE_CHECKING:
    from casework.dossier import Dossier
    from casework.packet import Packet


def packet_of(
    base: Base, name: str, *, on: date, stage: str = "", draft: bool = False, transfer: bool = False
) -> Packet:
    """Every paper of a case or stage: as issued where it was, drafted where not.

    Args:
        name: a CASE.yaml, or the id of a stored case.
        on: the day of papers for which the case has none.
        transfer: only what goes to the police with a suspected crime.

    Raises:
        NotFound, BadRecord: no such case, or it isn't whole; WrongUse: no such stage.
    """
    from casework.packet import kept, packet
    from casework.transfer import transfer_pack

    case, issued = _case_and_papers(base, name)
    if transfer:
        return transfer_pack(case, base.snapshot(), on=on, issued=kept(issued), draft=draft)
    return packet(case, base.snapshot(), decided=on, stage=stage, issued=kept(issued), draft=draft)


def _case_and_papers(base: Base, name: str) -> tuple[CaseFile, list[tuple[documents.Document, bytes]]]:
    if Path(name).suffix in (".yaml", ".yml"):
        return load_case(Path(name)), []
    case = Cases(base.store).read(name).case
    return case, [(d, _bytes(base, d)) for d in documents.documents(base.store, name)]


def _bytes(base: Base, paper: documents.Document) -> bytes:
    return documents.content(base.store, paper.sha256) if paper.sha256 else b""


def dossier_of(
    base: Base, id: str, *, on: date, filer: str, checker: str = "", retention: str = ""
) -> Dossier:
    """The dossier of a stored case.

    Raises:
        NotFound, BadRecord: no such case, or it isn't whole; WrongUse: nothing was issued.
    """
    from casework.dossier import dossier

    case, papers = _filed(base, id)
    files = [a for _, _, own in papers for a in own if a.kind == attachments.SCAN]
    scans = {a.sha256: documents.content(base.store, a.sha256) for a in files}
    snapshot = base.snapshot()
    told = recorded(base, id)
    how = {"filer": filer, "checker": checker, "retention": retention}
    return dossier(case, snapshot, papers, scans, on=on, recorded=told, **how)


def recorded(base: Base, id: str) -> list[str]:
    """The recordings of a case as the register has them, a line each."""
    from casework.office.recordings import index

    rows = [row.cells for row in index(base.store, id)]
    return [f"{c['file']}，{c['start']}至{c['end']}，{c['device']}，存{c['place']}" for c in rows]


def _filed(base: Base, id: str) -> tuple[CaseFile, list[Filed]]:
    case = Cases(base.store).read(id).case
    docs = documents.documents(base.store, id)
    return case, [(d, _bytes(base, d), attachments.attachments(base.store, d.id)) for d in docs]


def contents(base: Base, id: str, on: date) -> dict[str, Any]:
    """What the dossier of a case would hold and what is missing; nothing is bound or printed yet.

    Raises:
        NotFound, BadRecord: no such case, or it isn't whole.
    """
    from casework.dossier import bound, missing, parted, recordings
    from casework.transfer import to_dict

    case, papers = _filed(base, id)
    items = bound(papers)
    volumes = [{"name": n, "papers": [i.to_dict() for i in own]} for n, own in parted(items).items()]
    return {
        "case": id,
        "volumes": volumes,
        "missing": list(missing(case, items)),
        "recordings": [*recorded(base, id), *recordings(case)],
        "transfer": to_dict(case, base.snapshot(), on),
    }


def taken(base: Base, id: str, what: str, *, by: str, at: datetime, **said: Any) -> None:
    """Write into the log that files of a case, personal data included, were taken out. Raises BadValue."""
    with Cases(base.store).writing(by=by, at=at) as w:
        w.log("导出", id, files=what, **said)
