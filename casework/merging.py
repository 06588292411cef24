"""Several papers in one .docx, each with its own sections, headers, footers, styles and lists.

Every paper begins on a new page and counts its pages from one, as it was issued. Styles come along by name
where the papers share one table of styles, and under names of their own where they don't.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from itertools import count

from lxml import etree

from generator.orders import in_order
from generator.render import Packer, compressed
from generator.subdocs import bring
from generator.trees import W
from generator.wiring import Wiring
from kb.package import CONTENT_TYPES, Package, Packed, open_package

_R_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_KEPT = {"styles", "settings", "fontTable", "theme", "webSettings", "core-properties", "extended-properties"}
"""Of the first paper's parts, by the last word of their relationship: the frame everything is put into."""
_MEDIA = "application/vnd.openxmlformats-officedocument.wordprocessingml.{}+xml"
_KINDS = {"headerReference": ("header", "hdr"), "footerReference": ("footer", "ftr")}
_NEUTRAL = {"sz": "20", "szCs": "20"}
"""What Word takes for a size where neither a style nor the defaults say one, in half points."""


def merged(papers: Sequence[tuple[bytes, int | None]]) -> bytes:
    """The papers in one file, in their order.

    Args:
        papers: each as a .docx with the number of its pages, where that is known: it is printed where the
            paper prints how many pages it has.

    Raises:
        BadPackage: damaged or hostile.
        BadValue: a paper holds what can't come along (notes, charts, embedded objects).
    """
    packages = [open_package(data) for data, _ in papers]
    frame = _Frame(packages[0])
    for package, (_, pages) in zip(packages, papers, strict=True):
        frame.add(package, pages)
    return frame.packed()


def fits(data: bytes) -> None:
    """Whether a paper can be merged at all. Raises BadPackage, BadValue."""
    merged([(data, None)])


