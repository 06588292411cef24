"""Fines in the running text of statutes: each clause with its conditions, persons, amounts and floors.

A clause is what stands between 。；： and line ends. It is read whole or not at all: an amount of it that
belongs to no fine, no condition and no other measure makes the clause unread, and none of its fines is given.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from kb.errors import BadValue
from kb.money.amounts import Amount
from kb.money.conditions import format_condition, parse_condition
from kb.money.fines import (
    AGAIN,
    OPTIONAL,
    Fine,
    Floor,
    again,
    ends,
    fault_of,
    floor_fits,
    floor_pattern,
    format_fine,
    format_floor,
    limits_pattern,
    phrase_pattern,
    read_match,
    split_base,
    under_cap,
    with_extras,
    with_limits,
)
from kb.money.words import has_figure, word_pattern


@dataclass(frozen=True, slots=True)
class FineSpan:
    """A fine in a statute's text; ``text[start:end]`` is the phrase up to and with 罚款.

    Attributes:
        fine: what it says, with the floors that stand behind it.
        subject: whom it is for where the clause says so (个人, 直接负责的主管人员 …), else "".
        when: the conditions that stand before it in its own clause, in the words of the law.
        instead: 或者 joins it to the fine before it: one of the two is imposed.
    """

    start: int
    end: int
    fine: Fine
    subject: str = ""
    when: tuple[str, ...] = ()
    instead: bool = False


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause with 罚款 in it; ``text[start:end]``.

    Attributes:
        fines: its fines; empty where it only mentions 罚款, or where it couldn't be read.
        floors: the floors written in it (they may belong to fines of the clause before).
        words: conditions and other measures with amounts, as printed.
        unread: why it can't be read, "" where it could.
    """

    start: int
    end: int
    fines: tuple[FineSpan, ...] = ()
    floors: tuple[Floor, ...] = ()
    words: tuple[str, ...] = ()
    unread: str = ""

    def printed(self) -> str:
        """Conditions, fines and floors, written from the structure."""
        bare = [
            ("对" + f.subject if f.subject else "") + format_fine(replace(f.fine, floors=()))
            for f in self.fines
        ]
        return "，".join([*self.words, *bare, *map(format_floor, self.floors)])


_LONGEST = 2000  # characters of a clause; the longest of the statutes has 253
# ---------------------------------------------------------------- sentences and clauses

_SENTENCE = re.compile(r"[^。\n]+[。\n]?")
_SEGMENT = re.compile(r"[^；;：:]+[；;：:]?")


def read_clauses(text: str, *, below_in: bool = True) -> list[Clause]:
    """Every clause of a statute's text that says 罚款 or 按日连续处罚, in order.

    Args:
        text: an article, a paragraph, a law; offsets are into it.
        below_in: whether the instrument counts the number in where it says 以下 (`kb.money.counting`).
    """
    out: list[Clause] = []
    for sentence in _SENTENCE.finditer(text):
        if "罚款" in sentence[0] or "连续处罚" in sentence[0]:
            out += _sentence(sentence[0], sentence.start(), below_in)
    return out


def find_fines(text: str, *, below_in: bool = True) -> list[FineSpan]:
    """The fine phrases of a statute's text, in order, with exact character offsets.

    A mention of 罚款 that imposes none (罚款数额, 罚款决定与收缴分离, 加处罚款, 处二百元以下罚款的，可以当场)
    is no fine phrase; a clause that can't be read whole gives none.
    """
    return [fine for clause in read_clauses(text, below_in=below_in) for fine in clause.fines]


def _sentence(text: str, offset: int, below_in: bool) -> list[Clause]:
    segments = [
        (m[0], offset + m.start())
        for m in _SEGMENT.finditer(text)
        if "罚款" in m[0] or "连续处罚" in m[0] or floor_pattern().search(m[0])
    ]
    clauses = _floored([_Reader(part, at, below_in).read() for part, at in segments])
    return [
        c for c, (part, _) in zip(clauses, segments, strict=True) if c.fines or c.unread or "罚款" in part
    ]


def _floored(clauses: Sequence[Clause]) -> list[Clause]:
    """Give floors to the fines they belong to: those of their own clause, else all before in the sentence."""
    done: list[Clause] = []
    for clause in clauses:
        done.append(clause)
        if not clause.floors or clause.unread:
            continue
        own = [clause] if any(floor_fits(f, s.fine) for f in clause.floors for s in clause.fines) else done
        met: set[Floor] = set()
        for n, one in enumerate(done):
            if any(one is o for o in own):
                done[n] = replace(one, fines=tuple(_with_floors(s, clause.floors, met) for s in one.fines))
        if missed := [f for f in clause.floors if f not in met]:
            done[-1] = replace(done[-1], fines=(), unread=f"“{format_floor(missed[0])}”没有对应的罚款")
    return done


