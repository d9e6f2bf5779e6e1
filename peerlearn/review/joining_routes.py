"""Merging a lesson into another one that says the same, and taking that back."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from peerlearn.accounts import current
from peerlearn.core.errors import NotValid
from peerlearn.core.gates import requires
from peerlearn.review import access, joining, rules
from peerlearn.review.blueprint import blueprint
from peerlearn.review.forms import JoinForm, blame, offered

View = str | Response | tuple[str, int]


@blueprint.get("/review/lessons/<int:lesson_id>/merge")
@requires("curate")
def join(lesson_id: int) -> str:
    """Choose the lesson that stays, and see what becomes of this one."""
    return _page(lesson_id, JoinForm(formdata=None))


@blueprint.post("/review/lessons/<int:lesson_id>/merge")
@requires("curate")
def merge(lesson_id: int) -> View:
    """Let it go into the other one."""
    form = JoinForm()
    try:
        joining.merge(lesson_id, form.target, form.reason.data or "", by=current.person(), version=form.seen_version)
    except NotValid as problem:
        blame(form, problem)
        return _page(lesson_id, form), 422
    flash(_("Merged. Everybody keeps what they learned and earned, and the authors are thanked there."), "good")
    return redirect(url_for("review.standing", lesson_id=lesson_id))


@blueprint.post("/review/lessons/<int:lesson_id>/unmerge")
@requires("curate")
def unmerge(lesson_id: int) -> Response:
    """Take the merge back."""
    joining.undo(lesson_id, by=current.person())
    flash(_("It is a lesson of its own again."), "good")
    return redirect(url_for("review.standing", lesson_id=lesson_id))


def _page(lesson_id: int, form: JoinForm) -> str:
    choice = access.lesson_to_merge(lesson_id, current.person())
    form.version.data = form.version.data or str(choice.lesson.version)
    form.into.choices = offered(
        (str(one.lesson_id), _("%(title)s (%(share)s %% alike)", title=one.title, share=round(one.score * 100)))
        for one in choice.similar
    )
    return render_template("review/join.html", choice=choice, lesson=choice.lesson, form=form, rules=rules)
