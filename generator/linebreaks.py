"""Where a line may not end: a box to tick stays beside its word.

LibreOffice goes by the characters (`JOINER`), Word by what the settings of the document forbid at the end
of a line of Chinese (ISO 29500-1, 17.15.1.58 and 59).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml import etree

SETTINGS = "word/settings.xml"
JOINER = "\u202f"
"""The narrow space between a box and its word, at which no line ends."""
BOXES = "□☐☑☒" + JOINER
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_AFTER, _BEFORE = f"{_W}noLineBreaksAfter", f"{_W}noLineBreaksBefore"
# What Word keeps from the end and from the start of a line of Chinese where a document says nothing.
_USUAL = {
    _AFTER: "$([{£¥·‘“〈《「『【〔〖〝﹙﹛﹝＄（．［｛￡￥",
    _BEFORE: "!%),.:;>?]}¢¨°·ˇˉ―‖’”…‰′″›℃∶、。〃〉》」』】〕〗〞"
    "︶︺︾﹀﹄﹚﹜﹞！＂％＇），．：；？］｀｜｝～￠",
}
# The elements of the settings that stand before these two, in the order of the schema.
_EARLIER = """
writeProtection view zoom removePersonalInformation removeDateAndTime doNotDisplayPageBoundaries
displayBackgroundShape printPostScriptOverText printFractionalCharacterWidth printFormsData
embedTrueTypeFonts embedSystemFonts saveSubsetFonts saveFormsData mirrorMargins alignBordersAndEdges
bordersDoNotSurroundHeader bordersDoNotSurroundFooter gutterAtTop hideSpellingErrors
hideGrammaticalErrors activeWritingStyle proofState formsDesign attachedTemplate linkStyles
stylePaneFormatFilter stylePaneSortMethod documentType mailMerge revisionView trackRevisions
doNotTrackMoves doNotTrackFormatting documentProtection autoFormatOverride styleLockTheme
styleLockQFSet defaultTabStop autoHyphenation consecutiveHyphenLimit hyphenationZone
doNotHyphenateCaps showEnvelope summaryLength clickAndTypeStyle defaultTableStyle evenAndOddHeaders
bookFoldRevPrinting bookFoldPrinting bookFoldPrintingSheets drawingGridHorizontalSpacing
drawingGridVerticalSpacing displayHorizontalDrawingGridEvery displayVerticalDrawingGridEvery
doNotUseMarginsForDrawingGridOrigin drawingGridHorizontalOrigin drawingGridVerticalOrigin
doNotShadeFormData noPunctuationKerning characterSpacingControl printTwoOnOne
strictFirstAndLastChars noLineBreaksAfter noLineBreaksBefore
"""


def with_boxes_kept(settings: etree._Element) -> bytes:
    """The settings of a document, in which from now on no line of Chinese ends with a box to tick."""
    from lxml import etree

    after, _ = _found(settings, _AFTER), _found(settings, _BEFORE)
    said = after.get(f"{_W}val", "")
    after.set(f"{_W}val", said + "".join(box for box in BOXES if box not in said))
    return etree.tostring(settings, xml_declaration=True, encoding="UTF-8", standalone=True)


def _found(settings: etree._Element, tag: str) -> etree._Element:
    """The element for Chinese, put where the schema wants it if there is none."""
    from lxml import etree

    for node in settings.iter(tag):
        if node.get(f"{_W}lang") == "zh-CN":
            return node
    node = etree.Element(tag, {f"{_W}lang": "zh-CN", f"{_W}val": _USUAL[tag]})
    names = _EARLIER.split()
    earlier = [n for n, child in enumerate(settings) if str(child.tag).partition("}")[2] in names]
    settings.insert(max(earlier, default=-1) + 1, node)
    return node
