"""Every table, in the order of the story: places, people, campaign, journey, count, gatherings, keeping. Nothing here writes.

A column that ends in `_sealed` is readable only with the key file (`campaign/sealed.py`); one that ends in `_index` is its
blind index. Codes of areas are Kemendagri's, dotted: `32.14.17.2010`.
"""

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from fractions import Fraction
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Enum,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.database import Exact, Moment
from campaign.extensions import db
from campaign.rules import journey
from campaign.rules.accounts import AccountState
from campaign.rules.apportionment import Way
from campaign.rules.attendance import ATTENDING, Attendance, Entry
from campaign.rules.gatherings import GatheringKind, QuizPart, SignedBy, Tier
from campaign.rules.journey import Kind, Status
from campaign.rules.methods import Family, Method, Participant
from campaign.rules.roles import Role
from campaign.rules.service_facts import Source
from campaign.rules.verdicts import SheetKind, Verdict

Number = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts up only in its own INTEGER


def words(enum: type[StrEnum], name: str) -> Enum:
    """A column that holds one of these words, with a CHECK behind it."""
    return Enum(
        enum,
        values_callable=lambda e: [m.value for m in e],
        native_enum=False,
        create_constraint=True,
        name=name,
        length=24,
    )


# ---- Places ----


class Kabupaten(db.Model):
    """A kabupaten or kota; the zone is its province's. Kader are called differently from one to the next."""

    code: Mapped[str] = mapped_column(String(5), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    zone: Mapped[str] = mapped_column(String(40))
    ppkbd_name: Mapped[str] = mapped_column(String(40), default="PPKBD")
    sub_ppkbd_name: Mapped[str] = mapped_column(String(40), default="Sub PPKBD")
    map_box: Mapped[str | None] = mapped_column(String(40))  # the SVG viewBox of its shapes, once a map was imported
    report_day: Mapped[int] = mapped_column(default=5)  # of the next month: the registers must be in by then
    kecamatan_list: Mapped[list["Kecamatan"]] = relationship(order_by="Kecamatan.code", back_populates="kabupaten")

    def day_of(self, moment: datetime) -> date:
        return moment.astimezone(ZoneInfo(self.zone)).date()


class Kecamatan(db.Model):
    code: Mapped[str] = mapped_column(String(8), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    kabupaten_code: Mapped[str] = mapped_column(ForeignKey("kabupaten.code"), index=True)
    kabupaten: Mapped[Kabupaten] = relationship(back_populates="kecamatan_list")
    desa_list: Mapped[list["Desa"]] = relationship(order_by="Desa.code", back_populates="kecamatan")


class Jenis(StrEnum):
    """The first digit of a desa code's last block."""

    KELURAHAN = "kelurahan"
    DESA = "desa"
    DESA_ADAT = "desa_adat"


class Desa(db.Model):
    """The smallest place that counts. Names repeat: only the code is a key. One that was split or merged has ended."""

    code: Mapped[str] = mapped_column(String(13), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    jenis: Mapped[Jenis] = mapped_column(words(Jenis, "jenis"))
    kecamatan_code: Mapped[str] = mapped_column(ForeignKey("kecamatan.code"), index=True)
    ended_on: Mapped[date | None]
    kecamatan: Mapped[Kecamatan] = relationship(back_populates="desa_list")


class Shape(db.Model):
    """The outline of a kecamatan or desa in the units of its kabupaten's `map_box`."""

    area_code: Mapped[str] = mapped_column(String(13), primary_key=True)
    kabupaten_code: Mapped[str] = mapped_column(ForeignKey("kabupaten.code"), index=True)
    path: Mapped[str] = mapped_column(Text)
    x: Mapped[int]
    y: Mapped[int]


class PointKind(StrEnum):
    PUSKESMAS = "puskesmas"
    SAUNG_AMBU = "saung_ambu"
    PUSTU = "pustu"
    RUMAH_SAKIT = "rumah_sakit"
    PMB = "pmb"
    BERGERAK = "bergerak"


class ServicePoint(db.Model):
    """Where a service day happens. All but puskesmas and hospitals have an induk puskesmas that answers for them."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    kabupaten_code: Mapped[str] = mapped_column(ForeignKey("kabupaten.code"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[PointKind] = mapped_column(words(PointKind, "kind"))
    kecamatan_code: Mapped[str | None] = mapped_column(ForeignKey("kecamatan.code"))
    induk_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("service_point.id", deferrable=True, initially="DEFERRED"), index=True
    )
    kabupaten: Mapped[Kabupaten] = relationship()
    induk: Mapped["ServicePoint | None"] = relationship(remote_side=[id])
    __table_args__ = (UniqueConstraint("kabupaten_code", "name"),)

    @property
    def puskesmas_id(self) -> UUID:
        return self.induk_id or self.id


class WorkingArea(db.Model):
    """Which desa a puskesmas works for; a desa may have two."""

    puskesmas_id: Mapped[UUID] = mapped_column(ForeignKey("service_point.id"), primary_key=True)
    desa_code: Mapped[str] = mapped_column(ForeignKey("desa.code"), primary_key=True, index=True)


# ---- People ----

NO_PASSWORD = "!"  # noqa: S105  the hash of an account nobody has come into yet


class Person(db.Model):
    """Somebody who signs in. Role says what she may do; kabupaten, desa, rw or service point say where."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    kabupaten_code: Mapped[str] = mapped_column(ForeignKey("kabupaten.code"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    sign_in_name: Mapped[str] = mapped_column(String(40), unique=True)
    role: Mapped[Role] = mapped_column(words(Role, "role"))
    password_hash: Mapped[str] = mapped_column(String(200))
    desa_code: Mapped[str | None] = mapped_column(ForeignKey("desa.code"), index=True)
    rw: Mapped[str | None] = mapped_column(String(3))
    service_point_id: Mapped[UUID | None] = mapped_column(ForeignKey("service_point.id"), index=True)
    is_head: Mapped[bool] = mapped_column(default=False)
    is_admin: Mapped[bool] = mapped_column(default=False)
    poktan: Mapped[list[str]] = mapped_column(JSON, default=list)  # rules/gatherings.py: the groups she looks after
    phone_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    disabled_at: Mapped[datetime | None] = mapped_column(Moment)
    desa: Mapped[Desa | None] = relationship()
    service_point: Mapped[ServicePoint | None] = relationship()
    __table_args__ = (
        CheckConstraint("role <> 'kader' OR desa_code IS NOT NULL", name="kader_has_desa"),
        CheckConstraint("role <> 'puskesmas' OR service_point_id IS NOT NULL", name="puskesmas_has_point"),
    )

    @property
    def is_disabled(self) -> bool:
        return self.disabled_at is not None

    @property
    def state(self) -> AccountState:
        if self.is_disabled:
            return AccountState.DISABLED
        return AccountState.WAITING if self.password_hash == NO_PASSWORD else AccountState.ACTIVE


class PlkbDesa(db.Model):
    """The desa a PLKB looks after."""

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    desa_code: Mapped[str] = mapped_column(ForeignKey("desa.code"), primary_key=True, index=True)


class PersonChange(db.Model):
    """What the office did to an account: moved, retired, a new card. Where she worked before stays readable here."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    at: Mapped[datetime] = mapped_column(Moment)
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))  # none: the console
    what: Mapped[str] = mapped_column(String(24))
    before: Mapped[dict] = mapped_column(JSON, default=dict)
    after: Mapped[dict] = mapped_column(JSON, default=dict)


class Activation(db.Model):
    """The way into a new account: printed on a card, as words and as a QR code, good once and for fourteen days."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    words_index: Mapped[bytes] = mapped_column(LargeBinary(32))
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    deed_id: Mapped[int | None] = mapped_column(ForeignKey("deed.id"), index=True)  # none: the console
    made_at: Mapped[datetime] = mapped_column(Moment)
    ends_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)


class Device(db.Model):
    """A browser somebody has signed in on before. A kader's carries a PIN, which is worth nothing on another."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    pin_hash: Mapped[str | None] = mapped_column(String(200))
    pin_tries: Mapped[int] = mapped_column(default=0)
    enrolled_at: Mapped[datetime] = mapped_column(Moment)
    unsent: Mapped[int] = mapped_column(default=0)  # what its outbox said last: waiting to be sent,
    parked: Mapped[int] = mapped_column(default=0)  # to be mended by her,
    oldest_unsent_at: Mapped[datetime | None] = mapped_column(Moment)  # since when, by the phone's clock put right,
    told_at: Mapped[datetime | None] = mapped_column(Moment)  # and when it said so
    seen_at: Mapped[datetime] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)


class SignIn(db.Model):
    """One signed-in browser. The cookie carries 256 random bits; only their SHA-256 is kept here."""

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    device_id: Mapped[UUID | None] = mapped_column(ForeignKey("device.id"), index=True)
    began_at: Mapped[datetime] = mapped_column(Moment)
    seen_at: Mapped[datetime] = mapped_column(Moment)
    ends_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)


class SignInTry(db.Model):
    """A wrong password, or one that is just being judged: for whom, from where, on whose device.

    The name is kept keyed, since people type passwords into the wrong box.
    """

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    name_index: Mapped[bytes] = mapped_column(LargeBinary(16))
    address: Mapped[str] = mapped_column(String(45), index=True)
    device_id: Mapped[UUID | None] = mapped_column(ForeignKey("device.id"), index=True)
    at: Mapped[datetime] = mapped_column(Moment)
    is_wrong: Mapped[bool] = mapped_column(default=False)  # not yet: it is being judged
    __table_args__ = (Index("ix_sign_in_try_name_index_at", "name_index", "at"),)


# ---- Campaign ----


class Stage(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


class Campaign(db.Model):
    """A span of days with a promised number, and the setting of what counts toward it.

    A draft carries proposals; `settled` names the parts somebody has said herself. `headline_parts` splits the headline by
    method, where the office promised so. A rehearsal (gladi bersih) is a copy with invented people, and counts nowhere.
    """

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    kabupaten_code: Mapped[str] = mapped_column(ForeignKey("kabupaten.code"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    occasion: Mapped[str] = mapped_column(String(200), default="")
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    grace_days: Mapped[int] = mapped_column(default=2)
    correction_days: Mapped[int] = mapped_column(default=2)
    zone: Mapped[str] = mapped_column(String(40))
    stage: Mapped[Stage] = mapped_column(words(Stage, "stage"), default=Stage.DRAFT)
    headline: Mapped[int]
    counted_methods: Mapped[list[str]] = mapped_column(JSON)
    counted_participants: Mapped[list[str]] = mapped_column(JSON)
    counts_outsiders: Mapped[bool] = mapped_column(default=False)
    headline_parts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    settled: Mapped[list[str]] = mapped_column(JSON, default=list)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    unlocked_until: Mapped[datetime | None] = mapped_column(Moment)
    is_example: Mapped[bool] = mapped_column(default=False)
    is_rehearsal: Mapped[bool] = mapped_column(default=False)
    rehearses_id: Mapped[UUID | None] = mapped_column(ForeignKey("campaign.id", deferrable=True, initially="DEFERRED"))
    # Boards are made anew when it grows. Set it to Campaign.revision + 1, never += 1: the row was read before the deed began,
    # and of two deeds at once the second would say the first one's number, which no board would take for news.
    revision: Mapped[int] = mapped_column(Number, default=1)
    kabupaten: Mapped[Kabupaten] = relationship()
    __table_args__ = (
        CheckConstraint("closes_on >= opens_on", name="window"),
        CheckConstraint("headline >= 0", name="headline"),
    )

    def day_of(self, moment: datetime) -> date:
        return moment.astimezone(ZoneInfo(self.zone)).date()

    @property
    def is_live(self) -> bool:
        """Whether its board still moves."""
        return self.stage == Stage.OPEN

    @property
    def books_until(self) -> date:
        """The last day somebody may be booked on; before all days once it is closed. Days that lie later were opened before."""
        return date.min if self.stage == Stage.CLOSED else self.closes_on

    def is_locked(self, at: datetime) -> bool:
        """Whether its results stand: the days of grace are over after its last day, or after it was closed before that."""
        if self.stage == Stage.DRAFT or (self.unlocked_until and at <= self.unlocked_until):
            return self.stage == Stage.DRAFT
        last = self.closes_on if self.closed_at is None else min(self.closes_on, self.day_of(self.closed_at))
        return self.day_of(at) > last + timedelta(days=self.grace_days)

    def counts(self, method: Method | str, participant: Participant | str) -> bool:
        return method in self.counted_methods and participant in self.counted_participants


class StageChange(db.Model):
    """When a campaign was opened, closed or unlocked, by whom and why."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"), index=True)
    at: Mapped[datetime] = mapped_column(Moment)
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    what: Mapped[str] = mapped_column(String(24))
    why: Mapped[str] = mapped_column(String(200), default="")


