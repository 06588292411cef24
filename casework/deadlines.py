"""The periods of the procedure: what starts each, whom it binds, and when it ends.

The lengths are settings with their provisions; this table says how each runs. A period of the party rolls
over days off, one of the organ never does (docs/decisions/0007-how-periods-end.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal

from casework.calendar import ONE, Count, Pause, calendar_of, count
from kb.discretion.result import Step
from kb.errors import BadRecord, NotFound, NotLoaded
from kb.records import Setting
from kb.snapshot import Snapshot

Sense = Literal["至迟", "最早", "届满"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One period.

    Attributes:
        name: what a command or a page calls it.
        label: what has to be done, or may be done, by whom it binds.
        setting: the record that fixes its length; its unit says how it is counted.
        starts: the event it runs from, in words.
        binds: whose period it is; the party's end rolls over days off.
        sense: 至迟: to be done by the last day; 最早: not before the day after it; 届满: it runs by itself.
        first_counts: the day of the event is the first day.
    """

    name: str
    label: str
    setting: str
    starts: str
    binds: Literal["机关", "当事人"] = "机关"
    sense: Sense = "至迟"
    first_counts: bool = False

    @property
    def rolls(self) -> bool:
        return self.binds == "当事人"

    @property
    def promise(self) -> str:
        """The setting of a shorter period the organ has promised."""
        return "promised/" + self.name.replace("_", "-")


RULES = (
    Rule("decision", "作出处罚决定", "decision/days", "立案之日"),
    Rule("storage", "对先行登记保存的证据作出处理决定", "storage/days", "登记保存之日"),
    Rule("hearing_request", "要求听证", "hearing/request-days", "告知书送达之日", "当事人"),
    Rule("hearing", "举行听证", "hearing/notice-days", "听证通知书送达之日", sense="最早"),
    Rule("service", "送达决定书", "service/days", "作出决定之日"),
    Rule("announcement", "公告视为送达", "service/announcement-days", "发出公告之日", sense="届满"),
    Rule("payment", "缴纳罚款", "payment/days", "收到决定书之日", "当事人"),
    Rule("reconsideration", "申请行政复议", "remedy/reconsideration-days", "收到文书之日", "当事人"),
    Rule("suit", "提起行政诉讼", "remedy/litigation-months", "收到文书之日", "当事人"),
    Rule(
        "suit_after_reconsideration",
        "不服复议决定提起行政诉讼",
        "remedy/litigation-after-reconsideration-days",
        "收到复议决定书之日",
        "当事人",
    ),
    Rule("urge", "催告后申请人民法院强制执行", "court/urge-days", "催告书送达之日", sense="最早"),
    Rule("court", "申请人民法院强制执行", "court/months", "复议、诉讼期限届满之日"),
    Rule("enforcement", "加处罚款后强制执行", "enforcement/surcharge-days", "缴款期限届满之日", sense="最早"),
    Rule("substitute", "实施代履行", "substitute/urge-days", "代履行催告书送达之日", sense="最早"),
    Rule("seizure", "查封、扣押期满", "seizure/days", "查封、扣押之日", first_counts=True),
    Rule("seizure_extension", "延长的查封、扣押期满", "seizure/extension-days", "原期限届满之日"),
    Rule("coercion_report", "报告并补办批准手续", "coercion/report-hours", "当场实施强制措施之时"),
    Rule("freeze_service", "交付冻结决定书", "freeze/serve-days", "冻结之日"),
    Rule("cash_to_organ", "把当场收缴的罚款交至机关", "cash/organ-days", "收缴之日"),
    Rule("cash_to_bank", "把当场收缴的罚款缴付银行", "cash/bank-days", "机关收到之日"),
    Rule("withdrawal", "撤回公开的决定信息", "publication/withdraw-days", "决定变更、撤销之日"),
    Rule("crime_decision", "决定是否移送涉嫌犯罪案件", "crime/decide-days", "接到报告之日"),
    Rule("crime_transfer", "向公安机关移送", "crime/transfer-hours", "批准移送之时"),
    Rule("crime_goods", "移交涉案物品和材料", "crime/goods-days", "接到立案通知书之日"),
    Rule("major_report", "报送重大行政执法行为的文书目录", "report/major-days", "作出决定之日"),
)
"""Besides these the list of a case has the start of the surcharge and the limitation; the standing dues have
the quarterly catalogue and the yearly figures."""


