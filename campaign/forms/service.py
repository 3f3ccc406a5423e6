"""The puskesmas's forms: a day with seats, a walk-in, what was done."""

from datetime import time

from wtforms import BooleanField, RadioField, SelectField, TimeField
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError

from campaign.forms.base import NOTHING, DateField, DeedForm, Most, Needed, NumberField, TextField, desa_pairs, options
from campaign.forms.village import NikField, PersonForm
from campaign.rules.methods import ALOKON_CODE, MKJP, PARTICIPANT_CODE, Method, Participant
from campaign.words import CORRECT_REASON, DEFER_REASON, NO_NIK_REASON, label

OUTSIDE = "luar"


class DayForm(DeedForm):
    """A day with seats."""

    point = SelectField("Tempat pelayanan", validators=[Needed("Pilih tempat.")])
    on = DateField("Tanggal", validators=[Needed("Isi tanggal.")])
    starts_at = TimeField("Mulai", default=time(8), validators=[InputRequired("Isi jam mulai.")])
    ends_at = TimeField("Selesai", default=time(15), validators=[InputRequired("Isi jam selesai.")])
    seats = NumberField(
        "Jumlah kursi", validators=[InputRequired("Isi jumlah kursi."), NumberRange(1, 500, "Antara 1 dan 500 kursi.")]
    )

    def __init__(self, *args, point_list=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.point.choices = options((str(point.id), point.name) for point in point_list)

    def validate_ends_at(self, field):
        if field.data and self.starts_at.data and field.data <= self.starts_at.data:
            raise ValidationError("Jam selesai harus sesudah jam mulai.")


class SeatsForm(DeedForm):
    seats = NumberField(
        "Jumlah kursi", validators=[InputRequired("Isi jumlah kursi."), NumberRange(1, 500, "Antara 1 dan 500 kursi.")]
    )


class WalkInForm(PersonForm):
    """She stands at the counter. Counselling and willingness are asked here; her consent too."""

    desa_code = SelectField("Desa tempat tinggal", validators=[Needed("Pilih desa.")])
    address = TextField("Alamat (bila dari luar kabupaten)", validators=[Most(200)])
    has_consent = BooleanField(
        "Ibu setuju datanya disimpan", validators=[Needed("Tanpa persetujuan, data tidak boleh disimpan.")]
    )
    is_counselled = BooleanField(
        "Ibu sudah dikonseling dan bersedia dilayani",
        validators=[Needed("Tanpa konseling dan kesediaan, kursi tidak boleh dipakai.")],
    )

    def __init__(self, *args, desa_list=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.desa_code.choices = options([NOTHING, *desa_pairs(desa_list), (OUTSIDE, "Dari luar kabupaten")])

    def validate_address(self, field):
        if self.desa_code.data == OUTSIDE and not field.data:
            raise ValidationError("Tulis alamatnya: desa, kecamatan, kabupaten.")

    @property
    def answers(self) -> dict:
        answers = super().answers
        del answers["has_consent"]
        answers["desa_code"] = None if answers["desa_code"] == OUTSIDE else answers["desa_code"]
        return answers


class ServiceForm(DeedForm):
    """What she received: enough for it to count; the rest of R/I/KB/20 comes with the registers."""

    def __init__(self, *args, today, regions=None, has_nik=False, **kwargs):
        self.today, self.regions = today, regions
        super().__init__(*args, **kwargs)
        if has_nik:
            del self.nik, self.no_nik_reason

    method = RadioField(
        "Metode yang dipasang",
        choices=options((method.value, label(method)) for method in ALOKON_CODE if method in MKJP),
        validators=[Needed("Pilih metode.")],
    )
    participant = RadioField(
        "Status peserta",
        choices=options((status.value, label(status)) for status in PARTICIPANT_CODE),
        default=Participant.BARU.value,
        validators=[Needed("Pilih status peserta.")],
    )
    has_informed_consent = RadioField(
        "Informed consent",
        choices=options([("ya", "ya, sudah ditandatangani"), ("tidak", "tidak")]),
        validators=[Needed("Pilih ya atau tidak.")],
    )
    served_on = DateField("Tanggal dilayani", validators=[Optional()])
    nik = NikField("NIK istri")
    no_nik_reason = SelectField(
        "Bila NIK belum ada, sebabnya", choices=options([NOTHING, *NO_NIK_REASON.items()]), validators=[Optional()]
    )

    def validate_served_on(self, field):
        if field.data and field.data > self.today:
            raise ValidationError("Tanggal pelayanan tidak boleh di masa depan.")

    @property
    def answers(self) -> dict:
        answers = super().answers
        answers["method"], answers["participant"] = Method(answers["method"]), Participant(answers["participant"])
        answers["has_informed_consent"] = answers["has_informed_consent"] == "ya"
        return answers


class DeferForm(DeedForm):
    reason = RadioField("Sebab ditunda", choices=options(DEFER_REASON.items()), validators=[Needed("Pilih sebabnya.")])
    until = DateField("Boleh dijadwalkan lagi mulai (bila sudah diketahui)", validators=[Optional()])

    def __init__(self, *args, today, **kwargs):
        self.today = today
        super().__init__(*args, **kwargs)

    def validate_until(self, field):
        if field.data and field.data <= self.today:
            raise ValidationError("Pilih tanggal sesudah hari ini.")


class CorrectForm(DeedForm):
    step_id = NumberField("", validators=[InputRequired("Muat ulang halaman.")])
    reason = RadioField(
        "Sebab dibetulkan", choices=options(CORRECT_REASON.items()), validators=[Needed("Pilih sebabnya.")]
    )
