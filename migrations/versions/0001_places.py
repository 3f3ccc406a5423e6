"""Places: kabupaten, kecamatan, desa, service points and their working areas."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade():
    op.create_table(
        "kabupaten",
        sa.Column("code", sa.String(length=5), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("zone", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_kabupaten")),
    )
    op.create_table(
        "kecamatan",
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("kabupaten_code", sa.String(length=5), nullable=False),
        sa.ForeignKeyConstraint(["kabupaten_code"], ["kabupaten.code"], name=op.f("fk_kecamatan_kabupaten_code")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_kecamatan")),
    )
    with op.batch_alter_table("kecamatan", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_kecamatan_kabupaten_code"), ["kabupaten_code"], unique=False)

    op.create_table(
        "desa",
        sa.Column("code", sa.String(length=13), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column(
            "jenis",
            sa.Enum(
                "kelurahan", "desa", "desa_adat", name="jenis", native_enum=False, create_constraint=True, length=24
            ),
            nullable=False,
        ),
        sa.Column("kecamatan_code", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(["kecamatan_code"], ["kecamatan.code"], name=op.f("fk_desa_kecamatan_code")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_desa")),
    )
    with op.batch_alter_table("desa", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_desa_kecamatan_code"), ["kecamatan_code"], unique=False)

    op.create_table(
        "service_point",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kabupaten_code", sa.String(length=5), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "puskesmas",
                "saung_ambu",
                "pustu",
                "rumah_sakit",
                "pmb",
                "bergerak",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("kecamatan_code", sa.String(length=8), nullable=True),
        sa.Column("induk_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["induk_id"],
            ["service_point.id"],
            name=op.f("fk_service_point_induk_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["kabupaten_code"], ["kabupaten.code"], name=op.f("fk_service_point_kabupaten_code")),
        sa.ForeignKeyConstraint(["kecamatan_code"], ["kecamatan.code"], name=op.f("fk_service_point_kecamatan_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_point")),
        sa.UniqueConstraint("kabupaten_code", "name", name=op.f("uq_service_point_kabupaten_code_name")),
    )
    with op.batch_alter_table("service_point", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_service_point_induk_id"), ["induk_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_service_point_kabupaten_code"), ["kabupaten_code"], unique=False)

    op.create_table(
        "working_area",
        sa.Column("puskesmas_id", sa.Uuid(), nullable=False),
        sa.Column("desa_code", sa.String(length=13), nullable=False),
        sa.ForeignKeyConstraint(["desa_code"], ["desa.code"], name=op.f("fk_working_area_desa_code")),
        sa.ForeignKeyConstraint(["puskesmas_id"], ["service_point.id"], name=op.f("fk_working_area_puskesmas_id")),
        sa.PrimaryKeyConstraint("puskesmas_id", "desa_code", name=op.f("pk_working_area")),
    )
    with op.batch_alter_table("working_area", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_working_area_desa_code"), ["desa_code"], unique=False)


def downgrade():
    with op.batch_alter_table("working_area", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_working_area_desa_code"))

    op.drop_table("working_area")
    with op.batch_alter_table("service_point", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_service_point_kabupaten_code"))
        batch_op.drop_index(batch_op.f("ix_service_point_induk_id"))

    op.drop_table("service_point")
    with op.batch_alter_table("desa", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_desa_kecamatan_code"))

    op.drop_table("desa")
    with op.batch_alter_table("kecamatan", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_kecamatan_kabupaten_code"))

    op.drop_table("kecamatan")
    op.drop_table("kabupaten")
