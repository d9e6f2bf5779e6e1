"""Taking a quiz: before it begins, question by question, handing in, the result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import format_time
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from peerlearn.accounts import current
from peerlearn.core import clock
from peerlearn.core.errors import NotValid
from peerlearn.core.gates import signed_in, slow_first
from peerlearn.learn import access, actions, finishing, forms, numbers, pool, rules
from peerlearn.learn.blueprint import blueprint
from peerlearn.learn.models import Asked, Attempt
from peerlearn.learn.queries import Sitting
from peerlearn.quizzes import rules as quizzes
from peerlearn.quizzes.answering import Answer, Unreadable
from peerlearn.quizzes.hinting import hints_of
from peerlearn.quizzes.kinds.registry import counts, kind_of
from peerlearn.quizzes.models import ItemVersion
from peerlearn.quizzes.numbers import policy as quiz_policy
from peerlearn.quizzes.question import Question
from peerlearn.quizzes.rendered import once_more, renderers

View = Response | str | tuple[str, int]
NEXT, OVERVIEW, HAND_IN = "next", "overview", "hand-in"  # where to go from a question of a check or an exam


@blueprint.get("/lessons/<slug>/quiz")
@signed_in
def quiz(slug: str) -> str | Response:
    """What a check or an exam is like, before its time begins."""
    me = current.person()
    found, where = access.lesson_to_learn(slug, me)
    assert found.published is not None
    terms = numbers.terms_of(found)
    turn = where.turn(terms, clock.now())
    if terms.mode == quizzes.Mode.LEARN or where.open or turn.ready_at or not turn.counts:
        return redirect(url_for("learn.lesson", slug=slug))
    questions = pool.asked_first(found.published.quiz_id or 0, terms.draw)
    return render_template(
        "learn/quiz.html",
        lesson=found,
        terms=terms,
        where=where,
        questions=questions,
        needed=quizzes.pass_mark(questions, terms.pass_percent),
        left=quizzes.attempts_left(terms.mode, [one.started_at for one in where.scored], clock.now(), terms.policy),
        minutes=round((terms.seconds(me.pace) or 0) / 60, 1),
        modes=quizzes.MODE_WORDS,
    )


@blueprint.post("/lessons/<slug>/quiz")
@signed_in
def start_quiz(slug: str) -> Response:
    """Begin the quiz, or go on with the open attempt."""
    found, where = access.lesson_to_learn(slug, current.person())
    attempt = actions.start_attempt(found, where, by=current.person())
    return redirect(url_for("learn.question", attempt_id=attempt.id))


@blueprint.get("/attempts/<int:attempt_id>")
@signed_in
def question(attempt_id: int) -> str | Response:
    """The question at hand, or how the one just answered went."""
    attempt = access.sitting_of(attempt_id, current.person()).attempt
    if elsewhere := _elsewhere(attempt):
        return elsewhere
    shown = _shown(attempt)
    if shown is None:
        return redirect(url_for("learn.result", attempt_id=attempt_id))
    typed = MultiDict(shown.typed) if shown.typed else None
    return _question_page(attempt, shown, typed=typed)


def _elsewhere(attempt: Attempt) -> str | Response | None:
    """Where an attempt is looked at that is no longer answered."""
    if attempt.state == "left":
        return redirect(url_for("learn.lesson", slug=attempt.lesson.slug))
    if attempt.mode == quizzes.Mode.LEARN:
        return None
    if attempt.state == "finished":
        return redirect(url_for("learn.result", attempt_id=attempt.id))
    if quizzes.is_over(attempt.due_at, clock.now()):
        return render_template("learn/over.html", attempt=attempt, answered=_answered(attempt))
    return None


def _shown(attempt: Attempt) -> Asked | None:
    """The question that was opened last: unanswered ones wait, answered ones show their explanation."""
    opened = [row for row in attempt.asked if row.asked_at]
    return max(opened, key=lambda row: (row.asked_at, row.position), default=None)


def _answered(attempt: Attempt) -> int:
    return sum(row.answered_at is not None for row in attempt.asked)


def _question_page(
    attempt: Attempt, asked: Asked, message: str | None = None, typed: Mapping[str, Any] | None = None
) -> str:
    value = Question.from_json(asked.version.body)
    kind = kind_of(value)
    block, line = renderers(asked.version)
    learns = attempt.mode == quizzes.Mode.LEARN
    context: dict[str, Any] = {"presented": None, "explained": None, "stem": None}
    if learns and asked.answered_at and asked.answer:
        answer = Answer.from_json(asked.answer)
        context["explained"] = kind.explain(value, answer, attempt.seed, render=block, render_line=line)
        context["stem"] = _question_line(asked.version)
    else:
        context["presented"] = kind.present(value, attempt.seed, render=block, render_line=line)
    return render_template(
        "learn/question.html" if learns else "learn/sheet.html",
        attempt=attempt,
        asked=asked,
        message=message,
        typed=typed,
        hints=hints_of(value, asked.hints_seen, block),
        confidences=quizzes.CONFIDENCE_WORDS if kind.counts else {},
        marks=[_mark_word(row) for row in attempt.asked] if learns else [],
        is_last=attempt.state == "finished",
        seconds_left=_seconds_left(attempt),
        **context,
    )


def _seconds_left(attempt: Attempt) -> int | None:
    return max(0, int((attempt.due_at - clock.now()).total_seconds())) if attempt.due_at else None


def _mark_word(row: Asked) -> str | None:
    if row.mark is None or not counts(row.version.kind):
        return None
    return "good" if row.is_right else "part" if row.mark else "bad"


@blueprint.post("/attempts/<int:attempt_id>/<int:position>")
@signed_in
@slow_first
def answer(attempt_id: int, position: int) -> View:
    """Store my answer; only then say how it went. In a check or an exam keep it, and go where I want to go."""
    sitting = access.sitting_of(attempt_id, current.person())
    asked = access.asked_at(sitting.attempt, position)
    if sitting.attempt.mode != quizzes.Mode.LEARN:
        return _keep(sitting, asked)
    given = forms.read_answer(sitting.attempt, asked, request.form)
    try:
        done = actions.answer(sitting, position, given, request.form.get("confidence"), by=current.person())
    except NotValid as problem:
        return _question_page(sitting.attempt, asked, problem.message, request.form), 422
    if not done.stored:
        return _question_page(sitting.attempt, asked, once_more(done.grade), request.form)
    return redirect(url_for("learn.question", attempt_id=attempt_id))


def _keep(sitting: Sitting, asked: Asked) -> View:
    to, me = request.form.get("to", NEXT), current.person()
    sheet = forms.read_sheet(sitting.attempt, asked, request.form)
    try:
        kept = actions.keep(sitting, asked.position, sheet, insist=to == NEXT, by=me)
    except NotValid as problem:
        return _question_page(sitting.attempt, asked, problem.message, request.form), 422
    if not kept:
        return _too_late(sitting.attempt)
    if to == HAND_IN:
        actions.hand_in(sitting, by=me)
        return redirect(url_for("learn.result", attempt_id=sitting.attempt.id))
    return _turn(sitting, _following(sitting.attempt, asked) if to == NEXT else to)


def _following(attempt: Attempt, asked: Asked) -> str:
    """The next question without an answer, looked for from here on and then from the beginning."""
    later = [row for row in attempt.asked if row.position > asked.position]
    waiting = next(filter(finishing.waits, later + list(attempt.asked)), None)
    return str(waiting.position) if waiting else OVERVIEW


def _turn(sitting: Sitting, to: str) -> Response:
    """Open the question that was asked for, or go to the overview."""
    attempt = sitting.attempt
    if not (to.isdecimal() and len(to) < 4):
        return redirect(url_for("learn.overview", attempt_id=attempt.id))
    if not actions.turn_to(sitting, int(to), by=current.person()):
        return _too_late(attempt)
    return redirect(url_for("learn.question", attempt_id=attempt.id))


def _too_late(attempt: Attempt) -> Response:
    assert attempt.due_at is not None
    ended = format_time(attempt.due_at, "short")
    flash(_("The time was over at %(time)s. What was kept until then is handed in.", time=ended), "warn")
    return redirect(url_for("learn.result", attempt_id=attempt.id))


@blueprint.post("/attempts/<int:attempt_id>/<int:position>/hint")
@signed_in
def open_hint(attempt_id: int, position: int) -> View:
    """Show me the next hint; what I typed stays as it is."""
    attempt = access.sitting_of(attempt_id, current.person()).attempt
    asked = access.asked_at(attempt, position)
    if elsewhere := _elsewhere(attempt):
        return elsewhere
    actions.open_hint(attempt, asked, request.form.get("hint", 0, type=int), by=current.person())
    return _question_page(attempt, asked, typed=request.form)


@blueprint.post("/attempts/<int:attempt_id>/<int:position>/rating")
@signed_in
def rate_own(attempt_id: int, position: int) -> Response:
    """Say how well my own answer matches the model answer, or leave that open, and go on."""
    attempt = access.sitting_of(attempt_id, current.person()).attempt
    asked = access.asked_at(attempt, position)
    said = forms.read_rating(asked, request.form)
    if not isinstance(said, Unreadable):
        actions.rate_own(attempt, asked, said, by=current.person())
    return _go_on(attempt)


@blueprint.post("/attempts/<int:attempt_id>/next")
@signed_in
def next_question(attempt_id: int) -> Response:
    """Go on: the next question's clock starts now. In a check or an exam: open the question I name."""
    sitting = access.sitting_of(attempt_id, current.person())
    if sitting.attempt.mode != quizzes.Mode.LEARN and sitting.attempt.state == "open":
        return _turn(sitting, request.form.get("to", OVERVIEW))
    return _go_on(sitting.attempt)


