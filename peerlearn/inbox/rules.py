"""The law of notices: what a person hears of, in which words, and where it leads.

A person hears what somebody else decided about their own work or points. What one's own deed earned is on the page that
follows the deed, and work that waits is counted beside its queue, so neither is a notice. Nobody is told twice, and
nobody is told because they might be interested.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from peerlearn.badges.events import BadgeEarned
from peerlearn.core.events import Event, Recorded
from peerlearn.core.words import N_
from peerlearn.inbox.checking import CHECKING
from peerlearn.inbox.curating import CURATING
from peerlearn.inbox.deciding import DECIDING, RECEIPTS
from peerlearn.inbox.doubting import DOUBTING, MARKING
from peerlearn.inbox.kind import (
    Kind,
    Telling,
    authors_of,
    badge_source,
    fields_of,
    flag_is,
    lesson_at_version,
    person_of,
    sharers_of,
    source_by,
)
from peerlearn.inbox.merging import MERGING
from peerlearn.inbox.modelling import MODELLING
from peerlearn.inbox.reviewing import HELD_BACK, REVIEWING, STUCK
from peerlearn.inbox.suggesting import SUGGESTING
from peerlearn.leaderboard.events import LeagueMovedUp
from peerlearn.lessons.events import LessonHidden, LessonShown
from peerlearn.points.events import LessonRetained
from peerlearn.practice.events import ItemForgotten
from peerlearn.requests.events import RequestAnswered, RequestClosed, RequestTaken
from peerlearn.review.events import (
    ChangesRequested,
    LessonApproved,
    LessonRejected,
    ReportDeclined,
    ReportUpheld,
    ReviewHandedUp,
)

LESSON = ("learn.lesson", ("slug",))
EDITOR = ("lessons.edit", ("lesson_id",))
HISTORY = ("lessons.history", ("lesson_id",))
REVIEW = ("review.show", ("review_id",))
REQUEST = ("requests.show", ("request_id",))
WITHOUT_PLACE = "home.today"  # where a notice leads whose lesson is gone
LEAGUE: tuple[str, tuple[str, ...]] = ("leaderboard.boards", ("tab",))
CABINET: tuple[str, tuple[str, ...]] = ("badges.cabinet", ())

KINDS: tuple[Kind, ...] = (
    Kind(
        "lesson_approved",
        LessonApproved,
        "badge-check",
        N_("Your lesson “%(lesson)s” is live. Colleagues can learn it now."),
        LESSON,
        sharers_of,
        source_by("review_id"),
        fields_of("lesson_id"),
        flag_is("is_first", True),
    ),
    Kind(
        "revision_approved",
        LessonApproved,
        "badge-check",
        N_("The new version of “%(lesson)s” is live."),
        LESSON,
        sharers_of,
        source_by("review_id"),
        fields_of("lesson_id"),
        flag_is("is_first", False),
    ),
    Kind(
        "changes_requested",
        ChangesRequested,
        "message-square",
        N_("A curator left remarks on “%(lesson)s”. Your draft is open again, so you can answer them."),
        EDITOR,
        authors_of,
        source_by("review_id"),
        fields_of("lesson_id"),
    ),
    Kind(
        "lesson_rejected",
        LessonRejected,
        "file-text",
        N_("“%(lesson)s” was not accepted this time. The curator wrote down why."),
        HISTORY,
        authors_of,
        source_by("review_id"),
        fields_of("lesson_id"),
    ),
    Kind(
        "lesson_hidden",
        LessonHidden,
        "eye-off",
        N_("“%(lesson)s” is hidden for now. The history says why, and a new revision can mend it."),
        HISTORY,
        person_of("owner_id"),
        lesson_at_version,
        fields_of("lesson_id"),
        own_deeds=True,  # also where nobody did it
    ),
    *HELD_BACK,
    Kind(
        "lesson_shown",
        LessonShown,
        "eye",
        N_("A curator brought “%(lesson)s” back into the catalogue."),
        LESSON,
        person_of("owner_id"),
        lesson_at_version,
        fields_of("lesson_id"),
    ),
    Kind(
        "handed_up",
        ReviewHandedUp,
        "scale",
        N_("Every curator of “%(lesson)s” is too close to it. An administrator decides instead; the history says so."),
        HISTORY,
        lambda event: cast(ReviewHandedUp, event).author_ids,
        source_by("review_id"),
        fields_of("lesson_id"),
        lambda event: bool(cast(ReviewHandedUp, event).asked_ids),
        own_deeds=True,
    ),
    Kind(
        "asked_to_decide",
        ReviewHandedUp,
        "scale",
        N_("Every curator of “%(lesson)s” is too close to it. Please decide, or make somebody else a curator."),
        REVIEW,
        lambda event: cast(ReviewHandedUp, event).asked_ids,
        source_by("review_id"),
        fields_of("lesson_id", "review_id"),
        own_deeds=True,
    ),
    *STUCK,
    Kind(
        "report_upheld",
        ReportUpheld,
        "flag",
        N_("You were right about “%(lesson)s”. Thank you for reporting it."),
        LESSON,
        person_of("reporter_id"),
        source_by("report_id"),
        fields_of("lesson_id", "report_id"),
    ),
    Kind(
        "report_declined",
        ReportDeclined,
        "flag",
        N_("A curator looked at your report on “%(lesson)s” and left it as it is."),
        LESSON,
        person_of("reporter_id"),
        source_by("report_id"),
        fields_of("lesson_id", "report_id"),
    ),
    *SUGGESTING,
    *MODELLING,
    Kind(
        "item_forgotten",
        ItemForgotten,
        "lightbulb",
        N_("A question of “%(lesson)s” slips from memory again and again. Perhaps its card can say it more plainly."),
        LESSON,
        person_of("owner_id"),
        source_by("item_id"),
        fields_of("lesson_id", "item_id"),
    ),
    *DOUBTING,
    *MARKING,
    Kind(
        "lesson_retained",
        LessonRetained,
        "sparkles",
        N_("People still know your lesson “%(lesson)s” weeks later. That brought Impact to its authors."),
        RECEIPTS,
        sharers_of,
        lambda event: f"lesson:{cast(LessonRetained, event).lesson_id}:month:{cast(LessonRetained, event).month}",
        fields_of("lesson_id"),
        own_deeds=True,
    ),
    *DECIDING,
    Kind(
        "badge_earned",
        BadgeEarned,
        "award",
        N_("You earned the badge “%(badge)s”."),
        CABINET,
        person_of("person_id"),
        badge_source,
        fields_of("badge", "tier"),
        flag_is("is_quiet", False),
    ),
    Kind(
        "badge_followed",
        BadgeEarned,
        "award",
        N_("You earned the badge “%(badge)s”."),
        CABINET,
        person_of("person_id"),
        badge_source,
        fields_of("badge", "tier"),
        flag_is("is_quiet", True),
        own_deeds=True,  # nobody else caused it
    ),
    Kind(
        "league_up",
        LeagueMovedUp,
        "trending-up",
        N_("Well done: you go up in the league."),
        LEAGUE,
        person_of("person_id"),
        source_by("monday"),
        lambda event: {"tab": "league"},
        own_deeds=True,  # it follows from a date: nobody caused it
    ),
    *CHECKING,
    Kind(
        "request_taken",
        RequestTaken,
        "pencil",
        N_("A colleague writes a lesson that you asked for."),
        REQUEST,
        person_of("asker_id"),
        source_by("lesson_id"),
        fields_of("request_id"),
    ),
    Kind(
        "request_answered",
        RequestAnswered,
        "hand-heart",
        N_("There is a lesson for what you wanted: “%(lesson)s”."),
        LESSON,
        lambda event: cast(RequestAnswered, event).voter_ids,
        source_by("request_id"),
        fields_of("lesson_id"),
    ),
    Kind(
        "request_closed",
        RequestClosed,
        "info",
        N_("A lesson that you asked for will not be written. The reason stands with your request."),
        REQUEST,
        person_of("asker_id"),
        source_by("request_id"),
        fields_of("request_id"),
    ),
    *REVIEWING,
    *CURATING,
    *MERGING,
)

BY_SLUG: Mapping[str, Kind] = {kind.slug: kind for kind in KINDS}
EVENTS: tuple[type[Event], ...] = tuple(dict.fromkeys(kind.event for kind in KINDS))


def tellings(records: Sequence[Recorded]) -> list[tuple[Recorded, Telling]]:
    """Who is told what about a deed's events, each person and matter once."""
    actors = frozenset(record.actor_id for record in records if record.actor_id is not None)
    told: dict[tuple[int, str, str], tuple[Recorded, Telling]] = {}
    for record in records:
        for kind in KINDS:
            if isinstance(record.event, kind.event) and kind.fits(record.event):
                for person_id in kind.who(record.event):
                    if _hears(kind, person_id, record, actors):
                        one = Telling(person_id, kind.slug, kind.source(record.event), kind.data(record.event))
                        told.setdefault((one.person_id, one.kind, one.source), (record, one))
    return list(told.values())


def _hears(kind: Kind, person_id: int, record: Recorded, actors: frozenset[int]) -> bool:
    """Whether somebody else caused it. What follows from a deed has no actor of its own: then the deed's counts."""
    by = actors if record.actor_id is None else {record.actor_id}
    return kind.own_deeds or (bool(by) and person_id not in by)
