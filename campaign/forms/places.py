"""The office's forms about places."""

from wtforms import RadioField, SelectField
from wtforms.validators import ValidationError

from campaign.forms.base import NOTHING, DeedForm, MayBeEmpty, Most, Needed, TextField, options
from campaign.models import PointKind
from campaign.words import label


class PointForm(DeedForm):
    name = TextField("Nama tempat", validators=[Needed("Isi nama tempat."), Most(120)])
    kind = RadioField(
        "Jenis", choices=options((kind.value, label(kind)) for kind in PointKind), validators=[Needed("Pilih jenis.")]
    )
    kecamatan_code = SelectField("Kecamatan", validators=[Needed("Pilih kecamatan.")])
    induk_id = SelectField("Puskesmas induk (kecuali puskesmas dan rumah sakit)", validators=[MayBeEmpty()])

    def __init__(self, *args, kecamatan_list=(), point_list=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.kecamatan_code.choices = options([NOTHING, *((k.code, k.name) for k in kecamatan_list)])
        induk_list = [(str(point.id), point.name) for point in point_list if point.kind == PointKind.PUSKESMAS]
        self.induk_id.choices = options([NOTHING, *induk_list])

    def validate_induk_id(self, field):
        if self.kind.data not in ("", None, PointKind.PUSKESMAS, PointKind.RUMAH_SAKIT) and not field.data:
            raise ValidationError("Pilih puskesmas induknya.")
