"""The office's forms about people: who signs in, where she works, who follows her."""

from uuid import UUID

from wtforms import BooleanField, HiddenField, RadioField, SelectField, SelectMultipleField
from wtforms.validators import ValidationError

from campaign.forms.base import NOTHING, DeedForm, MayBeEmpty, Most, Needed, TextField, desa_pairs, options
from campaign.forms.office import ManyField
from campaign.forms.village import PhoneField
from campaign.rules.gatherings import Poktan
from campaign.rules.roles import Role
from campaign.words import label


def rw_is_a_number(_form, field):
    if field.data and not (field.data.isascii() and field.data.isdigit()):
        raise ValidationError("RW diisi angka.")


def several(field) -> tuple[str, ...]:
    """What was chosen, each once, however it was sent."""
    return tuple(sorted({code for code in field.data if code}))


def chosen_poktan(field) -> list[str]:
    """What is ticked, in the order of the groups."""
    return [poktan.value for poktan in Poktan if poktan.value in (field.data or ())]


class NameForm(DeedForm):
    """What may change of somebody at any time."""

    name = TextField("Nama", validators=[Needed("Isi namanya."), Most(120)])
    phone = PhoneField("Nomor HP (boleh kosong)")
    poktan = ManyField(
        "Kelompok kegiatan yang dikelola (untuk kader)",
        choices=options((poktan.value, label(poktan)) for poktan in Poktan),
        validators=[MayBeEmpty()],
    )

    @property
    def answers(self) -> dict:
        return super().answers | {"poktan": chosen_poktan(self.poktan)}


class PersonForm(NameForm):
    """Somebody who signs in. Which of the last fields is asked follows from the role."""

    sign_in_name = TextField("Nama masuk", validators=[Needed("Isi nama masuk."), Most(40)])
    role = RadioField(
        "Peran", choices=options((role.value, label(role)) for role in Role), validators=[Needed("Pilih peran.")]
    )
    desa_code = SelectField("Desa (untuk kader)", validators=[MayBeEmpty()])
    rw = TextField("RW (hanya kader tingkat RW)", validators=[Most(3), rw_is_a_number])
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
            Role.KADER: {
                "desa_code": said["desa_code"],
                "rw": said["rw"].zfill(3) if said["rw"] else None,
                "poktan": said["poktan"],
            },
            Role.PLKB: {"desa_codes": several(self.desa_codes)},
            Role.PUSKESMAS: {"service_point_id": said["service_point_id"], "is_head": said["is_head"]},
            Role.DPPKB: {"is_admin": said["is_admin"]},
        }
        everybody = {name: said[name] for name in ("name", "sign_in_name", "phone")}
        return everybody | {"role": role} | own.get(role, {})


class LeaveForm(DeedForm):
    """Who takes on the women a kader leaves behind; perhaps nobody."""

    WHO = "Penerus untuk Ibu-ibu yang belum selesai dilayani"
    successor_id = SelectField(WHO, validators=[MayBeEmpty()])

    def __init__(self, *args, successors=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.successor_id.choices = options([("", "tidak ada: PLKB yang melihat mereka"), *successors])

    @property
    def answers(self) -> dict:
        answers = super().answers
        return answers | {"successor_id": UUID(answers["successor_id"]) if answers["successor_id"] else None}


class MoveForm(LeaveForm):
    """A kader works in another desa or RW."""

    successor_id = SelectField(
        LeaveForm.WHO, id="mover_successor_id", validators=[MayBeEmpty()]
    )  # both forms stand on one page
    desa_code = SelectField("Desa yang baru", validators=[Needed("Pilih desanya.")])
    rw = TextField("RW", validators=[Most(3), rw_is_a_number])

    def __init__(self, *args, desa_list=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.desa_code.choices = options([NOTHING, *desa_pairs(desa_list)])

    @property
    def answers(self) -> dict:
        answers = super().answers
        return answers | {"rw": answers["rw"].zfill(3) if answers["rw"] else None}


class DesaListForm(DeedForm):
    """Several desa of the kabupaten."""

    desa_codes = SelectMultipleField("Desa", validators=[MayBeEmpty()])

    def __init__(self, *args, desa_list=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.desa_codes.choices = options(desa_pairs(desa_list))

    @property
    def answers(self) -> dict:
        return {"desa_codes": several(self.desa_codes)}


class CardsForm(DeedForm):
    """For whom cards are printed: those of a list who cannot sign in yet."""

    role, name, area = HiddenField(name="peran"), HiddenField(name="nama"), HiddenField(name="wilayah")


class LevelsForm(DeedForm):
    """What the two levels of kader are called in this kabupaten."""

    ppkbd_name = TextField("Kader tingkat desa", validators=[Needed("Isi sebutannya, misalnya PPKBD."), Most(40)])
    sub_ppkbd_name = TextField("Kader tingkat RW", validators=[Needed("Isi sebutannya, misalnya Sub PPKBD."), Most(40)])
