"""Gatherings: who is invited, who came and the ledger of it, what was decided, shown, read and learned, certificates.

A wall may hang in the hall of a gathering, and a file may be its list of people.
"""

import sqlalchemy as sa
from alembic import op

from campaign.database import Moment

revision = "0013"
down_revision = "0012"

SHEETS = ("akseptor", "kader", "hari", "bobot")
WALLS = ("pimpinan", "lobi")
TABLES = ("quiz_result", "certificate", "attendance_step", "turnout", "quiz_question", "photo", "material", "invitee")
TABLES += ("decision", "gathering", "question")

APPEND_ONLY = {
    "sqlite": [
        """CREATE TRIGGER attendance_step_no_update BEFORE UPDATE ON attendance_step
           BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END""",
        """CREATE TRIGGER attendance_step_no_delete BEFORE DELETE ON attendance_step
           BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END""",
    ],
    "postgresql": [
        """CREATE FUNCTION refuse_attendance_change() RETURNS trigger LANGUAGE plpgsql AS
           $$ BEGIN RAISE EXCEPTION 'the ledger is append-only'; END $$""",
        """CREATE TRIGGER attendance_step_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON attendance_step
           FOR EACH STATEMENT EXECUTE FUNCTION refuse_attendance_change()""",
    ],
}


def _one_of(column, *words):
    return f"{column} IN ({', '.join(map(repr, words))})"


