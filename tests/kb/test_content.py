"""The shipped base: complete, dated, sourced, provable, and in our own words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from generator.phrases import HOUSE
from kb.citation import Citation, parse
from kb.discretion import Period, assess
from kb.importing.laws import import_paths
from kb.importing.records import load_laws, load_records
from kb.laws import Standing, format_structure
from kb.records import Benchmark, CaseStudy, Leniency, Phrase, Record, Setting
from kb.snapshot import Snapshot
from tests.kb.law_texts import Texts

CONTENT = Path(__file__).resolve().parents[2] / "kb" / "content"
RECORDS = load_records(CONTENT)
LAWS = load_laws(CONTENT / "laws")
BASE = Snapshot.of(RECORDS, LAWS.versions, LAWS.repeals)
BENCHMARKS = [r for r in RECORDS if isinstance(r, Benchmark)]
CASES = [r for r in RECORDS if isinstance(r, CaseStudy)]
CHECKED = date(2026, 11, 22)

NEEDED = {
    "market/unlicensed-food-business",
    "market/false-advertising",
    "market/unsafe-product",
    "market/uninspected-special-equipment",
    "ecology/hazardous-waste-label",
    "ecology/noise-hailing",
    "ecology/outdoor-barbecue",
    "ecology/cooking-fumes",
    "ecology/build-before-approval",
    "ecology/discharge-without-permit",
    "ecology/excess-discharge",
    "ecology/evading-supervision",
    "ecology/unaccepted-facilities",
    "agriculture/inferior-seed",
    "transport/unlicensed-passenger",
    "city/street-storage",
    "culture/late-hours",
}
SETTINGS = {
    "payment/days": ["第六十七条第三款"],
    "payment/surcharge": ["第七十二条第一款第（一）项"],
    "remedy/reconsideration-days": ["第二十条第一款"],
    "remedy/litigation-months": ["第四十六条第一款"],
    "remedy/litigation-after-reconsideration-days": ["第四十五条"],
    "simple/limit-individual": ["第五十一条"],
    "simple/limit-unit": ["第五十一条"],
    "hearing/request-days": ["第六十四条第（一）项", "第八十五条"],
    "limitation/general": ["第三十六条第一款"],
    "limitation/ecology": ["第一千零五十四条第一款"],
}


def key(record: Record) -> str:
    return f"{record.id} {record.from_ or ''}"


# ---------------------------------------------------------------- what is there


def test_counts() -> None:
    kinds = {kind: len({r.id for r in RECORDS if r.kind == kind}) for kind in {r.kind for r in RECORDS}}
    least = {"benchmark": 20, "leniency": 8, "phrase": 20, "case_study": 3, "synonym": 50, "setting": 14}
    assert {k: n for k, n in least.items() if kinds.get(k, 0) < n} == {}
    assert {b.id for b in BENCHMARKS} >= NEEDED
    assert len(LAWS.versions) >= 30


def test_ecology_stands_in_both_laws() -> None:
    for id in sorted({b.id for b in BENCHMARKS if b.domain == "生态环境"}):
        days = {(b.from_, b.to) for b in BENCHMARKS if b.id == id}
        assert any(to == date(2026, 8, 15) for _, to in days), id
        assert (date(2026, 8, 15), None) in days, id


def test_settings() -> None:
    settings = {r.id: r for r in RECORDS if isinstance(r, Setting)}
    for id, ends in SETTINGS.items():
        assert [b.rpartition("》")[2] for b in settings[id].basis] == ends
    assert "organ/court" not in settings  # there is no default court
    assert not [id for id in settings if "threshold" in id]  # hearing thresholds are local, none verified
    for id in settings:
        by_notice = id.startswith(("calendar/", "report/"))  # an instrument below the law, named as source
        assert settings[id].basis or id.startswith("organ/") or by_notice or id == "procedure/laws"


def test_our_own_writing_is_marked() -> None:
    for record in RECORDS:
        # a provision of a law, restated; the constant text of the shipped papers
        law = record.source.instrument in ("法律条文", HOUSE)
        ours = record.kind in ("leniency", "phrase", "case_study", "procedure", "synonym") and not law
        ours = ours or record.id.startswith("organ/") or record.id == "enforcement/night"
        if record.kind == "leniency" and record.source.instrument == "法律条文":
            ours = False  # the statute's own provision on leniency, not a list of ours
        assert record.source.example is ours, key(record)
        assert (record.source.instrument == "示例") is ours, key(record)
        assert record.source.checked, key(record)


def test_aliases_mean_one_law() -> None:
    seen: dict[str, str] = {}
    titles = {v.title for v, _ in LAWS.versions}
    for version, _ in LAWS.versions:
        assert version.from_
        assert version.source
        assert version.checked
        for alias in version.aliases:
            assert seen.setdefault(alias, version.title) == version.title
            assert alias not in titles
            match = BASE.laws.match(alias)
            assert match
            assert (match.title, match.how) == (version.title, "alias")


@pytest.mark.parametrize("benchmark", BENCHMARKS, ids=key)
def test_a_benchmark_can_be_worked_with(benchmark: Benchmark) -> None:
    assert benchmark.keywords
    assert benchmark.correction
    assert benchmark.subjects
    assert len(benchmark.elements) >= 3
    assert all(e.evidence and e.questions for e in benchmark.elements)
    assert all(f.ask.endswith("？") or "填" in f.ask for f in benchmark.facts.values())
    assert all(m.basis for m in benchmark.measures)


def test_leniency_names_known_benchmarks() -> None:
    known = {b.id for b in BENCHMARKS}
    for entry in (r for r in RECORDS if isinstance(r, Leniency)):
        assert set(entry.benchmarks) <= known, entry.id
        ticks = [t.name for t in entry.conditions]
        assert len(ticks) == len(set(ticks))
        assert all(t.ask for t in entry.conditions)


def test_phrases_fill_their_slots() -> None:
    for phrase in (r for r in RECORDS if isinstance(r, Phrase)):
        words = phrase.text if phrase.channel == "文书" else phrase.recommended
        assert set(re.findall(r"\{(\w+)\}", words)) == set(phrase.slots), phrase.id
        assert phrase.citations, phrase.id
        assert phrase.section if phrase.channel == "文书" else phrase.forbidden and phrase.legal_note


# ---------------------------------------------------------------- every citation is proven


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from strings(inner)
    elif isinstance(value, Sequence):
        for inner in value:
            yield from strings(inner)


def structured(record: Record) -> Iterator[str]:
    """The citations an editor wrote as such, not those inside prose."""
    data = record.model_dump()
    yield from strings(
        [data.get(n, []) for n in ("violated", "penalty_basis", "basis", "citations", "gravity")]
    )
    for part in ("measures", "not_when", "statutory", "steps"):
        for row in data.get(part, []):
            yield from strings(row.get("basis", []))


def days_of(record: Record) -> set[date]:
    """The days a record's citations must hold on: its first and its last."""
    if isinstance(record, CaseStudy):
        return {record.decided}
    return {record.from_ or CHECKED, record.to - timedelta(days=1) if record.to else CHECKED}


