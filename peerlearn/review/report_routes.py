"""Reports: a reader tells what is wrong, a curator answers, both see what became of it."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from peerlearn.accounts import current
from peerlearn.core import markdown
from peerlearn.core.db import start_writing
from peerlearn.core.errors import NotAllowed, NotValid
from peerlearn.core.gates import requires, signed_in, slow_first
from peerlearn.core.paging import key_from
from peerlearn.core.text import excerpt
from peerlearn.learn import access as learn
from peerlearn.lessons import queries as lessons
from peerlearn.lessons.models import Lesson
from peerlearn.quizzes import queries as quizzes
from peerlearn.review import access, queries, reporting, rules
from peerlearn.review.blueprint import blueprint
from peerlearn.review.forms import CARD, QUESTION, AnswerForm, ReportForm, blame, offered

View = str | Response | tuple[str, int]


@blueprint.get("/lessons/<slug>/report")
@signed_in
def report(slug: str) -> str:
    """Say that something in a lesson is wrong."""
    lesson, _where = learn.lesson_to_read(slug, current.person())
    form = ReportForm(formdata=None)
    form.place.data = request.args.get("place", "")[:40]
    return _report_page(lesson, form)


@blueprint.post("/lessons/<slug>/report")
@signed_in
@slow_first
def send_report(slug: str) -> View:
    """Send it to the curators of the topic."""
    form = ReportForm()
    try:
        problem = form.problem()
        start_writing()
        lesson, _where = learn.lesson_to_read(slug, current.person())
        reporting.report(lesson, problem, by=current.person())
    except NotValid as error:
        blame(form, error)
        lesson, _where = learn.lesson_to_read(slug, current.person())
        return _report_page(lesson, form), 422
    if lesson.state == "quarantined":
        flash(_("Thank you. It is hidden now, until a curator has looked. You hear what became of it."), "good")
        return redirect(url_for("review.my_reports"))
    flash(_("Thank you. A curator looks at it, and you hear what became of it."), "good")
    return redirect(url_for("learn.lesson", slug=slug))


def _report_page(lesson: Lesson, form: ReportForm) -> str:
    if any(author.person_id == current.person().id for author in lesson.authors):
        raise NotAllowed(reporting.OWN_LESSON)
    assert lesson.published is not None
    cards = [
        (f"{CARD}{card.number}", _("Card %(number)s: %(title)s", number=card.number, title=card.title))
        for card in lessons.cards_of(lesson.published)
    ]
    questions = [
        (f"{QUESTION}{one.question.uid}", _("Question %(number)s: %(words)s", number=one.position, words=_asked(one)))
        for one in quizzes.load_quiz(lesson.published.quiz_id)
    ]
    form.place.choices = offered([("", _("The lesson as a whole")), *cards, *questions])
    return render_template("review/report.html", lesson=lesson, form=form)


def _asked(one: quizzes.Stored) -> str:
    """The beginning of what a question asks, its gaps left open."""
    return excerpt(reporting.without_gaps(one.question.stem), 60)


@blueprint.get("/review/reports/mine")
@signed_in
def my_reports() -> str:
    """What I reported, and what became of it."""
    page = queries.reports_by(current.person(), key_from(request.args.get("after")))
    return render_template("review/my_reports.html", page=page, rules=rules, stored=markdown.stored)


@blueprint.get("/review/lessons/<int:lesson_id>/reports")
@signed_in
def lesson_reports(lesson_id: int) -> str:
    """What readers reported about my lesson."""
    lesson = access.own_lesson(lesson_id, current.person())
    page = queries.reports_on(lesson_id, key_from(request.args.get("after")))
    return render_template("review/lesson_reports.html", lesson=lesson, page=page, rules=rules, stored=markdown.stored)


@blueprint.get("/review/reports")
@requires("decide_reports")
def reports() -> str:
    """Reports on lessons of my topics that wait for an answer."""
    me = current.person()
    page = queries.reports(me, key_from(request.args.get("after")))
    return render_template("review/reports.html", page=page, me=me, rules=rules)


@blueprint.get("/review/reports/<int:report_id>")
@requires("decide_reports")
def report_to_answer(report_id: int) -> str:
    """One report, with the place it is about."""
    return _answer_page(report_id, AnswerForm())


@blueprint.post("/review/reports/<int:report_id>/uphold")
@requires("decide_reports")
def uphold(report_id: int) -> View:
    """Agree with a report."""
    form = AnswerForm()
    found = access.report_to_decide(report_id, current.person())
    try:
        rests = reporting.uphold(found, form.answer.data or "", by=current.person())
    except NotValid as problem:
        blame(form, problem)
        return _answer_page(report_id, form), 422
    flash(_("The reader hears that they were right."), "good")
    if rests:
        flash(_("The question rests now. Decide about its key under “Questions”."), "warn")
    return redirect(url_for("review.reports"))


@blueprint.post("/review/reports/<int:report_id>/decline")
@requires("decide_reports")
def decline_report(report_id: int) -> View:
    """See it differently, and say why."""
    form = AnswerForm()
    found = access.report_to_decide(report_id, current.person())
    try:
        reporting.decline(found, form.answer.data or "", by=current.person())
    except NotValid as problem:
        blame(form, problem)
        return _answer_page(report_id, form), 422
    flash(_("The reader sees your answer."), "good")
    return redirect(url_for("review.reports"))


def _answer_page(report_id: int, form: AnswerForm) -> str:
    me = current.person()
    found = access.report_to_read(report_id, me)
    row = found.report
    stored = quizzes.load_quiz(row.revision.quiz_id) if row.item_id else ()
    question = next((one for one in stored if one.item_id == row.item_id), None)
    cards = lessons.cards_of(row.revision)
    return render_template(
        "review/answer_report.html",
        report=row,
        refused=rules.report_refusal(had_a_hand=found.had_a_hand, is_reporter=row.reporter_id == me.id),
        card=cards[row.card - 1] if row.card and row.card <= len(cards) else None,
        question=question,
        form=form,
        rules=rules,
        stored=markdown.stored,
    )
