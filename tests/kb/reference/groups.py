"""Plain and slow: the text without white space, numbers, and one group of numbers (第一、二项)."""

from __future__ import annotations

from dataclasses import dataclass

from kb.citation import grammar as words
from kb.errors import BadValue
from kb.numerals import to_int

ARABIC = "0123456789０１２３４５６７８９"
CIRCLED = "㈠㈡㈢㈣㈤㈥㈦㈧㈨㈩"
BRACKETED_ARABIC = "⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇"
INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
OPEN, CLOSE = "（(", "）)"
RANGE = ("至", "到", "-", "–", "—", "－", "~", "～")
JOINS = ("、", "以及", "和", "及", "与", "或者", "或", *RANGE)
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
AFTER_BARE_ITEM = "的之规、，,。；;和及与或等”’）)"
MEMBERS = 41


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


# ---------------------------------------------------------------- the text without white space


@dataclass(frozen=True)
class Squeezed:
    """The text without white space; ``at[i]`` is where its character i stood."""

    text: str
    at: list[int]
    statute: bool  # has articles of its own

    def span(self, start: int, end: int) -> tuple[int, int]:
        return self.at[start], self.at[end - 1] + 1


def squeeze(text: str) -> Squeezed:
    """Leave out white space; a line break stays before and after 第五条 of a statute, and at a blank line."""
    out, at = [], []
    heading = heading_end(text, 0)
    statute, i = heading is not None, 0
    while i < len(text):
        j = i
        while j < len(text) and (text[j].isspace() or text[j] in INVISIBLE):
            j += 1
        if j == i:
            out.append(text[i])
            at.append(i)
            i += 1
            continue
        run, keep = text[i:j], heading == j
        if "\n" in run or "\u2029" in run:
            heading = heading_end(text, j)
            statute = statute or heading is not None
            keep = heading is not None or run.count("\n") >= 2 or "\u2029" in run
        if keep:
            out.append("\n")
            at.append(j - 1)
        i = j
    return Squeezed("".join(out), at, statute)


def heading_end(text: str, i: int) -> int | None:
    """Where the words of a statute's own article begin, if 第五条 and a gap or a colon stand at ``i``."""
    while text[i : i + 1] in ("#", "*"):
        i += 1
    if text[i : i + 1] != "第" or not (end := number_end(text, i + 1)) or text[end : end + 1] != "条":
        return None
    i = end + 1
    if text[i : i + 1] == "之":
        end = number_end(text, i + 1)
        if not end:
            return None
        i = end
    while text[i : i + 1] == "*":
        i += 1
    if text[i : i + 1] in ("：", ":"):
        return i + 1
    j = i
    while text[j : j + 1] and text[j] in " \t　\u2002\u2003":
        j += 1
    after = text[j : j + 1]
    if j == i or (after and (after in "第的之、，。；和及与或等规所中（(" or after.isspace())):
        return None
    return j


# ---------------------------------------------------------------- numbers and groups


def number_end(text: str, i: int) -> int | None:
    """The end of a number of at most 4 digits or 9 Chinese numerals."""
    for letters, most in ((ARABIC, 4), (words.CHINESE, 9)):
        j = i
        while j < len(text) and text[j] in letters:
            j += 1
        if j > i:
            return j if j - i <= most else None
    return None


def member_at(text: str, i: int) -> tuple[str, int, bool] | None:
    """A number, （一） or ㈠: its text, its end, whether it is bracketed."""
    c = text[i : i + 1]
    if c and c in CIRCLED + BRACKETED_ARABIC:
        return c, i + 1, True
    if c and c in OPEN:
        end = number_end(text, i + 1)
        if end and text[end : end + 1] and text[end] in CLOSE:
            return text[i + 1 : end], end + 1, True
        return None
    end = number_end(text, i)
    return (text[i:end], end, False) if end else None


def word_at(text: str, i: int, choices: tuple[str, ...]) -> str:
    return next((w for w in choices if text.startswith(w, i)), "")