class WeightColumn(db.Model):
    """One figure per desa the office split by: PUS, unmet need, last year's result."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    kabupaten_code: Mapped[str] = mapped_column(ForeignKey("kabupaten.code"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime] = mapped_column(Moment)
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))


class Weight(db.Model):
    """The figure of one desa in a column."""

    column_id: Mapped[UUID] = mapped_column(ForeignKey("weight_column.id"), primary_key=True)
    desa_code: Mapped[str] = mapped_column(ForeignKey("desa.code"), primary_key=True)
    value: Mapped[Fraction] = mapped_column(Exact)


class Split(db.Model):
    """One version of how the headline is shared out. It is a proposal until it is accepted; one of a campaign is current."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"), index=True)
    at: Mapped[datetime] = mapped_column(Moment)
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))  # none: made before versions were kept
    why: Mapped[str] = mapped_column(String(200), default="")
    headline: Mapped[int]
    way: Mapped[Way] = mapped_column(words(Way, "way"), default=Way.LARGEST_REMAINDER)
    is_kecamatan_first: Mapped[bool] = mapped_column(default=False)
    least: Mapped[int] = mapped_column(default=0)
    mix: Mapped[list[dict]] = mapped_column(JSON, default=list)  # [{"name": …, "percent": …}]; empty: all alike
    methods: Mapped[dict[str, int]] = mapped_column(
        JSON, default=dict
    )  # the promise of each method; empty: not split so
    weeks: Mapped[list[dict]] = mapped_column(JSON, default=list)  # [{"from": …, "number": …}]; empty: not split so
    accepted_at: Mapped[datetime | None] = mapped_column(Moment)
    accepted_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    is_current: Mapped[bool] = mapped_column(default=False)
    __table_args__ = (
        Index(
            "uq_split_campaign_id_current",
            "campaign_id",
            unique=True,
            sqlite_where=text("is_current"),
            postgresql_where=text("is_current"),
        ),
        CheckConstraint("least >= 0", name="least"),
    )


