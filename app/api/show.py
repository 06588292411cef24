"""Any id, shown: a record of whatever kind, or an article of a law."""

from __future__ import annotations

from datetime import date
from typing import Any

from app.api import laws, records
from app.api.links import cited_by
from kb.errors import NotFound
from kb.records import KINDS
from kb.snapshot import Snapshot


def show(base: Snapshot, id: str, on: date) -> dict[str, Any]:
    """The record or law article of an id as of a day.

    Args:
        id: as `search` gives it: ``market/…``, or ``law/<title>/<article>``.

    Raises:
        NotFound: nothing has this id; the hint names the nearest.
    """
    if id.startswith("law/"):
        title, _, article = id.removeprefix("law/").rpartition("/")
        if title:
            return laws.article(base, title, article, on, cited_by(base))
        return laws.law(base, article, on)
    for kind in KINDS:
        if any(r.id == id for r in base.records(kind)):
            return records.record(base, kind, id, on)
    from difflib import get_close_matches

    near = get_close_matches(id, {r.id for kind in KINDS for r in base.records(kind)}, n=3, cutoff=0.4)
    hint = "相近的有 " + "、".join(near) if near else "用 cailiang search 查找编号"
    raise NotFound(f"没有编号为“{id}”的记录", hint=hint)


def text_of(data: dict[str, Any]) -> str:
    """What `show` gives, as a person reads it at the terminal."""
    if "record" not in data:
        from app.cli.laws import article_text, contents_text

        return article_text(data) if "article" in data else contents_text(data)
    source = data["record"]["source"]
    mark = "（示例）" if source["example"] else ""
    state = "" if data["in_force"] else f"（{data['on']} 不在有效期内）"
    lines = [f"{data['kind_name']}：{data['title']}{mark}{state}", f"编号 {data['id']}"]
    return "\n".join([*lines, *_fields(data["record"], skip=("kind", "schema", "id"))])


def _fields(value: Any, skip: tuple[str, ...] = (), depth: int = 0) -> list[str]:
    """Nested fields, a line each, without the empty ones."""
    pad = "  " * depth
    if isinstance(value, dict):
        out = []
        for key, inner in value.items():
            if key in skip or inner in (None, "", [], {}):
                continue
            if isinstance(inner, dict | list):
                out += [f"{pad}{key}：", *_fields(inner, depth=depth + 1)]
            else:
                out += [f"{pad}{key}：{inner}"]
        return out
    if isinstance(value, list):
        return [line for inner in value for line in _row(inner, depth)]
    return [f"{pad}{value}"]


def _row(value: Any, depth: int) -> list[str]:
    lines = _fields(value, depth=depth + 1)
    if lines:
        lines[0] = "  " * depth + "- " + lines[0].strip()
    return lines
