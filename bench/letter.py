"""The letter that `bench/fill.py` fills: four pages, 46 fields, in two tag dialects of the same text.

An evidence table that loops, a table of the party, header and footer, three conditional paragraphs, and three
tags that Word's spelling check has split over two runs. Text and persons are made up for this file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

PROBE = "fact"
PROBE_BEFORE, PROBE_AFTER = "经查：", "。（查明部分完）"


@dataclass(frozen=True)
class Dialect:
    """How a tool writes a field, a condition's two ends, and the ends of a loop over rows."""

    name: str
    field: str
    begin: str
    end: str
    row_begin: str
    row_end: str
    row_field: str
    loop_in_row: bool


JINJA = Dialect(
    name="jinja",
    field="{{{{ {} }}}}",
    begin="{{%p if {} %}}",
    end="{{%p endif %}}",
    row_begin="{%tr for each in evidence %}",
    row_end="{%tr endfor %}",
    row_field="{{{{ each.{} }}}}",
    loop_in_row=False,
)
CURLY = Dialect(
    name="curly",
    field="{{{}}}",
    begin="{{#{}}}",
    end="{{/{}}}",
    row_begin="{#evidence}",
    row_end="{/evidence}",
    row_field="{{{}}}",
    loop_in_row=True,
)

# (kind, text): [name] is a field; "if:name" is a paragraph that stands only where the name is true.
LETTER = [
    ("title", "[organ]"),
    ("title", "行政处罚决定书"),
    ("right", "[number]"),
    ("party", ""),
    ("text", "案由：[cause]"),
    (
        "text",
        "[filed_on]，本机关对[party]涉嫌[cause]立案。[inspected_on]，执法人员[officer_a]（证号[officer_a_id]）和"
        "[officer_b]（证号[officer_b_id]）凭[lead]到[place]检查，向在场人员出示了执法证件，说明来意并告知可以申请回避，"
        "在场人员表示不申请。检查中制作笔录、拍摄照片，并依法提取了账册和单据。",
    ),
    ("probe", f"{PROBE_BEFORE}[{PROBE}]{PROBE_AFTER}"),
    ("text", "上述行为自[lasted]，货值合计[goods_value]元，所得合计[gains]元，计算方法和单据附卷。"),
    ("text", "认定以上事实的证据列表如下："),
    ("evidence", ""),
    (
        "text",
        "各项证据取得的程序合法，内容相互一致，经[party]核对无异议后签名盖章，可以作为认定本案事实的根据。对与本案无关的材料，"
        "本机关未予采用，已当场退还。",
    ),
    (
        "text",
        "本机关认为，当事人违反了[violated]。该条要求：[violated_gist]。当事人有能力遵守而没有遵守，应当承担相应的责任。",
    ),
    (
        "text",
        "[noticed_on]，本机关送达[notice_number]号告知书，写明拟处罚的内容、事实、理由和依据，以及陈述、申辩和要求听证的权利。"
        "[reply]。本机关对当事人提出的意见逐项作了复核，复核记录附卷。",
    ),
    ("if:heard", "应当事人要求，本机关于[heard_on]公开举行听证。听证报告的结论是：[hearing_result]。"),
    (
        "text",
        "处罚依据为[basis]，其内容是：[basis_gist]。比照[benchmark]，本案属于“[tier]”一档，理由是：[reasons]。负责人集体讨论时"
        "对事实、证据、定性和幅度逐项发表了意见，一致同意按上述档次处理。",
    ),
    ("if:lenient", "另查，当事人[lenient_facts]，符合从轻处罚的条件，本机关在幅度以内从低确定数额。"),
    ("text", "据此，本机关责令当事人立即改正，并作出如下处罚："),
    ("text", "（一）[first_penalty]；"),
    ("text", "（二）罚款[fine_capitals]（[fine]元）。"),
    (
        "text",
        "当事人应当在收到本决定书后[pay_days]日内，把罚款交到[bank]，户名[account_name]，账号[account]，附言写明本决定书文号。"
        "到期不交的，本机关可以按日加处罚款，加处的总额以罚款本数为限；仍不履行的，将申请人民法院强制执行。",
    ),
    ("if:instalments", "鉴于当事人一时周转困难，经其书面申请，准许按以下办法分期交纳：[instalment_plan]。"),
    (
        "text",
        "对本决定不服的，可以在收到之日起六十日内向[reconsideration]申请行政复议，也可以在六个月内向[court]提起行政诉讼。"
        "复议或者诉讼期间，除法律另有规定外，本决定照常执行。",
    ),
    (
        "text",
        "本机关将依照有关规定公开本决定的内容，涉及商业秘密和个人隐私的部分除外。当事人履行完毕并满足条件的，可以依照规定申请信用修复，"
        "办理的地点和所需材料可向承办机构查询。",
    ),
    ("text", "本决定书印制[copies]份，当事人、承办机构和案卷各存其一。"),
    ("right", "[organ]（印章）"),
    ("right", "[decided_on]"),
]
PARTY = [
    ("当事人", "party", "统一社会信用代码", "credit_code"),
    ("法定代表人", "representative", "职务", "position"),
    ("住所", "address", "电话", "phone"),
]
EVIDENCE = {"no": "序号", "name": "证据", "origin": "来源", "proves": "证明内容"}
SPLIT = {"lasted", "notice_number", "account"}


