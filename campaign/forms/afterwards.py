"""Forms about what comes after a gathering: minutes, decisions, photos, how its certificates are numbered; and its letters."""

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import HiddenField
from wtforms.validators import Length, Regexp

from campaign.forms.base import DateField, DeedForm, MayBeEmpty, Most, Needed, OurMeta, TextField
from campaign.forms.gatherings import LONG, LongField

LONGEST_TAIL = 60


class LetterForm(FlaskForm):
    """What stands on every letter; asked by GET, nothing of it is kept."""

    class Meta(OurMeta):
        pass

    nomor = TextField("Nomor surat", validators=[Most(60)])


class MinutesForm(DeedForm):
    """`was` marks the text this page began with."""

    minutes = LongField("Notulen", validators=[Most(2 * LONG)])
    was = HiddenField(validators=[Length(16, 16, message="Muat ulang halaman, lalu isi lagi.")])


class DecisionForm(DeedForm):
    what = TextField("Apa yang diputuskan", validators=[Needed("Tulis apa yang diputuskan."), Most(400)])
    who = TextField("Siapa yang mengerjakan", validators=[Most(120)])
    due_on = DateField("Selesai paling lambat", validators=[MayBeEmpty()])

    @property
    def answers(self) -> dict:
        said = super().answers
        return said | {"who": said["who"] or ""}


class PhotoForm(DeedForm):
    photo = FileField("Foto", validators=[Needed("Pilih fotonya.")])
    caption = TextField("Keterangan", validators=[Most(200)])


class CaptionForm(DeedForm):
    caption = TextField("Keterangan", validators=[Most(200)])


class CertificateForm(DeedForm):
    """How the numbers end, after the three digits that count."""

    tail = TextField(
        "Akhir nomor sertifikat",
        validators=[
            Needed("Isi akhir nomornya."),
            Most(LONGEST_TAIL),
            Regexp(
                r"[A-Za-z0-9][A-Za-z0-9./ -]*\Z", message="Hanya huruf, angka, titik, garis miring, dan tanda hubung."
            ),
        ],
    )
