"""Suggesting other words, taking them over, declining them, taking them back. None of it commits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from peerlearn.accounts import actions as accounts
from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.core.deeds import deed, publish
from peerlearn.core.errors import Conflict, NotValid, TooMany
from peerlearn.core.text import clean_block
from peerlearn.core.words import N_
from peerlearn.lessons import actions as lessons
from peerlearn.lessons import checking, crediting, fileformat, lint, sharing
from peerlearn.lessons import queries as lesson_queries
from peerlearn.lessons import rules as lesson_rules
from peerlearn.lessons.actions import Prepared
from peerlearn.lessons.models import Lesson, Revision
from peerlearn.quizzes.problem import Problem
from peerlearn.review import taking_over
from peerlearn.suggestions import patching, queries, rules
from peerlearn.suggestions.access import Suggestable
from peerlearn.suggestions.events import SuggestionAccepted, SuggestionDeclined, SuggestionMade
from peerlearn.suggestions.models import Suggestion
from peerlearn.suggestions.queries import Found
from peerlearn.suggestions.rules import AUTHOR, POLICY, Place, State

NOTHING_NEW = N_("This is what stands there now. Change something first.")
TOO_LONG = N_("Please keep it under 8,000 characters.")
WHY_TOO_LONG = N_("Please keep it under 500 characters.")
TOO_MANY_TODAY = N_("That was a lot of suggestions for one day. Thank you: please go on tomorrow.")
TOO_MANY_WAITING = N_(
    "%(most)s of your suggestions wait for an answer. Please wait for some of them, or take one back."
)
CHANGED_SINCE = N_("The text at this place has changed since, so the two do not fit together by themselves.")
IN_REVIEW = N_("Your new revision is in review. Withdraw it first, or come back when it is decided.")
DECIDED = N_("Somebody decided about this suggestion a moment ago, or it was taken back.")


class Changed(Conflict):
    """Whoever decides has read other words than those that stand there now."""

    default = N_("The suggestion was changed since you opened this page. Please read what it says now, then decide.")


@dataclass(frozen=True)
class Words:
    """A suggestion before it is stored: the whole card or question as it should be, and why."""

    new: str
    why: str = ""
    is_named: bool = False


def check(here: Suggestable, place: Place, words: Words) -> None:
    """Refuse what could never stand in the lesson; may take a moment. Raises NotValid."""
    text, old = clean_block(words.new).strip("\n"), patching.text_at(here.file, place)
    if len(text) > POLICY.text_maximum:
        raise NotValid(TOO_LONG, {"new": [TOO_LONG]})
    if len(words.why) > POLICY.why_maximum:
        raise NotValid(WHY_TOO_LONG, {"why": [WHY_TOO_LONG]})
    sharing.words(words.why, "why")
    whole = patching.patched(here.source, place, text)
    if patching.text_at(fileformat.parse(whole), place) == old:
        raise NotValid(NOTHING_NEW, {"new": [NOTHING_NEW]})
    found = _errors(lessons.prepare(here.lesson, whole))
    if found:
        known = {problem.code for problem in _errors(lessons.prepare(here.lesson, here.source))}
        fresh = next((problem for problem in found if problem.code not in known), None)
        if fresh is not None:
            raise NotValid(fresh.said.what, {"new": list(fresh.said)}, **dict[str, object](fresh.values))


def _errors(prepared: Prepared) -> list[Problem]:
    return [problem for problem in prepared.problems if problem.level == "error"]


@deed
def suggest(here: Suggestable, place: Place, words: Words, *, by: Person) -> Suggestion:
    """Suggest other words for a card or question; `check` has passed. What one suggested there before is replaced."""
    lesson = here.lesson
    old = patching.text_at(here.file, place) or ""
    whole = patching.patched(here.source, place, clean_block(words.new).strip("\n"))
    values = {
        "revision_id": lesson.published_id,
        "old": old,
        "new": patching.text_at(fileformat.parse(whole), place) or "",
        "why": sharing.words(words.why, "why"),
        "is_named": words.is_named,
    }
    db.session.execute(select(Person.id).where(Person.id == by.id).with_for_update())
    mine = queries.own_waiting(by.id, lesson.id).get(str(place))
    if mine is not None:
        with accounts.storing():
            for name, value in values.items():
                setattr(mine, name, value)
        return mine
    _count(by)
    row = Suggestion(lesson_id=lesson.id, place=str(place), suggester_id=by.id, **values)
    with accounts.storing():
        db.session.add(row)
    publish(SuggestionMade(row.id, lesson.id, tuple(author.person_id for author in lesson.authors)), by=by)
    return row


def _count(by: Person) -> None:
    """Hold a person to the suggestions of a day, and to those that wait; their row is locked meanwhile."""
    today = clock.today(by.timezone)
    made = queries.made_since(by.id, clock.start_of_day(today, by.timezone))
    if rules.are_too_many_waiting(made.waiting, is_unbounded=made.is_unbounded, policy=POLICY):
        raise TooMany(TOO_MANY_WAITING, most=POLICY.waiting_maximum)
    if made.lately >= POLICY.a_day:
        tomorrow = clock.start_of_day(today + timedelta(days=1), by.timezone)
        raise TooMany(TOO_MANY_TODAY, retry_after=int((tomorrow - clock.now()).total_seconds()) + 1)


@dataclass(frozen=True)
class Target:
    """What a suggestion is taken over into: the authors' own newest text, or what readers see."""

    lesson: Lesson
    source: str
    draft: Revision | None  # the one that authors are writing


