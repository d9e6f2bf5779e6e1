"""Pages on what is held: by oneself, by colleagues of each topic, and by a team of what its work needs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from peerlearn.accounts import access, current
from peerlearn.accounts.models import Team
from peerlearn.core import slots
from peerlearn.core.errors import NotFound
from peerlearn.core.gates import requires, signed_in
from peerlearn.lessons import queries as lessons
from peerlearn.lessons.models import Lesson
from peerlearn.practice import holders, holding, needing, rules
from peerlearn.practice.blueprint import blueprint
from peerlearn.practice.held_forms import NeedsForm

SUGGESTED = 6


@blueprint.get("/practice/held")
@signed_in
def held() -> str:
    """What I hold, topic by topic, and how it fades; only mine to see."""
    found, mark = holding.overview(current.person()), rules.POLICY.curve_days.index(rules.POLICY.forecast_days)
    return render_template(
        "practice/held.html",
        found=found,
        rules=rules,
        points=[(_in_days(days), value) for days, value in found.curve],
        mark=mark,
        forecast_day=found.day + timedelta(days=rules.POLICY.forecast_days),
    )


def _in_days(days: int) -> str:
    return ngettext("in %(num)d day", "in %(num)d days", days) if days else _("today")


@blueprint.get("/practice/topics")
@signed_in
def topics() -> str:
    """How many colleagues hold each topic."""
    return render_template("practice/topics.html", topics=holders.topics(current.person()), rules=rules)


@blueprint.get("/practice/topics/<slug>")
@signed_in
def topic(slug: str) -> str:
    """Who holds a topic, as far as they let others know, and how it is with me."""
    found = holders.topic(current.person(), slug)
    if found is None:
        raise NotFound()
    return render_template("practice/topic.html", topic=found, named=holders.named(found.id), rules=rules)


@blueprint.get("/practice/teams/<int:team_id>")
@requires("see_team")
def team(team_id: int) -> str:
    """What a team holds of what its work needs, for its lead: means only, and none of a few people."""
    return _team_page(access.team_to_see(team_id, by=current.person()))


@blueprint.post("/practice/teams/<int:team_id>")
@requires("choose_needed_topics")
def choose_needed_topics(team_id: int) -> Response | tuple[str, int]:
    """Say which topics the work of a team needs."""
    me = current.person()
    found = access.team_to_see(team_id, by=me)
    form = NeedsForm(lessons.active_topics())
    if not form.validate_on_submit():
        return _team_page(found, form), 422
    needing.choose(found, form.topics.data or [], by=me)
    flash(_("Saved."), "good")
    return redirect(url_for("practice.team", team_id=team_id))


def _team_page(found: Team, form: NeedsForm | None = None) -> str:
    needs = holders.needs_of(found.id)
    form = form or NeedsForm(lessons.active_topics(), topics=[need.id for need in needs.topics])
    return render_template("practice/team.html", team=found, needs=needs, form=form, rules=rules)


def _of_topic(slug: str, **context: Any) -> dict[str, Any] | None:
    """In the catalogue, when it shows one topic: who holds it."""
    found = holders.topic(current.person(), slug)
    return {"topic": found, "rules": rules} if found else None


def _link(**context: Any) -> dict[str, Any]:
    """On the page of practice: the way here."""
    return {}


def _coauthors(lesson: Lesson) -> dict[str, Any] | None:
    """On the page of a lesson's authors: who holds its topic, lets their name be seen and does not write along yet."""
    authors = {author.person_id for author in lesson.authors}
    people = [person for person in holders.named(lesson.topic_id) if person.id not in authors][:SUGGESTED]
    return {"lesson": lesson, "people": people} if people else None


slots.fill("lesson_coauthors", "practice/coauthors.html", _coauthors)
slots.fill("practice_links", "practice/held_link.html", _link)
slots.fill("catalogue_topic", "practice/of_topic.html", _of_topic)
