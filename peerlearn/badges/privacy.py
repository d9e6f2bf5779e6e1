"""What badges keep of a person."""

from __future__ import annotations

from peerlearn.badges.models import Award
from peerlearn.core.privacy import keeps

keeps(Award, "person_id")
