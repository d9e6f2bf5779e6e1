"""A source of lessons changed: whoever knows it says so, and every lesson that cites it is to be read again."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import func, select

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import ask
from peerlearn.core.deeds import deed, publish
from peerlearn.core.errors import NotValid
from peerlearn.core.upsert import insert_into
from peerlearn.core.words import N_
from peerlearn.lessons import citing, sharing, showing
from peerlearn.review import standing
from peerlearn.verification import rules, sources
from peerlearn.verification.events import SourceChanged
from peerlearn.verification.models import SourceChange

ENOUGH = N_("You told of many changes today. Please go on tomorrow, or ask a curator.")


def insist_on_pace(by: Person) -> None:
    """Raise NotValid where somebody who looks after no topic told of many changes within a day."""
    if sources.looks_after_all(by):
        return
    since = clock.now() - timedelta(days=1)
    told = select(func.count()).where(SourceChange.by_id == by.id, SourceChange.at > since)
    if ask(told).scalar_one() >= rules.POLICY.changes_a_day:
        raise NotValid(fields={"changed_on": [ENOUGH]})


@deed
def tell(link: str, changed_on: date, note: str, *, by: Person) -> int | None:
    """What is at this address changed on that day: how many lessons are to be read again.

    None where it was told before: then nothing happens.
    """
    note = sharing.line(note, "note")
    problems = {
        "changed_on": rules.change_problem(changed_on, clock.today(clock.organisation_zone())),
        "note": rules.note_problem(note),
    }
    if any(problems.values()):
        raise NotValid(fields={name: [problem] for name, problem in problems.items() if problem})
    key = citing.key_of(link)
    found = sources.owners_citing(key)
    if not found:
        return 0
    change_id = _remember(key, changed_on, note, by)
    if change_id is None:
        return None
    ids = [lesson_id for lesson_id, _ in found]
    showing.doubt(ids)
    standing.note_all("source_changed", ids, " · ".join(filter(None, (link, str(changed_on), note))), by=by)
    for lesson_id, owner_id in found:
        publish(SourceChanged(change_id, lesson_id, owner_id, str(changed_on), citing.short(link)), by=by)
    return len(found)


def _remember(key: str, changed_on: date, note: str, by: Person) -> int | None:
    row = {"key": key, "changed_on": changed_on, "note": note, "by_id": by.id, "at": clock.now()}
    adding = insert_into(SourceChange).values(row).on_conflict_do_nothing().returning(SourceChange.id)
    found: int | None = ask(adding).scalar()
    return found
