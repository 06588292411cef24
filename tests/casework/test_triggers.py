"""Hearing, legal review and deliberation: 应当, 不必 or 不能判断, row by row."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from casework.triggers import deliberation, hearing, legal_review
from generator.casefile import CaseMeasure, Party, case_from
from kb.errors import BadRecord
from kb.records import Setting, Source
from kb.snapshot import Snapshot

Body = Callable[..., dict[str, Any]]
DAY = date(2026, 11, 2)
UNIT = Party(
    kind="unit", name="示例公司", address="示例路1号", code="91000000MA0000000N", representative="示例王"
)
PERSON = Party(kind="individual", name="示例王", address="示例路1号", id_type="护照", id_number="E0")
TRADER = Party(
    kind="sole_trader", name="示例王", trade_name="示例店", address="示例路1号", code="92000000MA0000000K"
)


def setting(id: str, value: object) -> Setting:
    return Setting(id=id, label=id, value=value, source=Source(instrument="示例省听证标准"))


LARGE = [setting("hearing/threshold-individual", 10000), setting("hearing/threshold-unit", 100000)]
TAKEN = [setting("hearing/confiscation-individual", 10000), setting("hearing/confiscation-unit", 100000)]
AS_UNIT = [setting("party/sole-trader", "单位")]

# party, fine, measures, settings, answer, item of 63(1) in the first step
HEARINGS: list[tuple[Party, int, list[dict[str, Any]], list[Setting], str, str]] = [
    (PERSON, 9999, [], LARGE, "不必", "第（一）项"),
    (PERSON, 10000, [], LARGE, "应当", "第（一）项"),  # 以上 includes the number
    (UNIT, 10000, [], LARGE, "不必", "第（一）项"),
    (UNIT, 100000, [], LARGE, "应当", "第（一）项"),
    (TRADER, 10000, [], LARGE, "应当", "第（一）项"),  # a natural person (民法典 54)
    (TRADER, 10000, [], LARGE + AS_UNIT, "不必", "第（一）项"),
    (PERSON, 50, [], [], "不能判断", "第（一）项"),
    (PERSON, 0, [{"kind": "警告"}], [], "不必", "第六十三条第一款"),
    (PERSON, 0, [{"kind": "吊销许可证"}], [], "应当", "第（三）项"),
    (PERSON, 0, [{"kind": "降低资质等级"}], [], "应当", "第（三）项"),
    (PERSON, 1, [{"kind": "责令停产停业"}], [], "应当", "第（四）项"),
    (PERSON, 1, [{"kind": "限制从业"}], LARGE, "应当", "第（四）项"),
    (PERSON, 0, [{"kind": "责令停业整顿1个月至3个月"}], LARGE, "应当", "第（四）项"),
    (UNIT, 0, [{"kind": "责令限制生产、停产整治"}], LARGE, "应当", "第（四）项"),
    (PERSON, 0, [{"kind": "终身禁止从事食品生产经营"}], LARGE, "应当", "第（四）项"),
    (PERSON, 0, [{"kind": "暂扣或者吊销导游证"}], LARGE, "应当", "第（三）项"),
    (PERSON, 0, [{"kind": "责令停止违法行为"}], LARGE, "不必", "第六十三条第一款"),
    (PERSON, 0, [{"kind": "没收违法所得", "amount": 10000}], TAKEN, "应当", "第（二）项"),
    (PERSON, 0, [{"kind": "没收违法所得", "amount": 2680}], TAKEN, "不必", "第（二）项"),
    (PERSON, 0, [{"kind": "没收违法所得", "amount": 2680}], LARGE, "不能判断", "第（二）项"),
    (PERSON, 0, [{"kind": "没收非法财物"}], TAKEN, "不能判断", "第（二）项"),
    (
        PERSON,
        0,
        [{"kind": "没收违法所得", "amount": 12000}, {"kind": "没收非法财物"}],
        TAKEN,
        "应当",
        "第（二）项",
    ),
]


@pytest.mark.parametrize(("party", "fine", "measures", "settings", "answer", "item"), HEARINGS)
def test_a_hearing_is_due(
    party: Party,
    fine: int,
    measures: list[dict[str, Any]],
    settings: list[Setting],
    answer: str,
    item: str,
) -> None:
    given = [CaseMeasure.model_validate(m) for m in measures]
    found = hearing(Snapshot.of(settings), party, Decimal(fine), given, DAY)
    assert found.answer == answer
    assert item in found.steps[0].citation


def test_a_threshold_that_is_no_amount_is_named() -> None:
    wrong = Snapshot.of([setting("hearing/threshold-individual", "一万")])
    with pytest.raises(BadRecord, match="hearing/threshold-individual"):
        hearing(wrong, PERSON, Decimal(1), [], DAY)


HELD = {"notice__hearing__requested": True, "notice__hearing__held_on": date(2026, 10, 26)}

# changes of the case, settings, answer for the review, its provision, answer for the deliberation
JUDGED: list[tuple[dict[str, Any], list[Setting], str, str, str]] = [
    ({}, [], "不能判断", "第五十八条第一款", "不能判断"),
    ({"decision__traits": []}, [], "不必", "第五十八条第一款", "不必"),
    ({"decision__traits": ["涉及重大公共利益"]}, [], "应当", "第（一）项", "不必"),
    ({"decision__traits": ["案情疑难复杂、涉及多个法律关系"]}, [], "应当", "第（三）项", "不必"),
    ({"decision__traits": ["情节复杂"]}, [], "不必", "第五十八条第一款", "应当"),
    ({"decision__traits": ["重大违法行为"]}, [], "不必", "第五十八条第一款", "应当"),
    (HELD, [], "应当", "第（二）项", "不能判断"),
    (
        {"decision__traits": []},
        [setting("review/catalogue", ["没收非法财物"])],
        "应当",
        "第五十八条第一款",
        "不必",
    ),
    ({"decision__traits": []}, [setting("review/catalogue", ["吊销"])], "不必", "第五十八条第一款", "不必"),
]


@pytest.mark.parametrize(("changes", "settings", "review", "basis", "together"), JUDGED)
def test_review_and_deliberation_are_due(
    body: Body, changes: dict[str, Any], settings: list[Setting], review: str, basis: str, together: str
) -> None:
    case = case_from(body("unlicensed-food", **changes))
    found = legal_review(case, Snapshot.of(settings), DAY)
    assert (found.answer, deliberation(case).answer) == (review, together)
    assert basis in found.basis


def test_a_catalogue_that_cannot_be_read_is_named(body: Body) -> None:
    case = case_from(body("unlicensed-food"))
    with pytest.raises(BadRecord, match="review/catalogue"):
        legal_review(case, Snapshot.of([setting("review/catalogue", "吊销")]), DAY)
