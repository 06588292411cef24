"""Small .docx files as the XML that Word, WPS and LibreOffice write: a test says only what matters."""

from __future__ import annotations

import io
import zipfile
from xml.sax.saxutils import escape, quoteattr

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
NAMESPACES = {
    "r": OFFICE,
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "v": "urn:schemas-microsoft-com:vml",
    "future": "http://example.org/not-yet-understood",
}
KINDS = {  # part → its root, relationship, content type
    "header": "hdr",
    "footer": "ftr",
    "footnotes": "footnotes",
    "endnotes": "endnotes",
    "comments": "comments",
}
_MEDIA = "application/vnd.openxmlformats-officedocument.wordprocessingml."


def t(text: str, preserve: bool = True) -> str:
    keep = ' xml:space="preserve"' if preserve else ""
    return f"<w:t{keep}>{escape(text)}</w:t>"


def r(*inside: str, look: str = "") -> str:
    """A run; plain text becomes a ``w:t``, XML stays."""
    rpr = f"<w:rPr>{look}</w:rPr>" if look else ""
    return f"<w:r>{rpr}{''.join(x if x.startswith('<') else t(x) for x in inside)}</w:r>"


def p(*inside: str, properties: str = "") -> str:
    """A paragraph; plain text becomes a run, XML stays."""
    ppr = f"<w:pPr>{properties}</w:pPr>" if properties else ""
    return f"<w:p>{ppr}{''.join(x if x.startswith('<') else r(x) for x in inside)}</w:p>"


def table(*rows: list[str]) -> str:
    cells = "".join(f"<w:tr>{''.join(f'<w:tc>{cell}</w:tc>' for cell in row)}</w:tr>" for row in rows)
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{cells}</w:tbl>"


def box(*paragraphs: str) -> str:
    """A text box as Word writes it: the drawing, and a copy in VML for programs of 2007."""
    content = f"<w:txbxContent>{''.join(paragraphs)}</w:txbxContent>"
    shape = (
        '<wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="2" behindDoc="0" '
        'locked="0" layoutInCell="1" allowOverlap="1"><wp:simplePos x="0" y="0"/>'
        '<wp:positionH relativeFrom="column"><wp:posOffset>3000000</wp:posOffset></wp:positionH>'
        '<wp:positionV relativeFrom="paragraph"><wp:posOffset>900000</wp:posOffset></wp:positionV>'
        '<wp:extent cx="2400000" cy="900000"/><wp:wrapNone/><wp:docPr id="7" name="文本框"/>'
        '<wp:cNvGraphicFramePr/><a:graphic><a:graphicData uri="' + NAMESPACES["wps"] + '"><wps:wsp>'
        '<wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="2400000" cy="900000"/>'
        '</a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></wps:spPr>'
        f"<wps:txbx>{content}</wps:txbx><wps:bodyPr/></wps:wsp></a:graphicData></a:graphic></wp:anchor>"
    )
    vml = f"<w:pict><v:shape id='s1'><v:textbox>{content}</v:textbox></v:shape></w:pict>"
    return (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>{shape}</w:drawing></mc:Choice>'
        f"<mc:Fallback>{vml}</mc:Fallback></mc:AlternateContent></w:r>"
    )


def char(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def field(code: str, *result: str) -> str:
    """A complex field with its displayed result."""
    return (
        char("begin")
        + f"<w:r><w:instrText>{escape(code)}</w:instrText></w:r>"
        + char("separate")
        + "".join(x if x.startswith("<") else r(x) for x in result)
        + char("end")
    )


def inserted(*inside: str) -> str:
    return f'<w:ins w:id="901" w:author="审核" w:date="2026-01-01T00:00:00Z">{"".join(inside)}</w:ins>'


def deleted(text: str, tag: str = "del") -> str:
    inside = (
        f'<w:r><w:delText xml:space="preserve">{escape(text)}</w:delText></w:r>' if tag == "del" else r(text)
    )
    return f'<w:{tag} w:id="902" w:author="审核" w:date="2026-01-01T00:00:00Z">{inside}</w:{tag}>'


def note(kind: str, number: int) -> str:
    return f'<w:r><w:{kind}Reference w:id="{number}"/></w:r>'


def notes(kind: str, *texts: str) -> str:
    """The notes of a paper, after the two separators that every program writes."""
    rows = [
        f'<w:{kind} w:type="{name}" w:id="{n}"><w:p><w:r><w:{name}/></w:r></w:p></w:{kind}>'
        for n, name in ((-1, "separator"), (0, "continuationSeparator"))
    ]
    rows += [
        f'<w:{kind} w:id="{n}">{x if x.startswith("<") else p(x)}</w:{kind}>' for n, x in enumerate(texts, 1)
    ]
    return "".join(rows)


def comment(number: int, author: str, text: str) -> str:
    return f'<w:comment w:id="{number}" w:author={quoteattr(author)} w:initials="x">{p(text)}</w:comment>'


def raw_docx(
    body: str,
    parts: dict[str, str] | None = None,
    *,
    unused: dict[str, str] | None = None,
    strict: bool = False,
) -> bytes:
    """A whole file.

    Args:
        body: the inside of ``w:body``, without its ``w:sectPr``.
        parts: inside of further parts by name (``header1``, ``footnotes``, ``comments`` …).
        unused: headers and footers that are in the package but in no section.
        strict: in the namespaces of “Strict Open XML”.
    """
    parts, unused = parts or {}, unused or {}
    spaces = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in {"w": WORD, **NAMESPACES}.items())
    section = "".join(
        f'<w:{kind(name)}Reference w:type="{which}" r:id="{name}"/>'
        for name, which in zip([n for n in parts if kind(n) in ("header", "footer")], _WHICH, strict=False)
    )
    section = f"<w:sectPr>{section}<w:pgSz w:w='11906' w:h='16838'/></w:sectPr>"
    files = {"word/document.xml": f"<w:document{spaces}><w:body>{body}{section}</w:body></w:document>"}
    arrows, types = "", ""
    for name, inside in {**parts, **unused}.items():
        root = KINDS[kind(name)]
        files[f"word/{name}.xml"] = f"<w:{root}{spaces}>{inside}</w:{root}>"
        arrows += f'<Relationship Id="{name}" Type="{OFFICE}/{kind(name)}" Target="{name}.xml"/>'
        types += f'<Override PartName="/word/{name}.xml" ContentType="{_MEDIA}{kind(name)}+xml"/>'
    files["word/_rels/document.xml.rels"] = (
        f'<Relationships xmlns="{PACKAGE}/relationships">{arrows}</Relationships>'
    )
    files["_rels/.rels"] = (
        f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="main" '
        f'Type="{OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>'
    )
    types = (
        f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{_MEDIA}document.main+xml"/>{types}</Types>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, xml in {"[Content_Types].xml": types, **files}.items():
            text = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + xml
            if strict:
                text = text.replace(WORD, STRICT).replace(OFFICE, STRICT_OFFICE)
            archive.writestr(name, text.encode())
    return out.getvalue()


_WHICH = ("default", "default", "first", "first", "even", "even")


def kind(name: str) -> str:
    return name.rstrip("0123456789")
