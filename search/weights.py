"""Every number that ranking rests on, in one table. Scores are BM25 (k1 and b in `arrays`) times these."""

from __future__ import annotations

# A document's kind. Officers look for the benchmark first; the article it rests on follows.
KIND_WEIGHTS = {
    "benchmark": 1.6,
    "leniency": 1.3,
    "case_study": 1.2,
    "phrase": 1.1,
    "law": 1.0,
}

# A word of the query counts 1. Words that were not typed, or say little about the subject, count less.
SYNONYM = 0.6
AMOUNT = 0.2

# Articles of a law that the query names.
NAMED_LAW = 1.5

# A cited article, and the records that cite it: above anything that words can reach.
CITED = 10_000.0
CITING = 500.0

# A match reaches this share of what an average document with every token would get, or this score,
# whichever is less: a long question shares few words with its answer.
FLOOR_SHARE = 0.3
FLOOR_SCORE = 15.0
