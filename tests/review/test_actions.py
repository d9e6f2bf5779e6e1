"""What curators and authors do, on a real database."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.core.errors import Conflict, NotAllowed, NotFound, NotValid
from peerlearn.core.facts import Fact
from peerlearn.lessons import actions as lessons
from peerlearn.lessons import contributing
from peerlearn.lessons import queries as lesson_queries
from peerlearn.lessons.models import Lesson, LessonTopic, Revision, Topic
from peerlearn.review import access, actions, queries, rules, threads
from peerlearn.review.actions import Judgement, Words, Written
from peerlearn.review.models import Remark, Review, ReviewAct
from peerlearn.review.rules import Place
from tests import factories
from tests.factories import JUDGEMENT

THURSDAY = datetime(2026, 1, 8, 9, 0, tzinfo=UTC)
pytestmark = pytest.mark.usefixtures("db")


class Desk:
    """A lesson that waits, its author, and two curators of its topic."""

    def __init__(self) -> None:
        self.topic: Topic = factories.topic()
        self.author = factories.person("Ada Author")
        self.tom, self.uma = (self.curator(name) for name in ("Tom Curator", "Uma Curator"))
        with clock.at(THURSDAY):
            self.lesson, self.review = factories.reviewed_lesson(self.author, self.topic)

    def curator(self, name: str, topic_id: int | None = None) -> Person:
        return factories.person(name, roles=(("curator", self.topic.id if topic_id is None else topic_id),))

    def fresh(self, review: Review | None = None) -> Review:
        """The review as an action gets it."""
        db.session.commit()
        wanted = (review or self.review).id
        db.session.expire_all()
        return (
            db.session.scalars(select(Review).where(Review.id == wanted).options(*queries.for_actions())).unique().one()
        )

    @property
    def revision(self) -> Revision:
        return db.session.scalars(select(Revision).where(Revision.id == self.fresh().revision_id)).one()

    def me(self, person: Person) -> Person:
        return factories.reloaded(person)

    def suggest(self, line: int, new: str, by: Person | None = None) -> Remark:
        words = Words("suggestion", Place(line, line), Written("", ""), new)
        return actions.remark(self.fresh(), words, by=self.me(by or self.tom))

    def block(self, by: Person | None = None) -> Remark:
        words = Words("blocking", Place(), actions.written("This has to change, please."))
        return actions.remark(self.fresh(), words, by=self.me(by or self.tom))

    def send_back(self, by: Person | None = None) -> None:
        self.block(by)
        actions.request_changes(self.fresh(), Judgement({}, {}), by=self.me(by or self.tom))

    def resubmit(self, by: Person | None = None) -> Review:
        """The author changes a word and hands it in again (or somebody else does); the new review."""
        author, revision = self.me(self.author), self.revision
        lessons.save_draft(
            revision, revision.source.replace("Then show", "Next show"), base_version=revision.version, by=author
        )
        lessons.submit(revision, by=self.me(by or self.author))
        db.session.commit()
        found = queries.latest_review(revision.id)
        assert found is not None
        return found


@pytest.fixture
def desk(db: Any) -> Desk:
    return Desk()


def facts(kind: str) -> list[dict[str, Any]]:
    return list(db.session.scalars(select(Fact.data).where(Fact.type == kind).order_by(Fact.id)))


def acts(review: Review) -> list[str]:
    return list(
        db.session.scalars(select(ReviewAct.act).where(ReviewAct.review_id == review.id).order_by(ReviewAct.id))
    )


# coming in


def test_a_submission_waits_with_a_promise_of_two_working_days(desk: Desk) -> None:
    review = desk.review
    assert (review.state, review.round, review.submitted_by_id) == ("open", 1, desk.author.id)
    assert review.topic_id == desk.topic.id
    assert review.due_at == datetime(2026, 1, 12, 9, 0, tzinfo=UTC)
    assert acts(review) == ["submitted"]


def test_a_near_copy_is_seen_with_its_share(desk: Desk) -> None:
    with clock.at(THURSDAY):
        actions.approve(desk.fresh(), JUDGEMENT, by=desk.me(desk.tom))
        db.session.commit()
        copy = re.sub(r"^id: .*\n|(?<= )\^\w{5,12}$", "", desk.revision.source, flags=re.MULTILINE)
        copy = re.sub(r"^title: .*$", "title: Quite another title", copy, flags=re.MULTILINE)
        _lesson, draft = lessons.import_file(copy, owner=desk.me(desk.author), by=desk.me(desk.author))
        assert draft is not None
        lessons.submit(draft, by=desk.me(desk.author))
    again = queries.latest_review(draft.id)
    assert again is not None
    assert again.similar_id == desk.lesson.id
    assert again.similarity > 0.9


def test_withdrawing_closes_the_review_and_a_new_round_begins(desk: Desk) -> None:
    lessons.withdraw(desk.revision, by=desk.me(desk.author))
    assert desk.fresh().state == "withdrawn"
    assert acts(desk.review) == ["submitted", "withdrawn"]
    again = desk.resubmit()
    assert (again.round, again.state, again.first_right_id) == (2, "open", None)


# claims


def test_a_claim_reserves_for_two_working_days_and_then_ends_by_itself(desk: Desk) -> None:
    with clock.at(THURSDAY):
        actions.claim(desk.fresh(), by=desk.me(desk.tom))
    assert desk.fresh().claimed_until == datetime(2026, 1, 12, 9, 0, tzinfo=UTC)
    with clock.at(THURSDAY + timedelta(days=1)), pytest.raises(Conflict, match="Tom Curator"):
        actions.claim(desk.fresh(), by=desk.me(desk.uma))
    with clock.at(THURSDAY + timedelta(days=5)):
        actions.claim(desk.fresh(), by=desk.me(desk.uma))
        assert desk.fresh().claimed_by_id == desk.uma.id
        with pytest.raises(Conflict, match="Uma Curator"):
            actions.approve(desk.fresh(), JUDGEMENT, by=desk.me(desk.tom))


def test_claiming_twice_is_claiming_once(desk: Desk) -> None:
    for _ in range(2):
        actions.claim(desk.fresh(), by=desk.me(desk.tom))
    assert acts(desk.review) == ["submitted", "claimed"]
    assert len(facts("ReviewClaimed")) == 1


def test_giving_back_and_declining_free_it(desk: Desk) -> None:
    actions.claim(desk.fresh(), by=desk.me(desk.tom))
    actions.release(desk.fresh(), by=desk.me(desk.tom))
    actions.release(desk.fresh(), by=desk.me(desk.tom))
    assert desk.fresh().claimed_by_id is None
    actions.claim(desk.fresh(), by=desk.me(desk.uma))
    actions.decline(desk.fresh(), "busy", by=desk.me(desk.uma))
    assert desk.fresh().claimed_by_id is None
    assert acts(desk.review) == ["submitted", "claimed", "released", "claimed", "declined"]
    with pytest.raises(NotValid):
        actions.decline(desk.fresh(), "no such reason", by=desk.me(desk.uma))


def test_giving_back_does_not_take_it_from_others(desk: Desk) -> None:
    actions.claim(desk.fresh(), by=desk.me(desk.tom))
    actions.release(desk.fresh(), by=desk.me(desk.uma))
    assert desk.fresh().claimed_by_id == desk.tom.id


# deciding


def test_approving_publishes_and_says_all_that_points_need(desk: Desk) -> None:
    with clock.at(THURSDAY + timedelta(days=1)):
        words = Words("note", Place(), actions.written("x" * 80))
        actions.remark(desk.fresh(), words, by=desk.me(desk.tom))
        actions.approve(desk.fresh(), JUDGEMENT, by=desk.me(desk.tom))
    review, lesson = desk.fresh(), db.session.get_one(Lesson, desk.lesson.id)
    assert (review.state, review.decided_by_id, lesson.state) == ("approved", desk.tom.id, "published")
    assert review.rubric == JUDGEMENT.rubric
    approved = facts("LessonApproved")[0]
    assert (approved["is_first"], approved["major"], approved["revision_id"]) == (True, 1, review.revision_id)
    assert approved["newcomer_ids"] == [desk.author.id]
    assert approved["shares"] == [[desk.author.id, 1.0]]
    assert approved["topic_ids"] == [desk.topic.id]
    assert (approved["words"], approved["questions"]) == (desk.revision.words, 3)
    done = facts("ReviewDone")[0]
    assert (done["outcome"], done["has_rubric"], done["has_comment"], done["in_time"]) == ("approved", True, True, True)


def test_a_late_review_without_words_is_known_as_such(desk: Desk) -> None:
    with clock.at(THURSDAY + timedelta(days=10)):
        actions.approve(desk.fresh(), JUDGEMENT, by=desk.me(desk.tom))
    done = facts("ReviewDone")[0]
    assert (done["has_comment"], done["in_time"]) == (False, False)


def test_a_newcomer_is_new_once(desk: Desk) -> None:
    actions.approve(desk.fresh(), JUDGEMENT, by=desk.me(desk.tom))
    db.session.commit()
    _lesson, second = factories.reviewed_lesson(desk.author, desk.topic)
    actions.approve(desk.fresh(second), JUDGEMENT, by=desk.me(desk.tom))
    assert [fact["newcomer_ids"] for fact in facts("LessonApproved")] == [[desk.author.id], []]


@pytest.mark.parametrize(
    "judgement",
    [
        Judgement({}, {}),
        Judgement(JUDGEMENT.rubric, {}),
        Judgement({}, JUDGEMENT.checklist),
        Judgement(JUDGEMENT.rubric | {"clear": 9.0}, JUDGEMENT.checklist),
        Judgement(JUDGEMENT.rubric, JUDGEMENT.checklist | {"safe": "no"}),
        Judgement(JUDGEMENT.rubric, JUDGEMENT.checklist, "x" * 2001),
    ],
)
def test_approving_needs_the_whole_rubric_and_checklist(desk: Desk, judgement: Judgement) -> None:
    with pytest.raises(NotValid):
        actions.approve(desk.fresh(), judgement, by=desk.me(desk.tom))
    assert desk.fresh().state == "open"
    assert desk.fresh().claimed_by_id is None


def test_asking_for_changes_needs_a_blocking_remark(desk: Desk) -> None:
    with pytest.raises(NotValid):
        actions.request_changes(desk.fresh(), Judgement({}, {}), by=desk.me(desk.tom))
    db.session.rollback()
    actions.remark(desk.fresh(), Words("note", Place(), actions.written("A thought.")), by=desk.me(desk.tom))
    with pytest.raises(NotValid):
        actions.request_changes(desk.fresh(), Judgement({}, {}), by=desk.me(desk.tom))
    db.session.rollback()
    desk.send_back()
    assert desk.fresh().state == "changes_requested"
    assert desk.revision.state == "changes_requested"
    assert facts("ChangesRequested")[0]["author_ids"] == [desk.author.id]
    assert facts("ReviewDone")[0]["has_rubric"] is False


def test_refusing_needs_a_reason_and_words(desk: Desk) -> None:
    for reason, words in (("", "x" * 30), ("wrong", "too short"), ("nonsense", "x" * 30)):
        with pytest.raises(NotValid):
            actions.reject(desk.fresh(), reason, Judgement({}, {}, words), by=desk.me(desk.tom))
    actions.reject(
        desk.fresh(), "duplicate", Judgement({}, {}, "We have “Write a bug report” already."), by=desk.me(desk.tom)
    )
    review = desk.fresh()
    assert (review.state, review.reason, desk.revision.state) == ("rejected", "duplicate", "rejected")
    assert facts("LessonRejected")[0]["lesson_id"] == desk.lesson.id


@pytest.mark.security
@pytest.mark.parametrize("second", ["approve", "request_changes", "reject", "claim", "remark"])
def test_who_decides_second_is_told_who_decided_what(desk: Desk, second: str) -> None:
    actions.approve(desk.fresh(), JUDGEMENT, by=desk.me(desk.tom))
    uma = desk.me(desk.uma)
    deeds: dict[str, Callable[[Review], Any]] = {
        "approve": lambda review: actions.approve(review, JUDGEMENT, by=uma),
        "request_changes": lambda review: actions.request_changes(review, JUDGEMENT, by=uma),
        "reject": lambda review: actions.reject(review, "wrong", JUDGEMENT, by=uma),
        "claim": lambda review: actions.claim(review, by=uma),
        "remark": lambda review: actions.remark(review, Words("note", Place(), Written("x", "x")), by=uma),
    }
    with pytest.raises(Conflict, match="Tom Curator approved"):
        deeds[second](desk.fresh())
    assert len(facts("ReviewDone")) == 1
    assert len(facts("LessonApproved")) == 1


def test_a_form_older_than_the_review_is_refused(desk: Desk) -> None:
    version = desk.fresh().version
    actions.claim(desk.fresh(), by=desk.me(desk.tom))
    actions.release(desk.fresh(), by=desk.me(desk.tom))
    with pytest.raises(Conflict):
        actions.approve(desk.fresh(), JUDGEMENT, by=desk.me(desk.uma), version=version)
    actions.approve(desk.fresh(), JUDGEMENT, by=desk.me(desk.uma), version=desk.fresh().version)


def test_ones_own_claim_in_another_tab_does_not_make_the_form_old(desk: Desk) -> None:
    version = desk.fresh().version
    actions.claim(desk.fresh(), by=desk.me(desk.tom))
    actions.approve(desk.fresh(), JUDGEMENT, by=desk.me(desk.tom), version=version)


# never one's own


WAYS = (
    "owner",
    "curator of all",
    "co-author",
    "was co-author",
    "added after claiming",
    "submitted it",
    "wrote a revision",
)


@pytest.fixture(params=WAYS)
def conflicted(request: pytest.FixtureRequest, desk: Desk) -> tuple[Desk, Person]:
    """A curator of the topic who had a hand in the lesson, in each of the ways there are."""
    curator = desk.curator("Cora Curator", 0 if request.param == "curator of all" else None)
    if request.param in ("owner", "curator of all"):
        desk.lesson, desk.review = factories.reviewed_lesson(desk.me(curator), desk.topic)
    elif request.param in ("co-author", "was co-author"):
        lessons.withdraw(desk.revision, by=desk.me(desk.author))
        add_author(desk, curator)
        if request.param == "was co-author":
            remove_author(desk, curator)
        desk.review = desk.resubmit()
    elif request.param == "added after claiming":
        actions.claim(desk.fresh(), by=desk.me(curator))
        factories.write_along(desk.fresh().lesson, curator)
    elif request.param == "submitted it":
        lessons.withdraw(desk.revision, by=desk.me(desk.author))
        desk.review = desk.resubmit(by=curator)
    else:
        db.session.execute(update(Revision).where(Revision.id == desk.review.revision_id).values(writer_id=curator.id))
    return desk, curator


def add_author(desk: Desk, person: Person) -> None:
    lesson = lesson_queries.lesson_by_id(desk.lesson.id)
    assert lesson is not None
    contributing.add_author(lesson, desk.me(person), by=desk.me(desk.author))
    db.session.commit()


def remove_author(desk: Desk, person: Person) -> None:
    lesson = lesson_queries.lesson_by_id(desk.lesson.id)
    assert lesson is not None
    contributing.remove_author(lesson, person.id, by=desk.me(desk.author))
    db.session.commit()


ENOUGH = Judgement({}, {}, "A reason that is long enough.")
WORD = Words("note", Place(), Written("x", "<p>x</p>"))
DEEDS: dict[str, Callable[[Review, Person], Any]] = {
    "claim": lambda review, me: actions.claim(review, by=me),
    "release": lambda review, me: actions.release(review, by=me),
    "decline": lambda review, me: actions.decline(review, "busy", by=me),
    "remark": lambda review, me: actions.remark(review, WORD, by=me),
    "approve": lambda review, me: actions.approve(review, JUDGEMENT, by=me),
    "request_changes": lambda review, me: actions.request_changes(review, JUDGEMENT, by=me),
    "reject": lambda review, me: actions.reject(review, "wrong", ENOUGH, by=me),
}


@pytest.mark.security
@pytest.mark.parametrize("deed", DEEDS)
def test_nobody_decides_on_their_own_lesson_on_any_path(conflicted: tuple[Desk, Person], deed: str) -> None:
    desk, curator = conflicted
    with pytest.raises(NotAllowed, match="somebody else decides"):
        DEEDS[deed](desk.fresh(), desk.me(curator))
    assert desk.fresh().state == "open"


@pytest.mark.security
@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize("who", ["employee", "curator of another topic", "admin"])
def test_a_review_of_a_foreign_topic_does_not_exist(desk: Desk, deed: str, who: str) -> None:
    roles = {"employee": (), "curator of another topic": (("curator", factories.topic().id),), "admin": (("admin", 0),)}
    stranger = factories.person(roles=roles[who])
    with pytest.raises(NotFound):
        DEEDS[deed](desk.fresh(), desk.me(stranger))


def test_a_curator_of_any_of_its_topics_may_decide(desk: Desk) -> None:
    other = factories.topic()
    db.session.add(LessonTopic(lesson_id=desk.lesson.id, topic_id=other.id, position=1))
    actions.claim(desk.fresh(), by=desk.me(desk.curator("Olga Other", other.id)))


# remarks


def test_the_same_remark_sent_twice_is_made_once(desk: Desk) -> None:
    first, second = desk.block(), desk.block()
    assert first.id == second.id
    assert acts(desk.review) == ["submitted", "claimed", "remarked"]


def test_a_remark_keeps_the_lines_as_they_were(desk: Desk) -> None:
    words = Words("note", Place(2, 3), actions.written("Two **lines**"))
    made = actions.remark(desk.fresh(), words, by=desk.me(desk.tom))
    assert made.quoted == "\n".join(desk.revision.source.split("\n")[1:3])
    assert "<strong>lines</strong>" in made.html


def test_only_ones_own_remark_can_be_taken_back(desk: Desk) -> None:
    made = desk.block()
    actions.release(desk.fresh(), by=desk.me(desk.tom))
    with pytest.raises(NotFound):
        actions.remove_remark(made, desk.fresh(), by=desk.me(desk.uma))
    actions.remove_remark(db.session.get_one(Remark, made.id), desk.fresh(), by=desk.me(desk.tom))
    assert queries.remarks_of(desk.review.id) == []
    assert acts(desk.review)[-1] == "unremarked"


@pytest.mark.security
def test_hostile_words_become_harmless(desk: Desk) -> None:
    made = actions.written('<script>alert(1)</script> [x](javascript:alert(1)) <img src=x onerror="a">\u202e')
    assert "<script" not in made.html
    assert "javascript:" not in made.html
    assert "<img" not in made.html
    for hostile in ("\x00", "x" * 2001, "[" * 1500):
        with pytest.raises(NotValid):
            actions.written(hostile)


# authors


def line_of(source: str, words: str) -> int:
    return next(n for n, line in enumerate(source.split("\n"), start=1) if words in line)


def answer_door(remark: Remark) -> tuple[Remark, Review]:
    db.session.commit()
    db.session.expire_all()
    found = queries.remark_with_review(remark.id)
    assert found is not None
    return found


def test_a_suggestion_is_taken_over_with_one_click_and_credited(desk: Desk) -> None:
    line = line_of(desk.revision.source, "summary:")
    remark = desk.suggest(line, "summary: A shorter summary that says it all in one go.")
    desk.send_back()
    actions.accept_suggestion(*answer_door(remark), by=desk.me(desk.author))
    assert "A shorter summary that says it all" in desk.revision.source
    assert db.session.get_one(Remark, remark.id).state == "accepted"
    act = queries.acts_of_lesson(desk.lesson.id)[0]
    assert (act.act, act.actor_id) == ("accepted", desk.author.id)
    assert act.remark is not None
    assert act.remark.author.name == "Tom Curator"
    with pytest.raises(Conflict):
        actions.accept_suggestion(*answer_door(remark), by=desk.me(desk.author))


def test_two_suggestions_fit_although_the_first_moved_the_lines(desk: Desk) -> None:
    source = desk.revision.source
    first = desk.suggest(line_of(source, "summary:"), "summary: A shorter summary that says it all.\nlanguage: en")
    second = desk.suggest(line_of(source, "Forgetting the last step."), "    Leaving out the last step.")
    desk.send_back()
    for remark in (first, second):
        actions.accept_suggestion(*answer_door(remark), by=desk.me(desk.author))
    assert "language: en" in desk.revision.source
    assert "Leaving out the last step." in desk.revision.source


def test_a_suggestion_for_lines_that_changed_says_so(desk: Desk) -> None:
    line = line_of(desk.revision.source, "summary:")
    remark = desk.suggest(line, "summary: A shorter summary that says it all.")
    desk.send_back()
    revision = desk.revision
    other = revision.source.replace("summary: A lesson", "summary: Another lesson")
    lessons.save_draft(revision, other, base_version=revision.version, by=desk.me(desk.author))
    with pytest.raises(Conflict, match="changed since"):
        actions.accept_suggestion(*answer_door(remark), by=desk.me(desk.author))
    assert desk.revision.source == other


def test_a_suggestion_cannot_change_what_is_in_review_or_published(desk: Desk) -> None:
    remark = desk.suggest(2, "id: something-else")
    desk.send_back()
    again = desk.resubmit()
    with pytest.raises(Conflict):
        actions.accept_suggestion(*answer_door(remark), by=desk.me(desk.author))
    actions.approve(desk.fresh(again), JUDGEMENT, by=desk.me(desk.tom))
    with pytest.raises(Conflict):
        actions.accept_suggestion(*answer_door(remark), by=desk.me(desk.author))


@pytest.mark.security
def test_only_authors_answer_and_only_after_the_decision(desk: Desk) -> None:
    remark = desk.block()
    with pytest.raises(NotFound):
        actions.answer_remark(*answer_door(remark), "Done", by=desk.me(desk.author))
    desk.send_back()
    for stranger in (desk.tom, desk.uma, factories.person()):
        with pytest.raises(NotFound):
            actions.answer_remark(*answer_door(remark), "Done", by=desk.me(stranger))
    actions.answer_remark(*answer_door(remark), "You are right.", by=desk.me(desk.author), done=True)
    found = db.session.get_one(Remark, remark.id)
    assert found.state == "done"
    assert said(found) == [(desk.author.id, "You are right.")]
    assert acts(desk.review)[-2:] == ["answered", "done"]
    for bad in ("", "x" * 1001):
        with pytest.raises(NotValid):
            actions.answer_remark(*answer_door(remark), bad, by=desk.me(desk.author))


def said(remark: Remark, *, for_authors: bool = False) -> list[tuple[int, str]]:
    db.session.flush()
    db.session.expire_all()
    found = queries.remarks_on(remark.revision_id)
    return [(one.author_id, one.text) for one in threads.replies_to(found, for_authors=for_authors)[remark.id]]


@pytest.mark.security
def test_a_thread_goes_on_in_the_next_round(desk: Desk) -> None:
    remark = desk.block()
    desk.send_back()
    actions.answer_remark(*answer_door(remark), "Which one?", by=desk.me(desk.author))
    again = desk.resubmit()
    for stranger in (desk.author, factories.person(roles=(("curator", factories.topic().id),))):
        with pytest.raises((NotAllowed, NotFound)):
            access.remark_to_go_on(again.id, remark.id, desk.me(stranger))
    for _ in range(2):  # sent twice it is said once
        review, found = access.remark_to_go_on(again.id, remark.id, desk.me(desk.tom))
        actions.reply_to(found, review, "The second one.", by=desk.me(desk.tom))
    assert said(found) == [(desk.author.id, "Which one?"), (desk.tom.id, "The second one.")]
    assert said(found, for_authors=True) == [(desk.author.id, "Which one?")]  # until the review is done
    actions.reply_to(found, review, "", by=desk.me(desk.tom), done=True)
    assert db.session.get_one(Remark, remark.id).state == "done"
    assert acts(again)[-2:] == ["replied", "resolved"]
    actions.approve(desk.fresh(again), JUDGEMENT, by=desk.me(desk.tom))
    assert len(said(found, for_authors=True)) == 2
    with pytest.raises(Conflict):
        actions.reply_to(found, desk.fresh(again), "One more.", by=desk.me(desk.tom))


# the next round


def test_who_asked_for_changes_has_the_first_right_for_a_day(desk: Desk) -> None:
    desk.send_back()
    with clock.at(THURSDAY):
        again = desk.resubmit()
        assert (again.round, again.first_right_id) == (2, desk.tom.id)
        with pytest.raises(Conflict, match="Tom Curator"):
            actions.claim(desk.fresh(again), by=desk.me(desk.uma))
    with clock.at(THURSDAY + timedelta(hours=23)):
        actions.claim(desk.fresh(again), by=desk.me(desk.tom))
        actions.release(desk.fresh(again), by=desk.me(desk.tom))
        actions.claim(desk.fresh(again), by=desk.me(desk.uma))


def test_the_first_right_ends_by_itself(desk: Desk) -> None:
    desk.send_back()
    with clock.at(THURSDAY):
        again = desk.resubmit()
    with clock.at(THURSDAY + timedelta(days=1)):
        actions.approve(desk.fresh(again), JUDGEMENT, by=desk.me(desk.uma))
    assert facts("LessonApproved")[0]["newcomer_ids"] == [desk.author.id]


def test_a_refused_lesson_may_come_back_to_anybody(desk: Desk) -> None:
    actions.reject(desk.fresh(), "other", ENOUGH, by=desk.me(desk.tom))
    again = desk.resubmit()
    assert (again.round, again.first_right_id) == (2, None)
    actions.claim(desk.fresh(again), by=desk.me(desk.uma))


def test_every_act_is_in_the_history_of_the_lesson(desk: Desk) -> None:
    desk.send_back()
    again = desk.resubmit()
    actions.approve(desk.fresh(again), JUDGEMENT, by=desk.me(desk.tom))
    found = [act.act for act in queries.acts_of_lesson(desk.lesson.id)]
    assert found == ["approved", "claimed", "submitted", "changes_requested", "remarked", "claimed", "submitted"]
    assert set(found) <= set(rules.ACTS)
