"""The written forms: every pattern of the citation grammar.

Patterns run over a clean text (`kb.citation.cleaning`). A pattern is compiled when it is first asked for, so
that a command that reads no text starts without them.
"""

from __future__ import annotations

import re

# ---------------------------------------------------------------- numbers and levels

STEMS = "甲乙丙丁戊己庚辛壬癸"  # 第十二条丙款
CHINESE = "〇○零一二三四五六七八九十百千两廿卅壹贰叁肆伍陆柒捌玖拾佰仟"
NUMBER = rf"(?:[0-9０-９]{{1,4}}|[{CHINESE}]{{1,9}})"
_CIRCLED = "㈠-㈩⑴-⒇①-⑳"
BRACKETED = rf"(?:[（(]{NUMBER}[)）]|[{_CIRCLED}])"
MEMBER = rf"(?:{BRACKETED}|{NUMBER})"
RANGE = r"(?:起?至|到|[-–—－~～])"
JOIN = rf"(?:[、/／]|和|及|与|以及|或者?|{RANGE})"
_LISTED = rf"{MEMBER}(?:{JOIN}?第?{BRACKETED}|{JOIN}第?{NUMBER}){{0,40}}"
LEVELS = ("条", "款", "项", "目")

# A level word is none where it begins another word: 条件, 款式, 款项 (but 第二款项下), 项目, 目标.
_ARTICLE = r"条(?!件|约|例|幅)"
_PARAGRAPH = r"款(?!式|项(?!下))"
_LOWER = rf"(?:{_PARAGRAPH}|项(?!目))"
LEVEL = rf"{_ARTICLE}|{_PARAGRAPH}|项(?!目)|目(?!标|录|前)|编(?!号|制|码)|章|节(?!日|能|约)"
_SUFFIX = r"(?:(?<=条)之(?P<suffix>[0-9０-９]{1,2}|[一二三四五六七八九十]{1,3})(?!般|切|部|系|分|款|项))?"
_GOES_ON = r"[的之第规所、，,。；;和及与或至（(”’）)]|\Z"  # what stands after a provision
# What a paper does with one: 第六条1款责令改正, 第八条三项情形.
_DONE = "情形|行为|责令|给予|予以|作出|处以|处罚|罚款|没收|不予|从轻|减轻|均|应当"
# 第5条3项 is a provision whatever follows, but for these: 第5条3项义务.
COUNTED = "义务|要求|条件|权利|制度|原则|标准"
_IN_DIGITS = rf"(?<=[0-9０-９][款项])(?!(?<=项)(?:{COUNTED}))"
_PART = rf"第{NUMBER}(?:分编|编|章|节)"
# 合同编, 合同编通则; the words of a chapter's title.
_NAMED_PART = r"(?:(?:(?![法典第条款项目和与及或])[一-龥]){2,6}编(?:通则|总则|分则)?|总则|分则|附则)"
_PART_TITLE = r"(?:(?![第条款项目的和及])[一-龥]){2,12}"
_TITLE_BEFORE = r"(?:(?:(?![第条款项目的和及与规依按据违属要应])[一-龥]){2,8})?"  # holds no verb that cites

# ---------------------------------------------------------------- names of laws

# The longest first; 该法律 is any 法.
KINDS = (
    "法典|办法|法律|法|条例|规定|规则|细则|解释|规程|规范|安排|决定|通知|意见|标准|公告|批复|准则|基准|纪要"
)
SELF_KINDS = frozenset(("法典", "法", "条例", "办法", "规定", "规则", "细则", "解释", "规程", "规范", "安排"))
# 合同法 holds 同法, 基本法 holds 本法: neither points at another law; 构成本法 does.
_OWN = r"(?<![基日资版样根])(?<!(?<![构变达组形造])成)本"
WRONG_MARKS = {
    "〉": "〈",
    ">": "<",
    "≫": "≪",
    "＞": "＜",
    "」": "「",
    "』": "『",
    "»": "«",
    "”": "“",
    '"': '"',
    "’": "‘",
    "'": "'",
}
# What follows a counted thing that is not a provision: 第三条道路, 第一款产品, 第二项工程.
NOT_PROVISION = {
    "条": r"道路|路线|线路|路|河|街|巷|船|鱼|狗|裤|裙|微博|评论|短信|信息|消息|新闻|理由|建议|意见|措施|举措"
    r"|标语|横幅|线索|经验|生产线|流水线|生命|红线|底线|通道|航线|战线|管道|腿|命",
    "款": r"产品|商品|车|手机|游戏|软件|应用|化妆品|食品|药|饮料|面膜|衣|鞋|包|型号|新品|机型|设备|酒|茶"
    r"|保健|APP|app",
    "项": r"工程|任务|措施|工作|业务|服务|指标|技术|内容|整改|检查|专利|纪录|成果|职责|建议",
    "目": r"\b\B",
}

