"""`packet`, `case dossier`, `report` and their pages: what leaves a case, what is sent in and published."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask.testing import FlaskClient

from app.api import cases as cases_api
from app.base import Base
from app.web.factory import create_app
from casework import printing
from tests.app.conftest import NOW, Run
from tests.casework.batch_kit import open_home

ID = "demo/unlicensed-food"


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Iterator[Base]:
    """An agency with one case whose notice and decision were issued."""
    made = open_home(tmp_path_factory.mktemp("desk"))
    body: dict[str, Any] = yaml.safe_load((root / "examples/cases/unlicensed-food.yaml").read_text("utf-8"))
    del body["decision"]["number"], body["notice"]["number"]
    cases_api.create(made, body, by="示例张", at=NOW)
    for type in ("prior_notice", "decision"):
        cases_api.issue(made, ID, type, by="示例张", at=NOW)
    yield made
    made.store.close()


@pytest.fixture
def client(base: Base) -> FlaskClient:
    made = create_app(base, now=lambda: NOW).test_client()
    made.post("/who", data={"name": "示例张", "role": "经办人"})
    return made


@pytest.fixture
def home(base: Base) -> Path:
    """The commands work on the same home as the pages."""
    home: Path = base.config.home
    return home


@pytest.fixture(autouse=True)
def no_office(monkeypatch: pytest.MonkeyPatch) -> None:
    """Printing is tested where dossiers are; here it would only take time."""
    monkeypatch.setattr(printing, "soffice", lambda: "")


def in_zip(data: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.namelist()


# ---------------------------------------------------------------- commands


def test_a_packet_of_a_file_and_of_a_stored_case(run: Run, root: Path, tmp_path: Path) -> None:
    case = root / "examples/cases/unlicensed-food.yaml"
    code, out, err = run("packet", "--case", case, "--stage", "告知", "-o", tmp_path / "a")
    assert (code, err) == (0, "")
    assert sorted(p.name[:2] for p in (tmp_path / "a").iterdir()) == ["01", "02", "清单"]
    assert "2 份文书" in out  # the notice, and the receipt of its service
    code, out, _ = run("packet", "--case", ID, "-o", tmp_path / "b.zip", *("--by", "示例张"), "--json")
    said = json.loads(out)
    assert [p["state"] for p in said["papers"]].count("已签发") == 2
    assert len(in_zip((tmp_path / "b.zip").read_bytes())) == 1 + len(said["papers"])
    assert code == (1 if said["refused"] else 0)


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--case", ID, "-o", "x.zip"), "没有写明是谁"),
        (("--case", ID, "--stage", "吃饭", "-o", "x.zip", "--by", "甲"), "没有阶段“吃饭”"),
        (("--case", ID, "--stage", "决定", "--transfer", "-o", "x.zip"), "只能写一个"),
        (("--case", ID, "--transfer", "-o", "x.zip", "--by", "甲"), "没有移送涉嫌犯罪的文书"),
        (("--case", "no/such", "-o", "x.zip", "--by", "甲"), "没有编号为“no/such”的案件"),
        (("--case", ID, "-o", ".", "--by", "甲"), "文件夹不是空的"),
    ],
)
def test_a_packet_refused_in_one_line(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, args: tuple[str, ...], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there").touch()
    code, _, err = run("packet", *args)
    assert code
    assert said in err
    assert err.count("\n") == 1
    assert [p.name for p in tmp_path.iterdir()] == ["there"], "nothing is written"


def test_a_dossier_by_command(run: Run, tmp_path: Path) -> None:
    code, out, _ = run("case", "dossier", ID, "-o", tmp_path / "卷宗.zip", "--by", "示例张", "--json")
    assert code == 0
    said = json.loads(out)
    assert [p["type"] for p in said["volumes"][0]["papers"]] == ["decision", "prior_notice"]
    assert set(in_zip((tmp_path / "卷宗.zip").read_bytes())) == {"正卷.docx", "说明.txt"}
    code, out, _ = run("case", "dossier", ID, "-o", tmp_path / "卷宗.docx", "--by", "示例张")
    assert "正卷：2 件，— 页" in out
    code, _, err = run("case", "dossier", ID, "-o", tmp_path / "卷宗.pdf", "--by", "示例张")
    assert (code, "没有 LibreOffice" in err) == (1, True)


def test_reports_by_command(run: Run, tmp_path: Path) -> None:
    code, out, _ = run("report", "year", 2026, "-o", tmp_path / "年.xlsx")
    assert (code, "行政处罚决定书  1" in out) == (0, True)
    said = json.loads(run("report", "year", 2026, "--json")[1])
    decided = next(f for g in said["groups"] for f in g["figures"] if f["label"] == "行政处罚决定书")
    assert decided == {"label": "行政处罚决定书", "count": 1, "amount": None, "cases": [ID]}
    assert "示综执罚〔2026〕1号" in run("report", "major", "--from", "2026-11-01", "--to", "2026-11-30")[1]
    assert run("report", "quarter", "2026-4", "-o", tmp_path / "季.docx")[0] == 0
    assert (tmp_path / "季.docx").read_bytes()[:2] == b"PK"
    assert "不是季度" in run("report", "quarter", "2026-5")[2]
    assert "不能写成 .pdf" in run("report", "year", 2026, "-o", tmp_path / "x.pdf")[2]


def test_the_register_of_entrusted_bodies_by_command(run: Run) -> None:
    cells = ("organ=示例镇综合执法队", "matters=占道经营", "until=2026-12-01")
    assert run("case", "ledger", "add", "entrustment", *cells, "--by", "示例张")[0] == 0
    code, out, _ = run("report", "entrustment", "--on", "2026-11-23")
    assert (code, "将届满" in out, "没有公布" in out) == (1, True, True)
    filled = ("published=网站", "filed_superior=2026-01-05", "filed_justice=2026-01-06")
    assert run("case", "ledger", "fill", "entrustment", 1, *filled, "--by", "示例张")[0] == 0
    assert run("report", "entrustment", "--on", "2026-11-23", "--within", 5)[0] == 0


# ---------------------------------------------------------------- pages


def test_the_page_of_a_dossier(client: FlaskClient) -> None:
    assert ID in client.get("/dossier").text
    page = client.get(f"/dossier/{ID}")
    assert page.status_code == 200
    assert "示综执罚〔2026〕1号" in page.text
    assert "示例王" not in page.text
    data = client.get(f"/dossier/{ID}.json").json
    assert [v["name"] for v in data["volumes"]] == ["正卷"]
    assert client.get("/dossier/no/such").status_code == 404


@pytest.mark.parametrize(("do", "start"), [("packet", b"PK"), (".docx", b"PK"), (".zip", b"PK")])
def test_what_is_taken_stands_in_the_log(client: FlaskClient, base: Base, do: str, start: bytes) -> None:
    before = cases_api.audit(base)["entries"]
    answer = client.post(f"/dossier/{ID}", data={"do": do})
    assert answer.status_code == 200
    assert answer.data.startswith(start)
    assert "attachment" in answer.headers["Content-Disposition"]
    assert cases_api.audit(base)["entries"] == before + 1


def test_who_is_not_shown_personal_data_takes_nothing(base: Base) -> None:
    stranger = create_app(base, now=lambda: NOW).test_client()
    before = cases_api.audit(base)["entries"]
    answer = stranger.post(f"/dossier/{ID}", data={"do": "packet"})
    assert (answer.status_code, "您的角色看不到" in answer.text) == (403, True)
    assert cases_api.audit(base)["entries"] == before


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"do": "rm"}, "没有“rm”这个操作"),
        ({"do": ".pdf"}, "没有 LibreOffice"),
        ({"do": "transfer"}, "没有移送涉嫌犯罪的文书"),
        ({"do": "packet", "stage": "<b>"}, "没有阶段“&lt;b&gt;”"),
    ],
)
def test_a_page_refuses_in_one_line(client: FlaskClient, form: dict[str, str], said: str) -> None:
    answer = client.post(f"/dossier/{ID}", data=form)
    assert answer.status_code in (400, 403, 422)
    assert said in answer.text


def test_the_page_of_reports(client: FlaskClient) -> None:
    page = client.get("/reports?report=year&year=2026")
    assert page.status_code == 200
    assert page.text.count("<svg") == 3
    assert "style=" not in page.text, "the policy of the pages forbids inline styles"
    twin = client.get("/reports.json?report=year&year=2026").json
    assert twin["report"]["groups"][0]["figures"]
    for suffix in (".docx", ".xlsx"):
        file = client.get(f"/reports/report{suffix}?report=quarter&quarter=2026-4")
        assert file.data[:2] == b"PK"


@pytest.mark.parametrize(
    "query",
    [
        "report=quarter&quarter=x",
        "report=year&year=99999999999",
        "report=<b>",
        "report=major&from=2026-12-01&to=2026-01-01",
        "report=major&from=昨天",
    ],
)
def test_a_wrong_report_is_one_line(client: FlaskClient, query: str) -> None:
    page = client.get(f"/reports?{query}")
    assert page.status_code == 422
    assert 'class="fault" role="alert"' in page.text
    assert "<b>" not in page.text
    assert client.get(f"/reports/report.docx?{query}").status_code in (400, 422)
