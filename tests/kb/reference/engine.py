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
from kb.citation.names import begin_of, can_begin, is_national
from kb.laws import LawBook, TitleMatch, clean_title
from tests.kb.reference.anchors import Anchor, definitions, is_cost, its_rules_of, pronoun_of, scan
from tests.kb.reference.letters import Squeezed, member_at, squeeze
from tests.kb.reference.names import (
    Path,
    goes_on_with,
    is_han,
    is_kind,
    meant_by,
    national_name,
    own_note,
    says_as_follows,
    under,
    without_notes,
)
from tests.kb.reference.provisions import Place, joint_at

QUOTE_REACH, QUOTE_LENGTH = 60, 3000
BASES = ("违反", "违反了", "依据", "根据", "依照", "按照", "适用")
INTRODUCES = (
    *("规定", "中", "中的", "：", ":", "，", ",", "条", "款", "项", "目", "明确", "要求", "指出", "载明"),
    *("表述", "称", "为", "作", "成", "是", "即"),
)
SELF = ("法典", "办法", "法", "条例", "规定", "规则", "细则", "解释", "规程", "规范", "安排")


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

    @property
    def title(self) -> str:
        return self.resolved or self.law


@dataclass(frozen=True)
class Cited:
    """The last citation, for what leans on it."""

    law: Law
    place: Place
    marked: bool = True


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
    interrupted: Cited | None = None
    closed: int = 0
    pending: Anchor | None = None
    unnumbered: list[tuple[int, Law]] = field(default_factory=list)  # where a title without article ends
    cited_at: dict[str, int] = field(default_factory=dict)
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
                    self.interrupted, self.last = self.quoting, self.quoting or self.last
                    self.closed = anchor.end if self.quoting else self.closed
                    self.quoting, self.inside = None, False
                case "short":
                    self.shortened(anchor)
                case "loose":
                    self.loose(anchor)
                case "more":
                    self.more(anchor)
                case _:
                    self.end_of_paragraph(anchor)
        return self.out

    def match(self, name: str) -> TitleMatch | None:
        if name not in self.matches:
            self.matches[name] = self.book.match(name) if self.book else None
        return self.matches[name]

    # ------------------------------------------------------------ names

    def title(self, anchor: Anchor) -> None:
        law = self.pointed_at(anchor) or self.law_of_title(anchor.name + own_note(anchor.notes), anchor)
        if law is None or self.is_house_rule(law):
            self.last = None
            return
        self.remember(law)
        self.define(anchor.notes, law)
        if not anchor.places:
            anchor = self.named_after(anchor)
        if anchor.places:
            self.cite(replace(law, start=anchor.start), anchor)
        elif not self.quoting:
            self.unnumbered.append((anchor.name_end + len(anchor.notes), law))

    def is_house_rule(self, law: Law) -> bool:
        """该公司《车辆管理规定》."""
        before = self.squeezed.text[max(0, law.start - 16) : law.start]
        unknown = law.resolved is None and law.via == "title"
        return unknown and bool(words.PARTY_BEFORE.search(before) and words.PARTY_RULES.search(law.law))

    def pointed_at(self, anchor: Anchor) -> Law | None:
        """该《条例》; 及其《实施条例》."""
        laws = [law for title, law in self.named if is_kind(title, "法")]
        rules = anchor.name in ("实施条例", "实施细则", "实施办法")
        if laws and rules and self.squeezed.text.endswith(("其", "该法", "同法"), 0, anchor.start):
            name = laws[-1].title + anchor.name
            return self.law(name, self.match(name), "pronoun", anchor.start, anchor.marks)
        before = [law for title, law in self.named if is_kind(title, anchor.name.replace("法律", "法"))]
        pointed = self.squeezed.text.endswith(("该", "上述", "前述"), 0, anchor.start)
        if (
            anchor.name not in words.KINDS.split("|")
            or anchor.name in self.short
            or not pointed
            or not before
        ):
            return None
        return replace(before[-1], via="pronoun", start=anchor.start, marks=anchor.marks)

    def named_after(self, title: Anchor) -> Anchor:
        """依据第三十三条《…法》, 第三十三条（《…法》）."""
        before, text = self.pending, self.squeezed.text
        if before is None:
            return title
        end = title.name_end + len(title.notes)
        opened = text[before.end : title.start] in ("（", "(")
        bracketed = opened and text[end : end + 1] in ("）", ")")
        based = text.endswith(BASES, 0, before.at) and before.end == title.start
        if not bracketed and not based:
            return title
        places = (*before.places[:-1], replace(before.places[-1], end=end + bracketed))
        return replace(before, start=before.at, places=places)

    def law_of_title(self, name: str, anchor: Anchor) -> Law | None:
        if name.startswith("《") and name.endswith("》"):
            name = name[1:-1]
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
        title = law.title
        self.named = [(t, known) for t, known in self.named if t != title]
        self.named.append((title, law))

    def define(self, notes: str, law: Law) -> None:
        for written in definitions(notes) if "分别" not in notes else ():
            name = clean_title(written)
            if len(name) > 1 and name != clean_title(law.law):
                self.short.pop(name, None)
                self.short[name] = law

    def bare(self, anchor: Anchor) -> None:
        """A name without 《》: defined here, else known to the book, else plainly a law's."""
        note = own_note(anchor.notes)
        name, end = anchor.name + note, anchor.name_end + len(note)
        law = self.defined(name, end, anchor) or self.known(name, end, anchor)
        law = law or self.unknown(name, end, anchor) or self.in_brackets(anchor)
        if law is None:
            self.without_law(anchor)
            return
        self.remember(law)
        self.define(anchor.notes, law)
        self.cite(law, anchor)

    def in_brackets(self, anchor: Anchor) -> Law | None:
        """违反（食品安全法）第三十五条, 【食品安全法】第三十五条."""
        note = anchor.notes
        inner = note[1:-1]
        if not note or any(c in inner for c in "（）()【】[]〔〕［］") or not 2 <= len(inner) <= 60:
            return None
        if not can_begin(anchor.name, inner):
            return None
        start, end = anchor.name_end + 1, anchor.name_end + len(note) - 1
        here = replace(anchor, marks=note[0] + note[-1])
        law = self.defined(inner, end, here) or self.known(inner, end, here) or self.unknown(inner, end, here)
        return replace(law, start=start - 1) if law and law.start == start else None

    def without_law(self, anchor: Anchor) -> None:
        """第三十五条 with no law before it."""
        text = self.squeezed.text
        itself = bool(self.own) or self.squeezed.statute or self.quoting is not None
        if self.is_own(anchor):
            self.cite(self.law(self.own, self.match(self.own), "self", anchor.name_end), anchor)
            return
        base = self.quoting if self.quoting and self.is_plain_article(anchor, "“\n") else None
        base = base or (self.last if self.goes_on(anchor) or self.is_listed(anchor) else None)
        if base is None and self.unnumbered and not self.own and not self.inside:
            end, law = self.unnumbered[-1]
            if says_as_follows(text, end, anchor.at):
                base = Cited(law, Place((None,) * 5, end, end))
        others = tuple(words.NOT_PROVISION["条"].split("|"))
        if base and not text.startswith(others, anchor.end):
            self.lean(base, replace(anchor, start=anchor.at), [(None,) * 5])
            return
        self.last = None
        self.pending = anchor if anchor.places and not itself else None

    def goes_on(self, anchor: Anchor) -> bool:
        if self.last is None or self.own or self.squeezed.statute or self.inside or not anchor.places:
            return False
        end = self.last.place.end
        closed = self.closed if self.closed > end else 0
        after = anchor.places[-1].end
        return goes_on_with(self.squeezed.text, end, self.last.marked, after, anchor.at, closed)

    def is_listed(self, anchor: Anchor) -> bool:
        """依该条第二款及第九十五条."""
        text = self.squeezed.text
        joint = joint_at(text, self.last.place.end) if self.last else None
        return bool(anchor.places) and joint in (("word", anchor.at), ("bracket", anchor.at))

    def loose(self, anchor: Anchor) -> None:
        """第二款 that hangs on nothing."""
        base = self.quoting or (self.last if self.goes_on(anchor) else None)
        if base and base.place.path[0]:
            self.lean(base, anchor, [(*base.place.path[:2], None)])

    def lean(self, base: Cited, anchor: Anchor, above: list[Path]) -> None:
        law = replace(base.law, via="implied", start=anchor.start, marks="")
        places = tuple(
            replace(p, path=under(upper, p.path), ranged=p.ranged or len(above) > 1)
            for upper in above
            for p in anchor.places
        )
        self.cite(law, replace(anchor, places=places), base.marked)

    def is_own(self, anchor: Anchor) -> bool:
        """依照第五条 in an instrument's own text; not a heading of it, an amendment or 合同第五条."""
        if not self.own or self.inside or "修改" in self.own or "废止" in self.own:
            return False
        said = any(anchor.name.endswith(f"本{self.own[-n:]}") for n in (2, 3, 4))
        return (said and not anchor.notes and not anchor.marks) or self.is_plain_article(anchor, "\n")

    def is_plain_article(self, anchor: Anchor, heads: str) -> bool:
        """第五条 that names no other paper, and is no heading."""
        text, at = self.squeezed.text, anchor.name_end
        if anchor.notes or anchor.marks or not anchor.places:
            return False
        if at == 0 or text[at - 1] in heads:
            after = anchor.places[0].end
            member = member_at(text, after + 1) if text.startswith("第", after) else None
            deeper = member is not None and text.startswith(("款", "项"), member[1])
            return deeper or text[after : after + 1] in tuple("的之规所、和及至")
        return not words.NOT_OWN.search(anchor.name)

    def defined(self, name: str, end: int, anchor: Anchor) -> Law | None:
        name = clean_title(name)
        for short in reversed(self.short):
            if name.endswith(short) and can_begin(name[: len(name) - len(short)], short):
                return replace(self.short[short], via="defined", start=end - len(short), marks=anchor.marks)
        return None

    def known(self, window: str, end: int, anchor: Anchor) -> Law | None:
        if not words.LAW_ENDING.search(without_notes(clean_title(window))):
            return None
        for i in range(len(window) - 1):
            name = window[i:]
            if can_begin(window[:i], name) and (is_national(name) or self.match(name)):
                return self.law(name, self.match(name), "bare", end - len(name), anchor.marks)
        return None

    def unknown(self, window: str, end: int, anchor: Anchor) -> Law | None:
        if not words.UNKNOWN_ENDING.search(window):
            return None
        cut = national_name(window)
        if cut is None:
            cut = begin_of(window)
        if words.PARTY_OWNS.search(window[: cut or 0]):
            return None
        name = window[cut or 0 :]
        if cut is None and (len(name) > 16 or not words.PLAIN_ENDING.search(name)):
            return None
        if not 2 <= len(name) <= 40 or not all(is_han(c, "〈〉（）()") for c in name):
            return None
        if not words.UNKNOWN_ENDING.search(name) or words.NOT_A_NAME.search(name):
            return None
        return self.law(name, self.match(name), "bare", end - len(name), anchor.marks)

    # ------------------------------------------------------------ 该法, 本法, 本条

    def pronoun(self, anchor: Anchor) -> None:
        word, _, kind = pronoun_of(anchor.name)
        name = anchor.name
        if its_rules_of(name):
            self.its_rules(anchor)
            return
        if not kind:  # 本章
            if self.quoting:
                self.cite(replace(self.quoting.law, via="self", start=anchor.start, marks=""), anchor)
            elif self.own:
                self.cite(self.law(self.own, self.match(self.own), "self", anchor.start), anchor)
            else:
                self.last = None
            return
        if name in self.short:
            law = replace(self.short[name], via="defined", start=anchor.start, marks="")
        elif word == "本":
            if kind not in SELF:
                self.last = None
                return
            law = self.itself(name, kind, anchor.start)
        else:
            before = [law for title, law in self.named if is_kind(title, kind.replace("法律", "法"))]
            law = replace(
                before[-1] if before else Law(name, None, ""), via="pronoun", start=anchor.start, marks=""
            )
        self.cite(law, anchor)

    def its_rules(self, anchor: Anchor) -> None:
        """《…法》及其实施条例第五条: named after the law that was named last."""
        kind = anchor.name[-4:]
        alone = anchor.name == kind
        text, at = self.squeezed.text, anchor.start
        before = [law for title, law in self.named if is_kind(title, "法")]
        if not before or anchor.name.startswith("本") or (alone and text[at - 1 : at] != "》"):
            self.last = None
            return
        name = before[-1].title + kind
        law = self.law(name, self.match(name), "pronoun", at)
        self.remember(law)
        self.cite(law, anchor)

    def shortened(self, anchor: Anchor) -> None:
        """及其实施条例（以下简称条例）: only what is meant by the short name."""
        whose = its_rules_of(anchor.name)
        law: Law | None = None
        if whose and not whose.startswith("本"):
            before = [law for title, law in self.named if is_kind(title, "法")]
            if before:
                name = before[-1].title + whose[-4:]
                law = self.law(name, self.match(name), "pronoun", anchor.name_end - len(whose))
        else:
            law = self.known(anchor.name, anchor.name_end, anchor)
        if law:
            self.remember(law)
            self.define(anchor.notes, law)

    def itself(self, name: str, kind: str, start: int) -> Law:
        """本法: the statute quoted, or the only law of its kind if the paragraph cites it; else nothing."""
        if self.quoting:
            quoted = self.quoting.law
            if is_kind(quoted.title, kind):
                return replace(quoted, via="self", start=start, marks="")
        if self.own and is_kind(self.own, kind):
            return self.law(self.own, self.match(self.own), "self", start)
        before = [law for title, law in self.named if is_kind(title, kind)]
        statute = self.own or self.squeezed.statute or self.inside
        here = len(before) == 1 and self.cited_at.get(before[0].title, -1) >= self.paragraph
        if here and not statute and not self.began(name):
            return replace(before[0], via="self", start=start, marks="")
        return Law(name, None, "", "self", start)

    def began(self, name: str) -> bool:
        """Whether 本法 was said before any law was named: then it means the document."""
        first = min((i for word, i in self.self_words() if word == name), default=None)
        return first is not None and (self.first_named is None or first < self.first_named)

    def self_words(self) -> Iterator[tuple[str, int]]:
        text = self.squeezed.text
        for i, c in enumerate(text):
            if c != "本" or (i and text[i - 1] in "基日资版样根") or is_cost(text[max(0, i - 2) : i]):
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
        self.lean(base, anchor, meant_by(anchor.name, base.place.path))

    def means_document(self, anchor: Anchor, base: Cited) -> bool:
        if self.own or self.squeezed.statute:
            return True
        if anchor.name[0] in "该同上":
            return False
        between = self.squeezed.text[base.place.end : anchor.start]
        return self.of_itself or not base.marked or any(c in between for c in "。！？!?\n")

    # ------------------------------------------------------------ quotations, and what comes out

    def open(self, anchor: Anchor) -> None:
        self.inside = True
        if self.carried and anchor.start == self.paragraph:
            self.quoting = self.carried
        elif self.last and anchor.start - self.last.place.end <= QUOTE_REACH:
            between = self.squeezed.text[self.last.place.end : anchor.start]
            if "。" not in between and (not between or between.endswith(INTRODUCES)):
                self.quoting = self.last

    def more(self, anchor: Anchor) -> None:
        """第十条“…”、第十二条: of the law that the quotation quoted."""
        if self.interrupted:
            above = self.interrupted.place.path
            places = tuple(replace(p, path=under(above, p.path)) for p in anchor.places)
            law = replace(self.interrupted.law, start=anchor.start)
            self.cite(law, replace(anchor, places=places))

    def end_of_paragraph(self, anchor: Anchor) -> None:
        """A quotation goes on to the next paragraph if that is where it closes, or if that opens it again."""
        self.paragraph = anchor.end
        if self.quoting:
            ahead = self.squeezed.text[anchor.end : anchor.end + QUOTE_LENGTH]
            if next((c for c in ahead if c in "“”"), "") == "”":
                return
        self.carried, self.quoting, self.last, self.inside = self.quoting, None, None, False

    def cite(self, law: Law, anchor: Anchor, marked: bool | None = None) -> None:
        if anchor.places:
            self.cited_at[law.title] = law.start
            self.pending = None
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
            if marked is None:
                marked = law.marks == "《》" or law.via in ("title", "pronoun")
            self.last = Cited(law, anchor.places[-1], marked)
