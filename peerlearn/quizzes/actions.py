"""Storing quizzes: items keep their ids, a wording that is known already is used again."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.core.deeds import deed
from peerlearn.core.errors import Conflict
from peerlearn.quizzes.models import Item, ItemVersion, Quiz, QuizItem
from peerlearn.quizzes.question import Question, digest, meaning
from peerlearn.quizzes.rendered import render_texts

Html = Mapping[str, Any]


@deed
def store_quiz(questions: Sequence[Question], html: Mapping[str, Html] | None = None) -> int:
    """Keep these questions as a quiz and give its id. All have ids, no two the same.

    `html` holds texts rendered before (`render_quiz`), by digest, so that a slow text is not rendered inside a write.
    """
    return store_quizzes([(questions, render_quiz(questions) if html is None else html)])[0]


@deed
def store_quizzes(listed: Sequence[tuple[Sequence[Question], Mapping[str, Html]]]) -> list[int]:
    """Keep several quizzes and give their ids, in as many statements as for one. No id stands in two of them."""
    questions = [question for asked, _html in listed for question in asked]
    rendered = {key: html for _asked, found in listed for key, html in found.items()}
    items = _items([question.uid for question in questions])
    versions = _versions(questions, items, rendered)
    made = insert(Quiz).returning(Quiz.id)
    quiz_ids = list(db.session.scalars(made, [{"created_at": clock.now()} for _each in listed])) if listed else []
    places = [
        {"quiz_id": quiz_id, "position": position, "version_id": versions[items[q.uid], digest(q)]}
        for quiz_id, (asked, _html) in zip(quiz_ids, listed, strict=True)
        for position, q in enumerate(asked, start=1)
    ]
    if places:
        db.session.execute(insert(QuizItem), places)
    return quiz_ids


def render_quiz(questions: Sequence[Question]) -> dict[str, Html]:
    """All texts of these questions as markup, by the digest of each question. Raises TooComplex."""
    return {digest(question): render_texts(question) for question in questions}


@deed
def set_item_state(item_ids: Collection[int], state: str) -> None:
    """Let these items be asked (active), wait for a decision (paused), or be asked no more (retired)."""
    statement = update(Item).where(Item.id.in_(item_ids), Item.state != state).values(state=state)
    db.session.execute(statement, execution_options={"synchronize_session": "fetch"})


def _items(uids: Sequence[str]) -> dict[str, int]:
    """The items of these ids, made where they are new."""
    wanted = select(Item.uid, Item.id).where(Item.uid.in_(uids))
    known = dict(db.session.execute(wanted).all())
    new = [{"uid": uid} for uid in uids if uid not in known]
    if new:
        try:
            rows = db.session.execute(insert(Item).returning(Item.uid, Item.id), new)
        except IntegrityError as error:
            raise Conflict() from error
        known.update(rows.all())
    return known


def _versions(
    questions: Sequence[Question], items: Mapping[str, int], html: Mapping[str, Html]
) -> dict[tuple[int, str], int]:
    """The wordings of these questions, made where they are new."""
    key = (ItemVersion.item_id, ItemVersion.digest, ItemVersion.id)
    rows = db.session.execute(select(*key).where(ItemVersion.item_id.in_(items.values())))
    known = {(item_id, found): version_id for item_id, found, version_id in rows}
    new = [
        {
            "item_id": items[question.uid],
            "digest": digest(question),
            "meaning": meaning(question),
            "kind": question.kind,
            "body": question.to_json(),
            "html": html.get(digest(question)) or render_texts(question),
        }
        for question in questions
        if (items[question.uid], digest(question)) not in known
    ]
    if new:
        made = db.session.execute(insert(ItemVersion).returning(*key), new)
        known.update({(item_id, found): version_id for item_id, found, version_id in made})
    return known
