"""Where two changed the same lines of a draft: both versions side by side, and somebody chooses."""

from __future__ import annotations

from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from peerlearn.accounts import current
from peerlearn.core.errors import NotValid
from peerlearn.core.gates import signed_in
from peerlearn.core.merging import Merge, merge
from peerlearn.core.web import wants_json
from peerlearn.lessons import access, catching_up, forms, together
from peerlearn.lessons.actions import StaleDraft, clean_source
from peerlearn.lessons.blueprint import blueprint
from peerlearn.lessons.catching_up import Newer
from peerlearn.lessons.models import Lesson, Revision

View = str | Response | tuple[Any, int]


@blueprint.post("/write/<int:lesson_id>/merge")
@signed_in
def settle(lesson_id: int) -> View:
    """Choose what stays where two changed the same lines. Whatever was typed stays in the page until it is saved."""
    lesson, revision = access.revision_to_edit(lesson_id, by=current.person())
    form = forms.EditForm()
    newer = catching_up.newer_than(revision, lesson) if form.published.data else None
    if newer is not None and not together.has_moved_on(revision, form.text, form.base_version.data):
        return catch_up(lesson, revision, form, newer)
    try:
        merged = merge(clean_source(form.base_text or ""), clean_source(form.text), revision.source)
    except NotValid as error:
        return page(lesson, revision, "", form.text, message=_(error.message, **error.values)), 422
    choices = _choices(merged)
    was_seen = revision.version == form.base_version.data and together.are_choices(merged, choices)
    if merged.conflicts and not was_seen:
        return page(lesson, revision, form.base_text or "", form.text), 409
    together.settle(revision, merged, choices, seen_version=revision.version, by=current.person())
    flash(_("Saved. Both versions are one now."), "good")
    return redirect(url_for("lessons.edit", lesson_id=lesson.id, kept=form.kept))


def catch_up(lesson: Lesson, revision: Revision, form: forms.EditForm, newer: Newer) -> View:
    """Put what was typed together with what was published meanwhile; where both changed the same lines, ask."""
    try:
        typed = clean_source(form.text)
        merged = newer.merged_with(typed)
        choices = _choices(merged)
        was_asked = form.published.data == newer.revision_id and together.are_choices(merged, choices)
        if merged.conflicts and not was_asked:
            return page(lesson, revision, newer.base, form.text, newer=newer), 409
        seen = revision.version if typed == revision.source else form.base_version.data or 0
        together.catch_up(revision, newer, merged.settled(choices), seen_version=seen, by=current.person())
    except NotValid as error:
        return page(lesson, revision, "", form.text, message=_(error.message, **error.values)), 422
    values = {"parts": parts_told(newer.base, newer.source)}
    flash(_("Saved, and not handed in yet. What was published meanwhile is seen to: %(parts)s.", **values), "good")
    return redirect(url_for("lessons.edit", lesson_id=lesson.id, kept=form.kept))


def _choices(merged: Merge) -> list[str]:
    return [request.form.get(f"choice-{number}", "") for number in range(1, len(merged.conflicts) + 1)]


def conflict(lesson: Lesson, revision: Revision, form: forms.EditForm, stale: StaleDraft) -> View:
    """A script hears what the other text is; a person sees both."""
    if wants_json():
        answer = {"message": _(stale.message), "theirs": stale.theirs, "version": stale.version}
        return jsonify(answer | {"who": writer_of(lesson, revision.writer_id)}), 409
    return page(lesson, revision, form.base_text or "", form.text), 409


def page(
    lesson: Lesson, revision: Revision, base: str, typed: str, *, newer: Newer | None = None, message: str | None = None
) -> str:
    """Both versions, place by place: of the draft, or with `newer` of the draft and of what is published."""
    theirs = newer.source if newer else revision.source
    merged = merge(base.replace("\r\n", "\n"), typed.replace("\r\n", "\n"), theirs)
    return render_template(
        "lessons/merge.html",
        lesson=lesson,
        revision=revision,
        conflicts=merged.conflicts,
        base=base,
        typed=typed.replace("\0", ""),
        who=writer_of(lesson, revision.writer_id),
        published_id=newer.revision_id if newer else None,
        kept=forms.EditForm().kept or "",
        message=message,
    )


def writer_of(lesson: Lesson, person_id: int) -> str:
    """The name of the author who saved last; empty when it was this very person, in another tab."""
    if person_id == current.person().id:
        return ""
    return next((author.person.name for author in lesson.authors if author.person_id == person_id), "")


def told(lesson: Lesson, found: together.Incoming) -> str:
    """What came in, in one sentence: who changed which parts."""
    who = writer_of(lesson, found.writer_id)
    values = {"who": who, "parts": parts_told(found.before, found.after)}
    if not who:
        return _("What you changed in another tab is in it too: %(parts)s.", **values)
    return _("What %(who)s changed meanwhile is in it too: %(parts)s.", **values)


def parts_told(before: str, after: str) -> str:
    """The cards and questions that differ between two texts, as words."""
    return ", ".join(_part_name(part.sort, part.number) for part in together.parts_changed(before, after))


def _part_name(sort: str, number: int) -> str:
    if sort == "head":
        return _("the lines at the top")
    return _("question %(number)s", number=number) if sort == "question" else _("card %(number)s", number=number)