def target_of(found: Found) -> Target:
    """The newest text as whoever decides may know it: a curator never sees a draft."""
    lesson = queries.lesson_to_change(found.suggestion.lesson_id)
    assert lesson is not None
    draft = lesson_queries.open_revision(lesson.id) if AUTHOR in found.visitor.parts else None
    return Target(lesson, draft.source if draft else queries.source_of(lesson.published_id or 0), draft)


def place_of(suggestion: Suggestion) -> Place:
    """The card or question a suggestion is about."""
    place = Place.read(suggestion.place)
    assert place is not None
    return place


def whole_text(found: Found, target: Target, by_hand: str | None = None) -> str:
    """The lesson file with the suggestion in it. `by_hand` is what somebody made of both. Raises Conflict, NotValid."""
    suggestion = found.suggestion
    base, place = suggestion.revision.source, place_of(suggestion)
    if by_hand is not None:
        here = patching.place_now(base, target.source, place)
        if here is None:
            raise Conflict(CHANGED_SINCE)
        return patching.patched(target.source, here, clean_block(by_hand).strip("\n"))
    whole = patching.fit(base, target.source, place, suggestion.new)
    if whole is None:
        raise Conflict(CHANGED_SINCE)
    return whole


def made_ready(found: Found, by_hand: str | None = None) -> Prepared | None:
    """What is slow about taking a suggestion over; None where the text goes into a draft as it is."""
    target = target_of(found)
    return None if target.draft else lessons.prepare(target.lesson, whole_text(found, target, by_hand))


@dataclass(frozen=True)
class Taken:
    """What became of a suggestion: where it went, whether readers see it, whether it waits for a curator now."""

    revision: Revision | None
    is_published: bool = False
    is_submitted: bool = False