class _Frame:
    """The file that grows: the first paper's styles and settings, and nothing else of it."""

    def __init__(self, first: Package) -> None:
        self._first = first
        kept = {a.target for owner in ("", first.main) for a in first.relationships(owner) if a.type in _KEPT}
        names = [n for n in first.names if n in kept or n in (CONTENT_TYPES, first.main, "_rels/.rels")]
        names += [_rels(first.main)] if _rels(first.main) in first.names else []
        self._constant = {name: first.packed(name) for name in names}
        self._wiring = Wiring({}, self._constant)
        for owner in ("", first.main):
            for arrow in list(self._wiring.root(_rels(owner))) if _rels(owner) in names else []:
                if not arrow.get("Type", "").endswith((*_KEPT, "/officeDocument")):
                    arrow.getparent().remove(arrow)  # type: ignore[union-attr]
        for node in list(self._wiring.root(CONTENT_TYPES)):
            if (node.get("PartName") or "").lstrip("/") not in ("", *names):
                node.getparent().remove(node)  # type: ignore[union-attr]
        self._body = next(self._wiring.root(first.main).iter(W + "body"))
        for child in list(self._body):
            self._body.remove(child)
        self._last: etree._Element | None = None
        self._serial = count(1)
        self._parts = count(1)
        self._tables = {_canonical(first): ""}
        self._even = _even(first)
        if self._even:
            self._set_even()

    def add(self, package: Package, pages: int | None) -> None:
        package = self._with_own_styles(package)
        root = package.xml(package.main)
        body = next(root.iter(W + "body"))
        sections = list(root.iter(W + "sectPr"))
        said = [_references(section, package) for section in sections]
        bring(root, package, self._wiring, self._serial)
        _settle_pages(root, pages)
        even = _even(package)
        if even and not self._even:
            self._even = True
            self._set_even()
        before: dict[tuple[str, str], str] = {}
        for n, (section, references) in enumerate(zip(sections, said, strict=True)):
            before |= {
                kind: self._bring_part(package, part, kind[0], pages) for kind, part in references.items()
            }
            self._dress(section, before, even=even, first=n == 0)
        last = body.find(W + "sectPr")
        if last is None:
            last = etree.SubElement(body, W + "sectPr")
            self._dress(last, before, even=even, first=not sections)
        body.remove(last)
        self._close()
        self._body.extend(list(body))
        self._last = last

    def _close(self) -> None:
        """End the section of the paper before: its properties go into its last paragraph."""
        if self._last is None:
            return
        end = self._body[-1] if len(self._body) else None
        if end is None or end.tag != W + "p" or end.find(f"{W}pPr/{W}sectPr") is not None:
            end = etree.SubElement(self._body, W + "p")
        properties = end.find(W + "pPr")
        if properties is None:
            properties = end.makeelement(W + "pPr")
            end.insert(0, properties)
        slot = in_order(properties, "sectPr")
        properties.replace(slot, self._last)

    def _dress(
        self, section: etree._Element, parts: Mapping[tuple[str, str], str], *, even: bool, first: bool
    ) -> None:
        """Give a section all its headers and footers: what it lacks it would take from the paper before."""
        arrows: dict[tuple[str, str], str] = {}
        for tag in _KINDS:
            usual = parts.get((tag, "default")) or self._empty(tag)
            arrows[tag, "default"] = usual
            arrows[tag, "even"] = (parts.get((tag, "even")) or self._empty(tag)) if even else usual
            arrows[tag, "first"] = parts.get((tag, "first")) or self._empty(tag)
        for n, ((tag, type), name) in enumerate(arrows.items()):
            target = posixpath.relpath(name, posixpath.dirname(self._wiring.main))
            node = section.makeelement(W + tag)
            node.set(W + "type", type)
            node.set(_R_ID, self._wiring.arrow(self._wiring.main, _KINDS[tag][0], target))
            section.insert(n, node)
        if first:
            in_order(section, "type").set(W + "val", "nextPage")
            in_order(section, "pgNumType").set(W + "start", "1")

    def _empty(self, tag: str) -> str:
        kind, element = _KINDS[tag]
        name = posixpath.join(posixpath.dirname(self._wiring.main), f"{kind}-empty.xml")
        if name not in self._wiring.names():
            root = etree.Element(W + element, nsmap={"w": W[1:-1]})
            etree.SubElement(root, W + "p")
            self._wiring.add_xml(name, root, _MEDIA.format(kind), kind)
        return name

    def _bring_part(self, package: Package, part: str, tag: str, pages: int | None) -> str:
        """Copy a header or footer under a free name."""
        kind, _ = _KINDS[tag]
        name = posixpath.join(posixpath.dirname(self._wiring.main), f"{kind}-{next(self._parts)}.xml")
        root = package.xml(part)
        self._wiring.add_xml(name, root, _MEDIA.format(kind), kind)
        bring(root, package, self._wiring, self._serial, part, name)
        _settle_pages(root, pages)
        return name

    def _set_even(self) -> None:
        name = self._wiring.part_of_type("wordprocessingml.settings+xml")
        if name and self._wiring.root(name).find(W + "evenAndOddHeaders") is None:
            settings = self._wiring.root(name)
            after = [
                settings.find(W + n) for n in ("zoom", "mirrorMargins", "proofState", "attachedTemplate")
            ]
            places = [settings.index(node) for node in after if node is not None]
            settings.insert(max(places, default=-1) + 1, settings.makeelement(W + "evenAndOddHeaders"))

    # ------------------------------------------------------------ styles

    def _with_own_styles(self, package: Package) -> Package:
        """A paper whose table of styles is another one keeps its look: its styles get names of their own."""
        canonical = _canonical(package)
        if canonical not in self._tables:
            self._tables[canonical] = f" {len(self._tables)}"
        mark = self._tables[canonical]
        part = _styles_part(package)
        return _renamed(package, part, mark, self._first) if mark and part else package

    def packed(self) -> bytes:
        assert self._last is not None, "there is at least one paper"
        self._body.append(self._last)
        parts = self._wiring.written()
        return Packer(p for n, p in self._constant.items() if n not in parts).pack(parts)


def _rels(owner: str) -> str:
    folder, base = posixpath.split(owner)
    return posixpath.join(folder, "_rels", base + ".rels")


def _even(package: Package) -> bool:
    name = next((a.target for a in package.relationships(package.main) if a.type == "settings"), "")
    found = package.xml(name).find(W + "evenAndOddHeaders") if name in package.names else None
    return found is not None and found.get(W + "val", "1") not in ("0", "false", "off")


def _references(section: etree._Element, package: Package) -> dict[tuple[str, str], str]:
    """The headers and footers of a section by kind and type; they are taken off it."""
    arrows = {a.id: a.target for a in package.relationships(package.main)}
    found = {}
    for tag in _KINDS:
        for node in section.findall(W + tag):
            target = arrows.get(node.get(_R_ID, ""), "")
            if target in package.names:
                found[tag, node.get(W + "type", "default")] = target
            section.remove(node)
    return found


# ---------------------------------------------------------------- how many pages


def _settle_pages(root: etree._Element, pages: int | None) -> None:
    """The paper's own number of pages as text: the field would count the whole file.

    Where it isn't known, the field counts the section, which a paper mostly is.
    """
    if pages is None:
        _per_section(root)
        return
    for simple in list(root.iter(W + "fldSimple")):
        if _counts(simple.get(W + "instr", "")):
            runs = list(simple)
            _say(runs, pages)
            for run in runs:
                simple.addprevious(run)
            simple.getparent().remove(simple)  # type: ignore[union-attr]
    for paragraph in root.iter(W + "p"):
        for runs in _fields(paragraph):
            code = "".join(t.text or "" for run in runs for t in run.iter(W + "instrText"))
            if _counts(code):
                shown = [run for run in runs if run.find(W + "t") is not None]
                _say(shown, pages)
                for run in runs:
                    if run not in shown:
                        run.getparent().remove(run)  # type: ignore[union-attr]


