"""What every form has: a key made with the page, and its answers as the deeds take them."""

import re
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from uuid import uuid4

from flask import request
from flask_wtf import FlaskForm
from werkzeug.datastructures import ImmutableMultiDict
from wtforms import Field, HiddenField, IntegerField, SelectChoice, StringField
from wtforms.validators import Length, StopValidation, ValidationError
from wtforms.widgets import TextInput

from campaign.rules.names import tidy


class Indonesian:
    """What the form library says by itself, in our words; it ships no Indonesian."""

    SENTENCES = MappingProxyType(
        {
            "Not a valid choice.": "Pilihan ini tidak ada. Pilih salah satu.",
            "'%(value)s' is not a valid choice for this field.": "Pilihan ini tidak ada. Pilih dari daftar.",
            "Invalid Choice: could not coerce.": "Pilihan ini tidak ada. Pilih salah satu.",
            "Not a valid time value.": "Isi jam, misalnya 08:00.",
            "This field is required.": "Ini harus diisi.",
        }
    )

    def gettext(self, sentence: str) -> str:
        return self.SENTENCES.get(sentence, "Isian ini tidak dapat dibaca.")

    def ngettext(self, one: str, _many: str, _n: int) -> str:
        return self.SENTENCES.get(one, "Isian ini tidak dapat dibaca.")


class OurMeta:
    """CSRFProtect checks every unsafe request already, forms or not; and forms speak Indonesian."""

    csrf = False

    def get_translations(self, _form):
        return Indonesian()

    def wrap_formdata(self, form, formdata):
        # A form is a form: a body of JSON, nested a thousand deep, is nobody's phone.
        return ImmutableMultiDict() if request.is_json else super().wrap_formdata(form, formdata)


class DeedForm(FlaskForm):
    """One deed. `key` makes it happen once, however often it is sent."""

    class Meta(OurMeta):
        pass

    key = HiddenField(
        default=lambda: uuid4().hex, validators=[Length(16, 64, message="Muat ulang halaman, lalu isi lagi.")]
    )

    @property
    def answers(self) -> dict:
        """What was filled in, empty as None, without the key."""
        return {name: value if value != "" else None for name, value in self.data.items() if name != "key"}


class TextField(StringField):
    """One line of text, tidied."""

    def process_formdata(self, valuelist):
        self.data = tidy(valuelist[0]) if valuelist else None


NOTHING = ("", "–")


def options(pairs) -> list[SelectChoice]:
    """What can be chosen, from (value, words) pairs."""
    return [SelectChoice(value, words) for value, words in pairs]


def desa_pairs(desa_list) -> list[tuple[str, str]]:
    """Desa by code, with the kecamatan: names repeat."""
    return [(desa.code, f"{desa.name}, Kec. {desa.kecamatan.name}") for desa in desa_list]


class Needed:
    """The field must be filled; the sentence says with what."""

    field_flags = MappingProxyType({"required": True})

    def __init__(self, sentence: str):
        self.sentence = sentence

    def __call__(self, form, field):
        is_typed = any(str(value).strip() for value in field.raw_data or ())
        if is_typed and field.errors:
            raise StopValidation  # what was typed cannot be read: that is said already
        if field.data in (None, "", [], False) or not is_typed:
            field.errors = []
            raise StopValidation(self.sentence)


class MayBeEmpty:
    """Nothing chosen is fine, as far as the field knows; unlike the library's Optional it lets the form judge further."""

    def __call__(self, form, field):
        if not any(str(value).strip() for value in field.raw_data or ()):
            field.errors = []


class Most:
    """At most so many characters, counted as people count them."""

    def __init__(self, most: int):
        self.most = most

    def __call__(self, form, field):
        if field.data and len(field.data) > self.most:
            raise ValidationError(f"Paling banyak {self.most} huruf.")


class NumberField(IntegerField):
    """A whole number; dots as thousand separators are taken as typed in Indonesia."""

    def process_formdata(self, valuelist):
        text = (valuelist[0] if valuelist else "").strip().replace(".", "").replace(" ", "")
        if not text:
            self.data = None
        elif text.isascii() and text.isdigit() and len(text) <= 9:
            self.data = int(text)
        else:
            self.data = None
            raise ValidationError("Isi dengan angka bulat.")


class PercentField(Field):
    """A percentage as typed in Indonesia, kept exactly: 33,5 is a Decimal."""

    widget = TextInput()

    def _value(self) -> str:
        return "" if self.data is None else str(self.data).replace(".", ",")

    def process_formdata(self, valuelist):
        text = (valuelist[0] if valuelist else "").strip().removesuffix("%").strip().replace(",", ".")
        self.data = None
        if not text:
            return
        if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,4})?", text) or Decimal(text) > 100:
            raise ValidationError("Isi persen antara 0 dan 100, misalnya 33,5.")
        self.data = Decimal(text)


class DateField(Field):
    """Three boxes: day, month, year, as GOV.UK asks for a date; or one ISO value from a date input."""

    def process_formdata(self, valuelist):
        parts = [part.strip() for part in valuelist if part.strip()]
        if not parts:
            self.data = None
            return
        try:
            if len(parts) == 1:
                self.data = date.fromisoformat(parts[0])
            else:
                day, month, year = (int(part) for part in parts)
                self.data = date(year, month, day)
        except ValueError:
            self.raw = valuelist
            self.data = None
            raise ValidationError("Tanggal ini tidak ada. Isi hari, bulan, dan tahun, misalnya 5 3 1990.") from None

    def parts(self) -> tuple[str, str, str]:
        """What to show in the three boxes."""
        if self.data:
            return str(self.data.day), str(self.data.month), str(self.data.year)
        raw = [*(getattr(self, "raw", None) or []), "", "", ""]
        return raw[0], raw[1], raw[2]
