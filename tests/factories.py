"""Ready rows for tests: each takes only what matters to the test and commits, so that requests see it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random
from typing import Any

from argon2 import PasswordHasher
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from peerlearn.accounts.models import Grant, Person, Team
from peerlearn.analysis.models import ItemFlag
from peerlearn.core import clock, files
from peerlearn.core.db import db
from peerlearn.core.jobs import QueuedJob
from peerlearn.learn import access
from peerlearn.learn import actions as learn
from peerlearn.learn.models import Asked, Attempt
from peerlearn.learn.queries import Sitting
from peerlearn.lessons import actions as lessons
from peerlearn.lessons import contributing, merging
from peerlearn.lessons.models import Lesson, LessonAuthor, Topic
from peerlearn.points import changing, numbers, policies, trial
from peerlearn.points import rules as point_rules
from peerlearn.points.models import PolicyTrial
from peerlearn.practice.models import DailySet, Memory, SetQuestion
from peerlearn.quizzes.answering import Answer
from peerlearn.quizzes.models import ItemVersion
from peerlearn.review import actions as review
from peerlearn.review import queries as reviewing
from peerlearn.review import rules as review_rules
from peerlearn.review.models import Review, SecondLook, TrustedEdit
from peerlearn.suggestions import access as suggesting
from peerlearn.suggestions import actions as suggestions
from peerlearn.suggestions.models import Suggestion

VOCABULARY = """
amber basil cedar delta ember fjord grove harbour island jasmine kettle lantern meadow nectar orchard pebble quartz
river saddle timber umbrella valley willow yarrow zephyr anchor bridge candle dragon engine feather garden hammer
""".split()
MONDAY = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
PASSWORD = "correct horse battery"
_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
_numbers = count(1)


def team(name: str | None = None) -> Team:
    """A team."""
    number = next(_numbers)
    name = name or f"Team {number}"
    row = Team(slug=f"team-{number}", name=name, name_key=name.casefold())
    db.session.add(row)
    db.session.commit()
    return row


def person(name: str | None = None, *, roles: tuple[tuple[str, int], ...] = (), **values: Any) -> Person:
    """A person with a team; `roles` are (role, scope) pairs, scope 0 for all."""
    number = next(_numbers)
    name = name or f"Person {number}"
    email = values.pop("email", f"person{number}@example.org")
    if "team" not in values and "team_id" not in values:
        values["team"] = team()
    defaults: dict[str, Any] = {
        "email": email,
        "email_key": email.casefold(),
        "name": name,
        "password_hash": _HASH,
        "timezone": "Europe/Berlin",
        "created_at": clock.now(),
    }
    row = Person(**(defaults | values))
    row.grants = [Grant(role=role, scope_id=scope) for role, scope in roles]
    db.session.add(row)
    db.session.commit()
    return row


def topic(name: str | None = None) -> Topic:
    """A topic."""
    number = next(_numbers)
    name = name or f"Topic {number}"
    row = Topic(slug=f"topic-{number}", name=name, name_key=name.casefold(), hue=number * 40 % 360)
    db.session.add(row)
    db.session.commit()
    return row


LESSON = """---
id: {uid}
title: {title}
summary: A lesson for tests that shows each part a lesson has, short and sound.
kind: how-to
topics: [{topic}]
{front}---

## Begin

{words} Start with what the reader wants to do.

!!! example "An example"
    A worked example stands here.

## Go on

{words} Then show each step.

## Take care

{words}

!!! mistake "Common mistake"
    Forgetting the last step.

# Quiz

## single scenario ^{number}aaaa

You want to begin. What comes first?

- [ ] The end ^a
  > That comes last.
- [x] The start ^b
  > Right, that comes first.
- [ ] The middle part ^c
  > That comes between.

Card: 1

## true-false ^{number}bbbb

Every step is shown.

- [x] True ^a
  > Yes, each of them.
- [ ] False ^b
  > Look at the second card again.

## text ^{number}cccc

What is forgotten most often? Two words: the …

= last step
= final step

