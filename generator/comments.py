"""Findings as Word comments in a copy of the paper, each on exactly the words it speaks of.

The copy differs from the original by the comments and nothing else: runs are cut where a comment begins or
ends inside one, every part without a comment is copied as it was compressed, the author's text stays.
Word shows no comments in headers, footers, notes, text boxes and other comments; there the comment stands at
the nearest place of the body and says where it belongs.
"""

from __future__ import annotations

import posixpath
import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple

from generator.docx_marks import mark, surround
from generator.docx_story import OURS, ROLES, STRICT, get, namespace_of
from generator.docx_text import Line, body_of, read_traced
from generator.render import Packer
from kb.findings import Finding, Place
from kb.package import CONTENT_TYPES, Package, Packed

if TYPE_CHECKING:
    from lxml.etree import _Element

MOST_COMMENTS = 32_767  # Word opens no file with more comment ranges (MS-OI29500, commentRangeStart)
_MEDIA = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
_ARROWS = "http://schemas.openxmlformats.org/package/2006/relationships"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments"
_STRICT_RELATION = "http://purl.oclc.org/ooxml/officeDocument/relationships/comments"
# Comments that keep their look whatever the paper's own styles are: small, no indent, single spacing.
_LOOK = '<w:pPr><w:spacing w:before="0" w:after="0" w:line="240" w:lineRule="auto"/>'
_LOOK += '<w:ind w:left="0" w:right="0" w:firstLineChars="0" w:firstLine="0"/><w:jc w:val="left"/></w:pPr>'
_SMALL = '<w:rPr><w:sz w:val="18"/><w:szCs w:val="18"/></w:rPr>'


class Spot(NamedTuple):
    """Letters of a line; or, where ``around`` is given, that element as a whole."""

    line: int
    start: int
    end: int
    around: _Element | None = None


def annotate(package: Package, findings: Sequence[Finding], at: datetime) -> bytes:
    """A copy of a .docx with one comment a finding; without findings, the bytes of the original.

    Args:
        package: the paper the findings are of.
        findings: with places as `read_docx` gives them.
        at: the moment the comments bear.

    Raises:
        BadPackage: damaged, hostile, or no Word file.
    """
    if not findings:
        return package.data
    root, comments = _marked(package, findings, at)  # the lines, half of what is in memory, are gone by now
    return _pack(package, {package.main: _xml(root), **comments.parts()})


def _marked(package: Package, findings: Sequence[Finding], at: datetime) -> tuple[_Element, _Comments]:
    """The tree of the main part with all marks, and the comments they stand for."""
    root, lines = read_traced(package)
    places, comments = _Places(root, lines), _Comments(package, root, at)
    fitting = findings if len(findings) <= comments.room else findings[: comments.room - 1]
    for finding in fitting:
        spot, where = places.find(finding)
        places.put(spot, comments.add(_said(finding, where)))
    if len(fitting) < len(findings):
        rest = len(findings) - len(fitting)
        said = f"另有 {rest} 处问题没有写成批注：Word 最多 {MOST_COMMENTS} 条"
        places.put(places.first(), comments.add([said]))
    places.mark_lines()
    return root, comments


def finding_of(data: Mapping[str, Any]) -> Finding:
    """The finding whose `to_dict` this is."""
    return Finding(**{**data, "place": Place(**data["place"])})


def _said(finding: Finding, where: str) -> list[str]:
    """The paragraphs of a comment."""
    rows = [f"位置：{where}"] if where else []
    rows.append(f"{finding.code}　{finding.severity}　{finding.message}")
    rows += [f"建议：{finding.suggestion}"] if finding.suggestion else []
    rows += [f"依据：{finding.basis}"] if finding.basis else []
    return rows


class _Places:
    """Where in the body the comment of a finding stands."""

    def __init__(self, root: _Element, lines: Sequence[Line]) -> None:
        self.root, self.lines = root, lines
        self.index = {(ln.place.part, ln.place.paragraph, ln.place.cell): n for n, ln in enumerate(lines)}
        self.spans: dict[int, list[tuple[int, int, int]]] = defaultdict(list)

    def find(self, finding: Finding) -> tuple[Spot, str]:
        """The place, and words for it where it is not the finding's own."""
        place = finding.place
        n = self.index.get((place.part, place.paragraph, place.cell))
        if n is None:
            return self.first(), "全文"
        line = self.lines[n]
        if place.part == "正文":
            end = min(place.end, len(line.text))
            return Spot(n, place.start, end) if place.start < end else self.whole(n), ""
        where = " ".join(filter(None, (place.part, place.cell, f"第{place.paragraph}段")))
        where += f"“{finding.text}”" if finding.text else ""
        return self.nearest(line.node), where

    def put(self, spot: Spot, number: int) -> None:
        """Mark the spot with a comment; letters are marked all together by `mark_lines`."""
        if spot.around is not None:
            surround(spot.around, number)
        else:
            self.spans[spot.line].append((spot.start, spot.end, number))

    def mark_lines(self) -> None:
        for n, spans in self.spans.items():
            mark(self.lines[n], spans)

    def whole(self, n: int) -> Spot:
        return Spot(n, 0, len(self.lines[n].text), None if self.lines[n].text else self.lines[n].node)

    def first(self) -> Spot:
        """The first paragraph of the body that has words, whole; in a body without words, its first."""
        body = [n for n, line in enumerate(self.lines) if line.place.part == "正文"]
        if body:
            return self.whole(next((n for n in body if self.lines[n].text.strip()), body[0]))
        paragraph = self.root.makeelement(f"{{{namespace_of(self.root)}}}p")
        holder = body_of(self.root)
        assert holder is not None  # else `read_traced` had refused the file
        holder.insert(0, paragraph)
        return Spot(0, 0, 0, paragraph)

    def nearest(self, paragraph: _Element | None) -> Spot:
        """The run that holds the text box, or the mark of the note or comment; else the first paragraph."""
        holder: _Element | None = None
        for above in paragraph.iterancestors() if paragraph is not None else ():
            role = ROLES.get(above.tag)
            if role == "r":
                holder = above
            elif role in ("footnote", "endnote", "comment"):
                holder = self.mark(f"{role}Reference", get(above, "id"))
                break
            elif role in ("hdr", "ftr"):
                holder = None
        return self.first() if holder is None else Spot(0, 0, 0, holder)

    def mark(self, name: str, number: str | None) -> _Element | None:
        """The run of the body with the mark of a note or comment."""
        for node in self.root.iter(f"{{{namespace_of(self.root)}}}{name}"):
            if get(node, "id") == number:
                return node.getparent()
        return None


