"""Which badges there are to look at."""

from __future__ import annotations

from peerlearn.badges import rules
from peerlearn.badges.badge import Badge
from peerlearn.core.errors import NotFound


def badge_to_see(slug: str) -> Badge:
    """The badge with this name."""
    badge = rules.BY_SLUG.get(slug)
    if badge is None:
        raise NotFound()
    return badge
