"""Search engines that `bench.search_speed` stands beside, each on our tokens written as plain words.

Each function opens its index under a folder, builds it there first where it is missing, and gives a function
from the words of a query to its first ten documents. Building is not timed here: stock Whoosh needs minutes.
"""

from __future__ import annotations

import shutil
import sqlite3
import sys
import warnings
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

from search.tokens import tokenise

TOP = 10
Ask = Callable[[list[str]], object]
Texts = Callable[[], Iterator[str]]


def words(text: str) -> list[str]:
    """Our tokens as plain words, each once, for engines that split at spaces."""
    return list(dict.fromkeys(f"t{key:x}" for key in tokenise(text).keys.tolist()))


def _words(text: str) -> list[str]:
    return [f"t{key:x}" for key in tokenise(text).keys.tolist()]


def fts5(texts: Texts, path: Path) -> Ask:
    """SQLite FTS5, ranked by its own BM25."""
    if not path.exists():
        fresh = path.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        db = sqlite3.connect(fresh)
        db.execute("create virtual table t using fts5(body, content='', tokenize='ascii')")
        rows = ((n, " ".join(_words(text))) for n, text in enumerate(texts()))
        db.executemany("insert into t(rowid, body) values (?, ?)", rows)
        db.commit()
        db.close()
        fresh.rename(path)
    db = sqlite3.connect(path)
    sql = f"select rowid from t where t match ? order by rank limit {TOP}"
    return lambda tokens: db.execute(sql, (" OR ".join(tokens),)).fetchall()


def tantivy(texts: Texts, path: Path) -> Ask:
    """tantivy without a count of all hits: its quickest way, which may skip blocks as ours does."""
    import tantivy as tv

    schema = tv.SchemaBuilder().add_integer_field("n", stored=True)
    schema = schema.add_text_field("body", tokenizer_name="whitespace", index_option="freq").build()
    if not path.exists():
        fresh = _fresh(path)
        writer = tv.Index(schema, str(fresh)).writer(256_000_000, 1)
        for n, text in enumerate(texts()):
            writer.add_document(tv.Document(n=n, body=" ".join(_words(text))))
        writer.commit()
        writer.wait_merging_threads()
        fresh.rename(path)
    searcher = tv.Index(schema, str(path)).searcher()

    def ask(tokens: list[str]) -> object:
        terms = [(tv.Occur.Should, tv.Query.term_query(schema, "body", t, "freq")) for t in tokens]
        return searcher.search(tv.Query.boolean_query(terms), TOP, count=False).hits

    return ask


def bm25s(texts: Texts, path: Path) -> Ask:
    """bm25s with its scores in numpy arrays."""
    import bm25s as bm

    if not path.exists():
        fresh = _fresh(path)
        made = bm.BM25()
        made.index([_words(text) for text in texts()], show_progress=False)
        made.save(str(fresh))
        fresh.rename(path)
    model = bm.BM25.load(str(path), mmap=True)
    return lambda tokens: model.retrieve([tokens], k=TOP, show_progress=False)


def whoosh(texts: Texts, path: Path) -> Ask:
    """Whoosh as it comes: its own postings and its own BM25F."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import whoosh.codec.whoosh3  # noqa: F401
        from whoosh import fields
        from whoosh.analysis import SpaceSeparatedTokenizer
        from whoosh.index import create_in, open_dir
        from whoosh.query import Or, Term

    if not path.exists():
        fresh = _fresh(path)
        schema = fields.Schema(
            n=fields.STORED(), body=fields.TEXT(analyzer=SpaceSeparatedTokenizer(), phrase=False)
        )
        writer = create_in(str(fresh), schema).writer(limitmb=512)
        for n, text in enumerate(texts()):
            writer.add_document(n=n, body=" ".join(_words(text)))
        writer.commit()
        fresh.rename(path)
    searcher = open_dir(str(path)).searcher()
    return lambda tokens: [
        hit["n"] for hit in searcher.search(Or([Term("body", t) for t in tokens]), limit=TOP)
    ]


PEERS = {"tantivy": tantivy, "bm25s": bm25s, "fts5": fts5, "whoosh": whoosh}


def available(name: str, home: Path) -> bool:
    """Whether a peer is here; those that come by pip are under ``python/`` of the bench's folder."""
    if str(home / "python") not in sys.path:
        sys.path.append(str(home / "python"))
    return name == "fts5" or find_spec(name) is not None


def _fresh(path: Path) -> Path:
    """An empty folder beside the final one, which appears only when it is whole."""
    fresh = path.with_name(path.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    return fresh