_PARTY = (
    "(?:公司|企业|单位|集团|学校|医院|工厂|酒店|宾馆|餐厅|食堂|小区|村委会|居委会|业委会|当事人"
    "|[该本你我贵][厂店])"
)
_STANDARDS = (
    "GB[ZJ]?|HJ|JGJ|CJJ?|JTG?|NY|SC|LY|QB|SN|GA|AQ|WS|YY|YC|DL|SY|MT|HG|JB|SL|SB|TB|TD|WB|WH|WM|XB|YD|YS|YZ|MH|CB|CH"
    "|CY|DA|DZ|EJ|FZ|GH|GY|HB|HS|HY|LB|LD|LS|MZ|NB|QC|QJ|QX|RB|SJ|SW|BB|JR|JY|ISO|IEC"
)

# 有关法律、法规: a basis that nobody can check
_VAGUE = r"(?:有关|相关)(?:的)?(?:法律|法规|规章|、|和|及)*"
_VAGUE_LAWS = r"(?:有关|相关)(?:的)?(?:法律|法规|规章)(?:法律|法规|规章|、|和|及)*"

_SOURCES = {
    # 第 + one number or a compact list (第一、二、三项; 第（一）至（三）项) + level (+ 之N).
    "GROUP": rf"(?:(?P<di>第第?)|(?=[（({_CIRCLED}]))"
    rf"(?P<members>{_LISTED})"
    rf"(?:(?:之(?P<inner>{NUMBER})|(?<=[)）{_CIRCLED}])[两二三四五六七八九等](?=[款项]))?(?P<level>{LEVEL}){_SUFFIX}"
    rf"|(?<=[)）㈠-㈩⑴-⒇①-⑳])(?=[的之规所、，,。；;和及与或等”’）)]|情形|\Z))",
    # 《食品安全法》59条, and 第九十八条和九十九条: 第 is left out.
    "FIRST_BARE": rf"(?P<members>[0-9０-９]{{1,4}}(?:{JOIN}[0-9０-９]{{1,4}}){{0,40}}"
    rf"|[{CHINESE}]{{2,9}}(?=条(?:{_GOES_ON}|之|{NUMBER}[款项])))"
    rf"(?P<level>{_ARTICLE}){_SUFFIX}",
    "NEXT_BARE": rf"(?P<members>(?!两){NUMBER})(?:(?P<level>{_ARTICLE}){_SUFFIX}"
    rf"|(?P<lower>{_LOWER})(?:(?={_GOES_ON}|{_DONE})|{_IN_DIGITS}))",
    # 第七十六条一款三项, 第三十二条一、三项办理, 第十二条丙款
    "DEEPER_BARE": rf"(?P<members>(?!两){NUMBER}(?P<list>(?:{JOIN}{NUMBER}){{1,40}})?|[{STEMS}](?=款))"
    rf"(?P<level>{_LOWER})(?(list)|(?:(?={_GOES_ON}|{_DONE}|[{_CIRCLED}]|{NUMBER}项)|{_IN_DIGITS}))",
    # 第十条的第二款, 第九条所列第(六)至第(九)项, 第十条（第二款）
    "DEEPER_LINK": r"(?:中的|中|的|之|[.．·]|所列举?的?|所?规定的|所指的?|列举的)"
    rf"(?=第{MEMBER}(?:[款项]|{JOIN}|第?{BRACKETED}))"
    rf"|之(?={BRACKETED}[款项])|(?P<bracket>[（(])(?=(?:第{MEMBER}[款项目]){{1,3}}[）)])",
    # 第一百二十条之一、之二
    "NEXT_SUFFIX": rf"(?:、|和|及|与|或者?|(?P<range>{RANGE}))"
    r"之(?P<suffix>[0-9０-９]{1,2}|[一二三四五六七八九十]{1,3})(?![般切部系分])",
    "ONE_MEMBER": rf"(?P<join>{JOIN})?第?(?P<value>{MEMBER}|[{STEMS}])",
    "ARABIC": r"[0-9０-９⑴-⒇①-⑳]",
    "YEAR": r"[0-9０-９]{4}",
    "BRACKET": rf"[（({_CIRCLED}]",
    "OTHER_OPEN": r"[〈<＜≪«](?=[^〉>＞≫»]*\Z)",
    "JUST_RANGE": rf"{RANGE}\Z",
    # Between title and article: 第二编第一章, 合同编, 分则第三章第一节.
    "PARTS": rf"{_NAMED_PART}?(?:{_PART}(?:[“（(]?{_PART_TITLE}[”）)]?(?=第))?)*"
    r"(?=第|[0-9０-９])",
    "PARTS_BEFORE": rf"(?:(?<=[法典]){_NAMED_PART}(?:{_PART})*|(?:{_PART}{_TITLE_BEFORE})+)\Z",
    # Before 第…条 in an instrument's own text these words name another paper.
    "NOT_OWN": r"(?:[^一-龥、）)]|合同|协议|章程|通知|决定|意见|公告|方案|公约|条约|附录|附件|附表|规约|通则"
    r"|书|法典|法|条例|规定|办法|规则|细则|解释|规程|准则|标准|规范|指南|纪要|批复)\Z",
    "OWN_PART": r"本(?:分编|编|章|节)\Z",
    # Between two provisions of one law: 、 和 ， 的规定和 至 …, and the fixed form of amendments.
    "CONTINUE": r"(?:(?:第[一二三四五]句|[前后]半?[段句]|但书)?"
    r"(?:[（(](?![一二三四五六七八九十0-9]{1,3}[)）])[^（）()《条\n]{1,40}[)）])?"
    r"(?:(?:的|之)?规定(?:的[一-龥]{2}(?=[和与]))?)?"
    r"(?:(?:(?P<soft>[，,；;])|、)?(?:(?:和|及)[/／（(]?或[)）]?|以及|和|及|与|暨|或者|或|并)|[、/／＋+&]|(?P<pause>[，,；;])"
    rf"|[，,]?而(?:不是|不适用|并?非)|(?P<range>{RANGE}))(?=第|[（({_CIRCLED}0-9０-９{CHINESE}])"
    # 所称资产的净值和第十九条所称…, 规定的告知义务、第四十五条规定的…: the same words on either side
    r"|(?:所称|所列|所指|所?规定)的?(?:(?!第)[一-龥…]){1,20}?(?:[、，,；;]?(?:以及|和|及|或者?|与)|[、，,；;])"
    rf"(?=第{MEMBER}(?:[款项]|条(?:第{MEMBER}[款项]){{0,2}})(?:中?所[称列指规]|的?规定))"
    # （现行第九条第一款）, （原第二十七条）
    r"|(?P<bracket>[（(\[［【〔])(?:现行|现为|现|原为|原|旧|新|即|对应|相当于|(?:修订|修正|修改)[前后])"
    rf"(?:版|本|法)?(?:[中的为]|中的)?(?=第{NUMBER}条)"
    r"|(?:之?[前后]|中)?增加[一二两三四五六七八九十]{1,3}[条款项]，?(?:分别)?作为(?=第)"
    r"|(?:作为|改为|改作)(?=第))",
    "AFTER_PAUSE": rf"(?:[的之和及与。]|规定|第|、第|{_DONE}|\Z)",
    **{f"NOT_{word}": pattern for word, pattern in NOT_PROVISION.items()},
    # 《…法》及其实施条例第五条, 该法实施细则第三条.
    "RULES_OF_LAW": r"实施(?:条例|细则|办法)",
    "ITS_RULES": r"(?:其|[该本同]法(?:典)?|^)(?P<rules>实施(?:条例|细则|办法))\Z",
    "PRONOUN": rf"(?P<word>{_OWN}|(?<!应)该|(?<![合共不相等雷协如])同一?|(?<![因如彼])此|上述|前述)"
    rf"(?:实施|暂行|补充)?(?P<kind>{KINDS})\Z",
    "SELF_WORD": rf"{_OWN}(?:法典|办法|法(?![院定人律规])|条例|规定|规则|细则|解释|规程)",
    "NOTES": r"(?:[（(][^（）()\n]{0,120}(?:[（(][^（）()\n]{0,40}[)）][^（）()\n]{0,60})?[)）]"
    r"|[【\[〔［][^【】\[\]〔〕［］\n]{0,60}[】\]〕］])*",
    "NOTES_BEFORE": r"(?:[（(][^（）()\n]{0,80}[)）]|[【\[〔［][^【】\[\]〔〕［］\n]{0,80}[】\]〕］])+\Z",
    # A note that belongs to the title: 刑法修正案（七）, …办法（试行）.
    "TITLE_NOTE": r"[（(](?:[一二三四五六七八九十]{1,3}|试行|暂行)[)）]",
    "TAIL_NOTE": r"(?:（[^（）]*）)+\Z",
    "AFTER_TITLE": r"[“”’\"'》]?\*{0,2}"
    r"(?:(?:19|20)[0-9]{2}年?(?:[0-9]{1,2}月[0-9]{1,2}日)?(?:修订|修正|修改)?(?:版|本)?)?"
    r"(?:(?:[，,]?即|所?规定的|里面的?|当中的?|中的|之中|中|的|之|里|[：:|｜]|——|-"
    r"|关于[一-龥]{1,12}的|序言(?:以及|和|及|、))?(?:[自从](?=第))?"
    rf"(?=第|[0-9０-９]|[{CHINESE}]{{2,9}}条|{_NAMED_PART}第)"
    rf"|[，,](?=第{NUMBER}条(?:[第之的规、，,。；;）)”和及与或至到]|\Z)))",
    "ARTICLE_INSIDE": rf"(?<=[法典例定则])第{NUMBER}条",
    "DEFINITION": r"(?:简称|下称|以下称)(?:为)?[：:]?[《“\"‘「〈]*"
    r"(?P<name>[^《》“”\"‘’「」〈〉（）()，；。、\n]{1,30})",
    "NOT_LAW": r"(?:合同|协议|方案|预案|计划|制度|汇编|笔录|报告|报告表|章程|回证|许可证|执照|规约"
    r"|登记表|审批表|(?<!议定)书|手册|记录"
    r"|台账|清单|保险?单|订单|备忘录|招标文件|投标文件|(?:业主|村民|居民|管理|文明|自律)公约|村规民约)\Z",
    "LAW_ENDING": r"(?:法典|法|条例|规定|办法|规则|细则|解释|决定|规程|准则|通则|总则|条约|公约|案)\Z",
    # A name that is not known counts only with an ending that no contract or paper has.
    "UNKNOWN_ENDING": r"(?:法典|(?<!办)法|条例|[一-龥]{4}(?:办法|细则|规则|规程|规定)"
    r"|修正案[（(][一二三四五六七八九十]{1,3}[)）]|(?<!业主)(?<!管理)(?<!文明)(?<!自律)(?<!村民)(?<!居民)(?<!租)(?:条约|公约))\Z",
    "PLAIN_ENDING": r"(?:法典|法|条例|修正案.{3,5})\Z",
    # A party's own rules: 该公司《车辆管理规定》第十五条, 我们的整改办法第一条.
    "PARTY_BEFORE": rf"{_PARTY}(?:的|内部的?|(?:自行)?(?:制定|印发)的)?\Z",
    "PARTY_OWNS": rf"(?:{_PARTY}|我们?|你们?|[他她它]们?|自己|各自)的\Z",
    "PARTY_RULES": r"(?:规定|办法|细则|规则|规程|守则|规范|标准)\Z",
    "UNKNOWN_NAME": r"[一-龥〈〉（）()]{2,40}\Z",
    "COUNTRY_NAME": r"中华人民共和国(?:(?!中华人民共和国|境内|境外|公民|领域|领海)[一-龥〈〉]){1,40}\Z",
    "NOT_A_NAME": r"(?:方法|做法|说法|看法|用法|想法|违法|合法|执法|司法|依法|非法|立法|守法|普法|国法"
    r"|枉法|民间借贷法)\Z|第[一-龥]{1,9}条|^(?:本|该|双方|公司|单位|企业|学校|医院|小区|村委会|集团|我|此|同|上述|前述|有关|相关|其他)",
    "DELIMITER": r"[，。；：:;！？!?“”\"'‘’《》【】「」『』…\n]",
    # What starts a look.
    # One look at the letter saves most of the time that texts take.
    "TRIGGER": rf"(?=[《“”\n第本该同上前（(0-9０-９{CHINESE}])(?:《|[“”\n]"
    rf"|(?:(?<=[法例])|(?<=[一-龥]法典))[0-9０-９]{{1,4}}{_ARTICLE}"
    rf"|(?<=[法例])[{CHINESE}]{{2,9}}条(?={_GOES_ON}|之|{NUMBER}[款项])"
    rf"|第{_LISTED}(?:(?:之{NUMBER})?{_ARTICLE}|{_PARAGRAPH})"
    r"|(?:本|该|同|上述|前述)(?:条|款)(?=第|[（(])|前[两二三四五六七八九]?款|前条"
    r"|[（(](?:以下简称|以下称|下称|简称))",
    # A provision of the law cited before: after a pause, with what the law says following.
    "RESUMES": r"(?:[则还也又另亦]|同时|进一步)?[的之]?(?:规定|明确|要求|所称|所列|所指|载明|指出|设定)",
    "ANNOUNCED": r"[的之]?(?:规定|明确)了?[，,：:]|[：:]",
    "SENTENCE_ENDS": r"[。！？!?\n]",
    # Between the two, another source may be meant from here on.
    "OTHER_SOURCE": r"[《\n]|合同|协议|章程|公约|约定|通知|决定书|办法|条例|规则|细则|[该本同]法",
    # Inside a quotation of a statute an article without a law is its own; 第八条 at its head is a heading.
    "GOES_ON_AS_CITED": rf"[的之规所、和及至]|第{MEMBER}[款项]",
    # 《…法》规定了两档罚款：第八十三条
    "SAYS_AS_FOLLOWS": r"(?:(?!第)[^。！？；《》“”\n]){0,30}规定(?:(?!第)[^。！？；《》“”\n]){0,24}[：:]",
    # 《…法》，以下简称《…》
    "DEFINED_AFTER": r"[，,](?:以下简称|以下称|下称|简称)(?:为)?[：:]?"
    r"(?:《[^《》\n]{1,30}》|“[^“”\n]{1,30}”|[一-龥]{2,12}(?=[。，,；;）)]|\Z))",
    "WHOLE_NOTE": r"(?P<open>[（(【\[〔［])(?P<name>[^（）()【】\[\]〔〕［］]{2,60})"
    r"(?P<close>[)）】\]〕］])\Z",
    # 《…法》（第三十条第一款）, 《…法》的规定（第三十条）
    "ARTICLE_IN_NOTE": r"(?:[的之]?(?:有关|相关)?规定)?[（(【\[〔［](?:即|见|参见|指|具体为)?[：:]?"
    rf"(?=第{NUMBER}条(?:[第之、，,和及与或至]|[)）】\]〕］]))",
    # What is missing.
    "CATCH_ALL": rf"(?<=[》条款项目法例])等(?:有关|相关)?(?:的)?(?:法律|法规|规章|行政法规|、)*(?:的)?"
    r"(?:有关|相关)?(?:规定|条款)"
    rf"|(?<=[》条款项目定])(?:以?及|和|与|、)(?:国家|其[他它])?(?:的)?{_VAGUE}(?:的)?(?:规定|条款)"
    r"|(?<=》)及其实施(?:条例|细则|办法)的?(?:有关|相关)?的?规定"
    rf"|(?<![未不])(?<!没有)(?:依照|按照|依据|根据|违反了?)(?:国家)?{_VAGUE_LAWS}(?:的?(?:有关|相关)?的?规定)?"
    r"|(?<![未不])(?<!没有)(?:依照|按照|依据|根据)(?:国家)?(?:有关|相关)的?规定(?=[，,]?现?[决拟])"
    r"|(?<=》)(?:的)?(?:有关|相关)(?:的)?(?:规定|条款)",
    "RULE_FOLLOWS": r"[）)]?(?:的|之|中的)?(?:有关|相关)?规定",
    "BASIS_BEFORE": r"(?:违反了?|依据|根据|依照|按照|适用)\Z",
    "SPLICE_BEFORE": r"(?:违反了?|依据|根据|依照|按照|适用|符合|属于|触犯了?|和|、|，|以及|及|与)\Z",
    "INTRODUCES_QUOTE": r"(?:规定|中的?|[：:，,]|[条款项目]|明确|要求|指出|载明|表述|称|为|作|成|是|即)\Z",
    "QUOTE_MARK": r"[“”]",
    "CITES_TITLE": rf"》(?:[（(][^（）()]*[)）])*第?{NUMBER}条",
    "BARE_BEFORE_RULE": r"(?:法典|法|条例|办法)(?=等(?:有关|相关|法律|规定)|(?:的|之)(?:有关|相关)?规定)",
    # References that are no provisions: a quick look, then what it is.
    "OTHER_BEGINS": rf"[A-Z附令公第（(〔\[【［](?:(?<=[A-Z])[A-Z0-9/]|(?<=附)[件表录图]|(?<=令)[第0-9〔]"
    rf"|(?<=公)告|(?<=第){NUMBER}(?:分编|编|章|节)|(?<=[（(〔\[【［])(?:19|20)[0-9]{{2}}[)）〕\]】］])",
    "OTHER": rf"(?P<standard>(?<![A-Za-z0-9])(?:DB[0-9]{{2,4}}|{_STANDARDS}"
    r"|T/[A-Z]{2,8}|Q/[A-Z0-9]{2,10})"
    r"(?:/[TZQ])?[0-9]{1,6}(?:\.[0-9]{1,3})*[-—–－](?:(?:19|20)[0-9]{2}|[0-9]{2}(?![0-9])))"
    r"|(?P<case>[（(〔](?:19|20)[0-9]{2}[)）〕][一-龥][0-9]{0,4}[一-龥]{1,4}[0-9]{1,6}号)"
    r"|(?P<number>[〔\[（(【［](?:19|20)[0-9]{2}[〕\]）)】］]第?[0-9]{1,5}号)"
    rf"|(?P<order>(?<=[一-龥])(?:令|公告)(?:〔(?:19|20)[0-9]{{2}}〕|(?:19|20)[0-9]{{2}}年)?第?{NUMBER}号)"
    rf"|(?P<annex>附[件表录图](?:[0-9]{{1,2}}|[一二三四五六七八九十]{{1,3}}|[A-Z](?![A-Za-z])|(?<=》附.)))"
    rf"|(?P<chapter>(?:{_PART}){{1,6}}+(?!第{NUMBER}(?:条|分编|编|章|节)))",
    # What is typed into a search box.
    "TYPED": rf"[《〈]?(?<![一-龥])(?P<name>[一-龥](?:[一-龥〈〉、]|（[一-龥]{{1,9}}）){{0,39}}?)[》〉]?\s*"
    rf"第?\s*(?P<article>{NUMBER})(?:\s*(?P<tiao>条)(?:之(?P<suffix>{NUMBER}))?)?"
    rf"(?=$|[^一-龥0-9０-９]|第|(?<=条)|[{CHINESE}]+[款项])",
    "TYPED_LEVEL": rf"[\s、.．]*(?:第?[（(](?P<bracket>{NUMBER})[)）](?P<bword>[款项])?"
    rf"|第?(?P<number>{NUMBER})(?P<word>[款项目])|(?<=\s)(?P<lone>{NUMBER})(?![一-龥0-9]))",
    "TYPED_LEAD": r"^(?:依照|依据|根据|按照|违反了?|适用|参照|查|找)",
    "AGENCY": r"(?:(?!号)[一-龥]){1,20}\Z",
    "SPACE": r"[\s\u00ad\u200b-\u200f\u2060\ufeff]+",
    # 《…法》, an empty line, 第五条第一款
    "GOES_ON_BELOW": rf"第{NUMBER}条(?:之{NUMBER})?(?:第{MEMBER}[款项]|[的之、]|规定)",
    # A statute's own article: 第五条 at the start of a line, then a space or a colon, then its text.
    "HEADING": rf"[#*]*第{NUMBER}条(?:之{NUMBER})?[*]*"
    r"(?:[ \t　\u2002\u2003]+(?![第的之、，。；和及与或等规所中（(\s])|[：:])",
}


def __getattr__(name: str) -> re.Pattern[str]:
    """Compile a pattern when it is first asked for."""
    if name not in _SOURCES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    pattern = globals()[name] = re.compile(_SOURCES[name])
    return pattern
