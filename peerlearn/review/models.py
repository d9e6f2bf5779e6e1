"""Reviews, remarks, their history, and reports of problems."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import Base, Word
from peerlearn.lessons.models import Lesson, Revision, Topic
from peerlearn.lessons.rules import FOR_SOME
from peerlearn.quizzes.models import Item

_OPEN = text("state = 'open'")
_APPEAL = text("appeal_of_id is not null")
_SUGGESTED = text("part = 'curator' and state = 'open'")


class Review(Base):
    """One submission of a revision. Whether it is claimed follows from `claimed_until`: a claim expires by date."""

    __tablename__ = "reviews"
    __table_args__ = (
        UniqueConstraint("revision_id", "round"),
        CheckConstraint("state in ('open', 'approved', 'changes_requested', 'rejected', 'withdrawn')", name="state"),
        CheckConstraint("(state in ('open', 'withdrawn')) = (decided_by_id is null)", name="decided_by_someone"),
        CheckConstraint("peers in ('known', 'few', 'asked')", name="peers"),
        Index("uq_reviews_one_open", "revision_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("uq_reviews_one_appeal", "revision_id", unique=True, sqlite_where=_APPEAL, postgresql_where=_APPEAL),
        Index("ix_reviews_decided", "decided_by_id", "decided_at"),
        Index("ix_reviews_first_approved", "first_approved_by_id", "first_approved_at"),
        Index("ix_reviews_queue", "state", "due_at", "submitted_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"))
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id"), index=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topics.id"))
    submitted_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    round: Mapped[int] = mapped_column(default=1)  # 1 for the first submission of this revision
    state: Mapped[Word] = mapped_column(default="open")
    submitted_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
    due_at: Mapped[datetime]  # a first answer is promised by then
    decide_by: Mapped[datetime]  # and a decision by then
    responded_at: Mapped[datetime | None]  # when a curator first took it and did not give it back without a word
    escalated_at: Mapped[datetime | None]  # when its curators were told that it waits too long
    escalated_up_at: Mapped[datetime | None]  # and when administrators were
    claimed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    claimed_at: Mapped[datetime | None]
    claimed_until: Mapped[datetime | None]
    first_right_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # who asked for the changes
    first_right_until: Mapped[datetime | None]
    similarity: Mapped[float] = mapped_column(default=0)  # to the nearest published lesson, 0 to 1
    similar_id: Mapped[int | None] = mapped_column(ForeignKey("lessons.id"))
    hints: Mapped[int] = mapped_column(default=0)  # what the checks of the file suggest, when it was submitted
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime | None]
    first_approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # of two, where it takes two
    first_approved_at: Mapped[datetime | None]
    first_approval: Mapped[dict[str, Any] | None]  # what the first of them rated and checked
    reason: Mapped[str | None]
    reason_text: Mapped[str] = mapped_column(default="")
    rubric: Mapped[dict[str, Any] | None]  # correct, clear, useful, quiz: 1 to 5 in halves
    checklist: Mapped[dict[str, Any] | None]
    goes_live_at: Mapped[datetime | None] = mapped_column(index=True)  # approved for that moment, and waiting for it
    is_blind: Mapped[bool] = mapped_column(default=False, server_default=false())  # decided without the author's name
    peers: Mapped[str | None]  # whether colleagues advise: known, few, asked; None until it was looked at
    handed_up_at: Mapped[datetime | None]  # since when administrators may decide: every curator is too close
    widened_at: Mapped[datetime | None]  # since when whoever comes second may decide: nobody else could
    appeal_of_id: Mapped[int | None] = mapped_column(ForeignKey("reviews.id"))  # the rejection it speaks against
    appeal_text: Mapped[str] = mapped_column(default="", server_default="")
    version: Mapped[int] = mapped_column(default=1)

    lesson: Mapped[Lesson] = relationship(foreign_keys=[lesson_id], lazy="raise_on_sql")
    similar: Mapped[Lesson | None] = relationship(foreign_keys=[similar_id], lazy="raise_on_sql")
    revision: Mapped[Revision] = relationship(lazy="raise_on_sql")
    topic: Mapped[Topic] = relationship(lazy="raise_on_sql")
    submitted_by: Mapped[Person] = relationship(foreign_keys=[submitted_by_id], lazy="raise_on_sql")
    claimed_by: Mapped[Person | None] = relationship(foreign_keys=[claimed_by_id], lazy="raise_on_sql")
    decided_by: Mapped[Person | None] = relationship(foreign_keys=[decided_by_id], lazy="raise_on_sql")
    advisers: Mapped[list[Assignment]] = relationship(
        primaryjoin="and_(Assignment.review_id == Review.id, Assignment.part == 'peer', ~Assignment.is_shadow)",
        lazy="raise_on_sql",
        order_by="Assignment.id",
        viewonly=True,
    )
    remarks: Mapped[list[Remark]] = relationship(lazy="raise_on_sql", order_by="Remark.id")

    __mapper_args__ = {"version_id_col": version}

    @property
    def similar_for_all(self) -> Lesson | None:
        """The similar lesson, as long as everybody may know of it."""
        return self.similar if self.similar and self.similar.classification not in FOR_SOME else None


class Assignment(Base):
    """A wish that somebody looks at a submission: a curator to decide, or a colleague who knows the topic to advise.

    Whoever is asked may say no, and is not asked about it again. What has run out without a word has lapsed.
    """

    __tablename__ = "assignments"
    __table_args__ = (
        UniqueConstraint("review_id", "person_id", "part"),
        CheckConstraint("part in ('curator', 'peer')", name="part"),
        CheckConstraint("state in ('open', 'done', 'declined', 'lapsed')", name="state"),
        CheckConstraint("advice in ('publish', 'revise', 'reject')", name="advice"),
        Index(
            "uq_assignments_one_curator",
            "review_id",
            unique=True,
            sqlite_where=_SUGGESTED,
            postgresql_where=_SUGGESTED,
        ),
        Index("ix_assignments_person", "person_id", "part", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("reviews.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    part: Mapped[Word]
    state: Mapped[Word] = mapped_column(default="open")
    asked_at: Mapped[datetime] = mapped_column(default=clock.now)
    until: Mapped[datetime]  # then somebody else is asked
    answered_at: Mapped[datetime | None]
    rubric: Mapped[dict[str, Any] | None]  # what a colleague rates, as in a review
    advice: Mapped[str | None]  # publish, revise or reject
    text: Mapped[str] = mapped_column(default="", server_default="")
    bias: Mapped[float] = mapped_column(default=0.0, server_default="0")  # of earlier ratings, when it was given
    variance: Mapped[float] = mapped_column(default=0.0, server_default="0")
    is_shadow: Mapped[bool] = mapped_column(default=False, server_default=false())  # compared later, counts nowhere

    review: Mapped[Review] = relationship(lazy="raise_on_sql", overlaps="advisers")
    person: Mapped[Person] = relationship(lazy="raise_on_sql")


class Calibration(Base):
    """What somebody rated a lesson that was decided before, and would have done, to compare with what counted."""

    __tablename__ = "calibrations"
    __table_args__ = (
        UniqueConstraint("person_id", "review_id"),
        CheckConstraint("advice in ('publish', 'revise', 'reject')", name="advice"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    review_id: Mapped[int] = mapped_column(ForeignKey("reviews.id"))
    rubric: Mapped[dict[str, Any]]
    advice: Mapped[Word | None]  # publish, revise or reject; unknown where it was not asked yet
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topics.id"))  # that they prepare for
    at: Mapped[datetime] = mapped_column(default=clock.now)


class Training(Base):
    """Somebody who rates lessons that are decided already before deciding alone: new as a curator, or on probation.

    On probation is whose ratings are often far from the final ones: what they rate is compared, and counts nowhere.
    """

    __tablename__ = "trainings"
    __table_args__ = (CheckConstraint("why in ('new', 'probation')", name="why"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    why: Mapped[Word]
    since: Mapped[datetime] = mapped_column(default=clock.now)
    lessons_left: Mapped[int]  # to rate until it ends, on probation as the final word has it


class Recusal(Base):
    """Somebody leaves the work of somebody else to others, for good. Only they see it; it binds both of them."""

    __tablename__ = "recusals"
    __table_args__ = (
        CheckConstraint("person_id != about_id", name="two_people"),
        Index("ix_recusals_about", "about_id"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    about_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(default=clock.now)


class Preparation(Base):
    """Somebody who was asked to prepare as curator of a topic."""

    __tablename__ = "preparations"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topics.id"), primary_key=True)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    asked_at: Mapped[datetime] = mapped_column(default=clock.now)
    ended_at: Mapped[datetime | None]  # they became it, or need not any more


class IdleSpell(Base):
    """A time in which a curator did nothing in a topic (0: in all), and was told so; perhaps the role lapsed."""

    __tablename__ = "idle_spells"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    scope_id: Mapped[int] = mapped_column(primary_key=True)
    since: Mapped[date] = mapped_column(primary_key=True)  # the day of the last act, or of the appointment
    told_on: Mapped[date]
    lapsed_on: Mapped[date | None]


class ReviewedText(Base):
    """A text as curators read it when they made remarks, so that these can be followed through later changes."""

    __tablename__ = "reviewed_texts"
    __table_args__ = (UniqueConstraint("revision_id", "digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"))
    digest: Mapped[str]
    source: Mapped[str]


class Remark(Base):
    """A comment on a line, a question or the whole: a note, a suggestion with its replacement, or blocking."""

    __tablename__ = "remarks"
    __table_args__ = (
        CheckConstraint("severity in ('note', 'suggestion', 'blocking')", name="severity"),
        CheckConstraint("state in ('open', 'accepted', 'done')", name="state"),
        CheckConstraint("severity != 'suggestion' or replacement is not null", name="suggestion_replaces"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("reviews.id"), index=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    severity: Mapped[str]
    text_id: Mapped[int | None] = mapped_column(ForeignKey("reviewed_texts.id"))  # what it was made on
    line_from: Mapped[int | None]  # of that text, counted from 1
    line_to: Mapped[int | None]
    question_uid: Mapped[str | None]
    quoted: Mapped[str] = mapped_column(default="")  # the lines as they were
    text: Mapped[str] = mapped_column(default="")
    html: Mapped[str] = mapped_column(default="")
    replacement: Mapped[str | None]
    state: Mapped[Word] = mapped_column(default="open")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    author: Mapped[Person] = relationship(lazy="raise_on_sql")
    replies: Mapped[list[RemarkReply]] = relationship(lazy="raise_on_sql", order_by="RemarkReply.id", viewonly=True)


class RemarkReply(Base):
    """What an author or a curator answered to a remark; a curator's is read by authors when that review is done."""

    __tablename__ = "remark_replies"

    id: Mapped[int] = mapped_column(primary_key=True)
    remark_id: Mapped[int] = mapped_column(ForeignKey("remarks.id", ondelete="CASCADE"), index=True)
    review_id: Mapped[int | None] = mapped_column(ForeignKey("reviews.id"))  # in which a curator wrote it
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    text: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    author: Mapped[Person] = relationship(lazy="raise_on_sql")
    review: Mapped[Review | None] = relationship(lazy="raise_on_sql")


