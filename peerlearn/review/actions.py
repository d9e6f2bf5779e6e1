"""What curators and authors do in a review. Every act is checked here again, whatever path led to it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from peerlearn.accounts.models import Person
from peerlearn.core import clock, markdown, text
from peerlearn.core.db import db
from peerlearn.core.deeds import deed, publish
from peerlearn.core.errors import Conflict, NotAllowed, NotFound, NotValid
from peerlearn.core.replacing import Replaced
from peerlearn.core.words import N_
from peerlearn.lessons import actions as lessons
from peerlearn.lessons import crediting, sharing, showing
from peerlearn.lessons import rules as lesson_rules
from peerlearn.review import (
    acts,
    advice,
    advising,
    anchors,
    asking,
    assigning,
    claims,
    concluding,
    copies,
    going_live,
    handing_up,
    history,
    impartiality,
    longer,
    owning,
    pace,
    queries,
    rules,
    second,
    threads,
)
from peerlearn.review.events import ChangesRequested, LessonRejected, ReviewClaimed
from peerlearn.review.impartiality import Position
from peerlearn.review.models import Remark, Review
from peerlearn.review.rules import POLICY, Place, Refusal

_LOCKED = [
    "state",
    "version",
    "claimed_by_id",
    "claimed_until",
    "first_right_id",
    "first_right_until",
    "decided_by_id",
    "responded_at",
    "first_approved_by_id",
]
HELD = N_("%(name)s is reviewing this now. When the claim ends, it is free again.")
LINES_CHANGED = N_(
    "These lines have changed since the suggestion was made, so it was not taken over. Please change the text by hand."
)


# curators


@deed
def claim(review: Review, *, by: Person) -> None:
    """Reserve a review for oneself for two working days."""
    _check("claimed", review, by)
    _hold(review, by)


@deed
def release(review: Review, *, by: Person) -> None:
    """Give a review back to the queue."""
    _check("released", review, by)
    if claims.give_back([review], by.id):
        history.note(review, "released", by.id)


@deed
def decline(review: Review, reason: str, *, by: Person) -> None:
    """Leave a review to others, with a reason; any claim or first right ends. Said twice in a row it counts once."""
    if reason not in rules.DECLINE_REASONS:
        raise NotValid(N_("Choose a reason."), fields={"reason": [N_("Choose a reason.")]})
    _check("declined", review, by)
    if asking.declined_last(review.id, by.id):
        return
    claims.give_back([review], by.id)
    assigning.refuse(review.id, by.id)
    history.note(review, "declined", by.id, reason)
    db.session.flush()
    handing_up.hand_up([review.lesson_id])


@dataclass(frozen=True)
class Written:
    """A text as it was typed and as it is shown; made before the database is asked to write."""

    text: str
    html: str


def written(raw: str, limit: int = POLICY.remark_maximum) -> Written:
    """Render what a curator or reader wrote; may take a moment. Raises NotValid."""
    clean = sharing.words(raw, "text")
    if not clean:
        return Written("", "")
    if len(clean) > limit:
        problem = N_("Please keep it under 2,000 characters.")
        raise NotValid(problem, fields={"text": [problem]})
    return Written(clean, str(markdown.render(clean, heading_offset=3, prefix=f"r{secrets.token_hex(4)}").html))


def clean_replacement(raw: str) -> str:
    """The lines that a suggestion offers, as they would stand in the file. Raises NotValid."""
    return sharing.unleaked(text.clean_block(raw).removesuffix("\n"), "replacement")


@dataclass(frozen=True)
class Words:
    """A remark before it is stored."""

    severity: str
    place: Place
    written: Written
    replacement: str | None = None


@deed
def remark(review: Review, words: Words, *, by: Person) -> Remark:
    """Comment on a line, a question or the whole. The same remark sent twice is made once."""
    _check("remarked", review, by)
    lines = rules.lines_of(review.revision.source)
    found = rules.remark_problem(words.severity, words.place, words.written.text, words.replacement, lines)
    if found:
        raise NotValid(found[1], fields={found[0]: [found[1]]})
    mine = [one for one in queries.remarks_of(review.id) if one.author_id == by.id]
    if len(mine) >= POLICY.remarks_maximum:
        raise NotValid(N_("That is a lot of remarks for one lesson. Say what matters most, and decide."))
    place = words.place
    same = (words.severity, words.written.text, place.line_from, place.line_to, place.question, words.replacement)
    for one in mine:
        if same == (one.severity, one.text, one.line_from, one.line_to, one.question_uid, one.replacement):
            return one
    _hold(review, by)
    row = Remark(
        text_id=threads.text_id_of(review.revision),
        review_id=review.id,
        revision_id=review.revision_id,
        author_id=by.id,
        severity=words.severity,
        line_from=place.line_from,
        line_to=place.line_to,
        question_uid=place.question,
        quoted=rules.quote(lines, place.line_from, place.line_to) if place.line_from and place.line_to else "",
        text=words.written.text,
        html=words.written.html,
        replacement=words.replacement,
    )
    db.session.add(row)
    db.session.flush()
    history.note(review, "remarked", by.id, remark=row)
    return row


@deed
def remove_remark(remark: Remark, review: Review, *, by: Person) -> None:
    """Take one's own remark back before the decision."""
    _check("unremarked", review, by)
    if remark.author_id != by.id:
        raise NotFound()
    db.session.delete(remark)
    history.note(review, "unremarked", by.id)


