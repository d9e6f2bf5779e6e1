"""Where a published lesson stands: what its owner and its curators may do to it; and an author's appeal."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from peerlearn.accounts import current
from peerlearn.core import clock
from peerlearn.core.errors import NotValid
from peerlearn.core.gates import signed_in
from peerlearn.lessons import freshness
from peerlearn.lessons import rules as lesson_rules
from peerlearn.review import access, appealing, history, joining
from peerlearn.review import standing as standings
from peerlearn.review.blueprint import blueprint
from peerlearn.review.forms import AppealForm, StandingForm, blame

View = str | Response | tuple[str, int]


@blueprint.get("/review/lessons/<int:lesson_id>")
@signed_in
def standing(lesson_id: int) -> str:
    """Where a lesson stands, what happened to it, and what I may do."""
    return _page(lesson_id, StandingForm(formdata=None))


@blueprint.post("/review/lessons/<int:lesson_id>")
@signed_in
def stand(lesson_id: int) -> View:
    """Verify, hide, archive or bring back."""
    form, me, zone = StandingForm(), current.person(), clock.organisation_zone()
    found = access.lesson_to_stand(lesson_id, me, zone)
    act = request.form.get("act", "")
    try:
        standings.decide(found.lesson, act, form.reason.data or "", by=me, zone_name=zone, version=form.seen_version)
    except NotValid as problem:
        blame(form, problem)
        return _page(lesson_id, form), 422
    flash(_("Done. The history says so, and the authors can read it."), "good")
    return redirect(url_for("review.standing", lesson_id=lesson_id))


def _page(lesson_id: int, form: StandingForm) -> str:
    found = access.lesson_to_stand(lesson_id, current.person(), clock.organisation_zone())
    form.version.data = form.version.data or str(found.lesson.version)
    return render_template(
        "review/standing.html",
        found=found,
        lesson=found.lesson,
        form=form,
        acts=history.standing_of(lesson_id),
        merged=joining.undoable(lesson_id) if found.is_curator and found.lesson.state == "archived" else None,
        words=standings.WORDS,
        told=standings.TOLD,
        titles=freshness.TITLES | lesson_rules.LESSON_TITLES,
    )


@blueprint.get("/write/<int:lesson_id>/appeal")
@signed_in
def appeal(lesson_id: int) -> str:
    """Ask that another curator looks."""
    return _appeal_page(lesson_id, AppealForm(formdata=None))


@blueprint.post("/write/<int:lesson_id>/appeal")
@signed_in
def send_appeal(lesson_id: int) -> View:
    """Put it into the queue of the other curators."""
    form = AppealForm()
    review = access.review_to_appeal(lesson_id, current.person())
    try:
        appealing.appeal(review, form.text.data or "", by=current.person())
    except NotValid as problem:
        blame(form, problem)
        return _appeal_page(lesson_id, form), 422
    flash(_("Another curator looks at it now."), "good")
    return redirect(url_for("lessons.edit", lesson_id=lesson_id))


def _appeal_page(lesson_id: int, form: AppealForm) -> str:
    review = access.review_to_appeal(lesson_id, current.person())
    return render_template("review/appeal.html", review=review, lesson=review.lesson, form=form)
