"""A table of rows to a zip of proven decision letters, by the command as an agency runs it: time and memory.

    python -m bench.batch [--json] [--rows N] [--rounds N]

The rows come from an .xlsx with a party, a story and numbers of its own in each; the rest stands in a shared
case file. Measured is the whole command, from its start to the zip on the disk: seconds of the clock, seconds
of processor, and memory at its highest: of the largest process as the kernel counted it, and of all processes
together (what they share counted once, sampled). Every letter is read back from its bytes and audited, and
the zip is opened again here: as many letters as rows, each number once.

docxtpl fills the same template with the same values, 50 letters in this run, scaled to the rows. It reads no
table, proves nothing and starts warm.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import json
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

HOME = ROOT / "var" / "bench" / "batch"
CASE = ROOT / "examples" / "cases" / "unlicensed-food.yaml"
TYPE = "decision"
GOAL_SECONDS, AIM_SECONDS, GOAL_MEGABYTES = 4.0, 2.0, 80
SAMPLE = 50
NOW = "2026-11-20T09:00:00+08:00"
HEADERS = (
    "序号",
    "字号",
    "当事人",
    "统一社会信用代码",
    "住所",
    "违法行为开始",
    "违法行为终了之日",
    "违法事实",
    "罚款（元）",
    "告知书文号",
    "决定书文号",
)


def row_of(n: int) -> list[Any]:
    """What differs from case to case; row 1 is the first."""
    from stdnum.cn import uscc

    code = f"92000000MA{n:07d}"
    place = f"示例县城东街道示例路{n}号"
    story = (
        f"经查明，当事人未取得食品经营许可，自2026年8月20日起在{place}制作并销售油炸小吃，至2026年9月8日被查获时止，共经营20日。\n"
        f"当事人已售出的食品按实际售价计2,680元，现场尚未售出的食品按标价计320元，货值金额合计3,000元；"
        f"已售食品所取得的款项为2,680元，没有退赔，违法所得为2,680元，第{n}号案卷另附清单。"
    )
    name = f"示例县第{n}示例小吃店"
    return [
        n,
        name,
        "示例王",
        code + uscc.calc_check_digit(code),
        place,
        "2026-08-20",
        "2026-09-08",
        story,
        50000,
        n,
        n,
    ]


def write_rows(path: Path, rows: int) -> None:
    from xlsxwriter import Workbook

    book = Workbook(str(path))
    sheet = book.add_worksheet("行表")
    for at, cells in enumerate([HEADERS, *(row_of(n) for n in range(1, rows + 1))]):
        sheet.write_row(at, 0, cells)
    book.close()


def make_home(home: Path) -> None:
    """The shipped base, with the 示例 settings entered as an agency's own: only then may a paper leave."""
    from app import clock
    from app.base import Base
    from app.config import load

    base = Base.open(load({}, home=home), say=lambda line: None)
    with base.store.writing(author="示例机关", at=clock.now()) as w:
        for record in base.snapshot().records("setting"):
            if record.source.example:
                own = record.source.model_copy(update={"instrument": "本机关文件", "example": False})
                w.put_record(record.model_copy(update={"source": own}))
    base.store.close()


def ready(rows: int) -> tuple[Path, Path]:
    """The home and the table, made once for this content, by processes of their own: this one stays small."""
    digest = hashlib.sha256()
    for path in sorted(p for p in (ROOT / "kb" / "content").rglob("*") if p.is_file()):
        digest.update(path.read_bytes())
    home = HOME / f"home-{digest.hexdigest()[:10]}"
    table = HOME / f"rows-{rows}.xlsx"
    if not (home / "ready").exists():
        shutil.rmtree(home, ignore_errors=True)
    _in_process("home", home)
    _in_process("rows", table, rows)
    return home, table


