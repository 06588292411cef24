"""The words that stand around a fine in a statute: verbs, persons, conditions, mentions; as patterns."""

from __future__ import annotations

import re
from functools import cache

from kb.money.amounts import AMOUNT, NUMBER
from kb.money.fines import BODY

_PERSON = (
    "单位|个人|人员|分子|人|企业|公司|机构|组织|者|员|社|户|公民|院|校|行|所|厂|店|船长|船舶"
    "|卖方|出租方|出让方|师|主|代表|其"
)
_SANCTION = r"(?:警告|通报批评|训诫|[^，；、或]*?(?:拘留|没收[^，；、]*|停业整顿))"
_WORDS = {
    # an amount in 元 or a ratio; a bare number may count anything
    "figure": rf"{NUMBER}(?:元|[倍%％‰‱])|[百千万]分之|等值|等额",
    "aside": r"^[（(][^（()）]{1,3}[)）]|[（(][^（()）]{5,}[)）]",
    # a comma that cuts no amount in two
    "cut": (
        rf"，(?!{NUMBER}(?:元|[倍%％‰]|以下)|(?:但是?|且)?(?:罚款)?(?:总?额|金额|数额)?(?:最高|最低)?"
        r"不得?(?:超过|低于|少于|高于))"
    ),
    # what stands behind a 罚款 that is talked about, not imposed
    "mention": (
        r"的?(?:罚款)?(?:数额|决定|金额|收缴|缴纳|幅度|限额|额|最高额|收据|指标|通知书|交付|以上)"
        r"|(?:或者[^，。；]{0,10})?的?(?:行政)?(?:处罚|处分)?(?:决定)?(?:的|时|前|之前|不服的?)(?=[，、]|$)"
        r"|、[^，；。]{1,30}的(?=，)"
    ),
    "suffered": (
        r"(?:所处|加处的?|缴纳的?|缴清|收缴的?|受到|受过|不再给予|可以设定[^，]*|被处(?!罚)以?[^，]*|抵缴|返还|代收|收取|收受|实施|作出)$"
    ),
    "imposed": r"(?<!加)(?:处|处以|予以|给予|可以|并处)(?:[^，。；：]{0,12}[、或者])?(?:一定数额的?)?$",
    "verb": (
        r"(?:并且?|可以?|应当|单处或者|或者?|分别|各|另|同时|再|均|视情节)*"
        r"(?:(?<![每一住出])处(?![置理分境]|罚(?!款)|所(?![需获收进出得造取生采销购交涉]))以?(?:罚款)?"
        r"|予以|给予)"
    ),
    "may": r"可以?(?:由[^处，]*|对[^处，]*|按[^，]*|根据[^，]*|视[^，]*|并|分别|各)*$",
    "whom": r"(?<![应相针核校绝反])对(?!外)(?P<who>[^对处，]+?)"
    r"(?:可以?|应当|并|分别|单|各|另|均|按.*|由.*|给予.*|予以.*|依法.*|或者?)*$",
    "person": (
        rf"(?<![应相针核校绝反])对(?!外|于|象|比|口)(?P<who>[^对处，]*?(?:{_PERSON}))"
        r"(?=处|给|予|可|并|分|各|单|另|应|按|均|视|没收|责令|吊销|暂扣|依|，|$)"
    ),
    "by": r"按(?P<per>次|日|辆|车|人次|人|件|头)(?:可以|并|均)*$",
    "counted": r"(?:按照?|以)(?P<what>[^，按]*每[^，]*)$",
    "standard": r"(?P<lead>.*?)(?:按照?|(?<!可)以|在)(?P<what>[^按]*)",
    "sanction": rf"(?:{_SANCTION}(?P<join>、|和|或者|或|，?可以并处|并处))+",
    "narrow": r"情节|逾期|拒不|没有|无违法|违法所得|货值|尚不|有违法",
    "result": r"造成|导致|后果|危害|拒绝|构成|无法",
    "gains": r"元|没有|无违法|无法|难以|有违法",
    "context": (
        r"(?:凡|对)?违反(?:了)?(?:本|前|《)[^，]*(?:规定|条例|办法|》)|[（(].[)）]|除.*外|(?:根据|视|按照?).*|自.*起"
    ),
    "measure": (
        r"^由|^对.*(?:责令|没收|予以|吊销|取缔|拆除|追究|处分)|^(?:并且?|可以?|应当|依法|同时|[^，]{0,20}(?:部门|机关|机构))*(?:责令|没收|给予|予以|吊销|暂扣|撤销"
        r"|取缔|追缴|退还|强制|通报|移送|承担|赔偿|限期|恢复|采取|收缴|扣留|禁止)"
    ),
    "condition": (
        r"的$|(?:之一|违|的)者$|^有(?:下列|前款).*(?:单位|个人|企业|机构|人员)$|^对.*行为$|^有.*(?:之一|行为|情形)$|时$|^(?:但|如果|因)?[^处]*(?:不足|超过|不满|未达到?)[^的处]*元$|^[^处]*以[上下]$"
    ),
    # what else a clause orders with an amount, or leaves to others
    "else": (
        "滞纳金|补种|补栽|赔偿|补缴|退还|退赔|返还|利息|加收|加处|收购|征收|保证金|批准|当场|听证|为限|由税务所决定|补偿|^超过.*的罚款$"
    ),
    "either": rf"(?P<base>.*?) {BODY} (?:的?罚款)? (?:或者?|、|和) (?P<more> .+)",
    "worth": r"(?P<lead>.*处以?)相当于?(?P<base>(?:(?!分之|[元倍%％‰]).){2,20}?)(?P<max>以下)?的?",
    "share": rf"数额的?(?=[^，；]*{NUMBER}|[百千]分) {BODY} (?= 直至 | [，；。] | $ )",
    "for": rf"对(?P<who>[^，；为]+)为 {BODY}",
    "listed": rf"(?:数额|幅度|金额|额) [，] (?:根据[^，]+，)? 对[^，；为]+为{AMOUNT}.*",
    "behind": rf"""
        (?P<opening> 的?(?:最高额|数额|幅度|金额|标准|额) (?:为|是|按照?|以)
                   | 的[，] (?:分别)? 按照? (?:罚款)?
                   | [，] (?:罚款)? (?:最高额|数额|金额|幅度|额) (?:为|是|按照?)
                   | (?= {NUMBER} 元 | 人民币 ) )
        (?P<base> [^，；。\d]{{0,30}}? ) {BODY}
        (?P<early>) (?P<tail> 的?计算 | (?: 的?标准 )? (?: 执行 )? ) (?P<late>) (?= [，；。] | $ )
    """,
}


_VERBOSE = ("either", "behind", "share", "for", "listed")


@cache
def word_pattern(name: str) -> re.Pattern[str]:
    """A pattern of the table above, compiled when a clause is first read."""
    return re.compile(_WORDS[name], re.VERBOSE if name in _VERBOSE else 0)


def has_figure(text: str) -> bool:
    """Whether a text holds an amount: a number with 元, or a ratio."""
    return bool(word_pattern("figure").search(text))
