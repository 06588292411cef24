"""What a batch has done so far, in one SQLite file beside its output: every outcome and every finished paper.

A chunk of rows stands there whole or not at all, whatever stops the program or the power; one process at a
time may hold it. The output is written from it at the end, so nobody ever sees half an output.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from casework.batch.assembling import Fault
from kb.errors import Conflict, StoreFailure, WrongUse

ENDING = ".batch"
ISSUED, MADE, DRAFT, NOTHING = "签发", "出具", "草稿", "没有做"
RESULTS = (ISSUED, MADE, DRAFT, NOTHING)
_TABLES = """
create table if not exists head (name text primary key, value text not null);
create table if not exists outcome (
  ordinal integer primary key, row integer not null, "case" text not null, party text not null,
  number text not null, file text not null, sha256 text not null, result text not null,
  faults text not null, data blob
);
"""
_COLUMNS = 'ordinal, row, "case", party, number, file, sha256, result, faults'


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one row.

    Attributes:
        ordinal: which row of the table, from 1; ``row``: as the file counts it.
        case: the id of its case; ``party``: whose paper it is.
        number: the whole number of the paper; empty where it has none.
        file: its name in the output; empty where there is no paper.
        result: one of `RESULTS`; ``faults``: what keeps it from being more than a 草稿.
    """

    ordinal: int
    row: int
    case: str
    party: str
    number: str
    file: str
    sha256: str
    result: str
    faults: tuple[Fault, ...]
    data: bytes | None = None

    def to_dict(self) -> dict[str, Any]:
        said = {n: getattr(self, n) for n in ("row", "case", "party", "number", "file", "sha256", "result")}
        return said | {"faults": [f.to_dict() for f in self.faults]}


def journal_of(out: Path) -> Path:
    """Where the journal of an output lies until it is done."""
    return out.with_name(out.name + ENDING)


class Journal:
    """The journal of one batch; close it when done with it.

    Args:
        path: the file; made where there is none.

    Raises:
        Conflict: another process holds it.
        StoreFailure: it can't be read or written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._db = sqlite3.connect(path, timeout=0.5, isolation_level=None, check_same_thread=False)
        try:
            with self._told():
                # Held to the end, so that no second process goes on with the same batch.
                self._db.execute("pragma locking_mode=exclusive")
                self._db.execute("pragma journal_mode=wal")
                self._db.execute("pragma synchronous=full")
                self._db.execute("pragma cache_size=-2000")
                self._db.execute("begin exclusive")
                for statement in filter(str.strip, _TABLES.split(";")):
                    self._db.execute(statement)
                self._db.execute("commit")
        except BaseException:
            self._db.close()
            raise

    def close(self) -> None:
        self._db.close()

    def remove(self) -> None:
        """Forget the batch: its output stands."""
        self.close()
        for ending in ("-wal", "-shm", ""):
            self.path.with_name(self.path.name + ending).unlink(missing_ok=True)

    def _told(self) -> _Told:
        return _Told(self.path)

    def begin(self, head: Mapping[str, Any]) -> None:
        """Say what is made, or go on with what was begun.

        Args:
            head: what the batch rests on; the keys under ``same`` have to be as they were.

        Raises:
            WrongUse: the table, its mapping or the shared case file is not the one of the beginning.
        """
        begun = self.head()
        if not begun:
            said = [(name, json.dumps(value, ensure_ascii=False)) for name, value in head.items()]
            with self._told():
                self._db.execute("begin")
                self._db.executemany("insert into head values (?, ?)", said)
                self._db.execute("commit")
            return
        if begun.get("same") != head.get("same"):
            raise WrongUse(
                "行表、列的对应或者底稿与开始时不同",
                where=str(self.path),
                hint=f"用原来的文件继续；要重新做，删去 {self.path.name}",
            )

    def head(self) -> dict[str, Any]:
        """What the batch was begun with; empty where it was not."""
        with self._told():
            rows = self._db.execute("select name, value from head").fetchall()
        return {name: json.loads(value) for name, value in rows}

    def add(self, outcomes: Sequence[Outcome]) -> None:
        """Write a chunk: it is on the disk when this returns."""
        rows = [
            (o.ordinal, o.row, o.case, o.party, o.number, o.file, o.sha256, o.result, _dump(o.faults), o.data)
            for o in outcomes
        ]
        with self._told():
            self._db.execute("begin")
            self._db.executemany(f"insert into outcome ({_COLUMNS}, data) values (?,?,?,?,?,?,?,?,?,?)", rows)
            self._db.execute("commit")

    def done(self) -> int:
        """How many rows of the table have an outcome: always the first ones."""
        with self._told():
            return int(self._db.execute("select count(*) from outcome").fetchone()[0])

    def counts(self) -> dict[str, int]:
        """How many rows came to each result."""
        with self._told():
            found = dict(self._db.execute("select result, count(*) from outcome group by result"))
        return {result: int(found.get(result, 0)) for result in RESULTS}

    def outcomes(self, *, faulty: bool = False) -> Iterator[Outcome]:
        """The outcomes in order, without the papers' bytes; ``faulty``: only those with faults."""
        which = "where faults <> '[]'" if faulty else ""
        with (
            self._told(),
            closing(self._db.execute(f"select {_COLUMNS} from outcome {which} order by ordinal")) as rows,
        ):
            for ordinal, row, case, party, number, file, digest, result, faults in rows:
                found = tuple(Fault(**f) for f in json.loads(faults))
                yield Outcome(ordinal, row, case, party, number, file, digest, result, found)

    def papers(self) -> Iterator[tuple[str, bytes]]:
        """The finished papers in order: file name and bytes."""
        query = "select file, data from outcome where data is not null order by ordinal"
        with self._told(), closing(self._db.execute(query)) as rows:
            yield from rows


class _Told:
    """Turns what SQLite says of the journal into one line."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> None: ...

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if not isinstance(error, sqlite3.Error):
            return
        said = str(error)
        if "locked" in said:
            raise Conflict(
                "这个批次正在另一个窗口里做", where=str(self.path), hint="等它做完或者停止"
            ) from error
        if "full" in said:
            raise StoreFailure(
                "磁盘已满，做完的部分都在", where=str(self.path), hint="清理磁盘后加 --resume 继续"
            ) from error
        raise StoreFailure(
            f"批次的记录读写出错：{said}", where=str(self.path), hint="检查磁盘；要重新做，删去这个文件"
        ) from error


def _dump(faults: Sequence[Fault]) -> str:
    return json.dumps([f.to_dict() for f in faults], ensure_ascii=False)
