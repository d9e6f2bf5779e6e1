"""What an attacker finds: some of everything, a browser for every role, and every address there is."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any

from flask import Flask
from sqlalchemy import Dialect, Table, func, literal, select, union_all

from peerlearn.accounts.models import Absence, Holiday, Link, Person, Session
from peerlearn.badges.models import Award
from peerlearn.badges.rules import BADGES
from peerlearn.core import clock
from peerlearn.core.db import Base
from peerlearn.core.db import db as database
from peerlearn.inbox.models import Notice
from peerlearn.lessons import citing
from peerlearn.lessons.models import Revision
from peerlearn.points.models import HeldEntry, LedgerEntry, PointAppeal
from peerlearn.requests import actions as requests
from peerlearn.review import actions as review
from peerlearn.review import queries as reviewing
from peerlearn.review import rules as review_rules
from peerlearn.review.models import Assignment, Report, Review
from peerlearn.verification import keys
from tests import factories
from tests.factories import Walk
from tests.page import Client

SOURCE = "https://docs.example.org/scene"
DEAD_LINKS = {"invitation": "k" * 20, "reset": "r" * 20}
LEAVES = {"accounts.sign_out", "accounts.sign_out_everywhere"}


@dataclass
class Scene:
    """Some of everything, and a browser for every role."""

    app: Flask
    values: dict[str, Any] = field(default_factory=dict)
    special: dict[str, dict[str, Any]] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    browsers: dict[str, Client] = field(default_factory=dict)

    def urls(self, method: str = "GET") -> Iterator[tuple[str, str]]:
        """Each route of a method with an address that exists: (endpoint, address)."""
        for rule in self.app.url_map.iter_rules():
            if method not in (rule.methods or ()):
                continue
            known = self.values | self.special.get(rule.endpoint, {})
            values = {name: known[name] for name in rule.arguments}
            with self.app.test_request_context():
                built = rule.build(values, append_unknown=False)
            assert built is not None
            yield rule.endpoint, built[1]


def build(app: Flask, **lessons: Any) -> Scene:
    """A published lesson, one in review with remarks, a report, an open attempt, points, badges, notices, links.

    `lessons` says what is special about their texts, as `factories.lesson_text` takes it.
    """
    topic, other = factories.topic(), factories.topic()
    author = factories.person("Author Ash")
    people = {
        "author": author,
        "employee": factories.person("Employee Elm"),
        "curator": factories.person("Curator Cedar", roles=(("curator", topic.id),)),
        "other": factories.person("Other Oak", roles=(("curator", other.id),)),
        "lead": factories.person("Lead Larch", roles=(("lead", author.team_id or 0),), team_id=author.team_id),
        "admin": factories.person("Admin Alder", roles=(("admin", 0),)),
        "auditor": factories.person("Auditor Aspen", roles=(("auditor", 0),)),
    }
    now = clock.now()
    published = factories.published_lesson(author, topic, front=factories.cites(SOURCE), **lessons)
    walk = Walk(people["employee"], published.slug, now)
    walk.read()
    attempt = walk.start().attempt
    lesson, waiting = factories.reviewed_lesson(author, topic, **lessons)
    draft, returned = factories.reviewed_lesson(author, topic, **lessons)
    seen, again = (reviewing.review_to_change(one.id, people["curator"]) for one in (waiting, returned))
    assert seen is not None
    assert again is not None
    review.claim(seen.review, by=people["curator"])
    words = review.Words("note", review_rules.Place(), review.written("A remark to look at."))
    remark = review.remark(seen.review, words, by=people["curator"])
    place = review_rules.Place(line_from=2, line_to=2)
    wish = review.Words("suggestion", place, review.written("Better so."), replacement="title: A better title")
    wished = review.remark(again.review, wish, by=people["curator"])
    review.remark(again.review, review.Words("blocking", place, review.written("Please.")), by=people["curator"])
    review.request_changes(again.review, factories.JUDGEMENT, by=people["curator"])
    person_id = people["employee"].id
    base = {"person_id": person_id, "track": "xp", "rule": "L3", "rule_version": 1, "amount": 10, "at": now}
    day = {"day": now.date(), "is_workday": True, "reason": "", "detail": {}}
    entry = LedgerEntry(**base, **day, source="scene", entry_no=1)
    held = HeldEntry(**base, **(day | {"reason": "burst"}), source="held")
    notice = Notice(person_id=person_id, kind="points_released", source="m", data={"amount": 3}, at=now)
    report = Report(
        lesson_id=published.id,
        revision_id=published.published_id,
        topic_id=topic.id,
        kind="wrong",
        text="A report.",
        reporter_id=person_id,
    )
    later = now + timedelta(days=1)
    links = [
        Link(
            purpose=purpose,
            key_hash=hashlib.sha256(key.encode()).hexdigest(),
            email="new@example.org" if purpose == "invitation" else people["lead"].email_key,
            person_id=None if purpose == "invitation" else people["lead"].id,
            created_by_id=people["admin"].id,
            expires_at=later,
        )
        for purpose, key in DEAD_LINKS.items()
    ]
    award = Award(person_id=person_id, badge=BADGES[0].slug, tier=1, rule_version=1, at=now)
    absence = Absence(person_id=person_id, first_day=now.date(), last_day=now.date() + timedelta(days=9))
    holiday = Holiday(day=now.date() + timedelta(days=9), name="Scene day")
    daily_set, memory = factories.practised(person_id, attempt, topic.id)
    small = factories.small_edit(published, author)
    drawn = factories.second_look(published)
    gone = factories.merged(published)
    wanted = Assignment(review_id=waiting.id, person_id=person_id, part="peer", until=later)
    database.session.add(wanted)
    database.session.add_all([entry, held, notice, report, award, absence, holiday, daily_set, memory, *links])
    database.session.flush()
    decided = base | day | {"amount": -10, "by_id": people["curator"].id, "reverses_id": entry.id, "source": "scene"}
    back, again = (LedgerEntry(**decided, entry_no=number) for number in (2, 3))
    database.session.add_all([back, again])
    database.session.flush()
    appeal = PointAppeal(entry_id=again.id, person_id=person_id, text="It was not so.")
    database.session.add(appeal)
    database.session.commit()
    grant_id, team_id, curator_id = people["curator"].grants[0].id, author.team_id, people["curator"].id
    asked, _ = requests.ask(title="What the scene needs", why="", topic=topic, by=people["employee"])
    database.session.commit()
    wanted = factories.suggested(published, people["employee"], "A worked example", "One example", why="It is one.")
    values = {
        "request_id": asked.id,
        "suggestion_id": wanted.id,
        "place": "card-1",
        "source_key": citing.key_of(SOURCE),
        "slug": published.slug,
        "lesson_id": lesson.id,
        "review_id": waiting.id,
        "remark_id": remark.id,
        "report_id": report.id,
        "attempt_id": attempt.id,
        "notice_id": notice.id,
        "absence_id": absence.id,
        "holiday_id": holiday.id,
        "set_id": daily_set.id,
        "edit_id": small.id,
        "look_id": drawn.id,
        "item_id": memory.item_id,
        "flag_id": factories.flagged(published, attempt).id,
        "link_id": links[0].id,
        "entry_id": entry.id,
        "held_id": held.id,
        "appeal_id": appeal.id,
        "job_id": factories.failed_job().id,
        "trial_id": factories.tried_numbers(people["admin"]).id,
        "topic_id": topic.id,
    }
    mine, wish_id = {"lesson_id": draft.id}, {"remark_id": wished.id}
    scene = Scene(app, people=people)
    for name, who in people.items():
        scene.browsers[name] = Client(app)
        scene.browsers[name].sign_in(who)
    scene.browsers["guest"] = Client(app)
    newest = select(Revision.id).where(Revision.lesson_id == values["lesson_id"])
    scene.values = values | {
        "revision_id": database.session.scalar(newest),
        "session_id": database.session.scalar(select(Session.id).where(Session.person_id == person_id)),
        "position": 1,
        "number": 1,
        "kind": "useful",
        "person_id": person_id,
        "team_id": team_id,
        "grant_id": grant_id,
        "badge": BADGES[0].slug,
        "digest": "0" * 64,
        "key": DEAD_LINKS["invitation"],
        "check_key": keys.key_for(published),
        "about": "password",
        "tab": "teams",
        "version": app.extensions["assets"].version,
        "name": "ui/app.js",
    }
    left = factories.left_behind(topic)
    decided = database.session.scalar(select(Review.id).where(Review.revision_id == published.published_id))
    scene.special = {
        **{f"review.{name}": {"review_id": decided} for name in ("calibrate", "rate_known", "try_known")},
        "accounts.take_role": {"person_id": curator_id},
        "accounts.new_password": {"key": DEAD_LINKS["reset"]},
        "badges.badge": {"slug": BADGES[0].slug},
        "points.appeal": {"entry_id": back.id},
        "practice.topic": {"slug": topic.slug},
        "home.guide_page": {"slug": "accessibility"},
        "authors.lesson": {"lesson_id": published.id},
        **{f"review.{name}": {"lesson_id": published.id} for name in ("join", "merge")},
        "review.unmerge": {"lesson_id": gone.id},
        **{f"verification.{name}": {"lesson_id": published.id} for name in ("check", "verify")},
        **{f"verification.{name}": {"lesson_id": left.id} for name in ("who_carries_on", "name_owner")},
        "review.accept": wish_id,
        "review.answer": wish_id,
        **{f"lessons.{name}": mine for name in ("edit", "save", "show", "submit", "question", "add_question")},
        **{f"lessons.{name}": mine for name in ("question_form", "question_text", "discard", "pictures")},
        **{f"lessons.{name}": mine for name in ("add_picture", "authors", "export", "history", "settle", "split")},
        "lessons.audience": mine,
    }
    return scene


@cache
def readings(dialect: Dialect) -> tuple[tuple[Table, str], ...]:
    """Every table with the text of the statement that reads all of it: asked a thousand times, it is made once."""
    ordered = ((table, select(table).order_by(*table.primary_key.columns)) for table in Base.metadata.sorted_tables)
    return tuple((table, str(statement.compile(dialect=dialect))) for table, statement in ordered)


def rows() -> Iterator[tuple[Table, Sequence[Any]]]:
    """Every table with all its rows, as the database has them."""
    database.session.expire_all()
    connection = database.session.connection()
    for table, reading in readings(connection.dialect):
        yield table, connection.exec_driver_sql(reading).all()


def everything() -> dict[str, str]:
    """A checksum of every table."""
    return {table.name: hashlib.sha256(repr(found).encode()).hexdigest() for table, found in rows()}


def changed(before: dict[str, str]) -> set[str]:
    """The tables whose rows are not what they were."""
    return {name for name, digest in everything().items() if digest != before[name]}


def counted() -> dict[str, int]:
    """How many rows each table has."""
    counts = (select(literal(table.name), func.count()).select_from(table) for table in Base.metadata.sorted_tables)
    return dict(map(tuple, database.session.execute(union_all(*counts))))


def snapshot() -> dict[tuple[str, Any], dict[str, Any]]:
    """Every row of every table by its key."""
    found = {}
    for table, own in rows():
        names = [column.name for column in table.columns]
        keys = [names.index(column.name) for column in table.primary_key.columns]
        for row in own:
            found[table.name, tuple(row[key] for key in keys)] = dict(zip(names, row, strict=True))
    return found
