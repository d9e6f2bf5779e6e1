"""Receipts, the rule book, and decisions about points."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import format_decimal
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from peerlearn.accounts import current
from peerlearn.core import clock, slots
from peerlearn.core.errors import NotFound, NotValid
from peerlearn.core.gates import requires, signed_in
from peerlearn.core.paging import Page, key_from
from peerlearn.points import (
    access,
    actions,
    appealing,
    appeals,
    changing,
    changing_routes,
    economy,
    policies,
    queries,
    rules,
)
from peerlearn.points.blueprint import blueprint
from peerlearn.points.forms import AppealDecisionForm, AppealForm, DecisionForm, ReversalForm, blame
from peerlearn.points.queries import Line, Receipt
from peerlearn.points.rule import numbers_of
from peerlearn.streaks import rules as streaks

__all__ = ["PAGES", "blueprint"]
PAGES = (changing_routes,)

slots.fill("lesson_result", "points/earned.html", queries.lesson_result)
slots.fill("set_result", "points/earned.html", queries.set_result)
slots.fill("offline_result", "points/earned.html", queries.offline_result)


@blueprint.app_template_filter("told")
def told(line: Receipt | Line) -> str:
    """Why a line pays what it pays: a rule's sentence in the reader's language, or a person's own words."""
    if not line.reason:
        return ""
    if isinstance(line, Receipt) and line.is_own_words:
        return line.reason
    values = {name: _("a lesson") if value is None else value for name, value in line.values.items()}
    return str(_(line.reason, **values))


@blueprint.app_template_filter("decimal")
def decimal(number: float) -> str:
    """A number as it is written in the reader's language."""
    return str(format_decimal(number))


@blueprint.get("")
@signed_in
def receipts() -> str:
    """Where my points came from."""
    person, before = current.person(), key_from(request.args.get("before"))
    return render_template(
        "points/receipts.html",
        page=queries.receipts(person.id, before),
        pending=queries.pending(person.id) if before is None else [],
        levels=queries.levels(person.id),
        is_first=before is None,
        tracks=rules.TRACK_TITLES,
    )


@blueprint.get("/how")
@signed_in
def rules_page() -> str:
    """How points work, drawn from the rules themselves."""
    history = policies.history()
    levels = [(level, rules.threshold(level)) for level in (1, 2, 3, 4, 5, 6, 8, 10, 15, 20)]
    return render_template(
        "points/rules_page.html",
        rules=rules.RULES,
        numbers=numbers_of(history.newest),
        steps=changing.steps(history),
        rules_by_slug=rules.BY_SLUG,
        notes=rules.RULE_BOOK_NOTES,
        tracks=rules.TRACK_TITLES,
        levels=levels,
        privileges=rules.PRIVILEGES,
        goals=[(days, streaks.needed_days(days)) for days in range(1, 7)],
    )


@blueprint.get("/economy")
@requires("see_economy")
def economy_page() -> str:
    """What each rule paid lately, and where most of it came from."""
    return render_template(
        "points/economy.html",
        economy=economy.lately(clock.today(clock.organisation_zone())),
        days=economy.DAYS,
        can_change=current.person().may("change_points"),
        fewest=economy.FEWEST,
        numbers=numbers_of(policies.history().newest),
        tracks=rules.TRACK_TITLES,
    )


@blueprint.get("/held")
@requires("decide_points")
def held() -> str:
    """Points that wait for a decision."""
    person, after, appealed_after = current.person(), request.args.get("after"), request.args.get("appeals")
    empty: Page[Any] = Page((), None)
    return render_template(
        "points/held.html",
        page=empty if appealed_after else queries.waiting(person, key_from(after)),
        appeals=empty if after else appeals.waiting(person, key_from(appealed_after)),
        rules=rules.BY_SLUG,
        tracks=rules.TRACK_TITLES,
    )


