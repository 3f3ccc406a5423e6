"""The journey: akseptor, consents, bookings, services, deeds and the ledger that only grows."""

import sqlalchemy as sa
from alembic import op

from campaign.database import Moment

revision = "0004"
down_revision = "0003"

# The ledger is append-only for the application, whatever its code says.
APPEND_ONLY = {
    "sqlite": [
        """CREATE TRIGGER step_no_update BEFORE UPDATE ON step
           BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END""",
        """CREATE TRIGGER step_no_delete BEFORE DELETE ON step
           BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END""",
    ],
    "postgresql": [
        """CREATE FUNCTION refuse_ledger_change() RETURNS trigger LANGUAGE plpgsql AS
           $$ BEGIN RAISE EXCEPTION 'the ledger is append-only'; END $$""",
        """CREATE TRIGGER step_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON step
           FOR EACH STATEMENT EXECUTE FUNCTION refuse_ledger_change()""",
    ],
}


def upgrade():
    op.create_table(
        "akseptor",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("desa_code", sa.String(length=13), nullable=True),
        sa.Column("rt", sa.String(length=3), nullable=False),
        sa.Column("rw", sa.String(length=3), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("nik_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("nik_index", sa.LargeBinary(length=16), nullable=True),
        sa.Column("no_nik_reason", sa.String(length=24), nullable=True),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("address_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("method_sealed", sa.LargeBinary(), nullable=False),
        sa.Column(
            "participant",
            sa.Enum(
                "belum",
                "baru",
                "kbpp",
                "ganti_cara",
                "ulangan",
                "komplikasi",
                name="participant",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "registered",
                "booked",
                "attended",
                "served",
                "deferred",
                "referred",
                "no_show",
                "withdrawn",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("deferred_until", sa.Date(), nullable=True),
        sa.Column("is_counselled", sa.Boolean(), nullable=False),
        sa.Column("has_nik", sa.Boolean(), nullable=False),
        sa.Column("kader_id", sa.Uuid(), nullable=True),
        sa.Column("registered_at", Moment(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "desa_code IS NOT NULL OR address_sealed IS NOT NULL", name=op.f("ck_akseptor_lives_somewhere")
        ),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_akseptor_campaign_id")),
        sa.ForeignKeyConstraint(["desa_code"], ["desa.code"], name=op.f("fk_akseptor_desa_code")),
        sa.ForeignKeyConstraint(["kader_id"], ["person.id"], name=op.f("fk_akseptor_kader_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_akseptor")),
        sa.UniqueConstraint("campaign_id", "nik_index", name=op.f("uq_akseptor_campaign_id_nik_index")),
    )
    with op.batch_alter_table("akseptor", schema=None) as batch_op:
        batch_op.create_index(
            "ix_akseptor_campaign_id_desa_code_status", ["campaign_id", "desa_code", "status"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_akseptor_kader_id"), ["kader_id"], unique=False)

    op.create_table(
        "deed",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("answer", sa.String(length=80), nullable=True),
        sa.Column("done_at", Moment(), nullable=True),
        sa.Column("written_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_deed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deed")),
        sa.UniqueConstraint("by_id", "key", name=op.f("uq_deed_by_id_key")),
    )
    op.create_table(
        "booking",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("akseptor_id", sa.Uuid(), nullable=False),
        sa.Column("service_day_id", sa.Uuid(), nullable=False),
        sa.Column("booked_at", Moment(), nullable=False),
        sa.Column("arrived_at", Moment(), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "cancelled",
                "moved",
                "served",
                "deferred",
                "referred",
                "missed",
                "withdrew",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("holds_seat", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["akseptor_id"], ["akseptor.id"], name=op.f("fk_booking_akseptor_id")),
        sa.ForeignKeyConstraint(["service_day_id"], ["service_day.id"], name=op.f("fk_booking_service_day_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking")),
    )
    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_booking_akseptor_id"), ["akseptor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_booking_service_day_id"), ["service_day_id"], unique=False)
        batch_op.create_index(
            "uq_booking_akseptor_id_open",
            ["akseptor_id"],
            unique=True,
            sqlite_where=sa.text("outcome IS NULL"),
            postgresql_where=sa.text("outcome IS NULL"),
        )

    op.create_table(
        "consent",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("akseptor_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "data", "counselled", "informed", name="kind", native_enum=False, create_constraint=True, length=24
            ),
            nullable=False,
        ),
        sa.Column("is_given", sa.Boolean(), nullable=False),
        sa.Column("text_version", sa.String(length=24), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("given_at", Moment(), nullable=False),
        sa.Column("withdrawn_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["akseptor_id"], ["akseptor.id"], name=op.f("fk_consent_akseptor_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_consent_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consent_akseptor_id"), ["akseptor_id"], unique=False)

    op.create_table(
        "step",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("deed_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("akseptor_id", sa.Uuid(), nullable=False),
        sa.Column(
            "before",
            sa.Enum(
                "registered",
                "booked",
                "attended",
                "served",
                "deferred",
                "referred",
                "no_show",
                "withdrawn",
                name="before",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "register",
                "book",
                "cancel",
                "attend",
                "serve",
                "defer",
                "refer",
                "miss",
                "withdraw",
                "correct",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "after",
            sa.Enum(
                "registered",
                "booked",
                "attended",
                "served",
                "deferred",
                "referred",
                "no_show",
                "withdrawn",
                name="after",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=24), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("corrects_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("done_at", Moment(), nullable=True),
        sa.Column("written_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["akseptor_id"], ["akseptor.id"], name=op.f("fk_step_akseptor_id")),
        sa.ForeignKeyConstraint(["corrects_id"], ["step.id"], name=op.f("fk_step_corrects_id")),
        sa.ForeignKeyConstraint(["deed_id"], ["deed.id"], name=op.f("fk_step_deed_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step")),
    )
    with op.batch_alter_table("step", schema=None) as batch_op:
        batch_op.create_index("ix_step_akseptor_id_id", ["akseptor_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_step_deed_id"), ["deed_id"], unique=False)

    op.create_table(
        "service",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("akseptor_id", sa.Uuid(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("served_on", sa.Date(), nullable=False),
        sa.Column("method_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("wanted_sealed", sa.LargeBinary(), nullable=False),
        sa.Column(
            "participant",
            sa.Enum(
                "belum",
                "baru",
                "kbpp",
                "ganti_cara",
                "ulangan",
                "komplikasi",
                name="participant",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("has_informed_consent", sa.Boolean(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("undone_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["akseptor_id"], ["akseptor.id"], name=op.f("fk_service_akseptor_id")),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_service_booking_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_service_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service")),
    )
    with op.batch_alter_table("service", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_service_booking_id"), ["booking_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_service_served_on"), ["served_on"], unique=False)
        batch_op.create_index(
            "uq_service_akseptor_id_standing",
            ["akseptor_id"],
            unique=True,
            sqlite_where=sa.text("undone_at IS NULL"),
            postgresql_where=sa.text("undone_at IS NULL"),
        )

    for statement in APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade():
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER step_append_only ON step")
        op.execute("DROP FUNCTION refuse_ledger_change")
    with op.batch_alter_table("service", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_service_akseptor_id_standing",
            sqlite_where=sa.text("undone_at IS NULL"),
            postgresql_where=sa.text("undone_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_service_served_on"))
        batch_op.drop_index(batch_op.f("ix_service_booking_id"))

    op.drop_table("service")
    with op.batch_alter_table("step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_step_deed_id"))
        batch_op.drop_index("ix_step_akseptor_id_id")

    op.drop_table("step")
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consent_akseptor_id"))

    op.drop_table("consent")
    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_booking_akseptor_id_open",
            sqlite_where=sa.text("outcome IS NULL"),
            postgresql_where=sa.text("outcome IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_booking_service_day_id"))
        batch_op.drop_index(batch_op.f("ix_booking_akseptor_id"))

    op.drop_table("booking")
    op.drop_table("deed")
    with op.batch_alter_table("akseptor", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_akseptor_kader_id"))
        batch_op.drop_index("ix_akseptor_campaign_id_desa_code_status")

    op.drop_table("akseptor")