def _go_on(attempt: Attempt) -> Response:
    if attempt.state != "open" or actions.next_question(attempt, by=current.person()) is None:
        return redirect(url_for("learn.result", attempt_id=attempt.id))
    return redirect(url_for("learn.question", attempt_id=attempt.id))


@blueprint.get("/attempts/<int:attempt_id>/overview")
@signed_in
def overview(attempt_id: int) -> str | Response:
    """All questions of a check or an exam: which have an answer, and handing in."""
    attempt = access.sitting_of(attempt_id, current.person()).attempt
    if attempt.mode == quizzes.Mode.LEARN:
        return redirect(url_for("learn.question", attempt_id=attempt_id))
    if elsewhere := _elsewhere(attempt):
        return elsewhere
    return render_template(
        "learn/overview.html",
        attempt=attempt,
        rows=[(row, _question_line(row.version)) for row in attempt.asked],
        answered=_answered(attempt),
        seconds_left=_seconds_left(attempt),
    )


@blueprint.post("/attempts/<int:attempt_id>/hand-in")
@signed_in
def hand_in(attempt_id: int) -> Response:
    """Hand in a check or an exam; its result follows."""
    sitting = access.sitting_of(attempt_id, current.person())
    actions.hand_in(sitting, by=current.person())
    return redirect(url_for("learn.result", attempt_id=attempt_id))


