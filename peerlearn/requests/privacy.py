"""What requests keep of a person."""

from __future__ import annotations

from peerlearn.core.privacy import emptied, keeps
from peerlearn.requests.models import LessonRequest, RequestVote

keeps(LessonRequest, "asker_id", erased=emptied(why=""))
keeps(LessonRequest, "taker_id", only="id title state taken_at lesson_id")
keeps(RequestVote, "person_id")
