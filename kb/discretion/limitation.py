"""Limitation: how long after the act it may still be found (处罚法第三十六条, 法典第一千零五十四条)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from kb.discretion.result import Period, Step, Warning
from kb.discretion.shelf import setting
from kb.errors import BadValue
from kb.facts import Value
from kb.periods import months_after
from kb.records import SLUGS, Setting
from kb.snapshot import Snapshot

LONGER = "longer_limitation"
"""The fact on which the longer period hangs; its question is the setting's ``serious_when``."""


@dataclass(frozen=True, slots=True)
class Limitation:
    """Whether the act was found in time. ``passed`` None: it hangs on the fact ``needs`` (``when``)."""

    passed: bool | None
    years: int
    last_day: date
    basis: tuple[str, ...]
    text: str
    needs: str = ""
    when: str = ""

    def to_dict(self) -> dict[str, Any]:
        return {
            "passed": self.passed,
            "years": self.years,
            "last_day": self.last_day.isoformat(),
            "basis": list(self.basis),
            "text": self.text,
            "needs": self.needs,
            "when": self.when,
        }


def judge_limitation(
    base: Snapshot,
    domain: str,
    act: Period | None,
    found_on: date | None,
    values: dict[str, Value],
    steps: list[Step],
    warnings: list[Warning],
) -> Limitation | None:
    """Whether an act was found in time; adds a step or a warning, and says where it can't be judged.

    The period is the setting ``limitation/<domain>`` where one is loaded, else ``limitation/general``; its
    value is ``{years, years_serious, serious_when}``, and the longer one runs only where its condition holds.
    Where another rule was in force when the act ended and leads elsewhere, a warning names both.

    Raises:
        BadValue: found before the act began.
    """
    if act is None or found_on is None:
        what = "发现日期" if act else "违法行为的日期"
        warnings.append(Warning("limitation_not_judged", f"没有填写{what}，没有判断是否超过追责期限"))
        return None
    if found_on < act.start:
        raise BadValue(f"发现日期{found_on}早于违法行为开始的{act.start}", hint="核对发现日期和行为日期")
    answer = values.get(LONGER)
    longer = answer if isinstance(answer, bool) else None
    result = _judge(_setting(base, domain, found_on), act.end, found_on, longer)
    if result is None:
        message = "未载入依据，不能计算：没有载入追责期限，没有判断是否超过"
        warnings.append(Warning("limitation_not_judged", message))
        return None
    steps.append(Step(f"追责期限：{result.text}", "、".join(result.basis)))
    if result.passed is not False:
        warnings.append(Warning("limitation_passed", result.text))
    then = _judge(_setting(base, domain, act.end), act.end, found_on, longer)
    if then and then.basis != result.basis and (then.passed, then.when) != (result.passed, result.when):
        bases = f"{'、'.join(then.basis)}与{'、'.join(result.basis)}"
        message = f"追责期限的规定在行为终了后有变更，{bases}的结论或者条件不同，请执法人员比较后判断"
        warnings.append(Warning("limitation_changed", message))
    return result


def _judge(rule: Setting | None, end: date, found_on: date, longer: bool | None) -> Limitation | None:
    """Judge by one rule. With the condition of the longer period unanswered, the shorter one counts first."""
    value = rule.value if rule and isinstance(rule.value, dict) else {}
    years, serious = value.get("years"), value.get("years_serious")
    if rule is None or not isinstance(years, int):
        return None
    when = str(value.get("serious_when", "")) or f"符合{serious}年期限的情形"
    basis = tuple(rule.basis)
    last = months_after(end, 12 * years)
    begun = f"行为于{end}终了，{found_on}发现"
    if found_on <= last:
        return Limitation(False, years, last, basis, f"{begun}，没有超过{years}年")
    if not isinstance(serious, int) or longer is False:
        return Limitation(True, years, last, basis, f"{begun}，已超过{years}年，不再给予行政处罚")
    later = months_after(end, 12 * serious)
    if found_on > later:
        return Limitation(True, serious, later, basis, f"{begun}，已超过{serious}年，不再给予行政处罚")
    if longer:
        return Limitation(False, serious, later, basis, f"{when}，{begun}，没有超过{serious}年")
    text = f"{begun}，已超过{years}年；只有{when}的，才适用{serious}年的期限，可以处罚"
    return Limitation(None, years, last, basis, text, LONGER, when)


def longer_when(base: Snapshot, domain: str, day: date) -> str:
    """The condition of the longer period of a field on a day, "" where no such period is loaded."""
    rule = _setting(base, domain, day)
    value = rule.value if rule and isinstance(rule.value, dict) else {}
    return str(value.get("serious_when", "")) if "years_serious" in value else ""


def _setting(base: Snapshot, domain: str, day: date) -> Setting | None:
    """The period of the field where one is loaded, else the general one."""
    own = setting(f"limitation/{SLUGS[domain]}", base, day) if domain in SLUGS else None
    return own or setting("limitation/general", base, day)
