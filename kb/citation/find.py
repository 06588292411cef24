"""Find: where a text cites, by form alone. What each name means is settled later (`parse`).

Everything starts at an anchor (《…》, a name right before 第…条, 该法, 本条 …), and only the chain of
provisions that hangs on it is read. A number that hangs on nothing (合同第五条, 第三条道路) is never taken
for the last law's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from kb.citation import grammar as g
from kb.citation.chain import ANY, Chain, Provision
from kb.citation.cleaning import clean

MAX_TITLE = 120
_BEFORE = 64  # how far back a name without 《》 may begin


@dataclass(frozen=True, slots=True)
class Found:
    """One thing found, in clean offsets.

    Args:
        kind: ``title`` (《…》); ``bare`` (what stands before 第…条 and ends at ``name_end``: a name without
            《》, or no name); ``pronoun`` (该法, 本法, 本章); ``implied`` (本条, 前款, 前两款); ``loose``
            (第…款 that hangs on nothing); ``more`` (a list goes on after a quotation: 第十条“…”、第十二条);
            ``short`` (a name without 《》 that a bracket shortens, with no article); ``open`` and ``close``
            (a quotation); ``break`` (a paragraph ends).
        start, end: the anchor with its chain; ``at``: where the provision of ``bare`` begins.
        name: the title inside 《》, the words before 第…条, or the pronoun.
        marks: the marks around the name as written; ``notes``: the brackets after it.
        provisions: the chain; in ``implied`` and ``more`` the levels that are left out are None.
    """

    kind: str
    start: int
    end: int
    name: str = ""
    name_end: int = 0
    marks: str = ""
    notes: str = ""
    provisions: tuple[Provision, ...] = ()
    at: int = 0


def find(text: str) -> list[Found]:
    """All anchors of a text with the provisions that hang on them, in source offsets."""
    cleaned = clean(text)
    out = []
    for found in scan(cleaned.text):
        start, end = cleaned.span(found.start, found.end)
        provisions = []
        for p in found.provisions:
            first, last = cleaned.span(p.start, p.end)
            provisions.append(replace(p, start=first, end=last))
        name_end = cleaned.span(0, found.name_end)[1] if found.name_end else 0
        at = cleaned.source(found.at)
        found = replace(found, start=start, end=end, name_end=name_end, at=at, provisions=tuple(provisions))
        out.append(found)
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
        elif first in "本该同上前":
            found = _implied(text, at, m[0])
        elif first == "第" and m[0][-1] == "款":
            found = _loose(text, at)
        elif first in "（(":
            found = _shortened(text, at)
        else:
            found = _named(text, at)
        if found is None:
            pos = m.end()
            continue
        yield found
        pos = max(found.end, m.end())
        if first == "”" and (more := _more(text, pos)):
            yield more
            pos = more.end


# ---------------------------------------------------------------- anchors


def _titled(text: str, at: int) -> Found | None:
    """《…》, then notes in brackets, then the chain."""
    close = _title_end(text, at)
    if close is None:
        return None
    notes = g.NOTES.match(text, close)
    after = notes.end() if notes else close
    defined = g.DEFINED_AFTER.match(text, after)
    after = defined.end() if defined else after
    if inside := g.ARTICLE_IN_NOTE.match(text, close):
        chain = Chain(text, inside.end(), at, bracket="beside")
        return Found("title", at, chain.end, text[at + 1 : close - 1], close, "《》", "", chain.provisions)
    link = g.AFTER_TITLE.match(text, after)
    chain = Chain(text, link.end() if link else after, at, titled=True)
    end = chain.end if chain.provisions else close
    note = text[close:after]
    if not chain.provisions and (inside := g.ARTICLE_INSIDE.search(text, at + 1, close - 1)):
        return _article_inside(text, at, inside.start(), close)
    if not chain.provisions and g.DEFINITION.search(note):
        end = after
    return Found("title", at, end, text[at + 1 : close - 1], close, "《》", note, chain.provisions)


def _article_inside(text: str, at: int, article: int, close: int) -> Found | None:
    """《食品安全法第三十五条》: the mark closes too late."""
    chain = Chain(text, article, at)
    name = text[at + 1 : article]
    if chain.end != close - 1:
        return Found("title", at, close, text[at + 1 : close - 1], close, "《》")
    return Found("bare", at + 1, close, name, article, "《", provisions=chain.provisions, at=article)


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
    parts = g.PARTS_BEFORE.search(before)
    end = parts.start() if parts else len(before)
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
        while end and before[end - 1] == close:
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
        if marks == "》" and (other := g.OTHER_OPEN.search(window)):
            window, marks = window[other.end() :], other[0] + marks
    pronoun = g.ITS_RULES.search(window) or g.PRONOUN.search(window) or g.OWN_PART.search(window)
    start = left + end - (len(pronoun[0]) if pronoun else len(window))
    chain = Chain(text, at, start, titled=text[at] != "第")
    stop = max(chain.end, at + 1)
    kind = "pronoun" if pronoun else "bare"
    name = pronoun[0] if pronoun else window
    return Found(kind, start, stop, name, left + end, marks, note, chain.provisions, at)


def _implied(text: str, at: int, word: str) -> Found | None:
    """本条第二款, 前款第（一）项, 前条: the article or paragraph comes from what was cited before."""
    chain = Chain(text, at + len(word), at, base=0 if word.endswith("条") else 1)
    provisions = chain.provisions
    if not provisions and word[0] == "前":
        provisions = (Provision((None,) * 5, at, at + len(word)),)
    if not provisions:
        return None
    return Found("implied", at, max(chain.end, at + len(word)), word, at + len(word), provisions=provisions)


def _loose(text: str, at: int) -> Found | None:
    """第二款 that hangs on nothing: whether it is of what was cited before is settled later."""
    chain = Chain(text, at, at, base=0)
    if not chain.provisions or g.NOT_款.match(text, chain.provisions[0].end):
        return None
    return Found("loose", at, chain.end, "", at, provisions=chain.provisions)


def _shortened(text: str, at: int) -> Found | None:
    """种子法（以下简称种法）, 及其实施条例（以下简称条例）: a name without 《》 that is given a short one."""
    notes = g.NOTES.match(text, at)
    if notes is None or not notes[0]:
        return None
    window = g.DELIMITER.split(text[max(0, at - _BEFORE) : at])[-1]
    return Found("short", at, at + 1, window, at, notes=notes[0])


def _more(text: str, at: int) -> Found | None:
    """What goes on after a quotation: 第十条“…”、第十二条; whether it quoted a law is settled later."""
    joint = g.CONTINUE.match(text, at)
    if joint is None:
        return None
    chain = Chain(text, joint.end(), joint.end(), base=ANY)
    if not chain.provisions:
        return None
    return Found("more", joint.end(), chain.end, "", at, provisions=chain.provisions)
