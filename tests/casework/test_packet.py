"""The packet of a case: what goes in, what stays out and why, and names that are safe everywhere."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import PurePosixPath
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework import documents
from casework.packet import LIST, kept, packet, wanted
from casework.packing import file_name, plain, zipped
from casework.transfer import UNIT, clocks, transfer_pack
from generator.casefile import case_from
from kb.errors import WrongUse
from kb.snapshot import Snapshot
from tests.casework.conftest import AT, Office

Body = Callable[..., dict[str, Any]]
ON = AT.date()


def names(data: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return archive.namelist()


def test_every_paper_of_the_course_is_in_or_says_why_not(agency: Snapshot, body: Body) -> None:
    case = case_from(body("full-course"))
    made = packet(case, agency, decided=ON)
    assert len(made.sheets) + len(made.left) == len(list(wanted(case)))
    assert [x.to_dict() for x in made.left] == []
    assert names(made.zip())[0] == LIST
    assert len(names(made.zip())) == 1 + len(made.sheets)
    assert made.zip() == packet(case, agency, decided=ON).zip()


def test_a_stage_alone(agency: Snapshot, body: Body) -> None:
    made = packet(case_from(body("full-course")), agency, decided=ON, stage="告知")
    types = {s.type for s in made.sheets}
    assert "prior_notice" in types
    assert not types & {"decision", "filing_approval"}
    with pytest.raises(WrongUse, match="没有阶段“吃饭”"):
        packet(case_from(body()), agency, decided=ON, stage="吃饭")


def test_a_refused_paper_stays_out_and_the_list_says_why(agency: Snapshot, body: Body) -> None:
    case = case_from(body(notice__served=None, decision__served=None))
    made = packet(case, agency, decided=ON, stage="决定")
    assert [(x.type, "不能出具" in x.why) for x in made.left] == [("decision", True)]
    assert made.left[0].findings
    assert "行政处罚决定书" in made.listing().partition("没有收入 1 份")[2]
    drafts = packet(case, agency, decided=ON, stage="决定", draft=True)
    assert [s.state for s in drafts.sheets] == ["草稿"]
    assert len(drafts.left) == 1


def test_what_was_issued_goes_in_as_it_was_issued(office: Office, body: Body) -> None:
    id = office.create(body(decision__number=None, decision__served=None))
    paper = office.issue(id, "decision")
    data = documents.content(office.cases.store, paper.sha256)
    made = packet(
        office.cases.read(id).case, office.base, decided=ON, stage="决定", issued=kept([(paper, data)])
    )
    assert [(s.number, s.state, s.data == data) for s in made.sheets] == [(paper.number_text, "已签发", True)]


def test_one_letter_a_liable_party(agency: Snapshot, body: Body) -> None:
    one = body()
    second = one["parties"][0] | {"trade_name": "示例二店", "name": "示例乙"}
    one["parties"].append(second)
    one["violations"].append(one["violations"][0] | {"party": 2})
    found = [(w.kind.type, w.party) for w in wanted(case_from(one)) if w.kind.type == "decision"]
    assert found == [("decision", 1), ("decision", 2)]


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("../../etc/passwd", "etcpasswd"),
        ("C:\\窗口\\系统", "C窗口系统"),
        ("店\u202ecod.exe", "店cod.exe"),
        ("\x00\n ", "文件"),
        ("CON.", "CON"),
        ("一" * 300, "一" * 60),
    ],
)
def test_hostile_names(text: str, safe: str) -> None:
    assert plain(text) == safe
    assert len(file_name(1, text, text, text).encode()) <= 255


@given(st.lists(st.text(max_size=80), max_size=4))
def test_any_name_is_one_step_within_its_folder(pieces: list[str]) -> None:
    name = file_name(7, *pieces)
    assert PurePosixPath(name).name == name
    assert names(zipped({name: b"x"})) == [name]


def test_a_hostile_party_in_a_packet(agency: Snapshot, body: Body) -> None:
    case = case_from(body(parties__0__trade_name="../../../恶意\u202e<店>|*?"))
    for name in names(packet(case, agency, decided=ON, stage="告知").zip()):
        assert "/" not in name
        assert "\u202e" not in name


# ---------------------------------------------------------------- the pack for the police


def test_the_pack_for_the_police(agency: Snapshot, body: Body) -> None:
    case = case_from(body("suspected-crime"))
    made = transfer_pack(case, agency, on=date(2026, 8, 30))
    assert {"crime_transfer", "crime_goods_list"} <= {s.type for s in made.sheets}
    assert "crime_approval" not in {s.type for s in made.sheets}, "an internal paper stays in the house"
    said = "\n".join(made.notes)
    assert all(f"第六条第（{n}）项" in said for n in "一二三四五")
    assert "涉案物品清单（《行政执法机关移送涉嫌犯罪案件的规定》第六条第（三）项）：有" in said
    assert UNIT in made.notes, "the regulation fixes no unit, and the list says so"


def test_the_clocks_of_a_transfer(agency: Snapshot, body: Body) -> None:
    found = {d.name: d for d in clocks(case_from(body("suspected-crime")), agency)}
    assert set(found) <= {"crime_decision", "crime_transfer", "crime_goods"}
    assert found["crime_transfer"].moment is not None, "twenty-four hours are counted by the hour"
    assert (found["crime_decision"].day or date.min) - found["crime_decision"].start <= date(2, 1, 4) - date(
        2, 1, 1
    )


def test_no_pack_without_a_transfer(agency: Snapshot, body: Body) -> None:
    with pytest.raises(WrongUse, match="没有移送涉嫌犯罪的文书"):
        transfer_pack(case_from(body()), agency, on=ON)
