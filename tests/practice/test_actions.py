"""Practice on a real database: memories after quizzes, sets, what is asked again, fresh starts."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from peerlearn.accounts import time_off
from peerlearn.accounts.models import Person
from peerlearn.badges.models import Award
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.core.errors import Conflict, NotFound
from peerlearn.core.facts import Fact
from peerlearn.inbox.models import Notice
from peerlearn.learn import queries as learning
from peerlearn.lessons import actions as lessons
from peerlearn.lessons.models import Lesson
from peerlearn.practice import actions, queries, rules
from peerlearn.practice.models import DailySet, Memory, SetQuestion
from peerlearn.quizzes.models import ItemVersion
from peerlearn.streaks import actions as streaks
from peerlearn.streaks.rules import Deeds
from tests import factories
from tests.factories import Walk
from tests.practice.days import Practice


@pytest.fixture
def walk(app: Any) -> Walk:
    """A person who has read a lesson."""
    walk = Walk(factories.person(), factories.published_lesson().slug)
    walk.read()
    return walk


def memories(person: Person) -> dict[str, Memory]:
    """A person's memories by the kind of question."""
    rows = select(Memory, ItemVersion.kind).join(ItemVersion, ItemVersion.id == Memory.version_id)
    mine = rows.where(Memory.person_id == person.id).execution_options(populate_existing=True)
    return {kind: row for row, kind in db.session.execute(mine)}


def lesson_of(walk: Walk) -> Lesson:
    """The lesson that was read."""
    found = learning.lesson_by_slug(walk.slug, walk.person)
    assert found is not None
    return found


def facts(kind: str, person: Person) -> list[dict[str, Any]]:
    """What was announced of a person, oldest first."""
    rows = select(Fact.data).where(Fact.type == kind, Fact.actor_id == person.id).order_by(Fact.id)
    return list(db.session.scalars(rows))


def awards(person: Person) -> set[str]:
    """The badges that a person holds."""
    return set(db.session.scalars(select(Award.badge).where(Award.person_id == person.id)))


def test_a_quiz_is_remembered(walk: Walk) -> None:
    walk.quiz(True, False, True)
    found = memories(walk.person)
    assert {kind: row.interval for kind, row in found.items()} == {"single": 2, "true-false": 1, "text": 2}
    assert {kind: row.is_missed for kind, row in found.items()} == {"single": False, "true-false": True, "text": False}
    day = walk.moment.date()
    assert found["single"].due_on == day + timedelta(days=2)
    assert found["single"].stability == pytest.approx(2.3065, abs=1e-4)


def test_an_answer_given_too_fast_is_not_remembered(walk: Walk) -> None:
    walk.quiz(True, True, True, seconds=1)
    assert memories(walk.person) == {}


def test_a_retake_on_the_same_day_changes_no_memory(walk: Walk) -> None:
    walk.quiz(True, False, False)
    before = {kind: row.stability for kind, row in memories(walk.person).items()}
    walk.moment += timedelta(minutes=11)
    walk.quiz(True, True)
    assert {kind: row.stability for kind, row in memories(walk.person).items()} == before


def test_a_retake_on_a_later_day_does(walk: Walk) -> None:
    walk.quiz(True, False, False)
    walk.moment += timedelta(days=1)
    walk.quiz(True, True)
    found = memories(walk.person)
    assert found["text"].answered_on == walk.moment.date()
    assert (found["text"].passes, found["single"].passes) == (1, 1)
    assert found["text"].is_missed, "until its first due answer"


def test_a_critical_topic_comes_back_sooner_and_first(walk: Walk) -> None:
    lesson = lesson_of(walk)
    lesson.topic.importance = "critical"
    db.session.commit()
    walk.quiz()
    assert {(row.rank, row.interval) for row in memories(walk.person).values()} == {(rules.CRITICAL, 1)}


def test_a_set_asks_what_is_due_and_pays_attention(walk: Walk) -> None:
    walk.quiz()
    practice = Practice(walk.person, walk.moment + timedelta(days=2))
    practice.start()
    assert [question.kind for question in practice.sitting.questions] == ["due"] * 3
    for _ in range(3):
        practice.answer()
    reviewed = facts("ItemReviewed", walk.person)
    assert [(fact["was_due"], fact["scheduled_days"], fact["tier_repeated"]) for fact in reviewed] == [
        (True, 2, False)
    ] * 3
    assert facts("DailySetFinished", walk.person) == [
        {"set_id": practice.set_id, "number": 1, "asked": 3, "right": 3}
        | {"any_rapid": False, "beats_guessing": True, "is_late": False}
    ]
    assert {row.interval for row in memories(walk.person).values()} == {11}
    assert {row.tiers for row in memories(walk.person).values()} == {1}
    stored = db.session.scalars(select(SetQuestion)).first()
    assert stored is not None
    assert stored.predicted == pytest.approx(0.9095, abs=1e-4)


