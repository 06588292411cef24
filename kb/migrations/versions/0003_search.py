"""Search in PostgreSQL: documents, postings, names. On SQLite the index is a folder: nothing to do.

Revision ID: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    # What a revision changed is looked up by its number when the index follows it.
    for table in ("record", "article", "law_version"):
        op.create_index(f"{table}_written", table, ["revision"])
        op.create_index(f"{table}_gone", table, ["retired"])
    op.create_table(
        "search_state",
        sa.Column("one", sa.Boolean, primary_key=True),
        sa.Column("format", sa.Integer, nullable=False),
        sa.Column("build", sa.Integer, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("documents", sa.Integer, nullable=False),
        sa.Column("living", sa.Integer, nullable=False),
    )
    op.create_table(
        "search_document",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("entry", sa.BigInteger, nullable=False),
        sa.Column("thing", sa.BigInteger, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("facets", sa.LargeBinary, nullable=False),
        sa.Column("length", sa.Integer, nullable=False),
        sa.Column("alive", sa.Boolean, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("card", sa.Text, nullable=False),
    )
    for column in ("entry", "thing", "version", "revision"):
        op.create_index(f"search_document_{column}", "search_document", [column])
    op.create_table(
        "search_posting",
        sa.Column("token", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("block", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("held", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "search_keyword",
        sa.Column("field", sa.String(10), primary_key=True),
        sa.Column("word", sa.Text, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
    )
    op.create_index("search_keyword_number", "search_keyword", ["number"])
    # Postings are short byte strings that don't compress: asking costs more than it saves.
    op.execute("alter table search_posting alter held set storage external")