@deed
def accept(
    found: Found,
    *,
    by: Person,
    seen: int | None = None,
    by_hand: str | None = None,
    prepared: Prepared | None = None,
) -> Taken:
    """Take a suggestion over. An author's goes where each new text of theirs goes, a curator's is live if it is small.

    `seen`: how often it was saved when somebody read it on a page. Raises Changed when it was saved since, Conflict
    when it does not fit any more, NotReady when the lesson cannot be published with it.
    """
    suggestion = found.suggestion
    _still_open(suggestion, seen)
    target = target_of(found)
    whole = whole_text(found, target, by_hand)
    is_new = whole != target.source
    if is_new and not target.draft and (prepared is None or prepared.given != whole):
        prepared = lessons.prepare(target.lesson, whole)
    taken = Taken(None)
    if is_new and AUTHOR in found.visitor.parts:
        taken = _into_draft(target, whole, prepared, by)
    elif is_new:
        assert prepared is not None
        writer = suggestion.suggester if by_hand is None else by
        revision = taking_over.take_over(target.lesson, prepared, writer=writer, by=by)
        is_published = revision.state == lesson_rules.State.PUBLISHED
        taken = Taken(revision, is_published=is_published, is_submitted=not is_published)
    db.session.execute(select(Person.id).where(Person.id == suggestion.suggester_id).with_for_update())
    earlier = queries.accepted_between(suggestion.suggester_id, by.id, clock.now() - POLICY.pair_span)
    _decide(suggestion, State.ACCEPTED, by)
    suggestion.accepted_into = taken.revision
    crediting.credit(suggestion.lesson_id, suggestion.suggester_id, is_named=suggestion.is_named)
    if is_new:
        wrote = suggestion.suggester_id if by_hand is None else by.id
        crediting.count_words(suggestion.lesson_id, wrote, target.source, whole)
    db.session.flush()
    publish(
        SuggestionAccepted(
            suggestion_id=suggestion.id,
            lesson_id=suggestion.lesson_id,
            suggester_id=suggestion.suggester_id,
            revision_id=taken.revision.id if taken.revision else None,
            author_ids=tuple(author.person_id for author in target.lesson.authors),
            is_published=taken.is_published,
            is_handed_in=taken.is_submitted and AUTHOR not in found.visitor.parts,
            is_content=is_new and rules.is_content(suggestion.old, suggestion.new),
            earlier=earlier,
        ),
        by=by,
    )
    return taken


def _into_draft(target: Target, whole: str, prepared: Prepared | None, by: Person) -> Taken:
    """Into the draft that is there; else into a new revision, which is handed in at once unless something blocks it."""
    if target.draft is not None:
        if not lesson_rules.is_editable(target.draft.state):
            raise Conflict(IN_REVIEW)
        return Taken(lessons.save_draft(target.draft, whole, base_version=target.draft.version, by=by))
    revision = lessons.revise(target.lesson, by=by)
    if prepared is None or lint.blocks(prepared.problems):
        return Taken(lessons.save_draft(revision, whole, base_version=revision.version, by=by))
    lessons.hand_in(revision, prepared, base_version=revision.version, by=by, checked=checking.ALL)
    return Taken(revision, is_submitted=revision.state == lesson_rules.State.SUBMITTED)


@deed
def decline(found: Found, reason: str, *, by: Person, seen: int | None = None) -> None:
    """Do not take a suggestion over, and say why in words that help."""
    reason = sharing.words(reason, "reason")
    problem = rules.reason_problem(reason)
    if problem:
        raise NotValid(problem, {"reason": [problem]})
    suggestion = found.suggestion
    _still_open(suggestion, seen)
    _decide(suggestion, State.DECLINED, by)
    suggestion.reason = reason
    publish(SuggestionDeclined(suggestion.id, suggestion.lesson_id, suggestion.suggester_id), by=by)


@deed
def withdraw(found: Found, *, by: Person) -> None:
    """Take one's own suggestion back."""
    _still_open(found.suggestion)
    with accounts.storing():
        found.suggestion.state = State.WITHDRAWN


def _still_open(suggestion: Suggestion, seen: int | None = None) -> None:
    """The row is locked and read again: whoever comes second hears so, and whoever has read other words."""
    db.session.refresh(suggestion, ["state", "saves"], with_for_update=True)
    if suggestion.state != State.OPEN:
        raise Conflict(DECIDED)
    if seen not in {None, suggestion.saves}:
        raise Changed()


def _decide(suggestion: Suggestion, state: State, by: Person) -> None:
    suggestion.state, suggestion.decided_at = state, clock.now()
    suggestion.decided_by, suggestion.decided_by_id = by, by.id
