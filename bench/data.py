"""A company of 1,000 people and 1,000 lessons, made in seconds: the shipped lesson files, many times over.

Texts, quizzes and rendered pages are real; who did what comes from a fixed chance. Nothing goes through actions, so
the rows are what actions would have left, and the kept sums are added up from the ledger.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from flask import Flask
from sqlalchemy import Table, func, insert, select, text

from peerlearn import seed
from peerlearn.accounts import current
from peerlearn.accounts.models import Grant, Person, Session, Team
from peerlearn.accounts.rules import Calendar
from peerlearn.badges import rules as badges
from peerlearn.badges.models import Award
from peerlearn.config import Settings
from peerlearn.core import clock, fulltext, markdown
from peerlearn.core.db import Base, db
from peerlearn.core.events import Event
from peerlearn.core.facts import Fact
from peerlearn.inbox.models import Notice
from peerlearn.learn import rules as learning
from peerlearn.learn.events import AttemptFinished, LessonPassed, QuestionAnswered
from peerlearn.learn.models import Asked, Attempt, Reaction, Reading
from peerlearn.lessons import fileformat, lint, preparing, prints, queries
from peerlearn.lessons import rules as lesson_rules
from peerlearn.lessons.models import Lesson, LessonAuthor, LessonTopic, Revision, Topic
from peerlearn.points import ledger
from peerlearn.points import rules as point_rules
from peerlearn.points.models import LedgerEntry, PointSum
from peerlearn.points.rule import XP
from peerlearn.quizzes.answering import token
from peerlearn.quizzes.models import Item, ItemVersion, Quiz, QuizItem
from peerlearn.quizzes.question import Question, digest, meaning
from peerlearn.quizzes.rendered import render_texts
from peerlearn.review.models import Review
from peerlearn.streaks import rules as streaks
from peerlearn.streaks.actions import row_of
from peerlearn.streaks.models import ActiveDay
from peerlearn.streaks.rules import Deeds

PEOPLE = 1_000
LESSONS = 1_000
TEAM_SIZE = 25
FILES = 20  # shipped lessons that are taken as patterns
PASSED = 5  # lessons each person has passed
WAITING = 60  # reviews in the queue
OPEN_EACH = 3  # attempts of each person that wait for their last answer: as many as a day pays
DAYS = 40
FIRST_FACT = 1_000  # those before tell of topics
CHOICES = ("single", "true-false")


@dataclass(frozen=True)
class Pattern:
    """A shipped lesson, read and rendered once."""

    file: fileformat.LessonFile
    source: str
    cards: list[dict[str, str]]
    questions: list[Question]
    html: list[dict[str, Any]]
    words: int


@dataclass(frozen=True)
class Submit:
    """A form that answers one question rightly."""

    person_id: int
    attempt_id: int
    lesson: int
    position: int
    answer: str

    @property
    def path(self) -> str:
        """Where it goes."""
        return f"/attempts/{self.attempt_id}/{self.position}"


@dataclass(frozen=True)
class Company:
    """What the measurements need to know of the data."""

    last_answers: list[Submit]  # each finishes an attempt and passes a lesson
    first_answers: list[Submit]  # each is followed by others
    learner_id: int
    curator_id: int  # of some topics
    chief_id: int  # of all of them
    slug: str  # a lesson that the learner has not begun


def key_of(person_id: int) -> str:
    """The key in the cookie of a person's session."""
    return f"bench-key-{person_id}"


def add(model: type[Base], rows: Iterable[dict[str, Any]]) -> None:
    """Insert many rows at once."""
    table = model.__table__
    assert isinstance(table, Table)
    listed = list(rows)
    if listed:
        db.session.execute(insert(table), listed)


def make_company(app: Flask) -> Company:
    """Fill the migrated, empty database of an application."""
    settings: Settings = app.config["SETTINGS"]
    with app.app_context():
        company = _Maker(settings).make()
        settle()
    return company


def deepen_queue(app: Flask, count: int) -> None:
    """Let many more reviews wait, so that the queue has a thousand pages."""
    with app.app_context():
        maker = _Maker(app.config["SETTINGS"])
        maker.know_topics()
        maker.reviews(count, after=db.session.scalar(select(func.max(Lesson.id))) or 0)
        settle()