class ReviewAct(Base):
    """One line of a lesson's review history; its authors can read it."""

    __tablename__ = "review_acts"

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("reviews.id"), index=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id"), index=True)
    actor_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    act: Mapped[str]  # one of rules.ACTS
    remark_id: Mapped[int | None] = mapped_column(ForeignKey("remarks.id", ondelete="SET NULL"))
    note: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(default=clock.now)

    actor: Mapped[Person] = relationship(lazy="raise_on_sql")
    remark: Mapped[Remark | None] = relationship(lazy="raise_on_sql")


class StandingAct(Base):
    """One line about whether a published lesson is shown: who verified, hid, archived or brought it back, and why.

    Nobody did what follows from dates alone.
    """

    __tablename__ = "standing_acts"

    id: Mapped[int] = mapped_column(primary_key=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id"), index=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    act: Mapped[str]  # one of lessons.machine.ACTS, or what an audit found
    reason: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(default=clock.now)

    actor: Mapped[Person | None] = relationship(lazy="raise_on_sql")


class TrustedEdit(Base):
    """A small edit that is live without a review: a trusted author's own, or a reader's that a curator took over.

    Those that chance chose are looked at later.
    """

    __tablename__ = "trusted_edits"
    __table_args__ = (
        CheckConstraint("state in ('live', 'fine', 'failed')", name="state"),
        CheckConstraint("(state = 'live') = (decided_by_id is null)", name="decided_by_someone"),
        Index("ix_trusted_edits_waiting", "is_drawn", "state"),
        Index("ix_trusted_edits_person", "person_id", "state", "decided_at"),
        Index("ix_trusted_edits_accepted", "accepted_by_id", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id"))
    topic_id: Mapped[int] = mapped_column(ForeignKey("topics.id"))
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"), unique=True)
    base_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"))  # what it took the place of
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))  # who wrote it
    accepted_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # the curator who took it over
    is_drawn: Mapped[bool]
    state: Mapped[Word] = mapped_column(default="live")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime | None]
    at: Mapped[datetime] = mapped_column(default=clock.now)

    lesson: Mapped[Lesson] = relationship(lazy="raise_on_sql")
    revision: Mapped[Revision] = relationship(foreign_keys=[revision_id], lazy="raise_on_sql")
    base: Mapped[Revision] = relationship(foreign_keys=[base_id], lazy="raise_on_sql")
    person: Mapped[Person] = relationship(foreign_keys=[person_id], lazy="raise_on_sql")
    accepted_by: Mapped[Person | None] = relationship(foreign_keys=[accepted_by_id], lazy="raise_on_sql")