def upgrade():
    op.create_table(
        "question",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kabupaten_code", sa.String(length=5), nullable=False),
        sa.Column("text", sa.String(length=400), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("right", sa.Integer(), nullable=False),
        sa.Column("is_used", sa.Boolean(), nullable=False),
        sa.Column("at", Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["kabupaten_code"], ["kabupaten.code"], name=op.f("fk_question_kabupaten_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
    )
    op.create_index(op.f("ix_question_kabupaten_code"), "question", ["kabupaten_code"])
    op.create_table(
        "gathering",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kabupaten_code", sa.String(length=5), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "orientasi",
                "pembinaan",
                "pertemuan_rutin",
                "rapat_koordinasi",
                "evaluasi",
                "kie",
                name="gathering_kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "tier",
            sa.Enum(
                "kabupaten",
                "kecamatan",
                "desa",
                "rw",
                name="tier",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("area_code", sa.String(length=13), nullable=True),
        sa.Column("rw", sa.String(length=3), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("starts_at", sa.Time(), nullable=False),
        sa.Column("ends_at", sa.Time(), nullable=False),
        sa.Column("zone", sa.String(length=40), nullable=False),
        sa.Column("opens_at", Moment(timezone=True), nullable=False),
        sa.Column("late_at", Moment(timezone=True), nullable=False),
        sa.Column("closes_at", Moment(timezone=True), nullable=False),
        sa.Column("agenda", sa.Text(), nullable=False),
        sa.Column("speakers", sa.String(length=400), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("target", sa.Integer(), nullable=True),
        sa.Column("present", sa.Integer(), nullable=False),
        sa.Column("door_code", sa.String(length=8), nullable=False),
        sa.Column("series_id", sa.Uuid(), nullable=True),
        sa.Column("is_cancelled", sa.Boolean(), nullable=False),
        sa.Column("cancelled_why", sa.String(length=200), nullable=False),
        sa.Column("closed_at", Moment(timezone=True), nullable=True),
        sa.Column("minutes", sa.Text(), nullable=False),
        sa.Column(
            "open_quiz",
            sa.Enum("pre", "post", name="quiz_part", native_enum=False, create_constraint=True, length=24),
            nullable=True,
        ),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", Moment(timezone=True), nullable=False),
        sa.Column("revision", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("opens_at <= late_at AND late_at <= closes_at", name=op.f("ck_gathering_window")),
        sa.CheckConstraint(
            "present >= 0 AND (capacity IS NULL OR present <= capacity)", name=op.f("ck_gathering_present")
        ),
        sa.ForeignKeyConstraint(["kabupaten_code"], ["kabupaten.code"], name=op.f("fk_gathering_kabupaten_code")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_gathering_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gathering")),
        sa.UniqueConstraint("door_code", name=op.f("uq_gathering_door_code")),
    )
    op.create_index("ix_gathering_kabupaten_code_on", "gathering", ["kabupaten_code", "on"])
    op.create_index(op.f("ix_gathering_series_id"), "gathering", ["series_id"])
    op.create_table(
        "decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("gathering_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(length=400), nullable=False),
        sa.Column("who", sa.String(length=120), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("done_at", Moment(timezone=True), nullable=True),
        sa.Column("done_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["done_by_id"], ["person.id"], name=op.f("fk_decision_done_by_id")),
        sa.ForeignKeyConstraint(["gathering_id"], ["gathering.id"], name=op.f("fk_decision_gathering_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    op.create_index(op.f("ix_decision_gathering_id"), "decision", ["gathering_id"])
    op.create_table(
        "invitee",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("gathering_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("desa_code", sa.String(length=13), nullable=True),
        sa.Column("rw", sa.String(length=3), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("code", sa.String(length=5), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "invited",
                "came",
                "late",
                "excused",
                "absent",
                "represented",
                name="attendance",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("is_walk_in", sa.Boolean(), nullable=False),
        sa.Column("stands_in", sa.String(length=120), nullable=False),
        sa.Column("came_at", Moment(timezone=True), nullable=True),
        sa.Column(
            "signed_by",
            sa.Enum(
                "door", "desk", "code", "sheet", name="signed_by", native_enum=False, create_constraint=True, length=24
            ),
            nullable=True,
        ),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["desa_code"], ["desa.code"], name=op.f("fk_invitee_desa_code")),
        sa.ForeignKeyConstraint(["gathering_id"], ["gathering.id"], name=op.f("fk_invitee_gathering_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_invitee_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitee")),
        sa.UniqueConstraint("gathering_id", "code", name=op.f("uq_invitee_gathering_id_code")),
        sa.UniqueConstraint("gathering_id", "person_id", name=op.f("uq_invitee_gathering_id_person_id")),
    )
    op.create_index("ix_invitee_gathering_id_desa_code", "invitee", ["gathering_id", "desa_code"])
    op.create_index(op.f("ix_invitee_person_id"), "invitee", ["person_id"])
    op.create_table(
        "material",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("gathering_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["gathering_id"], ["gathering.id"], name=op.f("fk_material_gathering_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_material")),
    )
    op.create_index(op.f("ix_material_gathering_id"), "material", ["gathering_id"])
    op.create_table(
        "photo",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("gathering_id", sa.Uuid(), nullable=False),
        sa.Column("jpeg", sa.LargeBinary(), nullable=False),
        sa.Column("small", sa.LargeBinary(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("caption", sa.String(length=200), nullable=False),
        sa.Column("at", Moment(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_photo_by_id")),
        sa.ForeignKeyConstraint(["gathering_id"], ["gathering.id"], name=op.f("fk_photo_gathering_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photo")),
    )
    op.create_index(op.f("ix_photo_gathering_id"), "photo", ["gathering_id"])
    op.create_table(
        "quiz_question",
        sa.Column("gathering_id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["gathering_id"], ["gathering.id"], name=op.f("fk_quiz_question_gathering_id")),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_quiz_question_question_id")),
        sa.PrimaryKeyConstraint("gathering_id", "question_id", name=op.f("pk_quiz_question")),
    )
    op.create_index(op.f("ix_quiz_question_question_id"), "quiz_question", ["question_id"])
    op.create_table(
        "turnout",
        sa.Column("gathering_id", sa.Uuid(), nullable=False),
        sa.Column("desa_code", sa.String(length=13), nullable=False),
        sa.Column("invited", sa.Integer(), nullable=False),
        sa.Column("came", sa.Integer(), nullable=False),
        sa.Column("late", sa.Integer(), nullable=False),
        sa.Column("excused", sa.Integer(), nullable=False),
        sa.Column("absent", sa.Integer(), nullable=False),
        sa.Column("represented", sa.Integer(), nullable=False),
        sa.Column("revision", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "invited >= 0 AND came >= 0 AND late >= 0 AND excused >= 0 AND absent >= 0 AND represented >= 0",
            name=op.f("ck_turnout_beads"),
        ),
        sa.ForeignKeyConstraint(["gathering_id"], ["gathering.id"], name=op.f("fk_turnout_gathering_id")),
        sa.PrimaryKeyConstraint("gathering_id", "desa_code", name=op.f("pk_turnout")),
    )
    op.create_table(
        "attendance_step",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("deed_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("invitee_id", sa.Uuid(), nullable=False),
        sa.Column(
            "before",
            sa.Enum(
                "invited",
                "came",
                "late",
                "excused",
                "absent",
                "represented",
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
                "invite",
                "come",
                "come_late",
                "represent",
                "excuse",
                "miss",
                "strike",
                "correct",
                name="entry",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "after",
            sa.Enum(
                "invited",
                "came",
                "late",
                "excused",
                "absent",
                "represented",
                name="after",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("reason", sa.String(length=24), nullable=True),
        sa.Column("done_at", Moment(timezone=True), nullable=True),
        sa.Column("written_at", Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["deed_id"], ["deed.id"], name=op.f("fk_attendance_step_deed_id")),
        sa.ForeignKeyConstraint(["invitee_id"], ["invitee.id"], name=op.f("fk_attendance_step_invitee_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance_step")),
    )
    op.create_index(op.f("ix_attendance_step_deed_id"), "attendance_step", ["deed_id"])
    op.create_index("ix_attendance_step_invitee_id_id", "attendance_step", ["invitee_id", "id"])
    op.create_table(
        "certificate",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("invitee_id", sa.Uuid(), nullable=False),
        sa.Column("gathering_id", sa.Uuid(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("made_at", Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["gathering_id"], ["gathering.id"], name=op.f("fk_certificate_gathering_id")),
        sa.ForeignKeyConstraint(["invitee_id"], ["invitee.id"], name=op.f("fk_certificate_invitee_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint("code", name=op.f("uq_certificate_code")),
        sa.UniqueConstraint("gathering_id", "serial", name=op.f("uq_certificate_gathering_id_serial")),
        sa.UniqueConstraint("invitee_id", name=op.f("uq_certificate_invitee_id")),
    )
    op.create_table(
        "quiz_result",
        sa.Column("invitee_id", sa.Uuid(), nullable=False),
        sa.Column(
            "part",
            sa.Enum("pre", "post", name="quiz_part", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("right", sa.Integer(), nullable=False),
        sa.Column("of", sa.Integer(), nullable=False),
        sa.Column("chosen", sa.JSON(), nullable=False),
        sa.Column("at", Moment(timezone=True), nullable=False),
        sa.CheckConstraint('"right" >= 0 AND "right" <= "of"', name=op.f("ck_quiz_result_right")),
        sa.ForeignKeyConstraint(["invitee_id"], ["invitee.id"], name=op.f("fk_quiz_result_invitee_id")),
        sa.PrimaryKeyConstraint("invitee_id", "part", name=op.f("pk_quiz_result")),
    )
    for statement in APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)
    op.add_column("person", sa.Column("poktan", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("import") as files:
        files.add_column(sa.Column("gathering_id", sa.Uuid(), nullable=True))
        files.create_index(op.f("ix_import_gathering_id"), ["gathering_id"])
        files.create_foreign_key(op.f("fk_import_gathering_id"), "gathering", ["gathering_id"], ["id"])
        files.drop_constraint(op.f("ck_import_sheet_kind"), type_="check")
        files.create_check_constraint(op.f("ck_import_sheet_kind"), _one_of("kind", *SHEETS, "peserta"))
    with op.batch_alter_table("wall_link") as walls:
        walls.add_column(sa.Column("gathering_id", sa.Uuid(), nullable=True))
        walls.alter_column("campaign_id", existing_type=sa.Uuid(), nullable=True)
        walls.create_index(op.f("ix_wall_link_gathering_id"), ["gathering_id"])
        walls.create_foreign_key(op.f("fk_wall_link_gathering_id"), "gathering", ["gathering_id"], ["id"])
        walls.create_check_constraint(op.f("ck_wall_link_shows_one"), "(campaign_id IS NULL) <> (gathering_id IS NULL)")
        walls.drop_constraint(op.f("ck_wall_link_kind"), type_="check")
        walls.create_check_constraint(op.f("ck_wall_link_kind"), _one_of("kind", *WALLS, "aula"))


def downgrade():
    op.execute("DELETE FROM wall_link WHERE gathering_id IS NOT NULL")
    with op.batch_alter_table("wall_link") as walls:
        walls.drop_constraint(op.f("ck_wall_link_kind"), type_="check")
        walls.create_check_constraint(op.f("ck_wall_link_kind"), _one_of("kind", *WALLS))
        walls.drop_constraint(op.f("ck_wall_link_shows_one"), type_="check")
        walls.drop_constraint(op.f("fk_wall_link_gathering_id"), type_="foreignkey")
        walls.drop_index(op.f("ix_wall_link_gathering_id"))
        walls.alter_column("campaign_id", existing_type=sa.Uuid(), nullable=False)
        walls.drop_column("gathering_id")
    op.execute("DELETE FROM import_row WHERE import_id IN (SELECT id FROM import WHERE gathering_id IS NOT NULL)")
    op.execute("DELETE FROM import WHERE gathering_id IS NOT NULL")
    with op.batch_alter_table("import") as files:
        files.drop_constraint(op.f("ck_import_sheet_kind"), type_="check")
        files.create_check_constraint(op.f("ck_import_sheet_kind"), _one_of("kind", *SHEETS))
        files.drop_constraint(op.f("fk_import_gathering_id"), type_="foreignkey")
        files.drop_index(op.f("ix_import_gathering_id"))
        files.drop_column("gathering_id")
    op.drop_column("person", "poktan")
    for table in TABLES:
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_attendance_change")
