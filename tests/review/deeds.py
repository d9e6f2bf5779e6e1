"""Everything that is tried with a lesson's text: each deed through the door by which its page goes, then its action."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import select, update

from peerlearn.accounts.models import Person
from peerlearn.analysis import access as flags
from peerlearn.analysis import regrading
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.core.errors import DomainError, NotFound
from peerlearn.learn import access as learning
from peerlearn.lessons import access as lesson_access
from peerlearn.lessons import actions as lessons
from peerlearn.lessons import citing, fileformat
from peerlearn.lessons.fileformat import LessonFile
from peerlearn.lessons.models import Lesson, Revision
from peerlearn.lessons.preparing import Prepared
from peerlearn.review import (
    access,
    actions,
    advising,
    appealing,
    escalating,
    going_live,
    joining,
    lapsing,
    reporting,
    rules,
    standing,
    tending,
    trusting,
)
from peerlearn.review.actions import Judgement, Words, Written
from peerlearn.review.advising import Given
from peerlearn.review.models import Review
from peerlearn.review.reporting import Problem
from peerlearn.suggestions import access as suggesting
from peerlearn.suggestions import actions as suggestions
from peerlearn.verification import access as checks
from peerlearn.verification import actions as verification
from peerlearn.verification import changing, keys, leaving
from peerlearn.verification import rules as check_rules
from tests import factories
from tests.factories import JUDGEMENT, MONDAY

REASON = "Because the rule that it teaches has changed."
NOW = MONDAY + timedelta(hours=2)
SOURCE = "https://example.org/the-rule"
FOR_ALL_OF_IT = replace(JUDGEMENT, may_be_longer=True, is_its_own=True)


@dataclass
class World:
    """One lesson's text in one place, and everybody who might do something to it."""

    scene: str
    lesson_id: int
    revision_id: int
    now: datetime = NOW
    people: dict[str, int] = field(default_factory=dict)
    holder: str | None = None
    readers: tuple[int, ...] = ()  # two whose word hides it, and who may learn it
    other_id: int = 0  # a published lesson beside it, by somebody else
    remark_id: int = 0  # with words to take over, by whoever holds or held the review
    suggestion_id: int = 0  # of a reader, on the published text
    flag_id: int = 0  # on a question of the published text
    is_for_some: bool = False
    is_blocked: bool = False  # somebody said what has to change
    ready: dict[bool, Prepared | None] = field(default_factory=dict)  # the text with those words, for authors or not
    doors: dict[tuple[str, int], DomainError] = field(default_factory=dict)

    def review_id(self) -> int:
        found = select(Review.id).where(Review.revision_id == self.revision_id).order_by(Review.round.desc())
        return db.session.scalar(found.limit(1)) or 0

    def zone(self) -> str:
        return clock.organisation_zone()

    def door(self, name: str, me: Person, ask: Callable[[], Any]) -> Any:
        """What the door of this name gives to somebody. A refusal is asked for once while nothing is changed."""
        key = (name, me.id)
        if key in self.doors:
            raise self.doors[key]
        try:
            return ask()
        except DomainError as no:
            self.doors[key] = no
            raise


def whole_lesson(world: World) -> Lesson:
    return db.session.get_one(Lesson, world.lesson_id)


def shown_text(world: World) -> Revision:
    """What colleagues read of the lesson now, or last did."""
    found = whole_lesson(world).published_id
    if found is None:
        raise NotFound()
    return db.session.get_one(Revision, found)


def to_decide(world: World, me: Person) -> Review:
    return world.door("decide", me, lambda: access.review_to_decide(world.review_id(), me))


def own_lesson(world: World, me: Person) -> lesson_access.Editing:
    return world.door("edit", me, lambda: lesson_access.lesson_to_edit(world.lesson_id, by=me))


def own_revision(world: World, me: Person) -> Revision:
    found = own_lesson(world, me).revision
    if found is None:
        raise NotFound()
    return found


def advice(world: World, me: Person) -> Any:
    return world.door("advise", me, lambda: access.advice_to_give(world.review_id(), me))


def save(world: World, me: Person) -> None:
    revision = own_revision(world, me)
    changed = revision.source.replace("Go on", "Go further")
    lessons.save_draft(revision, changed, base_version=revision.version, by=me)


def restore(world: World, me: Person) -> None:
    lessons.restore(lesson_access.revision_to_restore(world.lesson_id, world.revision_id, by=me)[1], by=me)


@cache
def _read(source: str) -> LessonFile:
    return fileformat.parse(source)


def bring_file(world: World, me: Person) -> None:
    """A file of the lesson comes in that says something else than what stands there."""
    source = db.session.get_one(Revision, world.revision_id).source.replace("Take care", "Take good care")
    lessons.import_file(source, owner=me, by=me, file=_read(source))


