"""Awards: who holds which tier of which badge."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from peerlearn.core.db import Base


class Award(Base):
    """A tier of a badge that a person holds. It keeps the version of the rule it was given under."""

    __tablename__ = "awards"
    __table_args__ = (
        UniqueConstraint("person_id", "badge", "tier"),
        CheckConstraint("tier between 1 and 3", name="tier"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    badge: Mapped[str]
    tier: Mapped[int]  # 1 bronze (or single), 2 silver, 3 gold
    rule_version: Mapped[int]
    at: Mapped[datetime]
    fact_id: Mapped[int | None] = mapped_column(ForeignKey("facts.id"))
