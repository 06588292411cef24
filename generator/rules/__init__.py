"""Rules for a whole paper, beside the proof of its citations: registered functions, a file each.

A rule takes a `Paper` and yields findings. ``document.yaml`` names the rules of a type in ``judged``;
`elements` applies to every type. Adding a rule adds a file here.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from generator.catalogue import DocumentType
from generator.docx_text import Line
from kb.citation import Days
from kb.errors import BadRecord
from kb.findings import Finding, Place
from kb.snapshot import Snapshot


@dataclass(frozen=True)
class Paper:
    """A paper as its reader has it: paragraphs in order, what it claims to be, the days it is judged on."""

    lines: tuple[Line, ...]
    kind: DocumentType
    base: Snapshot
    days: Days

    @cached_property
    def text(self) -> str:
        """The whole text, a paragraph a line."""
        return "\n".join(line.text for line in self.lines)

    def find(self, pattern: re.Pattern[str]) -> Iterator[tuple[Line, re.Match[str]]]:
        """Every match in every paragraph, in order; the pattern is not anchored to the ends of a line."""
        if not pattern.search(self.text):  # one pass in C answers for most rules
            return
        for line in self.lines:
            for match in pattern.finditer(line.text):
                yield line, match

    def has(self, pattern: re.Pattern[str]) -> bool:
        return next(self.find(pattern), None) is not None


Rule = Callable[[Paper], Iterator[Finding]]
RULES: dict[str, Rule] = {}


def rule(name: str) -> Callable[[Rule], Rule]:
    """Register a rule under the name that ``document.yaml`` uses."""

    def register(function: Rule) -> Rule:
        RULES[name] = function
        return function

    return register


def at(line: Line, match: re.Match[str]) -> Place:
    """The place of a match."""
    return replace(line.place, start=match.start(), end=match.end())


def rules_for(kind: DocumentType) -> list[Rule]:
    """The rules of a document type.

    Raises:
        BadRecord: ``judged`` names a rule there isn't.
    """
    missing = [name for name in kind.judged if name not in RULES]
    if missing:
        raise BadRecord(
            f"没有审查规则“{missing[0]}”", where=f"{kind.type} 的 judged", hint="可用的有 " + "、".join(RULES)
        )
    return [RULES["elements"], *(RULES[name] for name in kind.judged)]


for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")
