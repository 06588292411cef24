"""A stored case in the case form: saved over the revision that was read, kept while somebody types.

Whoever saves over a newer revision loses nothing: what they alone changed stays, what only the other changed
is taken over, and of what both changed both values are shown before anything is saved.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, request

from app.api import cases as api
from app.api.caseform import ASKS, pattern
from app.api.wording import put_in
from app.web.cases import _to
from app.web.casevalues import flatten, nest, read, tidy
from app.web.caseview import CaseForm, case_of, known_facts, label_of, wanted_wording
from app.web.desk import desk, now, read_day, snapshot, text_of, today
from app.web.errors import status_of
from app.web.pages import Page, page
from app.web.who import handler
from casework.cases import Cases
from casework.writing import StoredCase
from generator.catalogue import DocumentType, document_type
from kb.errors import BadValue, CailiangError, Conflict, WrongUse

bp = Blueprint("caseediting", __name__)

ACTIONS = ("save", "more", "autosave")


@page(bp, "/caseform/<path:id>", methods=["GET"])
def form(id: str) -> Page:
    """The case in the form, or what its visitor was typing when they left."""
    by = handler()
    stored = Cases(desk().base.store).read(id)
    kept = api.autosaved(desk().base, id, by=by)
    if kept and text_of("restore"):
        return _page(stored, flatten(kept["case"]), kept["revision"], said="已恢复没有保存的内容，看过再保存")
    typed, lost = typed_of(stored)
    return _page(stored, typed, stored.revision, kept=bool(kept), lost=lost)


@page(bp, "/caseform/<path:id>", methods=["POST"])
def save(id: str) -> Page | Response:
    """Save, keep what is being typed, or offer more rows."""
    by, do = handler(), request.form.get("do", "save")
    if do not in ACTIONS:
        raise WrongUse(f"没有“{do[:20]}”这个操作", where="do", hint="可以是 " + "、".join(ACTIONS))
    typed, revision = tidy(request.form) | {"id": id}, revision_of()
    if said := wanted_wording():
        put = put_in(snapshot(), typed, *said, _type(), today())
        return _page(Cases(desk().base.store).read(id), put, revision)
    if do == "autosave":
        return _autosave(id, typed, revision, by)
    stored = Cases(desk().base.store).read(id)
    if do == "more":
        return _page(stored, typed, revision, spare=1)
    body, faults = body_of(typed)
    try:
        day = read_day(request.form.get("happened", ""), "所记的事发生在哪一天")
        done = api.save(desk().base, id, body, revision=revision, by=by, at=now(), day=day)
    except Conflict as error:
        return _conflict(stored, typed, revision, error)
    except CailiangError as error:
        return _page(stored, typed, revision, faults, problem=error)
    faults = {**case_of(read(typed, known_facts(snapshot(), typed))[0])[1], **faults}
    if not faults:
        return _to(f"/cases/{id}", done)
    stored = Cases(desk().base.store).read(id)
    return _page(
        stored, typed, stored.revision, faults, said=f"已保存（第{stored.revision}次修订），案件还没有填完"
    )


def revision_of() -> int:
    """The revision that the form was typed over. Raises BadValue."""
    text = request.form.get("revision", "")
    if not (text.isascii() and text.isdigit() and len(text) < 8):
        raise BadValue("没有写是照第几次修订改的", where="revision", hint="重新打开表格再改")
    return int(text)


def _autosave(id: str, typed: Mapping[str, str], revision: int, by: str) -> Page:
    api.autosave(desk().base, id, nest(typed), revision=revision, by=by, at=now())
    data = {"case": id, "revision": revision, "at": now().isoformat()}
    return Page("part/autosaved.html", data)


def typed_of(stored: StoredCase) -> tuple[dict[str, str], list[str]]:
    """A stored case as form values, and what it holds that the form doesn't ask."""
    if not stored.fault:
        return flatten(stored.case.model_dump(exclude_unset=True)), []
    body = stored.body
    if isinstance(body.get("violations"), list):
        body["violations"] = [_opened(v) for v in body["violations"]]
    typed = flatten(body)
    lost = [path for path in typed if pattern(path) not in ASKS and path != "schema"]
    return {path: text for path, text in typed.items() if path not in lost}, lost


