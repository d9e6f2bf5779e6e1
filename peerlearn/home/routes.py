"""The today page, profiles, the guide, and the few addresses every site has."""

from __future__ import annotations

import json
from datetime import timedelta
from email.utils import parseaddr

from flask import Blueprint, Response, current_app, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from peerlearn.accounts import current
from peerlearn.accounts.models import Person
from peerlearn.badges import rules as badges
from peerlearn.core import clock
from peerlearn.core.errors import NotFound
from peerlearn.core.gates import public, signed_in
from peerlearn.home import access, chrome, estimates, guide, queries, rules
from peerlearn.leaderboard import queries as boards
from peerlearn.lessons import rules as lessons
from peerlearn.points import rules as points
from peerlearn.ready import unready
from peerlearn.streaks import queries as streaks
from peerlearn.ui.assets import Assets

blueprint = Blueprint("home", __name__)
PLAIN = "text/plain; charset=utf-8"
METALS = dict(enumerate(badges.METALS, start=1))
blueprint.app_context_processor(chrome.provide)
estimates.lend()


@blueprint.get("/")
@public
def today() -> str:
    """What to do next, and how my week goes; for visitors what this place is."""
    person = current.person_or_none()
    return _today(person) if person else render_template("home/welcome.html")


def _today(person: Person) -> str:
    now, counts = clock.now(), chrome.of_request().counts
    found = queries.today(person, counts.room)
    days = streaks.standing_from(found.days, clock.today(person.timezone))
    tasks = rules.in_order([*found.tasks, *rules.practice(counts.due, found.has_new, now)])
    return render_template(
        "home/today.html",
        person=person,
        greeting=rules.greeting(now.astimezone(clock.zone(person.timezone)).hour),
        first=rules.first(tasks, bool(found.picks)),
        tasks=tasks,
        kinds=rules.KIND_OF,
        picks=rules.picks(found.picks, now),
        lesson_kinds=lessons.KIND_TITLES,
        days=days,
        goal=days.goal,
        learner=points.standing(counts.xp),
        guide=points.standing(counts.ip),
        badges=found.badges,
        badge_rules=badges.BY_SLUG,
        metals=METALS,
        team=boards.team_standing(person),
        asks_about_boards=rules.asks_about_boards(person.board_mode, days.run.days),
    )


@blueprint.get("/people/<int:person_id>/profile")
@signed_in
def profile(person_id: int) -> str:
    """What colleagues see of each other: team, lessons, topics, badges."""
    found = access.profile_to_see(person_id)
    is_me = found.person.id == current.person().id
    counts = chrome.of_request().counts
    return render_template(
        "home/profile.html",
        profile=found,
        is_me=is_me,
        learner=points.standing(counts.xp) if is_me else None,
        guide=points.standing(counts.ip) if is_me else None,
        badge_rules=badges.BY_SLUG,
        metals=METALS,
    )


@blueprint.get("/help")
@public
def guide_index() -> str:
    """Everything there is to read about PeerLearn."""
    return render_template("home/guide_index.html", entries=guide.entries())


@blueprint.get("/help/<slug>")
@public
def guide_page(slug: str) -> str:
    """One page of the guide."""
    found = guide.page(slug)
    if found is None:
        raise NotFound()
    return render_template("home/guide_page.html", page=found)


@blueprint.get("/healthz")
@public
def healthz() -> Response:
    """Says that this process serves; asks no database."""
    return Response("ok", content_type=PLAIN)


@blueprint.get("/readyz")
@public
def readyz() -> Response:
    """Says whether requests can be served here: the database answers, and is at the revision this code needs."""
    problem = unready()
    return Response(problem or "ready", 503 if problem else 200, content_type=PLAIN)


@blueprint.get("/robots.txt")
@public
def robots() -> Response:
    """A company's own lessons are not for search engines."""
    return _kept(Response("User-agent: *\nDisallow: /\n", content_type=PLAIN))


@blueprint.get("/.well-known/security.txt")
@public
def security() -> Response:
    """Whom to tell about a weakness (RFC 9116)."""
    expires = (clock.now() + timedelta(days=180)).replace(microsecond=0)
    contact = parseaddr(current_app.config["SETTINGS"].mail_from)[1]
    text = f"Contact: mailto:{contact}\nExpires: {expires.isoformat()}\nPreferred-Languages: en\n"
    return Response(text, content_type=PLAIN)


def _address_of(file: str) -> str:
    assets: Assets = current_app.extensions["assets"]
    return assets.url(f"ui/{file}")


@blueprint.get("/favicon.ico")
@public
def favicon() -> AnyResponse:
    """The mark, for browsers that ask here."""
    return redirect(_address_of("mark.svg"))


@blueprint.get("/manifest.webmanifest")
@public
def manifest() -> Response:
    """How PeerLearn appears when it is put on a phone's home screen."""
    values = {
        "name": "PeerLearn",
        "short_name": "PeerLearn",
        "description": _("Colleagues teach colleagues."),
        "id": "/",
        "start_url": url_for("home.today"),
        "scope": "/",
        "display": "standalone",
        "background_color": "#f6f6f3",
        "theme_color": "#2b41e0",
        "icons": [_icon("192"), _icon("512"), _icon("maskable-512", "maskable")],
    }
    return _kept(Response(json.dumps(values), content_type="application/manifest+json"))


def _icon(name: str, purpose: str = "any") -> dict[str, str]:
    size = name.rpartition("-")[2]
    source = _address_of(f"icon-{name}.png")
    return {"src": source, "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}


def _kept(response: Response) -> Response:
    """The same for everybody, so browsers may keep it for a day."""
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response
