"""The village: the couple, how names sound, paper sheets, transfers, merges, and what a phone has not sent yet."""

import sqlalchemy as sa
from alembic import op

from campaign.database import Moment
from campaign.rules import sounds

revision = "0010"
down_revision = "0009"

KINDS = ["register", "book", "cancel", "attend", "serve", "defer", "refer", "miss", "withdraw", "correct", "retract"]
STATUSES = ["registered", "booked", "attended", "served", "deferred", "referred", "no_show", "withdrawn"]
# A table that is made anew on SQLite loses its triggers.
LEDGER_TRIGGERS = (
    """CREATE TRIGGER IF NOT EXISTS step_no_update BEFORE UPDATE ON step
       BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END""",
    """CREATE TRIGGER IF NOT EXISTS step_no_delete BEFORE DELETE ON step
       WHEN NOT EXISTS (SELECT 1 FROM akseptor a JOIN campaign c ON c.id = a.campaign_id
                        WHERE a.id = OLD.akseptor_id AND c.is_rehearsal)
       BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END""",
)


def kinds_of_step(kinds: list[str]) -> None:
    with op.batch_alter_table("step") as step:
        step.drop_constraint(op.f("ck_step_kind"), type_="check")
        step.create_check_constraint(op.f("ck_step_kind"), f"kind IN ({', '.join(repr(kind) for kind in kinds)})")
    if op.get_bind().dialect.name == "sqlite":
        for trigger in LEDGER_TRIGGERS:
            op.execute(trigger)


def upgrade():
    op.add_column("device", sa.Column("unsent", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("device", sa.Column("parked", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("device", sa.Column("oldest_unsent_at", Moment(), nullable=True))
    op.add_column("device", sa.Column("told_at", Moment(), nullable=True))
    op.add_column("deed", sa.Column("phone_ahead", sa.Integer(), nullable=True))
    op.add_column("akseptor", sa.Column("couple_sealed", sa.LargeBinary(), nullable=True))
    op.add_column("akseptor", sa.Column("sound", sa.String(length=120), nullable=False, server_default=""))
    op.add_column("akseptor", sa.Column("paper_row", sa.String(length=12), nullable=True))
    _hear_names()
    op.create_index("uq_akseptor_campaign_id_paper_row", "akseptor", ["campaign_id", "paper_row"], unique=True)
    by_desa = ["campaign_id", "desa_code", "sound", "birth_date"]
    op.create_index("ix_akseptor_campaign_id_desa_code_sound", "akseptor", by_desa)
    op.create_index("ix_akseptor_campaign_id_birth_date_sound", "akseptor", ["campaign_id", "birth_date", "sound"])
    op.create_table(
        "paper_sheet",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=6), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("desa_code", sa.String(length=13), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("printed_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_paper_sheet_by_id")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_paper_sheet_campaign_id")),
        sa.ForeignKeyConstraint(["desa_code"], ["desa.code"], name=op.f("fk_paper_sheet_desa_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_sheet")),
        sa.UniqueConstraint("code", name=op.f("uq_paper_sheet_code")),
    )
    op.create_index(op.f("ix_paper_sheet_campaign_id"), "paper_sheet", ["campaign_id"])
    op.create_table(
        "transfer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("akseptor_id", sa.Uuid(), nullable=False),
        sa.Column("from_desa_code", sa.String(length=13), nullable=False),
        sa.Column("to_desa_code", sa.String(length=13), nullable=False),
        sa.Column("to_rt", sa.String(length=3), nullable=False),
        sa.Column("to_rw", sa.String(length=3), nullable=False),
        sa.Column("why", sa.String(length=200), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", Moment(), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.Column("is_accepted", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(["akseptor_id"], ["akseptor.id"], name=op.f("fk_transfer_akseptor_id")),
        sa.ForeignKeyConstraint(["from_desa_code"], ["desa.code"], name=op.f("fk_transfer_from_desa_code")),
        sa.ForeignKeyConstraint(["to_desa_code"], ["desa.code"], name=op.f("fk_transfer_to_desa_code")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["person.id"], name=op.f("fk_transfer_proposed_by_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_transfer_decided_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer")),
    )
    waiting = {"sqlite_where": sa.text("decided_at IS NULL"), "postgresql_where": sa.text("decided_at IS NULL")}
    op.create_index("uq_transfer_akseptor_id_open", "transfer", ["akseptor_id"], unique=True, **waiting)
    op.create_table(
        "merge",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kept_id", sa.Uuid(), nullable=False),
        sa.Column("gone_id", sa.Uuid(), nullable=False),
        sa.Column(
            "gone_status",
            sa.Enum(*STATUSES, name="gone_status", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("undone_by_id", sa.Uuid(), nullable=True),
        sa.Column("undone_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["kept_id"], ["akseptor.id"], name=op.f("fk_merge_kept_id")),
        sa.ForeignKeyConstraint(["gone_id"], ["akseptor.id"], name=op.f("fk_merge_gone_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_merge_by_id")),
        sa.ForeignKeyConstraint(["undone_by_id"], ["person.id"], name=op.f("fk_merge_undone_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merge")),
    )
    op.create_index(op.f("ix_merge_kept_id"), "merge", ["kept_id"])
    op.create_index(op.f("ix_merge_gone_id"), "merge", ["gone_id"])
    op.create_table(
        "not_same",
        sa.Column("one_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["one_id"], ["akseptor.id"], name=op.f("fk_not_same_one_id")),
        sa.ForeignKeyConstraint(["other_id"], ["akseptor.id"], name=op.f("fk_not_same_other_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_not_same_by_id")),
        sa.PrimaryKeyConstraint("one_id", "other_id", name=op.f("pk_not_same")),
    )
    op.create_index(op.f("ix_not_same_other_id"), "not_same", ["other_id"])
    kinds_of_step([*KINDS, "transfer", "merge", "unmerge"])


def _hear_names():
    akseptor = sa.table("akseptor", sa.column("id", sa.Uuid()), sa.column("name"), sa.column("sound"))
    heard = [
        {"row": id, "heard": sounds.key(name)}
        for id, name in op.get_bind().execute(sa.select(akseptor.c.id, akseptor.c.name))
    ]
    if heard:
        hearing = sa.update(akseptor).where(akseptor.c.id == sa.bindparam("row")).values(sound=sa.bindparam("heard"))
        op.get_bind().execute(hearing, heard)


def downgrade():
    kinds_of_step(KINDS)
    for table in ("not_same", "merge", "transfer", "paper_sheet"):
        op.drop_table(table)
    op.drop_index("ix_akseptor_campaign_id_birth_date_sound", "akseptor")
    op.drop_index("ix_akseptor_campaign_id_desa_code_sound", "akseptor")
    op.drop_index("uq_akseptor_campaign_id_paper_row", "akseptor")
    for column in ("paper_row", "sound", "couple_sealed"):
        op.drop_column("akseptor", column)
    op.drop_column("deed", "phone_ahead")
    for column in ("told_at", "oldest_unsent_at", "parked", "unsent"):
        op.drop_column("device", column)
