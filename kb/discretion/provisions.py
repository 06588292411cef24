"""The provisions a benchmark rests on, on a day: their canonical form, and why one can't be relied on."""

from __future__ import annotations

from datetime import date

from kb.citation import Days, canonical, judge, parse
from kb.discretion.result import Warning
from kb.errors import CailiangError
from kb.laws import LawBook, LawVersion, Standing

_CODES = {
    Standing.REPEALED: "basis_repealed",
    Standing.NOT_YET: "basis_not_in_force",
    Standing.NOT_LOADED: "basis_not_loaded",
    Standing.UNKNOWN: "basis_not_loaded",
}


class Provisions:
    """Citations of one law book, each judged once a day asked for."""

    def __init__(self, laws: LawBook) -> None:
        self._laws = laws
        self._canonical: dict[tuple[str, date], str] = {}
        self._warnings: dict[tuple[str, date], tuple[Warning, ...]] = {}
        self._versions: dict[tuple[str, date], LawVersion | None] = {}

    def canonical(self, text: str, day: date) -> str:
        """A record's citation in full: title, Chinese numerals, no 款 in a one-paragraph article."""
        key = (text, day)
        if key not in self._canonical:
            self._canonical[key] = self._write(text, day)
        return self._canonical[key]

    def _write(self, text: str, day: date) -> str:
        try:
            found = parse(text, self._laws, day)
            return "、".join(canonical(c, self._laws, day) for c in found) or text
        except CailiangError:
            return text  # not provable: `warnings` says so

    def warnings(self, text: str, day: date) -> tuple[Warning, ...]:
        """Why the citation can't be relied on for that day; empty where it can."""
        key = (text, day)
        if key not in self._warnings:
            self._warnings[key] = self._judge(text, day)
        return self._warnings[key]

    def _judge(self, text: str, day: date) -> tuple[Warning, ...]:
        out = []
        for citation in parse(text, self._laws, day):
            title = citation.resolved or citation.law
            standing = self._laws.on(title, day)
            if standing.standing is Standing.IN_FORCE:
                continue
            out.append(
                Warning(
                    _CODES[standing.standing],
                    _MESSAGES[standing.standing].format(
                        title=title,
                        day=day,
                        on=standing.changed_on,
                        by=standing.by and f"，由{standing.by}替代",
                    ),
                )
            )
        if not out:
            found = [f for f in judge(text, self._laws, Days(day, day)) if f.severity != "提示"]
            out = [Warning("basis_not_proven", f"依据“{f.text or text}”：{f.message}") for f in found]
        return tuple(dict.fromkeys(out))

    def version(self, text: str, day: date) -> LawVersion | None:
        """The text of the cited law that is in force on a day, if one is loaded."""
        key = (text, day)
        if key not in self._versions:
            titles = [c.resolved for c in parse(text, self._laws, day) if c.resolved]
            on = self._laws.on(titles[0], day) if titles else None
            self._versions[key] = on.version if on and on.standing is Standing.IN_FORCE else None
        return self._versions[key]


_MESSAGES = {
    Standing.REPEALED: "依据《{title}》自{on}起废止{by}，{day}不能适用；请换用当日有效的规定",
    Standing.NOT_YET: "依据《{title}》自{on}起施行，{day}尚未施行；请核对行为时的规定",
    Standing.NOT_LOADED: "依据《{title}》{day}的文本未载入，无法核对；请先导入该日有效的文本",
    Standing.UNKNOWN: "依据《{title}》未载入，无法核对；请先导入或者人工核对登记",
}
