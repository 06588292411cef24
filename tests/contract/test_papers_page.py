"""docs/papers.md lists every document type as its folder says it."""

from __future__ import annotations

from generator.catalogue import document_types
from scripts import paper_docs


def test_the_page_lists_every_type() -> None:
    sheets = len(list(paper_docs.IMAGES.glob("papers-*.jpg")))
    page = paper_docs.PAGE.read_text("utf-8")
    assert page == paper_docs.page(document_types(), sheets), "run: python -m scripts.paper_docs"
