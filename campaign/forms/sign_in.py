"""Signing in, the first account of an install, a new password."""

from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, SelectField
from wtforms.validators import ValidationError

from campaign.forms.base import NOTHING, DeedForm, Most, Needed, OurMeta, TextField, options

SHORTEST = 12  # the office's setting one day; no composition rule, no forced change (trust.md, NIST 800-63B)

# What everybody tries first, and what every office picks.
COMMON = (
    "password",
    "123456",
    "qwerty",
    "bismillah",
    "indonesia",
    "sayang",
    "posyandu",
    "bkkbn",
    "dppkb",
    "puskesmas",
    "kampanye",
)


class SignInForm(FlaskForm):
    class Meta(OurMeta):
        pass

    name = TextField("Nama masuk", validators=[Needed("Isi nama masuk dari kartu Anda.")])
    password = PasswordField("Kata sandi", validators=[Needed("Isi kata sandi.")])
    lanjut = HiddenField()


def good_password(form, field):
    """Long, and not what everybody tries. Any character, spaces too."""
    if len(field.data or "") < SHORTEST:
        raise ValidationError(f"Paling sedikit {SHORTEST} huruf. Beberapa kata yang mudah diingat sudah baik.")
    if len(field.data) > 200:
        raise ValidationError("Paling banyak 200 huruf.")
    plain = "".join(c for c in field.data.lower() if c.isalnum())
    for word in COMMON:
        plain = plain.replace(word, "")
    if len(set(plain)) < 5:
        raise ValidationError("Kata sandi ini terlalu mudah ditebak. Pakai beberapa kata yang tidak berhubungan.")


class PasswordForm(DeedForm):
    old = PasswordField("Kata sandi sekarang", validators=[Needed("Isi kata sandi sekarang.")])
    new = PasswordField("Kata sandi baru", validators=[Needed("Isi kata sandi baru."), good_password])
    again = PasswordField("Kata sandi baru, sekali lagi", validators=[Needed("Ketik sekali lagi.")])

    def validate_again(self, field):
        if field.data != self.new.data:
            raise ValidationError("Kedua kata sandi baru tidak sama.")


class FirstAccountForm(FlaskForm):
    """The first start in production: the code from the console makes the first DPPKB account."""

    class Meta(OurMeta):
        pass

    def __init__(self, *args, kabupaten_list=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.kabupaten_code.choices = options([NOTHING, *kabupaten_list])

    code = TextField("Kode dari layar server", validators=[Needed("Isi kode yang tercetak di layar server.")])
    kabupaten_code = SelectField("Kabupaten/kota", validators=[Needed("Pilih kabupaten.")])
    name = TextField("Nama Anda", validators=[Needed("Isi nama Anda."), Most(120)])
    sign_in_name = TextField("Nama masuk", validators=[Needed("Isi nama masuk."), Most(40)])
    password = PasswordField("Kata sandi", validators=[Needed("Isi kata sandi."), good_password])
