"""The case file as a form: one table says how every field of CASE.yaml is asked.

A value travels under its path (``violations.0.act.start``), so the form, CASE.yaml and the faults of
`generator.casefile` name the same place. Every field of the case file is in the table (a test compares), so a
file that is opened in the form loses nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import get_args

from generator.papers import GOODS_STATUS, MODES
from generator.procedure import TRAITS

Options = tuple[tuple[str, str], ...]
YES_NO: Options = (("true", "是"), ("false", "否"))


@dataclass(frozen=True, slots=True)
class Ask:
    """One field. ``path`` has ``*`` for a row number; ``widget`` says how it is typed and read.

    Widgets: line, long, code, day, moment, when (a day, or a day and an hour), money, number, lines (one a
    line), choice, benchmark, leniency, type (a document type), own (what that type asks of its own).
    """

    path: str
    label: str
    widget: str = "line"
    help: str = ""
    options: Options = ()


@dataclass(frozen=True, slots=True)
class Rows:
    """Fields that repeat: ``path`` is the list, `asks` its members, `blank` how many empty rows to offer."""

    path: str
    label: str
    asks: tuple[Ask | Rows, ...]
    blank: int = 0


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the form; ``block`` is the part of the case file it fills (empty: always asked)."""

    title: str
    asks: tuple[Ask | Rows, ...]
    block: str = ""


_OWN = re.compile(r"papers\.\d+\.values\.")


def _choices(*values: str) -> Options:
    return tuple((v, v) for v in values)


PARTY_KINDS: Options = (("unit", "单位"), ("individual", "个人"), ("sole_trader", "个体工商户"))
GROUNDS: Options = (
    ("68(一)", "一百元以下（行政处罚法第六十八条第（一）项）"),
    ("68(二)", "事后难以执行（行政处罚法第六十八条第（二）项）"),
    ("69", "交通不便且当事人提出（行政处罚法第六十九条）"),
)


def _served(at: str, what: str = "") -> tuple[Ask, ...]:
    """How a paper (`what`) reached the party, asked where the paper itself is."""
    whose = f"{at}.served"
    when = "如 2026-11-03 10:00；只知道日期的只写日期，还没有送达的不填"
    return (
        Ask(f"{whose}.at", f"{what}送达时间", "when", help=when),
        Ask(f"{whose}.mode", f"{what}送达方式", "choice", options=_choices(*get_args(MODES))),
        Ask(f"{whose}.receiver", f"{what}收件人"),
        Ask(f"{whose}.relation", f"{what}收件人与当事人的关系"),
        Ask(f"{whose}.witness", f"{what}送达见证人"),
        Ask(f"{whose}.place", f"{what}送达地点"),
        Ask(f"{whose}.remark", f"{what}送达备注"),
    )


