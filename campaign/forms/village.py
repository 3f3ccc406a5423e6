"""The kader's forms: short, for thumbs. Her desa is never a field; only who looks after several desa says which."""

from wtforms import BooleanField, HiddenField, RadioField, SelectField
from wtforms.validators import AnyOf, NumberRange, Optional, ValidationError

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
from campaign.rules import nik as nik_rules
from campaign.rules.couple import Couple, LastMethod, NotUsing
from campaign.rules.methods import WANTED, Method
from campaign.rules.nik import BadNik
from campaign.words import CONSENT, LABEL, NO_NIK_REASON, label

SHORTEST_NAME = 3  # of fewer letters everybody is like everybody


class NikField(TextField):
    """A NIK as it was typed; `field.data` is its sixteen digits. `warnings` are what to look at once more."""

    warnings: tuple = ()
    is_hers = True

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
        born = form.birth_date.data if self.is_hers and "birth_date" in form else None
        self.warnings += nik_rules.disagreements(read, birth_date=born, is_female=self.is_hers)


class HusbandNikField(NikField):
    """His, of which only the form and his sex are looked at."""

    is_hers = False


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


class SimilarForm(NikForm):
    """What is typed so far, to see whether she is known; what cannot be read yet is no error."""

    name = TextField("")
    birth_date = DateField("")
    desa_code = TextField("")

    @property
    def said(self) -> dict:
        self.validate()
        said = {name: self[name].data if not self[name].errors else None for name in ("name", "nik", "birth_date")}
        return said | {"name": said["name"] if len(said["name"] or "") >= SHORTEST_NAME else None}


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


STILL_USING = "memakai"  # she uses something now: then there is no reason why not
FERTILE = range(15, 50)  # pasangan usia subur: the wife's age; others are asked about once more, never refused


class RegistrationForm(PersonForm):
    """In the village: without her consent nothing is kept, without counselling no seat is held.

    Of the couple only what is said is kept. For MOP he is the one who is served: his name is needed, his NIK or the reason why not.
    """

    has_consent = BooleanField(
        "Sudah saya bacakan dan Ibu setuju datanya disimpan",
        validators=[Needed("Tanpa persetujuan, data tidak boleh disimpan. Bacakan dulu, lalu tanyakan.")],
    )
    # The wording that was read: a phone without signal may hold last week's page.
    consent_text = HiddenField(validators=[Optional(), AnyOf(CONSENT, "Muat ulang halaman, lalu bacakan sekali lagi.")])
    desa_code = SelectField("Desa", validators=[Optional()])
    no_nik_reason = RadioField("Sebab NIK belum ada", choices=options(NO_NIK_REASON.items()), validators=[MayBeEmpty()])
    husband = TextField("Nama suami", validators=[Most(120)])
    children = NumberField("Jumlah anak hidup", validators=[Optional(), NumberRange(0, 20, "Antara 0 dan 20.")])
    youngest_years = NumberField("Tahun", validators=[Optional(), NumberRange(0, 50, "Tahun antara 0 dan 50.")])
    youngest_months = NumberField("Bulan", validators=[Optional(), NumberRange(0, 11, "Bulan antara 0 dan 11.")])
    last_method = RadioField(
        "Cara KB terakhir",
        choices=options((method.value, label(method)) for method in LastMethod),
        validators=[MayBeEmpty()],
    )
    not_using = RadioField(
        "Sekarang tidak memakai KB karena",
        choices=options([(why.value, label(why)) for why in NotUsing] + [(STILL_USING, "masih memakai KB")]),
        validators=[MayBeEmpty()],
    )
    husband_nik = HusbandNikField("NIK suami")
    husband_no_nik_reason = RadioField(
        "Sebab NIK suami belum ada", choices=options(NO_NIK_REASON.items()), validators=[MayBeEmpty()]
    )
    is_counselled = BooleanField("Ibu sudah dikonseling dan bersedia dilayani")

    def __init__(self, *args, desa_list=(), **kwargs):
        super().__init__(*args, **kwargs)
        if desa_list:
            self.desa_code.choices = options(desa_pairs(desa_list))
            self.desa_code.validators = [Needed("Pilih desa.")]
        else:
            del self.desa_code

    def validate_nik(self, field):
        if not field.data and not self.no_nik_reason.data:
            raise ValidationError("Isi NIK, atau pilih sebab NIK belum ada.")

    def validate_husband(self, field):
        if self.wanted.data == Method.MOP and not field.data:
            raise ValidationError("Untuk MOP, isi nama suami: dialah yang dilayani.")

    def validate_husband_nik(self, field):
        if self.wanted.data == Method.MOP and not field.data and not self.husband_no_nik_reason.data:
            raise ValidationError("Untuk MOP, isi NIK suami, atau pilih sebab NIK suami belum ada.")

    @property
    def answers(self) -> dict:
        said = super().answers
        del said["has_consent"]
        if said["consent_text"] is None:
            del said["consent_text"]  # then it is the one of today
        years, months = said.pop("youngest_years"), said.pop("youngest_months")
        his = {name: said.pop(name) for name in ("husband", "husband_nik", "husband_no_nik_reason")}
        if said["wanted"] != Method.MOP:  # typed before she chose something else
            his |= {"husband_nik": None, "husband_no_nik_reason": None}
        if his["husband_nik"]:
            his["husband_no_nik_reason"] = None
        last_method, not_using = said.pop("last_method"), said.pop("not_using")
        said["couple"] = Couple(
            **his,
            children=said.pop("children"),
            youngest_months=None if years is None and months is None else 12 * (years or 0) + (months or 0),
            last_method=LastMethod(last_method) if last_method else None,
            not_using=NotUsing(not_using) if not_using and not_using != STILL_USING else None,
        )
        return said

    @property
    def doubts(self) -> list[str]:
        """What can be saved and should be looked at once more, in words."""
        said = self.answers
        doubts = [f"periksa lagi: {label(doubt)}" for doubt in self.nik.warnings]
        if said["couple"].husband_nik:
            doubts += [f"periksa lagi NIK suami: {label(doubt)}" for doubt in self.husband_nik.warnings]
        if said["birth_date"] and nik_rules.age(said["birth_date"], on=self.today) not in FERTILE:
            doubts.append("umurnya di luar 15–49 tahun")
        return doubts
