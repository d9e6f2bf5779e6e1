"""The pages of requests: what is wanted, asking, and one request with everything to do about it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from peerlearn.accounts import current
from peerlearn.core import slots
from peerlearn.core.errors import NotValid
from peerlearn.core.gates import signed_in
from peerlearn.lessons import queries as lessons
from peerlearn.requests import access, actions, queries, rules
from peerlearn.requests.forms import AnswerForm, AskForm, CloseForm, Form, TakeForm
from peerlearn.requests.models import LessonRequest
from peerlearn.requests.rules import State

blueprint = Blueprint("requests", __name__)
View = str | Response | tuple[str, int]
slots.fill("what_to_write", "requests/wanted.html", lambda: queries.wanted_most(current.person().id))
slots.fill("nothing_found", "requests/ask_for_it.html", lambda words: {"words": words})
slots.fill("catalogue_actions", "requests/to_board.html", dict)


@blueprint.get("/requests")
@signed_in
def board() -> str:
    """What colleagues want to learn and nobody has written yet."""
    wanted = request.args.get("state", "")
    state = State(wanted) if wanted in set(State) else State.OPEN
    topic, after = request.args.get("topic", ""), request.args.get("after")
    return render_template(
        "requests/board.html",
        page=queries.board(current.person().id, state, topic, after),
        current=state,
        chosen=topic,
        topics=lessons.active_topics(),
        titles=rules.STATE_TITLES,
    )


@blueprint.route("/requests/new", methods=["GET", "POST"])
@signed_in
def new() -> View:
    """Ask for a lesson."""
    form, topics = AskForm(), lessons.active_topics()
    form.offer(topics)
    if request.method == "GET":
        form.title.data = request.args.get("title", "")[: rules.POLICY.title_maximum]
    if form.validate_on_submit():
        topic = next((topic for topic in topics if topic.id == form.topic.data), None)
        try:
            asked, is_new = actions.ask(
                title=form.title.data or "", why=form.why.data or "", topic=topic, by=current.person()
            )
        except NotValid as error:
            form.blame(error)
        else:
            if is_new:
                flash(_("Asked. Colleagues can say that they want it too, and you hear when it is there."), "good")
            else:
                flash(_("Somebody asked for this already. Your vote is added."), "good")
            return redirect(url_for("requests.show", request_id=asked.id))
    return render_template("requests/new.html", form=form, policy=rules.POLICY), 422 if form.errors else 200


@blueprint.get("/requests/<int:request_id>")
@signed_in
def show(request_id: int) -> str:
    """One request, and what I can do about it."""
    return _page(request_id)


def _page(request_id: int, bad: Form | None = None) -> str:
    person = current.person()
    shown = access.request_to_see(request_id, by=person)
    acts = access.acts_of(shown, person)
    forms: dict[str, Form] = {"answer": AnswerForm(), "close": CloseForm()}
    if "take" in acts:
        forms["take"] = take = TakeForm()
        take.offer(lessons.active_topics())
        take.topic.data = shown.request.topic_id
    if bad is not None:
        forms |= {name: bad for name, form in forms.items() if type(form) is type(bad)}
    return render_template(
        "requests/request.html",
        found=shown.request,
        acts=acts,
        is_own=shown.request.asker_id == person.id,
        forms=forms,
        policy=rules.POLICY,
        titles=rules.STATE_TITLES,
        is_lapsed="take" in acts and shown.request.state == State.TAKEN,
    )


def _back(found: LessonRequest) -> Response:
    return redirect(url_for("requests.show", request_id=found.id))


@blueprint.post("/requests/<int:request_id>/vote")
@signed_in
def vote(request_id: int) -> Response:
    """I want it too."""
    found = access.request_to("vote", request_id, by=current.person())
    actions.vote(found, by=current.person())
    return _back(found)


@blueprint.post("/requests/<int:request_id>/unvote")
@signed_in
def unvote(request_id: int) -> Response:
    """I want it no more."""
    found = access.request_to("unvote", request_id, by=current.person())
    actions.unvote(found, by=current.person())
    return _back(found)


@blueprint.post("/requests/<int:request_id>/take")
@signed_in
def take(request_id: int) -> View:
    """Write the lesson."""
    found = access.request_to("take", request_id, by=current.person())
    form, topics = TakeForm(), lessons.active_topics()
    form.offer(topics)
    topic = next((topic for topic in topics if topic.id == form.topic.data), None)
    if not form.validate_on_submit() or topic is None:
        return _page(request_id, form), 422
    lesson = actions.take(found, topic=topic, by=current.person())
    flash(_("It is yours. Whoever asked hears that you write it."), "good")
    return redirect(url_for("lessons.edit", lesson_id=lesson.id))


@blueprint.post("/requests/<int:request_id>/give-back")
@signed_in
def give_back(request_id: int) -> Response:
    """Let somebody else write it."""
    found = access.request_to("give_back", request_id, by=current.person())
    actions.give_back(found, by=current.person())
    flash(_("Thank you for saying so. Somebody else can take it now; your draft stays yours."), "good")
    return _back(found)


@blueprint.post("/requests/<int:request_id>/answer")
@signed_in
def answer(request_id: int) -> View:
    """There is a lesson already."""
    found = access.request_to("answer", request_id, by=current.person())
    form = AnswerForm()
    try:
        actions.answer(found, lessons.lesson_by_slug(form.slug), by=current.person())
    except NotValid as error:
        form.blame(error)
        return _page(request_id, form), 422
    flash(_("Everybody who wanted it hears of the lesson."), "good")
    return _back(found)


@blueprint.post("/requests/<int:request_id>/close")
@signed_in
def close(request_id: int) -> View:
    """End it without a lesson."""
    found = access.request_to("close", request_id, by=current.person())
    form = CloseForm()
    try:
        actions.close(found, form.reason.data or "", by=current.person())
    except NotValid as error:
        form.blame(error)
        return _page(request_id, form), 422
    flash(_("The request is closed."), "good")
    return _back(found)