@deed
def reply_to(remark: Remark, review: Review, reply: str, *, by: Person, done: bool = False) -> None:
    """Go on about a remark on the text one reviews, from whatever round it is, or settle it."""
    reply = threads.clean_reply(reply, done=done)
    _check("replied", review, by)
    if remark.revision_id != review.revision_id:
        raise NotFound()
    if reply and threads.add(remark, reply, by=by, review=review):
        history.note(review, "replied", by.id, remark=remark)
    if done and remark.state == "open":
        remark.state = "done"
        history.note(review, "resolved", by.id, remark=remark)


@dataclass(frozen=True)
class Judgement:
    """What a curator fills in before deciding."""

    rubric: dict[str, float]
    checklist: dict[str, str]
    comment: str = ""
    may_be_longer: bool = False  # than ten minutes, where its authors ask for that
    is_its_own: bool = False  # though most of its text stands in a lesson by others


@deed
def approve(
    review: Review,
    judgement: Judgement,
    *,
    by: Person,
    version: int | None = None,
    goes_live_at: datetime | None = None,
) -> None:
    """Publish the revision, now or at a later moment. Needs the whole rubric and checklist; some lessons need two."""
    place = _begin("scheduled" if goes_live_at else "approved", review, by, version)
    if advising.is_awaited(review, clock.now()):
        raise Conflict(advice.WAITS)
    owning.insist(review, by)
    problem = rules.rubric_problem(judgement.rubric)
    if problem:
        raise NotValid(problem, fields={"rubric": [problem]})
    problem = rules.checklist_problem(judgement.checklist) or rules.approval_problem(judgement.checklist)
    if problem:
        raise NotValid(problem, fields={"checklist": [problem]})
    longer.insist(review, is_allowed=judgement.may_be_longer)
    longer.allow(review, by)
    copies.allow(review, by, is_its_own=judgement.is_its_own)
    if second.is_first(review):
        _approve_first(review, judgement, by, place)
        return
    _close(review, "approved", judgement, by, "scheduled" if goes_live_at else "approved", place)
    if goes_live_at:
        review.goes_live_at = goes_live_at
        showing.schedule(review.revision, by=by, rating=advising.rating_of(review))
    else:
        going_live.show(review, by=by)
    concluding.announce(review, by, stands_in=place.stands_in)


def _approve_first(review: Review, judgement: Judgement, by: Person, place: Position) -> None:
    """Keep the approval of the first of two and leave the review to another curator."""
    comment = _clean_comment(judgement)
    _hold(review, by)
    claims.give_back([review], by.id)
    kept = {"rubric": dict(judgement.rubric), "checklist": dict(judgement.checklist), "comment": comment}
    review.first_approved_by_id, review.first_approved_at, review.first_approval = by.id, clock.now(), kept
    history.note(review, "first_approved", by.id, _noted(place))
    db.session.flush()
    concluding.announce(review, by, stands_in=place.stands_in, outcome="approved_first", comment=comment)
    handing_up.hand_up([review.lesson_id])


@deed
def request_changes(review: Review, judgement: Judgement, *, by: Person, version: int | None = None) -> None:
    """Give the revision back to its authors. Needs at least one remark that says what has to change."""
    place = _begin("changes_requested", review, by, version)
    if not any(one.severity == "blocking" for one in queries.remarks_of(review.id)):
        raise NotValid(N_("Say first what has to change: add a remark that is blocking."))
    _close(review, "changes_requested", judgement, by, "changes_requested", place)
    lessons.request_changes(review.revision, by=by)
    publish(ChangesRequested(review.id, review.lesson_id, _author_ids(review)), by=by)
    concluding.announce(review, by, stands_in=place.stands_in)


@deed
def reject(review: Review, reason: str, judgement: Judgement, *, by: Person, version: int | None = None) -> None:
    """Do not accept the revision, with a reason from the list and in words (the judgement's comment)."""
    place = _begin("rejected", review, by, version)
    if reason not in rules.REJECT_REASONS:
        raise NotValid(N_("Choose a reason."), fields={"reason": [N_("Choose a reason.")]})
    problem = rules.text_problem(judgement.comment)
    if problem:
        raise NotValid(problem, fields={"comment": [problem]})
    _close(review, "rejected", judgement, by, "rejected", place)
    review.reason = reason
    lessons.reject(review.revision, by=by)
    publish(LessonRejected(review.id, review.lesson_id, _author_ids(review)), by=by)
    concluding.announce(review, by, stands_in=place.stands_in)


# authors


