"""The law of checks: who is told when, what is archived, and how far an organisation can trust its lessons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from peerlearn.core.words import N_
from peerlearn.lessons import freshness


@dataclass(frozen=True)
class Policy:
    """Numbers an organisation may change."""

    told_before: tuple[int, ...] = (14, 3, 0)  # days before a check is due
    read_days: int = 60  # how far back reading counts
    few_readers: int = 5  # read by fewer, an abandoned lesson is archived
    judged_every: int = 30  # days after which it is looked at again whether an abandoned lesson is still read
    doubts: int = 2  # upheld reports …
    doubt_days: int = 30  # … within so many days make a check due at once
    trust_target: float = 0.80
    shown: int = 50  # lessons on one page
    told_at_once: int = 200
    mail_days: int = 21  # for which the link in a mail works without signing in
    changed_within: int = 366  # how many days ago a source may have changed
    changes_a_day: int = 10  # that somebody tells who looks after no topic
    note_maximum: int = 300


POLICY = Policy()
ABANDONED = -1
"""The stage of a check that nobody made for months; each later month has a stage below it."""

# How the check that a mail asks for stands when its link is followed.
OPEN = "open"
CHECKED = "checked"
CHANGED = "changed"
TOO_LATE = "too_late"
NOT_THEIRS = "not_theirs"
FOR_SOME_ONLY = "for_some_only"
SOMEBODY_ELSES = "somebody_elses"
MAIL_CLOSED = {
    CHECKED: (
        N_("This lesson is checked"),
        N_("Thank you for looking after it. There is nothing more to do."),
    ),
    CHANGED: (
        N_("This lesson has changed since"),
        N_("The mail was about an earlier text, or something happened that casts doubt on it. Please read it again."),
    ),
    TOO_LATE: (
        N_("This link is too old"),
        N_("The lesson still waits for its check. Please sign in, read it once more, and say so there."),
    ),
    NOT_THEIRS: (
        N_("This lesson does not wait for you any more"),
        N_("It is hidden or archived, or somebody else looks after it now. There is nothing to do."),
    ),
    SOMEBODY_ELSES: (
        N_("This link was made for somebody else"),
        N_("It stands in a mail to a colleague, and only they can answer it. Yours are on the page of checks."),
    ),
}
"""What a person reads who follows a mail's link that opens nothing more: heading and sentence."""
STILL_WAITS = frozenset({CHANGED, TOO_LATE})
"""Where the lesson still asks for their check, in another way."""


def stage_of(check_on: date, today: date, policy: Policy = POLICY) -> int | None:
    """Which reminder a lesson stands at: the least number of days that is not below what is left; None when early."""
    left = (check_on - today).days
    late = (freshness.abandoned_before(today) - check_on).days
    if late > 0:
        return ABANDONED - (late - 1) // policy.judged_every
    return min((days for days in policy.told_before if days >= left), default=None)


def is_abandoned(stage: int | None) -> bool:
    """Whether a lesson at this stage was not checked for months."""
    return stage is not None and stage <= ABANDONED


def latest_check(today: date) -> date:
    """The last day of a check that comes near now."""
    return today - timedelta(days=freshness.POLICY.due_from)


def is_to_check(check_on: date | None, today: date) -> bool:
    """Whether a published lesson with this check is to be read again: soon, today or long ago."""
    return check_on is not None and check_on <= latest_check(today)


def is_doubted(upheld: int, policy: Policy = POLICY) -> bool:
    """Whether so many upheld reports of late cast doubt on the whole lesson."""
    return upheld >= policy.doubts


def trust(reads_of_checked: int, reads: int) -> float | None:
    """The share of what is read that is checked, 0 to 1; None when nothing was read."""
    return reads_of_checked / reads if reads else None


def change_problem(changed_on: date, today: date, policy: Policy = POLICY) -> str | None:
    """Whether a source can have changed on a day; the problem in a sentence."""
    if changed_on > today:
        return N_("This day has not come yet. Tell it when the change is there.")
    if changed_on < today - timedelta(days=policy.changed_within):
        return N_("That is more than a year ago. Choose a later day.")
    return None


def note_problem(note: str, policy: Policy = POLICY) -> str | None:
    """What is wrong with the words about a change; None when they are fine."""
    return None if len(note) <= policy.note_maximum else N_("Use at most 300 characters.")
