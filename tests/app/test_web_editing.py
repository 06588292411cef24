"""The editors' desk: a draft is looked at, approved by a second person, or sent back with a reason."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from html import unescape
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from app.base import Base
from app.web import importing
from kb import drafts
from kb.records import Benchmark, Record, Synonym
from tests.app.conftest import NOW
from tests.kb.tables_kit import as_xlsx

HandIn = Callable[..., int]


def synonym(id: str) -> Record:
    return Synonym.model_validate(
        {"id": id, "said": "摆地摊", "meant": "占道经营", "source": {"instrument": "示例"}}
    )


def benchmark(id: str) -> Record:
    return Benchmark.model_validate(
        {
            "id": id,
            "from": "2021-07-15",
            "violation": "<b>示例</b>行为",
            "penalty_basis": "《中华人民共和国行政处罚法》第九百条",
            "statutory": [{"fine": "五万元以下"}],
            "source": {"instrument": "示例"},
        }
    )


@pytest.fixture
def hand_in(web_base: Base) -> HandIn:
    def propose(*records: Record) -> int:
        rows = [(r, f"第{n}行") for n, r in enumerate(records, 1)]
        read_at = web_base.store.revision()
        return drafts.propose(web_base.store, rows, author="张三", at=NOW, note="基准.xls", read_at=read_at)

    return propose


def test_a_draft_is_listed_read_and_approved_by_another(client: FlaskClient, hand_in: HandIn) -> None:
    n = hand_in(synonym("city/edit-approved"))
    assert f"/edit/{n}" in client.get("/edit").get_data(as_text=True)
    shown = client.get(f"/edit/{n}.json").get_json()
    assert (shown["waiting"], shown["rows"][0]["changes"]) == (1, ["新增同义词"])
    own = client.post(f"/edit/{n}", data={"do": "approve", "by": "张三"})
    assert own.status_code == 422
    assert "批准人“张三”就是导入人" in own.get_data(as_text=True)
    done = client.post(f"/edit/{n}.json", data={"do": "approve", "by": "李四"}).get_json()
    assert (done["done"]["approved"], done["waiting"], done["approved"]) == (1, 0, 1)


def test_a_faulty_record_waits_and_is_sent_back_with_a_reason(client: FlaskClient, hand_in: HandIn) -> None:
    n = hand_in(benchmark("city/edit-faulty"))
    held = client.post(f"/edit/{n}", data={"do": "approve", "by": "李四"}).get_data(as_text=True)
    assert "1 条有否决问题，仍在等待" in held
    assert "<b>示例</b>行为" not in held
    assert client.post(f"/edit/{n}", data={"do": "reject", "by": "李四"}).status_code == 422
    back = client.post(f"/edit/{n}.json", data={"do": "reject", "by": "李四", "why": "条号看错"}).get_json()
    assert (back["rejected"], back["rows"][0]["why"]) == (1, "条号看错")


def test_an_unknown_draft_and_an_unknown_act(client: FlaskClient, hand_in: HandIn) -> None:
    assert client.get("/edit/9999").status_code == 404
    n = hand_in(synonym("city/edit-other"))
    assert client.post(f"/edit/{n}", data={"do": "delete", "by": "李四"}).status_code == 422


# ---------------------------------------------------------------- importing a file

TABLE = """
    序号 | 违法行为   | 处罚依据                           | 阶次 | 情节 | 裁量标准             | 来处
    1    | 乱挂灯笼的 | 《灯笼法》第三条：处九万元以下罚款 | 从轻 | 一盏 | 一万元以上三万元以下 | 甲
    ^    | ^          | ^                                  | 从重 | 三盏 | <b>酌情</b>          | 乙
