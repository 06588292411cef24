"""Find: where a text cites, by form alone. What each name means is settled later (`parse`).

Everything starts at an anchor (《…》, a name right before 第…条, 该法, 本条 …), and only the chain of
provisions that hangs on it is read. A number that hangs on nothing (合同第五条, 第三条道路) is never taken
for the last law's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from kb.citation import grammar as g
from kb.errors import BadValue
from kb.numerals import to_int

MAX_TITLE = 120
MAX_RANGE = 400
_BEFORE = 64  # how far back a name without 《》 may begin


@dataclass(frozen=True, slots=True)
class Provision:
    """One provision of a chain, in clean offsets. ``path`` is (article, suffix, paragraph, item, subitem)."""

    path: tuple[int | None, ...]
    start: int
    end: int
    arabic: bool = False
    ranged: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """One thing found, in clean offsets.

    ``kind``: ``title`` (《…》), ``bare`` (a name without 《》 ends at ``name_end``), ``pronoun`` (该法,
    本法), ``implied`` (本条, 前款), ``open``/``close`` (a quotation), ``break`` (a paragraph ends).
    """

    kind: str
    start: int
    end: int
    name: str = ""
    name_end: int = 0
    marks: str = ""
    notes: str = ""
    provisions: tuple[Provision, ...] = ()


def find(text: str) -> list[Found]:
    """All anchors of a text with the provisions that hang on them, in source offsets."""
    cleaned = g.clean(text)
    out = []
    for found in scan(cleaned.text):
        start, end = cleaned.span(found.start, found.end)
        provisions = []
        for p in found.provisions:
            first, last = cleaned.span(p.start, p.end)
            provisions.append(replace(p, start=first, end=last))
        name_end = cleaned.span(0, found.name_end)[1] if found.name_end else 0
        out.append(replace(found, start=start, end=end, name_end=name_end, provisions=tuple(provisions)))
    return out


def scan(text: str) -> Iterator[Found]:
    """Walk a clean text from anchor to anchor."""
    pos = 0
    while m := g.TRIGGER.search(text, pos):
        at, first = m.start(), m[0][0]
        if first == "《":
            found = _titled(text, at)
        elif first in "“”\n":
            kind = {"“": "open", "”": "close", "\n": "break"}[first]
            found = Found(kind, at, m.end())
        elif first == "第":
            found = _named(text, at)
        else:
            found = _implied(text, at, m[0])
        if found is None:
            pos = m.end()
            continue
        yield found
        pos = max(found.end, m.end())


# ---------------------------------------------------------------- anchors


def _titled(text: str, at: int) -> Found | None:
    """《…》, then notes in brackets, then the chain."""
    close = _title_end(text, at)
    if close is None:
        return None
    notes = g.NOTES.match(text, close)
    after = notes.end() if notes else close
    link = g.AFTER_TITLE.match(text, after)
    chain = Chain(text, link.end() if link else after, at, titled=True)
    end = chain.end if chain.provisions else close
    note = text[close:after]
    if not chain.provisions and g.DEFINITION.search(note):
        end = after
    return Found("title", at, end, text[at + 1 : close - 1], close, "《》", note, chain.provisions)


def _title_end(text: str, at: int) -> int | None:
    """Offset after the 》 that closes the 《 at ``at``; titles may hold 《》 themselves."""
    depth = 0
    for i in range(at, min(at + MAX_TITLE, len(text))):
        c = text[i]
        if c == "《":
            depth += 1
        elif c == "》":
            depth -= 1
            if depth == 0:
                return i + 1 if i > at + 1 else None
        elif c in "。；\n":
            return None
    return None


def _named(text: str, at: int) -> Found:
    """第…条 without 《》 before it: what stands before may be a name or 该法, or nothing that names a law."""
    left = max(0, at - _BEFORE)
    before = text[left:at]
    chapters = g.CHAPTERS_BEFORE.search(before)
    end = chapters.start() if chapters else len(before)
    for link in ("中的", "中", "的"):
        if before.endswith(link, 0, end) and not before.endswith("规定的", 0, end):
            end -= len(link)
            break
    notes = g.NOTES_BEFORE.search(before, 0, end)
    note = notes[0] if notes else ""
    end = notes.start() if notes else end
    marks = ""
    if end and before[end - 1] in g.WRONG_MARKS:
        close = before[end - 1]
        marks = g.WRONG_MARKS[close] + close
        end -= 1
    elif end and before[end - 1] == "》":
        marks, end = "》", end - 1
    window = before[:end]
    opening = window.rfind(marks[0]) if len(marks) == 2 else -1
    if opening >= 0:
        window = window[opening + 1 :]
    else:
        cut = [m.end() for m in g.DELIMITER.finditer(window)]
        missing_close = bool(cut) and window[cut[-1] - 1] == "《"
        marks = "《" if missing_close else (marks if marks == "》" else "")
        window = window[cut[-1] :] if cut else window
    pronoun = g.PRONOUN.search(window)
    start = left + end - (len(pronoun[0]) if pronoun else len(window))
    chain = Chain(text, at, start)
    stop = max(chain.end, at + 1)
    kind = "pronoun" if pronoun else "bare"
    name = pronoun[0] if pronoun else window
    return Found(kind, start, stop, name, left + end, marks, note, chain.provisions)


def _implied(text: str, at: int, word: str) -> Found | None:
    """本条第二款, 前款第（一）项, 前条: the article or paragraph comes from what was cited before."""
    chain = Chain(text, at + len(word), at, base=0 if word.endswith("条") else 1)
    provisions = chain.provisions
    if not provisions and word in ("前款", "前条"):
        provisions = (Provision((None,) * 5, at, at + len(word)),)
    if not provisions:
        return None
    return Found("implied", at, max(chain.end, at + len(word)), word, at + len(word), provisions=provisions)


# ---------------------------------------------------------------- the chain of provisions


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
        base: 0 after 本条 (款 or 项 must follow), 1 after 前款 (项 must follow), -1 where an article must.
        titled: the anchor is 《…》, after which 第 may be missing (《食品安全法》59条).
    """

    text: str
    pos: int
    start: int
    base: int = -1
    titled: bool = False
    provisions: tuple[Provision, ...] = ()
    end: int = 0
    _out: list[Provision] = field(default_factory=list)
    _open: _Open | None = None

    def __post_init__(self) -> None:
        self.end = self.pos
        if chapters := g.CHAPTERS.match(self.text, self.pos):
            self.pos = chapters.end()
        group = g.GROUP.match(self.text, self.pos)
        if group is None and self.titled:
            group = g.FIRST_BARE_NUMBER.match(self.text, self.pos)
        if group is None or not self._first(group):
            return
        self._deepen()
        while self._sibling():
            self._deepen()
        if self._open:
            self._out.append(self._open.close())
        self.provisions = tuple(self._out)

    def _first(self, group: re.Match[str]) -> bool:
        level = _level(group)
        if level is None or (level != 0 if self.base < 0 else level <= self.base):
            return False
        return self._take(group, level, [None] * 5, self.start, "")

    def _deepen(self) -> None:
        """Groups that follow directly and go deeper."""
        while self._open and (group := g.GROUP.match(self.text, self.pos)):
            level = _level(group)
            if level is None or level <= self._open.level:
                return
            path, start, ranged = list(self._open.path), self._open.start, self._open.ranged
            kept, self._open = self._open, None
            if not self._take(group, level, path, start, "", kept.arabic, ranged):
                self._open = kept
                return

    def _sibling(self) -> bool:
        """The next provision after 、 和 至 …, or after nothing (第十条第十二条)."""
        joint = g.CONTINUE.match(self.text, self.pos)
        at = joint.end() if joint else self.pos
        group = g.GROUP.match(self.text, at)
        level = _level(group) if group else None
        if group is None or level is None or self._open is None:
            return False
        if self.base >= 0 and level <= self.base:
            return False
        if joint is None and level > 0:
            return False
        # After a pause only an article (or a bracketed 项) can go on with the same law for sure.
        if (
            joint
            and (joint["soft"] or joint["pause"])
            and level > 0
            and not group["members"].startswith(("（", "("))
        ):
            return False
        saved = (len(self._out), self._open, self.pos, self.end)
        before = self._open
        self._out.append(before.close())
        path: list[int | None] = [*before.path[: _slot(level)], *[None] * (5 - _slot(level))]
        self._open = None
        ok = self._take(
            group, level, path, group.start(), joint["range"] or "" if joint else "", before=before
        )
        if not ok or self._counts_something_else():
            del self._out[saved[0] :]
            self._open, self.pos, self.end = saved[1:]
            return False
        return True

    def _counts_something_else(self) -> bool:
        """Whether what was just taken is 第三条道路 or 第一款产品."""
        word = "条款项目"[self._open.level] if self._open else "条"
        return g.NOT_PROVISION[word].match(self.text, self.pos) is not None

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
            groups = group.re.groupindex
            suffix_text = (group["suffix"] or group["inner"]) if "suffix" in groups else None
            suffix = to_int(suffix_text) if suffix_text else 0
        except BadValue:
            return False
        arabic = arabic or (level < 3 and re.search(r"[0-9０-９⑴-⒇]", group["members"]) is not None)
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
        for number, its_suffix in between:
            here = [*path[:slot], number, *path[slot + 1 :]]
            if slot == 0:
                here[1] = its_suffix
            self._out.append(Provision(tuple(here), *span, arabic, True))


def _level(group: re.Match[str]) -> int | None:
    """0 to 3 for 条 款 项 目; None for anything else. （一） with neither 第 nor 项 is no provision."""
    word = group["level"]
    if word is None:
        return 2 if group["di"] else None
    if word not in g.LEVELS:
        return None
    level = g.LEVELS.index(word)
    if "di" in group.re.groupindex and not group["di"] and level != 2:
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
        if join and out and re.fullmatch(g.RANGE, join):
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
    return to_int(text.strip("（）()"))
