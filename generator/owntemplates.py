"""The agency's own templates: every version is kept, one of them or the shipped one is in use.

A folder a document type: the versions under their hashes, and beside them one small file for each change of
mind, numbered and never rewritten. What is in use is what the last of them says.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from kb.errors import BadPackage, BadValue, NotFound

SHIPPED = "shipped"
"""The version that stands for the template of the program."""
_MOST = 9999


@dataclass(frozen=True, slots=True)
class Entry:
    """One change: from ``at`` on, ``version`` was in use, because ``by`` said so.

    ``name`` is the file's name as it was handed in; empty where an earlier version was taken up again.
    """

    version: str
    by: str
    at: str
    name: str = ""

    def to_dict(self) -> dict[str, str]:
        return asdict(self)


class OwnTemplates:
    """The own templates of one home.

    Args:
        folder: where they lie; made when the first is added.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def add(self, type: str, data: bytes, *, by: str, at: datetime, name: str) -> Entry:
        """Keep a version and use it from now on; it was checked before (`authoring.ensure_usable`).

        Raises:
            BadValue: nobody is named.
        """
        from generator.catalogue import version_of

        version = version_of(data)
        path = self._file(type, version)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary = path.with_name(f".{version}.{os.getpid()}")
            temporary.write_bytes(data)
            temporary.replace(path)
        return self._write(type, Entry(version, _named(by), at.isoformat(timespec="seconds"), name))

    def use(self, type: str, version: str, *, by: str, at: datetime) -> Entry:
        """Take up an earlier version again, or with `SHIPPED` the program's own.

        Raises:
            NotFound: there is no such version; BadValue: nobody is named.
        """
        if version != SHIPPED and version not in {entry.version for entry in self.log(type)}:
            raise NotFound(f"没有版本“{version[:20]}”", where=type, hint="template versions 列出有哪些版本")
        return self._write(type, Entry(version, _named(by), at.isoformat(timespec="seconds")))

    def log(self, type: str) -> tuple[Entry, ...]:
        """Every change, the newest last.

        Raises:
            BadPackage: a file of the folder was damaged.
        """
        found = []
        for path in sorted((self.folder / type).glob("[0-9]" * 4 + ".json")):
            try:
                found.append(Entry(**json.loads(path.read_text(encoding="utf-8"))))
            except (ValueError, TypeError) as error:
                raise BadPackage("自有模板的记录已损坏", where=str(path), hint="请从备份恢复它") from error
        return tuple(found)

    def current(self, type: str) -> Path | None:
        """The file in use; None for the shipped one.

        Raises:
            NotFound: it was taken out of the folder.
        """
        if not (self.folder / type).is_dir():
            return None
        log = self.log(type)
        if not log or log[-1].version == SHIPPED:
            return None
        return self.path(type, log[-1].version)

    def path(self, type: str, version: str) -> Path:
        """The file of one version. Raises NotFound."""
        path = self._file(type, version)
        if version not in {entry.version for entry in self.log(type)} or not path.is_file():
            raise NotFound(f"没有版本“{version[:20]}”", where=type, hint="请从备份恢复 templates 文件夹")
        return path

    def _file(self, type: str, version: str) -> Path:
        return self.folder / type / f"{version}.docx"

    def _write(self, type: str, entry: Entry) -> Entry:
        """A numbered file that exists only whole; of two writers, the second takes the next number."""
        folder = self.folder / type
        folder.mkdir(parents=True, exist_ok=True)
        temporary = folder / f".entry.{os.getpid()}.{id(entry)}"
        temporary.write_text(json.dumps(entry.to_dict(), ensure_ascii=False), encoding="utf-8")
        try:
            for number in range(len(self.log(type)) + 1, _MOST + 1):
                try:
                    os.link(temporary, folder / f"{number:04}.json")
                except FileExistsError:
                    continue
                return entry
            raise BadValue("版本太多", where=type, hint="请整理 templates 文件夹")
        finally:
            temporary.unlink()


def _named(by: str) -> str:
    if not by.strip():
        raise BadValue("没有写是谁", where="by", hint="请写上姓名")
    return by.strip()[:60]
