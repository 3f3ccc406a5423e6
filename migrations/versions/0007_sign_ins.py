"""Ways in: activation cards, known devices, and what the office did to an account."""

import sqlalchemy as sa
from alembic import op

from campaign.database import Moment

revision = "0007"
down_revision = "0006"


def upgrade():
    op.create_table(
        "person_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("what", sa.String(length=24), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_person_change_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_change_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_change")),
    )
    op.create_index(op.f("ix_person_change_person_id"), "person_change", ["person_id"])
    op.create_table(
        "activation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("words_index", sa.LargeBinary(length=32), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("deed_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("ends_at", Moment(), nullable=False),
        sa.Column("used_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["deed_id"], ["deed.id"], name=op.f("fk_activation_deed_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_activation_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_activation_token_hash")),
    )
    op.create_index(op.f("ix_activation_person_id"), "activation", ["person_id"])
    op.create_index(op.f("ix_activation_deed_id"), "activation", ["deed_id"])
    op.create_table(
        "device",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("pin_hash", sa.String(length=200), nullable=True),
        sa.Column("pin_tries", sa.Integer(), nullable=False),
        sa.Column("enrolled_at", Moment(), nullable=False),
        sa.Column("seen_at", Moment(), nullable=False),
        sa.Column("revoked_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_device_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_device_token_hash")),
    )
    op.create_index(op.f("ix_device_person_id"), "device", ["person_id"])
    op.add_column("person", sa.Column("phone_sealed", sa.LargeBinary(), nullable=True))
    for table in ("sign_in", "sign_in_try"):
        refer(table, "device_id", to="device")
    op.create_index(op.f("ix_sign_in_device_id"), "sign_in", ["device_id"])
    op.create_index(op.f("ix_sign_in_try_address"), "sign_in_try", ["address"])
    op.create_index(op.f("ix_sign_in_try_device_id"), "sign_in_try", ["device_id"])
    op.add_column("sign_in_try", sa.Column("is_wrong", sa.Boolean(), nullable=False, server_default=sa.true()))
    # Who still has the passphrase somebody else gave her gets a card instead.
    op.execute("UPDATE person SET password_hash = '!' WHERE must_change_password")
    op.drop_column("person", "must_change_password")


def refer(table: str, column: str, *, to: str) -> None:
    """Add a column that points at another table. Said in SQL: SQLite would otherwise write the table anew."""
    kind = "CHAR(32)" if op.get_bind().dialect.name == "sqlite" else "UUID"
    op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind} CONSTRAINT fk_{table}_{column} REFERENCES {to} (id)")


def downgrade():
    op.add_column("person", sa.Column("must_change_password", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("sign_in_try") as tries:
        tries.drop_index(op.f("ix_sign_in_try_address"))
        tries.drop_index(op.f("ix_sign_in_try_device_id"))
        tries.drop_column("device_id")
        tries.drop_column("is_wrong")
    with op.batch_alter_table("sign_in") as sign_in:
        sign_in.drop_index(op.f("ix_sign_in_device_id"))
        sign_in.drop_column("device_id")
    op.drop_column("person", "phone_sealed")
    for table in ("device", "activation", "person_change"):
        op.drop_table(table)