@pytest.mark.parametrize("record", [r for r in RECORDS if any(structured(r))], ids=key)
def test_citations_hold_on_the_days_of_the_record(record: Record) -> None:
    for text in filter(None, structured(record)):
        for day in days_of(record):
            found = parse(text, BASE.laws, day)
            assert found, text
            assert (found[0].start, found[-1].end) == (0, len(text))
            for cited in found:
                assert cited.law == cited.resolved, "not the full title"
                assert not fault(cited, day), f"{text} {day}: {fault(cited, day)}"


def test_citations_in_prose_exist() -> None:
    for record in RECORDS:
        for text in strings(record.model_dump()):
            for cited in parse(text, BASE.laws, CHECKED):
                versions = BASE.laws.versions_of(cited.resolved or "")
                assert any(v.from_ and not fault(cited, v.from_) for v in versions), (
                    f"{record.id}: {cited.text}"
                )


def fault(cited: Citation, day: date) -> str:
    """Why one citation doesn't hold on a day; "" where it does. 款 is written where there are several."""
    on = BASE.laws.on(cited.resolved or "", day)
    if on.standing is not Standing.IN_FORCE or on.version is None:
        return str(on.standing)
    article = BASE.laws.article(on.version, cited.article or 0, cited.article_suffix or 0)
    if article is None:
        return "no such article"
    count = len(article.paragraphs)
    if (cited.paragraph is None) == (count > 1):
        return f"{count} paragraphs"
    if (cited.paragraph or 1) > count:
        return "no such paragraph"
    paragraph = article.paragraphs[(cited.paragraph or 1) - 1]
    if cited.item and not paragraph.item(cited.item):
        return "no such item"
    return ""


def test_every_cited_article_has_a_summary() -> None:
    missing = set()
    for record in RECORDS:
        for text in filter(None, structured(record)):
            for cited in parse(text, BASE.laws, CHECKED):
                if (cited.resolved, str(cited.article)) not in LAWS.summaries:
                    missing.add(cited.text)
    assert not missing


# ---------------------------------------------------------------- case studies


@pytest.mark.parametrize("case", CASES, ids=key)
def test_case_studies_are_what_the_base_says(case: CaseStudy) -> None:
    result = assess(
        BASE,
        case.benchmark,
        case.facts,
        Period(case.act_from, case.act_to),
        case.course[0].day,
        case.decided,
    ).to_dict()
    assert not [w for w in result["warnings"] if w["code"] in ("limitation_passed", "limitation_not_judged")]
    if case.leniency:
        assert [e["met"] for e in result["leniency"] if e["id"] == case.leniency] == [True]
        assert case.fine is None
    else:
        fines = [o["fine"] for o in result["outcomes"] if o["fine"] and set(o["basis"]) <= set(case.basis)]
        assert any(Decimal(f["min"]) <= case.fine <= Decimal(f["max"]) for f in fines)  # type: ignore[operator]


