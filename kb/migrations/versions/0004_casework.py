"""Cases, their papers, numbers, ledgers and log. The log and the revisions of cases are append-only.

Revision ID: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

APPEND_ONLY = ("case_revision", "audit_log")


def _text(name: str, length: int | None = None, *, primary_key: bool = False) -> sa.Column[str]:
    kind = sa.String(length) if length else sa.Text()
    return sa.Column(name, kind, nullable=False, primary_key=primary_key)


def upgrade() -> None:
    op.create_table(
        "case_file",
        _text("id", 200, primary_key=True),
        sa.Column("revision", sa.Integer, nullable=False),
        _text("body"),
        _text("fault"),
        _text("state", 10),
        _text("stage", 10),
        _text("cause"),
        _text("domains"),
        _text("officers"),
        _text("parties"),
        _text("author", 80),
        _text("at", 40),
    )
    op.create_index("case_file_at", "case_file", ["at"])
    op.create_table(
        "case_revision",
        sa.Column("case", sa.String(200), sa.ForeignKey("case_file.id"), primary_key=True),
        sa.Column("revision", sa.Integer, primary_key=True, autoincrement=False),
        _text("body"),
        sa.Column("day", sa.Date, nullable=False),
        _text("author", 80),
        _text("at", 40),
        _text("note"),
    )
    op.create_table(
        "case_autosave",
        _text("case", 200, primary_key=True),
        _text("author", 80, primary_key=True),
        _text("body"),
        sa.Column("revision", sa.Integer, nullable=False),
        _text("at", 40),
    )
    op.create_table(
        "content",
        _text("sha256", 64, primary_key=True),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "document",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("case", sa.String(200), sa.ForeignKey("case_file.id")),
        sa.Column("revision", sa.Integer),
        _text("type", 60),
        _text("key", 80),
        sa.Column("party", sa.Integer, nullable=False),
        _text("code", 80),
        sa.Column("year", sa.Integer),
        sa.Column("number", sa.Integer),
        _text("number_text", 200),
        sa.Column("day", sa.Date),
        _text("state", 10),
        sa.Column("sha256", sa.String(64), sa.ForeignKey("content.sha256")),
        _text("provenance"),
        _text("holder", 80),
        _text("author", 80),
        _text("at", 40),
        _text("why"),
        sa.UniqueConstraint("code", "year", "number"),
    )
    op.create_index("document_case", "document", ["case"])
    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("document", sa.Integer, sa.ForeignKey("document.id"), nullable=False),
        _text("kind", 10),
        _text("name", 200),
        _text("media", 100),
        sa.Column("sha256", sa.String(64), sa.ForeignKey("content.sha256"), nullable=False),
        _text("author", 80),
        _text("at", 40),
        _text("findings"),
    )
    op.create_index("attachment_document", "attachment", ["document"])
    op.create_table(
        "counter",
        _text("ledger", 40, primary_key=True),
        sa.Column("year", sa.Integer, primary_key=True, autoincrement=False),
        _text("code", 80, primary_key=True),
        sa.Column("value", sa.Integer, nullable=False),
        sa.Column("first", sa.Integer, nullable=False),
    )
    op.create_table(
        "ledger_row",
        _text("ledger", 40, primary_key=True),
        sa.Column("year", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("case", sa.String(200), sa.ForeignKey("case_file.id")),
        sa.Column("document", sa.Integer, sa.ForeignKey("document.id")),
        _text("cells"),
        _text("state", 10),
        _text("author", 80),
        _text("at", 40),
        _text("why"),
    )
    op.create_index("ledger_row_case", "ledger_row", ["case"])
    op.create_index("ledger_row_document", "ledger_row", ["document"])
    op.create_table(
        "audit_log",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        _text("at", 40),
        _text("who", 80),
        _text("what", 20),
        _text("case", 200),
        _text("body"),
        _text("previous", 64),
        _text("hash", 64),
    )
    op.create_index("audit_log_case", "audit_log", ["case"])
    _refuse_changes()


def _refuse_changes() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in APPEND_ONLY:
            for deed in ("update", "delete"):
                op.execute(
                    f"create trigger {table}_no_{deed} before {deed} on {table} "
                    f"begin select raise(abort, '{table} is append-only'); end"
                )
        return
    op.execute(
        "create function append_only() returns trigger language plpgsql as "
        "$$ begin raise exception '% is append-only', tg_table_name; end $$"
    )
    for table in APPEND_ONLY:
        op.execute(
            f"create trigger {table}_append_only before update or delete or truncate on {table} "
            "for each statement execute function append_only()"
        )
