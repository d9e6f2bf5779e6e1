"""Questions of a lesson for its authors, flagged questions for curators, and decisions about them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from peerlearn.accounts import current
from peerlearn.analysis import access, deciding, fillings, forms, keyform, queries, regrading, rules, words
from peerlearn.analysis.access import Deciding
from peerlearn.core import slots
from peerlearn.core.errors import NotValid
from peerlearn.core.gates import reads, requires, signed_in
from peerlearn.learn.corrections import Remarked
from peerlearn.learn.remarking import Ruling
from peerlearn.lessons import access as lessons
from peerlearn.quizzes.answering import Answer
from peerlearn.quizzes.kinds.number import print_key
from peerlearn.quizzes.kinds.registry import kind_of
from peerlearn.quizzes.question import Question

blueprint = Blueprint("analysis", __name__)
View = str | Response | tuple[str, int]

DEEDS = ("correct", "follow_new_key", "full_marks", "leave_out")  # what can be foreseen before it is decided

slots.fill("lesson_result", "analysis/slot_result.html", fillings.marked_again)
slots.fill("lesson_footer", "analysis/slot_lesson.html", fillings.link)


@blueprint.get("/write/<int:lesson_id>/questions")
@signed_in
def questions(lesson_id: int) -> str:
    """How each question of a lesson works, and what to do where one does not."""
    return _lesson_page("analysis/questions.html", lesson_id)


@blueprint.get("/write/<int:lesson_id>/misconceptions")
@signed_in
def misconceptions(lesson_id: int) -> str:
    """What people believe who are wrong and sure of it."""
    return _lesson_page("analysis/misconceptions.html", lesson_id)


def _lesson_page(template: str, lesson_id: int) -> str:
    me = current.person()
    lesson = access.lesson_to_look_at(lesson_id, me)
    reports = queries.reports_of(lesson)
    sure = [(report, line) for report in reports if report.is_shown for line in report.misconceptions]
    return render_template(
        template,
        lesson=lesson,
        reports=reports,
        misconceptions=sorted(sure, key=lambda pair: (-pair[1].certain, -pair[1].sure)),
        is_author=lessons.is_author(lesson, me),
        rules=rules,
        words=words,
    )


@blueprint.get("/review/questions")
@requires("curate")
def flagged() -> str:
    """Questions of my topics that may be bad."""
    after = request.args.get("after")
    page = queries.flagged(current.person(), after)
    return render_template("analysis/flagged.html", page=page, is_first_page=not after, rules=rules)


@blueprint.get("/review/questions/<int:flag_id>")
@signed_in
def flag(flag_id: int) -> str:
    """One flagged question: what answers say, and what can be decided."""
    return _flag_page(access.flag_to_read(flag_id, current.person()))


def _flag_page(found: Deciding, **context: Any) -> str:
    me = current.person()
    given = {name: forms.ReasonForm(name) for name in ("good", "retire", "full", "out")}
    return render_template(
        "analysis/flag.html",
        found=found,
        lesson=found.lesson,
        report=found.report,
        may_decide=found.is_open and (found.is_judge or found.lesson.owner_id == me.id),
        may_correct=found.is_open and found.may_correct,
        rules=rules,
        words=words,
        parts=list(keyform.parts_of(found.report.question)) if found.report else [],
        key_text=print_key(found.report.question.number) if found.report and found.report.question.number else "",
        **({"forms": given, "typed": None, "kept": None} | context),
    )


def _refused(found: Deciding, prefix: str, problem: NotValid) -> View:
    """The page again, with what is wrong with a reason."""
    form = forms.ReasonForm(prefix)
    form.blame(problem)
    given = {name: forms.ReasonForm(name) for name in ("good", "retire", "full", "out")} | {prefix: form}
    return _flag_page(found, forms=given, kept=request.form), 422


@blueprint.post("/review/questions/<int:flag_id>/dismiss")
@signed_in
def dismiss(flag_id: int) -> View:
    """The key is right, or was at its time: ask the question again, and leave all marks."""
    found = access.flag_to_decide(flag_id, current.person())
    form = forms.ReasonForm("good")
    try:
        deciding.dismiss(found, str(form.reason.data or ""), by=current.person())
    except NotValid as problem:
        return _refused(found, "good", problem)
    stays = _("All marks stay as they are. Thank you for looking.")
    flash(stays if found.is_rekeyed else _("The question is asked again. Thank you for looking."), "good")
    return _onwards(found)


@blueprint.post("/review/questions/<int:flag_id>/retire")
@signed_in
def retire(flag_id: int) -> View:
    """Ask the question no more, because it is not wanted; nothing is marked again."""
    found = access.flag_to_decide(flag_id, current.person())
    form = forms.ReasonForm("retire")
    try:
        deciding.retire(found, str(form.reason.data or ""), by=current.person())
    except NotValid as problem:
        return _refused(found, "retire", problem)
    flash(_("The question is asked no more. What people answered stays as it was."), "good")
    return _onwards(found)


@blueprint.post("/review/questions/<int:flag_id>/foresee")
@signed_in
@reads
def foresee(flag_id: int) -> View:
    """Whom a decision would touch, before it is made; the form goes on to the decision."""
    found = access.flag_to_correct(flag_id, current.person())
    form = forms.PREFIXES.get(deed := str(request.form.get("deed", "")), "")
    ruling = {"full_marks": Ruling.FULL, "leave_out": Ruling.LEFT_OUT}.get(deed, Ruling.KEY)
    question = None
    try:
        if deed == "correct":
            question = keyform.corrected(_question(found), request.form)
        if form:
            deciding.checked_reason(str(forms.ReasonForm(form).reason.data or ""))
        done = regrading.foreseen(found, ruling, question)
    except NotValid as problem:
        return _refused(found, form, problem) if form else _wrong_key(found, problem)
    kept = [(name, value) for name, value in request.form.items(multi=True) if name not in ("csrf_token", "deed")]
    return render_template(
        "analysis/foreseen.html",
        found=found,
        lesson=found.lesson,
        done=done,
        deed=deed if deed in DEEDS else "correct",
        retires="retire" in request.form,
        right=_right(question or _question(found)),
        kept=kept,
    )


def _question(found: Deciding) -> Question:
    assert found.report is not None
    return found.report.question


def _right(question: Question) -> Any:
    """What is right, in words."""
    return kind_of(question).explain(question, Answer(question.kind, ()), 0).correct


def _wrong_key(found: Deciding, problem: NotValid) -> View:
    """The page again, with what is wrong with a key."""
    return _flag_page(found, typed=request.form, problem=_(problem.message, **problem.values)), 422


@blueprint.post("/review/questions/<int:flag_id>/correct")
@signed_in
def correct(flag_id: int) -> View:
    """Choose the right key; all stored answers are marked again."""
    found = access.flag_to_correct(flag_id, current.person())
    try:
        done = regrading.correct(found, keyform.corrected(_question(found), request.form), by=current.person())
    except NotValid as problem:
        return _wrong_key(found, problem)
    return _done(found, _("The key is corrected."), done)


@blueprint.post("/review/questions/<int:flag_id>/follow-new-key")
@signed_in
def follow_new_key(flag_id: int) -> View:
    """The old key was wrong: answers from before the new revision are marked by the key of now."""
    found = access.flag_to_correct(flag_id, current.person())
    return _done(found, _("The old key is corrected."), regrading.follow_new_key(found, by=current.person()))


@blueprint.post("/review/questions/<int:flag_id>/full-marks")
@signed_in
def full_marks(flag_id: int) -> View:
    """Everybody who answered gets full marks."""
    found = access.flag_to_correct(flag_id, current.person())
    form = forms.ReasonForm("full")
    try:
        reason, retires = str(form.reason.data or ""), "retire" in request.form
        done = regrading.give_full_marks(found, reason, retire=retires, by=current.person())
    except NotValid as problem:
        return _refused(found, "full", problem)
    return _done(found, _("Everybody has full marks."), done)


@blueprint.post("/review/questions/<int:flag_id>/leave-out")
@signed_in
def leave_out(flag_id: int) -> View:
    """The question is faulty: it is asked no more, and results leave it out."""
    found = access.flag_to_correct(flag_id, current.person())
    form = forms.ReasonForm("out")
    try:
        done = regrading.leave_out(found, str(form.reason.data or ""), by=current.person())
    except NotValid as problem:
        return _refused(found, "out", problem)
    left = ngettext("%(num)d result leaves it out.", "%(num)d results leave it out.", done.answers)
    return _done(found, _("The question is asked no more and counts for nothing."), done, left)


def _done(found: Deciding, what: str, done: Remarked, touched: str = "") -> Response:
    """Say what marking again changed, in a sentence or two, and go on; `touched` says otherwise how many answers."""
    said = [
        touched or ngettext("%(num)d answer was marked again.", "%(num)d answers were marked again.", done.answers),
        ngettext("%(num)d person passes after all.", "%(num)d people pass after all.", done.gained),
        ngettext("%(num)d person does not pass any more.", "%(num)d people do not pass any more.", done.lost),
    ]
    counted = [words for words, count in zip(said, (1, done.gained, done.lost), strict=True) if count]
    flash(" ".join([what, *counted, _("Everybody who answered hears why.")]), "good")
    return _onwards(found)


def _onwards(found: Deciding) -> Response:
    """To what waits next: a curator's list, or the owner's questions."""
    if found.is_judge:
        return redirect(url_for("analysis.flagged"))
    return redirect(url_for("analysis.questions", lesson_id=found.lesson.id))