def answer(reply: str, *, done: bool = False) -> Callable[[World, Person], Any]:
    def deed(world: World, me: Person) -> None:
        remark, review = access.remark_to_answer(world.remark_id, me)
        actions.answer_remark(remark, review, reply, by=me, done=done)

    return deed


def reply(words: str, *, done: bool = False) -> Callable[[World, Person], Any]:
    def deed(world: World, me: Person) -> None:
        to_decide(world, me)
        review, remark = access.remark_to_go_on(world.review_id(), world.remark_id, me)
        actions.reply_to(remark, review, words, by=me, done=done)

    return deed


@cache
def note() -> Written:
    return actions.written("A thought besides.")


def remark(world: World, me: Person) -> None:
    actions.remark(to_decide(world, me), Words("note", rules.Place(), note()), by=me)


def stand(act: str) -> Callable[[World, Person], Any]:
    def deed(world: World, me: Person) -> None:
        found = world.door("stand", me, lambda: access.lesson_to_stand(world.lesson_id, me, world.zone()))
        standing.decide(found.lesson, act, REASON, by=me, zone_name=world.zone())

    return deed


def accept_words(world: World, me: Person) -> None:
    """An author or a curator takes over what a reader suggested."""
    found = suggesting.suggestion_to("accept", world.suggestion_id, me)
    is_author = found.visitor.is_author
    if is_author not in world.ready:
        world.ready[is_author] = suggestions.made_ready(found)
    suggestions.accept(found, by=me, prepared=world.ready[is_author])


def correct(world: World, me: Person) -> None:
    """The key of a question was wrong."""
    found = flags.flag_to_correct(world.flag_id, me)
    assert found.report is not None
    question = found.report.question
    another = tuple(replace(option, right=option.uid == "a") for option in question.options)
    regrading.correct(found, replace(question, options=another), by=me)


def verify_many(world: World, me: Person) -> None:
    verification.verify_all({world.lesson_id: whole_lesson(world).version}, by=me)


def verify_by_mail(world: World, me: Person | None) -> None:
    """The link in the mail that the owner was sent, opened by whoever is signed in, or by somebody who is not."""
    shown_text(world)
    found = checks.check_in_mail(keys.key_for(whole_lesson(world)), me)
    if found.state == check_rules.OPEN and found.standing is not None and found.person is not None:
        standing.decide(found.standing.lesson, "verify", "", by=found.person, zone_name=world.zone())


def doubt(world: World, me: Person) -> None:
    """Somebody says that a source of it has changed."""
    checks.source(citing.key_of(SOURCE), me)
    changing.tell(SOURCE, clock.today(world.zone()), "It says something else now.", by=me)


def merge(world: World, me: Person) -> None:
    joining.merge(world.lesson_id, world.other_id, REASON, by=me)


def name_owner(world: World, me: Person) -> None:
    """An administrator names who carries on what somebody left."""
    if not me.may("manage_people"):
        raise NotFound()
    world.door("left behind", me, lambda: checks.lesson_left_behind(world.lesson_id))
    leaving.name_owner(world.lesson_id, factories.reloaded(world.people["employee"]).email, by=me)


