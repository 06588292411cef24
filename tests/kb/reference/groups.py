"""Plain and slow: one group of numbers (第一、二项), with and without 第, and the parts of a law."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kb.citation import grammar as words
from kb.errors import BadValue
from kb.numerals import to_int
from tests.kb.reference.letters import (
    ARABIC,
    BRACKETED_ARABIC,
    CLOSE,
    IN_CIRCLES,
    JOINS,
    MEMBERS,
    OPEN,
    SIGNS,
    members_at,
    number_end,
    value,
    word_at,
)

# A level word is none where it begins another word.
LEVELS = {
    "条": ("件", "约", "例", "幅"),
    "款": ("式", "项"),
    "项": ("目",),
    "目": ("标", "录", "前"),
    "编": ("号", "制", "码"),
    "章": (),
    "节": ("日", "能", "约"),
}
DEPTH = "条款项目"
PARTS = ("分编", "编", "章", "节")
DONE = (
    *("情形", "行为", "责令", "给予", "予以", "作出", "处以", "处罚", "罚款", "没收"),
    *("不予", "从轻", "减轻", "均", "应当"),
)
AFTER_BARE_ITEM = "的之规所、，,。；;和及与或等”’）)"


@dataclass(frozen=True)
class Group:
    """第一、二项: the numbers with the join before each, the depth of the level (0 for 条), 之N."""

    start: int
    end: int
    numbers: tuple[tuple[str, int], ...]
    depth: int
    suffix: int
    arabic: bool
    bracketed: bool
    worded: bool = True  # has its level word


def level_at(text: str, i: int) -> str:
    level = text[i : i + 1]
    if level == "款" and text.startswith("项下", i + 1):
        return level
    return level if level in LEVELS and not text.startswith(LEVELS[level], i + 1) else ""


def starts_group(text: str, i: int) -> bool:
    return text.startswith(("第", *OPEN, *SIGNS), i)


def group_at(text: str, i: int) -> Group | None:
    """The group that begins at ``i``; the longest list of numbers that ends as a group must."""
    di = 2 if text.startswith("第第", i) else int(text.startswith("第", i))
    if not di and not (text[i : i + 1] and text[i] in OPEN + SIGNS):
        return None
    members = members_at(text, i + di)
    while members:
        end, bracketed = members[-1][2:]
        ending = group_ending(text, end)
        if ending:
            level, suffix, stop = ending
        elif bracketed and item_may_end(text, end) and (di or not holds_year(members)):
            level, suffix, stop = "项", "", end
        elif bracketed and item_may_end(text, end):
            return None
        else:
            members.pop()
            continue
        if level not in DEPTH or (not di and level not in "款项"):
            return None
        group = make_group(i, stop, members, level, suffix)
        return group and replace(group, worded=bool(ending))
    return None


def holds_year(members: list[tuple[str, str, int, bool]]) -> bool:
    """（一） with neither 第 nor 项 is an item, （2021） is none."""
    written = "".join(join + number + "）" for join, number, _, _ in members)
    return any(all(c in ARABIC for c in written[n : n + 4]) for n in range(len(written) - 3))


def item_may_end(text: str, i: int) -> bool:
    return i >= len(text) or text[i] in AFTER_BARE_ITEM or text.startswith("情形", i)


def group_ending(text: str, i: int) -> tuple[str, str, int] | None:
    """条, 款, 项, 目, with 之N on either side of 条: (level, N, end)."""
    inner = ""
    if text.startswith("之", i) and (end := number_end(text, i + 1)):
        inner, i = text[i + 1 : end], end
    elif text[i - 1] in CLOSE + SIGNS and text[i : i + 1] and text[i] in "两二三四五六七八九等":
        i += text.startswith(("款", "项"), i + 1)
    level = level_at(text, i)
    if not level:
        return None
    end = i + 1
    suffix, end = suffix_at(text, end) if level == "条" else ("", end)
    return level, suffix or inner, end


def suffix_at(text: str, i: int) -> tuple[str, int]:
    """之N after 条, and where it ends; not 之一般, 之一部分; of 之一一款 the last numeral is the 款's."""
    if text.startswith("之", i):
        for letters, most in ((ARABIC, 2), ("一二三四五六七八九十", 3)):
            j = i + 1
            while j < len(text) and text[j] in letters and j - i <= most:
                j += 1
            while j > i + 1 and text.startswith(("般", "切", "部", "系", "分", "款", "项"), j):
                j -= 1
            if j > i + 1:
                return text[i + 1 : j], j
    return "", i


def make_group(
    i: int, end: int, members: list[tuple[str, str, int, bool]], level: str, suffix: str
) -> Group | None:
    depth = DEPTH.index(level)
    written = "".join(number for _, number, _, _ in members)
    arabic = depth < 3 and any(c in ARABIC + BRACKETED_ARABIC + IN_CIRCLES for c in written)
    try:
        numbers = tuple((join, value(number)) for join, number, _, _ in members)
        return Group(i, end, numbers, depth, to_int(suffix) if suffix else 0, arabic, members[0][3])
    except BadValue:
        return None


# ---------------------------------------------------------------- numbers without 第


def goes_on(text: str, i: int) -> bool:
    """Whether what stands here can follow a provision."""
    return i >= len(text) or text[i] in "的之第规所、，,。；;和及与或至（(”’）)"


def number_and_level(text: str, i: int) -> bool:
    end = number_end(text, i)
    return bool(end) and text.startswith(("款", "项"), end)


