"""The dossier: archive order, the two volumes, page ranges, one .docx that keeps every paper's look."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from docx import Document as open_docx
from docx.oxml.ns import qn

from app.api.dossiers import contents, dossier_of
from casework import attachments, dossier, printing
from casework.dossier import BY_HAND, NO_PRINTER, whole
from casework.merging import merged
from casework.office.recordings import add as add_recording
from casework.printing import NoPdf, pages, pdfs
from generator.docx_text import read_docx
from generator.invariants import broken
from kb.errors import BadValue, WrongUse
from tests.casework.conftest import AT, Office
from tests.casework.walk_kit import walk

Body = Callable[..., dict[str, Any]]
ON = AT.date()


class Desk:
    """The base that `app.api` asks for: the store of the office and its snapshot."""

    def __init__(self, office: Office) -> None:
        self.store = office.cases.store
        self._base = office.base

    def snapshot(self) -> Any:
        return self._base


@pytest.fixture
def no_office(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without LibreOffice."""
    monkeypatch.setattr(printing, "soffice", lambda: "")


def bind(office: Office, id: str) -> dossier.Dossier:
    desk: Any = Desk(office)
    return dossier_of(desk, id, on=ON, filer="示例张", checker="示例李", retention="定期30年")


def text_of(data: bytes) -> str:
    return "\n".join(line.text for line in read_docx(data))


def short(body: dict[str, Any]) -> dict[str, Any]:
    """A case whose decision was served, so that it and its receipt can be told."""
    served = {"at": "2026-11-03 10:00", "place": "店内", "receiver": "示例王"}
    return body | {"decision": body["decision"] | {"served": served}}


def test_without_libreoffice_the_pages_are_left_for_the_hand(
    office: Office, body: Body, no_office: None
) -> None:
    id = walk(office, short(body()))
    made = bind(office, id)
    assert NO_PRINTER in made.notes
    assert [v.pages for v in made.volumes] == [None]
    papers = [i.paper.type for v in made.volumes for i in v.items]
    assert papers[:2] == ["decision", "service_receipt"], "the decision first, then its receipt"
    assert all(i.range == "" for v in made.volumes for i in v.items)
    data = whole(made, ".docx")
    assert broken(data) == []
    said = text_of(data)
    assert BY_HAND in said
    assert said.index("卷宗封面") < said.index("卷内文件目录") < said.index("卷内备考表")
    with pytest.raises(NoPdf, match="没有 LibreOffice"):
        whole(made, ".pdf")
    with pytest.raises(WrongUse, match=r"卷宗不能写成 \.odt"):
        whole(made, ".odt")


def test_scans_lie_beside_under_safe_names(office: Office, body: Body, no_office: None) -> None:
    id = office.create(body(decision__number=None))
    office.issue(id, "decision")
    with office.cases.writing(by="示例张", at=AT) as w:
        attachments.add_scan(w, "示综执罚〔2026〕1号", "../../\u202e签字.pdf", b"%PDF-1.4 x")
    made = bind(office, id)
    (name,) = made.beside
    assert re.fullmatch(r"扫描件/\d+-01-行政处罚决定书-示综执罚〔2026〕1号\.pdf", name)
    assert made.files()[name] == b"%PDF-1.4 x"
    assert "扫描件1份" in text_of(made.volumes[0].docx)


def test_a_case_without_a_penalty_says_what_became_of_it(office: Office, body: Body, no_office: None) -> None:
    made = bind(office, walk(office, body("noise-first-time")))
    assert "不予行政处罚" in text_of(made.volumes[0].docx)


def test_the_number_of_pages_is_that_of_the_paper() -> None:
    document = open_docx(io.BytesIO(letter("甲")))
    footer = document.sections[0].footer.paragraphs[0]
    field = footer._p.makeelement(qn("w:fldSimple"), {qn("w:instr"): " NUMPAGES "})
    run = field.makeelement(qn("w:r"), {})
    text = run.makeelement(qn("w:t"), {})
    text.text = "1"
    run.append(text)
    field.append(run)
    footer._p.append(field)
    out = io.BytesIO()
    document.save(out)
    made = open_docx(io.BytesIO(merged([(out.getvalue(), 3), (out.getvalue(), None)])))
    first, second = (s.footer.paragraphs[0] for s in made.sections)
    assert first.text == "3"
    assert "SECTIONPAGES" in second._p.xml
    assert "NUMPAGES" not in first._p.xml + second._p.xml.replace("SECTIONPAGES", "")


def test_the_recordings_of_the_register_stand_on_the_last_sheet(
    office: Office, body: Body, no_office: None
) -> None:
    id = office.create(body(decision__number=None))
    office.issue(id, "decision")
    cells = {"file": "VID_0001.mp4", "sha256": "0" * 64, "device": "执法记录仪01", "officer": "示例张"}
    times = {"start": "2026-09-08 09:08", "end": "2026-09-08 10:30", "place": "音像库"}
    with office.cases.writing(by="示例张", at=AT) as w:
        add_recording(w, id, cells | times)
    made = bind(office, id)
    assert [r.partition("，")[0] for r in made.recordings] == ["VID_0001.mp4"]
    assert "VID_0001.mp4" in text_of(made.volumes[0].docx)


