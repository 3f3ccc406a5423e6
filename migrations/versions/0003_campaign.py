"""Campaigns, their targets and service days."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade():
    op.create_table(
        "campaign",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kabupaten_code", sa.String(length=5), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("occasion", sa.String(length=200), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("grace_days", sa.Integer(), nullable=False),
        sa.Column("correction_days", sa.Integer(), nullable=False),
        sa.Column("zone", sa.String(length=40), nullable=False),
        sa.Column(
            "stage",
            sa.Enum("draft", "open", "closed", name="stage", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("headline", sa.Integer(), nullable=False),
        sa.Column("counted_methods", sa.JSON(), nullable=False),
        sa.Column("counted_participants", sa.JSON(), nullable=False),
        sa.Column("counts_outsiders", sa.Boolean(), nullable=False),
        sa.Column("is_example", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("closes_on >= opens_on", name=op.f("ck_campaign_window")),
        sa.CheckConstraint("headline >= 0", name=op.f("ck_campaign_headline")),
        sa.ForeignKeyConstraint(["kabupaten_code"], ["kabupaten.code"], name=op.f("fk_campaign_kabupaten_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
    )
    with op.batch_alter_table("campaign", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_campaign_kabupaten_code"), ["kabupaten_code"], unique=False)

    op.create_table(
        "service_day",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("service_point_id", sa.Uuid(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("starts_at", sa.Time(), nullable=False),
        sa.Column("ends_at", sa.Time(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("is_cancelled", sa.Boolean(), nullable=False),
        sa.CheckConstraint("taken >= 0 AND taken <= seats", name=op.f("ck_service_day_taken")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_service_day_campaign_id")),
        sa.ForeignKeyConstraint(
            ["service_point_id"], ["service_point.id"], name=op.f("fk_service_day_service_point_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_day")),
    )
    with op.batch_alter_table("service_day", schema=None) as batch_op:
        batch_op.create_index("ix_service_day_campaign_id_on", ["campaign_id", "on"], unique=False)
        batch_op.create_index("ix_service_day_service_point_id_on", ["service_point_id", "on"], unique=False)

    op.create_table(
        "target",
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("desa_code", sa.String(length=13), nullable=False),
        sa.Column("weight", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.CheckConstraint("number >= 0", name=op.f("ck_target_number")),
        sa.CheckConstraint("weight >= 0", name=op.f("ck_target_weight")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_target_campaign_id")),
        sa.ForeignKeyConstraint(["desa_code"], ["desa.code"], name=op.f("fk_target_desa_code")),
        sa.PrimaryKeyConstraint("campaign_id", "desa_code", name=op.f("pk_target")),
    )


def downgrade():
    op.drop_table("target")
    with op.batch_alter_table("service_day", schema=None) as batch_op:
        batch_op.drop_index("ix_service_day_service_point_id_on")
        batch_op.drop_index("ix_service_day_campaign_id_on")

    op.drop_table("service_day")
    with op.batch_alter_table("campaign", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_campaign_kabupaten_code"))

    op.drop_table("campaign")