class SecondLook(Base):
    """An approval that another curator looks at again, and why: see `twice`."""

    __tablename__ = "second_looks"
    __table_args__ = (
        CheckConstraint("reason in ('haste', 'alone', 'mutual', 'share', 'chance')", name="reason"),
        CheckConstraint("state in ('live', 'fine', 'failed')", name="state"),
        CheckConstraint("(state = 'live') = (decided_by_id is null)", name="decided_by_someone"),
        Index("ix_second_looks_waiting", "state"),
        Index("ix_second_looks_decided", "decided_by_id", "decided_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("reviews.id"), unique=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id"))
    topic_id: Mapped[int] = mapped_column(ForeignKey("topics.id"))
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"))
    approved_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    reason: Mapped[Word] = mapped_column(default="chance", server_default="chance")
    state: Mapped[Word] = mapped_column(default="live")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime | None]
    at: Mapped[datetime] = mapped_column(default=clock.now)

    review: Mapped[Review] = relationship(lazy="raise_on_sql")
    lesson: Mapped[Lesson] = relationship(lazy="raise_on_sql")
    revision: Mapped[Revision] = relationship(lazy="raise_on_sql")
    approved_by: Mapped[Person] = relationship(foreign_keys=[approved_by_id], lazy="raise_on_sql")