def build(dialect: Dialect, path: Path) -> None:
    """Write the letter as a template of one dialect."""
    document = Document()
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    _fill(page.header.paragraphs[0], "[organ]　[number]", dialect, size=9)
    footer = page.footer.paragraphs[0]
    _fill(footer, "[organ]印制　第", dialect, size=9)
    number = OxmlElement("w:fldSimple")
    number.set(qn("w:instr"), "PAGE")
    footer._p.append(number)
    _run(footer, "页", size=9)
    for kind, text in LETTER:
        if kind == "party":
            _party_table(document, dialect)
        elif kind == "evidence":
            _evidence_table(document, dialect)
        elif kind.startswith("if:"):
            name = kind.removeprefix("if:")
            _run(document.add_paragraph(), dialect.begin.format(name))
            _paragraph(document, "text", text, dialect)
            _run(document.add_paragraph(), dialect.end.format(name))
        else:
            _paragraph(document, kind, text, dialect)
    document.save(str(path))


def _paragraph(document: Any, kind: str, text: str, dialect: Dialect) -> None:
    paragraph = document.add_paragraph()
    if kind == "title":
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _fill(paragraph, text, dialect, size=22, font="方正小标宋简体")
        return
    if kind == "right":
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    else:
        paragraph.paragraph_format.first_line_indent = Pt(32)
        paragraph.paragraph_format.line_spacing = Pt(28)
    _fill(paragraph, text, dialect)


def _party_table(document: Any, dialect: Dialect) -> None:
    table = document.add_table(rows=0, cols=4)
    table.style = "Table Grid"
    for left, left_field, right, right_field in PARTY:
        words = (left, f"[{left_field}]", right, f"[{right_field}]")
        for cell, text in zip(table.add_row().cells, words, strict=True):
            _fill(cell.paragraphs[0], text, dialect, size=12)


def _evidence_table(document: Any, dialect: Dialect) -> None:
    table = document.add_table(rows=0, cols=4)
    table.style = "Table Grid"

    def row(words: Iterable[str], bold: bool = False) -> None:
        for cell, text in zip(table.add_row().cells, words, strict=True):
            _run(cell.paragraphs[0], text, size=12, bold=bold)

    row(EVIDENCE.values(), bold=True)
    fields = [dialect.row_field.format(name) for name in EVIDENCE]
    if dialect.loop_in_row:
        row([dialect.row_begin + fields[0], *fields[1:-1], fields[-1] + dialect.row_end])
    else:
        row([dialect.row_begin, "", "", ""])
        row(fields)
        row([dialect.row_end, "", "", ""])


