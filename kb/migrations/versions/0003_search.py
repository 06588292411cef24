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
        sa.Column("average", sa.Double, nullable=False),
    )
    op.create_table(
        "search_document",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("entry", sa.BigInteger, nullable=False),
        sa.Column("facets", sa.LargeBinary, nullable=False),
        sa.Column("length", sa.Integer, nullable=False),
        sa.Column("alive", sa.Boolean, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("card", sa.Text, nullable=False),
    )
    op.create_index("search_document_entry", "search_document", ["entry"])
    op.create_index("search_document_revision", "search_document", ["revision"])
    op.create_table(
        "search_posting",
        sa.Column("token", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("block", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("held", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "search_name",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    )
    op.create_index("search_name_start", "search_name", ["name"], postgresql_ops={"name": "text_pattern_ops"})
    op.create_index("search_name_number", "search_name", ["number"])
    # Postings are short byte strings that don't compress: asking costs more than it saves.
    op.execute("alter table search_posting alter held set storage external")
