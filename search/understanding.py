"""Understanding a query: citations, laws, kinds, amounts, quoted and excluded words, synonyms, plain words.

Each thing that is read out of the words is noted with an id, and can be undone by it: it is searched as plain
words then.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from kb.citation import Citation, parse_loose
from kb.citation.loose import titles_meant
from kb.errors import WrongUse
from kb.laws import COUNTRY, Article, clean_title
from kb.numerals import to_chinese
from kb.records import KIND_NAMES
from kb.snapshot import Snapshot
from search.documents import LIMB_LAW, LIMB_NAMES
from search.query import EVERYTHING, KIND_WORDS, Known, Query, Understood, domain_of, kind_of
from search.sayings import amounts, heard, sayings, scenes
from search.spelling import closed_up, simplified, spelled_out, titled
from search.sums import Sum, fine_asked, value_asked
from search.tokens import fold, tokenise
from search.weights import AMOUNT, SYNONYM
from search.words import QUESTIONS, lone_amounts, word_weights

MAX_CHARS = 300
TYPED = 80  # characters: a longer text is pasted; its words are not mended
_ENDING_KIND = re.compile(
    rf"(?<=[一-龥]{{2}})的?({'|'.join(sorted(KIND_WORDS, key=len, reverse=True))})[？?]?(?!\S)"
)
_LAW_ENDS = ("法", "法典", "条例", "办法", "规定", "规则", "细则")
_MARKED = re.compile(
    r"(?P<not>(?<!\S)[-－−])?[“”\"「『](?P<quoted>[^“”\"「」『』]+)[“”\"」』]"
    r"|(?<!\S)[-－−](?P<word>[^\s“”\"「」『』\-－−][^\s“”\"「」『』]*)"
)
_LATIN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2,60}(?![A-Za-z])")
_LED = re.compile(r"依照|依据|根据|按照|违反了?|适用|参照|查|找")
# What stands around citations and says nothing itself.
_AROUND = re.compile(
    rf"(?<!\S)(?:{_LED.pattern}|是|的|了|什么|怎么|如何|规定|内容|原文|全文|以及|[、，,；;。：:和及与或])+(?!\S)"
)
_LAW_SAID = re.compile(
    r"《(?P<marked>[^《》]{2,40})》|(?<![一-龥])(?P<named>[一-龥]{2,30}?(?:法典|法|条例|办法|规定|规则|细则))"
    r"(?:(?=\s*第?(?:\d{1,4}|[〇零一二三四五六七八九十百千]{1,7})条)|(?<=条例)(?!\S)|(?<=[一-龥]{4}法)(?!\S))"
)
# 行政处罚法2021, 行政处罚法（2021年修订）: a year, not an article; no law has so many
_YEAR = re.compile(r"(?<=[法典例定则])\s*[（(]?((?:19|20)\d\d)(?![\d条])年?(?:修正|修订)?版?[）)]?")
_BARE = re.compile(r"第?(?:\d{1,4}|[〇零一二三四五六七八九十百千]{1,7})条(?:之.)?(?:第?.{1,3}[款项目])*")
_BEFORE_NUMBER = re.compile(
    r"(?<![一-龥])([一-龥]{3,40}?)(?=\s*(?:第?\d|第?[〇零一二三四五六七八九十百千]+(?:条|[^一-龥]|$)))"
)
_HAN = re.compile(r"(?<![一-龥])[一-龥]{3,40}(?![一-龥])")
_WIDE = {
    wide: wide - 0xFEE0 for wide in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}


def understand(
    text: str,
    base: Snapshot,
    kind: str | None = None,
    domain: str | None = None,
    known: Known | None = None,
    undo: Collection[str] = (),
) -> Query:
    """Read a query.

    Args:
        kind, domain: facets asked for outright; names in Chinese are understood too.
        known: names of the index; without it initials and wrong characters stay as they are.
        undo: ids of what is not to be understood; `EVERYTHING` for all of it.

    Raises:
        WrongUse: nothing to search for, or an unknown kind or domain.
    """
    return _Reading(text, base, known, frozenset(undo)).query(kind_of(kind), domain_of(domain))


class _Reading:
    """One query being read: each step takes its part out of the text and leaves the rest."""

    def __init__(self, text: str, base: Snapshot, known: Known | None, undo: frozenset[str]) -> None:
        self.given = self.text = text
        self.base = base
        self.known = known
        self.undo = undo
        self.notes: list[Understood] = []
        self.letters = ""  # initials of several laws, and these laws
        self.candidates: tuple[str, ...] = ()

    def stands(self, type: str, text: str) -> bool:
        """Whether something that was read is not undone."""
        return not self.undo & {EVERYTHING, f"{type}:{text}"}

    def note(self, type: str, text: str, meaning: str) -> bool:
        """Record what was read; False where it is undone."""
        if not self.stands(type, text):
            return False
        self.notes.append(Understood(type, text, meaning, f"{type}:{text}"))
        return True

    def query(self, kind: str | None, domain: str | None) -> Query:
        self.cut()
        self.spell()
        citations = self.citations()
        phrases, excluded = self.marked(bool(citations))
        kind = kind or self.kind()
        laws = self.laws()
        limb = self.limb()
        scene = self.scene()
        fine, value = self.sums()
        said = " ".join(self.text.split())
        weights = self.weights(said, laws, LIMB_NAMES.get(limb, ()))
        if said:
            self.notes.append(Understood("words", said, "按词查找"))
        if not (said or citations or phrases or kind or domain):
            raise WrongUse("没有可查找的内容", hint="输入违法行为、法律条文（如 处罚法59条）或者文书用语")
        return Query(
            text=self.given,
            weights=weights,
            kind=kind,
            domain=domain,
            phrases=phrases,
            excluded=excluded,
            citations=citations,
            laws=laws,
            limb=limb,
            scene=scene,
            fine=fine,
            value=value,
            words=said,
            understood=tuple(self.notes),
        )

    # ------------------------------------------------------------ spelling

    def cut(self) -> None:
        if len(self.text) > MAX_CHARS:
            self.text = self.text[:MAX_CHARS]
            meaning = f"内容较长，只按前{MAX_CHARS}字查找"
            self.notes.append(Understood("cut", self.text[:10] + "…", meaning))

    def spell(self) -> None:
        """Simplified characters, law names for initials, and mended law names."""
        self.text = self.text.translate(_WIDE)
        plain = simplified(self.text)
        if plain != self.text and self.note("traditional", self.text, plain):
            self.text = plain
        self.text = _YEAR.sub(self._of_year, self.text)
        if self.known:
            self.text = _LATIN.sub(self._of_initials, self.text)
        if self.known and len(self.given) <= TYPED:
            self.text = _BEFORE_NUMBER.sub(lambda m: self._mended_law(m[1]), self.text)
            parts = re.split(r"(\s+)", self.text)
            self.text = "".join(self._mended_law(w) if w.endswith(_LAW_ENDS) else w for w in parts)

    def _of_year(self, m: re.Match[str]) -> str:
        meaning = f"{m[1]}年的版本：用有效日期选版本"
        return " " if self.note("law", m[1], meaning) else m[0]

    def _of_initials(self, m: re.Match[str]) -> str:
        titles = self.known.laws_of(m[0].lower()) if self.known else []
        names = "、".join(f"《{title}》" for title in titles)
        if len(titles) > 1 and self.note("initials", m[0], f"可能是{names}"):
            self.letters, self.candidates = m[0], tuple(titles)
        if len(titles) != 1 or not self.note("initials", m[0], names):
            return m[0]
        return f"《{clean_title(titles[0])}》"

    def _mended_law(self, name: str) -> str:
        """A law's name with its one wrong character put right, where it then means one law."""
        lead = _LED.match(name)
        head, name = (lead[0], name[lead.end() :]) if lead else ("", name)
        if not self.known or titles_meant(name, self.base.laws):
            return head + name
        meant = {m: t[0] for m in self.known.meant(name) if len(t := titles_meant(m, self.base.laws)) == 1}
        titles = set(meant.values())
        if len(titles) == 1 and self.note("mended", name, f"疑为《{titles.pop()}》"):
            return head + min(meant, key=len)
        return head + name

    # ------------------------------------------------------------ citations, laws, marks, kinds

    def citations(self) -> tuple[Citation, ...]:
        """The citations, cut out of the text; their notes come with the answer, which knows what exists."""
        found: list[Citation] = []
        rest = self.text
        for title in self.candidates:  # each of the laws that the initials may mean, if it has the article
            text, read = self._read(self.text.replace(self.letters, f"《{clean_title(title)}》", 1))
            here = [c for c in read if self._article(c)]
            found += here
            rest = _without(text, here) if here else rest
        if not found:
            text, found = self._read(self.text)
            rest = _without(text, found)
        if found:
            self.text, self.candidates = _AROUND.sub(" ", rest), ()
        elif _BARE.fullmatch(self.text.strip()):
            meaning = "没有写是哪部法律，写成“处罚法33条”的样子"
            self.notes.append(Understood("citation", self.text.strip(), meaning))
        return tuple(found)

    def _read(self, said: str) -> tuple[str, list[Citation]]:
        """A text as it was understood at last, and the citations in it that are not undone."""
        book = self.base.laws
        text = spelled_out(said, book)
        read = parse_loose(text, book)
        if not read and len(said) > TYPED:
            return text, []
        if not read and (longer := titled(text, book)) != text:
            text, read = longer, parse_loose(longer, book)
        if not read and (closed := spelled_out(closed_up(said), book)) != text:
            joined = parse_loose(closed, book)
            if any(self._article(c) for c in joined):
                text, read = closed, joined
        return text, [c for c in read if c.article is not None and self.stands("citation", c.text)]

    def _article(self, c: Citation) -> Article | None:
        versions = self.base.laws.versions_of(c.resolved or "")
        return (
            self.base.laws.article(versions[-1], c.article or 0, c.article_suffix or 0) if versions else None
        )

    def marked(self, cited: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Quoted and excluded words, cut out of the text; nothing is excluded from nothing."""
        found: dict[str, list[str]] = {"phrase": [], "excluded": []}
        alone = not (cited or len(tokenise(_MARKED.sub(_kept, self.text)).keys))

        def read(m: re.Match[str]) -> str:
            said = (m["quoted"] or m["word"]).strip()
            type = "excluded" if m["not"] or m["word"] else "phrase"
            if not len(tokenise(said).keys) or (type == "excluded" and alone):
                return f" {said} "
            if not self.note(type, said, f"须含“{said}”" if type == "phrase" else f"不含“{said}”"):
                return f" {said} "
            found[type].append(said)
            return " "

        self.text = re.sub(r"[“”\"「」『』]", " ", _MARKED.sub(read, self.text))
        return tuple(found["phrase"]), tuple(found["excluded"])

    def kind(self) -> str | None:
        """The kind that one of the words names, alone or at the end of another."""
        for word in self.text.split():
            if (kind := KIND_WORDS.get(word)) and self.note("kind", word, KIND_NAMES[kind]):
                self.text = re.sub(rf"(?<!\S){word}(?!\S)", " ", self.text, count=1)
                return kind
        m = _ENDING_KIND.search(self.text)
        if m and self.note("kind", m[1], KIND_NAMES[KIND_WORDS[m[1]]]):
            self.text = f"{self.text[: m.start()]} {self.text[m.end() :]}"
            return KIND_WORDS[m[1]]
        return None

    def laws(self) -> tuple[str, ...]:
        """The laws that a word names for sure; the two codes for a bare 法典."""
        self._unknown_law()
        for word in re.findall(r"《[^《》]+》|[^\s《》]+", self.text):
            name = word.strip("《》")
            long = len(name) > 2 and name.endswith(_LAW_ENDS)
            titles = titles_meant(name, self.base.laws) if long or name == "法典" else []
            if titles and all(self.note("law", title, self._of_law(title)) for title in titles):
                plain = titles[0].removeprefix(COUNTRY) if len(titles) == 1 and name != word else name
                self.text = self.text.replace(word, f" {plain} ", 1)
                return tuple(titles)
        return self.candidates

    def _of_law(self, title: str) -> str:
        gone = self.base.laws.repeal_of(title)
        by = f"，由{gone.by}取代" if gone and gone.by else ""
        return f"《{title}》" + (f"：自{gone.day}起废止{by}" if gone else "")

    def _unknown_law(self) -> None:
        """Say that a law which is named is not there, and which ones have names like it."""
        m = _LAW_SAID.search(self.text)
        if m is None:
            return
        name = m["marked"] or _LED.sub("", m["named"], count=1)
        if not name.endswith(_LAW_ENDS) or titles_meant(name, self.base.laws):
            return
        near = "、".join(f"《{title}》" for title in self.base.laws.near(name))
        meaning = f"没有载入名为“{name}”的法律" + (f"；名称相近的有{near}" if near else "")
        self.notes.append(Understood("law", name, meaning))

    # ------------------------------------------------------------ what the words say

    def limb(self) -> str:
        """A provision on leniency by what people call it; the words stay, lists have them."""
        joined = "".join(self.text.split())
        for limb, names in LIMB_NAMES.items():
            written = (limb,) if "(" in limb else ()
            name = next((n for n in (*written, *names) if n in joined), "")
            if name and self.note("limb", name, f"《{LIMB_LAW}》{_limb_said(limb)}"):
                if name == limb:
                    self.text = self.text.replace(limb, f" {names[0]} ")
                return limb
        return ""

    def sums(self) -> tuple[Sum | None, Sum | None]:
        """The fine that is asked for, cut out of the text, and the amount that decides a branch."""
        fine = fine_asked(self.text)
        if fine and self.note("fine", fine.text, f"罚款可以是{fine.said}的在前"):
            self.text = self.text.replace(fine.text, f" {fine.as_of_law} ", 1)
        else:
            fine = None
        lone = [m[0] for m in lone_amounts(self.text)]
        value = value_asked(self.text, lone, amounts(self.base))
        if value and not self.note(
            "amount", value.text, f"{value.label or '金额'}{value.said}，基准按它说明适用的情形"
        ):
            value = None
        for text in lone:
            if text not in (value.text if value else ""):
                self.note("amount", text, "金额，不作为主要查找词")
        return fine, value

    def scene(self) -> str:
        """A scene or step of spoken wording that is one of the words."""
        found = scenes(self.base)
        for said in self.text.split():
            word = QUESTIONS.sub("", said)
            if word in found and self.note("scene", word, f"场景：{found[word]}"):
                return word
        return ""

    def weights(self, said: str, laws: tuple[str, ...], known: tuple[str, ...]) -> dict[int, float]:
        """The words typed, then what synonyms, laws and mended words add to them.

        Args:
            known: words whose meaning is known better than by a synonym.
        """
        amount = AMOUNT if any(note.type == "amount" for note in self.notes) else 1.0
        weights = word_weights(said, amount=amount)
        meant = [law.removeprefix(COUNTRY) for law in laws]
        heard = said
        for word in _HAN.findall(said) if self.known and len(said) <= TYPED else ():
            mended = self.known.meant(word) if self.known else []
            if len(mended) == 1 and self.note("mended", word, f"也按“{mended[0]}”查找"):
                meant += mended
                heard = heard.replace(word, " ")
        plain = said
        for word in known:
            plain = plain.replace(word, " ")
        synonyms = list(self._synonyms(plain, heard))
        for text in (*meant, *synonyms):
            for key in tokenise(text).keys.tolist():
                weights.setdefault(key, SYNONYM)
        return weights

    def _synonyms(self, said: str, unmended: str) -> Iterator[str]:
        """What the law calls the things that were said, and the words that were misspelt by ear."""
        folded = fold(said)
        joined = "".join(folded.split())
        typed = heard(fold(unmended), self.base, self.known) if self.known else {}
        for saying in sayings(self.base):
            for word in saying.said_in(folded, joined):
                if self.note("synonym", word, saying.meant):
                    yield saying.meant
                    break
            else:
                for plain, word in saying.words:
                    if plain in typed and self.note("mended", typed[plain], f"也按“{word}”查找"):
                        yield f"{word}、{saying.meant}"
                        break


def _without(text: str, citations: Iterable[Citation]) -> str:
    for c in citations:
        text = text[: c.start] + " " * (c.end - c.start) + text[c.end :]
    return text


def _kept(m: re.Match[str]) -> str:
    """What a marked word leaves to search for: a phrase, but nothing that is excluded."""
    return "" if m["not"] or m["word"] else m["quoted"]


def _limb_said(limb: str) -> str:
    """33(1)后段 → 第三十三条第一款后段."""
    m = re.fullmatch(r"(\d+)(?:\((\d)\))?(.*)", limb)
    if m is None:
        return limb
    paragraph = f"第{to_chinese(int(m[2]))}款" if m[2] else ""
    return f"第{to_chinese(int(m[1]))}条{paragraph}{m[3]}"
