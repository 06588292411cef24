"""The pages in a real Chromium: liveness, keyboard, phone width, and a policy nothing on the page breaks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from search.weights import KIND_WEIGHTS
from tests.app.conftest import served

pytestmark = pytest.mark.browser

FOOD = "/benchmark/market/unlicensed-food-business"
PAGES = (
    "/",
    "/?q=食品",
    "/?q=魑魅魍魉",
    "/?q=无证餐饮 货值3000&explain=1",
    "/?q=食安法1000条",
    "/?q=食品安",
    "/law",
    "/law/行政处罚法",
    "/law/行政处罚法/59",
    "/law/示例县市容条例/2",
    "/law/水污染防治法/83?on=2026-09-01",
    "/law/食品安全法/122?on=2018-01-01",
    "/benchmark",
    f"{FOOD}?goods_value=3000",
    "/benchmark/ecology/hazardous-waste-label?act=2026-06-20..2026-07-01&decided=2026-11-01",
    "/impact/食品安全法",
    "/edit",
    "/edit/import",
    "/draft",
    "/draft/decision",
    "/draft/decision?example=1",
    "/review",
    "/settings",
    "/nowhere",
)


@pytest.fixture(scope="module")
def site(web_app: Flask) -> Iterator[str]:
    with served(web_app) as url:
        yield url


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as p:
        arguments = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = p.chromium.launch(executable_path=chromium, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the console said: scripts or styles the policy blocked, errors."""
    return []


def is_complaint(m: ConsoleMessage) -> bool:
    """Errors and warnings; not what htmx logs when typing overtakes a search and it gives that search up."""
    given_up = m.text.startswith(("htmx:sendAbort", "htmx:afterRequest"))
    return m.type in ("error", "warning") and not given_up


@pytest.fixture
def page(browser: Browser, site: str, complaints: list[str]) -> Iterator[Page]:
    context = browser.new_context(base_url=site, viewport={"width": 1280, "height": 860}, locale="zh-CN")
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.on("console", lambda m: complaints.append(m.text) if is_complaint(m) else None)
    page.on("pageerror", lambda e: complaints.append(str(e)))
    yield page
    context.close()


def test_slash_leads_to_the_search_box_and_results_follow_the_typing(
    page: Page, complaints: list[str]
) -> None:
    page.goto("/")
    page.locator("h1").click()
    page.keyboard.press("/")
    page.keyboard.type("过期食品")
    expect(page.locator(".hits")).to_contain_text("经营超过保质期的食品")
    expect(page.locator(".hits mark").first).to_be_visible()
    assert "q=" in page.url  # can be bookmarked
    page.keyboard.press("Tab")
    page.get_by_role("radio", name="裁量权基准").check()
    expect(page.locator(".hits .kind").first).to_have_text("裁量权基准")
    assert complaints == []


def test_arrows_go_through_suggestions_and_hits(page: Page, complaints: list[str]) -> None:
    page.goto("/")
    page.locator("h1").click()
    page.keyboard.press("/")
    page.keyboard.type("食品安")
    offered = page.locator(".suggest a")
    expect(offered.first).to_have_text("中华人民共和国食品安全法")
    page.keyboard.press("ArrowDown")
    expect(offered.first).to_be_focused()
    for _ in range(offered.count()):
        page.keyboard.press("ArrowDown")
    expect(page.locator(".hits .hit-title").first).to_be_focused()
    page.wait_for_timeout(500)  # leaving the box asks for nothing new
    expect(page.locator(".hits .hit-title").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#q")).to_be_focused()
    assert complaints == []


def test_what_is_undone_stays_undone_under_a_filter(page: Page, complaints: list[str]) -> None:
    page.goto("/?q=无证 餐饮")
    page.get_by_role("link", name="不这样理解“餐饮”").click()
    expect(page.locator(".understood")).not_to_contain_text("餐饮服务")
    page.get_by_role("radio", name="裁量权基准").check()
    expect(page.locator(".hits .kind").first).to_have_text("裁量权基准")
    expect(page.locator(".understood")).not_to_contain_text("餐饮服务")
    page.get_by_role("link", name="恢复撤销的 1 处理解").click()
    expect(page.locator(".understood")).to_contain_text("餐饮服务")
    page.get_by_role("link", name="为什么这样排").click()
    expect(page.locator(".reasons").first).to_contain_text(f"裁量权基准 × {KIND_WEIGHTS['benchmark']}")
    assert complaints == []


def test_half_typed_pinyin_is_not_searched(page: Page) -> None:
    page.goto("/")
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.url) if "?q=" in r.url else None)
    box = page.locator("#q")
    box.dispatch_event("compositionstart")
    box.evaluate("e => { e.value = 'shi pin'; e.dispatchEvent(new Event('input', {bubbles: true})); }")
    page.wait_for_timeout(500)
    assert asked == []
    box.evaluate("e => { e.value = '食品'; }")
    box.dispatch_event("compositionend", {"bubbles": True})
    expect(page.locator(".hits .hit-title").first).to_contain_text("食品")


