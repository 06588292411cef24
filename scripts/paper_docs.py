"""Write docs/papers.md and its contact sheets: python -m scripts.paper_docs [--sheets]

The page lists every type; with ``--sheets`` each is drafted from the example cases, converted and
shown by its first page (needs soffice, pdftoppm and Pillow).
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from generator.casefile import CaseFile, load_case
from generator.catalogue import RECEIPT, STAGES, DocumentType, document_types
from generator.drafting import draft
from generator.events import events, served_papers
from kb.errors import CailiangError
from kb.importing.records import load_laws, load_records
from kb.snapshot import Snapshot

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "papers.md"
IMAGES = ROOT / "docs" / "images"
DAY = date(2026, 11, 20)
COLUMNS, WIDTH, SHEET = 6, 260, 18
HEAD = """# 文书一览

本页由 `python -m scripts.paper_docs` 按 `templates_docx/` 写出，测试会核对两者一致。每种文书要填什么：
`cailiang template show 类型`；怎样做本机关自己的模板：[模板](templates.md)。
"""


def page(kinds: tuple[DocumentType, ...], sheets: int) -> str:
    """The text of the page: a table a stage, then the contact sheets."""
    out = [HEAD, f"共 {len(kinds)} 种。\n"]
    for stage in STAGES:
        rows = [k for k in kinds if k.stage == stage]
        if not rows:
            continue
        out.append(f"## {stage}\n\n| 类型 | 名称 | 什么时候用 | 依据 |\n|---|---|---|---|")
        out += [f"| `{k.type}` | {k.name} | {k.help} | {'、'.join(k.basis)} |" for k in rows]
        out.append("")
    out.append("## 样子\n\n由示例案件起草，经 LibreOffice 转成 PDF 的第一页；没有装的字体由别的字体代替。\n")
    out += [f"![文书样子之{n}](images/papers-{n}.jpg)\n" for n in range(1, sheets + 1)]
    return "\n".join(out)


def examples(kinds: tuple[DocumentType, ...]) -> Iterator[tuple[DocumentType, CaseFile, str]]:
    """Each type with the first example case that has a paper of it, and which paper."""
    cases = [load_case(path) for path in sorted((ROOT / "examples" / "cases").glob("*.yaml"))]
    cases.sort(key=lambda case: case.id != "demo/full-course")
    for kind in kinds:
        for case in cases:
            if kind.type == RECEIPT and (served := served_papers(case)):
                yield kind, case, served[0].name
                break
            if kind.block and any(e.type == kind.type for e in events(case)):
                yield kind, case, ""
                break
            if not kind.block and any(p.type == kind.type for p in case.papers):
                yield kind, case, "1"
                break


def sheets(kinds: tuple[DocumentType, ...]) -> int:
    """Draft, convert and paste; how many sheets were written."""
    from PIL import Image

    content = ROOT / "kb" / "content"
    laws = load_laws(content / "laws")
    base = Snapshot.of(load_records(content), laws.versions, laws.repeals)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = []
        for n, (kind, case, paper) in enumerate(examples(kinds)):
            try:
                data = draft(kind.type, case, base, decided=DAY, draft=True, paper=paper).data
            except CailiangError as e:
                print(f"{kind.type}: {e}", file=sys.stderr)
                continue
            path = folder / f"{n:03d}.docx"
            path.write_bytes(data)
            made.append(path)
        office = f"-env:UserInstallation=file://{folder}/office"
        command = ["soffice", office, "--headless", "--convert-to", "pdf", "--outdir", name]
        subprocess.run([*command, *map(str, made)], check=True, capture_output=True)
        pages = []
        for path in made:
            shot = path.with_suffix("")
            pdf = path.with_suffix(".pdf")
            first = ["-png", "-singlefile", "-scale-to-x", str(WIDTH), "-scale-to-y", "-1"]
            subprocess.run(["pdftoppm", *first, str(pdf), str(shot)], check=True)
            pages.append(Image.open(shot.with_suffix(".png")).convert("L"))
        height = max(p.height for p in pages)
        count = 0
        for start in range(0, len(pages), SHEET):
            some = pages[start : start + SHEET]
            rows = -(-len(some) // COLUMNS)
            sheet = Image.new("L", (COLUMNS * (WIDTH + 8), rows * (height + 8)), 200)
            for i, p in enumerate(some):
                sheet.paste(p, ((i % COLUMNS) * (WIDTH + 8) + 4, (i // COLUMNS) * (height + 8) + 4))
            count += 1
            sheet.save(IMAGES / f"papers-{count}.jpg", quality=34, optimize=True)
    return count


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n\n")[0])
    parser.add_argument("--sheets", action="store_true", help="draw the contact sheets too")
    kinds = document_types()
    if parser.parse_args().sheets:
        sheets(kinds)
    PAGE.write_text(page(kinds, len(list(IMAGES.glob("papers-*.jpg")))), encoding="utf-8")


if __name__ == "__main__":
    main()
