"""What suggestions keep of a person."""

from __future__ import annotations

from peerlearn.core.privacy import keeps
from peerlearn.suggestions.models import Suggestion

keeps(Suggestion, "suggester_id", without="saves")
keeps(Suggestion, "decided_by_id", only="id lesson_id state reason decided_at")