DO: dict[str, Callable[[World, Person], Any]] = {
    "save": save,
    "submit": lambda world, me: lessons.submit(own_revision(world, me), by=me),
    "appeal": lambda world, me: appealing.appeal(access.review_to_appeal(world.lesson_id, me), REASON, by=me),
    "withdraw": lambda world, me: lessons.withdraw(own_revision(world, me), by=me),
    "discard": lambda world, me: lessons.discard(own_revision(world, me), by=me),
    "revise": lambda world, me: lessons.revise(own_lesson(world, me).lesson, by=me),
    "restore": restore,
    "bring_file": bring_file,
    "accept": lambda world, me: actions.accept_suggestion(*access.remark_to_answer(world.remark_id, me), by=me),
    "answer": answer("We will."),
    "settle": answer("", done=True),
    "claim": lambda world, me: actions.claim(to_decide(world, me), by=me),
    "remark": remark,
    "unremark": lambda world, me: actions.remove_remark(*access.remark_to_remove(world.remark_id, me), by=me),
    "reply": reply("And so?"),
    "resolve": reply("", done=True),
    "release": lambda world, me: actions.release(to_decide(world, me), by=me),
    "decline": lambda world, me: actions.decline(to_decide(world, me), "busy", by=me),
    "request_changes": lambda world, me: actions.request_changes(to_decide(world, me), Judgement({}, {}), by=me),
    "reject": lambda world, me: actions.reject(to_decide(world, me), "other", Judgement({}, {}, comment=REASON), by=me),
    "approve": lambda world, me: actions.approve(to_decide(world, me), JUDGEMENT, by=me),
    "approve_all_of_it": lambda world, me: actions.approve(to_decide(world, me), FOR_ALL_OF_IT, by=me),
    "schedule": lambda world, me: actions.approve(
        to_decide(world, me), JUDGEMENT, by=me, goes_live_at=world.now + timedelta(days=3)
    ),
    "publish_now": lambda world, me: going_live.publish_now(to_decide(world, me), by=me),
    "accept_words": accept_words,
    "correct": correct,
    "verify_many": verify_many,
    "verify_by_mail": verify_by_mail,
    "doubt": doubt,
    "report": lambda world, me: report(world, "unclear", me),
    "merge": merge,
    "unmerge": lambda world, me: joining.undo(world.lesson_id, by=me),
    "name_owner": name_owner,
    **{act: stand(act) for act in ("verify", "quarantine", "show_again", "archive", "bring_back")},
    # what whoever is asked for advice does
    "advise": lambda world, me: advising.give(advice(world, me), Given(JUDGEMENT.rubric, "publish"), by=me),
    "decline_advice": lambda world, me: advising.decline(advice(world, me), by=me),
    "check_answers": lambda world, me: advising.check_answers(advice(world, me), by=me),
}
AS_IT_STANDS = {
    "approve": ("approve", "approve_first", "approve_second"),
    "approve_all_of_it": ("approve", "approve_first", "approve_second"),
    "schedule": ("schedule", "approve_first", "schedule_second"),
    "accept_words": ("take_in", "take_over", "hand_in_words"),
}
"""One deed that the table has under several names: which of them it is depends on the lesson and on who does it."""


def report(world: World, kind: str, me: Person) -> None:
    """A reader who may learn it says that something is wrong."""
    slug = whole_lesson(world).slug
    reporting.report(learning.lesson_to_read(slug, me)[0], Problem(kind), by=me)


def supersede(world: World) -> None:
    """The owner hands in a new version, and a curator approves it."""
    owner = factories.reloaded(world.people["owner"])
    found = lesson_access.lesson_to_edit(world.lesson_id, by=owner)
    if found.revision is not None or found.lesson.published_id is None:
        raise NotFound()  # a newer version begins from one that is shown
    draft = lessons.revise(found.lesson, by=owner)
    lessons.save_draft(draft, draft.source.replace("Then show", "Later show"), base_version=draft.version, by=owner)
    lessons.submit(draft, by=owner)
    review = db.session.scalars(select(Review).where(Review.revision_id == draft.id)).one()
    inside = world.readers[:1] if world.readers and world.is_for_some else ()  # one of two is from the owner's team
    for person_id in (world.people["curator"], *inside):
        curator = factories.reloaded(person_id)
        actions.approve(access.review_to_decide(review.id, curator), JUDGEMENT, by=curator)


def hide_flagged(world: World) -> None:
    if not world.readers:
        raise NotFound()
    for person_id in world.readers:
        report(world, "unsafe", factories.reloaded(person_id))


def hide_confidential(world: World) -> None:
    if not world.readers:
        raise NotFound()
    report(world, "confidential", factories.reloaded(world.readers[0]))


def publish_edit(world: World) -> None:
    revision = db.session.get_one(Revision, world.revision_id)
    if not trusting.publish_small(revision, whole_lesson(world).topic_id, world.people["owner"]):
        raise NotFound()


def leave(world: World, *names: str) -> None:
    """These people are not here any more, and nobody has looked yet what they left."""
    left = [world.people[name] for name in names]
    db.session.execute(update(Person).where(Person.id.in_(left)).values(is_active=False))


def hand_over(world: World) -> None:
    leave(world, "owner")
    leaving.hand_over([world.people["owner"]])


BY_HOUSE: dict[str, Callable[[World], Any]] = {
    "publish_edit": publish_edit,
    "go_live": lambda world: going_live.go_live_due(),
    "supersede": supersede,
    "hide_flagged": hide_flagged,
    "hide_confidential": hide_confidential,
    "expire": lambda world: verification.tell(),
    "hand_over": hand_over,
}
TENDING: dict[str, Callable[[World], Any]] = {
    "hand_up": lambda world: tending.hand_up_stranded(),
    "ask_peers": lambda world: tending.ask_for_advice(),
    "ask_curators": lambda world: tending.ask_curators(),
    "escalate": lambda world: escalating.escalate(),
    "lapse": lambda world: lapsing.tend(),
}
"""What the house does for those who wait: it asks, tells and opens, and leaves every text where it is."""

OWN_TIME = {"go_live": timedelta(days=4)}
"""When the house does something, where that is not the time of the scene: days after it."""