class Target(db.Model):
    """The promised number of one desa in one version, and why it is this one: weight, quota, remainder, lock, minimum."""

    split_id: Mapped[UUID] = mapped_column(ForeignKey("split.id"), primary_key=True)
    desa_code: Mapped[str] = mapped_column(ForeignKey("desa.code"), primary_key=True)
    weight: Mapped[Fraction] = mapped_column(Exact)
    quota: Mapped[Fraction] = mapped_column(Exact)
    number: Mapped[int]
    is_locked: Mapped[bool] = mapped_column(default=False)
    is_least: Mapped[bool] = mapped_column(default=False)  # the minimum per desa made it this much
    cells: Mapped[dict] = mapped_column(JSON, default=dict)  # {method or '': [one number per week, or one]}
    __table_args__ = (CheckConstraint("number >= 0", name="number"),)


class ServiceDay(db.Model):
    """A day with seats at one service point. `taken` is moved only by a guarded UPDATE, with the CHECK behind it."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"))
    service_point_id: Mapped[UUID] = mapped_column(ForeignKey("service_point.id"))
    on: Mapped[date]
    starts_at: Mapped[time] = mapped_column(default=time(8))
    ends_at: Mapped[time] = mapped_column(default=time(15))
    seats: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0)
    is_cancelled: Mapped[bool] = mapped_column(default=False)
    cancelled_why: Mapped[str] = mapped_column(String(24), default="")
    team: Mapped[str] = mapped_column(String(200), default="")  # who serves: names, separated by commas
    series_id: Mapped[UUID | None]  # one of those that were opened together
    closed_at: Mapped[datetime | None] = mapped_column(Moment)  # everybody has an outcome, and somebody has said so
    closed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    served: Mapped[int] = mapped_column(default=0)  # of those who were booked on it, by the services that stand
    entered_at: Mapped[datetime | None] = mapped_column(Moment)  # when somebody there wrote something down last
    campaign: Mapped[Campaign] = relationship()
    service_point: Mapped[ServicePoint] = relationship()
    method_seats: Mapped[list["DaySeats"]] = relationship(order_by="DaySeats.family")
    __table_args__ = (
        CheckConstraint("taken >= 0 AND taken <= seats", name="taken"),
        Index("ix_service_day_campaign_id_on", "campaign_id", "on"),
        Index("ix_service_day_service_point_id_on", "service_point_id", "on"),
    )

    @property
    def free(self) -> int:
        return self.seats - self.taken

    @property
    def begins_at(self) -> datetime:
        return datetime.combine(self.on, self.starts_at, ZoneInfo(self.campaign.zone))

    @property
    def finishes_at(self) -> datetime:
        return datetime.combine(self.on, self.ends_at, ZoneInfo(self.campaign.zone))


class DaySeats(db.Model):
    """How many of a day's seats are for one family of methods: as many as there are sets. Without a row it has no limit."""

    service_day_id: Mapped[UUID] = mapped_column(ForeignKey("service_day.id"), primary_key=True)
    family: Mapped[Family] = mapped_column(words(Family, "family"), primary_key=True)
    seats: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0)
    __table_args__ = (CheckConstraint("taken >= 0 AND taken <= seats", name="taken"),)

    @property
    def free(self) -> int:
        return self.seats - self.taken


class Blackout(db.Model):
    """A date on which nobody serves: a holiday of the whole kabupaten, or of one puskesmas."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    kabupaten_code: Mapped[str] = mapped_column(ForeignKey("kabupaten.code"), index=True)
    puskesmas_id: Mapped[UUID | None] = mapped_column(ForeignKey("service_point.id"))  # none: everywhere
    on: Mapped[date]
    why: Mapped[str] = mapped_column(String(60), default="")
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    puskesmas: Mapped[ServicePoint | None] = relationship()


class StockKind(StrEnum):
    """What moved the number of sets."""

    RECEIVED = "received"
    USED = "used"
    GIVEN_BACK = "given_back"  # a service was taken back
    HANDED_ON = "handed_on"  # to another puskesmas
    LOST = "lost"  # broken, expired, gone
    COUNTED = "counted"  # stock opname: the difference


class Stock(db.Model):
    """Sets on hand at a puskesmas and its points, by the book. Below nothing means the book is wrong, not that nothing was used."""

    puskesmas_id: Mapped[UUID] = mapped_column(ForeignKey("service_point.id"), primary_key=True)
    method: Mapped[Method] = mapped_column(words(Method, "method"), primary_key=True)
    source: Mapped[Source] = mapped_column(words(Source, "source"), primary_key=True)
    on_hand: Mapped[int] = mapped_column(default=0)


class StockLine(db.Model):
    """One line of the stock book, never changed: so many sets more or fewer (R/II/KB/20)."""

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    puskesmas_id: Mapped[UUID] = mapped_column(ForeignKey("service_point.id"))
    method: Mapped[Method] = mapped_column(words(Method, "method"))
    source: Mapped[Source] = mapped_column(words(Source, "source"))
    kind: Mapped[StockKind] = mapped_column(words(StockKind, "kind"))
    number: Mapped[int]
    on: Mapped[date]
    written_at: Mapped[datetime] = mapped_column(Moment)
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    deed_id: Mapped[int] = mapped_column(ForeignKey("deed.id"))
    by: Mapped[Person] = relationship()
    __table_args__ = (
        Index("ix_stock_line_puskesmas_id_on", "puskesmas_id", "on"),
        CheckConstraint("number <> 0", name="number"),
    )


class DeferReason(db.Model):
    """Why she is deferred, as this office words it; coarse on purpose. `wait_days` proposes when she may be booked again."""

    kabupaten_code: Mapped[str] = mapped_column(ForeignKey("kabupaten.code"), primary_key=True)
    code: Mapped[str] = mapped_column(String(24), primary_key=True)  # what the ledger keeps
    label: Mapped[str] = mapped_column(String(60))
    wait_days: Mapped[int | None]
    place: Mapped[int] = mapped_column(default=0)  # where it stands in the list
    is_used: Mapped[bool] = mapped_column(default=True)


class AfterPlan(db.Model):
    """When who got this method should be seen again, in days after it, and how long it lasts. The office's setting."""

    kabupaten_code: Mapped[str] = mapped_column(ForeignKey("kabupaten.code"), primary_key=True)
    method: Mapped[Method] = mapped_column(words(Method, "method"), primary_key=True)
    visit_days: Mapped[list[int]] = mapped_column(JSON, default=list)
    lasts_months: Mapped[int | None]  # none: for good