def _opened(violation: Any) -> Any:
    """A violation whose act is written as 2026-08-20..2026-09-08, with its two days."""
    if not isinstance(violation, Mapping) or not isinstance(violation.get("act"), str):
        return violation
    start, _, end = violation["act"].partition("..")
    return {**violation, "act": {"start": start, "end": end or start}}


def body_of(typed: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """What was typed as the body of a case; what can't be read stays in it as it was typed."""
    facts = known_facts(snapshot(), typed)
    _, faults = read(typed, facts)
    sound = {path: text for path, text in typed.items() if path not in faults}
    data, _ = read(sound, facts)
    if faults:
        whole = flatten_values(data) | {path: typed[path] for path in faults}
        data = nest(whole)
    return {"schema": 1, **data}, faults


def flatten_values(data: Any, path: str = "") -> dict[str, Any]:
    """A body by path, its values as they are; the inverse of `nest`."""
    ask = ASKS.get(pattern(path)) if path else None
    if isinstance(data, Mapping):
        pairs = [(f"{path}.{key}" if path else str(key), value) for key, value in data.items()]
    elif isinstance(data, list) and not (ask and ask.widget == "lines"):
        pairs = [(f"{path}.{n}", value) for n, value in enumerate(data)]
    else:
        return {path: data}
    return {name: value for key, inner in pairs for name, value in flatten_values(inner, key).items()}


# ---------------------------------------------------------------- two at once


def _conflict(now_: StoredCase, typed: dict[str, str], revision: int, problem: Conflict) -> Page:
    """Both values of what both changed; the form holds what was typed here, over the newer revision."""
    theirs, _ = typed_of(now_)
    try:
        before, _ = typed_of(Cases(desk().base.store).read(now_.id, revision))
    except CailiangError:
        before = {}
    mine, both = dict(typed), []
    for path in dict.fromkeys((*theirs, *before, *typed)):
        was, here, there = (v.get(path, "").strip() for v in (before, typed, theirs))
        if here == there or there == was:
            continue
        if here == was:
            mine[path] = there
            continue
        both.append({"path": path, "label": label_of(path), "mine": here, "theirs": there})
    kept = {path: text for path, text in mine.items() if text}
    more = f"{len(both)} 处两人都改了，" if both else ""
    line = f"{problem.message}：两人的改动已经合在一起，还没有保存；{more}看过再保存"
    return _page(now_, kept, now_.revision, problem=problem, line=line, both=both, author=now_.author)


def _page(
    stored: StoredCase,
    typed: Mapping[str, str],
    revision: int,
    faults: Mapping[str, str] | None = None,
    *,
    problem: CailiangError | None = None,
    line: str = "",
    said: str = "",
    both: list[dict[str, str]] | None = None,
    author: str = "",
    kept: bool = False,
    lost: list[str] | None = None,
    spare: int = 0,
) -> Page:
    kind = _kind()
    faults = faults or {}
    data: dict[str, Any] = {
        "id": stored.id,
        "revision": revision,
        "case": dict(typed),
        "faults": dict(faults),
    }
    data |= {"conflicts": both or [], "type": kind.type if kind else ""}
    data |= problem.to_dict() if problem else {}
    shown = {path: text for path, text in typed.items() if path != "id"} | _entry(kind, typed)
    sections = CaseForm(kind, snapshot(), shown, faults, today(), spare).sections()
    form = {
        "sections": [s | {"blocks": [b for b in s["blocks"] if b.get("name") != "id"]} for s in sections],
        "faults": [(path, label_of(path), wrong) for path, wrong in faults.items()],
        "line": line or (str(problem) if problem else ""),
        "said": said,
        "author": author,
        "kept": kept,
        "lost": lost or [],
        "kind": kind,
    }
    return Page("caseform.html", data, form=form, status=status_of(problem) if problem else 200)


def _entry(kind: DocumentType | None, typed: Mapping[str, str]) -> dict[str, str]:
    """A row for the paper in view, where the case has none of its type yet."""
    if kind is None or kind.block or kind.type in typed.values():
        return {}
    rows = [int(path.split(".")[1]) for path in typed if path.startswith("papers.")]
    return {f"papers.{max(rows, default=-1) + 1}.type": kind.type}


def _kind() -> DocumentType | None:
    name = str(request.values.get("type", "")).strip()
    return document_type(name) if name else None


def _type() -> str:
    kind = _kind()
    return kind.type if kind else ""
