"""The PLKB's form about a woman who lives in another desa."""

from wtforms import RadioField
from wtforms.validators import ValidationError

from campaign.forms.base import DeedForm, Most, Needed, TextField, options
from campaign.words import TRANSFER_REASON, place


def three_digits(_form, field):
    """RT and RW are kept as 001, however they were typed."""
    if field.data:
        if not (field.data.isascii() and field.data.isdigit()):
            raise ValidationError("Diisi angka saja, misalnya 3.")
        field.data = field.data.zfill(3)


class TransferForm(DeedForm):
    """Where she lives now. Chosen, not written: about a woman no free text is kept."""

    desa_code = RadioField(
        "Sekarang tinggal di", validators=[Needed("Pilih desanya. Cari dulu namanya bila belum tampak.")]
    )
    rt = TextField("RT", validators=[Most(3), three_digits])
    rw = TextField("RW", validators=[Most(3), three_digits])
    why = RadioField(
        "Mengapa", choices=options(TRANSFER_REASON.items()), validators=[Needed("Pilih salah satu sebab.")]
    )

    def __init__(self, *args, desa_list=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.offer(desa_list)

    def offer(self, desa_list) -> None:
        """Which desa stand there to choose from; names repeat, so the kecamatan stands beside."""
        self.desa_code.choices = options(
            (desa.code, f"{place(desa)}, Kec. {desa.kecamatan.name}") for desa in desa_list
        )

    @property
    def answers(self) -> dict:
        said = super().answers
        return said | {"rt": said["rt"] or "", "rw": said["rw"] or ""}