@deed
def accept_suggestion(remark: Remark, review: Review, *, by: Person) -> Replaced:
    """Take a suggestion over into the draft; the reviewer is named in the history."""
    _check_author("accepted", review, by)
    if remark.severity != "suggestion" or remark.replacement is None or remark.line_from is None:
        raise NotFound()
    if remark.state != "open":
        raise Conflict(N_("This suggestion was taken over already."))
    revision = review.revision
    if not lesson_rules.is_editable(revision.state):
        raise Conflict(N_("The lesson is not open for changes now. Withdraw it first, or start a new revision."))
    replaced = anchors.take_over(remark, threads.text_of(remark), revision.source)
    if replaced is None:
        raise Conflict(LINES_CHANGED)
    crediting.count_words(revision.lesson_id, remark.author_id, revision.source, replaced.source)
    lessons.save_draft(revision, replaced.source, base_version=revision.version, by=by, words_by=remark.author_id)
    remark.state = "accepted"
    history.note(review, "accepted", by.id, remark=remark)
    return replaced


@deed
def answer_remark(remark: Remark, review: Review, reply: str, *, by: Person, done: bool = False) -> None:
    """Answer a remark, mark it as done, or both."""
    reply = threads.clean_reply(reply, done=done)
    _check_author("answered", review, by)
    if reply and threads.add(remark, reply, by=by):
        history.note(review, "answered", by.id, remark=remark)
    if done and remark.state == "open":
        remark.state = "done"
        history.note(review, "done", by.id, remark=remark)


# what all acts share


def _begin(act: str, review: Review, by: Person, version: int | None) -> Position:
    place = _check(act, review, by)
    if version is not None and version != review.version and review.claimed_by_id != by.id:
        raise Conflict()
    pace.insist(by)
    return place


def _check(act: str, review: Review, by: Person) -> Position:
    """Refuse what the law refuses; how whoever acts stands to the review.

    The row is locked and read again: whoever comes second sees what the first did.
    """
    db.session.refresh(review, _LOCKED, with_for_update=True)
    place = queries.standing(review, by)
    now = clock.now()
    holder = rules.who_holds(
        review.claimed_by_id, review.claimed_until, review.first_right_id, review.first_right_until, now
    )
    refused = rules.refusal(
        act,
        review.state,
        is_theirs=place.is_theirs and (by.may("curate") or place.stands_in),
        had_a_hand=place.had_a_hand,
        in_conflict=place.closeness is not None,
        held_by_other=holder not in (None, by.id),
    )
    if refused is Refusal.NOT_THEIRS:
        raise NotFound()
    if refused is Refusal.OWN:
        raise NotAllowed(rules.OWN)
    if refused is Refusal.CONFLICT and place.closeness:
        raise NotAllowed(impartiality.SENTENCES[place.closeness])
    if refused is Refusal.TOO_LATE:
        raise Conflict(acts.DECIDED[rules.State(review.state)], name=queries.name_of(review.decided_by_id))
    if refused is Refusal.HELD:
        raise Conflict(HELD, name=queries.name_of(holder))
    return place


def _noted(place: Position) -> str:
    """What the history says of somebody who decides because nobody else could."""
    if place.stands_in:
        return rules.STOOD_IN
    return impartiality.NOTES[place.steps_in] if place.steps_in else ""


def _check_author(act: str, review: Review, by: Person) -> None:
    if not any(author.person_id == by.id for author in review.lesson.authors):
        raise NotFound()
    db.session.refresh(review, _LOCKED, with_for_update=True)
    if not rules.may_happen(act, review.state):
        raise NotFound()


def _hold(review: Review, by: Person) -> None:
    """Make the review this curator's; a claim that still holds goes on."""
    now = clock.now()
    if review.claimed_by_id == by.id and rules.is_claimed(review.claimed_until, now):
        return
    review.claimed_by, review.claimed_by_id, review.claimed_at = by, by.id, now
    review.responded_at = review.responded_at or now
    review.claimed_until = rules.working_days_after(now, POLICY.claim_days, clock.zone(clock.organisation_zone()))
    assigning.settle(review.id, by.id)
    history.note(review, "claimed", by.id)
    publish(ReviewClaimed(review.id, review.lesson_id), by=by)


def _close(review: Review, state: str, judgement: Judgement, by: Person, act: str, place: Position) -> None:
    comment = _clean_comment(judgement)
    _hold(review, by)
    if not rules.rubric_problem(judgement.rubric):
        review.rubric = dict(judgement.rubric)
    if not rules.checklist_problem(judgement.checklist):
        review.checklist = dict(judgement.checklist)
    review.reason_text = comment
    review.decided_by, review.decided_by_id = by, by.id
    review.state, review.decided_at = state, clock.now()
    history.note(review, act, by.id, _noted(place))
    db.session.flush()


def _clean_comment(judgement: Judgement) -> str:
    comment = sharing.words(judgement.comment, "comment")
    if len(comment) > POLICY.reason_maximum:
        problem = N_("Please keep it under 2,000 characters.")
        raise NotValid(problem, fields={"comment": [problem]})
    return comment


def _author_ids(review: Review) -> tuple[int, ...]:
    return tuple(author.person_id for author in review.lesson.authors)
