"""What is taught and learned: the bank of questions, the test of a gathering and its results, what there is to read."""

from flask import flash, redirect, render_template, request, url_for

from campaign import actions, queries
from campaign.access import allowed
from campaign.actions.transaction import now
from campaign.forms.learning import LETTERS, MarkForm, MaterialForm, QuestionForm, ordered, quiz_form
from campaign.rules.attendance import HERE, IN_THE_HALL
from campaign.rules.gatherings import QuizPart
from campaign.rules.learning import MOST_QUESTIONS, blocks
from campaign.rules.refusals import NoSuch, QuizShut
from campaign.views.answers import done, me, refused, sent_key
from campaign.views.coming import bp as coming
from campaign.views.gatherings import bp

# ---- The bank ----


@bp.get("/soal")
@allowed("questions")
def questions():
    return _bank(QuestionForm(formdata=None))


def _bank(form):
    about = {"form": form, "bank": queries.question_bank(seen_by=me()), "letters": LETTERS}
    return render_template("gathering/questions.html", **about), 422 if form.errors else 200


@bp.post("/soal")
@allowed("questions")
def add_question():
    form = QuestionForm()
    if not form.validate():
        return _bank(form)
    kabupaten = queries.kabupaten(me().kabupaten_code)
    made = actions.add_question(kabupaten=kabupaten, by=me(), key=form.key.data, **form.answers)
    flash("Soal disimpan di bank soal.")
    return done(url_for(".questions"), row=made)


@bp.post("/soal/<uuid:question_id>/simpan-dulu")
@allowed("questions", scope="question")
def drop_question(question_id):
    actions.drop_question(queries.question(question_id, seen_by=me()), by=me(), key=sent_key())
    flash("Soal tidak dipakai lagi. Hasil tes yang sudah ada tetap ada.")
    return redirect(url_for(".questions"), 303)


@bp.post("/soal/<uuid:question_id>/pakai")
@allowed("questions", scope="question")
def take_up_question(question_id):
    actions.take_up_question(queries.question(question_id, seen_by=me()), by=me(), key=sent_key())
    return redirect(url_for(".questions"), 303)


# ---- The test of a gathering ----


@bp.get("/<uuid:gathering_id>/tes")
@allowed("gathering", scope="gathering")
def quiz(gathering_id):
    """What is asked and in which order, and which part is open just now."""
    gathering = queries.gathering(gathering_id, seen_by=me())
    bank = [row.question for row in queries.question_bank(seen_by=me())]
    asked = queries.quiz_of(gathering)
    others = [question for question in bank if question.is_used and question not in asked]
    about = {"gathering": gathering, "asked": asked, "others": others, "parts": list(QuizPart), "letters": LETTERS}
    return render_template("gathering/quiz.html", **about)


@bp.post("/<uuid:gathering_id>/tes")
@allowed("gathering", scope="gathering")
def choose_questions(gathering_id):
    """What is ticked, by the numbers beside it. Only what stands in the bank of her own office is asked."""
    gathering, key = queries.gathering(gathering_id, seen_by=me()), sent_key()
    bank = {str(row.question.id): row.question.id for row in queries.question_bank(seen_by=me())}
    chosen = [bank[id] for id in ordered("soal") if id in bank][:MOST_QUESTIONS]
    actions.choose_questions(gathering, question_ids=chosen, by=me(), key=key)
    flash(f"{len(chosen)} soal dipilih untuk pertemuan ini." if chosen else "Belum ada soal yang dipilih.")
    return redirect(url_for(".quiz", gathering_id=gathering_id), 303)


@bp.post("/<uuid:gathering_id>/tes/buka")
@allowed("gathering", scope="gathering")
def open_quiz(gathering_id):
    gathering, key = queries.gathering(gathering_id, seen_by=me()), sent_key()
    part = request.form.get("part")
    if part in set(QuizPart):
        actions.open_quiz(gathering, part=QuizPart(part), by=me(), key=key)
        flash(f"{'Pre' if part == QuizPart.PRE else 'Post'}-test dibuka. Peserta dapat mengisinya di HP.")
    else:
        actions.shut_quiz(gathering, by=me(), key=key)
        flash("Tes ditutup.")
    return redirect(url_for(".quiz", gathering_id=gathering_id), 303)


@bp.get("/<uuid:gathering_id>/hasil")
@allowed("gathering", scope="gathering")
def results(gathering_id):
    gathering = queries.gathering(gathering_id, seen_by=me())
    about = {"gathering": gathering, "results": queries.results(gathering), "kabupaten": gathering.kabupaten}
    return render_template("gathering/results.html", **about)


# ---- From paper ----


@bp.get("/<uuid:hall_id>/nilai")
@allowed("desk", scope="hall")
def marks(hall_id):
    """Who is in the hall, and how many she had right: for those who answered on paper."""
    gathering = queries.gathering_at_desk(hall_id, seen_by=me())
    present = queries.invitee_list(gathering, status=IN_THE_HALL)
    scored = {row.invitee.id: row for row in queries.results(gathering).people}
    return render_template("gathering/marks.html", gathering=gathering, present=present, scored=scored)


