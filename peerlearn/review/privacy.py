"""What reviewing keeps of a person. What colleagues wrote about their texts is these colleagues' own."""

from __future__ import annotations

from peerlearn.core.privacy import GOES, keeps, not_theirs
from peerlearn.review.models import (
    Assignment,
    Calibration,
    IdleSpell,
    Preparation,
    Recusal,
    Remark,
    RemarkReply,
    Report,
    Review,
    ReviewAct,
    SecondLook,
    StandingAct,
    Training,
    TrustedEdit,
)

_SUBMITTED = "id revision_id lesson_id topic_id round state submitted_at due_at decided_at goes_live_at appeal_text"
_DECIDED = "id lesson_id state decided_at reason reason_text rubric checklist"

keeps(Review, "submitted_by_id", only=_SUBMITTED)
keeps(Review, "claimed_by_id", only="id lesson_id claimed_at claimed_until")
keeps(Review, "first_right_id", only="id lesson_id first_right_until")
keeps(Review, "decided_by_id", only=_DECIDED)
keeps(Review, "first_approved_by_id", only="id lesson_id first_approved_at first_approval")
keeps(Assignment, "person_id", only="id review_id part state asked_at until answered_at rubric advice text")
keeps(Calibration, "person_id")
keeps(Training, "person_id", erased=GOES)
keeps(Recusal, "person_id", only="about_id at", erased=GOES)
not_theirs(Recusal, "about_id", "who leaves their work to others is not told to them")
keeps(Preparation, "person_id", erased=GOES)
not_theirs(Preparation, "asked_by_id", "how somebody prepares is about that colleague")
keeps(IdleSpell, "person_id", erased=GOES)
keeps(Remark, "author_id", without="html")
keeps(RemarkReply, "author_id")
keeps(ReviewAct, "actor_id")
keeps(StandingAct, "actor_id")
keeps(TrustedEdit, "person_id", only="id lesson_id topic_id revision_id at")  # which ones are looked at is not told
keeps(TrustedEdit, "accepted_by_id", only="id lesson_id revision_id at")
keeps(TrustedEdit, "decided_by_id", only="id lesson_id revision_id state decided_at")
keeps(SecondLook, "approved_by_id", only="id lesson_id state at", where=SecondLook.decided_at.is_not(None))
keeps(SecondLook, "decided_by_id", only="id lesson_id state decided_at")
keeps(Report, "reporter_id", without="html weight version")
keeps(Report, "decided_by_id", only="id lesson_id state answer decided_at")
