"""What practice keeps of a person. What a check or an exam may not tell yet is left empty."""

from __future__ import annotations

from sqlalchemy import ColumnElement

from peerlearn.core.privacy import GOES, keeps
from peerlearn.learn import withheld
from peerlearn.practice.models import DailySet, Growth, Holding, Memory, PracticeChoice, SetQuestion

_RECALLED = "stability difficulty interval due_on rank weight passes lapses tiers is_proven is_missed before_stability"


def _untold(person_id: int) -> ColumnElement[bool]:
    return Memory.version_id.in_(withheld.versions(person_id))


keeps(Memory, "person_id", veil=(_untold, _RECALLED), erased=GOES)
keeps(DailySet, "person_id", without="seed")
keeps(SetQuestion, "person_id")
keeps(Holding, "person_id", erased=GOES)
keeps(Growth, "person_id", erased=GOES)
keeps(PracticeChoice, "person_id", erased=GOES)