@blueprint.route("/held/<int:held_id>", methods=["GET", "POST"])
@requires("decide_points")
def decide(held_id: int) -> str | Response:
    """Release or refuse held points."""
    person = current.person()
    entry, form = access.held_to_decide(held_id, by=person), DecisionForm()
    if form.is_sent():
        note = form.note.data or ""
        try:
            if request.form.get("decision") == "release":
                actions.release(entry, note, by=person)
            else:
                actions.refuse(entry, note, by=person)
        except NotValid as error:
            blame(form, error)
        else:
            flash(_("Decided. The person has been told."), "good")
            return redirect(url_for("points.held"))
    item = queries.waiting_one(entry, person)
    page = render_template("points/decide.html", item=item, form=form, rules=rules.BY_SLUG, tracks=rules.TRACK_TITLES)
    return Response(page, 422 if form.errors else 200, mimetype="text/html")


@blueprint.route("/entries/<int:entry_id>/appeal", methods=["GET", "POST"])
@signed_in
def appeal(entry_id: int) -> str | Response:
    """Ask that somebody else looks again at a decision about my points."""
    person = current.person()
    entry, form = access.entry_to_appeal(entry_id, by=person), AppealForm()
    if form.is_sent():
        try:
            appealing.appeal(entry, form.text.data or "", by=person)
        except NotValid as error:
            blame(form, error)
        else:
            flash(_("Your appeal is written down. Somebody else looks again within five workdays."), "good")
            return redirect(url_for("points.receipts"))
    receipt = queries.receipt_of(entry, person)
    page = render_template("points/appeal.html", receipt=receipt, form=form, tracks=rules.TRACK_TITLES)
    return Response(page, 422 if form.errors else 200, mimetype="text/html")


@blueprint.route("/appeals/<int:appeal_id>", methods=["GET", "POST"])
@requires("decide_points")
def decide_appeal(appeal_id: int) -> str | Response:
    """Look again at a decision that somebody appealed against."""
    person = current.person()
    waiting, form = access.appeal_to_decide(appeal_id, by=person), AppealDecisionForm()
    if form.is_sent():
        act = appealing.grant if request.form.get("decision") == "grant" else appealing.decline
        try:
            act(waiting, form.note.data or "", by=person)
        except NotValid as error:
            blame(form, error)
        else:
            flash(_("Decided. The person has been told."), "good")
            return redirect(url_for("points.held"))
    item = appeals.waiting_one(waiting, person)
    values = {"item": item, "form": form, "rules": rules.BY_SLUG, "tracks": rules.TRACK_TITLES}
    page = render_template("points/decide_appeal.html", **values)
    return Response(page, 422 if form.errors else 200, mimetype="text/html")


@blueprint.get("/people/<int:person_id>")
@requires("decide_points")
def of_person(person_id: int) -> str:
    """A person's receipts, for somebody who may take an entry back."""
    name = queries.name_of(person_id)
    if name is None:
        raise NotFound()
    page = queries.receipts(person_id, key_from(request.args.get("before")), reader=current.person())
    return render_template(
        "points/of_person.html", name=name, person_id=person_id, page=page, tracks=rules.TRACK_TITLES
    )


@blueprint.route("/entries/<int:entry_id>/reverse", methods=["GET", "POST"])
@requires("decide_points")
def reverse(entry_id: int) -> str | Response:
    """Take an entry back, with a reason."""
    person = current.person()
    entry, form = access.entry_to_reverse(entry_id, by=person), ReversalForm()
    if form.is_sent():
        try:
            actions.reverse(entry, form.reason.data or "", by=person)
        except NotValid as error:
            blame(form, error)
        else:
            flash(_("Taken back. The person has been told."), "good")
            return redirect(url_for("points.of_person", person_id=entry.person_id))
    page = render_template(
        "points/reverse.html",
        receipt=queries.receipt_of(entry, current.person()),
        name=queries.name_of(entry.person_id),
        person_id=entry.person_id,
        form=form,
        tracks=rules.TRACK_TITLES,
    )
    return Response(page, 422 if form.errors else 200, mimetype="text/html")
