"""Questions, tests on the phone and from paper, results, and what there is to read."""

import pytest

from campaign import actions, queries
from campaign.extensions import db
from campaign.models import Invitee, Material, Question, QuizQuestion, QuizResult
from campaign.rules.gatherings import QuizPart, SignedBy
from campaign.rules.refusals import NoSuch, NotHere, QuizAnswered, QuizBegun, QuizShut
from tests import builders
from tests.builders import key

WHAT = {
    "text": "Berapa peran IMP?",
    "choice_a": "empat",
    "choice_b": "enam",
    "choice_c": "",
    "choice_d": "",
    "choice_e": "",
}


@pytest.fixture
def made(cast):
    return builders.gathering(cast.bu_lilis)


@pytest.fixture
def asked(cast, made):
    """Two questions on the list of this gathering."""
    return builders.questions(made, by=cast.bu_lilis)


@pytest.fixture
def sari(cast, made):
    """Ibu Sari has signed in."""
    sari, _wati = builders.invited(made, cast.ibu_sari, cast.ibu_wati, by=cast.bu_lilis)
    return actions.come(sari, signed_by=SignedBy.DESK, by=cast.bu_lilis, key=key())


def opened(made, part, by):
    actions.open_quiz(made, part=QuizPart(part), by=by, key=key())


def answers(asked, *chosen):
    return {f"q-{question.id}": str(choice) for question, choice in zip(asked, chosen, strict=True)}


def marks(invitee):
    rows = db.session.scalars(db.select(QuizResult).filter_by(invitee_id=invitee.id))
    return {row.part.value: (row.right, row.of) for row in rows}


def test_a_question_is_written_and_what_is_wrong_with_it_is_told(browser, bu_lilis):
    office = browser(bu_lilis)
    office.get("/pertemuan/soal")
    assert "Belum ada soal" in office.words
    for wrong in (
        {"choice_b": ""},
        {"right": "4"},
        {"right": ""},
        {"choice_b": "Empat"},
        {"choice_d": "delapan"},
        {"text": ""},
    ):
        office.post("/pertemuan/soal", status=422, **WHAT | {"right": "1", "key": key()} | wrong)
    office.post("/pertemuan/soal", **WHAT, right="1", key=key())
    question = db.session.scalars(db.select(Question)).one()
    assert (question.choices, question.right) == (["empat", "enam"], 1)


def test_a_question_that_was_asked_is_put_away_and_one_that_was_not_goes(browser, bu_lilis, made, asked):
    office = browser(bu_lilis)
    actions.choose_questions(made, question_ids=[asked[0].id], by=bu_lilis, key=key())
    for question in asked:
        office.post(f"/pertemuan/soal/{question.id}/simpan-dulu", key=key())
    assert [row.is_used for row in db.session.scalars(db.select(Question))] == [False]
    office.post(f"/pertemuan/soal/{asked[0].id}/pakai", key=key())
    assert db.session.scalars(db.select(Question)).one().is_used


def test_a_question_that_is_gone_since_the_list_was_shown_is_not_asked(bu_lilis, made, asked):
    left, gone = asked[0].id, asked[1].id
    actions.choose_questions(made, question_ids=[left], by=bu_lilis, key=key())
    actions.drop_question(asked[1], by=bu_lilis, key=key())
    with pytest.raises(NoSuch):
        actions.choose_questions(made, question_ids=[gone], by=bu_lilis, key=key())
    assert [row.question_id for row in db.session.scalars(db.select(QuizQuestion))] == [left]


def test_questions_are_asked_in_the_order_of_their_numbers(browser, bu_lilis, made, asked):
    first, second = (str(question.id) for question in asked)
    told = {"soal": [first, second], f"tempat-{first}": "2", f"tempat-{second}": "1", "key": key()}
    browser(bu_lilis).post(f"/pertemuan/{made.id}/tes", **told)
    assert [str(question.id) for question in queries.quiz_of(made)] == [second, first]


