"""Cases that can't be read (of an older build, or spoiled): a list goes on without them and says so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from kb.errors import CailiangError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Unread:
    """A stored case that a list goes on without, and why."""

    case: str
    why: str

    @property
    def edit(self) -> str:
        """The page on which its text can be put right."""
        return f"/casetext/{self.case}"

    def __str__(self) -> str:
        mend = f"在网页 {self.edit} 改正，或者用 cailiang case export 导出，改好后 case save 存回"
        return f"案件 {self.case} 没有计入：{self.why}；{mend}"

    def to_dict(self) -> dict[str, Any]:
        return {"case": self.case, "why": self.why, "edit": self.edit, "line": str(self)}


def readable(unread: list[Unread], id: str, read: Callable[[], T]) -> T | None:
    """What is read of a case; None where it can't be, which is then added to what could not be read."""
    try:
        return read()
    except CailiangError as e:
        if all(u.case != id for u in unread):
            unread.append(Unread(id, str(e)))
        return None
