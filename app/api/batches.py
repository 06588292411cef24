"""Batches that the pages keep: a folder each under the home, worked on by a thread that a page can stop.

What is in the folder outlives the server: a batch that was being made when it stopped can be gone on with.
"""

from __future__ import annotations

import json
import logging
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from app.api import batch as api
from casework.batch.journal import Journal, journal_of
from casework.batch.running import Progress, dry_run
from generator.catalogue import document_type
from kb.errors import CailiangError, Conflict, NotFound, StoreFailure, WrongUse
from kb.importing.yaml_files import parse_yaml

if TYPE_CHECKING:
    from app.base import Base

_ID = re.compile(r"[0-9a-f]{12}")
MOST = 50
"""Batches kept at a time: each may hold thousands of papers."""
NEW, CHECKING, CHECKED, MAKING, STOPPED, DONE = "待检查", "正在检查", "已检查", "正在做", "停了", "做完"
BUSY = (CHECKING, MAKING)


@dataclass
class _Work:
    """What a thread of this process is doing with one batch."""

    state: str
    at: Progress = field(default_factory=lambda: Progress(0, 0, 0))
    stopped: Event = field(default_factory=Event)
    line: str = ""


class Batches:
    """The batches of one home.

    Args:
        base: the base they are drafted from.
        now: the door's clock.
    """

    def __init__(self, base: Base, now: Callable[[], datetime]) -> None:
        self.base = base
        self.now = now
        self.folder = base.config.home / "batches"
        self._works: dict[str, _Work] = {}
        self._lock = Lock()

    # ------------------------------------------------------------ what is kept

    def add(self, asked: api.Asked, shared: str) -> str:
        """Keep a table; it has been read once, so it is one.

        Args:
            asked: the table.
            shared: the shared case file as it was written.

        Raises:
            WrongUse: too many are kept.
        """
        if len(self.ids()) >= MOST:
            raise WrongUse(f"已经有 {MOST} 个批次", hint="先删除做完的")
        id = uuid4().hex[:12]
        place = self.folder / id
        place.mkdir(parents=True)
        (place / "rows").write_bytes(asked.rows)
        self._note(id, {
            "type": asked.kind.type, "name": asked.name, "shared": shared, "columns": list(asked.columns),
            "by": "", "at": self.now().isoformat(timespec="seconds"),
        })  # fmt: skip
        return id

    def ids(self) -> list[str]:
        """The batches, the newest first."""
        found = [p for p in self.folder.glob("*/asked.json") if _ID.fullmatch(p.parent.name)]
        return [
            p.parent.name for p in sorted(found, key=lambda p: self.note(p.parent.name)["at"], reverse=True)
        ]

    def note(self, id: str) -> dict[str, Any]:
        """What was asked of a batch, and what a dry run or the run said.

        Raises:
            NotFound: no such batch.
        """
        path = self.folder / id / "asked.json"
        try:
            if not _ID.fullmatch(id):
                raise FileNotFoundError
            said: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise NotFound("没有这个批次", hint="从批量页面进入；它可能已经删除") from None
        except ValueError:
            raise StoreFailure("批次的记录已损坏", where=str(path), hint="删去这个文件夹后重新上传") from None
        return said

    def _note(self, id: str, said: Mapping[str, Any]) -> None:
        path = self.folder / id / "asked.json"
        part = path.with_suffix(".part")
        part.write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
        part.replace(path)

    def asked(self, id: str) -> api.Asked:
        said = self.note(id)
        shared = parse_yaml(said["shared"], "底稿")[0] if said["shared"].strip() else {}
        rows = (self.folder / id / "rows").read_bytes()
        return api.Asked(document_type(said["type"]), rows, said["name"], shared, said["columns"], said["by"])

    def letters(self, id: str) -> Path:
        """The zip of a batch, there or not."""
        self.note(id)
        return self.folder / id / "letters.zip"

    # ------------------------------------------------------------ how it stands

    def state(self, id: str) -> dict[str, Any]:
        """How far a batch is, for a page that asks again and again."""
        said, work = self.note(id), self._works.get(id)
        data: dict[str, Any] = {
            "id": id,
            "type": said["type"],
            "type_name": document_type(said["type"]).name,
            "name": said["name"],
            "at": said["at"],
            "by": said["by"],
            "line": work.line if work else "",
            "counts": said.get("counts", {}),
            "checked": said.get("checked"),
        }
        done = total = faulty = 0
        if work and work.state in BUSY:
            state, done, total, faulty = work.state, work.at.done, work.at.total, work.at.faulty
        elif self.letters(id).exists():
            state = DONE
            done = total = sum(data["counts"].values())
        elif journal_of(self.letters(id)).exists():
            state, (done, total) = STOPPED, self._left(id)
        else:
            state = CHECKED if data["checked"] else NEW
        return data | {"state": state, "done": done, "total": total, "faulty": faulty}

    def _left(self, id: str) -> tuple[int, int]:
        """How many rows a batch that was stopped has, of how many."""
        try:
            journal = Journal(journal_of(self.letters(id)))
        except Conflict:  # another process makes it
            return 0, 0
        try:
            return journal.done(), int(journal.head().get("total", 0))
        finally:
            journal.close()

    # ------------------------------------------------------------ what is done

    def map(self, id: str, columns: list[str]) -> None:
        """Say by hand what columns mean; what was checked before no longer counts."""
        self._idle(id)
        said = self.note(id)
        if self._begun(id):
            raise Conflict("已经开始做，不能再改列的对应", hint="删除这个批次，重新上传")
        self._note(id, {k: v for k, v in said.items() if k != "checked"} | {"columns": columns})

    def check(self, id: str, by: str) -> None:
        """Begin a dry run; ``by`` as for `start`."""
        if not self._begun(id):
            self._note(id, self.note(id) | {"by": by.strip()})
        self._begin(id, CHECKING, self._check)

    def start(self, id: str, by: str) -> None:
        """Begin the run, or go on with it.

        Args:
            by: who issues; empty: the papers are only drafted. A run that goes on keeps who it was begun by.
        """
        if self.letters(id).exists():
            raise Conflict("这个批次已经做完", hint="下载，或者重新上传")
        if not self._begun(id):
            self._note(id, self.note(id) | {"by": by.strip()})
        self._begin(id, MAKING, self._make)

    def stop(self, id: str) -> None:
        """Ask the thread to end after the rows it is at."""
        self.note(id)
        if work := self._works.get(id):
            work.stopped.set()

    def remove(self, id: str) -> None:
        """Delete a batch with all it holds; issued papers stay with their cases."""
        self.note(id)
        self._idle(id)
        shutil.rmtree(self.folder / id)
        self._works.pop(id, None)

    def report(self, id: str) -> bytes:
        """The report sheet of a batch that is done: it lies in the zip."""
        from zipfile import ZipFile

        from casework.batch.report import REPORT

        with ZipFile(self.letters(id)) as archive:
            return archive.read(REPORT)

    # ------------------------------------------------------------ threads

    def _begun(self, id: str) -> bool:
        return journal_of(self.letters(id)).exists() or self.letters(id).exists()

    def _idle(self, id: str) -> None:
        work = self._works.get(id)
        if work and work.state in BUSY:
            raise Conflict("这个批次正在做", hint="先停止")

    def _begin(self, id: str, state: str, work: Callable[[str, _Work], None]) -> None:
        with self._lock:
            self._idle(id)
            mine = self._works[id] = _Work(state)
        Thread(target=self._guarded, args=(id, mine, work), daemon=True, name=f"batch-{id}").start()

    def _guarded(self, id: str, mine: _Work, work: Callable[[str, _Work], None]) -> None:
        try:
            work(id, mine)
        except CailiangError as error:
            mine.line = str(error)
        except OSError as error:
            mine.line = f"磁盘读写出错：{error.strerror}；清理磁盘后继续"
        except Exception as error:
            logging.getLogger(__name__).exception("batch %s", id)
            mine.line = f"程序出错：{type(error).__name__}；把服务的日志发给维护人员"
        finally:
            mine.state = ""

    def _check(self, id: str, mine: _Work) -> None:
        asked, snapshot = self.asked(id), self.base.snapshot()
        registry = api.registry_of(self.base, asked, snapshot)
        batch = api.prepare(asked, snapshot, self.now().date(), registry, api.roster_of(self.base))
        found = dry_run(batch, self._teller(mine), mine.stopped.is_set)
        whole = not mine.stopped.is_set()
        said = self.note(id)
        groups = [
            {"column": f.column, "code": f.code, "message": f.message, "hint": f.hint, "rows": rows}
            for f, rows in api.grouped(found.faults)
        ]
        checked = {"total": found.total, "good": found.good, "whole": whole, "faults": groups}
        self._note(id, said | {"checked": checked})

    def _make(self, id: str, mine: _Work) -> None:
        def told(data: Mapping[str, Any]) -> None:
            self._note(id, self.note(id) | {"counts": data["counts"]})

        today, tell, stop = self.now().date(), self._teller(mine), mine.stopped.is_set
        api.make(self.asked(id), self.base, self.letters(id), today, tell, stop, told=told)

    @staticmethod
    def _teller(mine: _Work) -> Callable[[Progress], None]:
        def tell(at: Progress) -> None:
            mine.at = at

        return tell
