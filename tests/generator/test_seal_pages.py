"""The seal and the date never stand on a page without text (GB/T 9704-2012): as written, and as printed."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from generator.catalogue import document_types, shipped_template
from generator.drafting import draft
from kb.snapshot import Snapshot
from scripts.paper_docs import examples

LETTERS = tuple(kind for kind in document_types() if kind.form == "公文")
SEALED = "SignOrgan"
TEXT = ("BodyText1", "ListItem", "LastBody")
NOT_TEXT = ("附：", "联系人")
"""How a paragraph begins that the seal may not stand alone with."""


def above_the_seal(file: bytes) -> Iterator[list[Any]]:
    """The paragraphs between text and seal, upwards, text that always stands last; of each seal of a file."""
    paragraphs = Document(BytesIO(file)).paragraphs
    for n, paragraph in enumerate(paragraphs):
        if style(paragraph) != SEALED or (n and style(paragraphs[n - 1]) == SEALED):
            continue
        found, inside = [], 0
        for other in reversed(paragraphs[:n]):
            if tag := re.match(r"\{%p (end|else|if|for)", other.text):
                inside += 1 if tag[1] == "end" else -1  # what stands before an else ends a branch of its own
                continue
            found.append(other)
            if inside <= 0 and style(other) in TEXT and not other.text.startswith(NOT_TEXT):
                break
        yield found


def style(paragraph: Any) -> str:
    return str(paragraph.style.style_id)


def kept(paragraph: Any) -> bool:
    """Whether it stays with what follows, by itself or by its style."""
    if paragraph.paragraph_format.keep_with_next is not None:
        return bool(paragraph.paragraph_format.keep_with_next)
    return bool(paragraph.style.paragraph_format.keep_with_next)


@pytest.mark.parametrize("type", [kind.type for kind in LETTERS])
def test_text_goes_along_with_the_seal(type: str) -> None:
    kind = next(kind for kind in LETTERS if kind.type == type)
    for paragraphs in above_the_seal(shipped_template(kind).read_bytes()):
        assert paragraphs
        assert [p.text for p in paragraphs if not kept(p)] == []


@pytest.mark.soak
def test_no_printed_page_holds_only_the_seal(base: Snapshot, tmp_path: Path, soffice: str) -> None:
    wanted: dict[str, list[str]] = {}
    for kind, case, paper in examples(LETTERS):
        made = draft(kind.type, case, base, decided=date(2026, 11, 20), draft=True, paper=paper)
        (tmp_path / f"{kind.type}.docx").write_bytes(made.data)
        wanted[kind.type] = ["".join(found[-1].text.split())[-30:] for found in above_the_seal(made.data)]
    home = f"-env:UserInstallation=file://{tmp_path}/office"
    command = [soffice, home, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    files = [str(tmp_path / f"{type}.docx") for type in wanted]
    subprocess.run([*command, *files], check=True, capture_output=True, timeout=600)
    alone = {type for type, tails in wanted.items() if not together(tmp_path / f"{type}.pdf", tails)}
    assert alone == set()
    assert sum(map(bool, wanted.values())) > len(LETTERS) - 4, "nearly every letter is sealed"


def together(pdf: Path, tails: list[str]) -> bool:
    """Whether each page with a seal holds the end of the text before it."""
    said = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True, text=True)
    pages = [re.sub(r"\s", "", page) for page in said.stdout.split("\f")]
    return all(any(tail in page and "印章）" in page.rpartition(tail)[2] for page in pages) for tail in tails)
