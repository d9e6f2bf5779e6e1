"""The pages of whoever is asked for advice: the lesson and its quiz, four ratings, and what they would do."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from peerlearn.accounts import current
from peerlearn.core.errors import NotValid
from peerlearn.core.gates import signed_in
from peerlearn.core.paging import key_from
from peerlearn.lessons import queries as lessons
from peerlearn.quizzes import queries as quizzes
from peerlearn.review import access, advising, rules, training, trial
from peerlearn.review import advice as law
from peerlearn.review.blueprint import blueprint
from peerlearn.review.forms import AdviceForm, blame
from peerlearn.review.models import Assignment

View = str | Response | tuple[str, int]


@blueprint.get("/review/advice")
@signed_in
def advice() -> str:
    """What I was asked to advise on."""
    page = advising.all_asked_of(current.person().id, key_from(request.args.get("before")))
    return render_template("review/advice_list.html", page=page, rules=rules)


@blueprint.get("/review/advice/<int:review_id>")
@signed_in
def advise(review_id: int) -> str:
    """A lesson on which I was asked for advice."""
    return _page(review_id)


@blueprint.post("/review/advice/<int:review_id>")
@signed_in
def give_advice(review_id: int) -> View:
    """Advise, or change what I said."""
    form, me = AdviceForm(), current.person()
    asked = access.advice_to_give(review_id, me)
    try:
        advising.give(asked, form.given(), by=me)
    except NotValid as problem:
        blame(form, problem)
        return _page(review_id, form), 422
    flash(_("Thank you. A curator sees your advice and decides."), "good")
    return redirect(url_for("review.advise", review_id=review_id))


@blueprint.post("/review/advice/<int:review_id>/quiz")
@signed_in
def try_quiz(review_id: int) -> View:
    """Try the quiz and see the explanations; from then on this lesson brings me no points."""
    me = current.person()
    advising.check_answers(access.advice_to_give(review_id, me), by=me)
    return _page(review_id, answers=trial.typed(request.form))


@blueprint.post("/review/advice/<int:review_id>/decline")
@signed_in
def decline_advice(review_id: int) -> Response:
    """Say no."""
    me = current.person()
    advising.decline(access.advice_to_give(review_id, me), by=me)
    flash(_("Thank you for saying so. Somebody else is asked."), "good")
    return redirect(url_for("review.advice"))


def _page(review_id: int, form: AdviceForm | None = None, answers: Any = None) -> str:
    asked = access.advice_to_give(review_id, current.person())
    review = asked.review
    is_open = review.state == rules.State.OPEN
    stored = quizzes.load_quiz(review.revision.quiz_id) if is_open else []
    return render_template(
        "review/advice.html",
        asked=asked,
        eye=training.eye_of(current.person().id) if asked.is_shadow else None,
        review=review,
        form=form or AdviceForm(formdata=None, data=_said(asked)),
        is_open=is_open,
        cards=lessons.cards_of(review.revision) if is_open else [],
        extras=review.revision.extras,
        questions=trial.sit(stored, seed=f"advice:{review.id}", answers=answers),
        typed=answers,
        rules=rules,
        law=law,
    )


def _said(asked: Assignment) -> dict[str, Any]:
    """What somebody advised before, as the form shows it."""
    ratings = {name: str(value) for name, value in (asked.rubric or {}).items()}
    return ratings | {"advice": asked.advice, "text": asked.text}
