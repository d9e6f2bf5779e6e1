"""The day's questions by mail: to those who asked for it, on their workdays, once a day, and never an empty one.

It comes in the morning of their own zone. The set is drawn when the mail is written, so that each question has a link
of its own; no clock runs before its link is followed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from flask import current_app, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from peerlearn.accounts import queries as accounts
from peerlearn.accounts.models import Person
from peerlearn.core import clock, mail
from peerlearn.core.errors import Conflict
from peerlearn.practice import actions, queries
from peerlearn.quizzes.exchange.report import title_of
from peerlearn.quizzes.kinds.registry import kind_of
from peerlearn.quizzes.question import Question

_PAGE = 200
MORNING = range(6, 12)  # local hours: who was not reached by noon is not woken at night


def subscribers(moment: datetime) -> Iterator[int]:
    """People who want a mail, for whom it is morning now, and who got none today; in the order of their ids."""
    zones = mornings(moment, queries.zones_by_mail())
    after = 0
    while page := queries.by_mail(zones, after, _PAGE):
        yield from page
        after = page[-1]


def mornings(moment: datetime, zones: Iterable[str]) -> dict[date, set[str]]:
    """The zones in which it is morning, by what date it is there."""
    found: dict[date, set[str]] = {}
    for name in zones:
        there = moment.astimezone(clock.zone(name))
        if there.hour in MORNING:
            found.setdefault(there.date(), set()).add(name)
    return found


def prepare(person_id: int) -> mail.Mail | None:
    """Draw a person's set and write the mail, once a day; None without a question. Store it before it is sent."""
    person = accounts.person_by_id(person_id)
    choice = queries.choice_of(person) if person else None
    if person is None or choice is None:
        return None
    today = clock.today(person.timezone)
    start = queries.start_of(person, today)
    standing = queries.standing(person.id, today, start.due_until(today))
    if choice.mailed_on == today or standing.is_done or not start.calendar.is_workday(today):
        return None
    try:
        set_id = actions.start_set(by=person, asks=False)
    except Conflict:  # nothing to ask
        return None
    choice.mailed_on = today
    return _written(person, set_id)


def _written(person: Person, set_id: int) -> mail.Mail:
    sitting = queries.sitting(set_id, person.id)
    assert sitting is not None
    base = current_app.config["SETTINGS"].base_url
    questions = [
        (
            _asked(Question.from_json(row.version.body)),
            base + url_for("practice.one_question", set_id=set_id, position=row.position),
        )
        for row in sitting.questions
        if row.answered_at is None
    ]
    text = render_template(
        "practice/mail/daily.txt",
        name=person.name,
        questions=questions,
        settings=base + url_for("practice.settings"),
    )
    subject = ngettext("%(num)d question for today", "%(num)d questions for today", len(questions))
    return mail.Mail(person.email, subject, text)


def _asked(question: Question) -> str:
    """What a question asks, on a line of its own; of one that is all picture, its kind."""
    return title_of(question.stem) or _(kind_of(question).title)