Why: People stop when it seems to work.
{more}"""


def lesson_text(
    topic: Topic, title: str | None = None, uid: str | None = None, front: str = "", more: str = "", quiz: str = ""
) -> str:
    """A sound lesson file with three questions, or with those of `quiz`, whose ids need a `{number}`.

    `front` and `more` go below its front matter and its quiz.
    """
    number = next(_numbers)
    text = LESSON.format(
        uid=uid or f"lesson-{number}",
        title=title or f"How to do thing number {number}",
        topic=topic.slug,
        number=number,
        words=_words(number),
        front=front,
        more=more,
    )
    return text.partition("# Quiz")[0] + quiz.replace("{number}", str(number)) if quiz else text


def cites(*links: str) -> str:
    """Front matter that names these sources."""
    return "".join(["sources:\n", *(f"  - {link}\n" for link in links)])


def _words(number: int) -> str:
    """Some sentences of their own for each lesson, so that no two are alike."""
    chance = Random(number)
    return " ".join(f"{' '.join(chance.sample(VOCABULARY, 8)).capitalize()}." for _ in range(6))


RIGHT = {"single": ("b",), "true-false": ("a",), "text": ("last step",)}
WRONG = {"single": ("a",), "true-false": ("b",), "text": ("nothing at all",)}
JUDGEMENT = review.Judgement(
    rubric=dict.fromkeys(review_rules.RUBRIC, 4.5), checklist=dict.fromkeys(review_rules.CHECKLIST, "yes")
)


def reviewed_lesson(
    author: Person, topic: Topic, picture: files.Picture | None = None, **values: Any
) -> tuple[Lesson, Review]:
    """A lesson that waits for a curator, and its review."""
    lesson, revision = lessons.import_file(lesson_text(topic, **values), owner=author, by=author)
    assert revision is not None
    if picture:
        contributing.add_picture(lesson, picture, by=author)
    lessons.submit(revision, by=author)
    db.session.commit()
    waiting = db.session.scalars(select(Review).where(Review.revision_id == revision.id)).one()
    return lesson, waiting


def published_lesson(author: Person | None = None, topic_: Topic | None = None, **values: Any) -> Lesson:
    """A lesson in the catalogue, approved by a curator of its topic."""
    author = author or person()
    topic_ = topic_ or topic()
    curator = person(roles=(("curator", topic_.id),))
    lesson, waiting = reviewed_lesson(author, topic_, **values)
    approve(waiting, curator)
    return lesson


def republish(lesson: Lesson, change: Callable[[str], str]) -> None:
    """A new version of a lesson by its owner, approved by a curator of its topic."""
    author, curator = reloaded(lesson.owner_id), person(roles=(("curator", lesson.topic_id),))
    draft = lessons.revise(lesson, by=author)
    lessons.save_draft(draft, change(draft.source), base_version=draft.version, by=author)
    lessons.submit(draft, by=author)
    db.session.commit()
    approve(db.session.scalars(select(Review).where(Review.revision_id == draft.id)).one(), curator)


def approve(waiting: Review, curator: Person) -> None:
    """A curator takes a review and approves the lesson after five minutes; where it takes two, one more of its team."""
    seen = reviewing.review_to_change(waiting.id, curator)
    assert seen is not None
    with clock.at(clock.now() - timedelta(minutes=5)):
        review.claim(seen.review, by=curator)
    review.approve(seen.review, JUDGEMENT, by=curator)
    db.session.commit()
    if waiting.state == "open":
        owners = select(Person.team_id).join(Lesson, Lesson.owner_id == Person.id).where(Lesson.id == waiting.lesson_id)
        approve(waiting, person(roles=curator_of(waiting.topic_id), team_id=db.session.scalar(owners)))


def curator_of(topic_id: int) -> tuple[tuple[str, int], ...]:
    """The role of somebody who looks after a topic."""
    return (("curator", topic_id),)


@dataclass
class Walk:
    """A person going through a lesson with the clock turned: long enough at each step to count."""

    person: Person
    slug: str
    moment: datetime = MONDAY

    def read(self, seconds: float = 60) -> None:
        """Start and see every card."""
        with clock.at(self.moment):
            lesson, where = access.lesson_to_learn(self.slug, self.person)
            reading = learn.start_reading(lesson, where, by=self.person)
            assert lesson.published is not None
            cards = len(lesson.published.cards)
            if reading.pretest_version_id and not reading.pretest_answered_at:
                learn.answer_pretest(lesson, reading, access.pretest_of(reading), None, by=self.person)
        for number in range(1, cards + 1):
            self.moment += timedelta(seconds=seconds)
            with clock.at(self.moment):
                learn.see_card(reading, number, cards, by=self.person)
        db.session.commit()

    def start(self) -> Sitting:
        """Begin the quiz."""
        with clock.at(self.moment):
            lesson, where = access.lesson_to_learn(self.slug, self.person)
            attempt = learn.start_attempt(lesson, where, by=self.person)
            db.session.commit()
            return access.sitting_of(attempt.id, self.person)

    def answer(self, sitting: Sitting, right: bool = True, seconds: float = 10, confidence: str = "fairly") -> None:
        """Answer the question at hand."""
        with clock.at(self.moment):
            asked = learn.next_question(sitting.attempt, by=self.person)
        assert asked is not None
        self.moment += timedelta(seconds=seconds)
        kind = asked.version.kind
        given = Answer(kind, (RIGHT if right else WRONG)[kind])
        with clock.at(self.moment):
            learn.answer(sitting, asked.position, given, confidence, by=self.person)

    def quiz(self, *rights: bool, seconds: float = 10) -> Sitting:
        """Take the whole quiz; all right unless told otherwise."""
        sitting = self.start()
        wanted = rights or (True,) * len(sitting.attempt.asked)
        for right in wanted:
            self.answer(sitting, right, seconds)
        db.session.commit()
        return sitting


def reloaded(person: Person | int) -> Person:
    """The person, or the one with this id, as a request loads them: with team and grants."""
    return (
        db.session.scalars(
            select(Person)
            .where(Person.id == (person if isinstance(person, int) else person.id))
            .options(joinedload(Person.team), joinedload(Person.grants))
            .execution_options(populate_existing=True)
        )
        .unique()
        .one()
    )


def practised(person_id: int, attempt: Attempt, topic_id: int) -> tuple[DailySet, Memory]:
    """A daily set with one question, and a memory of an item."""
    version = access.sitting_of(attempt.id, db.session.get_one(Person, person_id)).attempt.asked[0].version
    where = {"item_id": version.item_id, "version_id": version.id, "lesson_id": attempt.lesson_id}
    today = clock.now().date()
    daily_set = DailySet(person_id=person_id, day=today, number=1, size=5, seed=1)
    daily_set.questions = [SetQuestion(**where, person_id=person_id, position=1, kind="due", asked_at=clock.now())]
    trace = {"rank": 1, "stability": 2.0, "difficulty": 2.0, "answered_on": today, "interval": 2, "due_on": today}
    return daily_set, Memory(**where, **trace, person_id=person_id, topic_id=topic_id)


def write_along(lesson: Lesson, person: Person) -> None:
    """Make somebody an author who has no share, also where the product would refuse it by now."""
    db.session.add(LessonAuthor(lesson_id=lesson.id, person_id=person.id, position=9, share=0.0))
    db.session.commit()
    db.session.expire(lesson, ["authors"])


def left_behind(topic_: Topic) -> Lesson:
    """A lesson that somebody was writing alone who has left since."""
    author = person()
    lesson, _ = lessons.import_file(lesson_text(topic_), owner=author, by=author)
    author.is_active = False
    db.session.commit()
    return lesson


def small_edit(lesson: Lesson, author: Person) -> TrustedEdit:
    """A small edit that went live without a review, and waits to be looked at."""
    texts = {"revision_id": lesson.published_id, "base_id": lesson.published_id}
    where = {"lesson_id": lesson.id, "topic_id": lesson.topic_id, "person_id": author.id}
    row = TrustedEdit(**where, **texts, is_drawn=True)
    db.session.add(row)
    db.session.commit()
    return row


def second_look(lesson: Lesson) -> SecondLook:
    """The approval of a lesson, as if chance had chosen that another curator looks at it again."""
    approval = db.session.scalars(select(Review).where(Review.revision_id == lesson.published_id)).one()
    where = {"lesson_id": lesson.id, "topic_id": lesson.topic_id, "revision_id": lesson.published_id}
    row = SecondLook(review_id=approval.id, **where, approved_by_id=approval.decided_by_id)
    db.session.add(row)
    db.session.commit()
    return row


def tried_numbers(by: Person) -> PolicyTrial:
    """Other numbers of points that were tried on the last quarter."""
    row = changing.try_out(numbers.values_in(policies.history().newest) | {"lesson_passed": 12}, by=by)
    *_pages, found = trial.run(row.since, point_rules.POLICY, numbers.applied(row.numbers, point_rules.POLICY, 1))
    assert isinstance(found, trial.Outcome)
    row.state, row.result = "done", found.as_kept()
    db.session.commit()
    return row


def failed_job() -> QueuedJob:
    """A mail that the mail server refused for good."""
    fixed = {"state": "failed", "due_at": clock.now(), "created_at": clock.now(), "ended_at": clock.now(), "tries": 1}
    job = QueuedJob(name="mail", payload={}, key=None, taken_by="here:1", error="the mail server refused it", **fixed)
    db.session.add(job)
    db.session.commit()
    return job


def merged(into: Lesson) -> Lesson:
    """Another lesson by the same author that went into this one."""
    lesson = published_lesson(reloaded(into.owner_id), db.session.get_one(Topic, into.topic_id))
    lesson.state = "archived"
    merging.keep(lesson, into, by=db.session.get_one(Person, into.owner_id))
    db.session.commit()
    return lesson


def flagged(lesson: Lesson, attempt: Attempt) -> ItemFlag:
    """A question of a lesson that may have a wrong key."""
    version_id = db.session.scalar(select(Asked.version_id).where(Asked.attempt_id == attempt.id).limit(1))
    version = db.session.get_one(ItemVersion, version_id)
    where = {"item_id": version.item_id, "meaning_id": version.id, "lesson_id": lesson.id}
    row = ItemFlag(**where, flag="miskey", level="red", answers=12)
    db.session.add(row)
    db.session.commit()
    return row


def suggested(lesson: Lesson, by: Person, old: str, new: str, place: str = "card-1", **words: Any) -> Suggestion:
    """A suggestion by somebody to say it otherwise at a place of a published lesson."""
    here = suggesting.lesson_to_mend(lesson.slug, by)
    where, text = here.text_at(place)
    assert old in text
    wanted = suggestions.Words(text.replace(old, new), **words)
    suggestions.check(here, where, wanted)
    made = suggestions.suggest(here, where, wanted, by=by)
    db.session.commit()
    return made


def reloaded_lesson(lesson_id: int) -> Lesson:
    """The lesson as it is stored now."""
    return db.session.get_one(Lesson, lesson_id, populate_existing=True)
