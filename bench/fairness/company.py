"""The simulated company: its people and lessons, and one workday after the other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from bench.fairness import texts
from bench.fairness.people import Colleague, somebody
from bench.fairness.plan import FIRST, TEAM_SIZES, Plan
from bench.fairness.tricks import Colluder, Farmer, Guesser, Helper, Spammer, Trader, Traveller, Trick
from bench.fairness.visits import tried
from peerlearn import seed
from peerlearn.accounts import actions as accounts
from peerlearn.accounts.models import Person, Team
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.core.errors import DomainError
from peerlearn.lessons import actions as lessons
from peerlearn.lessons.models import Lesson, Revision, Topic
from peerlearn.points import actions as points
from peerlearn.points import evidence
from peerlearn.points.models import LedgerEntry
from peerlearn.quizzes import queries as quizzes
from peerlearn.review import actions as review
from peerlearn.review import looking, queries
from peerlearn.review import rules as review_rules
from peerlearn.review.models import Review
from peerlearn.suggestions import access as suggesting
from peerlearn.suggestions import actions as suggestions

ADMINISTRATOR = "Alder"
CURATORS = 3  # honest ones of each topic, at least
ENOUGH = 3.3  # a rating from which on an honest curator approves
UNSURE = 0.5  # how far an honest rating strays
Progress = Callable[[date], None]
KIND_WORDS = (
    "Thank you for writing this. It is laid out so that a colleague can follow it, step by step, without asking."
)
SHORTCOMING = "It does not teach what it promises; a colleague could not follow it."


@dataclass
class Written:
    """A lesson as only the simulation knows it."""

    author: str
    quality: float  # from 1 to 5
    slug: str = ""


class Company:
    """Everybody and everything in one database."""

    def __init__(self, app: Flask, plan: Plan) -> None:
        self.plan, self.settings = plan, app.config["SETTINGS"]
        self.chance = Random(f"{plan.chance}:company")
        self.ids: dict[str, int] = {}
        self.written: dict[int, Written] = {}  # by the lesson's id
        self.by_slug: dict[str, Written] = {}  # of those that are published
        self.clearness: dict[int, float] = {}  # by item
        self.items: dict[int, list[int]] = {}  # of each published lesson
        self.curators: dict[int, list[str]] = defaultdict(list)  # by topic
        self.colleagues: list[Colleague] = []
        self.tricks: list[Trick] = []
        self.handed_in = 0
        self.topics: dict[int, str] = {}
        self.seats: Iterator[int] = iter(())
        self.teams: list[int] = []

    def moment(self, day: date, hour: float) -> datetime:
        """An hour of a day where the organisation is."""
        return clock.start_of_day(day, self.settings.timezone) + timedelta(hours=hour)

    def person(self, name: str) -> Person:
        """Somebody as a request loads them."""
        wanted = select(Person).where(Person.id == self.ids[name]).execution_options(populate_existing=True)
        return db.session.scalars(wanted.options(joinedload(Person.team), joinedload(Person.grants))).unique().one()

    # before the first day

    def found(self) -> None:
        """Hire everybody, give topics their curators, publish the lessons that ship."""
        with clock.at(self.moment(FIRST - timedelta(days=40), 9)):
            self._hire()
        with clock.at(self.moment(FIRST - timedelta(days=4), 9)):
            for path in seed.lesson_files(self.settings.content)[: self.plan.lessons]:
                author = self.chance.choice(self.writers)
                lesson = seed.hand_in(path, by=self.person(author))
                assert lesson is not None
                self.written[lesson.id] = Written(author, self.chance.gauss(4, 0.5))
            db.session.commit()
        for number in range(4):
            self._curate(FIRST - timedelta(days=4 - number))

    def _hire(self) -> None:
        plan = self.plan
        self._found_teams()
        for number in range(plan.honest):
            self._add(f"Honest {number}")
        self.colleagues = [somebody(self, n, self.ids[f"Honest {n}"], FIRST) for n in range(plan.honest)]
        self.writers = [one.login for one in self.colleagues if one.writes] or ["Honest 0"]
        self._add(ADMINISTRATOR, admin=True)
        seed.topics(self.settings.content, by=self.person(ADMINISTRATOR))
        self.topics = {row.id: row.slug for row in db.session.execute(select(Topic.id, Topic.slug)).all()}
        others = [one.login for one in self.colleagues if not one.writes]
        for place, topic_id in enumerate(self.topics):
            for number in range(max(CURATORS, plan.honest // 60)):
                self._appoint(others[(place * 7 + number * 11) % len(others)], topic_id)
        self._hire_tricksters()
        db.session.commit()

    def _found_teams(self) -> None:
        sizes: list[int] = []
        while sum(sizes) < self.plan.honest:
            sizes.append(TEAM_SIZES[len(sizes) % len(TEAM_SIZES)])
        self.teams = [accounts.add_team(f"Team {number}", by=None).id for number in range(len(sizes))]
        seats = [team for team, size in zip(self.teams, sizes, strict=True) for _ in range(size)]
        self.chance.shuffle(seats)
        self.seats = iter(seats)

    def _add(self, name: str, *, admin: bool = False) -> None:
        team_id = next(self.seats, None) or self.chance.choice(self.teams)
        email = f"{name.replace(' ', '')}@example.org"
        person = accounts.add_person(email=email, name=name, password_hash="-", team_id=team_id, admin=admin)
        self.ids[name] = person.id

    def _appoint(self, name: str, topic_id: int) -> None:
        if name not in self.curators[topic_id]:
            accounts.give_role(self.person(name), "curator", topic_id, by=None)
            self.curators[topic_id].append(name)

    def _hire_tricksters(self) -> None:
        plan, found = self.plan, self.tricks
        for sort, count in ((Farmer, plan.farmers), (Guesser, plan.guessers), (Spammer, plan.spammers)):
            found += [sort(f"{sort.__name__} {number}", self) for number in range(count)]
        found += [Traveller(f"Traveller {number}", self) for number in range(plan.tricksters)]
        for ring, size in enumerate(plan.rings):
            names = [f"Trader {ring} {number}" for number in range(size)]
            found += [Trader(name, self, [other for other in names if other != name]) for name in names]
        for number in range(plan.pairs):
            author, curator = f"Colluder {number}", f"Helper {number}"
            found += [Colluder(author, self, curator), Helper(curator, self)]
        for trick in found:
            self._add(trick.name)
        for number in range(plan.pairs):
            topic_id = list(self.topics)[number % len(self.topics)]
            accounts.give_role(self.person(f"Helper {number}"), "curator", topic_id, by=None)

    # day by day

    def live(self, progress: Progress = lambda day: None) -> None:
        """The whole time."""
        self.found()
        firsts = {day.replace(day=1): day for day in reversed(self.plan.workdays)}.values()
        for day in self.plan.workdays:
            self._curate(day)
            if day in firsts:
                self.credit_authors(day)
            for live in [*(one.live for one in self.tricks), *(one.live for one in self.colleagues)]:
                live(day)
                db.session.flush()
                db.session.expunge_all()
            db.session.commit()
            progress(day)
        self.credit_authors(self.plan.last)

    def credit_authors(self, day: date) -> None:
        """Authors are paid for what was known of their lessons when the last month ended."""
        with clock.at(self.moment(day, 7)):
            for _grown in points.post_retention(evidence.gather(day.replace(day=1)), day):
                db.session.commit()

    def hand_in(self, name: str, day: date, *, quality: float, words: int = 240) -> None:
        """Somebody writes a lesson and hands it in; what the rules refuse is not written."""
        self.handed_in += 1
        topic_id = self._topic_for(name)
        source = texts.lesson(f"lesson-{self.plan.chance}-{self.handed_in}", self.topics[topic_id], words)
        with tried(), clock.at(self.moment(day, 10)):
            by = self.person(name)
            lesson, revision = lessons.import_file(source, owner=by, by=by)
            assert revision is not None
            lessons.submit(revision, by=by)
            self.written[lesson.id] = Written(name, min(5.0, max(1.0, quality)))

    def _topic_for(self, name: str) -> int:
        if name.startswith("Colluder"):
            return list(self.topics)[int(name.split()[1]) % len(self.topics)]
        return self.chance.choice(list(self.topics))

    def wave_through(self, curator: str, author: str, day: date) -> None:
        """A curator approves what waits of one author, with the best marks and the comment that is paid."""
        waiting = self._waiting(self.ids[author])
        for number, review_id in enumerate(waiting):
            self._decide(review_id, curator, self.moment(day, 11 + number / 6), 5.0)

    def _waiting(self, owner_id: int | None = None) -> list[int]:
        wanted = select(Review.id).where(Review.state == "open").order_by(Review.id)
        if owner_id is not None:
            wanted = wanted.join(Lesson, Lesson.id == Review.lesson_id).where(Lesson.owner_id == owner_id)
        return list(db.session.scalars(wanted))

    def _curate(self, day: date) -> None:
        """Honest curators decide about what waits, and look again at what is drawn."""
        load: dict[str, int] = defaultdict(int)
        for review_id in self._waiting():
            found = db.session.get_one(Review, review_id)
            names = sorted(self.curators[found.topic_id], key=lambda name: (load[name], self.chance.random()))
            quality = self.written[found.lesson_id].quality
            for name in names:
                rating = min(5.0, max(1.0, round(2 * self.chance.gauss(quality, UNSURE)) / 2))
                if self._decide(review_id, name, self.moment(day, 13 + load[name] / 4), rating):
                    load[name] += 1
                    break
            db.session.commit()
            db.session.expunge_all()
        for name in {name for names in self.curators.values() for name in names}:
            self._look_again(name, day)
        db.session.commit()

    def _decide(self, review_id: int, name: str, moment: datetime, rating: float) -> bool:
        judgement = review.Judgement(
            dict.fromkeys(review_rules.RUBRIC, rating), dict.fromkeys(review_rules.CHECKLIST, "yes"), SHORTCOMING
        )
        decided = False
        with tried():
            with clock.at(moment):
                by = self.person(name)
                seen = queries.review_to_change(review_id, by)
                if seen is None or not seen.position.may_decide:
                    return False
                review.claim(seen.review, by=by)
            with clock.at(moment + timedelta(minutes=6)):
                words = review.Words("note", review_rules.Place(), review.written(KIND_WORDS))
                review.remark(seen.review, words, by=by)
                if rating >= ENOUGH:
                    review.approve(seen.review, judgement, by=by)
                else:
                    review.reject(seen.review, "wrong", judgement, by=by)
            decided = True
        if decided and rating >= ENOUGH:
            self._put_on_shelves(seen.review.lesson_id)
        return decided

    def _put_on_shelves(self, lesson_id: int) -> None:
        """A published lesson comes to everybody's notice, sooner or later."""
        lesson = db.session.get_one(Lesson, lesson_id)
        if lesson_id in self.items or lesson.published_id is None:
            return
        written = self.written[lesson_id]
        written.slug, self.by_slug[lesson.slug] = lesson.slug, written
        quiz_id = db.session.scalar(select(Revision.quiz_id).where(Revision.id == lesson.published_id))
        self.items[lesson_id] = [stored.item_id for stored in quizzes.load_quiz(quiz_id)]
        for item_id in self.items[lesson_id]:
            self.clearness[item_id] = 0.35 + 0.65 * (written.quality - 1) / 4
        for one in self.colleagues:
            if one.login != written.author:
                one.slugs.insert(self.chance.randint(0, len(one.slugs)), lesson.slug)

    def _look_again(self, name: str, day: date) -> None:
        with clock.at(self.moment(day, 16)):
            by = self.person(name)
            for seen in looking.to_look_at(by, size=10).rows:
                lesson_id = seen.look.lesson_id
                failed = seen.kind is looking.APPROVAL and self.written[lesson_id].quality < ENOUGH - UNSURE
                with tried():
                    verdict = "failed" if failed else next(one for one in seen.kind.verdicts if one != "failed")
                    looking.judge(seen.kind, seen.look.id, verdict, SHORTCOMING if failed else "", by=by)
                    if failed:
                        self._take_back(lesson_id)

    def _take_back(self, lesson_id: int) -> None:
        """What a lesson paid that should not have been published goes back, by the administrator's hand."""
        source, administrator = f"lesson:{lesson_id}:", self.person(ADMINISTRATOR)
        wanted = select(LedgerEntry).where(LedgerEntry.rule == "T1", LedgerEntry.amount > 0)
        for entry in db.session.scalars(wanted).all():
            if entry.source.startswith(source):
                with suppress(DomainError):
                    points.reverse(entry, SHORTCOMING, by=administrator)

    # what people find

    def some_lesson(self, chance: Random, name: str) -> str | None:
        """A published lesson of somebody else."""
        slugs = [slug for slug, written in self.by_slug.items() if written.author != name]
        return chance.choice(slugs) if slugs else None

    def lessons_of(self, names: Sequence[str]) -> list[str]:
        """What these published."""
        return [slug for slug, written in self.by_slug.items() if written.author in names]

    def quality_of(self, slug: str) -> float:
        """What a lesson is worth, from 1 to 5."""
        return self.by_slug[slug].quality

    def trade_words(self, name: str, slug: str, moment: datetime) -> None:
        """Somebody suggests other words for a lesson's first card, and its author takes them over."""
        author = self.by_slug[slug].author
        with tried(), clock.at(moment):
            by = self.person(name)
            here = suggesting.lesson_to_mend(slug, by)
            place = next(iter(here.places()))
            words = suggestions.Words(
                f"{here.text_at(str(place))[1]}\n\nNote {self.chance.randrange(10**6)}: mind the last step."
            )
            suggestions.check(here, place, words)
            made = suggestions.suggest(here, place, words, by=by)
            owner = self.person(author)
            suggestions.accept(suggesting.suggestion_to("accept", made.id, owner), by=owner)


def team_ids() -> dict[int, int]:
    """The team of each person."""
    return {
        row[0]: row[1] for row in db.session.execute(select(Person.id, Team.id).join(Team, Team.id == Person.team_id))
    }
