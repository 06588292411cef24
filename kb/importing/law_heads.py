"""The head of a law: its history, who made it, its number, its level, and the day it comes into force."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import PurePath

from kb.importing.law_paragraphs import number_of
from kb.importing.law_text import NUMERALS
from kb.laws import LEVELS, Article, HistoryLine

_DAY = re.compile(r"([12]\d{3})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")
_HAN_DAY = re.compile(
    r"([一二][一二三四五六七八九〇○零]{3})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日"
)
_WIDE = str.maketrans("０１２３４５６７８９", "0123456789")
_QUOTED = re.compile(r"《[^《》]*(?:《[^《》]*》[^《》]*)*》|〈[^〈〉]*〉")
_BEFORE_DAY = re.compile(r"(?:^|[\s（(。；;　，、]|根据|自|从|于|已经)$")
_NUMBER = re.compile(
    rf"[\u4e00-\u9fff、（）]{{0,60}}?(?:令|公告)\s*〔?\[?(?:\d{{4}})?[〕\]]?\s*第?\s*[\d{NUMERALS}]+\s*号"
    rf"|[\u4e00-\u9fff]{{2,30}}第\s*[\d{NUMERALS}]+\s*号令"
    r"|[\u4e00-\u9fff]{1,12}[〔\[［](?:19|20)\d\d[〕\]］]\s*\d+号"
)
_STARTS = re.compile(r"(?:起|之日)?\s*(?:公布)?(?:施行|实施|生效|执行)")
_CLAUSE = re.compile(
    r"(?:自|从|于)\s*(?P<day>[12]\d{3}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日|[一二][一二三四五六七八九〇○零]{3}年.{2,6}日)\s*"
    r"(?:零时)?(?:起|开始)?\s*(?:施行|实施|生效|执行|实行)"
    rf"|自?(?:公布|发布|颁布|公告|通过)之日(?:起|后)?(?:(?P<later>[{NUMERALS}\d]+)(?P<unit>日|天|个月)后)?"
    r"(?:起)?(?:施行|实施|生效|执行|实行)"
)
_MADE_BY = (
    ("全国人民代表大会常务委员会", re.compile(r"全国人民代表大会常务委员会|全国人大常委会")),
    ("全国人民代表大会", re.compile(r"第.{1,3}届全国人民代表大会|全国人民代表大会|全国人民政治协商会议")),
    ("最高人民法院", re.compile(r"最高人民法院")),
    ("最高人民检察院", re.compile(r"最高人民检察院")),
    ("国家监察委员会", re.compile(r"国家监察委员会")),
    (
        "国务院",
        re.compile(
            r"国务院令|国务院第|国务院(?:、中央军事委员会|、中央军委)|国务院(?:公布|发布|批准|修订|常务)|政务院"
        ),
    ),
)
_LOCAL_CONGRESS = re.compile(
    r"[\u4e00-\u9fff]{2,12}?(?:省|自治区|市|自治州|自治县)(?:第.{1,4}届)?人民代表大会(?:常务委员会)?"
)
_LOCAL_GOVERNMENT = re.compile(r"[\u4e00-\u9fff]{2,12}?(?:省|自治区|市|自治州)人民政府")
_OFFICE = re.compile(
    r"(?:中华人民共和国)?((?:[\u4e00-\u9fff]{1,14}(?:部|局|署|委员会|总局|总署|办公室|银行|院)(?![长务])、?)+)"
)
_MINISTERIAL = re.compile(
    r"[部委局署室]务会议|部长办公会议|[\u4e00-\u9fff]+[〔\[［](?:19|20)\d\d[〕\]］]\s*\d+号"
)
_AMENDING = ("修订", "修正", "修改")
_FOLDERS = {
    "宪法相关法": "法律",
    "民法典": "法律",
    "刑法": "法律",
    "行政法": "法律",
    "经济法": "法律",
    "社会法": "法律",
    "民法商法": "法律",
    "诉讼与非诉讼程序法": "法律",
} | {level: level for level in LEVELS}


@dataclass(frozen=True, slots=True)
class Head:
    """What the lines above the text say. ``starts`` is a 施行 day named there, for whichever text."""

    history: tuple[HistoryLine, ...] = ()
    issuer: str = ""
    number: str = ""
    starts: tuple[date, ...] = ()
    starts_at_once: bool = False

    @property
    def adopted(self) -> date | None:
        """The day of the newest adoption or amendment."""
        return max((h.day for h in self.history), default=None)


@dataclass(frozen=True, slots=True)
class _Event:
    day: date
    act: str
    text: str


def days_in(text: str) -> list[date]:
    """Every day a text names (2021年7月15日, 二〇二一年七月十五日); a day that does not exist is none."""
    text = text.translate(_WIDE)
    found = [(m.start(), int(m[1]), int(m[2]), int(m[3])) for m in _DAY.finditer(text)]
    han = _HAN_DAY.finditer(text)
    found += [(m.start(), number_of(m[1]), number_of(m[2]), number_of(m[3])) for m in han]
    return [d for _, y, mo, dd in sorted(found) if (d := _date(y, mo, dd))]


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def read_head(lines: Sequence[str]) -> Head:
    """Read adoption notes, one event a line or all of them in one bracket.

    The lines of one text (通过, then 公布) become one history line, dated by the last of them, so that each
    line stands for one text of the law.
    """
    text = "\n".join(line.translate(_WIDE) for line in lines)
    events = list(_events(text))
    starts = tuple(e.day for e in events if e.act == "施行")
    changes = [e for e in events if e.act != "施行"]
    numbers = [m[0].strip("（(、 ") for m in _NUMBER.finditer(_QUOTED.sub("", text))]
    return Head(
        history=tuple(_texts(changes)),
        issuer=_issuer(changes, text),
        number=_short_number(numbers[-1]) if numbers else "",
        starts=starts,
        starts_at_once=bool(re.search(r"自?(?:公布|发布|颁布)之日起?施行|公布施行|同日公布施行", text)),
    )


def _short_number(number: str) -> str:
    number = re.sub(r"\s+", "", number)
    return re.sub(r"^.*?(?:会议通过|公布|发布|根据|日)(?=.)", "", number)


def _events(text: str) -> Iterator[_Event]:
    """Segments that open with a day outside 《》, each read for what happened on it."""
    bare = _QUOTED.sub(lambda m: "\x00" * len(m[0]), text)
    starts = [m for m in _DAY.finditer(bare) if _BEFORE_DAY.search(bare[max(0, m.start() - 3) : m.start()])]
    ends = [m.start() for m in starts[1:]] + [len(text)]
    for m, end in zip(starts, ends, strict=False):
        day = _date(int(m[1]), int(m[2]), int(m[3]))
        before = bare[max(0, m.start() - 2) : m.start()]
        segment = re.sub(r"(?:根据|自|于|并于|\s|[（(])+$", "", text[m.start() : end])
        act = _act(segment, bare[m.end() : end], before)
        if day and act:
            yield _Event(day, act, " ".join(segment.split()).strip(" ）)　"))
        if (
            day
            and act not in ("", "施行")
            and re.search(r"同日.{0,4}施行|公布施行|之日起?施行", bare[m.end() : end])
        ):
            yield _Event(day, "施行", segment)


def _act(segment: str, bare: str, before: str) -> str:
    """The word of the line itself; a line that only passes an amendment is a 修正."""
    if before.endswith(("自", "从")) or re.match(r"\s*(?:起|开始)?\s*(?:施行|实施|生效|执行)", bare):
        return "施行"
    for word in ("修正", "修订", "修改"):
        if word in bare:
            return word
    quoted = "".join(_QUOTED.findall(segment))
    if "通过的" in bare and ("修正案" in quoted or "决定" in quoted):
        return "修正"
    for word in ("通过", "批准", "公布", "发布", "颁布", "印发"):
        if word in bare:
            return word
    return "公布" if _NUMBER.search(bare) or not bare.strip(" ）)\n　") else ""


def _texts(events: Sequence[_Event]) -> Iterator[HistoryLine]:
    """Join 通过/批准 with the 公布/发布 that follows it: one line a text."""
    groups: list[list[_Event]] = []
    for e in sorted(events, key=lambda e: e.day):
        last = groups[-1][-1] if groups else None
        made_public = e.act in ("公布", "发布", "颁布", "印发", "批准")
        pending = last is not None and last.act in ("通过", "批准", "修订", "修正", "修改")
        near = last is not None and e.day - last.day <= timedelta(days=366)
        if (last and made_public and pending and near) or (last and e.day == last.day):
            groups[-1].append(e)
        else:
            groups.append([e])
    for group in groups:
        acts = [e.act for e in group]
        act = next((a for a in acts if a in _AMENDING), acts[0])
        said = dict.fromkeys(e.text for e in group)
        yield HistoryLine(group[-1].day, act, "；".join(said))


def _issuer(events: Sequence[_Event], text: str) -> str:
    """Who made the law: the body of the first event that names one."""
    for e in events:
        bare = _DAY.sub("", _QUOTED.sub("", e.text))
        if (local := _LOCAL_CONGRESS.search(bare)) and "全国" not in local[0]:
            return re.sub(r"第.{1,4}届", "", local[0])
        for name, pattern in _MADE_BY:
            if pattern.search(bare):
                return name
        if local := _LOCAL_GOVERNMENT.search(bare):
            return local[0]
        if office := _OFFICE.search(bare):
            return re.sub(r"^[经由]|、$", "", office[1])
    return ""


def issuer_in(title: str) -> str:
    """The maker a title opens with (国务院关于…), or nothing."""
    return next((name for name, _ in _MADE_BY if title.startswith(f"{name}关于")), "")


def level_of(path: str, title: str, head: Head, history: str) -> str:
    """The rank of a law: by the name of its folder, else by its title and who made it.

    A folder called 行政法规 that holds an instrument whose head names only a ministry is not believed.

    Args:
        path: the file's path; a folder called 行政法规, 部门规章 … names the level.
        history: all head lines as one text.
    """
    named = next((_FOLDERS[f] for f in reversed(PurePath(path).parts[:-1]) if f in _FOLDERS), "")
    ministerial = _MINISTERIAL.search(history) and not re.search(
        r"国务院(?![有各])", _QUOTED.sub("", history)
    )
    if not named or title == "中华人民共和国宪法" or (named == "行政法规" and ministerial):
        return _level_by_maker(title, head, history)
    return named


def _level_by_maker(title: str, head: Head, history: str) -> str:
    if title == "中华人民共和国宪法":
        return "宪法"
    if re.search(r"自治条例|单行条例", title):
        return "自治条例和单行条例"
    issuer = head.issuer
    if issuer.startswith("全国人民代表大会"):
        return "法律"
    if issuer.startswith(("最高人民法院", "最高人民检察院")):
        return "司法解释"
    if issuer == "国家监察委员会":
        return "监察法规"
    if "人民代表大会" in issuer:
        return "地方性法规"
    ordered = re.search(r"令\s*\S{0,8}号|号令", head.number or history)
    if issuer == "国务院":
        return "行政法规" if ordered or re.search(r"条例|规定|办法|细则", title) else "规范性文件"
    if issuer.endswith("人民政府"):
        return "地方政府规章" if ordered else "规范性文件"
    return "部门规章" if issuer and (ordered or _MINISTERIAL.search(history)) else "规范性文件"


def in_force_from(
    table: date | None, head: Head, articles: Sequence[Article], adopted: date | None
) -> tuple[date | None, str]:
    """The first day of this text, and what says so: 版本表, 原文 or 推定.

    A 施行 clause of the text counts only if it is not before this text's adoption: most amended laws still
    carry the clause of their first enactment.

    Args:
        table: the day a version table gives, if there is one.
    """
    if table:
        return table, "版本表"
    for day in reversed(head.starts):
        if adopted is None or day >= adopted:
            return day, "原文"
    clause = clause_of(articles)
    if clause:
        named = clause_day(clause, head, adopted)
        if named and (adopted is None or named >= adopted):
            return named, "原文"
    return adopted, "推定"


def clause_of(articles: Sequence[Article]) -> re.Match[str] | None:
    """The 施行 clause: the last article that has one, not looking further back than five."""
    for article in reversed(articles[-5:]):
        found = list(_CLAUSE.finditer(article.full_text().translate(_WIDE)))
        own = [m for m in found if _of_itself(m)]
        if own or found:
            return (own or found)[0]
    return None


def _of_itself(m: re.Match[str]) -> bool:
    before = m.string[max(0, m.start() - 12) : m.start()]
    return bool(re.search(r"本[\u4e00-\u9fff]{1,6}，?$", before))


def clause_day(clause: re.Match[str], head: Head, adopted: date | None) -> date | None:
    """The day a 施行 clause names; 自公布之日起 counts only while there has been a single text."""
    if clause["day"]:
        named = days_in(clause["day"])
        return named[0] if named else None
    if len(head.history) > 1 or adopted is None:
        return None
    if not clause["later"]:
        return adopted
    count = number_of(clause["later"].translate(_WIDE))
    return None if clause["unit"] == "个月" else adopted + timedelta(days=count)


def day_in_name(path: str) -> date | None:
    """The day in a file name such as ``…(2021-01-22).md`` or ``…_20210122.docx``."""
    m = re.search(r"[（(_]?((?:19|20)\d\d)[-.]?(\d\d)[-.]?(\d\d)[）)]?(?=\.\w+$)", PurePath(path).name)
    return _date(int(m[1]), int(m[2]), int(m[3])) if m else None
