"""What an import did, file by file."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Outcome(StrEnum):
    """What became of one file."""

    IMPORTED = "imported"
    PART = "part"
    DUPLICATE = "duplicate"
    NOTICE = "notice"
    UNNUMBERED = "unnumbered"
    FAILED = "failed"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Outcome.IMPORTED: "已导入",
    Outcome.PART: "已导入（与其他文件合为一部法）",
    Outcome.DUPLICATE: "与已导入的文本相同",
    Outcome.NOTICE: "废止提示，已记录废止",
    Outcome.UNNUMBERED: "没有编号条文，只登记标题和日期",
    Outcome.FAILED: "未导入",
}


@dataclass(frozen=True, slots=True)
class FileResult:
    """One line of the report."""

    path: str
    outcome: Outcome
    reason: str = ""

    def to_dict(self) -> dict[str, str]:
        return {"path": self.path, "outcome": self.outcome, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did. ``unchanged`` counts files an earlier run had already dealt with;
    ``earlier_failures`` are those of them that it could not import.

    ``findings`` are differences of structure between copies of one text; nothing was overwritten for them.
    ``notes`` speak of oddities inside single texts.
    """

    files: tuple[FileResult, ...]
    unchanged: int = 0
    earlier_failures: tuple[FileResult, ...] = ()
    versions: int = 0
    articles: int = 0
    repeals: int = 0
    findings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def not_imported(self) -> tuple[FileResult, ...]:
        return tuple(f for f in self.files if f.outcome is Outcome.FAILED)

    def count(self, outcome: Outcome) -> int:
        return sum(f.outcome is outcome for f in self.files)

    def summary(self) -> str:
        """The result in one Chinese line."""
        if not self.files:
            if not self.unchanged:
                return "没有找到法律文本文件"
            failed = len(self.earlier_failures)
            return f"没有变化：{self.unchanged} 个文件此前都已处理" + (
                f"，其中 {failed} 个未能导入" if failed else ""
            )
        counts = "，".join(f"{o.label} {n}" for o in Outcome if (n := self.count(o)))
        same = f"；此前已处理 {self.unchanged}" if self.unchanged else ""
        return (
            f"读取 {len(self.files)} 个文件：{counts}{same}。"
            f"共 {self.versions} 个法律文本、{self.articles} 条、{self.repeals} 项废止"
        )

    def to_dict(self) -> dict[str, Any]:
        return {
            "summary": self.summary(),
            "unchanged": self.unchanged,
            "versions": self.versions,
            "articles": self.articles,
            "repeals": self.repeals,
            "files": [f.to_dict() for f in self.files],
            "earlier_failures": [f.to_dict() for f in self.earlier_failures],
            "findings": list(self.findings),
            "notes": list(self.notes),
        }
