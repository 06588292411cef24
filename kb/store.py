"""Where a running service keeps its base: SQL rows with two times, valid (`from`/`to`) and revision.

One writer at a time; readers see whole revisions only. Every reading function takes `Store.snapshot()`.

Readings are written out as SQL, so that they need no SQLAlchemy: a command that only reads starts without it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from kb.errors import StoreFailure
from kb.laws import Article, LawBook, LawVersion, Repeal
from kb.rows import ArticleRow, Articles, version_of
from kb.snapshot import Snapshot

if TYPE_CHECKING:
    import sqlalchemy as sa

    from kb.records import Record
    from kb.writing import Writer

HEAD = "0002"
BUSY_SECONDS = 30
SQLITE = "sqlite:///"
SEEN = "revision <= :at and (retired is null or retired > :at)"
"""What stands at a revision."""
ARTICLE = ", ".join(ArticleRow._fields)

Rows = Callable[..., Sequence[Any]]
"""Runs one SELECT, its named values given by keyword; gives its rows."""


class Imported(NamedTuple):
    """One line of the import log."""

    digest: str
    outcome: str
    reason: str


class Store:
    """A base in SQLite (or any database SQLAlchemy speaks).

    Args:
        url: a SQLAlchemy URL.

    Raises:
        StoreFailure: the database can't be opened, is damaged or is of a newer program.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self._file = url.removeprefix(SQLITE) if url.startswith(SQLITE) else None
        self._engine: sa.Engine | None = None
        with self.guard():
            self._migrate()

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
    def engine(self) -> sa.Engine:
        """What writes; made when it is first asked for."""
        if self._engine is None:
            self._engine = _engine_of(self.url, self._file)
        return self._engine

    @contextmanager
    def guard(self) -> Iterator[None]:
        """Turn what the database says into one line in Chinese."""
        try:
            yield
        except sqlite3.Error as e:
            raise _explain(e, self.url) from e
        except Exception as e:
            from sqlalchemy.exc import DBAPIError

            if not isinstance(e, DBAPIError):
                raise
            raise _explain(e.orig, self.url) from e

    @contextmanager
    def reading(self) -> Iterator[Rows]:
        """One transaction of readings: all of them see the same state."""
        with self.guard():
            if self._file is None:
                import sqlalchemy as sa

                with self.engine.connect() as conn:
                    yield lambda query, **values: conn.execute(sa.text(query), values).all()
                return
            with closing(sqlite3.connect(self._file)) as raw:
                _prepare_sqlite(raw, None)
                raw.execute("BEGIN")
                yield lambda query, **values: raw.execute(query, values).fetchall()

    def _migrate(self) -> None:
        sqlite = self.url.startswith("sqlite")
        tables = "sqlite_master where name" if sqlite else "information_schema.tables where table_name"
        with self.reading() as rows:
            if rows(f"select 1 from {tables} = 'alembic_version'"):
                ((at,),) = rows("select version_num from alembic_version")
                if at == HEAD:
                    return
        from alembic import command
        from alembic.config import Config
        from alembic.util import CommandError

        config = Config()
        config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
        with self.engine.connect().execution_options(writing=True) as conn:
            config.attributes["connection"] = conn
            try:
                command.upgrade(config, "head")
            except CommandError as e:
                hint = "请使用更新的程序打开，或者换一个 --home"
                raise StoreFailure("数据库的版本比本程序新", where=self.url, hint=hint) from e
            conn.commit()

    # ------------------------------------------------------------ reading

    def revision(self) -> int:
        """The newest revision; 0 for an empty base."""
        with self.reading() as rows:
            return int(rows("select max(number) from revision")[0][0] or 0)

    def snapshot(self, at: int | None = None) -> Snapshot:
        """A frozen view at a revision (the newest by default)."""
        number = self.revision() if at is None else at
        with self.reading() as rows:
            laws = rows(f"select key, body from law_version where {SEEN}", at=number)
            ends = rows(
                'select title, cast(day as varchar(10)), "by", source from repeal where revision <= :at',
                at=number,
            )
            said = rows("select title, article, text from summary where revision <= :at", at=number)
        book = LawBook(
            [version_of(key, body) for key, body in laws],
            [Repeal(title, date.fromisoformat(day), by, source) for title, day, by, source in ends],
            lambda version: self._articles(version, number),
            {(title, article): text for title, article, text in said},
        )
        return Snapshot(
            number,
            book,
            lambda kind: self._records(kind, number),
            lambda kind, id: self._records(kind, number, id),
        )

    def _articles(self, version: LawVersion, number: int) -> Mapping[str, Article]:
        with self.reading() as rows:
            found = rows(
                f"select {ARTICLE} from article where version_key = :key and {SEEN} order by ordinal",
                key=version.key,
                at=number,
            )
        return Articles(found)

    def _records(self, kind: str, number: int, id: str = "") -> list[tuple[int, Record]]:
        """The records of a kind, or only those of one id."""
        from kb.records import KINDS

        one = "and id = :id " if id else ""
        with self.reading() as rows:
            found = rows(
                f"select entry, body from record where kind = :kind {one}and {SEEN} order by entry",
                kind=kind,
                at=number,
                **({"id": id} if id else {}),
            )
        return [(entry, KINDS[kind].model_validate_json(body)) for entry, body in found]

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

        with self.guard(), self.engine.connect().execution_options(writing=True) as conn:
            yield Writer(conn, author=author, approved_by=approved_by or author, at=at, note=note)
            conn.commit()


def _engine_of(url: str, file: str | None) -> sa.Engine:
    import sqlalchemy as sa
    from sqlalchemy.pool import NullPool

    at = sa.URL.create("sqlite", database=file) if file else sa.make_url(url)
    # SQLite connections are cheap to open; none is left behind when a command or a test ends.
    pool = {"poolclass": NullPool} if at.get_backend_name() == "sqlite" else {}
    engine = sa.create_engine(at, **pool)
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _prepare_sqlite)
        sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(raw: Any, _record: Any) -> None:
    raw.isolation_level = None
    cursor = raw.cursor()
    for line in (
        f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}",
        "PRAGMA journal_mode=WAL",
        "PRAGMA synchronous=FULL",
        "PRAGMA foreign_keys=ON",
    ):
        cursor.execute(line)
    cursor.close()


def _begin_sqlite(conn: sa.Connection) -> None:
    writing = conn.get_execution_options().get("writing")
    conn.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _explain(e: BaseException | None, url: str) -> StoreFailure:
    said = str(e)
    where = url.removeprefix(SQLITE)
    table = (
        ("disk is full", "磁盘已满，本次改动没有写入", "清理磁盘后重试"),
        ("locked", "另一个程序正在写入，等待超时", "稍后重试"),
        ("readonly", "数据库只读，无法写入", "检查文件夹的权限"),
        ("unable to open", "无法打开数据库", "检查文件夹是否存在、是否有权限"),
        ("malformed", "数据库已损坏", "用 cailiang restore 恢复备份"),
        ("not a database", "文件不是数据库", "换一个 --home，或者恢复备份"),
        ("disk I/O error", "磁盘读写出错", "检查磁盘空间与权限后重试"),
    )
    for sign, message, hint in table:
        if sign in said:
            return StoreFailure(message, where=where, hint=hint)
    return StoreFailure(f"数据库出错：{said}", where=where)
