"""What a phone posts beside people's forms: a sealed registration, and how many it still holds."""

import re

from flask_wtf import FlaskForm
from wtforms import Field, StringField
from wtforms.validators import InputRequired

from campaign.forms.base import DeedForm, Needed, NumberField, OurMeta
from campaign.rules import phone_clock


class PhoneNowField(Field):
    """The phone's clock in milliseconds since 1970. Nothing is refused for it: what cannot be read is None."""

    def process_formdata(self, valuelist):
        text = valuelist[0] if valuelist else ""
        self.data = int(text) if re.fullmatch(r"-?[0-9]{1,17}", text) else None


class SealedForm(DeedForm):
    """One registration as outbox.js kept it."""

    sealed = StringField("Simpanan", validators=[Needed("Simpanan ini kosong.")])
    now = PhoneNowField()
    error = StringField()  # why it was sent back, as a code: the mended form says it again


class UnsentForm(FlaskForm):
    """How many registrations of hers this phone still holds, and since when."""

    unsent = NumberField(validators=[InputRequired("Berapa?")])
    parked = NumberField(validators=[InputRequired("Berapa?")])
    oldest = StringField()
    now = PhoneNowField()

    class Meta(OurMeta):
        pass

    @property
    def oldest_at(self):
        return phone_clock.claimed(self.oldest.data)
