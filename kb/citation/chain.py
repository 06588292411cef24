"""The chain of provisions that follows one anchor: 第十条第一款第（一）项、第（三）项和第十二条."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from kb.citation import grammar as g
from kb.errors import BadValue
from kb.numerals import to_int

MAX_RANGE = 400
_CLOSING = (*")）]］】〕",)
_SURELY_ARTICLE = 10
_PAUSES = ("，", ",", "；", ";", "、")
ARTICLE, ANY = -1, -2  # what the first provision of a chain must be
_Path = tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Provision:
    """One provision of a chain, in clean offsets. ``path`` is (article, suffix, paragraph, item, subitem)."""

    path: _Path
    start: int
    end: int
    arabic: bool = False
    ranged: bool = False


@dataclass(slots=True)
class _Open:
    """The provision being read: it may still go deeper (条 → 款 → 项 → 目)."""

    path: list[int | None]
    level: int
    start: int
    end: int
    arabic: bool
    ranged: bool = False

    def close(self) -> Provision:
        return Provision(tuple(self.path), self.start, self.end, self.arabic, self.ranged)


@dataclass(slots=True)
class Chain:
    """The provisions that follow one anchor: 第十条第一款第（一）项、第（三）项和第十二条.

    Args:
        text: the clean text.
        pos: where the first provision must begin.
        start: where the anchor begins; the first provision's span reaches back to it.
        base: 0 after 本条 (款 or 项 must follow), 1 after 前款 (项 must follow), `ARTICLE` where an article
            must, `ANY` where a list goes on.
        titled: the anchor is 《…》, after which 第 may be missing (《食品安全法》59条).
        bracket: not "" where the provisions stand in a bracket: 第十条（第二款）, 《…》（第十条）.
    """

    text: str
    pos: int
    start: int
    base: int = ARTICLE
    titled: bool = False
    bracket: str = ""
    provisions: tuple[Provision, ...] = ()
    end: int = 0
    _out: list[Provision] = field(default_factory=list)
    _open: _Open | None = None

    def __post_init__(self) -> None:
        self.end = self.pos
        if self.base == ARTICLE and (parts := g.PARTS.match(self.text, self.pos)):
            self.pos = parts.end()
        group = g.GROUP.match(self.text, self.pos)
        if group is None and self.titled:
            group = g.FIRST_BARE.match(self.text, self.pos)
        if group is None or not self._first(group):
            return
        self._deepen()
        while self._suffixes() or self._sibling():
            self._deepen()
        if self._open:
            self._out.append(self._open.close())
        self.provisions = tuple(self._out)

    def _first(self, group: re.Match[str]) -> bool:
        level = _level(group)
        if level is None or (level != 0 if self.base == ARTICLE else level <= self.base):
            return False
        taken = self._take(group, level, [None] * 5, self.start, "")
        if self.base == ANY and self._counts_something_else():
            self._open, self._out = None, []
            return False
        return taken

    def _deepen(self) -> None:
        """Groups that follow directly and go deeper, and the bracket that ends after them."""
        while self._open and self._go_deeper(self._open):
            pass
        if self.bracket and self._open and self.text.startswith(_CLOSING, self.pos):
            self.pos += 1
            if self.bracket == "deeper":
                self._open.end = self.end = self.pos
            self.bracket = ""

    def _go_deeper(self, upper: _Open) -> bool:
        link = g.DEEPER_LINK.match(self.text, self.pos)
        group = g.GROUP.match(self.text, link.end() if link else self.pos)
        bare = None if group else g.DEEPER_BARE.match(self.text, self.pos)
        group = group or bare
        level = _level(group) if group else None
        if group is None or level is None or level <= upper.level:
            return False
        saved = (len(self._out), self.pos, self.end)
        self._open = None
        taken = self._take(group, level, list(upper.path), upper.start, "", upper.arabic, upper.ranged)
        if not taken or ((link or bare) and self._counts_something_else()):
            del self._out[saved[0] :]
            self._open, self.pos, self.end = upper, *saved[1:]
            return False
        if link and link["bracket"]:
            self.bracket = "deeper"
        return True

    def _sibling(self) -> bool:
        """The next provision after 、 和 至 …, or after nothing (第十条第十二条)."""
        joint = g.CONTINUE.match(self.text, self.pos)
        at = joint.end() if joint else self.pos
        group = g.GROUP.match(self.text, at) or (joint and self._without_mark(at))
        level = _level(group) if group else None
        if group is None or level is None or self._open is None:
            return False
        if self.base >= 0 and level <= self.base:
            return False
        if joint is None and not (level == 0 or level == self._open.level < 3):
            return False
        pause = joint and (joint["soft"] or joint["pause"])
        if pause and not self._sure(group, level):
            return False
        saved = (len(self._out), self._open, self.pos, self.end)
        before = self._open
        self._out.append(before.close())
        path: list[int | None] = [*before.path[: _slot(level)], *[None] * (5 - _slot(level))]
        self._open = None
        ok = self._take(
            group, level, path, group.start(), joint["range"] or "" if joint else "", before=before
        )
        listed = (
            joint and not pause and level == 2 == before.level and group.re is g.GROUP
        )  # 第二项、第三项业务
        if not ok or (not listed and self._counts_something_else()):
            del self._out[saved[0] :]
            self._open, self.pos, self.end = saved[1:]
            return False
        if joint and joint["bracket"]:
            self.bracket = "beside"
        return True

    def _sure(self, group: re.Match[str], level: int) -> bool:
        """Whether the same law goes on after a pause: 第一款，第二款产品 does not; （二） may not.

        An article does, and （二）项, a 款 or 项 before 的, 规定 …, and a later 款 before another pause.
        """
        if level == 0 or (g.BRACKET.match(group["members"]) and group["level"]):
            return True
        if level == 1 and self._is_later(group) and self.text.startswith(_PAUSES, group.end()):
            return True
        return g.AFTER_PAUSE.match(self.text, group.end()) is not None

    def _is_later(self, group: re.Match[str]) -> bool:
        """Whether a 款 comes after the one before: 第一款第（二）项，第二款，…"""
        before = self._open.path[2] if self._open else None
        try:
            return before is not None and _members(group["members"])[0][0] > before
        except BadValue:
            return False

    def _suffixes(self) -> bool:
        """第一百二十条之一、之二: the same article, another 之."""
        before, more = self._open, g.NEXT_SUFFIX.match(self.text, self.pos)
        if before is None or before.level != 0 or not before.path[1] or more is None:
            return False
        try:
            first, last, number = before.path[1], to_int(more["suffix"]), before.path[0]
        except BadValue:  # 之十十
            return False
        if last - first > MAX_RANGE:
            return False
        ranged = more["range"] is not None
        self._out.append(replace(before.close(), ranged=before.ranged or ranged))
        for n in range(first + 1, last) if ranged else ():
            path = (number, n, None, None, None)
            self._out.append(Provision(path, before.start, more.end(), before.arabic, True))
        self._open = _Open(
            [number, last, None, None, None], 0, more.start("suffix") - 1, more.end(), False, ranged
        )
        self.pos = self.end = more.end()
        return True

    def _without_mark(self, at: int) -> re.Match[str] | None:
        """第九十八条和九十九条: without 第 a higher number goes on, and any article from 10 on.

        Any other may count something else: 第九条、三条意见.
        """
        group, before = g.NEXT_BARE.match(self.text, at), self._open
        if group is None or before is None or before.path[_slot(_level(group) or 0)] is None:
            return None
        try:
            number, level = to_int(group["members"]), _level(group) or 0
        except BadValue:
            return None
        higher = number > (before.path[_slot(level)] or 0)
        return group if higher or (level == 0 and number >= _SURELY_ARTICLE) else None

    def _counts_something_else(self) -> bool:
        """Whether what was just taken is 第三条道路 or 第一款产品."""
        word = "条款项目"[self._open.level] if self._open else "条"
        return getattr(g, f"NOT_{word}").match(self.text, self.pos) is not None

    def _take(
        self,
        group: re.Match[str],
        level: int,
        path: list[int | None],
        start: int,
        range_: str,
        arabic: bool = False,
        ranged: bool = False,
        before: _Open | None = None,
    ) -> bool:
        """Read one group (a number or a compact list); the last member stays open for deeper levels."""
        try:
            members = _members(group["members"])
            groups = group.groupdict()
            suffix_text = groups.get("suffix") or groups.get("inner")
            suffix = to_int(suffix_text) if suffix_text else 0
        except BadValue:
            return False
        arabic = arabic or (level < 3 and g.ARABIC.search(group["members"]) is not None)
        slot, end = _slot(level), group.end()
        if range_ and before is not None:
            self._fill(before, path, slot, members[0][0], suffix, group, arabic)
            ranged = True
        for n, (value, in_range) in enumerate(members):
            here = [*path[:slot], value, *path[slot + 1 :]]
            if level == 0:
                here[1] = suffix if n == len(members) - 1 else 0
            self._open = _Open(here, level, start, end, arabic, ranged or in_range)
            if n < len(members) - 1:
                self._out.append(self._open.close())
        self.pos = self.end = end
        return True

    def _fill(
        self,
        before: _Open,
        path: list[int | None],
        slot: int,
        last: int,
        suffix: int,
        group: re.Match[str],
        arabic: bool,
    ) -> None:
        """The members between the two ends of a range written with full groups (第十条至第十二条)."""
        first = before.path[slot]
        if first is None or last - first > MAX_RANGE:
            return
        span = (before.start if before.start >= self.start else group.start(), group.end())
        if self._out:
            self._out[-1] = replace(self._out[-1], ranged=True)
        if slot == 0 and suffix and first == last:
            between = [(first, s) for s in range((before.path[1] or 0) + 1, suffix)]
        else:
            between = [(n, 0) for n in range(first + 1, last)]
            if slot == 0 and suffix:  # 第十条至第十二条之二: 十二 and 十二之一 lie between
                between += [(last, n) for n in range(suffix)]
        for number, its_suffix in between:
            here = [*path[:slot], number, *path[slot + 1 :]]
            if slot == 0:
                here[1] = its_suffix
            self._out.append(Provision(tuple(here), *span, arabic, True))


def _level(group: re.Match[str]) -> int | None:
    """0 to 3 for 条 款 项 目; None for anything else.

    （一） with neither 第 nor 项 is an item, （2021） is none.
    """
    word = group["level"] or group.groupdict().get("lower")
    if word is None:
        return 2 if group["di"] or not g.YEAR.search(group["members"]) else None
    if word not in g.LEVELS:
        return None
    level = g.LEVELS.index(word)
    if "di" in group.re.groupindex and not group["di"] and level not in (1, 2):
        return None
    return level


def _slot(level: int) -> int:
    """The place of a level in a path, which keeps the suffix of the article at 1."""
    return level if level == 0 else level + 1


def _members(text: str) -> list[tuple[int, bool]]:
    """Numbers of a compact list, ranges spelled out: 一至三 → 1, 2, 3."""
    out: list[tuple[int, bool]] = []
    for m in g.ONE_MEMBER.finditer(text):
        value = _value(m["value"])
        join = m["join"]
        if join and out and g.JUST_RANGE.match(join):
            first = out[-1][0]
            out[-1] = (first, True)
            if first < value <= first + MAX_RANGE:
                out.extend((n, True) for n in range(first + 1, value))
            out.append((value, True))
        else:
            out.append((value, False))
    return out


def _value(text: str) -> int:
    c = text[0]
    if "㈠" <= c <= "㈩":
        return ord(c) - ord("㈠") + 1
    if "⑴" <= c <= "⒇":
        return ord(c) - ord("⑴") + 1
    if "①" <= c <= "⑳":
        return ord(c) - ord("①") + 1
    if c in g.STEMS:
        return g.STEMS.index(c) + 1
    return to_int(text.strip("（）()"))