# ---- Journey ----


class Akseptor(db.Model):
    """One woman in one campaign: calon akseptor until she is served. For MOP she is the wife, whose NIK is the key."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"))
    desa_code: Mapped[str | None] = mapped_column(ForeignKey("desa.code"))  # none: she lives outside the kabupaten
    rt: Mapped[str] = mapped_column(String(3), default="")
    rw: Mapped[str] = mapped_column(String(3), default="")
    name: Mapped[str] = mapped_column(String(120))
    birth_date: Mapped[date | None]
    sound: Mapped[str] = mapped_column(String(120), default="")  # of her name, rules/sounds.py
    paper_row: Mapped[str | None] = mapped_column(String(12))  # the sheet and row she was written on first
    nik_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    nik_index: Mapped[bytes | None] = mapped_column(LargeBinary(16), deferred=True)
    no_nik_reason: Mapped[str | None] = mapped_column(String(24))
    phone_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    address_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    couple_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)  # rules/couple.py
    method_sealed: Mapped[bytes] = mapped_column(LargeBinary)  # wanted; once served, the one she got
    participant: Mapped[Participant] = mapped_column(words(Participant, "participant"), default=Participant.BELUM)
    status: Mapped[Status | None] = mapped_column(words(Status, "status"))
    served_on: Mapped[date | None]  # only while she stands as served: under which day she is counted
    deferred_until: Mapped[date | None]
    is_counselled: Mapped[bool] = mapped_column(default=False)
    has_nik: Mapped[bool] = mapped_column(default=False)
    kader_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    registered_at: Mapped[datetime] = mapped_column(Moment)
    changed_at: Mapped[datetime] = mapped_column(Moment)
    revision: Mapped[int] = mapped_column(default=1)  # guards every step: whoever read an older one tries again
    campaign: Mapped[Campaign] = relationship()
    desa: Mapped[Desa | None] = relationship()
    kader: Mapped[Person | None] = relationship()
    __table_args__ = (
        UniqueConstraint("campaign_id", "nik_index"),
        Index("uq_akseptor_campaign_id_paper_row", "campaign_id", "paper_row", unique=True),
        # Both hold all that is compared, so that a desa of thousands is read from the index alone.
        Index("ix_akseptor_campaign_id_desa_code_sound", "campaign_id", "desa_code", "sound", "birth_date"),
        Index("ix_akseptor_campaign_id_birth_date_sound", "campaign_id", "birth_date", "sound"),
        Index("ix_akseptor_campaign_id_desa_code_status", "campaign_id", "desa_code", "status"),
        CheckConstraint("desa_code IS NOT NULL OR address_sealed IS NOT NULL", name="lives_somewhere"),
    )

    def may(self, kind: str) -> bool:
        return journey.may(self.status, Kind(kind))


class PaperSheet(db.Model):
    """A printed sheet of blank forms. Its code and a row's number tell whether that row was keyed in already."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    code: Mapped[str] = mapped_column(String(6), unique=True)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"), index=True)
    desa_code: Mapped[str] = mapped_column(ForeignKey("desa.code"))
    rows: Mapped[int]
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    printed_at: Mapped[datetime] = mapped_column(Moment)
    campaign: Mapped[Campaign] = relationship()
    desa: Mapped[Desa] = relationship()


class Transfer(db.Model):
    """She lives in another desa: the PLKB of one side says so, the office decides. Until then she counts where she was."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    akseptor_id: Mapped[UUID] = mapped_column(ForeignKey("akseptor.id"))
    from_desa_code: Mapped[str] = mapped_column(ForeignKey("desa.code"))
    to_desa_code: Mapped[str] = mapped_column(ForeignKey("desa.code"))
    to_rt: Mapped[str] = mapped_column(String(3), default="")  # where she lives there, as far as it is known
    to_rw: Mapped[str] = mapped_column(String(3), default="")
    why: Mapped[str] = mapped_column(String(200), default="")  # a code: words.TRANSFER_REASON
    proposed_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime] = mapped_column(Moment)
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    is_accepted: Mapped[bool | None]
    akseptor: Mapped[Akseptor] = relationship()
    from_desa: Mapped[Desa] = relationship(foreign_keys=[from_desa_code])
    to_desa: Mapped[Desa] = relationship(foreign_keys=[to_desa_code])
    proposed_by: Mapped[Person] = relationship(foreign_keys=[proposed_by_id])
    __table_args__ = (
        Index(
            "uq_transfer_akseptor_id_open",
            "akseptor_id",
            unique=True,
            sqlite_where=text("decided_at IS NULL"),
            postgresql_where=text("decided_at IS NULL"),
        ),
    )


class Merge(db.Model):
    """Two records of one woman made one. The other keeps its columns and stands nowhere, so this can be taken back."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    kept_id: Mapped[UUID] = mapped_column(ForeignKey("akseptor.id"), index=True)
    gone_id: Mapped[UUID] = mapped_column(ForeignKey("akseptor.id"), index=True)
    gone_status: Mapped[Status] = mapped_column(words(Status, "gone_status"))
    moved: Mapped[list[str]] = mapped_column(JSON, default=list)  # what the kept one did not have and got: nik, phone …
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    undone_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    undone_at: Mapped[datetime | None] = mapped_column(Moment)
    kept: Mapped[Akseptor] = relationship(foreign_keys=[kept_id])
    gone: Mapped[Akseptor] = relationship(foreign_keys=[gone_id])
    by: Mapped[Person] = relationship(foreign_keys=[by_id])
    undone_by: Mapped[Person | None] = relationship(foreign_keys=[undone_by_id])


