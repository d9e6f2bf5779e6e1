"""Pages about days off: one's own absences, and the holidays that administrators keep."""

from __future__ import annotations

from datetime import date, timedelta

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from peerlearn.accounts import access, current, queries, rules
from peerlearn.accounts import time_off as days
from peerlearn.accounts.blueprint import blueprint
from peerlearn.accounts.forms import AbsenceForm, HolidayForm, blame
from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.errors import NotValid
from peerlearn.core.gates import requires, signed_in

View = str | Response | tuple[str, int]


def _since(person: Person) -> date:
    """From when on days off are listed: as long as one can still be added."""
    return clock.today(person.timezone) - timedelta(days=rules.POLICY.absence_back_days)


@blueprint.route("/me/time-off", methods=["GET", "POST"])
@signed_in
def time_off() -> View:
    """When I am away."""
    me = current.person()
    form = AbsenceForm()
    if form.validate_on_submit():
        try:
            days.record_absence(**form.values, by=me)
        except NotValid as error:
            blame(form, error)
        else:
            flash(_("These are days off now."), "good")
            return redirect(url_for("accounts.time_off"))
    today = clock.today(me.timezone)
    page = render_template(
        "accounts/time_off.html",
        form=form,
        absences=queries.absences_of(me, _since(me)),
        holidays=queries.holidays(today),
        today=today,
    )
    return page, 422 if form.errors else 200


@blueprint.post("/me/time-off/<int:absence_id>/end")
@signed_in
def end_absence(absence_id: int) -> Response:
    """I am back, or I do not go."""
    me = current.person()
    days.end_absence(access.absence_to_end(absence_id, by=me), by=me)
    flash(_("The days from today on count as usual."), "good")
    return redirect(url_for("accounts.time_off"))


@blueprint.route("/people/holidays", methods=["GET", "POST"])
@requires("manage_holidays")
def holidays() -> View:
    """The organisation's holidays, and a form for another one."""
    me = current.person()
    form = HolidayForm()
    if form.validate_on_submit():
        try:
            days.add_holiday(**form.values, by=me)
        except NotValid as error:
            blame(form, error)
        else:
            flash(_("The holiday is added."), "good")
            return redirect(url_for("accounts.holidays"))
    found, today = queries.holidays(_since(me)), clock.today(me.timezone)
    page = render_template("accounts/holidays.html", form=form, holidays=found, today=today, me=me)
    return page, 422 if form.errors else 200


@blueprint.post("/people/holidays/<int:holiday_id>/remove")
@requires("manage_holidays")
def remove_holiday(holiday_id: int) -> Response:
    """Let a day be an ordinary one."""
    me = current.person()
    days.remove_holiday(access.holiday_to_remove(holiday_id, by=me), by=me)
    flash(_("The holiday is removed."), "good")
    return redirect(url_for("accounts.holidays"))
