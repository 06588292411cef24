"""Plain and slow: the provisions that hang on one anchor."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from kb.citation import grammar as words
from kb.errors import BadValue
from tests.kb.reference.groups import (
    DEPTH,
    DONE,
    Group,
    deeper_bare,
    first_bare,
    group_at,
    next_bare,
    parts_end,
    starts_group,
)
from tests.kb.reference.letters import (
    ARABIC,
    CLOSE,
    JOINS,
    OPEN,
    RANGE,
    member_at,
    number_end,
    value,
    word_at,
)

RANGE_REACH = 400
ARTICLE, ANY = -1, -2
CLOSING = (*CLOSE, "]", "］", "】", "〕")
NONE = (None, None, None, None, None)


@dataclass(frozen=True)
class Place:
    """One provision: (article, suffix, paragraph, item, subitem) and where it stands."""

    path: tuple[int | None, ...]
    start: int
    end: int
    arabic: bool = False
    ranged: bool = False


@dataclass
class Provisions:
    """Reads 条 → 款 → 项 → 目 and what is joined to them.

    ``above`` is the deepest level that the anchor has (0 for 本条, 1 for 前款), `ARTICLE` where an article
    must follow, `ANY` where a list goes on.
    """

    text: str
    start: int
    above: int = ARTICLE
    places: list[Place] = field(default_factory=list)
    depth: int = 0
    end: int = 0
    pos: int = 0  # where to read on: behind ``end`` where a bracket closed
    bracket: str = ""

    def read(self, i: int, titled: bool = False) -> tuple[Place, ...]:
        self.end = i
        if self.above == ARTICLE:
            i = parts_end(self.text, i)
        group = group_at(self.text, i)
        if not group and titled:
            group = first_bare(self.text, i)
        if not group or (group.depth != 0 if self.above == ARTICLE else group.depth <= self.above):
            return ()
        if self.above == ANY and self.counts_something_else(group):
            return ()
        self.add(group, Place(NONE, self.start, self.start))
        self.go_deeper()
        while self.next_suffix() or self.next_one():
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
        self.depth, self.end, self.pos = group.depth, group.end, group.end

    def go_deeper(self) -> None:
        """条 → 款 → 项 → 目, also 第十条的第二款, 第九条所列第（六）项, 第七十六条一款, 第十条（第二款）."""
        while True:
            at = linked_end(self.text, self.pos)
            group = group_at(self.text, at or self.pos)
            bare = None if group else deeper_bare(self.text, self.pos)
            group = group or bare
            if not group or group.depth <= self.depth:
                break
            if (at or bare) and self.counts_something_else(group):
                break
            if at and self.text[at - 1] in OPEN:
                self.bracket = "deeper"
            self.add(group, self.places.pop())
        if self.bracket and self.text.startswith(CLOSING, self.pos):
            self.pos += 1
            if self.bracket == "deeper":
                self.end = self.pos
                self.places[-1] = replace(self.places[-1], end=self.pos)
            self.bracket = ""

    def next_suffix(self) -> bool:
        """第一百二十条之一、之二: the same article, another 之."""
        before, text = self.places[-1], self.text
        join = word_at(text, self.pos, ("、", "和", "及", "与", "或者", "或", *RANGE))
        at = self.pos + len(join)
        if self.depth or not before.path[1] or not join or not text.startswith("之", at):
            return False
        for letters, most in ((ARABIC, 2), ("一二三四五六七八九十", 3)):
            end = at + 1
            while end < len(text) and text[end] in letters and end - at <= most:
                end += 1
            if end > at + 1:
                break
        else:
            return False
        if text[end : end + 1] in tuple("般切部系分"):
            return False
        try:
            first, last = before.path[1] or 0, value(text[at + 1 : end])
        except BadValue:
            return False
        article, ranged = before.path[0], join in RANGE
        self.places[-1] = replace(before, ranged=before.ranged or ranged)
        for n in range(first + 1, last) if ranged else ():
            between = Place((article, n, None, None, None), before.start, end, before.arabic, True)
            self.places.append(between)
        self.places.append(Place((article, last, None, None, None), at, end, ranged=ranged))
        self.end = self.pos = end
        return True

    def next_one(self) -> bool:
        """One more provision of the same law: after 、 和 至 …, or an article right after an article."""
        joint = joint_at(self.text, self.pos)
        at = joint[1] if joint else self.pos
        group = group_at(self.text, at)
        bare = not group
        if not group and joint and not starts_group(self.text, at):
            group = self.without_mark(at)
        if not group or (self.above >= 0 and group.depth <= self.above):
            return False
        if joint is None and not (group.depth == 0 or group.depth == self.depth < 3):
            return False
        if joint and joint[0] == "pause" and not self.sure(group):
            return False
        listed = joint and joint[0] != "pause" and group.depth == self.depth == 2  # 第二项、第三项业务
        if (not listed or bare) and self.counts_something_else(group):
            return False
        if joint and joint[0] == "bracket":
            self.bracket = "beside"
        slot = group.depth + (group.depth > 0)
        before = self.places[-1]
        path = (*before.path[:slot], *NONE[slot:])
        ranged = joint is not None and joint[0] == "range"
        if ranged:
            self.fill(before, path, slot, group)
        self.add(group, Place(path, group.start, group.end, ranged=ranged))
        return True

    def sure(self, group: Group) -> bool:
        """Whether the same law goes on after a pause: an article, （三）项, or a 款 before 的, 规定 …

        Also a later 款 before another pause: 第一款第（二）项，第二款，…
        """
        before = self.places[-1].path[2]
        later = group.depth == 1 and before is not None and group.numbers[0][1] > before
        if later and self.text.startswith(("，", ",", "；", ";", "、"), group.end):
            return True
        after = ("的", "之", "和", "及", "与", "。", "规定", "第", "、第", *DONE)
        ends = group.end >= len(self.text) or self.text.startswith(after, group.end)
        return group.depth == 0 or (group.bracketed and group.worded) or ends

    def without_mark(self, i: int) -> Group | None:
        """第九十八条和九十九条: a higher number goes on without 第, and any article from 10 on."""
        group = next_bare(self.text, i)
        if group is None:
            return None
        before = self.places[-1].path[group.depth + (group.depth > 0)]
        number = group.numbers[0][1]
        if before is None or (number <= before and (group.depth or number < 10)):
            return None
        return group

    def counts_something_else(self, group: Group) -> bool:
        """第三条道路, 第一款产品."""
        others = words.NOT_PROVISION[DEPTH[group.depth]]
        return self.text.startswith(tuple(others.split("|")), group.end)

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
            if slot == 0 and group.suffix:
                ends += [(last, n) for n in range(group.suffix)]
        for number, suffix in ends:
            here = [*path]
            here[slot] = number
            if slot == 0:
                here[1] = suffix
            self.places.append(Place(tuple(here), before.start, group.end, group.arabic, True))


# ---------------------------------------------------------------- what joins two


def joint_at(text: str, i: int) -> tuple[str, int] | None:
    """What joins two provisions of one law: (``word``, ``pause`` or ``range``, its end)."""
    start = remark_end(text, sentence_end(text, i))
    for rule in ("的规定", "之规定", "规定", ""):
        if not text.startswith(rule, start):
            continue
        for at in ruled_ends(text, start + len(rule)) if rule else (start,):
            for kind, end in joints(text, at):
                if starts_group(text, end) or number_end(text, end, any_length=True):
                    return kind, end
    if same := same_words_end(text, i) or remarked_end(text, i):
        return ("bracket" if text[i] in "（([［【〔" else "word"), same
    if word_at(text, i, ("作为第", "改为第", "改作第")):
        return "word", i + 2
    added = added_end(text, i)
    return ("word", added) if added else None


def sentence_end(text: str, i: int) -> int:
    """After 第二句, 前段, 但书."""
    half = text[i : i + 1] in ("前", "后") and i + 1 + text.startswith("半", i + 1)
    if half and text[half : half + 1] in ("段", "句"):
        return half + 1
    return i + len(word_at(text, i, ("但书", *(f"第{n}句" for n in "一二三四五"))))


def joints(text: str, i: int) -> list[tuple[str, int]]:
    """The joints that may stand here, the longest first."""
    soft = text[i : i + 1] in tuple("，,；;")
    lead = soft or text.startswith("、", i)
    out = []
    for at in (i + 1, i) if lead else (i,):
        kind = "pause" if soft and at > i else "word"
        if word_at(text, at, ("和", "及")):
            end = at + 1
            end += text[end : end + 1] in tuple("/／（(")
            if text.startswith("或", end):
                end += 1
                out += [(kind, end + 1)] if text[end : end + 1] in tuple(")）") else []
                out.append((kind, end))
        words_here = ("以及", "和", "及", "与", "暨", "或者", "或", "并")
        out += [(kind, at + len(w)) for w in words_here if text.startswith(w, at)]
    out += [("word", i + 1)] if text[i : i + 1] in tuple("、/／＋+&") else []
    at = i + (text[i : i + 1] in tuple("，,"))
    out += [("word", at + len(w)) for w in ("而不是", "而不适用", "而并非", "而非") if text.startswith(w, at)]
    out += [("pause", i + 1)] if soft else []
    ranged = word_at(text, i, RANGE)
    return out + ([("range", i + len(ranged))] if ranged else [])


def ruled_ends(text: str, i: int) -> tuple[int, ...]:
    """After 规定, and after 规定的罚款 before 和."""
    kind = text[i + 1 : i + 3]
    han = len(kind) == 2 and all("一" <= c <= "龥" for c in kind)
    longer = text.startswith("的", i) and han and text[i + 3 : i + 4] in ("和", "与")
    return (i + 3, i) if longer else (i,)


def remark_end(text: str, i: int) -> int:
    """After a remark in brackets between two provisions: （…的规定）, which is no （一）."""
    if not (text[i : i + 1] and text[i] in OPEN):
        return i
    j = i + 1
    while j < len(text) and text[j] not in "（）()《条\n":
        j += 1
    inner = text[i + 1 : j]
    number = 1 <= len(inner) <= 3 and all(c in "一二三四五六七八九十0123456789" for c in inner)
    closed = text[j : j + 1] and text[j] in CLOSE
    return j + 1 if closed and 1 <= len(inner) <= 40 and not number else i


def linked_end(text: str, i: int) -> int | None:
    """After 的, 所列, 规定的 or （ between a provision and a deeper one of it."""
    if text[i : i + 1] and text[i] in OPEN:
        j, count = i + 1, 0
        while count < 3 and text.startswith("第", j) and (member := member_at(text, j + 1)):
            if not text.startswith(("款", "项", "目"), member[1]):
                break
            j, count = member[1] + 1, count + 1
        return i + 1 if count and text[j : j + 1] and text[j] in CLOSE else None
    item = member_at(text, i + 1) if text.startswith("之", i) else None
    if item and item[2] and text[item[1] : item[1] + 1] in ("款", "项"):
        return i + 1
    for link in DEEPER_LINKS:
        at = i + len(link)
        member = member_at(text, at + 1) if text.startswith(link + "第", i) else None
        if member is None:
            continue
        more = word_at(text, member[1], JOINS) or text.startswith(("款", "项"), member[1])
        after = member_at(text, member[1] + text.startswith("第", member[1]))
        return at if more or (after and after[2]) else None
    return None


DEEPER_LINKS = (
    *("中的", "中", "的", "之", ".", "．", "·", "所列举的", "所列举", "所列的", "所列"),
    *("所规定的", "规定的", "所指的", "所指", "列举的"),
)


def same_words_end(text: str, i: int) -> int | None:
    """After 所称资产的净值和, before 第十九条所称; after 规定的义务、, before 第四十五条规定."""
    word = word_at(text, i, ("所称", "所列", "所指", "所规定", "规定"))
    if not word:
        return None
    for start in (i + len(word) + 1, i + len(word)):
        if start > i + len(word) and not text.startswith("的", start - 1):
            continue
        j = start
        while j < len(text) and j - start <= 20:
            if j > start and (end := same_joint_end(text, j)):
                return end
            if not ("一" <= text[j] <= "龥" or text[j] == "…") or text[j] == "第":
                break
            j += 1
    return None


def same_joint_end(text: str, i: int) -> int | None:
    """After 、和 or the like, where a provision with 所称 or 规定 follows."""
    pause = text[i : i + 1] in tuple("、，,；;")
    for at in (i + 1, i) if pause else (i,):
        for word in ("以及", "和", "及", "或者", "或", "与", ""):
            end = at + len(word)
            if text.startswith(word, at) and (word or at > i) and says_the_same(text, end):
                return end
    return None


def says_the_same(text: str, i: int) -> bool:
    member = member_at(text, i + 1) if text.startswith("第", i) else None
    if member is None or text[member[1] : member[1] + 1] not in ("条", "款", "项"):
        return False
    ends = [member[1] + 1]
    while text[member[1]] == "条" and len(ends) < 3 and text.startswith("第", ends[-1]):
        deeper = member_at(text, ends[-1] + 1)
        if deeper is None or not text.startswith(("款", "项"), deeper[1]):
            break
        ends.append(deeper[1] + 1)
    after = (*(f"{w}所{c}" for w in ("", "中") for c in "称列指规"), "规定", "的规定")
    return any(text.startswith(after, end) for end in ends)


def remarked_end(text: str, i: int) -> int | None:
    """After （现行, （原, （修订前的 … before 第九条."""
    if not text[i : i + 1] or text[i] not in "（([［【〔":
        return None
    for word in REMARKS:
        if not text.startswith(word, i + 1):
            continue
        at = i + 1 + len(word)
        for version in ("版", "本", "法", ""):
            for link in ("中的", "中", "的", "为", ""):
                end = at + len(version) + len(link)
                n = number_end(text, end + 1) if text.startswith(version + link + "第", at) else None
                if n and text.startswith("条", n):
                    return end
    return None


REMARKS = (
    *("现行", "现为", "现", "原为", "原", "旧", "新", "即", "对应", "相当于"),
    *(f"{change}{when}" for change in ("修订", "修正", "修改") for when in "前后"),
)


def added_end(text: str, i: int) -> int | None:
    """After 后增加一条，作为: what an amendment puts beside a provision."""
    where = word_at(text, i, ("之前", "之后", "前", "后", "中"))
    i += len(where)
    if not text.startswith("增加", i):
        return None
    j = i + 2
    while j < len(text) and text[j] in "一二两三四五六七八九十" and j - i < 5:
        j += 1
    if j == i + 2 or text[j : j + 1] not in ("条", "款", "项"):
        return None
    j += 1
    j += text.startswith("，", j)
    j += 2 * text.startswith("分别", j)
    return j + 2 if text.startswith("作为第", j) else None
