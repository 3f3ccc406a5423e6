"""Setting up: versions of the split with their weights, stages, rehearsals, what kader are called, the map."""

from datetime import UTC, datetime
from fractions import Fraction

import sqlalchemy as sa
from alembic import op

from campaign.database import Exact, Moment

revision = "0008"
down_revision = "0007"

WAY = sa.Enum("largest_remainder", "sainte_lague", name="way", native_enum=False, create_constraint=True, length=24)
KINDS = ["register", "book", "cancel", "attend", "serve", "defer", "refer", "miss", "withdraw", "correct"]

# The ledger is append-only, but for the lines of a rehearsal, which goes as it came; and no campaign becomes one later.
APPEND_ONLY = {
    "sqlite": [
        """CREATE TRIGGER step_no_update BEFORE UPDATE ON step
           BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END""",
        """CREATE TRIGGER step_no_delete BEFORE DELETE ON step
           WHEN NOT EXISTS (SELECT 1 FROM akseptor a JOIN campaign c ON c.id = a.campaign_id
                            WHERE a.id = OLD.akseptor_id AND c.is_rehearsal)
           BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END""",
        """CREATE TRIGGER campaign_stays_rehearsal BEFORE UPDATE OF is_rehearsal ON campaign
           WHEN OLD.is_rehearsal <> NEW.is_rehearsal
           BEGIN SELECT RAISE(ABORT, 'a rehearsal stays one'); END""",
        """CREATE TRIGGER akseptor_stays_in_campaign BEFORE UPDATE OF campaign_id ON akseptor
           WHEN OLD.campaign_id <> NEW.campaign_id
           BEGIN SELECT RAISE(ABORT, 'an akseptor stays in her campaign'); END""",
    ],
    "postgresql": [
        """CREATE FUNCTION refuse_ledger_change() RETURNS trigger LANGUAGE plpgsql AS
           $$ BEGIN RAISE EXCEPTION 'the ledger is append-only'; END $$""",
        """CREATE FUNCTION refuse_ledger_delete() RETURNS trigger LANGUAGE plpgsql AS
           $$ BEGIN
             IF EXISTS (SELECT 1 FROM akseptor a JOIN campaign c ON c.id = a.campaign_id
                        WHERE a.id = OLD.akseptor_id AND c.is_rehearsal) THEN RETURN OLD; END IF;
             RAISE EXCEPTION 'the ledger is append-only';
           END $$""",
        """CREATE FUNCTION refuse_move() RETURNS trigger LANGUAGE plpgsql AS
           $$ BEGIN RAISE EXCEPTION 'a rehearsal stays one, an akseptor in her campaign'; END $$""",
        """CREATE TRIGGER step_append_only BEFORE UPDATE OR TRUNCATE ON step
           FOR EACH STATEMENT EXECUTE FUNCTION refuse_ledger_change()""",
        """CREATE TRIGGER step_no_delete BEFORE DELETE ON step
           FOR EACH ROW EXECUTE FUNCTION refuse_ledger_delete()""",
        """CREATE TRIGGER campaign_stays_rehearsal BEFORE UPDATE OF is_rehearsal ON campaign
           FOR EACH ROW WHEN (OLD.is_rehearsal <> NEW.is_rehearsal) EXECUTE FUNCTION refuse_move()""",
        """CREATE TRIGGER akseptor_stays_in_campaign BEFORE UPDATE OF campaign_id ON akseptor
           FOR EACH ROW WHEN (OLD.campaign_id <> NEW.campaign_id) EXECUTE FUNCTION refuse_move()""",
    ],
}
BEFORE_THIS = {
    "sqlite": [
        APPEND_ONLY["sqlite"][0],
        """CREATE TRIGGER step_no_delete BEFORE DELETE ON step
           BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END""",
    ],
    "postgresql": [
        APPEND_ONLY["postgresql"][0],
        """CREATE TRIGGER step_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON step
           FOR EACH STATEMENT EXECUTE FUNCTION refuse_ledger_change()""",
    ],
}


