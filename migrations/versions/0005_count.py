"""The tally."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade():
    op.create_table(
        "tally",
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
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
        sa.Column("registered", sa.Integer(), nullable=False),
        sa.Column("booked", sa.Integer(), nullable=False),
        sa.Column("attended", sa.Integer(), nullable=False),
        sa.Column("served", sa.Integer(), nullable=False),
        sa.Column("deferred", sa.Integer(), nullable=False),
        sa.Column("referred", sa.Integer(), nullable=False),
        sa.Column("no_show", sa.Integer(), nullable=False),
        sa.Column("withdrawn", sa.Integer(), nullable=False),
        sa.Column("waiting_nik", sa.Integer(), nullable=False),
        sa.Column("revision", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "registered >= 0 AND booked >= 0 AND attended >= 0 AND served >= 0 AND deferred >= 0 AND referred >= 0"
            " AND no_show >= 0 AND withdrawn >= 0 AND waiting_nik >= 0 AND waiting_nik <= served",
            name=op.f("ck_tally_beads"),
        ),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_tally_campaign_id")),
        sa.PrimaryKeyConstraint("campaign_id", "desa_code", "method", "participant", name=op.f("pk_tally")),
    )


def downgrade():
    op.drop_table("tally")
