"""Search in the database of a bigger site: the same tokens, scores and answers, the index in tables.

    search_state       one row: format, build, revision, how many documents
    search_document    a row each: facets (`generation.FACETS`), length, whether it still stands, its card
    search_posting     a row for each token and block of documents: which hold it, and how often
    search_keyword     whole words that lead to a document: its names, the articles it cites

The rows change in the transaction that changes the records, so no reader sees one without the other. What
BM25 needs of a token comes as a short byte string a block; the sums are those of `arrays`, in the process
that asks. A database that did the sums took thirteen times as long, and can't be doubled as easily.
"""
