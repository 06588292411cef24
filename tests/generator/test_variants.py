"""What a paper says otherwise where the law differs: who acts, how it is served, whether 复议 comes first."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import docx
import pytest
import yaml

from generator.casefile import CaseFile, case_from
from generator.docx_text import read_docx
from generator.drafting import draft
from kb.errors import Refused
from kb.snapshot import Snapshot

TODAY = date(2026, 11, 20)
Body = dict[str, Any]
ONLINE = "示例省行政复议网上申请平台（fuyi.example.cn）"


@pytest.fixture(scope="module")
def example(root: Path) -> Callable[[str], Body]:
    def read(name: str) -> Body:
        body: Body = yaml.safe_load((root / "examples" / "cases" / f"{name}.yaml").read_text("utf-8"))
        return body

    return read


def price_fraud(body: Body) -> None:
    violation = body["violations"][0]
    violation |= {"benchmark": "market/price-fraud", "facts": {"gains": 0, "serious": False}, "fine": 60000}
    for name in ("violated", "penalty_basis", "measures"):
        violation.pop(name)
    violation["narrative"] = "经查明，当事人在2026年9月1日至9月8日的促销中标示虚构的原价，没有违法所得。"
    body["violations"] = [violation]


def false_scale(body: Body) -> None:
    violation = body["violations"][0]
    violation |= {"benchmark": "market/cheating-scale", "facts": {"has_gains": False}, "fine": 1000}
    for name in ("violated", "penalty_basis", "measures"):
        violation.pop(name)
    violation["narrative"] = "经查明，当事人在2026年9月1日至9月8日使用改装过的电子秤卖货，没有违法所得。"
    body["violations"] = [violation]


def oil_on_the_sea(body: Body) -> None:
    dumped("serious")(body)
    act = {"start": date(2026, 8, 20), "end": date(2026, 9, 1)}
    body["violations"][0] |= {"benchmark": "ecology/sea-oil", "facts": {"serious": False}, "act": act}


def dumped(sort: str) -> Callable[[Body], None]:
    def change(body: Body) -> None:
        violation = body["violations"][0]
        facts = dict.fromkeys(("hazardous", "sludge", "grave", "untreated", "serious"), False)
        act = {"start": date(2026, 9, 1), "end": date(2026, 9, 1)}
        violation |= {"benchmark": "ecology/dumping-waste", "facts": facts | {sort: True}, "act": act}
        violation |= {"fine": 250000, "found_on": date(2026, 9, 2)}
        for name in ("violated", "penalty_basis", "measures"):
            violation.pop(name)
        violation["narrative"] = "经查明，当事人于2026年9月1日将废物倒在河滩，没有违法所得。"
        body["violations"] = [violation]

    return change


def first_by_hand(body: Body) -> None:
    body["remedies"]["first"] = "《价格违法行为行政处罚规定》第二十条"


def entrusted(body: Body) -> None:
    body["organ"] = {"entrusted": {"body": "示例县城东街道综合执法队", "paper": "示委托〔2026〕1号"}}


def online(body: Body) -> None:
    body["remedies"]["online"] = ONLINE


FIRST = (
    "应当先申请行政复议",
    "《价格违法行为行政处罚规定》第二十条",
    "第二十三条第一款第（五）项",
    "十五日内",
)
OWN_PERIOD = ("自收到本决定书之日起十五日内，依照《中华人民共和国计量法》第三十一条的规定，直接向",)
BESIDE = "第一千一百六十九条第一款、《中华人民共和国生态环境法典》第一千一百六十九条第二款"
AMOUNT_APART = "第一千一百四十七条第一款第（一）项、《中华人民共和国生态环境法典》第一千一百四十七条第二款"
NAMED = ("示例县城东街道综合执法队（委托书：示委托〔2026〕1号）",)
ROWS = [
    # type, example, changed how, what it says then, what it doesn't
    ("decision", "unlicensed-food", price_fraud, FIRST, ("直接向",)),
    ("decision", "unlicensed-food", first_by_hand, FIRST, ("直接向",)),
    ("decision", "unlicensed-food", None, ("直接向", "六个月内"), ("应当先申请行政复议",)),
    ("decision", "unlicensed-food", false_scale, OWN_PERIOD, ("六个月内",)),
    # what a branch rests on is cited where its facts are met
    (
        "decision",
        "unlicensed-food",
        dumped("hazardous"),
        ("第一千一百六十九条第一款、", "第一千一百六十九条第二款"),
        (),
    ),
    (
        "decision",
        "unlicensed-food",
        dumped("serious"),
        ("第一千一百六十九条第一款",),
        ("第一千一百六十九条第二款",),
    ),
    ("decision", "unlicensed-food", oil_on_the_sea, (AMOUNT_APART,), ()),
    ("decision", "unlicensed-food", entrusted, NAMED, ()),
    ("prior_notice", "unlicensed-food", entrusted, NAMED, ()),
    ("no_penalty_decision", "noise-first-time", entrusted, NAMED, ()),
    ("on_the_spot_decision", "no-purchase-check", entrusted, NAMED, ()),
    ("decision", "unlicensed-food", None, (), ("受本机关委托",)),
    ("decision", "unlicensed-food", online, (ONLINE,), ()),
    ("on_the_spot_decision", "no-purchase-check", online, (ONLINE,), ()),
    ("correction_order", "no-purchase-check", online, (ONLINE,), ()),
    ("seizure_decision", "full-course", online, (ONLINE,), ()),
    ("seizure_extension", "full-course", online, (ONLINE,), ()),
]


@pytest.mark.parametrize(("type", "name", "change", "says", "never"), ROWS)
def test_a_paper_says_what_its_variant_asks(
    base: Snapshot,
    example: Callable[[str], Body],
    type: str,
    name: str,
    change: Callable[[Body], None] | None,
    says: tuple[str, ...],
    never: tuple[str, ...],
) -> None:
    body = example(name)
    if change:
        change(body)
    data = draft(type, case_from(body), base, decided=TODAY).data
    text = "\n".join(line.text for line in read_docx(data))
    assert [s for s in says if s not in text] == []
    assert [s for s in never if s in text] == []
    heading = docx.Document(io.BytesIO(data)).paragraphs[0].text
    assert heading == "示例县综合行政执法局"


def receipt(body: Body) -> None:
    body["decision"]["served"] = {"mode": "电子送达"}


def seized(body: Body) -> None:
    paper = next(p for p in body["papers"] if p["type"] == "seizure_decision")
    paper["served"]["mode"] = "电子送达"


@pytest.mark.parametrize(
    ("type", "name", "change"),
    [("decision", "unlicensed-food", receipt), ("seizure_decision", "full-course", seized)],
)
def test_served_by_internet_asks_for_the_channel(
    base: Snapshot, example: Callable[[str], Body], type: str, name: str, change: Callable[[Body], None]
) -> None:
    body = example(name)
    change(body)
    with pytest.raises(Refused, match="互联网渠道"):
        draft(type, case_from(body), base, decided=TODAY)
    online(body)
    case: CaseFile = case_from(body)
    assert draft(type, case, base, decided=TODAY).data


@pytest.mark.parametrize(
    ("violated", "told"),
    [([], True), (["《中华人民共和国反不正当竞争法》第八条第一款第（一）项"], False)],
)
def test_which_of_several_provisions_was_violated_is_the_officers_to_say(
    base: Snapshot, example: Callable[[str], Body], violated: list[str], told: bool
) -> None:
    body = example("unlicensed-food")
    violation = body["violations"][0]
    facts = {"has_gains": False, "personal": False, "serious": False}
    violation |= {"benchmark": "market/bribery", "facts": facts, "fine": 100000, "violated": violated}
    violation |= {"penalty_basis": [], "measures": []}
    body["violations"] = [violation]
    findings = draft("prior_notice", case_from(body), base, decided=TODAY, draft=True).findings
    assert any("实际违反的条款" in f.message for f in findings) is told
