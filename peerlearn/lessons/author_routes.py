"""Who writes a lesson, and how its credit is split."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from peerlearn.accounts import current
from peerlearn.core.errors import NotValid
from peerlearn.core.gates import signed_in
from peerlearn.lessons import access, contributing, forms, rules
from peerlearn.lessons.access import Editing
from peerlearn.lessons.blueprint import blueprint
from peerlearn.lessons.models import Lesson

View = str | Response | tuple[Any, int]


@blueprint.route("/write/<int:lesson_id>/authors", methods=["GET", "POST"])
@signed_in
def authors(lesson_id: int) -> View:
    """Who writes a lesson, and a colleague who writes along."""
    me = current.person()
    editing = access.lesson_to_own(lesson_id, by=me)
    lesson = editing.lesson
    form = forms.AuthorForm()
    if form.validate_on_submit():
        try:
            contributing.add_author_by_email(lesson, str(form.email.data), by=me)
        except NotValid as error:
            forms.blame(form, error)
        else:
            return _back(lesson)
    return _page(editing, form), 422 if form.errors else 200


@blueprint.post("/write/<int:lesson_id>/authors/shares")
@signed_in
def split(lesson_id: int) -> View:
    """Split the credit for a lesson among its authors, in percents that sum to 100, or by what each writes."""
    me = current.person()
    editing = access.lesson_to_own(lesson_id, by=me)
    lesson = editing.lesson
    if "follow" in request.form:
        contributing.let_shares_follow(lesson, by=me)
        flash(_("Shares follow what each of you writes."), "good")
        return _back(lesson)
    typed = {author.person_id: request.form.get(f"share-{author.person_id}", "") for author in lesson.authors}
    try:
        contributing.set_shares(lesson, {key: _percent(text) for key, text in typed.items()}, by=me)
    except NotValid as error:
        return _page(editing, forms.AuthorForm(formdata=None), typed=typed, message=_(error.message)), 422
    flash(_("Saved."), "good")
    return _back(lesson)


@blueprint.post("/write/<int:lesson_id>/authors/<int:person_id>/add")
@signed_in
def add_author(lesson_id: int, person_id: int) -> Response:
    """Let a colleague who was suggested write along."""
    lesson = access.lesson_to_own(lesson_id, by=current.person()).lesson
    contributing.add_colleague(lesson, person_id, by=current.person())
    return _back(lesson)


@blueprint.post("/write/<int:lesson_id>/authors/<int:person_id>/remove")
@signed_in
def remove_author(lesson_id: int, person_id: int) -> Response:
    """Take a co-author off a lesson."""
    lesson = access.lesson_to_own(lesson_id, by=current.person()).lesson
    contributing.remove_author(lesson, person_id, by=current.person())
    return _back(lesson)


def _page(
    editing: Editing, form: forms.AuthorForm, *, typed: dict[int, str] | None = None, message: str | None = None
) -> str:
    lesson = editing.lesson
    written = contributing.written_so_far(lesson, editing.revision)
    now = {author.person_id: author.share for author in lesson.authors} | dict(written.shares)
    percents = {person_id: round(share * 100) for person_id, share in now.items()}
    shares = typed or {person_id: str(percent) for person_id, percent in percents.items()}
    return render_template(
        "lessons/authors.html",
        lesson=lesson,
        form=form,
        percents=percents,
        written=written.by_person,
        is_handed_in=editing.revision is not None and not rules.is_editable(editing.revision.state),
        is_chosen=any(author.is_chosen for author in lesson.authors),
        shares=shares,
        total=sum(_percent(text) or 0 for text in shares.values()),
        least=round(rules.LEAST_SHARE * 100),
        message=message,
    )


def _percent(text: str) -> int | None:
    text = text.strip().removesuffix("%").strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else None


def _back(lesson: Lesson) -> Response:
    return redirect(url_for("lessons.authors", lesson_id=lesson.id))
