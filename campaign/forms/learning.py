"""Forms about what is taught: a question of the bank, which questions a gathering asks, answers, marks, something to read."""

from flask import request
from wtforms import HiddenField, RadioField, SelectField
from wtforms.validators import InputRequired, NumberRange, ValidationError

from campaign.forms.base import DeedForm, Most, Needed, NumberField, TextField, options
from campaign.forms.gatherings import LONG, LongField
from campaign.rules.gatherings import QuizPart
from campaign.rules.learning import FEWEST_CHOICES, MOST_CHOICES
from campaign.words import headed, label

LETTERS = "ABCDE"


class QuestionForm(DeedForm):
    """What is asked, what can be chosen, and which of it is right."""

    text = TextField("Pertanyaan", validators=[Needed("Tulis pertanyaannya."), Most(400)])
    choice_a = TextField("Pilihan A", validators=[Needed("Isi paling sedikit dua pilihan."), Most(200)])
    choice_b = TextField("Pilihan B", validators=[Needed("Isi paling sedikit dua pilihan."), Most(200)])
    choice_c = TextField("Pilihan C", validators=[Most(200)])
    choice_d = TextField("Pilihan D", validators=[Most(200)])
    choice_e = TextField("Pilihan E", validators=[Most(200)])
    right = RadioField(
        "Yang benar",
        choices=options((str(n), LETTERS[n]) for n in range(MOST_CHOICES)),
        validators=[Needed("Pilih jawaban yang benar.")],
    )

    @property
    def choice_fields(self) -> list:
        return [self[f"choice_{letter.lower()}"] for letter in LETTERS]

    def validate_right(self, field):
        told = [f.data or "" for f in self.choice_fields]
        filled = [choice for choice in told if choice]
        if told[: len(filled)] != filled:
            raise ValidationError("Isi pilihan berurutan, tanpa ada yang dilewati.")
        if len({choice.casefold() for choice in filled}) < len(filled):
            raise ValidationError("Dua pilihan isinya sama. Ubah salah satunya.")
        if len(filled) >= FEWEST_CHOICES and field.data and int(field.data) >= len(filled):
            raise ValidationError("Jawaban yang benar menunjuk pilihan yang kosong.")

    @property
    def answers(self) -> dict:
        choices = [field.data for field in self.choice_fields if field.data]
        return {"text": self.text.data, "choices": choices, "right": int(self.right.data)}


class QuizForm(DeedForm):
    """Answers to the questions of a gathering, each to be answered. `part` is the one the page was made for."""

    part = HiddenField()

    @property
    def chosen(self) -> dict[str, int]:
        return {name.removeprefix("q-"): int(field.data) for name, field in self._fields.items() if name[:2] == "q-"}


def quiz_form(questions) -> type[QuizForm]:
    """A form that asks these questions."""
    fields = {
        f"q-{question.id}": RadioField(
            f"{n}. {question.text}",
            choices=options((str(at), choice) for at, choice in enumerate(question.choices)),
            validators=[Needed(f"Soal nomor {n} belum dijawab.")],
        )
        for n, question in enumerate(questions, start=1)
    }
    return type("QuizForm", (QuizForm,), fields)


MOST_ASKED = 200
TOO_MANY = f"Paling banyak {MOST_ASKED}."


class MarkForm(DeedForm):
    """From somebody's paper: how many right of how many."""

    part = SelectField("Tes", choices=options((part.value, headed(label(part))) for part in QuizPart))
    right = NumberField(
        "Benar", validators=[InputRequired("Isi banyaknya yang benar."), NumberRange(0, MOST_ASKED, TOO_MANY)]
    )
    of = NumberField("Dari", validators=[InputRequired("Isi banyaknya soal."), NumberRange(1, MOST_ASKED, TOO_MANY)])

    def validate_right(self, field):
        if field.data is not None and self.of.data is not None and field.data > self.of.data:
            raise ValidationError("Yang benar tidak mungkin lebih banyak dari soalnya.")

    @property
    def answers(self) -> dict:
        return super().answers | {"part": QuizPart(self.part.data)}


class MaterialForm(DeedForm):
    """Something to read on the phone."""

    title = TextField("Judul", validators=[Needed("Isi judulnya."), Most(120)])
    text = LongField("Isi bahan", validators=[Needed("Tulis isinya."), Most(LONG)])


def ordered(name: str) -> list[str]:
    """What is ticked in a list whose rows have a place of their own: in the order of the numbers beside it."""

    def place(value: str) -> tuple[int, int]:
        typed = request.form.get(f"tempat-{value}", "").strip()
        is_number = typed.isascii() and typed.isdigit() and len(typed) < 4
        return (int(typed) if is_number else 999), ticked.index(value)

    ticked = list(dict.fromkeys(request.form.getlist(name)))
    return sorted(ticked, key=place)
