"""A lesson whose first key is wrong, the people who answered it, and its correction."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from peerlearn.accounts.models import Person
from peerlearn.analysis import access, regrading
from peerlearn.analysis.models import ItemFlag
from peerlearn.core import clock
from peerlearn.core.db import db as database
from peerlearn.inbox.models import Notice
from peerlearn.learn.models import Attempt
from peerlearn.lessons.models import Lesson, Revision
from peerlearn.points.models import LedgerEntry
from peerlearn.quizzes import queries as quizzes
from peerlearn.quizzes.models import Item, ItemVersion
from peerlearn.quizzes.question import Question
from tests import factories
from tests.factories import MONDAY, Walk, reloaded

LATER = MONDAY + timedelta(days=3)


@dataclass
class Scene:
    """A lesson whose first key is wrong: most people know better."""

    lesson: Lesson
    author: Person
    curator: Person
    right: list[Person] = field(default_factory=list)  # knew better, and so did not pass
    wrong: list[Person] = field(default_factory=list)  # passed only through the wrong key

    @property
    def version(self) -> ItemVersion:
        """The question as it is asked now."""
        found = database.session.get_one(Lesson, self.lesson.id, populate_existing=True)
        stored = quizzes.load_quiz(database.session.get_one(Revision, found.published_id).quiz_id)
        return database.session.get_one(ItemVersion, stored[0].version_id)

    @property
    def item(self) -> Item:
        """What is asked."""
        return database.session.get_one(Item, self.version.item_id, populate_existing=True)

    def learner(self) -> Person:
        """Somebody of the author's team."""
        return factories.person(team_id=self.author.team_id)

    def flag(self) -> ItemFlag:
        """What waits for a decision about it."""
        wanted = select(ItemFlag).where(ItemFlag.lesson_id == self.lesson.id, ItemFlag.flag == "miskey")
        return database.session.scalars(wanted.order_by(ItemFlag.id.desc()).limit(1)).one()

    def flagged_by_hand(self) -> Scene:
        """With a flag on the question, without waiting for twelve people."""
        version = self.version
        where = {"item_id": version.item_id, "meaning_id": version.id, "lesson_id": self.lesson.id}
        database.session.add(ItemFlag(**where, flag="miskey", level="red", answers=12))
        database.session.commit()
        return self


def made(right: int, wrong: int) -> Scene:
    """The scene, with so many who knew better and so many who passed."""
    topic = factories.topic()
    author = factories.person("Author")
    curator = reloaded(factories.person("Curator", roles=(("curator", topic.id),)))
    scene = Scene(factories.published_lesson(author, topic), author, curator)
    scene.right = [scene.learner() for _ in range(right)]
    scene.wrong = [scene.learner() for _ in range(wrong)]
    for person in scene.right:
        taken(person, scene.lesson, False, True, True)
    for person in scene.wrong:
        taken(person, scene.lesson, True, True, True)
    database.session.commit()
    return scene


def taken(person: Person, lesson: Lesson, *rights: bool) -> Walk:
    """A person reads the lesson and answers its questions, as the key of then has it."""
    walk = Walk(person, lesson.slug)
    walk.read()
    walk.quiz(*rights)
    return walk


def with_key(question: Question, uid: str) -> Question:
    """The question with another key."""
    return replace(question, options=tuple(replace(o, right=o.uid == uid) for o in question.options))


def corrected(scene: Scene, uid: str = "a", days: int = 3) -> Any:
    """The curator corrects the key so many days after the lesson was taken."""
    curator = reloaded(scene.curator)
    found = access.flag_to_correct(scene.flag().id, curator)
    assert found.report is not None
    with clock.at(MONDAY + timedelta(days=days)):
        done = regrading.correct(found, with_key(found.report.question, uid), by=curator)
    database.session.commit()
    database.session.expire_all()
    return done


def amounts(person: Person, rule: str = "L1") -> list[int]:
    """What the ledger has of a rule, the oldest line first."""
    mine = select(LedgerEntry.amount).where(LedgerEntry.person_id == person.id, LedgerEntry.rule == rule)
    return list(database.session.scalars(mine.order_by(LedgerEntry.id)))


def notices(person: Person) -> list[str]:
    """What a person heard."""
    return list(database.session.scalars(select(Notice.kind).where(Notice.person_id == person.id)))


def passed(person: Person) -> bool:
    """Whether an attempt of theirs passes."""
    return bool(database.session.scalar(select(Attempt.id).where(Attempt.person_id == person.id, Attempt.is_passed)))