@dataclass(frozen=True, slots=True)
class Term:
    """A period with its end.

    ``day`` is the day that matters: the last one on which to act, or the first (`Rule.sense`); None while a
    pause runs. ``example`` names a 示例 setting it rests on.
    """

    rule: Rule
    counted: Count
    day: date | None
    basis: tuple[str, ...]
    example: str = ""

    def to_dict(self) -> dict[str, Any]:
        moment = self.counted.moment
        return {
            "name": self.rule.name,
            "label": self.rule.label,
            "starts": self.rule.starts,
            "binds": self.rule.binds,
            "sense": self.rule.sense,
            "start": self.counted.start.isoformat(),
            "day": self.day.isoformat() if self.day else None,
            "moment": moment.isoformat(timespec="minutes") if moment else None,
            "left": self.counted.left,
            "basis": list(self.basis),
            "steps": [s.to_dict() for s in self.counted.steps],
            "warning": self.counted.warning,
        }


def rule_of(name: str) -> Rule:
    """A rule by its name or label.

    Raises:
        NotFound: there is none; the hint lists what there is.
    """
    for rule in RULES:
        if name in (rule.name, rule.label):
            return rule
    raise NotFound(f"没有期限“{name}”", hint="可用的有 " + "、".join(f"{r.name}（{r.label}）" for r in RULES))


def term(
    base: Snapshot,
    name: str,
    start: date | datetime,
    pauses: Sequence[Pause] = (),
    length: Setting | None = None,
) -> Term:
    """One period counted out; a shorter one that the organ has promised stands before the law's.

    Args:
        base: holds the lengths and the working days.
        name: of the rule.
        start: the event; a moment where the length is in hours.
        pauses: days that do not count.
        length: what fixes it in this case, where that isn't the rule's setting.

    Raises:
        NotFound: no such rule; NotLoaded: no length for that day; BadRecord: a length that is no number.
        BadValue: a mere day where hours are to be counted.
    """
    rule = rule_of(name)
    day = start.date() if isinstance(start, datetime) else start
    fixed = length or base.setting(rule.setting, day)
    counted, used = _counted(rule, fixed, base, start, pauses), fixed
    promised = _promised(base, rule, day)
    if promised is not None and rule.sense == "至迟":
        shorter = _counted(rule, promised, base, start, pauses)
        if shorter.last and counted.last and shorter.last < counted.last:
            note = Step(f"本机关承诺的期限短于规定的{counted.last}，按承诺的期限", promised.source.instrument)
            counted, used = replace(shorter, steps=(*shorter.steps, note)), promised
    first = counted.last + ONE if counted.last and rule.sense == "最早" else counted.last
    example = next((s.title for s in (fixed, used) if s.source.example), "")
    return Term(rule, counted, first, tuple(fixed.basis) or (fixed.source.instrument,), example)


def _promised(base: Snapshot, rule: Rule, day: date) -> Setting | None:
    try:
        return base.setting(rule.promise, day)
    except NotLoaded:
        return None


def _counted(
    rule: Rule, length: Setting, base: Snapshot, start: date | datetime, pauses: Sequence[Pause]
) -> Count:
    value = length.value
    if not isinstance(value, int) or isinstance(value, bool):
        hint = "写整数，如 value: 30"
        raise BadRecord(f"期限“{length.label}”的长度不是整数", where=f"设置 {length.id}", hint=hint)
    basis = "、".join(length.basis) or length.source.instrument
    return count(
        calendar_of(base),
        start,
        value,
        length.unit,
        rolls=rule.rolls,
        first_counts=rule.first_counts,
        pauses=pauses,
        basis=basis,
    )
