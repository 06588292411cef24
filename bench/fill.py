"""Papers filled per second: ours, docxtpl and docxtemplater on the same papers, interleaved in one run.

    python -m bench.fill [--json] [--rounds N]

Two papers: a letter of four pages, and a table form of forty rows.

Every tool is warm and fills a letter of its own data each time. Ours is strict: values checked, sandboxed,
missing fields refused. The others are used as their READMEs show, a new DocxTemplate or Docxtemplater for
each document, docxtpl with autoescape on. Before timing, the text of one letter is compared between the
tools, so that all do the same work. After it, 13 hostile values go through each tool: *exact* means the file
reopens with just that text, *refused* an error and no file, *wrong* everything else.
"""

from __future__ import annotations

import argparse
import gc
import io
import json
import platform
import statistics
import subprocess
import sys
import time
import zipfile
import zlib
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench import form, letter  # noqa: E402
from bench.letter import CURLY, JINJA, PROBE, PROBE_AFTER, PROBE_BEFORE, data  # noqa: E402
from generator.template import Template  # noqa: E402
from kb.errors import CailiangError  # noqa: E402

HOME = ROOT / "var" / "bench"
WORK = HOME / "fill"
OURS = "ours"
LETTER = "4 pages, 46 fields, 8 evidence rows"
FORM = "a table form of 40 rows with 7 columns, a heading over two rows, header and footer"

# name: (value, what a paper must say). None as the second member: only a refusal is right.
HOSTILE: dict[str, tuple[Any, str | None]] = {
    "<": ("含量 <0.5", "含量 <0.5"),
    "&": ("甲 & 乙 &amp; 丙", "甲 & 乙 &amp; 丙"),
    "]]>": ("甲]]>乙", "甲]]>乙"),
    "newline": ("第一行\n第二行", "第一行\n第二行"),
    "tab": ("甲\t乙", "甲\t乙"),
    "control character": ("甲\x0b乙", None),
    "None": (None, None),
    "list": (["甲", "乙"], None),
    "missing field": (..., None),
    "tag-like text": ("{{ organ }}{% if x %}{organ}", "{{ organ }}{% if x %}{organ}"),
    "outer spaces": ("  甲乙  ", "  甲乙  "),
    "emoji beyond BMP": ("甲🧾乙", "甲🧾乙"),
    "1 MB of text": ("裁量 " * 150_000, "裁量 " * 150_000),
}


class Filler(Protocol):
    """A tool that is warm on one template."""

    letters: int  # a round
    refusal: type[Exception]  # what it raises where it declines a value; ours has one tree of errors

    def seconds(self, letters: list[dict[str, Any]]) -> float: ...

    def fill(self, letter: dict[str, Any]) -> bytes: ...


class InPython:
    """A tool that is a Python function from data to bytes."""

    def __init__(
        self, fill: Callable[[dict[str, Any]], bytes], letters: int, refusal: type[Exception]
    ) -> None:
        self.fill = fill
        self.letters = letters
        self.refusal = refusal

    def seconds(self, letters: list[dict[str, Any]]) -> float:
        gc.collect()
        start = time.perf_counter()
        for each in letters:
            self.fill(each)
        return time.perf_counter() - start


