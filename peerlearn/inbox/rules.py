"""The law of notices: what a person hears of, in which words, and where it leads.

A person hears what somebody else decided about their own work or points, and that they reached their weekly goal. What
one's own deed earned is on the page that follows the deed, and work that waits is counted beside its queue, so neither
is a notice. Nobody is told twice, and nobody is told because they might be interested.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from peerlearn.analysis.events import FlagDismissed, ItemFlagged, ItemRetired, KeyCorrected
from peerlearn.badges.events import BadgeEarned
from peerlearn.core.events import Event, Recorded
from peerlearn.core.words import N_
from peerlearn.learn.events import AnswerCorrected
from peerlearn.lessons.events import LessonHidden, LessonShown
from peerlearn.points.events import HeldPointsDecided, LessonRetained, PointsReversed
from peerlearn.practice.events import ItemForgotten
from peerlearn.requests.events import RequestAnswered, RequestClosed, RequestTaken
from peerlearn.review.events import ChangesRequested, LessonApproved, LessonRejected, ReportDeclined, ReportUpheld


@dataclass(frozen=True)
class Kind:
    """One kind of notice. `sentence` names what `names` looks up; `leads` is an endpoint with the values it needs."""

    slug: str
    event: type[Event]
    icon: str
    sentence: str
    leads: tuple[str, tuple[str, ...]]
    who: Callable[[Event], Iterable[int]]
    source: Callable[[Event], str]
    data: Callable[[Event], Mapping[str, Any]]
    fits: Callable[[Event], bool] = lambda event: True
    own_deeds: bool = False  # whether a person also hears of what they caused themselves


@dataclass(frozen=True)
class Telling:
    """One notice for one person, before it is stored."""

    person_id: int
    kind: str
    source: str
    data: Mapping[str, Any]


def _of(*fields: str) -> Callable[[Event], dict[str, Any]]:
    return lambda event: {field: getattr(event, field) for field in fields}


def _one(field: str) -> Callable[[Event], tuple[int, ...]]:
    return lambda event: (getattr(event, field),)


def _authors(event: Event) -> tuple[int, ...]:
    return cast("ChangesRequested | LessonRejected", event).author_ids


def _sharers(event: Event) -> tuple[int, ...]:
    return tuple(person for person, _ in cast("LessonApproved | LessonRetained", event).shares)


def _by(field: str) -> Callable[[Event], str]:
    name = field.removesuffix("_id")
    return lambda event: f"{name}:{getattr(event, field)}"


def _is(field: str, wanted: bool) -> Callable[[Event], bool]:
    return lambda event: getattr(event, field) is wanted


def _badge(event: Event) -> str:
    earned = cast(BadgeEarned, event)
    return f"badge:{earned.badge}:{earned.tier}"


def _lesson_at_version(event: Event) -> str:
    changed = cast("LessonHidden | LessonShown", event)
    return f"lesson:{changed.lesson_id}:version:{changed.version}"


def _told(event: Event) -> tuple[int, ...]:
    return cast(ItemFlagged, event).told_ids


def _correction(event: Event) -> str:
    corrected = cast(AnswerCorrected, event)
    return f"item:{corrected.item_id}:version:{corrected.version_id}"


def _corrected(pass_now: str, is_right: bool | None = None) -> Callable[[Event], bool]:
    """Whether marking again changed the pass in this way, and the answer in that."""

    def fits(event: Event) -> bool:
        corrected = cast(AnswerCorrected, event)
        return corrected.pass_now == pass_now and is_right in (None, corrected.is_right)

    return fits


LESSON = ("learn.lesson", ("slug",))
EDITOR = ("lessons.edit", ("lesson_id",))
HISTORY = ("lessons.history", ("lesson_id",))
RESULT = ("learn.result", ("attempt_id",))
QUESTIONS = ("analysis.questions", ("lesson_id",))
FLAG = ("analysis.flag", ("flag_id",))
REQUEST = ("requests.show", ("request_id",))
WITHOUT_PLACE = "home.today"  # where a notice leads whose lesson is gone
RECEIPTS: tuple[str, tuple[str, ...]] = ("points.receipts", ())
CABINET: tuple[str, tuple[str, ...]] = ("badges.cabinet", ())

KINDS: tuple[Kind, ...] = (
    Kind(
        "lesson_approved",
        LessonApproved,
        "badge-check",
        N_("Your lesson “%(lesson)s” is live. Colleagues can learn it now."),
        LESSON,
        _sharers,
        _by("review_id"),
        _of("lesson_id"),
        _is("is_first", True),
    ),
    Kind(
        "revision_approved",
        LessonApproved,
        "badge-check",
        N_("The new version of “%(lesson)s” is live."),
        LESSON,
        _sharers,
        _by("review_id"),
        _of("lesson_id"),
        _is("is_first", False),
    ),
    Kind(
        "changes_requested",
        ChangesRequested,
        "message-square",
        N_("A curator left remarks on “%(lesson)s”. Your draft is open again, so you can answer them."),
        EDITOR,
        _authors,
        _by("review_id"),
        _of("lesson_id"),
    ),
    Kind(
        "lesson_rejected",
        LessonRejected,
        "file-text",
        N_("“%(lesson)s” was not accepted this time. The curator wrote down why."),
        HISTORY,
        _authors,
        _by("review_id"),
        _of("lesson_id"),
    ),
    Kind(
        "lesson_hidden",
        LessonHidden,
        "eye-off",
        N_("A curator hid “%(lesson)s” for now. The history says why, and a new revision can mend it."),
        HISTORY,
        _one("owner_id"),
        _lesson_at_version,
        _of("lesson_id"),
    ),
    Kind(
        "lesson_shown",
        LessonShown,
        "eye",
        N_("A curator brought “%(lesson)s” back into the catalogue."),
        LESSON,
        _one("owner_id"),
        _lesson_at_version,
        _of("lesson_id"),
    ),
    Kind(
        "report_upheld",
        ReportUpheld,
        "flag",
        N_("You were right about “%(lesson)s”. Thank you for reporting it."),
        LESSON,
        _one("reporter_id"),
        _by("report_id"),
        _of("lesson_id", "report_id"),
    ),
    Kind(
        "report_declined",
        ReportDeclined,
        "flag",
        N_("A curator looked at your report on “%(lesson)s” and left it as it is."),
        LESSON,
        _one("reporter_id"),
        _by("report_id"),
        _of("lesson_id", "report_id"),
    ),
    Kind(
        "item_forgotten",
        ItemForgotten,
        "lightbulb",
        N_("A question of “%(lesson)s” slips from memory again and again. Perhaps its card can say it more plainly."),
        LESSON,
        _one("owner_id"),
        _by("item_id"),
        _of("lesson_id", "item_id"),
    ),
    Kind(
        "question_paused",
        ItemFlagged,
        "triangle-alert",
        N_("A question of “%(lesson)s” may have a wrong key. It rests until somebody has looked."),
        FLAG,
        _told,
        _by("flag_id"),
        _of("lesson_id", "flag_id"),
        _is("is_paused", True),
        own_deeds=True,
    ),
    Kind(
        "question_drifts",
        ItemFlagged,
        "trending-down",
        N_("A question of “%(lesson)s” used to go better. Please read the lesson again: is it still right?"),
        FLAG,
        _told,
        _by("flag_id"),
        _of("lesson_id", "flag_id"),
        _is("is_paused", False),
        own_deeds=True,
    ),
    Kind(
        "question_good",
        FlagDismissed,
        "circle-check",
        N_("A curator looked at a question of “%(lesson)s” and found it good. It is asked again."),
        QUESTIONS,
        _one("owner_id"),
        _by("flag_id"),
        _of("lesson_id"),
    ),
    Kind(
        "question_retired",
        ItemRetired,
        "archive",
        N_("A curator retired a question of “%(lesson)s”. It is asked no more."),
        QUESTIONS,
        _one("owner_id"),
        _by("item_id"),
        _of("lesson_id"),
    ),
    Kind(
        "key_corrected",
        KeyCorrected,
        "spell-check",
        N_("A curator corrected the key of a question of “%(lesson)s”. Stored answers were marked again."),
        HISTORY,
        _one("owner_id"),
        _by("revision_id"),
        _of("lesson_id"),
    ),
    Kind(
        "right_after_all",
        AnswerCorrected,
        "circle-check",
        N_("A question of “%(lesson)s” had a wrong key. You were right all along, and your result says so now."),
        RESULT,
        _one("person_id"),
        _correction,
        _of("lesson_id", "attempt_id"),
        _corrected("same", True),
    ),
    Kind(
        "passed_after_all",
        AnswerCorrected,
        "badge-check",
        N_("A question of “%(lesson)s” had a wrong key. You were right all along, and with that you passed."),
        RESULT,
        _one("person_id"),
        _correction,
        _of("lesson_id", "attempt_id"),
        _corrected("gained"),
    ),
    Kind(
        "key_was_wrong",
        AnswerCorrected,
        "spell-check",
        N_("A question of “%(lesson)s” had a wrong key, which was our mistake. Your result follows the right one now."),
        RESULT,
        _one("person_id"),
        _correction,
        _of("lesson_id", "attempt_id"),
        _corrected("same", False),
    ),
    Kind(
        "pass_withdrawn",
        AnswerCorrected,
        "spell-check",
        N_(
            "A question of “%(lesson)s” had a wrong key, which was our mistake and not yours. "
            "With the right one your attempt falls just short. You can retake what is missing."
        ),
        RESULT,
        _one("person_id"),
        _correction,
        _of("lesson_id", "attempt_id"),
        _corrected("lost"),
    ),
    Kind(
        "lesson_retained",
        LessonRetained,
        "sparkles",
        N_("People still know your lesson “%(lesson)s” weeks later. That brought Impact to its authors."),
        RECEIPTS,
        _sharers,
        lambda event: f"lesson:{cast(LessonRetained, event).lesson_id}:month:{cast(LessonRetained, event).month}",
        _of("lesson_id"),
        own_deeds=True,
    ),
    Kind(
        "points_released",
        HeldPointsDecided,
        "sparkles",
        N_("The %(amount)s points that were pending are yours now."),
        RECEIPTS,
        _one("person_id"),
        _by("held_id"),
        _of("held_id", "amount"),
        _is("released", True),
    ),
    Kind(
        "points_refused",
        HeldPointsDecided,
        "scale",
        N_("%(amount)s pending points were not released."),
        RECEIPTS,
        _one("person_id"),
        _by("held_id"),
        _of("held_id", "amount"),
        _is("released", False),
    ),
    Kind(
        "points_reversed",
        PointsReversed,
        "scale",
        N_("%(amount)s points were taken back. The reason stands beside the entry."),
        RECEIPTS,
        _one("person_id"),
        _by("entry_id"),
        lambda event: {
            "entry_id": cast(PointsReversed, event).entry_id,
            "amount": abs(cast(PointsReversed, event).amount),
        },
    ),
    Kind(
        "badge_earned",
        BadgeEarned,
        "award",
        N_("You earned the badge “%(badge)s”."),
        CABINET,
        _one("person_id"),
        _badge,
        _of("badge", "tier"),
    ),
    Kind(
        "request_taken",
        RequestTaken,
        "pencil",
        N_("A colleague writes a lesson that you asked for."),
        REQUEST,
        _one("asker_id"),
        _by("lesson_id"),
        _of("request_id"),
    ),
    Kind(
        "request_answered",
        RequestAnswered,
        "hand-heart",
        N_("There is a lesson for what you wanted: “%(lesson)s”."),
        LESSON,
        lambda event: cast(RequestAnswered, event).voter_ids,
        _by("request_id"),
        _of("lesson_id"),
    ),
    Kind(
        "request_closed",
        RequestClosed,
        "info",
        N_("A lesson that you asked for will not be written. The reason stands with your request."),
        REQUEST,
        _one("asker_id"),
        _by("request_id"),
        _of("request_id"),
    ),
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