"""
HEADLESS = TABLE.replace("违法行为", "甲栏").replace("处罚依据", "乙栏").replace("阶次", "丙栏")
YAML = "schema: 1\nkind: synonym\nid: city/edit-yaml\nsaid: 灯\nmeant: 灯笼\nsource: {instrument: 示例}\n"


def send(client: FlaskClient, content: bytes, name: str = "灯笼.xlsx", **form: str) -> TestResponse:
    boundary, body = encode_multipart({"file": FileStorage(BytesIO(content), name), **form})  # in memory
    return client.post("/edit/import", data=body, content_type=f"multipart/form-data; boundary={boundary}")


def hidden(text: str) -> dict[str, str]:
    """What a preview sends back: the file and its name."""
    fields = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', text)
    assert {name for name, _ in fields} == {"name", "again"}
    return {name: unescape(value) for name, value in fields}


def test_a_preview_stores_nothing_and_is_handed_in_as_it_was_seen(client: FlaskClient) -> None:
    before = client.get("/edit.json").get_json()["drafts"]
    shown = send(client, as_xlsx(TABLE), domain="城市管理", number="示例〔2026〕1号")
    text = shown.get_data(as_text=True)
    assert shown.status_code == 200
    for said in (
        "乱挂灯笼的",
        "一万元以上三万元以下",
        "&lt;b&gt;酌情&lt;/b&gt;",
        "列“来处”没有认出",
        "第2行B列",
    ):
        assert said in text, said
    assert client.get("/edit.json").get_json()["drafts"] == before
    back = hidden(text) | {"do": "draft", "domain": "城市管理", "number": "示例〔2026〕1号"}
    unnamed = client.post("/edit/import", data=back)
    assert unnamed.status_code == 422
    assert "没有写明导入人" in unnamed.get_data(as_text=True)
    assert hidden(unnamed.get_data(as_text=True))["again"] == back["again"]
    done = client.post("/edit/import", data=back | {"by": "张三"})
    assert done.status_code == 303
    draft = client.get(f"{done.headers['Location']}.json").get_json()
    assert (draft["author"], draft["note"], draft["rows"][0]["title"]) == ("张三", "灯笼.xlsx", "乱挂灯笼的")


def test_the_twin_has_the_data_of_the_page(client: FlaskClient) -> None:
    sent = {"file": (BytesIO(as_xlsx(TABLE)), "灯笼.xlsx")}
    data = client.post("/edit/import.json", data=sent).get_json()
    assert (data["violations"], data["conditions"], data["amounts"], data["imported"]) == (1, 2, 2, 3)
    (record,) = data["sheets"][0]["records"]
    assert [line["name"] for line in record["lines"]] == ["处罚依据", "法定", "从轻"]
    assert [(c["column"], c["role"]) for c in data["columns"]][-2:] == [("F", "裁量标准"), ("G", "")]
    assert data["findings"][0]["record"] in ("", record["id"])
    again = base64.b64encode(as_xlsx(TABLE)).decode()
    made = {"name": "灯笼.xlsx", "again": again, "do": "draft", "by": "张三"}
    assert client.post("/edit/import.json", data=made).get_json()["draft"] > 0


def test_columns_nobody_recognised_are_mapped_by_hand(client: FlaskClient) -> None:
    text = send(client, as_xlsx(HEADLESS)).get_data(as_text=True)
    assert "没有可以成为记录的内容" in text
    assert text.count("按表头认</option>") == 7
    columns = {"column-B": "违法行为", "column-C": "处罚依据", "column-D": "裁量阶次", "column-G": "不用"}
    columns |= {"column-E": "裁量情节", "column-F": "裁量标准"}
    mapped = client.post("/edit/import", data=hidden(text) | columns).get_data(as_text=True)
    assert "乱挂灯笼的" in mapped
    assert "按手工对应，不用这一列" in mapped
    assert mapped.count("<option selected>不用</option>") == 1
    fresh = send(client, as_xlsx(TABLE), **{"column-B": "备注"}).get_data(as_text=True)
    assert "没有可以成为记录的内容" not in fresh, "a new file begins without a mapping"


def test_a_record_file_is_previewed_too(client: FlaskClient) -> None:
    text = send(client, YAML.encode(), "说法.yaml").get_data(as_text=True)
    assert "灯笼" in text
    assert "各列的意思" not in text
    done = client.post("/edit/import", data=hidden(text) | {"do": "draft", "by": "张三"})
    assert client.get(f"{done.headers['Location']}.json").get_json()["rows"][0]["id"] == "city/edit-yaml"


REFUSED: tuple[tuple[str, bytes, dict[str, str], int, str], ...] = (
    # name, content, form, status, what is said
    ("图.png", b"\x89PNG\r\n", {}, 422, "不是能读的表格文件"),
    ("空.xlsx", b"", {}, 422, "文件是空的"),
    ("坏.xlsx", b"PK\x03\x04nothing", {}, 422, "坏.xlsx"),
    ("坏.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), {}, 422, "坏.xls"),
    ("坏.pdf", b"%PDF-1.7\n" + bytes(50), {}, 422, "坏.pdf"),
    ("坏.yaml", b"a: &a [*a]", {}, 422, "别名"),
    ("<script>.csv", b"a,b", {"domain": "<i>"}, 422, "没有“&lt;i&gt;”这个领域"),
    ("灯.csv", b"a,b", {"from": "昨天"}, 422, "不是日期"),
    ("灯.csv", b"a,b", {"as": "phrase"}, 422, "这种表"),
    ("灯.csv", b"a,b", {"do": "delete"}, 422, "这个操作"),
    ("灯.csv", b"a,b", {"do": "draft", "by": "张三"}, 422, "还没有预览"),
    ("大.csv", b"a" * (9 << 20), {}, 422, "超过 8 MB"),
    ("大.csv", b"a" * (17 << 20), {}, 413, "文件太大"),
)


@pytest.mark.parametrize(("name", "content", "form", "status", "said"), REFUSED)
def test_what_is_refused_is_one_line(
    client: FlaskClient, name: str, content: bytes, form: dict[str, str], status: int, said: str
) -> None:
    answer = send(client, content, name, **form)
    text = answer.get_data(as_text=True)
    assert answer.status_code == status
    (line,) = re.findall(r'<p class="fault" role="alert">(.*?)</p>', text)
    assert said in line
    assert "<script>.csv" not in text


def test_nothing_sent_and_a_file_cut_short(client: FlaskClient) -> None:
    assert client.get("/edit/import").status_code == 200
    assert "没有选择文件" in client.post("/edit/import", data={}).get_data(as_text=True)
    cut = client.post("/edit/import", data={"name": "a.csv", "again": "%%%"})
    assert "不完整" in cut.get_data(as_text=True)


def test_a_thousand_rows_are_one_page(client: FlaskClient) -> None:
    rows = [
        f"{n} | 挂灯{n}盏的 | 《灯笼法》第三条 | 从轻 | 少 | 一万元以上三万元以下罚款" for n in range(1000)
    ]
    table = "序号 | 违法行为 | 处罚依据 | 阶次 | 情节 | 裁量标准\n" + "\n".join(rows)
    text = send(client, as_xlsx(table)).get_data(as_text=True)
    assert text.count('class="readout"') == 1000
    assert len(text) < 2_000_000


def test_what_a_page_does_not_show_is_counted(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "MOST_SHOWN", 2)
    rows = [f"{n} | 挂灯{n}盏的 | 《灯笼法》第三条 | 从轻 | 少 | 一万元以上三万元以下罚款" for n in range(5)]
    table = "序号 | 违法行为 | 处罚依据 | 阶次 | 情节 | 裁量标准\n" + "\n".join(rows)
    text = send(client, as_xlsx(table)).get_data(as_text=True)
    assert text.count('class="readout"') == 2
    assert "另有 3 条没有显示" in text
