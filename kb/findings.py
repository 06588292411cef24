"""Findings: what a check found, where it stands, and what should stand there instead."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Severity = Literal["否决", "扣分", "提示"]
SEVERITIES: tuple[Severity, ...] = ("否决", "扣分", "提示")


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a file: part (``正文``, ``页眉`` …), paragraph and line from 1, table cell, character span.

    ``cell`` is ``"表1 行2 列3"`` or None. Offsets are in characters of the paragraph (or of the text).
    """

    part: str = "正文"
    paragraph: int | None = None
    cell: str | None = None
    line: int | None = None
    start: int = 0
    end: int = 0

    def to_dict(self) -> dict[str, Any]:
        return {
            "part": self.part,
            "paragraph": self.paragraph,
            "cell": self.cell,
            "line": self.line,
            "start": self.start,
            "end": self.end,
        }

    def __str__(self) -> str:
        words = [self.part]
        if self.cell:
            words.append(self.cell)
        if self.paragraph is not None:
            words.append(f"第{self.paragraph}段")
        if self.line is not None:
            words.append(f"第{self.line}行")
        words.append(f"第{self.start + 1}至{self.end}字")
        return " ".join(words)


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault. ``basis`` is the provision that makes it a fault, where one is loaded."""

    code: str
    severity: Severity
    message: str
    text: str = ""
    place: Place = field(default_factory=Place)
    suggestion: str = ""
    basis: str = ""

    def to_dict(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "severity": self.severity,
            "message": self.message,
            "text": self.text,
            "place": self.place.to_dict(),
            "suggestion": self.suggestion,
            "basis": self.basis,
        }
