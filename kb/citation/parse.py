"""Parse: from what was found to citations, each bound to one law or to none (`kb.citation.naming`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from kb.citation import grammar as g
from kb.citation.chain import Provision
from kb.citation.cleaning import Clean, clean
from kb.citation.find import Found, scan
from kb.citation.gaps import Gaps, lacks_any
from kb.citation.leaning import Last, Path, inherit, meant_by, resumes, speaks_of_itself
from kb.citation.model import Citation, Context, Mention, OpenQuote, Reading
from kb.citation.names import can_begin
from kb.citation.naming import Named, Names, citation_of, kinds_of
from kb.citation.others import others_of
from kb.laws import LawBook

_QUOTE_REACH = 60  # how far behind a citation its quotation may open
_QUOTE_LENGTH = 3000  # how far a quotation may reach over paragraphs of one text
_QUOTE_PARAGRAPHS = 10  # … and over texts without any mark: one that is never closed must not hide a letter


def parse(text: str, book: LawBook | None = None, day: date | None = None) -> list[Citation]:
    """All provisions that a text cites, in order.

    Args:
        text: any text; never raises on it.
        book: the laws to bind to; without it ``resolved`` stays None.
        day: prefers nothing yet: titles mean the same law on every day; the day decides in `judge`.
    """
    return list(read(text, book).citations)


def read(text: str, book: LawBook | None = None, context: Context | None = None) -> Reading:
    """Read one text after others: `Reading.context` carries what was named, defined and quoted on."""
    context, cleaned = context or Context(), clean(text)
    if _cites_nothing(cleaned.text, context):
        return Reading((), (), context, (), others_of(cleaned, text, {}))
    names = Names(book, context)
    return _Reader(cleaned, text, context, names, Gaps(cleaned, text, names)).read()


def _cites_nothing(plain: str, context: Context) -> bool:
    """Most paragraphs of a paper: nothing begins a citation or goes on with one, and none is missed."""
    return context.quote is None and not (
        g.TRIGGER.search(plain) or g.SELF_WORD.search(plain) or lacks_any(plain)
    )


@dataclass(slots=True)
class _Reader:
    cleaned: Clean
    text: str
    context: Context
    names: Names
    gaps: Gaps
    citations: list[Citation] = field(default_factory=list)
    said_self: dict[str, int] = field(default_factory=dict)
    last: Last | None = None
    quoting: Last | None = None
    carried: Last | None = None  # a quotation that the next paragraph may go on with
    interrupted: Last | None = None  # what the quotation that has just closed quoted
    closed: int = 0  # where that was
    pending: Found | None = None  # 依据第三十三条, whose law may follow: 《…法》
    inside: bool = False  # between “ and ”, whoever is quoted
    paragraph_start: int = 0
    quoted_from: int = 0
    implied_loose: bool = False

    def read(self) -> Reading:
        plain = self.cleaned.text
        self.said_self = dict.fromkeys(self.context.said_self, -1)
        for m in g.SELF_WORD.finditer(plain):
            self.said_self.setdefault(m[0], m.start())
        self._resume_quote()
        for found in scan(plain):
            getattr(self, f"_{found.kind}")(found)
        if self.quoting:
            self.gaps.quotes.append((self.quoted_from, len(plain)))
        named = []
        if not self.context.statute:
            for start, end, law in self.gaps.laws_without_article():
                named.append(self._citation(law, *self.cleaned.span(start, end)))
            self.gaps.catch_alls()
        return Reading(
            tuple(sorted(self.citations, key=lambda c: (c.start, c.end))),
            tuple(sorted(self.gaps.found, key=lambda x: x.start)),
            self._context_after(),
            tuple(sorted(named, key=lambda c: (c.start, c.end))),
            others_of(self.cleaned, self.text, {end: law for _, end, law in self.gaps.unnumbered}),
        )

    def _context_after(self) -> Context:
        before, quote = self.context, self._quote_after()
        mentioned = tuple(self.names.mentioned.values())
        said_self = before.said_self if mentioned else frozenset(self.said_self)
        if self.names.first_named is None and (said_self, quote) == (before.said_self, before.quote):
            return before
        definitions = tuple((s, m.law, m.resolved) for s, m in self.names.definitions.items())
        return replace(before, definitions=definitions, mentioned=mentioned, said_self=said_self, quote=quote)

    # ------------------------------------------------------------ anchors

    def _title(self, found: Found) -> None:
        part = g.TITLE_NOTE.match(found.notes)
        law = self._pointed_at(found)
        law = law or self.names.titled(found.name + (part[0] if part else ""), found.start, found.marks)
        if law is None or self._is_house_rule(law):
            self.last = None
            return
        self.names.add(law)
        self.names.define(found.notes, law)
        if found.provisions or (found := self._named_after(found)).provisions:
            self._cite(replace(law, start=found.start), found)
        elif not self._is_quoted():
            self.gaps.unnumbered.append((found.start, found.name_end + len(found.notes), law))

    def _is_house_rule(self, law: Named) -> bool:
        """该公司《车辆管理规定》: a party's own rules, of which the book knows nothing."""
        owned = g.PARTY_BEFORE.search(self.cleaned.text, max(0, law.start - 16), law.start)
        return bool(law.resolved is None and law.via == "title" and owned and g.PARTY_RULES.search(law.law))

    def _pointed_at(self, found: Found) -> Named | None:
        """该《条例》: as 该条例; 及其《实施条例》."""
        plain, name = self.cleaned.text, found.name
        if g.RULES_OF_LAW.fullmatch(name) and plain.endswith(("其", "该法", "同法"), 0, found.start):
            law = self.names.latest("法")
            return replace(self._rules_of(law, name, found.start), marks=found.marks) if law else None
        if found.name not in g.KINDS.split("|") or found.name in self.names.definitions:
            return None
        if not self.cleaned.text.endswith(("该", "上述", "前述"), 0, found.start):
            return None
        meant = self.names.latest(found.name)
        return Named.of(meant, "pronoun", found.start, found.marks) if meant else None

    def _named_after(self, title: Found) -> Found:
        """依据第三十三条《…法》, 第三十三条（《…法》）: the provision stands before its law."""
        before, plain = self.pending, self.cleaned.text
        if before is None:
            return title
        end = title.name_end + len(title.notes)
        bracketed = plain[before.end : title.start] in ("（", "(") and plain[end : end + 1] in ("）", ")")
        rule = g.BASIS_BEFORE.search(plain, max(0, before.at - 4), before.at)
        if not bracketed and (before.end != title.start or not rule):
            return title
        *others, last = before.provisions
        provisions = (*others, replace(last, end=end + bracketed))
        return replace(before, start=before.at, provisions=provisions)

    def _bare(self, found: Found) -> None:
        """What stands before 第…条: a name without 《》, or none."""
        end = found.name_end
        if part := g.TITLE_NOTE.match(found.notes):
            found, end = replace(found, name=found.name + part[0]), end + len(part[0])
        law = self.names.bare(found.name, end, found.marks) or self._named_in_note(found)
        if law is None:
            self._without_law(found)
            return
        self.names.add(law)
        self.names.define(found.notes, law)
        self._cite(law, found)

    def _named_in_note(self, found: Found) -> Named | None:
        """违反（食品安全法）第三十五条, 【食品安全法】第三十五条: other brackets where 《》 should stand."""
        note = g.WHOLE_NOTE.match(found.notes)
        if note is None or not can_begin(found.name, note["name"]):
            return None
        start = found.name_end + 1
        law = self.names.bare(note["name"], start + len(note["name"]), note["open"] + note["close"])
        return replace(law, start=start - 1) if law and law.start == start else None

    def _without_law(self, found: Found) -> None:
        """第三十五条 with no law before it: the document's own, the last law's, one named after it, none."""
        if self._is_own(found):
            self._cite(Named.of(self.names.mention(self.context.own), "self", found.name_end), found)
            return
        base = self._quoted_article(found) or self._resumed(found, found.at) or self._announced(found)
        base = base or self._listed(found)
        if base and not g.NOT_条.match(self.cleaned.text, found.end):
            self._lean(base, replace(found, start=found.at), [(None,) * 5])
            return
        if not self._is_quoted():
            self.gaps.maybe_no_law(found)
        self.last = None
        itself = self.context.own or self.cleaned.has_headings or self._is_quoted()
        self.pending = found if found.provisions and not itself else None

    def _quoted_article(self, found: Found) -> Last | None:
        """规定：“…不符合第二十七条规定的”: of the law that is quoted."""
        return self.quoting if self.quoting and self._is_plain_article(found, "“\n") else None

    def _resumed(self, found: Found, at: int) -> Last | None:
        """The last citation, where 第六条规定 or 第二款规定 goes on with it."""
        itself = self.context.own or self.context.statute or self.cleaned.has_headings or self.inside
        if self.last is None or itself or not found.provisions:
            return None
        closed = self.closed if self.closed > self.last.end else 0
        return self.last if resumes(self.cleaned.text, self.last, found, at, closed) else None

    def _listed(self, found: Found) -> Last | None:
        """依该条第二款及第九十五条: the list goes on after 该条 or 前款, whose own chain holds no article."""
        joint = g.CONTINUE.match(self.cleaned.text, self.last.end) if self.last else None
        paused = joint and (joint["soft"] or joint["pause"] or joint["range"])
        return self.last if joint and joint.end() == found.at and not paused else None

    def _announced(self, found: Found) -> Last | None:
        """《…法》规定了两档罚款：第八十三条: the law named last, which tells what it rules."""
        if self.context.own or self.inside or not self.gaps.unnumbered:
            return None
        _, end, law = self.gaps.unnumbered[-1]
        if g.SAYS_AS_FOLLOWS.fullmatch(self.cleaned.text, end, found.at):
            return Last(law, (None,) * 5, end)
        return None

    def _loose(self, found: Found) -> None:
        """第二款 that hangs on nothing: of the article quoted, or of the last one."""
        base = self.quoting or self._resumed(found, found.start)
        if base and base.path[0]:
            self._lean(base, found, [(*base.path[:2], None)])

    def _lean(self, base: Last, found: Found, above: Sequence[Path]) -> None:
        """Cite a provision whose law, and whose upper levels, are those of an earlier one."""
        law = replace(base.law, via="implied", start=found.start, marks="")
        provisions = tuple(
            replace(p, path=inherit(fixed, p.path), ranged=p.ranged or len(above) > 1)
            for fixed in above
            for p in found.provisions
        )
        if provisions:
            self._cite(law, replace(found, provisions=provisions), base.marked)

    def _is_own(self, found: Found) -> bool:
        """依照第五条 in a text that is known to be an instrument's own; not its headings, nor 合同第五条."""
        own = self.context.own
        if not own or self.inside or "修改" in own or "废止" in own:
            return False
        itself = tuple(f"本{own[-n:]}" for n in (2, 3, 4))
        if not (found.notes or found.marks) and found.name.endswith(itself):
            return True
        return self._is_plain_article(found, "\n")

    def _is_plain_article(self, found: Found, heads: str) -> bool:
        """第五条 that names no other paper; right after one of ``heads`` it is a heading unless it cites."""
        plain, at = self.cleaned.text, found.name_end
        if found.notes or found.marks or not found.provisions:
            return False
        if at == 0 or plain[at - 1] in heads:
            return g.GOES_ON_AS_CITED.match(plain, found.provisions[0].end) is not None
        return not g.NOT_OWN.search(found.name)

    def _pronoun(self, found: Found) -> None:
        if rules := g.ITS_RULES.search(found.name):
            self._its_rules(found, rules["rules"])
            return
        m = g.PRONOUN.search(found.name)
        if m is None:
            self._own_part(found)
            return
        name, word, kind = m[0], m["word"], m["kind"]
        if name in self.names.definitions:
            law = Named.of(self.names.definitions[name], "defined", found.start)
        elif word == "本":
            if kind not in g.SELF_KINDS:
                self.last = None
                return
            law = self._self(name, kind, found.start)
        else:
            law = Named.of(self.names.latest(kind) or Mention(name), "pronoun", found.start)
        self._cite(law, found)

    def _its_rules(self, found: Found, kind: str) -> None:
        """《…法》及其实施条例第五条, 该法实施细则第三条: named after the law that was named last."""
        bare = found.name == kind  # 《…法》实施条例: the mark closes too soon
        loose = bare and self.cleaned.text[found.start - 1 : found.start] != "》"
        law = None if loose or found.name.startswith("本") else self.names.latest("法")
        if law is None:
            self.last = None
            return
        named = self._rules_of(law, kind, found.start)
        self.names.add(named)
        self._cite(named, found)

    def _short(self, found: Found) -> None:
        """种子法（以下简称种法）, 及其实施条例（以下简称条例）, with no article: only what is meant by it."""
        rules = g.ITS_RULES.search(found.name)
        if rules and not rules[0].startswith("本"):
            base = self.names.latest("法")
            law = self._rules_of(base, rules["rules"], found.name_end - len(rules[0])) if base else None
        else:
            law = self.names.known_in(found.name, found.name_end)
        if law:
            self.names.add(law)
            self.names.define(found.notes, law)

    def _rules_of(self, law: Mention, kind: str, start: int) -> Named:
        return Named.of(self.names.mention((law.resolved or law.law) + kind), "pronoun", start)

    def _own_part(self, found: Found) -> None:
        """本章第…条: of the law that is quoted, or of the instrument itself."""
        if self.quoting:
            self._cite(replace(self.quoting.law, via="self", start=found.start, marks=""), found)
        elif self.context.own:
            self._cite(Named.of(self.names.mention(self.context.own), "self", found.start), found)
        else:
            self.last = None

    def _self(self, name: str, kind: str, start: int) -> Named:
        """本法: the quoted statute, the instrument itself, or the only law of its kind, cited just before."""
        quoted = self.quoting.law if self.quoting else None
        if quoted and kind in kinds_of(quoted.resolved or quoted.law):
            return replace(quoted, via="self", start=start, marks="")
        own = self.context.own
        if own and kind in kinds_of(own):
            return Named.of(self.names.mention(own), "self", start)
        itself = own or self.context.statute or self.cleaned.has_headings or self.inside
        only = self.names.only(kind)
        here = only and self.names.cited_at.get(only.resolved or only.law, -1) >= self.paragraph_start
        if only and here and not itself and not self._said_first(name):
            return Named.of(only, "self", start)
        return Named(name, None, "", "self", start)

    def _said_first(self, name: str) -> bool:
        """Whether 本法 was used before any law was named: then it means the document itself."""
        if name in self.context.said_self:
            return True
        if self.context.mentioned:
            return False
        said, first = self.said_self.get(name), self.names.first_named
        return said is not None and (first is None or said < first)

    def _implied(self, found: Found) -> None:
        base = self.quoting or self.last
        if base is None or (not self.quoting and self._speaks_of_itself(found, base)):
            self.implied_loose = self.implied_loose or found.name.startswith("本")
            return
        self._lean(base, found, meant_by(found.name, base.path))

    def _speaks_of_itself(self, found: Found, base: Last) -> bool:
        """Whether 本条 may mean the document's own article: in a statute, or once it said so before."""
        if self.context.own or self.context.statute or self.cleaned.has_headings:
            return True
        loose = self.implied_loose and found.name[0] not in "该同上"
        return loose or speaks_of_itself(found.name, base, self.cleaned.text[base.end : found.start])

    # ------------------------------------------------------------ quotations and paragraphs

    def _resume_quote(self) -> None:
        """A quotation that an earlier paragraph opened, or announced (第五条规定：), goes on in this one.

        It goes on to the ” that closes it, from a “ that begins the paragraph, or through a paragraph without
        marks, unless that cites an article of a law by 《》, as an author does and a statute does not.
        """
        quote, plain = self.context.quote, self.cleaned.text
        if quote is None:
            return
        mark = g.QUOTE_MARK.search(plain)
        last = Last(Named.of(quote.law, "title", 0), quote.path, 0)
        if mark and mark[0] == "“" and mark.start() == 0:
            self.carried = last
        elif quote.paragraphs and (
            mark[0] == "”"
            if mark
            else not g.CITES_TITLE.search(plain) and quote.paragraphs < _QUOTE_PARAGRAPHS
        ):
            self.quoting, self.inside = last, True

    def _quote_after(self) -> OpenQuote | None:
        """What the next paragraph must know of a quotation that is open, or about to open, at the end."""
        if self.quoting:
            before = self.context.quote.paragraphs if self.context.quote else 0
            return OpenQuote(_mention(self.quoting.law), self.quoting.path, before + 1)
        plain, last = self.cleaned.text, self.last
        if last and plain.endswith(("：", ":")) and "。" not in plain[last.end :]:
            return OpenQuote(_mention(last.law), last.path)
        return None

    def _open(self, found: Found) -> None:
        self.inside = True
        if self.carried and found.start == self.paragraph_start:
            self.quoting, self.quoted_from = self.carried, found.start
            return
        last = self.last
        if last is None or found.start - last.end > _QUOTE_REACH:
            return
        between = self.cleaned.text[last.end : found.start]
        if "。" not in between and (not between or g.INTRODUCES_QUOTE.search(between)):
            self.quoting, self.quoted_from = last, found.start

    def _close(self, found: Found) -> None:
        self.inside = False
        self.interrupted = self.quoting
        if self.quoting:
            self.gaps.quotes.append((self.quoted_from, found.end))
            self.last = self.quoting
            self.closed = found.end
            self.quoting = None

    def _more(self, found: Found) -> None:
        """The list goes on after a quotation of its own law: 第十条“…”、第十二条."""
        if self.interrupted is None:
            return
        law = replace(self.interrupted.law, start=found.start)
        path = self.interrupted.path
        provisions = tuple(replace(p, path=inherit(path, p.path)) for p in found.provisions)
        self._cite(law, replace(found, provisions=provisions))

    def _break(self, found: Found) -> None:
        self.paragraph_start = found.end
        if self.quoting:
            mark = g.QUOTE_MARK.search(self.cleaned.text, found.end, found.end + _QUOTE_LENGTH)
            if mark and mark[0] == "”":
                return
            self.gaps.quotes.append((self.quoted_from, found.start))
        self.carried, self.quoting, self.last = self.quoting, None, None
        self.inside = False

    def _is_quoted(self) -> bool:
        return self.quoting is not None or self.context.statute

    # ------------------------------------------------------------ what comes out

    def _cite(self, law: Named, found: Found, marked: bool | None = None) -> None:
        if not found.provisions:
            return
        self.names.cited_at[law.resolved or law.law] = law.start
        head = found.provisions[0]
        for n, p in enumerate(found.provisions):
            first, end = self.cleaned.span(p.start, p.end)
            if n == 0 or p.start == head.start:
                first = self.cleaned.source(law.start)
            self.citations.append(self._citation(law, first, end, p))
        last = found.provisions[-1]
        if marked is None:
            marked = law.marks == "《》" or law.via in ("title", "pronoun")
        self.last = Last(law, last.path, last.end, marked)
        self.pending = None

    def _citation(self, law: Named, start: int, end: int, p: Provision | None = None) -> Citation:
        return citation_of(law, self.text[start:end], start, end, p, quoted=self._is_quoted())


def _mention(law: Named) -> Mention:
    return Mention(law.law, law.resolved, law.how)
