"""The law of lessons: how long and how large they may be, who moves a revision where, and what counts as a new version.

Numbers an organisation may change are the defaults of `Policy`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil, floor

from peerlearn.core.words import N_
from peerlearn.lessons import machine


@dataclass(frozen=True, slots=True)
class Policy:
    """The numbers of the lesson rules."""

    cards_minimum: int = 3
    cards_maximum: int = 7
    minutes_advised: float = 5
    minutes_maximum: float = 10  # unless a curator allows a lesson more
    words_advised: int = 600
    words_paid: int = 150  # a lesson with fewer …
    questions_paid: int = 5  # … and with fewer of these is welcome, and brings nobody points for being published
    characters_maximum: int = 15_000  # of all cards together
    source_maximum: int = 100_000  # characters of the whole file, drafts included
    title_minimum: int = 8
    title_maximum: int = 80
    summary_minimum: int = 20
    summary_maximum: int = 200
    longer_minimum: int = 20  # characters of why a lesson is longer
    line_maximum: int = 300  # a tag, a source, the try-it sentence
    topics_maximum: int = 3
    tags_maximum: int = 5
    sources_maximum: int = 20
    authors_maximum: int = 5
    teams_maximum: int = 20  # that one lesson is for
    questions_minimum: int = 3
    questions_advised: int = 8
    sentence_words: int = 32
    reading_words: int = 60  # of a card, from which on it can be said how hard it reads
    similar_title: float = 0.8
    similar_text: float = 0.3  # from which on the other lesson is shown
    similar_text_much: float = 0.85  # from which on nobody is paid for it
    words_per_minute: float = 238
    minutes_per_question: float = 1 / 3
    minor_share: float = 0.05
    pictures_maximum: int = 40  # a lesson
    open_drafts_maximum: int = 40  # a person
    new_for: timedelta = timedelta(days=7)  # somebody is new so long, and hands in …
    handed_in_while_new: int = 3  # … so many texts within a day at most
    handed_in: int = 20  # everybody else
    double_click_seconds: float = 10  # within which the same wish is one wish


POLICY = Policy()
REVIEW_DAYS = (30, 90, 180, 365)
REVIEW_EVERY = 180
LANGUAGE = "en"


class Kind(StrEnum):
    """What a lesson is for."""

    HOW_TO = "how-to"
    DECISION = "decision"
    REFERENCE = "reference"
    LESSON_LEARNED = "lesson-learned"
    CHECKLIST = "checklist"
    DEMO = "demo"


IMPORTANCE_TITLES = {
    "critical": N_("Must be remembered surely: asked more often and first, passed wholly"),
    "ordinary": N_("Good to remember"),
    "optional": N_("Nice to know: asked more seldom"),
}  # of a topic
KIND_TITLES = {
    Kind.HOW_TO: N_("How-to"),
    Kind.DECISION: N_("Decision guide"),
    Kind.REFERENCE: N_("Reference card"),
    Kind.LESSON_LEARNED: N_("Lesson learned"),
    Kind.CHECKLIST: N_("Checklist"),
    Kind.DEMO: N_("Demo"),
}
KIND_PURPOSES = {
    Kind.HOW_TO: N_("One task, step by step, that a colleague can do right after reading."),
    Kind.DECISION: N_("Which way to choose when, with the signs that tell the cases apart."),
    Kind.REFERENCE: N_("Facts to look up again: terms, limits, short cuts, contacts."),
    Kind.LESSON_LEARNED: N_("What happened, why, and what we do differently since."),
    Kind.CHECKLIST: N_("The points to go through before something that must not fail."),
    Kind.DEMO: N_("A worked example from beginning to end, with pictures."),
}
KINDS_WITH_SOURCES = frozenset({Kind.DECISION, Kind.REFERENCE})
CONCEPTS = frozenset({Kind.DECISION, Kind.LESSON_LEARNED})  # teach how to think; all others say how something is done


class Classification(StrEnum):
    """Who a lesson is for, and how far its words may travel."""

    OPEN = "open"
    INTERNAL = "internal"
    RESTRICTED = "restricted"
    CONFIDENTIAL = "confidential"


CLASSIFICATION = Classification.INTERNAL
FOR_SOME = frozenset({Classification.RESTRICTED, Classification.CONFIDENTIAL})
CLASSIFICATION_TITLES = {
    Classification.OPEN: N_("Open"),
    Classification.INTERNAL: N_("Internal"),
    Classification.RESTRICTED: N_("Restricted"),
    Classification.CONFIDENTIAL: N_("Confidential"),
}
CLASSIFICATION_MEANINGS = {
    Classification.OPEN: N_(
        "Nothing in it is secret. There are no public pages: for now it is seen by all colleagues."
    ),
    Classification.INTERNAL: N_("For all colleagues. This is the usual choice."),
    Classification.RESTRICTED: N_(
        "For the teams that you name, its authors and the curators of its topics. For all others it is not there. "
        "Two curators approve it."
    ),
    Classification.CONFIDENTIAL: N_(
        "As restricted, and it stands in no list, search, practice, mail, export or copy: people open it by its link. "
        "Two curators approve it."
    ),
}


class State(StrEnum):
    """Where a revision stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    CHANGES_REQUESTED = "changes_requested"
    REJECTED = "rejected"
    DISCARDED = "discarded"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"


