"""The search engine of one home folder: keeps its index, understands a query, ranks, shows."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

from whoosh.index import IndexError as WhooshIndexError

from kb.errors import StoreFailure
from kb.snapshot import Snapshot
from search import building
from search.answer import Answer
from search.generation import Contents, Generation, Torn, current
from search.index import CardReader, NoCard
from search.names import Vocabulary

TRIES = 5
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Synced:
    """What `Engine.sync` did: ``action`` is 无, 更新 or 重建; ``message`` is a line for stderr, or empty."""

    action: str
    documents: int
    message: str = ""


class Engine:
    """Search over one home folder. Safe to share among threads; several processes may use one home.

    Args:
        home: folder of a running base; the index is in ``index/`` below it.
        say: is told in a line when a request finds the index torn and has rebuilt it.
    """

    def __init__(self, home: Path, say: Callable[[str], None] | None = None) -> None:
        self.root = home / "index"
        self._say = say
        self._base: Snapshot | None = None
        self._opened: Generation | None = None
        self._opening = Lock()

    # ------------------------------------------------------------ keeping the index

    def sync(self, base: Snapshot) -> Synced:
        """Bring the index to the revision of a snapshot; costs a file read where it is there already.

        A missing or torn index is rebuilt. After a restore of older data call `rebuild`.

        Raises:
            StoreFailure: the index can't be written.
        """
        self._base = base
        if (ready := self._ready(base)) is not None:
            return ready
        with building.writing(self.root):
            if (ready := self._ready(base)) is not None:  # another writer was quicker
                return ready
            try:
                if building.update(self.root, self._generation(), base):
                    count = self._generation().postings.living
                    return Synced("更新", count, f"索引已更新到第{base.revision}版，共{count}条")
                reason = "改动较多"
            except Torn as e:
                reason = str(e)
            return self._rebuilt(base, reason)

    def rebuild(self, base: Snapshot) -> Synced:
        """Write the whole index anew.

        Raises:
            StoreFailure: the index can't be written.
        """
        self._base = base
        with building.writing(self.root):
            return self._rebuilt(base, "按要求")

    def _rebuilt(self, base: Snapshot, reason: str) -> Synced:
        building.rebuild(self.root, base)
        count = self._generation().postings.living
        return Synced("重建", count, f"{reason}，已从数据库重建索引，共{count}条")

    def _ready(self, base: Snapshot) -> Synced | None:
        try:
            generation = self._generation()
        except Torn:
            return None
        return Synced("无", generation.postings.living) if generation.revision >= base.revision else None

    def _generation(self) -> Generation:
        """The current generation; opened once and kept until the pointer moves."""
        folder = current(self.root)
        opened = self._opened
        if opened is None or opened.folder != folder:
            with self._opening:
                opened = self._opened
                if opened is None or opened.folder != folder:
                    opened = self._opened = Generation(folder)
        return opened

    def _reading(self, use: Callable[[Contents, CardReader, Snapshot], T]) -> T:
        """Use one generation for a whole request.

        Start over where a writer removed it meanwhile; where that doesn't help, the index is torn.
        """
        failure: Exception | None = None
        base = self._base
        for left in reversed(range(TRIES)):
            if base is None:
                break
            try:
                generation = self._generation()
                with generation.cards.reading() as cards:
                    return use(generation, cards, base)
            except (Torn, WhooshIndexError, OSError, NoCard) as e:
                failure, self._opened = e, None
            if left == 1:
                self._mend(base)
        hint = "运行 cailiang reindex 重建索引"
        raise StoreFailure("索引无法读取", where=str(self.root), hint=hint) from failure

    def _mend(self, base: Snapshot) -> None:
        done = self.sync(base)
        if done.action == "无":  # the files look whole and are not
            done = self.rebuild(base)
        if self._say:
            self._say(done.message)

    # ------------------------------------------------------------ asking it

    def search(
        self,
        query: str,
        kind: str | None = None,
        domain: str | None = None,
        on: date | None = None,
        n: int = 10,
        today: date | None = None,
        undo: Collection[str] = (),
        explain: bool = False,
    ) -> dict[str, Any]:
        """Find records and law articles. Call `sync` first.

        Args:
            kind, domain: facets, by identifier or Chinese name.
            on: find only what is in force on that day; an article cited outright is found all the same.
            n: hits at most; the versions of one thing are one hit, the one in force first.
            today: without `on`, the day that decides what is in force and comes first; without either, what
                has no end is.
            undo: ids of what is not to be understood (`Understood.id`); ``*`` for all of it.
            explain: tell where each score comes from.

        Returns:
            the ``search`` JSON: query, total, hits; ``understood`` and, where nothing is found,
            ``message`` and ``nearest``. A hit's ``marks`` are character spans of its snippet, ``versions``
            the first days of its dated versions, ``together`` the articles of a benchmark or the benchmarks
            of an article.

        Raises:
            WrongUse: an empty query, or an unknown kind or domain.
            StoreFailure: no index, or a torn one.
        """
        return self._reading(
            lambda g, cards, base: Answer(g, cards, base, on, today).run(
                query, kind, domain, n, undo, explain
            )
        )

    def suggest(self, prefix: str, n: int = 8) -> list[dict[str, str]]:
        """Titles of laws and records with a name, its initials or pinyin that begins so or holds it."""
        return self._reading(lambda g, cards, _: Vocabulary(g, cards).suggest(prefix, n))
