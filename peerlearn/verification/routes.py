"""The pages of checks: which lessons are to be read again, and one of them with its button."""

from __future__ import annotations

from collections.abc import Iterable

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response

from peerlearn.accounts import current
from peerlearn.core import clock, markdown
from peerlearn.core.gates import signed_in
from peerlearn.core.paging import key_from
from peerlearn.learn import numbers
from peerlearn.learn import rules as learning
from peerlearn.lessons import freshness
from peerlearn.lessons.models import hue_step
from peerlearn.review import standing
from peerlearn.review import tending as review
from peerlearn.verification import access, actions, mail_routes, owner_routes, queries, source_routes, sources, tending
from peerlearn.verification.blueprint import blueprint
from peerlearn.verification.rules import POLICY

__all__ = ["PAGES", "blueprint"]
PAGES = (source_routes, mail_routes, owner_routes)
View = str | Response | tuple[str, int]
OPENED_FOR = 86_400  # seconds for which a page remembers when it was opened


review.also(tending.tell_of_checks)
review.also(tending.find_owners)


@blueprint.get("/verification")
@signed_in
def checks() -> str:
    """Which lessons I should read again, the longest due first."""
    me, today = current.person(), clock.today(clock.organisation_zone())
    page = queries.page_to_check(me, today, request.args.get("after"))
    return render_template(
        "verification/checks.html",
        page=page,
        mine=[row for row in page.rows if row.is_mine],
        others=[row for row in page.rows if not row.is_mine],
        today=today,
        titles=freshness.TITLES,
        trust=queries.trusted_share(today) if me.may("curate") else None,
        target=POLICY.trust_target,
        few=queries.helping_few(me, key_from(request.args.get("few"))) if me.may("curate") else None,
        hue_step=hue_step,
        may_curate=me.may("curate"),
    )


@blueprint.post("/verification")
@signed_in
def verify_all() -> Response:
    """These are still right."""
    chosen = _ticked(request.form.getlist("lesson")[: POLICY.shown])
    if not chosen:
        flash(_("Tick the lessons that you have read and found right."), "note")
        return redirect(url_for("verification.checks"))
    count = actions.verify_all(chosen, by=current.person())
    if count:
        flash(ngettext("%(num)d lesson is checked.", "%(num)d lessons are checked.", count), "good")
    if left := len(chosen) - count:
        words = ngettext("%(num)d changed meanwhile.", "%(num)d changed meanwhile.", left)
        flash(f"{words} {_('Please look at it again.')}", "note")
    return redirect(url_for("verification.checks"))


def _ticked(values: Iterable[str]) -> dict[int, int]:
    """The lessons that were ticked, each with the version that the page showed."""
    pairs = (value.partition("-") for value in values)
    return {int(one): int(version) for one, _dash, version in pairs if _is_number(one) and _is_number(version)}


def _is_number(text: str) -> bool:
    return text.isdecimal() and len(text) < 10


@blueprint.get("/verification/lessons/<int:lesson_id>")
@signed_in
def check(lesson_id: int) -> str:
    """A lesson as its readers see it, to be read again; where a mail leads."""
    found = access.lesson_to_check(lesson_id, current.person())
    lesson = found.lesson
    assert lesson.published is not None
    return render_template(
        "verification/check.html",
        lesson=lesson,
        found=found,
        revision=queries.whole(lesson.published.id),
        titles=freshness.TITLES,
        opened=_opened().dumps([lesson.id, clock.now().timestamp()]),
        stored=markdown.stored,
        is_mine=lesson.owner_id == current.person().id,
        reasons=sources.reasons_to_check(lesson),
    )


@blueprint.post("/verification/lessons/<int:lesson_id>")
@signed_in
def verify(lesson_id: int) -> Response:
    """It is still right."""
    me = current.person()
    found = access.lesson_to_check(lesson_id, me)
    words = queries.words_of(found.lesson)
    was_read = _seconds_open(lesson_id) >= learning.minimum_dwell(words, policy=numbers.policy())
    zone = clock.organisation_zone()
    typed = request.form.get("version", "")
    seen = int(typed) if _is_number(typed) else 0  # no version is none that was read
    standing.decide(found.lesson, "verify", "", by=me, zone_name=zone, version=seen, was_read=was_read)
    flash(_("Thank you: “%(title)s” is checked.", title=found.lesson.title), "good")
    return redirect(url_for("verification.checks"))


def _opened() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="verification-opened")


def _seconds_open(lesson_id: int) -> float:
    """For how long the page was open from which this came; 0 when it does not say so, or was opened days ago."""
    try:
        opened, at = _opened().loads(request.form.get("opened", ""))
    except BadSignature:
        return 0.0
    seconds: float = clock.now().timestamp() - at
    return seconds if opened == lesson_id and seconds <= OPENED_FOR else 0.0
