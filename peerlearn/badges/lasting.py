"""Badges for what authors’ lessons bring others: told once a month, or once a night, by what learners keep."""

from __future__ import annotations

from peerlearn.badges.badge import Badge, Criterion
from peerlearn.core.words import N_
from peerlearn.points.events import LessonRetained
from peerlearn.quality.events import LessonsRated
from peerlearn.review.events import LessonApproved

LASTING: tuple[Badge, ...] = (
    Badge(
        "author",
        1,
        N_("Author"),
        "book-open-check",
        N_("Published lessons that are good by what learners keep, say and find."),
        (
            Criterion(
                "good_lessons",
                (3, 10, 30),
                N_("%(goal)s published lessons with a quality of 60 or more"),
                N_("%(left)s more published lessons with a quality of 60 or more"),
                N_("One more published lesson with a quality of 60 or more"),
            ),
        ),
        (LessonApproved, LessonsRated),
    ),
    Badge(
        "lasting-lesson",
        1,
        N_("Lasting lesson"),
        "mountain",
        N_("One lesson of which its learners still know at least half of what they did not know before."),
        (
            Criterion(
                "kept_by",
                (10, 30, 100),
                N_("One lesson kept by %(goal)s learners"),
                N_("One lesson kept by %(left)s more learners"),
                N_("One lesson kept by one more learner"),
            ),
        ),
        (LessonRetained,),
    ),
    Badge(
        "impact",
        1,
        N_("Impact"),
        "trending-up",
        N_("What your lessons gave all their learners together: learners, times what they keep of each."),
        (
            Criterion(
                "impact",
                (10, 50, 250),
                N_("An impact of %(goal)s over all own lessons"),
                N_("%(left)s more impact over all own lessons"),
                N_("One more impact over all own lessons"),
            ),
        ),
        (LessonRetained,),
    ),
)
