"""`kb coverage`: counted by folder, what isn't held with its place, nothing loaded said so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.app.conftest import Run

LAW = """# 示例县灯笼管理条例

（2024年1月5日示例县人民代表大会常务委员会通过）

第一条 为了管理灯笼，制定本条例。

第二条 擅自挂灯的，处一千元以上一万元以下的罚款。

情节严重的，处l万元以上五万元以下的罚款。

第三条 处二百元以下罚款的，可以当场决定；拒不改正的，处以罚款。

第四条 本条例自2024年3月1日起施行。
"""


@pytest.fixture
def laws(tmp_path: Path) -> Path:
    folder = tmp_path / "灯笼"
    folder.mkdir()
    (folder / "灯笼条例.md").write_text(LAW, encoding="utf-8")
    return folder


def test_nothing_loaded_is_said(run: Run) -> None:
    code, out, _ = run("kb", "coverage")
    assert (code, out.count("\n")) == (0, 1)
    assert "laws import" in out


def test_clauses_are_counted_and_the_unread_listed(run: Run, laws: Path) -> None:
    assert run("laws", "import", laws)[0] == 0
    code, out, _ = run("kb", "coverage", "--json")
    data = json.loads(out)
    assert code == 0
    assert {k: data[k] for k in ("texts", "clauses", "amounts", "held", "open", "mentions")} == {
        "texts": 1, "clauses": 4, "amounts": 2, "held": 1, "open": 1, "mentions": 1,
    }  # fmt: skip
    assert [m["place"] for m in data["misses"]] == ["《示例县灯笼管理条例》（2024-01-05）第二条第二款"]
    assert data["folders"][0]["folder"] == "灯笼"
    assert run("kb", "coverage", "--folder", "灯笼")[1].startswith("1 个法律文本")
    assert "laws import" in run("kb", "coverage", "--folder", "别处")[1]
