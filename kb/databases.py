"""The two databases a base may lie in: addresses, engines, and what each says of a failure, in Chinese.

SQLite is a file beside the program. PostgreSQL is chosen by a ``postgresql://`` address.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

from kb.errors import StoreFailure, WrongUse

if TYPE_CHECKING:
    import sqlalchemy as sa

BUSY_SECONDS = 30
POLLING = ((1.0, 0.05), (5.0, 0.02), (BUSY_SECONDS, 0.01))
"""How often a writer tries: seconds waited, and the pause until then. Who waits long tries often."""
SQLITE = "sqlite:///"
POSTGRES = "postgresql+psycopg"
LOCK = 0x6361696C69616E67
"""The advisory lock that one writer holds at a time."""

_Table = Sequence[tuple[str, str, str]]
_SQLITE_SAYS: _Table = (
    ("disk is full", "磁盘已满，本次改动没有写入", "清理磁盘后重试"),
    ("locked", "另一个程序正在写入，等待超时", "稍后重试"),
    ("readonly", "数据库只读，无法写入", "检查文件夹的权限"),
    ("unable to open", "无法打开数据库", "检查文件夹是否存在、是否有权限"),
    ("malformed", "数据库已损坏", "用 cailiang restore 恢复备份"),
    ("not a database", "文件不是数据库", "换一个 --home，或者恢复备份"),
    ("disk I/O error", "磁盘读写出错", "检查磁盘空间与权限后重试"),
)
# PostgreSQL: by the code of the failure, which is the same in every language of the server.
_POSTGRES_CODES: _Table = (
    ("53100", "数据库服务器的磁盘已满，本次改动没有写入", "清理磁盘后重试"),
    ("53300", "数据库的连接数已满", "稍后重试，或者调大 max_connections"),
    ("55P03", "另一个程序正在写入，等待超时", "稍后重试"),
    ("25006", "数据库只读，无法写入", "连接的可能是备用库；写入请用主库的地址"),
    ("42501", "数据库用户没有权限", "给该用户这个数据库的建表和读写权限"),
    ("22001", "有一项内容太长，数据库存不下", "缩短标题或者编号后重试"),
    ("22P05", "内容里有数据库不能保存的字符", "删去控制字符后重试"),
    ("40", "与其他操作冲突，本次操作没有完成", "重试一次"),
    ("57", "数据库服务正在停止或者中断了连接", "稍后重试"),
    ("08", "与数据库的连接中断", "检查网络和数据库服务后重试"),
)
# Where no connection comes about there is no code.
_POSTGRES_SAYS: _Table = (
    ("NUL (0x00)", "内容里有数据库不能保存的字符", "删去控制字符后重试"),
    ("authentication failed", "数据库拒绝登录", "检查 CAILIANG_DATABASE_URL 里的用户名和密码"),
    ("no password supplied", "数据库拒绝登录", "在 CAILIANG_DATABASE_URL 里写明密码，或者用 ~/.pgpass"),
    (
        "does not exist",
        "数据库服务器上没有这个数据库或者用户",
        "先用 createdb 建库，检查 CAILIANG_DATABASE_URL",
    ),
    ("connection failed", "连不上数据库服务器", "检查 CAILIANG_DATABASE_URL、网络和数据库服务"),
    ("connection timeout", "连不上数据库服务器", "检查 CAILIANG_DATABASE_URL、网络和数据库服务"),
    ("connection", "与数据库的连接中断", "检查网络和数据库服务后重试"),
)


def full_address(url: str) -> str:
    """The address with its driver: ``postgresql://`` and ``postgres://`` stand for psycopg.

    Raises:
        WrongUse: neither SQLite nor PostgreSQL.
    """
    scheme, sep, rest = url.partition("://")
    if scheme in ("postgresql", "postgres", POSTGRES) and sep:
        return f"{POSTGRES}://{rest}"
    if scheme.partition("+")[0] == "sqlite" and sep:
        return url
    hint = "写成 postgresql://用户@主机/数据库；不填则用数据文件夹里的 SQLite"
    raise WrongUse("CAILIANG_DATABASE_URL 不是 PostgreSQL 的地址", hint=hint)


def is_postgres(url: str) -> bool:
    return url.startswith(POSTGRES)


def place(url: str) -> str:
    """The address as it may be shown: a file's path, or an address without its password."""
    if url.startswith(SQLITE):
        return url.removeprefix(SQLITE)
    import sqlalchemy as sa

    shown = sa.make_url(url)
    return shown.set(query={}).render_as_string().replace("+psycopg", "")


