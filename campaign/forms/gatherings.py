"""Forms about gatherings: calling people together, whom to invite, who came without being asked."""

from datetime import date, time

from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField, TextAreaField, TimeField
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError

from campaign.forms.base import (
    DateField,
    DeedForm,
    MayBeEmpty,
    Most,
    Needed,
    NumberField,
    OurMeta,
    TextField,
    desa_pairs,
    options,
)
from campaign.forms.office import ManyField
from campaign.rules.gatherings import MOST_DATES, Every, GatheringKind, Level, Poktan, Tier, repeated
from campaign.rules.names import tidy
from campaign.rules.roles import Role
from campaign.words import ENTRY_REASON, EXCUSE_REASON, headed, label

MOST_PEOPLE = 100_000
LONG = 10_000  # characters


class LongField(TextAreaField):
    """Several lines of text, each tidied; blanks around it gone."""

    def process_formdata(self, valuelist):
        self.data = "\n".join(tidy(line) for line in (valuelist[0] if valuelist else "").splitlines()).strip()


class AboutGathering(DeedForm):
    """What, where and when."""

    kind = SelectField("Jenis", choices=options((k.value, headed(label(k))) for k in GatheringKind))
    name = TextField("Nama pertemuan", validators=[Needed("Isi nama pertemuan."), Most(120)])
    tier = SelectField("Tingkat", choices=options((t.value, headed(label(t))) for t in Tier))
    area = SelectField("Untuk kecamatan atau desa", validators=[MayBeEmpty()])
    rw = TextField("Dusun/RW", validators=[Most(3)])
    place = TextField("Tempat", validators=[Needed("Isi tempatnya."), Most(120)])
    on = DateField("Tanggal", validators=[Needed("Isi tanggal.")])
    starts_at = TimeField("Mulai", default=time(8), validators=[InputRequired("Isi jam mulai.")])
    ends_at = TimeField("Selesai", default=time(12), validators=[InputRequired("Isi jam selesai.")])
    open_before = NumberField(
        "Daftar hadir dibuka berapa menit sebelum mulai",
        default=60,
        validators=[InputRequired("Isi menitnya."), NumberRange(0, 600, "Antara 0 dan 600 menit.")],
    )
    late_after = NumberField(
        "Terlambat setelah berapa menit",
        default=15,
        validators=[InputRequired("Isi menitnya."), NumberRange(0, 600, "Antara 0 dan 600 menit.")],
    )
    capacity = NumberField(
        "Daya tampung", validators=[Optional(), NumberRange(1, MOST_PEOPLE, "Paling sedikit 1 orang.")]
    )
    target = NumberField(
        "Target hadir", validators=[Optional(), NumberRange(1, MOST_PEOPLE, "Paling sedikit 1 orang.")]
    )
    agenda = LongField("Acara", validators=[Most(LONG)])
    speakers = TextField("Narasumber", validators=[Most(400)])

    def __init__(self, *args, kecamatan_list=(), desa_list=(), **kwargs):
        super().__init__(*args, **kwargs)
        places = [(kecamatan.code, f"Kec. {kecamatan.name}") for kecamatan in kecamatan_list] + desa_pairs(desa_list)
        self.area.choices = options([("", "seluruh kabupaten"), *places])

    def validate_ends_at(self, field):
        if not (field.data and self.starts_at.data):
            return
        if field.data <= self.starts_at.data:
            raise ValidationError("Jam selesai harus sesudah jam mulai.")
        minutes = (field.data.hour - self.starts_at.data.hour) * 60 + field.data.minute - self.starts_at.data.minute
        if self.late_after.data and self.late_after.data > minutes:
            raise ValidationError("Batas terlambat ada sesudah jam selesai. Perpanjang jamnya, atau kurangi menitnya.")

    def validate_area(self, field):
        if self.tier.data not in set(Tier):
            return  # said at its own field
        wanted = {Tier.KECAMATAN: 8, Tier.DESA: 13, Tier.RW: 13}.get(self.tier.data, 0)
        if len(field.data or "") != wanted:
            raise ValidationError(f"Untuk tingkat {label(Tier(self.tier.data))}, pilih {AREA_OF[wanted]}.")

    @property
    def answers(self) -> dict:
        said = super().answers
        said |= {"kind": GatheringKind(said["kind"]), "tier": Tier(said["tier"]), "area_code": said.pop("area") or None}
        return said | {name: said[name] or "" for name in ("rw", "agenda", "speakers")}


AREA_OF = {0: "seluruh kabupaten", 8: "kecamatannya", 13: "desanya"}


