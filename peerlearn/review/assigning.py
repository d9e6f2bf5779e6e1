"""Curators are asked to look at what waits: a wish that may be declined. What nobody was asked for can be taken by all.

It runs after responses and from a timer; both may happen twice and at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, case, exists, func, or_, select, update
from sqlalchemy.orm import aliased

from peerlearn.accounts.models import Grant, Person
from peerlearn.core import clock
from peerlearn.core.db import UTCDateTime, ask, db, start_writing
from peerlearn.core.upsert import insert_into
from peerlearn.review import asking, conflicts, matching, owning, precedence
from peerlearn.review.models import Assignment, Review

NOW: Any = bindparam("now", type_=UTCDateTime)
AT_ONCE = 200  # submissions that are shared out together


def suggest(zone_name: str) -> bool:
    """Ask curators to look at what waits without anybody; whether more is left. Nothing is written for nothing."""
    if not _pairs(clock.now(), zone_name):
        return False
    start_writing()
    now = clock.now()
    let_lapse(now)
    until = matching.waits_until(now, clock.zone(zone_name))
    pairs = _pairs(now, zone_name)
    return ask_people(pairs, "curator", {review_id: until for review_id, _person in pairs}) == AT_ONCE


def _pairs(now: datetime, zone_name: str) -> list[tuple[int, int]]:
    candidates = _candidates(now, zone_name)
    return matching.share_out(candidates, used(now, {one.person_id for one in candidates}, "curator"))


def ask_people(
    pairs: Sequence[tuple[int, int]], part: str, until: Mapping[int, datetime], *, as_shadows: bool = False
) -> int:
    """Keep who is asked (review, person) and until when; whoever was asked before is not asked again."""
    if not pairs:
        return 0
    now = clock.now()
    rows = [
        {"review_id": review_id, "person_id": person_id, "part": part, "state": "open", "asked_at": now}
        | {"until": until[review_id], "text": "", "bias": 0.0, "variance": 0.0, "is_shadow": as_shadows}
        for review_id, person_id in pairs
    ]
    done = db.session.execute(insert_into(Assignment).on_conflict_do_nothing().returning(Assignment.id), rows)
    return len(done.all())


def used(now: datetime, people: Collection[int], part: str) -> Counter[int]:
    """How many reviews each of these people has, or had within a week: asked for, taken or decided. No is free."""
    since = now - matching.POLICY.week
    asked = select(Assignment.person_id, Assignment.review_id).where(
        Assignment.person_id.in_(people),
        Assignment.part == part,
        Assignment.state.in_(("open", "done")),
        Assignment.asked_at >= since,
    )
    if part == "curator":
        taken = select(Review.claimed_by_id, Review.id).where(
            Review.claimed_by_id.in_(people), Review.claimed_at >= since
        )
        both = asked.union(taken).subquery()
    else:
        both = asked.subquery()
    counted = select(both.c[0], func.count()).group_by(both.c[0])
    rows = db.session.execute(counted).all()
    return Counter({row[0]: row[1] for row in rows})


def settle(review_id: int, by_id: int | None) -> None:
    """Somebody took a review: the curator who was asked has done so, or need not any more."""
    asked = (Assignment.review_id == review_id, Assignment.part == "curator", Assignment.state == "open")
    state = case((Assignment.person_id == by_id, "done"), else_="lapsed")
    db.session.execute(update(Assignment).where(*asked).values(state=state))


def refuse(review_id: int, person_id: int, part: str = "curator") -> None:
    """Somebody who was asked said no; it costs nothing, and they are not asked about it again."""
    asked = (Assignment.review_id == review_id, Assignment.person_id == person_id, Assignment.part == part)
    db.session.execute(update(Assignment).where(*asked, Assignment.state == "open").values(state="declined"))


def _waiting() -> Select[Any]:
    """What waits and is neither held nor suggested to anybody."""
    asked = exists().where(
        Assignment.review_id == Review.id,
        Assignment.part == "curator",
        Assignment.state == "open",
        Assignment.until > NOW,
    )
    return select(Review.id).where(
        Review.state == "open",
        Review.handed_up_at.is_(None),
        or_(Review.claimed_until.is_(None), Review.claimed_until <= NOW),
        or_(Review.first_right_until.is_(None), Review.first_right_until <= NOW),
        ~asked,
    )


def _candidates(now: datetime, zone_name: str) -> list[matching.Candidate]:
    """Who could be asked about what waits, in one statement."""
    values = {"now": now, "today": clock.day_of(now, zone_name)} | conflicts.bound(now)
    return [matching.Candidate(row[0], row[1], row[2], bool(row[3])) for row in ask(_asked(), values)]


@cache
def _asked() -> Any:
    first = _waiting().order_by(Review.due_at, Review.id).limit(AT_ONCE).subquery()
    curator, grant = aliased(Person), aliased(Grant)
    return (
        select(
            Review.id,
            curator.id,
            asking.covered(curator.id, Review.topic_id),
            precedence.is_colleague(curator.id, Review),
        )
        .join(first, first.c.id == Review.id)
        .join(grant, conflicts.curates(grant, Review.topic_id, Review.lesson_id))
        .join(curator, curator.id == grant.person_id)
        .where(
            curator.is_active,
            asking.unasked(curator.id, Review.id, "curator"),
            asking.is_here_on(curator.id, owning.TODAY),
            ~conflicts.hand(curator.id, Review.lesson_id),
            conflicts.closeness(curator.id, Review, conflicts.BOUND).is_(None),
            ~precedence.gives_way(curator.id, Review),
            or_(~owning.waits_for_team(Review), precedence.is_from_team(curator.id, Review)),
        )
        .order_by(Review.due_at, Review.id, curator.id)
    )


def let_lapse(now: datetime) -> None:
    """Whoever did not answer in time makes room for another; anybody can still take it."""
    db.session.execute(
        update(Assignment).where(Assignment.state == "open", Assignment.until <= now).values(state="lapsed")
    )
