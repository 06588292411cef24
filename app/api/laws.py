"""A law and one of its articles on a day, as data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.api.links import CitedBy, law_url, record_url
from kb.citation import format_citation
from kb.errors import NotFound
from kb.laws import Article, LawBook, LawVersion, OnDay, Standing
from kb.numerals import to_int
from kb.snapshot import Snapshot


def law_list(base: Snapshot, wanted: str, on: date, limit: int = 200) -> dict[str, Any]:
    """The loaded laws whose title holds every word of `wanted`, with how each stands on a day."""
    words = wanted.split()
    titles = [t for t in base.laws.titles() if all(w in t for w in words)]
    if wanted and (match := base.laws.match(wanted)) and match.title not in titles:
        titles.insert(0, match.title)
    rows = []
    for title in titles[:limit]:
        state = base.laws.on(title, on)
        version = state.version
        rows.append(
            {
                "title": title,
                "level": version.level if version else "",
                "standing": standing(state, on),
                "versions": len(base.laws.versions_of(title)),
                "url": law_url(title),
            }
        )
    near = base.laws.near(wanted) if wanted and not titles else []
    return {
        "query": wanted,
        "on": str(on),
        "total": len(titles),
        "laws": rows,
        "nearest": [{"title": t, "url": law_url(t)} for t in near],
    }


def law(base: Snapshot, name: str, on: date) -> dict[str, Any]:
    """A law on a day: standing, versions, contents.

    Raises:
        NotFound: no loaded law has this title; the hint names the nearest.
    """
    title = official(base.laws, name)
    state = base.laws.on(title, on)
    version = _shown(state)
    articles = base.laws.articles(version) if version else {}
    chapters: list[dict[str, Any]] = []
    for a in articles.values():
        if not chapters or chapters[-1]["chapter"] != a.chapter:
            chapters.append({"chapter": a.chapter, "articles": []})
        chapters[-1]["articles"].append(_contents_row(base.laws, title, a, on))
    return {
        **_head(base.laws, state, on),
        "chapters": chapters,
        "articles": len(articles),
    }


def article(base: Snapshot, name: str, key: str, on: date, citing: CitedBy) -> dict[str, Any]:
    """One article on a day: standing, structure or text, neighbours, what cites it.

    Args:
        name: title or any known short name of the law.
        key: ``59`` or ``120-1``.
        citing: `app.api.links.cited_by` of the same snapshot.

    Raises:
        NotFound: unknown law, or the version of that day has no such article.
    """
    title = official(base.laws, name)
    state = base.laws.on(title, on)
    version = _shown(state)
    table = base.laws.articles(version) if version else {}
    found = table.get(key)
    if version and found is None:
        last = list(table.values())[-1] if table else None
        hint = f"该文本共{len(table)}条，最后一条是{label_of(last)}" if last else "该文本没有载入条文结构"
        raise NotFound(f"《{title}》没有编号为“{key[:20]}”的条文", where=f"{on}的文本", hint=hint)
    return {
        **_head(base.laws, state, on),
        "article": key,
        "label": label_of(found) if found else label_of(_bare(key)),
        "kind": found.kind if found else "article",
        "chapter": found.chapter if found else "",
        "note": found.note if found else "",
        "summary": base.laws.summaries.get((title, key), "") if found else "",
        "has_text": bool(found and found.has_text),
        "paragraphs": _paragraphs(title, found) if found else [],
        "previous": _neighbour(table, title, key, on, -1),
        "next": _neighbour(table, title, key, on, 1),
        "cited_by": [
            {**row, "url": record_url("benchmark", row["id"])} for row in citing.get((title, key), [])
        ],
    }


def official(book: LawBook, name: str) -> str:
    """The official title a written name means.

    Raises:
        NotFound: no loaded law for sure.
    """
    match = book.match(name)
    if match is None:
        near = book.near(name)
        hint = "相近的有" + "、".join(f"《{t}》" for t in near) if near else "先用 cailiang laws import 载入"
        raise NotFound(f"没有载入《{name[:80]}》", hint=hint)
    return match.title


def standing(state: OnDay, on: date) -> dict[str, Any]:
    """How a law stands on a day, as a code and one Chinese line."""
    version = state.version
    code = state.standing
    if code is Standing.IN_FORCE and version:
        until = f"，至{version.to}止（该日不再有效）" if version.to else ""
        line = (f"自{version.from_}起施行" if version.from_ else "施行日期未载入") + until
        short = "现行" if version.to is None else "当日有效"
    elif code is Standing.REPEALED:
        by = f"，由《{state.by.strip('《》')}》取代" if state.by else ""
        short, line = "已废止", f"自{state.changed_on}起废止{by}"
    elif code is Standing.NOT_YET:
        short, line = "尚未施行", f"自{state.changed_on}起施行"
    else:
        short, line = "未载入", f"{on}的文本未载入：不能说明该日有无此条"
    return {
        "code": str(code),
        "short": short,
        "line": line,
        "changed_on": str(state.changed_on) if state.changed_on else None,
        "by": state.by or None,
        "by_url": law_url(state.by) if state.by else None,
    }


def article_key_of(text: str) -> str:
    """``59`` or ``120-1`` of 59, 120-1, 第五十九条, 第一百二十条之一; empty of an empty text."""
    number, _, suffix = text.strip().removeprefix("第").replace("条之", "-").removesuffix("条").partition("-")
    if not number:
        return ""
    return f"{to_int(number)}-{to_int(suffix)}" if suffix else str(to_int(number))


def label_of(a: Article) -> str:
    """第五十九条, 第一百二十条之一, or 一、"""
    from kb.numerals import to_chinese

    if a.kind == "point":
        return f"{to_chinese(a.number)}、"
    return f"第{to_chinese(a.number)}条" + (f"之{to_chinese(a.suffix)}" if a.suffix else "")


def _bare(key: str) -> Article:
    number, _, suffix = key.partition("-")
    if not number.isascii() or not number.isdigit() or (suffix and not suffix.isdigit()):
        raise NotFound(f"“{key[:20]}”不是条号", hint="写成 59，之一写成 120-1")
    return Article(int(number), int(suffix or 0))


def _shown(state: OnDay) -> LawVersion | None:
    """The text that may be shown: never a text of other days for a day that is not loaded."""
    return None if state.standing in (Standing.NOT_LOADED, Standing.UNKNOWN) else state.version


def _head(book: LawBook, state: OnDay, on: date) -> dict[str, Any]:
    v = state.version
    versions = book.versions_of(state.title)
    return {
        "law": state.title,
        "on": str(on),
        "standing": standing(state, on),
        "level": v.level if v else "",
        "issuer": v.issuer if v else "",
        "number": v.number if v else "",
        "source": v.source if v else "",
        "attested_by": v.attested_by if v else "",
        "version": _version(v, state) if v else None,
        "versions": [_version(each, state) for each in versions],
        "history": [{"day": str(h.day), "act": h.act, "text": h.text} for h in (v.history if v else ())],
        "url": law_url(state.title),
    }


def _version(v: LawVersion, state: OnDay) -> dict[str, Any]:
    return {
        "from": str(v.from_) if v.from_ else None,
        "from_basis": v.from_basis,
        "to": str(v.to) if v.to else None,
        "adopted": str(v.adopted) if v.adopted else None,
        "has_text": v.has_text,
        "shown": state.standing is not Standing.NOT_LOADED and v is state.version,
    }


def _contents_row(book: LawBook, title: str, a: Article, on: date) -> dict[str, Any]:
    opening = a.full_text().replace("\n", " ") if a.has_text else ""
    return {
        "article": a.key,
        "label": label_of(a),
        "summary": book.summaries.get((title, a.key), ""),
        "opening": opening[:48] + ("…" if len(opening) > 48 else ""),
        "paragraphs": len(a.paragraphs),
        "url": law_url(title, a.key, on),
    }


def _paragraphs(title: str, a: Article) -> list[dict[str, Any]]:
    several = len(a.paragraphs) > 1
    out = []
    for n, p in enumerate(a.paragraphs, 1):
        number = n if several else None
        out.append(
            {
                "paragraph": number,
                "citation": format_citation(title, a.number, a.suffix, number),
                "text": p.text,
                "items": [
                    {
                        "item": i.number,
                        "citation": format_citation(title, a.number, a.suffix, number, i.number),
                        "text": i.text,
                        "subitems": list(i.subitems),
                    }
                    for i in p.items
                ],
            }
        )
    return out


def _neighbour(
    table: Mapping[str, Article], title: str, key: str, on: date, step: int
) -> dict[str, str] | None:
    keys = list(table)
    at = keys.index(key) + step if key in table else -1
    if not 0 <= at < len(keys):
        return None
    return {"article": keys[at], "label": label_of(table[keys[at]]), "url": law_url(title, keys[at], on)}
