"""What curators decide, and what readers report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from peerlearn.core.events import Event
from peerlearn.core.words import N_


@dataclass(frozen=True)
class ReviewClaimed(Event):
    """A curator took a review for two working days."""

    told: ClassVar[str] = N_("%(actor)s took review %(review_id)s of lesson %(lesson_id)s")
    review_id: int
    lesson_id: int


@dataclass(frozen=True)
class ReviewDone(Event):
    """A curator decided; the actor is the curator. The flags are what the review's pay depends on."""

    told: ClassVar[str] = N_("%(actor)s finished review %(review_id)s: %(outcome)s")
    review_id: int
    lesson_id: int
    outcome: str  # approved, changes_requested, rejected; approved_first where it takes another one
    has_rubric: bool
    has_comment: bool  # at least one remark or reason of 80 characters or more
    in_time: bool  # within the promised time
    reliability: float = 0.5  # of whoever decided, as earlier decisions tell; a newcomer has 0.5
    stood_in: bool = False  # as administrator, because every curator is too close to the lesson


@dataclass(frozen=True)
class ReviewHandedUp(Event):
    """Every curator of a lesson's topics is too close to it, so administrators are asked; nobody did this."""

    told: ClassVar[str] = N_("Review %(review_id)s of lesson %(lesson_id)s was handed up: every curator is too close")
    review_id: int
    lesson_id: int
    author_ids: tuple[int, ...]
    asked_ids: tuple[int, ...]  # the administrators who may decide
    appointing_ids: tuple[int, ...] = ()  # where none may: all of them, to make somebody else a curator


@dataclass(frozen=True)
class StandInOverdue(Event):
    """What was handed up waits longer than promised, counted from then; nobody did this."""

    told: ClassVar[str] = N_("Review %(review_id)s of lesson %(lesson_id)s, which was handed up, waits too long")
    review_id: int
    lesson_id: int
    waits_for: str  # answer or decision
    asked_ids: tuple[int, ...]  # who may decide
    appointing_ids: tuple[int, ...]  # where nobody may: administrators, to make somebody else a curator


@dataclass(frozen=True)
class ReviewOverdue(Event):
    """A submission waits longer than promised; `is_up`: for a decision, so that administrators are told."""

    told: ClassVar[str] = N_("Review %(review_id)s of lesson %(lesson_id)s waits longer than promised")
    review_id: int
    lesson_id: int
    asked_ids: tuple[int, ...]
    is_up: bool


@dataclass(frozen=True)
class AskedToPrepare(Event):
    """Somebody was asked to prepare as curator of a topic."""

    administrative: ClassVar[bool] = True
    told: ClassVar[str] = N_("%(actor)s asked %(person)s to prepare as curator (%(scope)s)")
    person_id: int
    scope_id: int
    asked_at: str  # ISO


@dataclass(frozen=True)
class PreparationEnded(Event):
    """Somebody need not prepare as curator of a topic any more."""

    administrative: ClassVar[bool] = True
    told: ClassVar[str] = N_("%(actor)s ended the preparation of %(person)s as curator (%(scope)s)")
    person_id: int
    scope_id: int


@dataclass(frozen=True)
class CuratorIsQuiet(Event):
    """A curator did nothing in a topic (0: in all) for long, and their role will lapse; the spell is the record."""

    kept: ClassVar[bool] = False
    person_id: int
    topic_id: int
    since: str  # ISO date
    ends_on: str  # ISO date


@dataclass(frozen=True)
class AdviceAsked(Event):
    """Colleagues who hold the topic were asked for advice on what is new, or changes what it teaches; nobody did it."""

    told: ClassVar[str] = N_("Colleagues were asked for advice on lesson %(lesson_id)s (review %(review_id)s)")
    review_id: int
    lesson_id: int
    asked_ids: tuple[int, ...]
    is_new: bool = True  # nothing of this lesson was published before


@dataclass(frozen=True)
class AdviceGiven(Event):
    """A colleague who holds the topic advised on a lesson."""

    told: ClassVar[str] = N_("%(actor)s advised on lesson %(lesson_id)s (review %(review_id)s)")
    review_id: int
    lesson_id: int


@dataclass(frozen=True)
class RatingCompared(Event):
    """A rating of a text was compared with the final one; the actor set that."""

    told: ClassVar[str] = N_("%(actor)s set the final rating of lesson %(lesson_id)s, after review %(review_id)s")
    review_id: int  # in which the rating was given
    lesson_id: int
    reviewer_id: int
    error: float  # their rating less the final one


