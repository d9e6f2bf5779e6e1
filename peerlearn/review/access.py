"""The doors to reviews, remarks and reports. What is foreign and what is missing answer the same."""

from __future__ import annotations

from peerlearn.accounts.models import Person
from peerlearn.core.errors import Conflict, NotAllowed, NotFound
from peerlearn.lessons.models import Lesson
from peerlearn.review import advising, impartiality, joining, queries, rules, standing
from peerlearn.review.joining import Choice
from peerlearn.review.models import Assignment, Remark, Review
from peerlearn.review.queries import Reported, Seen
from peerlearn.review.standing import Standing


def review_to_read(review_id: int, person: Person, *, whole: bool = False, to_decide: bool = False) -> Seen:
    """A review of one's topics, or of one's own lesson; `whole` only while curators may read its text."""
    seen = queries.review_by_id(review_id, person, whole=whole, to_decide=to_decide)
    if seen is None or not (seen.is_theirs or seen.had_a_hand):
        raise NotFound()
    return seen


def text_to_read(review_id: int, person: Person) -> Seen:
    """A review whose text may be read: it waits for a decision, or was published."""
    seen = review_to_read(review_id, person, whole=True)
    if not rules.shows_text(seen.review.state):
        raise NotFound()
    return seen


def review_to_decide(review_id: int, person: Person) -> Review:
    """A review of one's topics on a lesson in which one had no hand. Whether it is still open, the action says."""
    seen = queries.review_to_change(review_id, person)
    if seen is None or not (seen.is_theirs or seen.had_a_hand):
        raise NotFound()
    if seen.had_a_hand:
        raise NotAllowed(rules.OWN)
    if seen.position.closeness:
        raise NotAllowed(impartiality.SENTENCES[seen.position.closeness])
    return seen.review


def advice_to_give(review_id: int, person: Person) -> Assignment:
    """A lesson about which one was asked for advice and did not say no."""
    found = advising.asked_of(review_id, person.id)
    if found is None or found.state == "declined":
        raise NotFound()
    return found


def review_to_appeal(lesson_id: int, person: Person) -> Review:
    """The rejection that the newest text of one's own lesson met."""
    review = queries.rejection_of(lesson_id)
    if review is None or not any(author.person_id == person.id for author in review.lesson.authors):
        raise NotFound()
    return review


def lesson_to_stand(lesson_id: int, person: Person, zone_name: str) -> Standing:
    """A lesson that was ever published, of one's own or of one's topics, with what one may do to it."""
    found = standing.standing_of(lesson_id, person, zone_name)
    if found is None:
        raise NotFound()
    return found


def lesson_to_merge(lesson_id: int, person: Person) -> Choice:
    """A lesson of one's topics that colleagues can learn, in which one had no hand, to merge into another one."""
    found = joining.choice_of(lesson_id, person)
    if found is None or not (found.met.is_theirs or found.met.had_a_hand):
        raise NotFound()
    joining.check(found.met)
    if found.lesson.state != "published":
        raise Conflict(joining.NOT_SHOWN)
    return found


def remark_to_remove(remark_id: int, person: Person) -> tuple[Remark, Review]:
    """One's own remark."""
    found = queries.remark_with_review(remark_id)
    if found is None or found[0].author_id != person.id:
        raise NotFound()
    return found


def remark_to_go_on(review_id: int, remark_id: int, person: Person) -> tuple[Review, Remark]:
    """A remark of any round on the text that one may decide about."""
    review = review_to_decide(review_id, person)
    found = queries.remark_with_review(remark_id)
    if found is None or found[0].revision_id != review.revision_id:
        raise NotFound()
    return review, found[0]


def remark_to_answer(remark_id: int, person: Person) -> tuple[Remark, Review]:
    """A remark on one's own lesson, once its review has an answer."""
    found = queries.remark_with_review(remark_id)
    if found is None or found[1].state == "open":
        raise NotFound()
    if not any(author.person_id == person.id for author in found[1].lesson.authors):
        raise NotFound()
    return found


def report_to_read(report_id: int, person: Person) -> Reported:
    """A report on a lesson of one's topics."""
    found = queries.report_by_id(report_id, person)
    if found is None or not found.is_theirs:
        raise NotFound()
    return found


def report_to_decide(report_id: int, person: Person) -> Reported:
    """A report on a lesson of one's topics, sent by somebody else about somebody else's lesson."""
    found = report_to_read(report_id, person)
    refused = rules.report_refusal(had_a_hand=found.had_a_hand, is_reporter=found.report.reporter_id == person.id)
    if refused:
        raise NotAllowed(refused)
    return found


def own_lesson(lesson_id: int, person: Person) -> Lesson:
    """A lesson of which one is an author."""
    found = queries.lesson_of_author(lesson_id, person)
    if found is None:
        raise NotFound()
    return found
