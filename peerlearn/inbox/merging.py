"""What people hear when two lessons become one. Like all notices these stand in `rules.KINDS`."""

from __future__ import annotations

from typing import cast

from peerlearn.core.words import N_
from peerlearn.inbox.kind import Kind, fields_of, source_by
from peerlearn.review.events import LessonMerged, LessonSplitAgain

LESSON = ("learn.lesson", ("slug",))
HISTORY = ("lessons.history", ("lesson_id",))

MERGING: tuple[Kind, ...] = (
    Kind(
        "merged_learned",
        LessonMerged,
        "git-merge",
        N_("“%(lesson)s”, which you passed, is part of another lesson now. Your pass and your points stay."),
        LESSON,
        lambda event: cast(LessonMerged, event).learner_ids,
        source_by("merge_id"),
        fields_of("lesson_id"),
    ),
    Kind(
        "merged_written",
        LessonMerged,
        "git-merge",
        N_("A curator merged “%(lesson)s” into another lesson. It thanks you by name, and your points stay."),
        HISTORY,
        lambda event: cast(LessonMerged, event).author_ids,
        source_by("merge_id"),
        fields_of("lesson_id"),
    ),
    Kind(
        "merged_into",
        LessonMerged,
        "git-merge",
        N_("A curator merged another lesson into “%(lesson)s”. Its authors are thanked there."),
        HISTORY,
        lambda event: cast(LessonMerged, event).into_author_ids,
        source_by("merge_id"),
        lambda event: {"lesson_id": cast(LessonMerged, event).into_id},
    ),
    Kind(
        "split_again",
        LessonSplitAgain,
        "rotate-ccw",
        N_("A curator took a merge back: “%(lesson)s” is a lesson of its own again."),
        LESSON,
        lambda event: cast(LessonSplitAgain, event).told_ids,
        source_by("merge_id"),
        fields_of("lesson_id"),
    ),
)
