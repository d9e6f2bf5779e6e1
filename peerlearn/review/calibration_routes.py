"""Rating lessons that are decided already: for new curators, for whoever wants to look again, and to become one."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from peerlearn.accounts import current
from peerlearn.core.errors import NotValid
from peerlearn.core.gates import reads, signed_in
from peerlearn.lessons import fileformat, preparing, preview
from peerlearn.lessons import queries as lessons
from peerlearn.quizzes import queries as quizzes
from peerlearn.review import advice, calibrating, rules, shadowing, training, trial
from peerlearn.review.blueprint import blueprint
from peerlearn.review.calibrating import Known
from peerlearn.review.forms import CalibrationForm, blame

View = str | Response | tuple[str, int]


@blueprint.get("/review/calibration")
@signed_in
def calibration() -> str:
    """The lessons to rate, and how near I came."""
    me = current.person()
    desk = calibrating.desk_of(me)
    found = calibrating.known_to(me, desk)
    return render_template(
        "review/calibration.html",
        found=found,
        desk=desk,
        law=shadowing.POLICY,
        eye=training.eye_of(me.id),
        is_curator=me.may("curate"),
    )


@blueprint.get("/review/calibration/<int:review_id>")
@signed_in
def calibrate(review_id: int) -> str:
    """One of them."""
    return _page(review_id, CalibrationForm(formdata=None))


@blueprint.post("/review/calibration/<int:review_id>")
@signed_in
def rate_known(review_id: int) -> View:
    """Rate it, and see how it was rated."""
    form, me = CalibrationForm(), current.person()
    try:
        calibrating.rate(calibrating.known_by_id(review_id, me), form.rubric(), str(form.advice.data or ""), by=me)
    except NotValid as problem:
        blame(form, problem)
        return _page(review_id, form), 422
    return redirect(url_for("review.calibrate", review_id=review_id))


@blueprint.post("/review/calibration/<int:review_id>/quiz")
@signed_in
@reads
def try_known(review_id: int) -> str:
    """Try its quiz; nothing is stored."""
    return _page(review_id, CalibrationForm(formdata=None), trial.typed(request.form))


def _page(review_id: int, form: CalibrationForm, answers: Any = None) -> str:
    me = current.person()
    known = calibrating.known_by_id(review_id, me)
    final = known.review.rubric or {}
    return render_template(
        "review/calibrate.html",
        known=known,
        review=known.review,
        form=form,
        typed=answers,
        said=shadowing.word_on(known.advice, known.review.state) if known.advice else None,
        final=final,
        words=_words(known, final),
        decided=shadowing.DECIDED[known.review.state],
        advice_words=advice.ADVICE_WORDS,
        rules=rules,
        is_curator=me.may("curate"),
        **_text_of(known, answers),
    )


def _words(known: Known, final: dict[str, Any]) -> str | None:
    """What the ratings say; nothing about a ready eye to whoever would have decided otherwise."""
    if not (known.mine and final):
        return None
    words = calibrating.words_for(known.mine, final)
    differs = known.advice and not shadowing.agrees(known.advice, known.review.state)
    return None if differs and words == calibrating.WORDS["near"] else words


def _text_of(known: Known, answers: Any) -> dict[str, Any]:
    """A lesson as it was read: as it is published, or rendered from the text of then. Both look alike."""
    seed, revision = f"known:{known.review.id}", known.review.revision
    if known.text is None:
        stored = quizzes.load_quiz(revision.quiz_id)
        cards: Any = lessons.cards_of(revision)
        title, extras = revision.title, revision.extras
    else:
        file = fileformat.parse(known.text)
        stored, title = trial.of_text(file), file.front.title
        cards = [preview.seen_card(number, card) for number, card in enumerate(file.cards, start=1)]
        extras = preparing.extras_of(file)
    return {
        "title": title,
        "cards": cards,
        "extras": extras,
        "questions": trial.sit(stored, seed=seed, answers=answers),
    }
