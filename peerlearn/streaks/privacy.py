"""What streaks keep of a person."""

from __future__ import annotations

from peerlearn.core.privacy import keeps
from peerlearn.streaks.models import ActiveDay

keeps(ActiveDay, "person_id", without="saves")