class Report(Base):
    """A reader's word that something in a lesson is outdated, wrong, unclear or should not be public."""

    __tablename__ = "reports"
    __table_args__ = (
        CheckConstraint("state in ('open', 'upheld', 'declined')", name="state"),
        Index("ix_reports_queue", "state", "topic_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id"), index=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"))
    topic_id: Mapped[int] = mapped_column(ForeignKey("topics.id"))
    item_id: Mapped[int | None] = mapped_column(ForeignKey("items.id"))
    card: Mapped[int | None]
    kind: Mapped[Word]
    text: Mapped[str] = mapped_column(default="")
    html: Mapped[str] = mapped_column(default="")
    reporter_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    hide_name: Mapped[bool] = mapped_column(default=False)  # from the author; curators see it
    weight: Mapped[float] = mapped_column(default=0.0, server_default="0")  # of the reader's word, when it could hide
    state: Mapped[Word] = mapped_column(default="open")
    answer: Mapped[str] = mapped_column(default="")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    version: Mapped[int] = mapped_column(default=1)

    lesson: Mapped[Lesson] = relationship(lazy="raise_on_sql")
    topic: Mapped[Topic] = relationship(lazy="raise_on_sql")
    revision: Mapped[Revision] = relationship(lazy="raise_on_sql")
    item: Mapped[Item | None] = relationship(lazy="raise_on_sql")
    reporter: Mapped[Person] = relationship(foreign_keys=[reporter_id], lazy="raise_on_sql")
    decided_by: Mapped[Person | None] = relationship(foreign_keys=[decided_by_id], lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": version}
