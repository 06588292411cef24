"""The reckoner's page: a period, a surcharge of figures or of a stored case, and what it refuses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.base import Base
from app.web.factory import create_app
from casework.cases import Cases
from kb.importing.yaml_files import load_yaml
from tests.app.conftest import NOW
from tests.casework.batch_kit import ROOT, open_home

UNPAID = "demo/unpaid-fine"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    base: Base = open_home(tmp_path_factory.mktemp("home"))
    body, _ = load_yaml(ROOT / "examples" / "cases" / "unpaid-fine.yaml")
    with Cases(base.store).writing(by="示例张", at=NOW) as w:
        w.create(body | {"payments": []})
    yield create_app(base, now=lambda: NOW).test_client()
    base.store.close()


ASKED: list[tuple[dict[str, str], str, str, str]] = [
    ({"name": "payment", "start": "2026-09-16"}, "period", "day", "2026-10-08"),
    ({"name": "coercion_report", "start": "2026-09-16 09:10"}, "period", "moment", "2026-09-17T09:10"),
    ({"fine": "5万", "pay_by": "2026-11-17", "until": "2026-11-22"}, "surcharge", "amount", "7500"),
    ({"case": UNPAID, "until": "2026-03-22"}, "surcharge", "days", "2"),
]


@pytest.mark.parametrize(("query", "what", "key", "value"), ASKED)
def test_what_is_asked_is_counted_out(
    client: FlaskClient, query: dict[str, str], what: str, key: str, value: str
) -> None:
    found: dict[str, Any] = client.get("/reckoning.json", query_string=query).get_json()
    assert str(found[what][key]) == value
    said = client.get("/reckoning", query_string=query).text
    assert found[what]["steps"][0]["text"] in said


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ({"name": "nothing", "start": "2026-09-16"}, 404, "没有期限“nothing”"),
        ({"name": "payment"}, 400, "没有写起算的日期"),
        ({"name": "payment", "start": "昨天"}, 400, "“昨天”不是时间（起算的日期）"),
        ({"fine": "很多", "pay_by": "2026-11-17"}, 400, "不是金额"),
        ({"fine": "-5", "pay_by": "2026-11-17"}, 400, "不是"),
        ({"name": "payment", "start": "9999-12-31"}, 400, "超出了能够计算的范围"),
        ({"fine": "50000", "pay_by": "9999-12-31"}, 400, "超出了能够计算的范围"),
        ({"fine": "50000"}, 400, "缴款期限的最后一日"),
        ({"case": "no/such"}, 404, "没有编号为“no/such”的案件"),
        ({"case": "examples/cases/unpaid-fine.yaml"}, 404, "没有编号为"),
        ({"case": UNPAID, "party": "9"}, 400, "没有罚款"),
        ({"case": UNPAID, "party": "x"}, 400, "不是第几个当事人"),
    ],
)
def test_what_cannot_be_counted_is_one_line(
    client: FlaskClient, query: dict[str, str], status: int, said: str
) -> None:
    answer = client.get("/reckoning", query_string=query)
    assert (answer.status_code, said in answer.text) == (status, True)
    assert client.get("/reckoning.json", query_string=query).status_code == status
