"""What analysis keeps of a person. Without the answers of those who left, figures of questions would change."""

from __future__ import annotations

from sqlalchemy import ColumnElement

from peerlearn.analysis.models import Ability, FirstAnswer, ItemFlag, ItemReport
from peerlearn.core.privacy import keeps
from peerlearn.learn import withheld


def _untold(person_id: int) -> ColumnElement[bool]:
    return FirstAnswer.meaning_id.in_(withheld.versions(person_id))


keeps(Ability, "person_id")
keeps(FirstAnswer, "person_id", without="fact_id theta", veil=(_untold, "is_right"))
keeps(ItemReport, "person_id")
keeps(ItemFlag, "decided_by_id", only="id lesson_id flag state decided_at reason")
