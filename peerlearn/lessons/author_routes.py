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
from peerlearn.lessons.blueprint import blueprint
from peerlearn.lessons.models import Lesson

View = str | Response | tuple[Any, int]


@blueprint.route("/write/<int:lesson_id>/authors", methods=["GET", "POST"])
@signed_in
def authors(lesson_id: int) -> View:
    """Who writes a lesson, and a colleague who writes along."""
    me = current.person()
    lesson = access.lesson_to_own(lesson_id, by=me)
    form = forms.AuthorForm()
    if form.validate_on_submit():
        try:
            contributing.add_author_by_email(lesson, str(form.email.data), by=me)
        except NotValid as error:
            forms.blame(form, error)
        else:
            return _back(lesson)
    return _page(lesson, form), 422 if form.errors else 200


@blueprint.post("/write/<int:lesson_id>/authors/shares")
@signed_in
def split(lesson_id: int) -> View:
    """Split the credit for a lesson among its authors, in percents that sum to 100."""
    me = current.person()
    lesson = access.lesson_to_own(lesson_id, by=me)
    typed = {author.person_id: request.form.get(f"share-{author.person_id}", "") for author in lesson.authors}
    try:
        contributing.set_shares(lesson, {key: _percent(text) for key, text in typed.items()}, by=me)
    except NotValid as error:
        return _page(lesson, forms.AuthorForm(formdata=None), typed=typed, message=_(error.message)), 422
    flash(_("Saved."), "good")
    return _back(lesson)


@blueprint.post("/write/<int:lesson_id>/authors/<int:person_id>/add")
@signed_in
def add_author(lesson_id: int, person_id: int) -> Response:
    """Let a colleague who was suggested write along."""
    lesson = access.lesson_to_own(lesson_id, by=current.person())
    contributing.add_colleague(lesson, person_id, by=current.person())
    return _back(lesson)


@blueprint.post("/write/<int:lesson_id>/authors/<int:person_id>/remove")
@signed_in
def remove_author(lesson_id: int, person_id: int) -> Response:
    """Take a co-author off a lesson."""
    lesson = access.lesson_to_own(lesson_id, by=current.person())
    contributing.remove_author(lesson, person_id, by=current.person())
    return _back(lesson)


def _page(
    lesson: Lesson, form: forms.AuthorForm, *, typed: dict[int, str] | None = None, message: str | None = None
) -> str:
    shares = typed or {author.person_id: str(round(author.share * 100)) for author in lesson.authors}
    return render_template(
        "lessons/authors.html",
        lesson=lesson,
        form=form,
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
