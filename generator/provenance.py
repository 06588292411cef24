"""What a paper says of its own making, in ``docProps/custom.xml``.

With it a letter can be reproduced (case, revision of the base, template) and checked again years later on
the days that mattered to it: the end of the act, the decision, the law the officer chose.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path

from generator.linebreaks import SETTINGS, with_boxes_kept
from kb.package import CONTENT_TYPES, Package, open_package

PART = "docProps/custom.xml"
_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties"
_FMTID = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
_NS = (
    'xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
    'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"'
)
_PREFIX = "cailiang."


@dataclass(frozen=True, slots=True)
class Provenance:
    """``law_choice`` is 旧, 新 or empty; ``draft`` is true where the paper carries the watermark.

    ``paper`` names the entry among the papers of the case: its key, or its number among those of its type.
    """

    type: str
    case: str
    revision: int
    template: str
    act: date | None = None
    decided: date | None = None
    law_choice: str = ""
    draft: bool = False
    paper: str = ""

    def to_values(self) -> dict[str, str]:
        """The values of the tags that `with_place` put into the template."""
        return {f.name: _text(getattr(self, f.name)) for f in fields(self)}


def _text(value: object) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else "" if value is None else str(value)


def with_place(template: bytes) -> bytes:
    """A copy of a template with a place for the provenance, filled like any other field; its boxes to tick
    stay beside their words.

    Other custom properties of the template are left out: a paper says nothing of its template's history.
    """
    rows = "".join(
        f'<property fmtid="{_FMTID}" pid="{n}" name="{_PREFIX}{f.name}">'
        f"<vt:lpwstr>{{{{ provenance.{f.name} }}}}</vt:lpwstr></property>"
        for n, f in enumerate(fields(Provenance), 2)
    )
    xml = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Properties {_NS}>{rows}</Properties>'
    package, out = open_package(template), io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in package.names:
            if name == SETTINGS:
                _write(new, name, with_boxes_kept(package.xml(name)))
            elif name != PART:
                _write(new, name, _CHANGED.get(name, bytes)(package.read(name)))
        _write(new, PART, xml.encode())
    return out.getvalue()


def read(source: bytes | Path | Package) -> Provenance | None:
    """The provenance a .docx carries, or None where it is not one of ours.

    Raises:
        BadPackage: damaged or hostile.
    """
    package = source if isinstance(source, Package) else open_package(source)
    if PART not in package.names:
        return None
    found = {
        node.get("name", "").removeprefix(_PREFIX): "".join(map(str, node.itertext()))
        for node in package.xml(PART)
        if node.get("name", "").startswith(_PREFIX)
    }
    try:
        return Provenance(
            type=found["type"],
            case=found["case"],
            revision=int(found["revision"]),
            template=found["template"],
            act=date.fromisoformat(found["act"]) if found.get("act") else None,
            decided=date.fromisoformat(found["decided"]) if found.get("decided") else None,
            law_choice=found.get("law_choice", ""),
            draft=found.get("draft") == "true",
            paper=found.get("paper", ""),
        )
    except (KeyError, ValueError):
        return None


def _write(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    info.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(info, data, compresslevel=9)


def _declared(xml: bytes) -> bytes:
    if f"/{PART}".encode() in xml:
        return xml
    row = f'<Override PartName="/{PART}" ContentType="{_TYPE}"/></Types>'
    return xml.replace(b"</Types>", row.encode())


def _related(xml: bytes) -> bytes:
    if _RELATION.encode() in xml:
        return xml
    row = f'<Relationship Id="rIdCailiang" Type="{_RELATION}" Target="{PART}"/></Relationships>'
    return xml.replace(b"</Relationships>", row.encode())


_CHANGED = {CONTENT_TYPES: _declared, "_rels/.rels": _related}
