"""Asking for what came in from devices that had no network."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Integer, bindparam, select
from sqlalchemy.orm import contains_eager

from peerlearn.core.db import db
from peerlearn.learn import withheld
from peerlearn.lessons import visibility
from peerlearn.lessons.models import Lesson
from peerlearn.practice.models import DailySet, SetQuestion
from peerlearn.practice.rules import POLICY
from peerlearn.quizzes.models import ItemVersion

ME: Any = bindparam("me", type_=Integer)
_NEWEST = (
    select(SetQuestion)
    .join(SetQuestion.daily_set)
    .join(SetQuestion.version)
    .join(SetQuestion.lesson)
    .where(
        DailySet.person_id == ME,
        SetQuestion.synced_at >= bindparam("since"),
        ~SetQuestion.is_rapid,
        Lesson.state != "quarantined",
        visibility.is_listed_for(ME),
        SetQuestion.version_id.not_in(withheld.versions(ME)),
    )
    .order_by(SetQuestion.synced_at.desc(), SetQuestion.id.desc())
    .limit(POLICY.shown_offline)
    .options(
        contains_eager(SetQuestion.daily_set),
        contains_eager(SetQuestion.version).load_only(
            ItemVersion.item_id, ItemVersion.kind, ItemVersion.body, ItemVersion.html
        ),
        contains_eager(SetQuestion.lesson).load_only(Lesson.slug, Lesson.title),
    )
)


def newest(person_id: int, now: datetime) -> Sequence[SetQuestion]:
    """A person's answers from without a network that came in lately, the newest first."""
    since = now - timedelta(hours=POLICY.sync_hours)
    return db.session.scalars(_NEWEST, {"me": person_id, "since": since}).all()
