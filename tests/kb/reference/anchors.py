"""The citation grammar a second time, plain and slow: one character after another, no pattern searches.

Written from the grammar in prose. It shares with the fast engine only what is vocabulary (which words are
verbs, which counted things are no provisions) and the reading of a numeral. Both must find the same.

    citation  = anchor, provisions
    anchor    = 《title》 notes link | name notes link | 该法 | 本条 | 前款 | 前条
    provision = [第N编 第N章 …] group, deeper groups; the next after 、 和 ， 的规定和 至 …
    group     = 第 number {join number} level [之N];  a bracketed last number needs no 项 before 的, 、 …
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kb.citation import grammar as words
from tests.kb.reference.groups import (
    PARTS,
    goes_on,
    level_at,
    number_and_level,
    part_named_at,
    parts_start,
)
from tests.kb.reference.letters import ARABIC, CLOSE, OPEN, members_at, number_end, word_at
from tests.kb.reference.provisions import ANY, NONE, Place, Provisions, joint_at

TITLE_REACH, NAME_REACH = 120, 64


@dataclass(frozen=True)
class Anchor:
    """``title``, ``bare``, ``pronoun``, ``implied``, ``loose``, or what matters for quotations only.

    ``at`` is where the provision itself begins.
    """

    kind: str
    start: int
    end: int
    name: str = ""
    name_end: int = 0
    marks: str = ""
    notes: str = ""
    places: tuple[Place, ...] = ()
    at: int = 0


# ---------------------------------------------------------------- anchors


def scan(text: str) -> Iterator[Anchor]:
    """Every anchor, in order; what one has taken is not looked at again."""
    i = 0
    while i < len(text):
        found, after = anchor_at(text, i)
        if found:
            yield found
            after = max(found.end, after)
        i = max(after, i + 1)
        if found and found.kind == "close" and (goes_on := more(text, i)):
            yield goes_on
            i = goes_on.end


def anchor_at(text: str, i: int) -> tuple[Anchor | None, int]:
    """The anchor whose sign stands at ``i``, and where to go on if it is none after all."""
    c = text[i]
    if c == "《":
        return titled(text, i), i + 1
    if c in "“”\n":
        return Anchor({"“": "open", "”": "close", "\n": "break"}[c], i, i + 1), i + 1
    if c == "第" and (end := article_word_end(text, i)):
        return named(text, i), end
    if c == "第" and (end := paragraph_word_end(text, i)):
        return loose(text, i), end
    if i and (end := article_without_mark_end(text, i)):
        return named(text, i), end
    if c in OPEN and word_at(text, i + 1, ("以下简称", "以下称", "下称", "简称")):
        return shortened(text, i), i + 1
    for word in ("本", "该", "同", "上述", "前述"):
        for level in "条款":
            end = i + len(word) + 1
            if text.startswith(word + level, i) and text[end : end + 1] in ("第", *OPEN):
                return implied(text, i, word + level), end
    for word in ("前款", "前条", *(f"前{n}款" for n in "两二三四五六七八九")):
        if text.startswith(word, i):
            return implied(text, i, word), i + len(word)
    return None, i + 1


def article_word_end(text: str, i: int) -> int | None:
    """The end of 第…条, whatever number or list of numbers stands between."""
    members = members_at(text, i + 1)
    while members:
        end = members.pop()[2]
        if text.startswith("之", end) and (inner := number_end(text, end + 1)):
            end = inner
        if level_at(text, end) == "条":
            return end + 1
    return None


def paragraph_word_end(text: str, i: int) -> int | None:
    """The end of 第…款."""
    members = members_at(text, i + 1)
    while members:
        end = members.pop()[2]
        if level_at(text, end) == "款":
            return end + 1
    return None


def loose(text: str, i: int) -> Anchor | None:
    """第二款 that hangs on nothing."""
    reading = Provisions(text, i, above=0)
    places = reading.read(i)
    if not places or text.startswith(tuple(words.NOT_PROVISION["款"].split("|")), places[0].end):
        return None
    return Anchor("loose", i, reading.end, "", i, places=places, at=i)


def article_without_mark_end(text: str, i: int) -> int | None:
    """The end of 59条 or 五十九条 right after a name."""
    end, ahead = number_end(text, i), text[i - 1]
    if not end or level_at(text, end) != "条":
        return None
    if text[i] in ARABIC:
        code = text.endswith("法典", 0, i) and "一" <= text[i - 3 : i - 2] <= "龥"
        return end + 1 if ahead in "法例" or code else None
    after = end + 1
    sure = goes_on(text, after) or text.startswith("之", after) or number_and_level(text, after)
    return after if ahead in "法例" and end - i >= 2 and sure else None


def titled(text: str, i: int) -> Anchor | None:
    close = title_end(text, i)
    if close is None:
        return None
    after = close
    while end := note_end(text, after):
        after = end
    after = defined_end(text, after)
    listed = note_of_article(text, close)
    if listed is not None:
        reading = Provisions(text, i, bracket="beside")
        places = reading.read(listed)
        return Anchor("title", i, reading.end, text[i + 1 : close - 1], close, "《》", "", places)
    link = link_end(text, after)
    reading = Provisions(text, i)
    places = reading.read(link, titled=True)
    if not places and (inside := article_inside(text, i, close)):
        return inside
    notes = text[close:after]
    end = reading.end if places else after if any(definitions(notes)) else close
    return Anchor("title", i, end, text[i + 1 : close - 1], close, "《》", notes, places)


def link_end(text: str, i: int) -> int:
    """After what may stand between a title and its provision: ”, 2021年修订, 的, ：, 关于许可的, 自."""
    for quote in (1, 0):
        if quote and text[i : i + 1] not in ("“", "”", "’", '"', "'", "》"):
            continue
        start = i + quote
        start += len(word_at(text, start, ("**", "*")))
        for year in (year_end(text, start), start):
            for j in after_links(text, year):
                if text[j : j + 1] in ("自", "从") and text.startswith("第", j + 1):
                    return j + 1
                end = number_end(text, j)
                chinese = end and end - j >= 2 and text[j] in words.CHINESE and text.startswith("条", end)
                part = part_named_at(text, j)
                if (text[j : j + 1] and text[j] in "第" + ARABIC) or chinese:
                    return j
                if part and text.startswith("第", j + len(part)):
                    return j
            if text[year : year + 1] in ("，", ",") and surely_article(text, year + 1):
                return year + 1
    return i


LINKS = (
    *(
        "，即",
        ",即",
        "即",
        "所规定的",
        "规定的",
        "里面的",
        "里面",
        "当中的",
        "当中",
        "中的",
        "之中",
        "中",
        "的",
        "之",
        "里",
    ),
    *("：", ":", "|", "｜", "——", "-", "序言以及", "序言和", "序言及", "序言、"),
)


def after_links(text: str, i: int) -> Iterator[int]:
    """After each of the words that may stand before the provision, the longest first; 关于…的; nothing."""
    yield from (i + len(link) for link in LINKS if text.startswith(link, i))
    if text.startswith("关于", i):
        ends = range(i + 3, i + 15)
        about = [j for j in ends if text.startswith("的", j) and is_run(text[i + 2 : j])]
        yield from (j + 1 for j in reversed(about))
    yield i


def is_run(text: str) -> bool:
    return bool(text) and all("一" <= c <= "龥" for c in text)


def surely_article(text: str, i: int) -> bool:
    """第三十五条 with what follows a citation: 的, 第一款, 、 …"""
    end = number_end(text, i + 1) if text.startswith("第", i) else None
    if not end or not text.startswith("条", end):
        return False
    return end + 1 >= len(text) or text[end + 1] in "第之的规、，,。；;）)”和及与或至到"


def year_end(text: str, i: int) -> int:
    if text[i : i + 2] not in ("19", "20") or not all(c in "0123456789" for c in text[i + 2 : i + 4] or "x"):
        return i
    if len(text) < i + 4:
        return i
    i += 4
    i += text.startswith("年", i)
    month = number_end(text, i)
    day = number_end(text, month + 1) if month and text.startswith("月", month) else None
    if (
        month
        and day
        and text.startswith("日", day)
        and is_day(text[i:month])
        and is_day(text[month + 1 : day])
    ):
        i = day + 1
    i += len(word_at(text, i, ("修订", "修正", "修改")))
    return i + (text[i : i + 1] in ("版", "本"))


def is_day(number: str) -> bool:
    return len(number) <= 2 and all(c in "0123456789" for c in number)


def article_inside(text: str, i: int, close: int) -> Anchor | None:
    """《食品安全法第三十五条》: the mark closes too late."""
    for j in range(i + 1, close - 1):
        if text[j] != "第" or text[j - 1] not in "法典例定则":
            continue
        end = number_end(text, j + 1)
        if not end or not text.startswith("条", end) or end + 1 > close - 1:
            continue
        reading = Provisions(text, i)
        places = reading.read(j)
        if reading.end != close - 1:
            return Anchor("title", i, close, text[i + 1 : close - 1], close, "《》")
        return Anchor("bare", i + 1, close, text[i + 1 : j], j, "《", places=places, at=j)
    return None


def title_end(text: str, i: int) -> int | None:
    depth = 0
    for j in range(i, min(i + TITLE_REACH, len(text))):
        depth += (text[j] == "《") - (text[j] == "》")
        if depth == 0:
            return j + 1 if j > i + 1 else None
        if text[j] in "。；\n":
            return None
    return None


def note_end(text: str, i: int) -> int | None:
    """After a note in brackets; a round pair may hold one more."""
    if text[i : i + 1] and text[i] in "【[〔［":
        j = i + 1
        while j < len(text) and j - i <= 60 and text[j] not in "【】[]〔〕［］\n":
            j += 1
        return j + 1 if text[j : j + 1] and text[j] in "】]〕］" else None
    if not (text[i : i + 1] and text[i] in OPEN):
        return None
    j = plain_end(text, i + 1, 120)
    if text[j : j + 1] and text[j] in OPEN:
        j = plain_end(text, j + 1, 40)
        if not (text[j : j + 1] and text[j] in CLOSE):
            return None
        j = plain_end(text, j + 1, 60)
    return j + 1 if text[j : j + 1] and text[j] in CLOSE else None


def plain_end(text: str, i: int, most: int) -> int:
    j = i
    while j < len(text) and j - i < most and text[j] not in "（）()\n":
        j += 1
    return j


def defined_end(text: str, i: int) -> int:
    """After ，以下简称《…》."""
    word = word_at(text, i + 1, ("以下简称", "以下称", "下称", "简称"))
    if text[i : i + 1] not in ("，", ",") or not word:
        return i
    j = i + 1 + len(word)
    for at in (j + 1, j) if text.startswith("为", j) else (j,):
        for start in (at + 1, at) if text[at : at + 1] in ("：", ":") else (at,):
            for left, right in ("《》", "“”"):
                end = start + 1
                while end < len(text) and text[end] not in left + right + "\n" and end - start <= 30:
                    end += 1
                if text.startswith(left, start) and end > start + 1 and text.startswith(right, end):
                    return end + 1
            end = start
            while end < len(text) and "一" <= text[end] <= "龥" and end - start < 12:
                end += 1
            if end - start >= 2 and (end >= len(text) or text[end] in "。，,；;）)"):
                return end
    return i


def note_of_article(text: str, i: int) -> int | None:
    """After （ in 《…法》（第三十条第一款） and 《…法》的规定（第三十条）."""
    rules = (*(link + about + "规定" for link in ("的", "之", "") for about in ("有关", "相关", "")), "")
    for rule in rules:
        at = i + len(rule)
        if not text.startswith(rule, i) or not text[at : at + 1] or text[at] not in "（(【[〔［":
            continue
        for word in ("即", "见", "参见", "指", "具体为", ""):
            for colon in ("：", ":", ""):
                j = at + 1 + len(word) + len(colon)
                end = number_end(text, j + 1) if text.startswith(word + colon + "第", at + 1) else None
                if not end or not text.startswith("条", end):
                    continue
                if text[end + 1 : end + 2] and text[end + 1] in "第之、，,和及与或至)）】]〕］":
                    return j
    return None


def definitions(notes: str) -> Iterator[str]:
    """The short names that a note defines: 以下简称“处罚法”."""
    i = 0
    while i < len(notes):
        word = word_at(notes, i, ("简称", "以下称", "下称"))
        if not word:
            i += 1
            continue
        j = i + len(word)
        j += notes.startswith("为", j)
        j += notes[j : j + 1] in ("：", ":")
        while notes[j : j + 1] and notes[j] in '《“"‘「〈':
            j += 1
        end = j
        while end < len(notes) and end - j < 30 and notes[end] not in '《》“”"‘’「」〈〉（）(),，；。、\n':
            end += 1
        if end > j:
            yield notes[j:end]
        i = max(end, i + 1)


def named(text: str, i: int) -> Anchor:
    """A name without 《》, or 该法, right before 第…条."""
    left = max(0, i - NAME_REACH)
    before = text[left:i]
    end = parts_start(before, len(before))
    link = next((w for w in ("中的", "中", "的") if before.endswith(w, 0, end)), "")
    if link and not before.endswith("规定的", 0, end):
        end -= len(link)
    notes_start = notes_before(before, end)
    notes, end = before[notes_start:end], notes_start
    marks, last = "", before[end - 1 : end]
    if last in words.WRONG_MARKS:
        marks = words.WRONG_MARKS[last] + last
    elif last == "》":
        marks = "》"
    if marks == "》":
        end -= 1
    while len(marks) == 2 and before[end - 1 : end] == last:
        end -= 1
    window = before[:end]
    if len(marks) == 2 and marks[0] in window:
        window = window[window.rindex(marks[0]) + 1 :]
    else:
        cut = max((n for n, c in enumerate(window) if words.DELIMITER.match(c)), default=-1)
        if cut >= 0 and window[cut] == "《":
            marks = "《"
        elif marks != "》":
            marks = ""
        window = window[cut + 1 :]
        opened = next((n for n, c in enumerate(window) if c in "〈<＜≪«" and closes_not(window, n)), -1)
        if marks == "》" and opened >= 0:
            window, marks = window[opened + 1 :], window[opened] + marks
    pronoun = its_rules_of(window) or "".join(pronoun_of(window)) or own_part_of(window)
    name = pronoun or window
    start = left + end - len(name)
    reading = Provisions(text, start)
    places = reading.read(i, titled=text[i] != "第")
    kind = "pronoun" if pronoun else "bare"
    return Anchor(kind, start, max(reading.end, i + 1), name, left + end, marks, notes, places, i)


def closes_not(window: str, i: int) -> bool:
    return not any(c in "〉>＞≫»" for c in window[i + 1 :])


def notes_before(before: str, end: int) -> int:
    """Where the notes in brackets that end at ``end`` begin."""
    kinds = ((OPEN, CLOSE, "（）()\n"), ("【[〔［", "】]〕］", "【】[]〔〕［］\n"))
    while end:
        kind = next((k for k in kinds if before[end - 1] in k[1]), None)
        if kind is None:
            break
        i = end - 2
        while i >= 0 and before[i] not in kind[2]:
            i -= 1
        if i < 0 or before[i] not in kind[0] or end - 2 - i > 80:
            break
        end = i
    return end


def pronoun_of(window: str) -> tuple[str, str, str]:
    """该实施办法 at the end of a window: the pointing word, what stands between, the kind of text."""
    never_before = {"本": "基日资版样根", "该": "应", "上述": "", "前述": "", "此": "因如彼"}
    never_before |= {"同": "合共不相等雷协如", "同一": "合共不相等雷协如"}
    best = ("", "", "")
    for kind in words.KINDS.split("|"):
        for middle in ("", "实施", "暂行", "补充"):
            for word, never in never_before.items():
                whole = word + middle + kind
                ahead = window[: len(window) - len(whole)][-1:]
                fits = window.endswith(whole) and not (ahead and ahead in never)
                if word == "本" and is_cost(window[: len(window) - len(whole)]):
                    continue
                if fits and len(whole) > len("".join(best)):
                    best = (word, middle, kind)
    return best


def its_rules_of(window: str) -> str:
    """其实施条例, 该法实施细则, 实施条例 alone."""
    kind = next((k for k in ("实施条例", "实施细则", "实施办法") if window.endswith(k)), "")
    before = window[: len(window) - len(kind)]
    if not kind or not before:
        return kind
    whose = (*(f"{w}法典" for w in "该本同"), *(f"{w}法" for w in "该本同"), "其")
    return next((w + kind for w in whose if before.endswith(w)), "")


def is_cost(before: str) -> bool:
    """成 before 本: 成本法 is no 本法, 构成本法 is."""
    return before.endswith("成") and not before.endswith(tuple(f"{c}成" for c in "构变达组形造"))


def own_part_of(window: str) -> str:
    return next((f"本{part}" for part in PARTS if window.endswith(f"本{part}")), "")


def implied(text: str, i: int, word: str) -> Anchor | None:
    """本条第二款, 前款第（一）项, 前条."""
    after = i + len(word)
    reading = Provisions(text, i, above=0 if word.endswith("条") else 1)
    places = reading.read(after)
    if not places and word[0] == "前":
        places = (Place(NONE, i, after),)
    if not places:
        return None
    return Anchor("implied", i, max(reading.end, after), word, after, places=places)


def shortened(text: str, i: int) -> Anchor | None:
    """种子法（以下简称种法）, 及其实施条例（以下简称条例）, with no article."""
    end = i
    while after := note_end(text, end):
        end = after
    if end == i:
        return None
    window = text[max(0, i - NAME_REACH) : i]
    cut = max((n for n, c in enumerate(window) if words.DELIMITER.match(c)), default=-1)
    return Anchor("short", i, i + 1, window[cut + 1 :], i, notes=text[i:end])


def more(text: str, i: int) -> Anchor | None:
    """A list that goes on after a quotation: 第十条“…”、第十二条."""
    joint = joint_at(text, i)
    if joint is None:
        return None
    reading = Provisions(text, joint[1], above=ANY)
    places = reading.read(joint[1])
    return Anchor("more", joint[1], reading.end, "", i, places=places) if places else None
