"""Lessons that say nearly the same are found by their prints: how many of them, how wrongly, and at what cost."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, insert, select, update

from peerlearn.accounts.models import Person
from peerlearn.core import prints as marks
from peerlearn.core import text
from peerlearn.core.db import database, db
from peerlearn.lessons import alike, fileformat, prints, queries, rules, showing, surroundings
from peerlearn.lessons.models import FormerSlug, Lesson, LessonPrint, Revision, Topic
from peerlearn.review.rules import POLICY as REVIEWS
from tests import factories
from tests.lessons.library import Writer, said, shipped

LIBRARY = 10_000


class Index:
    """Prints as the table keeps them, without a database."""

    def __init__(self, of: Iterable[frozenset[int]]) -> None:
        self.holders: dict[int, list[int]] = defaultdict(list)
        for number, keys in enumerate(of):
            for key in keys:
                if len(self.holders[key]) < prints.HOLDERS:
                    self.holders[key].append(number)

    def found(self, keys: frozenset[int], most: int) -> list[int]:
        """Who shares most of these, as `prints` asks for it."""
        shares = Counter(number for key in keys for number in self.holders.get(key, ()))
        return [number for number, _count in sorted(shares.items(), key=lambda one: (-one[1], one[0]))[:most]]


@pytest.fixture(scope="module")
def writer() -> Writer:
    return Writer(79)


@pytest.fixture(scope="module")
def texts(writer: Writer) -> list[str]:
    """What ten thousand lessons say, the shipped ones first."""
    own = [queries.card_text(file) for file in shipped()]
    return own + [said(writer.cards()) for _ in range(LIBRARY - len(own))]


@pytest.fixture(scope="module")
def index(texts: list[str]) -> Index:
    return Index(marks.of_text(each) for each in texts)


@pytest.mark.parametrize(("kept", "least"), [(0.8, 1.0), (0.6, 1.0), (0.4, 0.99), (0.25, 0.95)])
def test_copies_under_another_title_are_found_among_ten_thousand(
    writer: Writer, texts: list[str], index: Index, kept: float, least: float
) -> None:
    files = shipped()
    tries = [number for number in range(len(files)) for _ in range(6)]
    found = [
        number in index.found(marks.of_text(said(writer.copy(files[number].cards, kept))), prints.FOUND)
        for number in tries
    ]
    assert sum(found) >= least * len(found), sum(found) / len(found)


def test_lessons_of_their_own_are_not_taken_for_copies(writer: Writer, texts: list[str], index: Index) -> None:
    shown = 0
    others = [*range(len(shipped())), *writer.chance.sample(range(LIBRARY), 500)]
    for number in others:
        mine = text.shingles(texts[number])
        near = [other for other in index.found(marks.of_text(texts[number]), prints.FOUND) if other != number]
        shown += any(text.shared(mine, text.shingles(texts[other])) >= rules.POLICY.similar_text for other in near)
    assert shown == 0


def test_titles_are_found_as_if_each_were_compared(writer: Writer) -> None:
    titles = [file.front.title for file in shipped()] + [writer.title() for _ in range(LIBRARY)]
    index = Index(map(marks.of_title, titles))
    missed = alike = 0
    while alike < 1_000:
        number = writer.chance.randrange(len(titles))
        mine = writer.retitled(titles[number])
        if text.title_similarity(mine, titles[number]) > rules.POLICY.similar_title:
            alike += 1
            missed += number not in index.found(marks.of_title(mine), prints.TITLES)
    assert missed <= 15, missed
    assert all(n in index.found(marks.of_title(f" {titles[n].upper()}"), prints.TITLES) for n in range(0, 2_000, 7))


@pytest.fixture
def author(db: Any) -> Person:
    return factories.person()


@pytest.fixture
def topic(db: Any) -> Topic:
    return factories.topic()


@pytest.fixture
def pasted(author: Person, topic: Topic) -> tuple[Lesson, fileformat.LessonFile]:
    """A published lesson, and its cards turned round under a title and a summary that share no word with it."""
    lesson = factories.published_lesson(None, topic)
    file = fileformat.parse(source_of(lesson))
    front = replace(file.front, title="Quite another headline", summary="Nothing that stands in that one.", id="")
    return lesson, replace(file, front=front, cards=file.cards[::-1])


def source_of(lesson: Lesson) -> str:
    return queries.sources_of([lesson.published_id or 0])[lesson.published_id or 0]


def test_pasted_cards_are_found_under_another_title_while_the_lesson_is_shown(
    pasted: tuple[Lesson, fileformat.LessonFile], author: Person
) -> None:
    lesson, file = pasted
    assert [one.lesson_id for one in alike.similar_published(file, lesson_id=0)] == [lesson.id]
    assert alike.similar_published(file, lesson_id=0)[0].score > 0.9
    assert [one.slug for one in surroundings.known_around(0, file).similar] == [lesson.slug]
    showing.archive(lesson, by=author)
    assert alike.similar_published(file, lesson_id=0) == []
    assert surroundings.known_around(0, file).similar == ()
    showing.show_again(lesson, by=author)
    assert [one.lesson_id for one in alike.similar_published(file, lesson_id=0)] == [lesson.id]


def test_a_new_version_is_found_by_its_own_text(pasted: tuple[Lesson, fileformat.LessonFile]) -> None:
    lesson, file = pasted
    factories.republish(lesson, lambda source: source.replace(file.cards[0].body, "Of this card not one word is left."))
    kept = set(db.session.scalars(select(LessonPrint.key).where(LessonPrint.lesson_id == lesson.id)))
    cards = queries.card_text(fileformat.parse(source_of(lesson)))
    assert kept == marks.of_text(cards) | marks.of_title(lesson.title)
    assert len(marks.of_text(cards)) == marks.OF_TEXT


def test_what_fifty_lessons_hold_is_kept_for_no_other(
    pasted: tuple[Lesson, fileformat.LessonFile], monkeypatch: pytest.MonkeyPatch
) -> None:
    lesson, file = pasted
    monkeypatch.setattr(prints, "HOLDERS", 2)
    others = [factories.published_lesson() for _ in range(2)]
    for other in others:
        prints.forget(other.id)  # what it held by its own text, some of which is the same in all lessons of tests
    for other in others:
        prints.keep(other.id, lesson.title, queries.card_text(file))
    by_lesson: dict[int, set[int]] = defaultdict(set)
    for key, lesson_id in db.session.execute(select(LessonPrint.key, LessonPrint.lesson_id)):
        by_lesson[lesson_id].add(key)
    first, second = (by_lesson[other.id] for other in others)
    assert first == marks.of_text(queries.card_text(file)) | marks.of_title(lesson.title)
    assert second == first - by_lesson[lesson.id], "what stood in one lesson alone"
    prints.keep(lesson.id, lesson.title, queries.card_text(fileformat.parse(source_of(lesson))))
    again = set(db.session.scalars(select(LessonPrint.key).where(LessonPrint.lesson_id == lesson.id)))
    assert again == by_lesson[lesson.id], "it is one of the two still"


class Steps:
    """How many steps SQLite takes for what is asked inside; PostgreSQL tells of none."""

    def __init__(self) -> None:
        self.taken = 0

    def __enter__(self) -> Steps:
        self._watch(self._count)
        return self

    def __exit__(self, *raised: object) -> None:
        self._watch(None)

    def _watch(self, count: Callable[[], int] | None) -> None:
        if database() == "sqlite":
            driver: Any = db.session.connection().connection.driver_connection
            driver.set_progress_handler(count, 10)

    def _count(self) -> int:
        self.taken += 10
        return 0


def fill(writer: Writer, topic: Topic, author: Person, wanted: int) -> None:
    """Add published lessons, row by row, until there are so many."""
    first = (db.session.scalar(select(func.max(Lesson.id))) or 0) + 1
    numbers = range(first, first + wanted - (db.session.scalar(select(func.count()).select_from(Lesson)) or 0))
    cards = {number: writer.cards(12) for number in numbers}
    printed = {number: "\n\n".join(map(fileformat.print_card, cards[number])) for number in numbers}
    titles = {number: writer.title() for number in numbers}
    of = {"owner_id": author.id, "topic_id": topic.id, "kind": "how-to", "state": "published"}
    db.session.execute(
        insert(Lesson),
        [of | {"id": n, "uid": f"u{n}", "slug": f"l{n}", "title": titles[n], "published_id": None} for n in numbers],
    )
    text_of = {"number": 1, "state": "published", "writer_id": author.id}
    db.session.execute(
        insert(Revision),
        [text_of | {"id": n, "lesson_id": n, "source": f"---\ntitle: x\n---\n\n{printed[n]}\n"} for n in numbers],
    )
    db.session.execute(update(Lesson).where(Lesson.id >= first).values(published_id=Lesson.id))
    keys = {n: marks.of_text(said(cards[n])) | marks.of_title(titles[n]) for n in numbers}
    index = Index(keys[n] for n in numbers)
    rows = [{"key": key, "lesson_id": first + n} for key, held in index.holders.items() for n in held]
    db.session.execute(insert(LessonPrint), rows)
    db.session.execute(insert(FormerSlug), [{"slug": f"old{n}", "lesson_id": n} for n in numbers])
    db.session.commit()


def test_advice_costs_the_same_however_many_lessons_there_are(
    writer: Writer, author: Person, topic: Topic, statements: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prints, "HOLDERS", 5)  # so that as many hold what many say in the small library
    costs, counts = [], []
    for wanted in (200, 4_000):
        fill(writer, topic, author, wanted)
        last = db.session.scalar(select(func.max(Lesson.id))) or 0
        source = source_of(db.session.get_one(Lesson, last - 20))
        links = f"## More\n\n[one](/lessons/l{last - 1}/cards/1) [two](/lessons/old{last - 2}) [no](/lessons/nowhere)"
        file = fileformat.parse(f"{source}\n\n{links}\n")
        title = db.session.scalar(select(Lesson.title).where(Lesson.id == last - 3)) or ""
        front = replace(file.front, title=f"{title} again", prerequisites=(f"u{last - 4}", "nobody"))
        file = replace(file, front=front)
        statements.clear()
        with Steps() as steps:
            known = surroundings.known_around(0, file)
        costs.append(steps.taken)
        counts.append(len(statements))
        assert {f"l{last - 1}", f"old{last - 2}"} <= (known.slugs or set())
        assert "nowhere" not in (known.slugs or ())
        assert f"u{last - 4}" in (known.uids or ())
        assert "nobody" not in (known.uids or ())
        assert title in known.titles.values()
        assert known.similar[0].slug == f"l{last - 20}"
    assert counts[0] == counts[1] <= 8
    assert costs[1] <= 3 * costs[0], "a step for each of twenty times as many lessons would be twenty times as many"


def test_most_of_a_copy_stands_in_the_lesson_it_was_taken_from_and_little_of_a_lesson_of_its_own(
    writer: Writer, texts: list[str], index: Index
) -> None:
    files = shipped()

    def parts(cards: str, apart: int | None = None) -> dict[int, float]:
        mine = text.shingles(cards)
        near = index.found(marks.of_text(cards), prints.FOUND)
        return {each: len(mine & text.shingles(texts[each])) / len(mine) for each in near if each != apart}

    copies = [(number, said(writer.copy(files[number].cards, 0.8))) for number in range(len(files))]
    much = REVIEWS.copied_much
    assert min(parts(cards)[number] for number, cards in copies) >= much
    others = [*range(len(files)), *writer.chance.sample(range(LIBRARY), 300)]
    assert max(part for number in others for part in parts(texts[number], number).values()) < much / 2