def test_a_quick_and_certain_answer_to_what_was_right_twice_is_easy(walk: Walk) -> None:
    walk.quiz()
    second = Practice(walk.person, walk.moment + timedelta(days=2))
    second.start()
    for _ in range(3):
        second.answer(seconds=12, confidence="certain")
    third = Practice(walk.person, second.moment + timedelta(days=12))
    third.start()
    for seconds, confidence in ((18, "certain"), (18.1, "certain"), (5, "fairly")):  # one and a half times 12 is quick
        third.answer(seconds=seconds, confidence=confidence)
    assert [question.rating for question in second.again().questions] == [3, 3, 3], "once right before is too little"
    assert [question.rating for question in third.again().questions] == [4, 3, 3]


def test_a_guess_that_was_right_is_hard(walk: Walk) -> None:
    walk.quiz()
    practice = Practice(walk.person, walk.moment + timedelta(days=2))
    practice.start()
    practice.answer(confidence="guess")
    assert practice.again().questions[0].rating == 2
    first = db.session.get_one(Memory, (walk.person.id, practice.again().questions[0].item_id))
    assert (first.stability, first.interval) == (pytest.approx(7.5133, abs=1e-4), 8)


def test_an_absence_pauses_practice_and_nothing_is_lost(walk: Walk) -> None:
    walk.quiz()
    first = walk.moment.date() + timedelta(days=2)
    with clock.at(walk.moment):
        time_off.record_absence(first, first + timedelta(days=14), by=walk.person)
        db.session.commit()
    walk.person = factories.reloaded(walk.person)
    for days in (2, 7, 14):
        away = Practice(walk.person, walk.moment + timedelta(days=days))
        with pytest.raises(Conflict):
            away.start()
    back = Practice(walk.person, walk.moment + timedelta(days=17))
    back.start()
    assert [question.kind for question in back.sitting.questions] == ["due"] * 3


def test_nothing_is_due_on_a_free_day(walk: Walk) -> None:
    walk.moment += timedelta(days=3)  # a Thursday: due on Saturday
    walk.quiz()
    saturday = Practice(walk.person, walk.moment + timedelta(days=2))
    with pytest.raises(Conflict):
        saturday.start()
    monday = Practice(walk.person, walk.moment + timedelta(days=4))
    monday.start()
    assert len(monday.sitting.questions) == 3


def test_an_item_answered_too_fast_comes_again_at_the_end(walk: Walk) -> None:
    walk.quiz()
    practice = Practice(walk.person, walk.moment + timedelta(days=2))
    practice.start()
    practice.answer(seconds=0.5)
    practice.answer()
    practice.answer()
    assert facts("DailySetFinished", walk.person) == []
    asked = practice.again().questions
    assert asked[0].item_id == asked[3].item_id
    practice.answer()
    finished = facts("DailySetFinished", walk.person)
    assert [(fact["asked"], fact["right"], fact["any_rapid"]) for fact in finished] == [(3, 3, False)]


def test_an_item_is_asked_three_times_at_most(walk: Walk) -> None:
    walk.quiz()
    practice = Practice(walk.person, walk.moment + timedelta(days=2))
    practice.start()
    for _ in range(9):
        practice.answer(seconds=0.5)
    assert facts("DailySetFinished", walk.person)[0]["any_rapid"]
    assert len(practice.again().questions) == 9
    assert {row.reviews for row in memories(walk.person).values()} == {0}


def forget(walk: Walk) -> datetime:
    """Miss one question each week until it is set aside; when that was."""
    walk.quiz()
    moment = walk.moment
    for _ in range(4):
        moment += timedelta(days=7)
        practice = Practice(walk.person, moment)
        practice.start()
        while practice.waiting:
            practice.answer(right=practice.waiting.version.kind != "text")
    return moment


def test_a_wrong_answer_is_a_lapse_and_four_make_a_leech(walk: Walk) -> None:
    moment = forget(walk)
    forgotten = memories(walk.person)["text"]
    assert (forgotten.lapses, forgotten.rank) == (4, rules.LEECH)
    assert len(facts("ItemForgotten", walk.person)) == 1
    told = db.session.scalars(select(Notice.person_id).where(Notice.kind == "item_forgotten"))
    assert list(told) == [lesson_of(walk).owner_id]
    [leech] = queries.leeches(walk.person.id)
    assert leech.slug == walk.slug
    with clock.at(moment):
        actions.take_up_again(forgotten.item_id, by=walk.person)
        db.session.commit()
    again = memories(walk.person)["text"]
    assert (again.rank, again.lapses) == (rules.ORDINARY, 0)


