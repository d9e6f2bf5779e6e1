"""What an instance knows of how it runs."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from peerlearn.core.db import Base


class RequestSum(Base):
    """How many requests all processes answered in some minutes, and how long they took. Of nobody."""

    __tablename__ = "request_sums"

    begins_at: Mapped[datetime] = mapped_column(primary_key=True)
    requests: Mapped[int]
    failed: Mapped[int]  # on our side: 500 and more
    milliseconds: Mapped[int]  # of all of them together
