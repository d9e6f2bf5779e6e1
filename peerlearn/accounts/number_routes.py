"""The page on which administrators set how people learn here."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from peerlearn.accounts import current, numbers, setting
from peerlearn.accounts.blueprint import blueprint
from peerlearn.accounts.number_form import form_of
from peerlearn.core.gates import requires


@blueprint.route("/how-we-learn", methods=["GET", "POST"])
@requires("set_numbers")
def set_numbers() -> AnyResponse:
    """The numbers that hold, to set others."""
    form = form_of(numbers.held())
    if form.is_sent():
        is_other = setting.choose(form.values(), by=current.person())
        flash(_("Saved. It holds from now on.") if is_other else _("Nothing was changed."), "good")
        return redirect(url_for("accounts.set_numbers"))
    page = render_template("accounts/numbers.html", form=form, groups=numbers.GROUPS)
    return Response(page, 422 if form.errors else 200, mimetype="text/html")
