"""The result of a review as a .docx: a table a paper, the worst first."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from generator.days import words
from generator.review import Review, reason
from generator.sheets import BODY, HEADING, TITLE, lying, paragraph, table, written
from kb.findings import SEVERITIES, Finding, Place

_COLUMNS = (
    ("代码", 1.2),
    ("程度", 1.2),
    ("位置", 2.6),
    ("原文", 4.2),
    ("问题", 5.4),
    ("改法", 4.0),
    ("依据", 3.2),
)
"""Headings and how the width of the page is shared."""


def report(result: Review, name: str, today: date) -> bytes:
    """The report; the same result on the same day gives the same bytes.

    Args:
        result: what was found.
        name: what was reviewed, for the title.
        today: the day the report bears.
    """
    document = lying()
    paragraph(document, "文书审查报告", TITLE, 22, centred=True)
    paragraph(document, f"审查对象：{name}　　审查日期：{words(today)}", BODY, 12)
    counts = "，".join(f"{severity}{result.counts[severity]}处" for severity in SEVERITIES)
    left = f"另有{len(result.unreadable)}份没有审查，见文末。" if result.unreadable else ""
    paragraph(document, f"共{len(result.papers)}份文书：{counts}。{left}", BODY, 12)
    for paper in result.papers:
        paragraph(document, f"{Path(paper.file).name}（{paper.label}）", HEADING, 14)
        if paper.findings:
            table(document, _COLUMNS, [_row(f) for f in paper.findings])
        else:
            paragraph(document, "没有发现问题。", BODY, 12)
        for article in paper.attested:
            paragraph(document, f"条文系人工录入：{article}", BODY, 10.5)
    if result.consistency:
        paragraph(document, "各份文书之间", HEADING, 14)
        table(
            document,
            _COLUMNS,
            [
                _row(
                    c.finding,
                    f"{Path(c.file).name} {_where(c.finding.place)}",
                    f"{c.finding.message}。对照{Path(c.other_file).name}{_where(c.other_place)}“{c.other_text}”",
                )
                for c in result.consistency
            ],
        )
    if result.unreadable:
        paragraph(document, "没有审查的文件", HEADING, 14)
        for file, error in result.unreadable:
            paragraph(document, f"{Path(file).name}：{reason(error)}", BODY, 12)
    return written(document)


def _row(finding: Finding, where: str = "", message: str = "") -> tuple[str, ...]:
    return (
        finding.code,
        finding.severity,
        where or _where(finding.place),
        finding.text,
        message or finding.message,
        finding.suggestion,
        finding.basis,
    )


def _where(place: Place) -> str:
    number = f"第{place.paragraph}段" if place.paragraph else f"第{place.line}行" if place.line else ""
    return " ".join(part for part in (place.part, place.cell, number) if part)
