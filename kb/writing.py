"""Writing one revision: what `Store.writing` hands out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from kb import schema as t
from kb.errors import Conflict
from kb.laws import Article, LawVersion, Repeal, format_structure
from kb.records import KIND_NAMES, Record
from kb.rows import article_of, paragraphs_body, version_body, version_of

BASIS_RANK = {"推定": 0, "原文": 1, "版本表": 2}


class Writer:
    """Adds rows under one revision, which exists only if something changed."""

    def __init__(
        self, conn: sa.Connection, *, author: str, approved_by: str, at: datetime, note: str
    ) -> None:
        self._conn = conn
        self._head = {"author": author, "approved_by": approved_by, "at": at.isoformat(), "note": note}
        self._number: int | None = None

    @property
    def revision(self) -> int:
        """The number of this revision; asking for it makes it exist."""
        if self._number is None:
            result = self._conn.execute(sa.insert(t.revision).values(**self._head))
            self._number = _key_of(result)
        return self._number

    @property
    def changed(self) -> bool:
        return self._number is not None

    def _entries(self, count: int) -> range:
        """Reserve entry numbers; the write lock makes the read-then-write safe."""
        c = t.sequence.c
        last = self._conn.execute(sa.select(c.value).where(c.name == "entry")).scalar()
        if last is None:
            self._conn.execute(sa.insert(t.sequence).values(name="entry", value=count))
            return range(1, count + 1)
        self._conn.execute(sa.update(t.sequence).where(c.name == "entry").values(value=last + count))
        return range(last + 1, last + count + 1)

    # ------------------------------------------------------------ records

    def put_record(self, record: Record, *, read_at: int | None = None) -> bool:
        """Add or replace the record of one (kind, id, instrument, from).

        Args:
            read_at: the revision the editor read it at; a newer change by someone else is refused.

        Returns:
            whether anything changed.

        Raises:
            Conflict: the record was changed after `read_at`.
        """
        body = record.model_dump_json(by_alias=True)
        old = self._current(record)
        if old is not None:
            if read_at is not None and old.revision > read_at:
                kind = KIND_NAMES[record.kind]
                hint = "重新打开后再改；您的改动没有保存，也没有覆盖别人的改动"
                raise Conflict(f"{kind}“{record.id}”在您读取之后已被他人修改", hint=hint)
            if old.body == body:
                return False
            self._retire(t.record, t.record.c.entry == old.entry)
        (entry,) = self._entries(1)
        self._conn.execute(
            sa.insert(t.record).values(
                entry=entry,
                kind=record.kind,
                id=record.id,
                instrument=record.source.instrument,
                valid_from=record.from_,
                body=body,
                revision=self.revision,
            )
        )
        return True

    def retire_others(self, author: str, keep: Collection[tuple[str, str, str, date | None]]) -> int:
        """Retire the records by one author whose (kind, id, instrument, from) is not among `keep`."""
        c = t.record.c
        query = (
            sa.select(c.entry, c.kind, c.id, c.instrument, c.valid_from)
            .join(t.revision, t.revision.c.number == c.revision)
            .where(c.retired.is_(None), t.revision.c.author == author)
        )
        gone = [entry for entry, *key in self._conn.execute(query) if tuple(key) not in keep]
        for entry in gone:
            self._retire(t.record, c.entry == entry)
        return len(gone)

    def author_of(self, record: Record) -> str | None:
        """Who wrote the stored record of the same key; None if there is none."""
        old = self._current(record)
        if old is None:
            return None
        query = sa.select(t.revision.c.author).where(t.revision.c.number == old.revision)
        return self._conn.execute(query).scalar()

    def _current(self, record: Record) -> sa.Row[Any] | None:
        c = t.record.c
        return self._conn.execute(
            sa.select(t.record).where(
                c.kind == record.kind,
                c.id == record.id,
                c.instrument == record.source.instrument,
                c.valid_from.is_(record.from_) if record.from_ is None else c.valid_from == record.from_,
                c.retired.is_(None),
            )
        ).first()

    def _retire(self, table: sa.Table, which: sa.ColumnElement[bool]) -> None:
        self._conn.execute(sa.update(table).where(which).values(retired=self.revision))

    # ------------------------------------------------------------ drafts

    def put_draft(self, records: Sequence[tuple[Record, str]], *, read_at: int) -> int:
        """Keep records for a second person to approve; no revision comes of it.

        Args:
            records: each with the place in the file it was read from.
            read_at: the revision the author worked on.

        Returns:
            the draft's number.
        """
        kept = {name: self._head[name] for name in ("author", "at", "note")}
        number = _key_of(self._conn.execute(sa.insert(t.draft).values(**kept, read_at=read_at)))
        rows = [
            {
                "draft": number,
                "ordinal": i,
                "kind": record.kind,
                "id": record.id,
                "body": record.model_dump_json(by_alias=True),
                "place": place,
                "state": "待批准",
            }
            for i, (record, place) in enumerate(records, 1)
        ]
        self._conn.execute(sa.insert(t.draft_record), rows)
        return number

    def settle(self, draft: int, ordinals: Collection[int], state: str, by: str, why: str = "") -> int:
        """Note what became of records of a draft; those settled before stay as they are.

        Returns:
            how many were still waiting.
        """
        c = t.draft_record.c
        done = {"state": state, "decided_by": by, "decided_at": self._head["at"], "why": why}
        waiting = (c.draft == draft) & c.ordinal.in_(ordinals) & (c.state == "待批准")
        changed = self._conn.execute(
            sa.update(t.draft_record).where(waiting).values(**done, revision=self._number)
        )
        return changed.rowcount

    # ------------------------------------------------------------ laws

    def put_law(self, version: LawVersion, articles: Sequence[Article]) -> list[str]:
        """Add a version, or attach text to the stored version of the same title and adoption day.

        A stored `from` of a better basis (版本表 over 原文 over 推定) stays; stored aliases are kept; an
        article whose stored structure differs keeps the stored structure, without text. A version entered by
        hand (`attested_by`) holds single provisions: it lacks nothing, and a later entry corrects an earlier.

        Returns:
            one Chinese line for each article whose structure differs from the stored one.
        """
        old = self._version(version)
        if old is None:
            self._add_law(version, articles)
            return []
        known = {a.key: a for a in self._articles(old.key)}
        differing: list[str] = []
        if old.attested_by:
            merged = _corrected(known, articles)
        else:
            merged, differing = _merge(known, articles, whole=not version.attested_by)
        joined = _join_versions(old, version)
        if version_body(joined) == version_body(old) and merged == list(known.values()):
            return differing
        self._retire(t.law_version, t.law_version.c.key == old.key)
        self._retire(t.article, (t.article.c.version_key == old.key) & t.article.c.retired.is_(None))
        self._add_law(joined, merged)
        return differing

    def _version(self, version: LawVersion) -> LawVersion | None:
        c = t.law_version.c
        same = c.adopted == version.adopted if version.adopted else c.adopted.is_(None)
        query = sa.select(t.law_version).where(c.title == version.title, same, c.retired.is_(None))
        row = self._conn.execute(query).first()
        return version_of(row.key, row.body) if row else None

    def _articles(self, key: int) -> list[Article]:
        c = t.article.c
        query = sa.select(t.article).where(c.version_key == key, c.retired.is_(None)).order_by(c.ordinal)
        return [article_of(r) for r in self._conn.execute(query)]

    def _add_law(self, version: LawVersion, articles: Sequence[Article]) -> None:
        row = sa.insert(t.law_version).values(
            title=version.title,
            adopted=version.adopted,
            body=version_body(version),
            revision=self.revision,
        )
        key = _key_of(self._conn.execute(row))
        if not articles:
            return
        rows = [
            {
                "entry": entry,
                "version_key": key,
                "ordinal": ordinal,
                "number": a.number,
                "suffix": a.suffix,
                "kind": a.kind,
                "chapter": a.chapter,
                "note": a.note,
                "paragraphs": paragraphs_body(a),
                "has_text": a.has_text,
                "revision": self.revision,
            }
            for ordinal, (entry, a) in enumerate(zip(self._entries(len(articles)), articles, strict=True))
        ]
        self._conn.execute(sa.insert(t.article), rows)

    def put_repeal(self, repeal: Repeal) -> bool:
        """Note that a law stops on a day; noting it again changes nothing."""
        c = t.repeal.c
        same = (c.title == repeal.title) & (c.day == repeal.day) & (c.by == repeal.by)
        if self._conn.execute(sa.select(c.id).where(same)).first():
            return False
        self._conn.execute(
            sa.insert(t.repeal).values(
                title=repeal.title,
                day=repeal.day,
                by=repeal.by,
                source=repeal.source,
                revision=self.revision,
            )
        )
        return True

    def put_summary(self, title: str, article: str, text: str) -> bool:
        """Set our own one-line summary of an article."""
        c = t.summary.c
        same = (c.title == title) & (c.article == article)
        old = self._conn.execute(sa.select(c.text).where(same)).scalar()
        if old == text:
            return False
        if old is None:
            values = {"title": title, "article": article, "text": text, "revision": self.revision}
            self._conn.execute(sa.insert(t.summary).values(**values))
        else:
            self._conn.execute(sa.update(t.summary).where(same).values(text=text, revision=self.revision))
        return True

    def log_import(self, path: str, digest: str, outcome: str, reason: str = "") -> None:
        """Remember what was done with a file, so that a second run can pass it over."""
        self._conn.execute(sa.delete(t.import_log).where(t.import_log.c.path == path))
        row = {"path": path, "digest": digest, "outcome": outcome, "reason": reason}
        self._conn.execute(sa.insert(t.import_log).values(**row))


def _key_of(result: sa.CursorResult[Any]) -> int:
    key = result.inserted_primary_key
    assert key is not None
    return int(key[0])


def _merge(
    known: dict[str, Article], articles: Sequence[Article], *, whole: bool
) -> tuple[list[Article], list[str]]:
    """Texts onto stored structure: equal takes the new text, different stays as stored.

    Args:
        whole: `articles` are all there are, so that a stored one that is missing is a difference.
    """
    if not known:
        return list(articles), []
    merged: dict[str, Article] = dict(known)
    differing: list[str] = []
    for a in articles:
        old = known.get(a.key)
        if old is None:
            differing.append(f"第{a.key}条在已载入的结构中没有")
            if whole:
                merged[a.key] = a
        elif format_structure([old]) != format_structure([a]):
            differing.append(
                f"第{a.key}条的结构不同：已载入 {format_structure([old])}，现为 {format_structure([a])}"
            )
        elif (a.has_text or not old.has_text) and a.paragraphs != old.paragraphs:
            merged[a.key] = a
    given = {a.key for a in articles}
    differing += [f"第{key}条在文件中没有" for key in known if whole and key not in given]
    return list(merged.values()), differing


def _corrected(known: dict[str, Article], articles: Sequence[Article]) -> list[Article]:
    """Provisions entered by hand: new ones join, corrected ones replace."""
    same = {key: replace(a, entry=0) for key, a in known.items()}
    merged = known | {a.key: a for a in articles if a != same.get(a.key)}
    return sorted(merged.values(), key=lambda a: (a.number, a.suffix))


def _join_versions(old: LawVersion, new: LawVersion) -> LawVersion:
    better = BASIS_RANK[new.from_basis] > BASIS_RANK[old.from_basis]
    dated = new if better or old.from_ is None else old
    return replace(
        old,
        from_=dated.from_,
        from_basis=dated.from_basis,
        to=old.to or new.to,
        level=old.level or new.level,
        issuer=old.issuer or new.issuer,
        number=old.number or new.number,
        history=old.history if len(old.history) >= len(new.history) else new.history,
        aliases=tuple(dict.fromkeys((*old.aliases, *new.aliases))),
        source=old.source if old.has_text else new.source or old.source,
        checked=old.checked or new.checked,
        replaced_by=old.replaced_by or new.replaced_by,
        has_text=old.has_text or new.has_text,
        attested_by=old.attested_by,
    )
