"""The pages of practice: today's questions one by one, how the set went, and how one likes to practise."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from peerlearn.accounts import current
from peerlearn.accounts import queries as accounts
from peerlearn.core import clock
from peerlearn.core.errors import Conflict, NotValid
from peerlearn.core.gates import signed_in, slow_first
from peerlearn.practice import (
    access,
    actions,
    forms,
    held_routes,
    model_routes,
    numbers,
    offering,
    offline_routes,
    queries,
    rules,
)
from peerlearn.practice.blueprint import blueprint
from peerlearn.practice.models import SetQuestion
from peerlearn.practice.queries import Place, Sitting
from peerlearn.quizzes import rules as quizzes
from peerlearn.quizzes.answering import Answer
from peerlearn.quizzes.hinting import hints_of
from peerlearn.quizzes.kinds.registry import kind_of
from peerlearn.quizzes.models import ItemVersion
from peerlearn.quizzes.question import Question
from peerlearn.quizzes.rendered import once_more, renderers

View = str | Response | tuple[str, int]
MORE_PAGES = (held_routes, model_routes, offline_routes)


@blueprint.get("/practice")
@signed_in
def practice() -> str:
    """What is due today, and what else there is to do about remembering."""
    me = current.person()
    today = clock.today(me.timezone)
    start, policy = queries.start_of(me, today), numbers.policy()
    days = start.recent_workdays(today)
    standing = queries.standing(me.id, today, start.due_until(today), since=min(days, default=today))
    is_workday = start.calendar.is_workday(today)
    return render_template(
        "practice/practice.html",
        standing=standing,
        is_workday=is_workday,
        size=start.size,
        warns=is_workday and rules.adds_faster(standing.due, rules.mean_backlog(standing.waits, days), policy),
        offers_fresh_start=rules.offers_fresh_start(standing.due, standing.days_away(today), policy),
        can_begin=standing.due > 0 or start.open_id or offering.is_something_new(me, today, start.size),
        leeches=[_leech(row) for row in queries.leeches(me.id)] if standing.slipped else [],
    )


def _leech(row: Any) -> dict[str, Any]:
    return {"item_id": row.item_id, "slug": row.slug, "title": row.title, "card": row.body.get("card") or 1}


@blueprint.post("/practice/start")
@signed_in
def start() -> Response:
    """Draw today's questions, or go on with them; where there is nothing to ask, say so."""
    try:
        set_id = actions.start_set(by=current.person())
    except Conflict as nothing:
        flash(_(nothing.message), "note")
        return redirect(url_for("practice.practice"))
    return redirect(url_for("practice.question", set_id=set_id))


@blueprint.get("/practice/sets/<int:set_id>")
@signed_in
def question(set_id: int) -> View:
    """The question at hand, or how the one just answered went; before the first one is shown, the way to it."""
    sitting = access.set_of(set_id, current.person())
    asked = [row for row in sitting.questions if row.asked_at]
    shown = max(asked, key=lambda row: (row.asked_at, row.position), default=None)
    if shown is None:
        return redirect(_way_on(sitting))
    return _question_page(sitting, shown)


def _way_on(sitting: Sitting) -> str:
    set_id = sitting.daily_set.id
    waiting = next((row for row in sitting.questions if not row.answered_at), None)
    if waiting is None:
        return url_for("practice.result", set_id=set_id)
    return url_for("practice.one_question", set_id=set_id, position=waiting.position)


def _question_page(sitting: Sitting, asked: SetQuestion, message: str | None = None) -> str:
    value = Question.from_json(asked.version.body)
    kind, seed = kind_of(value), sitting.daily_set.seed
    block, line = renderers(asked.version)
    context: dict[str, Any] = {"presented": None, "explained": None, "stem": None, "returns": None}
    if asked.is_rapid:
        context["stem"] = _stem(asked.version)
    elif asked.answered_at and asked.answer:
        context["explained"] = kind.explain(value, Answer.from_json(asked.answer), seed, render=block, render_line=line)
        context["stem"] = _stem(asked.version)
        context["returns"] = _returns([place for place in sitting.places if place.question is asked])[asked.item_id]
    else:
        context["presented"] = kind.present(value, seed, render=block, render_line=line)
    return render_template(
        "practice/question.html",
        sitting=sitting,
        asked=asked,
        message=message,
        typed=request.form or None,
        hints=hints_of(value, asked.hints_seen, block),
        confidences=quizzes.CONFIDENCE_WORDS,
        marks=[_mark_word(row) for row in sitting.questions],
        comes_again=any(row.item_id == asked.item_id and not row.answered_at for row in sitting.questions),
        today=clock.today(current.person().timezone),
        **context,
    )


def _returns(places: Iterable[Place]) -> dict[int, date | None]:
    """The day on which each item is asked again, by item: days off are known, so it is the day that will be."""
    me = current.person()
    calendar = accounts.calendars_of({me.id}, clock.today(me.timezone))[me.id]
    found: dict[int, date | None] = {}
    for place in places:
        known = place.memory
        back = rules.asked_again(known.rank, known.due_on, calendar.next_workday) if known else None
        found[place.question.item_id] = back
    return found


