"""Rating lessons that are decided already: for new curators, and for whoever wants to look again."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from peerlearn.accounts import current
from peerlearn.core.errors import NotValid
from peerlearn.core.gates import reads, requires
from peerlearn.lessons import queries as lessons
from peerlearn.quizzes import queries as quizzes
from peerlearn.review import calibrating, rules, trial
from peerlearn.review.blueprint import blueprint
from peerlearn.review.forms import RatingForm, blame

View = str | Response | tuple[str, int]


@blueprint.get("/review/calibration")
@requires("curate")
def calibration() -> str:
    """The lessons to rate, and how near I came."""
    found = calibrating.known_to(current.person())
    return render_template("review/calibration.html", found=found, law=calibrating)


@blueprint.get("/review/calibration/<int:review_id>")
@requires("curate")
def calibrate(review_id: int) -> str:
    """One of them."""
    return _page(review_id, RatingForm(formdata=None))


@blueprint.post("/review/calibration/<int:review_id>")
@requires("curate")
def rate_known(review_id: int) -> View:
    """Rate it, and see how it was rated."""
    form, me = RatingForm(), current.person()
    try:
        calibrating.rate(calibrating.known_by_id(review_id, me), form.rubric(), by=me)
    except NotValid as problem:
        blame(form, problem)
        return _page(review_id, form), 422
    return redirect(url_for("review.calibrate", review_id=review_id))


@blueprint.post("/review/calibration/<int:review_id>/quiz")
@requires("curate")
@reads
def try_known(review_id: int) -> str:
    """Try its quiz; nothing is stored."""
    return _page(review_id, RatingForm(formdata=None), trial.typed(request.form))


def _page(review_id: int, form: RatingForm, answers: Any = None) -> str:
    known = calibrating.known_by_id(review_id, current.person())
    revision = known.review.revision
    return render_template(
        "review/calibrate.html",
        known=known,
        review=known.review,
        form=form,
        cards=lessons.cards_of(revision),
        extras=revision.extras,
        questions=trial.sit(quizzes.load_quiz(revision.quiz_id), seed=f"known:{review_id}", answers=answers),
        typed=answers,
        words=calibrating.words_for(known.mine, known.review.rubric or {}) if known.mine else None,
        rules=rules,
    )