def _in_process(what: str, path: Path, *more: int | Path) -> str:
    command = [sys.executable, "-m", "bench.batch", "--worker", what, str(path), *map(str, more)]
    return subprocess.run(command, cwd=ROOT, check=True, text=True, stdout=subprocess.PIPE).stdout


def worker(what: str, path: Path, *more: str) -> None:
    """The work that this process sends out of the house."""
    if what == "home" and not (path / "ready").exists():
        make_home(path)
        (path / "ready").touch()
    elif what == "rows":
        write_rows(path, int(more[0]))
    elif what == "docxtpl":
        print(*with_docxtpl(path, Path(more[0])))


class Run(NamedTuple):
    """One run of the command: seconds of the clock and of processor, megabytes at most, what it said.

    ``megabytes`` is the largest process, ``together`` all of them, what they share counted once.
    """

    seconds: float
    processor: float
    megabytes: float
    together: float
    said: dict[str, Any]


class Watch(Thread):
    """Looks ten times a second how much memory a process and its children hold, shared pages counted once."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid = pid
        self.most = 0.0

    def run(self) -> None:
        while held := [n for pid in (self.pid, *self._children()) if (n := _share(pid))]:
            self.most = max(self.most, sum(held) / 1024)
            time.sleep(0.1)

    def _children(self) -> list[int]:
        try:
            return [
                int(pid) for pid in Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
            ]
        except OSError:
            return []


def _share(pid: int) -> int:
    """The proportional share of memory of one process, in kB; 0 once it is gone."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    found = re.search(r"^Pss: +(\d+) kB", text, re.M)
    return int(found[1]) if found else 0


def ours(home: Path, table: Path, out: Path) -> Run:
    """Run the command once."""
    out.unlink(missing_ok=True)
    command = [
        sys.executable,
        "-c",
        "from app.cli import main; main()",
        "--home",
        str(home),
        "batch",
        TYPE,
        str(table),
    ]
    command += ["--base-case", str(CASE), "-o", str(out), "--json"]
    # As installed, Python keeps the bytecode of its modules; a setting of this shell that forbids it would
    # make every run compile them all anew.
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, env={**env, "CAILIANG_NOW": NOW}, stdout=subprocess.PIPE)
    assert process.stdout is not None
    watch = Watch(process.pid)
    watch.start()
    said = process.stdout.read()
    process.stdout.close()
    # The kernel's own count for this one child; it would include this process's size, which is small.
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    watch.join()
    if process.returncode:
        sys.exit(f"the batch ended with {process.returncode}: {said.decode()[:2000]}")
    largest, processor = used.ru_maxrss / 1024, used.ru_utime + used.ru_stime
    return Run(seconds, processor, largest, watch.most, json.loads(said))


def verify(out: Path, rows: int, said: dict[str, Any]) -> None:
    """As many letters as rows, each opens, each number once."""
    if said["counts"]["出具"] != rows:
        sys.exit(f"not every letter may leave: {said['counts']}, {said['faults'][:1]}")
    numbers = set()
    with zipfile.ZipFile(out) as archive:
        for name in archive.namelist():
            if name.endswith(".docx"):
                with zipfile.ZipFile(archive.open(name)) as letter:
                    text = re.sub("<[^>]+>", "", letter.read("word/document.xml").decode())
                numbers |= set(re.findall(r"示综执罚〔2026〕(\d+)号", text))
    if numbers != {str(n) for n in range(1, rows + 1)}:
        sys.exit(f"the zip has {len(numbers)} different numbers, not {rows}")


def with_docxtpl(home: Path, table: Path) -> tuple[float, float]:
    """Seconds of the clock and of processor that docxtpl takes for the sample: same template, same values."""
    import io

    from docxtpl import DocxTemplate
    from jinja2 import Environment

    from generator.catalogue import document_type
    from generator.filters import WORDING, wording

    environment = Environment()  # the one filter of the template that is ours
    environment.filters[WORDING] = wording
    values = list(_values(home, table))
    started, began = time.perf_counter(), time.process_time()
    for value in values:
        document = DocxTemplate(str(document_type(TYPE).template))
        document.render(value, environment, autoescape=True)
        document.save(io.BytesIO())
    return time.perf_counter() - started, time.process_time() - began


