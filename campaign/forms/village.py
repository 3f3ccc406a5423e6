"""The kader's forms: short, for thumbs. Her desa is never a field; only who looks after several desa says which."""

from wtforms import BooleanField, RadioField, SelectField
from wtforms.validators import Optional, ValidationError

from campaign.forms.base import NOTHING, DateField, DeedForm, Most, Needed, TextField, desa_pairs, options
from campaign.rules import nik as nik_rules
from campaign.rules.methods import WANTED, Method
from campaign.rules.nik import BadNik
from campaign.words import LABEL, NO_NIK_REASON, label


class NikField(TextField):
    """A NIK as it was typed; `field.data` is its sixteen digits. `warnings` are what to look at once more."""

    warnings: tuple = ()

    def process_formdata(self, valuelist):
        self.data = (valuelist[0] if valuelist else "").strip() or None

    def pre_validate(self, form):
        if self.data is None:
            return
        try:
            read = nik_rules.read(self.data, on=form.today, regions=form.regions)
        except BadNik as bad:
            told = LABEL[type(bad.code)][bad.code]
            if bad.code == nik_rules.NikFault.LENGTH:
                told = f"NIK harus 16 angka, ini {bad.length} angka. Periksa sekali lagi."
            raise ValidationError(told) from None
        self.data, self.warnings = read.digits, read.warnings
        if born := getattr(form, "birth_date", None):
            self.warnings += nik_rules.disagreements(read, birth_date=born.data)


class PhoneField(TextField):
    """08… or +62…, as people write it; kept as +62…."""

    def pre_validate(self, form):
        if not self.data:
            return
        digits = "".join(c for c in self.data if c not in " -.()/")
        for start in ("+62", "0062", "62", "0"):
            if digits.startswith(start):
                digits = digits[len(start) :].removeprefix("0")
                break
        if not (digits.isascii() and digits.isdigit() and digits.startswith("8") and 9 <= len(digits) <= 12):
            raise ValidationError("Nomor HP dimulai 08 dan panjangnya 10 sampai 13 angka.")
        self.data = "+62" + digits


class NikForm(DeedForm):
    """Only her NIK, found later. `today` reckons her age, `regions` are the kecamatan codes we know."""

    nik = NikField("NIK istri", validators=[Needed("Isi NIK, 16 angka di KTP.")])

    def __init__(self, *args, today, regions=None, **kwargs):
        self.today, self.regions = today, regions
        super().__init__(*args, **kwargs)


class PersonForm(NikForm):
    """What every registration asks, in the village and at the counter."""

    name = TextField("Nama lengkap (istri)", validators=[Needed("Isi nama lengkapnya."), Most(120)])
    birth_date = DateField("Tanggal lahir", validators=[Optional()])
    nik = NikField("NIK istri")
    no_nik_reason = SelectField(
        "Bila NIK belum ada, sebabnya", choices=options([NOTHING, *NO_NIK_REASON.items()]), validators=[Optional()]
    )
    phone = PhoneField("Nomor HP (boleh kosong)")
    rt = TextField("RT", validators=[Most(3)])
    rw = TextField("RW", validators=[Most(3)])
    wanted = RadioField(
        "Metode yang diminati",
        choices=options((method.value, label(method)) for method in WANTED),
        default=Method.BELUM.value,
        validators=[Needed("Pilih salah satu.")],
    )

    def validate_birth_date(self, field):
        if field.data and not 10 <= nik_rules.age(field.data, on=self.today) <= 70:
            raise ValidationError("Umurnya di luar 10–70 tahun. Periksa tanggal lahir.")

    @property
    def answers(self) -> dict:
        answers = super().answers
        if answers["birth_date"] is None and answers["nik"]:
            answers["birth_date"] = nik_rules.read(answers["nik"], on=self.today).birth_date
        answers["wanted"] = Method(answers["wanted"])
        answers["rt"], answers["rw"] = _three(answers["rt"]), _three(answers["rw"])
        return answers


def _three(number: str | None) -> str:
    """RT 3 and RT 003 are the same RT."""
    return number.zfill(3) if number and number.isdigit() else number or ""


class RegistrationForm(PersonForm):
    """In the village: without her consent nothing is kept, without counselling no seat is held."""

    has_consent = BooleanField(
        "Sudah saya bacakan dan Ibu setuju datanya disimpan",
        validators=[Needed("Tanpa persetujuan, data tidak boleh disimpan. Bacakan dulu, lalu tanyakan.")],
    )
    is_counselled = BooleanField("Ibu sudah dikonseling dan bersedia dilayani")
    desa_code = SelectField("Desa", validators=[Optional()])

    def __init__(self, *args, desa_list=(), **kwargs):
        super().__init__(*args, **kwargs)
        if desa_list:
            self.desa_code.choices = options(desa_pairs(desa_list))
            self.desa_code.validators = [Needed("Pilih desa.")]
        else:
            del self.desa_code

    @property
    def answers(self) -> dict:
        answers = super().answers
        del answers["has_consent"]
        return answers
