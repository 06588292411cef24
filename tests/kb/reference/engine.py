"""The second engine's reader: which law each anchor means, told in order and without short cuts.

name      the longest known title that ends there and begins where a name can begin; else one that is
          plainly a law's (after a verb, or 中华人民共和国…); else nothing
该法      the law of that kind named last;  本法  the quoted statute, the document, or the only law named
本条 前款  lean on the last citation of the sentence, inside a quotation on what is quoted
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from kb.citation import grammar as words
from kb.citation.model import Citation
from kb.laws import COUNTRY, LawBook, TitleMatch, clean_title
from tests.kb.reference.anchors import Anchor, Place, definitions, pronoun_of, scan
from tests.kb.reference.groups import Squeezed, squeeze

QUOTE_REACH = 60
VERBS = tuple(words._VERBS.split("|"))
# Words that never stand inside a name; a name may begin right after them.
STOPS = (*VERBS, "具备", "存在", "审理", "请求", "提交", "删去", "修改", "或者", "以及", "的")
# A known name may begin after these too.
BEFORE_NAME = (
    *("、", "[", "［", ")", "）"),
    *VERBS,
    *"除有无在将把对以其由",
    *("或者", "以及", "并", "具备", "存在", "审理", "请求", "提交", "删去", "修改"),
)
ENDS_OF_LAWS = ("法典", "法", "条例", "规定", "办法", "规则", "细则", "解释", "决定", "规程", "准则", "案")
NO_NAMES = (
    *("方法", "做法", "说法", "看法", "用法", "想法", "违法", "合法", "执法", "司法", "依法", "非法"),
    *("立法", "守法", "普法", "国法", "枉法", "民间借贷法"),
)
NO_NAME_BEGINS = ("本", "该", "此", "同", "上述", "前述", "有关", "相关", "其他")
INTRODUCES = ("规定", "：", ":", "，", ",", "条", "款", "项", "目", "明确", "指出", "载明", "称", "为")
SELF = ("法典", "办法", "法", "条例", "规定", "规则", "细则", "解释", "规程")


def parse(text: str, book: LawBook | None = None, own: str = "") -> list[Citation]:
    """The same citations as `kb.citation.read`; ``own`` is the title of the document, where it is a law."""
    reader = Reader(squeeze(text), text, book, own)
    return sorted(reader.read(), key=lambda c: (c.start, c.end))


@dataclass(frozen=True)
class Law:
    """What a name means: as written, official title, how it matched, how it was named, where it begins."""

    law: str
    resolved: str | None
    how: str
    via: str = ""
    start: int = 0
    marks: str = ""


@dataclass(frozen=True)
class Cited:
    """The last citation, for what leans on it."""

    law: Law
    place: Place


def is_han(c: str, more: str) -> bool:
    return "一" <= c <= "龥" or c in more


@dataclass
class Reader:
    squeezed: Squeezed
    text: str
    book: LawBook | None
    own: str
    out: list[Citation] = field(default_factory=list)
    named: list[tuple[str, Law]] = field(default_factory=list)  # (official title or as written), latest last
    first_named: int | None = None
    short: dict[str, Law] = field(default_factory=dict)
    last: Cited | None = None
    quoting: Cited | None = None
    carried: Cited | None = None
    inside: bool = False
    paragraph: int = 0
    of_itself: bool = False
    matches: dict[str, TitleMatch | None] = field(default_factory=dict)

    def read(self) -> list[Citation]:
        for anchor in scan(self.squeezed.text):
            match anchor.kind:
                case "title":
                    self.title(anchor)
                case "bare":
                    self.bare(anchor)
                case "pronoun":
                    self.pronoun(anchor)
                case "implied":
                    self.implied(anchor)
                case "open":
                    self.open(anchor)
                case "close":
                    self.last, self.quoting, self.inside = self.quoting or self.last, None, False
                case _:
                    self.carried, self.quoting, self.last = self.quoting, None, None
                    self.inside, self.paragraph = False, anchor.end
        return self.out

    def match(self, name: str) -> TitleMatch | None:
        if name not in self.matches:
            self.matches[name] = self.book.match(name) if self.book else None
        return self.matches[name]

    # ------------------------------------------------------------ names

    def title(self, anchor: Anchor) -> None:
        law = self.law_of_title(anchor.name + own_note(anchor.notes), anchor)
        if law is None:
            self.last = None
            return
        self.remember(law)
        self.define(anchor.notes, law)
        self.cite(law, anchor)

    def law_of_title(self, name: str, anchor: Anchor) -> Law | None:
        plain = clean_title(name)
        if plain in self.short:
            return replace(self.short[plain], via="defined", start=anchor.start, marks=anchor.marks)
        match = self.match(name)
        if match is None and words.NOT_LAW.search(plain):
            return None
        return self.law(name, match, "title", anchor.start, anchor.marks)

    def law(self, name: str, match: TitleMatch | None, via: str, start: int, marks: str = "") -> Law:
        return Law(name, match.title if match else None, match.how if match else "", via, start, marks)

    def remember(self, law: Law) -> None:
        """The latest last; another spelling of the same law moves it, and is what 该法 then gives."""
        if self.first_named is None:
            self.first_named = law.start
        title = law.resolved or law.law
        self.named = [(t, known) for t, known in self.named if t != title]
        self.named.append((title, law))

    def define(self, notes: str, law: Law) -> None:
        for written in definitions(notes):
            name = clean_title(written)
            if len(name) > 1 and name != clean_title(law.law):
                self.short.pop(name, None)
                self.short[name] = law

    def bare(self, anchor: Anchor) -> None:
        """A name without 《》: defined here, else known to the book, else plainly a law's."""
        note = own_note(anchor.notes)
        name, end = anchor.name + note, anchor.name_end + len(note)
        law = self.defined(name, end, anchor) or self.known(name, end, anchor)
        law = law or self.unknown(name, end, anchor)
        if law is None:
            self.last = None
            return
        self.remember(law)
        self.define(anchor.notes, law)
        self.cite(law, anchor)

    def defined(self, name: str, end: int, anchor: Anchor) -> Law | None:
        name = clean_title(name)
        for short in reversed(self.short):
            if name.endswith(short) and can_begin(name[: len(name) - len(short)]):
                return replace(self.short[short], via="defined", start=end - len(short), marks=anchor.marks)
        return None

    def known(self, name: str, end: int, anchor: Anchor) -> Law | None:
        if self.book is None or not without_notes(clean_title(name)).endswith(ENDS_OF_LAWS):
            return None
        for i in range(len(name) - 1):
            match = self.match(name[i:]) if can_begin(name[:i]) else None
            if match:
                return self.law(name[i:], match, "bare", end - len(name) + i, anchor.marks)
        return None

    def unknown(self, window: str, end: int, anchor: Anchor) -> Law | None:
        name, at = national_name(window)
        if not name:
            name, at = introduced_name(window)
        if not name.endswith(("法典", "法", "条例")) or name.endswith(NO_NAMES):
            return None
        if name.startswith(NO_NAME_BEGINS) or (at == 0 and len(name) > 16 and not name.startswith(COUNTRY)):
            return None
        return self.law(name, self.match(name), "bare", end - len(name), anchor.marks)

    # ------------------------------------------------------------ 该法, 本法, 本条

    def pronoun(self, anchor: Anchor) -> None:
        word, _, kind = pronoun_of(anchor.name)
        name = anchor.name
        if name in self.short:
            law = replace(self.short[name], via="defined", start=anchor.start, marks="")
        elif word == "本":
            if kind not in SELF:
                self.last = None
                return
            law = self.itself(name, kind, anchor.start)
        else:
            before = [law for title, law in self.named if is_kind(title, kind)]
            law = replace(
                before[-1] if before else Law(name, None, ""), via="pronoun", start=anchor.start, marks=""
            )
        self.cite(law, anchor)

    def itself(self, name: str, kind: str, start: int) -> Law:
        """本法: the statute quoted, or the only law of its kind if the paragraph names it; else nothing."""
        if self.quoting:
            quoted = self.quoting.law
            if is_kind(quoted.resolved or quoted.law, kind):
                return replace(quoted, via="self", start=start, marks="")
        if self.own and is_kind(self.own, kind):
            return self.law(self.own, self.match(self.own), "self", start)
        before = [law for title, law in self.named if is_kind(title, kind)]
        statute = self.own or self.squeezed.statute or self.inside
        if len(before) == 1 and before[0].start >= self.paragraph and not statute and not self.began(name):
            return replace(before[0], via="self", start=start, marks="")
        return Law(name, None, "", "self", start)

    def began(self, name: str) -> bool:
        """Whether 本法 was said before any law was named: then it means the document."""
        first = min((i for word, i in self.self_words() if word == name), default=None)
        return first is not None and (self.first_named is None or first < self.first_named)

    def self_words(self) -> Iterator[tuple[str, int]]:
        text = self.squeezed.text
        for i, c in enumerate(text):
            if c != "本" or (i and text[i - 1] in "基日资成版样根"):
                continue
            for kind in SELF:
                if not text.startswith(kind, i + 1):
                    continue
                if kind == "法" and text[i + 2 : i + 3] in tuple("院定人律规"):
                    continue
                yield "本" + kind, i
                break

    def implied(self, anchor: Anchor) -> None:
        base = self.quoting or self.last
        if base is None or (not self.quoting and self.means_document(anchor, base)):
            self.of_itself = self.of_itself or anchor.name.startswith("本")
            return
        article, suffix, paragraph = base.place.path[:3]
        if anchor.name == "前条":
            if suffix or not article or article < 2:
                return
            article, paragraph = article - 1, None
        elif anchor.name == "前款":
            if not paragraph or paragraph < 2:
                return
            paragraph -= 1
        elif anchor.name.endswith("条"):
            paragraph = None
        above = (article, suffix, paragraph, None, None)
        places = tuple(
            replace(
                p, path=tuple(own if own is not None else up for own, up in zip(p.path, above, strict=True))
            )
            for p in anchor.places
        )
        law = replace(base.law, via="implied", start=anchor.start, marks="")
        self.cite(law, replace(anchor, places=places))

    def means_document(self, anchor: Anchor, base: Cited) -> bool:
        if self.own or self.squeezed.statute:
            return True
        if anchor.name[0] in "该同上":
            return False
        between = self.squeezed.text[base.place.end : anchor.start]
        return self.of_itself or any(c in "。；：;:" for c in between)

    # ------------------------------------------------------------ quotations, and what comes out

    def open(self, anchor: Anchor) -> None:
        self.inside = True
        if self.carried and anchor.start == self.paragraph:
            self.quoting = self.carried
        elif self.last and anchor.start - self.last.place.end <= QUOTE_REACH:
            between = self.squeezed.text[self.last.place.end : anchor.start]
            if "。" not in between and (not between or between.endswith(INTRODUCES)):
                self.quoting = self.last

    def cite(self, law: Law, anchor: Anchor) -> None:
        for place in anchor.places:
            first, end = self.squeezed.span(place.start, place.end)
            if place.start == anchor.places[0].start:
                first = self.squeezed.at[law.start]
            article, suffix, paragraph, item, subitem = place.path
            self.out.append(
                Citation(
                    text=self.text[first:end],
                    start=first,
                    end=end,
                    law=law.law,
                    resolved=law.resolved,
                    article=article,
                    article_suffix=suffix or None,
                    paragraph=paragraph,
                    item=item,
                    subitem=subitem,
                    how=law.how,
                    via=law.via,
                    marks=law.marks,
                    quoted=self.quoting is not None,
                    arabic=place.arabic,
                    ranged=place.ranged,
                )
            )
        if anchor.places:
            self.last = Cited(law, anchor.places[-1])


