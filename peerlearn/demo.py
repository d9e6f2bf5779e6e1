"""A demo company that really lived: its people write, review and learn through the same actions as everybody.

The clock is turned to each working day of the last weeks, so every point, badge and rank is earned. Chance comes from
names and dates, so the same day always goes the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

from sqlalchemy import false, func, or_, select
from sqlalchemy.orm import joinedload

from peerlearn import demo_figures, demo_hiring, seed
from peerlearn.accounts.models import Person
from peerlearn.config import Settings
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.core.errors import Conflict
from peerlearn.core.facts import Fact
from peerlearn.demo_cast import (
    PRAISE,
    REPORTS,
    REQUESTS,
    WISHES,
    Character,
    answer_of,
    company,
)
from peerlearn.leaderboard import seating
from peerlearn.learn import access
from peerlearn.learn import actions as learn
from peerlearn.learn import queries as learning
from peerlearn.learn.models import Attempt
from peerlearn.lessons import actions as lessons
from peerlearn.lessons.models import Lesson, Revision
from peerlearn.lessons.queries import of_topics
from peerlearn.points import actions as points
from peerlearn.points import evidence
from peerlearn.practice import actions as practice
from peerlearn.practice import queries as practising
from peerlearn.quizzes.question import Question
from peerlearn.requests import actions as requests
from peerlearn.review import actions as review
from peerlearn.review import queries as reviewing
from peerlearn.review import reporting, threads
from peerlearn.review import rules as review_rules
from peerlearn.review.models import Review

WEEKS = 6
STALE_DAYS = 7
Progress = Callable[[int], None]


def is_stale() -> bool:
    """Whether the demo has no people yet, or nothing happened in it for a week."""
    newest = db.session.scalar(select(func.max(Fact.at)))
    return newest is None or clock.now() - newest > timedelta(days=STALE_DAYS)


class Company:
    """The demo company on its way through the calendar."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.characters, _named = company(settings.content)
        self.today = clock.today(settings.timezone)
        self.first = self._first_day()
        self.ids: dict[str, int] = {}

    def _first_day(self) -> date:
        """The demo's first working day: the one after its founding, or so many weeks ago when it is founded now."""
        founded = db.session.scalar(select(func.min(Fact.day)))
        return founded + timedelta(days=1) if founded else self.today - timedelta(weeks=WEEKS)

    def days(self) -> list[date]:
        """The working days still to be lived: from where the demo stands to yesterday."""
        newest = db.session.scalar(select(func.max(Fact.day)))
        first = self.first
        start = max(first, newest + timedelta(days=1)) if newest else first
        span = (self.today - start).days
        return [day for day in (start + timedelta(days=n) for n in range(span)) if day.weekday() < 5]

    def found(self) -> None:
        """Create teams, people, topics and roles on the first day, unless they are there."""
        if not db.session.scalar(select(func.count()).select_from(Person).where(Person.is_demo)):
            with clock.at(self._moment(self.today - timedelta(weeks=WEEKS, days=1), 9)):
                demo_hiring.hire(self.characters, self.settings.content)
            db.session.commit()
        known = db.session.execute(select(Person.name, Person.id).where(Person.is_demo))
        self.ids = dict(known.all())

    def person(self, name: str) -> Person:
        """A demo person as a request would load them."""
        statement = (
            select(Person)
            .where(Person.id == self.ids[name])
            .options(joinedload(Person.team), joinedload(Person.grants))
            .execution_options(populate_existing=True)
        )
        return db.session.scalars(statement).unique().one()

    def _moment(self, day: date, hour: float) -> datetime:
        return clock.start_of_day(day, self.settings.timezone) + timedelta(hours=hour)

    def live(self, day: date) -> None:
        """One working day: writers hand in, curators decide, everybody learns a little."""
        diary: list[tuple[float, Callable[[datetime], None]]] = [
            *self._writing(day),
            *self._answering(day),
            *self._curating(day),
            *self._reporting(day),
            *self._asking(day),
        ]
        for character in self.characters:
            diary += [*self._practising(character, day), *self._learning(character, day)]
        for hour, act in sorted(diary, key=lambda entry: entry[0]):
            act(self._moment(day, hour))
            db.session.commit()
            db.session.remove()

    def _writing(self, day: date) -> Iterator[tuple[float, Callable[[datetime], None]]]:
        lived = _workdays(self.first, day)
        for number, path in enumerate(self._files()):
            if _submit_day(number) == lived:
                yield 9 + number % 7 * 0.5, lambda moment, path=path, number=number: self._write(path, number, moment)  # type: ignore[misc]

    def _files(self) -> list[Path]:
        """The lessons in an order in which topics alternate."""
        by_name = sorted((self.settings.content / "lessons").rglob("*.md"), key=lambda path: path.stem)
        return sorted(by_name, key=lambda path: Random(path.stem).random())  # noqa: S311

    def _write(self, path: Path, number: int, moment: datetime) -> None:
        topic = path.parent.name
        able = [c for c in self.characters if topic in c.writes and f"curator:{topic}" not in c.roles]
        with clock.at(moment):
            by = self.person(able[number % len(able)].name)
            if number in DRAFTS:
                seed.take_in(path, by=by)
            else:
                seed.hand_in(path, by=by)

    def _answering(self, day: date) -> Iterator[tuple[float, Callable[[datetime], None]]]:
        """Authors answer what a curator asked for, the morning after."""
        asked = select(Revision.id, Person.name).join(Person, Person.id == Revision.writer_id)
        for number, (revision_id, name) in enumerate(
            db.session.execute(asked.where(Revision.state == "changes_requested")).all()
        ):
            yield 10 + number * 0.2, lambda moment, i=revision_id, n=name: self._answer(i, n, moment)  # type: ignore[misc]

    def _answer(self, revision_id: int, name: str, moment: datetime) -> None:
        with clock.at(moment):
            by = self.person(name)
            revision = db.session.get_one(Revision, revision_id)
            for remark, _review in threads.remarks_to_answer(revision_id):
                if found := reviewing.remark_with_review(remark.id):
                    review.answer_remark(*found, "Thank you, that helps. I have changed it.", by=by, done=True)
            head, card, rest = revision.source.partition("\n## ")
            title, _break, text = rest.partition("\n\n")
            better = f"{head}{card}{title}\n\nThis is for you if you do it for the first time.\n\n{text}"
            lessons.save_draft(revision, better, base_version=revision.version, by=by)
            lessons.submit(revision, by=by)

    def _curating(self, day: date) -> Iterator[tuple[float, Callable[[datetime], None]]]:
        for number, character in enumerate(self.characters):
            if any(role.startswith("curator:") or role == "admin" for role in character.roles):
                yield 13 + number * 0.1, lambda moment, name=character.name: self._curate(name, moment)  # type: ignore[misc]

    def _curate(self, name: str, moment: datetime) -> None:
        by = self.person(name)
        mine = of_topics(by.scopes("curator"), Review.topic_id, Review.lesson_id)
        handed_up = Review.handed_up_at.is_not(None) if by.may("stand_in") else false()
        waiting = (
            select(Review.id)
            .where(Review.state == "open", or_(mine, handed_up), Review.submitted_at < moment - timedelta(hours=12))
            .order_by(Review.id)
        )
        for number, review_id in enumerate(db.session.scalars(waiting).all()):
            later = moment + timedelta(minutes=25 * number)
            self._decide(review_id, name, later)
            db.session.commit()
            db.session.remove()

    def _decide(self, review_id: int, name: str, moment: datetime) -> None:
        chance = Random(f"decide:{review_id}")  # noqa: S311
        with clock.at(moment):
            by = self.person(name)
            seen = reviewing.review_to_change(review_id, by)
            if seen is None or not seen.position.may_decide:
                return
            found = seen.review
            again = found.round == 1 and (chance.random() < 0.2 or moment.date() == self._last_day())
            judgement = _judgement(chance, good=not again)
            review.claim(found, by=by)
        with clock.at(moment + timedelta(minutes=chance.randint(4, 14))):
            review.remark(found, _remark(chance, blocking=again), by=by)
            if again:
                review.request_changes(found, judgement, by=by)
            else:
                review.approve(found, judgement, by=by)

    def _last_day(self) -> date:
        """The last working day before today: what curators ask for on it is still to be answered."""
        before = (self.today - timedelta(days=n) for n in range(1, 8))
        return next(day for day in before if day.weekday() < 5)

    def _reporting(self, day: date) -> Iterator[tuple[float, Callable[[datetime], None]]]:
        """On the last day two readers report a problem, so that curators find something to decide."""
        if day == self._last_day():
            yield 15.5, lambda moment: self._report("Nora Berg", REPORTS[0], moment)
            yield 16.0, lambda moment: self._report("Elif Demir", REPORTS[1], moment)

    def _report(self, name: str, words: str, moment: datetime) -> None:
        with clock.at(moment):
            by = self.person(name)
            passed = select(Attempt.lesson_id).where(Attempt.person_id == by.id, Attempt.is_passed).limit(1)
            slug = db.session.scalar(select(Lesson.slug).where(Lesson.id.in_(passed)))
            if slug:
                lesson, _where = access.lesson_to_learn(slug, by)
                problem = reporting.Problem(kind="unclear", text=review.written(words), card=2)
                reporting.report(lesson, problem, by=by)

    def _asking(self, day: date) -> Iterator[tuple[float, Callable[[datetime], None]]]:
        """On the last day some ask for lessons that nobody has written."""
        if day == self._last_day():
            for number, asked in enumerate(REQUESTS):
                yield 11 + number, lambda moment, asked=asked: self._ask(moment, *asked)  # type: ignore[misc]

    def _ask(self, moment: datetime, name: str, title: str, others: tuple[str, ...]) -> None:
        with clock.at(moment):
            found, _is_new = requests.ask(title=title, why="", topic=None, by=self.person(name))
            for other in others:
                requests.vote(found, by=self.person(other))

    def _learning(self, character: Character, day: date) -> Iterator[tuple[float, Callable[[datetime], None]]]:
        chance = Random(f"{character.name}:{day}")  # noqa: S311
        rounds = (chance.random() < character.zeal) + (chance.random() < character.zeal / 4)
        for _round in range(rounds):
            yield chance.uniform(8.5, 17), lambda moment: self._learn(character, moment)

    def _learn(self, character: Character, moment: datetime) -> None:
        chance = Random(f"{character.name}:{moment}")  # noqa: S311
        person = self.person(character.name)
        rows = list(learning.new_for(person, 12)) or []
        begun = learning.continue_reading(person, 1)
        slugs = [reading.lesson.slug for reading in begun] + [row.lesson.slug for row in rows]
        if slugs:
            Learner(self, character, slugs[0 if begun else chance.randrange(len(slugs))], chance).learn(moment)

    def _practising(self, character: Character, day: date) -> Iterator[tuple[float, Callable[[datetime], None]]]:
        """Most days those who learn much also practise, early in the morning."""
        chance = Random(f"practise:{character.name}:{day}")  # noqa: S311
        if chance.random() < 1.2 * character.zeal:
            yield chance.uniform(8, 11), lambda moment: self._practise(character, moment, chance)

    def _practise(self, character: Character, moment: datetime, chance: Random) -> None:
        with clock.at(moment):
            person = self.person(character.name)
            if not practising.standing(person.id, moment.date(), moment.date()).due:
                return
            set_id = practice.start_set(by=person)
        while True:
            sitting = practising.sitting(set_id, person.id)
            assert sitting is not None
            with clock.at(moment):
                asked = practice.next_question(sitting, by=person)
            if asked is None:
                return
            moment += timedelta(seconds=chance.uniform(8, 30))
            knows = chance.random() < min(0.97, character.skill + 0.1)
            given = answer_of(Question.from_json(asked.version.body), knows, chance)
            sure = chance.choice(["certain", "certain", "fairly"] if knows else ["fairly", "guess"])
            with clock.at(moment):
                done = practice.answer(sitting, asked.position, given, sure, by=person)
                if not done.stored:
                    practice.answer(sitting, asked.position, given, sure, by=person)
            db.session.commit()
            db.session.expire_all()
            person = self.person(character.name)

    def credit_authors(self, day: date) -> None:
        """On the first working day of a month authors are paid for what was still known when the last one ended."""
        with clock.at(self._moment(day, 18)):
            for _grown in points.post_retention(evidence.gather(day.replace(day=1)), day):
                db.session.commit()

    def play(self, day: date) -> None:
        """The week of the league before this day closes, and its own begins."""
        with clock.at(self._moment(day, 8)):
            while seating.settle():
                db.session.commit()
            db.session.commit()


