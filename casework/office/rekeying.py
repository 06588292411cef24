"""A case as labelled fields in order, to be keyed into a platform of the province by hand.

Nothing is sent anywhere: the sheet is read from, or copied cell by cell. It holds personal data, so who took
it stands in the log.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from casework.documents import Document
from casework.triggers import domain_of
from casework.writing import BROUGHT, ISSUED
from generator.casefile import CaseFile, Party, Violation
from generator.consequences import measure_text
from generator.subject import benchmark_of
from kb.errors import NotLoaded
from kb.snapshot import Snapshot

KINDS = {"unit": "法人或者其他组织", "sole_trader": "个体工商户", "individual": "自然人"}
COLUMNS = ("栏目", "项目", "内容")


class Line(NamedTuple):
    """One field: the section it stands in, what it is called, what is typed."""

    section: str
    label: str
    value: str


def sheet(case: CaseFile, base: Snapshot, papers: Sequence[Document], on: date) -> list[Line]:
    """Every field of a case that a platform may ask for, in the order of the procedure; empty ones left out.

    Args:
        papers: the papers of the case as stored.
        on: the day whose setting of the organ counts where the case has no decision.
    """
    found = [
        *_head(case, base, on),
        *_parties(case),
        *_violations(case, base),
        *_course(case),
        *_papers(papers),
    ]
    return [Line(section, label, _text(value)) for section, label, value in found if value not in (None, "")]


_Field = tuple[str, str, Any]


def _head(case: CaseFile, base: Snapshot, on: date) -> Iterator[_Field]:
    name = "案件"
    domains = dict.fromkeys(domain_of(base, v) for v in case.violations)
    yield name, "案件编号", case.id
    yield name, "案由", case.cause or "、".join(_title(base, v) for v in case.violations)
    yield name, "执法领域", "、".join(d for d in domains if d)
    yield name, "案件来源", case.source
    yield name, "立案日期", case.filed
    yield name, "执法机关", case.organ.name or _organ(base, case.decision.date or on)
    if case.organ.entrusted:
        yield name, "受委托组织", case.organ.entrusted.body
    for n, officer in enumerate(case.officers, 1):
        yield name, f"执法人员{n}姓名", officer.name
        yield name, f"执法人员{n}证件号", officer.certificate


def _parties(case: CaseFile) -> Iterator[_Field]:
    for n, party in enumerate(case.parties, 1):
        section = f"当事人{n}" if len(case.parties) > 1 else "当事人"
        yield from ((section, label, value) for label, value in _party(party))


def _party(party: Party) -> Iterator[tuple[str, Any]]:
    yield "类型", KINDS[party.kind]
    yield "名称" if party.kind == "unit" else "姓名", party.name
    yield "字号", party.trade_name
    yield "统一社会信用代码", party.code
    if party.kind == "unit":
        yield party.representative_title, party.representative
    yield "性别", party.sex
    if party.id_number:
        yield "证件类型", party.id_type
    yield "证件号码", party.id_number
    yield "出生日期", party.born
    yield "住址", party.address
    yield "联系电话", party.phone


def _violations(case: CaseFile, base: Snapshot) -> Iterator[_Field]:
    for n, violation in enumerate(case.violations, 1):
        section = f"违法行为{n}" if len(case.violations) > 1 else "违法行为"
        found = benchmark_of(base, violation.benchmark, violation.act.end)
        yield section, "违法行为", _title(base, violation)
        if len(case.parties) > 1:
            yield section, "当事人", case.parties[violation.party - 1].name
        yield section, "违法开始日期", violation.act.start
        yield section, "违法终了日期", violation.act.end
        yield section, "发现日期", violation.found_on
        yield section, "违法地点", violation.place
        yield section, "违法事实", violation.narrative
        yield section, "违反的规定", violation.violated or (found.violated if found else [])
        yield section, "处罚依据", violation.penalty_basis or (found.penalty_basis if found else [])
        for m, item in enumerate(violation.evidence, 1):
            yield section, f"证据{m}", f"{item.name}（证明{item.proves}）"
        if violation.discretion:
            yield section, "裁量基准", violation.discretion.instrument
            yield section, "裁量阶次", violation.discretion.tier
            yield section, "裁量理由", violation.discretion.reasons
        yield section, "罚款（元）", violation.fine
        yield section, "其他处罚", [measure_text(m) for m in violation.measures]


def _course(case: CaseFile) -> Iterator[_Field]:
    notice, decided = case.notice, case.decision
    yield "告知", "告知日期", notice.date
    yield "告知", "告知书送达日期", notice.served.day if notice.served else None
    yield "告知", "陈述申辩意见", notice.statement
    yield "告知", "采纳情况", notice.response
    if notice.hearing:
        yield "告知", "告知听证权利", "是" if notice.hearing.offered else "否"
        yield "告知", "要求听证", "是" if notice.hearing.requested else "否"
        yield "告知", "听证日期", notice.hearing.held_on
    yield "决定", "法制审核日期", decided.legal_review_on
    yield "决定", "集体讨论日期", decided.deliberated_on
    yield "决定", "决定日期", decided.date
    yield "决定", "是否公示", "是" if case.publish else "否"
    for n, payment in enumerate(case.payments, 1):
        yield "执行", f"缴款{n}日期", payment.date
        yield "执行", f"缴款{n}金额（元）", payment.amount


def _papers(papers: Sequence[Document]) -> Iterator[_Field]:
    for paper in papers:
        if paper.state in (ISSUED, BROUGHT):
            day = paper.day.isoformat() if paper.day else ""
            yield "文书", paper.name, "　".join(filter(None, (paper.number_text, day)))


def _title(base: Snapshot, violation: Violation) -> str:
    found = benchmark_of(base, violation.benchmark, violation.act.end)
    return violation.conduct or (found.title if found else violation.benchmark)


def _organ(base: Snapshot, day: date) -> str:
    try:
        return str(base.setting("organ/profile", day).value["name"])
    except NotLoaded:
        return ""


def _text(value: Any) -> str:
    """A value as a form takes it: plain figures, days as 2026-09-08."""
    if isinstance(value, list):
        return "；".join(map(_text, value))
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime):
        return value.isoformat(" ", "minutes")
    return str(value)


def page(title: str, lines: Sequence[Line]) -> str:
    """The sheet as one HTML file without scripts: a click selects the whole value, to be copied."""
    from markupsafe import escape

    rows, last = [], ""
    for line in lines:
        if line.section != last:
            rows.append(f"<tr><th colspan=2>{escape(line.section)}</th></tr>")
        rows.append(f"<tr><td>{escape(line.label)}</td><td class=v>{escape(line.value)}</td></tr>")
        last = line.section
    return _PAGE.format(title=escape(title), rows="\n".join(rows))


_PAGE = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title>
<style>body{{font-family:sans-serif;margin:2em}}table{{border-collapse:collapse}}th{{text-align:left}}
td,th{{border:1px solid #999;padding:.4em;vertical-align:top}}
.v{{user-select:all;white-space:pre-wrap}}</style>
</head><body><h1>{title}</h1><p>点一下内容即选中整格，再复制到平台的对应栏目。本页不上传任何内容。</p>
<table><tbody>
{rows}
</tbody></table></body></html>
"""
