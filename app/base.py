"""A running base: the store of one home, its search index, and the shipped content on first start."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import cached_property
from importlib import resources
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

from app import clock
from app.config import Config
from kb.snapshot import Snapshot
from kb.store import Store

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from generator.owntemplates import OwnTemplates
    from search.engine import Engine

SHIPPED = "随附知识库"
STAMP = "kb/content"
WARMING = "无照经营食品罚款五万元"
"""A query that needs all a query can need: words, a sum, a synonym."""


class Base:
    """What every door works on.

    Args:
        config: where it is and how it is served.
        store: its rows.
        say: takes one line for the person at the terminal (progress, first start).
    """

    def __init__(self, config: Config, store: Store, say: Callable[[str], None]) -> None:
        self.config = config
        self.store = store
        self.say = say
        self._snapshot: Snapshot | None = None

    @classmethod
    def open(cls, config: Config, say: Callable[[str], None]) -> Base:
        """Open a home; an empty or outdated one gets the shipped base, and `say` is told.

        Raises:
            StoreFailure: the database can't be opened.
            BadRecord: a shipped file is faulty.
        """
        from generator.catalogue import use_own_templates

        base = cls(config, Store.open(config.home, config.database_url), say)
        use_own_templates(base.own_templates)
        if base.store.in_postgres:
            base.store.followers.append(base._index)
        base.load_shipped()
        return base

    @property
    def place(self) -> str:
        """Where its rows lie, as it may be shown: the home folder, or a database server."""
        return self.store.place if self.store.in_postgres else str(self.config.home)

    def snapshot(self) -> Snapshot:
        """The newest revision; the same object as long as nothing changed."""
        number = self.store.revision()
        if self._snapshot is None or self._snapshot.revision != number:
            self._snapshot = self.store.snapshot(number)
        return self._snapshot

    @cached_property
    def own_templates(self) -> OwnTemplates:
        """The agency's own templates of this home; what `Base.open` opened last is drafted with."""
        from generator.owntemplates import OwnTemplates

        return OwnTemplates(self.config.home / "templates")

    @cached_property
    def engine(self) -> Engine:
        """Search over this base, opened when first asked for: in its database, or in this home."""
        if self.store.in_postgres:
            from search.postgres.engine import PostgresEngine

            return PostgresEngine(self.store)
        from search.engine import Engine

        return Engine(self.config.home, self.say)

    def search(self, query: str, **how: Any) -> dict[str, Any]:
        """Search the newest revision; the index catches up first."""
        return self.sync_index().search(query, **how)

    def sync_index(self) -> Engine:
        """Bring the index to the newest revision, from scratch where it is missing or torn."""
        engine = self.engine
        done = engine.sync(self.snapshot())
        if done.message:
            self.say(done.message)
        return engine

    def warm_index(self) -> Thread:
        """Open in the background what the first query would otherwise wait for.

        The thread ends with the process. What it can't do is left to the query, which says why.
        """

        def run() -> None:
            with suppress(Exception):
                engine = self.sync_index()
                engine.search(WARMING, today=clock.today())
                engine.suggest(WARMING)

        thread = Thread(target=run, name="warm-index", daemon=True)
        thread.start()
        return thread

    def rebuild_index(self) -> None:
        """Write the whole index anew."""
        self.say(self.engine.rebuild(self.snapshot()).message)

    def _index(self, conn: Connection, revision: int) -> None:
        """Index a revision in the transaction that writes it."""
        from search.postgres.upkeep import follow

        follow(self.store, conn, revision)

    # ------------------------------------------------------------ the shipped base

    def load_shipped(self) -> bool:
        """Load `kb/content` if this home has not seen it in this form; own changes of the agency stay.

        A record that is no longer shipped is retired; older revisions still show it.

        Returns:
            whether anything was loaded.
        """
        folder = content_folder()
        stamp = _stamp(folder)
        seen = self.store.import_log().get(STAMP)
        if seen is not None and seen.digest == stamp:
            return False
        from kb.importing.records import load_laws, load_records

        first = self.store.revision() == 0
        laws, records = load_laws(folder / "laws"), load_records(folder)
        with self.store.writing(author=SHIPPED, at=clock.now(), note="装入随附知识库") as w:
            for version, articles in laws.versions:
                w.put_law(version, articles)
            for repeal in laws.repeals:
                w.put_repeal(repeal)
            for (title, article), text in laws.summaries.items():
                w.put_summary(title, article, text)
            for record in records:
                if w.author_of(record) in (None, SHIPPED):
                    w.put_record(record)
            w.retire_others(SHIPPED, {record.key for record in records})
            w.log_import(STAMP, stamp, "imported")
        verb = "已装入" if first else "已更新"
        count = f"{len(records)} 条记录、{len(laws.versions)} 个法律文本的结构"
        self.say(f"{verb}随附知识库：{count}（{self.place}）")
        return True


def content_folder() -> Path:
    """Where the shipped base lies: package data of `kb`."""
    return Path(str(resources.files("kb") / "content"))


def _stamp(folder: Path) -> str:
    """A short digest of the shipped files: the same on every machine that has the same."""
    from hashlib import sha256

    digest = sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(f"{path.relative_to(folder)} {path.stat().st_size}\n".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()