def test_who_has_not_signed_in_does_not_answer(browser, cast, made, asked, sari):
    wati = browser(cast.ibu_wati)
    opened(made, "pre", cast.bu_lilis)
    wati.get(f"/hadir/pertemuan/{made.id}/tes")
    assert "belum tercatat hadir" in wati.words and "Kirim jawaban" not in wati.words
    wati.post(f"/hadir/pertemuan/{made.id}/tes", status=409, part="pre", key=key(), **answers(asked, 0, 0))
    assert db.session.scalars(db.select(QuizResult)).all() == []


def test_she_answers_each_part_once_and_learns_what_was_right_after_the_second(browser, cast, made, asked, sari):
    phone = browser(cast.ibu_sari)
    phone.get(f"/hadir/pertemuan/{made.id}/tes")
    assert "Tes sedang ditutup" in phone.words
    opened(made, "pre", cast.bu_lilis)
    phone.get(f"/hadir/pertemuan/{made.id}/tes")
    phone.post(f"/hadir/pertemuan/{made.id}/tes", status=422, part="pre", key=key(), **answers(asked[:1], 0))
    assert "Soal nomor 2 belum dijawab." in phone.words
    phone.post(f"/hadir/pertemuan/{made.id}/tes", part="pre", key=key(), **answers(asked, 0, 0))
    phone.get(f"/hadir/pertemuan/{made.id}/tes")
    assert "sudah diterima" in phone.words and "Yang benar" not in phone.words
    phone.post(f"/hadir/pertemuan/{made.id}/tes", status=409, part="pre", key=key(), **answers(asked, 1, 1))
    opened(made, "post", cast.bu_lilis)
    phone.post(f"/hadir/pertemuan/{made.id}/tes", status=409, part="pre", key=key(), **answers(asked, 1, 1))
    phone.post(f"/hadir/pertemuan/{made.id}/tes", part="post", key=key(), **answers(asked, 1, 1))
    phone.get(f"/hadir/pertemuan/{made.id}/tes")
    assert "Yang benar: enam" in phone.words and "2 benar dari 2" in phone.words
    assert marks(sari) == {"pre": (0, 2), "post": (2, 2)}


def test_an_answer_that_comes_twice_is_one(cast, made, asked, sari):
    opened(made, "pre", cast.bu_lilis)
    sent, chosen = key(), {str(asked[0].id): 1, str(asked[1].id): 0}
    for _ in range(2):
        actions.answer_quiz(sari, part=QuizPart.PRE, chosen=chosen, by=cast.ibu_sari, key=sent)
    assert marks(sari) == {"pre": (1, 2)}
    with pytest.raises(QuizAnswered):
        actions.answer_quiz(sari, part=QuizPart.PRE, chosen=chosen, by=cast.ibu_sari, key=key())


def test_the_questions_stand_once_somebody_answered(cast, made, asked, sari):
    opened(made, "pre", cast.bu_lilis)
    actions.answer_quiz(sari, part=QuizPart.PRE, chosen={str(asked[0].id): 1}, by=cast.ibu_sari, key=key())
    actions.shut_quiz(made, by=cast.bu_lilis, key=key())
    with pytest.raises(QuizBegun):
        actions.choose_questions(made, question_ids=[], by=cast.bu_lilis, key=key())


def test_what_is_cancelled_asks_nothing_more(cast, made, asked, sari):
    actions.come(sari, signed_by=SignedBy.DESK, by=cast.bu_lilis, key=key())
    actions.open_quiz(made, part=QuizPart.PRE, by=cast.bu_lilis, key=key())
    actions.cancel_gathering(made, why="Banjir", by=cast.bu_lilis, key=key())
    with pytest.raises(QuizShut):
        actions.answer_quiz(sari, part=QuizPart.PRE, chosen={}, by=cast.ibu_sari, key=key())


def test_without_questions_nothing_is_opened(cast, made):
    with pytest.raises(QuizShut):
        opened(made, "pre", cast.bu_lilis)


