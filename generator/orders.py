"""The order of children that ISO 29500-4 (transitional) demands of the elements we write into."""

from __future__ import annotations

from lxml import etree

from generator.trees import W

_CHILDREN = """
pPr: pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs
  suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd
  snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment
  textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange
rPr: ins del moveFrom moveTo rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss
  imprint noProof snapToGrid vanish webHidden color spacing w kern position sz szCs highlight u effect bdr shd
  fitText vertAlign rtl cs em lang eastAsianLayout specVanish oMath rPrChange
tcPr: cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign hideMark
  headers cellIns cellDel cellMerge tcPrChange
tblPr: tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing
  tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription tblPrChange
sectPr: headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc pgBorders lnNumType
  pgNumType cols formProt vAlign noEndnote titlePg textDirection bidi rtlGutter docGrid printerSettings
  sectPrChange
tcBorders: top start left bottom end right insideH insideV tl2br tr2bl
tcMar: top start left bottom end right
pBdr: top left bottom right between bar
numPr: ilvl numId numberingChange ins
"""
ORDERS: dict[str, tuple[str, ...]] = {
    name: tuple(children.split())
    for name, children in (row.split(":") for row in _CHILDREN.strip().replace("\n  ", " ").splitlines())
}
RANKS = {name: {child: rank for rank, child in enumerate(order)} for name, order in ORDERS.items()}
# The last children of w:settings: w:updateFields goes before them.
_AFTER_UPDATE_FIELDS = """
hdrShapeDefaults footnotePr endnotePr compat docVars rsids mathPr attachedSchema themeFontLang
clrSchemeMapping doNotIncludeSubdocsInStats doNotAutoCompressPictures forceUpgrade captions
readModeInkLockDown smartTagType schemaLibrary shapeDefaults doNotEmbedSmartTags decimalSymbol listSeparator
"""
AFTER_UPDATE_FIELDS = frozenset(_AFTER_UPDATE_FIELDS.split())


def local(element: etree._Element) -> str:
    """The name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def in_order(parent: etree._Element, name: str) -> etree._Element:
    """The child of that name; a new one goes where the schema wants it."""
    found = parent.find(W + name)
    if found is not None:
        return found
    child = parent.makeelement(W + name)
    ranks = RANKS[local(parent)]
    later = next((other for other in parent if ranks.get(local(other), -1) > ranks[name]), None)
    if later is None:
        parent.append(child)
    else:
        later.addprevious(child)
    return child
