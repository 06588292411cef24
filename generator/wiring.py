"""The parts of a paper while rich values are put in: which are changed or new, and how they hang together."""

from __future__ import annotations

import posixpath
import zlib
from collections.abc import Mapping
from hashlib import sha256
from itertools import count

from lxml import etree

from kb.package import CONTENT_TYPES, Packed

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_ARROWS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"


class Wiring:
    """The rendered parts as text or trees, the constant ones read where they have to change.

    Args:
        parts: the rendered parts by name.
        constant: the others, as they lie in the template.
    """

    def __init__(self, parts: Mapping[str, str | bytes], constant: Mapping[str, Packed]) -> None:
        self._parts = dict(parts)
        self._constant = constant
        self._roots: dict[str, etree._Element] = {}
        self._rels: dict[tuple[str, str], str] = {}
        # The body comes first among the parts that carry tags, and else beside the types.
        self.main = next((name for name in (*parts, *constant) if name.endswith("document.xml")), "")

    def names(self) -> set[str]:
        return {*self._parts, *self._constant, *self._roots}

    def root(self, name: str) -> etree._Element:
        """The tree of a part; what is done to it will be written."""
        if name not in self._roots:
            part = self._parts[name] if name in self._parts else _unpacked(self._constant[name])
            parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
            self._roots[name] = etree.fromstring(part.encode() if isinstance(part, str) else part, parser)
        return self._roots[name]

    def part_of_type(self, ending: str) -> str:
        """The name of the part of a content type, or nothing."""
        for node in self.root(CONTENT_TYPES).iter(_TYPES + "Override"):
            if node.get("ContentType", "").endswith(ending):
                return node.get("PartName", "").lstrip("/")
        return ""

    def add_xml(self, name: str, root: etree._Element, media: str, kind: str) -> None:
        """A new part beside the body, with its arrow from there and its content type."""
        self._roots[name] = root
        row = {"PartName": f"/{name}", "ContentType": media}
        types = self.root(CONTENT_TYPES)
        types.append(types.makeelement(_TYPES + "Override", row))
        self.arrow(self.main, kind, posixpath.relpath(name, posixpath.dirname(self.main)))

    def picture(self, owner: str, data: bytes, ending: str) -> str:
        """The id by which a part calls a picture; the same picture lies in the file once."""
        folder = posixpath.dirname(self.main)
        name = posixpath.join(folder, "media", f"cailiang-{sha256(data).hexdigest()[:16]}.{ending}")
        self._parts[name] = data
        types = self.root(CONTENT_TYPES)
        known = {node.get("Extension", "").lower() for node in types.iter(_TYPES + "Default")}
        if ending not in known:
            row = {"Extension": ending, "ContentType": f"image/{'jpeg' if ending == 'jpg' else ending}"}
            types.insert(0, types.makeelement(_TYPES + "Default", row))
        return self.arrow(owner, "image", posixpath.relpath(name, posixpath.dirname(owner)))

    def arrow(self, owner: str, kind: str, target: str, *, external: bool = False) -> str:
        """The id of a relationship from a part, new or there already."""
        key = (owner, f"{kind} {target}")
        if key not in self._rels:
            folder, base = posixpath.split(owner)
            name = posixpath.join(folder, "_rels", base + ".rels")
            if name not in self.names():
                self._roots[name] = etree.fromstring(f'<Relationships xmlns="{_ARROWS[1:-1]}"/>')
            arrows = self.root(name)
            used = {arrow.get("Id") for arrow in arrows}
            free = next(found for n in count(1) if (found := f"rIdValue{n}") not in used)
            row = {"Id": free, "Type": _OFFICE + kind, "Target": target}
            if external:
                row["TargetMode"] = "External"
            arrows.append(arrows.makeelement(_ARROWS + "Relationship", row))
            self._rels[key] = free
        return self._rels[key]

    def written(self) -> dict[str, str | bytes]:
        """Every part that is rendered, changed or new."""
        return self._parts | {name: _written(root) for name, root in self._roots.items()}


def _unpacked(part: Packed) -> bytes:
    return part.data if part.method == 0 else zlib.decompress(part.data, -zlib.MAX_WBITS)


def _written(root: etree._Element) -> bytes:
    return etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8", standalone=True)