@bp.route("/undangan/<uuid:invitee_id>/nilai", methods=["GET", "POST"])
@allowed("desk", scope="invitee")
def mark(invitee_id):
    invitee = queries.invitee(invitee_id, seen_by=me())
    gathering = invitee.gathering
    part = gathering.open_quiz or QuizPart.PRE
    form = MarkForm(data={"part": part.value, "of": len(queries.quiz_of(gathering)) or None})
    if request.method == "POST":
        if form.validate():
            actions.enter_mark(invitee, by=me(), key=form.key.data, **form.answers)
            flash(f"Nilai {invitee.name} disimpan.")
            return done(url_for(".marks", hall_id=gathering.id))
        return refused("gathering/_mark_form.html", page="gathering/mark.html", form=form, invitee=invitee)
    return render_template("gathering/mark.html", form=form, invitee=invitee)


# ---- To read ----


@bp.route("/<uuid:gathering_id>/bahan", methods=["GET", "POST"])
@allowed("gathering", scope="gathering")
def materials(gathering_id):
    gathering = queries.gathering(gathering_id, seen_by=me())
    form = MaterialForm()
    if request.method == "POST" and form.validate():
        made = actions.add_material(gathering, by=me(), key=form.key.data, **form.answers)
        flash("Bahan disimpan. Peserta dapat membacanya di HP.")
        return done(url_for(".materials", gathering_id=gathering_id), row=made)
    about = {"gathering": gathering, "form": form, "materials": _readable(gathering)}
    return render_template("gathering/materials.html", **about), 422 if form.errors else 200


def _readable(gathering) -> list:
    return [(material, blocks(material.text)) for material in queries.material_list(gathering)]


@bp.route("/bahan/<uuid:material_id>", methods=["GET", "POST"])
@allowed("gathering", scope="material")
def material(material_id):
    material = queries.material(material_id, seen_by=me())
    form = MaterialForm(obj=material)
    if request.method == "POST" and form.validate():
        actions.change_material(material, by=me(), key=form.key.data, **form.answers)
        return done(url_for(".materials", gathering_id=material.gathering_id), row=material)
    about = {"material": material, "gathering": material.gathering, "form": form}
    return render_template("gathering/material.html", **about), 422 if form.errors else 200


@bp.post("/bahan/<uuid:material_id>/hapus")
@allowed("gathering", scope="material")
def drop_material(material_id):
    material = queries.material(material_id, seen_by=me())
    gathering_id = material.gathering_id
    actions.drop_material(material, by=me(), key=sent_key())
    return redirect(url_for(".materials", gathering_id=gathering_id), 303)


# ---- On her own phone ----


@coming.get("/pertemuan/<uuid:meeting_id>/tes")
@allowed("come", scope="meeting")
def my_quiz(meeting_id):
    """All questions on one page while a part is open; what was right once she may know it."""
    return _quiz(_invited(meeting_id))


def _invited(meeting_id):
    invitee = queries.my_invitation(queries.gathering_invited_to(meeting_id, seen_by=me()), me())
    if invitee is None:  # she was taken off the list in this moment
        raise NoSuch
    return invitee


def _quiz(invitee, form=None):
    gathering, own = invitee.gathering, queries.results_of(invitee)
    questions = queries.quiz_of(gathering)
    part = gathering.open_quiz
    may_answer = part is not None and part not in own and invitee.status in HERE and bool(questions)
    is_told = queries.may_see_answers(gathering, own, today=gathering.day_of(now()))
    about = {"gathering": gathering, "invitee": invitee, "questions": questions, "own": own, "part": part}
    about |= {"form": form or quiz_form(questions)(formdata=None, part=part), "is_told": is_told}
    about |= {"may_answer": may_answer, "is_here": invitee.status in HERE}
    return render_template("coming/quiz.html", **about), 422 if form else 200


@coming.post("/pertemuan/<uuid:meeting_id>/tes")
@allowed("come", scope="meeting")
def answer_quiz(meeting_id):
    invitee = _invited(meeting_id)
    form = quiz_form(queries.quiz_of(invitee.gathering))()
    if form.part.data not in set(QuizPart):
        raise QuizShut
    if not form.validate():
        return _quiz(invitee, form)
    part = QuizPart(form.part.data)
    actions.answer_quiz(invitee, part=part, chosen=form.chosen, by=me(), key=form.key.data)
    flash("Jawaban diterima. Terima kasih.")
    return done(url_for("coming.my_quiz", meeting_id=meeting_id))


@coming.get("/pertemuan/<uuid:meeting_id>/bahan")
@allowed("come", scope="meeting")
def read(meeting_id):
    gathering = queries.gathering_invited_to(meeting_id, seen_by=me())
    return render_template("coming/materials.html", gathering=gathering, materials=_readable(gathering))
