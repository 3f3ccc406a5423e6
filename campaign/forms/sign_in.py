"""Signing in, the way in by a card, a new passphrase, a PIN, the first account of an install."""

from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField
from wtforms.validators import StopValidation, ValidationError

from campaign.forms.base import DeedForm, Most, Needed, OurMeta, TextField
from campaign.queries import places
from campaign.rules import pin
from campaign.rules.passphrase import weakness
from campaign.words import label


class SignInForm(FlaskForm):
    class Meta(OurMeta):
        pass

    name = TextField("Nama masuk", validators=[Needed("Isi nama masuk dari kartu Anda.")])
    password = PasswordField("Kata sandi", validators=[Needed("Isi kata sandi.")])
    lanjut = HiddenField()


class PinSignInForm(FlaskForm):
    class Meta(OurMeta):
        pass

    perangkat = HiddenField()
    pin = PasswordField("PIN", validators=[Needed("Isi PIN, 6 angka.")])
    lanjut = HiddenField()


class CardForm(FlaskForm):
    """What stands on a card, typed."""

    class Meta(OurMeta):
        pass

    name = TextField("Nama masuk", validators=[Needed("Isi nama masuk dari kartu Anda.")])
    words = TextField("Empat kata di kartu", validators=[Needed("Isi empat kata dari kartu Anda.")])


def good_password(form, field):
    """Long, and not what is tried first. Any character, spaces too. `form.known` are names around her."""
    if found := weakness(field.data or "", getattr(form, "known", ())):
        raise ValidationError(label(found))


def good_pin(_form, field):
    if not pin.is_six_digits(field.data or ""):
        raise StopValidation("PIN harus 6 angka.")
    if pin.is_easy(field.data):
        raise ValidationError("PIN ini mudah ditebak. Jangan pakai angka berurutan, berulang, atau tanggal lahir.")


def same_pin(form, field):
    if form.pin.data != field.data:
        raise ValidationError("Kedua PIN tidak sama.")


PIN = [Needed("Isi PIN, 6 angka."), good_pin]
PIN_AGAIN = [Needed("Ketik PIN sekali lagi."), same_pin]


class PinForm(DeedForm):
    """A PIN for this phone."""

    pin = PasswordField("PIN baru", validators=PIN)
    pin_again = PasswordField("PIN, sekali lagi", validators=PIN_AGAIN)


class ActivationForm(DeedForm):
    """Her own passphrase; and where she works on a phone, its PIN."""

    new = PasswordField("Kata sandi Anda", validators=[Needed("Isi kata sandi Anda."), good_password])
    pin = PasswordField("PIN untuk HP ini", validators=PIN)
    pin_again = PasswordField("PIN, sekali lagi", validators=PIN_AGAIN)

    def __init__(self, *args, known=(), has_pin, **kwargs):
        super().__init__(*args, **kwargs)
        self.known = known
        if not has_pin:
            del self.pin, self.pin_again


class PasswordForm(DeedForm):
    old = PasswordField("Kata sandi sekarang", validators=[Needed("Isi kata sandi sekarang.")])
    new = PasswordField("Kata sandi baru", validators=[Needed("Isi kata sandi baru."), good_password])
    again = PasswordField("Kata sandi baru, sekali lagi", validators=[Needed("Ketik sekali lagi.")])

    def __init__(self, *args, known=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.known = known

    def validate_again(self, field):
        if field.data != self.new.data:
            raise ValidationError("Kedua kata sandi baru tidak sama.")


class FirstAccountForm(FlaskForm):
    """The first start in production: the code from the console makes the first DPPKB account."""

    class Meta(OurMeta):
        pass

    code = TextField("Kode dari layar server", validators=[Needed("Isi kode yang tercetak di layar server.")])
    kabupaten = TextField("Kabupaten atau kota", validators=[Needed("Tulis nama kabupaten atau kota.")])
    name = TextField("Nama Anda", validators=[Needed("Isi nama Anda."), Most(120)])
    sign_in_name = TextField("Nama masuk", validators=[Needed("Isi nama masuk."), Most(40)])
    password = PasswordField("Kata sandi", validators=[Needed("Isi kata sandi."), good_password])

    def validate_kabupaten(self, field):
        found = places.kabupaten_named(field.data)
        if len(found) == 1 and places.is_called(found[0], field.data):
            self.kabupaten_code = found[0].code
        elif found:
            raise ValidationError(f"Yang mana: {', '.join(area.name for area in found)}? Tulis lengkap.")
        else:
            raise ValidationError("Tidak ada kabupaten atau kota dengan nama itu di daftar nasional.")

    @property
    def known(self) -> tuple[str, ...]:
        return self.name.data, self.sign_in_name.data
