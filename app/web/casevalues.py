"""What was typed in the case form, as the mapping of a case file, and back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from app.api.caseform import ASKS, pattern
from app.api.violations import fact_of
from app.web.desk import read_day
from kb.errors import BadValue, CailiangError
from kb.numerals import parse_number
from kb.records import Fact


def tidy(form: Mapping[str, str]) -> dict[str, str]:
    """The fields of the case that hold something, with empty rows closed up.

    Row numbers then agree with the lists of the case file, so a fault finds its field again.
    """
    typed = {path: text for path, text in form.items() if text.strip() and pattern(path) in ASKS}
    return _leaves(nest(typed))


def _leaves(data: Any, path: str = "") -> dict[str, str]:
    if isinstance(data, str):
        return {path: data}
    pairs = data.items() if isinstance(data, dict) else enumerate(data)
    rows = (_leaves(value, f"{path}.{key}" if path else str(key)) for key, value in pairs)
    return {name: text for row in rows for name, text in row.items()}


def read(form: Mapping[str, str], facts: Mapping[str, Fact]) -> tuple[dict[str, Any], dict[str, str]]:
    """Turn what was typed into the mapping of a case file.

    Args:
        form: what was typed, by path; blank fields count as not given.
        facts: what each ``violations.N.facts.NAME`` is; a fact that no benchmark knows stays text.

    Returns:
        The mapping, and the faults by path; a faulty value stays out of the mapping.
    """
    flat: dict[str, Any] = {}
    faults: dict[str, str] = {}
    for path, text in form.items():
        ask = ASKS.get(pattern(path))
        if ask is None or not text.strip():
            continue
        try:
            known = facts.get(path)
            flat[path] = fact_of(path, known, text) if known else value_of(ask.widget, text)
        except CailiangError as error:
            faults[path] = error.hint or error.message
    _one_day(flat)
    return nest(flat), faults


def _one_day(flat: dict[str, Any]) -> None:
    """An act whose end was left open is of one day."""
    for path in [p for p in flat if p.endswith(".act.start")]:
        flat.setdefault(path.removesuffix("start") + "end", flat[path])


def value_of(widget: str, text: str) -> Any:
    """One typed text as the value CASE.yaml would hold.

    Raises:
        BadValue: the hint says how to write it.
    """
    text = text.replace("\r\n", "\n")
    if widget in ("long", "own"):
        return text
    text = text.strip()
    if widget in READERS:
        return READERS[widget](text)
    return {"true": True, "false": False}.get(text, text) if widget == "choice" else text


NONE = "无"
"""A list that was looked into and is empty; nothing typed: nobody has said."""


def _lines(text: str) -> list[str]:
    return [] if text == NONE else [line.strip() for line in text.splitlines() if line.strip()]


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise BadValue("不是时间", hint="写成 2026-08-15 09:30") from None


def _when(text: str) -> date:
    """A day, or a day and an hour."""
    try:
        return read_day(text, "") or _moment(text)
    except BadValue:
        return _moment(text)


def _number(text: str) -> int | str:
    """A document number: its sequence number in figures, or the whole number as printed."""
    return int(text) if text.isascii() and text.isdigit() else text


def _amount(text: str) -> Decimal:
    try:
        return parse_number(text.removesuffix("元"))
    except CailiangError:
        raise BadValue("不是金额", hint="写成金额，如 50000 或者 5万") from None


READERS: Mapping[str, Callable[[str], Any]] = {
    "money": _amount,
    "number": _number,
    "lines": _lines,
    "day": lambda text: read_day(text, ""),
    "moment": _moment,
    "when": _when,
}


def nest(flat: Mapping[str, Any]) -> dict[str, Any]:
    """Paths to nested mappings and lists; empty rows close up."""
    tree: dict[str, Any] = {}
    for path, value in flat.items():
        at = tree
        *steps, last = path.split(".")
        for step in steps:
            at = at.setdefault(step, {})
        at[last] = value
    closed: dict[str, Any] = _close_rows(tree)
    return closed


def _close_rows(node: Any) -> Any:
    if not isinstance(node, dict):
        return node
    if node and all(key.isdigit() for key in node):
        return [_close_rows(node[key]) for key in sorted(node, key=int)]
    return {key: _close_rows(value) for key, value in node.items()}


def flatten(data: Any, path: str = "") -> dict[str, str]:
    """A case file as form values, by path."""
    ask = ASKS.get(pattern(path)) if path else None
    if isinstance(data, Mapping):
        pairs = [(f"{path}.{key}" if path else str(key), value) for key, value in data.items()]
    elif isinstance(data, list) and not (ask and ask.widget == "lines"):
        pairs = [(f"{path}.{n}", value) for n, value in enumerate(data)]
    elif data is None:
        return {}
    elif isinstance(data, bool) and ask and ask.widget == "fact":
        return {path: "是" if data else "否"}
    else:
        return {path: _typed(data)}
    return {name: text for key, value in pairs for name, text in flatten(value, key).items()}


def _typed(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "\n".join(str(each) for each in value) or NONE
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def to_yaml(data: Mapping[str, Any]) -> str:
    """A CASE.yaml of what was typed; amounts and days as `kb.importing.yaml_files` reads them."""
    import yaml

    plain_data = {"schema": 1, **_plain(data)}
    return yaml.safe_dump(plain_data, allow_unicode=True, sort_keys=False, width=100)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else str(value)
    return value
