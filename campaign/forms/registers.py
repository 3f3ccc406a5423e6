"""Forms of the registers: the password once more, lines to tick, a table pasted from SIGA."""

from wtforms import PasswordField, TextAreaField

from campaign.forms.base import DeedForm, Most, Needed


class SureForm(DeedForm):
    password = PasswordField("Kata sandi Anda", validators=[Needed("Isi kata sandi."), Most(200)])


class PastedForm(DeedForm):
    pasted = TextAreaField(
        "Tabel dari SIGA", validators=[Needed("Tempel tabelnya dulu."), Most(20_000)], render_kw={"rows": 8}
    )
