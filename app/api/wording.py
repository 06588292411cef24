"""Standard wording offered while a case is typed: the written phrases that fit a field, filled from the case.

A phrase is offered with every blank filled that the case answers, and a mark at every other one: a mark that
is left standing keeps the paper from leaving.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.api.violations import facts_of
from generator import phrases
from generator.subject import date_text, figures
from kb.errors import BadValue, NotFound
from kb.numerals import parse_number
from kb.records import Benchmark, Phrase
from kb.snapshot import Snapshot

PROCEDURE = "《中华人民共和国行政处罚法》"
"""What every case is decided under."""
MOST = 8
"""Phrases offered at one field."""
FIELDS: Mapping[str, tuple[str, ...]] = {
    "violations.*.narrative": ("事实", "定性"),
    "violations.*.discretion.reasons": ("裁量说理",),
    "violations.*.correction": ("责令改正",),
    "notice.response": ("申辩采纳", "申辩部分采纳", "申辩不采纳"),
    "leniency.education": ("教育",),
}
"""Which sections of a paper a field of the case becomes."""


@dataclass(frozen=True, slots=True)
class Wording:
    """One phrase as it would stand in the field; ``blanks`` are what the case doesn't say."""

    id: str
    section: str
    text: str
    blanks: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        return {"id": self.id, "section": self.section, "text": self.text, "blanks": list(self.blanks)}


def offered(base: Snapshot, field: str, type: str, typed: Mapping[str, str], on: date) -> tuple[Wording, ...]:
    """The phrases for one field: of the laws that are in question, those that cite what was broken first.

    Args:
        field: its path, rows as numbers: ``violations.0.narrative``.
        type: the paper in view; empty: any.
        typed: what was typed, by path.
        on: the day whose phrases are offered.
    """
    steps = field.split(".")
    sections = FIELDS.get(".".join("*" if s.isdigit() else s for s in steps), ())
    if not sections:
        return ()
    row = next((s for s in steps if s.isdigit()), "")
    rows = [row] if row else sorted({p.split(".")[1] for p in typed if p.startswith("violations.")}) or ["0"]
    about = [b for b in (_benchmark(base, typed, n, on) for n in rows) if b]
    domains = {"通用", *(b.domain for b in about)}
    cited = {c for b in about for c in (*b.violated, *b.penalty_basis)}
    laws = {PROCEDURE, *map(_law, cited)}
    found = [
        p
        for p in base.phrases(on)
        if p.channel == "文书" and p.section in sections and p.domain in domains
        if (not type or type in p.documents) and (not p.citations or laws & set(map(_law, p.citations)))
        if phrases.phrase_of(base, p.id, on) is p  # of one id, only the agency's own
    ]
    found.sort(key=lambda p: (not cited & set(p.citations), p.domain == "通用", sections.index(p.section)))
    known = known_of(base, typed, rows[0], on) if found else {}
    return tuple(filled(p, known) for p in found[:MOST])


def put_in(
    base: Snapshot, typed: Mapping[str, str], field: str, id: str, type: str, on: date
) -> dict[str, str]:
    """What was typed, with one of the offered phrases behind what stands in the field.

    Raises:
        NotFound: the phrase isn't offered there.
    """
    text = next((w.text for w in offered(base, field, type, typed, on) if w.id == id), None)
    if text is None:
        raise NotFound(f"这里没有用语“{id[:40]}”", where=field[:60], hint="从这一项下面列出的选")
    before = typed.get(field, "").rstrip()
    return {**typed, field: f"{before}\n{text}" if before else text}


def filled(phrase: Phrase, known: Mapping[str, str]) -> Wording:
    """A phrase with its blanks filled by label."""
    values = {slot: known[label] for slot, label in phrase.slots.items() if label in known}
    blanks = tuple(label for slot, label in phrase.slots.items() if slot not in values)
    return Wording(phrase.id, phrase.section, phrases.filled(phrase, values), blanks)


def known_of(base: Snapshot, typed: Mapping[str, str], row: str, on: date) -> dict[str, str]:
    """What the case says of one violation, by the labels that blanks of phrases bear."""
    at = f"violations.{row}"
    number = typed.get(f"{at}.party", "1")
    who = f"parties.{int(number) - 1 if number.isascii() and number.isdigit() else 0}"
    benchmark = _benchmark(base, typed, row, on)
    name = typed.get(f"{at}.conduct") or (benchmark.violation if benchmark else "")
    found, place = _day(typed.get(f"{at}.found_on")), typed.get(f"{at}.place", "")
    said = {
        "当事人名称": typed.get(f"{who}.trade_name") or typed.get(f"{who}.name", ""),
        "起始日期": _day(typed.get(f"{at}.act.start")),
        "行为终了之日": _day(typed.get(f"{at}.act.end")),
        "查获日期": found,
        "检查日期": found,
        "经营地址": place,
        "地点": place,
        "违法行为": name,
        "违法行为名称": name,
        "违反条款全称": "、".join(benchmark.violated) if benchmark else "",
        "处罚依据全称": "、".join(benchmark.penalty_basis) if benchmark else "",
        "罚款数额": _sum(typed.get(f"{at}.fine")),
        "违法所得": _gains(typed, at),
        "改正期限": _day(typed.get("correction_order.deadline")),
    }
    for fact, about in facts_of(base, benchmark.id).items() if benchmark else ():
        if about.label.endswith("货值金额"):
            said |= dict.fromkeys(("货值金额", "货值"), _sum(typed.get(f"{at}.facts.{fact}")))
    return {label: text for label, text in said.items() if text}


def _benchmark(base: Snapshot, typed: Mapping[str, str], row: str, on: date) -> Benchmark | None:
    """The version in force when the act ended, unless the new law is applied (行政处罚法 37)."""
    id, ended = typed.get(f"violations.{row}.benchmark", ""), typed.get(f"violations.{row}.act.end")
    if ended and typed.get("law_choice.apply") != "新":
        with suppress(ValueError):
            on = date.fromisoformat(ended)
    return next((b for b in base.benchmarks(on) if b.id == id), None)


def _law(citation: str) -> str:
    return citation.partition("》")[0] + "》"


def _day(text: str | None) -> str:
    try:
        return date_text(date.fromisoformat(text)) if text else ""
    except ValueError:
        return ""


def _sum(text: str | None) -> str:
    """A sum as a paper prints it, without 元: phrases write that themselves."""
    try:
        return figures(parse_number(text.strip().removesuffix("元"))) if text else ""
    except BadValue:
        return ""


def _gains(typed: Mapping[str, str], at: str) -> str:
    """The unlawful gains that are confiscated."""
    kinds = [p for p, text in typed.items() if p.startswith(f"{at}.measures.") and text == "没收违法所得"]
    return _sum(typed.get(kinds[0].removesuffix("kind") + "amount")) if kinds else ""