class NotSame(db.Model):
    """Somebody has looked: these two are two women. `one_id` is the smaller id."""

    one_id: Mapped[UUID] = mapped_column(ForeignKey("akseptor.id"), primary_key=True)
    other_id: Mapped[UUID] = mapped_column(ForeignKey("akseptor.id"), primary_key=True, index=True)
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Moment)


class ConsentKind(StrEnum):
    """The three records: keeping her data; counselling and willingness; informed consent at the service."""

    DATA = "data"
    COUNSELLED = "counselled"
    INFORMED = "informed"


class Consent(db.Model):
    """What she agreed to, who heard it and which text was read to her."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    akseptor_id: Mapped[UUID] = mapped_column(ForeignKey("akseptor.id"), index=True)
    kind: Mapped[ConsentKind] = mapped_column(words(ConsentKind, "kind"))
    is_given: Mapped[bool]
    text_version: Mapped[str] = mapped_column(String(24))
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    given_at: Mapped[datetime] = mapped_column(Moment)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)


class Outcome(StrEnum):
    """How a booking ended."""

    CANCELLED = "cancelled"
    MOVED = "moved"
    SERVED = "served"
    DEFERRED = "deferred"
    REFERRED = "referred"
    MISSED = "missed"
    WITHDREW = "withdrew"
    LAPSED = "lapsed"  # a seat that was held for her until a moment, and nobody said yes


class Booking(db.Model):
    """Her seat on one service day. She has at most one that is still to come: no outcome yet."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    akseptor_id: Mapped[UUID] = mapped_column(ForeignKey("akseptor.id"), index=True)
    service_day_id: Mapped[UUID] = mapped_column(ForeignKey("service_day.id"), index=True)
    booked_at: Mapped[datetime] = mapped_column(Moment)
    arrived_at: Mapped[datetime | None] = mapped_column(Moment)
    outcome: Mapped[Outcome | None] = mapped_column(words(Outcome, "outcome"))
    holds_seat: Mapped[bool] = mapped_column(default=True)
    held_until: Mapped[datetime | None] = mapped_column(
        Moment
    )  # she moved up: until then her kader says yes, or it lapses
    family_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)  # which of the day's seats by method is hers
    akseptor: Mapped[Akseptor] = relationship()
    service_day: Mapped[ServiceDay] = relationship()
    __table_args__ = (
        Index(
            "uq_booking_akseptor_id_open",
            "akseptor_id",
            unique=True,
            sqlite_where=text("outcome IS NULL"),
            postgresql_where=text("outcome IS NULL"),
        ),
    )


class Waiting(db.Model):
    """She would like a seat on a day that is full; whoever has waited longest moves up when one is free."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    akseptor_id: Mapped[UUID] = mapped_column(ForeignKey("akseptor.id"))
    service_day_id: Mapped[UUID] = mapped_column(ForeignKey("service_day.id"))
    since: Mapped[datetime] = mapped_column(Moment)
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None] = mapped_column(Moment)  # moved up, booked elsewhere, left, or the day is over
    akseptor: Mapped[Akseptor] = relationship()
    service_day: Mapped[ServiceDay] = relationship()
    __table_args__ = (
        Index("ix_waiting_service_day_id_since", "service_day_id", "since"),
        Index(
            "uq_waiting_akseptor_id_service_day_id_open",
            "akseptor_id",
            "service_day_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )


class NoticeKind(StrEnum):
    """What happened to her seat without her kader."""

    DAY_MOVED = "day_moved"
    DAY_CANCELLED = "day_cancelled"
    SEAT_GONE = "seat_gone"  # the day became smaller
    MOVED_UP = "moved_up"
    LAPSED = "lapsed"


class Notice(db.Model):
    """Something her kader must tell her. It stands on the kader's list until she says she has."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    akseptor_id: Mapped[UUID] = mapped_column(ForeignKey("akseptor.id"), index=True)
    service_day_id: Mapped[UUID] = mapped_column(ForeignKey("service_day.id"))
    kind: Mapped[NoticeKind] = mapped_column(words(NoticeKind, "kind"))
    at: Mapped[datetime] = mapped_column(Moment)
    told_at: Mapped[datetime | None] = mapped_column(Moment)
    told_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    akseptor: Mapped[Akseptor] = relationship()
    service_day: Mapped[ServiceDay] = relationship()


class Service(db.Model):
    """A service the puskesmas confirms. A correction ends it (`undone_at`); it is never deleted."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    akseptor_id: Mapped[UUID] = mapped_column(ForeignKey("akseptor.id"))
    booking_id: Mapped[UUID] = mapped_column(ForeignKey("booking.id"), index=True)
    served_on: Mapped[date] = mapped_column(index=True)
    method_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    wanted_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    participant: Mapped[Participant] = mapped_column(words(Participant, "participant"))
    has_informed_consent: Mapped[bool]
    facts_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)  # rules/service_facts.py
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    undone_at: Mapped[datetime | None] = mapped_column(Moment)
    siga_at: Mapped[datetime | None] = mapped_column(Moment)  # somebody has entered this line in SIGA, and says so
    siga_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    akseptor: Mapped[Akseptor] = relationship()
    booking: Mapped[Booking] = relationship()
    __table_args__ = (
        Index(
            "uq_service_akseptor_id_standing",
            "akseptor_id",
            unique=True,
            sqlite_where=text("undone_at IS NULL"),
            postgresql_where=text("undone_at IS NULL"),
        ),
    )


class Referral(db.Model):
    """Sent on to another service point, mostly a hospital, and what it answered."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    akseptor_id: Mapped[UUID] = mapped_column(ForeignKey("akseptor.id"), index=True)
    booking_id: Mapped[UUID] = mapped_column(ForeignKey("booking.id"))  # the day on which she was sent on
    to_point_id: Mapped[UUID] = mapped_column(ForeignKey("service_point.id"), index=True)
    reason: Mapped[str] = mapped_column(String(24))
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    answer: Mapped[str | None] = mapped_column(String(24))
    answered_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    akseptor: Mapped[Akseptor] = relationship()
    booking: Mapped[Booking] = relationship()
    to_point: Mapped[ServicePoint] = relationship()


