"""The written forms: every pattern of the citation grammar, and the text they are matched against.

Patterns run over a *clean* text: white space and invisible characters are gone, except one line break where a
paragraph ends or a statute's own article begins. `Clean` leads every offset back to the source.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

# ---------------------------------------------------------------- numbers and levels

CHINESE = "〇○零一二三四五六七八九十百千两廿卅"
NUMBER = rf"(?:[0-9０-９]{{1,4}}|[{CHINESE}]{{1,9}})"
BRACKETED = rf"(?:[（(]{NUMBER}[)）]|[㈠-㈩⑴-⒇])"
MEMBER = rf"(?:{BRACKETED}|{NUMBER})"
RANGE = r"(?:至|到|[-–—－~～])"
JOIN = rf"(?:、|和|及|与|以及|或者?|{RANGE})"
LEVELS = ("条", "款", "项", "目")

# A level word is none where it begins another word: 条件, 款式, 项目, 目标.
LEVEL = r"条(?!件|约|例|幅)|款(?!式|项)|项(?!目)|目(?!标|录|前)|编(?!号|制|码)|章|节(?!日|能|约)"

# 第 + one number or a compact list (第一、二、三项; 第（一）至（三）项) + level (+ 之N).
GROUP = re.compile(
    rf"(?:(?P<di>第)|(?=[（(㈠-㈩⑴-⒇]))"
    rf"(?P<members>{MEMBER}(?:{JOIN}?第?{BRACKETED}|{JOIN}第?{NUMBER}){{0,40}})"
    rf"(?:(?:之(?P<inner>{NUMBER}))?(?P<level>{LEVEL})"
    rf"(?:(?<=条)之(?P<suffix>[0-9０-９]{{1,2}}|[一二三四五六七八九十]{{1,3}})(?!般|切|部|系|分|款|项))?"
    rf"|(?<=[)）㈠-㈩⑴-⒇])(?=[的之规、，,。；;和及与或等”’）)]|情形|\Z))"
)
FIRST_BARE_NUMBER = re.compile(r"(?P<members>[0-9０-９]{1,4})(?P<level>条(?!件|约|例))")
ONE_MEMBER = re.compile(rf"(?P<join>{JOIN})?第?(?P<value>{MEMBER})")
CHAPTERS = re.compile(rf"(?:第{NUMBER}(?:分编|编|章|节))*")
CHAPTERS_BEFORE = re.compile(rf"(?:第{NUMBER}(?:分编|编|章|节))+$")

# Between two provisions of one law: 、 和 ， 的规定和 至 …
CONTINUE = re.compile(
    rf"(?P<rule>(?:的|之)?规定)?"
    rf"(?:(?P<soft>[，,；;])?(?P<word>以及|和|及|与|或者|或|并)|(?P<comma>、)|(?P<pause>[，,；;])|(?P<range>{RANGE}))"
    rf"(?=第|[（(㈠-㈩⑴-⒇])"
)

# What follows a counted thing that is not a provision: 第三条道路, 第一款产品, 第二项工程.
NOT_PROVISION = {
    "条": re.compile(
        r"道路|路线|线路|路|河|街|巷|船|鱼|狗|裤|裙|微博|评论|短信|信息|消息|新闻|理由|建议|意见|措施|举措|经验"
        r"|生产线|流水线|生命|红线|底线|通道|航线|战线|管道|腿|命"
    ),
    "款": re.compile(
        r"产品|商品|车|手机|游戏|软件|应用|化妆品|食品|药|饮料|面膜|衣|鞋|包|型号|新品|机型|设备|酒|茶|保健|APP|app"
    ),
    "项": re.compile(r"工程|任务|措施|工作|业务|服务|指标|技术|内容|整改|检查|专利|纪录|成果|职责|建议"),
    "目": re.compile(r"\b\B"),
}

# ---------------------------------------------------------------- names of laws

KINDS = (
    "法典|办法|法|条例|规定|规则|细则|解释|规程|决定|通知|意见|标准|公告|批复|准则|基准|纪要"  # longest first
)
# 合同法 holds 同法, 基本法 holds 本法: neither points at another law.
PRONOUN = re.compile(
    rf"(?P<word>(?<![基日资成版样根])本|(?<!应)该|(?<![合共不相等雷协如])同|上述|前述)"
    rf"(?:实施|暂行)?(?P<kind>{KINDS})$"
)
SELF_KINDS = frozenset(("法典", "法", "条例", "办法", "规定", "规则", "细则", "解释", "规程"))
SELF_WORD = re.compile(
    r"(?<![基日资成版样根])本(?:法典|办法|法(?![院定人律规])|条例|规定|规则|细则|解释|规程)"
)
NOTES = re.compile(r"(?:[（(][^（）()\n]{0,120}(?:[（(][^（）()\n]{0,40}[)）][^（）()\n]{0,60})?[)）])*")
NOTES_BEFORE = re.compile(r"(?:[（(][^（）()\n]{0,80}[)）])+$")
# A note that belongs to the title: 刑法修正案（七）, …办法（试行）.
TITLE_NOTE = re.compile(r"[（(](?:[一二三四五六七八九十]{1,3}|试行|暂行)[)）]")
AFTER_TITLE = re.compile(r"[”’\"]?(?:中的|之中|中|的|里)?(?=第|[0-9０-９])")
DEFINITION = re.compile(
    r"(?:简称|下称|以下称|统称)(?:为)?[：:]?[《“\"‘「〈]*(?P<name>[^《》“”\"‘’「」〈〉（）()，；。、\n]{1,30})"
)
WRONG_MARKS = {
    "〉": "〈",
    ">": "<",
    "＞": "＜",
    "」": "「",
    "』": "『",
    "】": "【",
    "”": "“",
    '"': '"',
    "’": "‘",
}
NOT_LAW = re.compile(
    r"(?:合同|协议|协议书|通知书|决定书|告知书|笔录|报告|报告书|报告表|说明书|承诺书|章程|意见书|回证|申请书|委托书"
    r"|许可证|执照|证书|规约|登记表|审批表|鉴定书|确认书)$"
)
LAW_ENDING = re.compile(r"(?:法典|法|条例|规定|办法|规则|细则|解释|决定|规程|准则|案)$")

_VERBS = (
    "依照|依据|根据|按照|遵照|违反了|违反|触犯了|触犯|适用|属于|参照|比照|援引|引用|符合|不符合|执行|遵守|落实|对照"
    "|提出|认为|明确|关于|结合|查阅|学习|讲解|告知|涉嫌|构成|行使|收到|视为|视同|不服|参见|详见|如|即|系|按|依|据|照|是|指"
    "|新修订的|修订后的|修正后的|修改后的|现行的|所称的|现行|原|新|旧"
)
# A name found inside running text counts only where the words before it end like this.
BOUNDARY = re.compile(
    rf"(?:^|[、\[［)）]|{_VERBS}|除|有|无|在|将|把|对|以|其|由|或者|以及|并|具备|存在|审理|请求|提交|删去|修改"
    r"|(?:[条款项目》法例则]|规定|办法|解释)(?:和|与|及|或|同))$"
)
# An unknown name: from the last such word on, and what comes after a last 的.
UNKNOWN_NAME = re.compile(
    rf"(?:^|{_VERBS}|具备|存在|审理|请求|提交|删去|修改|或者|以及|的|(?<=[条款项目》法例])(?:和|与|及|或))"
    rf"(?:有|无|将|把|其|除)?"
    rf"(?P<name>(?:(?!{_VERBS}|具备|存在|审理|请求|提交|删去|修改|或者|以及|的)[一-龥〈〉（）]){{2,40}})$"
)
COUNTRY_NAME = re.compile(r"中华人民共和国(?:(?!中华人民共和国|境内|境外|公民|领域|领海)[一-龥〈〉]){1,40}$")
NOT_A_NAME = re.compile(
    r"(?:方法|做法|说法|看法|用法|想法|违法|合法|执法|司法|依法|非法|立法|守法|普法|国法|枉法|民间借贷法)$"
    r"|^(?:本|该|此|同|上述|前述|有关|相关|其他)"
)
DELIMITER = re.compile(r"[，。；：:;！？!?“”\"‘’《》【】「」『』…\n]")

# ---------------------------------------------------------------- what starts a look, and what is missing

TRIGGER = re.compile(
    rf"《|[“”\n]|第(?:{MEMBER})(?:{JOIN}第?(?:{MEMBER})){{0,40}}(?:之{NUMBER})?条(?!件|约|例|幅)"
    r"|(?:本|该|同|上述|前述)(?:条|款)(?=第|[（(])|前款|前条"
)
CATCH_ALL = re.compile(
    r"(?<=[》条款项目法例])等(?:有关|相关)?(?:的)?(?:法律|法规|规章|行政法规|、)*(?:的)?(?:有关|相关)?(?:规定|条款)"
    r"|(?:依照|依据|根据|违反了?)(?:国家)?(?:有关|相关)(?:的)?(?:法律|法规|规章|、|和|及)+(?:的)?(?:有关|相关)?(?:规定)"
    r"|(?<=》)(?:的)?(?:有关|相关)(?:的)?(?:规定|条款)"
)
RULE_FOLLOWS = re.compile(r"[）)]?(?:的|之|中的)?(?:有关|相关)?规定")
BASIS_BEFORE = re.compile(r"(?:违反了?|依据|根据|依照|按照|适用)$")
SPLICE_BEFORE = re.compile(r"(?:违反了?|依据|根据|依照|按照|适用|符合|属于|触犯了?|和|、|，|以及|及|与)$")
INTRODUCES_QUOTE = re.compile(r"(?:规定|[：:，,]|[条款项目]|明确|指出|载明|称|为)$")

# ---------------------------------------------------------------- the clean text

_SPACE = re.compile(r"[\s\u00ad\u200b-\u200f\u2060\ufeff]+")
# A statute's own article: 第五条 at the start of a line, then a space or a colon, then its text.
_HEADING = re.compile(
    rf"[#*]*第{NUMBER}条(?:之{NUMBER})?[*]*"
    r"(?:[ \t　\u2002\u2003]+(?![第的之、，。；和及与或等规所中（(\s])|[：:])"
)


@dataclass(frozen=True, slots=True)
class Clean:
    """A text without white space, and the way back: `source(i)` is where clean character ``i`` stood."""

    text: str
    starts: list[int]
    shifts: list[int]
    has_headings: bool = False

    def source(self, index: int) -> int:
        return index + self.shifts[bisect_right(self.starts, index) - 1]

    def span(self, start: int, end: int) -> tuple[int, int]:
        return self.source(start), self.source(end - 1) + 1


def clean(text: str) -> Clean:
    """Drop white space; keep one line break where a paragraph or a statute's own article begins."""
    parts: list[str] = []
    starts, shifts = [0], [0]
    heading = _HEADING.match(text)
    length, pos, headings = 0, 0, heading is not None
    for m in _SPACE.finditer(text):
        run, end = m[0], m.end()
        keep = heading is not None and heading.end() == end  # the text of 第五条 begins here
        if "\n" in run or "\u2029" in run:
            heading = _HEADING.match(text, end)
            headings = headings or heading is not None
            keep = heading is not None or run.count("\n") > 1 or "\u2029" in run
        parts.append(text[pos : m.start()])
        length += m.start() - pos
        if keep:
            parts.append("\n")
            starts.append(length)
            shifts.append(end - 1 - length)
            length += 1
        starts.append(length)
        shifts.append(end - length)
        pos = end
    parts.append(text[pos:])
    return Clean("".join(parts), starts, shifts, headings)