def bare_members(text: str, i: int, letters: str) -> list[tuple[str, str, int, bool]]:
    """Numbers without 第 or brackets: 一、二."""
    out: list[tuple[str, str, int, bool]] = []
    while len(out) < MEMBERS:
        join = word_at(text, i, JOINS) if out else ""
        end = number_end(text, i + len(join))
        if not end or (out and not join) or text[i + len(join)] not in letters:
            break
        out.append((join, text[i + len(join) : end], end, False))
        i = end
    return out


def first_bare(text: str, i: int) -> Group | None:
    """《…》59条, 《…》五十九条."""
    members = bare_members(text, i, ARABIC)
    while members and level_at(text, members[-1][2]) != "条":
        members.pop()
    end = number_end(text, i)
    if not members and end and end - i >= 2 and text[i] in words.CHINESE and level_at(text, end) == "条":
        after = end + 1
        if goes_on(text, after) or text.startswith("之", after) or number_and_level(text, after):
            members = [("", text[i:end], end, False)]
    if not members:
        return None
    suffix, stop = suffix_at(text, members[-1][2] + 1)
    return make_group(i, stop, members, "条", suffix)


def next_bare(text: str, i: int) -> Group | None:
    """九十九条, 三十八条之一, 三项 where a list goes on."""
    end = number_end(text, i)
    if not end or text.startswith("两", i):
        return None
    members = [("", text[i:end], end, False)]
    if level_at(text, end) == "条":
        suffix, stop = suffix_at(text, end + 1)
        return make_group(i, stop, members, "条", suffix)
    if level_at(text, end) not in ("款", "项"):
        return None
    after = goes_on(text, end + 1) or text.startswith(DONE, end + 1) or in_digits(text, end)
    return make_group(i, end + 1, members, text[end], "") if after else None


def deeper_bare(text: str, i: int) -> Group | None:
    """第七十六条一款三项, 第三十二条一、三项, 第十二条丙款."""
    if text[i : i + 1] and text[i] in words.STEMS and level_at(text, i + 1) == "款" and goes_on(text, i + 2):
        return Group(i, i + 2, (("", words.STEMS.index(text[i]) + 1),), 1, 0, False, False)
    members = [] if text.startswith("两", i) else bare_members(text, i, ARABIC + words.CHINESE)
    while members:
        end = members[-1][2]
        after = end + 1
        done = text.startswith(DONE, after) or in_digits(text, end) or len(members) > 1
        fits = done or goes_on(text, after) or text[after] in SIGNS or number_item(text, after)
        if level_at(text, end) in ("款", "项") and fits:
            return make_group(i, after, members, text[end], "")
        members.pop()
    return None


def in_digits(text: str, i: int) -> bool:
    """Whether the level at ``i`` has an Arabic number before it and nothing that 3项 counts after it."""
    counts = text.startswith("项", i) and text.startswith(tuple(words.COUNTED.split("|")), i + 1)
    return text[i - 1] in ARABIC and not counts


def number_item(text: str, i: int) -> bool:
    end = number_end(text, i)
    return bool(end) and text.startswith("项", end)


# ---------------------------------------------------------------- parts of a law


def parts_end(text: str, i: int) -> int:
    """After 合同编, 分则, 第三章第一节, 第二章行政处罚, if a provision follows."""
    start = i
    i += len(part_named_at(text, i))
    while text.startswith("第", i) and (end := number_end(text, i + 1)):
        unit = word_at(text, end, PARTS)
        if not unit:
            break
        i = part_title_end(text, end + len(unit))
    return i if text[i : i + 1] and text[i] in "第" + ARABIC else start


def part_title_end(text: str, i: int) -> int:
    """After the title of a chapter, if 第 follows it."""
    j = i + (text[i : i + 1] in ("“", "（", "("))
    end = j
    while end < len(text) and "一" <= text[end] <= "龥" and text[end] not in "第条款项目的和及":
        end += 1
    close = end + (text[end : end + 1] in ("”", "）", ")"))
    return close if 2 <= end - j <= 12 and text.startswith("第", close) else i


def part_named_at(text: str, i: int) -> str:
    """合同编, 合同编通则, 总则: a part by its name, which is no number and goes over no other law."""
    for length in range(6, 1, -1):
        name = text[i : i + length]
        if text.startswith("编", i + length) and is_part_name(name):
            return name + "编" + word_at(text, i + length + 1, ("通则", "总则", "分则"))
    return word_at(text, i, ("总则", "分则", "附则"))


def is_part_name(name: str) -> bool:
    return 2 <= len(name) <= 6 and all("一" <= c <= "龥" and c not in "法典第条款项目和与及或" for c in name)


def is_part(text: str, i: int, end: int) -> bool:
    """Whether 第三编 or 第三编合同 is all that stands between ``i`` and ``end``."""
    number = number_end(text, i + 1)
    for unit in PARTS if number else ():
        title = text[(number or 0) + len(unit) : end]
        plain = all("一" <= c <= "龥" and c not in "第条款项目的和及与规依按据违属要应" for c in title)
        fits = not title or (2 <= len(title) <= 8 and plain)
        if text.startswith(unit, number or 0) and (number or 0) + len(unit) <= end and fits:
            return True
    return False


def parts_start(text: str, end: int) -> int:
    """Before 合同编第三章第一节."""
    while (i := text.rfind("第", 0, end)) >= 0 and is_part(text, i, end):
        end = i
    for i in range(max(0, end - 9), end):
        after_title = text.endswith("法典", 0, i) or (text.endswith("法", 0, i) and text[i] != "典")
        if after_title and part_named_at(text, i) == text[i:end]:
            return i
    return end
