"""The history of a lesson: its revisions, what changed between two of them, and bringing one back."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from peerlearn.accounts import current
from peerlearn.core import rewording
from peerlearn.core.gates import signed_in
from peerlearn.core.paging import key_from
from peerlearn.lessons import access, actions, comparing, queries, rules
from peerlearn.lessons.blueprint import blueprint
from peerlearn.lessons.chronicle import chapter_of


@blueprint.get("/write/<int:lesson_id>/history")
@signed_in
def history(lesson_id: int) -> str:
    """The revisions, and the difference between the two that were chosen (the last two at first)."""
    seen = access.lesson_to_follow(lesson_id, by=current.person())
    before = key_from(request.args.get("before"))
    chosen = (key_from(request.args.get("from")), key_from(request.args.get("to")))
    found = chapter_of(lesson_id, seen.states, chosen, before)
    old, new = found.old, found.new
    sources = queries.sources_of([revision.id for revision in (old, new) if revision])
    return render_template(
        "lessons/history.html",
        lesson=seen.lesson,
        is_author=seen.is_author,
        found=found,
        before=before,
        old=old,
        new=new,
        changes=comparing.compare(sources[old.id], sources[new.id]) if old and new and old is not new else None,
        shortened=rewording.shortened,
        titles=rules.STATE_TITLES,
    )


@blueprint.post("/write/<int:lesson_id>/history/<int:revision_id>/restore")
@signed_in
def restore(lesson_id: int, revision_id: int) -> Response:
    """Bring an earlier text back as a new draft."""
    _lesson, revision = access.revision_to_restore(lesson_id, revision_id, by=current.person())
    actions.restore(revision, by=current.person())
    flash(_("Brought back as a new draft. What was open before stays in the history."), "good")
    return redirect(url_for("lessons.edit", lesson_id=lesson_id))
