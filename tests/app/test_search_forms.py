"""What an officer types over the shipped base: what comes first, and what was understood. A row a form."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.base import Base
from tests.app.conftest import Run

TODAY = date(2026, 11, 23)
PENALTY = "law/中华人民共和国行政处罚法"
FOOD = "law/中华人民共和国食品安全法"
CODE = "law/中华人民共和国生态环境法典"
UNLICENSED = "market/unlicensed-food-business"
EXPIRED = "market/expired-food"
WASTE = "ecology/hazardous-waste-label"
TRADE = "law/中华人民共和国反不正当竞争法"
WATER = "law/中华人民共和国水污染防治法"
CARD = "现场检查 · 亮证"

# What is typed, the first hit, and what was understood: type, text, a part of the meaning.
FORMS = [
    # citations in any form, and partial
    ("处罚法33", f"{PENALTY}/33", "citation", "处罚法33", "第三十三条"),
    ("处罚法 三十三", f"{PENALTY}/33", "citation", "处罚法 三十三", "第三十三条"),
    ("处罚法33(1)", f"{PENALTY}/33", "citation", "处罚法33(1)", "第三十三条第一款"),
    ("处罚法33条9款", f"{PENALTY}/33", "citation", "处罚法33条9款", "没有第9款，共3款"),
    ("处罚法33-35", f"{PENALTY}/33", "citation", "处罚法第33条", "第三十三条"),
    ("处罚法33至35条", f"{PENALTY}/33", "citation", "第35条", "第三十五条"),
    ("处罚法33、34条", f"{PENALTY}/33", "citation", "34条", "第三十四条"),
    ("食安法 一百二十四 一 五", f"{FOOD}/124", "citation", "食安法 一百二十四 一 五", "第一款第（五）项"),
    ("食安法124条 一 五", f"{FOOD}/124", "citation", "食安法124 一 五", "第一款第（五）项"),
    ("食安法124.1.5", f"{FOOD}/124", "citation", "食安法124 1 5", "第一款第（五）项"),
    ("食安法124条1款（五）项", f"{FOOD}/124", "citation", "食安法124条1款（五）项", "第一款第（五）项"),
    ("《食品安全法》124，过期", f"{FOOD}/124", "synonym", "过期", "超过保质期"),
    ("法典1102条", f"{CODE}/1102", "citation", "法典1102条", "《中华人民共和国民法典》"),
    ("法典 第1102条", f"{CODE}/1102", "citation", "法典1102条", "《中华人民共和国民法典》"),
    ("根据处罚法33条", f"{PENALTY}/33", "citation", "处罚法33条", "第三十三条"),
    ("处罚法第33条是什么内容", f"{PENALTY}/33", "citation", "处罚法第33条", "第三十三条"),
    ("33条处罚法", f"{PENALTY}/33", "citation", "《处罚法》第33条", "第三十三条"),
    ("行政处罚法（2021年修订）33条", f"{PENALTY}/33", "law", "2021", "有效日期"),
    ("行政处罚法2021", f"{PENALTY}/1", "law", "2021", "有效日期"),
    ("处 罚 法 第 三 十 三 条", f"{PENALTY}/33", "citation", "处 罚 法 第 三 十 三 条", "第三十三条"),
    ("反不正当竞争法8条 虚假宣传", f"{TRADE}/8", "synonym", "虚假宣传", "虚假广告"),
    # names of laws, aliases, initials
    ("食安法", f"{FOOD}/1", "law", "中华人民共和国食品安全法", "《中华人民共和国食品安全法》"),
    ("《食品安全法》", f"{FOOD}/1", "law", "中华人民共和国食品安全法", "《中华人民共和国食品安全法》"),
    ("水污染防治法", f"{WATER}/1", "law", "中华人民共和国水污染防治法", "自2026-08-15起废止"),
    ("xzcff", f"{PENALTY}/1", "initials", "xzcff", "《中华人民共和国行政处罚法》"),
    ("xzcff33", f"{PENALTY}/33", "initials", "xzcff", "《中华人民共和国行政处罚法》"),
    ("ＸＺＣＦＦ　３３", f"{PENALTY}/33", "initials", "XZCFF", "《中华人民共和国行政处罚法》"),
    ("xingzhengchufafa 33", f"{PENALTY}/33", "initials", "xingzhengchufafa", "行政处罚法"),
    ("xzcf", f"{PENALTY}/1", "initials", "xzcf", "《中华人民共和国行政处罚法》"),
    ("spaq 124", f"{FOOD}/124", "initials", "spaq", "食品安全法实施条例"),
    # traditional characters and slips
    ("行政處罰法第三十三條", f"{PENALTY}/33", "traditional", "行政處罰法第三十三條", "行政处罚法第三十三条"),
    ("過期食品", EXPIRED, "traditional", "過期食品", "过期食品"),
    ("食品安权法124", f"{FOOD}/124", "mended", "食品安权法", "食品安全法"),
    ("食安发124", f"{FOOD}/124", "mended", "食安发", "食品安全法"),
    ("未取得食品经菅许可", UNLICENSED, "mended", "未取得食品经菅许可", "未取得食品经营许可"),
    ("过其 食品", EXPIRED, "mended", "过其", "过期"),
    ("无征餐饮", UNLICENSED, "mended", "无征", "无证"),
    ("危肺 标签", WASTE, "mended", "危肺", "危废"),
    # amounts
    ("罚款 5万以上 过期食品", EXPIRED, "fine", "5万以上", "5万元以上"),
    ("过期食品 罚款5万-10万", EXPIRED, "fine", "5万-10万", "5万元以上10万元以下"),
    ("罚5-10万 过期食品", EXPIRED, "fine", "5-10万", "5万元以上10万元以下"),
    ("过期食品 罚款不超过2000", EXPIRED, "fine", "不超过2000", "2000元以下"),
    ("无证餐饮 货值3000", UNLICENSED, "amount", "3000", "货值3000元"),
    ("无证餐饮 货值三千", UNLICENSED, "amount", "三千", "货值3000元"),
    ("无证餐饮 货值1.5万", UNLICENSED, "amount", "1.5万", "货值1.5万元"),
    ("广告费20万 虚假广告", "market/false-advertising", "amount", "20万", "广告费20万元"),
    # violations in plain words
    ("无证 餐饮", UNLICENSED, "synonym", "无证", "未取得许可"),
    ("没证开饭馆", UNLICENSED, "synonym", "饭馆", "食品经营、餐饮服务"),
    ("危废没贴标签", WASTE, "synonym", "危废", "危险废物"),
    ("ＫＴＶ 未成年人", "culture/minors-in-dance-hall", "synonym", "KTV", "歌舞娱乐场所"),
    # list limbs, scenes, kinds
    ("首违不罚", "leniency/law-first", "limb", "首违不罚", "第三十三条第一款后段"),
    ("33(1)后段", "leniency/law-first", "limb", "33(1)后段", "第三十三条第一款后段"),
    ("无错不罚", "leniency/law-no-fault", "limb", "无错不罚", "第三十三条第二款"),
    ("亮证 怎么说", CARD, "kind", "怎么说", "文明用语"),
    ("亮证怎么说", CARD, "scene", "亮证", CARD),
    ("怎么亮证", CARD, "scene", "亮证", CARD),
    ("案例 过期食品", "case_study", "kind", "案例", "典型案例"),
    ("过期食品的案例", "case_study", "kind", "案例", "典型案例"),
    ("基准 无证餐饮", UNLICENSED, "kind", "基准", "裁量权基准"),
    ("听证 法条", f"{PENALTY}/64", "kind", "法条", "法律条文"),
    # phrases and exclusions
    ("“超过保质期” 食品", "market/expired-food", "phrase", "超过保质期", "须含“超过保质期”"),
    ("过期 -化妆品 -药品", EXPIRED, "excluded", "化妆品", "不含“化妆品”"),
]  # fmt: skip

# What is typed, and what the answer says where there is nothing of the sort.
SAID = [
    ("食安法1000条", "没有找到《中华人民共和国食品安全法》第一千条：该法已载入的最后一条是第154条"),
    ("处罚法33条之一", "没有找到《中华人民共和国行政处罚法》第三十三条之一"),
    ("城管条例", "没有载入名为“城管条例”的法律；名称相近的有《"),
    ("宇宙法33条", "没有载入名为“宇宙法”的法律"),
    ("33条", "没有写是哪部法律"),
    ("案例 假唱", "没有这样的典型案例，已查找全部种类"),
]

# What names no amount, no fine, no law and no slip.
PLAIN = [
    ("处五日以上十日以下拘留", {"amount", "fine"}),
    ("33", {"amount"}),
    ("GB2760 食品", {"amount"}),
    ("2024年3月", {"amount"}),
    ("三人以上", {"amount"}),
    ("罚款三倍", {"fine"}),
    ("虚假广告", {"synonym", "mended"}),
    ("服役人员", {"mended"}),
    ("违法所得", {"law"}),
    ("执法办法", {"citation"}),
    ("格式条款", {"kind"}),
]


def ask(base: Base, query: str, **how: Any) -> dict[str, Any]:
    return base.search(query, today=TODAY, **how)


def first_of(answer: dict[str, Any]) -> set[str]:
    """The id, the kind and the title of the first hit; any of them may stand in a row."""
    hits = answer["hits"][:1]
    return {hit[key] for hit in hits for key in ("id", "kind", "title")}


@pytest.mark.parametrize(("query", "first", "type", "text", "meaning"), FORMS)
def test_a_form(web_base: Base, query: str, first: str, type: str, text: str, meaning: str) -> None:
    answer = ask(web_base, query)
    assert first in first_of(answer)
    assert any(
        u["type"] == type and u["text"] == text and meaning in u["meaning"] for u in answer["understood"]
    ), answer["understood"]


@pytest.mark.parametrize("query", [row[0] for row in FORMS])
def test_what_was_understood_is_undone_by_its_id(web_base: Base, query: str) -> None:
    for note in ask(web_base, query)["understood"]:
        if note["id"]:
            left = ask(web_base, query, undo=[note["id"]])
            assert note["id"] not in {u["id"] for u in left["understood"]}
    plain = ask(web_base, query, undo=["*"])
    assert {u["id"] for u in plain["understood"]} <= {""}


@pytest.mark.parametrize("query", [row[0] for row in FORMS])
def test_every_hit_explains_its_score(web_base: Base, query: str) -> None:
    for hit in ask(web_base, query, explain=True)["hits"]:
        parts = hit["explain"]
        assert parts
        if parts[0]["how"] == "=":
            continue
        total = sum(p["value"] for p in parts if p["how"] == "+" and not p["text"].startswith("问过"))
        for p in parts:
            total *= p["value"] if p["how"] == "×" else 1
        total += sum(p["value"] for p in parts if p["how"] == "+" and p["text"].startswith("问过"))
        assert total == pytest.approx(hit["score"], rel=0.01)


@pytest.mark.parametrize(("query", "said"), SAID)
def test_what_is_not_there_is_said_and_something_is_offered(web_base: Base, query: str, said: str) -> None:
    answer = ask(web_base, query)
    assert any(note["meaning"].startswith(said) for note in answer["understood"])
    assert answer["hits"] or (answer["nearest"] and answer["message"])


@pytest.mark.parametrize(("query", "types"), PLAIN)
def test_what_is_only_words(web_base: Base, query: str, types: set[str]) -> None:
    assert not types & {note["type"] for note in ask(web_base, query)["understood"]}


@pytest.mark.parametrize(
    ("query", "branch", "fine"),
    [
        ("无证餐饮 货值3000", "货值金额不足一万元", "5万元以上10万元以下"),
        ("无证餐饮 货值1.5万", "货值金额一万元以上", "15万元以上30万元以下"),
        ("无证餐饮 货值不足一万", "货值金额不足一万元", ""),
        ("无证餐饮 货值1万以上", "货值金额一万元以上", ""),
    ],
)
def test_an_amount_leads_to_its_branch(web_base: Base, query: str, branch: str, fine: str) -> None:
    (hit,) = ask(web_base, query, n=1)["hits"]
    assert [(o["branch"], o["fine"]) for o in hit["amount"]["outcomes"]] == [(branch, fine)]


@pytest.mark.parametrize(
    ("query", "id", "together"),
    [
        ("无证餐饮", UNLICENSED, f"{FOOD}/122"),
        ("食安法122", f"{FOOD}/122", UNLICENSED),
        ("危废 标识", WASTE, f"{CODE}/1175"),
    ],
)
def test_a_benchmark_and_its_article_are_shown_together(
    web_base: Base, query: str, id: str, together: str
) -> None:
    hit = next(h for h in ask(web_base, query)["hits"] if h["id"] == id)
    assert together in {row["id"] for row in hit["together"]}


@pytest.mark.parametrize(
    ("query", "near"),
    [("食安法1000条", f"{FOOD}/154"), ("处罚法33条之一", f"{PENALTY}/33")],
)
def test_nearest_to_a_missing_article(web_base: Base, query: str, near: str) -> None:
    assert ask(web_base, query)["nearest"][0]["id"] == near


def test_a_named_law_that_is_gone_comes_before_others(web_base: Base) -> None:
    hits = ask(web_base, "水污染防治法", n=5)["hits"]
    assert {hit["id"].rpartition("/")[0] for hit in hits} == {WATER}
    assert not any(hit["in_force"] for hit in hits)


@pytest.mark.parametrize(
    ("typed", "code", "says"),
    [
        (("过期", "-食品", "-n1"), 0, "不含“食品”"),
        (("过期 -食品",), 0, "不含“食品”"),
        (("过期", "--jsn"), 2, "没有选项 --jsn；是不是 --json"),
        (("过期", "-x"), 2, "没有选项 -x"),
    ],
)
def test_a_word_left_out_on_the_command_line_is_no_option(
    run: Run, typed: tuple[str, ...], code: int, says: str
) -> None:
    status, out, err = run("search", *typed)
    assert (status, says in out + err) == (code, True)
