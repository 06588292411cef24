"""Every number that ranking rests on, in one table.

A document's score is BM25 (k1 and b in `segments`) of the query's tokens, each times its weight in the query,
times the document's factors. The numbers marked CV were chosen by cross-validation over real lay questions;
docs/decisions/0005-ranking.md has the figures. The others set what officers look for first.
"""

from __future__ import annotations

# A document's kind. Officers look for the benchmark first; the article it rests on follows.
KIND_WEIGHTS = {
    "benchmark": 1.7,
    "leniency": 1.3,
    "case_study": 1.2,
    "phrase": 1.1,
    "procedure": 1.2,
    "law": 1.0,
}

# How often a field is counted. CV for articles: a title or chapter counted more finds nothing better.
# What a record is called says more of it than what it holds.
TITLE_OF_RECORD = 2
TITLE_OF_ARTICLE = 1

# A word of the query counts 1. Words that were not typed, or say little about the subject, count less.
SYNONYM = 0.6
AMOUNT = 0.2
QUESTION = 0.2  # CV: all the same in a long question; in a short one 怎么 would weigh most

# The pool: so many of the highest BM25 are weighed further. CV.
POOL = 300
# A law's standing is that of its best articles in the pool; the first law's articles gain this share. CV.
LAW_BEST = 10
LAW_SHARE = 0.4

# Articles of a law that the query names.
NAMED_LAW = 1.5

# A record that says outright what was understood: the limb, the scene, a fine or branch of the amount.
MEANT = 2.0
# Of the entries of a limb, what holds in every domain: a limb alone asks for the rule, not for a case of it.
GENERAL = 1.3

# What an answered question like this one led to gains so many times the best score: all of it where the two
# are the same and it was asked often, half of it where it was asked once, nothing where no more than the
# share ANSWERED_ALIKE of their words is the same.
ANSWERED = 3.0
ANSWERED_ALIKE = 0.5
ANSWERED_MOST = 5

# A cited article, and the records that cite it: above anything that words can reach.
CITED = 10_000.0
CITING = 500.0

# A match reaches this share of what an average document with every token would get, or this score,
# whichever is less: a long question shares few words with its answer.
FLOOR_SHARE = 0.3
FLOOR_SCORE = 15.0
