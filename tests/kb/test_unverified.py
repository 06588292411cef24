"""What nobody could verify stands nowhere as a fact: in no record, no template, no page of the docs."""

from __future__ import annotations

import re
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).resolve().parents[2]

UNVERIFIED = [  # what it is, and the words that would state it
    ("the 30/70 rule of market supervision", r"国市监法规〔2022〕2号|(?:最低|最高)的?(?:30|百分之三十)[%部]"),
    ("tables of the emergency departments", r"应急〔2024〕90号"),
    ("the culture instrument on discretion", r"文旅综执发〔2021〕11号"),
    ("the ecology instrument of 2019", r"环执法〔2019〕42号"),
    ("the agriculture notice", r"农业农村部公告第180号"),
    ("hearing thresholds", r"听证[^。；\n]{0,12}(?:一|二|五|十|二十|[0-9]+)万元"),
    ("the supervision regulations beyond their opening", r"行政执法监督条例》?第"),
    ("articles of the Fujian regulation", r"福建省行政执法条例》?第"),
    ("instruments of Fujian with amounts", r"福建省(?:城市市容|生态环境行政处罚裁量|安全生产行政处罚裁量)"),
    ("a named local court", r"(?:南安|晋江|泉州|石狮|惠安|洛江|丰泽|鲤城)[市县区]?(?:中级)?人民法院"),
    ("national scoring of case files", r"司法部[^。\n]{0,10}案卷评查标准"),
    ("retention of files", r"保管期限[^。\n]{0,8}(?:10|30|十|三十)年"),
    ("the payment-first rule of 1997", r"罚款收缴分离实施办法》?第九条第二款"),
    ("days of the transfer rule as working days", r"移送[^。；\n]{0,14}(?:3|三)个工作日"),
]


def texts() -> dict[str, str]:
    """Everything a user reads, by its path."""
    found = {}
    for folder in ("kb/content", "templates_docx", "docs"):
        for path in sorted((ROOT / folder).rglob("*")):
            name = path.relative_to(ROOT).as_posix()
            if path.suffix in (".yaml", ".md"):
                found[name] = path.read_text(encoding="utf-8")
            elif path.suffix == ".docx":
                with ZipFile(path) as docx:
                    parts = [docx.read(n).decode() for n in docx.namelist() if n.endswith(".xml")]
                found[name] = re.sub(r"<[^>]+>", "", "".join(parts))
    return found


@pytest.fixture(scope="module")
def shipped() -> dict[str, str]:
    found = texts()
    assert len(found) > 500
    assert any(name.endswith(".docx") for name in found)
    return found


@pytest.mark.parametrize("pattern", [p for _, p in UNVERIFIED], ids=[name for name, _ in UNVERIFIED])
def test_what_is_unverified_is_nowhere(pattern: str, shipped: dict[str, str]) -> None:
    found = {name: m[0] for name, text in shipped.items() if (m := re.search(pattern, text))}
    assert not found


@pytest.mark.parametrize(
    "said",
    [
        "《某意见》（国市监法规〔2022〕2号）",
        "从轻是最低的30%部分",
        "听证的较大数额是五万元",
        "《福建省行政执法条例》第十条",
        "泉州市中级人民法院",
        "移送公安机关应当在三个工作日内",
    ],
)
def test_the_patterns_can_find(said: str) -> None:
    assert any(re.search(pattern, said) for _, pattern in UNVERIFIED)