def _fill(paragraph: Any, text: str, dialect: Dialect, *, size: int = 16, font: str = "仿宋_GB2312") -> None:
    for piece in re.split(r"(\[\w+\])", text):
        name = piece.strip("[]")
        if not piece.startswith("["):
            _run(paragraph, piece, size=size, font=font)
        elif name in SPLIT:
            tag = dialect.field.format(name)
            _run(paragraph, tag[: len(tag) // 2], size=size, font=font)
            error = OxmlElement("w:proofErr")
            error.set(qn("w:type"), "spellStart")
            paragraph._p.append(error)
            _run(paragraph, tag[len(tag) // 2 :], size=size, font=font)
        else:
            _run(paragraph, dialect.field.format(name), size=size, font=font)


def _run(paragraph: Any, text: str, *, size: int = 16, font: str = "仿宋_GB2312", bold: bool = False) -> None:
    if not text:
        return
    run = paragraph.add_run(text)
    run.bold = bold or None
    run.font.size = Pt(size)
    run.font.name = "Times New Roman"
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)


_EVIDENCE = [
    ("检查笔录一份", "执法人员现场制作", "检查的经过、在场人员和现场物品的名称、数量与存放位置"),
    ("照片二十四张", "执法人员现场拍摄", "现场物品的外观、标签和陈列情况，与笔录所记一致"),
    (
        "询问笔录三份",
        "执法人员制作，被询问人逐页签名",
        "进货、销售的时间、数量和价格，以及当事人对行为性质的认识",
    ),
    ("营业执照复印件", "当事人提供，与原件核对无误", "当事人的名称、住所、负责人和经营范围"),
    ("进货单据六份", "当事人提供", "物品的来源、单价和数量，用以计算货值"),
    ("收款记录十一页", "支付平台调取", "销售的笔数与金额，用以计算所得"),
    ("检测报告（编号 J-0417）", "受托检测机构出具", "送检样品的项目、限量 <0.5 mg/kg 与实测值 & 结论"),
    ("送达回证二份", "执法人员制作", "各项文书送达的日期、地点和签收人"),
]


def data(index: int) -> dict[str, Any]:
    """The data of letter number ``index``: the same case, another party and number each time."""
    return {
        "organ": "示例县市场监督管理局",
        "number": f"示市监罚〔2026〕{index + 1}号",
        "cause": "经营超过保质期的食品",
        "party": f"示例县百味斋食品商行第{index + 1}门店",
        "credit_code": "92330000MA00000X0X",
        "representative": "周某",
        "position": "经营者",
        "address": "示例县城关镇某路18号 <1-2层> & 后院库房",
        "phone": "0000-0000000",
        "filed_on": "2026年3月4日",
        "inspected_on": "2026年3月2日",
        "officer_a": "吴某",
        "officer_a_id": "00010021",
        "officer_b": "郑某",
        "officer_b_id": "00010035",
        "lead": "群众举报（登记号2026-0088）",
        "place": "示例县城关镇某路18号一层营业区",
        "fact": "货架上陈列有超过保质期的瓶装调味汁三十一瓶，另有同批次九十六瓶已经卖出",
        "lasted": "2025年12月9日起至2026年3月2日止",
        "goods_value": "1,905.00",
        "gains": "1,440.00",
        "violated": "《中华人民共和国食品安全法》第三十四条第（十）项",
        "violated_gist": "经营者不得销售已过保质期限的食品",
        "noticed_on": "2026年4月13日",
        "notice_number": f"示市监罚告〔2026〕{index + 1}",
        "reply": "当事人在规定的期间内提交了书面说明，请求从轻处理，未要求听证",
        "heard": False,
        "heard_on": "2026年4月27日",
        "hearing_result": "事实清楚，维持原拟处理意见",
        "basis": "《中华人民共和国食品安全法》第一百二十四条第一款第（五）项",
        "basis_gist": "没收所得和涉案食品，货值不满一万元的，在五万元至十万元之间处以罚款",
        "benchmark": "《示例省市场监督管理裁量基准》食品类第十二项",
        "tier": "从轻",
        "reasons": "货值较小，持续时间不满三个月，未接到食用后不适的报告，检查后随即下架并通知已购顾客退货",
        "lenient": True,
        "lenient_facts": "主动召回已售出的部分产品，如实交代进货渠道，并提供了上游供货人的线索",
        "first_penalty": "没收所得1,440.00元和尚未售出的调味汁三十一瓶",
        "fine_capitals": "伍万元整",
        "fine": "50,000.00",
        "pay_days": "十五",
        "bank": "示例银行示例县支行营业部",
        "account_name": "示例县财政局非税收入专户",
        "account": "0000 1111 2222 3333 444",
        "instalments": True,
        "instalment_plan": "分三期，每期间隔两个月，首期不少于二万元",
        "reconsideration": "示例县人民政府",
        "court": "示例县人民法院",
        "copies": "三",
        "decided_on": "2026年5月20日",
        "evidence": [
            dict(zip(EVIDENCE, (str(no), *row), strict=True)) for no, row in enumerate(_EVIDENCE, 1)
        ],
    }


if __name__ == "__main__":
    scalars = [name for name, value in data(0).items() if isinstance(value, str)]
    print(len(scalars), "fields")
