"""The law of the today page: what comes first, which lessons are picked and why, and when a question is asked once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from peerlearn.core.words import N_
from peerlearn.leaderboard.rules import POLICY as boards  # noqa: N811
from peerlearn.practice import rules as practice_rules
from peerlearn.practice.ranking import Candidate


@dataclass(frozen=True)
class Policy:
    """Numbers an organisation may change."""

    tasks_of_a_kind: int = 3
    fresh_badge_days: int = 14
    boards_asked_from: int = boards.prompt_after_days  # active days after which boards are mentioned …
    boards_asked_until: int = 6  # … and after which they are not mentioned again
    short_minutes: int = 3
    new_days: int = 7


POLICY = Policy()

EVENING = N_("Good evening, %(name)s")
GREETINGS = ((5, EVENING), (12, N_("Good morning, %(name)s")), (18, N_("Good afternoon, %(name)s")))


def greeting(hour: int) -> str:
    """The words for this hour of the person's day."""
    return next((words for until, words in GREETINGS if hour < until), EVENING)


@dataclass(frozen=True)
class TaskKind:
    """One kind of thing that waits for a person: why it is shown, what the button says, where it leads."""

    slug: str
    title: str
    reason: str
    words: str
    icon: str
    endpoint: str
    takes: tuple[tuple[str, str], ...]  # the endpoint's values and what of the task they are
    untitled: str = N_("A lesson without a title yet")


TASK_KINDS = (
    TaskKind(
        "attempt",
        N_("Finish the questions"),
        N_("You have answered %(part)s of %(whole)s questions. Your answers are kept."),
        N_("Go on"),
        "play",
        "learn.question",
        (("attempt_id", "id"),),
    ),
    TaskKind(
        "practice",
        N_("Practise"),
        N_("Questions for today: %(part)s. Three minutes keep what you have learned."),
        N_("Practise now"),
        "brain",
        "practice.practice",
        (),
        N_("Your questions of the day"),
    ),
    TaskKind(
        "changes",
        N_("Answer the remarks"),
        N_("A curator read your lesson and asks for changes. Open remarks: %(part)s."),
        N_("See the remarks"),
        "message-square",
        "lessons.edit",
        (("lesson_id", "id"),),
    ),
    TaskKind(
        "review",
        N_("Review a lesson"),
        N_("Its author waits for an answer from a curator of %(topic)s."),
        N_("Review it"),
        "clipboard-check",
        "review.show",
        (("review_id", "id"),),
    ),
    TaskKind(
        "reading",
        N_("Go on reading"),
        N_("You stopped at card %(part)s of %(whole)s."),
        N_("Go on"),
        "book-open",
        "learn.card",
        (("slug", "slug"), ("number", "part")),
    ),
    TaskKind(
        "draft",
        N_("Finish your draft"),
        N_("You started to write it. It is yours alone until you send it in."),
        N_("Write on"),
        "pencil",
        "lessons.edit",
        (("lesson_id", "id"),),
    ),
    TaskKind(
        "new",
        N_("Try something new"),
        N_("Nothing is due today, so these are new to you. A guess is fine."),
        N_("Have a try"),
        "brain",
        "practice.practice",
        (),
        N_("Your questions of the day"),
    ),
)
KIND_OF = {kind.slug: kind for kind in TASK_KINDS}
_ORDER = {kind.slug: place for place, kind in enumerate(TASK_KINDS)}


@dataclass(frozen=True)
class Task:
    """Something that waits for this person. `at` is since when; `part` and `whole` say how far it is."""

    kind: str
    id: int
    slug: str
    title: str
    topic: str
    hue: int
    part: int
    whole: int
    at: datetime

    @property
    def leads(self) -> tuple[str, dict[str, object]]:
        """The endpoint to go to and its values."""
        kind = KIND_OF[self.kind]
        return kind.endpoint, {name: getattr(self, part) for name, part in kind.takes}

    @property
    def values(self) -> dict[str, object]:
        """What the reason's sentence names."""
        return {"part": self.part, "whole": self.whole, "topic": self.topic}


def practice(due: int, has_new: bool, now: datetime) -> list[Task]:
    """Today's questions as something that waits, when any are due; else as something to try, when some are new."""
    kind = "practice" if due else "new" if has_new else ""
    return [Task(kind, 0, "practice", "", "", 0, due, 0, now)] if kind else []


def first(tasks: Sequence[Task], has_picks: bool) -> Task | None:
    """What stands on top, of these in their order. What is new can wait: a lesson to read goes before it."""
    found = tasks[0] if tasks else None
    return None if found and found.kind == "new" and has_picks else found


def in_order(tasks: Iterable[Task]) -> list[Task]:
    """What was begun and where somebody waits comes first; within a review queue the oldest, else the newest."""
    return sorted(tasks, key=lambda t: (_ORDER[t.kind], t.at.timestamp() * (1 if t.kind == "review" else -1)))


@dataclass(frozen=True)
class Pick:
    """A lesson for this person and the reason why, as a sentence with its values."""

    lesson: Candidate
    reason: str
    values: dict[str, object]


NEEDED = N_("Your team’s work needs %(topic)s")
TEAM = N_("%(count)s of your team learned this lately")
FIRST = N_("Few have tried it yet: be one of the first")
NEXT = N_("Builds on what you have learned")
TOPIC = N_("More on %(topic)s, which you have been learning")
RARE = N_("Few colleagues hold %(topic)s so far")
SHORT = N_("Short enough for a break")
NEW = N_("New this week")
UNREAD = N_("By a colleague, and you have not read it yet")


def picks(found: Sequence[Candidate], now: datetime, policy: Policy = POLICY) -> list[Pick]:
    """The lessons in the order they were ranked, each with a reason that no other has, as far as there are reasons."""
    chosen: list[Pick] = []
    said: set[str] = set()
    for lesson in found:
        values: dict[str, object] = {"topic": lesson.topic, "count": lesson.teammates}
        true = _reasons(lesson, now, policy)
        reason = next((one for one in true[:-1] if one % values not in said), true[0])
        said.add(reason % values)
        chosen.append(Pick(lesson, reason, values))
    return chosen


def _reasons(lesson: Candidate, now: datetime, policy: Policy) -> list[str]:
    """All that is true of a lesson, what speaks most for it first; the last is true of each."""
    reasons = (
        (FIRST, lesson.is_exploration),
        (NEEDED, lesson.is_wanted),
        (TEAM, lesson.teammates >= practice_rules.POLICY.few_teammates),
        (NEXT, lesson.builds_on),
        (TOPIC, lesson.knows_topic),
        (RARE, 0 < lesson.holders < practice_rules.POLICY.bus_target),
        (NEW, now - lesson.published_at < timedelta(days=policy.new_days)),
        (SHORT, lesson.minutes <= policy.short_minutes),
        (UNREAD, True),
    )
    return [words for words, holds in reasons if holds]


def asks_about_boards(board_mode: str, active_days: int, policy: Policy = POLICY) -> bool:
    """Whether to mention boards: to somebody hidden who knows the place by now, for a few days, then never again."""
    return board_mode == "hidden" and policy.boards_asked_from <= active_days <= policy.boards_asked_until
