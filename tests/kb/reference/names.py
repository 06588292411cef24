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
    """Whether 该法 or 本条例 can mean a title: it ends so; a 法典 is also a 法, a 办法 is none."""
    stem = without_notes(clean_title(title))
    if kind == "法" and stem.endswith("办法"):
        return False
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


SAYS = ("规定", "明确", "要求", "所称", "所列", "所指", "载明", "指出", "设定")
OTHER_SOURCES = (
    *("《", "\n", "合同", "协议", "章程", "公约", "约定", "通知", "决定书", "办法", "条例", "规则", "细则"),
    *("该法", "本法", "同法"),
)


def says(text: str, i: int) -> bool:
    """Whether words like 则规定, 的规定, 所称 stand here."""
    for first in ("则", "还", "也", "又", "另", "亦", "同时", "进一步", ""):
        for link in ("的", "之", ""):
            if text.startswith(first + link, i) and text.startswith(SAYS, i + len(first + link)):
                return True
    return False


def announces(text: str, i: int) -> bool:
    """规定了, or 规定： after a provision."""
    return any(
        text.startswith(link + word + more + pause, i)
        for link in ("的", "之", "")
        for word in ("规定", "明确")
        for more in ("了", "")
        for pause in "，,：:"
    ) or text.startswith(("：", ":"), i)


def goes_on_with(text: str, last_end: int, marked: bool, after: int, at: int, closed: int) -> bool:
    """Whether 第六条规定 with no law named is of the law cited before."""
    told, both = says(text, after), announces(text, last_end) and announces(text, after)
    if not told and not both:
        return False
    if closed and (at == closed or (at == closed + 1 and text[closed] in "。；;，,、")):
        return True
    between = text[max(last_end, closed) : at]
    if not marked or not between or between[-1] not in "，；。,;":
        return False
    if any(word in between for word in OTHER_SOURCES):
        return False
    return both or (told and not any(c in between for c in "。！？!?"))


def says_as_follows(text: str, start: int, end: int) -> bool:
    """Whether all between a title and a provision is like 规定了两档罚款：."""
    between = text[start:end]
    if between[-1:] not in ("：", ":") or any(c in between for c in "。！？；《》“”\n第"):
        return False
    rules = (n for n in range(len(between)) if between.startswith("规定", n))
    return any(n <= 30 and len(between) - n - 3 <= 24 for n in rules)


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
