"""The order of the best documents: BM25 of characters and pairs, then the weight of the law each stands in.

A long question shares a few words with articles of many laws, but many of them with the articles of the law
it is about. So the laws are judged by their best articles in the pool, and lend their standing to each.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from search.arrays import Postings
from search.segments import Docs, Mask, Scores
from search.weights import LAW_BEST, LAW_SHARE, POOL

Groups = npt.NDArray[np.int64]
NO_LAW = 0


def pool(
    postings: Postings,
    weights: Mapping[int, float],
    laws: Groups,
    n: int = 0,
    within: Mask | Scores | None = None,
    no_law: int = NO_LAW,
) -> tuple[Docs, Scores, Scores]:
    """The best documents of a query, in the order they are shown.

    Args:
        weights: token → weight in the query.
        laws: for each document the number of its law; ``no_law`` where it is no article.
        n: how many are wanted; the pool is never smaller than `POOL`.
        within: for each document a factor of its score; 0 leaves it out.

    Returns:
        documents, scores, and the factor that each got from its law.
    """
    docs, scores = postings.top(weights, max(POOL, 2 * n), within)
    groups = laws[docs]
    lent = standing(scores, np.where(groups == no_law, NO_LAW, groups))
    scores = scores * lent
    order = np.lexsort((docs, -scores))
    return docs[order], scores[order], lent[order]


def standing(scores: Scores, laws: Groups, best: int = LAW_BEST, share: float = LAW_SHARE) -> Scores:
    """The factor each document of a pool gets from its law: 1 + share × (this law's standing / the highest).

    Args:
        scores: highest first.
        laws: the law of each; what is no article has none and gets the factor 1.
        best: so many of a law's scores make up its standing: their sum.
    """
    out = np.ones(len(scores), dtype=np.float32)
    articles = np.flatnonzero(laws != NO_LAW)
    if not len(articles):
        return out
    _, group = np.unique(laws[articles], return_inverse=True)
    order = np.argsort(group, kind="stable")  # within a law the highest stay first
    ranked = group[order]
    heads = np.flatnonzero(np.diff(ranked, prepend=-1))
    place = np.arange(len(ranked)) - np.repeat(heads, np.diff(np.append(heads, len(ranked))))
    sums = np.bincount(ranked, np.where(place < best, scores[articles][order], 0))
    out[articles] += (share * sums / sums.max())[group].astype(np.float32)
    return out
