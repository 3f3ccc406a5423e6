"""Paper: how many sheets to print, and a row of one as it is keyed in: the registration form, one cell after the other."""

import re

from wtforms import SelectField
from wtforms.validators import NumberRange, Optional, ValidationError

from campaign.forms.base import DateField, DeedForm, Needed, NumberField, desa_pairs, options
from campaign.forms.village import RegistrationForm
from campaign.rules.methods import Method


class PrintForm(DeedForm):
    """Who looks after several desa says for which the sheets are."""

    sheets = NumberField(
        "Berapa lembar", default=2, validators=[Needed("Isi berapa lembar."), NumberRange(1, 20, "Antara 1 dan 20.")]
    )
    rows = NumberField(
        "Baris tiap lembar",
        default=10,
        validators=[Needed("Isi berapa baris."), NumberRange(4, 12, "Antara 4 dan 12.")],
    )
    desa_code = SelectField("Desa", validators=[Needed("Pilih desa.")])

    def __init__(self, *args, desa_list=(), **kwargs):
        super().__init__(*args, **kwargs)
        if desa_list:
            self.desa_code.choices = options(desa_pairs(desa_list))
        else:
            del self.desa_code


class CellDate(DateField):
    """A date in one cell: 10031990, 10-3-1990, 10/3/1990."""

    typed = ""

    def process_formdata(self, valuelist):
        self.typed = (valuelist[0] if valuelist else "").strip()
        if re.fullmatch(r"[0-9]{8}", self.typed):
            parts = [self.typed[:2], self.typed[2:4], self.typed[4:]]
        else:
            parts = re.split(r"[\s./-]+", self.typed)
        super().process_formdata([*parts, "", ""][:3] if self.typed else [])

    def _value(self) -> str:
        return self.typed


class PaperRowForm(RegistrationForm):
    """The same rules as on the phone, for what is asked on paper. For MOP he is asked too: that is done on the phone."""

    birth_date = CellDate("Tanggal lahir", validators=[Optional()])

    def __init__(self, *args, row: int, **kwargs):
        super().__init__(*args, prefix=f"{row}-", **kwargs)
        del self.key

    def validate_husband(self, field):
        pass

    def validate_husband_nik(self, field):
        pass

    def validate_wanted(self, field):
        if field.data == Method.MOP:
            raise ValidationError("Untuk MOP, daftarkan lewat formulir biasa: nama dan NIK suami juga diperlukan.")

    @property
    def is_empty(self) -> bool:
        """Nothing was written on this row."""
        return not any(self[name].raw_data and "".join(self[name].raw_data).strip() for name in WRITTEN)


WRITTEN = ("name", "nik", "birth_date", "phone", "children", "rt", "rw")  # what nobody fills in by a slip of the key
