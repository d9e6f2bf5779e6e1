"""What points keep of a person. No line of the ledger is changed, for anybody: sums stay what they were."""

from __future__ import annotations

from peerlearn.core.privacy import emptied, keeps
from peerlearn.points.models import HeldEntry, LedgerEntry, PointAppeal, PointPolicy, PointSum, PolicyTrial

keeps(LedgerEntry, "person_id")
keeps(LedgerEntry, "by_id", only="id at")  # whose points, and how many, is about that colleague
keeps(HeldEntry, "person_id", without="version")
keeps(HeldEntry, "decided_by_id", only="id state decided_at")
keeps(PointAppeal, "person_id", without="version", erased=emptied(text="", note=""))
keeps(PointAppeal, "decided_by_id", only="id state decided_at")
keeps(PointSum, "person_id")
keeps(PointPolicy, "by_id")
keeps(PolicyTrial, "by_id", only="id at since state")
