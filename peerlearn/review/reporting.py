"""What readers report, and what curators answer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from peerlearn.accounts.models import Person
from peerlearn.analysis import actions as analysis
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.core.deeds import deed, publish
from peerlearn.core.errors import Conflict, NotAllowed, NotFound, NotValid, TooMany
from peerlearn.core.words import N_
from peerlearn.lessons import sharing
from peerlearn.lessons.models import Lesson
from peerlearn.review import flags, queries, rules, weighing
from peerlearn.review.actions import Written
from peerlearn.review.events import ProblemReported, ReportDeclined, ReportUpheld
from peerlearn.review.models import Report
from peerlearn.review.queries import Reported
from peerlearn.review.rules import POLICY

OWN_LESSON = N_("This is your lesson: you can change it yourself. A new revision goes to review.")
ANSWERED = {
    "upheld": N_("%(name)s agreed with this report already."),
    "declined": N_("%(name)s answered this report already."),
}


NOTHING = Written("", "")


@dataclass(frozen=True)
class Problem:
    """What a reader reports before it is stored: a kind, a place (a card, a question or the whole) and words."""

    kind: str
    card: int | None = None
    question: str | None = None
    text: Written = NOTHING
    hide_name: bool = False


@deed
def report(lesson: Lesson, problem: Problem, *, by: Person) -> Report:
    """Tell the curators of a lesson's topic that something is wrong. The same report sent twice is one."""
    revision = lesson.published
    if revision is None:
        raise NotFound()
    if any(author.person_id == by.id for author in lesson.authors):
        raise NotAllowed(OWN_LESSON)
    wrong = rules.report_problem(problem.kind, problem.card, len(revision.cards), problem.text.text)
    if wrong:
        raise NotValid(wrong[1], fields={wrong[0]: [wrong[1]]})
    item_id = queries.item_id_of(revision.quiz_id, problem.question) if problem.question else None
    if problem.question and item_id is None:
        raise NotValid(rules.NO_PLACE, fields={"place": [rules.NO_PLACE]})
    row = Report(
        lesson_id=lesson.id,
        revision_id=revision.id,
        topic_id=lesson.topic_id,
        item_id=item_id,
        card=problem.card,
        kind=problem.kind,
        text=problem.text.text,
        html=problem.text.html,
        reporter_id=by.id,
        hide_name=problem.hide_name,
    )
    reader = _count(lesson, by)
    twin = queries.open_twin(row)
    if twin is not None:
        return twin
    if problem.kind in flags.HARMFUL:
        row.weight = weighing.weight_of(by, lesson.topic_id, reader)
    db.session.add(row)
    db.session.flush()
    if item_id and revision.quiz_id:
        analysis.note_report(item_id, revision.quiz_id, by=by)
    publish(ProblemReported(row.id, lesson.id, lesson.topic_id, row.kind), by=by)
    weighing.hide_if_needed(row, lesson, reader)
    return row


@deed
def uphold(found: Reported, answer: str, *, by: Person) -> bool:
    """Agree with a report. Whether it lets a question rest: one that is wrong, until its key is decided about."""
    row = _decide(found, "upheld", answer, by)
    publish(ReportUpheld(row.id, row.lesson_id, row.reporter_id, queries.is_first(row)), by=by)
    return row.item_id is not None and row.kind == "wrong" and analysis.doubt(row.item_id, row.revision_id)


@deed
def decline(found: Reported, answer: str, *, by: Person) -> None:
    """Answer a report one does not agree with, in words that help."""
    problem = rules.text_problem(answer)
    if problem:
        raise NotValid(problem, fields={"answer": [problem]})
    row = _decide(found, "declined", answer, by)
    if row.item_id:
        analysis.drop_report(row.item_id, row.reporter_id)
    publish(ReportDeclined(row.id, row.lesson_id, row.reporter_id), by=by)


def _decide(found: Reported, state: str, answer: str, by: Person) -> Report:
    row = found.report
    db.session.refresh(row, ["state", "decided_by_id", "version"], with_for_update=True)
    now_found = queries.report_by_id(row.id, by)
    if now_found is None or not now_found.is_theirs or not by.may("decide_reports"):
        raise NotFound()
    refused = rules.report_refusal(had_a_hand=now_found.had_a_hand, is_reporter=row.reporter_id == by.id)
    if refused:
        raise NotAllowed(refused)
    if row.state != "open":
        raise Conflict(ANSWERED[row.state], name=queries.name_of(row.decided_by_id))
    answer = sharing.words(answer, "answer")
    if len(answer) > POLICY.reason_maximum:
        problem = N_("Please keep it under 2,000 characters.")
        raise NotValid(problem, fields={"answer": [problem]})
    row.decided_by, row.decided_by_id = by, by.id
    row.state, row.answer, row.decided_at = state, answer, clock.now()
    return row


def _count(lesson: Lesson, by: Person) -> weighing.Reader:
    """Hold a person to the reports of a day; the person's row is locked so that many at once count one by one."""
    db.session.execute(select(Person.id).where(Person.id == by.id).with_for_update())
    reader, today = weighing.reader_of(by, lesson), clock.today(by.timezone)
    if reader.today >= POLICY.reports_a_day:
        tomorrow = clock.start_of_day(today + timedelta(days=1), by.timezone)
        raise TooMany(
            N_("That was a lot of reports for one day. Thank you: please go on tomorrow."),
            retry_after=int((tomorrow - clock.now()).total_seconds()) + 1,
        )
    return reader


def without_gaps(stem: str) -> str:
    """The words of a question, the gaps of a cloze text shown as dots."""
    return re.sub(r"\{\{\d+\}\}", "…", stem)
