"""Further processes that draft while this one writes down: one a core, each with a chunk of rows at a time.

Whoever drafts, the outcomes come back in the order of the rows, and only this process holds the journal.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from kb.errors import StoreFailure

A = TypeVar("A")
B = TypeVar("B")
Hand = Callable[[Iterable[A]], Iterator[B]]
MOST = 4


def cores() -> int:
    """How many processes may work side by side here; 1 where a process can't simply be doubled."""
    if sys.platform != "linux":
        return 1
    return min(len(os.sched_getaffinity(0)), MOST)


@contextmanager
def hands(count: int, work: Callable[[A], B]) -> Iterator[Hand[A, B]]:
    """A map over `count` copies of this process, in order; what is loaded is shared with them.

    Not for a process with threads: a copy has only the thread that made it.
    """
    fork = multiprocessing.get_context("fork")
    ends: list[Connection] = []
    copies: list[Any] = []
    for _ in range(count):
        here, there = fork.Pipe()
        copy = fork.Process(target=_copy, args=(there, here, work), daemon=True)
        copy.start()
        there.close()
        ends.append(here)
        copies.append(copy)

    def spread(tasks: Iterable[A]) -> Iterator[B]:
        # One task at a time for each: a copy that hands back its papers never waits for one being sent.
        waiting: deque[Connection] = deque()
        for n, task in enumerate(tasks):
            if len(waiting) == count:
                yield _received(waiting.popleft())
            ends[n % count].send(task)
            waiting.append(ends[n % count])
        while waiting:
            yield _received(waiting.popleft())

    try:
        yield spread
    finally:
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
            task = tasks.recv()
            try:
                answer: tuple[Any, Exception | None] = work(task), None
            except Exception as error:
                answer = None, error
            tasks.send(answer)


def _received(end: Connection) -> Any:
    try:
        made, error = end.recv()
    except EOFError:
        hint = "内存可能不够；加 --resume 接着做"
        raise StoreFailure("一个起草的进程被系统结束了", hint=hint) from None
    if error is not None:
        raise error
    return made
