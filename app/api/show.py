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
