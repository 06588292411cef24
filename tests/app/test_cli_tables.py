"""`kb import`: tables and record files become drafts; what isn't understood is told; nothing half stored."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.app.conftest import Run
from tests.kb.tables_kit import as_csv, as_xlsx

TABLE = """
    序号 | 违法行为   | 处罚依据| 阶次 | 情节 | 裁量标准 | 来处
    1    | 乱挂灯笼的 | 《灯笼法》第三条：处九万元以下罚款 | 从轻 | 一盏 | 一万元以上三万元以下罚款 | 甲
    ^    | ^          | ^       | 一般 | 二盏 | 三万元以上五万元以下罚款 | 乙
    ^    | ^          | ^       | 从重 | 三盏 | 五万元以上九万元以下罚款 | 丙
"""
LIST = """
    序号 | 违法行为   | 违反条款                     | 不予处罚的情节
    1    | 乱挂灯笼的 | 《示例县灯笼条例》第二条     | 属于首次违法，危害后果轻微，及时改正
"""
RECORDS = """
schema: 1
kind: synonym
source: {instrument: 示例}
records:
  - {id: city/lantern-a, said: 挂灯, meant: 悬挂灯笼}
  - {id: city/lantern-b, said: 点灯, meant: 悬挂灯笼}
"""
CASE = (
    "---\nschema: 1\nkind: synonym\nid: city/lantern-c\nsaid: 灯\nmeant: 灯笼\n"
    "source: {instrument: 示例}\n---\n\n正文\n"
)
MAIN = "import sys; from app.cli import main; main(sys.argv[1:])"
KEYS = ["violations", "conditions", "amounts", "imported", "unread", "findings"]


def file(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


FILES = (
    # name, content, --as, violations, conditions, amounts, imported
    ("灯笼.xlsx", as_xlsx(TABLE), "", 1, 3, 3, 7),
    ("灯笼.csv", as_csv(TABLE), "benchmark", 1, 3, 3, 7),
    ("清单.csv", as_csv(LIST), "", 1, 1, 0, 2),
    ("清单.csv", as_csv(LIST), "leniency", 1, 1, 0, 2),
    ("说法.yaml", RECORDS, "", 0, 0, 0, 2),
    ("说法.yaml", RECORDS, "synonym", 0, 0, 0, 2),
)


@pytest.mark.parametrize(
    ("name", "content", "kind", "violations", "conditions", "amounts", "imported"), FILES
)
def test_any_file_becomes_a_draft(
    run: Run,
    tmp_path: Path,
    name: str,
    content: str | bytes,
    kind: str,
    violations: int,
    conditions: int,
    amounts: int,
    imported: int,
) -> None:
    path = file(tmp_path, name, content)
    given = ["--as", kind] if kind else []
    code, out, err = run("kb", "import", path, "--by", "甲", "--json", *given)
    data = json.loads(out)
    assert (code, list(data)) == (0, KEYS)
    assert [data[key] for key in KEYS[:4]] == [violations, conditions, amounts, imported]
    number = err.rpartition("草案 ")[2].partition("：")[0]
    draft = json.loads(run("kb", "drafts", number, "--json")[1])
    assert (draft["author"], draft["note"]) == ("甲", name)


REFUSED: tuple[tuple[str, str | bytes, list[str], str], ...] = (
    # name, content, arguments, what is said
    ("说法.yaml", RECORDS, ["--as", "benchmark"], "文件里是 synonym，不是 benchmark"),
    ("说法.yaml", RECORDS, ["--number", "一号"], "记录文件自己写明了来源"),
    ("说法.yaml", RECORDS, ["--column", "备注=A"], "记录文件自己写明了来源"),
    ("说法.yaml", RECORDS.replace("lantern-b", "lantern-a"), [], "编号“city/lantern-a”重复"),
    ("说法.yaml", RECORDS.replace("said: 点灯", "sad: 点灯"), [], "第7行"),
    ("说法.yaml", b"\xff\xfe\x00", [], "不是UTF-8编码"),
    ("案例.md", CASE, [], "body"),
    ("灯笼.csv", as_csv(TABLE), ["--as", "phrase"], "表里读不出 phrase"),
    ("灯笼.csv", as_csv(TABLE), ["--as", "leniency"], "没有认出清单"),
    ("灯笼.csv", as_csv(TABLE), ["--column", "好处=B"], "不是列的对应"),
    ("空.xlsx", as_xlsx("a"), ["--as", "leniency"], "没有认出清单"),
    ("图.png", b"\x89PNG", [], "不是能读的表格文件"),
)


@pytest.mark.parametrize(("name", "content", "args", "said"), REFUSED)
def test_what_is_refused_is_one_line(
    run: Run, tmp_path: Path, name: str, content: str | bytes, args: list[str], said: str
) -> None:
    code, out, err = run("kb", "import", file(tmp_path, name, content), "--by", "甲", *args)
    assert code in (1, 2)
    assert said in err.splitlines()[-1]
    assert out == ""


def test_a_column_that_is_left_out_is_told(run: Run, tmp_path: Path) -> None:
    path = file(tmp_path, "灯笼.csv", as_csv(TABLE))
    code, out, _ = run(
        "kb", "import", path, "--preview", "--column", "不用=G", "--column", "备注=A", "--json"
    )
    data = json.loads(out)
    assert code == 0
    left = [u for u in data["unread"] if u["why"] == "按手工对应，不用这一列"]
    assert [u["text"] for u in left] == ["甲", "乙", "丙"]
    assert (data["violations"], data["amounts"]) == (1, 3)


def test_findings_of_one_sort_are_told_once(run: Run, tmp_path: Path) -> None:
    basis = "《示例县灯笼条例》第三条：处一万元以上九万元以下罚款"
    rows = [
        f"{n} | 挂灯{n}盏的 | {basis} | 从轻 | 少 | 一万元以上{n}万元以下罚款\n"
        f"^ | ^ | ^ | 从重 | 多 | {n}万元以上九万元以下罚款"
        for n in range(2, 8)
    ]
    table = "序号 | 违法行为 | 处罚依据 | 阶次 | 情节 | 裁量标准\n" + "\n".join(rows)
    path = file(tmp_path, "灯笼.xlsx", as_xlsx(table))
    _, out, _ = run("kb", "import", path, "--preview")
    lines = out.splitlines()
    (first,) = [n for n, line in enumerate(lines) if line.startswith("[B3]")]
    assert "同样的共 6 处" in lines[first + 1]
    _, out, _ = run("kb", "import", path, "--preview", "--json")
    assert [f["code"] for f in json.loads(out)["findings"]].count("B3") == 6


def test_the_screen_says_what_is_done_and_stopping_stores_nothing(root: Path, tmp_path: Path) -> None:
    """Ctrl-C while a long table is checked: the line of progress was there, no draft is."""
    rows = [
        f"{n} | 挂灯{n}盏的 | 《示例县灯笼条例》第三条 | 从轻 | 少 | 一万元以上三万元以下罚款"
        for n in range(20000)
    ]
    table = "序号 | 违法行为 | 处罚依据 | 阶次 | 情节 | 裁量标准\n" + "\n".join(rows)
    path = file(tmp_path, "灯笼.csv", as_csv(table))
    call = [sys.executable, "-c", MAIN, "--home", str(tmp_path / "home"), "kb"]
    subprocess.run([*call, "stats"], cwd=root, check=True, capture_output=True)
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*call, "import", str(path), "--by", "甲"], cwd=root, stdout=subprocess.DEVNULL, stderr=theirs
    ) as child:
        os.close(theirs)
        said = b""
        until = time.monotonic() + 60
        while "正在".encode() not in said and time.monotonic() < until:
            said += os.read(ours, 4096)
        assert "正在".encode() in said
        child.send_signal(signal.SIGINT)
        assert child.wait(30) == 130
    os.close(ours)
    shown = subprocess.run([*call, "drafts", "--json"], cwd=root, check=True, capture_output=True, text=True)
    assert json.loads(shown.stdout) == {"drafts": []}
