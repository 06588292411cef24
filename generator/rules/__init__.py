"""Rules for a whole paper, beside the proof of its citations: registered functions, a file each.

A rule takes a `Paper` and yields findings. ``document.yaml`` names the rules of a type in ``judged``; those
registered with ``always`` need no type. Adding a rule adds a file here.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Callable, Iterator

from generator.catalogue import DocumentType
from generator.days import place_of
from generator.docx_text import Line
from generator.paper import Paper
from kb.errors import BadRecord
from kb.findings import Finding, Place

__all__ = ["ALWAYS", "RULES", "Paper", "Rule", "at", "rule", "rules_for"]

Rule = Callable[[Paper], Iterator[Finding]]
RULES: dict[str, Rule] = {}
ALWAYS: list[str] = []
"""Names of the rules that judge any text, whatever it is."""


def rule(name: str, *, always: bool = False) -> Callable[[Rule], Rule]:
    """Register a rule under the name that ``document.yaml`` uses."""

    def register(function: Rule) -> Rule:
        RULES[name] = function
        if always:
            ALWAYS.append(name)
        return function

    return register


def at(line: Line, match: re.Match[str], group: int | str = 0) -> Place:
    """The place of a match, or of one of its groups."""
    return place_of(line, match, group)


def rules_for(kind: DocumentType | None) -> list[Rule]:
    """The rules of a document type; None: those that need no type.

    Raises:
        BadRecord: ``judged`` names a rule there isn't.
    """
    own = ("elements", *kind.judged) if kind else ()
    missing = [name for name in own if name not in RULES]
    if missing and kind:
        raise BadRecord(
            f"没有审查规则“{missing[0]}”", where=f"{kind.type} 的 judged", hint="可用的有 " + "、".join(RULES)
        )
    return [RULES[name] for name in dict.fromkeys((*own, *ALWAYS))]


for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")
