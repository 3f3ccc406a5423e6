"""What is taught at a gathering: the bank of questions, a test before and after, and what there is to read."""

from uuid import UUID, uuid4

from sqlalchemy import delete, func, select

from campaign.actions.attending import refuse_over, touch
from campaign.actions.deeds import Claim, deed, dialect, upsert
from campaign.extensions import db
from campaign.models import Gathering, Invitee, Kabupaten, Material, Question, QuizQuestion, QuizResult
from campaign.rules.attendance import HERE, IN_THE_HALL
from campaign.rules.gatherings import QuizPart
from campaign.rules.learning import correct
from campaign.rules.refusals import NoSuch, NotHere, QuizAnswered, QuizBegun, QuizShut

RESULT = QuizResult.__table__

# ---- The bank ----


@deed("add_question")
def add_question(claim: Claim, *, kabupaten: Kabupaten, text: str, choices: list[str], right: int) -> Question:
    """A question for the bank; which choice is right is counted from 0."""
    made = Question(
        id=uuid4(), kabupaten_code=kabupaten.code, text=text, choices=choices, right=right, is_used=True, at=claim.at
    )
    db.session.add(made)
    db.session.flush()
    return made


@deed("drop_question")
def drop_question(claim: Claim, question: Question) -> None:
    """It is asked no more. Where it was asked already its results stay, so it is only put away; otherwise it goes."""
    asked = select(func.count()).select_from(QuizQuestion).where(QuizQuestion.question_id == question.id)
    if db.session.scalar(asked):
        question.is_used = False
    else:
        db.session.execute(delete(Question).where(Question.id == question.id))


@deed("take_up_question")
def take_up_question(claim: Claim, question: Question) -> Question:
    """It may be asked again."""
    question.is_used = True
    return question


# ---- The test of a gathering ----


@deed("choose_questions")
def choose_questions(claim: Claim, gathering: Gathering, *, question_ids: list[UUID]) -> Gathering:
    """These questions in this order, before and after. Raises QuizBegun once somebody has answered, GatheringOver, NoSuch."""
    refuse_over(gathering)
    touch(gathering)  # from here on nobody opens it
    is_open = db.session.scalar(select(Gathering.open_quiz).where(Gathering.id == gathering.id)) is not None
    if is_open or _answered(gathering):
        raise QuizBegun
    if len(question_ids) != db.session.scalar(select(func.count(Question.id)).where(Question.id.in_(question_ids))):
        raise NoSuch  # dropped by somebody since the list was shown
    db.session.execute(delete(QuizQuestion).where(QuizQuestion.gathering_id == gathering.id))
    db.session.add_all(
        QuizQuestion(gathering_id=gathering.id, question_id=id, place=place) for place, id in enumerate(question_ids)
    )
    return gathering


def _answered(gathering: Gathering) -> bool:
    """Whether somebody sent answers of her own; marks from paper bind nobody to a question."""
    rows = select(QuizResult.chosen).join(Invitee).where(Invitee.gathering_id == gathering.id)
    return any(db.session.scalars(rows))


@deed("open_quiz")
def open_quiz(claim: Claim, gathering: Gathering, *, part: QuizPart) -> Gathering:
    """From now on this part may be filled in, and the other no more. Raises QuizShut without a question, GatheringOver."""
    refuse_over(gathering)
    if not _right_of(gathering):
        raise QuizShut
    touch(gathering, open_quiz=part)
    return gathering


@deed("shut_quiz")
def shut_quiz(claim: Claim, gathering: Gathering) -> Gathering:
    """Nobody fills in anything any more."""
    touch(gathering, open_quiz=None)
    return gathering


def _right_of(gathering: Gathering) -> dict[str, int]:
    """The right choice of each of its questions."""
    asked = select(Question.id, Question.right).join(QuizQuestion).where(QuizQuestion.gathering_id == gathering.id)
    return {str(id): right for id, right in db.session.execute(asked)}


@deed("answer_quiz")
def answer_quiz(claim: Claim, invitee: Invitee, *, part: QuizPart, chosen: dict[str, int]) -> None:
    """What she chose on her phone, once per part. Raises NotHere unless she has signed in, QuizShut, QuizAnswered."""
    if invitee.status not in HERE:
        raise NotHere
    if db.session.scalar(select(Gathering.open_quiz).where(Gathering.id == invitee.gathering_id)) != part:
        raise QuizShut
    right = _right_of(invitee.gathering)
    _write(claim, invitee, part, {"right": correct(chosen, right), "of": len(right), "chosen": chosen})


@deed("enter_mark")
def enter_mark(claim: Claim, invitee: Invitee, *, part: QuizPart, right: int, of: int) -> None:
    """From her paper: so many right of so many. What an officer wrote may be written again; what she sent herself stays.

    Raises NotHere, QuizAnswered.
    """
    if invitee.status not in IN_THE_HALL:
        raise NotHere
    write_mark(claim, invitee, part, right, of)


def write_mark(claim: Claim, invitee: Invitee, part: QuizPart, right: int, of: int) -> None:
    """A mark from paper, inside an open deed. Raises QuizAnswered."""
    here = (QuizResult.invitee_id == invitee.id, QuizResult.part == part)
    if (chosen := db.session.scalar(select(QuizResult.chosen).where(*here))) is not None and not chosen:
        db.session.execute(delete(QuizResult).where(*here))
    _write(claim, invitee, part, {"right": right, "of": of, "chosen": {}})


def _write(claim: Claim, invitee: Invitee, part: QuizPart, told: dict) -> None:
    writing = upsert(RESULT, dialect()).values(invitee_id=invitee.id, part=part, at=claim.at, **told)
    once = writing.on_conflict_do_nothing(index_elements=["invitee_id", "part"]).returning(RESULT.c.invitee_id)
    if db.session.scalar(once) is None:
        raise QuizAnswered


# ---- To read ----


@deed("add_material")
def add_material(claim: Claim, gathering: Gathering, *, title: str, text: str) -> Material:
    """Something to read on the phone."""
    made = Material(id=uuid4(), gathering_id=gathering.id, title=title, text=text, at=claim.at)
    db.session.add(made)
    db.session.flush()
    return made


@deed("change_material")
def change_material(claim: Claim, material: Material, *, title: str, text: str) -> Material:
    """Its title or its text is another."""
    material.title, material.text, material.at = title, text, claim.at
    return material


@deed("drop_material")
def drop_material(claim: Claim, material: Material) -> None:
    """It is not to be read any more."""
    db.session.execute(delete(Material).where(Material.id == material.id))
