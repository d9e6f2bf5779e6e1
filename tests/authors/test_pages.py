"""What authors see of their lessons."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from peerlearn.authors import queries
from peerlearn.authors.rules import QUIZ, Share, Waits
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.learn.models import Reading
from peerlearn.lessons import actions as lessons
from peerlearn.lessons.models import Lesson, LessonAuthor
from peerlearn.practice.models import DailySet, SetQuestion
from peerlearn.quizzes.models import ItemVersion, QuizItem
from peerlearn.review import actions as review
from peerlearn.review import queries as reviewing
from peerlearn.review import rules as review_rules
from peerlearn.review.models import Report
from tests import factories
from tests.factories import MONDAY, Walk
from tests.page import Client, text_of

ClientFor = Callable[..., Client]
LATER = MONDAY + timedelta(days=60)


@pytest.fixture
def lesson(app: Any) -> Lesson:
    """A published lesson with three cards and three questions."""
    with clock.at(MONDAY - timedelta(days=1)):
        return factories.published_lesson(title="How to keep a promise")


def read(lesson: Lesson, cards: int, moment: datetime = MONDAY) -> int:
    """Somebody reads so many cards and stops; who it is."""
    reader = factories.person()
    with clock.at(moment):
        row = Reading(person_id=reader.id, lesson_id=lesson.id, revision_id=lesson.published_id)
        row.seen, row.card = list(range(1, cards + 1)), min(cards + 1, 3)
        db.session.add(row)
        db.session.commit()
    return reader.id


def learn(lesson: Lesson, *rights: bool) -> int:
    """Somebody reads all of it and takes the quiz; who it is."""
    walk = Walk(factories.person(), lesson.slug)
    walk.read()
    walk.quiz(*rights)
    return walk.person.id


def practise(lesson: Lesson, person_id: int, days: int, *rights: bool, rapid: bool = False) -> None:
    """So many days after passing, somebody answers the lesson's questions in a daily set, the first one first."""
    at = MONDAY + timedelta(days=days, hours=2)
    quiz = select(lessons.Revision.quiz_id).where(lessons.Revision.id == lesson.published_id)
    versions = db.session.scalars(
        select(ItemVersion).join(QuizItem, QuizItem.version_id == ItemVersion.id).where(QuizItem.quiz_id.in_(quiz))
    ).all()
    sets = DailySet(person_id=person_id, day=at.date(), number=1, size=5, seed=1, started_at=at)
    sets.questions = [
        SetQuestion(
            person_id=person_id,
            position=number,
            item_id=version.item_id,
            version_id=version.id,
            lesson_id=lesson.id,
            kind="due",
            asked_at=at,
            answered_at=at,
            mark=float(right),
            is_right=right,
            is_rapid=rapid,
        )
        for number, (version, right) in enumerate(zip(versions, rights, strict=False), 1)
    ]
    db.session.add(sets)
    db.session.commit()


def seen(lesson: Lesson, moment: datetime = LATER, person_id: int | None = None) -> queries.Written:
    """What an author of a lesson sees of it."""
    with clock.at(moment):
        found = queries.lesson_of(lesson.id, factories.reloaded(person_id or lesson.owner_id))
    assert found is not None
    return found


def test_readers_and_where_they_stop(lesson: Lesson) -> None:
    for cards in (0, 1, 1, 1, 3):
        read(lesson, cards)
    read(lesson, 2, LATER - timedelta(days=2))
    learn(lesson)
    figures = seen(lesson).figures
    assert figures.readers == 7
    assert figures.places == {1: 1, 2: 3, 4: 1, QUIZ: 1}, "whoever read two days ago may still go on"
    assert figures.reach == [6, 5, 2, 2, 1]
    assert figures.drop is not None
    assert figures.drop.card == 2


def test_a_small_edit_keeps_the_count_and_another_text_begins_it_anew(lesson: Lesson) -> None:
    read(lesson, 1)
    factories.republish(lesson, lambda text: text.replace("Then show each step.", "Then show every step."))
    assert seen(lesson).figures.places == {2: 1}
    factories.republish(
        lesson, lambda text: text.replace("## Take care", "## Quite another card\n\nNew words.\n\n## Take care")
    )
    found = seen(lesson).figures
    assert (found.places, found.cards, found.readers) == ({}, 4, 1)