def _values(home: Path, table: Path) -> Iterator[dict[str, Any]]:
    """What the template is filled with for the first rows."""
    from app import clock
    from app.api.batch import Asked, prepare, read_shared
    from app.base import Base
    from app.config import load
    from generator import casechecks
    from generator.catalogue import document_type
    from generator.context import context
    from generator.drafting import subject_of

    base = Base.open(load({}, home=home), say=lambda line: None)
    kind = document_type(TYPE)
    asked = Asked(kind, table.read_bytes(), table.name, read_shared(CASE))
    batch = prepare(asked, base.snapshot(), clock.today())
    for _, row in itertools.islice(batch.rows(), SAMPLE):
        case = batch.assembler.case(row).case
        assert case is not None
        subject = subject_of(kind, case, batch.base, batch.day)
        yield {**context(subject, casechecks.check(subject)[1], draft=False), "draft": False}
    base.store.close()


def main() -> None:
    if sys.argv[1:2] == ["--worker"]:
        worker(sys.argv[2], Path(sys.argv[3]), *sys.argv[4:])
        return
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--json", action="store_true", help="print one JSON object")
    options.add_argument("--rows", type=int, default=1000)
    options.add_argument("--rounds", type=int, default=3)
    chosen = options.parse_args()
    HOME.mkdir(parents=True, exist_ok=True)
    home, table = ready(chosen.rows)
    out = HOME / "letters.zip"
    runs = []
    for _ in range(chosen.rounds):
        runs.append(ours(home, table, out))
        verify(out, chosen.rows, runs[-1].said)
    sample = tuple(map(float, _in_process("docxtpl", home, table).split()))
    report(chosen, runs, sample)


def report(chosen: argparse.Namespace, runs: list[Run], sample: tuple[float, ...]) -> None:
    seconds = statistics.median(run.seconds for run in runs)
    processor = statistics.median(run.processor for run in runs)
    megabytes = max(run.megabytes for run in runs)
    together = max(run.together for run in runs)
    peer, peer_processor = (each / SAMPLE * chosen.rows for each in sample)
    if chosen.json:
        shape = {
            "name": "batch",
            "unit": "s",
            "ours": round(seconds, 2),
            "peers": {"docxtpl": round(peer, 1)},
            "ratio": {"docxtpl": round(peer / seconds, 1)},
            "setting": {
                "rows": chosen.rows,
                "rounds": chosen.rounds,
                "processor_seconds": round(processor, 2),
                "docxtpl_processor_seconds": round(peer_processor, 1),
                "peak_megabytes": round(megabytes, 1),
                "peak_megabytes_together": round(together, 1),
                "cores": len(os.sched_getaffinity(0)),
                "proven": {"ours": True, "docxtpl": False},
                "docxtpl_sample": SAMPLE,
                "python": platform.python_version(),
                "machine": platform.machine(),
            },
        }
        print(json.dumps(shape, ensure_ascii=False))
        return
    print(f"batch: {chosen.rows} decision letters, .xlsx to zip, the whole command, every letter proven")
    print(f"  ours      {seconds:8.2f} s     goal {GOAL_SECONDS:g}, aim {AIM_SECONDS:g}")
    print(f"  processor {processor:8.2f} s     of all its processes")
    goal = f"goal {GOAL_MEGABYTES}, largest process; all together {together:.1f} MB"
    print(f"  memory    {megabytes:8.1f} MB    {goal}")
    how = f"{SAMPLE} letters in {sample[0]:.2f} s, scaled; unproven, no table read"
    print(f"  docxtpl   {peer:8.1f} s     processor {peer_processor:.1f} s ({how})")


if __name__ == "__main__":
    main()
