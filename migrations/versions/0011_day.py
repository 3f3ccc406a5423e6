"""The puskesmas's day: seats by method, stock, waiting, referrals, what the registers ask, and what comes after the service."""

import sqlalchemy as sa
from alembic import op

from campaign.database import Moment

revision = "0011"
down_revision = "0010"

OUTCOMES = ["cancelled", "moved", "served", "deferred", "referred", "missed", "withdrew"]


def _outcomes_of_booking(outcomes: list[str]) -> None:
    with op.batch_alter_table("booking") as booking:
        booking.drop_constraint(op.f("ck_booking_outcome"), type_="check")
        booking.create_check_constraint(op.f("ck_booking_outcome"), f"outcome IN ({', '.join(map(repr, outcomes))})")


def upgrade():
    op.create_table(
        "after_plan",
        sa.Column("kabupaten_code", sa.String(length=5), nullable=False),
        sa.Column(
            "method",
            sa.Enum(
                "belum",
                "suntik_1",
                "suntik_3_kombinasi",
                "suntik_3_progestin",
                "pil_kombinasi",
                "pil_progestin",
                "kondom",
                "implan",
                "implan_1",
                "implan_2",
                "iud",
                "mop",
                "mow",
                name="method",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("visit_days", sa.JSON(), nullable=False),
        sa.Column("lasts_months", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["kabupaten_code"], ["kabupaten.code"], name=op.f("fk_after_plan_kabupaten_code")),
        sa.PrimaryKeyConstraint("kabupaten_code", "method", name=op.f("pk_after_plan")),
    )
    op.create_table(
        "defer_reason",
        sa.Column("kabupaten_code", sa.String(length=5), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.Column("wait_days", sa.Integer(), nullable=True),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("is_used", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["kabupaten_code"], ["kabupaten.code"], name=op.f("fk_defer_reason_kabupaten_code")),
        sa.PrimaryKeyConstraint("kabupaten_code", "code", name=op.f("pk_defer_reason")),
    )
    op.create_table(
        "stock",
        sa.Column("puskesmas_id", sa.Uuid(), nullable=False),
        sa.Column(
            "method",
            sa.Enum(
                "belum",
                "suntik_1",
                "suntik_3_kombinasi",
                "suntik_3_progestin",
                "pil_kombinasi",
                "pil_progestin",
                "kondom",
                "implan",
                "implan_1",
                "implan_2",
                "iud",
                "mop",
                "mow",
                name="method",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "source",
            sa.Enum("apbn", "apbd", "mandiri", name="source", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("on_hand", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["puskesmas_id"], ["service_point.id"], name=op.f("fk_stock_puskesmas_id")),
        sa.PrimaryKeyConstraint("puskesmas_id", "method", "source", name=op.f("pk_stock")),
    )
    op.create_table(
        "blackout",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kabupaten_code", sa.String(length=5), nullable=False),
        sa.Column("puskesmas_id", sa.Uuid(), nullable=True),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("why", sa.String(length=60), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_blackout_by_id")),
        sa.ForeignKeyConstraint(["kabupaten_code"], ["kabupaten.code"], name=op.f("fk_blackout_kabupaten_code")),
        sa.ForeignKeyConstraint(["puskesmas_id"], ["service_point.id"], name=op.f("fk_blackout_puskesmas_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blackout")),
    )
    op.create_index(op.f("ix_blackout_kabupaten_code"), "blackout", ["kabupaten_code"])

    op.create_table(
        "day_seats",
        sa.Column("service_day_id", sa.Uuid(), nullable=False),
        sa.Column(
            "family",
            sa.Enum("implan", "iud", "steril", name="family", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.CheckConstraint("taken >= 0 AND taken <= seats", name=op.f("ck_day_seats_taken")),
        sa.ForeignKeyConstraint(["service_day_id"], ["service_day.id"], name=op.f("fk_day_seats_service_day_id")),
        sa.PrimaryKeyConstraint("service_day_id", "family", name=op.f("pk_day_seats")),
    )
    op.create_table(
        "notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("akseptor_id", sa.Uuid(), nullable=False),
        sa.Column("service_day_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "day_moved",
                "day_cancelled",
                "seat_gone",
                "moved_up",
                "lapsed",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("told_at", Moment(), nullable=True),
        sa.Column("told_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["akseptor_id"], ["akseptor.id"], name=op.f("fk_notice_akseptor_id")),
        sa.ForeignKeyConstraint(["service_day_id"], ["service_day.id"], name=op.f("fk_notice_service_day_id")),
        sa.ForeignKeyConstraint(["told_by_id"], ["person.id"], name=op.f("fk_notice_told_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    op.create_index(op.f("ix_notice_akseptor_id"), "notice", ["akseptor_id"])

    op.create_table(
        "stock_line",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("puskesmas_id", sa.Uuid(), nullable=False),
        sa.Column(
            "method",
            sa.Enum(
                "belum",
                "suntik_1",
                "suntik_3_kombinasi",
                "suntik_3_progestin",
                "pil_kombinasi",
                "pil_progestin",
                "kondom",
                "implan",
                "implan_1",
                "implan_2",
                "iud",
                "mop",
                "mow",
                name="method",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "source",
            sa.Enum("apbn", "apbd", "mandiri", name="source", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "received",
                "used",
                "given_back",
                "handed_on",
                "lost",
                "counted",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("written_at", Moment(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("deed_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("number <> 0", name=op.f("ck_stock_line_number")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_stock_line_by_id")),
        sa.ForeignKeyConstraint(["deed_id"], ["deed.id"], name=op.f("fk_stock_line_deed_id")),
        sa.ForeignKeyConstraint(["puskesmas_id"], ["service_point.id"], name=op.f("fk_stock_line_puskesmas_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_line")),
    )
    op.create_index("ix_stock_line_puskesmas_id_on", "stock_line", ["puskesmas_id", "on"])

    op.create_table(
        "waiting",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("akseptor_id", sa.Uuid(), nullable=False),
        sa.Column("service_day_id", sa.Uuid(), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["akseptor_id"], ["akseptor.id"], name=op.f("fk_waiting_akseptor_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_waiting_by_id")),
        sa.ForeignKeyConstraint(["service_day_id"], ["service_day.id"], name=op.f("fk_waiting_service_day_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiting")),
    )
    op.create_index("ix_waiting_service_day_id_since", "waiting", ["service_day_id", "since"])
    op.create_index(
        "uq_waiting_akseptor_id_service_day_id_open",
        "waiting",
        ["akseptor_id", "service_day_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )

    op.create_table(
        "referral",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("akseptor_id", sa.Uuid(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("to_point_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=24), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("answer", sa.String(length=24), nullable=True),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("answered_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["akseptor_id"], ["akseptor.id"], name=op.f("fk_referral_akseptor_id")),
        sa.ForeignKeyConstraint(["answered_by_id"], ["person.id"], name=op.f("fk_referral_answered_by_id")),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_referral_booking_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_referral_by_id")),
        sa.ForeignKeyConstraint(["to_point_id"], ["service_point.id"], name=op.f("fk_referral_to_point_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral")),
    )
    op.create_index(op.f("ix_referral_akseptor_id"), "referral", ["akseptor_id"])
    op.create_index(op.f("ix_referral_to_point_id"), "referral", ["to_point_id"])

    op.create_table(
        "follow_up",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("akseptor_id", sa.Uuid(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("is_planned", sa.Boolean(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("done_at", Moment(), nullable=True),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("point_id", sa.Uuid(), nullable=True),
        sa.Column("found_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("undone_at", Moment(), nullable=True),
        sa.Column("siga_at", Moment(), nullable=True),
        sa.Column("siga_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["akseptor_id"], ["akseptor.id"], name=op.f("fk_follow_up_akseptor_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_follow_up_by_id")),
        sa.ForeignKeyConstraint(["point_id"], ["service_point.id"], name=op.f("fk_follow_up_point_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_follow_up_service_id")),
        sa.ForeignKeyConstraint(["siga_by_id"], ["person.id"], name=op.f("fk_follow_up_siga_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up")),
    )
    op.create_index(op.f("ix_follow_up_akseptor_id"), "follow_up", ["akseptor_id"])
    op.create_index(op.f("ix_follow_up_done_on"), "follow_up", ["done_on"])
    op.create_index(op.f("ix_follow_up_due_on"), "follow_up", ["due_on"])
    op.create_index(op.f("ix_follow_up_service_id"), "follow_up", ["service_id"])

    op.add_column("booking", sa.Column("held_until", Moment(), nullable=True))
    op.add_column("booking", sa.Column("family_sealed", sa.LargeBinary(), nullable=True))
    _outcomes_of_booking([*OUTCOMES, "lapsed"])

    op.add_column("kabupaten", sa.Column("report_day", sa.Integer(), nullable=False, server_default="5"))

    with op.batch_alter_table("service") as batch_op:
        batch_op.add_column(sa.Column("facts_sealed", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("siga_at", Moment(), nullable=True))
        batch_op.add_column(sa.Column("siga_by_id", sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(op.f("fk_service_siga_by_id"), "person", ["siga_by_id"], ["id"])

    with op.batch_alter_table("service_day") as batch_op:
        batch_op.add_column(sa.Column("cancelled_why", sa.String(length=24), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("team", sa.String(length=200), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("series_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("closed_at", Moment(), nullable=True))
        batch_op.add_column(sa.Column("closed_by_id", sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(op.f("fk_service_day_closed_by_id"), "person", ["closed_by_id"], ["id"])


def downgrade():
    with op.batch_alter_table("service_day") as batch_op:
        batch_op.drop_constraint(op.f("fk_service_day_closed_by_id"), type_="foreignkey")
        batch_op.drop_column("closed_by_id")
        batch_op.drop_column("closed_at")
        batch_op.drop_column("series_id")
        batch_op.drop_column("team")
        batch_op.drop_column("cancelled_why")

    with op.batch_alter_table("service") as batch_op:
        batch_op.drop_constraint(op.f("fk_service_siga_by_id"), type_="foreignkey")
        batch_op.drop_column("siga_by_id")
        batch_op.drop_column("siga_at")
        batch_op.drop_column("facts_sealed")

    op.drop_column("kabupaten", "report_day")

    _outcomes_of_booking(OUTCOMES)
    op.drop_column("booking", "family_sealed")
    op.drop_column("booking", "held_until")

    op.drop_table("follow_up")

    op.drop_table("referral")

    op.drop_table("waiting")

    op.drop_table("stock_line")

    op.drop_table("notice")
    op.drop_table("day_seats")

    op.drop_table("blackout")
    op.drop_table("stock")
    op.drop_table("defer_reason")
    op.drop_table("after_plan")
