"""A box to tick is never the last of its line: in the settings of a paper, and as LibreOffice sets it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from docx import Document
from docx.shared import Cm
from lxml import etree

from generator.fieldtypes import OwnField
from generator.linebreaks import BOXES, SETTINGS, with_boxes_kept
from generator.ownvalues import blank_own
from generator.provenance import with_place
from kb.package import open_package

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
AFTER = f'<w:noLineBreaksAfter w:lang="zh-CN" w:val="（{BOXES}"/>'


@pytest.mark.parametrize(
    ("given", "order"),
    [
        ("", ["noLineBreaksAfter", "noLineBreaksBefore"]),
        (
            "<w:zoom/><w:characterSpacingControl/><w:compat/>",
            ["zoom", "characterSpacingControl", "noLineBreaksAfter", "noLineBreaksBefore", "compat"],
        ),
        ("<w:compat/>", ["noLineBreaksAfter", "noLineBreaksBefore", "compat"]),
        (
            '<w:noLineBreaksAfter w:lang="zh-CN" w:val="（"/><w:compat/>',
            ["noLineBreaksAfter", "noLineBreaksBefore", "compat"],
        ),
        (
            '<w:noLineBreaksAfter w:lang="ja-JP" w:val="（"/>',
            ["noLineBreaksAfter", "noLineBreaksAfter", "noLineBreaksBefore"],
        ),
    ],
)
def test_the_settings_stand_in_the_order_of_the_schema(given: str, order: list[str]) -> None:
    root = etree.fromstring(f'<w:settings xmlns:w="{W}">{given}</w:settings>')
    new = etree.fromstring(with_boxes_kept(root))
    assert [str(node.tag).partition("}")[2] for node in new] == order
    kept = [n.get(f"{{{W}}}val") for n in new.iter(f"{{{W}}}noLineBreaksAfter") if "zh" in str(n.attrib)]
    assert len(kept) == 1
    assert set(BOXES) < set(str(kept[0]))
    assert etree.fromstring(with_boxes_kept(new)).attrib == new.attrib


def test_what_an_author_set_stays() -> None:
    root = etree.fromstring(f'<w:settings xmlns:w="{W}">{AFTER}</w:settings>')
    assert f"（{BOXES}" in with_boxes_kept(root).decode()


def test_every_paper_has_the_settings(root: Path) -> None:
    package = open_package(
        with_place((root / "templates_docx" / "legal_review" / "template.docx").read_bytes())
    )
    assert b"noLineBreaksAfter" in package.read(SETTINGS)


@pytest.mark.soak
def test_no_line_ends_with_a_box(tmp_path: Path, soffice: str) -> None:
    """Lists of every length up to the width of the page, as LibreOffice breaks them."""
    field = OwnField("asked", "听证", "choice", options=("是", "否", "不适用"))
    ticks = blank_own([field], ())["asked_ticks"]
    document = Document()
    document.sections[0].page_width = Cm(13)
    for length in range(25):
        document.add_paragraph("字" * length + "：" + "　".join([ticks] * 4))
    document.save(str(tmp_path / "ticks.docx"))
    home = f"-env:UserInstallation=file://{tmp_path}/office"
    command = [soffice, home, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    subprocess.run([*command, str(tmp_path / "ticks.docx")], check=True, capture_output=True)
    text = subprocess.run(
        ["pdftotext", "-layout", str(tmp_path / "ticks.pdf"), "-"], check=True, capture_output=True, text=True
    ).stdout
    assert text.count("□") == 25 * 12
    assert not re.search(r"□\s*$", text, re.M)
