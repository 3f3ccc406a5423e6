"""Forms about what comes after a service: what a visit found, the office's plan for a method."""

import re

from wtforms import Field, RadioField, SelectField
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError
from wtforms.widgets import TextInput

from campaign.forms.base import DateField, DeedForm, MayBeEmpty, Needed, NumberField, options
from campaign.rules.aftercare import AT_HOME, LATEST_VISIT, LONGEST, MOST_VISITS, Found
from campaign.words import day, headed, label

HOME = "rumah"


class HomeVisitForm(DeedForm):
    """Her kader was with her: that she was there, and whether there is anything. What it is, the puskesmas asks."""

    found = RadioField(
        "Bagaimana kabarnya?",
        choices=options(
            [
                (Found.KONTROL.value, "baik, tidak ada keluhan"),
                (Found.KELUHAN.value, "ada keluhan: sarankan ke puskesmas"),
            ]
        ),
        validators=[Needed("Pilih salah satu.")],
    )
    done_on = DateField("Tanggal dikunjungi", validators=[Needed("Isi tanggal.")])

    def __init__(self, *args, today, served_on, **kwargs):
        self.today, self.served_on = today, served_on
        super().__init__(*args, **kwargs)

    def validate_done_on(self, field):
        if field.data and field.data > self.today:
            raise ValidationError("Tanggal tidak boleh di masa depan.")
        if field.data and field.data < self.served_on:
            raise ValidationError(f"Tanggal tidak boleh sebelum pelayanannya ({day(self.served_on)}).")

    @property
    def answers(self) -> dict:
        answers = super().answers
        return answers | {"found": Found(answers["found"])}


class VisitForm(HomeVisitForm):
    """What the puskesmas found, at which visit, and where."""

    visit = SelectField("Kunjungan yang mana", validators=[MayBeEmpty()])
    found = RadioField(
        "Hasil kunjungan",
        choices=options((found.value, headed(label(found))) for found in Found),
        validators=[Needed("Pilih hasilnya.")],
    )
    point = SelectField("Tempat", validators=[Needed("Pilih tempat.")])

    def __init__(self, *args, due=(), point_list=(), **kwargs):
        super().__init__(*args, **kwargs)
        planned = [(str(visit.id), f"terjadwal {day(visit.due_on)}") for visit in due]
        self.visit.choices = options([*planned, ("", "di luar jadwal")])
        self.point.choices = options([*((str(point.id), point.name) for point in point_list), (HOME, "di rumahnya")])

    def validate_point(self, field):
        if field.data == HOME and self.found.data and self.found.data not in AT_HOME:
            raise ValidationError("Ini dilakukan di tempat pelayanan. Pilih tempatnya.")


class DaysField(Field):
    """Days after the service, as typed: 7, 365."""

    widget = TextInput()

    def _value(self) -> str:
        return self.raw if getattr(self, "raw", None) is not None else ", ".join(map(str, self.data or ()))

    def process_formdata(self, valuelist):
        self.raw = (valuelist[0] if valuelist else "").strip()
        parts = [part for part in re.split(r"[\s,;]+", self.raw) if part]
        self.data = []
        if len(parts) > MOST_VISITS:
            raise ValidationError(f"Paling banyak {MOST_VISITS} kunjungan.")
        for part in parts:
            if not re.fullmatch(r"[0-9]{1,4}", part) or not 1 <= int(part) <= LATEST_VISIT:
                raise ValidationError(f"Isi hari dengan angka 1 sampai {LATEST_VISIT}, dipisah koma, misalnya 7, 365.")
        self.data = sorted({int(part) for part in parts})


class PlanForm(DeedForm):
    visit_days = DaysField("Dikunjungi atau kontrol, hari ke-")
    lasts_months = NumberField(
        "Masa pakai, dalam bulan", validators=[Optional(), NumberRange(1, LONGEST, f"Antara 1 dan {LONGEST} bulan.")]
    )


class ReportDayForm(DeedForm):
    report_day = NumberField(
        "Tanggal bulan berikutnya", validators=[InputRequired("Isi tanggal."), NumberRange(1, 28, "Antara 1 dan 28.")]
    )
