"""Who sits at the desk of cases: a name for the log and a role that says what is shown.

There are no accounts yet: both are what the visitor says, kept in a cookie of this browser, as the commands
take ``--by`` and ``--role``. Whoever has said nothing sees no personal data and writes nothing.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from urllib.parse import quote, unquote

from flask import Blueprint, Response, request

from app.api.cases import NOBODY
from app.web.pages import json_answer, wants_json
from casework.masking import ROLES, sees_personal
from casework.writing import LONGEST_NAME
from kb.errors import BadValue, CailiangError

bp = Blueprint("who", __name__)
COOKIE = "cailiang_who"


class NotForRole(CailiangError):
    """What is asked for holds personal data that the role isn't shown; answered as 403."""

    code = "role"


@dataclass(frozen=True, slots=True)
class Who:
    """What a visitor says of themselves; an empty name: nothing was said."""

    name: str = ""
    role: str = NOBODY

    @property
    def clear(self) -> bool:
        """Whether personal data is shown."""
        return bool(self.name) and sees_personal(self.role)


def who() -> Who:
    """Who asks; nobody where the cookie is missing or isn't ours."""
    try:
        said = json.loads(unquote(request.cookies.get(COOKIE, "{}")))
        found = Who(str(said["name"])[:LONGEST_NAME].strip(), str(said["role"]))
    except (ValueError, KeyError, TypeError):
        return Who()
    return found if found.role in ROLES else Who()


def writer() -> str:
    """The name that goes into the log. Raises BadValue: nobody is named."""
    if not (name := who().name):
        raise BadValue("没有写明您是谁", hint="在案件页面上方写姓名和角色")
    return name


def handler() -> str:
    """The name of somebody who is shown personal data.

    Raises:
        NotForRole: of whoever isn't.
    """
    if not who().clear:
        roles = "、".join(role for role, clear in ROLES.items() if clear)
        raise NotForRole("这里有个人信息，您的角色看不到", hint=f"在案件页面上方写姓名，角色选{roles}")
    return who().name


@bp.post("/who")
@bp.post("/who.json")
def say() -> Response:
    """Remember who it is, and go back to where they were."""
    name, role = request.form.get("name", "").strip(), request.form.get("role", NOBODY)
    sees_personal(role)
    if len(name) > LONGEST_NAME:
        raise BadValue("姓名太长", where=name[:20], hint=f"不超过{LONGEST_NAME}个字")
    back = request.form.get("back", "")
    local = back.startswith("/cases") or back.startswith(
        (
            "/benchmark",
            "/deadlines",
            "/ledgers",
            "/papers",
            "/handwriting",
            "/numbers",
            "/office",
            "/dossier",
            "/reports",
        )
    )
    said = Who(name, role)
    answer = (
        json_answer(asdict(said))
        if wants_json()
        else Response("", 303, {"Location": back if local else "/cases"})
    )
    value = quote(json.dumps(asdict(said), ensure_ascii=False))
    answer.set_cookie(COOKIE, value, httponly=True, samesite="Strict")
    return answer