def _with_floors(span: FineSpan, floors: Sequence[Floor], met: set[Floor]) -> FineSpan:
    fit = tuple(f for f in floors if floor_fits(f, span.fine))
    if not fit or span.fine.floors:
        return span
    met.update(fit)
    return replace(span, fine=replace(span.fine, floors=fit))


# ---------------------------------------------------------------- one clause


@dataclass(frozen=True, slots=True)
class _Piece:
    """A fine of a clause; ``start`` and ``end`` count in the clean text."""

    start: int
    end: int
    fine: Fine
    subject: str = ""
    instead: bool = False


class _Reader:
    """Reads one clause. ``clean`` is the clause without spaces and asides; ``at`` maps it to the text."""

    def __init__(self, raw: str, offset: int, below_in: bool) -> None:
        self.raw = raw
        self.offset = offset
        self.below_in = below_in
        drop = {
            i
            for m in word_pattern("aside").finditer(raw)
            if not has_figure(m[0]) and "本数" not in m[0]
            for i in range(*m.span())
        }
        self.at = [i for i, c in enumerate(raw) if not c.isspace() and i not in drop]
        self.clean = "".join(raw[i] for i in self.at).rstrip("。；;：:")
        self.clean = re.sub(r",(?!\d{3})", "，", self.clean)
        self.fines: list[FineSpan] = []
        self.words: list[str] = []
        self.strange: list[str] = []
        self.when: list[str] = []  # the act: holds for all fines of the clause until another act is named
        self.narrow: list[str] = []  # 情节严重的, 违法所得不足一万元的: holds until another such
        self.subject = ""
        self.settled = False  # a fine stands behind the conditions gathered so far

    def read(self) -> Clause:
        whole = Clause(self.offset, self.offset + len(self.raw))
        if len(self.raw) > _LONGEST:
            return replace(whole, unread="一句话太长，不像条文")
        try:
            floors = self._floors()
            self._walk([(start, end) for start, end, _ in floors])
        except BadValue as error:
            return replace(whole, unread=error.message)
        whole = replace(whole, floors=tuple(floor for _, _, floor in floors))
        if not self.fines:
            return whole
        if self.strange:
            return replace(whole, unread=f"“{self.strange[0]}”里的数额不知道属于什么")
        return replace(whole, fines=tuple(self.fines), words=tuple(self.words))

    def _floors(self) -> list[tuple[int, int, Floor]]:
        found = floor_pattern().finditer(self.clean)
        return [(m.start(), m.end(), with_extras(Fine(), m[0]).floors[0]) for m in found]

    def _walk(self, floors: list[tuple[int, int]]) -> None:
        """Fines and floors in order; `_between` tells apart what stands between them."""
        done = 0
        for m in re.finditer(r"罚款|按日连续处罚", self.clean):
            while floors and floors[0][1] <= m.start():
                done = self._floor(done, *floors.pop(0))
            found = self._expression(m, done) if m.start() >= done else None
            if found:
                self._between(done, found[0].start)
                self._emit(found)
                done = found[-1].end
        for start, end in floors:
            done = self._floor(done, start, end)
        self._between(done, len(self.clean))

    def _floor(self, done: int, start: int, end: int) -> int:
        """A floor follows its fine or another floor, or begins a clause; words before it are a condition."""
        if self.settled and start > done:
            self.strange.append(self.clean[done:end].strip("，"))
        self._between(done, start)
        return end

    def _emit(self, pieces: list[_Piece]) -> None:
        for piece in pieces:
            if fault := fault_of(piece.fine):
                raise BadValue(fault[0].format(self.clean[piece.start : piece.end]))
            self.subject = piece.subject or self.subject
            if self.settled and self.fines and self.subject != self.fines[-1].subject:
                # thresholds of gains grade the fine before, not that of the persons behind it
                self.narrow = [text for text in self.narrow if not word_pattern("gains").search(text)]
            start, end = self.offset + self.at[piece.start], self.offset + self.at[piece.end - 1] + 1
            when = (*self.when, *self.narrow)
            self.fines.append(FineSpan(start, end, piece.fine, self.subject, when, piece.instead))
        self.settled = True

    def _between(self, start: int, end: int) -> None:
        """Conditions, persons and other measures in a stretch that holds no fine."""
        begun: list[str] = []  # the commas before the 的 that ends a condition: 违反…规定，擅自…，拒不…的
        stretch = re.sub(r"(?:并且?|可以|应当|由[^的，]*)+$", "", self.clean[start:end])
        for token in stretch.split("，"):
            token = re.sub(r"^第[^条，]{1,8}条(?:之[一二三四五六七八九十])?", "", token)
            figure = has_figure(token)
            if word_pattern("condition").search(token):
                narrow = word_pattern("narrow").match(token) or (figure and said(token) != token)
                if narrow or (not begun and word_pattern("result").match(token)):
                    if begun and not self.when and not self.settled:
                        self._act("，".join(begun))
                    self._narrow(token)
                else:
                    self._act("，".join([*begun, token]))
                begun = []
                self.words += [said(token)] if figure else []
                continue
            if who := word_pattern("person").search(token):
                self.subject = who["who"]
            if figure:
                (self.words if word_pattern("else").search(token) else self.strange).append(token)
            if who or figure or word_pattern("measure").search(token):
                begun = []
            elif token and not word_pattern("context").fullmatch(token):
                begun.append(token)

    def _act(self, text: str) -> None:
        """What was done; A的，B的，或者C的 are alternatives and stay one."""
        if self.settled:
            self.when, self.narrow, self.settled = [], [], False
        if text.startswith("或"):
            text = "，".join([*self.when, text])
            self.when = []
        self.when.append(text)

    def _narrow(self, text: str) -> None:
        if self.settled:
            self.narrow, self.settled = [], False
        self.narrow.append(text)

    # ------------------------------------------------------------ one fine

    def _expression(self, m: re.Match[str], done: int) -> list[_Piece] | None:
        """The fines that a 罚款 ends; None where it is only talked about.

        Raises:
            BadValue: it imposes a fine that can't be read.
        """
        window, after = self.clean[done : m.start()], self.clean[m.end() :]
        if m[0] != "罚款":
            same = re.search(AGAIN + "$", self.clean[done : m.end()])
            return [_Piece(done + same.start(), m.end(), again(same))] if same else None
        cut = max((s.end() for s in word_pattern("cut").finditer(window)), default=0)
        if re.fullmatch(r"(?:并|可以)*处以?", window[cut:]) and window[:cut].endswith("计算，"):
            cut = window.rfind("，", 0, cut - 1) + 1
        raw = window[cut:]
        if word_pattern("suffered").search(raw) or re.match("其中|超过", raw):
            return None
        if behind := word_pattern("behind").match(after):
            return [self._behind(m, behind)]
        if share := word_pattern("share").match(after):
            return self._share(share, done + cut, m.end())
        if listed := word_pattern("listed").match(after):
            return self._listed(listed, m.start(), m.end())
        if word_pattern("mention").match(after) and not raw.endswith("确定具体"):
            return None
        if found := phrase_pattern().fullmatch(raw + "罚款"):
            return self._imposed(found, done + cut, m.end(), window[:cut].rstrip("，").rpartition("，")[2])
        if worth := word_pattern("worth").fullmatch(raw):
            return [self._worth(worth, done + cut, m.end())]
        if has_figure(raw):
            raise BadValue(f"看不懂“{raw[-60:]}罚款”")
        if not word_pattern("imposed").search(raw):
            return None
        verb = max((v.start() for v in word_pattern("verb").finditer(raw)), default=len(raw))
        fine = Fine(optional=bool(re.search(OPTIONAL, raw)), also="并处" in raw)
        return [_Piece(done + cut + verb, m.end(), fine, self._whom(raw[:verb]))]

    def _behind(self, m: re.Match[str], behind: re.Match[str]) -> _Piece:
        """罚款额为违法所得的10%以上50%以下; 罚款五千元以下."""
        base, per = split_base(behind["base"])
        fine = replace(read_match(behind, "", below_in=self.below_in)[0], base=base, per=per)
        if "最高" in behind["opening"] and fine.low == fine.high:
            fine = replace(fine, low=None)
        return _Piece(m.start(), m.end() + behind.end(), fine)

    def _worth(self, m: re.Match[str], at: int, end: int) -> _Piece:
        """处以相当于评估费用以下的罚款: no more than once the base."""
        once = Amount(Decimal(1), "倍")
        optional = bool(re.search(OPTIONAL, m["lead"]))
        low = None if m["max"] else once
        return _Piece(at, end, Fine(low, once, m["base"], "", optional), self._whom(m["lead"]))

    def _share(self, m: re.Match[str], at: int, end: int) -> list[_Piece]:
        """处以第五十条规定的罚款数额的百分之十: the base ends in 罚款数额."""
        lead, verb, rest = _taken_apart(self.clean[at:end] + "数额", None)
        low, high, notes = ends(m)
        optional = bool(re.search(OPTIONAL, verb) or word_pattern("may").search(lead))
        fine = Fine(low, high, split_base(rest)[0], "", optional, "并处" in verb, notes)
        return [_Piece(at + len(lead), end + m.end(), fine, self._whom(lead))]

    def _listed(self, m: re.Match[str], start: int, end: int) -> list[_Piece]:
        """罚款数额，对单位为1万元以上10万元以下，对个人为500元以上5000元以下."""
        pieces = []
        for one in word_pattern("for").finditer(m[0]):
            low, high, notes = ends(one)
            pieces.append(_Piece(start, end + one.end(), Fine(low, high, notes=notes), one["who"]))
            start = end + one.end()
        return pieces

    def _imposed(self, m: re.Match[str], at: int, end: int, said: str) -> list[_Piece]:
        """处…罚款, with the limits that stand behind it; 或者 may join two amounts.

        ``said`` is what stands before the comma: 可以单处或者并处警告，违法所得三倍以下的罚款.
        """
        head, after = m["head"], self.clean[end:]
        joined = re.match(r"[、和及]|或者?", head)
        lead, verb, rest = _taken_apart(head, joined)
        spoken = verb or (said if not lead and word_pattern("verb").search(said) else "")
        before = self.fines[-1].fine if joined and self.fines else None
        optional = bool(re.search(OPTIONAL, spoken) or word_pattern("may").search(lead) or "或" in verb)
        optional = optional or bool(re.match(r"或者?(?![^，；]*罚款)", after))
        also = "并处" in spoken.split("或者")[-1] or ("并处" in spoken and "单处" in spoken)
        if other := word_pattern("sanction").match(rest):
            rest, optional = rest[other.end() :], optional or "或" in other["join"]
        if before:
            optional, also = optional or before.optional, also or (not verb and before.also)
        subject = m["whom"] or m["target"] or self._whom(lead)
        start = at + len(lead)
        if limits := limits_pattern().match(after):
            end += limits.end()
        pieces = []
        if either := word_pattern("either").fullmatch(rest):
            low, high, notes = ends(either)
            base, per = split_base(either["base"])
            first = Fine(low, high, base, per or _counted(lead)[1], optional, also, notes)
            until = start + len(verb) + (other.end() if other else 0) + either.start("more") - 1
            pieces.append(_Piece(start, until, first, subject))
            rest, start = either["more"], until
        base, per = split_base(rest)
        if not per:
            counted, per = _counted(lead)
            base = base or counted
        fine = read_match(m, "", below_in=self.below_in)[0]
        fine = with_limits(fine, limits[0] if limits else "")
        fine = under_cap(replace(fine, base=base, per=per, optional=optional, also=also))
        instead = bool(pieces) or bool(joined and "或" in joined[0])
        return [*pieces, _Piece(start, end, fine, subject, instead)]

    def _whom(self, lead: str) -> str:
        who = word_pattern("whom").search(lead)
        return who["who"] if who else ""


