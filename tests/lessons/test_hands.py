"""Whose words stand in a draft of several authors, and the shares that follow when it is published."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from sqlalchemy import select

from peerlearn.accounts.models import Person
from peerlearn.core.db import db
from peerlearn.lessons import actions, contributing, fileformat, hands, queries, rules, starting, together
from peerlearn.lessons.hands import Hands, all_by, followed
from peerlearn.lessons.models import Lesson, Revision, Topic
from peerlearn.lessons.rules import Written
from peerlearn.points.models import LedgerEntry
from peerlearn.review import actions as review
from peerlearn.review.actions import Words
from peerlearn.review.rules import Place
from tests import factories
from tests.conftest import Statements
from tests.page import Client
from tests.review.test_actions import Desk

ClientFor = Callable[[Person], Client]
A, B, C = 1, 2, 3
LINE = "Ask the customer which of the two forms they have filled in.\n"
OTHER = "Then look up whether the number on it is still free.\n"
THIRD = "Only then call the desk that hands the papers out.\n"


# the rule


@pytest.mark.parametrize(
    ("written", "shares"),
    [
        (((100, 0), (100, 0)), (0.5, 0.5)),
        (((300, 3), (0, 0)), (0.9, 0.1)),
        (((0, 0), (300, 3)), (0.1, 0.9)),
        (((238, 0), (0, 3)), (0.5, 0.5)),  # a minute of words, a minute of questions
        (((119, 0), (119, 3)), (0.25, 0.75)),
        (((0, 1.5), (0, 0.5)), (0.75, 0.25)),
        (((2, 0), (1, 0)), (0.67, 0.33)),
        (((1, 0), (2, 0)), (0.34, 0.66)),
        (((0, 0), (0, 0)), (0.5, 0.5)),
        (((0, 0), (0, 0), (0, 0)), (0.34, 0.33, 0.33)),
        (((0, 0), (0, 0), (500, 5)), (0.1, 0.1, 0.8)),
        (((850, 0), (120, 0), (30, 0)), (0.79, 0.11, 0.1)),
        (((810, 0), (102, 0), (44, 0), (44, 0)), (0.7, 0.1, 0.1, 0.1)),  # what two are lifted by lowers a third
        (((1000, 0), (0, 0), (0, 0), (0, 0), (0, 0)), (0.6, 0.1, 0.1, 0.1, 0.1)),
        (((7, 0),), (1.0,)),
    ],
)
def test_shares_follow_what_each_wrote(written: tuple[tuple[int, float], ...], shares: tuple[float, ...]) -> None:
    assert rules.shares_of([Written(*one) for one in written]) == pytest.approx(shares, abs=1e-9)


def test_any_shares_are_whole_percents_that_sum_to_one_hundred() -> None:
    chance = Random(7)
    for _ in range(2_000):
        written = [Written(chance.choice((0, chance.randrange(900))), chance.choice((0, chance.random() * 9)))] * 1
        written += [Written(chance.randrange(900), chance.random() * 9) for _ in range(chance.randrange(5))]
        shares = rules.shares_of(written)
        assert rules.shares_problem(shares) is None
        percents = [round(100 * share) for share in shares]
        assert sum(percents) == 100
        assert all(abs(100 * share - percent) < 1e-9 for share, percent in zip(shares, percents, strict=True))


# following words


def owners(found: Hands) -> dict[int, int]:
    counts: dict[int, int] = {}
    for person_id, count in found.runs:
        counts[person_id] = counts.get(person_id, 0) + count
    return counts


def test_what_stays_is_whose_it_was_and_what_is_new_is_the_savers() -> None:
    found = followed(all_by(A, LINE), LINE, LINE.replace("two forms", "three blue forms"), B)
    assert found.runs == ((A, 6), (B, 2), (A, 5))


def test_what_is_taken_out_counts_for_nobody() -> None:
    two = followed(all_by(A, LINE), LINE, LINE + OTHER, B)
    assert owners(two) == {A: 12, B: 11}
    assert owners(followed(two, LINE + OTHER, LINE, B)) == {A: 12}
    assert owners(followed(two, LINE + OTHER, OTHER, A)) == {B: 11}


def test_a_line_that_moves_stays_whose_it_was() -> None:
    old = LINE + OTHER + THIRD
    first = followed(followed(all_by(A, LINE), LINE, LINE + OTHER, B), LINE + OTHER, old, A)
    assert owners(followed(first, old, THIRD + OTHER + LINE, C)) == owners(first)


def test_undoing_a_deletion_makes_nobody_an_author() -> None:
    text = LINE + OTHER + THIRD
    mine = all_by(A, text)
    emptied = followed(mine, text, "", B)
    assert owners(emptied) == {}
    assert owners(followed(emptied, "", text, B)) == {A: 33}
    cut = followed(mine, text, LINE + THIRD, B)
    assert owners(followed(cut, LINE + THIRD, OTHER + LINE + THIRD, B)) == {A: 33}
    again = Hands.read(cut.stored())
    assert again == cut


def test_what_is_gone_is_remembered_within_bounds() -> None:
    lines = [f"This is line number {number} of very many.\n" for number in range(300)]
    emptied = followed(all_by(A, "".join(lines)), "".join(lines), "", B)
    assert len(emptied.gone) == hands.REMEMBERED
    assert len(str(emptied.stored())) < 6_000


def test_another_paragraph_in_the_place_of_one_is_the_savers() -> None:
    new = "Banks print a letter naming account and owner every month.\n"
    assert set(owners(followed(all_by(A, LINE), LINE, new, B))) == {B}


def test_every_word_has_one_owner_whatever_changes() -> None:
    chance = Random(11)
    pieces = [
        "fee",
        "it’s",
        "__bold__",
        "**",
        "a_b",
        "x.y",
        "https://a.org/b?c=d",
        "ß",
        "Ⅷ",
        "-",
        "\n",
        "\n\n",
        " ",
        "##",
    ]
    text, found = "", Hands()
    for _ in range(300):
        new = list(text.split(" "))
        for _edit in range(chance.randrange(1, 6)):
            at = chance.randrange(len(new) + 1)
            new[at : at + chance.randrange(3)] = [chance.choice(pieces) for _ in range(chance.randrange(6))]
        after = " ".join(new[-400:])
        found = followed(found, text, after, chance.choice((A, B, C)))
        assert sum(owners(found).values()) == len(hands._WORD.findall(after))
        text = after


def test_words_and_questions_are_counted_apart() -> None:
    topic = "one"

    class Topic:
        slug = topic

    source = factories.lesson_text(Topic())  # type: ignore[arg-type]
    new = source.replace("Start with what the reader wants to do.", "Begin with the wish of whoever reads.")
    new = new.replace("Look at the second card again.", "Card two shows all of them, one after the other.")
    found = hands.written(followed(all_by(A, source), source, new, B), new, fileformat.parse(new))
    assert found[B].words == 5
    assert 0 < found[B].items < 1
    assert found[A].items + found[B].items == pytest.approx(3)
    alone = hands.written(all_by(A, source), source, fileformat.parse(source))
    assert (alone[A].items, set(alone)) == (3, {A})


# on a database


@pytest.fixture
def author(db: Any) -> Person:
    return factories.person("Mara Lind")


@pytest.fixture
def other(db: Any) -> Person:
    return factories.person("Olga Berg")


@pytest.fixture
def draft(author: Person, other: Person) -> Lesson:
    lesson, _ = actions.import_file(factories.lesson_text(factories.topic()), owner=author, by=author)
    contributing.add_author(lesson, other, by=author)
    db.session.commit()
    return lesson


def open_one(lesson: Lesson) -> Revision:
    found = queries.open_revision(lesson.id)
    assert found is not None
    return found


def save(lesson: Lesson, change: Callable[[str], str], by: Person) -> Revision:
    revision = open_one(lesson)
    actions.save_draft(revision, change(revision.source), base_version=revision.version, by=by)
    db.session.commit()
    return revision


def more(source: str) -> str:
    """Three times as much on the third card."""
    added = "\n".join(f"Point {n} of many more that somebody else wrote down here." for n in range(12))
    return source.replace('!!! mistake "Common mistake"', added + '\n\n!!! mistake "Common mistake"')


def shares(lesson: Lesson) -> dict[int, float]:
    db.session.expire_all()
    found = queries.lesson_by_id(lesson.id)
    assert found is not None
    return {one.person_id: one.share for one in found.authors}


def publish(lesson: Lesson) -> dict[int, float]:
    actions.submit(open_one(lesson), by=db.session.get_one(Person, lesson.owner_id))
    db.session.commit()
    curator = factories.person(roles=factories.curator_of(lesson.topic_id))
    factories.approve(db.session.scalars(select(factories.Review)).one(), curator)
    return shares(lesson)


def test_one_who_writes_alone_keeps_nothing_beside_the_text(draft: Lesson, author: Person) -> None:
    assert save(draft, more, author).hands is None


def test_shares_follow_the_text_that_is_published(draft: Lesson, author: Person, other: Person) -> None:
    save(draft, more, other)
    save(draft, lambda source: source.replace("Then show each step.", "Then show every step."), author)
    found = publish(draft)
    assert 0.1 < found[other.id] < 0.5
    assert sum(found.values()) == pytest.approx(1)
    paid = select(LedgerEntry.person_id, LedgerEntry.amount).where(LedgerEntry.rule == "T1")
    assert dict(db.session.execute(paid).all())[other.id] == int(20 * found[other.id] + 1e-9)
    factories.republish(draft, lambda source: source.replace("Point 1 ", "Item 1 "))
    assert shares(draft) == found


def test_who_wrote_nothing_has_the_least(draft: Lesson, author: Person, other: Person) -> None:
    assert publish(draft) == {author.id: 0.9, other.id: 0.1}


def test_shares_that_were_chosen_stay_and_can_follow_again(
    draft: Lesson, author: Person, other: Person, client_for: ClientFor, statements: Statements
) -> None:
    save(draft, more, other)
    browser, page = client_for(author), f"/write/{draft.id}/authors"
    statements.clear()
    text = browser.get(page).text
    assert len(statements) <= 5
    assert "Shares follow what each of you wrote" in text
    assert "132 words and 0 questions are theirs" in text
    following = shares_on(browser, page, author, other)
    assert 50 < following[0] < 90
    assert sum(following) == 100
    form = {f"share-{author.id}": "40", f"share-{other.id}": "60"}
    browser.post(f"{page}/shares", form, to=page, token_from=page)
    text = browser.get(page).text
    assert "You set these shares." in text
    browser.post(f"{page}/shares", form | {"follow": "1"}, to=page, token_from=page)
    assert shares_on(browser, page, author, other) == following
    browser.post(f"{page}/shares", form, to=page, token_from=page)
    assert publish(draft) == {author.id: 0.4, other.id: 0.6}
    assert "Authors are fixed" in browser.get(page).text


def shares_on(browser: Client, page: str, *people: Person) -> list[int]:
    fields = browser.get(page).fields(f"{page}/shares")
    return [int(fields[f"share-{person.id}"]) for person in people]


def so_far(lesson: Lesson) -> contributing.SoFar:
    whole = queries.lesson_by_id(lesson.id)
    assert whole is not None
    return contributing.written_so_far(whole, queries.open_revision(lesson.id))


def counts(lesson: Lesson) -> dict[int, int]:
    db.session.flush()
    found = {person_id: one.words for person_id, one in so_far(lesson).by_person.items()}
    return {person_id: words for person_id, words in found.items() if words}


def test_bringing_an_old_text_back_makes_nobody_its_author(draft: Lesson, author: Person, other: Person) -> None:
    old = save(draft, more, other)
    before = counts(draft)
    assert set(before) == {author.id, other.id}
    actions.discard(old, by=author)
    back = actions.restore(old, by=other)
    assert counts(draft) == before
    actions.discard(back, by=other)
    actions.revise(draft, by=author)
    assert counts(draft) == before


def test_of_one_who_wrote_alone_it_stays_theirs_too(draft: Lesson, author: Person, other: Person) -> None:
    old = open_one(draft)
    actions.discard(old, by=author)
    actions.restore(old, by=other)
    assert set(counts(draft)) == {author.id}


def test_two_who_write_at_once_have_what_each_wrote(draft: Lesson, author: Person, other: Person) -> None:
    revision = open_one(draft)
    base, version = revision.source, revision.version
    together.keep(
        revision,
        base.replace("Then show each step.", "Then show each small step."),
        base=base,
        base_version=version,
        by=author,
    )
    together.keep(revision, more(base), base=base, base_version=version, by=other)
    assert counts(draft)[other.id] == 12 * 11
    assert "small step" in revision.source


def test_a_file_that_comes_in_again_is_its_senders_only_where_it_differs(
    draft: Lesson, author: Person, other: Person
) -> None:
    whole = counts(draft)[author.id]
    actions.import_file(more(open_one(draft).source), owner=other, by=other)
    assert counts(draft) == {author.id: whole, other.id: 12 * 11}


def test_words_of_a_reviewer_are_no_authors(db: Any) -> None:
    desk = Desk()
    friend = factories.person()
    lines = desk.revision.source.split("\n")
    number = next(n for n, line in enumerate(lines, start=1) if "Then show each step." in line)
    remark = review.remark(
        desk.fresh(),
        Words("suggestion", Place(number, number), review.written(""), lines[number - 1] + " One two three four."),
        by=desk.me(desk.tom),
    )
    desk.send_back()
    contributing.add_author(desk.lesson, friend, by=desk.me(desk.author))
    review.accept_suggestion(remark, desk.fresh(), by=desk.me(desk.author))
    assert counts(desk.lesson)[desk.tom.id] == 4
    assert so_far(desk.lesson).shares == {desk.author.id: 0.9, friend.id: 0.1}


def test_marks_that_the_house_sets_move_nobodys_words(draft: Lesson, author: Person, other: Person) -> None:
    bare = re.sub(r" \^\w+$", "", open_one(draft).source, flags=re.MULTILINE)
    save(draft, lambda _source: bare, author)
    stem = "What is forgotten most often?"
    save(draft, lambda source: source.replace(stem, f"Nobody looks at it once more on the day after. {stem}"), other)
    before = so_far(draft).by_person
    assert before[other.id].items == pytest.approx(10 / 31)
    actions.submit(open_one(draft), by=author)
    db.session.flush()
    assert open_one(draft).source != bare
    after = so_far(draft).by_person
    assert after[author.id].words == before[author.id].words
    assert after[other.id].items == pytest.approx(10 / 32)  # a mark is nobody’s


@pytest.mark.parametrize("is_own", [True, False])
def test_words_of_another_lesson_are_its_owners(author: Person, other: Person, is_own: bool) -> None:
    origin = factories.published_lesson(author if is_own else None)
    source = queries.newest_revision(origin.id)
    assert source is not None
    lesson = starting.from_lesson(
        origin,
        source.source,
        kind="how-to",
        title="Another way to do it",
        topics=[db.session.get_one(Topic, origin.topic_id)],
        with_questions=False,
        by=author,
    )
    contributing.add_author(lesson, other, by=author)
    save(lesson, lambda text: text.replace("Then show each step.", "Then show each small step."), other)
    assert (author.id in counts(lesson)) is is_own
    assert so_far(lesson).shares == ({author.id: 0.9, other.id: 0.1} if is_own else {author.id: 0.1, other.id: 0.9})
