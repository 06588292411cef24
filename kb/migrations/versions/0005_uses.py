"""What stored papers cite and rest on.

Revision ID: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "citation_uses",
        sa.Column("kind", sa.String(20), primary_key=True),
        sa.Column("id", sa.String(200), primary_key=True),
        sa.Column("ordinal", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("law", sa.String(300), nullable=False),
        sa.Column("version", sa.Date),
        sa.Column("article", sa.String(20), nullable=False),
        sa.Column("paragraph", sa.Integer),
        sa.Column("item", sa.Integer),
        sa.Column("day", sa.Date),
    )
    op.create_index("citation_uses_law", "citation_uses", ["law", "article"])
    op.create_table(
        "record_uses",
        sa.Column("kind", sa.String(20), primary_key=True),
        sa.Column("id", sa.String(200), primary_key=True),
        sa.Column("ordinal", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("record_kind", sa.String(20), nullable=False),
        sa.Column("record_id", sa.String(200), nullable=False),
        sa.Column("valid_from", sa.Date),
    )
    op.create_index("record_uses_record", "record_uses", ["record_id", "record_kind"])