class FollowUp(db.Model):
    """A visit after the service: planned by the office's setting, or because she came. What was found is sealed."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"), index=True)
    akseptor_id: Mapped[UUID] = mapped_column(ForeignKey("akseptor.id"), index=True)
    due_on: Mapped[date] = mapped_column(index=True)
    is_planned: Mapped[bool] = mapped_column(default=True)
    done_on: Mapped[date | None] = mapped_column(index=True)
    done_at: Mapped[datetime | None] = mapped_column(Moment)
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    point_id: Mapped[UUID | None] = mapped_column(ForeignKey("service_point.id"))  # where; none: at her home
    found_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)  # rules/aftercare.py
    undone_at: Mapped[datetime | None] = mapped_column(
        Moment
    )  # the service itself was taken back, or this entry was wrong
    siga_at: Mapped[datetime | None] = mapped_column(Moment)
    siga_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    akseptor: Mapped[Akseptor] = relationship()
    service: Mapped[Service] = relationship()


class Deed(db.Model):
    """One form sent: its key is claimed before anything is written, its answer is remembered for a copy."""

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))  # none: the clock did it
    key: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(24))
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    answer: Mapped[str | None] = mapped_column(String(80))
    phone_ahead: Mapped[int | None]  # seconds the phone's clock was before ours when it was sent
    done_at: Mapped[datetime | None] = mapped_column(Moment)
    written_at: Mapped[datetime] = mapped_column(Moment)
    __table_args__ = (UniqueConstraint("by_id", "key"),)


class Step(db.Model):
    """One line of the ledger. Appended, never changed: a trigger on both engines refuses UPDATE and DELETE."""

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    deed_id: Mapped[int] = mapped_column(ForeignKey("deed.id"), index=True)
    akseptor_id: Mapped[UUID] = mapped_column(ForeignKey("akseptor.id"))
    before: Mapped[Status | None] = mapped_column(words(Status, "before"))
    kind: Mapped[Kind] = mapped_column(words(Kind, "kind"))
    after: Mapped[Status | None] = mapped_column(words(Status, "after"))  # none: an import was undone
    reason: Mapped[str | None] = mapped_column(String(24))
    until: Mapped[date | None]
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("step.id"))
    done_at: Mapped[datetime | None] = mapped_column(Moment)
    written_at: Mapped[datetime] = mapped_column(Moment)
    __table_args__ = (Index("ix_step_akseptor_id_id", "akseptor_id", "id"),)


# ---- Count ----


class Tally(db.Model):
    """How many stand where now, per desa, method and participant status: facts. What counts is computed when read.

    `desa_code` is '' for women from outside the kabupaten. `waiting_nik` are those of `served` whose NIK is still missing.
    """

    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"), primary_key=True)
    desa_code: Mapped[str] = mapped_column(String(13), primary_key=True)
    method: Mapped[Method] = mapped_column(words(Method, "method"), primary_key=True)
    participant: Mapped[Participant] = mapped_column(words(Participant, "participant"), primary_key=True)
    registered: Mapped[int] = mapped_column(default=0)
    booked: Mapped[int] = mapped_column(default=0)
    attended: Mapped[int] = mapped_column(default=0)
    served: Mapped[int] = mapped_column(default=0)
    deferred: Mapped[int] = mapped_column(default=0)
    referred: Mapped[int] = mapped_column(default=0)
    no_show: Mapped[int] = mapped_column(default=0)
    withdrawn: Mapped[int] = mapped_column(default=0)
    waiting_nik: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(Number, default=1)
    __table_args__ = (
        CheckConstraint(
            "registered >= 0 AND booked >= 0 AND attended >= 0 AND served >= 0 AND deferred >= 0 AND referred >= 0"
            " AND no_show >= 0 AND withdrawn >= 0 AND waiting_nik >= 0 AND waiting_nik <= served",
            name="beads",
        ),
    )


class DayCount(db.Model):
    """How many were served on each day: the tally's `served` and `waiting_nik` by the day of service, moved with it."""

    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"), primary_key=True)
    on: Mapped[date] = mapped_column(primary_key=True)
    desa_code: Mapped[str] = mapped_column(String(13), primary_key=True)
    method: Mapped[Method] = mapped_column(words(Method, "method"), primary_key=True)
    participant: Mapped[Participant] = mapped_column(words(Participant, "participant"), primary_key=True)
    served: Mapped[int] = mapped_column(default=0)
    waiting_nik: Mapped[int] = mapped_column(default=0)
    __table_args__ = (CheckConstraint("waiting_nik >= 0 AND waiting_nik <= served", name="beads"),)


# ---- Gatherings ----


class Gathering(db.Model):
    """Kader and others called together for a day: an orientation, a routine meeting. `present` are the chairs taken.

    `present` is moved only by a guarded UPDATE, with the CHECK behind it. `door_code` is what the poster at the door says.
    """

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    kabupaten_code: Mapped[str] = mapped_column(ForeignKey("kabupaten.code"))
    kind: Mapped[GatheringKind] = mapped_column(words(GatheringKind, "gathering_kind"))
    tier: Mapped[Tier] = mapped_column(words(Tier, "tier"))
    area_code: Mapped[str | None] = mapped_column(String(13))  # of the kecamatan or desa it is for; none: the kabupaten
    rw: Mapped[str] = mapped_column(String(3), default="")
    name: Mapped[str] = mapped_column(String(120))
    place: Mapped[str] = mapped_column(String(120))
    on: Mapped[date]
    starts_at: Mapped[time]
    ends_at: Mapped[time]
    zone: Mapped[str] = mapped_column(String(40))
    opens_at: Mapped[datetime] = mapped_column(Moment)  # from when one may sign in,
    late_at: Mapped[datetime] = mapped_column(Moment)  # from when one comes late,
    closes_at: Mapped[datetime] = mapped_column(Moment)  # and until when
    agenda: Mapped[str] = mapped_column(Text, default="")
    speakers: Mapped[str] = mapped_column(String(400), default="")
    capacity: Mapped[int | None]
    target: Mapped[int | None]  # how many shall come; none: as many as are invited
    present: Mapped[int] = mapped_column(default=0)
    door_code: Mapped[str] = mapped_column(String(8), unique=True)
    series_id: Mapped[UUID | None] = mapped_column(index=True)
    is_cancelled: Mapped[bool] = mapped_column(default=False)
    cancelled_why: Mapped[str] = mapped_column(String(200), default="")
    closed_at: Mapped[datetime | None] = mapped_column(Moment)  # the list is closed: who has not come was absent
    minutes: Mapped[str] = mapped_column(Text, default="")
    open_quiz: Mapped[QuizPart | None] = mapped_column(words(QuizPart, "quiz_part"))  # which may be filled in just now
    made_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(Moment)
    revision: Mapped[int] = mapped_column(Number, default=1)
    kabupaten: Mapped[Kabupaten] = relationship()
    made_by: Mapped[Person] = relationship()
    __table_args__ = (
        CheckConstraint("present >= 0 AND (capacity IS NULL OR present <= capacity)", name="present"),
        CheckConstraint("opens_at <= late_at AND late_at <= closes_at", name="window"),
        Index("ix_gathering_kabupaten_code_on", "kabupaten_code", "on"),
    )

    @property
    def begins_at(self) -> datetime:
        return datetime.combine(self.on, self.starts_at, ZoneInfo(self.zone))

    def day_of(self, moment: datetime) -> date:
        return moment.astimezone(ZoneInfo(self.zone)).date()

    @property
    def is_live(self) -> bool:
        """Whether its board still moves."""
        return not self.is_cancelled and self.closed_at is None

    def is_open(self, at: datetime) -> bool:
        """Whether one may sign in now."""
        return not self.is_cancelled and self.closed_at is None and self.opens_at <= at <= self.closes_at


