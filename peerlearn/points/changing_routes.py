"""Other numbers for the rules: tried on the last quarter, looked at, and put into effect."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from peerlearn.accounts import current
from peerlearn.core.errors import Conflict, NotValid
from peerlearn.core.gates import requires
from peerlearn.points import changing, policies, rules
from peerlearn.points.blueprint import blueprint
from peerlearn.points.forms import EffectForm, NumbersForm, blame
from peerlearn.points.numbers import NUMBERS
from peerlearn.points.rule import numbers_of


@blueprint.route("/numbers", methods=["GET", "POST"])
@requires("change_points")
def numbers() -> str | Response:
    """The numbers that hold, to try others."""
    held, form = policies.history().newest, NumbersForm()
    if form.is_sent():
        try:
            row = changing.try_out(form.values(), by=current.person())
        except NotValid as error:
            form.form_errors = [*form.form_errors, _(error.message, **error.values)]
        else:
            return redirect(url_for("points.tried", trial_id=row.id))
    elif not form.is_submitted():
        form.fill(held)
    groups = [(rule, [n for n in NUMBERS if n.rule == rule.slug]) for rule in rules.RULES]
    page = render_template(
        "points/numbers.html",
        form=form,
        held=held,
        groups=[(rule, own) for rule, own in groups if own],
        numbers=numbers_of(held),
        tracks=rules.TRACK_TITLES,
    )
    return Response(page, 422 if form.errors or form.form_errors else 200, mimetype="text/html")


@blueprint.route("/numbers/<int:trial_id>", methods=["GET", "POST"])
@requires("change_points")
def tried(trial_id: int) -> str | Response:
    """What other numbers would have paid; and the button that lets them hold from now on."""
    found, form = changing.look(trial_id), EffectForm()
    if form.is_sent():
        try:
            changing.put_into_effect(trial_id, form.reason.data or "", by=current.person())
        except NotValid as error:
            blame(form, error)
        except Conflict as error:
            form.form_errors = [*form.form_errors, _(error.message)]
        else:
            flash(_("The new numbers hold from now on. What was paid stays as it is."), "good")
            return redirect(url_for("points.rules_page", _anchor="changes"))
    page = render_template("points/tried.html", tried=found, form=form, rules=rules.BY_SLUG, days=changing.DAYS)
    return Response(page, 422 if form.errors or form.form_errors else 200, mimetype="text/html")