def settle() -> None:
    """Commit, let the database know its rows, and let PostgreSQL number on from there."""
    db.session.flush()
    if db.engine.dialect.name == "postgresql":
        for table in Base.metadata.tables.values():
            if "id" in table.c:
                sequence = f"pg_get_serial_sequence('{table.name}', 'id')"
                db.session.execute(text(f"SELECT setval({sequence}, (SELECT coalesce(max(id), 1) FROM {table.name}))"))
    db.session.commit()
    db.session.execute(text("ANALYZE"))
    db.session.commit()
    db.session.remove()


def patterns(content: Path) -> list[Pattern]:
    """The first shipped lessons whose quiz has two questions to choose one answer in."""
    found = []
    for path in seed.lesson_files(content):
        source = path.read_text(encoding="utf-8")
        file = fileformat.parse(source)
        choices = [question for question in file.questions if question.kind in CHOICES]
        if len(choices) < 2 or not file.ok:
            continue
        others = [question for question in file.questions if question not in (choices[0], choices[-1])]
        questions = [choices[0], *others, choices[-1]]
        cards = [dict(preparing.render_card(card, number)) for number, card in enumerate(file.cards, start=1)]
        html = [render_texts(question) for question in questions]
        found.append(Pattern(file, source, cards, questions, html, lint.count_words(file)))
        if len(found) == FILES:
            break
    return found


