"""A case from file to ledger in a real Chromium, as an officer walks it; every page at two widths."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from app.base import Base
from app.web.factory import create_app
from tests.app.conftest import NOW, served
from tests.app.test_browser import is_complaint
from tests.app.test_web_cases import NUMBERS
from tests.casework.batch_kit import CASE, open_home

pytestmark = pytest.mark.browser
ID = "demo/unlicensed-food"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    base: Base = open_home(tmp_path_factory.mktemp("home"))
    with served(create_app(base, now=lambda: NOW)) as url:
        yield url
    base.store.close()


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as p:
        arguments = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = p.chromium.launch(executable_path=chromium, args=arguments)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def page(browser: Browser, site: str) -> Iterator[Page]:
    context = browser.new_context(base_url=site, viewport={"width": 1280, "height": 860}, locale="zh-CN")
    page = context.new_page()
    page.set_default_timeout(15_000)
    yield page
    context.close()


def test_from_the_file_to_the_ledger(page: Page, tmp_path: Path) -> None:
    complaints: list[str] = []
    page.on("console", lambda m: complaints.append(m.text) if is_complaint(m) else None)
    file = tmp_path / "案件.yaml"
    file.write_text(NUMBERS.sub("", CASE.read_text(encoding="utf-8")), encoding="utf-8")
    page.goto("/")
    page.get_by_role("link", name="案件", exact=True).click()
    page.get_by_label("姓名").fill("示例张")
    page.get_by_label("角色").select_option("经办人")
    page.get_by_role("button", name="记住").click()
    page.get_by_label("CASE.yaml，或者导出的 .json").set_input_files(file)
    page.get_by_role("button", name="导入").click()
    expect(page.locator("h1")).to_have_text("未取得食品经营许可从事食品经营活动")
    page.locator(".course").get_by_role("link", name="行政处罚告知书").click()
    expect(page.locator(".sheet")).to_contain_text("示例县综合行政执法局")
    with page.expect_download() as taken:
        page.get_by_role("button", name="下载草稿").click()
    assert taken.value.suggested_filename.endswith("-草稿.docx")
    page.get_by_role("button", name="签发").press("Enter")
    expect(page.locator("p.good")).to_contain_text("已签发《行政处罚告知书》示综执罚告〔2026〕1号")
    page.locator(".course").get_by_role("link", name="行政处罚决定书").click()
    page.get_by_role("button", name="签发").click()
    expect(page.locator("p.good")).to_contain_text("示综执罚〔2026〕1号")
    page.get_by_role("link", name="台账", exact=True).click()
    page.get_by_role("link", name="送达台账").click()
    expect(page.locator("table.ruled")).to_contain_text("示综执罚告〔2026〕1号")
    assert complaints == []


def test_what_is_typed_is_kept_by_itself(page: Page) -> None:
    page.goto(f"/caseform/{ID}")
    page.get_by_label("调查经过").fill("写到一半")
    page.keyboard.press("Tab")
    expect(page.locator("#autosaved")).to_contain_text("已留存")
    page.goto(f"/caseform/{ID}")
    page.get_by_role("link", name="恢复那些内容").click()
    expect(page.get_by_label("调查经过")).to_have_value("写到一半")


@pytest.mark.parametrize("width", [1280, 390])
def test_no_page_is_wider_than_the_screen(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    for address in (
        "/cases", f"/cases/{ID}", f"/caseform/{ID}", f"/casepaper/{ID}?type=correction_order",
        "/papers/1", "/handwriting", "/ledgers", "/ledgers/service", "/ledgers/staff", "/numbers",
        "/deadlines", f"/office/case/{ID}", "/office", "/reports", f"/dossier/{ID}", "/batch", "/templates",
        "/templates/decision", "/settings",
    ):  # fmt: skip
        answer = page.goto(address)
        assert answer is not None
        assert answer.ok, address
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
        small = "a.button, button, summary, input:not([type=hidden]):not([type=file])"
        heights = page.locator(small).evaluate_all(
            "all => all.filter(e => e.offsetHeight && e.offsetHeight < 32).map(e => e.outerHTML)"
        )
        assert heights == [], address
