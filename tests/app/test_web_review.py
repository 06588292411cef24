"""The reviewing desk: files in, findings beside their words, a commented copy out, nothing kept."""

from __future__ import annotations

import base64
import io
import json
import tempfile
from pathlib import Path
from typing import Any

import docx
import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Page
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from app.api.review import _segments
from app.base import Base
from generator.docx_story import OURS
from kb.findings import Place
from kb.package import open_package
from tests.app.conftest import LAW
from tests.app.test_browser import browser, complaints, page, site  # noqa: F401 (fixtures)

FAULTY = (
    "关于占道经营的说明",
    f"当事人违反了《{LAW}》第二条第一款第（二）项的规定。",
    f"依据《{LAW}》第九条的规定<处理>。",
    f"《{LAW}》第二条第二款规定：“确需长期占用的，应当经批准。”",
)
HONEST = f"当事人违反了《{LAW}》第二条第一款第（二）项的规定。"


def paper(*texts: str) -> bytes:
    document, out = docx.Document(), io.BytesIO()
    for text in texts:
        document.add_paragraph(text)
    document.add_table(1, 1).cell(0, 0).text = f"《{LAW}》第八条"
    document.save(out)
    return out.getvalue()


def send(client: FlaskClient, *files: tuple[str, bytes], address: str = "/review.json", **form: str) -> Any:
    """Post as a browser does; the test client would itself write a long body to disk."""
    parts: MultiDict[str, Any] = MultiDict(form)
    parts.setlist("file", [FileStorage(io.BytesIO(content), name) for name, content in files])
    boundary, body = encode_multipart(parts)
    return client.post(address, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def test_findings_stand_at_their_words(client: FlaskClient) -> None:
    answer = send(client, ("说明.docx", paper(*FAULTY)), decided="2026-11-01")
    assert answer.status_code == 200
    data = json.loads(answer.get_data())
    (file,) = data["files"]
    assert file["file"] == "说明.docx"
    assert file["days"] == {"act": "2026-11-01", "decided": "2026-11-01"}
    assert {f["code"] for f in file["findings"]} == {"C17", "Q1"}
    assert data["summary"]["files"] == 1
    assert data["unreadable"] == []
    marked = {}
    for p in file["paragraphs"]:
        for n in p["findings"]:
            marked[n] = "".join(s["text"] for s in p["segments"] if n in s["findings"])
    assert marked == {n: f["text"] for n, f in enumerate(file["findings"])}
    assert [p["cell"] for p in file["paragraphs"] if p["cell"]] == ["表1 行1 列1"]
    assert file["general"] == []


def test_the_page_shows_text_and_findings_side_by_side(client: FlaskClient) -> None:
    answer = send(client, ("说明.docx", paper(*FAULTY)), address="/review", decided="2026-11-01")
    text = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "关于占道经营的说明" in text
    assert f">《{LAW}》第九条</mark>" in text
    assert "规定&lt;处理&gt;。" in text
    assert "“需临时占用”写成“需长期占用”" in text
    assert text.count("data-finding") == 3
    assert 'value="2026-11-01"' in text


def test_an_article_entered_by_hand_is_named(client: FlaskClient) -> None:
    letter = "违反了《示例县摊贩条例》第十二条的规定。".encode()
    (file,) = json.loads(send(client, ("说明.txt", letter)).get_data())["files"]
    assert (file["findings"], file["attested"]) == (
        [],
        ["《示例县摊贩条例》第十二条（人工核对：乙，2026-11-20，条例汇编第3页）"],
    )
    shown = send(client, ("说明.txt", letter), address="/review").get_data(as_text=True)
    assert "条文系人工录入：" in shown
    assert "（人工核对：乙，2026-11-20，条例汇编第3页）" in shown


def test_the_page_sends_the_paper_back_for_the_commented_copy(client: FlaskClient) -> None:
    original = paper(*FAULTY)
    text = send(client, ("说明.docx", original), address="/review").get_data(as_text=True)
    again = text.partition('name="again" value="')[2].partition('"')[0]
    assert base64.b64decode(again) == original
    form = {"do": "comments", "name": "说明.docx", "again": again, "decided": "2026-11-01"}
    answer = client.post("/review", data=form)
    assert "%E8%AF%B4%E6%98%8E-%E6%89%B9%E6%B3%A8.docx" in answer.headers["Content-Disposition"]
    copy = open_package(answer.get_data())
    comments = copy.read("word/comments.xml").decode()
    assert comments.count("<w:comment ") == 3
    assert OURS in comments
    direct = send(client, ("说明.docx", original), do="comments", decided="2026-11-01")
    assert open_package(direct.get_data()).read("word/comments.xml") == copy.read("word/comments.xml")


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("坏.docx", b"PK\x03\x04 cut", "bad_package"),
        ("假.docx", "不是压缩包".encode(), "bad_package"),
        ("旧.doc", b"\xd0\xcf\x11\xe0", "wrong_use"),
        ("空.txt", b"", "wrong_use"),
        ("没有后缀", b"x", "wrong_use"),
        ("二进制.txt", b"\xff\xff\xff\x81", "bad_package"),
    ],
)
def test_one_bad_file_does_not_spoil_the_others(
    client: FlaskClient, name: str, content: bytes, code: str
) -> None:
    good = ("说明.txt", HONEST.encode("gb18030"))
    data = json.loads(send(client, (name, content), good).get_data())
    assert [f["file"] for f in data["files"]] == ["说明.txt"]
    assert [(u["file"], u["error"]["code"]) for u in data["unreadable"]] == [(name, code)]
    shown = send(client, (name, content), good, address="/review")
    assert shown.status_code == 200
    line = data["unreadable"][0]["error"]["message"]
    assert "\n" not in line
    assert line in shown.get_data(as_text=True)
    assert "没有发现问题" in shown.get_data(as_text=True)