class Invitee(db.Model):
    """Somebody on the list of a gathering: of the register, or by name only. `code` is what her letter says."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    gathering_id: Mapped[UUID] = mapped_column(ForeignKey("gathering.id"))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    desa_code: Mapped[str | None] = mapped_column(ForeignKey("desa.code"))
    rw: Mapped[str] = mapped_column(String(3), default="")
    title: Mapped[str] = mapped_column(String(60), default="")  # jabatan, as on the paper list
    code: Mapped[str] = mapped_column(String(5))
    status: Mapped[Attendance | None] = mapped_column(words(Attendance, "attendance"))
    is_walk_in: Mapped[bool] = mapped_column(default=False)
    stands_in: Mapped[str] = mapped_column(String(120), default="")  # who came in her place
    came_at: Mapped[datetime | None] = mapped_column(Moment)
    signed_by: Mapped[SignedBy | None] = mapped_column(words(SignedBy, "signed_by"))
    revision: Mapped[int] = mapped_column(default=1)  # guards every entry: whoever read an older one tries again
    gathering: Mapped[Gathering] = relationship()
    person: Mapped[Person | None] = relationship()
    desa: Mapped[Desa | None] = relationship()
    __table_args__ = (
        UniqueConstraint("gathering_id", "person_id"),
        UniqueConstraint("gathering_id", "code"),
        Index("ix_invitee_gathering_id_desa_code", "gathering_id", "desa_code"),
    )

    def may(self, entry: str) -> bool:
        return ATTENDING.may(self.status, Entry(entry))


class AttendanceStep(db.Model):
    """One line of the attendance ledger. Appended, never changed: a trigger on both engines refuses UPDATE and DELETE."""

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    deed_id: Mapped[int] = mapped_column(ForeignKey("deed.id"), index=True)
    invitee_id: Mapped[UUID] = mapped_column(ForeignKey("invitee.id"))
    before: Mapped[Attendance | None] = mapped_column(words(Attendance, "before"))
    kind: Mapped[Entry] = mapped_column(words(Entry, "entry"))
    after: Mapped[Attendance | None] = mapped_column(words(Attendance, "after"))
    reason: Mapped[str | None] = mapped_column(String(24))
    done_at: Mapped[datetime | None] = mapped_column(Moment)
    written_at: Mapped[datetime] = mapped_column(Moment)
    __table_args__ = (Index("ix_attendance_step_invitee_id_id", "invitee_id", "id"),)


class Turnout(db.Model):
    """How many of a gathering stand where now, per desa: moved with the ledger. `desa_code` is '' for those of no desa."""

    gathering_id: Mapped[UUID] = mapped_column(ForeignKey("gathering.id"), primary_key=True)
    desa_code: Mapped[str] = mapped_column(String(13), primary_key=True)
    invited: Mapped[int] = mapped_column(default=0)
    came: Mapped[int] = mapped_column(default=0)
    late: Mapped[int] = mapped_column(default=0)
    excused: Mapped[int] = mapped_column(default=0)
    absent: Mapped[int] = mapped_column(default=0)
    represented: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(Number, default=1)
    __table_args__ = (
        CheckConstraint(
            "invited >= 0 AND came >= 0 AND late >= 0 AND excused >= 0 AND absent >= 0 AND represented >= 0",
            name="beads",
        ),
    )


class Decision(db.Model):
    """What a gathering decided: who does what by when, and whether it is done."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    gathering_id: Mapped[UUID] = mapped_column(ForeignKey("gathering.id"), index=True)
    what: Mapped[str] = mapped_column(String(400))
    who: Mapped[str] = mapped_column(String(120), default="")
    due_on: Mapped[date | None]
    done_at: Mapped[datetime | None] = mapped_column(Moment)
    done_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    gathering: Mapped[Gathering] = relationship()


class Photo(db.Model):
    """A picture of a gathering, drawn anew when it came in: nothing of the phone or the place it was taken with is left."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    gathering_id: Mapped[UUID] = mapped_column(ForeignKey("gathering.id"), index=True)
    jpeg: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    small: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    width: Mapped[int]
    height: Mapped[int]
    caption: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[datetime] = mapped_column(Moment)
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    gathering: Mapped[Gathering] = relationship()


class Material(db.Model):
    """Something to read on the phone: paragraphs of plain text."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    gathering_id: Mapped[UUID] = mapped_column(ForeignKey("gathering.id"), index=True)
    title: Mapped[str] = mapped_column(String(120))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Moment)
    gathering: Mapped[Gathering] = relationship()


class Question(db.Model):
    """One question of an office's bank: what is asked, what can be chosen, and which of it is right, counted from 0."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    kabupaten_code: Mapped[str] = mapped_column(ForeignKey("kabupaten.code"), index=True)
    text: Mapped[str] = mapped_column(String(400))
    choices: Mapped[list[str]] = mapped_column(JSON)
    right: Mapped[int]
    is_used: Mapped[bool] = mapped_column(default=True)
    at: Mapped[datetime] = mapped_column(Moment)


class QuizQuestion(db.Model):
    """A question that is asked at a gathering, before and after, in its place."""

    gathering_id: Mapped[UUID] = mapped_column(ForeignKey("gathering.id"), primary_key=True)
    question_id: Mapped[UUID] = mapped_column(ForeignKey("question.id"), primary_key=True, index=True)
    place: Mapped[int] = mapped_column(default=0)
    question: Mapped[Question] = relationship()


class QuizResult(db.Model):
    """How many somebody had right, of how many; what she chose for each question, unless it came on paper."""

    invitee_id: Mapped[UUID] = mapped_column(ForeignKey("invitee.id"), primary_key=True)
    part: Mapped[QuizPart] = mapped_column(words(QuizPart, "quiz_part"), primary_key=True)
    right: Mapped[int]
    of: Mapped[int]
    chosen: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)  # question id → choice; empty: from a sheet
    at: Mapped[datetime] = mapped_column(Moment)
    invitee: Mapped[Invitee] = relationship()
    __table_args__ = (CheckConstraint('"right" >= 0 AND "right" <= "of"', name="right"),)


class Certificate(db.Model):
    """That somebody took part, by number. Who holds the paper can have it confirmed by its code."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    invitee_id: Mapped[UUID] = mapped_column(ForeignKey("invitee.id"), unique=True)
    gathering_id: Mapped[UUID] = mapped_column(ForeignKey("gathering.id"))
    serial: Mapped[int]  # within its gathering
    number: Mapped[str] = mapped_column(String(80))
    code: Mapped[str] = mapped_column(String(16), unique=True)
    made_at: Mapped[datetime] = mapped_column(Moment)
    invitee: Mapped[Invitee] = relationship()
    gathering: Mapped[Gathering] = relationship()
    __table_args__ = (UniqueConstraint("gathering_id", "serial"),)


