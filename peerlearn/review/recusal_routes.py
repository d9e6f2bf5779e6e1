"""Whose work I leave to others: only I see it."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from peerlearn.accounts import current
from peerlearn.core.errors import NotValid
from peerlearn.core.gates import signed_in
from peerlearn.review import recusing
from peerlearn.review.blueprint import blueprint
from peerlearn.review.forms import RecusalForm, blame

View = str | Response | tuple[str, int]


@blueprint.get("/me/recusals")
@signed_in
def recusals() -> str:
    """Whom I named."""
    return _page(RecusalForm(formdata=None))


@blueprint.post("/me/recusals")
@signed_in
def recuse() -> View:
    """Leave somebody's work to others."""
    form = RecusalForm()
    try:
        recusing.recuse(str(form.email.data or ""), by=current.person())
    except NotValid as problem:
        blame(form, problem)
        return _page(form), 422
    flash(_("Noted. From now on neither of you decides about what the other hands in."), "good")
    return redirect(url_for("review.recusals"))


@blueprint.post("/me/recusals/<int:person_id>/end")
@signed_in
def end_recusal(person_id: int) -> Response:
    """Take it back."""
    recusing.take_back(person_id, by=current.person())
    flash(_("Taken back."), "good")
    return redirect(url_for("review.recusals"))


def _page(form: RecusalForm) -> str:
    return render_template("review/recusals.html", form=form, named=recusing.named_by(current.person().id))
