"""What is looked at afterwards: small edits that went live at once, and approvals that are read twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from heapq import merge
from typing import Any

from sqlalchemy import ColumnElement, func, null, or_, select
from sqlalchemy.orm import joinedload
from sqlalchemy.sql.base import ExecutableOption

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.core.deeds import deed, publish
from peerlearn.core.errors import Conflict, NotAllowed, NotFound, NotValid
from peerlearn.core.events import Event
from peerlearn.core.paging import PAGE, Page, key_from, page_of
from peerlearn.core.words import N_
from peerlearn.lessons import sharing, visibility
from peerlearn.lessons.models import Lesson, LessonAuthor, Revision
from peerlearn.lessons.queries import of_topics
from peerlearn.review import conflicts, impartiality, pace, queries, rules, trust, twice
from peerlearn.review.conflicts import ME
from peerlearn.review.desks import Desk
from peerlearn.review.events import AuditFailed, SecondLookFailed
from peerlearn.review.impartiality import Closeness
from peerlearn.review.models import Review, SecondLook, StandingAct, TrustedEdit
from peerlearn.review.queries import NAME, TITLE

DECIDED = N_("Somebody looked at this already.")
APPROVED = N_("You let this go live: another curator looks at it again.")
SENTENCES = impartiality.SENTENCES | {Closeness.APPROVED: APPROVED}


@dataclass(frozen=True)
class _Submission:
    """What closeness asks of a review."""

    lesson_id: Any
    revision_id: Any
    appeal_of_id: Any
    first_approved_by_id: Any
    submitted_at: Any


@dataclass(frozen=True, eq=False)
class Kind:
    """One kind of what is looked at: where it is kept, which of it are looked at, and what may be found."""

    model: Any
    is_chosen: ColumnElement[bool]
    submission: _Submission
    verdicts: Mapping[str, str]
    act: str  # in the history, before the verdict
    listed: tuple[ExecutableOption, ...]  # what a list shows of it
    shown: tuple[ExecutableOption, ...]  # what its page shows besides
    failed: Callable[[Any], Event]


def _edit_failed(edit: TrustedEdit) -> Event:
    return AuditFailed(edit.id, edit.lesson_id, edit.accepted_by_id or edit.person_id)


def _approval_failed(look: SecondLook) -> Event:
    authors = db.session.scalars(select(LessonAuthor.person_id).where(LessonAuthor.lesson_id == look.lesson_id))
    return SecondLookFailed(look.id, look.review_id, look.lesson_id, look.approved_by_id, tuple(authors))


def _of_review(column: Any) -> Any:
    """What is kept of the review whose approval is looked at again."""
    return select(column).where(Review.id == SecondLook.review_id).correlate(SecondLook).scalar_subquery()


EDIT = Kind(
    model=TrustedEdit,
    is_chosen=TrustedEdit.is_drawn.is_(True),
    submission=_Submission(
        TrustedEdit.lesson_id, TrustedEdit.revision_id, null(), TrustedEdit.accepted_by_id, TrustedEdit.at
    ),
    verdicts=trust.VERDICTS,
    act="audit",
    listed=(
        joinedload(TrustedEdit.lesson).options(TITLE),
        joinedload(TrustedEdit.person).options(NAME),
        joinedload(TrustedEdit.accepted_by).options(NAME),
    ),
    shown=(
        joinedload(TrustedEdit.base).load_only(Revision.source),
        joinedload(TrustedEdit.revision).load_only(Revision.source, Revision.number),
    ),
    failed=_edit_failed,
)
APPROVAL = Kind(
    model=SecondLook,
    is_chosen=SecondLook.id.is_not(None),  # what is not looked at again is not kept
    submission=_Submission(
        SecondLook.lesson_id,
        SecondLook.revision_id,
        _of_review(Review.appeal_of_id),
        SecondLook.approved_by_id,
        _of_review(Review.submitted_at),
    ),
    verdicts=trust.VERDICTS_AGAIN,
    act="again",
    listed=(joinedload(SecondLook.lesson).options(TITLE), joinedload(SecondLook.approved_by).options(NAME)),
    shown=(
        joinedload(SecondLook.revision),
        joinedload(SecondLook.review).load_only(Review.rubric, Review.claimed_at, Review.decided_at),
    ),
    failed=_approval_failed,
)
KINDS = (EDIT, APPROVAL)


@dataclass(frozen=True)
class Seen:
    """Something to look at as one person meets it."""

    kind: Kind
    look: Any
    refusal: str | None  # why they may not judge it
    reason: str | None = None  # what was said when it was judged

    @property
    def why(self) -> twice.Reason | None:
        """Why another curator looks at an approval again. Only those who may judge it are told."""
        is_told = self.kind is APPROVAL and self.refusal is None
        return twice.Reason(self.look.reason) if is_told else None


def _theirs(model: Any, topics: frozenset[int], stands_in: bool) -> ColumnElement[bool]:
    """Whether it is in one of these topics; administrators may look at all that is for everybody."""
    theirs = of_topics(topics, model.topic_id, model.lesson_id)
    for_all = select(Lesson.id).where(visibility.is_for_all())
    return or_(theirs, model.lesson_id.in_(for_all)) if stands_in else theirs


def _seen(kind: Kind, person: Person) -> Any:
    desk, model = Desk.of(person) or Desk(frozenset(), stands_in=False), kind.model
    said = select(StandingAct.reason).where(
        StandingAct.lesson_id == model.lesson_id,
        StandingAct.act == kind.act + "_" + model.state,
        StandingAct.actor_id == model.decided_by_id,
        StandingAct.at == model.decided_at,
    )
    return (
        select(
            model,
            queries.had_a_hand(person.id, model.lesson_id),
            _close(kind),
            said.limit(1).scalar_subquery(),
        )
        .where(kind.is_chosen, _theirs(model, desk.topics, desk.stands_in))
        .options(*kind.listed)
    )


@cache
def _close(kind: Kind) -> ColumnElement[str | None]:
    """What makes whoever asks too close."""
    return conflicts.closeness(ME, kind.submission, conflicts.BOUND)


def _as_met(kind: Kind, row: Any, person: Person) -> Seen:
    look, had_a_hand, closeness, reason = row
    close = Closeness(closeness) if closeness else None
    if close and person.may("stand_in") and close in impartiality.WAIVED:
        close = None
    refusal = rules.OWN if had_a_hand else SENTENCES[close] if close else None
    return Seen(kind, look, refusal, reason)


def to_look_at(person: Person, after: str | None = None, size: int = PAGE) -> Page[Seen]:
    """A page of what is to be looked at and nobody has looked at, the oldest first.

    Its key names the last of each kind.
    """
    reached = dict(zip(KINDS, _reached(after), strict=True))

    def of(kind: Kind) -> list[Seen]:
        waits = (kind.model.state == "live", kind.model.id > reached[kind])
        statement = _seen(kind, person).where(*waits).order_by(kind.model.id).limit(size + 1)
        return [_as_met(kind, row, person) for row in db.session.execute(statement, conflicts.about(person))]

    def key(last: Seen) -> str:
        shown = reached | {seen.kind: seen.look.id for seen in found[: found.index(last) + 1]}
        return ".".join(str(shown[kind]) for kind in KINDS)

    found = list(merge(*map(of, KINDS), key=lambda seen: seen.look.at))
    return page_of(found, key, size)


def _reached(key: str | None) -> tuple[int, ...]:
    """The last of each kind that a key names; what is no key names the beginning."""
    found = tuple(map(key_from, (key or "").split(".")))
    return tuple(number or 0 for number in found) if len(found) == len(KINDS) else (0,) * len(KINDS)


def to_see(kind: Kind, look_id: int, person: Person) -> Seen:
    """Something of one's topics that is looked at afterwards, with its texts."""
    statement = _seen(kind, person).where(kind.model.id == look_id).options(*kind.shown)
    row = db.session.execute(statement, conflicts.about(person)).first()
    if row is None:
        raise NotFound()
    return _as_met(kind, row, person)


