"""Plain and slow: what the words of a name tell, and what 本条 and 前款 lean on."""

from __future__ import annotations

from kb.laws import COUNTRY, clean_title
from tests.kb.reference.letters import value

Path = tuple[int | None, ...]


def is_han(c: str, more: str) -> bool:
    return "一" <= c <= "龥" or c in more


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


def national_name(window: str) -> int | None:
    """Where 中华人民共和国… begins that goes up to the end."""
    at = window.find(COUNTRY)
    while at >= 0:
        rest = window[at + len(COUNTRY) :]
        stops = (COUNTRY, "境内", "境外", "公民", "领域", "领海")
        plain = all(is_han(c, "〈〉") and not rest.startswith(stops, n) for n, c in enumerate(rest))
        if plain and 1 <= len(rest) <= 40:
            return at
        at = window.find(COUNTRY, at + 1)
    return None


def meant_by(word: str, path: Path) -> list[Path]:
    """The article and paragraph that 本条, 前条, 本款, 前款, 前两款 mean after a citation."""
    article, suffix, paragraph = path[:3]
    if word == "前条":
        return [(article - 1, 0, None)] if article and article > 1 and not suffix else []
    if word.endswith("条"):
        return [(article, suffix, None)]
    if word == "本款":
        return [(article, suffix, paragraph)] if paragraph else []
    if not word.startswith("前"):
        return [(article, suffix, paragraph)]
    back = value(word[1:-1]) if word != "前款" else 1
    if not paragraph or paragraph <= back:
        return []
    return [(article, suffix, n) for n in range(paragraph - back, paragraph)]


def under(above: Path, path: Path) -> Path:
    """The levels that are left out at the head of a path are those above it."""
    upper = above[: next((n for n, own in enumerate(path) if own is not None), 3)]
    return (*upper, *path[len(upper) :])
