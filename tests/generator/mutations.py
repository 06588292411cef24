"""Ways to spoil one citation of a finished letter, and what is wrong with it afterwards.

What is wrong is worked out here from the structure of the laws alone, not by the code under test.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from generator.docx_text import Line
from kb.laws import LawBook, Standing
from kb.numerals import to_chinese, to_int

COUNTRY = "中华人民共和国"
_CITATION = re.compile(
    r"《(?P<law>[^《》]+)》第(?P<article>[一二三四五六七八九十百千零]+)条"
    r"(?:第(?P<paragraph>[一二三四五六七八九十]+)款)?(?:第（(?P<item>[一二三四五六七八九十]+)）项)?"
)


@dataclass(frozen=True)
class Target:
    """One citation of a letter in its parts."""

    line: int
    start: int
    end: int
    law: str
    article: int
    paragraph: int | None
    item: int | None

    def text(self) -> str:
        out = f"《{self.law}》第{to_chinese(self.article)}条"
        out += f"第{to_chinese(self.paragraph)}款" if self.paragraph else ""
        return out + (f"第（{to_chinese(self.item)}）项" if self.item else "")


@dataclass(frozen=True)
class Mutation:
    """A letter with one citation spoiled.

    ``state``: impossible, incomplete, out of force, sound (another provision that exists), form (written
    wrongly), gone (no citation is left), unknown (a law that is not loaded).
    """

    how: str
    line: int
    before: str
    after: str
    state: str
    lines: tuple[Line, ...]


def targets(lines: Sequence[Line]) -> list[Target]:
    found = []
    for n, line in enumerate(lines):
        for m in _CITATION.finditer(line.text):
            numbers = (to_int(m[k]) if m[k] else None for k in ("article", "paragraph", "item"))
            article, paragraph, item = numbers
            assert article is not None
            found.append(Target(n, m.start(), m.end(), m["law"], article, paragraph, item))
    return found


class Mutator:
    """Spoils citations in seeded ways; ``days`` gives the days on which a title of a line may be read."""

    def __init__(self, book: LawBook, days: Callable[[str, str], Sequence[date]], seed: int) -> None:
        self.book = book
        self.days = days
        self.rng = random.Random(seed)
        self.titles = sorted({v.title for v in book.versions})

    def mutate(self, lines: Sequence[Line]) -> Mutation:
        target = self.rng.choice(targets(lines))
        while True:
            how = self.rng.choice(sorted(_WAYS))
            spoiled = _WAYS[how](self, target)
            if spoiled is None:
                continue
            after, state = spoiled if isinstance(spoiled, tuple) else (spoiled.text(), "")
            if after == target.text():
                continue
            line = lines[target.line]
            text = line.text[: target.start] + after + line.text[target.end :]
            changed = (*lines[: target.line], replace(line, text=text), *lines[target.line + 1 :])
            state = state or self.state_of(spoiled, line.text)  # type: ignore[arg-type]
            return Mutation(how, target.line, target.text(), after, state, changed)

    def state_of(self, target: Target, line: str) -> str:
        """The best that can be said of a citation on the days its line may be read on."""
        states = [self._on(target, day) for day in self.days(target.law, line)]
        return "sound" if "sound" in states else states[0]

    def _on(self, target: Target, day: date) -> str:
        on = self.book.on(target.law, day)
        if on.standing in (Standing.REPEALED, Standing.NOT_YET):
            return "out of force"
        if on.standing is not Standing.IN_FORCE or on.version is None:
            return "unknown"
        article = self.book.article(on.version, target.article)
        if article is None or (target.paragraph or 1) > len(article.paragraphs):
            return "impossible"
        holding = [p for p in article.paragraphs if p.items]
        if target.paragraph is None and len(article.paragraphs) > 1:
            fits = target.item is None or any(p.item(target.item) for p in holding)
            return "incomplete" if fits else "impossible"
        body = article.paragraphs[(target.paragraph or 1) - 1]
        if target.item is not None and body.item(target.item) is None:
            return "impossible"
        if target.paragraph is not None and len(article.paragraphs) == 1:
            return "form"  # 款 of an article that has only one
        owes = target.item is None and not body.cited_whole  # 下列条件, 下列程序: rightly cited as a whole
        return "incomplete" if body.items and owes else "sound"


Spoiled = Target | tuple[str, str] | None
_WAYS: dict[str, Callable[[Mutator, Target], Spoiled]] = {}


def way(function: Callable[[Mutator, Target], Spoiled]) -> Callable[[Mutator, Target], Spoiled]:
    _WAYS[function.__name__] = function
    return function


@way
def drop_paragraph(m: Mutator, t: Target) -> Spoiled:
    return replace(t, paragraph=None) if t.paragraph else None


@way
def drop_item(m: Mutator, t: Target) -> Spoiled:
    return replace(t, item=None) if t.item else None


@way
def drop_article(m: Mutator, t: Target) -> Spoiled:
    return f"《{t.law}》", "gone"


@way
def drop_all(m: Mutator, t: Target) -> Spoiled:
    return "", "gone"


@way
def other_article(m: Mutator, t: Target) -> Spoiled:
    return replace(t, article=max(1, t.article + m.rng.choice([-21, -7, -2, -1, 1, 2, 7, 21])))


@way
def far_article(m: Mutator, t: Target) -> Spoiled:
    return replace(t, article=t.article + 2000)


@way
def other_paragraph(m: Mutator, t: Target) -> Spoiled:
    return replace(t, paragraph=m.rng.randint(1, 9))


@way
def other_item(m: Mutator, t: Target) -> Spoiled:
    return replace(t, item=m.rng.randint(1, 15))


@way
def needless_paragraph(m: Mutator, t: Target) -> Spoiled:
    return replace(t, paragraph=1) if t.paragraph is None else None


@way
def swap_law(m: Mutator, t: Target) -> Spoiled:
    return replace(t, law=m.rng.choice(m.titles))


@way
def unknown_law(m: Mutator, t: Target) -> Spoiled:
    return replace(t, law="示例省示例事项条例").text(), "unknown"


@way
def shorten_title(m: Mutator, t: Target) -> Spoiled:
    short = t.law.removeprefix(COUNTRY)
    return (replace(t, law=short).text(), "form") if short != t.law else None


@way
def misspell_title(m: Mutator, t: Target) -> Spoiled:
    at = m.rng.randrange(len(t.law) - 1)
    return replace(t, law=t.law[:at] + t.law[at + 1 :]).text(), "unknown"


@way
def drop_marks(m: Mutator, t: Target) -> Spoiled:
    return t.text().replace("《", "").replace("》", ""), "form"


@way
def drop_one_mark(m: Mutator, t: Target) -> Spoiled:
    return t.text().replace(m.rng.choice("《》"), ""), "form"


@way
def wrong_marks(m: Mutator, t: Target) -> Spoiled:
    left, right = m.rng.choice(["“”", "〈〉", "【】"])
    return t.text().replace("《", left).replace("》", right), "form"


@way
def arabic(m: Mutator, t: Target) -> Spoiled:
    digits = t.text().replace(f"第{to_chinese(t.article)}条", f"第{t.article}条")
    return digits, "form"


@way
def arabic_paragraph(m: Mutator, t: Target) -> Spoiled:
    if not t.paragraph:
        return None
    return t.text().replace(f"第{to_chinese(t.paragraph)}款", f"第{t.paragraph}款"), "form"


@way
def inserted_article(m: Mutator, t: Target) -> Spoiled:
    """第七十二条之一: no article of these laws has a 之一."""
    name = f"第{to_chinese(t.article)}条"
    return t.text().replace(name, name + "之一"), "impossible"


@way
def catch_all(m: Mutator, t: Target) -> Spoiled:
    return f"《{t.law}》等有关规定", "gone"


@way
def no_law(m: Mutator, t: Target) -> Spoiled:
    return t.text().partition("》")[2], "gone"
