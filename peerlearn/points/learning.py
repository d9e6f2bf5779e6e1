"""The rules of points for learning: what is passed, and what is recalled after days, by how long it was put off for.

The *scheduled* interval counts, not the time that went by: waiting earns nothing. Each tier of intervals pays once an
item, so that forgetting on purpose earns nothing either (ENGINE E5, L1 to L6).
"""

from __future__ import annotations

from datetime import timedelta
from typing import cast

from peerlearn.core.events import Event, Recorded
from peerlearn.core.words import N_
from peerlearn.learn.events import LessonPassed, PretestAnswered
from peerlearn.learn.rules import Missed
from peerlearn.points.rule import (
    DAY,
    LATER,
    XP,
    Cap,
    Case,
    Condition,
    Pay,
    Policy,
    Rule,
    Shares,
    actor,
    flag,
    hinted,
    whole,
)
from peerlearn.practice import rules as practice
from peerlearn.practice.events import DailySetFinished, ItemReviewed, MissedItemRecalled, TopicHeld
from peerlearn.streaks.events import WeeklyGoalMet


def _lesson_major(event: Event) -> str:
    passed = cast("LessonPassed | PretestAnswered", event)
    return f"lesson:{passed.lesson_id}:major:{passed.major}"


_WAITS = {
    2: Pay(
        0,
        N_(
            "You passed at the second attempt: up to %(second_attempt)s XP follow when you answer one of the missed "
            "questions right at its first review in practice."
        ),
        why=LATER,
    ),
    3: Pay(
        0,
        N_(
            "You passed at the third attempt: up to %(third_attempt)s XP follow when you answer one of the missed "
            "questions right at its first review in practice."
        ),
        why=LATER,
    ),
}
_TOLD = Pay(
    0,
    N_(
        "You had been told answers that this pass rests on. Up to %(lesson_passed)s XP follow when you answer one of "
        "those questions right at its next review in practice."
    ),
    why=LATER,
)
_RECALLED = Pay(
    0,
    N_("Passed after %(attempt_number)s attempts. You had recalled a missed question before: points come with that."),
    why=LATER,
)
_GONE = Pay(
    0,
    N_(
        "Passed after %(attempt_number)s attempts. No missed question has its first review still to come, so nothing "
        "follows for this pass. Recalling one later pays by itself."
    ),
)
_TOO_LATE = Pay(0, N_("You passed after the third attempt, which pays nothing. Recalling its questions later does."))


def _lesson_passed(event: Event, policy: Policy) -> Pay:
    passed = cast(LessonPassed, event)
    if passed.attempt_number == 1 and passed.rests_on_told:
        return _TOLD
    if passed.attempt_number == 1:
        return hinted(Pay(policy.lesson_passed), event, policy)
    waits = _WAITS.get(passed.attempt_number)
    if waits is None:
        return _TOO_LATE
    return {Missed.RECALLED: _RECALLED, Missed.GONE: _GONE}.get(Missed(passed.missed), waits)


def _answers_count(case: Case) -> bool:
    return cast(LessonPassed, case.record.event).impossible < case.policy.impossible_limit


def _recaller(record: Recorded) -> Shares:
    """Whoever recalled a due item; answers that were wrong, early or too fast are no news to the ledger."""
    event = cast(ItemReviewed, record.event)
    return actor(record) if event.was_due and event.is_right and not event.is_rapid else ()


def _recall_source(event: Event) -> str:
    reviewed = cast(ItemReviewed, event)
    if reviewed.tier_repeated:
        return f"item:{reviewed.item_id}:again:{reviewed.question_id}"
    return f"item:{reviewed.item_id}:tier:{practice.tier_of(reviewed.scheduled_days)}"


def _recall_pay(event: Event, policy: Policy) -> Pay:
    reviewed = cast(ItemReviewed, event)
    amounts = policy.recalled_again if reviewed.tier_repeated else policy.recalled
    return hinted(Pay(amounts[practice.tier_of(reviewed.scheduled_days) - 1]), event, policy)


def _not_again_so_soon(case: Case) -> bool:
    """Whether a repetition comes long enough after the item paid last."""
    event = cast(ItemReviewed, case.record.event)
    if not event.tier_repeated:
        return True
    start = case.record.at - timedelta(days=case.policy.again_days)
    item = f"item:{event.item_id}:"
    return not any(
        line.rule == "L2" and line.amount > 0 and line.at > start and line.source.startswith(item)
        for line in case.lines
    )


def _day_setter(record: Recorded) -> Shares:
    """Whoever finished the day's own set; extra practice is welcome and pays by its items."""
    return actor(record) if cast(DailySetFinished, record.event).number == 1 else ()