STATE_TITLES = {
    State.DRAFT: N_("Draft"),
    State.SUBMITTED: N_("In review"),
    State.CHANGES_REQUESTED: N_("Changes requested"),
    State.REJECTED: N_("Not accepted"),
    State.DISCARDED: N_("Set aside"),
    State.SCHEDULED: N_("Goes live later"),
    State.PUBLISHED: N_("Published"),
    State.SUPERSEDED: N_("Replaced"),
}
NEXT_STEPS = {
    State.DRAFT: N_("Go on writing, then submit it for review."),
    State.SUBMITTED: N_("A curator reads it next. You can still withdraw it."),
    State.CHANGES_REQUESTED: N_("Answer the remarks, then submit it again."),
    State.REJECTED: N_("Read the reason. You may change the text and submit it once more."),
    State.SCHEDULED: N_("It is approved and goes live by itself on its day."),
    State.PUBLISHED: N_("Colleagues can learn it. A change begins a new revision."),
}
LESSON_TITLES = {
    "quarantined": N_("Hidden for now"),
    "archived": N_("Archived"),
    "unpublished": N_("Not published yet"),
    "published": N_("Published"),
}
LESSON_STEPS = {
    "quarantined": N_("A curator hid it. The history says why. A new revision can mend it."),
    "archived": N_("It is no longer shown. A new revision brings it back."),
}
TITLES = LESSON_TITLES | {str(state): title for state, title in STATE_TITLES.items()}
STEPS = LESSON_STEPS | {str(state): step for state, step in NEXT_STEPS.items()}

AUTHOR, CURATOR, HOUSE = machine.AUTHOR, machine.CURATOR, machine.HOUSE
MOVES = {(State(old), State(new)): who for (old, new), who in machine.moves_of_revisions().items()}
"""Who moves a revision from one state to another; what is not here cannot happen."""

EDITABLE = frozenset({State.DRAFT, State.CHANGES_REQUESTED, State.REJECTED})
SHOWN_TO_CURATORS = frozenset({State.SUBMITTED, State.SCHEDULED, State.PUBLISHED, State.SUPERSEDED})


def may_move(old: str, new: str, who: str) -> bool:
    """Whether `who` (author, curator, house) moves a revision from `old` to `new`."""
    return MOVES.get((State(old), State(new))) == who


def is_editable(state: str) -> bool:
    """Whether an author may change the text of a revision in this state."""
    return State(state) in EDITABLE


