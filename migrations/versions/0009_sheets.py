"""Sheets of the office: the file on its way in, its rows and what became of them."""

import sqlalchemy as sa
from alembic import op

from campaign.database import Moment

revision = "0009"
down_revision = "0008"


def one_of(name, *words):
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=24)


def upgrade():
    op.create_table(
        "import",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kabupaten_code", sa.String(length=5), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=True),
        sa.Column("kind", one_of("sheet_kind", "akseptor", "kader", "hari", "bobot"), nullable=False),
        sa.Column("file_name", sa.String(length=120), nullable=False),
        sa.Column("file_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column(
            "state",
            one_of("sheet_state", "reading", "ready", "applying", "applied", "undoing", "undone", "failed"),
            nullable=False,
        ),
        sa.Column("sentence", sa.String(length=400), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("of", sa.Integer(), nullable=False),
        sa.Column("beat_at", Moment(), nullable=False),
        sa.Column("tables", sa.JSON(), nullable=False),
        sa.Column("totals", sa.JSON(), nullable=False),
        sa.Column("applied_at", Moment(), nullable=True),
        sa.Column("undone_at", Moment(), nullable=True),
        sa.Column("kept_until", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_import_by_id")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_import_campaign_id")),
        sa.ForeignKeyConstraint(["kabupaten_code"], ["kabupaten.code"], name=op.f("fk_import_kabupaten_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import")),
    )
    for column in ("campaign_id", "kabupaten_code", "kept_until"):
        op.create_index(op.f(f"ix_import_{column}"), "import", [column])
    op.create_table(
        "import_row",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("sheet_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("row_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "verdict", one_of("verdict", "diimpor", "peringatan", "ganda", "ditolak", "bukan_data"), nullable=False
        ),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("made_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["import_id"], ["import.id"], name=op.f("fk_import_row_import_id")),
        sa.PrimaryKeyConstraint("import_id", "sheet_no", "row_no", name=op.f("pk_import_row")),
    )
    op.create_index("ix_import_row_import_id_verdict", "import_row", ["import_id", "verdict"])


def downgrade():
    op.drop_table("import_row")
    op.drop_table("import")