@pytest.mark.parametrize(
    ("form", "files", "said"),
    [
        ({}, [], "没有选择文件"),
        ({"decided": "昨天"}, [("a.txt", b"x")], "昨天"),
        ({"type": "nothing"}, [("a.txt", b"x")], "nothing"),
        ({"do": "delete"}, [("a.txt", b"x")], "没有“delete”这个操作"),
        ({"do": "comments"}, [("a.txt", b"x")], "批注只能写进 .docx"),
        ({"do": "comments"}, [("a.docx", b"x"), ("b.docx", b"x")], "批注一次只写一个文件"),
        ({"do": "comments", "name": "a.docx", "again": "%%%"}, [], "送回的文件不完整"),
        ({}, [("a.txt", b"x")] * 61, "一次最多检查 60 个文件"),
    ],
)
def test_a_faulty_request_is_answered_in_one_line(
    client: FlaskClient, form: dict[str, str], files: list[tuple[str, bytes]], said: str
) -> None:
    twin = send(client, *files, **form)
    assert twin.status_code == 400
    assert said in json.loads(twin.get_data())["error"]["message"]
    shown = send(client, *files, address="/review", **form)
    assert shown.status_code == 400
    assert said in shown.get_data(as_text=True)
    assert "Traceback" not in shown.get_data(as_text=True)


def test_too_much_at_once(client: FlaskClient) -> None:
    answer = send(client, ("大.txt", b"x" * (20 * 1024 * 1024 + 1)))
    assert answer.status_code == 413
    assert "20 MB" in json.loads(answer.get_data())["error"]["hint"]
    data = json.loads(send(client, ("长.txt", b"x\n" * 4000), ("太长.txt", b"\n" * 200_000)).get_data())
    assert len(data["files"][0]["paragraphs"]) + data["files"][0]["left_out"] == 4000
    assert data["unreadable"][0]["error"]["message"] == "超过 100000 行"


