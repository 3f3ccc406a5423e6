"""People, the desa a PLKB looks after, sign-ins and wrong tries."""

import sqlalchemy as sa
from alembic import op

from campaign.database import Moment

revision = "0002"
down_revision = "0001"


def upgrade():
    op.create_table(
        "sign_in_try",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name_index", sa.LargeBinary(length=16), nullable=False),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_try")),
    )
    with op.batch_alter_table("sign_in_try", schema=None) as batch_op:
        batch_op.create_index("ix_sign_in_try_name_index_at", ["name_index", "at"], unique=False)

    op.create_table(
        "person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kabupaten_code", sa.String(length=5), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("sign_in_name", sa.String(length=40), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "kader",
                "plkb",
                "puskesmas",
                "dppkb",
                "bupati",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("desa_code", sa.String(length=13), nullable=True),
        sa.Column("rw", sa.String(length=3), nullable=True),
        sa.Column("service_point_id", sa.Uuid(), nullable=True),
        sa.Column("is_head", sa.Boolean(), nullable=False),
        sa.Column("is_admin", sa.Boolean(), nullable=False),
        sa.Column("disabled_at", Moment(), nullable=True),
        sa.CheckConstraint("role <> 'kader' OR desa_code IS NOT NULL", name=op.f("ck_person_kader_has_desa")),
        sa.CheckConstraint(
            "role <> 'puskesmas' OR service_point_id IS NOT NULL", name=op.f("ck_person_puskesmas_has_point")
        ),
        sa.ForeignKeyConstraint(["desa_code"], ["desa.code"], name=op.f("fk_person_desa_code")),
        sa.ForeignKeyConstraint(["kabupaten_code"], ["kabupaten.code"], name=op.f("fk_person_kabupaten_code")),
        sa.ForeignKeyConstraint(["service_point_id"], ["service_point.id"], name=op.f("fk_person_service_point_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("sign_in_name", name=op.f("uq_person_sign_in_name")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_desa_code"), ["desa_code"], unique=False)
        batch_op.create_index(batch_op.f("ix_person_kabupaten_code"), ["kabupaten_code"], unique=False)
        batch_op.create_index(batch_op.f("ix_person_service_point_id"), ["service_point_id"], unique=False)

    op.create_table(
        "plkb_desa",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("desa_code", sa.String(length=13), nullable=False),
        sa.ForeignKeyConstraint(["desa_code"], ["desa.code"], name=op.f("fk_plkb_desa_desa_code")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_plkb_desa_person_id")),
        sa.PrimaryKeyConstraint("person_id", "desa_code", name=op.f("pk_plkb_desa")),
    )
    with op.batch_alter_table("plkb_desa", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plkb_desa_desa_code"), ["desa_code"], unique=False)

    op.create_table(
        "sign_in",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("began_at", Moment(), nullable=False),
        sa.Column("seen_at", Moment(), nullable=False),
        sa.Column("ends_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sign_in_person_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sign_in")),
    )
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_person_id"), ["person_id"], unique=False)


def downgrade():
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_person_id"))

    op.drop_table("sign_in")
    with op.batch_alter_table("plkb_desa", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plkb_desa_desa_code"))

    op.drop_table("plkb_desa")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_service_point_id"))
        batch_op.drop_index(batch_op.f("ix_person_kabupaten_code"))
        batch_op.drop_index(batch_op.f("ix_person_desa_code"))

    op.drop_table("person")
    with op.batch_alter_table("sign_in_try", schema=None) as batch_op:
        batch_op.drop_index("ix_sign_in_try_name_index_at")

    op.drop_table("sign_in_try")