def _taken_apart(head: str, joined: re.Match[str] | None) -> tuple[str, str, str]:
    """What stands before an amount: (what leads to the verb, the verb, what stands behind it)."""
    verb = max(word_pattern("verb").finditer(head), key=lambda v: v.start(), default=None)
    if verb:
        return head[: verb.start()], verb[0], head[verb.end() :]
    if standard := word_pattern("standard").fullmatch(head):
        return standard["lead"], "", standard["what"]
    return "", "", head[joined.end() :] if joined else head


def _counted(lead: str) -> tuple[str, str]:
    """Base and unit named before the verb: 按照每使用一名童工每月处…, 按次处…."""
    if by := word_pattern("by").search(lead):
        return "", by["per"]
    counted = word_pattern("counted").search(lead)
    return split_base(counted["what"]) if counted else ("", "")


def said(condition: str) -> str:
    """A condition with an amount, written from its structure; the words of the law where it is none."""
    parts = re.split(r"(，?或者|，?并且|，?且(?!不))", condition)
    return "".join(_part_said(p) if n % 2 == 0 else p for n, p in enumerate(parts))


def _part_said(part: str) -> str:
    try:
        parsed = parse_condition(part)
    except BadValue:
        return part
    return format_condition(parsed) if parsed.is_comparison else part
