"""DPPKB's form for a wall: where it hangs, who stands before it, until when."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from wtforms import RadioField
from wtforms.validators import ValidationError

from campaign.forms.base import DateField, DeedForm, Most, Needed, TextField, options
from campaign.models import WallKind

LONGEST = timedelta(days=366)
WHO = {
    WallKind.PIMPINAN: "Ruang pimpinan: angka tiap desa apa adanya, langsung bergerak",
    WallKind.LOBI: "Lobi dan tempat umum: angka kecil disamarkan, bergerak bertahap",
}


class ScreenForm(DeedForm):
    """A screen in the hall of a gathering."""

    name = TextField("Dipasang di mana", validators=[Needed("Isi tempat layarnya dipasang."), Most(80)])
    until = DateField("Berlaku sampai", validators=[Needed("Isi tanggal terakhirnya.")])

    def __init__(self, *args, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today

    def validate_until(self, field):
        if field.data and not self.today <= field.data <= self.today + LONGEST:
            raise ValidationError("Paling cepat hari ini, paling lama setahun lagi.")

    def ends_at(self, zone: str) -> datetime:
        """The last second of its last day, by the clock of the place."""
        return datetime.combine(self.until.data, time(23, 59, 59), ZoneInfo(zone))


class WallForm(ScreenForm):
    """A wall of a campaign, for one of two audiences."""

    kind = RadioField("Siapa yang melihatnya", choices=options((kind.value, words) for kind, words in WHO.items()),
                      validators=[Needed("Pilih siapa yang melihatnya.")])  # fmt: skip
