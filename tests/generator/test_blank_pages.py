"""Forms for handwriting as LibreOffice sets them: what fits on a sheet stays on it, no note or row alone."""

from __future__ import annotations

import re
import subprocess
from datetime import date
from pathlib import Path

import pytest

from generator.blank import blank
from generator.catalogue import document_types
from kb.importing.records import load_laws, load_records
from kb.snapshot import Snapshot

pytestmark = pytest.mark.soak
TWO = ("hearing_record", "inspection_record", "deliberation", "statement_review", "legal_review")
LONGER = (
    *TWO, "closing_approval", "decision_approval", "electronic_record", "hearing_report", "interview_record",
    "sampling_record", "seizure_approval", "statement_record", "storage_approval",
)  # fmt: skip
"""Forms of more than one sheet; every other form is one."""


def test_forms_fit_their_sheets(root: Path, tmp_path: Path, soffice: str) -> None:
    content = root / "kb" / "content"
    laws = load_laws(content / "laws")
    base = Snapshot.of(load_records(content), laws.versions, laws.repeals)
    forms = [kind.type for kind in document_types() if kind.form == "表格"]
    for type in forms:
        made = blank(type, base, day=date(2026, 11, 20))
        (tmp_path / f"{type}.docx").write_bytes(made.data)
    home = f"-env:UserInstallation=file://{tmp_path}/office"
    command = [soffice, home, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    files = [str(tmp_path / f"{type}.docx") for type in forms]
    subprocess.run([*command, *files], check=True, capture_output=True)
    pages = {type: pages_of(tmp_path / f"{type}.pdf") for type in forms}
    assert {type: n for type, n in pages.items() if type not in LONGER and n > 1} == {}
    assert {type: pages[type] for type in TWO} == dict.fromkeys(TWO, 2)


def pages_of(path: Path) -> int:
    said = subprocess.run(["pdfinfo", str(path)], check=True, capture_output=True, text=True).stdout
    found = re.search(r"^Pages:\s+(\d+)", said, re.M)
    assert found
    return int(found[1])
