"""DPPKB's forms about sheets: hand one in, say what its columns are, take its rows."""

from flask_wtf.file import FileField
from wtforms import BooleanField, RadioField, SelectField
from wtforms.validators import ValidationError

from campaign.forms.base import NOTHING, DeedForm, MayBeEmpty, Needed, options
from campaign.rules.verdicts import SheetKind
from campaign.words import day, label

OF_A_CAMPAIGN = (SheetKind.AKSEPTOR, SheetKind.DAYS)


class UploadForm(DeedForm):
    kind = RadioField(
        "Isi lembar",
        choices=options((kind.value, label(kind)) for kind in SheetKind),
        validators=[Needed("Pilih isi lembarnya.")],
    )
    campaign_id = SelectField("Kampanye (untuk calon akseptor dan hari pelayanan)", validators=[MayBeEmpty()])
    gathering_id = SelectField("Pertemuan (untuk peserta)", validators=[MayBeEmpty()])
    file = FileField("Berkas", validators=[Needed("Pilih berkasnya.")])

    def __init__(self, *args, campaign_list=(), gathering_list=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.gathering_id.choices = options([NOTHING, *((str(g.id), f"{g.name}, {day(g.on)}") for g in gathering_list)])
        self.campaign_id.choices = options([NOTHING, *((str(c.id), c.name) for c in campaign_list)])

    def validate_campaign_id(self, field):
        if self.kind.data in OF_A_CAMPAIGN and not field.data:
            raise ValidationError("Pilih kampanyenya.")

    def validate_gathering_id(self, field):
        if self.kind.data == SheetKind.ATTENDANCE and not field.data:
            raise ValidationError("Pilih pertemuannya.")


class ApplyForm(DeedForm):
    """`on_paper`: an imported woman was asked in the village, and her consent to keep her data stands on paper."""

    on_paper = BooleanField("Untuk setiap perempuan di lembar ini, persetujuan menyimpan datanya ada di kertas")

    def __init__(self, *args, needs_consent: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.needs_consent = needs_consent

    def validate_on_paper(self, field):
        if self.needs_consent and not field.data:
            raise ValidationError("Tanpa persetujuan tertulis datanya tidak boleh disimpan. Centang bila memang ada.")
