"""Where a running service keeps its base: SQL rows with two times, valid (`from`/`to`) and revision.

One writer at a time; readers see whole revisions only. Every reading function takes `Store.snapshot()`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from kb import schema as t
from kb.errors import StoreFailure
from kb.laws import LawBook, LawVersion, Repeal
from kb.rows import article_of, version_of
from kb.snapshot import Snapshot

if TYPE_CHECKING:
    from kb.records import Record
    from kb.writing import Writer

HEAD = "0002"
BUSY_SECONDS = 30


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
        # SQLite connections are cheap to open; none is left behind when a command or a test ends.
        pool = {"poolclass": NullPool} if sa.make_url(url).get_backend_name() == "sqlite" else {}
        self.engine = sa.create_engine(url, **pool)
        if self.engine.dialect.name == "sqlite":
            sa.event.listen(self.engine, "connect", _prepare_sqlite)
            sa.event.listen(self.engine, "begin", _begin_sqlite)
        with self.guard():
            self._migrate()

    @classmethod
    def open(cls, home: Path, url: str | None = None) -> Store:
        """Open the base of a home folder; `url` overrides where its rows are."""
        try:
            home.mkdir(parents=True, exist_ok=True)
        except OSError as e:
            raise StoreFailure("无法建立数据文件夹", where=str(home), hint=e.strerror or str(e)) from e
        return cls(url or f"sqlite:///{home / 'cailiang.db'}")

    def close(self) -> None:
        self.engine.dispose()

    @contextmanager
    def guard(self) -> Iterator[None]:
        """Turn what the database says into one line in Chinese."""
        try:
            yield
        except DBAPIError as e:
            raise _explain(e, self.url) from e

    def _migrate(self) -> None:
        with self.engine.connect() as conn:
            if sa.inspect(conn).has_table("alembic_version"):
                at = conn.execute(sa.text("select version_num from alembic_version")).scalar()
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
        with self.guard(), self.engine.connect() as conn:
            return int(conn.execute(sa.select(sa.func.max(t.revision.c.number))).scalar() or 0)

    def snapshot(self, at: int | None = None) -> Snapshot:
        """A frozen view at a revision (the newest by default)."""
        number = self.revision() if at is None else at
        with self.guard(), self.engine.connect() as conn:
            rows = conn.execute(sa.select(t.law_version).where(_seen(t.law_version, number)))
            versions = [version_of(r.key, r.body) for r in rows]
            repeals = [
                Repeal(r.title, r.day, r.by, r.source)
                for r in conn.execute(sa.select(t.repeal).where(t.repeal.c.revision <= number))
            ]
            said = conn.execute(sa.select(t.summary).where(t.summary.c.revision <= number))
            summaries = {(r.title, r.article): r.text for r in said}
        book = LawBook(versions, repeals, lambda v: self._articles(v, number), summaries)
        return Snapshot(number, book, lambda kind: self._records(kind, number))

    def _articles(self, version: LawVersion, number: int) -> dict[str, Any]:
        query = (
            sa.select(t.article)
            .where(t.article.c.version_key == version.key, _seen(t.article, number))
            .order_by(t.article.c.ordinal)
        )
        with self.guard(), self.engine.connect() as conn:
            articles = [article_of(r) for r in conn.execute(query)]
        return {a.key: a for a in articles}

    def _records(self, kind: str, number: int) -> list[tuple[int, Record]]:
        from kb.records import KINDS

        query = (
            sa.select(t.record.c.entry, t.record.c.body)
            .where(t.record.c.kind == kind, _seen(t.record, number))
            .order_by(t.record.c.entry)
        )
        with self.guard(), self.engine.connect() as conn:
            rows = conn.execute(query).all()
        return [(entry, KINDS[kind].model_validate_json(body)) for entry, body in rows]

    def import_log(self) -> dict[str, Imported]:
        """What earlier imports did with each file, by path."""
        with self.guard(), self.engine.connect() as conn:
            rows = conn.execute(sa.select(t.import_log))
            return {r.path: Imported(r.digest, r.outcome, r.reason) for r in rows}

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


def _seen(table: sa.Table, number: int) -> sa.ColumnElement[bool]:
    c = table.c
    return (c.revision <= number) & (c.retired.is_(None) | (c.retired > number))


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


def _explain(e: DBAPIError, url: str) -> StoreFailure:
    said = str(e.orig)
    where = url.removeprefix("sqlite:///")
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
