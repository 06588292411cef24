"""Personal data: what of a case is shown to whom, and how the rest is blotted out.

Numbers of identity, telephones and addresses of natural persons, and their names, are personal information;
names, codes and addresses of units are not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from kb.errors import WrongUse

ROLES: Mapping[str, bool] = {
    "经办人": True,
    "审核人": True,
    "负责人": True,
    "档案管理": True,
    "其他": False,
}
"""Who sees personal data: those who handle, review, decide or file the case."""

PERSONAL = frozenset({"id_number", "phone", "address", "born", "name", "place", "receiver", "witness"})
_PERSON = frozenset({"id_number", "phone", "address"})
_NUMBERS = re.compile(r"(?<!\d)(?:\d{17}[\dXx]|1\d{10}|\d{15})(?![\dXx])")


def sees_personal(role: str) -> bool:
    """Whether a role is shown personal data.

    Raises:
        WrongUse: there is no such role.
    """
    if role not in ROLES:
        raise WrongUse(f"没有“{role}”这个角色", where="role", hint="可以写：" + "、".join(ROLES))
    return ROLES[role]


def masked_name(name: str) -> str:
    """王小明 → 王某某."""
    return name[:1] + "某" * min(max(len(name) - 1, 1), 2) if name else ""


def masked_number(number: str) -> str:
    """The first three and the last two places stay; short ones vanish."""
    return f"{number[:3]}{'*' * (len(number) - 5)}{number[-2:]}" if len(number) > 8 else "*" * len(number)


def masked_address(address: str) -> str:
    """The county or town stays, the street and the house don't."""
    found = re.match(r".*?(?:县|区|市|镇|乡|街道)", address)
    return (found[0] if found else "") + "****"


def masked_text(text: str) -> str:
    """Running text without numbers of identity and telephones."""
    return _NUMBERS.sub(lambda m: masked_number(m[0]), text)


_HOW = {"name": masked_name, "receiver": masked_name, "witness": masked_name, "address": masked_address}
_HOW |= {"place": masked_address}


def party_shown(party: Mapping[str, Any], masked: bool = True) -> str:
    """A party's name as a list shows it: a unit's, a trade name, a person's blotted out."""
    name = str(party.get("name") or "")
    if party.get("kind") == "sole_trader":
        return str(party.get("trade_name") or "")
    return masked_name(name) if masked and party.get("kind") != "unit" else name


def masked_case(body: Mapping[str, Any]) -> dict[str, Any]:
    """A case body for those who may not see personal data.

    Parties, who received papers, and what running text repeats of them are masked; so are numbers of identity
    and telephones anywhere.
    """
    names = _repeated(body)
    return {str(k): _masked(v, str(k), names) for k, v in body.items()}


def _masked(value: Any, key: str, names: Mapping[str, str], whose: str = "") -> Any:
    """One value of a case.

    Args:
        whose: the kind of the party it stands in; ``person`` in what is said of somebody else (who received a
            paper, who told of the act); ``values`` in the own fields of a paper; empty elsewhere.
    """
    if isinstance(value, Mapping):
        if key == "served" or (whose == "values" and _PERSON & value.keys()):
            whose = "person"
        elif key in ("parties", "values"):
            whose = str(value.get("kind") or "person") if key == "parties" else "values"
        return {str(k): _masked(v, str(k), names, whose) for k, v in value.items()}
    if isinstance(value, list):
        return [_masked(v, key, names, whose) for v in value]
    if value is None or isinstance(value, bool):
        return value
    open_ = whose in ("", "values") or (whose == "unit" and key in ("name", "address"))
    if key in PERSONAL and not open_:
        return _HOW.get(key, masked_number)(str(value))
    return _replaced(value, names) if isinstance(value, str) else value


def masked_cells(body: Mapping[str, Any], cells: Mapping[str, str]) -> dict[str, str]:
    """The cells of a ledger row of a case as others may see them, where that differs."""
    names = _repeated(body)
    shown = {k: masked_name(v) if k == "receiver" else _replaced(v, names) for k, v in cells.items()}
    return {k: v for k, v in shown.items() if v != cells[k]}


def _replaced(text: str, names: Mapping[str, str]) -> str:
    for name, shown in names.items():
        text = text.replace(name, shown)
    return masked_text(text)


def _repeated(body: Mapping[str, Any]) -> dict[str, str]:
    """Names and addresses of the natural persons of a case, and how they are shown; the longest first."""
    parties = body.get("parties")
    rows = [p for p in parties if isinstance(p, Mapping)] if isinstance(parties, list) else []
    people = [p for p in rows if p.get("kind") != "unit"]
    found: dict[str, Callable[[str], str]] = {str(p.get("representative") or ""): masked_name for p in rows}
    found |= {str(p.get("name") or ""): masked_name for p in people}
    found |= {str(p.get("address") or ""): masked_address for p in people}
    return {text: found[text](text) for text in sorted(found, key=len, reverse=True) if len(text) > 1}