@blueprint.get("/attempts/<int:attempt_id>/result")
@signed_in
def result(attempt_id: int) -> str | Response:
    """How the quiz went, what it earned and why, and what to do next."""
    sitting, where = access.outcome_of(attempt_id, current.person())
    attempt = sitting.attempt
    if attempt.state != "finished":
        return redirect(url_for("learn.question", attempt_id=attempt_id))
    terms = quizzes.Terms.of(attempt.revision.extras, quiz_policy())
    shows_keys = where.shows_keys_of(attempt)
    return render_template(
        "learn/result.html",
        attempt=attempt,
        rows=[(row, _question_line(row.version), _explained(attempt, row, shows_keys)) for row in attempt.asked],
        shows_keys=shows_keys,
        where=where,
        terms=terms,
        turn=where.turn(terms, clock.now()),
        reaction_words=rules.REACTIONS,
        is_author=sitting.is_author,
        confidences=quizzes.CONFIDENCE_WORDS,
        counts=counts,
    )


def _explained(attempt: Attempt, row: Asked, shows_keys: bool) -> Any:
    """What is right and why, once that may be seen."""
    if not shows_keys:
        return None
    value = Question.from_json(row.version.body)
    given = Answer.from_json(row.answer) if row.answer else Answer(value.kind, ())
    block, line = renderers(row.version)
    return kind_of(value).explain(value, given, attempt.seed, render=block, render_line=line)


def _question_line(version: ItemVersion) -> Any:
    question = Question.from_json(version.body)
    block, line = renderers(version)
    return kind_of(question).present(question, 0, render=block, render_line=line).stem
