"""What surrounds every page: navigation, account, points, unread notices. Asked for once, and only by pages."""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from flask import current_app, has_request_context, request
from sqlalchemy.exc import SQLAlchemyError

from peerlearn.accounts import current
from peerlearn.accounts.models import Person
from peerlearn.core.errors import TooBusy
from peerlearn.core.remembered import Firm
from peerlearn.core.templating import language, spoken, url_for
from peerlearn.core.templating import words as _
from peerlearn.home import queries
from peerlearn.home.queries import Counts

KEY = "peerlearn.chrome"


class Face(NamedTuple):
    """Who is signed in, as the account menu shows it."""

    name: str
    note: str
    hue: int | None = None


class Device(NamedTuple):
    """The module that looks after what a browser keeps, and the id of the person it keeps it for; 0 for nobody."""

    module: str
    person: int


class Place(NamedTuple):
    """A main place of the site."""

    label: str
    url: str
    icon: str
    current: bool
    badge: int


class Line(NamedTuple):
    """A line of a menu; `gap` sets it apart from the lines before."""

    label: str
    url: str
    icon: str
    badge: int = 0
    gap: bool = False


class Chrome:
    """The frame of one request's page. Every part is worked out when the layout asks for it."""

    knows_visitor = True

    @cached_property
    def visitor(self) -> Person | None:
        """Who looks at the page; nobody when the database cannot say, so that an error page still shows."""
        try:
            return current.person_or_none()
        except (SQLAlchemyError, TooBusy):
            self.knows_visitor = False
            return None

    @cached_property
    def counts(self) -> Counts:
        """The person's numbers, in one statement; nothing is asked for a visitor."""
        if self.visitor is None:
            return Counts()
        try:
            return queries.counts(self.visitor)
        except (SQLAlchemyError, TooBusy):
            return Counts()

    @property
    def person(self) -> Face | None:
        """Name and team for the account menu."""
        who = self.visitor
        return Face(who.name, who.team.name if who.team else who.email) if who else None

    @property
    def points(self) -> int | None:
        """XP and Impact together; None for a visitor."""
        return self.counts.xp + self.counts.ip if self.visitor else None

    @property
    def points_url(self) -> str:
        """Where every point is explained."""
        return url_for("points.receipts")

    @property
    def unread(self) -> int:
        """Unread notices."""
        return self.counts.unread

    @property
    def inbox_url(self) -> str | None:
        """The inbox of a person."""
        return url_for("inbox.notices") if self.visitor else None

    @property
    def nav(self) -> tuple[Place, ...]:
        """The main places; on a phone the first four or five are the bar at the bottom."""
        if self.visitor is None:
            return ()
        return _nav(_where(), _here(), self.counts.due, self.counts.queue if self._reviews else None)

    @property
    def _reviews(self) -> bool:
        """Whether the queue is a main place: for curators, and for administrators while something is handed up."""
        assert self.visitor is not None
        return self.visitor.may("curate") or (self.visitor.may("stand_in") and self.counts.queue > 0)

    @property
    def menu(self) -> tuple[Line, ...]:
        """What belongs to the account, then what an administrator or curator looks after."""
        return _menu(_where(), self.visitor.id, self.visitor.permissions) if self.visitor else ()

    @property
    def home_url(self) -> str:
        """The start page."""
        return url_for("home.today")

    @property
    def search_url(self) -> str | None:
        """Where the magnifying glass leads: the catalogue, which searches."""
        return url_for("learn.catalogue") if self.visitor else None

    @property
    def sign_in_url(self) -> str | None:
        """Where a visitor signs in; not offered on that page itself."""
        here = request.endpoint == "accounts.sign_in"
        return None if self.visitor or here else url_for("accounts.sign_in")

    @property
    def sign_out_url(self) -> str | None:
        """Where a person signs out."""
        return url_for("accounts.sign_out") if self.visitor else None

    @property
    def organisation(self) -> str:
        """Whose PeerLearn this is."""
        return str(current_app.config["SETTINGS"].organisation)

    @property
    def footer(self) -> tuple[Line, ...]:
        """Quiet links at the end of every page."""
        return _footer(_where(), self.visitor is not None)

    @property
    def language(self) -> str:
        """The language of the page."""
        return language()

    @property
    def device(self) -> Device | None:
        """What keeps things on this device, and for whom; nothing when the database cannot say who looks."""
        who = self.visitor
        return Device("practice/keeper", who.id if who else 0) if self.knows_visitor else None


