"""A faulty question: left out of results, full marks for everybody, several right answers, a key that was mended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from peerlearn.accounts.models import Person
from peerlearn.analysis import access, deciding, regrading
from peerlearn.analysis.access import Deciding
from peerlearn.analysis.models import ItemFlag
from peerlearn.core import clock
from peerlearn.core.db import db as database
from peerlearn.core.errors import Conflict, NotAllowed, NotValid
from peerlearn.learn.models import Asked, Attempt
from peerlearn.learn.remarking import Ruling
from peerlearn.points import actions as points
from peerlearn.points.correcting import FULL_PAID, LEFT_OUT_PAID
from peerlearn.points.models import LedgerEntry
from peerlearn.practice.models import Memory
from peerlearn.practice.rules import POLICY
from peerlearn.quizzes.question import Question
from tests import factories
from tests.analysis.wrong_key import LATER, Scene, amounts, corrected, made, notices, passed, taken
from tests.factories import MONDAY, reloaded
from tests.page import Client
from tests.practice.days import Practice

Browser = Callable[[Person], Client]
REASON = "Nobody can tell from the card what is meant here."


@pytest.fixture
def scene(db: Any) -> Scene:
    """Two knew better than the key, one went by it; of three questions all three must be right."""
    return made(right=2, wrong=1).flagged_by_hand()


def opened(scene: Scene, flag: str = "miskey") -> Deciding:
    wanted = select(ItemFlag.id).where(ItemFlag.lesson_id == scene.lesson.id, ItemFlag.flag == flag)
    flag_id = database.session.scalars(wanted.order_by(ItemFlag.id.desc())).first()
    assert flag_id is not None
    return access.flag_to_correct(flag_id, reloaded(scene.curator))


def decided(deed: Callable[..., Any], scene: Scene, *words: Any, flag: str = "miskey", **values: Any) -> Any:
    found = opened(scene, flag)
    with clock.at(LATER):
        done = deed(found, *words, by=reloaded(scene.curator), **values)
    database.session.commit()
    database.session.expire_all()
    return done


def attempt_of(person: Person) -> Attempt:
    found = database.session.scalars(select(Attempt).where(Attempt.person_id == person.id).order_by(Attempt.id))
    return list(found)[-1]


def outcome(person: Person) -> tuple[int, float, int, bool]:
    found = attempt_of(person)
    return found.total, found.score, found.right, found.is_passed


def rows_of(person: Person) -> list[Asked]:
    mine = select(Asked).join(Asked.attempt).where(Attempt.person_id == person.id)
    return list(database.session.scalars(mine.order_by(Attempt.id, Asked.position)))


def reasons(person: Person) -> list[str]:
    mine = select(LedgerEntry.reason).where(LedgerEntry.person_id == person.id, LedgerEntry.rule == "L1")
    return list(database.session.scalars(mine.order_by(LedgerEntry.id)))


# it counts for nothing


def test_without_a_faulty_question_whoever_knew_the_rest_passes_and_is_paid(scene: Scene) -> None:
    knew = scene.right[0]
    assert outcome(knew) == (3, 2, 2, False)
    seen = regrading.foreseen(opened(scene), Ruling.LEFT_OUT)
    done = decided(regrading.leave_out, scene, REASON)
    assert (done.answers, done.gained, done.lost) == (3, 2, 0) == (seen.answers, seen.gained, seen.lost)
    assert outcome(knew) == (2, 2, 2, True)
    assert (rows_of(knew)[0].is_left_out, rows_of(knew)[0].ruling) == (True, "left_out")
    entry = database.session.scalars(select(LedgerEntry).where(LedgerEntry.person_id == knew.id)).one()
    assert (entry.rule, entry.amount, entry.day) == ("L1", 10, MONDAY.date())
    assert scene.item.state == "retired"
    assert opened_state(scene) == "left_out"
    assert points.verify() == []


def opened_state(scene: Scene) -> str:
    return scene.flag().state


def test_whoever_passed_with_a_faulty_question_keeps_the_pass_and_the_points(scene: Scene) -> None:
    person = scene.learner()
    taken(person, scene.lesson, True, True, True)
    short = scene.learner()
    taken(short, scene.lesson, True, True, False)
    decided(regrading.leave_out, scene, REASON)
    assert outcome(scene.wrong[0]) == (2, 2, 2, True)
    assert (outcome(person), amounts(person)) == ((2, 2, 2, True), [10])
    assert outcome(short) == (2, 1, 1, False)
    assert points.verify() == []


def test_a_pass_that_rested_on_the_faulty_question_stays(db: Any) -> None:
    """Of four questions three are needed. Two of three are too few, and nothing was shown against anybody."""
    topic = factories.topic()
    more = "\n## true-false ^fourthone\n\nIt ends somewhere.\n\n- [x] True ^a\n  > Yes.\n- [ ] False ^b\n  > Always.\n"
    author = factories.person("Author")
    curator = reloaded(factories.person("Curator", roles=(("curator", topic.id),)))
    scene = Scene(factories.published_lesson(author, topic, more=more), author, curator)
    person = scene.learner()
    taken(person, scene.lesson, True, True, False, True)
    database.session.commit()
    assert (outcome(person), amounts(person)) == ((4, 3, 3, True), [10])
    done = decided(regrading.leave_out, scene.flagged_by_hand(), REASON)
    assert (done.gained, done.lost) == (0, 0)
    assert (outcome(person), amounts(person)) == ((3, 2, 2, True), [10])
    assert notices(person).count("left_out") == 1
    assert "points_reversed" not in notices(person)
    assert points.verify() == []


def test_a_later_attempt_that_carried_it_leaves_it_out_too(scene: Scene) -> None:
    person = scene.learner()
    walk = taken(person, scene.lesson, True, True, False)
    walk.moment += timedelta(minutes=11)
    walk.quiz(True)
    database.session.commit()
    assert outcome(person) == (3, 3, 1, True)
    assert attempt_of(person).carried == 2
    decided(regrading.leave_out, scene, REASON)
    assert outcome(person) == (2, 2, 1, True)
    assert attempt_of(person).carried == 1
    assert points.verify() == []


def test_a_pass_moves_to_the_attempt_that_is_enough_without_it(scene: Scene) -> None:
    person = scene.learner()
    walk = taken(person, scene.lesson, False, True, True)
    walk.moment += timedelta(minutes=11)
    walk.quiz(True)
    database.session.commit()
    assert amounts(person) == [0], "a later attempt is paid when what was missed is recalled"
    decided(regrading.leave_out, scene, REASON)
    found = database.session.scalars(select(Attempt).where(Attempt.person_id == person.id).order_by(Attempt.id)).all()
    assert [one.is_passed for one in found] == [True, False]
    assert amounts(person) == [0, 10]
    assert reasons(person)[-1] == LEFT_OUT_PAID
    assert points.verify() == []


def test_everybody_who_was_asked_hears_once_why(scene: Scene, client_for: Browser) -> None:
    decided(regrading.leave_out, scene, REASON)
    assert notices(scene.right[0]).count("left_out_passed") == 1
    assert notices(scene.wrong[0]).count("left_out") == 1
    assert "question_left_out" in notices(scene.author)
    with pytest.raises(Conflict):
        regrading.leave_out(opened(scene), REASON, by=scene.curator)
    page = client_for(reloaded(scene.right[0])).get(f"/attempts/{attempt_of(scene.right[0]).id}/result")
    assert "Question 1 was faulty, which was our mistake. It counts no more" in page.text
    assert "Not counted" in page.text


def test_leaving_out_needs_a_reason_and_somebody_else_than_the_owner(scene: Scene) -> None:
    with pytest.raises(NotValid):
        decided(regrading.leave_out, scene, "no")
    with pytest.raises(NotAllowed):
        access.flag_to_correct(scene.flag().id, reloaded(scene.author))


def test_a_question_that_is_only_not_wanted_marks_nothing_again(scene: Scene) -> None:
    before = outcome(scene.right[0])
    decided(deciding.retire, scene, REASON)
    assert (outcome(scene.right[0]), amounts(scene.right[0])) == (before, [])
    assert scene.item.state == "retired"
    assert not {"left_out", "left_out_passed"} & set(notices(scene.right[0]))


# full marks for everybody


@pytest.mark.parametrize(
    ("retire", "state", "item"), [(False, "excused", "active"), (True, "excused_retired", "retired")]
)
def test_everybody_gets_full_marks(scene: Scene, retire: bool, state: str, item: str) -> None:
    seen = regrading.foreseen(opened(scene), Ruling.FULL)
    done = decided(regrading.give_full_marks, scene, REASON, retire=retire)
    assert (done.answers, done.gained, done.lost) == (3, 2, 0) == (seen.answers, seen.gained, seen.lost)
    assert [outcome(person) for person in (*scene.right, *scene.wrong)] == [(3, 3, 3, True)] * 3
    assert [amounts(person) for person in (*scene.right, *scene.wrong)] == [[10]] * 3
    assert (opened_state(scene), scene.item.state) == (state, item)
    assert notices(scene.right[0]).count("full_marks_passed") == 1
    assert notices(scene.wrong[0]).count("full_marks") == 1
    assert "full_marks_given" in notices(scene.author)
    assert points.verify() == []


def test_full_marks_outlive_a_key_that_is_corrected_later(scene: Scene) -> None:
    decided(regrading.give_full_marks, scene, REASON, retire=False)
    corrected(scene.flagged_by_hand(), "c", days=4)
    assert [outcome(person) for person in (*scene.right, *scene.wrong)] == [(3, 3, 3, True)] * 3
    assert points.verify() == []


def test_full_marks_in_practice_pay_and_leave_memories_as_they_are(scene: Scene) -> None:
    person, item_id = scene.learner(), scene.version.item_id
    taken(person, scene.lesson, False, True, True)
    practised(scene, person)
    before = remembered(person, item_id)
    done = decided(regrading.give_full_marks, scene, REASON, retire=False)
    assert done.answers == 5
    assert remembered(person, item_id) == before
    assert amounts(person, "L2") == [2, 2, 2]
    paid = select(LedgerEntry.reason).where(LedgerEntry.person_id == person.id, LedgerEntry.rule == "L2")
    assert FULL_PAID in database.session.scalars(paid).all()
    assert points.verify() == []


def practised(scene: Scene, person: Person) -> None:
    """Two days later it is answered as before, wrongly by the old key, and the others are right."""
    practice = Practice(person, MONDAY + timedelta(days=2, hours=1))
    practice.start()
    item_id = scene.version.item_id
    while waiting := practice.waiting:
        practice.answer(waiting.item_id != item_id)


def remembered(person: Person, item_id: int) -> tuple[float, int, int]:
    memory = database.session.get_one(Memory, (person.id, item_id), populate_existing=True)
    return memory.stability, memory.passes, memory.interval


# more than one answer is right


def test_of_several_right_answers_any_will_do(scene: Scene) -> None:
    found = opened(scene)
    assert found.takes_several
    assert found.report is not None
    options = tuple(replace(option, right=option.uid in "ab") for option in found.report.question.options)
    both = replace(found.report.question, options=options)
    seen = regrading.foreseen(found, Ruling.KEY, both)
    done = decided(regrading.correct, scene, both)
    assert (done.answers, done.gained, done.lost) == (3, 2, 0) == (seen.answers, seen.gained, seen.lost)
    assert [outcome(person) for person in (*scene.right, *scene.wrong)] == [(3, 3, 3, True)] * 3
    walk = taken(scene.learner(), scene.lesson, True, True, True)
    assert passed(walk.person)
    question = Question.from_json(scene.version.body)
    assert [option.uid for option in question.options if option.right] == ["a", "b"]
    assert points.verify() == []


def test_foreseeing_changes_nothing(scene: Scene, statements: list[str]) -> None:
    found = opened(scene)
    statements.clear()
    for ruling in (Ruling.FULL, Ruling.LEFT_OUT):
        regrading.foreseen(found, ruling)
    assert not [one for one in statements if not one.lstrip().lower().startswith(("select", "with"))]


# a key that an ordinary revision mended


def mended(scene: Scene) -> None:
    """The author publishes a revision in which another answer is right."""
    with clock.at(LATER - timedelta(hours=6)):
        factories.republish(
            scene.lesson,
            lambda text: text.replace("- [ ] The end", "- [x] The end").replace("- [x] The start", "- [ ] The start"),
        )
    database.session.expire_all()


def test_a_revision_with_another_key_asks_whether_the_old_one_was_wrong(scene: Scene) -> None:
    mended(scene)
    assert outcome(scene.right[0]) == (3, 2, 2, False), "nobody has decided"
    assert opened_state(scene) == "mended"
    assert "question_rekeyed" in notices(scene.curator)
    found = opened(scene, "rekeyed")
    assert found.is_rekeyed
    assert found.row.answers == 3
    seen = regrading.foreseen(found, Ruling.KEY)
    done = decided(regrading.follow_new_key, scene, flag="rekeyed")
    assert (done.answers, done.gained, done.lost) == (3, 2, 1) == (seen.answers, seen.gained, seen.lost)
    assert [amounts(person) for person in scene.right] == [[10], [10]]
    assert amounts(scene.wrong[0]) == [10, -10]
    assert notices(scene.right[0]).count("passed_after_all") == 1
    assert points.verify() == []
    assert database.session.get_one(ItemFlag, found.row.id).state == "corrected"


def test_a_key_that_was_right_at_its_time_leaves_all_marks(scene: Scene) -> None:
    mended(scene)
    decided(deciding.dismiss, scene, REASON, flag="rekeyed")
    assert outcome(scene.wrong[0]) == (3, 3, 3, True)
    assert amounts(scene.wrong[0]) == [10]
    assert "old_key_was_right" in notices(scene.author)


def test_other_words_or_the_same_key_ask_nothing(scene: Scene) -> None:
    with clock.at(LATER):
        factories.republish(scene.lesson, lambda text: text.replace("That comes last.", "That always comes last."))
        factories.republish(
            scene.lesson,
            lambda text: (
                text.replace("What comes first?", "What do you begin with?")
                .replace("- [ ] The end", "- [x] The end")
                .replace("- [x] The start", "- [ ] The start")
            ),
        )
    assert not database.session.scalars(select(ItemFlag.id).where(ItemFlag.flag == "rekeyed")).all()


def test_a_corrected_key_does_not_ask_again(scene: Scene) -> None:
    corrected(scene)
    assert not database.session.scalars(select(ItemFlag.id).where(ItemFlag.flag == "rekeyed")).all()


def test_a_question_about_an_old_key_survives_a_revision_that_leaves_it_alone(scene: Scene) -> None:
    mended(scene)
    with clock.at(LATER):
        factories.republish(scene.lesson, lambda text: text.replace("That comes last.", "That always comes last."))
    assert opened(scene, "rekeyed").is_open
    done = decided(regrading.follow_new_key, scene, flag="rekeyed")
    assert (done.answers, done.gained, done.lost) == (3, 2, 1)


def test_memory_after_a_mended_key_is_what_a_correction_leaves(db: Any) -> None:
    left = []
    for way in ("corrected", "mended"):
        scene = made(right=1, wrong=0).flagged_by_hand()
        person, item_id = scene.right[0], scene.version.item_id
        practised(scene, person)
        if way == "mended":
            mended(scene)
            decided(regrading.follow_new_key, scene, flag="rekeyed")
        else:
            corrected(scene)
        left.append(remembered(person, item_id))
    assert left[0] == left[1]
    assert left[0][0] == POLICY.new_stability, "another key leaves no more of it"


# the pages


def test_the_page_says_which_it_is_and_shows_before_it_does(scene: Scene, client_for: Browser) -> None:
    curator, address = client_for(reloaded(scene.curator)), f"/review/questions/{scene.flag().id}"
    page = curator.get(address)
    for words in (
        "Another answer is the right one",
        "More than one answer is right",
        "Everybody gets full marks",
        "It counts for nothing",
        "The question is good",
        "It is not wanted any more",
    ):
        assert words in page.text
    refused = curator.post(f"{address}/foresee", {"deed": "leave_out", "out-reason": "no"}, status=422)
    assert "20 characters or more" in refused.text
    seen = curator.post(f"{address}/foresee", {"deed": "leave_out", "out-reason": REASON}, status=200)
    assert "3 results leave the question out." in seen.text
    assert "2 people pass after all" in seen.text
    assert "Nobody loses a pass." in seen.text
    curator.post(f"{address}/leave-out", seen.fields(f"{address}/leave-out"), to="/review/questions")
    listed = curator.get("/review/questions").text
    assert "3 results leave it out. 2 people pass after all." in listed
    assert "results leave it out" in curator.get(address).text


def test_full_marks_on_the_page(scene: Scene, client_for: Browser) -> None:
    curator, address = client_for(reloaded(scene.curator)), f"/review/questions/{scene.flag().id}"
    seen = curator.post(f"{address}/foresee", {"deed": "full_marks", "full-reason": REASON, "retire": "1"}, status=200)
    assert "The question is retired" in seen.text
    curator.post(f"{address}/full-marks", seen.fields(f"{address}/full-marks"), to="/review/questions")
    assert scene.item.state == "retired"


def test_an_old_key_on_the_page(scene: Scene, client_for: Browser) -> None:
    mended(scene)
    curator, address = client_for(reloaded(scene.curator)), f"/review/questions/{opened(scene, 'rekeyed').row.id}"
    page = curator.get(address)
    assert "Was the old key wrong?" in page.text
    assert "It is not wanted any more" not in page.text
    seen = curator.post(f"{address}/foresee", {"deed": "follow_new_key"}, status=200)
    assert "Right from now on: The end" in seen.text
    assert "1 person does not pass any more" in seen.text
    for deed in ("correct", "full-marks", "leave-out", "retire"):
        values = {"key": "c", "full-reason": REASON, "out-reason": REASON, "retire-reason": REASON}
        curator.post(f"{address}/{deed}", values, status=409)
    curator.post(f"{address}/follow-new-key", seen.fields(f"{address}/follow-new-key"), to="/review/questions")
    assert "3 answers were marked again." in curator.get("/review/questions").text


def test_a_faulty_question_costs_as_many_statements_for_few_and_for_many(db: Any, statements: list[str]) -> None:
    for deed, words, values in (
        (regrading.leave_out, (REASON,), {}),
        (regrading.give_full_marks, (REASON,), {"retire": False}),
    ):
        asked = []
        for right, wrong in ((2, 1), (22, 8)):
            scene = made(right, wrong).flagged_by_hand()
            statements.clear()
            assert decided(deed, scene, *words, **values).answers == right + wrong
            asked.append(len(statements))
        assert asked[0] == asked[1]
        assert asked[0] <= 60
