"""Forms about days with seats: opening one or a series, changing it, the dates nobody serves on; and the stock book."""

from datetime import date, time, timedelta
from uuid import UUID

from wtforms import RadioField, SelectField, TimeField
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError

from campaign.forms.base import (
    DateField,
    DeedForm,
    MayBeEmpty,
    Most,
    Needed,
    NumberField,
    TextField,
    options,
)
from campaign.forms.office import ManyField
from campaign.models import StockKind
from campaign.rules.calendar import MOST_DAYS, dates
from campaign.rules.methods import HAS_SETS, Family, Method
from campaign.rules.service_facts import Source
from campaign.words import CANCEL_REASON, HARI, clock, day, label

MOST_SEATS = 500
SEATS = [InputRequired("Isi jumlah kursi."), NumberRange(1, MOST_SEATS, f"Antara 1 dan {MOST_SEATS} kursi.")]
OF_FAMILY = [Optional(), NumberRange(0, MOST_SEATS, f"Antara 0 dan {MOST_SEATS} kursi.")]
WEEKDAYS = {str(n): name for n, name in enumerate(HARI)}
WAIT, LIST = "tunggu", "daftar"


class Hours:
    """When a day begins and ends, and who serves."""

    starts_at = TimeField("Mulai", default=time(8), validators=[InputRequired("Isi jam mulai.")])
    ends_at = TimeField("Selesai", default=time(15), validators=[InputRequired("Isi jam selesai.")])
    team = TextField("Tim yang melayani", validators=[Most(200)])

    def validate_ends_at(self, field):
        if field.data and self.starts_at.data and field.data <= self.starts_at.data:
            raise ValidationError("Jam selesai harus sesudah jam mulai.")


class FamilySeats:
    """How many of the seats are for each family of methods; empty: not counted."""

    seats = NumberField("Jumlah kursi", validators=SEATS)
    implan = NumberField("Di antaranya untuk implan", validators=OF_FAMILY)
    iud = NumberField("Untuk IUD", validators=OF_FAMILY)
    steril = NumberField("Untuk MOW/MOP", validators=OF_FAMILY)

    def family_fields(self) -> list:
        return [self[family.value] for family in Family]

    def validate_seats(self, field):
        for part in self.family_fields():
            if field.data and part.data and part.data > field.data:
                raise ValidationError(f"{part.label.text}: tidak dapat lebih dari jumlah kursi seluruhnya.")

    def families(self) -> dict[Family, int | None]:
        return {family: self[family.value].data for family in Family}