def test_from_paper_at_a_desk_and_mended_there_but_never_over_her_own(browser, cast, made, asked, sari):
    desk = browser(cast.pak_wawan)
    desk.get(f"/pertemuan/{made.id}/nilai")
    assert "Ibu Sari" in desk.words and "Ibu Wati" not in desk.words
    desk.post(f"/pertemuan/undangan/{sari.id}/nilai", status=422, part="pre", right="3", of="2", key=key())
    for right in ("1", "2"):
        desk.post(f"/pertemuan/undangan/{sari.id}/nilai", part="pre", right=right, of="2", key=key())
    assert marks(sari) == {"pre": (2, 2)}
    opened(made, "post", cast.bu_lilis)
    actions.answer_quiz(sari, part=QuizPart.POST, chosen={str(asked[0].id): 1}, by=cast.ibu_sari, key=key())
    desk.post(f"/pertemuan/undangan/{sari.id}/nilai", status=409, part="post", right="2", of="2", key=key())
    assert marks(sari)["post"] == (1, 2)
    wati = db.session.scalars(db.select(Invitee).filter_by(person_id=cast.ibu_wati.id)).one()
    with pytest.raises(NotHere):
        actions.enter_mark(wati, part=QuizPart.PRE, right=1, of=2, by=cast.pak_wawan, key=key())


def test_results_per_person_and_question_with_how_many_they_are_of(browser, cast, made, asked, sari):
    for part, chosen in (("pre", (0, 1)), ("post", (1, 1))):
        opened(made, part, cast.bu_lilis)
        told = dict(zip((str(question.id) for question in asked), chosen, strict=True))
        actions.answer_quiz(sari, part=QuizPart(part), chosen=told, by=cast.ibu_sari, key=key())
    office = browser(cast.bu_lilis)
    office.get(f"/pertemuan/{made.id}/hasil")
    assert "50 1 orang" in office.words and "100 1 orang" in office.words and "+50" in office.words
    assert "0 dari 1 (0 %)" in office.words and "hanya 1 orang" in office.words


def test_a_mark_of_a_stand_in_is_not_told_as_hers(browser, cast, made, asked, sari):
    (wati,) = builders.invited(made, cast.ibu_wati, by=cast.bu_lilis)
    actions.come(wati, signed_by=SignedBy.DESK, stands_in="Ibu Nia", by=cast.bu_lilis, key=key())
    actions.enter_mark(wati, part=QuizPart.PRE, right=1, of=2, by=cast.bu_lilis, key=key())
    office = browser(cast.bu_lilis)
    office.get(f"/pertemuan/{made.id}/hasil")
    assert "Ibu Wati diwakili Ibu Nia" in " ".join(office.words.split())


def test_something_to_read_is_text_and_nothing_else(browser, cast, made, sari):
    office, phone = browser(cast.bu_lilis), browser(cast.ibu_sari)
    text = "Enam peran:\r\n- Pengorganisasian\r\n- Pertemuan\r\n\r\n<script>alert(1)</script>\x00"
    office.post(f"/pertemuan/{made.id}/bahan", title="Enam peran", text=text, key=key())
    page = phone.get(f"/hadir/pertemuan/{made.id}/bahan").text
    assert "<li>Pengorganisasian</li>" in page and "<script>alert" not in page
    assert "<script>alert(1)</script>" in phone.words
    kept = db.session.scalars(db.select(Material)).one()
    office.post(f"/pertemuan/bahan/{kept.id}", title="Peran", text="satu", key=key())
    phone.get(f"/hadir/pertemuan/{made.id}/bahan")
    assert "Peran" in phone.words and "Pengorganisasian" not in phone.words
    office.post(f"/pertemuan/bahan/{kept.id}/hapus", key=key())
    phone.get(f"/hadir/pertemuan/{made.id}/bahan")
    assert "Belum ada bahan bacaan" in phone.words


def test_it_is_for_who_is_invited_and_the_bank_for_the_office(browser, cast, made, asked):
    browser(cast.ibu_sari).get(f"/hadir/pertemuan/{made.id}/tes", status=404)
    browser(cast.ibu_sari).get(f"/hadir/pertemuan/{made.id}/bahan", status=404)
    browser(cast.pak_wawan).get("/pertemuan/soal", status=403)
    browser(cast.orang_karawang).post(f"/pertemuan/soal/{asked[0].id}/simpan-dulu", status=404, key=key())
