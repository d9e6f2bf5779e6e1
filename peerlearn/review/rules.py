"""The law of review: who moves a submission where, who may never decide, what a decision needs, and when it is due.

Numbers an organisation may change are the defaults of `Policy`. The functions know no clock and no database.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from math import log2

from peerlearn.core.words import N_
from peerlearn.review.acts import ACTS as ACTS
from peerlearn.review.acts import AUTHOR as AUTHOR
from peerlearn.review.acts import CURATOR as CURATOR
from peerlearn.review.acts import STATE_TITLES as STATE_TITLES
from peerlearn.review.acts import State as State
from peerlearn.review.acts import may_happen as may_happen
from peerlearn.review.impartiality import NOTED as NOTED


@dataclass(frozen=True, slots=True)
class Policy:
    """The numbers of the review rules."""

    claim_days: int = 2  # working days
    response_days: int = 2  # working days until a first answer is promised
    decision_days: int = 5  # working days until a decision is
    first_right: timedelta = timedelta(days=1)  # for whoever asked for the changes
    reason_minimum: int = 20
    reason_maximum: int = 2_000
    remark_maximum: int = 2_000
    replacement_maximum: int = 8_000
    reply_maximum: int = 1_000
    replies_maximum: int = 50  # to one remark
    remarks_maximum: int = 100  # of one review
    lines_maximum: int = 200  # that one remark stands at
    paid_comment: int = 80  # characters that make a comment worth its points (ENGINE C1)
    report_text_maximum: int = 2_000
    reports_a_day: int = 20
    similar_shown: float = 0.3
    similar_too_much: float = 0.85  # ENGINE T1
    copied_much: float = 0.5  # of a new text, that stands in one lesson by others: from there on nobody is paid for it


POLICY = Policy()


class Severity(StrEnum):
    """How much a remark weighs."""

    NOTE = "note"
    SUGGESTION = "suggestion"
    BLOCKING = "blocking"


SEVERITY_TITLES = {
    Severity.NOTE: N_("Note: worth a thought"),
    Severity.SUGGESTION: N_("Suggestion: words to take over with one click"),
    Severity.BLOCKING: N_("Blocking: has to change first"),
}
SEVERITY_WORDS = {
    Severity.NOTE: N_("Note"),
    Severity.SUGGESTION: N_("Suggestion"),
    Severity.BLOCKING: N_("Has to change"),
}

RUBRIC = {
    "correct": N_("Correct"),
    "clear": N_("Clear"),
    "useful": N_("Useful on the job"),
    "quiz": N_("Quality of the quiz"),
}
RUBRIC_HELP = {
    "correct": N_("Facts, steps and the key of every question are right."),
    "clear": N_("A colleague from another team follows it at the first reading."),
    "useful": N_("Somebody does something better tomorrow because of it."),
    "quiz": N_("The questions test the idea, and each explanation teaches."),
}
RATINGS = tuple(half / 2 for half in range(2, 11))
RATING_WORDS = {1.0: N_("not yet"), 2.0: N_("weak"), 3.0: N_("fair"), 4.0: N_("good"), 5.0: N_("excellent")}

CHECKLIST = {
    "facts": N_("I checked the facts and the keys."),
    "safe": N_("It is safe and holds nothing confidential."),
    "one_idea": N_("It teaches one idea."),
    "sources": N_("It names its sources where it needs some."),
    "questions": N_("The questions test that idea."),
    "accessible": N_("Everybody can read it: pictures are described, words are plain."),
}
CHECK_ANSWERS = {"yes": N_("Yes"), "no": N_("No"), "unsure": N_("Not sure")}

REJECT_REASONS = {
    "wrong": N_("It is not correct, and changes will not mend it"),
    "duplicate": N_("We have this lesson already"),
    "confidential": N_("It holds something that must not be shared"),
    "off_topic": N_("It is not for colleagues' work"),
    "promotion": N_("It promotes rather than teaches"),
    "copied": N_("It is taken from somewhere we may not take it from"),
    "other": N_("Another reason"),
}
DECLINE_REASONS = {
    "busy": N_("I have no time for it now"),
    "field": N_("It is not my field"),
    "conflict": N_("I am too close to it to judge"),
}

REPORT_KINDS = {
    "outdated": N_("Outdated: it was right once"),
    "wrong": N_("Wrong: a fact, a step or a key"),
    "unclear": N_("Unclear: I could not follow"),
    "unsafe": N_("Unsafe: somebody could come to harm"),
    "confidential": N_("Confidential: it must not be known to all. It is hidden at once, and a curator looks"),
    "disrespectful": N_("Disrespectful: it hurts or belittles somebody"),
    "duplicate": N_("Duplicate: another lesson says the same"),
    "off_topic": N_("Off topic: it is not for colleagues' work, or filed in the wrong place"),
    "style": N_("Not our style: hard to read, or out of tone"),
}
REPORT_WORDS = {
    "outdated": N_("Outdated"),
    "wrong": N_("Wrong"),
    "unclear": N_("Unclear"),
    "unsafe": N_("Unsafe"),
    "confidential": N_("Confidential"),
    "disrespectful": N_("Disrespectful"),
    "duplicate": N_("Duplicate"),
    "off_topic": N_("Off topic"),
    "style": N_("Not our style"),
}
REPORT_STATES = {
    "open": N_("A curator will look at it"),
    "upheld": N_("You were right"),
    "declined": N_("The curator sees it differently"),
}

DISPUTED = 10.0
"""What colleagues' disagreement adds to how urgent a submission is: more than all the rest together."""

