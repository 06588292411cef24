"""Plain and slow: the text without white space, and the numbers in it."""

from __future__ import annotations

from dataclasses import dataclass

from kb.citation import grammar as words
from kb.numerals import to_int

ARABIC = "0123456789０１２３４５６７８９"
CIRCLED = "㈠㈡㈢㈣㈤㈥㈦㈧㈨㈩"
BRACKETED_ARABIC = "⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇"
IN_CIRCLES = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
SIGNS = CIRCLED + BRACKETED_ARABIC + IN_CIRCLES
INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
OPEN, CLOSE = "（(", "）)"
RANGE = ("起至", "至", "到", "-", "–", "—", "－", "~", "～")
JOINS = ("、", "/", "／", "以及", "和", "及", "与", "或者", "或", *RANGE)
MEMBERS = 41


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
            if keep and heading is None and text[:i].endswith("》") and goes_on_below(text, j):
                keep = False
        if keep:
            out.append("\n")
            at.append(j - 1)
        i = j
    return Squeezed("".join(out), at, statute)


def goes_on_below(text: str, i: int) -> bool:
    """Whether 第五条第一款 or 第五条的 stands here: a citation, not an article's heading."""
    end = number_end(text, i + 1) if text.startswith("第", i) else None
    if not end or not text.startswith("条", end):
        return False
    after = [end + 1]
    if text.startswith("之", end + 1) and (inner := number_end(text, end + 2)):
        after.append(inner)
    for at in after:
        member = member_at(text, at + 1) if text.startswith("第", at) else None
        if member and text.startswith(("款", "项"), member[1]):
            return True
        if text.startswith(("的", "之", "、", "规定"), at):
            return True
    return False


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


# ---------------------------------------------------------------- numbers


def number_end(text: str, i: int, any_length: bool = False) -> int | None:
    """The end of a number of at most 4 digits or 9 Chinese numerals."""
    for letters, most in ((ARABIC, 4), (words.CHINESE, 9)):
        j = i
        while j < len(text) and text[j] in letters:
            j += 1
        if j > i:
            return j if any_length or j - i <= most else None
    return None


def member_at(text: str, i: int) -> tuple[str, int, bool] | None:
    """A number, （一） or ㈠: its text, its end, whether it is bracketed."""
    c = text[i : i + 1]
    if c and c in SIGNS:
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
    for row in (CIRCLED, BRACKETED_ARABIC, IN_CIRCLES):
        if number in row:
            return row.index(number) + 1
    return to_int(number)