class Docxtemplater:
    """docxtemplater in a node process of its own, kept warm; only the filling is timed, inside node."""

    letters = 60
    refusal: type[Exception] = ValueError

    def __init__(self, template: Path) -> None:
        worker = ROOT / "bench" / "peers" / "worker.js"
        self._process = subprocess.Popen(
            ["node", str(worker), str(HOME), str(template)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        requests, answers = self._process.stdin, self._process.stdout
        if requests is None or answers is None:
            sys.exit("node gave no pipes")
        self._requests, self._answers = requests, answers

    def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        self._requests.write(json.dumps(request) + "\n")
        self._requests.flush()
        line = self._answers.readline()
        if not line.startswith("{"):
            sys.exit(f"bench/peers/worker.js answered {line!r}")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def seconds(self, letters: list[dict[str, Any]]) -> float:
        return float(self._ask({"letters": letters})["seconds"])

    def fill(self, letter: dict[str, Any]) -> bytes:
        out = WORK / "docxtemplater.docx"
        answer = self._ask({"save": str(out), "data": letter})
        if "error" in answer:
            raise ValueError(answer["error"])
        return out.read_bytes()

    def close(self) -> None:
        self._requests.close()
        self._process.wait()
        self._answers.close()


def with_docxtpl(template: Path) -> Callable[[dict[str, Any]], bytes]:
    from docxtpl import DocxTemplate

    def fill(letter: dict[str, Any]) -> bytes:
        document = DocxTemplate(str(template))
        document.render(letter, autoescape=True)
        out = io.BytesIO()
        document.save(out)
        return out.getvalue()

    return fill


def measure(
    tools: dict[str, Filler], rounds: int, paper: Callable[[int], dict[str, Any]]
) -> dict[str, list[float]]:
    """Papers per second of each tool in each round; the tools take turns within a round."""
    speeds: dict[str, list[float]] = {name: [] for name in tools}
    for tool in tools.values():
        tool.seconds([paper(0)] * (tool.letters // 4))  # warm
    for turn in range(rounds):
        for name, tool in tools.items():
            letters = [paper(turn * 1000 + at) for at in range(tool.letters)]
            speeds[name].append(tool.letters / tool.seconds(letters))
    return speeds


def said(file: bytes) -> list[str]:
    """Every line of a letter as a reader sees it, after both readers have accepted the file."""
    from docx import Document
    from lxml import etree

    with zipfile.ZipFile(io.BytesIO(file)) as package:
        for name in package.namelist():
            if name.endswith((".xml", ".rels")):
                etree.fromstring(package.read(name))
    document = Document(io.BytesIO(file))
    lines = [paragraph.text for paragraph in document.paragraphs]
    lines += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    lines += [document.sections[0].header.paragraphs[0].text, document.sections[0].footer.paragraphs[0].text]
    return lines


def verdict(tool: Filler, value: Any, wanted: str | None) -> str:
    letter = data(0)
    if value is ...:
        del letter[PROBE]
    else:
        letter[PROBE] = value
    try:
        file = tool.fill(letter)
    except tool.refusal:
        return "refused"
    try:
        lines = said(file)
    except Exception:
        return "wrong"
    return "exact" if wanted is not None and f"{PROBE_BEFORE}{wanted}{PROBE_AFTER}" in lines else "wrong"


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--json", action="store_true", help="print one JSON object")
    options.add_argument("--rounds", type=int, default=7)
    chosen = options.parse_args()

    WORK.mkdir(parents=True, exist_ok=True)
    results, versions = [], {"docxtpl": version("docxtpl")}
    node = HOME / "node_modules" / "docxtemplater" / "package.json"
    if node.is_file():
        versions["docxtemplater"] = json.loads(node.read_text())["version"]
    else:
        print("docxtemplater is not installed; run: make bench-setup", file=sys.stderr)
    for name, what, source in (("fill", LETTER, letter), ("fill form", FORM, form)):
        jinja, curly = WORK / f"{name}-jinja.docx", WORK / f"{name}-curly.docx"
        source.build(JINJA, jinja)
        source.build(CURLY, curly)
        tools: dict[str, Filler] = {
            OURS: InPython(Template.compile(jinja).render, 400, CailiangError),
            "docxtpl": InPython(with_docxtpl(jinja), 20, Exception),
        }
        if node.is_file():
            tools["docxtemplater"] = Docxtemplater(curly)
        try:
            results.append(race(name, what, tools, versions, chosen.rounds, source.data))
            if source is letter:
                results[0]["setting"]["hostile"] = hostile(tools)
        finally:
            peer = tools.get("docxtemplater")
            if isinstance(peer, Docxtemplater):
                peer.close()
    if chosen.json:
        first, second = results
        print(json.dumps(first | {"form": second}, ensure_ascii=False))
    else:
        report(results, versions)


def race(
    name: str,
    what: str,
    tools: dict[str, Filler],
    versions: dict[str, str],
    rounds: int,
    paper: Callable[[int], dict[str, Any]],
) -> dict[str, Any]:
    """The figures of one paper, after all tools were seen to write the same."""
    texts = {tool: said(filler.fill(paper(0))) for tool, filler in tools.items()}
    for tool, text in texts.items():
        if text != texts[OURS]:
            sys.exit(f"{tool} wrote another paper than ours: the figures would not compare")
    speeds = measure(tools, rounds, paper)
    middle = {tool: statistics.median(found) for tool, found in speeds.items()}
    ratio = {
        tool: statistics.median(ours / peer for ours, peer in zip(speeds[OURS], found, strict=True))
        for tool, found in speeds.items()
        if tool != OURS
    }
    return {
        "name": name,
        "unit": "papers/s" if name != "fill" else "letters/s",
        "ours": round(middle[OURS], 1),
        "peers": {tool: round(speed, 1) for tool, speed in middle.items() if tool != OURS},
        "ratio": {tool: round(value, 1) for tool, value in ratio.items()},
        "setting": {
            "letter": what,
            "rounds": rounds,
            "python": platform.python_version(),
            "machine": platform.machine(),
            "zlib": zlib.ZLIB_RUNTIME_VERSION,
            "versions": versions,
        },
    }


def hostile(tools: dict[str, Filler]) -> dict[str, dict[str, str]]:
    """What each tool makes of each hostile value."""
    return {
        kind: {name: verdict(tool, value, wanted) for name, tool in tools.items()}
        for kind, (value, wanted) in HOSTILE.items()
    }


def report(results: list[dict[str, Any]], versions: dict[str, str]) -> None:
    """The figures as tables."""
    for found in results:
        print(f"{found['name']}: {found['setting']['letter']}; medians")
        print(f"  {'tool':<24}{found['unit']:>10}{'ours is':>10}")
        for name, speed in {OURS: found["ours"], **found["peers"]}.items():
            times = f"{found['ratio'][name]:.0f}x" if name in found["ratio"] else ""
            print(f"  {name + ' ' + versions.get(name, ''):<24}{speed:>10.1f}{times:>10}")
        print()
    verdicts = results[0]["setting"]["hostile"]
    print(f"  {'hostile value':<20}" + "".join(f"{name:>16}" for name in next(iter(verdicts.values()))))
    for kind, row in verdicts.items():
        print(f"  {kind:<20}" + "".join(f"{found:>16}" for found in row.values()))


if __name__ == "__main__":
    main()