class _Maker:
    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.now = clock.now()
        self.chance = Random(1)
        self.patterns = patterns(settings.content)
        self.facts: list[dict[str, Any]] = []
        self.sums: ledger.Sums = {}
        self.active: dict[int, dict[date, Deeds]] = {}

    def make(self) -> Company:
        self._people()
        self._lessons(1, LESSONS, "published")
        self.reviews(WAITING, after=LESSONS)
        self._history()
        last, first = self._open_attempts()
        self._extras()
        add(ActiveDay, self._days())
        add(PointSum, ({"person_id": p, "period": period} | vars(found) for (p, period), found in self.sums.items()))
        return Company(
            last,
            first,
            learner_id=500,
            curator_id=7,
            chief_id=8,
            slug=f"lesson-{_lesson_of(500, PASSED + OPEN_EACH + 1)}",
        )

    def know_topics(self) -> None:
        self.topic_ids = dict(db.session.execute(select(Topic.slug, Topic.id)).all())

    def _people(self) -> None:
        teams = range(1, PEOPLE // TEAM_SIZE + 1)
        add(Team, ({"id": n, "slug": f"team-{n}", "name": f"Team {n}", "name_key": f"team {n}"} for n in teams))
        ids = range(1, PEOPLE + 1)
        add(Person, (self._person(n) for n in ids))
        later = self.now + timedelta(days=30)
        keys = ((n, current.hash_of(key_of(n))) for n in ids)
        add(Session, ({"key_hash": key, "person_id": n, "expires_at": later} for n, key in keys))
        seed.topics(self.settings.content, by=db.session.get_one(Person, 1))
        self.know_topics()
        some = list(self.topic_ids.values())[:3]
        curators = [(7, topic_id) for topic_id in some] + [(8, topic_id) for topic_id in self.topic_ids.values()]
        add(Grant, ({"person_id": n, "role": "curator", "scope_id": topic_id} for n, topic_id in curators))

    def _person(self, number: int) -> dict[str, Any]:
        email = f"person{number}@example.org"
        return {
            "id": number,
            "email": email,
            "email_key": email,
            "name": f"Person Number{number}",
            "team_id": (number - 1) // TEAM_SIZE + 1,
            "timezone": self.settings.timezone,
            "work_days": "1234567",
            "board_mode": ("named", "alias", "hidden")[number % 3],
            "alias": f"Alias {number}",
            "alias_key": f"alias {number}",
        }

    def reviews(self, count: int, after: int) -> None:
        """Lessons that were handed in and wait, one every few minutes of the last days."""
        self._lessons(after + 1, count, "submitted")
        numbers = range(after + 1, after + count + 1)
        add(Review, (self._review(number) for number in numbers))

    def _review(self, number: int) -> dict[str, Any]:
        handed_in = self.now - timedelta(minutes=number % 10_000)
        return {
            "revision_id": number,
            "lesson_id": number,
            "topic_id": self._topic_ids(self._pattern(number))[0],
            "submitted_by_id": _owner_of(number),
            "submitted_at": handed_in,
            "due_at": handed_in + timedelta(days=3),
            "decide_by": handed_in + timedelta(days=7),
        }

    def _pattern(self, number: int) -> Pattern:
        return self.patterns[number % len(self.patterns)]

    def _topic_ids(self, pattern: Pattern) -> list[int]:
        return [self.topic_ids[slug] for slug in pattern.file.front.topics]

    def _lessons(self, first: int, count: int, state: str) -> None:
        numbers = range(first, first + count)
        public = state == "published"
        wordings = {n: list(enumerate(self._pattern(n).questions, start=1)) for n in numbers if public}
        add(Lesson, (self._lesson(n, public) for n in numbers))
        add(LessonAuthor, ({"lesson_id": n, "person_id": _owner_of(n)} for n in numbers))
        links = [(n, topic_id) for n in numbers for topic_id in self._topic_ids(self._pattern(n))]
        add(LessonTopic, ({"lesson_id": n, "topic_id": topic_id} for n, topic_id in links))
        ids = [(n, place, question) for n, wording in wordings.items() for place, question in wording]
        add(Item, ({"id": _version_id(n, place), "uid": _uid(n, question)} for n, place, question in ids))
        add(ItemVersion, (self._version(n, place, question) for n, place, question in ids))
        add(Quiz, ({"id": n} for n in wordings))
        add(QuizItem, ({"quiz_id": n, "position": p, "version_id": _version_id(n, p)} for n, p, _question in ids))
        add(Revision, (self._revision(n, state) for n in numbers))
        if public:
            db.session.execute(text("UPDATE lessons SET published_id = id"))
            for number in numbers:
                self._make_findable(number)

    def _lesson(self, number: int, public: bool) -> dict[str, Any]:
        front = self._pattern(number).file.front
        at = self.now - timedelta(hours=number)
        return {
            "id": number,
            "uid": f"lesson-{number}",
            "slug": f"lesson-{number}",
            "owner_id": _owner_of(number),
            "topic_id": self._topic_ids(self._pattern(number))[0],
            "state": "published" if public else "unpublished",
            "title": f"{front.title} ({number})",
            "summary": front.summary,
            "kind": front.kind,
            "minutes": 4,
            "major": int(public),
            "published_at": at if public else None,
            "verified_at": at if public else None,
            "check_on": (at + timedelta(days=180)).date() if public else None,
        }

    def _revision(self, number: int, state: str) -> dict[str, Any]:
        pattern, at = self._pattern(number), self.now - timedelta(hours=number)
        public = state == "published"
        return {
            "id": number,
            "lesson_id": number,
            "number": 1,
            "state": state,
            "source": pattern.source if number <= LESSONS + WAITING else pattern.source[:400],
            "writer_id": _owner_of(number),
            "title": f"{pattern.file.front.title} ({number})",
            "summary": pattern.file.front.summary,
            "kind": pattern.file.front.kind,
            "minutes": lesson_rules.minutes(pattern.words, len(pattern.questions)),
            "words": pattern.words,
            "cards": pattern.cards if public else [],
            "extras": preparing.extras_of(pattern.file),
            "renderer": markdown.RENDERER_VERSION,
            "quiz_id": number if public else None,
            "submitted_at": at,
            "published_at": at if public else None,
        }

    def _version(self, number: int, place: int, question: Question) -> dict[str, Any]:
        return {
            "id": _version_id(number, place),
            "item_id": _version_id(number, place),
            "digest": digest(question),
            "meaning": meaning(question),
            "kind": question.kind,
            "body": question.to_json() | {"uid": _uid(number, question)},
            "html": self._pattern(number).html[place - 1],
        }

    def _make_findable(self, number: int) -> None:
        file = self._pattern(number).file
        fulltext.upsert(
            db.session(),
            number,
            title=f"{file.front.title} ({number})",
            summary=file.front.summary,
            body="\n".join(f"{card.title}\n{card.body}" for card in file.cards),
            questions="\n".join(question.stem for question in file.questions),
        )
        prints.keep(number, f"{file.front.title} ({number})", queries.card_text(file))

    def _history(self) -> None:
        """Everybody has passed some lessons on some days; each pass paid."""
        passes = [(p, k, _lesson_of(p, k)) for p in range(1, PEOPLE + 1) for k in range(PASSED)]
        days = {(p, k): self.now - timedelta(days=1 + (p * 3 + k * 5) % DAYS) for p, k, _lesson in passes}
        whole = [(p, k, lesson, days[p, k], _attempt_id(p, k)) for p, k, lesson in passes]
        add(Reading, (self._reading(p, lesson, at) for p, k, lesson, at, attempt_id in whole))
        add(Attempt, (self._attempt(attempt_id, p, lesson, at, "finished") for p, k, lesson, at, attempt_id in whole))
        add(
            Asked,
            (
                row
                for p, k, lesson, at, attempt_id in whole
                for row in self._asked(attempt_id, lesson, at, len(self._pattern(lesson).questions))
            ),
        )
        entries = [self._pass(p, lesson, at, attempt_id) for p, k, lesson, at, attempt_id in whole]
        add(Fact, self.facts)
        add(LedgerEntry, entries)

    def _reading(self, person_id: int, lesson: int, at: datetime) -> dict[str, Any]:
        return {
            "person_id": person_id,
            "lesson_id": lesson,
            "revision_id": lesson,
            "started_at": at - timedelta(minutes=10),
            "touched_at": at,
            "seen": list(range(1, len(self._pattern(lesson).cards) + 1)),
        }

    def _attempt(self, attempt_id: int, person_id: int, lesson: int, at: datetime, state: str) -> dict[str, Any]:
        done, total = state == "finished", len(self._pattern(lesson).questions)
        return {
            "id": attempt_id,
            "person_id": person_id,
            "lesson_id": lesson,
            "revision_id": lesson,
            "major": 1,
            "number": 1,
            "state": state,
            "seed": attempt_id,
            "started_at": at,
            "finished_at": at + timedelta(minutes=2) if done else None,
            "total": total,
            "right": total if done else 0,
            "score": total if done else 0,
            "is_passed": done,
        }

    def _asked(self, attempt_id: int, lesson: int, at: datetime, answered: int) -> Iterator[dict[str, Any]]:
        for place in range(1, len(self._pattern(lesson).questions) + 1):
            done = place <= answered
            yield {
                "attempt_id": attempt_id,
                "position": place,
                "version_id": _version_id(lesson, place),
                "is_first": True,
                "asked_at": at if place <= answered + 1 else None,
                "answered_at": at + timedelta(seconds=12) if done else None,
                "answer": {"kind": "single", "value": ["a"]} if done else None,
                "confidence": "fairly" if done else None,
                "mark": 1.0 if done else None,
                "seconds": 12.0 if done else None,
                "is_right": done,
            }

    def _pass(self, person_id: int, lesson: int, at: datetime, attempt_id: int) -> dict[str, Any]:
        """The facts of a passed attempt, and what it paid."""
        total = len(self._pattern(lesson).questions)
        topic_ids = tuple(self._topic_ids(self._pattern(lesson)))
        for place in range(1, total + 1):
            version = _version_id(lesson, place)
            answered = QuestionAnswered(
                lesson,
                attempt_id,
                version,
                version,
                True,
                1.0,
                "fairly",
                0.25,
                12.0,
                False,
                True,
                topic_ids,
                False,
                False,
                True,
            )
            self._fact(answered, person_id, at)
        self._fact(AttemptFinished(lesson, attempt_id, 1, total, total, True), person_id, at)
        passed = LessonPassed(
            lesson, lesson, 1, attempt_id, 1, topic_ids, True, True, False, 0, False, False, is_clean=True
        )
        self._fact(passed, person_id, at)
        entry = {
            "person_id": person_id,
            "track": XP,
            "rule": "L1",
            "rule_version": 1,
            "source": f"lesson:{lesson}:major:1",
            "entry_no": 1,
            "amount": point_rules.POLICY.lesson_passed,
            "at": at,
            "day": clock.day_of(at, self.settings.timezone),
            "is_workday": True,
            "fact_id": self.facts[-1]["id"],
        }
        ledger.count_entry(self.sums, LedgerEntry(**entry), self.settings.timezone)
        self.active.setdefault(person_id, {})[clock.day_of(at, self.settings.timezone)] = Deeds(lessons=1)
        return entry

    def _days(self) -> Iterator[dict[str, Any]]:
        """Everybody's active days as counting them one by one would have left them."""
        calendar = Calendar("1234567")
        for person_id, done in self.active.items():
            for day in streaks.retold(streaks.with_deeds([], done, calendar), ()):
                ledger.count_day(self.sums, person_id, day.day)
                if day.meets_goal:
                    ledger.count_goal(self.sums, person_id, clock.monday_of(day.day))
                yield row_of(person_id, day)

    def _fact(self, event: Event, person_id: int, at: datetime) -> None:
        self.facts.append(
            {
                "id": FIRST_FACT + len(self.facts),
                "at": at,
                "day": clock.day_of(at, self.settings.timezone),
                "type": type(event).__name__,
                "actor_id": person_id,
                "data": vars(event),
            }
        )

    def _open_attempts(self) -> tuple[list[Submit], list[Submit]]:
        """Attempts with one question left, and one each with all of them left."""
        at = self.now - timedelta(hours=2)
        last: list[Submit] = []
        first: list[Submit] = []
        for k in range(PASSED, PASSED + OPEN_EACH + 1):
            for person_id in range(1, PEOPLE + 1):
                lesson, attempt_id = _lesson_of(person_id, k), _attempt_id(person_id, k)
                total = len(self._pattern(lesson).questions)
                finishing = k < PASSED + OPEN_EACH
                add_to = last if finishing else first
                add_to.append(self._submit(person_id, attempt_id, lesson, total if finishing else 1))
        whole = [*last, *first]
        add(Reading, (self._reading(s.person_id, s.lesson, at) for s in whole))
        add(Attempt, (self._attempt(s.attempt_id, s.person_id, s.lesson, at, "open") for s in whole))
        add(Asked, (row for s in whole for row in self._asked(s.attempt_id, s.lesson, at, s.position - 1)))
        return last, first

    def _submit(self, person_id: int, attempt_id: int, lesson: int, position: int) -> Submit:
        question = self._pattern(lesson).questions[position - 1]
        right = next(option for option in question.options if option.right)
        return Submit(person_id, attempt_id, lesson, position, token(attempt_id, _uid(lesson, question), right.uid))

    def _extras(self) -> None:
        """Badges, notices and reactions."""
        held = [(p, badge) for p in range(1, PEOPLE + 1) for badge in badges.BADGES[:3]]
        add(
            Award,
            (
                {
                    "person_id": p,
                    "badge": b.slug,
                    "tier": 1,
                    "rule_version": b.version,
                    "at": self.now - timedelta(days=9),
                }
                for p, b in held
            ),
        )
        told = [(p, _lesson_of(p, k), k) for p in range(1, PEOPLE + 1) for k in range(4)]
        add(
            Notice,
            (
                {
                    "person_id": p,
                    "kind": "lesson_approved",
                    "source": f"review:{lesson}",
                    "data": {"lesson_id": lesson},
                    "at": self.now - timedelta(days=k),
                    "read_at": self.now if k > 1 else None,
                }
                for p, lesson, k in told
            ),
        )
        words = [
            (p, _lesson_of(p, k), kind) for p in range(1, PEOPLE + 1) for k in range(2) for kind in learning.REACTIONS
        ]
        add(Reaction, ({"person_id": p, "lesson_id": n, "revision_id": n, "kind": kind} for p, n, kind in words))


def _owner_of(lesson: int) -> int:
    return lesson % 300 + 11


def _lesson_of(person_id: int, k: int) -> int:
    """The lesson that a person took as number `k`: other ones for everybody."""
    return (person_id * 37 + k * 131) % LESSONS + 1


def _attempt_id(person_id: int, k: int) -> int:
    return k * PEOPLE + person_id


def _version_id(lesson: int, place: int) -> int:
    return lesson * 100 + place


def _uid(lesson: int, question: Question) -> str:
    return f"{question.uid}{lesson}"
