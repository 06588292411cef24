"""Milliseconds to assess one benchmark, warm and from the first call, alone and among 5,000. Goal: 0.2 ms.

    python bench/discretion.py [--json] [--calls N] [--benchmarks N]

There is no peer to run beside it: no public tool computes these ranges.
"""

from __future__ import annotations

import argparse
import json
import platform
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from kb.discretion import Period, assess
from kb.records import Benchmark, Leniency
from kb.snapshot import Snapshot
from kb.store import Store

GOAL_MS = 0.2
SOURCE = {"instrument": "示例", "example": True}
ACT = Period(date(2026, 6, 20), date(2026, 7, 1))
DAYS = {"found_on": date(2026, 7, 2), "decided_on": date(2026, 11, 1)}


def example() -> Snapshot:
    """Two dated versions of one benchmark with two ladders, tiers and measures, and four list entries."""
    common = {
        "id": "market/example",
        "violation": "示例违法行为",
        "penalty_basis": "《中华人民共和国甲法》第十条",
        "source": SOURCE,
        "facts": {
            "goods_value": {"label": "货值金额", "type": "money"},
            "refused": {"label": "拒不改正", "type": "bool"},
        },
        "statutory": [
            {"when": "货值金额不足一万元", "fine": "五万元以上十万元以下"},
            {"when": "货值金额一万元以上", "fine": "货值金额十倍以上二十倍以下"},
            {"when": "拒不改正", "fine": "二十万元以上一百万元以下"},
        ],
        "tiers": [
            {"label": "较轻", "when": "货值金额不足五千元", "fine": "五万元以上七万元以下"},
            {"label": "一般", "when": "货值金额五千元以上不足一万元", "fine": "七万元以上十万元以下"},
        ],
        "measures": [{"kind": "没收违法所得"}, {"kind": "吊销许可证", "when": "拒不改正"}],
    }
    versions = [
        Benchmark.model_validate({**common, "from": "2020-01-01", "to": "2026-08-15"}),
        Benchmark.model_validate({**common, "from": "2026-08-15"}),
    ]
    ticks = [{"name": n, "label": n} for n in ("first", "minor", "corrected")]
    entry = {
        "list": "不予",
        "limb": "33(1)后段",
        "violation": "示例",
        "basis": "《中华人民共和国甲法》第三条",
    }
    lists = [
        Leniency.model_validate({**entry, "id": f"leniency/{n}", "conditions": ticks, "source": SOURCE})
        for n in range(4)
    ]
    return Snapshot.of([*versions, *lists])


def once(base: Snapshot, act: Period, found: date, decided: date, id: str = "market/example") -> float:
    """One call, in milliseconds."""
    started = perf_counter()
    assess(base, id, {"goods_value": "3000"}, act, found, decided)
    return (perf_counter() - started) * 1000


def measure(calls: int, benchmarks: int) -> dict[str, float]:
    """Milliseconds a call: first, one law, two laws (act before a change, decision after), with the paragraph
    of reasons; and the first call and one law in a stored base of many benchmarks."""
    base = example()
    first = once(base, ACT, ACT.end, ACT.end)
    one = median(once(base, ACT, ACT.end, ACT.end) for _ in range(calls))
    two = median(once(base, ACT, DAYS["found_on"], DAYS["decided_on"]) for _ in range(calls))
    result = assess(base, "market/example", {"goods_value": "3000"}, ACT, ACT.end, ACT.end)
    started = perf_counter()
    for _ in range(calls):
        assert result.reasons
    reasons = (perf_counter() - started) * 1000 / calls
    with TemporaryDirectory() as home:
        fill(Path(home), benchmarks)
        store = Store.open(Path(home))
        try:
            many = store.snapshot()
            many_first = once(many, ACT, ACT.end, ACT.end)
            many_one = median(once(many, ACT, ACT.end, ACT.end) for _ in range(calls))
            many.records("benchmark")  # as a page that lists them leaves the snapshot
            other = median(
                once(many, ACT, ACT.end, ACT.end, f"market/example-{n}")
                for n in range(benchmarks - 100, benchmarks)
            )
        finally:
            store.close()
    return {
        "first": first,
        "one_law": one,
        "two_laws": two,
        "reasons": reasons,
        "many_first": many_first,
        "many_one_law": many_one,
        "many_another": other,
    }


def fill(home: Path, benchmarks: int) -> None:
    """A stored base: the example, and as many more benchmarks like it."""
    base = example()
    [model, *_] = base.benchmarks()
    store = Store.open(home)
    try:
        with store.writing(author="bench", at=datetime(2026, 11, 22, tzinfo=UTC)) as writer:
            for record in (*base.benchmarks(), *base.leniencies()):
                writer.put_record(record)
            for n in range(benchmarks):
                writer.put_record(model.model_copy(update={"id": f"market/example-{n}"}))
    finally:
        store.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--calls", type=int, default=3000)
    parser.add_argument("--benchmarks", type=int, default=5000)
    args = parser.parse_args()
    got = measure(args.calls, args.benchmarks)
    if args.json:
        print(
            json.dumps(
                {
                    "name": "discretion",
                    "unit": "ms/call",
                    "ours": round(got["one_law"], 4),
                    "peers": {},
                    "ratio": {},
                    "setting": {
                        "goal": GOAL_MS,
                        "first_call": round(got["first"], 4),
                        "two_laws": round(got["two_laws"], 4),
                        "reasons": round(got["reasons"], 4),
                        "benchmarks": args.benchmarks,
                        "first_call_of_many": round(got["many_first"], 4),
                        "one_law_of_many": round(got["many_one_law"], 4),
                        "first_call_of_another": round(got["many_another"], 4),
                        "calls": args.calls,
                        "python": platform.python_version(),
                    },
                },
                ensure_ascii=False,
            )
        )
        return
    print(f"assess one benchmark, median of {args.calls} calls (goal {GOAL_MS} ms)")
    for name, label in (
        ("first", "first call, compiling"),
        ("one_law", "one law"),
        ("two_laws", "old and new law"),
        ("reasons", "the reasons, besides"),
        ("many_first", f"of {args.benchmarks:,} stored: first call"),
        ("many_one_law", f"of {args.benchmarks:,} stored: one law"),
        ("many_another", "another of them, compiling"),
    ):
        print(f"  {label:<32}{got[name]:8.3f} ms")


if __name__ == "__main__":
    main()
