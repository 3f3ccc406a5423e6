"""DPPKB's forms: campaign, split, people, places."""

from flask_wtf.file import FileField
from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField, widgets
from wtforms.validators import InputRequired, NumberRange, ValidationError

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
from campaign.models import PointKind
from campaign.rules.methods import ALOKON_CODE, PARTICIPANT_CODE, Method, Participant
from campaign.rules.roles import Role
from campaign.words import ZONE, label


class ManyField(SelectMultipleField):
    """Several of these, as checkboxes."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()


class CampaignForm(DeedForm):
    name = TextField("Nama kampanye", validators=[Needed("Isi nama kampanye."), Most(120)])
    occasion = TextField("Dalam rangka", validators=[Most(200)])
    opens_on = DateField("Hari pertama", validators=[Needed("Isi hari pertama.")])
    closes_on = DateField("Hari terakhir", validators=[Needed("Isi hari terakhir.")])
    zone = SelectField("Zona waktu", choices=options((zone, f"{short} ({zone})") for zone, short in ZONE.items()))
    headline = NumberField(
        "Target", validators=[InputRequired("Isi target."), NumberRange(0, message="Nol atau lebih.")]
    )
    counted_methods = ManyField(
        "Metode yang dihitung",
        choices=options((method.value, label(method)) for method in ALOKON_CODE),
        default=[Method.IMPLAN_1.value, Method.IMPLAN_2.value, Method.IUD.value],
        validators=[Needed("Pilih paling sedikit satu metode.")],
    )
    counted_participants = ManyField(
        "Status peserta yang dihitung",
        choices=options((status.value, label(status)) for status in PARTICIPANT_CODE),
        default=[Participant.BARU.value, Participant.KBPP.value],
        validators=[Needed("Pilih paling sedikit satu status.")],
    )
    counts_outsiders = BooleanField("Peserta dari luar kabupaten ikut dihitung dalam target")
    grace_days = NumberField(
        "Hari tambahan untuk mencatat hasil", default=2, validators=[NumberRange(0, 60, "0 sampai 60.")]
    )
    correction_days = NumberField(
        "Hari bagi puskesmas untuk membetulkan", default=2, validators=[NumberRange(0, 60, "0 sampai 60.")]
    )

    def validate_closes_on(self, field):
        if field.data and self.opens_on.data and field.data < self.opens_on.data:
            raise ValidationError("Hari terakhir harus sesudah hari pertama.")
        if field.data and self.opens_on.data and (field.data - self.opens_on.data).days > 366:
            raise ValidationError("Kampanye paling lama satu tahun.")

    def validate_opens_on(self, field):
        if field.data and not 2000 <= field.data.year <= 2100:
            raise ValidationError("Periksa tahunnya.")

    @property
    def answers(self) -> dict:
        answers = super().answers
        answers["occasion"] = answers["occasion"] or ""
        return answers


class SplitForm(DeedForm):
    """Equal weights, or one plain csv with the columns `kode` and `bobot`."""

    way = RadioField(
        "Bobot tiap desa",
        choices=options([("sama", "sama untuk semua desa"), ("berkas", "dari berkas csv: kolom kode dan bobot")]),
        default="sama",
    )
    file = FileField("Berkas csv")

    def validate_file(self, field):
        if self.way.data == "berkas" and not field.data:
            raise ValidationError("Pilih berkas csv.")


class StageForm(DeedForm):
    stage = SelectField(choices=options([("open", "berjalan"), ("closed", "ditutup")]))


class PersonForm(DeedForm):
    """Somebody who signs in. Which of the last fields is asked follows from the role."""

    name = TextField("Nama", validators=[Needed("Isi namanya."), Most(120)])
    sign_in_name = TextField("Nama masuk", validators=[Needed("Isi nama masuk."), Most(40)])
    role = RadioField(
        "Peran", choices=options((role.value, label(role)) for role in Role), validators=[Needed("Pilih peran.")]
    )
    desa_code = SelectField("Desa (untuk kader)", validators=[MayBeEmpty()])
    rw = TextField("RW (hanya Sub PPKBD)", validators=[Most(3)])
    desa_codes = SelectMultipleField("Desa binaan (untuk PKB/PLKB)", validators=[MayBeEmpty()])
    service_point_id = SelectField("Tempat pelayanan (untuk puskesmas)", validators=[MayBeEmpty()])
    is_head = BooleanField("Kepala puskesmas")
    is_admin = BooleanField("Pengelola (DPPKB)")

    def __init__(self, *args, desa_list=(), point_list=(), **kwargs):
        super().__init__(*args, **kwargs)
        places, points = desa_pairs(desa_list), [(str(point.id), point.name) for point in point_list]
        self.desa_code.choices = options([NOTHING, *places])
        self.desa_codes.choices = options(places)
        self.service_point_id.choices = options([NOTHING, *points])

    def validate_sign_in_name(self, field):
        field.data = field.data.lower()
        if not all(c.isascii() and (c.isalnum() or c in ".-_") for c in field.data):
            raise ValidationError("Hanya huruf kecil, angka, titik, dan tanda hubung, tanpa spasi.")

    def validate_rw(self, field):
        if field.data and not (field.data.isascii() and field.data.isdigit()):
            raise ValidationError("RW diisi angka.")

    def validate_desa_code(self, field):
        if self.role.data == Role.KADER and not field.data:
            raise ValidationError("Pilih desa kader ini.")

    def validate_service_point_id(self, field):
        if self.role.data == Role.PUSKESMAS and not field.data:
            raise ValidationError("Pilih tempat pelayanannya.")

    def validate_desa_codes(self, field):
        if self.role.data == Role.PLKB and not field.data:
            raise ValidationError("Pilih paling sedikit satu desa binaan.")

    @property
    def answers(self) -> dict:
        """Only what belongs to the chosen role."""
        said = super().answers
        role = Role(said["role"])
        own = {
            Role.KADER: {"desa_code": said["desa_code"], "rw": said["rw"].zfill(3) if said["rw"] else None},
            Role.PLKB: {"desa_codes": tuple(said["desa_codes"])},
            Role.PUSKESMAS: {"service_point_id": said["service_point_id"], "is_head": said["is_head"]},
            Role.DPPKB: {"is_admin": said["is_admin"]},
        }
        return {"name": said["name"], "sign_in_name": said["sign_in_name"], "role": role} | own.get(role, {})


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


class KaderFileForm(DeedForm):
    """One plain csv: nama, nama_masuk, kode_desa, rw (empty for PPKBD)."""

    file = FileField("Berkas csv", validators=[Needed("Pilih berkas csv.")])
