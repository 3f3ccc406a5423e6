"""The board's memory: services by day, when a day was last written on, links of walls, what the lobby shows, daily messages.

Counts by day need the key to know the methods: after this migration `flask recount` fills them.
"""

import sqlalchemy as sa
from alembic import op

from campaign.database import Moment

revision = "0012"
down_revision = "0011"


def upgrade():
    op.create_table(
        "day_count",
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("desa_code", sa.String(length=13), nullable=False),
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
        sa.Column("served", sa.Integer(), nullable=False),
        sa.Column("waiting_nik", sa.Integer(), nullable=False),
        sa.CheckConstraint("waiting_nik >= 0 AND waiting_nik <= served", name=op.f("ck_day_count_beads")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_day_count_campaign_id")),
        sa.PrimaryKeyConstraint("campaign_id", "on", "desa_code", "method", "participant", name=op.f("pk_day_count")),
    )
    op.create_table(
        "digest",
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("at", Moment(timezone=True), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_digest_campaign_id")),
        sa.PrimaryKeyConstraint("campaign_id", "on", name=op.f("pk_digest")),
    )
    op.create_table(
        "lobby_row",
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("desa_code", sa.String(length=13), nullable=False),
        sa.Column("served", sa.Integer(), nullable=False),
        sa.Column("at", Moment(timezone=True), nullable=False),
        sa.Column("revision", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_lobby_row_campaign_id")),
        sa.PrimaryKeyConstraint("campaign_id", "desa_code", name=op.f("pk_lobby_row")),
    )
    op.create_table(
        "wall_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("pimpinan", "lobi", name="kind", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("token_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("made_at", Moment(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("ends_at", Moment(timezone=True), nullable=False),
        sa.Column("revoked_at", Moment(timezone=True), nullable=True),
        sa.Column("revoked_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_wall_link_campaign_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_wall_link_made_by_id")),
        sa.ForeignKeyConstraint(["revoked_by_id"], ["person.id"], name=op.f("fk_wall_link_revoked_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wall_link")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_wall_link_token_digest")),
    )
    op.create_index(op.f("ix_wall_link_campaign_id"), "wall_link", ["campaign_id"])
    op.add_column("akseptor", sa.Column("served_on", sa.Date(), nullable=True))
    op.add_column("service_day", sa.Column("entered_at", Moment(timezone=True), nullable=True))
    with op.batch_alter_table("service_day") as service_day:
        service_day.add_column(sa.Column("served", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("service_day") as service_day:
        service_day.alter_column("served", server_default=None)
    op.execute(
        "UPDATE akseptor SET served_on = (SELECT served_on FROM service"
        " WHERE service.akseptor_id = akseptor.id AND service.undone_at IS NULL) WHERE status = 'served'"
    )
    op.execute(
        "UPDATE service_day SET served = (SELECT count(*) FROM booking"
        " WHERE booking.service_day_id = service_day.id AND booking.outcome = 'served')"
    )


def downgrade():
    with op.batch_alter_table("service_day") as service_day:
        service_day.drop_column("served")
        service_day.drop_column("entered_at")
    op.drop_column("akseptor", "served_on")
    op.drop_table("wall_link")
    op.drop_table("lobby_row")
    op.drop_table("digest")
    op.drop_table("day_count")