def test_the_quiz_counts_people(lesson: Lesson) -> None:
    learn(lesson)
    learn(lesson, True, False, False)
    again = Walk(factories.person(), lesson.slug)
    again.read()
    again.quiz(False, False, False)
    again.moment += timedelta(days=1)
    again.quiz(True, True, True)
    figures = seen(lesson).figures
    assert figures.passed == Share(2, 3, 3)
    assert figures.at_once == Share(1, 3, 3)


def test_what_is_kept_is_the_first_answer_after_a_month(lesson: Lesson) -> None:
    first, second = learn(lesson), learn(lesson)
    practise(lesson, first, 8, False, True)
    practise(lesson, first, 31, True, False, True)
    practise(lesson, first, 45, False, True, True)
    practise(lesson, second, 29, False)
    practise(lesson, second, 40, False, rapid=True)
    practise(lesson, second, 50, True)
    failed = learn(lesson, False, False, False)
    practise(lesson, failed, 40, True, True, True)
    kept = seen(lesson, MONDAY + timedelta(days=60)).figures.kept
    assert kept[7] == Share(2, 4, 2)
    assert kept[30] == Share(3, 4, 2)
    assert 90 not in kept


def test_authors_are_not_counted(lesson: Lesson) -> None:
    person_id = learn(lesson)
    practise(lesson, person_id, 40, True)
    assert seen(lesson).figures.readers == 1
    db.session.add(LessonAuthor(lesson_id=lesson.id, person_id=person_id, position=1, share=0.0))
    db.session.commit()
    figures = seen(lesson).figures
    assert (figures.readers, figures.passed, figures.at_once, figures.kept, figures.places) == (
        0,
        Share(),
        Share(),
        {},
        {},
    )


def test_what_waits_is_counted(lesson: Lesson) -> None:
    owner = factories.reloaded(lesson.owner_id)
    attempt = Walk(factories.person(), lesson.slug)
    attempt.read()
    factories.flagged(lesson, attempt.quiz().attempt)
    factories.suggested(lesson, factories.person(), "Start with what the reader wants to do.", "Begin with a wish.")
    where = {"lesson_id": lesson.id, "topic_id": lesson.topic_id, "kind": "wrong", "reporter_id": owner.id}
    decided = {"state": "upheld", "decided_by_id": owner.id, "decided_at": LATER}
    db.session.add_all(
        [Report(**where, **decided, revision_id=lesson.published_id), Report(**where, revision_id=lesson.published_id)]
    )
    db.session.commit()
    found = seen(lesson)
    assert found.waits == Waits(suggestions=1, red=1, upheld=1)
    factories.republish(lesson, lambda text: text.replace("Then show each step.", "Then show every step."))
    assert seen(lesson).waits.upheld == 0, "the text is another one now"


def every_state(app: Any) -> dict[str, int]:
    """A lesson in each state by one author; what it is for: the section that it stands in."""
    owner, topic = factories.person(), factories.topic()
    curator = factories.person(roles=(("curator", topic.id),))
    draft, _revision = lessons.import_file(factories.lesson_text(topic), owner=owner, by=owner)
    waiting, _review = factories.reviewed_lesson(owner, topic)
    returned, asked = factories.reviewed_lesson(owner, topic)
    taken = reviewing.review_to_change(asked.id, curator)
    assert taken is not None
    place = review_rules.Place(line_from=2, line_to=2)
    review.remark(taken.review, review.Words("blocking", place, review.written("Please.")), by=curator)
    review.request_changes(taken.review, factories.JUDGEMENT, by=curator)
    db.session.commit()
    fine, stale, gone, flagged = (factories.published_lesson(owner, topic) for _number in range(4))
    stale.check_on = (clock.now() - timedelta(days=40)).date()
    lessons.archive(gone, by=owner)
    walk = Walk(factories.person(), flagged.slug, clock.now())
    walk.read()
    factories.flagged(flagged, walk.quiz().attempt)
    aside = lessons.import_file(factories.lesson_text(topic), owner=owner, by=owner)
    assert aside[1] is not None
    lessons.discard(aside[1], by=owner)
    db.session.commit()
    wanted = {draft: 0, waiting: 1, returned: 0, fine: 2, stale: 0, gone: 3, flagged: 0, aside[0]: 3}
    return {"owner": owner.id} | {str(one.id): section for one, section in wanted.items()}