DRAFTS = {33, 34}  # files whose authors are still at work


def _judgement(chance: Random, *, good: bool) -> review.Judgement:
    marks = (4.0, 4.5, 5.0) if good else (3.0, 3.5)
    rubric = {criterion: chance.choice(marks) for criterion in review_rules.RUBRIC}
    return review.Judgement(rubric, dict.fromkeys(review_rules.CHECKLIST, "yes"))


def _remark(chance: Random, *, blocking: bool) -> review.Words:
    words = review.written(chance.choice(WISHES if blocking else PRAISE))
    return review.Words("blocking" if blocking else "note", review_rules.Place(), words)


def _submit_day(number: int) -> int:
    """On which working day, from 0, the numbered lesson is handed in: most early, some lately, a few on the last."""
    if number < 20:
        return number // 3
    return 7 + (number - 20) * 2 if number < 30 else 29 - number % 2


def _is_first_workday(day: date) -> bool:
    """Whether no working day of its month comes before it."""
    return day.weekday() < 5 and _workdays(day.replace(day=1), day) == 0


def _workdays(first: date, day: date) -> int:
    """How many working days lie between two dates, the last left out."""
    return sum((first + timedelta(days=n)).weekday() < 5 for n in range((day - first).days))


class Learner:
    """One demo person going through one lesson, at a person's pace."""

    def __init__(self, company: Company, character: Character, slug: str, chance: Random) -> None:
        self.company, self.character, self.slug, self.chance = company, character, slug, chance

    def learn(self, moment: datetime) -> None:
        """Read, take the quiz, and say a word about it."""
        with clock.at(moment):
            person = self.company.person(self.character.name)
            lesson, where = access.lesson_to_learn(self.slug, person)
            reading = learn.start_reading(lesson, where, by=person)
            cards = len(lesson.published.cards)  # type: ignore[union-attr]
        if reading.pretest_version_id and not reading.pretest_answered_at:
            moment += timedelta(seconds=self.chance.uniform(12, 40))
            version = access.pretest_of(reading)
            given = answer_of(Question.from_json(version.body), self.chance.random() < 0.4, self.chance)
            with clock.at(moment):
                learn.answer_pretest(lesson, reading, version, given, by=person)
        for number in range(1, cards + 1):
            moment += timedelta(seconds=self.chance.uniform(20, 55))
            with clock.at(moment):
                learn.see_card(reading, number, cards, by=person)
        db.session.flush()
        self._quiz(lesson, person, moment)

    def _quiz(self, lesson: Lesson, person: Person, moment: datetime) -> None:
        with clock.at(moment):
            where = learning.standing(person, lesson)
            try:
                attempt = learn.start_attempt(lesson, where, by=person)
            except Conflict:
                return
            sitting = access.sitting_of(attempt.id, person)
        for asked in sitting.attempt.asked:
            with clock.at(moment):
                learn.next_question(sitting.attempt, by=person)
            moment += timedelta(seconds=self.chance.uniform(8, 45))
            knows = self.chance.random() < self.character.skill
            given = answer_of(Question.from_json(asked.version.body), knows, self.chance)
            sure = (
                "certain" if knows and self.chance.random() < 0.7 else self.chance.choice(["fairly", "guess", "fairly"])
            )
            with clock.at(moment):
                done = learn.answer(sitting, asked.position, given, sure, by=person)
                if not done.stored:
                    learn.answer(sitting, asked.position, given, sure, by=person)
        if sitting.attempt.is_passed and self.chance.random() < 0.5:
            with clock.at(moment + timedelta(seconds=20)):
                where = learning.standing(person, lesson)
                word = self.chance.choice(["used", "useful", "useful", "clear"])
                learn.react(lesson, where, word, stands=True, by=person)


def prepare(settings: Settings, progress: Callable[[str, int], Progress]) -> None:
    """Found the demo company if it is not there, and live the days that are missing."""
    demo = Company(settings)
    demo.found()
    days = demo.days()
    show = progress("Living through the demo's working days", len(days))
    for number, day in enumerate(days, start=1):
        demo.play(day)
        demo.live(day)
        if _is_first_workday(day):
            demo.credit_authors(day)
        demo.play(day)
        demo_figures.add_up_week(day, demo.today)
        show(number)
    demo_figures.add_up(demo.today)