class DayForm(FamilySeats, Hours, DeedForm):
    """A day with seats, or the same one again on some weekdays until a date."""

    point = SelectField("Tempat pelayanan", validators=[Needed("Pilih tempat.")])
    on = DateField("Tanggal", validators=[Needed("Isi tanggal.")])
    weekdays = ManyField("Ulangi setiap", choices=options(WEEKDAYS.items()), validators=[MayBeEmpty()])
    until = DateField("Ulangi sampai tanggal", validators=[MayBeEmpty()])

    def __init__(self, *args, point_list=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.point.choices = options((str(point.id), point_words(point)) for point in point_list)

    def validate_until(self, field):
        if bool(field.data) != bool(self.weekdays.data):
            raise ValidationError("Untuk mengulang, pilih harinya dan tanggal terakhir. Tanpa itu, kosongkan keduanya.")
        if not field.data or not self.on.data:
            return
        if field.data < self.on.data:
            raise ValidationError("Tanggal terakhir harus sesudah tanggal pertama.")
        if len(self.dates()) > MOST_DAYS:
            raise ValidationError(f"Paling banyak {MOST_DAYS} hari sekaligus. Pilih tanggal terakhir yang lebih dekat.")

    def dates(self) -> list[date]:
        """The dates of a series; empty where it is one day."""
        if not self.until.data:
            return []
        span = min((self.until.data - self.on.data).days, 400)
        weekdays = {int(n) for n in self.weekdays.data if n in WEEKDAYS}
        return dates(self.on.data, self.on.data + timedelta(days=span), weekdays)

    @property
    def answers(self) -> dict:
        about = {name: self[name].data for name in ("starts_at", "ends_at", "seats")}
        counted = {family: number for family, number in self.families().items() if number is not None}
        return about | {"team": self.team.data or "", "families": counted}


def point_words(point) -> str:
    """A place; those that have one, with what they are."""
    return point.name if point.induk_id is None else f"{point.name} ({label(point.kind)})"


class MoveForm(Hours, DeedForm):
    """Another date, hour, place or team."""

    point = SelectField("Tempat pelayanan", validators=[Needed("Pilih tempat.")])
    on = DateField("Tanggal", validators=[Needed("Isi tanggal.")])

    def __init__(self, *args, point_list=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.point.choices = options((str(point.id), point_words(point)) for point in point_list)


class To:
    """Where people of a day go who lose their seat there."""

    to = SelectField("Pindahkan ke hari", validators=[MayBeEmpty()])

    def offer(self, days) -> None:
        words = ((str(each.id), f"{day(each.on, with_weekday=True, with_year=False)} {clock(each.starts_at)}, "
                  f"{each.service_point.name} ({each.free} kosong)") for each in days)  # fmt: skip
        self.to.choices = options([("", "tidak dipindahkan"), *words])


class ResizeForm(To, FamilySeats, DeedForm):
    """More or fewer seats; and whoever gives hers up in the same act."""

    leaving = ManyField("Ibu yang melepas kursinya hari itu", validators=[MayBeEmpty()])
    rest = RadioField(
        "Bila tidak dipindahkan, atau hari itu tidak cukup kursinya",
        choices=options([(WAIT, "masuk daftar tunggu hari ini"), (LIST, "kembali ke daftar kadernya")]),
        default=WAIT,
        validators=[MayBeEmpty()],
    )

    def __init__(self, *args, expected=(), days=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.offer(days)
        self.leaving.choices = options((str(her.akseptor_id), her.akseptor.name) for her in expected)

    @property
    def answers(self) -> dict:
        leaving = [UUID(her) for her in self.leaving.data or ()]
        about = {"seats": self.seats.data, "families": self.families(), "leaving": leaving}
        return about | {"waits": self.rest.data == WAIT}


class CancelDayForm(To, DeedForm):
    """It does not take place."""

    to = SelectField("Pindahkan Ibu-Ibunya ke hari", id="cancel-to", validators=[MayBeEmpty()])
    why = RadioField("Sebab", choices=options(CANCEL_REASON.items()), validators=[Needed("Pilih sebabnya.")])

    def __init__(self, *args, days=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.offer(days)


class BlackoutForm(DeedForm):
    """Dates nobody serves on."""

    first = DateField("Tanggal", validators=[Needed("Isi tanggal.")])
    last = DateField("Sampai tanggal (bila lebih dari sehari)", validators=[MayBeEmpty()])
    why = TextField("Keterangan", validators=[Most(60)])

    def validate_last(self, field):
        if field.data and self.first.data and not 0 <= (field.data - self.first.data).days < 31:
            raise ValidationError("Tanggal terakhir harus sesudah tanggal pertama, paling lama 31 hari.")

    @property
    def answers(self) -> dict:
        return {"first": self.first.data, "last": self.last.data or self.first.data, "why": self.why.data or ""}


COUNTED = (StockKind.RECEIVED, StockKind.COUNTED, StockKind.HANDED_ON, StockKind.LOST)


class StockForm(DeedForm):
    """A line of the stock book: what came, went, or was counted."""

    kind = RadioField(
        "Apa yang dicatat",
        choices=options((kind.value, label(kind)) for kind in COUNTED),
        default=StockKind.RECEIVED.value,
        validators=[Needed("Pilih salah satu.")],
    )
    method = RadioField(
        "Set", choices=options((m.value, label(m)) for m in Method if any(m in sets for sets in HAS_SETS.values())),
        validators=[Needed("Pilih set.")],
    )  # fmt: skip
    source = SelectField("Sumber", choices=options((s.value, label(s)) for s in Source), default=Source.APBN.value)
    number = NumberField(
        "Jumlah set", validators=[InputRequired("Isi jumlah."), NumberRange(0, 99_999, "Antara 0 dan 99.999.")]
    )
    on = DateField("Tanggal", validators=[Needed("Isi tanggal.")])

    def __init__(self, *args, today, **kwargs):
        self.today = today
        super().__init__(*args, **kwargs)

    def validate_on(self, field):
        if field.data and field.data > self.today:
            raise ValidationError("Tanggal tidak boleh di masa depan.")

    def validate_number(self, field):
        if field.data == 0 and self.kind.data != StockKind.COUNTED:
            raise ValidationError("Paling sedikit 1 set. Nol hanya untuk hasil hitung ulang.")

    @property
    def answers(self) -> dict:
        said = super().answers
        return said | {
            "method": Method(said["method"]),
            "source": Source(said["source"]),
            "kind": StockKind(said["kind"]),
        }
