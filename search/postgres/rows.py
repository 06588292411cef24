"""Frequent tokens, kept by the process between requests: rare ones are fetched, these would be megabytes."""

from __future__ import annotations

from threading import Lock

import numpy as np
import numpy.typing as npt

from search.postgres.tables import BLOCK
from search.segments import BLOCK as BOUND_BLOCK
from search.segments import BOUND_UNIT, K1, OVER, Docs, Scores, frequent_from

ROWS_BYTES = 128 << 20
"""What the rows of a process take at most; past that, tokens are fetched as often as they are asked for."""


class Rows:
    """How often each document of one build has each frequent token. Safe to share among threads.

    Documents only join a build, at its end, so a row stays right up to where it was filled: the next revision
    fetches what came after. Readers look at the documents of their own revision only.

    Args:
        documents: of the build so far.
        room: bytes that the rows may take.
    """

    def __init__(self, documents: int, room: int = ROWS_BYTES) -> None:
        self.width = -(-max(1, documents) // BLOCK) * BLOCK
        # The system gives the memory when a row is first written.
        self.times = np.zeros((room // self.width, self.width), dtype=np.uint8)
        self.over: dict[tuple[int, int], int] = {}
        self.slots: dict[int, int] = {}
        self._filled: dict[int, int] = {}
        self._filling = Lock()

    def filled(self, token: int) -> int:
        """Up to which document the row of a token is known; 0 where it has none."""
        return self._filled.get(token, 0)

    def keep(self, token: int, docs: Docs, times: npt.NDArray[np.uint16], documents: int) -> None:
        """Write what was fetched of a token, if it is frequent and there is room.

        Args:
            docs, times: which documents hold it and how often: all, or those behind what the row knows.
            documents: of the revision that they were fetched from.
        """
        with self._filling:
            slot = self.slots.get(token, len(self.slots))
            new = token not in self.slots
            if new and (len(docs) < frequent_from(documents) or slot == len(self.times)):
                return
            self.times[slot, docs] = np.minimum(times, OVER)
            for at in np.flatnonzero(times >= OVER).tolist():
                self.over[slot, int(docs[at])] = int(times[at])
            self.slots[token] = slot
            self._filled[token] = max(documents, self.filled(token))  # last: who sees it may read the row


class Bounds:
    """What ranking needs of the rows at one revision.

    Args:
        norms: length norm of each document of the revision.
    """

    def __init__(self, rows: Rows, norms: Scores) -> None:
        self.norms = norms
        self.times = rows.times[:, : len(norms)]
        self.over = rows.over
        self.highest = np.zeros((len(rows.times), -(-len(norms) // BOUND_BLOCK)), dtype=np.uint8)
        self.dfs = np.zeros(len(rows.times), dtype=np.int32)

    def know(self, slot: int) -> None:
        """Work out the highest impacts of a row in each block of documents, and how many hold its token.

        Threads that meet here write the same.
        """
        if self.dfs[slot]:
            return
        size = len(self.norms)
        times = self.times[slot].astype(np.float32)
        for doc in np.flatnonzero(times == OVER).tolist():
            times[doc] = self.over[slot, doc]
        impacts = np.zeros(self.highest.shape[1] * BOUND_BLOCK, dtype=np.float32)
        impacts[:size] = times * np.float32(K1 + 1) / (times + self.norms)
        self.highest[slot] = np.ceil(impacts.reshape(-1, BOUND_BLOCK).max(axis=1) / np.float32(BOUND_UNIT))
        self.dfs[slot] = np.count_nonzero(times)  # last: says that it is known
