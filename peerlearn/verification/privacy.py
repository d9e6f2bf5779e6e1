"""What checking lessons keeps of a person."""

from __future__ import annotations

from peerlearn.core.privacy import keeps
from peerlearn.verification.models import SourceChange

keeps(SourceChange, "by_id")