def test_what_was_forgotten_too_often_is_asked_again_at_once_when_it_changes(walk: Walk) -> None:
    moment = forget(walk) + timedelta(days=1)
    item_id = memories(walk.person)["text"].item_id
    actions.pause_items([item_id])
    actions.resume_items([item_id])
    db.session.commit()
    assert memories(walk.person)["text"].rank == rules.LEECH, "nobody has read its card again"
    with clock.at(moment):
        factories.republish(lesson_of(walk), lambda text: text.replace("What is forgotten", "What do people forget"))
    mended = memories(walk.person)["text"]
    assert (mended.rank, mended.lapses, mended.due_on) == (rules.ORDINARY, 0, moment.date())


def test_what_was_missed_is_recalled_at_its_first_due_review_only(walk: Walk) -> None:
    walk.quiz(True, False, False)
    walk.moment += timedelta(minutes=11)
    walk.quiz(True, True)
    practice = Practice(walk.person, walk.moment + timedelta(days=2))
    practice.start()
    while practice.waiting:
        practice.answer(right=practice.waiting.version.kind != "text")
    [recalled] = facts("MissedItemRecalled", walk.person)
    assert recalled["attempt_number"] == 2
    later = Practice(walk.person, practice.moment + timedelta(days=3))
    later.start()
    while later.waiting:
        later.answer()
    assert len(facts("MissedItemRecalled", walk.person)) == 1


def test_a_second_start_goes_on_with_the_same_set(walk: Walk) -> None:
    walk.quiz()
    practice = Practice(walk.person, walk.moment + timedelta(days=2))
    assert practice.start() == practice.start()
    practice.answer()
    assert practice.start() == practice.set_id


def test_a_set_is_its_owners_only(walk: Walk) -> None:
    walk.quiz()
    practice = Practice(walk.person, walk.moment + timedelta(days=2))
    practice.start()
    assert queries.sitting(practice.set_id, factories.person().id) is None


def test_an_answer_counts_once(walk: Walk) -> None:
    walk.quiz()
    practice = Practice(walk.person, walk.moment + timedelta(days=2))
    practice.start()
    first = practice.sitting
    practice.answer()
    with pytest.raises(Conflict), clock.at(practice.moment):
        actions.answer(first, 1, practice.right_answer(first.questions[0]), "fairly", by=walk.person)
    with pytest.raises(NotFound), clock.at(practice.moment):
        actions.answer(first, 99, practice.right_answer(first.questions[0]), "fairly", by=walk.person)


def test_a_changed_question_is_due_at_once_and_one_that_is_gone_is_not_asked(walk: Walk) -> None:
    walk.quiz(True, True, False)
    for kind in ("single", "true-false"):
        memories(walk.person)[kind].stability = 50
    db.session.commit()
    lesson = lesson_of(walk)
    with clock.at(walk.moment + timedelta(days=1)):
        factories.republish(
            lesson,
            lambda text: text.replace("Every step", "Each step").replace("What is forgotten", "What do people forget"),
        )
    found = memories(walk.person)
    assert found["true-false"].due_on == (walk.moment + timedelta(days=1)).date()
    assert found["true-false"].stability == pytest.approx(2.3065, abs=1e-4), "no more is left than of a first answer"
    assert found["text"].stability == pytest.approx(0.212, abs=1e-4), "what is less stays so"
    assert found["single"].due_on == (walk.moment + timedelta(days=2)).date()
    assert found["single"].stability == pytest.approx(50)
    lessons.archive(lesson_of(walk), by=walk.person)
    db.session.commit()
    assert {row.rank for row in memories(walk.person).values()} == {rules.GONE}


def test_a_paused_item_is_not_asked_until_it_is_resumed(walk: Walk) -> None:
    walk.quiz()
    item_id = memories(walk.person)["single"].item_id
    actions.pause_items([item_id])
    practice = Practice(walk.person, walk.moment + timedelta(days=2))
    practice.start()
    assert item_id not in [question.item_id for question in practice.sitting.questions]
    actions.resume_items([item_id])
    assert memories(walk.person)["single"].rank == rules.ORDINARY


def test_a_fresh_start_spreads_what_is_overdue(walk: Walk) -> None:
    walk.quiz()
    moment = walk.moment + timedelta(days=30)
    with clock.at(moment):
        assert actions.begin_afresh(by=walk.person) == 3
        db.session.commit()
    assert {row.due_on for row in memories(walk.person).values()} == {moment.date()}


