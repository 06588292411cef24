"""What must precede what: the order of the papers as a table, a row an edge with the provision behind it.

否决: without the earlier paper the later one is barred, and nobody can pass it. 扣分: it may be passed with a
written reason. 提示: the earlier one is internal and may lie in the paper file; it is only mentioned, and not
in a case that lists no papers at all. An earlier paper that bears a later day than the one it must precede is
at least 扣分.
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
DECIDED = (*PENALTY, "no_penalty_decision", "unproven_decision")
ENFORCING = ("enforcement_decision", "substitute_decision", "immediate_substitute")
EVIDENCE = ("interview_record", "evidence_sheet", "electronic_record", "sampling_record", "testing_result")
"""Papers by which evidence is gathered. An inspection may also come after the decision, to see it obeyed."""

EDGES = (
    # 立案、调查
    Edge("prior_notice", ("filing_approval",), CFA + "第五十四条第二款", "扣分"),
    Edge("decision", ("filing_approval",), CFA + "第五十四条第二款", "扣分"),
    Edge("no_penalty_decision", ("filing_approval",), CFA + "第五十四条第二款", "扣分"),
    Edge("unproven_decision", ("filing_approval",), CFA + "第五十四条第二款", "扣分"),
    Edge("unproven_decision", ("investigation_report",), CFA + "第五十七条第一款", "提示"),
    Edge("case_withdrawal", ("filing_approval",), CFA + "第五十四条第二款"),
    Edge("interview_record", ("interview_notice",), CFA + "第五十五条第二款", "提示"),
    Edge("storage_notice", ("storage_approval",), CFA + "第五十六条", "提示"),
    Edge("storage_disposal", ("storage_notice",), CFA + "第五十六条"),
    Edge("testing_notice", ("testing_commission",), ACA + "第二十五条第三款", "提示"),
    Edge("testing_result", ("testing_commission",), ACA + "第二十五条第三款", "提示"),
    Edge("recheck_opinion", ("correction_order",), CFA + "第二十八条第一款", "扣分"),
    Edge("period_extension", ("filing_approval",), CFA + "第六十条"),
    Edge("suspend_investigation", ("filing_approval",), CFA + "第六十条"),
    Edge("resume_investigation", ("suspend_investigation",), CFA + "第六十条"),
    # 强制
    Edge("seizure_decision", ("seizure_approval",), ACA + "第十八条第（一）项", "提示"),
    Edge("seizure_extension", ("seizure_decision",), ACA + "第二十五条第一款"),
    Edge("seizure_release", ("seizure_decision",), ACA + "第二十八条第一款"),
    Edge("seal", ("seizure_decision",), ACA + "第二十六条第一款"),
    Edge("early_disposal", ("seizure_decision", "storage_notice"), ACA + "第二十六条第一款"),
    Edge("custody_letter", ("seizure_decision",), ACA + "第二十六条第二款"),
    # 告知、听证
    Edge("prior_notice", ("investigation_report",), CFA + "第五十七条第一款", "提示"),
    Edge("statement_record", ("prior_notice",), CFA + "第四十五条第一款", served=True),
    Edge("statement_waiver", ("prior_notice",), CFA + "第六十二条", served=True),
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
    Edge("amendment", DECIDED, CFA + "第五十九条第一款", "扣分"),
    Edge("major_catalogue", (*DECIDED, "seizure_decision"), CFA + "第四十七条"),
    Edge("service_announcement", (*DECIDED, "prior_notice", "urge_letter"), CFA + "第六十一条第一款", "扣分"),
    Edge("deferral_application", PENALTY, CFA + "第六十六条第二款", "提示"),
    Edge("deferral_approval", PENALTY, CFA + "第六十六条第二款", served=True),
    Edge("deferral_notice", PENALTY, CFA + "第六十六条第二款", served=True),
    Edge("surcharge_notice", PENALTY, CFA + "第七十二条第一款第（一）项", served=True),
    Edge("urge_letter", (*PENALTY, "correction_order"), ACA + "第三十五条", served=True),
    Edge("enforcement_decision", ("urge_letter",), ACA + "第三十七条第一款", served=True),
    Edge("substitute_decision", ("urge_letter",), ACA + "第五十条", served=True),
    Edge("court_application", ("urge_letter",), ACA + "第五十四条", served=True),
    Edge(
        "enforcement_suspension",
        ("enforcement_decision", "substitute_decision", "court_application"),
        ACA + "第三十九条第一款",
        "扣分",
    ),
    Edge("enforcement_agreement", PENALTY, ACA + "第四十二条第一款", served=True),
    # 移送、结案
    Edge("crime_transfer", ("crime_approval",), CRIME + "第五条第一款", "扣分"),
    Edge("crime_goods_list", ("crime_transfer", "crime_approval"), CRIME + "第六条第（三）项", "提示"),
    Edge("goods_transfer_notice", ("crime_transfer",), ACA + "第二十一条", "提示"),
    Edge(
        "goods_disposal", (*DECIDED, "seizure_release", "storage_disposal"), CFA + "第七十四条第一款", "扣分"
    ),
    Edge(
        "closing_approval",
        (*DECIDED, "case_withdrawal", "crime_transfer", "case_transfer"),
        CFA + "第五十七条第一款",
    ),
)
"""The order the law fixes. An organ's own order is the setting ``procedure/order``."""