def test_the_range_answers_as_facts_are_typed(page: Page, complaints: list[str]) -> None:
    page.goto(FOOD)
    expect(page.locator("#answer")).to_contain_text("还要查明")
    page.evaluate("window.stayed = true")
    page.get_by_label("多少钱").fill("3千")
    expect(page.locator("#answer .fine")).to_have_text("5万元至10万元")
    page.get_by_label("多少钱").fill("1万")
    expect(page.locator("#answer .fine")).to_have_text("10万元至20万元")
    page.get_by_label("多少钱").fill("很多")
    expect(page.locator("#answer [role=alert]")).to_contain_text("很多")
    page.get_by_label("多少钱").fill("10000")
    expect(page.locator("#answer .steps")).to_contain_text("第一百二十二条第一款")
    assert page.evaluate("window.stayed")  # never reloaded
    page.reload()
    expect(page.locator("#answer .fine")).to_have_text("10万元至20万元")
    twin = page.locator("[data-twin]").get_attribute("href")
    assert twin is not None
    assert page.request.get(twin).json()["outcomes"][0]["fine"]["min"] == "100000"
    assert complaints == []


def test_ticks_and_dates_count(page: Page) -> None:
    page.goto("/benchmark/ecology/hazardous-waste-label")
    page.get_by_label("开始").fill("2026-06-20")
    page.get_by_label("结束").fill("2026-07-01")
    page.get_by_label("决定日期").fill("2026-11-01")
    expect(page.locator("#answer")).to_contain_text("10万元至100万元")
    expect(page.locator("#answer")).to_contain_text("5万元至20万元")
    for name in ("minor", "corrected", "no_harm"):
        page.locator(f".tick input[name={name}]").check()
    expect(page.locator("#answer .badge.in_force").first).to_be_visible()
    expect(page.locator("#answer")).to_contain_text("不予行政处罚")


def test_a_paper_is_filled_previewed_and_taken(page: Page, tmp_path: Path, complaints: list[str]) -> None:
    page.goto("/draft/decision")
    page.get_by_role("link", name="填入示例").click()
    page.get_by_role("button", name="预览").click()
    expect(page.locator(".sheet")).to_contain_text("行政处罚决定书")
    with page.expect_download() as taken:
        page.get_by_role("button", name="下载草稿").click()
    assert taken.value.suggested_filename.endswith(".docx")
    taken.value.save_as(tmp_path / "x.docx")
    assert (tmp_path / "x.docx").read_bytes().startswith(b"PK")
    assert complaints == []


def test_the_keyboard_alone_reaches_everything(page: Page) -> None:
    page.goto(FOOD)
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    seen = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("document.activeElement.name || document.activeElement.textContent.trim()"))
    assert {"goods_value", "act_from", "decided", "得出幅度"} <= seen
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none"


@pytest.mark.parametrize("width", [375, 1280])
def test_every_page_fits_and_obeys_the_policy(page: Page, complaints: list[str], width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    for address in PAGES:
        page.goto(address)
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{address} is {wide}px too wide at {width}"
        assert page.title().endswith("裁量")
    assert [c for c in complaints if "404" not in c] == []


def test_targets_are_big_enough_for_a_thumb(page: Page) -> None:
    page.set_viewport_size({"width": 375, "height": 800})
    for address in ("/", FOOD, "/draft/decision"):
        page.goto(address)
        for target in page.locator("button:visible, .button:visible, nav a:visible, select:visible").all():
            box = target.bounding_box()
            assert box is not None
            assert box["height"] >= 40, f"{address}: {target.inner_text()}"


def test_without_script_the_form_still_answers(browser: Browser, site: str) -> None:
    context = browser.new_context(base_url=site, java_script_enabled=False)
    page = context.new_page()
    page.goto(FOOD)
    page.locator("[name=goods_value]").fill("3000")
    page.get_by_role("button", name="得出幅度").click()
    assert "5万元至10万元" in page.content()
    context.close()