def engine_of(url: str) -> sa.Engine:
    """What connects to an address.

    Raises:
        WrongUse: the address can't be read.
    """
    import sqlalchemy as sa
    from sqlalchemy.exc import ArgumentError
    from sqlalchemy.pool import NullPool

    if url.startswith(SQLITE):
        at = sa.URL.create("sqlite", database=url.removeprefix(SQLITE))
    else:
        try:
            at = sa.make_url(url)
        except (ArgumentError, ValueError) as e:
            hint = "写成 postgresql://用户@主机/数据库；密码里的特殊字符要写成 %XX"
            raise WrongUse("CAILIANG_DATABASE_URL 的写法不对", hint=hint) from e
    if at.get_backend_name() == "sqlite":
        # SQLite connections are cheap to open; none is left behind when a command or a test ends.
        engine = sa.create_engine(at, poolclass=NullPool)
        sa.event.listen(engine, "connect", prepare_sqlite)
        sa.event.listen(engine, "begin", _begin_sqlite)
        return engine
    # A connection that the server dropped (restart, failover) is replaced before it is used.
    engine = sa.create_engine(at, pool_pre_ping=True, pool_size=8, max_overflow=24)
    sa.event.listen(engine, "begin", _begin_postgres)
    return engine


def prepare_sqlite(raw: Any, _record: Any = None) -> None:
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
    if conn.get_execution_options().get("writing"):
        raw: Any = conn.connection.dbapi_connection
        _begin_writing(raw)
    else:
        conn.exec_driver_sql("BEGIN")


def _begin_writing(raw: sqlite3.Connection) -> None:
    """Wait for the other writers. SQLite's own waiting lets the last come first, and starves somebody of 200.

    Raises:
        sqlite3.OperationalError: the database stayed locked.
    """
    raw.execute("PRAGMA busy_timeout=0")
    start = time.monotonic()
    while True:
        try:
            raw.execute("BEGIN IMMEDIATE")
            break
        except sqlite3.OperationalError as e:
            waited = time.monotonic() - start
            pause = next((pause for until, pause in POLLING if waited < until), None)
            if pause is None or "locked" not in str(e):
                raise
        time.sleep(pause)
    raw.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")


@contextmanager
def turn(file: str | None) -> Iterator[None]:
    """The writers of one process queue here, so that one of them at a time waits for other programs.

    Args:
        file: a SQLite database; None: a server, which queues by itself.

    Raises:
        sqlite3.OperationalError: the turn did not come.
    """
    if file is None:
        yield
        return
    queue = _queue(file)
    if not queue.acquire(timeout=BUSY_SECONDS):
        raise sqlite3.OperationalError("database is locked")
    try:
        yield
    finally:
        queue.release()


@cache
def _queue(file: str) -> threading.Lock:
    return threading.Lock()


def _begin_postgres(conn: sa.Connection) -> None:
    """Readers see one state. Writers wait for each other; the lock ends with the transaction."""
    from psycopg import IsolationLevel

    how = conn.get_execution_options()
    raw: Any = conn.connection.driver_connection  # which says it as it begins: no message of its own
    raw.isolation_level = IsolationLevel.REPEATABLE_READ if how.get("reading") else None
    raw.read_only = True if how.get("reading") else None
    if how.get("writing"):
        conn.exec_driver_sql(f"SET LOCAL lock_timeout = '{BUSY_SECONDS}s'")
        conn.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")


def explain(e: BaseException, url: str) -> StoreFailure | None:
    """One line for what a driver raised, as it is or wrapped by SQLAlchemy; None for any other exception."""
    said = getattr(e, "orig", None) or e
    if isinstance(said, sqlite3.Error):
        return _line(_SQLITE_SAYS, str(said), str(said), url)
    if hasattr(said, "sqlstate") and type(said).__module__.startswith("psycopg"):
        code = said.sqlstate or ""
        for start, message, hint in _POSTGRES_CODES:
            if code.startswith(start):
                return StoreFailure(message, where=place(url), hint=hint)
        return _line(_POSTGRES_SAYS, "" if code else str(said), str(said), url)
    return None


def _line(table: _Table, signs: str, said: str, url: str) -> StoreFailure:
    for sign, message, hint in table:
        if sign in signs:
            return StoreFailure(message, where=place(url), hint=hint)
    return StoreFailure(f"数据库出错：{said}", where=place(url))