# ---------------------------------------------------------------- words


def own_note(notes: str) -> str:
    """A note that belongs to the title: （七）, （试行）."""
    end = notes[1:6].replace(")", "）").find("）") + 1
    inner = notes[1:end]
    numeral = 1 <= len(inner) <= 3 and all(c in "一二三四五六七八九十" for c in inner)
    return notes[: end + 1] if end and (numeral or inner in ("试行", "暂行")) else ""


def without_notes(title: str) -> str:
    while title.endswith("）") and "（" in title and "）" not in title[title.rindex("（") : -1]:
        title = title[: title.rindex("（")]
    return title


def is_kind(title: str, kind: str) -> bool:
    """Whether 该法 or 本条例 can mean a title: it ends so; a 法典 is also a 法."""
    stem = without_notes(clean_title(title))
    return stem.endswith(kind) or (kind == "法" and stem.endswith("法典"))


def can_begin(before: str) -> bool:
    """Whether a name can begin after these words."""
    if not before or before.endswith(BEFORE_NAME):
        return True
    if not before.endswith(("和", "与", "及", "或", "同")):
        return False
    return before[:-1].endswith((*"条款项目》法例则", "规定", "办法", "解释"))


def national_name(window: str) -> tuple[str, int]:
    """中华人民共和国… up to the end."""
    at = window.find(COUNTRY)
    while at >= 0:
        rest = window[at + len(COUNTRY) :]
        stops = (COUNTRY, "境内", "境外", "公民", "领域", "领海")
        plain = all(is_han(c, "〈〉") and not rest.startswith(stops, n) for n, c in enumerate(rest))
        if plain and 1 <= len(rest) <= 40:
            return window[at:], at
        at = window.find(COUNTRY, at + 1)
    return "", 0


def introduced_name(window: str) -> tuple[str, int]:
    """The name after the first word that can introduce one, up to the end."""
    for at in range(len(window) + 1):
        leads = [""] if at == 0 else []
        leads += [w for w in STOPS if window.startswith(w, at)]
        if at and window[at - 1] in "条款项目》法例":
            leads += [w for w in "和与及或" if window.startswith(w, at)]
        for lead in leads:
            begin = at + len(lead)
            for particle in (window[begin : begin + 1], ""):
                if particle and particle not in "有无将把其除":
                    continue
                name = window[begin + len(particle) :]
                if 2 <= len(name) <= 40 and all(
                    is_han(c, "〈〉（）") and not name.startswith(STOPS, n) for n, c in enumerate(name)
                ):
                    return name, at
    return "", 0