class GatheringForm(AboutGathering):
    """A new one, or a row of them."""

    every = SelectField(
        "Ulangi",
        choices=options([("", "tidak diulang"), *((e.value, label(e)) for e in Every)]),
        validators=[MayBeEmpty()],
    )
    until = DateField("Ulangi sampai tanggal", validators=[MayBeEmpty()])

    def validate_until(self, field):
        if bool(field.data) != bool(self.every.data):
            raise ValidationError(
                "Untuk mengulang, pilih seberapa sering dan tanggal terakhir. Tanpa itu, kosongkan keduanya."
            )
        if field.data and self.on.data:
            if field.data < self.on.data:
                raise ValidationError("Tanggal terakhir harus sesudah tanggal pertama.")
            if (field.data - self.on.data).days > 366 or len(self.dates()) > MOST_DATES:
                raise ValidationError(f"Paling banyak {MOST_DATES} kali, dan paling lama setahun.")

    def dates(self) -> list[date]:
        """When it takes place: once, or every so often until the last date."""
        return repeated(self.on.data, Every(self.every.data), self.until.data) if self.every.data else [self.on.data]

    @property
    def answers(self) -> dict:
        return {name: said for name, said in super().answers.items() if name not in ("on", "every", "until")}


class ChangeGatheringForm(AboutGathering):
    """Anything of it but that it repeats."""


class CancelGatheringForm(DeedForm):
    why = TextField("Sebab", validators=[Needed("Tulis sebabnya, supaya undangan dapat diberi tahu."), Most(200)])


class WhomForm(FlaskForm):
    """Whom of the register to invite; asked by GET, so it can be looked at before."""

    class Meta(OurMeta):
        pass

    areas = ManyField("Kecamatan", validators=[MayBeEmpty()])
    desa = SelectField("Atau hanya satu desa", validators=[MayBeEmpty()])
    level = RadioField(
        "Tingkat kader",
        choices=options([("", "semua"), *((level.value, label(level)) for level in Level)]),
        default="",
        validators=[MayBeEmpty()],
    )
    poktan = SelectField(
        "Pengelola kelompok kegiatan",
        choices=options([("", "semua"), *((p.value, label(p)) for p in Poktan)]),
        validators=[MayBeEmpty()],
    )
    officers = RadioField(
        "Siapa",
        choices=options([("kader", "kader"), ("petugas", "PKB/PLKB, puskesmas, dan DPPKB"), ("semua", "keduanya")]),
        default="kader",
        validators=[MayBeEmpty()],
    )

    def __init__(self, *args, kecamatan_list=(), desa_list=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.areas.choices = options((kecamatan.code, kecamatan.name) for kecamatan in kecamatan_list)
        self.desa.choices = options([("", "–"), *desa_pairs(desa_list)])

    @property
    def asked(self) -> dict:
        """As `queries.inviteable` takes it. Officers have neither desa nor level."""
        officers = tuple(role for role in Role if role not in (Role.KADER, Role.BUPATI))
        roles = {"petugas": officers, "semua": (Role.KADER, *officers)}.get(self.officers.data, (Role.KADER,))
        return {
            "areas": [self.desa.data] if self.desa.data else list(self.areas.data or ()),
            "level": Level(self.level.data) if self.level.data else None,
            "poktan": Poktan(self.poktan.data) if self.poktan.data else None,
            "roles": roles,
        }


class GuestForm(DeedForm):
    """Somebody who is not in the register."""

    name = TextField("Nama", validators=[Needed("Isi nama."), Most(120)])
    title = TextField("Jabatan atau dari mana", validators=[Most(60)])
    desa_code = SelectField("Desa", validators=[MayBeEmpty()])

    def __init__(self, *args, desa_list=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.desa_code.choices = options([("", "tanpa desa"), *desa_pairs(desa_list)])

    @property
    def answers(self) -> dict:
        said = super().answers
        return said | {"title": said["title"] or ""}


class StandInForm(DeedForm):
    """Somebody came in the place of who was invited."""

    stands_in = TextField("Siapa yang datang", validators=[Needed("Isi nama yang datang."), Most(120)])


class ExcuseForm(DeedForm):
    """Why she cannot come."""

    reason = RadioField(
        "Sebab",
        choices=options((word, headed(said)) for word, said in EXCUSE_REASON.items()),
        validators=[InputRequired("Pilih sebabnya.")],
    )


class CorrectEntryForm(DeedForm):
    """The last entry was wrong. `seen` is the revision that was looked at."""

    seen = NumberField(validators=[InputRequired("Muat ulang halaman.")])
    reason = RadioField(
        "Mengapa dibetulkan",
        choices=options((word, headed(said)) for word, said in ENTRY_REASON.items()),
        validators=[InputRequired("Pilih sebabnya.")],
    )


class LetterCodeForm(DeedForm):
    """The code of a letter, typed or scanned."""

    code = TextField("Kode surat", validators=[Needed("Pindai suratnya, atau ketik kodenya."), Most(400)])