def test_people_choose_how_much(walk: Walk) -> None:
    walk.quiz()
    actions.choose(size=3, by_mail=True, by=walk.person)
    actions.choose(size=10, by_mail=False, by=walk.person)
    start = queries.start_of(walk.person, date(2026, 1, 5))
    assert start.size == 10


def costs(walk: Walk, statements: list[str], count: int, active: int = 0) -> list[int]:
    """How many statements each answer of a set takes, on Thursday, after so many lessons besides and active days."""
    walk.quiz()
    for _ in range(count):
        other = Walk(walk.person, factories.published_lesson().slug, walk.moment)
        other.read()
        other.quiz()
    for day in range(1, active + 1):
        streaks.count(walk.person.id, {(walk.moment + timedelta(days=day)).date(): Deeds(lessons=1)})
    return answers_cost(walk, statements)


def answers_cost(walk: Walk, statements: list[str], right: bool = True) -> list[int]:
    """How many statements each answer of a set takes, three days on."""
    practice, found = Practice(walk.person, walk.moment + timedelta(days=3)), []
    practice.start()
    for asked in practice.sitting.questions:
        with clock.at(practice.moment):
            actions.ask_question(asked, by=walk.person)
            db.session.commit()
        practice.again()
        practice.moment += timedelta(seconds=20)
        statements.clear()
        with clock.at(practice.moment):
            sitting = queries.sitting(practice.set_id, walk.person.id)
            assert sitting is not None
            given = practice.right_answer(sitting.questions[asked.position - 1], right)
            actions.answer(sitting, asked.position, given, "fairly", by=walk.person)
        found.append(len(statements) + 1)  # the session's own: who signed in
    assert facts("DailySetFinished", walk.person)
    return found


@pytest.mark.parametrize("count", [3, 30])
def test_an_answer_costs_the_same_for_many_memories(walk: Walk, statements: list[str], count: int) -> None:
    assert max(costs(walk, statements, count)) <= 10


def test_the_answer_that_meets_the_weekly_goal_costs_no_more(walk: Walk, statements: list[str]) -> None:
    assert max(costs(walk, statements, 3, active=1)) == 9
    assert len(facts("WeeklyGoalMet", walk.person)) == 1


def three_good_weeks(walk: Walk) -> None:
    """Days that end with ten in a row: the next goal brings a badge. Those they brought themselves are taken away."""
    first = walk.moment.date() - timedelta(weeks=3)
    for day in (first + timedelta(days=number) for number in range(19)):
        streaks.count(walk.person.id, {day: Deeds(lessons=1)})
    db.session.execute(delete(Award))


def test_the_answer_that_meets_a_goal_and_brings_a_badge_takes_ten(walk: Walk, statements: list[str]) -> None:
    three_good_weeks(walk)
    assert max(costs(walk, statements, 3, active=1)) == 10
    assert awards(walk.person) == {"good-weeks"}


def test_the_answer_that_brings_all_at_once_takes_ten_besides_the_sign_in(walk: Walk, statements: list[str]) -> None:
    three_good_weeks(walk)
    costs(walk, statements, 3)
    db.session.execute(delete(Award))
    forget_often(walk)
    for day in (8, 9):
        streaks.count(walk.person.id, {(walk.moment + timedelta(days=day)).date(): Deeds(lessons=1)})
    walk.moment += timedelta(days=7)
    most = max(answers_cost(walk, statements, right=False))
    assert awards(walk.person) == {"good-weeks"}
    assert facts("ItemForgotten", walk.person)
    assert most - 1 == 10


def forget_often(walk: Walk) -> None:
    """Bring every memory to the edge of being a leech."""
    mine = update(Memory).where(Memory.person_id == walk.person.id)
    db.session.execute(mine.values(lapses=rules.POLICY.leech_lapses))


def test_the_answer_that_makes_a_leech_costs_the_author_s_notice_more(walk: Walk, statements: list[str]) -> None:
    usual = max(costs(walk, statements, 3))
    forget_often(walk)
    walk.moment += timedelta(days=7)
    assert max(answers_cost(walk, statements, right=False)) <= usual + 1 <= 10
    assert facts("ItemForgotten", walk.person)


@pytest.mark.parametrize("count", [3, 30])
def test_a_set_is_drawn_in_six_statements(walk: Walk, statements: list[str], count: int) -> None:
    for _ in range(count):
        other = Walk(walk.person, factories.published_lesson().slug, walk.moment)
        other.read()
        other.quiz()
    statements.clear()
    with clock.at(walk.moment + timedelta(days=3)):
        set_id = actions.start_set(by=walk.person)
    assert len(statements) <= 6, statements
    assert db.session.get_one(DailySet, set_id).number == 1
