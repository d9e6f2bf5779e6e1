"""What the inbox keeps of a person."""

from __future__ import annotations

from peerlearn.core.privacy import GOES, keeps
from peerlearn.inbox.models import Notice

keeps(Notice, "person_id", without="source", erased=GOES)