@dataclass(frozen=True)
class LessonApproved(Event):
    """A curator approved a revision and it was published. `shares` are (person id, share) of its authors."""

    told: ClassVar[str] = N_("%(actor)s approved lesson %(lesson_id)s (review %(review_id)s)")
    review_id: int
    lesson_id: int
    revision_id: int
    major: int
    is_first: bool  # the lesson's first publication
    similarity: float  # of what it shares most with, what it was begun from and closed lessons included
    topic_ids: tuple[int, ...]
    shares: tuple[tuple[int, float], ...]
    newcomer_ids: tuple[int, ...]  # authors for whom this is their first approved lesson
    words: int | None = None  # of its cards; None as well as below where it was not noted yet
    questions: int | None = None  # that are marked
    copied: float = (
        0.0  # the part of its text that stands in one lesson by others; 0 as well where it was not looked at
    )
    stands_in: int | None = None  # that lesson
    is_its_own: bool = False  # all the same, as a curator said


@dataclass(frozen=True)
class SmallEditWentLive(Event):
    """A trusted author mended a detail of a published lesson, and it went live without a review."""

    told: ClassVar[str] = N_("%(actor)s mended a detail of lesson %(lesson_id)s (revision %(revision_id)s)")
    lesson_id: int
    revision_id: int


@dataclass(frozen=True)
class AuditFailed(Event):
    """A curator found that a small edit should have been reviewed; those of whoever let it go live are, for a while."""

    told: ClassVar[str] = N_("%(actor)s found that an edit of lesson %(lesson_id)s should have been reviewed")
    edit_id: int
    lesson_id: int
    person_id: int


@dataclass(frozen=True)
class SecondLookFailed(Event):
    """A curator looked at an approved lesson again and would not have published it as it is; it stays published."""

    told: ClassVar[str] = N_("%(actor)s would not have published lesson %(lesson_id)s as it is (review %(review_id)s)")
    look_id: int
    review_id: int
    lesson_id: int
    approved_by_id: int
    author_ids: tuple[int, ...]


@dataclass(frozen=True)
class LessonVerified(Event):
    """A published lesson is right again: somebody read it, or it was changed. The flags decide what its owner earns."""

    told: ClassVar[str] = N_("%(actor)s found lesson %(lesson_id)s still right")
    lesson_id: int
    owner_id: int
    check_on: str  # ISO date on which the check was due
    by_owner: bool  # who read it again, or changed it
    in_time: bool  # when it was due soon, and not late
    was_read: bool  # its page was open for as long as reading takes


@dataclass(frozen=True)
class LessonMerged(Event):
    """A curator let a lesson go into another one that says the same. What was learned and earned stays."""

    told: ClassVar[str] = N_("%(actor)s merged lesson %(lesson_id)s into lesson %(into_id)s")
    merge_id: int
    lesson_id: int
    into_id: int
    learner_ids: tuple[int, ...]  # who passed it
    author_ids: tuple[int, ...]
    into_author_ids: tuple[int, ...]  # of the other one, without those who wrote both


@dataclass(frozen=True)
class LessonSplitAgain(Event):
    """A curator took a merge back: the lesson is one of its own again."""

    told: ClassVar[str] = N_("%(actor)s took the merge of lesson %(lesson_id)s into lesson %(into_id)s back")
    merge_id: int
    lesson_id: int
    into_id: int
    told_ids: tuple[int, ...]  # who had heard of the merge


@dataclass(frozen=True)
class ChangesRequested(Event):
    """A curator asked the authors for changes."""

    told: ClassVar[str] = N_("%(actor)s asked for changes in lesson %(lesson_id)s (review %(review_id)s)")
    review_id: int
    lesson_id: int
    author_ids: tuple[int, ...]


@dataclass(frozen=True)
class LessonRejected(Event):
    """A curator refused a revision, with a reason."""

    told: ClassVar[str] = N_("%(actor)s refused lesson %(lesson_id)s (review %(review_id)s)")
    review_id: int
    lesson_id: int
    author_ids: tuple[int, ...]


@dataclass(frozen=True)
class ProblemReported(Event):
    """A reader reported a problem; the actor is the reader."""

    told: ClassVar[str] = N_("%(actor)s reported a problem in lesson %(lesson_id)s (report %(report_id)s)")
    report_id: int
    lesson_id: int
    topic_id: int
    kind: str


@dataclass(frozen=True)
class LessonHeldBack(Event):
    """A lesson was hidden because of what readers reported, until a curator looks; nobody did this."""

    told: ClassVar[str] = N_("Lesson %(lesson_id)s was hidden after report %(report_id)s (%(kind)s)")
    report_id: int
    lesson_id: int
    kind: str
    curator_ids: tuple[int, ...]
    administrator_ids: tuple[int, ...]


@dataclass(frozen=True)
class ReportUpheld(Event):
    """A curator agreed with a report. `is_first`: nobody had reported this place of this revision before."""

    told: ClassVar[str] = N_("%(actor)s upheld report %(report_id)s on lesson %(lesson_id)s")
    report_id: int
    lesson_id: int
    reporter_id: int
    is_first: bool


@dataclass(frozen=True)
class ReportDeclined(Event):
    """A curator did not agree with a report."""

    told: ClassVar[str] = N_("%(actor)s declined report %(report_id)s on lesson %(lesson_id)s")
    report_id: int
    lesson_id: int
    reporter_id: int
