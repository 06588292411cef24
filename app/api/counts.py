"""How much is in a base: distinct ids a kind, by domain where the kind belongs to one."""

from __future__ import annotations

from collections import Counter
from typing import Any

from kb.records import DOMAINS, KINDS
from kb.snapshot import Snapshot

BY_DOMAIN = ("benchmark", "leniency", "case_study")


def counts(base: Snapshot) -> dict[str, Any]:
    """Distinct ids (not versions) of each kind, and the laws: what ``kb stats`` prints."""
    found: dict[str, Any] = {"revision": base.revision}
    for kind in KINDS:
        ids = {r.id: r.domain for r in base.records(kind)}
        if kind in BY_DOMAIN:
            by_domain: Counter[str] = Counter(ids.values())
            found[kind] = {d: by_domain[d] for d in (*DOMAINS, "通用") if by_domain[d]}
        else:
            found[kind] = len(ids)
    versions = base.laws.versions
    found |= {
        "law": len(base.laws.titles()),
        "versions": len(versions),
        "with_text": sum(v.has_text for v in versions),
    }
    return found
