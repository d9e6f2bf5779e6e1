"""Threads of remarks: the text they were made on, and what was answered to each."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence

from sqlalchemy import func, select

from peerlearn.accounts.models import Person
from peerlearn.core.db import ask, db
from peerlearn.core.errors import NotValid, TooMany
from peerlearn.core.upsert import insert_into
from peerlearn.core.words import N_
from peerlearn.lessons import sharing
from peerlearn.lessons.models import Revision
from peerlearn.review.anchors import Anchors
from peerlearn.review.models import Remark, RemarkReply, Review, ReviewedText
from peerlearn.review.queries import REMARK
from peerlearn.review.rules import POLICY


def text_id_of(revision: Revision) -> int:
    """Keep the text that is read now, once; its id."""
    digest = hashlib.sha256(revision.source.encode()).hexdigest()
    values = {"revision_id": revision.id, "digest": digest, "source": revision.source}
    ask(insert_into(ReviewedText).on_conflict_do_nothing(), values)
    wanted = select(ReviewedText.id).where(ReviewedText.revision_id == revision.id, ReviewedText.digest == digest)
    return db.session.execute(wanted).scalar_one()


def text_of(remark: Remark) -> str | None:
    """The text a remark was made on; None for remarks from before it was kept."""
    return db.session.scalar(select(ReviewedText.source).where(ReviewedText.id == remark.text_id))


def anchors_of(remarks: Collection[Remark], now: str) -> Anchors:
    """The way from the texts that remarks were made on to the newest one, in one statement."""
    ids = {remark.text_id for remark in remarks if remark.text_id and remark.line_from}
    found = select(ReviewedText.id, ReviewedText.source).where(ReviewedText.id.in_(ids))
    return Anchors(now, {row.id: row.source for row in db.session.execute(found)} if ids else {})


def remarks_to_answer(revision_id: int) -> Sequence[tuple[Remark, Review]]:
    """What authors may see of the remarks on their revision: those of reviews that have an answer."""
    statement = (
        select(Remark, Review)
        .join(Review, Review.id == Remark.review_id)
        .where(Remark.revision_id == revision_id, Review.state != "open")
        .options(*REMARK)
        .order_by(Review.round.desc(), func.coalesce(Remark.line_from, 0), Remark.id)
    )
    return [(remark, review) for remark, review in db.session.execute(statement).unique()]


def replies_to(remarks: Sequence[Remark], *, for_authors: bool = False) -> dict[int, list[RemarkReply]]:
    """What was answered to each remark, the oldest first. Authors read a curator's words when that review is done."""
    return {
        remark.id: [one for one in remark.replies if not (for_authors and one.review and one.review.state == "open")]
        for remark in remarks
    }


def clean_reply(reply: str, *, done: bool) -> str:
    """An answer as it is kept. Raises NotValid for a long one, and for none where nothing is settled either."""
    reply = sharing.words(reply, "reply")
    if len(reply) > POLICY.reply_maximum:
        raise NotValid(N_("Please keep the answer under 1,000 characters."))
    if not reply and not done:
        raise NotValid(N_("Write an answer, or mark the remark as done."))
    return reply


def add(remark: Remark, reply: str, *, by: Person, review: Review | None = None) -> bool:
    """Add an answer to a thread; whether it is new: the same one sent twice is one."""
    known = db.session.scalars(
        select(RemarkReply).where(RemarkReply.remark_id == remark.id).order_by(RemarkReply.id)
    ).all()
    if known and (known[-1].author_id, known[-1].text) == (by.id, reply):
        return False
    if len(known) >= POLICY.replies_maximum:
        raise TooMany(N_("A lot has been said about this remark. Please talk to one another."))
    db.session.add(
        RemarkReply(remark_id=remark.id, review_id=review.id if review else None, author_id=by.id, text=reply)
    )
    return True