# Made once for all pages that have the same: `where` says in which language and under which address.


def _where() -> tuple[Any, str]:
    return spoken(), request.environ.get("SCRIPT_NAME", "")


def _here() -> str | None:
    """The feature whose place this page belongs to: its own pages, and those of others under its address."""
    for feature, under in (("authors", "/write/"), ("review", "/review/"), ("learn", "/requests")):
        if request.path.startswith(under):
            return feature
    return None if request.blueprint == "home" and request.endpoint != "home.today" else request.blueprint


@lru_cache(maxsize=512)
def _nav(where: Any, here: str | None, due: int, queue: int | None) -> Firm:
    def place(label: str, endpoint: str, icon: str, badge: int = 0) -> Place:
        return Place(label, url_for(endpoint), icon, endpoint.split(".")[0] == here, badge)

    items = [
        place(_("Today"), "home.today", "home"),
        place(_("Learn"), "learn.catalogue", "book-open"),
        place(_("Practice"), "practice.practice", "brain", due),
        place(_("Write"), "authors.lessons", "pencil"),
    ]
    if queue is not None:
        items.append(place(_("Review"), "review.queue", "clipboard-check", queue))
    boards = place(_("Boards"), "leaderboard.boards", "trophy")
    return Firm((*items, boards, place(_("Badges"), "badges.cabinet", "award")))


@lru_cache(maxsize=512)
def _menu(where: Any, person_id: int, permissions: frozenset[str]) -> Firm:
    items = [
        _line(_("My profile"), "home.profile", "user", person_id=person_id),
        _line(_("My points"), "points.receipts", "receipt"),
        _line(_("Settings"), "accounts.settings", "settings"),
    ]
    duties = [
        ("decide_reports", _("Reported problems"), "review.reports", "flag"),
        ("manage_people", _("People"), "accounts.people", "users"),
        ("manage_teams", _("Teams"), "accounts.teams", "building-2"),
        ("manage_topics", _("Topics"), "lessons.topics", "tag"),
        ("set_numbers", _("How we learn"), "accounts.set_numbers", "sliders-horizontal"),
        ("decide_points", _("Pending points"), "points.held", "hourglass"),
        ("see_economy", _("Points economy"), "points.economy_page", "chart-column"),
        ("see_memory_model", _("Memory model"), "practice.memory_model", "activity"),
        ("operate", _("How it runs"), "operating.status", "gauge"),
        ("operate", _("What runs by itself"), "operating.work", "refresh-cw"),
        ("read_audit", _("What happened"), "accounts.audit", "history"),
    ]
    mine = [_line(label, endpoint, icon) for right, label, endpoint, icon in duties if right in permissions]
    mine[:1] = [first._replace(gap=True) for first in mine[:1]]
    return Firm((*items, *mine))


@lru_cache(maxsize=32)
def _footer(where: Any, is_person: bool) -> Firm:
    items = [_line(_("Help"), "home.guide_index", "circle-help")]
    if is_person:
        items.append(_line(_("How points work"), "points.rules_page", "coins"))
    return Firm((*items, _line(_("Accessibility"), "home.guide_page", "info", slug="accessibility")))


def _line(label: str, endpoint: str, icon: str, **values: Any) -> Line:
    return Line(label, url_for(endpoint, **values), icon)


def of_request() -> Chrome:
    """The frame of this request, the same one however often it is asked for."""
    if not has_request_context():
        return Chrome()
    found: Chrome = request.environ.setdefault(KEY, Chrome())
    return found


def provide() -> dict[str, Chrome]:
    """What templates know as `chrome`."""
    return {"chrome": of_request()}
