"""DPPKB's forms about its areas: a new name, a new area, the office's own map."""

import re

from flask_wtf.file import FileField
from wtforms.validators import ValidationError

from campaign.forms.base import DeedForm, Most, Needed, TextField


class NameAreaForm(DeedForm):
    name = TextField("Nama", validators=[Needed("Isi namanya."), Most(120)])


class AreaForm(DeedForm):
    """A kecamatan or desa the national list does not know yet."""

    code = TextField("Kode Kemendagri", validators=[Needed("Isi kodenya."), Most(13)])
    name = TextField("Nama", validators=[Needed("Isi namanya."), Most(120)])

    def __init__(self, *args, kabupaten_code: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.kabupaten_code = kabupaten_code

    def validate_code(self, field):
        digits = re.sub(r"[.\s]", "", field.data)
        if not re.fullmatch(r"[0-9]{6}|[0-9]{10}", digits):
            raise ValidationError("Kode kecamatan 6 angka (32.14.01), kode desa 10 angka (32.14.01.2001).")
        blocks = [digits[0:2], digits[2:4], digits[4:6], digits[6:10]]
        field.data = ".".join(block for block in blocks if block)
        if not field.data.startswith(self.kabupaten_code + "."):
            raise ValidationError(f"Kode ini bukan bagian kabupaten {self.kabupaten_code}.")


class MapForm(DeedForm):
    file = FileField("Berkas GeoJSON", validators=[Needed("Pilih berkas GeoJSON.")])
