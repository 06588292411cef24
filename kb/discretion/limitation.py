"""Limitation of a penalty: how long after the act it may still be found (处罚法第三十六条)."""

from __future__ import annotations

from calendar import monthrange
from contextlib import suppress
from datetime import date

from kb.discretion.compiled import shelf_of
from kb.discretion.result import Period, Step, Warning
from kb.errors import BadValue, NotLoaded
from kb.records import SLUGS, Setting
from kb.snapshot import Snapshot


def judge_limitation(
    base: Snapshot,
    domain: str,
    act: Period | None,
    found_on: date | None,
    steps: list[Step],
    warnings: list[Warning],
) -> None:
    """Add a step or a warning on limitation; says so where it can't be judged.

    The period is the setting ``limitation/<domain>`` where one is loaded, else ``limitation/general``; its
    value is ``{years, years_serious}``, and the longer one runs only where the setting's provision gives it.

    Raises:
        BadValue: found before the act began.
    """
    if act is None or found_on is None:
        what = "发现日期" if act else "违法行为的日期"
        warnings.append(Warning("limitation_not_judged", f"没有填写{what}，没有判断是否超过追责期限"))
        return
    if found_on < act.start:
        raise BadValue(f"发现日期{found_on}早于违法行为开始的{act.start}", hint="核对发现日期和行为日期")
    setting = _setting(base, domain, found_on)
    years = setting.value.get("years") if setting and isinstance(setting.value, dict) else None
    if setting is None or not isinstance(years, int):
        message = "未载入依据，不能计算：没有载入追责期限，没有判断是否超过"
        warnings.append(Warning("limitation_not_judged", message))
        return
    last = _years_after(act.end, years)
    basis = "、".join(setting.basis)
    if found_on <= last:
        steps.append(Step(f"追责期限：行为于{act.end}终了，{found_on}发现，在{years}年之内", basis))
        return
    serious = setting.value.get("years_serious")
    longer = f"；只有符合{serious}年期限的情形才可以处罚" if isinstance(serious, int) else ""
    over = isinstance(serious, int) and found_on > _years_after(act.end, serious)
    message = f"行为于{act.end}终了，{found_on}才发现，已超过{serious if over else years}年"
    warnings.append(Warning("limitation_passed", message + ("，不再处罚" if over or not longer else longer)))
    steps.append(Step(f"追责期限：{message}", basis))


def _setting(base: Snapshot, domain: str, day: date) -> Setting | None:
    limits = shelf_of(base).limits
    if (domain, day) not in limits:
        limits[domain, day] = None
        for name in ("general", SLUGS.get(domain)):
            with suppress(NotLoaded):
                limits[domain, day] = base.setting(f"limitation/{name}", day)
    return limits[domain, day]


def _years_after(day: date, years: int) -> date:
    """The last day of a period of years that runs from the day after; 29 February ends on the 28th."""
    year = day.year + years
    return date(year, day.month, min(day.day, monthrange(year, day.month)[1]))
