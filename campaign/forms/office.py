"""DPPKB's forms about a campaign: one per step of setting it up, the split, unlocking."""

from wtforms import BooleanField, Field, RadioField, SelectField, SelectMultipleField, widgets
from wtforms.validators import InputRequired, NumberRange, ValidationError

from campaign.forms.base import (
    DateField,
    DeedForm,
    MayBeEmpty,
    Most,
    Needed,
    NumberField,
    PercentField,
    TextField,
    options,
)
from campaign.rules.apportionment import Way
from campaign.rules.methods import ALOKON_CODE, PARTICIPANT_CODE, Method
from campaign.rules.setup import SetupStep, promises
from campaign.words import ZONE, label, number


class ManyField(SelectMultipleField):
    """Several of these, as checkboxes."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()


# ---- The steps ----


class NameForm(DeedForm):
    name = TextField("Nama kampanye", validators=[Needed("Isi nama kampanye."), Most(120)])
    occasion = TextField("Dalam rangka", validators=[Most(200)])

    @property
    def answers(self) -> dict:
        answers = super().answers
        return answers | {"occasion": answers["occasion"] or ""}


class SpanForm(DeedForm):
    opens_on = DateField("Hari pertama", validators=[Needed("Isi hari pertama.")])
    closes_on = DateField("Hari terakhir", validators=[Needed("Isi hari terakhir.")])
    zone = SelectField("Zona waktu", choices=options((zone, f"{short} ({zone})") for zone, short in ZONE.items()))
    grace_days = NumberField(
        "Hari tambahan untuk mencatat hasil",
        default=2,
        validators=[InputRequired("Isi 0 sampai 60."), NumberRange(0, 60, "0 sampai 60.")],
    )
    correction_days = NumberField(
        "Hari bagi puskesmas untuk membetulkan",
        default=2,
        validators=[InputRequired("Isi 0 sampai 60."), NumberRange(0, 60, "0 sampai 60.")],
    )

    def validate_closes_on(self, field):
        if field.data and self.opens_on.data and field.data < self.opens_on.data:
            raise ValidationError("Hari terakhir harus sesudah hari pertama.")
        if field.data and self.opens_on.data and (field.data - self.opens_on.data).days > 366:
            raise ValidationError("Kampanye paling lama satu tahun.")

    def validate_opens_on(self, field):
        if field.data and not 2000 <= field.data.year <= 2100:
            raise ValidationError("Periksa tahunnya.")


class CountForm(DeedForm):
    counted_methods = ManyField(
        "Metode yang dihitung",
        choices=options((method.value, label(method)) for method in ALOKON_CODE),
        validators=[Needed("Pilih paling sedikit satu metode.")],
    )
    counted_participants = ManyField(
        "Status peserta yang dihitung",
        choices=options((status.value, label(status)) for status in PARTICIPANT_CODE),
        validators=[Needed("Pilih paling sedikit satu status.")],
    )
    counts_outsiders = BooleanField("Peserta dari luar kabupaten ikut dihitung dalam target")


class PromisedForm(DeedForm):
    """The headline, typed twice because one article prints it as 1831 and as 1381, and its parts by method if it has any."""

    headline = NumberField(
        "Target", validators=[InputRequired("Isi target."), NumberRange(0, 9_999_999, "0 sampai 9.999.999.")]
    )
    again = NumberField("Target, sekali lagi", validators=[InputRequired("Isi target sekali lagi.")])

    def validate_again(self, field):
        if field.data is not None and self.headline.data is not None and field.data != self.headline.data:
            raise ValidationError(
                f"Dua isian ini berbeda: {number(self.headline.data)} dan {number(field.data)}. Mana yang benar?"
            )

    @property
    def part_fields(self) -> list[Field]:
        return [field for field in self if field.name.startswith("part-")]

    @property
    def parts(self) -> dict[str, int]:
        """What each method is promised; empty where the office promised only the whole."""
        typed = {field.name.removeprefix("part-"): field.data for field in self.part_fields}
        return {method: n or 0 for method, n in typed.items()} if any(n is not None for n in typed.values()) else {}

    def validate(self, extra_validators=None) -> bool:
        is_valid = super().validate(extra_validators)
        if is_valid and self.parts and (total := sum(self.parts.values())) != self.headline.data:
            sum_of = " + ".join(number(n) for n in self.parts.values())
            away = number(abs(total - self.headline.data))
            self.part_fields[0].errors = [
                f"Jumlah bagian {sum_of} = {number(total)}, berbeda {away} dari target {number(self.headline.data)}."
            ]
            return False
        return is_valid


def promised(form: type[PromisedForm], counted_methods) -> type[PromisedForm]:
    """This form with one field for each method that may be promised separately."""
    fields = {
        f"part-{method}": NumberField(label(Method(method)), validators=[MayBeEmpty()])
        for method in promises(counted_methods)
    }
    return type(form.__name__, (form,), fields)


def promise_of(campaign) -> dict:
    """What the fields of a `promised` form show at first."""
    about = {"headline": campaign.headline or None, "again": None}
    return about | {f"part-{method}": n for method, n in campaign.headline_parts.items()}


FORMS = {
    SetupStep.NAME: NameForm,
    SetupStep.SPAN: SpanForm,
    SetupStep.COUNT: CountForm,
    SetupStep.HEADLINE: PromisedForm,
    SetupStep.POINTS: DeedForm,
}


# ---- The split ----


class LocksField(Field):
    """Numbers the office has fixed: one input `lock-<desa code>` per desa, empty where the rule decides."""

    def process(self, formdata, data=None, extra_filters=None):
        self.process_errors, self.data = [], dict(data or {})
        if not formdata:
            return
        self.data, wrong = {}, []
        for name in formdata:
            text = formdata[name].strip().replace(".", "")
            if name.startswith("lock-") and text:
                if text.isascii() and text.isdigit() and len(text) <= 7:
                    self.data[name.removeprefix("lock-")] = int(text)
                else:
                    wrong.append(text[:12])
        if wrong:
            self.process_errors = [f"Angka kunci harus angka bulat, bukan “{wrong[0]}”."]


class SplitForm(PromisedForm):
    """By which weights and how the headline is shared out; what is locked."""

    weights = RadioField("Bobot tiap desa", default="sama")
    way = RadioField(
        "Cara membulatkan",
        choices=options((way.value, label(way)) for way in Way),
        default=Way.LARGEST_REMAINDER.value,
    )
    order = RadioField(
        "Urutan",
        choices=options([("langsung", "langsung ke semua desa"), ("kecamatan", "ke kecamatan dulu, lalu ke desanya")]),
        default="langsung",
    )
    least = NumberField("Paling sedikit tiap desa", default=0, validators=[MayBeEmpty(), NumberRange(0, 9999)])
    by_method = BooleanField("Bagi juga per metode")
    by_week = BooleanField("Bagi juga per minggu")
    locked = LocksField("Angka yang dikunci")
    why = TextField("Alasan pembagian ini", validators=[Most(200)])

    @property
    def percent_fields(self) -> list[Field]:
        return [field for field in self if field.name.startswith("mix-")]

    def mix(self, columns) -> list[dict]:
        """The chosen columns with their percentages, as the deed takes them."""
        chosen = {str(column.id): column for column in columns}
        if self.weights.data in chosen:
            percents = {self.weights.data: "100"}
        elif self.weights.data == "campuran":
            percents = {f.name.removeprefix("mix-"): str(f.data) for f in self.percent_fields if f.data}
        else:
            percents = {}
        return [{"column_id": id, "name": chosen[id].name, "percent": percent} for id, percent in percents.items()]

    def validate_weights(self, field):
        if field.data == "campuran" and sum(f.data or 0 for f in self.percent_fields) != 100:
            raise ValidationError("Persen campuran harus berjumlah 100.")

    def validate_by_method(self, field):
        if field.data and not self.parts:
            raise ValidationError("Isi target tiap metode dulu.")


def split_form(campaign, columns) -> type[SplitForm]:
    """The split's form with this campaign's methods and this kabupaten's columns of weights."""
    form = promised(SplitForm, campaign.counted_methods)
    ways = [("sama", "sama untuk semua desa"), *((str(column.id), column.name) for column in columns)]
    if len(columns) > 1:
        ways.append(("campuran", "campuran dengan persen"))
    fields = {
        "weights": RadioField("Bobot tiap desa", choices=options(ways), default=ways[1][0] if columns else "sama")
    }
    for column in columns if len(columns) > 1 else ():
        fields[f"mix-{column.id}"] = PercentField(f"{column.name}, persen", validators=[MayBeEmpty()])
    return type("SplitForm", (form,), fields)


class UnlockForm(DeedForm):
    days = NumberField(
        "Buka selama berapa hari",
        default=1,
        validators=[InputRequired("Isi 1 sampai 30."), NumberRange(1, 30, "1 sampai 30.")],
    )
    why = TextField("Alasan", validators=[Needed("Tulis alasannya; ini dicatat."), Most(200)])
