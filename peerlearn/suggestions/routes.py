"""The pages of suggestions: choosing a place, writing other words, what waits, and one suggestion with its decision."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from peerlearn.accounts import current
from peerlearn.core import rewording, slots
from peerlearn.core.db import start_writing
from peerlearn.core.errors import NotValid, TooMany
from peerlearn.core.gates import signed_in, slow_first
from peerlearn.core.paging import key_from
from peerlearn.core.text import excerpt
from peerlearn.lessons import fileformat
from peerlearn.lessons.rules import State
from peerlearn.review import lapsing
from peerlearn.review.reporting import without_gaps
from peerlearn.suggestions import access, actions, fillings, patching, queries, rules
from peerlearn.suggestions.access import Suggestable
from peerlearn.suggestions.forms import DeclineForm, HandForm, SuggestForm
from peerlearn.suggestions.queries import Found
from peerlearn.suggestions.rules import CARD, Place

blueprint = Blueprint("suggestions", __name__)
View = str | Response | tuple[str, int] | tuple[str, int, dict[str, str]]
slots.fill("lesson_footer", "suggestions/slot_lesson.html", fillings.on_lesson)
slots.fill("lesson_history", "suggestions/slot_history.html", fillings.in_history)
lapsing.count_too(queries.decided_since)


@blueprint.get("/lessons/<slug>/suggest")
@signed_in
def choose(slug: str) -> str:
    """Choose the card or question that should say something else."""
    here = access.lesson_to_mend(slug, current.person())
    mine = queries.own_waiting(current.person().id, here.lesson.id)
    places = [(place, _name_of(here, place), str(place) in mine) for place in here.places()]
    hidden = len(here.file.questions) - len(here.known)
    return render_template("suggestions/choose.html", lesson=here.lesson, places=places, hidden=hidden)


def _name_of(here: Suggestable, place: Place) -> str:
    if place.sort == CARD:
        return _("Card %(number)s: %(title)s", number=place.key, title=here.file.cards[place.number - 1].title)
    number = next(n for n, one in enumerate(here.file.questions, start=1) if one.uid == place.key)
    words = excerpt(without_gaps(here.file.questions[number - 1].stem), 60)
    return _("Question %(number)s: %(words)s", number=number, words=words)


@blueprint.get("/lessons/<slug>/suggest/<place>")
@signed_in
def write(slug: str, place: str) -> str:
    """Write how a card or question should be."""
    here = access.lesson_to_mend(slug, current.person())
    where, text = here.text_at(place)
    mine = queries.own_waiting(current.person().id, here.lesson.id).get(str(where))
    form = SuggestForm(formdata=None)
    form.new.data, form.is_named.data = text, current.person().board_mode == "named"
    if mine is not None and mine.revision_id == here.lesson.published_id:
        form.new.data, form.why.data, form.is_named.data = mine.new, mine.why, mine.is_named
    return _write_page(here, where, form)


@blueprint.post("/lessons/<slug>/suggest/<place>")
@signed_in
@slow_first
def send(slug: str, place: str) -> View:
    """Send it to the authors and curators."""
    form = SuggestForm()
    here = access.lesson_to_mend(slug, current.person())
    where, _text = here.text_at(place)
    try:
        actions.check(here, where, form.words)
        start_writing()
        here = access.lesson_to_mend(slug, current.person())
        where, _text = here.text_at(place)
        made = actions.suggest(here, where, form.words, by=current.person())
    except NotValid as error:
        form.blame(error)
        return _write_page(access.lesson_to_mend(slug, current.person()), where, form), 422
    except TooMany as error:
        message = _(error.message, **error.values)
        page = _write_page(access.lesson_to_mend(slug, current.person()), where, form, message=message)
        return page, error.status, {"Retry-After": str(error.retry_after)}
    flash(_("Thank you. Its authors and curators see it now, and you hear what became of it."), "good")
    return redirect(url_for("suggestions.show", suggestion_id=made.id))


def _write_page(here: Suggestable, place: Place, form: SuggestForm, *, message: str = "") -> str:
    return render_template(
        "suggestions/write.html",
        lesson=here.lesson,
        place=place,
        name=_name_of(here, place),
        form=form,
        message=message,
        policy=rules.POLICY,
    )


@blueprint.get("/suggestions")
@signed_in
def board() -> str:
    """What waits for my decision, and what became of what I suggested."""
    me = current.person()
    return render_template(
        "suggestions/board.html",
        page=queries.waiting(me, key_from(request.args.get("after"))),
        mine=queries.made_by(me, key_from(request.args.get("before"))),
        titles=rules.STATE_TITLES,
    )


@blueprint.get("/suggestions/<int:suggestion_id>")
@signed_in
def show(suggestion_id: int) -> str:
    """One suggestion: what would change, word by word, and what I may do with it."""
    return _page(access.suggestion_to_see(suggestion_id, current.person()))


def _page(found: Found, hand: HandForm | None = None, decline: DeclineForm | None = None) -> str:
    suggestion = found.suggestion
    acts = frozenset(rules.acts(suggestion.state, found.visitor))
    place = actions.place_of(suggestion)
    fits, here = True, None
    if "accept" in acts:
        target = actions.target_of(found)
        base = suggestion.revision.source
        fits = patching.fit(base, target.source, place, suggestion.new) is not None
        here = patching.place_now(base, target.source, place)
        if here is not None and not fits and hand is None:
            hand = HandForm(formdata=None)
            hand.text.data = patching.text_at(fileformat.parse(target.source), here)
    return render_template(
        "suggestions/suggestion.html",
        found=suggestion,
        visitor=found.visitor,
        acts=acts,
        place=place,
        parts=rewording.shortened(rewording.reworded(suggestion.old, suggestion.new)),
        fits=fits,
        is_there=here is not None,
        hand=hand,
        decline=decline or DeclineForm(formdata=None),
        titles=rules.STATE_TITLES,
        policy=rules.POLICY,
    )


@blueprint.post("/suggestions/<int:suggestion_id>/accept")
@signed_in
@slow_first
def accept(suggestion_id: int) -> View:
    """Take it over, as it is or as I put it together by hand."""
    by_hand = request.form.get("text")
    try:
        prepared = actions.made_ready(access.suggestion_to("accept", suggestion_id, current.person()), by_hand)
        start_writing()
        found = access.suggestion_to("accept", suggestion_id, current.person())
        taken = actions.accept(found, by=current.person(), seen=_seen(), by_hand=by_hand, prepared=prepared)
    except actions.Changed as error:
        return _changed(suggestion_id, error, hand=None if by_hand is None else HandForm())
    except NotValid as error:
        form = HandForm()
        form.blame(error)
        return _page(access.suggestion_to_see(suggestion_id, current.person()), hand=form), 422
    if taken.revision is not None and taken.revision.state == State.PUBLISHED:
        flash(_("Taken over: readers see it now. Thank you for looking after this lesson."), "good")
    elif taken.is_submitted:
        flash(_("Taken over and handed in: a curator reads the new revision next."), "good")
    elif taken.revision is not None:
        flash(_("Taken over into your draft. It goes to review when you hand it in."), "good")
    else:
        flash(_("The text says so already. Whoever suggested it is thanked all the same."), "good")
    return redirect(url_for("suggestions.show", suggestion_id=suggestion_id))


@blueprint.post("/suggestions/<int:suggestion_id>/decline")
@signed_in
def decline(suggestion_id: int) -> View:
    """Leave the text as it is, and say why."""
    form = DeclineForm()
    found = access.suggestion_to("decline", suggestion_id, current.person())
    try:
        actions.decline(found, form.reason.data or "", by=current.person(), seen=_seen())
    except actions.Changed as error:
        return _changed(suggestion_id, error, decline=form)
    except NotValid as error:
        form.blame(error)
        return _page(found, decline=form), 422
    flash(_("Whoever suggested it reads your answer."), "good")
    return redirect(url_for("suggestions.board"))


def _seen() -> int:
    """How often the suggestion was saved when the page was made that this form stands on."""
    return request.form.get("saves", 0, type=int)


def _changed(suggestion_id: int, error: actions.Changed, **forms: Any) -> View:
    """The page as it is now, with what was typed."""
    flash(_(error.message), "warn")
    return _page(access.suggestion_to_see(suggestion_id, current.person()), **forms), 409


@blueprint.post("/suggestions/<int:suggestion_id>/withdraw")
@signed_in
def withdraw(suggestion_id: int) -> Response:
    """Take my own suggestion back."""
    found = access.suggestion_to("withdraw", suggestion_id, current.person())
    actions.withdraw(found, by=current.person())
    flash(_("Taken back."), "good")
    return redirect(url_for("suggestions.board"))
