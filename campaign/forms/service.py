"""The puskesmas's forms: a day with seats, a walk-in, what was done."""

from datetime import timedelta
from uuid import UUID

from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Optional, ValidationError

from campaign.forms.base import (
    NOTHING,
    DateField,
    DeedForm,
    MayBeEmpty,
    Most,
    Needed,
    NumberField,
    TextField,
    desa_pairs,
    options,
)
from campaign.forms.village import NikField, NikForm, PersonForm
from campaign.rules.defer_reasons import LONGEST_WAIT
from campaign.rules.methods import (
    ALOKON_CODE,
    FAMILY,
    MKJP,
    PARTICIPANT_CODE,
    PASCA_PERSALINAN,
    Family,
    Method,
    Participant,
)
from campaign.rules.names import tidy
from campaign.rules.referrals import REASONS
from campaign.rules.service_facts import Act, After, Insurance, ServiceFacts, Source
from campaign.words import CORRECT_REASON, NO_NIK_REASON, OPEN_REASON, REFER_REASON, Why, day, label

OUTSIDE = "luar"
BY_DESA, NOBODY = "desa", ""  # whose credit she is: the kader's of her desa and RW, or nobody's


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

    kader = SelectField("Dicatat atas nama kader", default=BY_DESA, validators=[MayBeEmpty()])

    def __init__(self, *args, desa_list=(), kader_list=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.desa_code.choices = options([NOTHING, *desa_pairs(desa_list), (OUTSIDE, "Dari luar kabupaten")])
        self.kader.choices = kader_options(kader_list)

    def validate_address(self, field):
        if self.desa_code.data == OUTSIDE and not field.data:
            raise ValidationError("Tulis alamatnya: desa, kecamatan, kabupaten.")

    @property
    def answers(self) -> dict:
        answers = super().answers
        del answers["has_consent"]
        answers["desa_code"] = None if answers["desa_code"] == OUTSIDE else answers["desa_code"]
        return answers


def kader_options(kader_list) -> list:
    """Who may be credited with a woman who walked in."""
    named = [(str(k.id), f"{k.name}, {k.desa.name}{f' RW {k.rw}' if k.rw else ''}") for k in kader_list]
    return options([(BY_DESA, "kader desanya (menurut desa dan RW)"), (NOBODY, "tidak ada"), *named])


class KnownForm(DeedForm):
    """She walked in and is registered already: yes, it is she."""

    akseptor_id = StringField(validators=[Needed("Muat ulang halaman.")])

    def validate_akseptor_id(self, field):
        try:
            UUID(field.data)
        except ValueError:
            raise ValidationError("Muat ulang halaman.") from None


class ScanForm(DeedForm):
    """A ticket's code or address, as a scanner types it, or part of a name."""

    code = TextField(
        "Pindai tiket, atau ketik kode atau nama",
        validators=[Needed("Pindai tiket, atau ketik kode atau nama."), Most(300)],
    )


class SeveralForm(DeedForm):
    """One outcome for those who are ticked."""

    MOST = 100  # each is a deed of its own, and the answer must come while she looks

    her = SelectMultipleField("Ibu", validate_choice=False, validators=[Needed("Centang paling sedikit satu Ibu.")])
    outcome = StringField("Hasil")

    def validate_outcome(self, field):
        if field.data not in ("hadir", "tidak-hadir", "pulang"):
            raise ValidationError("Pilih salah satu tombol.")

    def validate_her(self, field):
        try:
            field.data = list(dict.fromkeys(UUID(value) for value in field.data))
        except ValueError:
            raise ValidationError("Muat ulang halaman, lalu centang lagi.") from None
        if len(field.data) > self.MOST:
            raise ValidationError(
                f"Paling banyak {self.MOST} Ibu sekali tekan. Belum ada yang dicatat; centang sebagian dulu."
            )


class ServiceForm(DeedForm):
    """What she received, as R/I/KB/20 asks. What the last one of this day got is filled in already; her consent never is."""

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
    act = RadioField(
        "Tindakan",
        choices=options((act.value, label(act)) for act in (Act.PASANG, Act.CABUT_PASANG, Act.OPERATIF)),
        validators=[MayBeEmpty()],
    )
    after = RadioField(
        "Pasca persalinan atau keguguran",
        choices=options([("", "bukan"), *((after.value, label(after)) for after in After)]),
        default="",
        validators=[MayBeEmpty()],
    )
    insurance = RadioField(
        "Asuransi", choices=options((which.value, label(which)) for which in Insurance), validators=[MayBeEmpty()]
    )
    source = RadioField(
        "Sumber alokon", choices=options((source.value, label(source)) for source in Source), validators=[MayBeEmpty()]
    )
    product = TextField("Merek atau nama alat (boleh kosong)", validators=[Most(60)])
    responsible = TextField("Penanggung jawab", validators=[Most(120)])
    is_mobile = BooleanField("Pelayanan bergerak")
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

    def validate_after(self, field):
        if self.participant.data in PASCA_PERSALINAN and field.data == After.KEGUGURAN:
            raise ValidationError("KBPP adalah pasca persalinan. Periksa status peserta, atau pilih pasca persalinan.")

    def validate_act(self, field):
        is_steril = self.method.data in (Method.MOW, Method.MOP)
        if field.data == Act.CABUT_PASANG and is_steril:
            raise ValidationError("MOW dan MOP tidak dicabut. Periksa metode dan tindakannya.")

    @property
    def answers(self) -> dict:
        answers = super().answers
        answers["method"], answers["participant"] = Method(answers["method"]), Participant(answers["participant"])
        answers["has_informed_consent"] = answers["has_informed_consent"] == "ya"
        said = {name: answers.pop(name) for name in ("act", "after", "insurance", "source", "product", "responsible")}
        if answers["participant"] in PASCA_PERSALINAN:
            said["after"] = After.PERSALINAN
        kinds = {"act": Act, "after": After, "insurance": Insurance, "source": Source}
        said = {name: kinds[name](value) if value and name in kinds else value or None for name, value in said.items()}
        if said["act"] in (Act.PASANG, Act.OPERATIF):  # which of the two follows from the method
            said["act"] = Act.OPERATIF if FAMILY[answers["method"]] == Family.STERIL else Act.PASANG
        answers["facts"] = ServiceFacts(**said, is_mobile=answers.pop("is_mobile"))
        return answers


class DeferForm(DeedForm):
    """Why not today. `reasons` are the office's own; each proposes from when she may be booked again by herself."""

    reason = RadioField("Sebab ditunda", validators=[Needed("Pilih sebabnya.")])
    until = DateField("Tanggal lain (kosongkan bila tanggal usulan di atas sudah cocok)", validators=[Optional()])

    def __init__(self, *args, today, on, reasons, **kwargs):
        self.today, self.on, self.wait = today, on, {why.code: why.wait_days for why in reasons}
        super().__init__(*args, **kwargs)
        self.reason.choices = options((why.code, self._proposed(why)) for why in reasons if why.is_used)

    def _proposed(self, why: Why) -> str:
        again = self._again(why.code)
        return f"{why.label} → boleh lagi {day(again, with_weekday=True, with_year=False)}" if again else why.label

    def _again(self, code: str):
        """From the day on which she was sent home, also where it is written down later."""
        return self.on + timedelta(days=self.wait[code]) if self.wait.get(code) else None

    def validate_until(self, field):
        if field.data and field.data <= self.today:
            raise ValidationError("Pilih tanggal sesudah hari ini.")
        if field.data and field.data > self.today + timedelta(days=LONGEST_WAIT):
            raise ValidationError("Paling lama satu tahun.")

    @property
    def answers(self) -> dict:
        answers = super().answers
        answers["until"] = answers["until"] or self._again(answers["reason"])
        return answers


class ReferForm(DeedForm):
    to = SelectField("Dirujuk ke", validators=[Needed("Pilih tempat rujukan.")])
    reason = RadioField(
        "Sebab dirujuk",
        choices=options((code, REFER_REASON[code]) for code in REASONS),
        validators=[Needed("Pilih sebabnya.")],
    )

    def __init__(self, *args, point_list, **kwargs):
        super().__init__(*args, **kwargs)
        self.to.choices = options(
            [NOTHING, *((str(point.id), f"{point.name} ({label(point.kind)})") for point in point_list)]
        )


class AnswerForm(DeedForm):
    """What becomes of her at the place she was sent to: a day of ours, or back."""

    day = SelectField("Jadwalkan di", validators=[MayBeEmpty()])

    def __init__(self, *args, day_list, **kwargs):
        super().__init__(*args, **kwargs)
        pairs = (
            (
                str(d.id),
                f"{day(d.on, with_weekday=True, with_year=False)}, {d.service_point.name} · {d.free} kursi kosong",
            )
            for d in day_list
        )
        self.day.choices = options([("", "kembalikan ke puskesmas dan kadernya"), *pairs])


class FindForm(NikForm):
    """Somebody who is not on her own days: the whole NIK, and why."""

    reason = RadioField("Mengapa dibuka", choices=options(OPEN_REASON.items()), validators=[Needed("Pilih alasannya.")])


class DeferReasonsForm(DeedForm):
    """The office's list of reasons, row by row. `rows` are what stands there, with one empty row to add another."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.rows, self.complaints, self.typed = [], [], []

    def read(self, data, known) -> bool:
        """Read the rows as they were sent; `known` are the codes that stand already. Whether they can be taken."""
        codes, labels, waits, places = (data.getlist(name) for name in ("code", "label", "wait_days", "place"))
        used = set(data.getlist("is_used"))
        for n, (code, said, wait, place) in enumerate(zip(codes, labels, waits, places, strict=False)):
            said, wait, place = tidy(said), wait.strip(), place.strip()
            if code not in known:
                code = None
            if not said and code is None:
                continue
            fits = said and len(said) <= 60
            is_number = not wait or (
                wait.isascii() and wait.isdigit() and len(wait) < 4 and 0 < int(wait) <= LONGEST_WAIT
            )
            if not fits:
                self.complaints.append(f"Baris {n + 1}: isi sebabnya, paling banyak 60 huruf.")
            if not is_number:
                self.complaints.append(
                    f"Baris {n + 1}: lama menunggu diisi angka hari, antara 1 dan {LONGEST_WAIT}, atau kosong."
                )
            order = int(place) if place.isascii() and place.isdigit() and len(place) < 4 else n + 1
            is_used = code is None or code in used
            self.typed.append(Why(code or "", said, wait, is_used))
            self.rows.append(
                (
                    order,
                    n,
                    {
                        "code": code,
                        "label": said,
                        "wait_days": int(wait) if wait and is_number else None,
                        "is_used": is_used,
                    },
                )
            )
        self.rows = [row for *_place, row in sorted(self.rows, key=lambda row: row[:2])]
        if not any(row["is_used"] for row in self.rows):
            self.complaints.append("Paling sedikit satu sebab harus dipakai.")
        if len(self.rows) > 40:
            self.complaints.append("Paling banyak 40 sebab.")
        return self.validate() and not self.complaints


class CorrectForm(DeedForm):
    step_id = NumberField("", validators=[InputRequired("Muat ulang halaman.")])
    reason = RadioField(
        "Sebab dibetulkan", choices=options(CORRECT_REASON.items()), validators=[Needed("Pilih sebabnya.")]
    )
