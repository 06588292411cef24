"""The first tables.

Revision ID: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "revision",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("author", sa.String(80), nullable=False),
        sa.Column("approved_by", sa.String(80), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
    )
    op.create_table(
        "sequence",
        sa.Column("name", sa.String(20), primary_key=True),
        sa.Column("value", sa.Integer, nullable=False),
    )
    op.create_table(
        "law_version",
        sa.Column("key", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("adopted", sa.Date),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("revision", sa.Integer, sa.ForeignKey("revision.number"), nullable=False),
        sa.Column("retired", sa.Integer),
    )
    op.create_index("law_version_title", "law_version", ["title"])
    op.create_table(
        "article",
        sa.Column("entry", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("version_key", sa.Integer, sa.ForeignKey("law_version.key"), nullable=False),
        sa.Column("ordinal", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("suffix", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("chapter", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("paragraphs", sa.Text, nullable=False),
        sa.Column("has_text", sa.Boolean, nullable=False),
        sa.Column("revision", sa.Integer, sa.ForeignKey("revision.number"), nullable=False),
        sa.Column("retired", sa.Integer),
    )
    op.create_index("article_version", "article", ["version_key"])
    op.create_index("article_revision", "article", ["revision"])
    op.create_table(
        "summary",
        sa.Column("title", sa.String(300), primary_key=True),
        sa.Column("article", sa.String(20), primary_key=True),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("revision", sa.Integer, sa.ForeignKey("revision.number"), nullable=False),
    )
    op.create_table(
        "repeal",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("by", sa.String(300), nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("revision", sa.Integer, sa.ForeignKey("revision.number"), nullable=False),
        sa.UniqueConstraint("title", "day", "by"),
    )
    op.create_table(
        "record",
        sa.Column("entry", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("id", sa.String(200), nullable=False),
        sa.Column("instrument", sa.Text, nullable=False),
        sa.Column("valid_from", sa.Date),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("revision", sa.Integer, sa.ForeignKey("revision.number"), nullable=False),
        sa.Column("retired", sa.Integer),
    )
    op.create_index("record_kind_id", "record", ["kind", "id"])
    op.create_table(
        "import_log",
        sa.Column("path", sa.Text, primary_key=True),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
    )
