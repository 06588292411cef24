"""The editors' desk: a draft is looked at, approved by a second person, or sent back with a reason."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from app.base import Base
from kb import drafts
from kb.records import Benchmark, Record, Synonym
from tests.app.conftest import NOW

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
