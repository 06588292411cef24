"""A coverage-guided fuzzer for citations (atheris): ``python -m tests.kb.fuzz_citations -max_total_time=60``.

A byte below the number of `WORDS` is that word, any other makes two more bytes a letter of Unicode. A finding
is an exception, a span that is not exact, or a citation that the plain engine does not see the same way.
"""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["kb.citation", "kb.numerals"]):
    import kb.citation  # noqa: F401

from tests.kb.test_citation_properties import check_any
from tests.kb.test_citation_reference import BOOK, WORDS, differences


def text_of(data: bytes) -> str:
    out, i = [], 0
    while i < len(data):
        if data[i] < len(WORDS):
            out.append(WORDS[data[i]])
            i += 1
        else:
            out.append(chr(int.from_bytes(data[i + 1 : i + 3], "big")))
            i += 3
    return "".join(out)


def try_one(data: bytes) -> None:
    text = text_of(data)
    check_any(text)
    found = differences(text, BOOK)
    if found:
        raise AssertionError(f"{text!r}: {found}")


if __name__ == "__main__":
    atheris.Setup(sys.argv, try_one)
    atheris.Fuzz()
