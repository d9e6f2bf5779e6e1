"""What boards keep of a person."""

from __future__ import annotations

from peerlearn.core.privacy import keeps
from peerlearn.leaderboard.models import LeagueSeat

keeps(LeagueSeat, "person_id")
