"""Settings of the program itself, each with its name, default and help: one table."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kb.errors import WrongUse


@dataclass(frozen=True, slots=True)
class Option:
    name: str
    default: str
    help: str


OPTIONS = (
    Option("CAILIANG_HOME", "var", "运行数据所在文件夹：数据库、索引、上传的文件"),
    Option("CAILIANG_DATABASE_URL", "", "PostgreSQL 的地址（postgresql://…）；不填则用 home 里的 SQLite"),
    Option("CAILIANG_HOST", "127.0.0.1", "网页服务监听的地址"),
    Option("CAILIANG_PORT", "8720", "网页服务的端口"),
    Option("CAILIANG_ALLOWED_HOSTS", "", "除监听地址外还允许的 Host，用逗号分开"),
    Option("CAILIANG_NOW", "", "代替当前时间（复核旧文书、测试用）"),
)


@dataclass(frozen=True, slots=True)
class Config:
    """The values in force for one run."""

    home: Path
    database_url: str | None
    host: str
    port: int
    allowed_hosts: tuple[str, ...]


def load(environ: Mapping[str, str] = os.environ, home: Path | None = None) -> Config:
    """Read the environment; ``home`` (from ``--home``) wins.

    Raises:
        WrongUse: the port is not a number from 1 to 65535.
    """
    values = {o.name: environ.get(o.name) or o.default for o in OPTIONS}
    port = values["CAILIANG_PORT"]
    if not (port.isdecimal() and 0 < int(port) < 65536):
        raise WrongUse(f"CAILIANG_PORT 不是端口号：{port}", hint="写 1 到 65535 之间的整数")
    hosts = tuple(h.strip() for h in values["CAILIANG_ALLOWED_HOSTS"].split(",") if h.strip())
    return Config(
        home=(home or Path(values["CAILIANG_HOME"])).absolute(),
        database_url=values["CAILIANG_DATABASE_URL"] or None,
        host=values["CAILIANG_HOST"],
        port=int(port),
        allowed_hosts=hosts,
    )