def _per_section(root: etree._Element) -> None:
    for text in root.iter(W + "instrText"):
        text.text = re.sub(r"\bNUMPAGES\b", "SECTIONPAGES", text.text or "")
    for simple in root.iter(W + "fldSimple"):
        simple.set(W + "instr", re.sub(r"\bNUMPAGES\b", "SECTIONPAGES", simple.get(W + "instr", "")))


def _counts(code: str) -> bool:
    return code.split()[:1] in (["NUMPAGES"], ["SECTIONPAGES"])


def _say(runs: Sequence[etree._Element], pages: int) -> None:
    texts = [t for run in runs for t in run.iter(W + "t")]
    for n, text in enumerate(texts):
        text.text = str(pages) if n == 0 else ""


def _fields(paragraph: etree._Element) -> Iterator[list[etree._Element]]:
    """The runs of every field that begins and ends within a paragraph; of nested ones the inner."""
    open_: list[list[etree._Element]] = []
    for run in list(paragraph.iter(W + "r")):
        mark = run.find(W + "fldChar")
        type = mark.get(W + "fldCharType") if mark is not None else ""
        if type == "begin":
            open_.append([])
        for runs in open_[-1:]:
            runs.append(run)
        if type == "end" and open_:
            yield open_.pop()


# ---------------------------------------------------------------- tables of styles


def _styles_part(package: Package) -> str:
    found = next((a.target for a in package.relationships(package.main) if a.type == "styles"), "")
    return found if found in package.names else ""


def _canonical(package: Package) -> bytes:
    part = _styles_part(package)
    return etree.tostring(package.xml(part), method="c14n2") if part else b""


def _renamed(package: Package, part: str, mark: str, first: Package) -> Package:
    """The paper with every style named apart, and its defaults written into the styles that rest on none."""
    styles, theirs = package.xml(part), _styles_part(first)
    own = styles.find(W + "docDefaults")
    frame = first.xml(theirs).find(W + "docDefaults") if theirs else None
    usual = ""
    for style in styles.iter(W + "style"):
        name = style.find(W + "name")
        if name is not None:
            name.set(W + "val", name.get(W + "val", "") + mark)
        if style.get(W + "type") == "paragraph":
            if style.get(W + "default") in ("1", "true", "on"):
                usual = style.get(W + "styleId", "")
            if style.find(W + "basedOn") is None:
                _underlay(style, own, frame)
    root = package.xml(package.main)
    for paragraph in root.iter(W + "p") if usual else ():
        properties = paragraph.find(W + "pPr")
        if properties is None:
            properties = paragraph.makeelement(W + "pPr")
            paragraph.insert(0, properties)
        if properties.find(W + "pStyle") is None:
            in_order(properties, "pStyle").set(W + "val", usual)
    changed = {part: etree.tostring(styles), package.main: etree.tostring(root)}
    rest: list[Packed] = [package.packed(n) for n in package.names if n not in changed]
    return open_package(Packer([*rest, *(compressed(n, d) for n, d in changed.items())]).pack({}))


def _underlay(style: etree._Element, own: etree._Element | None, frame: etree._Element | None) -> None:
    """Write the defaults of a paper into a style, and against those of the frame what Word takes for none."""
    for holder, name in (("rPrDefault", "rPr"), ("pPrDefault", "pPr")):
        path = f"{W}{holder}/{W}{name}"
        given = {n.tag: n for n in _children(own, path)}
        for other in _children(frame, path):
            neutral = _NEUTRAL.get(str(other.tag).rpartition("}")[2])
            if other.tag not in given and neutral:
                node = other.makeelement(other.tag)
                node.set(W + "val", neutral)
                given[other.tag] = node
        if not given:
            continue
        properties = style.find(W + name)
        if properties is None:
            properties = style.makeelement(W + name)
            at = style.find(W + "rPr") if name == "pPr" else None
            later = (
                at
                if at is not None
                else next(
                    (
                        n
                        for n in style
                        if str(n.tag).rpartition("}")[2] in ("tblPr", "trPr", "tcPr", "tblStylePr")
                    ),
                    None,
                )
            )
            if later is not None:
                later.addprevious(properties)
            else:
                style.append(properties)
        for tag, node in given.items():
            if properties.find(tag) is None:
                properties.replace(in_order(properties, str(tag).rpartition("}")[2]), deepcopy(node))


def _children(root: etree._Element | None, path: str) -> list[etree._Element]:
    found = None if root is None else root.find(path)
    return [] if found is None else list(found)
