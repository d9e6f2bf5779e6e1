"""Who gets through which door: every route × every principal, generated from the URL map.

What follows from a route's gate alone is derived from it. Where it depends on whose thing it is, `THEIRS` says who gets
in; everybody else who passes the gate is told that there is no such page (404), as for an id that does not exist.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import repeat
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from werkzeug.routing import Rule

from peerlearn.accounts import rules as accounts
from peerlearn.accounts.models import Absence, Holiday, Link, Person, Session
from peerlearn.badges.models import Award
from peerlearn.badges.rules import BADGES
from peerlearn.core import clock
from peerlearn.core.db import db as database
from peerlearn.core.gates import Gate, gate_of
from peerlearn.inbox.models import Notice
from peerlearn.learn.rules import is_pretested
from peerlearn.lessons import citing
from peerlearn.lessons.models import Lesson, Revision
from peerlearn.points.models import HeldEntry, LedgerEntry, PointAppeal
from peerlearn.requests import actions as requests
from peerlearn.review import actions as review
from peerlearn.review import queries as reviewing
from peerlearn.review import rules as review_rules
from peerlearn.review.models import Assignment, Report, Review
from peerlearn.verification import keys
from tests import factories
from tests.factories import Walk
from tests.page import Client, Page

pytestmark = pytest.mark.security

SOURCE = "https://docs.example.org/matrix"
ROLES: dict[str, frozenset[str]] = {
    "employee": frozenset({accounts.EMPLOYEE}),
    "author": frozenset({accounts.EMPLOYEE}),
    "curator": frozenset({accounts.EMPLOYEE, accounts.CURATOR}),
    "other_curator": frozenset({accounts.EMPLOYEE, accounts.CURATOR}),
    "lead": frozenset({accounts.EMPLOYEE, accounts.LEAD}),
    "admin": frozenset({accounts.EMPLOYEE, accounts.ADMIN}),
    "auditor": frozenset({accounts.EMPLOYEE, accounts.AUDITOR}),
}
PRINCIPALS = ["guest", "suspended", *ROLES]
EVERYONE = frozenset(ROLES)

# Whose things these are: who gets in. The lesson in work is the author's, in review it is the curator's too.
THEIRS: dict[str, frozenset[str]] = {
    "lessons.": frozenset({"author"}),
    "review.": frozenset({"curator"}),
    "learn.answer": frozenset({"employee"}),
    "learn.question": frozenset({"employee"}),
    "learn.next_question": frozenset({"employee"}),
    "learn.open_hint": frozenset({"employee"}),
    "learn.overview": frozenset({"employee"}),
    "learn.hand_in": frozenset({"employee"}),
    "learn.result": frozenset({"employee"}),
    "practice.": frozenset({"employee"}),
    "inbox.open_notice": frozenset({"employee"}),
    "accounts.end_device": frozenset({"employee"}),
    "accounts.end_absence": frozenset({"employee"}),
    "review.accept": frozenset({"author"}),
    "review.advise": frozenset({"employee"}),
    "review.audit": frozenset({"curator", "admin"}),
    "review.judge": frozenset({"curator", "admin"}),
    "review.second_look": frozenset({"curator", "admin"}),
    "review.judge_approval": frozenset({"curator", "admin"}),
    "review.give_advice": frozenset({"employee"}),
    "review.try_quiz": frozenset({"employee"}),
    "review.decline_advice": frozenset({"employee"}),
    "review.answer": frozenset({"author"}),
    "review.lesson_reports": frozenset({"author"}),
    "review.standing": frozenset({"author", "curator"}),
    "review.stand": frozenset({"author", "curator"}),
    "verification.check": frozenset({"author", "curator"}),
    "verification.verify": frozenset({"author", "curator"}),
    "verification.who_carries_on": frozenset({"admin"}),
    "verification.name_owner": frozenset({"admin"}),
    "verification.source": frozenset({"author", "curator", "other_curator", "admin"}),
    "verification.tell_of_change": frozenset({"author", "curator", "other_curator", "admin"}),
    "review.appeal": frozenset({"author"}),
    "review.send_appeal": frozenset({"author"}),
    "lessons.history": frozenset({"author", "curator"}),
    "analysis.": frozenset({"author", "curator"}),
    "authors.lesson": frozenset({"author"}),
    "lessons.export_questions": frozenset({"author", "curator"}),
    "lessons.questions_file": frozenset({"author", "curator"}),
    "suggestions.show": frozenset({"author", "curator", "employee"}),
    "suggestions.accept": frozenset({"author", "curator", "employee"}),
    "suggestions.decline": frozenset({"author", "curator", "employee"}),
    "suggestions.withdraw": frozenset({"author", "curator", "employee"}),
}
# Who knows of a thing and may still not do this to it.
REFUSED = {
    ("analysis.foresee", "author"),  # what marks stored answers again takes a second person
    ("analysis.correct", "author"),
    ("analysis.follow_new_key", "author"),
    ("analysis.full_marks", "author"),
    ("analysis.leave_out", "author"),
    ("suggestions.accept", "employee"),  # nobody decides about their own words …
    ("suggestions.decline", "employee"),
    ("suggestions.withdraw", "author"),  # … and only they take them back
    ("suggestions.withdraw", "curator"),
}
# What a person must have done before: everybody else who passes the gate gets this answer.
AFTERWARDS: dict[str, tuple[frozenset[str], str]] = {
    "review.calibration": (
        frozenset({"curator", "other_curator"}),
        "404",
    ),  # who looks after topics, or prepares for it
    "learn.answer_pretest": (frozenset({"employee"}), "404"),  # who was drawn for one
    "learn.changes": (frozenset(), "404"),  # nobody here has learned an older text
    "learn.see_card": (frozenset({"employee"}), "404"),  # who began to read
    "learn.react": (frozenset(), "403"),  # nobody here has finished the quiz
    "learn.rate_own": (frozenset(), "404"),  # nobody here was asked an open question
    "requests.answer": (frozenset({"employee", "curator"}), "403"),  # who asked, takes it or looks after the topic
    "requests.close": (frozenset({"employee", "curator"}), "403"),
    "requests.give_back": (frozenset(), "403"),  # nobody here has taken it
    "points.appeal": (frozenset({"employee"}), "404"),  # whose points somebody decided about
    "suggestions.choose": (EVERYONE - {"author"}, "403"),
    "suggestions.write": (EVERYONE - {"author"}, "403"),
    "suggestions.send": (EVERYONE - {"author"}, "403"),
    "review.report": (EVERYONE - {"author"}, "403"),  # authors mend, they do not report
    "review.send_report": (EVERYONE - {"author"}, "403"),
}
OBJECTS = {
    "absence_id", "set_id", "item_id", "lesson_id", "revision_id", "review_id", "remark_id", "report_id", "attempt_id",
    "notice_id", "session_id", "flag_id", "edit_id", "look_id", "suggestion_id", "source_key", "trial_id",
}  # fmt: skip


@dataclass
class World:
    """Some of everything, and a browser for every principal."""

    app: Flask
    values: dict[str, Any] = field(default_factory=dict)
    special: dict[str, dict[str, Any]] = field(default_factory=dict)  # values that one endpoint needs
    browsers: dict[str, Client] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)


@pytest.fixture
def world(app: Flask) -> World:
    """A published lesson, one in review with a remark, a report, an open attempt, points, badges, notices."""
    topic, other = factories.topic(), factories.topic()
    author = factories.person("Author")
    people: dict[str, Person] = {
        "author": author,
        "suspended": factories.person("Suspended"),
        "curator": factories.person("Curator", roles=(("curator", topic.id),)),
        "other_curator": factories.person("Other", roles=(("curator", other.id),)),
        "lead": factories.person("Lead", roles=(("lead", author.team_id or 0),), team_id=author.team_id),
        "admin": factories.person("Admin", roles=(("admin", 0),)),
        "auditor": factories.person("Auditor", roles=(("auditor", 0),)),
    }
    published = factories.published_lesson(author, topic, front=factories.cites(SOURCE))
    people["employee"] = _drawn_for_a_pretest(published)
    walk = Walk(people["employee"], published.slug, clock.now())
    walk.read()
    attempt = walk.start().attempt
    lesson, waiting = factories.reviewed_lesson(author, topic)
    seen = reviewing.review_to_change(waiting.id, people["curator"])
    assert seen is not None
    review.claim(seen.review, by=people["curator"])
    refused, rejected = factories.reviewed_lesson(author, topic)
    unwanted = reviewing.review_to_change(rejected.id, people["curator"])
    assert unwanted is not None
    reasons = review.Judgement({}, {}, comment="We have a lesson about this already.")
    review.reject(unwanted.review, "duplicate", reasons, by=people["curator"])
    words = review.Words("note", review_rules.Place(), review.written("A remark for the matrix."))
    remark = review.remark(seen.review, words, by=people["curator"])
    _lesson, returned = factories.reviewed_lesson(author, topic)
    again = reviewing.review_to_change(returned.id, people["curator"])
    assert again is not None
    place = review_rules.Place(line_from=2, line_to=2)
    wish = review.Words("suggestion", place, review.written("Better so."), replacement="title: A better title")
    wished = review.remark(again.review, wish, by=people["curator"])
    review.remark(again.review, review.Words("blocking", place, review.written("Please.")), by=people["curator"])
    review.request_changes(again.review, factories.JUDGEMENT, by=people["curator"])
    person_id = people["employee"].id
    now = clock.now()
    base = {"person_id": person_id, "track": "xp", "rule": "L3", "rule_version": 1, "amount": 10, "at": now}
    day = {"day": now.date(), "is_workday": True, "reason": "", "detail": {}}
    rows = [
        LedgerEntry(**base, **day, source="matrix", entry_no=1),
        HeldEntry(**base, **(day | {"reason": "burst"}), source="held"),
        Award(person_id=person_id, badge=BADGES[0].slug, tier=1, rule_version=1, at=now),
        Notice(person_id=person_id, kind="points_released", source="m", data={"amount": 3}, at=now),
        Link(
            purpose="invitation",
            key_hash="x",
            email="new@example.org",
            created_by_id=people["admin"].id,
            expires_at=now,
            created_at=now,
        ),
        Report(
            lesson_id=published.id,
            revision_id=published.published_id,
            topic_id=topic.id,
            kind="wrong",
            text="A report.",
            reporter_id=person_id,
        ),
    ]
    asked_until = now + timedelta(days=2)
    rows.append(Assignment(review_id=waiting.id, person_id=person_id, part="peer", until=asked_until))
    small = factories.small_edit(published, author)
    drawn = factories.second_look(published)
    left = factories.left_behind(topic)
    gone = factories.merged(published)
    decided = day | {"by_id": people["curator"].id, "reason": "It was paid by mistake."}
    back = LedgerEntry(**(base | {"amount": -10}), **decided, source="matrix", entry_no=2)
    again = LedgerEntry(**(base | {"amount": -10}), **decided, source="matrix", entry_no=3)
    absence = Absence(person_id=person_id, first_day=now.date(), last_day=now.date() + timedelta(days=9))
    holiday = Holiday(day=now.date() + timedelta(days=9), name="Matrix day")
    daily_set, memory = factories.practised(person_id, attempt, topic.id)
    database.session.add_all([*rows, absence, holiday, daily_set, memory])
    database.session.flush()
    back.reverses_id = again.reverses_id = rows[0].id
    database.session.add_all([back, again])
    database.session.flush()
    appeal = PointAppeal(entry_id=again.id, person_id=person_id, text="It was not.")
    database.session.add(appeal)
    database.session.commit()
    grant_id, team_id = people["curator"].grants[0].id, author.team_id
    world = World(app)
    for name in PRINCIPALS:
        world.browsers[name] = browser = Client(app)
        if name != "guest":
            browser.sign_in(people[name])
        world.tokens[name] = browser.token()
    database.session.execute(update(Person).where(Person.id == people["suspended"].id).values(is_active=False))
    database.session.commit()
    own_session = select(Session.id).where(Session.person_id == person_id)
    asked, _ = requests.ask(title="What the matrix needs", why="", topic=topic, by=people["employee"])
    database.session.commit()
    wanted = factories.suggested(published, people["employee"], "A worked example", "One example")
    world.values = {
        "request_id": asked.id,
        "suggestion_id": wanted.id,
        "place": "card-1",
        "source_key": citing.key_of(SOURCE),
        "slug": published.slug,
        "lesson_id": lesson.id,
        "revision_id": database.session.scalar(select(Revision.id).where(Revision.lesson_id == lesson.id)),
        "review_id": waiting.id,
        "remark_id": remark.id,
        "report_id": rows[5].id,
        "attempt_id": attempt.id,
        "position": 1,
        "number": 1,
        "kind": "useful",
        "person_id": people["employee"].id,
        "team_id": team_id,
        "topic_id": topic.id,
        "notice_id": rows[3].id,
        "session_id": database.session.scalar(own_session),
        "absence_id": absence.id,
        "holiday_id": holiday.id,
        "grant_id": grant_id,
        "link_id": rows[4].id,
        "entry_id": rows[0].id,
        "held_id": rows[1].id,
        "appeal_id": appeal.id,
        "job_id": factories.failed_job().id,
        "trial_id": factories.tried_numbers(people["admin"]).id,
        "flag_id": factories.flagged(published, attempt).id,
        "set_id": daily_set.id,
        "edit_id": small.id,
        "look_id": drawn.id,
        "item_id": memory.item_id,
        "badge": BADGES[0].slug,
        "digest": "0" * 64,
        "key": "nobody-knows-this-key",
        "check_key": keys.key_for(published),
        "about": "password",
        "tab": "teams",
    }
    decided = database.session.scalar(select(Review.id).where(Review.revision_id == published.published_id))
    world.special = {
        "analysis.questions": {"lesson_id": published.id},
        "authors.lesson": {"lesson_id": published.id},
        "review.join": {"lesson_id": published.id},
        "review.merge": {"lesson_id": published.id},
        "review.unmerge": {"lesson_id": gone.id},
        "analysis.misconceptions": {"lesson_id": published.id},
        "accounts.take_role": {"person_id": people["curator"].id},
        "badges.badge": {"slug": BADGES[0].slug},
        "points.appeal": {"entry_id": back.id},
        "practice.topic": {"slug": topic.slug},
        "review.calibrate": {"review_id": decided},
        "review.rate_known": {"review_id": decided},
        "review.try_known": {"review_id": decided},
        "review.standing": {"lesson_id": published.id},
        "review.stand": {"lesson_id": published.id},
        "verification.check": {"lesson_id": published.id},
        "verification.verify": {"lesson_id": published.id},
        **{f"verification.{name}": {"lesson_id": left.id} for name in ("who_carries_on", "name_owner")},
        "review.appeal": {"lesson_id": refused.id},
        "review.send_appeal": {"lesson_id": refused.id},
        "review.accept": {"remark_id": wished.id},
        "review.answer": {"remark_id": wished.id},
    }
    return world


def _drawn_for_a_pretest(lesson: Lesson) -> Person:
    """An employee whom this lesson asks a question first: one in five, and always the same ones."""
    return next(person for person in map(factories.person, repeat("Employee")) if is_pretested(person.id, lesson.id))


def expected(endpoint: str, gate: Gate, names: frozenset[str], principal: str) -> str:
    """What must happen: "in", "sign-in", "403" or "404"."""
    if gate.kind == "public":
        return "in"
    if principal not in ROLES:
        return "sign-in"
    if gate.kind == "requires" and not accounts.permissions_of(ROLES[principal]) & set(gate.permissions):
        return "403"
    if names & OBJECTS:
        theirs = THEIRS.get(endpoint) or THEIRS.get(endpoint.split(".")[0] + ".")
        if (endpoint, principal) in REFUSED:
            return "403"
        if theirs is not None:
            return "in" if principal in theirs else "404"
    those, answer = AFTERWARDS.get(endpoint, (EVERYONE, ""))
    return "in" if principal in those else answer


def happened(page: Page) -> str:
    """What did happen, in the same words."""
    location = page.response.location or ""
    if page.status == 302 and location.startswith("/sign-in"):
        return "sign-in"
    if page.status in {403, 404}:
        return str(page.status)
    return "in" if page.status in {200, 301, 302, 304, 400, 409, 422, 429} else f"broken ({page.status})"


def doors(app: Flask) -> Iterator[tuple[Rule, str, Gate]]:
    """Each route with each of its methods and its gate."""
    for rule in app.url_map.iter_rules():
        gate = gate_of(app.view_functions[rule.endpoint])
        assert gate is not None
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            yield rule, method, gate


MISSING_BY_NATURE = {"lessons.media", "accounts.invitation", "accounts.new_password", "ui.file", "home.guide_page"}
SIGN_OUT = {"accounts.sign_out", "accounts.sign_out_everywhere"}  # lead to the sign-in page by their nature
GOES_AWAY = {
    "accounts.first_run",
    "accounts.outbox",
    "accounts.register",
    "operating.look",
}  # open while nobody, no SMTP …


def test_every_door_opens_for_those_it_should(world: World) -> None:
    connection = database._app_engines[world.app][None]
    wrong: list[str] = []
    for rule, method, gate in doors(world.app):
        if rule.endpoint in MISSING_BY_NATURE | GOES_AWAY or rule.endpoint in SIGN_OUT:
            continue
        known = world.values | world.special.get(rule.endpoint, {})
        values = {name: known[name] for name in rule.arguments if name in known}
        missing = rule.arguments - set(values) - {"version", "name"}
        assert not missing, f"{rule.endpoint}: say in the matrix what {missing} are"
        with world.app.test_request_context():
            url = rule.build(values | {"version": "x", "name": "x"}, append_unknown=False)[1]  # type: ignore[index]
        for principal in PRINCIPALS:
            database.session.remove()
            savepoint = connection.begin_nested()  # type: ignore[union-attr]
            browser = world.browsers[principal].twin()
            sent = {"data": {"csrf_token": world.tokens[principal]}} if method == "POST" else {}
            page = Page(browser.http.open(url, method=method, **sent))
            wanted = expected(rule.endpoint, gate, frozenset(rule.arguments), principal)
            if happened(page) != wanted:
                wrong.append(f"{method} {rule.endpoint} as {principal}: {happened(page)}, not {wanted}")
            database.session.remove()
            savepoint.rollback()
    assert not wrong, "\n".join(wrong)


def test_unsafe_routes_refuse_a_missing_or_foreign_token(world: World) -> None:
    foreign = Client(world.app)
    token = foreign.token("/sign-in")
    for rule, method, _gate in doors(world.app):
        if method != "POST":
            continue
        values = {name: world.values.get(name, "x") for name in rule.arguments}
        with world.app.test_request_context():
            url = rule.build(values, append_unknown=False)[1]  # type: ignore[index]
        for data in ({}, {"csrf_token": token}):
            status = world.browsers["admin"].http.post(url, data=data).status_code
            assert status == 400, f"{rule.endpoint} answers {status} without a token of its own"


def test_an_unknown_id_and_a_foreign_one_look_alike(world: World) -> None:
    browser = world.browsers["employee"]
    pairs = [
        (f"/write/{world.values['lesson_id']}", "/write/999999"),
        ("/attempts/999998", "/attempts/999999"),
    ]
    for foreign, unknown in pairs:
        pages = [browser.get(url, status=404) for url in (foreign, unknown)]
        bodies = [page.text.replace(page.csrf_token, "") for page in pages]
        assert bodies[0].replace(foreign, "") == bodies[1].replace(unknown, "")