def one_of(column: str, words: list[str]) -> str:
    return f"{column} IN ({', '.join(repr(word) for word in words)})"


def let_her_stand_nowhere(is_allowed: bool, kinds: list[str]) -> None:
    """Whether a step may lead to no status, and which kinds of step there are."""
    with op.batch_alter_table("step") as step:
        step.alter_column("after", existing_type=sa.String(24), nullable=is_allowed)
        step.drop_constraint(op.f("ck_step_kind"), type_="check")
        step.create_check_constraint(op.f("ck_step_kind"), f"kind IN ({', '.join(repr(kind) for kind in kinds)})")


def guard_ledger(statements):
    """Put these guards in the place of those that stand."""
    if op.get_bind().dialect.name == "sqlite":
        for name in ("step_no_update", "step_no_delete", "campaign_stays_rehearsal", "akseptor_stays_in_campaign"):
            op.execute(f"DROP TRIGGER IF EXISTS {name}")
    else:
        for name in ("step_append_only", "step_no_delete"):
            op.execute(f"DROP TRIGGER IF EXISTS {name} ON step")
        op.execute("DROP TRIGGER IF EXISTS campaign_stays_rehearsal ON campaign")
        op.execute("DROP TRIGGER IF EXISTS akseptor_stays_in_campaign ON akseptor")
        for name in ("refuse_ledger_change", "refuse_ledger_delete", "refuse_move"):
            op.execute(f"DROP FUNCTION IF EXISTS {name}")
    for statement in statements[op.get_bind().dialect.name]:
        op.execute(statement)


