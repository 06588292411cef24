"""The citation grammar a second time, plain and slow: one character after another, no pattern searches.

Written from the grammar in prose. It shares with the fast engine only what is vocabulary (which words are
verbs, which counted things are no provisions) and the reading of a numeral. Both must find the same.

    citation  = anchor, provisions
    anchor    = 《title》 notes link | name notes link | 该法 | 本条 | 前款 | 前条
    provision = [第N编 第N章 …] group, deeper groups; the next after 、 和 ， 的规定和 至 …
    group     = 第 number {join number} level [之N];  a bracketed last number needs no 项 before 的, 、 …
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from kb.citation import grammar as words
from tests.kb.reference.groups import (
    ARABIC,
    CLOSE,
    DEPTH,
    OPEN,
    RANGE,
    Group,
    bare_number_at,
    chapters_end,
    chapters_start,
    group_at,
    level_at,
    members_at,
    number_end,
    starts_group,
    word_at,
)

TITLE_REACH, NAME_REACH, RANGE_REACH = 120, 64, 400
NONE = (None, None, None, None, None)


@dataclass(frozen=True)
class Place:
    """One provision: (article, suffix, paragraph, item, subitem) and where it stands."""

    path: tuple[int | None, ...]
    start: int
    end: int
    arabic: bool = False
    ranged: bool = False


@dataclass(frozen=True)
class Anchor:
    """``title``, ``bare``, ``pronoun``, ``implied``, or what only matters for quotations and paragraphs."""

    kind: str
    start: int
    end: int
    name: str = ""
    name_end: int = 0
    marks: str = ""
    notes: str = ""
    places: tuple[Place, ...] = ()


def plain_words(pattern: re.Pattern[str]) -> tuple[str, ...]:
    """The words of a list that is kept as a pattern of nothing but alternatives."""
    return tuple(pattern.pattern.split("|"))


# ---------------------------------------------------------------- the provisions that hang on an anchor


@dataclass
class Provisions:
    """Reads 条 → 款 → 项 → 目 and what is joined to them. ``above``: the deepest level the anchor has."""

    text: str
    start: int
    above: int = -1
    places: list[Place] = field(default_factory=list)
    depth: int = 0
    end: int = 0

    def read(self, i: int, titled: bool = False) -> tuple[Place, ...]:
        self.end = i
        i = chapters_end(self.text, i)
        group = group_at(self.text, i)
        if not group and titled:
            group = bare_number_at(self.text, i)
        if not group or (group.depth != 0 if self.above < 0 else group.depth <= self.above):
            return ()
        self.add(group, Place(NONE, self.start, self.start))
        self.go_deeper()
        while self.next_one():
            self.go_deeper()
        return tuple(self.places)

    def add(self, group: Group, under: Place) -> None:
        """The members of a group, each laid into the path above it."""
        slot = group.depth + (group.depth > 0)
        values: list[tuple[int, bool]] = []
        for join, number in group.numbers:
            if join in RANGE and values:
                first = values[-1][0]
                values[-1] = (first, True)
                if first < number <= first + RANGE_REACH:
                    values += [(n, True) for n in range(first + 1, number)]
                values.append((number, True))
            else:
                values.append((number, False))
        for n, (number, ranged) in enumerate(values):
            path = [*under.path]
            path[slot] = number
            if group.depth == 0:
                path[1] = group.suffix if n == len(values) - 1 else 0
            arabic = under.arabic or group.arabic
            place = Place(tuple(path), under.start, group.end, arabic, under.ranged or ranged)
            self.places.append(place)
        self.depth, self.end = group.depth, group.end

    def go_deeper(self) -> None:
        while (group := group_at(self.text, self.end)) and group.depth > self.depth:
            self.add(group, self.places.pop())

    def next_one(self) -> bool:
        """One more provision of the same law: after 、 和 至 …, or an article right after an article."""
        joint = joint_at(self.text, self.end)
        group = group_at(self.text, joint[1] if joint else self.end)
        if not group or (self.above >= 0 and group.depth <= self.above):
            return False
        if group.depth > 0 and (joint is None or (joint[0] == "pause" and not group.bracketed)):
            return False
        if self.text.startswith(plain_words(words.NOT_PROVISION[DEPTH[group.depth]]), group.end):
            return False
        slot = group.depth + (group.depth > 0)
        before = self.places[-1]
        path = (*before.path[:slot], *NONE[slot:])
        ranged = joint is not None and joint[0] == "range"
        if ranged:
            self.fill(before, path, slot, group)
        self.add(group, Place(path, group.start, group.end, ranged=ranged))
        return True

    def fill(self, before: Place, path: tuple[int | None, ...], slot: int, group: Group) -> None:
        """第十条至第十二条: the ones between."""
        first, last = before.path[slot], group.numbers[0][1]
        if first is None or last - first > RANGE_REACH:
            return
        self.places[-1] = replace(before, ranged=True)
        if slot == 0 and group.suffix and first == last:
            ends = [(first, n) for n in range((before.path[1] or 0) + 1, group.suffix)]
        else:
            ends = [(n, 0) for n in range(first + 1, last)]
        for number, suffix in ends:
            here = [*path]
            here[slot] = number
            if slot == 0:
                here[1] = suffix
            self.places.append(Place(tuple(here), before.start, group.end, group.arabic, True))


def joint_at(text: str, i: int) -> tuple[str, int] | None:
    """What joins two provisions of one law: (``word``, ``pause`` or ``range``, its end)."""
    for rule in ("的规定", "之规定", "规定", ""):
        if not text.startswith(rule, i):
            continue
        j = i + len(rule)
        soft = text[j : j + 1] in tuple("，,；;")
        word = word_at(text, j + soft, ("以及", "和", "及", "与", "或者", "或", "并"))
        if word:
            found = ("pause" if soft else "word", j + soft + len(word))
        elif text.startswith("、", j):
            found = ("word", j + 1)
        elif word_at(text, j, RANGE):
            found = ("range", j + 1)
        else:
            found = ("pause", j + soft)
        return found if found[1] > j and starts_group(text, found[1]) else None
    return None


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


def anchor_at(text: str, i: int) -> tuple[Anchor | None, int]:
    """The anchor whose sign stands at ``i``, and where to go on if it is none after all."""
    c = text[i]
    if c == "《":
        return titled(text, i), i + 1
    if c in "“”\n":
        return Anchor({"“": "open", "”": "close", "\n": "break"}[c], i, i + 1), i + 1
    if c == "第" and (end := article_word_end(text, i)):
        return named(text, i), end
    for word in ("本", "该", "同", "上述", "前述"):
        for level in "条款":
            end = i + len(word) + 1
            if text.startswith(word + level, i) and text[end : end + 1] in ("第", *OPEN):
                return implied(text, i, word + level), end
    for word in ("前款", "前条"):
        if text.startswith(word, i):
            return implied(text, i, word), i + 2
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


def titled(text: str, i: int) -> Anchor | None:
    close = title_end(text, i)
    if close is None:
        return None
    after = close
    while end := note_end(text, after):
        after = end
    link = after + (text[after : after + 1] in ("”", "’", '"'))
    link += len(word_at(text, link, ("中的", "之中", "中", "的", "里")))
    if not (text[link : link + 1] and text[link] in "第" + ARABIC):
        link = after
    reading = Provisions(text, i)
    places = reading.read(link, titled=True)
    notes = text[close:after]
    end = reading.end if places else after if any(definitions(notes)) else close
    return Anchor("title", i, end, text[i + 1 : close - 1], close, "《》", notes, places)


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
    """After a note in brackets, which may hold one more pair of brackets."""
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


def definitions(notes: str) -> Iterator[str]:
    """The short names that a note defines: 以下简称“处罚法”."""
    i = 0
    while i < len(notes):
        word = word_at(notes, i, ("简称", "以下称", "下称", "统称"))
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
    end = chapters_start(before, len(before))
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
    end -= bool(marks)
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
    pronoun = "".join(pronoun_of(window))
    name = pronoun or window
    start = left + end - len(name)
    reading = Provisions(text, start)
    places = reading.read(i)
    kind = "pronoun" if pronoun else "bare"
    return Anchor(kind, start, max(reading.end, i + 1), name, left + end, marks, notes, places)


def notes_before(before: str, end: int) -> int:
    """Where the notes in brackets that end at ``end`` begin."""
    while before[end - 1 : end] and before[end - 1] in CLOSE and end:
        i = end - 2
        while i >= 0 and before[i] not in "（）()\n":
            i -= 1
        if i < 0 or before[i] not in OPEN or end - 2 - i > 80:
            break
        end = i
    return end


def pronoun_of(window: str) -> tuple[str, str, str]:
    """该实施办法 at the end of a window: the pointing word, what stands between, the kind of text."""
    never_before = {"本": "基日资成版样根", "该": "应", "同": "合共不相等雷协如", "上述": "", "前述": ""}
    best = ("", "", "")
    for kind in words.KINDS.split("|"):
        for middle in ("", "实施", "暂行"):
            for word, never in never_before.items():
                whole = word + middle + kind
                ahead = window[: len(window) - len(whole)][-1:]
                fits = window.endswith(whole) and not (ahead and ahead in never)
                if fits and len(whole) > len("".join(best)):
                    best = (word, middle, kind)
    return best


def implied(text: str, i: int, word: str) -> Anchor | None:
    """本条第二款, 前款第（一）项, 前条."""
    after = i + len(word)
    reading = Provisions(text, i, above=0 if word.endswith("条") else 1)
    places = reading.read(after)
    if not places and word in ("前款", "前条"):
        places = (Place(NONE, i, after),)
    if not places:
        return None
    return Anchor("implied", i, max(reading.end, after), word, after, places=places)