READ_LATELY = timedelta(days=7)
"""Whoever began to read a published lesson within these days waits for its next version."""

OWN = N_("This is yours: somebody else decides.")
STOOD_IN = "stood_in"
ALONE = (STOOD_IN, *NOTED)
"""Notes of somebody who decides because nobody who comes first could."""
NOTE_WORDS = DECLINE_REASONS | NOTED | {STOOD_IN: N_("as administrator, because every curator is too close to it")}


class Refusal(StrEnum):
    """Why an act on a review is refused."""

    NOT_THEIRS = "not_theirs"
    OWN = "own"
    TOO_LATE = "too_late"
    HELD = "held"
    CONFLICT = "conflict"


def refusal(
    act: str, state: str, *, is_theirs: bool, had_a_hand: bool, held_by_other: bool, in_conflict: bool = False
) -> Refusal | None:
    """Why a curator may not do this to a review now; None when it is right.

    `is_theirs`: the curator looks after one of its topics. `had_a_hand`: the curator owns, writes or wrote the lesson,
    or much of it, or submitted it, at any time: then nothing but reading is open, whatever else holds.
    """
    if not is_theirs:
        return Refusal.NOT_THEIRS
    if had_a_hand:
        return Refusal.OWN
    if in_conflict:
        return Refusal.CONFLICT
    if not may_happen(act, state):
        return Refusal.TOO_LATE
    if held_by_other and ACTS[act].holds:
        return Refusal.HELD
    return None


def shows_text(state: str) -> bool:
    """Whether curators may read the text of a submission: while it waits, and when it was published; never a draft."""
    return State(state) in (State.OPEN, State.APPROVED)


def is_claimed(claimed_until: datetime | None, now: datetime) -> bool:
    """Whether a claim still holds: it ends by its date, without anybody doing anything."""
    return claimed_until is not None and now < claimed_until


def who_holds(
    claimed_by: int | None,
    claimed_until: datetime | None,
    first_right: int | None,
    first_right_until: datetime | None,
    now: datetime,
) -> int | None:
    """The only curator who may act now: who claimed it, or who has the first right; None when it is free to all."""
    if claimed_by is not None and is_claimed(claimed_until, now):
        return claimed_by
    if first_right is not None and is_claimed(first_right_until, now):
        return first_right
    return None


def working_days_after(moment: datetime, days: int, zone: tzinfo) -> datetime:
    """The same time of day so many working days later in that zone; what begins on a weekend begins on Monday."""
    local = moment.astimezone(zone)
    if local.isoweekday() > 5:
        local = local.replace(hour=0, minute=0, second=0, microsecond=0)
        local += timedelta(days=8 - local.isoweekday())
    while days:
        local += timedelta(days=3 if local.isoweekday() == 5 else 1)
        days -= 1
    return local.astimezone(moment.tzinfo)


def working_days_before(moment: datetime, days: int, zone: tzinfo) -> datetime:
    """The same time of day so many working days earlier in that zone; a weekend counts as its Friday's end."""
    local = moment.astimezone(zone)
    if local.isoweekday() > 5:
        local = local.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=local.isoweekday() - 6)
        local -= timedelta(microseconds=1)
    while days:
        local -= timedelta(days=3 if local.isoweekday() == 1 else 1)
        days -= 1
    return local.astimezone(moment.tzinfo)


def is_overdue(due_at: datetime, now: datetime) -> bool:
    """Whether the promised first answer is late."""
    return now > due_at


def is_late(due_at: datetime, decide_by: datetime, responded_at: datetime | None, now: datetime) -> bool:
    """Whether a submission waits longer than promised: for a first answer, or for a decision."""
    return now > decide_by or (responded_at is None and now > due_at)


def priority(age: float, promised: float, waiting: int, has_red_flag: bool, *, is_disputed: bool = False) -> float:
    """How urgent a submission is: its age in shares of the promised time, who waits for it, and grave reports.

    Those wait for a new lesson who asked for it, and for a new version of a published one who read that lately.
    What colleagues disagree about comes before everything else.
    """
    ratio = min(2.0, age / promised) if promised > 0 else 2.0
    return ratio + 0.25 * log2(1 + waiting) + has_red_flag + DISPUTED * is_disputed


