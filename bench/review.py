"""Letters drafted and proven per second, one core: filled, audited in full, and read back from their bytes.

    python -m bench.review [--json] [--letters N]

Each letter has a party, a number and a story of its own. *warm*: the constant paragraphs were judged for an
earlier letter, as in a batch. *cold*: everything remembered is dropped before each letter. *review* reads a
finished letter as one from outside, with its case beside it.
"""

from __future__ import annotations

import argparse
import gc
import json
import platform
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from time import process_time

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from generator.audit import Known, audit  # noqa: E402
from generator.casechecks import check  # noqa: E402
from generator.casefile import CaseFile, load_case  # noqa: E402
from generator.catalogue import document_type  # noqa: E402
from generator.context import context  # noqa: E402
from generator.docx_text import SIDES, read_docx  # noqa: E402
from generator.drafting import draft, subject_of, template_of  # noqa: E402
from generator.paper import forget  # noqa: E402
from generator.prescribed import Case  # noqa: E402
from generator.review import review_lines  # noqa: E402
from kb.importing.records import load_laws, load_records  # noqa: E402
from kb.package import WIRINGS  # noqa: E402
from kb.snapshot import Snapshot  # noqa: E402

TODAY = date(2026, 11, 20)
TYPE = "decision"
GOALS = {"warm": 400, "cold": 200}
ROUNDS = 5
FIRST = 100  # letters before the clock runs: no batch starts from nothing


def base() -> Snapshot:
    content = ROOT / "kb" / "content"
    laws = load_laws(content / "laws")
    return Snapshot.of(load_records(content), laws.versions, laws.repeals)


def case_of(example: CaseFile, n: int) -> CaseFile:
    """The example with a party, a number and a story of its own."""
    party = example.parties[0].model_copy(
        update={"trade_name": f"示例县第{n}示例小吃店", "code": f"92{n:016d}"}
    )
    violation = example.violations[0]
    story = f"{violation.narrative}\n第{n}号案卷另附现场照片{n + 1}张。"
    return example.model_copy(
        update={
            "parties": [party],
            "violations": [violation.model_copy(update={"narrative": story})],
            "decision": example.decision.model_copy(update={"number": n}),
        }
    )


def speed(work: Callable[[int], object], first: int, letters: int) -> float:
    """Letters per second of processor time: the best of some rounds, each over letters not seen before."""
    for n in range(FIRST):
        work(first + n)
    found = []
    for turn in range(1, ROUNDS + 1):
        gc.collect()
        started = process_time()
        for n in range(letters):
            work(first + turn * letters + FIRST + n)
        found.append(letters / (process_time() - started))
    return max(found)


def measure(letters: int) -> dict[str, float]:
    snapshot, kind = base(), document_type(TYPE)
    example = load_case(ROOT / "examples" / "cases" / "unlicensed-food.yaml")
    made = draft(TYPE, example, snapshot, decided=TODAY)
    known, template = Known.of(made.provenance), template_of(kind)
    values = made.provenance.to_values()

    def filled(n: int) -> dict[str, object]:
        subject = subject_of(kind, case_of(example, n), snapshot, TODAY)
        _, ranges = check(subject)
        return {**context(subject, ranges, draft=False), "draft": True, "provenance": values}

    ready = {n: filled(n) for n in range(FIRST + (ROUNDS + 1) * letters)}

    def fill_and_prove(n: int) -> None:
        if audit(template.render(ready[n]), snapshot, kind=kind, known=known):
            sys.exit("a letter was not proven: the figures would mean nothing")

    def cold(n: int) -> None:
        for remembered in (forget, WIRINGS.forget, SIDES.forget):
            remembered()
        fill_and_prove(n)

    def drafted(n: int) -> None:
        draft(TYPE, case_of(example, n), snapshot, decided=TODAY)

    def reviewed(n: int) -> None:
        case = Case("CASE.yaml", example, snapshot, TODAY)
        review_lines("a.docx", read_docx(made.data), made.provenance, snapshot, case=case, today=TODAY)

    work = {"warm": fill_and_prove, "cold": cold, "draft": drafted, "review": reviewed}
    return {name: speed(one, 0, letters) for name, one in work.items()}


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--json", action="store_true", help="print one JSON object")
    options.add_argument("--letters", type=int, default=100, help="letters a round")
    chosen = options.parse_args()
    got = {name: round(value, 1) for name, value in measure(chosen.letters).items()}
    if chosen.json:
        setting = {
            **got,
            "goals": GOALS,
            "letters": chosen.letters,
            "rounds": ROUNDS,
            "python": platform.python_version(),
            "machine": platform.machine(),
        }
        shape = {
            "name": "review",
            "unit": "letters/s",
            "ours": got["warm"],
            "peers": {},
            "ratio": {},
            "setting": setting,
        }
        print(json.dumps(shape, ensure_ascii=False))
        return
    print(f"review: a 4-page decision, best of {ROUNDS} rounds of {chosen.letters} letters")
    rows = {
        "warm": "fill, audit, reopen; constants judged once",
        "cold": "fill, audit, reopen; nothing remembered",
        "draft": "the same from a case file, with its checks",
        "review": "a finished letter against its case",
    }
    for name, label in rows.items():
        goal = f"goal {GOALS[name]}" if name in GOALS else ""
        print(f"  {label:<46}{got[name]:>8.1f} letters/s  {goal}")


if __name__ == "__main__":
    main()
