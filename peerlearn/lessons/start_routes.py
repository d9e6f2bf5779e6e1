"""Beginning a lesson: from a blank page, from notes, or from a lesson that is there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from peerlearn.accounts import current
from peerlearn.accounts.models import Person
from peerlearn.core import copied
from peerlearn.core.errors import NotValid
from peerlearn.core.gates import reads, signed_in
from peerlearn.lessons import access, actions, fileformat, forms, linking, preview, queries, starting
from peerlearn.lessons.blueprint import blueprint
from peerlearn.lessons.models import Lesson, Topic

View = str | Response | tuple[Any, int]


@blueprint.route("/write/new", methods=["GET", "POST"])
@signed_in
def start() -> View:
    """Begin a lesson: title, topic, kind."""
    form, topics = forms.StartForm(), queries.active_topics()
    form.offer(topics)
    if form.validate_on_submit():
        return _begun(form, topics, actions.start_lesson)
    return render_template("lessons/start.html", form=form, topics=topics), 422 if form.errors else 200


@blueprint.route("/write/new/notes", methods=["GET", "POST"])
@signed_in
def start_from_notes() -> View:
    """Begin a lesson from notes: the cards that they become are shown before anything is saved."""
    form, topics = forms.NotesForm(), queries.active_topics()
    form.offer(topics)
    sight = None
    if form.validate_on_submit():
        notes = str(form.notes.data)
        if "confirmed" in request.form:
            return _begun(form, topics, lambda **values: starting.from_notes(notes, **values))
        try:
            cards = starting.cards_of_notes(notes, title=str(form.title.data))
            sight = preview.sight_of(fileformat.LessonFile(cards=cards), ())
        except NotValid as error:
            form.notes.errors = [_(error.message, **error.values)]
    page = render_template("lessons/start_from_notes.html", form=form, topics=topics, sight=sight)
    return page, 422 if form.errors else 200


@blueprint.post("/write/new/notes/text")
@signed_in
@reads
def text_of_notes() -> Response:
    """What was copied from a page, as text: for a script that pastes it. Stores nothing."""
    return jsonify(text=copied.text_of_html(str(request.form.get("html", ""))))


@blueprint.get("/write/new/from")
@signed_in
def choose_origin() -> str:
    """Look for the lesson to begin from."""
    words = request.args.get("q", "")[:200]
    return render_template("lessons/choose_origin.html", words=words, lessons=linking.linkable(words, current.person()))


@blueprint.route("/write/new/from/<slug>", methods=["GET", "POST"])
@signed_in
def start_from_lesson(slug: str) -> View:
    """Begin a lesson with the cards of another one, which stays named."""
    origin, source, with_questions = access.lesson_to_build_on(slug, by=current.person())
    form = forms.StartForm(data={"title": origin.title, "topic": origin.topic_id, "kind": origin.kind})
    topics = queries.active_topics()
    form.offer(topics)
    if form.validate_on_submit():
        return _begun(
            form,
            topics,
            lambda **values: starting.from_lesson(origin, source, with_questions=with_questions, **values),
        )
    page = render_template(
        "lessons/start_from_lesson.html", form=form, topics=topics, origin=origin, with_questions=with_questions
    )
    return page, 422 if form.errors else 200


def _begun(form: forms.StartForm, topics: Any, begin: Callable[..., Lesson]) -> Response:
    """The editor with the lesson that was begun; a double click begins one."""
    me: Person = current.person()
    title = str(form.title.data)
    chosen: list[Topic] = [topic for topic in topics if topic.id == form.topic.data]
    lesson = queries.just_started(me.id, title) or begin(kind=form.kind.data, title=title, topics=chosen, by=me)
    return redirect(url_for("lessons.edit", lesson_id=lesson.id))
