"""What is taught and learned: the bank, the test of a gathering, who had how many right, and what there is to read."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from campaign.extensions import db
from campaign.models import Gathering, Invitee, Material, Question, QuizQuestion, QuizResult
from campaign.queries import scope
from campaign.queries.gatherings import invitee_list
from campaign.rules.gatherings import QuizPart
from campaign.rules.learning import Asked, Learned, Mark, asked, learned


def question(question_id: UUID, *, seen_by) -> Question:
    """One of her office's bank. Raises NoSuch."""
    here = (Question.id == question_id, Question.kabupaten_code == seen_by.kabupaten_code)
    return scope.one(select(Question).where(*here))


@dataclass(frozen=True)
class Banked:
    """A question of the bank, and at how many gatherings it was chosen."""

    question: Question
    times: int


def question_bank(*, seen_by) -> list[Banked]:
    """All questions of her office, those in use first, the newest first."""
    times = select(func.count()).where(QuizQuestion.question_id == Question.id).correlate(Question).scalar_subquery()
    rows = select(Question, times).where(Question.kabupaten_code == seen_by.kabupaten_code)
    rows = rows.order_by(Question.is_used.desc(), Question.at.desc(), Question.id)
    return [Banked(*row) for row in db.session.execute(rows).all()]


def quiz_of(gathering: Gathering) -> list[Question]:
    """What is asked there, in its order."""
    rows = select(Question).join(QuizQuestion).where(QuizQuestion.gathering_id == gathering.id)
    return list(db.session.scalars(rows.order_by(QuizQuestion.place, Question.id)))


def material(material_id: UUID, *, seen_by) -> Material:
    """Something to read at a gathering she arranges. Raises NoSuch."""
    rows = select(Material).join(Gathering).where(Material.id == material_id, scope.gatherings_of(seen_by))
    return scope.one(rows.options(joinedload(Material.gathering)))


def material_list(gathering: Gathering) -> list[Material]:
    """What there is to read, the first written first."""
    rows = select(Material).where(Material.gathering_id == gathering.id)
    return list(db.session.scalars(rows.order_by(Material.at, Material.id)))


# ---- Results ----


def results_of(invitee: Invitee) -> dict[QuizPart, QuizResult]:
    """Her own, by part."""
    return {row.part: row for row in db.session.scalars(select(QuizResult).where(QuizResult.invitee_id == invitee.id))}


def may_see_answers(gathering: Gathering, own: dict[QuizPart, QuizResult], *, today: date) -> bool:
    """Which answers are right is told to who has sent the second part, and to all once it is over: not before it."""
    if QuizPart.POST in own:
        return True
    if gathering.open_quiz is not None:
        return False
    second = select(QuizResult.part).join(Invitee)
    second = second.where(Invitee.gathering_id == gathering.id, QuizResult.part == QuizPart.POST).limit(1)
    return gathering.on < today or db.session.scalar(second) is not None


@dataclass(frozen=True)
class Scored:
    """Somebody and her marks; none where she did not do that part."""

    invitee: Invitee
    pre: QuizResult | None
    post: QuizResult | None

    @property
    def change(self):
        """Points more or less than before, or None."""
        return _mark(self.post).points - _mark(self.pre).points if self.pre and self.post else None


@dataclass(frozen=True)
class Hard:
    """One question and how it was answered, before and after."""

    question: Question
    pre: Asked
    post: Asked

    @property
    def mistake(self) -> str | None:
        """The wrong choice most made: afterwards, or before where there is no afterwards."""
        index = (self.post if self.post.of else self.pre).mistake
        return self.question.choices[index] if index is not None else None


@dataclass(frozen=True)
class Results:
    people: list[Scored]
    questions: list[Hard]
    averages: Learned


def scored_list(gathering: Gathering) -> list[Scored]:
    """Everybody on the list by desa and name, with her marks."""
    marks = {}
    rows = select(QuizResult).join(Invitee).where(Invitee.gathering_id == gathering.id, Invitee.status.is_not(None))
    for row in db.session.scalars(rows):
        marks[row.invitee_id, row.part] = row
    return [Scored(who, *(marks.get((who.id, part)) for part in QuizPart)) for who in invitee_list(gathering)]


def results(gathering: Gathering) -> Results:
    """Per person by desa and name, per question, and the averages."""
    people = [row for row in scored_list(gathering) if row.pre or row.post]
    parts = [{row.invitee.id: mark for row in people if (mark := getattr(row, part.value))} for part in QuizPart]
    averages = learned(*({id: _mark(row) for id, row in part.items()} for part in parts))
    chosen = [[row.chosen for row in part.values()] for part in parts]
    questions = [Hard(q, *(asked(str(q.id), q.right, part) for part in chosen)) for q in quiz_of(gathering)]
    return Results(people, questions, averages)


def _mark(row: QuizResult) -> Mark:
    return Mark(row.right, row.of)