class _Comments:
    """The part with the comments: the one the paper has, or a new one."""

    def __init__(self, package: Package, root: _Element, at: datetime) -> None:
        self.package, self.space = package, namespace_of(root)
        self.date = at.replace(tzinfo=None).isoformat(timespec="seconds")
        arrows = [a for a in package.relationships(package.main) if a.type == "comments" and not a.external]
        self.is_linked = bool(arrows)
        self.name = arrows[0].target if arrows else _free_name(package)
        self.is_new = self.name not in package.names
        self.root = (
            _parsed(f'<w:comments xmlns:w="{self.space}"/>') if self.is_new else package.xml(self.name)
        )
        names = ("comment", "commentReference", "commentRangeStart", "commentRangeEnd")
        used = [get(node, "id") or "" for tree in (root, self.root) for node in tree.iter(*self.tags(names))]
        self.next = max((int(number) for number in used if number.isdecimal()), default=-1) + 1
        self.room = MOST_COMMENTS - sum(1 for _ in root.iter(*self.tags(["commentRangeStart"])))

    def tags(self, names: Iterable[str]) -> list[str]:
        return [f"{{{self.space}}}{name}" for name in names]

    def add(self, rows: Iterable[str]) -> int:
        """Append a comment; returns its number."""
        number, self.next = self.next, self.next + 1
        comment = _parsed(
            f'<w:comment xmlns:w="{self.space}" w:id="{number}" w:author="{OURS}" w:initials="{OURS}" '
            f'w:date="{self.date}"/>'
        )
        for row in rows:
            paragraph = _parsed(
                f'<w:p xmlns:w="{self.space}">{_LOOK}<w:r>{_SMALL}<w:t xml:space="preserve"/></w:r></w:p>'
            )
            paragraph[-1][-1].text = row
            comment.append(paragraph)
        self.root.append(comment)
        return number

    def parts(self) -> dict[str, bytes]:
        """The parts that change or are new, by name."""
        parts = {self.name: _xml(self.root)}
        if self.package.content_type(self.name) != _MEDIA:
            types = self.package.xml(CONTENT_TYPES)
            row = {"PartName": f"/{self.name}", "ContentType": _MEDIA}
            types.append(types.makeelement(f"{{{namespace_of(types)}}}Override", row))
            parts[CONTENT_TYPES] = _xml(types)
        if not self.is_linked:
            name, arrows = self.arrows()
            parts[name] = _xml(arrows)
        return parts

    def arrows(self) -> tuple[str, _Element]:
        """The relationships of the main part, with one to the comments."""
        folder, base = posixpath.split(self.package.main)
        name = posixpath.join(folder, "_rels", base + ".rels")
        known = name in self.package.names
        arrows = self.package.xml(name) if known else _parsed(f'<Relationships xmlns="{_ARROWS}"/>')
        ids = {arrow.get("Id") for arrow in arrows}
        free = next(i for n in count(1) if (i := f"rIdCailiang{n}") not in ids)
        kind = _STRICT_RELATION if self.space == STRICT else _RELATION
        row = {"Id": free, "Type": kind, "Target": posixpath.basename(self.name)}
        arrows.append(arrows.makeelement(f"{{{namespace_of(arrows)}}}Relationship", row))
        return name, arrows


def _free_name(package: Package) -> str:
    """A name beside the main part that no part has, whatever its letters' case."""
    folder = posixpath.dirname(package.main)
    taken = {name.lower() for name in package.names}
    names = (posixpath.join(folder, f"comments{n or ''}.xml") for n in count())
    return next(name for name in names if name.lower() not in taken)


def _pack(package: Package, changed: Mapping[str, bytes]) -> bytes:
    """The package in its own order, with the changed parts in their places and the new ones at the end."""
    parts = [package.packed(name) for name in package.names if name not in changed]
    by_name = {part.name: part for part in parts} | {
        name: _packed(name, xml) for name, xml in changed.items()
    }
    new = [name for name in changed if name not in package.names]
    return Packer(by_name[name] for name in (*package.names, *new)).pack({})


def _packed(name: str, data: bytes) -> Packed:
    squeeze = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return Packed(name, zlib.DEFLATED, zlib.crc32(data), len(data), squeeze.compress(data) + squeeze.flush())


def _xml(root: _Element) -> bytes:
    from lxml import etree

    return etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8", standalone=True)


def _parsed(xml: str) -> _Element:
    from lxml import etree

    return etree.fromstring(xml)
