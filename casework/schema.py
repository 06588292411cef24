"""The tables of casework, in the database of the base.

`case_revision` and `audit_log` are append-only: the database itself refuses to change or delete their rows.
Numbers are rows too: every number a series ever gave stands in `document`, as 预领, 已签发 or 作废.
"""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData()

# A case as it stands. What a list shows and filters by stands in columns, so a list reads no body.
case_file = Table(
    "case_file",
    metadata,
    Column("id", String(200), primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Column("fault", Text, nullable=False),
    Column("state", String(10), nullable=False),
    Column("stage", String(10), nullable=False),
    Column("cause", Text, nullable=False),
    Column("domains", Text, nullable=False),
    Column("officers", Text, nullable=False),
    Column("parties", Text, nullable=False),
    Column("author", String(80), nullable=False),
    Column("at", String(40), nullable=False),
    Index("case_file_at", "at"),
)

# Two times: `day` is when what was entered happened, `at` when it was entered.
case_revision = Table(
    "case_revision",
    metadata,
    Column("case", String(200), ForeignKey("case_file.id"), primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("body", Text, nullable=False),
    Column("day", Date, nullable=False),
    Column("author", String(80), nullable=False),
    Column("at", String(40), nullable=False),
    Column("note", Text, nullable=False),
)

# What somebody was typing: one row a person and case, gone when the case is saved.
case_autosave = Table(
    "case_autosave",
    metadata,
    Column("case", String(200), primary_key=True),
    Column("author", String(80), primary_key=True),
    Column("body", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("at", String(40), nullable=False),
)

content = Table(
    "content",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("size", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
)

document = Table(
    "document",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("case", String(200), ForeignKey("case_file.id")),
    Column("revision", Integer),
    Column("type", String(60), nullable=False),
    Column("key", String(80), nullable=False),
    Column("party", Integer, nullable=False),
    Column("code", String(80), nullable=False),
    Column("year", Integer),
    Column("number", Integer),
    Column("number_text", String(200), nullable=False),
    Column("day", Date),
    Column("state", String(10), nullable=False),
    Column("sha256", String(64), ForeignKey("content.sha256")),
    Column("provenance", Text, nullable=False),
    Column("holder", String(80), nullable=False),
    Column("author", String(80), nullable=False),
    Column("at", String(40), nullable=False),
    Column("why", Text, nullable=False),
    UniqueConstraint("code", "year", "number"),
    Index("document_case", "case"),
)

attachment = Table(
    "attachment",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("document", Integer, ForeignKey("document.id"), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("name", String(200), nullable=False),
    Column("media", String(100), nullable=False),
    Column("sha256", String(64), ForeignKey("content.sha256"), nullable=False),
    Column("author", String(80), nullable=False),
    Column("at", String(40), nullable=False),
    Column("findings", Text, nullable=False),
    Index("attachment_document", "document"),
)

counter = Table(
    "counter",
    metadata,
    Column("ledger", String(40), primary_key=True),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("code", String(80), primary_key=True),
    Column("value", Integer, nullable=False),
    Column("first", Integer, nullable=False),
)

ledger_row = Table(
    "ledger_row",
    metadata,
    Column("ledger", String(40), primary_key=True),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("day", Date, nullable=False),
    Column("case", String(200), ForeignKey("case_file.id")),
    Column("document", Integer, ForeignKey("document.id")),
    Column("cells", Text, nullable=False),
    Column("state", String(10), nullable=False),
    Column("author", String(80), nullable=False),
    Column("at", String(40), nullable=False),
    Column("why", Text, nullable=False),
    Index("ledger_row_case", "case"),
    Index("ledger_row_document", "document"),
)

audit_log = Table(
    "audit_log",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", String(40), nullable=False),
    Column("who", String(80), nullable=False),
    Column("what", String(20), nullable=False),
    Column("case", String(200), nullable=False),
    Column("body", Text, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Index("audit_log_case", "case"),
)
