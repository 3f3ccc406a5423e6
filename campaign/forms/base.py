"""What every form has: a key made with the page, and its answers as the deeds take them."""

import unicodedata
from datetime import date
from types import MappingProxyType
from uuid import uuid4

from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, IntegerField, StringField
from wtforms.validators import Length, StopValidation, ValidationError

# Characters that turn or hide text: a name may not make the line it stands in lie.
INVISIBLE = dict.fromkeys([173, 1564, 65279, *range(8203, 8208), *range(8234, 8239), *range(8288, 8298)])


class DeedForm(FlaskForm):
    """One deed. `key` makes it happen once, however often it is sent."""

    class Meta:
        csrf = False  # CSRFProtect checks every unsafe request already, forms or not

    key = HiddenField(
        default=lambda: uuid4().hex, validators=[Length(16, 64, message="Muat ulang halaman, lalu isi lagi.")]
    )

    @property
    def answers(self) -> dict:
        """What was filled in, empty as None, without the key."""
        return {name: value if value != "" else None for name, value in self.data.items() if name != "key"}


def tidy(text: str | None) -> str | None:
    """One line as it should be kept: composed (NFC), no controls, no invisible or direction-turning marks, single spaces."""
    if text is None:
        return None
    text = unicodedata.normalize("NFC", text).translate(INVISIBLE)
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


class TextField(StringField):
    """One line of text, tidied."""

    def process_formdata(self, valuelist):
        self.data = tidy(valuelist[0]) if valuelist else None


class Needed:
    """The field must be filled; the sentence says with what."""

    field_flags = MappingProxyType({"required": True})

    def __init__(self, sentence: str):
        self.sentence = sentence

    def __call__(self, form, field):
        if field.data in (None, "", [], False):
            field.errors = []
            raise StopValidation(self.sentence)


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
            raise ValueError("Isi dengan angka bulat.")


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
            raise ValueError("Tanggal ini tidak ada. Isi hari, bulan, dan tahun, misalnya 5 3 1990.") from None

    def parts(self) -> tuple[str, str, str]:
        """What to show in the three boxes."""
        if self.data:
            return str(self.data.day), str(self.data.month), str(self.data.year)
        raw = [*(getattr(self, "raw", None) or []), "", "", ""]
        return raw[0], raw[1], raw[2]
