"""What authors and curators do with lessons, on a real database."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from peerlearn.accounts.models import Person
from peerlearn.core import fulltext
from peerlearn.core.db import db
from peerlearn.core.errors import Conflict, NotAllowed, NotFound, NotValid, TooMany
from peerlearn.core.facts import Fact
from peerlearn.core.files import Picture as Image
from peerlearn.lessons import access, actions, alike, contributing, fileformat, queries, rules, visibility
from peerlearn.lessons.actions import NotReady, StaleDraft
from peerlearn.lessons.models import FormerSlug, Lesson, Picture, Revision, Topic
from peerlearn.quizzes import actions as quizzes
from peerlearn.quizzes import queries as quiz_queries
from peerlearn.quizzes.models import Item, ItemVersion
from tests import factories


@pytest.fixture
def topic(db: Any) -> Topic:
    return factories.topic()


@pytest.fixture
def author(db: Any) -> Person:
    return factories.person()


@pytest.fixture
def curator(topic: Topic) -> Person:
    return factories.person(roles=(("curator", topic.id),))


@pytest.fixture
def draft(author: Person, topic: Topic) -> Revision:
    _, revision = actions.import_file(factories.lesson_text(topic), owner=author, by=author)
    assert revision is not None
    db.session.commit()
    return revision


def lesson_of(revision: Revision) -> Lesson:
    found = queries.lesson_by_id(revision.lesson_id)
    assert found is not None
    return found


def facts(kind: str) -> list[dict[str, Any]]:
    return list(db.session.scalars(select(Fact.data).where(Fact.type == kind).order_by(Fact.id)))


def published(revision: Revision, author: Person, curator: Person) -> Lesson:
    actions.submit(revision, by=author)
    lesson = actions.publish(revision, by=curator)
    db.session.commit()
    return lesson


def changed(lesson: Lesson, author: Person, old: str, new: str) -> Revision:
    revision = actions.revise(lesson, by=author)
    assert old in revision.source
    return actions.save_draft(revision, revision.source.replace(old, new), base_version=revision.version, by=author)


# starting


@pytest.mark.parametrize("kind", list(rules.Kind))
def test_every_template_can_be_read_and_is_not_ready(author: Person, topic: Topic, kind: str) -> None:
    lesson = actions.start_lesson(kind=kind, title="A title that fits", topics=[topic], by=author)
    revision = queries.open_revision(lesson.id)
    assert revision is not None
    prepared = actions.prepare(lesson, revision.source)
    codes = {problem.code for problem in prepared.problems}
    assert "template-text" in codes
    assert codes <= {"template-text", "no-summary", "no-option-why", "no-why", "no-sources", "few-variants", "short"}
    with pytest.raises(NotReady):
        actions.submit(revision, by=author)


def test_ids_and_addresses_are_unique(author: Person, topic: Topic) -> None:
    lessons = [actions.start_lesson(kind="how-to", title="Same title", topics=[topic], by=author) for _ in range(3)]
    assert len({lesson.uid for lesson in lessons}) == len({lesson.slug for lesson in lessons}) == 3
    other = actions.start_lesson(kind="how-to", title="日本語のタイトル", topics=[topic], by=author)
    assert other.slug.isascii()


def test_topics_are_one_to_three(author: Person, topic: Topic) -> None:
    for topics in ([], [topic] * 4):
        with pytest.raises(NotValid):
            actions.start_lesson(kind="how-to", title="A title that fits", topics=topics, by=author)


def test_open_drafts_are_limited(author: Person, topic: Topic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "POLICY", rules.Policy(open_drafts_maximum=1))
    actions.start_lesson(kind="how-to", title="A title that fits", topics=[topic], by=author)
    with pytest.raises(TooMany):
        actions.start_lesson(kind="how-to", title="A title that fits", topics=[topic], by=author)


# saving


def test_a_draft_is_kept_verbatim(draft: Revision, author: Person) -> None:
    odd = "---\ntitle:   A   title\n---\n\n\n## x  \n\t\n"
    actions.save_draft(draft, odd, base_version=draft.version, by=author)
    assert draft.source == odd
    assert draft.title == "A title"


def test_two_tabs_notice_each_other(draft: Revision, author: Person) -> None:
    base = draft.version
    actions.save_draft(draft, "one", base_version=base, by=author)
    with pytest.raises(StaleDraft) as stale:
        actions.save_draft(draft, "two", base_version=base, by=author)
    assert stale.value.theirs == "one"
    assert stale.value.version == draft.version
    actions.save_draft(draft, "one", base_version=base, by=author)
    assert draft.version == base + 1


def test_what_is_in_review_does_not_change(draft: Revision, author: Person) -> None:
    actions.submit(draft, by=author)
    with pytest.raises(Conflict):
        actions.save_draft(draft, "late", base_version=draft.version, by=author)


@pytest.mark.parametrize("text", ["a\x00b", "\ud800", "x" * 100_001])
def test_what_no_database_takes_is_refused(draft: Revision, author: Person, text: str) -> None:
    with pytest.raises(NotValid):
        actions.save_draft(draft, text, base_version=draft.version, by=author)


# submitting


def test_submitting_adds_ids_and_renders(draft: Revision, author: Person) -> None:
    bare = draft.source.replace(" ^a\n", "\n").replace("## text ^", "## text\n\n").replace("cccc\n", "", 1)
    bare = "\n".join(line for line in bare.split("\n") if not line.startswith("id: "))
    number = draft.source.partition("^")[2].partition("aaaa")[0]
    bare = bare.replace(f"## text\n\n{number}", "## text\n")
    actions.save_draft(draft, bare, base_version=draft.version, by=author)
    actions.submit(draft, by=author)
    file = fileformat.parse(draft.source)
    assert file.front.id == lesson_of(draft).uid
    assert all(question.uid for question in file.questions)
    assert all(option.uid for question in file.questions for option in question.options)
    assert fileformat.print_file(file) == draft.source
    assert [card.title for card in queries.cards_of(draft)] == ["Begin", "Go on", "Take care"]
    assert "admonition" in draft.cards[0]["html"]
    stored = quiz_queries.load_quiz(draft.quiz_id)
    assert [row.question for row in stored] == list(file.questions)
    assert [row.position for row in stored] == [1, 2, 3]
    assert facts("RevisionSubmitted")[0]["version"] == draft.version


def test_submitting_twice_counts_once(draft: Revision, author: Person) -> None:
    prepared = actions.prepare(lesson_of(draft), draft.source)
    for _ in range(2):
        actions.hand_in(draft, prepared, base_version=draft.version, by=author)
    assert len(facts("RevisionSubmitted")) == 1
    with pytest.raises(Conflict):
        actions.submit(draft, by=author)


def test_the_id_of_a_lesson_never_changes(draft: Revision, author: Person) -> None:
    text = draft.source.replace(f"id: {lesson_of(draft).uid}", "id: another-one")
    actions.save_draft(draft, text, base_version=draft.version, by=author)
    with pytest.raises(NotReady) as refused:
        actions.submit(draft, by=author)
    assert "wrong-id" in {problem.code for problem in refused.value.problems}


def test_a_question_belongs_to_one_lesson(draft: Revision, author: Person, topic: Topic) -> None:
    actions.submit(draft, by=author)
    copied = draft.source.replace(f"id: {lesson_of(draft).uid}\n", "").replace("How to do", "A way to do")
    _, other = actions.import_file(copied, owner=author, by=author)
    assert other is not None
    with pytest.raises(NotReady) as refused:
        actions.submit(other, by=author)
    assert "foreign-question" in {problem.code for problem in refused.value.problems}


def test_a_text_too_slow_to_show_is_a_problem_not_an_error(draft: Revision, author: Person) -> None:
    text = draft.source.replace("Then show each step.", "[" * 400)
    actions.save_draft(draft, text, base_version=draft.version, by=author)
    with pytest.raises(NotReady) as refused:
        actions.submit(draft, by=author)
    assert "too-complex" in {problem.code for problem in refused.value.problems}


def test_withdraw_and_discard(draft: Revision, author: Person) -> None:
    actions.submit(draft, by=author)
    with pytest.raises(Conflict):
        actions.discard(draft, by=author)
    actions.withdraw(draft, by=author)
    actions.withdraw(draft, by=author)
    assert len(facts("RevisionWithdrawn")) == 1
    actions.discard(draft, by=author)
    actions.discard(draft, by=author)
    assert draft.state == "discarded"
    assert actions.restore(draft, by=author).source == draft.source


# publishing


def test_publishing_shows_the_lesson_and_makes_it_findable(
    draft: Revision, author: Person, curator: Person, topic: Topic
) -> None:
    lesson = published(draft, author, curator)
    assert (lesson.state, lesson.major, lesson.published_id) == ("published", 1, draft.id)
    assert lesson.title == draft.title
    assert lesson.minutes >= 1
    assert [hit.lesson_id for hit in fulltext.search(db.session(), lesson.title)] == [lesson.id]
    assert fulltext.search(db.session(), "comes between") == [], "explanations are not searched"
    event = facts("LessonPublished")[0]
    assert event["is_first"]
    assert event["shares"] == [[author.id, 1.0]]
    assert event["topic_ids"] == [topic.id]
    shown = queries.lesson_by_slug(lesson.slug)
    assert shown is not None
    assert shown.published is not None
    assert queries.cards_of(shown.published)[0].title == "Begin"


def test_a_lesson_page_takes_two_statements(
    draft: Revision, author: Person, curator: Person, statements: list[str]
) -> None:
    slug = published(draft, author, curator).slug
    db.session.expunge_all()
    statements.clear()
    lesson = queries.lesson_by_slug(slug)
    assert lesson is not None
    assert lesson.published is not None
    assert lesson.authors[0].person.name
    assert lesson.topics[0].topic.name
    assert len(statements) == 2


def test_only_what_was_submitted_can_be_published(draft: Revision, author: Person, curator: Person) -> None:
    with pytest.raises(Conflict):
        actions.publish(draft, by=curator)
    published(draft, author, curator)
    with pytest.raises(Conflict):
        actions.publish(draft, by=curator)


@pytest.mark.parametrize(
    ("old", "new", "major"),
    [
        ("Then show each step.", "Then show every step.", 1),
        ("Then show each step.", "Then do something else entirely, which nobody expected so far.", 2),
        ("Every step is shown.", "Each step is shown.", 2),
        ("  > Yes, each of them.", "  > Yes, every one.", 1),
        ("= final step", "= final step\n= the last step", 2),
        ("## Take care", "## Mind", 1),
    ],
)
def test_a_small_change_keeps_the_version(
    draft: Revision, author: Person, curator: Person, old: str, new: str, major: int
) -> None:
    lesson = published(draft, author, curator)
    revision = changed(lesson, author, old, new)
    published(revision, author, curator)
    assert lesson.major == major
    assert revision.is_major is (major == 2)
    assert draft.state == "superseded"
    assert [f["is_first"] for f in facts("LessonPublished")] == [True, False]


def test_unchanged_questions_keep_their_rows(draft: Revision, author: Person, curator: Person) -> None:
    lesson = published(draft, author, curator)
    before = {row.question.uid: row.version_id for row in quiz_queries.load_quiz(draft.quiz_id)}
    revision = changed(lesson, author, "Every step is shown.", "Each step is shown.")
    published(revision, author, curator)
    after = {row.question.uid: row.version_id for row in quiz_queries.load_quiz(revision.quiz_id)}
    assert before.keys() == after.keys()
    assert sum(before[uid] != after[uid] for uid in before) == 1
    assert db.session.scalar(select(func.count(Item.id))) == 3
    assert db.session.scalar(select(func.count(ItemVersion.id))) == 4


def test_an_old_address_leads_on_and_may_come_back(draft: Revision, author: Person, curator: Person) -> None:
    lesson = published(draft, author, curator)
    first = lesson.slug
    title = lesson.title
    published(changed(lesson, author, f"title: {title}", "title: A new name for it"), author, curator)
    assert lesson.slug == "a-new-name-for-it"
    assert queries.slug_now(first, visibility.is_for_all()) == lesson.slug
    published(changed(lesson, author, "title: A new name for it", "title: Another new name"), author, curator)
    published(changed(lesson, author, "title: Another new name", "title: A new name for it"), author, curator)
    assert lesson.slug == "a-new-name-for-it"
    assert set(db.session.scalars(select(FormerSlug.slug))) == {first, "another-new-name"}


def test_a_lesson_has_one_open_revision(draft: Revision, author: Person, curator: Person) -> None:
    lesson = published(draft, author, curator)
    assert actions.revise(lesson, by=author) is actions.revise(lesson, by=author)
    db.session.add(Revision(lesson_id=lesson.id, number=99, source="", writer_id=author.id))
    with pytest.raises(Exception, match=r"(?i)unique"):
        db.session.flush()


def test_restore_sets_the_open_draft_aside(draft: Revision, author: Person, curator: Person) -> None:
    lesson = published(draft, author, curator)
    newer = changed(lesson, author, "Then show each step.", "Then stop.")
    again = actions.restore(draft, by=author)
    assert (newer.state, again.state, again.source) == ("discarded", "draft", draft.source)
    actions.submit(again, by=author)
    with pytest.raises(Conflict):
        actions.restore(draft, by=author)


def test_archived_lessons_are_not_found(draft: Revision, author: Person, curator: Person) -> None:
    with pytest.raises(Conflict):
        actions.archive(lesson_of(draft), by=curator)
    lesson = published(draft, author, curator)
    for _ in range(2):
        actions.archive(lesson, by=curator)
    assert len(facts("LessonArchived")) == 1
    assert fulltext.search(db.session(), lesson.title) == []
    assert queries.catalogue(queries.Wanted()).rows == []


# importing


def test_importing_twice_changes_nothing(author: Person, topic: Topic, curator: Person) -> None:
    text = factories.lesson_text(topic)
    lesson, revision = actions.import_file(text, owner=author, by=author)
    assert revision is not None
    assert revision.source == text
    assert actions.import_file(text, owner=author, by=author) == (lesson, None)
    published(revision, author, curator)
    assert actions.import_file(text, owner=author, by=author) == (lesson, None)
    better = text.replace("Then show each step.", "Then show every step.")
    _, newer = actions.import_file(better, owner=author, by=author)
    assert newer is not None
    assert (newer.number, newer.source) == (2, better)


def test_importing_into_a_lesson_of_somebody_else_is_refused(draft: Revision) -> None:
    stranger = factories.person()
    with pytest.raises(NotValid):
        actions.import_file(draft.source, owner=stranger, by=stranger)


@pytest.mark.parametrize("text", ["", "no lesson", "---\ntitle: x\n---\n"])
def test_what_is_no_lesson_is_refused(author: Person, text: str) -> None:
    with pytest.raises(NotReady):
        actions.import_file(text, owner=author, by=author)


# authors, pictures, similar lessons


def test_authors_share_and_are_fixed_by_publication(draft: Revision, author: Person, curator: Person) -> None:
    lesson = lesson_of(draft)
    colleague = factories.person()
    contributing.add_author(lesson, colleague, by=author)
    contributing.add_author(lesson, colleague, by=author)
    assert [(a.person_id, a.share) for a in lesson_of(draft).authors] == [(author.id, 0.5), (colleague.id, 0.5)]
    contributing.set_authors(lesson, [(author, 0.7), (colleague, 0.3)], by=author)
    with pytest.raises(NotAllowed):
        contributing.set_authors(lesson, [(author, 1.0)], by=colleague)
    for people in ([(colleague, 1.0)], [(author, 0.7), (colleague, 0.7)], [(author, 0.5), (author, 0.5)], []):
        with pytest.raises(NotValid):
            contributing.set_authors(lesson, people, by=author)
    published(draft, author, curator)
    assert facts("LessonPublished")[0]["shares"] == [[author.id, 0.7], [colleague.id, 0.3]]
    with pytest.raises(Conflict):
        contributing.add_author(lesson, factories.person(), by=author)


def test_a_curator_who_writes_along_is_an_author_not_a_curator(
    draft: Revision, author: Person, curator: Person
) -> None:
    assert access.curates(lesson_of(draft), curator)
    contributing.add_author(lesson_of(draft), curator, by=author)
    assert not access.curates(lesson_of(draft), curator)


def test_a_taken_over_picture_stays_when_the_other_lesson_goes(
    draft: Revision, author: Person, curator: Person, topic: Topic
) -> None:
    lesson = lesson_of(draft)
    contributing.add_picture(lesson, Image("a" * 64, b"x", 1, 1), by=author)
    contributing.add_picture(lesson, Image("a" * 64, b"x", 1, 1), by=author)
    line = f"![A field](/media/{'a' * 64})"
    text = draft.source.replace("Then show each step.", line)
    published(actions.save_draft(draft, text, base_version=draft.version, by=author), author, curator)
    other_text = factories.lesson_text(topic).replace("Then show each step.", line)
    other, revision = actions.import_file(other_text, owner=author, by=author)
    assert revision is not None
    published(revision, author, curator)
    assert set(db.session.scalars(select(Picture.lesson_id))) == {lesson.id, other.id}
    with pytest.raises(NotFound):
        access.picture_to_see("b" * 64, by=author)


def test_pictures_are_limited(draft: Revision, author: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "POLICY", rules.Policy(pictures_maximum=1))
    contributing.add_picture(lesson_of(draft), Image("a" * 64, b"x", 1, 1), by=author)
    with pytest.raises(TooMany):
        contributing.add_picture(lesson_of(draft), Image("b" * 64, b"x", 1, 1), by=author)


def test_similar_lessons_are_found_by_their_text(
    draft: Revision, author: Person, curator: Person, topic: Topic
) -> None:
    lesson = published(draft, author, curator)
    copy = fileformat.parse(draft.source)
    found = alike.similar_published(copy, lesson_id=0)
    assert [each.lesson_id for each in found] == [lesson.id]
    assert found[0].score > 0.9
    assert alike.similar_published(copy, lesson_id=lesson.id) == []


def test_lists_take_one_statement_however_long(
    author: Person, curator: Person, topic: Topic, statements: list[str]
) -> None:
    for _ in range(5):
        _, revision = actions.import_file(factories.lesson_text(topic), owner=author, by=author)
        assert revision is not None
        published(revision, author, curator)
    db.session.expunge_all()
    statements.clear()
    page = queries.catalogue(queries.Wanted(topic_id=topic.id, kind="how-to", minutes=5), size=2)
    assert [lesson.owner.name + lesson.topic.name for lesson in page.rows]
    assert len(statements) == 1
    seen = [lesson.id for lesson in page.rows]
    while page.after:
        page = queries.catalogue(queries.Wanted(), int(page.after), 2)
        seen += [lesson.id for lesson in page.rows]
    assert len(seen) == len(set(seen)) == 5
    assert queries.published_by_id(seen).keys() == set(seen)
    assert quiz_queries.load_quizzes([]) == {}


def test_storing_the_same_quiz_again_adds_no_questions(draft: Revision, author: Person) -> None:
    questions = fileformat.parse(draft.source).questions
    first = quizzes.store_quiz(questions)
    second = quizzes.store_quiz(questions)
    assert first != second
    assert [r.version_id for r in quiz_queries.load_quiz(first)] == [
        r.version_id for r in quiz_queries.load_quiz(second)
    ]
    assert quiz_queries.meanings_of(first) == quiz_queries.meanings_of(second)
    assert quiz_queries.load_versions([r.version_id for r in quiz_queries.load_quiz(first)])
    assert quizzes.store_quiz([]) > second