@pytest.mark.parametrize("case", CASES, ids=key)
def test_case_studies_keep_their_dates(case: CaseStudy) -> None:
    course = {step.text: step.day for step in case.course}
    days = [step.day for step in case.course]
    assert days == sorted(days)
    assert case.act_from <= case.act_to <= days[0]
    assert case.from_ == case.decided
    filed = next(day for text, day in course.items() if text.startswith("立案"))
    decided = next(day for text, day in course.items() if text.startswith("作出"))
    assert decided == case.decided
    assert (decided - filed).days <= BASE.setting("decision/days", decided).value
    told = [day for text, day in course.items() if "告知书" in text]
    assert bool(told) is (case.fine is not None)
    for day in told:
        assert (decided - day).days > BASE.setting("hearing/request-days", decided).value + 2
    paid = [day for text, day in course.items() if "缴纳" in text]
    assert all((day - decided).days <= BASE.setting("payment/days", decided).value for day in paid)
    for part in ("基本案情", "查处过程", "依据", "裁量", "结果", "典型意义"):
        assert f"## {part}\n" in case.body


# ---------------------------------------------------------------- against the real texts


@pytest.fixture(scope="module")
def texts(corpus: Path) -> Texts:
    found = Texts()
    import_paths([corpus / "statutes"], found, at=datetime.now(UTC))
    return found


@pytest.mark.corpus
def test_shipped_structure_is_that_of_the_texts(texts: Texts) -> None:
    for version, articles in LAWS.versions:
        found, theirs = texts.laws[version.title, version.adopted]
        ours = format_structure(articles, marks=True)
        assert ours == format_structure(theirs.values(), marks=True), version.title
        assert [h.day for h in version.history] == [h.day for h in found.history], version.title
        if found.from_basis != "推定":
            assert version.from_ == found.from_, version.title


@pytest.mark.corpus
@pytest.mark.parametrize("benchmark", BENCHMARKS, ids=key)
def test_amounts_and_conditions_are_the_law_s(benchmark: Benchmark, texts: Texts) -> None:
    basis = "".join(provision(text, benchmark.from_, texts) for text in benchmark.penalty_basis)
    for branch in benchmark.statutory:
        said = basis + "".join(provision(text, benchmark.from_, texts) for text in branch.basis)
        for part in (branch.fine or "").split("，"):  # a range, and the floor that stands after it
            if part not in said.replace("警告、罚款", "罚款"):  # the statute prints 二万以下 without 元
                assert part.replace("万元以下", "万以下") in said, branch.fine
        assert not branch.subject or branch.subject in said


def provision(text: str, day: date | None, texts: Texts) -> str:
    [cited] = parse(text, BASE.laws, day)
    version = BASE.laws.on(cited.law, day or CHECKED).version
    assert version
    _, articles = texts.laws[version.title, version.adopted]
    paragraph = articles[str(cited.article)].paragraphs[(cited.paragraph or 1) - 1]
    return paragraph.text + (item.text if cited.item and (item := paragraph.item(cited.item)) else "")


HAN = re.compile(r"[^\u3400-\u9fff]+")
CITED = re.compile(r"《[^》]*》(?:第[^，。；、\s]*)?")
WHOM = re.compile(r"\bsubject: [^,}]*")  # who is punished is named as the law names them
RUN = 26


@pytest.mark.corpus
def test_no_sentence_is_copied_from_a_statute(corpus: Path) -> None:
    """No 26 Han characters in a row: any such run in a statute holds one of its aligned blocks of 13."""
    half = RUN // 2
    blocks: dict[str, list[tuple[str, int]]] = {}
    for path in (p for p in CONTENT.rglob("*") if p.is_file()):
        for line in path.read_text("utf-8").splitlines():
            ours = HAN.sub("", CITED.sub("|", WHOM.sub("|", line)))
            for i in range(len(ours) - RUN + 1 + half):
                blocks.setdefault(ours[i : i + half], []).append((ours, i))
    copied = set()
    for path in corpus.joinpath("statutes").rglob("*.md"):
        theirs = HAN.sub("", path.read_text("utf-8"))
        for at in range(0, len(theirs) - half, half):
            for ours, i in blocks.get(theirs[at : at + half], ()):
                run = shared(ours, i, theirs, at)
                if len(run) >= RUN:
                    copied.add(run)
    assert not copied


def shared(ours: str, i: int, theirs: str, at: int) -> str:
    """The longest common run through two positions."""
    start = 0
    while start < min(i, at) and ours[i - start - 1] == theirs[at - start - 1]:
        start += 1
    end = 0
    while i + end < len(ours) and at + end < len(theirs) and ours[i + end] == theirs[at + end]:
        end += 1
    return ours[i - start : i + end]


def test_no_fact_answers_a_tick_that_means_another_thing() -> None:
    """Facts and ticks are answered in one form by their names."""
    ticks: dict[str, set[str]] = {}
    for entry in (r for r in RECORDS if isinstance(r, Leniency)):
        for tick in entry.conditions:
            ticks.setdefault(tick.name, set()).add(tick.label)
    clashes = [
        (record.id, name, fact.label, ticks[name])
        for record in RECORDS
        if isinstance(record, Benchmark)
        for name, fact in record.facts.items()
        if name in ticks and fact.label not in ticks[name]
    ]
    assert clashes == []