def _stem(version: ItemVersion) -> Any:
    value = Question.from_json(version.body)
    block, line = renderers(version)
    return kind_of(value).present(value, 0, render=block, render_line=line).stem


def _mark_word(row: SetQuestion) -> str | None:
    """How a question went; of a hasty answer nothing is told, since its question is asked again."""
    if row.mark is None or row.is_rapid:
        return None
    return "good" if row.is_right else "part" if row.mark else "bad"


@blueprint.get("/practice/sets/<int:set_id>/<int:position>")
@signed_in
def one_question(set_id: int, position: int) -> View:
    """One question of a set, as a link in a mail leads to it; its clock starts when its answers are shown."""
    sitting = access.set_of(set_id, current.person())
    asked = access.asked_at(sitting, position)
    if asked.asked_at or asked.answered_at:
        return _question_page(sitting, asked)
    return render_template("practice/one_question.html", sitting=sitting, asked=asked, stem=_stem(asked.version))


@blueprint.post("/practice/sets/<int:set_id>/<int:position>/show")
@signed_in
def show_question(set_id: int, position: int) -> Response:
    """Show a question's answers: its clock starts now."""
    sitting = access.set_of(set_id, current.person())
    actions.ask_question(access.asked_at(sitting, position), by=current.person())
    return redirect(url_for("practice.one_question", set_id=set_id, position=position))


@blueprint.post("/practice/sets/<int:set_id>/<int:position>")
@signed_in
@slow_first
def answer(set_id: int, position: int) -> View:
    """Store my answer; only then say how it went."""
    sitting = access.set_of(set_id, current.person())
    asked = access.asked_at(sitting, position)
    given = forms.read_answer(sitting.daily_set, asked, request.form)
    try:
        done = actions.answer(sitting, position, given, request.form.get("confidence"), by=current.person())
    except NotValid as problem:
        return _question_page(sitting, asked, problem.message), 422
    if not done.stored:
        return _question_page(sitting, asked, once_more(done.grade))
    return redirect(url_for("practice.one_question", set_id=set_id, position=position))


@blueprint.post("/practice/sets/<int:set_id>/<int:position>/hint")
@signed_in
def open_hint(set_id: int, position: int) -> View:
    """Show me the next hint; what I typed stays as it is."""
    sitting = access.set_of(set_id, current.person())
    asked = access.asked_at(sitting, position)
    actions.open_hint(asked, request.form.get("hint", 0, type=int), by=current.person())
    if asked.asked_at is None:
        return redirect(url_for("practice.one_question", set_id=set_id, position=position))
    return _question_page(sitting, asked)


@blueprint.post("/practice/sets/<int:set_id>/next")
@signed_in
def next_question(set_id: int) -> Response:
    """Go on: the next question's clock starts now."""
    sitting = access.set_of(set_id, current.person())
    if actions.next_question(sitting, by=current.person()) is None:
        return redirect(url_for("practice.result", set_id=set_id))
    return redirect(url_for("practice.question", set_id=set_id))


@blueprint.get("/practice/sets/<int:set_id>/result")
@signed_in
def result(set_id: int) -> View:
    """How a set went, what it earned, and when each question comes back."""
    sitting = access.set_of(set_id, current.person())
    if not sitting.is_finished:
        return redirect(url_for("practice.question", set_id=set_id))
    last = {place.question.item_id: place for place in sitting.places}
    return render_template(
        "practice/result.html",
        sitting=sitting,
        rows=[(place.question, _stem(place.question.version)) for place in last.values()],
        returns=_returns(last.values()),
        right=sum(place.question.is_right and not place.question.is_rapid for place in last.values()),
        today=clock.today(current.person().timezone),
    )


@blueprint.post("/practice/afresh")
@signed_in
def begin_afresh() -> Response:
    """Spread what is overdue over the coming workdays."""
    count = actions.begin_afresh(by=current.person())
    words = ngettext("%(num)d question comes back bit by bit.", "%(num)d questions come back bit by bit.", count)
    flash(_("A fresh start: %(what)s", what=words), "good")
    return redirect(url_for("practice.practice"))


@blueprint.post("/practice/items/<int:item_id>/again")
@signed_in
def take_up_again(item_id: int) -> Response:
    """Ask me a question again whose card I have read once more."""
    actions.take_up_again(item_id, by=current.person())
    flash(_("The question comes back on your next workday."), "good")
    return redirect(url_for("practice.practice"))


@blueprint.route("/practice/settings", methods=["GET", "POST"])
@signed_in
def settings() -> View:
    """How many questions a day, and whether they come by mail."""
    me = current.person()
    form = forms.ChoiceForm.of(queries.choice_of(me))
    if form.validate_on_submit():  # type: ignore[no-untyped-call]
        actions.choose(size=form.size.data, by_mail=bool(form.by_mail.data), by=me)
        flash(_("Saved."), "good")
        return redirect(url_for("practice.practice"))
    return render_template("practice/settings.html", form=form), 422 if form.errors else 200
