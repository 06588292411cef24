"""Every failure the house knows, drawn once.

CailiangError                 one line in Chinese: what, where, how to mend
├── WrongUse                  the call itself is wrong (exit code 2)
├── NotFound                  an unknown law, record, document type or file
├── NotLoaded                 a thing may exist, but no source of it is loaded (law 3 of the house)
├── BadRecord                 a record file or a case file: file, line, field
├── BadValue                  a fact, amount, date or field of the wrong type
├── BadCitation               a text that is not a citation, or a citation that is not proven
├── BadPackage                a damaged or hostile .docx/.zip
├── BadTemplate               a template an author has to mend
├── Conflict                  the record was changed by someone else since it was read
├── Refused                   a paper that may not leave: carries its findings
└── StoreFailure              the disk, the database or the index did not answer
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class CailiangError(Exception):
    """A failure a user can read and mend.

    Args:
        message: what is wrong, one Chinese sentence without a final full stop.
        where: the place (file, line, field, paragraph); empty where there is none.
        hint: how to mend it; empty where nothing can be said.
    """

    code = "error"
    exit_code = 1

    def __init__(self, message: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        place = f"（{self.where}）" if self.where else ""
        mend = f"：{self.hint}" if self.hint else ""
        return " ".join(f"{self.message}{place}{mend}".split())

    def to_dict(self) -> dict[str, Any]:
        """The one error shape that commands, pages and the JSON API share."""
        return {
            "error": {
                "code": self.code,
                "message": self.message,
                "where": self.where,
                "hint": self.hint,
            }
        }


class WrongUse(CailiangError):
    code = "wrong_use"
    exit_code = 2


class NotFound(CailiangError):
    code = "not_found"


class NotLoaded(CailiangError):
    code = "not_loaded"


class BadRecord(CailiangError):
    code = "bad_record"


class BadValue(CailiangError):
    code = "bad_value"


class BadCitation(CailiangError):
    code = "bad_citation"


class BadPackage(CailiangError):
    code = "bad_package"


class BadTemplate(CailiangError):
    code = "bad_template"


class Conflict(CailiangError):
    code = "conflict"


class StoreFailure(CailiangError):
    code = "store_failure"


class Refused(CailiangError):
    """A paper that may not leave the house.

    Args:
        findings: the JSON-ready findings (see ``cite check`` in docs) that stopped it.
    """

    code = "refused"

    def __init__(
        self,
        message: str,
        *,
        where: str = "",
        hint: str = "",
        findings: Sequence[dict[str, Any]] = (),
    ) -> None:
        super().__init__(message, where=where, hint=hint)
        self.findings = tuple(findings)

    def to_dict(self) -> dict[str, Any]:
        shape = super().to_dict()
        shape["findings"] = list(self.findings)
        return shape