FREE = (
    "lead_register",  # 案件来源登记表
    "acceptance_receipt",  # 受理凭证
    "filing_approval",  # 立案（不予立案）审批表
    "jurisdiction_notice",  # 指定管辖通知书
    "jurisdiction_talks",  # 管辖协商记录
    "case_transfer",  # 案件移送函
    "recusal_application",  # 回避申请书
    "recusal_decision",  # 回避决定书
    "tip_reply",  # 举报告知
    "inspection_approval",  # 行政检查审批表
    "inspection_notice",  # 行政检查通知书
    "inspection_record",  # 现场（检查、勘验）笔录
    "interview_notice",  # 询问通知书
    "address_confirmation",  # 送达地址确认书
    "materials_notice",  # 限期提供材料通知书
    "evidence_sheet",  # 证据提取单
    "electronic_record",  # 电子数据提取笔录
    "sampling_record",  # 抽样取证凭证
    "testing_commission",  # 检测、检验、鉴定委托书
    "storage_approval",  # 先行登记保存证据审批表
    "assistance_letter",  # 协助调查函
    "correction_order",  # 责令改正通知书
    "guidance_note",  # 行政执法提示单
    "seizure_approval",  # 查封（扣押）审批表
    "investigation_report",  # 案件调查终结报告
    "power_of_attorney",  # 授权委托书
    "on_the_spot_decision",  # 当场行政处罚决定书：告知写在决定书上
    "immediate_substitute",  # 立即代履行决定书：不经催告（行政强制法第五十二条）
    "service_receipt",  # 送达回证
    "refusal_note",  # 留置送达说明
    "education_record",  # 教育记录
    "crime_approval",  # 移送涉嫌犯罪案件审批表
    "publication_summary",  # 行政处罚信息公示表
    "dossier_cover",  # 卷宗封面
    "dossier_index",  # 卷内文件目录
    "dossier_note",  # 卷内备考表
    "entrustment_agreement",  # 委托书
    "risk_assessment",  # 执法风险评估表
    "interference_record",  # 干预执法记录表
)
"""Papers that wait for no other."""

READ = {
    "inspection_record": ("started", "finished"),
    "interview_record": ("started", "finished"),
    "sampling_record": ("started", "finished"),
    "hearing_record": ("started", "finished", "host"),
    "hearing_notice": ("host", "held_at"),
    "legal_review": ("reviewer", "passed"),
    "testing_notice": ("from", "until"),
    "storage_notice": ("until",),
    "seizure_decision": ("until",),
    "seizure_extension": ("until",),
    "period_extension": ("until", "basis"),
    "deferral_notice": ("until", "instalments"),
    "seizure_approval": ("urgent_at", "approved_at"),
    "crime_approval": ("reported_on", "approved_at"),
    "crime_transfer": ("police_filed_on",),
    "deliberation": ("members", "opinions"),
    "enforcement_decision": ("started", "finished", "urgent", "method", "spares_homes", "announcement"),
    "substitute_decision": ("started", "finished", "urgent"),
    "immediate_substitute": ("presence", "informed_at"),
    "urge_letter": ("purpose",),
    "decision_change": ("published", "withdrawn_on"),
}
"""Own fields that gates and deadlines read, by these names: times, days, persons, `passed` 是 or 否, rows of
``date`` and ``amount``. A type may leave one optional; what isn't written isn't counted."""