def upgrade():
    op.add_column("kabupaten", sa.Column("ppkbd_name", sa.String(40), nullable=False, server_default="PPKBD"))
    op.add_column("kabupaten", sa.Column("sub_ppkbd_name", sa.String(40), nullable=False, server_default="Sub PPKBD"))
    op.add_column("kabupaten", sa.Column("map_box", sa.String(40), nullable=True))
    op.add_column("desa", sa.Column("ended_on", sa.Date(), nullable=True))
    op.create_table(
        "shape",
        sa.Column("area_code", sa.String(length=13), nullable=False),
        sa.Column("kabupaten_code", sa.String(length=5), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("x", sa.Integer(), nullable=False),
        sa.Column("y", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["kabupaten_code"], ["kabupaten.code"], name=op.f("fk_shape_kabupaten_code")),
        sa.PrimaryKeyConstraint("area_code", name=op.f("pk_shape")),
    )
    op.create_index(op.f("ix_shape_kabupaten_code"), "shape", ["kabupaten_code"])
    op.add_column("campaign", sa.Column("headline_parts", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("campaign", sa.Column("settled", sa.JSON(), nullable=False, server_default=SETTLED))
    op.add_column("campaign", sa.Column("closed_at", Moment(), nullable=True))
    op.add_column("campaign", sa.Column("unlocked_until", Moment(), nullable=True))
    op.add_column("campaign", sa.Column("is_rehearsal", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("campaign") as campaign:
        campaign.add_column(sa.Column("rehearses_id", sa.Uuid(), nullable=True))
        name, late = op.f("fk_campaign_rehearses_id"), {"deferrable": True, "initially": "DEFERRED"}
        campaign.create_foreign_key(name, "campaign", ["rehearses_id"], ["id"], **late)
    op.execute(sa.text("UPDATE campaign SET closed_at = :now WHERE stage = 'closed'").bindparams(now=_now()))
    op.create_table(
        "stage_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(length=24), nullable=False),
        sa.Column("why", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_stage_change_by_id")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_stage_change_campaign_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage_change")),
    )
    op.create_index(op.f("ix_stage_change_campaign_id"), "stage_change", ["campaign_id"])
    op.create_table(
        "weight_column",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kabupaten_code", sa.String(length=5), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_weight_column_by_id")),
        sa.ForeignKeyConstraint(["kabupaten_code"], ["kabupaten.code"], name=op.f("fk_weight_column_kabupaten_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weight_column")),
    )
    op.create_index(op.f("ix_weight_column_kabupaten_code"), "weight_column", ["kabupaten_code"])
    op.create_table(
        "weight",
        sa.Column("column_id", sa.Uuid(), nullable=False),
        sa.Column("desa_code", sa.String(length=13), nullable=False),
        sa.Column("value", Exact(), nullable=False),
        sa.ForeignKeyConstraint(["column_id"], ["weight_column.id"], name=op.f("fk_weight_column_id")),
        sa.ForeignKeyConstraint(["desa_code"], ["desa.code"], name=op.f("fk_weight_desa_code")),
        sa.PrimaryKeyConstraint("column_id", "desa_code", name=op.f("pk_weight")),
    )
    op.create_table(
        "split",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("why", sa.String(length=200), nullable=False),
        sa.Column("headline", sa.Integer(), nullable=False),
        sa.Column("way", WAY, nullable=False),
        sa.Column("is_kecamatan_first", sa.Boolean(), nullable=False),
        sa.Column("least", sa.Integer(), nullable=False),
        sa.Column("mix", sa.JSON(), nullable=False),
        sa.Column("methods", sa.JSON(), nullable=False),
        sa.Column("weeks", sa.JSON(), nullable=False),
        sa.Column("accepted_at", Moment(), nullable=True),
        sa.Column("accepted_by_id", sa.Uuid(), nullable=True),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.CheckConstraint("least >= 0", name=op.f("ck_split_least")),
        sa.ForeignKeyConstraint(["accepted_by_id"], ["person.id"], name=op.f("fk_split_accepted_by_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_split_by_id")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_split_campaign_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_split")),
    )
    op.create_index(op.f("ix_split_campaign_id"), "split", ["campaign_id"])
    current = {"sqlite_where": sa.text("is_current"), "postgresql_where": sa.text("is_current")}
    op.create_index("uq_split_campaign_id_current", "split", ["campaign_id"], unique=True, **current)
    _give_targets_a_version()
    let_her_stand_nowhere(True, [*KINDS, "retract"])
    guard_ledger(APPEND_ONLY)


SETTLED = (
    '["nama", "waktu", "hitungan", "target", "tempat"]'  # a campaign made before there were steps has taken them all
)


def _now():
    return datetime.now(UTC).replace(tzinfo=None) if op.get_bind().dialect.name == "sqlite" else datetime.now(UTC)


def _give_targets_a_version():
    """Every campaign's targets become its first version, which carries the campaign's own id."""
    op.rename_table("target", "target_before")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE target_before DROP CONSTRAINT pk_target")
    op.create_table(
        "target",
        sa.Column("split_id", sa.Uuid(), nullable=False),
        sa.Column("desa_code", sa.String(length=13), nullable=False),
        sa.Column("weight", Exact(), nullable=False),
        sa.Column("quota", Exact(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("is_locked", sa.Boolean(), nullable=False),
        sa.Column("is_least", sa.Boolean(), nullable=False),
        sa.Column("cells", sa.JSON(), nullable=False),
        sa.CheckConstraint("number >= 0", name=op.f("ck_target_number")),
        sa.ForeignKeyConstraint(["desa_code"], ["desa.code"], name=op.f("fk_target_desa_code")),
        sa.ForeignKeyConstraint(["split_id"], ["split.id"], name=op.f("fk_target_split_id")),
        sa.PrimaryKeyConstraint("split_id", "desa_code", name=op.f("pk_target")),
    )
    op.execute(
        sa.text("""INSERT INTO split (id, campaign_id, at, why, headline, way, is_kecamatan_first, least, mix, methods, weeks,
                                      accepted_at, is_current)
                   SELECT id, id, :now, '', headline, 'largest_remainder', false, 0, '[]', '{}', '[]', :now, true
                   FROM campaign WHERE id IN (SELECT campaign_id FROM target_before)""").bindparams(now=_now())
    )
    op.execute("""INSERT INTO target (split_id, desa_code, weight, quota, number, is_locked, is_least, cells)
                  SELECT b.campaign_id, b.desa_code, CAST(b.weight AS TEXT),
                         CASE WHEN w.total = 0 THEN '0'
                              ELSE CAST(b.weight * s.headline AS TEXT) || '/' || CAST(w.total AS TEXT) END,
                         b.number, false, false, '{}'
                  FROM target_before b JOIN split s ON s.id = b.campaign_id
                  JOIN (SELECT campaign_id, CAST(sum(weight) AS BIGINT) AS total FROM target_before GROUP BY campaign_id) w
                    ON w.campaign_id = b.campaign_id""")
    op.drop_table("target_before")


def _take_the_version_away():
    """The accepted version becomes the campaign's targets; weights that are no whole numbers are cut."""
    op.create_table(
        "target_before",
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("desa_code", sa.String(length=13), nullable=False),
        sa.Column("weight", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.CheckConstraint("weight >= 0", name=op.f("ck_target_weight")),
        sa.CheckConstraint("number >= 0", name=op.f("ck_target_before_number")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_target_campaign_id")),
        sa.ForeignKeyConstraint(["desa_code"], ["desa.code"], name=op.f("fk_target_before_desa_code")),
        sa.PrimaryKeyConstraint("campaign_id", "desa_code", name=op.f("pk_target_before")),
    )
    connection = op.get_bind()
    new = sa.text("""SELECT s.campaign_id, t.desa_code, t.weight, t.number
                     FROM target t JOIN split s ON s.id = t.split_id WHERE s.is_current""")
    rows = [row._asdict() | {"weight": int(Fraction(row.weight))} for row in connection.execute(new)]
    if rows:
        into = "INSERT INTO target_before VALUES (:campaign_id, :desa_code, :weight, :number)"
        connection.execute(sa.text(into), rows)
    op.drop_table("target")
    op.rename_table("target_before", "target")
    if connection.dialect.name == "postgresql":
        for name in ("pk_{}", "fk_{}_desa_code", "ck_{}_number"):
            old, right = name.format("target_before"), name.format("target")
            op.execute(f"ALTER TABLE target RENAME CONSTRAINT {old} TO {right}")


def downgrade():
    # What was undone or rehearsed cannot stand in the older ledger: it knows no woman without a status.
    op.execute("DROP TRIGGER IF EXISTS step_no_delete" + ("" if op.get_bind().dialect.name == "sqlite" else " ON step"))
    op.execute("CREATE TABLE undone AS SELECT DISTINCT akseptor_id FROM step WHERE after IS NULL")
    op.execute("DELETE FROM consent WHERE akseptor_id IN (SELECT akseptor_id FROM undone)")
    op.execute("DELETE FROM access_log WHERE akseptor_id IN (SELECT akseptor_id FROM undone)")
    op.execute("DELETE FROM step WHERE akseptor_id IN (SELECT akseptor_id FROM undone)")
    op.execute("DELETE FROM akseptor WHERE id IN (SELECT akseptor_id FROM undone)")
    op.drop_table("undone")
    let_her_stand_nowhere(False, KINDS)
    _take_the_version_away()
    for table in ("split", "weight", "weight_column", "stage_change", "shape"):
        op.drop_table(table)
    guard_ledger(BEFORE_THIS)
    with op.batch_alter_table("campaign") as campaign:
        for column in ("headline_parts", "settled", "closed_at", "unlocked_until", "is_rehearsal", "rehearses_id"):
            campaign.drop_column(column)
    op.drop_column("desa", "ended_on")
    for column in ("ppkbd_name", "sub_ppkbd_name", "map_box"):
        op.drop_column("kabupaten", column)
