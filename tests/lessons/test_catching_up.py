"""What a curator changed in a published lesson is not undone by a draft that was begun before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import db as database
from peerlearn.lessons import actions, amending, catching_up, correcting, fileformat, queries, showing
from peerlearn.lessons.catching_up import Behind, Newer
from peerlearn.lessons.models import Lesson, Revision
from peerlearn.review.models import Review, TrustedEdit
from tests import factories
from tests.factories import MONDAY
from tests.page import Client, text_of

OLD, PATCHED, MINE = (
    "Start with what the reader wants to do.",
    "Begin with what the reader wants to achieve.",
    "Start with what a reader wants to do.",
)
LATER = MONDAY + timedelta(days=30)


class Desk:
    """A trusted author with a published lesson and a draft of it, and a curator who changes what is published."""

    def __init__(self) -> None:
        self.topic = factories.topic()
        self.author = factories.person("Ada Author")
        self.curator = factories.person("Tom", roles=factories.curator_of(self.topic.id))
        with clock.at(MONDAY):
            for _ in range(3):
                lesson = factories.published_lesson(self.author, self.topic)
        self.lesson_id = lesson.id
        self.url = f"/write/{lesson.id}"
        actions.revise(lesson, by=self.author)
        database.session.commit()

    @property
    def lesson(self) -> Lesson:
        database.session.expire_all()
        found = queries.lesson_by_id(self.lesson_id)
        assert found is not None
        return found

    @property
    def draft(self) -> Revision:
        database.session.expire_all()
        found = queries.open_revision(self.lesson_id)
        assert found is not None
        return found

    @property
    def published(self) -> Revision:
        return database.session.get_one(Revision, self.lesson.published_id)

    def write(self, old: str, new: str) -> None:
        draft = self.draft
        assert old in draft.source
        actions.save_draft(draft, draft.source.replace(old, new), base_version=draft.version, by=self.author)
        database.session.commit()

    def patch(self, old: str = OLD, new: str = PATCHED) -> None:
        """A curator takes over what a reader suggested."""
        lesson, source = self.lesson, self.published.source
        prepared = actions.prepare(lesson, source.replace(old, new))
        amending.amend(lesson, prepared, writer=factories.person(), by=self.curator)
        database.session.commit()

    def correct(self, uid: str = "a") -> None:
        """A curator corrects the key of the first question."""
        lesson, question = self.lesson, fileformat.parse(self.published.source).questions[0]
        options = tuple(replace(one, right=one.uid == uid) for one in question.options)
        correcting.correct_question(lesson, replace(question, options=options), by=self.curator)
        database.session.commit()

    def keys(self, source: str) -> list[str]:
        return [one.uid for one in fileformat.parse(source).questions[0].options if one.right]

    def form(self, **values: Any) -> dict[str, Any]:
        """The form of the editor, as it stands open."""
        draft = self.draft
        return {"source": draft.source, "base": draft.source, "base_version": draft.version} | values


@pytest.fixture
def desk(db: Any) -> Any:
    with clock.at(LATER):
        yield Desk()


@pytest.fixture
def browser(desk: Desk, client_for: Callable[[Person], Client]) -> Client:
    return client_for(desk.author)


def test_a_patch_in_the_same_lines_blocks_until_somebody_chose(desk: Desk, browser: Client) -> None:
    desk.write(OLD, MINE)
    desk.patch()
    page = browser.get(desk.url)
    assert "The published lesson has changed since you began" in page.text
    assert "card 1" in page.text
    typed = desk.form(source=desk.draft.source.replace("Yes, each of them.", "Yes."))
    asked = browser.post(f"{desk.url}/submit", typed, status=409, token_from=desk.url)
    mine, published = (text_of(each).strip() for each in asked.all("pre"))
    assert mine.endswith(MINE)
    assert published.endswith(PATCHED)
    assert (desk.draft.state, desk.draft.version) == ("draft", typed["base_version"])
    again = typed | {"published": desk.lesson.published_id}
    browser.post(f"{desk.url}/merge", again, status=409, token_from=desk.url)  # nothing was chosen
    browser.post(f"{desk.url}/merge", again | {"choice-1": "theirs"}, to=desk.url, token_from=desk.url)
    assert PATCHED in desk.draft.source
    assert MINE not in desk.draft.source
    assert "> Yes.\n" in desk.draft.source, "what was typed and not saved before is there too"
    page = browser.get(desk.url)
    assert "What was published meanwhile is seen to: card 1." in page.text
    assert "Your draft goes on from that text already." in page.text
    browser.post(f"{desk.url}/submit", desk.form(), to="/write", token_from=desk.url)
    assert desk.draft.state == "submitted"


def test_whoever_means_their_own_words_hands_those_in_and_a_curator_reads_them(desk: Desk, browser: Client) -> None:
    desk.write(OLD, MINE)
    desk.patch()
    chosen = desk.form(published=desk.lesson.published_id) | {"choice-1": "ours"}
    browser.post(f"{desk.url}/merge", chosen, to=desk.url, token_from=desk.url)
    assert MINE in desk.draft.source
    browser.post(f"{desk.url}/submit", desk.form(), to="/write", token_from=desk.url)
    assert desk.draft.state == "submitted"
    assert PATCHED in desk.published.source


def test_a_small_edit_does_not_undo_it_without_a_reader(desk: Desk) -> None:
    desk.write(OLD, MINE)
    desk.patch()
    with pytest.raises(Behind):
        actions.submit(desk.draft, by=factories.reloaded(desk.author))
    database.session.rollback()
    assert PATCHED in desk.published.source
    assert database.session.scalars(select(TrustedEdit)).all() == []


def test_what_goes_together_is_taken_and_told(desk: Desk, browser: Client) -> None:
    desk.write("Then show each step.", "Then show each single step.")
    desk.patch()
    assert PATCHED in desk.draft.source
    assert desk.draft.base_id == desk.lesson.published_id
    assert "Your draft goes on from that text already." in browser.get(desk.url).text
    browser.post(f"{desk.url}/submit", desk.form(), to="/write", token_from=desk.url)
    assert desk.published.source.count("each single step") == 1
    assert PATCHED in desk.published.source
    assert len(database.session.scalars(select(TrustedEdit)).all()) == 1


def test_a_second_patch_finds_a_draft_that_is_behind(desk: Desk) -> None:
    desk.write(OLD, MINE)
    desk.patch()
    desk.write(MINE, PATCHED)  # by hand
    desk.patch("Then show each step.", "Then show each step, please.")
    assert desk.draft.base_id == desk.lesson.published_id
    assert desk.draft.source == desk.published.source


def test_a_draft_that_has_it_by_hand_is_handed_in_at_once(desk: Desk) -> None:
    desk.write(OLD, MINE)
    desk.patch()
    desk.write(MINE, PATCHED)
    desk.write("What comes first?", "What is it that comes first?")
    draft = desk.draft
    actions.submit(draft, by=factories.reloaded(desk.author))
    assert (draft.state, draft.base_id) == ("submitted", desk.lesson.published_id)


def test_a_corrected_key_does_not_come_back(desk: Desk, browser: Client) -> None:
    wrong = desk.keys(desk.published.source)
    desk.write("What comes first?", "What is it that comes first?")
    desk.correct()
    assert desk.keys(desk.draft.source) == wrong
    with pytest.raises(Behind):
        actions.submit(desk.draft, by=factories.reloaded(desk.author))
    database.session.rollback()
    browser.post(f"{desk.url}/submit", desk.form(), to=desk.url, token_from=desk.url)
    assert desk.draft.state == "draft", "nobody hands in what they have not seen"
    assert desk.keys(desk.draft.source) == ["a"]
    assert "What is it that comes first?" in desk.draft.source
    assert "What was published meanwhile is seen to: question 1." in browser.get(desk.url).text
    browser.post(f"{desk.url}/submit", desk.form(), to="/write", token_from=desk.url)
    assert desk.keys(desk.draft.source) == ["a"]


def test_a_key_that_the_author_changed_too_is_chosen(desk: Desk, browser: Client) -> None:
    desk.write("- [ ] The end ^a", "- [ ] The very end ^a")
    desk.correct()
    page = browser.post(f"{desk.url}/submit", desk.form(), status=409, token_from=desk.url)
    assert [text_of(each).strip() for each in page.all("pre")] == ["- [ ] The very end ^a", "- [x] The end ^a"]


def test_a_question_that_stands_word_for_word_is_corrected_in_the_draft(desk: Desk) -> None:
    desk.write(OLD, MINE)
    desk.correct()
    assert desk.keys(desk.draft.source) == ["a"]
    actions.submit(desk.draft, by=factories.reloaded(desk.author))


def test_a_wrong_key_in_review_goes_back_to_its_author(desk: Desk) -> None:
    desk.write("What comes first?", "What is it that comes first?")
    actions.submit(desk.draft, by=factories.reloaded(desk.author))
    database.session.commit()
    draft_id = desk.draft.id
    desk.correct()
    assert (desk.draft.id, desk.draft.state) == (draft_id, "draft")
    review = database.session.scalars(select(Review).where(Review.revision_id == draft_id)).one()
    assert review.state == "withdrawn"
    with pytest.raises(Behind):
        actions.submit(desk.draft, by=factories.reloaded(desk.author))


def test_what_is_handed_in_again_unchanged_for_an_appeal_is_not_behind(desk: Desk) -> None:
    desk.write(OLD, MINE)
    draft = desk.draft
    draft.state, draft.submitted_at = "rejected", draft.saved_at
    database.session.commit()
    desk.patch()
    with pytest.raises(Behind):
        showing.hand_back_in(desk.draft, by=desk.author)


@pytest.mark.parametrize(("language", "is_live"), [("en", True), ("cs", False)])
def test_where_nothing_is_small_the_author_hears_why_somebody_looks(
    desk: Desk, browser: Client, language: str, *, is_live: bool
) -> None:
    lesson = factories.published_lesson(desk.author, desk.topic, front=f"language: {language}\n")
    desk.lesson_id, desk.url = lesson.id, f"/write/{lesson.id}"
    actions.revise(lesson, by=desk.author)
    desk.write("Then show each step.", "Then show each single step.")
    browser.post(f"{desk.url}/submit", desk.form(), token_from=desk.url)
    said = browser.get("/write").text
    assert ("Live at once" in said) is is_live
    told = "In the language of this lesson we cannot tell small changes from large ones: a curator will look."
    assert (told in said) is not is_live


def test_a_new_lesson_is_behind_nothing(desk: Desk) -> None:
    lesson, draft = actions.import_file(factories.lesson_text(desk.topic), owner=desk.author, by=desk.author)
    assert catching_up.newer_than(draft, lesson) is None
    assert catching_up.newer_than(None, desk.lesson) is None
    assert Newer(1, "a\n", "b\n").is_in("b\n")
    assert not Newer(1, "a\n", "b\n").is_in("a\n")