def minutes(words: int, questions: float, video_seconds: float = 0, policy: Policy = POLICY) -> float:
    """How long a lesson takes: reading its cards, watching what moves, answering its quiz (ENGINE E1)."""
    return words / policy.words_per_minute + video_seconds / 60 + questions * policy.minutes_per_question


def whole_minutes(exact: float) -> int:
    """The minutes a catalogue shows: at least one, and never less than it takes."""
    return max(1, ceil(round(exact, 6)))


def is_too_long(exact: float, allowed: float = 0, policy: Policy = POLICY) -> bool:
    """Whether a lesson takes more minutes than one may, and more than a curator allowed this one."""
    return exact > max(policy.minutes_maximum, allowed)


def is_major(
    old_cards: Sequence[str],
    new_cards: Sequence[str],
    old_meanings: frozenset[str],
    new_meanings: frozenset[str],
    policy: Policy = POLICY,
) -> bool:
    """Whether a new revision changes what is to be learned: another question, another card, or more than 5 % of one."""
    if old_meanings != new_meanings or len(old_cards) != len(new_cards):
        return True
    return any(share_changed(old, new) > policy.minor_share for old, new in zip(old_cards, new_cards, strict=True))


def share_changed(old: str, new: str) -> float:
    """How much of a text is different, 0 to 1, counted in signs."""
    from rapidfuzz.distance import Indel

    return float(Indel.normalized_distance(old, new))


def pace_problem(handed_in: int, since: datetime, now: datetime, policy: Policy = POLICY) -> str | None:
    """Why somebody who is here since then, and handed in so many texts within a day, hands in no other one today.

    A flood keeps curators from what others wrote; what is not handed in stays a draft.
    """
    if now - since < policy.new_for and handed_in >= policy.handed_in_while_new:
        return N_("In your first week you hand in up to three lessons a day. This one stays a draft: go on tomorrow.")
    if handed_in >= policy.handed_in:
        return N_("You handed in twenty lessons within a day. This one stays a draft: go on tomorrow.")
    return None


LEAST_SHARE = 0.1


def even_shares(people: int) -> tuple[float, ...]:
    """Equal shares for this many authors, in whole percents that sum to 100; the first author has what remains."""
    percent = 100 // people
    return ((100 - percent * (people - 1)) / 100, *[percent / 100] * (people - 1))


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody wrote of a text: words of its cards, and questions, of which they may have written a part."""

    words: int = 0
    items: float = 0.0


def shares_of(written: Sequence[Written]) -> tuple[float, ...]:
    """The shares of authors who agreed on no others: by how long readers take for what each of them wrote (ENGINE E6).

    Whole percents, at least ten for each; what remains is the first author's.
    """
    weights = [minutes(one.words, one.items) for one in written]
    if not sum(weights):
        return even_shares(len(written))
    low: set[int] = set()
    while True:
        rest = sum(weight for place, weight in enumerate(weights) if place not in low)
        left = 1 - LEAST_SHARE * len(low)
        exact = [LEAST_SHARE if place in low else left * weight / rest for place, weight in enumerate(weights)]
        lower = {place for place, share in enumerate(exact) if share < LEAST_SHARE}
        if not lower:
            break
        low |= lower
    percents = [floor(round(100 * share, 6)) for share in exact[1:]]
    return ((100 - sum(percents)) / 100, *(percent / 100 for percent in percents))


def shares_problem(shares: Sequence[float], policy: Policy = POLICY) -> str | None:
    """What is wrong with the shares of a lesson's authors, in a sentence; None when they are fine."""
    if not 1 <= len(shares) <= policy.authors_maximum:
        return N_("A lesson has one to five authors.")
    if any(not LEAST_SHARE <= share <= 1 for share in shares) or abs(sum(shares) - 1) > 1e-6:
        return N_("The shares must sum to 100 %, with at least 10 % for each author.")
    return None
