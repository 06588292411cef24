"""Where a running service keeps its base: SQL rows with two times, valid (`from`/`to`) and revision.

One writer at a time; readers see whole revisions only. Every reading function takes `Store.snapshot()`.

Readings are written out as SQL, so that they need no SQLAlchemy: a command that only reads starts without it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from datetime import date, datetime
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from kb.databases import SQLITE, engine_of, explain, full_address, is_postgres, place, prepare_sqlite, turn
from kb.errors import StoreFailure
from kb.laws import Article, LawBook, LawVersion, Repeal
from kb.rows import ArticleRow, Articles, version_of
from kb.snapshot import Snapshot

if TYPE_CHECKING:
    import sqlalchemy as sa

    from kb.records import Record
    from kb.writing import Writer

HEAD = "0005"
SEEN = "revision <= :at and (retired is null or retired > :at)"
"""What stands at a revision."""
LAWS_CHANGED = "select " + ", ".join(
    f"(select max({column}) from {table} where {column} <= :at)"
    for table, column in (
        ("law_version", "revision"),
        ("law_version", "retired"),
        ("repeal", "revision"),
        ("summary", "revision"),
    )
)
ARTICLE = ", ".join(ArticleRow._fields)

Rows = Callable[..., Sequence[Any]]
"""Runs one SELECT, its named values given by keyword; gives its rows."""
Reading = Callable[[], AbstractContextManager[Rows]]
"""Opens a transaction of readings."""


class Imported(NamedTuple):
    """One line of the import log."""

    digest: str
    outcome: str
    reason: str


Follower = Callable[["sa.Connection", int], object]
"""Called with the writing connection and the number of a revision just before it is committed."""


class Store:
    """A base in SQLite or PostgreSQL.

    Args:
        url: where it lies: ``sqlite:///…`` or ``postgresql://…``.

    Raises:
        StoreFailure: the database can't be opened, is damaged or is of a newer program.
        WrongUse: no address of either.
    """

    def __init__(self, url: str) -> None:
        self.url = full_address(url)
        self.followers: list[Follower] = []
        self._file = url.removeprefix(SQLITE) if url.startswith(SQLITE) else None
        self._engine: sa.Engine | None = None
        self._laws: tuple[tuple[int | None, ...], LawBook] | None = None
        try:
            with self.guard():
                self._migrate()
        except BaseException:
            self.close()
            raise

    @classmethod
    def open(cls, home: Path, url: str | None = None) -> Store:
        """Open the base of a home folder; `url` overrides where its rows are."""
        try:
            home.mkdir(parents=True, exist_ok=True)
        except OSError as e:
            raise StoreFailure("无法建立数据文件夹", where=str(home), hint=e.strerror or str(e)) from e
        return cls(url or f"{SQLITE}{home / 'cailiang.db'}")

    def close(self) -> None:
        if self._engine is not None:
            self._engine.dispose()

    @property
    def in_postgres(self) -> bool:
        return is_postgres(self.url)

    @property
    def place(self) -> str:
        """Where it lies, as it may be shown."""
        return place(self.url)

    @property
    def engine(self) -> sa.Engine:
        """What writes; made when it is first asked for."""
        if self._engine is None:
            self._engine = engine_of(self.url)
        return self._engine

    @contextmanager
    def guard(self) -> Iterator[None]:
        """Turn what the database says into one line in Chinese."""
        try:
            yield
        except Exception as e:
            if (told := explain(e, self.url)) is None:
                raise
            raise told from e

    @contextmanager
    def reading(self) -> Iterator[Rows]:
        """One transaction of readings: all of them see the same state."""
        if self._file is None:
            with self.connected() as conn:
                yield rows_of(conn)
            return
        with self.guard(), closing(sqlite3.connect(self._file)) as raw:
            prepare_sqlite(raw)
            raw.execute("BEGIN")
            yield lambda query, **values: raw.execute(query, values).fetchall()

    @contextmanager
    def connected(self) -> Iterator[sa.Connection]:
        """A connection for one transaction of readings, of one state."""
        with self.guard(), self.engine.connect().execution_options(reading=True) as conn:
            yield conn

    @contextmanager
    def locked(self) -> Iterator[sa.Connection]:
        """A connection for one transaction of the one writer; others wait. Kept if the block ends well."""
        connecting = self.engine.connect
        with self.guard(), turn(self._file), connecting().execution_options(writing=True) as conn:
            yield conn
            conn.commit()

    def _at(self) -> str:
        """The version of the tables; empty where there are none."""
        there = "to_regclass('alembic_version') is not null"
        if not self.in_postgres:
            there = "exists (select 1 from sqlite_master where name = 'alembic_version')"
        with self.reading() as rows:
            if not rows(f"select {there}")[0][0]:
                return ""
            return str(rows("select version_num from alembic_version")[0][0])

    def _migrate(self) -> None:
        if self._at() == HEAD:
            return
        from alembic import command
        from alembic.config import Config
        from alembic.util import CommandError

        config = Config()
        config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
        with self.locked() as conn:
            config.attributes["connection"] = conn
            try:
                command.upgrade(config, "head")
            except CommandError as e:
                other = "换一个数据库" if self.in_postgres else "换一个 --home"
                hint = f"请使用更新的程序打开，或者{other}"
                raise StoreFailure("数据库的版本比本程序新", where=self.place, hint=hint) from e

    # ------------------------------------------------------------ reading

    def revision(self) -> int:
        """The newest revision; 0 for an empty base."""
        with self.reading() as rows:
            return int(rows("select max(number) from revision")[0][0] or 0)

    def snapshot(self, at: int | None = None, within: sa.Connection | None = None) -> Snapshot:
        """A frozen view at a revision (the newest by default).

        Args:
            within: a transaction to read in: that of a writer sees what it has not committed yet.
        """
        reading: Reading = self.reading
        if within is not None:
            reading = partial(_within, rows_of(within))
        number = self.revision() if at is None else at
        book = self._laws_at(number, reading)
        if within is None:
            self._laws = book
        return Snapshot(
            number,
            book[1],
            lambda kind: _records(reading, kind, number),
            lambda kind, id: _records(reading, kind, number, id),
        )

    def _laws_at(self, number: int, reading: Reading) -> tuple[tuple[int | None, ...], LawBook]:
        """The laws at a revision, and the revisions that last changed them: most revisions change none."""
        with reading() as rows:
            (changed,) = rows(LAWS_CHANGED, at=number)
            if self._laws is not None and self._laws[0] == tuple(changed):
                return self._laws
            laws = rows(f"select key, body from law_version where {SEEN} order by key", at=number)
            ends = rows(
                'select title, cast(day as varchar(10)), "by", source from repeal '
                "where revision <= :at order by id",
                at=number,
            )
            said = rows("select title, article, text from summary where revision <= :at", at=number)
        return tuple(changed), LawBook(
            [version_of(key, body) for key, body in laws],
            [Repeal(title, date.fromisoformat(day), by, source) for title, day, by, source in ends],
            lambda version: _articles(reading, version, number),
            {(title, article): text for title, article, text in said},
        )

    def import_log(self) -> dict[str, Imported]:
        """What earlier imports did with each file, by path."""
        with self.reading() as rows:
            return {
                path: Imported(*how)
                for path, *how in rows("select path, digest, outcome, reason from import_log")
            }

    # ------------------------------------------------------------ writing

    @contextmanager
    def writing(
        self, *, author: str, at: datetime, note: str = "", approved_by: str = ""
    ) -> Iterator[Writer]:
        """One transaction, one revision; other writers wait. Nothing is kept if the block raises.

        Args:
            author: who writes.
            at: when, with a time zone.
            approved_by: who approved; law texts and the shipped base are approved as they load.
        """
        from kb.writing import Writer

        with self.locked() as conn:
            writer = Writer(conn, author=author, approved_by=approved_by or author, at=at, note=note)
            yield writer
            for follow in self.followers if writer.changed else ():
                follow(conn, writer.revision)


def rows_of(conn: sa.Connection) -> Rows:
    """Plain SQL on a connection."""
    import sqlalchemy as sa

    return lambda query, **values: conn.execute(sa.text(query), values).all()


def _within(rows: Rows) -> AbstractContextManager[Rows]:
    return nullcontext(rows)


def _articles(reading: Reading, version: LawVersion, number: int) -> Mapping[str, Article]:
    with reading() as rows:
        found = rows(
            f"select {ARTICLE} from article where version_key = :key and {SEEN} order by ordinal",
            key=version.key,
            at=number,
        )
    return Articles(found)


def _records(reading: Reading, kind: str, number: int, id: str = "") -> list[tuple[int, Record]]:
    """The records of a kind, or only those of one id."""
    one = "and id = :id " if id else ""
    with reading() as rows:
        found = rows(
            f"select entry, body from record where kind = :kind {one}and {SEEN} order by entry",
            kind=kind,
            at=number,
            **({"id": id} if id else {}),
        )
    return [(entry, _record(kind, body)) for entry, body in found]


@lru_cache(maxsize=8_192)
def _record(kind: str, body: str) -> Record:
    """A record as stored; most stand in many revisions, and reading one costs more than finding it."""
    from kb.records import KINDS

    return KINDS[kind].model_validate_json(body)