def _in_earnest(case: Case) -> bool:
    event = cast(DailySetFinished, case.record.event)
    return practice.finishes_well(event.asked, event.right, any_rapid=False)


def _later_source(event: Event) -> str:
    recalled = cast(MissedItemRecalled, event)
    return f"lesson:{recalled.lesson_id}:major:{recalled.major}"


def _later_pay(event: Event, policy: Policy) -> Pay:
    number = cast(MissedItemRecalled, event).attempt_number
    amounts = {1: policy.lesson_passed, 2: policy.second_attempt, 3: policy.third_attempt}
    return hinted(Pay(amounts.get(number, 0)), event, policy)


def _was_promised(case: Case) -> bool:
    source = _later_source(case.record.event)
    return any(line.rule == "L1" and line.source == source and line.is_later for line in case.lines)


def _pays_later(record: Recorded) -> Shares:
    """Whoever was promised points: a pass after the third attempt promises none."""
    return actor(record) if cast(MissedItemRecalled, record.event).attempt_number <= 3 else ()


def _beats_guessing(reason: str) -> Condition:
    return Condition(
        N_("Your newest answers in practice are better than guesses would be."), reason, flag("beats_guessing", True)
    )


LEARNING: tuple[Rule, ...] = (
    Rule(
        slug="L1",
        version=1,
        track=XP,
        event=LessonPassed,
        title=N_("Pass a lesson"),
        sentence=N_(
            "Passing a lesson's questions at the first attempt pays up to %(lesson_passed)s XP. After a second attempt "
            "up to %(second_attempt)s XP follow, after a third %(third_attempt)s, once a missed question is recalled. "
            "If a first pass rests on answers that you had been told, its XP follow once one of those is recalled."
        ),
        receipt=N_("Passed the lesson “%(lesson)s”"),
        who=actor,
        source=_lesson_major,
        pay=_lesson_passed,
        conditions=(
            Condition(
                N_("You did not write the lesson."),
                N_("You wrote this lesson, so it does not pay you for passing it."),
                flag("is_own", False),
            ),
            Condition(
                N_("You did not review this version of it."),
                N_("You look after this topic, so you can see the answers."),
                flag("is_reviewed", False),
            ),
            Condition(
                N_("Your answers took long enough to have been read."),
                N_("Several answers came faster than anybody can read, so this pass does not count for points."),
                _answers_count,
            ),
            Condition(
                N_("No answer came too fast to have been read."),
                N_("One answer came too fast to have been read, so this pass pays nothing."),
                flag("any_rapid", False),
            ),
            Condition(
                N_("You opened every card."),
                N_("Not every card was opened before the questions."),
                flag("cards_seen", True),
            ),
            Condition(
                N_("You took at least the time it needs to read it quickly."),
                N_("The cards went by faster than they can be read."),
                flag("dwell_met", True),
            ),
        ),
        cap=Cap(
            "lessons_per_day",
            DAY,
            N_("Up to %(lessons_per_day)s lessons a day pay. Learning more is welcome, and new points start tomorrow."),
            N_("%(lessons_per_day)s lessons had paid that day already. Points start again the next day."),
        ),
    ),
    Rule(
        slug="L1-later",
        version=1,
        track=XP,
        event=MissedItemRecalled,
        title=N_("Recall what you had missed or been told"),
        sentence=N_(
            "If a lesson took a second or third attempt, or you had been told its answers before, its points come when "
            "a question you had missed or been told is answered right at its next review: %(second_attempt)s or "
            "%(third_attempt)s XP, or %(lesson_passed)s where you had been told. A hint before it halves them."
        ),
        receipt=N_("Recalled a question that “%(lesson)s” waited for"),
        who=_pays_later,
        source=_later_source,
        pay=_later_pay,
        looks_at=("L1",),
        conditions=(
            Condition(
                N_("Everything else that a passed lesson asks for was met when you passed."),
                N_("The pass itself did not count for points, so nothing follows from it."),
                _was_promised,
            ),
            _beats_guessing(
                N_(
                    "Your newest answers in practice were right about as often as guesses, so recalling this pays "
                    "nothing. Read its card again: practice pays again once more of your answers are right."
                )
            ),
        ),
        cap=Cap(
            "lessons_per_day",
            DAY,
            N_("Up to %(lessons_per_day)s lessons a day pay in this way."),
            N_("%(lessons_per_day)s lessons had paid that day already. Points start again the next day."),
        ),
    ),
    Rule(
        slug="L2",
        version=1,
        track=XP,
        event=ItemReviewed,
        title=N_("Recall a question when it is due"),
        sentence=N_(
            "A question answered right when it is due pays by how long it had been put off: %(recalled_1)s XP for less "
            "than a week, %(recalled_2)s from a week, %(recalled_3)s from three weeks, %(recalled_4)s from two months. "
            "Each pays once; later repeats pay %(recalled_again_1)s, %(recalled_again_2)s, %(recalled_again_3)s or "
            "%(recalled_again_4)s XP."
        ),
        receipt=N_("Recalled a question of “%(lesson)s”"),
        who=_recaller,
        source=_recall_source,
        pay=_recall_pay,
        conditions=(
            Condition(
                N_("You neither wrote the lesson nor look after its topic."),
                N_("You wrote this lesson or look after its topic, so its questions do not pay you."),
                flag("is_own", False),
            ),
            Condition(
                N_("A repeat comes at least %(again_days)s days after the question paid last."),
                N_("This question paid less than %(again_days)s days ago. It pays again later."),
                _not_again_so_soon,
            ),
            _beats_guessing(
                N_(
                    "Your newest answers in practice were right about as often as guesses, so this one pays nothing. "
                    "Practice pays again once more of them are right."
                )
            ),
        ),
        cap=Cap(
            "recalls_per_day",
            DAY,
            N_("Up to %(recalls_per_day)s questions a day pay."),
            N_("%(recalls_per_day)s questions had paid that day already. Points start again the next day."),
        ),
    ),
    Rule(
        slug="L3",
        version=1,
        track=XP,
        event=DailySetFinished,
        title=N_("Finish the day’s questions"),
        sentence=N_("Finishing the day’s set pays %(daily_set)s XP, once each workday."),
        receipt=N_("Finished the day’s questions"),
        who=_day_setter,
        source=lambda event: f"set:{cast(DailySetFinished, event).set_id}",
        pay=whole("daily_set"),
        conditions=(
            Condition(
                N_("It is one of your workdays."),
                N_("It was not one of your workdays. Practice is welcome on any day; this pays on workdays."),
                lambda case: case.is_workday,
            ),
            Condition(
                N_("It is finished on its own day."),
                N_(
                    "It was the set of an earlier day, so finishing it pays nothing. Its answers count, and finishing "
                    "today’s set pays."
                ),
                flag("is_late", False),
            ),
            Condition(
                N_("No answer stayed too fast to have been read."),
                N_("An answer came too fast to have been read, so finishing the set pays nothing."),
                flag("any_rapid", False),
            ),
            Condition(
                N_("At least two in five answers are right."),
                N_("Fewer than two in five answers were right, so finishing the set pays nothing."),
                _in_earnest,
            ),
            _beats_guessing(
                N_(
                    "Your newest answers before this set were right about as often as guesses, so finishing it pays "
                    "nothing. Practice pays again once more of them are right."
                )
            ),
        ),
        cap=Cap(
            "sets_per_day",
            DAY,
            N_("One set a day pays. More practice still pays by its questions."),
            N_("A set had paid that day already."),
        ),
    ),
    Rule(
        slug="L5",
        version=1,
        track=XP,
        event=TopicHeld,
        title=N_("Hold a topic"),
        sentence=N_(
            "Holding a topic pays %(topic_held)s XP, once: four fifths of its questions recallable, and most of them "
            "proven after a week or more."
        ),
        receipt=N_("You hold a whole topic now"),
        who=actor,
        source=lambda event: f"topic:{cast(TopicHeld, event).topic_id}",
        pay=whole("topic_held"),
        conditions=(
            Condition(
                N_("You do not look after the topic as a curator."),
                N_("You look after this topic, so you know its answers anyway."),
                flag("is_own", False),
            ),
        ),
    ),
    Rule(
        slug="L6",
        version=1,
        track=XP,
        event=WeeklyGoalMet,
        title=N_("Meet your weekly goal"),
        sentence=N_(
            "Being active on enough of your workdays pays %(weekly_goal)s XP, once a week. A streak pays nothing."
        ),
        receipt=N_("Met your weekly goal"),
        who=lambda record: ((cast(WeeklyGoalMet, record.event).person_id, 1.0),),
        source=lambda event: f"week:{cast(WeeklyGoalMet, event).week}",
        pay=whole("weekly_goal"),
    ),
    Rule(
        slug="L4",
        version=1,
        track=XP,
        event=PretestAnswered,
        title=N_("Answer a question before reading"),
        sentence=N_("Some lessons ask one question first. Answering it pays %(pretest)s XP, right or wrong."),
        receipt=N_("Answered a question before reading “%(lesson)s”"),
        who=actor,
        source=_lesson_major,
        pay=whole("pretest"),
        conditions=(
            Condition(
                N_("You did not write or review the lesson."),
                N_("You wrote this lesson or look after its topic, so its first question does not pay you."),
                flag("is_own", False),
            ),
            Condition(
                N_("Your answer took long enough to have been read."),
                N_("The answer came too fast to have been read."),
                flag("is_rapid", False),
            ),
        ),
    ),
)