def test_nothing_issued_nothing_to_bind(office: Office, body: Body) -> None:
    with pytest.raises(WrongUse, match="还没有签发的文书"):
        bind(office, office.create(body()))


def test_a_void_paper_is_not_bound_and_a_missing_one_is_told(
    office: Office, body: Body, no_office: None
) -> None:
    from casework.issuing import void

    id = office.create(body(decision__number=None))
    office.issue(id, "decision")
    with office.cases.writing(by="示例张", at=AT) as w:
        void(w, "示综执罚〔2026〕1号", "写坏")
    office.issue(id, "decision")
    made = bind(office, id)
    assert [i.paper.number_text for i in made.volumes[0].items] == ["示综执罚〔2026〕2号"]
    assert "《行政处罚告知书》写在案件里，没有签发" in made.missing


@pytest.mark.libreoffice
@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_the_whole_course_bound(office: Office, body: Body, soffice: str) -> None:
    id = walk(office, body("full-course"))
    made = bind(office, id)
    main, side = made.volumes
    assert (main.name, side.name) == ("正卷", "副卷")
    assert main.items[0].paper.type == "decision"
    assert {i.paper.type for i in side.items} >= {"filing_approval", "deliberation", "legal_review"}
    assert not {i.paper.type for i in main.items} & {"filing_approval", "deliberation", "legal_review"}
    for volume in made.volumes:
        at = 1
        for item in volume.items:
            assert item.first == at, "each paper begins where the one before ended"
            at += item.pages or 0
        assert volume.pages == at - 1
        assert item.range in text_of(volume.docx)
    data = whole(made, ".docx")
    assert [said for said in broken(data) if "pPr 的各项次序" not in said] == []
    printed = whole(made, ".pdf")
    sheets = pages(printed) - sum(v.pages or 0 for v in made.volumes)
    assert sheets >= 6, "cover, contents and last sheet of each volume"
    assert abs(pages(pdfs([data])[0]) - pages(printed)) <= 1
    assert any("执法记录仪" in r for r in made.recordings)
    desk: Any = Desk(office)
    listed = contents(desk, id, ON)
    assert [v["name"] for v in listed["volumes"]] == ["正卷", "副卷"]


# ---------------------------------------------------------------- several papers in one file


def letter(text: str, *, size: int = 0, header: str = "", font: str = "") -> bytes:
    document = open_docx()
    if size:
        from docx.shared import Pt

        document.styles["Normal"].font.size = Pt(size)
    if header:
        document.sections[0].header.paragraphs[0].text = header
    document.add_paragraph(text)
    document.add_paragraph("一", style="List Number")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_every_paper_keeps_its_header_its_size_and_its_list() -> None:
    data = merged([(letter("甲", size=16, header="甲眉"), 1), (letter("乙", size=9), 1), (letter("丙"), 1)])
    assert broken(data) == []
    document = open_docx(io.BytesIO(data))
    assert [s.header.paragraphs[0].text for s in document.sections] == ["甲眉", "", ""]
    assert all(s.start_type is not None for s in document.sections)
    sizes = {
        p.text: p.style.font.size.pt for p in document.paragraphs if p.text in "甲乙" and p.style.font.size
    }
    assert sizes == {"甲": 16, "乙": 9}
    starts = [s._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) for s in document.sections]
    assert starts == ["1", "1", "1"], "pages are counted anew in every paper"
    numbers = {
        p.style.element.pPr.numPr.numId.val
        for p in document.paragraphs
        if p.style.name.startswith("List Number")
    }
    assert len(numbers) == 3, "lists begin anew in every paper"


def test_a_landscape_section_inside_a_paper_stays() -> None:
    document = open_docx()
    document.add_paragraph("直")
    section = document.add_section()
    section.page_width, section.page_height = section.page_height, section.page_width
    document.add_paragraph("横")
    out = io.BytesIO()
    document.save(out)
    made = open_docx(io.BytesIO(merged([(letter("甲"), None), (out.getvalue(), None), (letter("乙"), None)])))
    wide = [s.page_width > s.page_height for s in made.sections]
    assert wide == [False, False, True, False]


def test_what_cannot_come_along_is_refused() -> None:
    document = open_docx()
    paragraph = document.add_paragraph("甲")
    run = paragraph.add_run()._r
    run.append(run.makeelement(qn("w:footnoteReference"), {qn("w:id"): "1"}))
    out = io.BytesIO()
    document.save(out)
    with pytest.raises(BadValue, match="脚注"):
        merged([(letter("乙"), None), (out.getvalue(), None)])
