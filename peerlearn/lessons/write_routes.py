"""The author's pages: my lessons, a new one, the editor and what its buttons do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Response, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from peerlearn.accounts import current
from peerlearn.core.db import start_writing
from peerlearn.core.errors import NotFound, NotValid
from peerlearn.core.gates import reads, signed_in, slow_first
from peerlearn.core.web import wants_json
from peerlearn.lessons import (
    access,
    actions,
    catching_up,
    fileformat,
    forms,
    linking,
    preview,
    queries,
    rules,
    surroundings,
    together,
    turning,
)
from peerlearn.lessons.actions import NotReady, StaleDraft
from peerlearn.lessons.blueprint import blueprint
from peerlearn.lessons.checking import Asked, NotChecked
from peerlearn.lessons.merge_routes import catch_up, conflict, parts_told, told
from peerlearn.lessons.models import Lesson, Revision
from peerlearn.lessons.preview import Sight
from peerlearn.quizzes.kinds.registry import KINDS

View = str | BaseResponse | tuple[Any, int]


@blueprint.get("/write/<int:lesson_id>")
@signed_in
def edit(lesson_id: int) -> str:
    """The editor; a lesson in review or published shows where it stands instead."""
    editing = access.lesson_to_edit(lesson_id, by=current.person())
    return editor(editing.lesson, editing.revision)


def editor(
    lesson: Lesson,
    revision: Revision | None,
    *,
    typed: str | None = None,
    form: forms.EditForm | None = None,
    sight: Sight | None = None,
    message: str | None = None,
    to_check: Sequence[Asked] = (),
) -> str:
    """The page in which a lesson is written, with what was typed last."""
    newer, seen_to = catching_up.newer_than(revision, lesson), catching_up.seen_to(revision)
    return render_template(
        "lessons/edit.html",
        lesson=lesson,
        revision=revision,
        text=revision.source if typed is None and revision else (typed or "").replace("\0", ""),
        base=(form.base_text if form else None) or (revision.source if revision else ""),
        base_version=form.base_version.data or 0 if form else revision.version if revision else 0,
        sight=sight,
        message=message,
        to_check=to_check,
        newer=newer,
        newer_parts=parts_told(newer.base, newer.source) if newer else "",
        seen_to=parts_told(*seen_to) if seen_to else "",
        checked=form.marks if form else (),
        editable=revision is not None and rules.is_editable(revision.state),
        classification=fileformat.parse(revision.source).front.classification if revision else lesson.classification,
        titles=rules.TITLES,
        steps=rules.STEPS,
        kinds=rules.KIND_TITLES,
        question_kinds=KINDS,
        picture_sizes=forms.SIZES,
        me=current.person(),
    )


@blueprint.post("/write/<int:lesson_id>/save")
@signed_in
def save(lesson_id: int) -> View:
    """Keep what was typed, together with what others saved meanwhile. A conflict shows both texts."""
    lesson, revision = access.revision_to_edit(lesson_id, by=current.person())
    form = forms.EditForm()
    try:
        found = _keep(revision, form)
    except StaleDraft as stale:
        return conflict(lesson, revision, form, stale)
    except NotValid as error:
        return _refused(lesson, revision, form, error)
    if wants_json():
        return jsonify(_answer(lesson, revision, found))
    flash(_("Saved.") if found is None else f"{_('Saved.')} {told(lesson, found)}", "good")
    return redirect(url_for("lessons.edit", lesson_id=lesson.id))


@blueprint.post("/write/<int:lesson_id>/preview")
@signed_in
@reads
def show(lesson_id: int) -> View:
    """What readers will see of the typed text, and what could be better. Stores nothing."""
    lesson, revision = access.revision_to_edit(lesson_id, by=current.person())
    form = forms.EditForm()
    try:
        source = actions.clean_source(form.text)
    except NotValid as error:
        return _refused(lesson, revision, form, error)
    file = fileformat.parse(source)
    sight = preview.look(source, surroundings.known_around(lesson.id, file))
    if wants_json():
        return jsonify(
            sight=render_template("lessons/sight.html", sight=sight),
            outline=render_template("lessons/outline.html", sight=sight),
            problems=render_template("lessons/problems.html", sight=sight),
            minutes=sight.minutes,
            words=sight.words,
            errors=sight.errors,
        )
    return editor(lesson, revision, typed=form.text, form=form, sight=sight)


@blueprint.post("/write/<int:lesson_id>/submit")
@signed_in
@slow_first
def submit(lesson_id: int) -> View:
    """Save what was typed and hand it in. All slow work is done before the database is asked to write."""
    lesson, revision = access.revision_to_edit(lesson_id, by=current.person())
    form = forms.EditForm()
    try:
        prepared = actions.prepare(lesson, form.text)
        start_writing()
        lesson, revision = access.revision_to_edit(lesson_id, by=current.person())
        if form.base_text is not None and together.has_moved_on(revision, prepared.given, form.base_version.data):
            return _came_in(lesson, revision, form)
        newer = catching_up.newer_than(revision, lesson)
        if newer is not None and not newer.is_in(prepared.given):
            return catch_up(lesson, revision, form, newer)
        base_version = form.base_version.data or 0
        actions.hand_in(revision, prepared, base_version=base_version, by=current.person(), checked=form.marks)
    except StaleDraft as stale:
        return conflict(lesson, revision, form, stale)
    except NotReady as error:
        return _not_ready(lesson, revision, form, error)
    except NotChecked as error:
        return _to_check(lesson, revision, form, error)
    except NotValid as error:
        return _refused(lesson, revision, form, error)
    if revision.state == rules.State.PUBLISHED:
        flash(_("Live at once: the change is small, and you are trusted in this topic."), "good")
        return redirect(url_for("authors.lessons"))
    flash(_("Handed in. A curator reads it next, and you will hear from them here."), "good")
    if lesson.published_id is not None and not revision.is_major and not turning.has_list(lesson.language):
        flash(
            _("In the language of this lesson we cannot tell small changes from large ones: a curator will look."),
            "info",
        )
    return redirect(url_for("authors.lessons", kept=form.kept))


@blueprint.post("/write/<int:lesson_id>/withdraw")
@signed_in
def withdraw(lesson_id: int) -> BaseResponse:
    """Take a lesson back out of review."""
    lesson, revision = access.revision_to_edit(lesson_id, by=current.person())
    actions.withdraw(revision, by=current.person())
    flash(_("Withdrawn. You can go on writing."), "good")
    return redirect(url_for("lessons.edit", lesson_id=lesson.id))


@blueprint.route("/write/<int:lesson_id>/discard", methods=["GET", "POST"])
@signed_in
def discard(lesson_id: int) -> View:
    """Set a draft aside, after asking."""
    lesson, revision = access.revision_to_edit(lesson_id, by=current.person())
    form = forms.StateForm()
    if form.validate_on_submit():
        actions.discard(revision, by=current.person())
        flash(_("Set aside. It stays in the history of the lesson."), "good")
        return redirect(url_for("authors.lessons"))
    return render_template("lessons/discard.html", lesson=lesson, revision=revision)


@blueprint.post("/write/<int:lesson_id>/revise")
@signed_in
def revise(lesson_id: int) -> BaseResponse:
    """Begin a new revision of a published lesson."""
    lesson = access.lesson_to_edit(lesson_id, by=current.person()).lesson
    actions.revise(lesson, by=current.person())
    return redirect(url_for("lessons.edit", lesson_id=lesson.id))


@blueprint.get("/write/links")
@signed_in
def links() -> Response:
    """Lessons to link to, for a script: what this person may find, and nothing else."""
    found = linking.linkable(request.args.get("q", "")[:200], current.person())
    return jsonify(
        lessons=[
            {"title": each.title, "address": url_for("learn.lesson", slug=each.slug), "note": each.topic.name}
            for each in found
        ]
    )


def _keep(revision: Revision, form: forms.EditForm) -> together.Incoming | None:
    base_version = form.base_version.data or 0
    return together.keep(revision, form.text, base=form.base_text, base_version=base_version, by=current.person())


def _answer(lesson: Lesson, revision: Revision, found: together.Incoming | None) -> dict[str, Any]:
    """What a script hears of a text that was kept; the whole text only when something came in."""
    answer: dict[str, Any] = {"version": revision.version}
    return answer if found is None else answer | {"text": revision.source, "told": told(lesson, found)}


def _came_in(lesson: Lesson, revision: Revision, form: forms.EditForm) -> View:
    """Nobody hands in what they have not seen: what came in meanwhile is put together and shown first."""
    found = _keep(revision, form)
    words = told(lesson, found) if found else ""
    flash(_("Not handed in yet. %(told)s Look at it, then submit it again.", told=words), "info")
    return redirect(url_for("lessons.edit", lesson_id=lesson.id, kept=form.kept))


def _refused(lesson: Lesson, revision: Revision, form: forms.EditForm, error: NotValid) -> View:
    """What was typed stays in the page, with why it cannot be kept."""
    message = _(error.message, **error.values)
    if wants_json():
        return jsonify(message=message), 422
    return editor(lesson, revision, typed=form.text, form=form, message=message), 422


def _not_ready(lesson: Lesson, revision: Revision, form: forms.EditForm, error: NotReady) -> View:
    sight = preview.sight_of(fileformat.parse(form.text), error.problems)
    page = editor(
        lesson,
        revision,
        typed=form.text,
        form=form,
        sight=sight,
        message=_(error.message),
    )
    return page, 422


def _to_check(lesson: Lesson, revision: Revision, form: forms.EditForm, error: NotChecked) -> View:
    """The questions to be checked, above the text as it was typed."""
    to_check = error.asked_of(fileformat.parse(form.text))
    return editor(lesson, revision, typed=form.text, form=form, message=_(error.message), to_check=to_check), 422


@blueprint.get("/write/<int:lesson_id>/file")
@signed_in
def export(lesson_id: int) -> Response:
    """The lesson as the file it is."""
    editing = access.lesson_to_edit(lesson_id, by=current.person())
    revision = editing.revision or queries.newest_revision(lesson_id)
    if revision is None:
        raise NotFound()
    response = Response(actions.export(revision), mimetype="text/markdown")
    response.headers["Content-Disposition"] = f'attachment; filename="{editing.lesson.slug}.md"'
    return response
