"""What review puts into the pages of lessons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from peerlearn.accounts import current
from peerlearn.accounts import rules as accounts
from peerlearn.accounts.models import Person
from peerlearn.core import clock, markdown
from peerlearn.lessons.models import Lesson, Revision
from peerlearn.review import history as events
from peerlearn.review import lapsing, preparing, queries, rules, shadowing, threads, training
from peerlearn.review.standing import TOLD


def remarks(revision: Revision | None = None, **context: Any) -> dict[str, Any] | None:
    """In the editor: what curators said about this revision, with buttons to take over, answer and finish."""
    if revision is None or revision.id is None:
        return None
    rows = threads.remarks_to_answer(revision.id)
    if not rows:
        return None
    newest = rows[0][1]
    said = [remark for remark, _review in rows]
    return {
        "places": threads.anchors_of(said, revision.source).places(said),
        "replies": threads.replies_to(said, for_authors=True),
        "rows": [(remark, review) for remark, review in rows if review.id == newest.id],
        "earlier": [(remark, review) for remark, review in rows if review.id != newest.id],
        "is_editable": revision.state in ("draft", "changes_requested", "rejected"),
        "lesson_id": revision.lesson_id,
        "rules": rules,
        "stored": markdown.stored,
    }


def history(lesson: Lesson, **context: Any) -> dict[str, Any] | None:
    """In a lesson's history: every act of its reviews."""
    acts, standing = queries.acts_of_lesson(lesson.id), events.standing_of(lesson.id)
    if not acts and not standing:
        return None
    return {"acts": acts, "standing": standing, "told": TOLD, "lesson": lesson, "rules": rules}


def report_link(lesson: Lesson, **context: Any) -> dict[str, Any] | None:
    """Under a lesson: where to report a problem; its authors are led to what readers reported."""
    me = current.person_or_none()
    if me is None:
        return None
    is_author = any(author.person_id == me.id for author in lesson.authors)
    topics = {lesson.topic_id, *(topic.topic_id for topic in lesson.topics)}
    is_curator = me.may("curate") and any(me.holds(accounts.CURATOR, topic) for topic in topics)
    return {"lesson": lesson, "is_author": is_author, "is_curator": is_curator, "now": clock.now()}


def about_roles(
    person: Person, scopes: Mapping[str, Sequence[tuple[int, str]]], **context: Any
) -> dict[str, Any] | None:
    """On a person's page for administrators: for what they prepare, and where they were curator until it was quiet."""
    if not current.person().may("manage_roles"):
        return None
    names = {key: words for key, words in scopes[accounts.CURATOR] if key != accounts.EVERYWHERE}
    under_way = preparing.of(person.id)
    held = person.scopes(accounts.CURATOR) | {one.topic_id for one in under_way}
    return {
        "person": person,
        "names": names,
        "preparing": under_way,
        "on_probation": training.on_probation_since(person.id),
        "lapsed": lapsing.lapsed_of(person.id),
        "topics": [(key, words) for key, words in names.items() if key not in held],
        "law": shadowing.POLICY,
    }
