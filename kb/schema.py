"""The tables of a base. Rows are append-only: a change adds rows and marks the old ones `retired`.

A row is seen at revision r when ``revision <= r`` and it is not retired at or before r, so any old revision
stays readable. Entry numbers are one sequence over articles and records: the search index is keyed by them.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData()

revision = Table(
    "revision",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("at", String(40), nullable=False),
    Column("author", String(80), nullable=False),
    Column("approved_by", String(80), nullable=False),
    Column("note", Text, nullable=False, default=""),
)

sequence = Table(
    "sequence",
    metadata,
    Column("name", String(20), primary_key=True),
    Column("value", Integer, nullable=False),
)

law_version = Table(
    "law_version",
    metadata,
    Column("key", Integer, primary_key=True, autoincrement=True),
    Column("title", String(300), nullable=False),
    Column("adopted", Date),
    Column("body", Text, nullable=False),
    Column("revision", Integer, ForeignKey("revision.number"), nullable=False),
    Column("retired", Integer),
    Index("law_version_title", "title"),
)

article = Table(
    "article",
    metadata,
    Column("entry", Integer, primary_key=True, autoincrement=False),
    Column("version_key", Integer, ForeignKey("law_version.key"), nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    Column("suffix", Integer, nullable=False),
    Column("kind", String(10), nullable=False),
    Column("chapter", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("paragraphs", Text, nullable=False),
    Column("has_text", Boolean, nullable=False),
    Column("revision", Integer, ForeignKey("revision.number"), nullable=False),
    Column("retired", Integer),
    Index("article_version", "version_key"),
    Index("article_revision", "revision"),
)

summary = Table(
    "summary",
    metadata,
    Column("title", String(300), primary_key=True),
    Column("article", String(20), primary_key=True),
    Column("text", Text, nullable=False),
    Column("revision", Integer, ForeignKey("revision.number"), nullable=False),
)

repeal = Table(
    "repeal",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("title", String(300), nullable=False),
    Column("day", Date, nullable=False),
    Column("by", String(300), nullable=False),
    Column("source", Text, nullable=False),
    Column("revision", Integer, ForeignKey("revision.number"), nullable=False),
    UniqueConstraint("title", "day", "by"),
)

record = Table(
    "record",
    metadata,
    Column("entry", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(20), nullable=False),
    Column("id", String(200), nullable=False),
    Column("instrument", Text, nullable=False),
    Column("valid_from", Date),
    Column("body", Text, nullable=False),
    Column("revision", Integer, ForeignKey("revision.number"), nullable=False),
    Column("retired", Integer),
    Index("record_kind_id", "kind", "id"),
)

# A draft is outside the two times: no snapshot sees it until a second person approves its records.
draft = Table(
    "draft",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("at", String(40), nullable=False),
    Column("author", String(80), nullable=False),
    Column("note", Text, nullable=False),
    Column("read_at", Integer, nullable=False),
)

draft_record = Table(
    "draft_record",
    metadata,
    Column("draft", Integer, ForeignKey("draft.number"), primary_key=True),
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(20), nullable=False),
    Column("id", String(200), nullable=False),
    Column("body", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("state", String(10), nullable=False),
    Column("decided_by", String(80), nullable=False, default=""),
    Column("decided_at", String(40), nullable=False, default=""),
    Column("why", Text, nullable=False, default=""),
    Column("revision", Integer, ForeignKey("revision.number")),
)

# What stored papers cite and rest on; upper rooms register their rows when they store one (`kb.uses`).
# A row without a law: it was read, and cites nothing.
citation_uses = Table(
    "citation_uses",
    metadata,
    Column("kind", String(20), primary_key=True),
    Column("id", String(200), primary_key=True),
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    Column("place", Text, nullable=False),
    Column("law", String(300), nullable=False),
    Column("version", Date),
    Column("article", String(20), nullable=False),
    Column("paragraph", Integer),
    Column("item", Integer),
    Column("day", Date),
    Index("citation_uses_law", "law", "article"),
)

record_uses = Table(
    "record_uses",
    metadata,
    Column("kind", String(20), primary_key=True),
    Column("id", String(200), primary_key=True),
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    Column("record_kind", String(20), nullable=False),
    Column("record_id", String(200), nullable=False),
    Column("valid_from", Date),
    Index("record_uses_record", "record_id", "record_kind"),
)

import_log = Table(
    "import_log",
    metadata,
    Column("path", Text, primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("outcome", String(20), nullable=False),
    Column("reason", Text, nullable=False),
)
