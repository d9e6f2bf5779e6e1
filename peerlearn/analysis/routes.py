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
from peerlearn.core.gates import requires, signed_in
from peerlearn.lessons import access as lessons
from peerlearn.quizzes.kinds.number import print_key

blueprint = Blueprint("analysis", __name__)
View = str | Response | tuple[str, int]

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
        **({"good": forms.ReasonForm("good"), "retiring": forms.ReasonForm("retire"), "typed": None} | context),
    )


@blueprint.post("/review/questions/<int:flag_id>/dismiss")
@signed_in
def dismiss(flag_id: int) -> View:
    """The key is right: ask the question again."""
    found = access.flag_to_decide(flag_id, current.person())
    form = forms.ReasonForm("good")
    try:
        deciding.dismiss(found, str(form.reason.data or ""), by=current.person())
    except NotValid as problem:
        form.blame(problem)
        return _flag_page(found, good=form), 422
    flash(_("The question is asked again. Thank you for looking."), "good")
    return _onwards(found)


@blueprint.post("/review/questions/<int:flag_id>/retire")
@signed_in
def retire(flag_id: int) -> View:
    """Ask the question no more."""
    found = access.flag_to_decide(flag_id, current.person())
    form = forms.ReasonForm("retire")
    try:
        deciding.retire(found, str(form.reason.data or ""), by=current.person())
    except NotValid as problem:
        form.blame(problem)
        return _flag_page(found, retiring=form), 422
    flash(_("The question is asked no more. What people answered stays as it was."), "good")
    return _onwards(found)


@blueprint.post("/review/questions/<int:flag_id>/correct")
@signed_in
def correct(flag_id: int) -> View:
    """Choose the right key; all stored answers are marked again."""
    found = access.flag_to_correct(flag_id, current.person())
    assert found.report is not None
    try:
        done = regrading.correct(found, keyform.corrected(found.report.question, request.form), by=current.person())
    except NotValid as problem:
        message = _(problem.message, **problem.values)
        return _flag_page(found, typed=request.form, problem=message), 422
    flash(_told(done.answers, done.gained, done.lost), "good")
    return _onwards(found)


def _told(answers: int, gained: int, lost: int) -> str:
    """What marking again changed, in a sentence or two."""
    said = [ngettext("%(num)d answer was marked again.", "%(num)d answers were marked again.", answers)]
    if gained:
        said.append(ngettext("%(num)d person passes after all.", "%(num)d people pass after all.", gained))
    if lost:
        said.append(ngettext("%(num)d person does not pass any more.", "%(num)d people do not pass any more.", lost))
    return " ".join([_("The key is corrected."), *said, _("Everybody who answered hears why.")])


def _onwards(found: Deciding) -> Response:
    """To what waits next: a curator's list, or the owner's questions."""
    if found.is_judge:
        return redirect(url_for("analysis.flagged"))
    return redirect(url_for("analysis.questions", lesson_id=found.lesson.id))
