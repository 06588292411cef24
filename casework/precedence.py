"""What must precede what: the order of the papers as a table, a row an edge with the provision behind it.

否决: without the earlier paper the later one is barred, and nobody can pass it. 扣分: it may be passed with a
written reason. 提示: the earlier one is internal and may lie in the paper file; it is only mentioned. An
earlier paper with a later day than the one it must precede is at least 扣分.
"""

from __future__ import annotations

from dataclasses import dataclass

from kb.findings import Severity

CFA = "《中华人民共和国行政处罚法》"
ACA = "《中华人民共和国行政强制法》"
CRIME = "《行政执法机关移送涉嫌犯罪案件的规定》"


@dataclass(frozen=True, slots=True)
class Edge:
    """One arrow of the order.

    Attributes:
        paper: the later document type.
        after: the earlier ones; one of them is enough.
        basis: the provision that asks for the order.
        severity: what it means that none of them is there.
        served: the earlier one must have reached the party, not only be made.
    """

    paper: str
    after: tuple[str, ...]
    basis: str
    severity: Severity = "否决"
    served: bool = False


PENALTY = ("decision", "on_the_spot_decision")
DECIDED = (*PENALTY, "no_penalty_decision")

EDGES = (
    # 立案、调查
    Edge("prior_notice", ("filing_approval",), CFA + "第五十四条第二款", "扣分"),
    Edge("decision", ("filing_approval",), CFA + "第五十四条第二款", "扣分"),
    Edge("no_penalty_decision", ("filing_approval",), CFA + "第五十四条第二款", "扣分"),
    Edge("case_withdrawal", ("filing_approval",), CFA + "第五十四条第二款"),
    Edge("interview_record", ("interview_notice",), CFA + "第五十五条第二款", "提示"),
    Edge("storage_disposal", ("storage_notice",), CFA + "第五十六条"),
    Edge("testing_notice", ("testing_commission",), ACA + "第二十五条第三款", "提示"),
    Edge("recheck_opinion", ("correction_order",), CFA + "第二十八条第一款", "扣分"),
    Edge("resume_investigation", ("suspend_investigation",), CFA + "第六十条"),
    # 强制
    Edge("seizure_decision", ("seizure_approval",), ACA + "第十八条第（一）项", "提示"),
    Edge("seizure_extension", ("seizure_decision",), ACA + "第二十五条第一款"),
    Edge("seizure_release", ("seizure_decision",), ACA + "第二十八条第一款"),
    Edge("custody_letter", ("seizure_decision",), ACA + "第二十六条第二款"),
    # 告知、听证
    Edge("prior_notice", ("investigation_report",), CFA + "第五十七条第一款", "提示"),
    Edge("statement_record", ("prior_notice",), CFA + "第四十五条第一款", served=True),
    Edge("statement_review", ("prior_notice",), CFA + "第四十五条第一款", served=True),
    Edge("hearing_notice", ("prior_notice",), CFA + "第六十三条第一款", served=True),
    Edge("hearing_refusal", ("prior_notice",), CFA + "第六十三条第一款", served=True),
    Edge("hearing_record", ("hearing_notice",), CFA + "第六十四条第（二）项", served=True),
    Edge("hearing_report", ("hearing_record",), CFA + "第六十五条"),
    # 审核、决定
    Edge("legal_review", ("investigation_report",), CFA + "第五十八条第一款", "提示"),
    Edge("deliberation", ("investigation_report",), CFA + "第五十七条第二款", "提示"),
    Edge("decision_approval", ("investigation_report",), CFA + "第五十七条第一款", "提示"),
    Edge("decision", ("investigation_report",), CFA + "第五十七条第一款", "提示"),
    Edge("decision", ("prior_notice",), CFA + "第六十二条", served=True),
    Edge("decision", ("decision_approval",), CFA + "第五十七条第一款", "提示"),
    Edge("decision_change", DECIDED, CFA + "第四十八条第二款"),
    # 执行
    Edge("deferral_notice", PENALTY, CFA + "第六十六条第二款", served=True),
    Edge("surcharge_notice", PENALTY, CFA + "第七十二条第一款第（一）项", served=True),
    Edge("urge_letter", (*PENALTY, "correction_order"), ACA + "第三十五条", served=True),
    Edge("enforcement_decision", ("urge_letter",), ACA + "第三十七条第一款", served=True),
    Edge("substitute_decision", ("urge_letter",), ACA + "第五十条", served=True),
    Edge("court_application", ("urge_letter",), ACA + "第五十四条", served=True),
    Edge("enforcement_agreement", PENALTY, ACA + "第四十二条第一款", served=True),
    # 移送、结案
    Edge("crime_transfer", ("crime_approval",), CRIME + "第五条第一款", "扣分"),
    Edge(
        "closing_approval",
        (*DECIDED, "case_withdrawal", "crime_transfer", "case_transfer"),
        CFA + "第五十七条第一款",
    ),
)
"""The order the law fixes. An organ's own order is the setting ``procedure/order``."""