def waiting(topics: frozenset[int], stands_in: bool, me: Any) -> ColumnElement[int]:
    """How much waits to be looked at, as part of a statement."""

    def of(kind: Kind, *conditions: ColumnElement[bool]) -> ColumnElement[int]:
        model = kind.model
        statement = (
            select(func.count(model.id))
            .where(kind.is_chosen, model.state == "live", _theirs(model, topics, stands_in))
            .where(~queries.had_a_hand(me, model.lesson_id), *conditions)
        )
        return statement.scalar_subquery()

    not_mine = or_(TrustedEdit.accepted_by_id.is_(None), TrustedEdit.accepted_by_id != me)
    return of(EDIT, not_mine) + of(APPROVAL, SecondLook.approved_by_id != me)


@deed
def judge(kind: Kind, look_id: int, verdict: str, reason: str, *, by: Person) -> None:
    """Say what one found. Nothing is hidden by it.

    Where a small edit was none, those of whoever let it go live are reviewed again for a while. Where a lesson should
    not have been published as it is, whoever approved it and its authors are told.
    """
    seen = to_see(kind, look_id, by)
    look = seen.look
    db.session.refresh(look, ["state"], with_for_update=True)
    if seen.refusal:
        raise NotAllowed(seen.refusal)
    if look.state != "live":
        raise Conflict(DECIDED)
    if verdict not in kind.verdicts:
        raise NotValid(N_("Choose what you found."), fields={"verdict": [N_("Choose what you found.")]})
    reason = sharing.words(reason, "reason")
    problem = rules.text_problem(reason) if verdict == "failed" else None
    if problem:
        raise NotValid(problem, fields={"reason": [problem]})
    if kind is APPROVAL:
        pace.insist(by)
    now = clock.now()
    look.state, look.decided_by_id, look.decided_at = verdict, by.id, now
    act = f"{kind.act}_{verdict}"
    db.session.add(StandingAct(lesson_id=look.lesson_id, actor_id=by.id, act=act, reason=reason, at=now))
    if verdict == "failed":
        publish(kind.failed(look), by=by)
