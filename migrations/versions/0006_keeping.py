"""What the house keeps for itself: access log, key check, leases of the clock."""

import sqlalchemy as sa
from alembic import op

from campaign.database import Moment

revision = "0006"
down_revision = "0005"


def upgrade():
    op.create_table(
        "key_check",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("value", sa.LargeBinary(length=8), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_key_check")),
    )
    op.create_table(
        "lease",
        sa.Column("job", sa.String(length=40), nullable=False),
        sa.Column("held_until", Moment(), nullable=True),
        sa.Column("last_run_at", Moment(), nullable=True),
        sa.Column("last_answer", sa.String(length=400), nullable=False),
        sa.PrimaryKeyConstraint("job", name=op.f("pk_lease")),
    )
    op.create_table(
        "access_log",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(length=24), nullable=False),
        sa.Column("akseptor_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(length=24), nullable=True),
        sa.ForeignKeyConstraint(["akseptor_id"], ["akseptor.id"], name=op.f("fk_access_log_akseptor_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_access_log_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_log")),
    )
    with op.batch_alter_table("access_log", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_access_log_akseptor_id"), ["akseptor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_access_log_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_access_log_by_id"), ["by_id"], unique=False)


def downgrade():
    with op.batch_alter_table("access_log", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_access_log_by_id"))
        batch_op.drop_index(batch_op.f("ix_access_log_at"))
        batch_op.drop_index(batch_op.f("ix_access_log_akseptor_id"))

    op.drop_table("access_log")
    op.drop_table("lease")
    op.drop_table("key_check")