def members_at(text: str, i: int) -> list[tuple[str, str, int, bool]]:
    """All numbers of a list that may belong together: (join, number, end, bracketed)."""
    first = member_at(text, i)
    if not first:
        return []
    out = [("", *first)]
    while len(out) < MEMBERS:
        i = out[-1][2]
        join = word_at(text, i, JOINS)
        j = i + len(join)
        j += text.startswith("第", j)
        member = member_at(text, j)
        if not member or not (join or member[2]):
            break
        out.append((join, *member))
    return out


def value(number: str) -> int:
    for row in (CIRCLED, BRACKETED_ARABIC):
        if number in row:
            return row.index(number) + 1
    return to_int(number)


def level_at(text: str, i: int) -> str:
    level = text[i : i + 1]
    return level if level in LEVELS and not text.startswith(LEVELS[level], i + 1) else ""


def starts_group(text: str, i: int) -> bool:
    return text.startswith(("第", *OPEN, *CIRCLED, *BRACKETED_ARABIC), i)


def group_at(text: str, i: int) -> Group | None:
    """The group that begins at ``i``; the longest list of numbers that ends as a group must."""
    di = text.startswith("第", i)
    if not di and not (text[i : i + 1] and text[i] in OPEN + CIRCLED + BRACKETED_ARABIC):
        return None
    members = members_at(text, i + di)
    while members:
        end, bracketed = members[-1][2:]
        ending = group_ending(text, end)
        if ending:
            level, suffix, stop = ending
        elif bracketed and di and item_may_end(text, end):
            level, suffix, stop = "项", "", end
        elif bracketed and item_may_end(text, end):
            return None
        else:
            members.pop()
            continue
        if level not in DEPTH or (not di and level != "项"):
            return None
        return make_group(i, stop, members, level, suffix)
    return None


def item_may_end(text: str, i: int) -> bool:
    return i >= len(text) or text[i] in AFTER_BARE_ITEM or text.startswith("情形", i)


def group_ending(text: str, i: int) -> tuple[str, str, int] | None:
    """条, 款, 项, 目, with 之N on either side of 条: (level, N, end)."""
    inner = ""
    if text.startswith("之", i) and (end := number_end(text, i + 1)):
        inner, i = text[i + 1 : end], end
    level = level_at(text, i)
    if not level:
        return None
    end, suffix = i + 1, ""
    if level == "条" and text.startswith("之", end):
        for letters, most in ((ARABIC, 2), ("一二三四五六七八九十", 3)):
            j = end + 1
            while j < len(text) and text[j] in letters and j - end <= most:
                j += 1
            if j > end + 1 and not text.startswith(("般", "切", "部", "系", "分", "款", "项"), j):
                suffix, end = text[end + 1 : j], j
                break
    return level, suffix or inner, end


def make_group(
    i: int, end: int, members: list[tuple[str, str, int, bool]], level: str, suffix: str
) -> Group | None:
    depth = DEPTH.index(level)
    written = "".join(number for _, number, _, _ in members)
    arabic = depth < 3 and any(c in ARABIC + BRACKETED_ARABIC for c in written)
    try:
        numbers = tuple((join, value(number)) for join, number, _, _ in members)
        return Group(i, end, numbers, depth, to_int(suffix) if suffix else 0, arabic, members[0][3])
    except BadValue:
        return None


def bare_number_at(text: str, i: int) -> Group | None:
    """59条 right after 》."""
    end = number_end(text, i)
    if not end or text[i] not in ARABIC or not text.startswith("条", end):
        return None
    if text.startswith(("件", "约", "例"), end + 1):
        return None
    return Group(i, end + 1, (("", to_int(text[i:end])),), 0, 0, True, False)


def chapters_end(text: str, i: int) -> int:
    """After 第三章第一节."""
    while text.startswith("第", i) and (end := number_end(text, i + 1)):
        unit = word_at(text, end, ("分编", "编", "章", "节"))
        if not unit:
            break
        i = end + len(unit)
    return i


def chapters_start(text: str, end: int) -> int:
    """Before 第三章第一节."""
    while unit := next((u for u in ("分编", "编", "章", "节") if text.endswith(u, 0, end)), ""):
        i = text.rfind("第", 0, end - len(unit))
        if i < 0 or number_end(text, i + 1) != end - len(unit):
            break
        end = i
    return end