# ---- Walls ----


class WallKind(StrEnum):
    """Who stands before a wall: what it shows is theirs to see."""

    PIMPINAN = "pimpinan"  # the leaders' room: as the bupati
    LOBI = "lobi"  # the lobby and wider: whoever passes
    AULA = "aula"  # the hall of a gathering: how many have come, and the way in


class WallLink(db.Model):
    """An address that shows a wall without a sign-in, until its day or until somebody takes it back."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    campaign_id: Mapped[UUID | None] = mapped_column(ForeignKey("campaign.id"), index=True)
    gathering_id: Mapped[UUID | None] = mapped_column(ForeignKey("gathering.id"), index=True)
    kind: Mapped[WallKind] = mapped_column(words(WallKind, "kind"))
    name: Mapped[str] = mapped_column(String(80))  # where it hangs
    token_digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    made_at: Mapped[datetime] = mapped_column(Moment)
    made_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    ends_at: Mapped[datetime] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)
    revoked_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    campaign: Mapped[Campaign | None] = relationship()
    gathering: Mapped["Gathering | None"] = relationship()
    made_by: Mapped[Person] = relationship(foreign_keys=[made_by_id])
    __table_args__ = (CheckConstraint("(campaign_id IS NULL) <> (gathering_id IS NULL)", name="shows_one"),)


class LobbyRow(db.Model):
    """What the lobby shows of one desa, as it stood at `at`: renewed once an hour, at a minute of its own."""

    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"), primary_key=True)
    desa_code: Mapped[str] = mapped_column(String(13), primary_key=True)
    served: Mapped[int]
    at: Mapped[datetime] = mapped_column(Moment)
    revision: Mapped[int] = mapped_column(Number, default=1)


class Digest(db.Model):
    """The short message of one day: numbers of areas, with their stamp, as they were told."""

    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"), primary_key=True)
    on: Mapped[date] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)
    told: Mapped[dict] = mapped_column(JSON)


# ---- Sheets ----


class SheetState(StrEnum):
    """How far an office's file has come."""

    READING = "reading"
    READY = "ready"
    APPLYING = "applying"
    APPLIED = "applied"
    UNDOING = "undoing"
    UNDONE = "undone"
    FAILED = "failed"


class Import(db.Model):
    """One file of the office: read apart, shown row by row, applied all or nothing, undone within a day.

    The file itself is not kept; its rows are, sealed, until `kept_until`. `beat_at` is when the work last said it lives.
    """

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    kabupaten_code: Mapped[str] = mapped_column(ForeignKey("kabupaten.code"), index=True)
    campaign_id: Mapped[UUID | None] = mapped_column(ForeignKey("campaign.id"), index=True)
    gathering_id: Mapped[UUID | None] = mapped_column(ForeignKey("gathering.id"), index=True)
    kind: Mapped[SheetKind] = mapped_column(words(SheetKind, "sheet_kind"))
    file_name: Mapped[str] = mapped_column(String(120))
    file_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    state: Mapped[SheetState] = mapped_column(words(SheetState, "sheet_state"), default=SheetState.READING)
    sentence: Mapped[str] = mapped_column(String(400), default="")
    done: Mapped[int] = mapped_column(default=0)
    of: Mapped[int] = mapped_column(default=0)
    beat_at: Mapped[datetime] = mapped_column(Moment)
    tables: Mapped[list[dict]] = mapped_column(
        JSON, default=list
    )  # per sheet of the file: its name, header and columns
    totals: Mapped[dict] = mapped_column(JSON, default=dict)
    applied_at: Mapped[datetime | None] = mapped_column(Moment)
    undone_at: Mapped[datetime | None] = mapped_column(Moment)
    kept_until: Mapped[datetime] = mapped_column(Moment, index=True)
    campaign: Mapped[Campaign | None] = relationship()
    gathering: Mapped[Gathering | None] = relationship()
    by: Mapped[Person] = relationship()


class ImportRow(db.Model):
    """One row of the file as it stands there, what was understood of it, and what became of it."""

    import_id: Mapped[UUID] = mapped_column(ForeignKey("import.id"), primary_key=True)
    sheet_no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    row_no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # as the spreadsheet program shows it
    verdict: Mapped[Verdict] = mapped_column(words(Verdict, "verdict"))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)  # json: cells, values, reasons
    made_id: Mapped[UUID | None]  # what it is, or will be, once the file is applied
    __table_args__ = (Index("ix_import_row_import_id_verdict", "import_id", "verdict"),)


# ---- Keeping ----


class AccessLog(db.Model):
    """Who opened which person's record, and why. Written in its own transaction, before the record is shown."""

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment, index=True)
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    what: Mapped[str] = mapped_column(String(24))
    akseptor_id: Mapped[UUID | None] = mapped_column(ForeignKey("akseptor.id"), index=True)
    reason: Mapped[str | None] = mapped_column(String(24))


class KeyCheck(db.Model):
    """Proves a key file right. One row."""

    id: Mapped[int] = mapped_column(primary_key=True, default=1, autoincrement=False)
    value: Mapped[bytes] = mapped_column(LargeBinary(8))
    made_at: Mapped[datetime] = mapped_column(Moment)


class Lease(db.Model):
    """Whose turn a named job of the clock is, and what it said last."""

    job: Mapped[str] = mapped_column(String(40), primary_key=True)
    held_until: Mapped[datetime | None] = mapped_column(Moment)
    last_run_at: Mapped[datetime | None] = mapped_column(Moment)
    last_answer: Mapped[str] = mapped_column(String(400), default="")
