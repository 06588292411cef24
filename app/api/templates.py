"""Templates as data: what an author is told, which versions an agency keeps, which is in use."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from generator.authoring import check, ensure_usable
from generator.catalogue import DocumentType, document_types, shipped_template, version_of
from generator.owntemplates import SHIPPED, Entry
from generator.template import Checked

if TYPE_CHECKING:
    from app.base import Base


def checked(found: Checked, name: str) -> dict[str, Any]:
    """What ``template check --json`` prints, and adding answers."""
    return {
        "file": name,
        "findings": [finding.to_dict() for finding in found.findings],
        "fields": [field.name for field in found.fields],
    }


def add(base: Base, kind: DocumentType, data: bytes, name: str, by: str, at: datetime) -> dict[str, Any]:
    """Keep a version of the agency's own and draft with it from now on.

    Raises:
        BadPackage: damaged or hostile; BadTemplate: its author has to mend something; BadValue: nobody named.
    """
    found = check(data, base=base.snapshot, day=at.date(), kind=kind)
    ensure_usable(found, name)
    entry = base.own_templates.add(kind.type, data, by=by, at=at, name=name)
    return {"type": kind.type} | entry.to_dict() | checked(found, name)


def use(base: Base, kind: DocumentType, version: str, by: str, at: datetime) -> dict[str, Any]:
    """Take up an earlier version, or with ``shipped`` the program's. Raises NotFound, BadValue."""
    return {"type": kind.type} | base.own_templates.use(kind.type, version, by=by, at=at).to_dict()


def content(base: Base, kind: DocumentType, version: str = "") -> bytes:
    """The template of a version; the one in use where none is named. Raises NotFound."""
    if version == SHIPPED:
        return shipped_template(kind).read_bytes()
    path = base.own_templates.path(kind.type, version) if version else kind.template
    return path.read_bytes()


def versions(base: Base, kind: DocumentType) -> dict[str, Any]:
    """The history of one type, the newest first, and what is in use."""
    log = base.own_templates.log(kind.type)
    return {
        "type": kind.type,
        "name": kind.name,
        "in_use": log[-1].version if log else SHIPPED,
        "shipped": version_of(shipped_template(kind).read_bytes()),
        "versions": [entry.to_dict() for entry in reversed(log)],
    }


def template_list(base: Base) -> dict[str, Any]:
    """Every document type with the template it is drafted with."""
    return {"templates": [_row(base, kind) for kind in document_types()]}


def _row(base: Base, kind: DocumentType) -> dict[str, Any]:
    log = base.own_templates.log(kind.type)
    last = log[-1] if log else Entry(SHIPPED, "", "")
    return {
        "type": kind.type,
        "name": kind.name,
        "stage": kind.stage,
        "in_use": last.version,
        "by": last.by,
        "at": last.at,
        "versions": len({entry.version for entry in log} - {SHIPPED}),
    }
