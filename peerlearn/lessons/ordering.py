"""What a lesson counts in lists where nobody looks for words: how good it is, and whether somebody looked after it.

It is `quality.in_search` for a relevance of 1. It fades day by day once a check is late, so it is kept with the lesson:
written when somebody checks it, and every night together with its quality. A list reads an index, whatever its length.
"""

from __future__ import annotations

from math import log2
from typing import Any

from sqlalchemy import Date, bindparam, case, literal

from peerlearn.core.db import dates_between, exp2, least
from peerlearn.lessons import freshness
from peerlearn.lessons.models import Lesson

TODAY: Any = bindparam("today", type_=Date)


def worth(quality: Any) -> Any:
    """What a lesson of this quality counts today, as the database works it out; `today` fills it in."""
    policy = freshness.POLICY
    late = least(dates_between(Lesson.check_on, TODAY) / literal(policy.half_life), literal(log2(1 / policy.least)))
    weight = case((Lesson.check_on < TODAY, exp2(-late)), else_=1.0)
    return while_checked(quality) * weight


def while_checked(quality: Any) -> Any:
    """What it counts as long as no check is late."""
    return 0.5 + quality / 200.0
