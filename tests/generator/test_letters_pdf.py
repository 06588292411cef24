"""The seven papers through a real LibreOffice: pages, watermark, nothing lost on the way to paper."""

from __future__ import annotations

import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest

from generator.casefile import load_case
from generator.drafting import draft
from kb.importing.records import load_laws, load_records
from kb.snapshot import Snapshot
from tests.conftest import need

PAPERS = [
    ("decision", "unlicensed-food", 7),
    ("no_penalty_decision", "noise-first-time", 4),
    ("prior_notice", "hazardous-waste-label", 5),
    ("on_the_spot_decision", "no-purchase-check", 1),
    ("correction_order", "noise-hailing", 2),
    ("guidance_note", "noise-first-time", 1),
    ("service_receipt", "noise-hailing", 1),
]


@pytest.mark.libreoffice
def test_every_paper_prints(root: Path, tmp_path: Path, soffice: str) -> None:
    """One conversion for all seven: a form keeps to its page, a letter to few, and all say 草稿."""
    reader = shutil.which("pdftotext")
    need("libreoffice", reader, "no pdftotext on this machine")
    content = root / "kb" / "content"
    laws = load_laws(content / "laws")
    base = Snapshot.of(load_records(content), laws.versions, laws.repeals)
    for type, name, _ in PAPERS:
        case = load_case(root / "examples" / "cases" / f"{name}.yaml")
        (tmp_path / f"{type}.docx").write_bytes(draft(type, case, base, decided=date(2026, 11, 20)).data)
    home = f"-env:UserInstallation=file://{tmp_path}/office"
    files = [str(tmp_path / f"{type}.docx") for type, _, _ in PAPERS]
    command = [soffice, home, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), *files]
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    for type, _, pages in PAPERS:
        text = subprocess.run(
            [str(reader), str(tmp_path / f"{type}.pdf"), "-"], check=True, capture_output=True, timeout=60
        ).stdout.decode()
        assert text.count("\f") <= pages, type
        assert f"{text.count(chr(12))}" in text, "the last page carries its number"
        assert "{{" not in text
        assert "示例县综合行政执法局" in text