def test_papers_dropped_together_are_compared(client: FlaskClient) -> None:
    head = "示例县执法局\n{}\n示罚〔2026〕5号\n当事人：{}\n经查，2026年8月3日占道。\n2026年{}月1日\n"
    told = head.format("行政处罚事先告知书", "甲商店", 9).encode()
    decided = head.format("行政处罚决定书", "乙商店", 10).encode()
    data = json.loads(send(client, ("告知.txt", told), ("决定.txt", decided)).get_data())
    assert [f["type"] for f in data["files"]] == ["prior_notice", "decision"]
    assert any("乙商店" in c["text"] or "甲商店" in c["message"] for c in data["consistency"])
    shown = send(client, ("告知.txt", told), ("决定.txt", decided), address="/review")
    assert "各份文书之间" in shown.get_data(as_text=True)


def test_two_files_of_one_name_stay_two(client: FlaskClient) -> None:
    data = json.loads(send(client, ("甲/a.txt", b"x"), ("/b/a.txt", b"y"), ("a.txt", b"z")).get_data())
    assert [f["file"] for f in data["files"]] == ["a.txt", "a（2）.txt", "a（3）.txt"]


def test_nothing_is_kept(client: FlaskClient, web_base: Base, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "_get_default_tempdir", lambda: pytest.fail("a file went to disk"))
    monkeypatch.setattr(tempfile, "tempdir", None)

    def stored() -> dict[Path, int]:
        return {p: p.stat().st_size for p in Path(web_base.config.home).rglob("*") if p.is_file()}

    before = stored()
    send(client, ("说明.docx", paper(*FAULTY)), ("长.txt", b"x" * 2_000_000), address="/review")
    assert stored() == before


def test_the_blank_page_and_its_twin(client: FlaskClient) -> None:
    shown = client.get("/review").get_data(as_text=True)
    assert 'type="file"' in shown
    assert 'aria-current="page">审查' in shown
    assert "decision" in [t["type"] for t in client.get("/review.json").get_json()["types"]]


CUT = [
    ("甲乙丙丁", {}, [("甲乙丙丁", [], [])]),
    ("甲乙丙丁", {0: (1, 3)}, [("甲", [], []), ("乙丙", [0], [0]), ("丁", [], [])]),
    ("甲乙丙丁", {0: (0, 3), 1: (2, 4)}, [("甲乙", [0], [0]), ("丙", [0, 1], [1]), ("丁", [1], [])]),
    ("甲乙", {0: (0, 0)}, [("甲乙", [], [0])]),  # of the whole paragraph
    ("甲乙", {0: (1, 99)}, [("甲", [], []), ("乙", [0], [0])]),
    ("", {0: (0, 0)}, []),
]


@pytest.mark.parametrize(("text", "spans", "expected"), CUT)
def test_a_paragraph_is_cut_where_findings_begin_and_end(
    text: str, spans: dict[int, tuple[int, int]], expected: list[tuple[str, list[int], list[int]]]
) -> None:
    places = {n: Place(start=start, end=end) for n, (start, end) in spans.items()}
    assert [(s["text"], s["findings"], s["begin"]) for s in _segments(text, places)] == expected


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 375])
def test_in_a_browser(page: Page, complaints: list[str], tmp_path: Path, width: int) -> None:  # noqa: F811
    (tmp_path / "说明.docx").write_bytes(paper(*FAULTY))
    page.set_viewport_size({"width": width, "height": 860})
    page.goto("/review")
    page.set_input_files("#file", tmp_path / "说明.docx")
    page.click("button[value=check]")
    page.wait_for_selector("#reviewed")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    cards = page.locator("[data-finding]")
    ids = [cards.nth(n).get_attribute("id") for n in range(cards.count())]
    went = []
    for key in ("j", "j", "j", "j", "k"):
        page.keyboard.press(key)
        went.append(page.evaluate("document.activeElement.id"))
        assert page.locator("mark.now").count() == 1
    assert went == [*ids, ids[0], ids[-1]]
    with page.expect_download() as taken:
        page.click("button[value=comments]")
    assert taken.value.suggested_filename == "说明-批注.docx"
    assert complaints == []
