"""What a review of a case file looks at (案卷评查): a table, a row a rule.

Points stand only where a published scheme gives them; a rule of one place is no rule of another, so each says
where it comes from. ``judge`` names how the program answers it; without one it is left to the hand.
"""

from __future__ import annotations

from dataclasses import dataclass

from kb.findings import Severity

LONGHUA = "深圳市龙华区案卷评查规则"
ECOLOGY = "生态环境执法案卷评查（环执法发〔2024〕4号，转引）"
CFA = "《中华人民共和国行政处罚法》"
NOTICES = ("prior_notice",)
DECISIONS = ("decision", "on_the_spot_decision")
OUTWARD = (*NOTICES, *DECISIONS)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    Attributes:
        points: taken off where it isn't met, as the source says; None where it gives none.
        judge: of `scoring`; ``codes``: the findings it looks for, in papers of ``types`` (all where empty).
    """

    id: str
    block: str
    text: str
    severity: Severity
    points: int | None
    source: str
    judge: str = ""
    codes: tuple[str, ...] = ()
    types: tuple[str, ...] = ()


RULES = (
    Rule("a1", "主体", "实施处罚的机关有主体资格，在职权范围之内", "否决", None, CFA + "第十七条", "organ"),
    Rule(
        "a2", "主体", "每次执法不少于两人，证件在有效期内", "否决", None, CFA + "第四十二条第一款", "officers"
    ),
    Rule(
        "a3",
        "主体",
        "受委托的组织不实施强制，在委托期限之内",
        "否决",
        None,
        CFA + "第二十条",
        "gates",
        ("G9", "G10"),
    ),
    Rule("b1", "当事人", "个体工商户写明字号和经营者", "扣分", 20, LONGHUA + "104", "sole_trader"),
    Rule(
        "c1",
        "事实",
        "每项违法行为写明时间、地点，有证据证明",
        "扣分",
        None,
        CFA + "第五十九条第一款第（二）项",
        "facts",
    ),
    Rule("c2", "证据", "对当事人有利的证据也收集", "扣分", None, CFA + "第五十四条第一款"),
    Rule("c3", "证据", "查明当事人有没有主观过错", "否决", None, ECOLOGY + "7"),
    Rule("c4", "证据", "全过程记录，音像记录与文书对应", "扣分", None, CFA + "第四十七条", "recordings"),
    Rule(
        "d1",
        "定性",
        "违反的规定写明条、款、项",
        "扣分",
        None,
        LONGHUA + "330、350",
        "findings",
        ("C2", "C6"),
        OUTWARD,
    ),
    Rule(
        "d2",
        "依据",
        "适用法律正确：现行有效，条、款、项没有写错，不只依据规范性文件",
        "否决",
        100,
        LONGHUA + "108",
        "findings",
        ("C4", "C5", "C8", "C17"),
        OUTWARD,
    ),
    Rule(
        "d3",
        "依据",
        "法律名称写全称，条文序号照原文",
        "扣分",
        None,
        "农业行政处罚文书规范（转引）",
        "findings",
        ("C1", "C3", "C10", "C11"),
    ),
    Rule("d4", "依据", "不滥用兜底条款", "否决", None, ECOLOGY + "11", "findings", ("C7", "C9"), OUTWARD),
    Rule(
        "e1", "裁量", "写明裁量基准和从轻、从重的理由", "扣分", None, LONGHUA + "331、351、360", "discretion"
    ),
    Rule(
        "e2",
        "裁量",
        "罚款在法定幅度和裁量阶次之内",
        "否决",
        None,
        CFA + "第三十四条",
        "findings",
        ("C12",),
        DECISIONS,
    ),
    Rule("f1", "程序", "文书齐全，先后不颠倒", "否决", None, CFA + "第三十八条第二款", "gates", ("G1",)),
    Rule("f2", "程序", "内部审批在前", "扣分", None, CFA + "第五十七条第一款", "gates", ("G2", "G20", "G21")),
    Rule(
        "f3",
        "程序",
        "应当听证的告知并举行听证",
        "否决",
        None,
        CFA + "第六十三条第一款",
        "gates",
        ("G4", "G5"),
    ),
    Rule(
        "f4",
        "程序",
        "陈述申辩、听证的期限届满后才作出决定",
        "否决",
        100,
        LONGHUA + "349",
        "gates+findings",
        ("G3", "C16"),
        DECISIONS,
    ),
    Rule("f5", "程序", "应当法制审核的经过审核", "否决", None, CFA + "第五十八条第一款", "gates", ("G6",)),
    Rule("f6", "程序", "审核意见回应各个要点", "扣分", None, LONGHUA + "345"),
    Rule("f7", "程序", "集体讨论的负责人不少于两人", "否决", 100, LONGHUA + "139", "deliberation"),
    Rule("f8", "程序", "讨论记录写明各人的意见和结论", "扣分", None, LONGHUA + "346至348"),
    Rule(
        "f9", "程序", "调查、审核、听证的人员分开", "否决", None, ECOLOGY + "18、21", "gates", ("G18", "G19")
    ),
    Rule(
        "f10", "程序", "在期限之内办理", "扣分", None, CFA + "第六十条", "gates", ("G12", "G13", "G14", "G27")
    ),
    Rule(
        "g1",
        "告知",
        "告知书写明具体的种类和数额，不写幅度",
        "否决",
        100,
        LONGHUA + "135",
        "findings",
        ("C12",),
        NOTICES,
    ),
    Rule(
        "g2",
        "告知",
        "告知的内容齐全，不重于告知的处罚",
        "否决",
        None,
        CFA + "第四十四条",
        "gates+findings",
        ("G8", "E1"),
        NOTICES,
    ),
    Rule(
        "g3",
        "告知",
        "写明具体的复议机关和法院",
        "否决",
        100,
        LONGHUA + "140",
        "findings",
        ("C15",),
        DECISIONS,
    ),
    Rule(
        "h1", "决定", "决定书内容齐全", "扣分", None, CFA + "第五十九条第一款", "findings", ("E1",), DECISIONS
    ),
    Rule("h2", "决定", "决定书不写“拟作出”", "否决", 100, LONGHUA, "findings", ("C14",), DECISIONS),
    Rule("h3", "决定", "写明履行方式、期限和加处罚款", "扣分", None, LONGHUA + "352、361"),
    Rule("i1", "送达", "送达记录写明时间、地点、签收人", "扣分", None, LONGHUA + "321", "service"),
    Rule("i2", "送达", "送达方式合法，不用电话送达", "否决", 100, LONGHUA + "144", "modes"),
    Rule("j1", "执行", "不履行的在期限之内申请法院强制执行", "扣分", None, LONGHUA + "505"),
    Rule("j2", "归档", "结案审批完整", "扣分", None, LONGHUA + "355至357", "closing"),
    Rule("j3", "归档", "更正之处盖校对章", "扣分", None, LONGHUA + "503"),
    Rule("j4", "归档", "委托书不写“全权委托”", "扣分", None, LONGHUA + "504", "whole_power"),
    Rule(
        "j5",
        "归档",
        "各份文书的当事人、条文、裁量基准、内容一致",
        "扣分",
        None,
        LONGHUA + "602",
        "findings",
        ("C13",),
    ),
    Rule("j6", "归档", "附有法律条文（加分项）", "提示", None, LONGHUA + "501", "annex"),
)
