"""Further processes that draft beside this one: one a core, each with a few rows at a time.

Whoever drafts, the outcomes come back in the order of the rows, and only this process holds the journal.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from typing import Any, NamedTuple, TypeVar

from kb.errors import StoreFailure

A = TypeVar("A")
B = TypeVar("B")
Hand = Callable[[Iterable[A]], Iterator[B]]
MOST = 4
AHEAD = 2
"""Tasks that a copy has before it: while its answer waits here to be taken, it goes on with the next."""
PILE = 4
"""Tasks for each process that may be done or under way before the first of them is handed on."""


class _Answer(NamedTuple):
    """What came of one task."""

    made: Any
    error: Exception | None


def cores() -> int:
    """How many processes may work side by side here; 1 where a process can't simply be doubled."""
    if sys.platform != "linux":
        return 1
    return min(len(os.sched_getaffinity(0)), MOST)


@contextmanager
def hands(count: int, work: Callable[[A], B]) -> Iterator[Hand[A, B]]:
    """A map over `count` processes, in order: this one and copies of it, which share what is loaded.

    Not for a process with threads: a copy has only the thread that made it.
    """
    fork = multiprocessing.get_context("fork")
    ends: list[Connection] = []
    copies: list[Any] = []
    gc.freeze()  # a collection would write into every shared page, and no longer share it
    for _ in range(count - 1):
        here, there = fork.Pipe()
        copy = fork.Process(target=_copy, args=(there, here, work), daemon=True)
        copy.start()
        there.close()
        ends.append(here)
        copies.append(copy)

    def spread(tasks: Iterable[A]) -> Iterator[B]:
        under_way: deque[Connection | _Answer] = deque()
        for task in tasks:
            end = min(ends, key=under_way.count, default=None)
            if end is None or under_way.count(end) >= AHEAD:
                under_way.append(_answer(work, task))
            else:
                with suppress(ConnectionError):  # it is gone: to take its answer says so
                    end.send(task)
                under_way.append(end)
            while under_way and (len(under_way) >= PILE * count or _is_there(under_way[0])):
                yield _taken(under_way.popleft())
        while under_way:
            yield _taken(under_way.popleft())

    try:
        yield spread
    finally:
        gc.unfreeze()
        for copy in copies:
            copy.terminate()
        for end in ends:
            end.close()
        for copy in copies:
            copy.join()


def _copy(tasks: Connection, other: Connection, work: Callable[[Any], Any]) -> None:
    """What a copy does until nobody sends anything any more, or nobody takes what it made."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all of them; the first process decides
    other.close()
    with suppress(EOFError, OSError):
        while True:
            tasks.send(tuple(_answer(work, tasks.recv())))


def _answer(work: Callable[[Any], Any], task: Any) -> _Answer:
    try:
        return _Answer(work(task), None)
    except Exception as error:
        return _Answer(None, error)


def _is_there(of: Connection | _Answer) -> bool:
    return isinstance(of, _Answer) or of.poll()


def _taken(of: Connection | _Answer) -> Any:
    try:
        made, error = of if isinstance(of, _Answer) else of.recv()
    except (EOFError, ConnectionError):
        hint = "内存可能不够；加 --resume 接着做"
        raise StoreFailure("一个起草的进程被系统结束了", hint=hint) from None
    if error is not None:
        raise error
    return made