def rubric_problem(rubric: Mapping[str, float]) -> str | None:
    """What is missing in a rubric, in a sentence; None when all four are rated in halves from 1 to 5."""
    if set(rubric) != set(RUBRIC) or any(value not in RATINGS for value in rubric.values()):
        return N_("Rate all four: correct, clear, useful on the job, and the quiz.")
    return None


def checklist_problem(checklist: Mapping[str, str]) -> str | None:
    """What is missing in a checklist, in a sentence; None when all six have an answer."""
    if set(checklist) != set(CHECKLIST) or any(value not in CHECK_ANSWERS for value in checklist.values()):
        return N_("Answer all six points of the checklist.")
    return None


def approval_problem(checklist: Mapping[str, str]) -> str | None:
    """Why a lesson cannot be approved with these answers; None when it can."""
    if "no" in checklist.values():
        return N_("A point of the checklist says no. Ask for changes, or change the answer.")
    return None


def reason_problem(reason: str, text: str, policy: Policy = POLICY) -> str | None:
    """What a refusal still needs, in a sentence; None when it has a reason and enough words."""
    if reason not in REJECT_REASONS:
        return N_("Choose a reason.")
    return text_problem(text, policy)


def text_problem(text: str, policy: Policy = POLICY) -> str | None:
    """What is wrong with an explanation for somebody whose work or word is turned down."""
    if len(text.strip()) < policy.reason_minimum:
        return N_("Say in a sentence or two why, so that it helps: 20 characters or more.")
    if len(text) > policy.reason_maximum:
        return N_("Please keep it under 2,000 characters.")
    return None


def has_paid_comment(texts: Sequence[str], policy: Policy = POLICY) -> bool:
    """Whether one of a curator's remarks or reasons is long enough to be of use (ENGINE C1)."""
    return any(len(text.strip()) >= policy.paid_comment for text in texts)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a remark or a report stands: nowhere in particular, at lines, at a card or at a question."""

    line_from: int | None = None
    line_to: int | None = None
    card: int | None = None
    question: str | None = None


def lines_of(source: str) -> list[str]:
    """The lines of a lesson file as they are numbered for people, from 1."""
    return source.removesuffix("\n").split("\n")


def quote(lines: Sequence[str], line_from: int, line_to: int) -> str:
    """These lines, counted from 1, both ends included."""
    return "\n".join(lines[line_from - 1 : line_to])


def place_problem(place: Place, line_count: int, policy: Policy = POLICY) -> str | None:
    """What is wrong with the lines a remark names, in a sentence; None when they exist."""
    first, last = place.line_from, place.line_to
    if first is None and last is None:
        return None
    if first is None or last is None or not 1 <= first <= last <= line_count:
        return N_("Name lines that exist: from a line to the same or a later one.")
    if last - first >= policy.lines_maximum:
        return N_("That is a lot of lines for one remark. Name fewer.")
    return None


def remark_problem(
    severity: str, place: Place, text: str, replacement: str | None, lines: Sequence[str], policy: Policy = POLICY
) -> tuple[str, str] | None:
    """What is wrong with a remark: the name of the field and a sentence; None when it can be stored."""
    if severity not in SEVERITY_TITLES:
        return "severity", N_("Choose how much it weighs.")
    wrong = place_problem(place, len(lines), policy)
    if wrong:
        return "line_from", wrong
    if len(text) > policy.remark_maximum:
        return "text", N_("Please keep it under 2,000 characters.")
    if severity != Severity.SUGGESTION:
        return None if text else ("text", N_("Say in a sentence what you mean."))
    if place.line_from is None or place.line_to is None:
        return "line_from", N_("Name the lines that your suggestion replaces.")
    if replacement is None or len(replacement) > policy.replacement_maximum:
        return "replacement", N_("Write what should stand there instead, in up to 8,000 characters.")
    if replacement == quote(lines, place.line_from, place.line_to):
        return "replacement", N_("This is what stands there now. Change something, or make it a note.")
    return None


NO_PLACE = N_("Choose a place that the lesson has.")


def report_problem(
    kind: str, card: int | None, cards: int, text: str, policy: Policy = POLICY
) -> tuple[str, str] | None:
    """What is wrong with a report: the name of the field and a sentence; None when it can be sent."""
    if kind not in REPORT_KINDS:
        return "kind", N_("Choose what is wrong.")
    if card is not None and not 1 <= card <= cards:
        return "place", NO_PLACE
    if len(text) > policy.report_text_maximum:
        return "text", N_("Please keep it under 2,000 characters.")
    return None


def report_refusal(*, had_a_hand: bool, is_reporter: bool) -> str | None:
    """Why a curator may not answer a report, in a sentence; None when it is right."""
    if is_reporter:
        return N_("You sent this report yourself: another curator answers it.")
    if had_a_hand:
        return N_("This is about your own lesson: another curator answers it.")
    return None