def test_the_page_and_the_law_agree_on_what_waits(app: Any) -> None:
    wanted = every_state(app)
    owner = factories.reloaded(wanted.pop("owner"))
    rows = queries.lessons_of(owner).rows
    assert {str(row.lesson.id): row.section for row in rows} == wanted
    assert [row.section for row in rows] == sorted(row.section for row in rows)
    for row in rows:
        assert row.step.is_due is (row.section == queries.YOURS), row.step
    assert next(row for row in rows if row.step.slug == "answer").waits.remarks == 1


def test_pages_go_by_key_and_miss_nothing(app: Any) -> None:
    with clock.at(MONDAY):
        wanted = every_state(app)  # all touched at the same moment
    owner = factories.reloaded(wanted.pop("owner"))
    whole = [row.lesson.id for row in queries.lessons_of(owner).rows]
    found: list[int] = []
    after: int | None = None
    while True:
        page = queries.lessons_of(owner, after, size=3)
        found += [row.lesson.id for row in page.rows]
        if page.after is None:
            break
        after = int(page.after)
    assert found == whole
    assert len(found) == len(wanted)
    assert queries.lessons_of(owner, 2**31 - 1).rows == []


def test_my_lessons_say_what_to_do_next(lesson: Lesson, client_for: ClientFor) -> None:
    for _number in range(5):
        practise(lesson, learn(lesson), 40, True, False, False)
    with clock.at(MONDAY + timedelta(days=41)):
        page = client_for(factories.reloaded(lesson.owner_id)).get("/write")
        assert "A month after passing, 33 % of the answers are right." in page.text
        assert "33 %" in page.text
        assert "of 5" in page.text
        page = client_for(factories.reloaded(lesson.owner_id)).get(f"/write/{lesson.id}/figures")
    assert "Nobody stopped on the way." in page.text
    assert "30 days or more" in page.text
    assert "/help/your-lessons#kept" in page.text
    assert f"/write/{lesson.id}/questions" in page.text
    for table in (
        "Readers who came this far",
        "Right answers by days since passing",
        "Right first answers by question",
    ):
        assert table in [text_of(caption) for caption in page.all("caption")]


def test_fewer_than_five_tell_nothing(lesson: Lesson, client_for: ClientFor) -> None:
    for _number in range(4):
        practise(lesson, learn(lesson), 40, True, False, False)
    with clock.at(LATER):
        browser = client_for(factories.reloaded(lesson.owner_id))
        page = browser.get(f"/write/{lesson.id}/figures")
        assert "%" not in browser.get("/write").text
    assert "%" not in page.text
    assert "too few to tell" in page.text


def test_figures_are_for_authors(lesson: Lesson, client_for: ClientFor) -> None:
    url = f"/write/{lesson.id}/figures"
    client_for(factories.person(roles=(("curator", lesson.topic_id),))).get(url, status=404)
    client_for(factories.person(roles=(("admin", 0),))).get(url, status=404)
    client_for(factories.reloaded(lesson.owner_id)).get("/write/999999/figures", status=404)


def test_a_lesson_that_was_never_published_has_no_figures(client_for: ClientFor, app: Any) -> None:
    author = factories.person()
    draft, _review = factories.reviewed_lesson(author, factories.topic())
    client_for(author).get(f"/write/{draft.id}/figures", status=404)


def test_the_pages_ask_little_for_few_and_for_many(client_for: ClientFor, statements: list[str], app: Any) -> None:
    author, topic = factories.person(), factories.topic()
    counts = []
    for wanted in (3, 19):
        while len(queries.lessons_of(author).rows) < wanted:
            latest = factories.published_lesson(author, topic)
            learn(latest)
        browser = client_for(author)
        browser.get("/write")
        statements.clear()
        browser.get("/write")
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 5, statements
    statements.clear()
    browser.get(f"/write/{latest.id}/figures")
    assert len(statements) <= 5, statements


def test_a_draft_goes_on_and_is_read(client_for: ClientFor, app: Any) -> None:
    author, topic = factories.person(), factories.topic()
    browser = client_for(author)
    _lesson, revision = lessons.import_file(factories.lesson_text(topic), owner=author, by=author)
    assert revision is not None
    db.session.commit()
    assert "Your draft is not handed in yet." in browser.get("/write").text
    lessons.submit(revision, by=author)
    db.session.commit()
    page = browser.get("/write")
    assert "A curator reads it. It is not your turn." in page.text
    assert "A decision is promised" in page.text