EVIDENCE = Rows(
    "violations.*.evidence",
    "证据",
    (
        Ask("violations.*.evidence.*.name", "证据名称"),
        Ask("violations.*.evidence.*.source", "来源"),
        Ask("violations.*.evidence.*.proves", "证明什么"),
        Ask("violations.*.evidence.*.favourable", "对当事人有利", "choice", options=YES_NO),
    ),
    blank=2,
)
MEASURES = Rows(
    "violations.*.measures",
    "罚款以外的处罚",
    (
        Ask("violations.*.measures.*.kind", "种类", help="按法条的写法，如 没收违法所得、警告"),
        Ask("violations.*.measures.*.object", "对象"),
        Ask("violations.*.measures.*.amount", "金额", "money"),
        Ask("violations.*.measures.*.value", "价值", "money"),
    ),
    blank=1,
)
GOODS = Rows(
    "goods",
    "物品",
    (
        Ask("goods.*.name", "名称"),
        Ask("goods.*.spec", "规格型号"),
        Ask("goods.*.unit", "单位"),
        Ask("goods.*.quantity", "数量", "money"),
        Ask("goods.*.place", "存放地点"),
        Ask("goods.*.value", "价值", "money"),
        Ask("goods.*.owner", "所有人"),
        Ask("goods.*.status", "状态", "choice", options=_choices(*get_args(GOODS_STATUS))),
        Ask("goods.*.paper", "由哪份文书采取", help="填那份文书的 key"),
        Ask("goods.*.disposal", "处理情况"),
        Ask("goods.*.disposed_on", "处理日期", "day"),
    ),
    blank=1,
)
PAPERS = Rows(
    "papers",
    "文书",
    (
        Ask("papers.*.type", "文书类型", "type", help="选定后列出这份文书自己的字段"),
        Ask("papers.*.key", "代号", "code", help="本案内不重复，如 seizure"),
        Ask("papers.*.number", "文号", "number", help="只写序号，或者写全文号"),
        Ask("papers.*.date", "日期", "day"),
        Ask("papers.*.party", "第几个当事人", "number"),
        Ask("papers.*.officers", "执法人员", "lines", help="每行一个姓名；不填则为本案全部执法人员"),
        Ask("papers.*.values.*", "本文书的字段", "own"),
        *_served("papers.*"),
        Ask("papers.*.void", "作废的理由"),
    ),
    blank=1,
)
PAYMENTS = Rows(
    "payments",
    "缴款",
    (
        Ask("payments.*.date", "到账日期", "day"),
        Ask("payments.*.amount", "金额", "money"),
        Ask("payments.*.party", "第几个当事人", "number"),
        Ask("payments.*.receipt", "票据号"),
        Ask("payments.*.banked", "当场收缴的交至银行日期", "day"),
    ),
    blank=1,
)
PROCEEDINGS = Rows(
    "proceedings",
    "复议、诉讼",
    (
        Ask("proceedings.*.kind", "种类", "choice", options=_choices("行政复议", "行政诉讼")),
        Ask("proceedings.*.party", "第几个当事人", "number"),
        Ask("proceedings.*.accepted", "受理日期", "day"),
        Ask("proceedings.*.ended", "收到结果的日期", "day"),
        Ask("proceedings.*.result", "结果"),
    ),
    blank=1,
)
OVERRIDES = Rows(
    "overrides",
    "提醒",
    (
        Ask("overrides.*.gate", "提醒的代码", "code", help="如 G12"),
        Ask("overrides.*.reason", "理由", "long"),
        Ask("overrides.*.by", "谁决定"),
    ),
    blank=1,
)
VIOLATION = Rows(
    "violations",
    "违法行为",
    (
        Ask("violations.*.benchmark", "违法行为", "benchmark", help="选定后列出要查明的事实"),
        Ask("violations.*.party", "第几个当事人", "number"),
        Ask("violations.*.conduct", "行为的简短说法", help="不填则用基准的说法"),
        Ask("violations.*.act.start", "违法行为开始", "day"),
        Ask("violations.*.act.end", "违法行为结束", "day", help="只有一天的，两处填同一天"),
        Ask("violations.*.found_on", "发现日期", "day"),
        Ask("violations.*.place", "违法地点"),
        Ask("violations.*.narrative", "查明的事实", "long"),
        Ask("violations.*.facts.*", "事实", "fact"),
        EVIDENCE,
        Ask("violations.*.violated", "违反条款", "lines", help="每行一条；不填则用基准所列"),
        Ask("violations.*.penalty_basis", "处罚依据", "lines", help="每行一条；不填则用基准所列"),
        Ask("violations.*.discretion.instrument", "裁量权基准文件"),
        Ask("violations.*.discretion.row", "基准序号"),
        Ask("violations.*.discretion.tier", "裁量阶次"),
        Ask("violations.*.discretion.reasons", "裁量理由", "lines", help="每行一条"),
        Ask("violations.*.correction", "责令改正的内容", "long"),
        Ask("violations.*.fine", "罚款", "money", help="写 50000 或者 5万"),
        MEASURES,
    ),
)
SECTIONS: tuple[Section, ...] = (
    Section(
        "案件",
        (
            Ask("id", "案件编号", "code", help="小写字母、数字、连字符，如 2026-food-001"),
            Ask("cause", "案由"),
            Ask("source", "案件来源"),
            Ask("filed", "立案日期", "day"),
            Ask("investigation", "调查经过", "long"),
        ),
    ),
    Section(
        "当事人",
        (
            Rows(
                "parties",
                "当事人",
                (
                    Ask("parties.*.kind", "类型", "choice", options=PARTY_KINDS),
                    Ask("parties.*.name", "姓名或者名称", help="个体工商户写经营者姓名"),
                    Ask("parties.*.trade_name", "字号"),
                    Ask("parties.*.code", "统一社会信用代码", "code"),
                    Ask("parties.*.sex", "性别", "choice", options=_choices("男", "女")),
                    Ask("parties.*.id_type", "证件类型", help="不填则为居民身份证"),
                    Ask("parties.*.id_number", "证件号码", "code"),
                    Ask("parties.*.born", "出生日期", "day", help="没有证件号码时填"),
                    Ask("parties.*.address", "住址或者住所"),
                    Ask("parties.*.representative", "法定代表人、负责人"),
                    Ask("parties.*.representative_title", "其称谓", help="不填则为法定代表人"),
                    Ask("parties.*.phone", "联系电话", "code"),
                ),
            ),
        ),
    ),
    Section("违法行为", (VIOLATION,)),
    Section(
        "执法人员",
        (
            Rows(
                "officers",
                "执法人员",
                (
                    Ask("officers.*.name", "姓名"),
                    Ask("officers.*.certificate", "执法证号", "code"),
                    Ask("officers.*.expires", "执法证有效期至", "day"),
                    Ask("officers.*.post", "职务"),
                ),
                blank=2,
            ),
        ),
    ),
    Section(
        "新旧法的选择",
        (
            Ask("law_choice.apply", "适用", "choice", options=(("旧", "旧法"), ("新", "新法"))),
            Ask("law_choice.reason", "理由", "long"),
        ),
        "law_choice",
    ),
    Section(
        "告知和听证",
        (
            Ask("notice.number", "告知书文号", "number", help="只写序号，或者写全文号"),
            Ask("notice.date", "告知日期", "day"),
            *_served("notice", "告知书"),
            Ask("notice.reply_by", "陈述申辩截止", "day"),
            Ask("notice.fine", "告知的罚款", "money", help="与决定不同时才填"),
            Rows(
                "notice.measures",
                "告知的罚款以外的处罚（与决定不同时才填）",
                (
                    Ask("notice.measures.*.kind", "种类"),
                    Ask("notice.measures.*.object", "对象"),
                    Ask("notice.measures.*.amount", "金额", "money"),
                    Ask("notice.measures.*.value", "价值", "money"),
                ),
                blank=1,
            ),
            Ask("notice.statement", "陈述申辩意见", "long"),
            Ask("notice.response", "复核意见", "long"),
            Ask("notice.waived", "放弃陈述申辩", "choice", options=YES_NO),
            Ask("notice.hearing.offered", "告知了听证权利", "choice", options=YES_NO),
            Ask("notice.hearing.reason", "应当告知听证的理由"),
            Ask("notice.hearing.requested", "申请了听证", "choice", options=YES_NO),
            Ask("notice.hearing.waived", "放弃听证", "choice", options=YES_NO),
            Ask("notice.hearing.held_on", "听证日期", "day"),
            Ask("notice.hearing.result", "听证结果", "long"),
        ),
        "notice",
    ),
    Section(
        "决定",
        (
            Ask("decision.number", "决定书文号", "number", help="只写序号，或者写全文号"),
            Ask("decision.date", "决定日期", "day"),
            *_served("decision", "决定书"),
            Ask("decision.deliberated_on", "集体讨论日期", "day"),
            Ask("decision.legal_review_on", "法制审核日期", "day"),
            Ask(
                "decision.traits",
                "审核、讨论的情形",
                "lines",
                help="每行一项：" + "；".join(get_args(TRAITS)) + "。都不是的写“无”",
            ),
        ),
        "decision",
    ),
    Section(
        "清单事项",
        (
            Ask("leniency.id", "适用的清单事项", "leniency", help="选定后逐项写明本案事实"),
            Ask("leniency.ticks.*", "条件", "tick"),
            Ask("leniency.education", "教育内容", "long"),
        ),
        "leniency",
    ),
    Section(
        "责令改正",
        (
            Ask("correction_order.number", "文号", "number"),
            Ask("correction_order.date", "日期", "day"),
            *_served("correction_order", "责令改正"),
            Ask("correction_order.deadline", "改正期限", "day"),
            Ask("correction_order.requirements", "改正要求", "lines", help="每行一条"),
            Ask("correction_order.basis", "责令改正的依据", "lines", help="每行一条"),
            Ask("correction_order.consequence", "逾期的后果", "long"),
        ),
        "correction_order",
    ),
    Section(
        "提示单",
        (
            Ask("guidance_note.number", "文号", "number"),
            Ask("guidance_note.date", "日期", "day"),
            *_served("guidance_note", "提示单"),
            Ask("guidance_note.advice", "提示的做法", "lines", help="每行一条"),
            Ask("guidance_note.deadline", "完成期限", "day"),
            Ask("guidance_note.follow_up", "后续安排", "long"),
        ),
        "guidance_note",
    ),
    Section(
        "当场处罚",
        (
            Ask("on_the_spot.number", "文号", "number"),
            Ask("on_the_spot.time", "处罚时间", "moment"),
            Ask("on_the_spot.place", "处罚地点"),
            Ask("on_the_spot.statement", "陈述申辩意见", "long"),
            Ask("on_the_spot.payment", "缴款方式", "choice", options=_choices("银行缴纳", "当场收缴")),
            Ask("on_the_spot.payment_ground", "当场收缴的理由", "choice", options=GROUNDS),
            *_served("on_the_spot", "当场处罚"),
        ),
        "on_the_spot",
    ),
    Section(
        "机关",
        (
            Ask("organ.name", "机关名称", help="本节不填的，用设置中的"),
            Ask("organ.address", "机关地址"),
            Ask("organ.phone", "机关电话", "code"),
            Ask("organ.postcode", "邮政编码", "code"),
            Ask("organ.contact", "联系人"),
            Ask("organ.entrusted.body", "受委托的组织"),
            Ask("organ.entrusted.paper", "委托书"),
            Ask("organ.entrusted.until", "委托期限至", "day"),
        ),
        "organ",
    ),
    Section(
        "缴款银行",
        (
            Ask("bank.name", "银行名称"),
            Ask("bank.address", "银行地址"),
            Ask("bank.account_name", "户名"),
            Ask("bank.account", "账号", "code"),
        ),
        "bank",
    ),
    Section(
        "救济途径",
        (
            Ask("remedies.reconsideration.name", "行政复议机关"),
            Ask("remedies.reconsideration.address", "行政复议机关地址"),
            Ask("remedies.court.name", "人民法院"),
            Ask("remedies.court.address", "人民法院地址"),
            Ask("remedies.online", "网上申请的地址"),
            Ask("remedies.first", "应当先申请行政复议的依据"),
        ),
        "remedies",
    ),
    Section("涉案物品", (GOODS,), "goods"),
    Section("本案的其他文书", (PAPERS,), "papers"),
    Section("罚款缴纳", (PAYMENTS,), "payments"),
    Section("复议和诉讼", (PROCEEDINGS,), "proceedings"),
    Section("不按提醒办理的理由", (OVERRIDES,), "overrides"),
    Section(
        "其他",
        (
            Ask("publish", "公开", "choice", options=YES_NO),
            Ask("annex", "附所引条文", "choice", options=YES_NO),
        ),
        "other",
    ),
)


def pattern(path: str) -> str:
    """``violations.0.act.start`` → ``violations.*.act.start``; names of facts, ticks, own fields too."""
    if _OWN.match(path):
        return "papers.*.values.*"
    steps = ["*" if step.isascii() and step.isdigit() else step for step in path.split(".")]
    if len(steps) > 1 and steps[-2] in ("facts", "ticks"):
        steps[-1] = "*"
    return ".".join(steps)


def every_ask(asks: tuple[Ask | Rows, ...]) -> Iterator[Ask]:
    for ask in asks:
        if isinstance(ask, Rows):
            yield from every_ask(ask.asks)
        else:
            yield ask


ASKS: Mapping[str, Ask] = {a.path: a for s in SECTIONS for a in every_ask(s.asks)}
