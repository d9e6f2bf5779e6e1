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
    Badge(
        "question-smith",
        1,
        N_("Question smith"),
        "puzzle",
        N_("Questions of your lessons that tell who knows it: answered by 30 people, neither too easy nor too hard."),
        (
            Criterion(
                "good_questions",
                (10, 50, 150),
                N_("%(goal)s proven questions"),
                N_("%(left)s more proven questions"),
                N_("One more proven question"),
            ),
        ),
        (LessonsRated,),
    ),
    Badge(
        "gap-filler",
        1,
        N_("Gap filler"),
        "hand-helping",
        N_("Lessons that colleagues had asked for, in topics that at least five people hold by now."),
        (
            Criterion(
                "gaps_filled",
                (1, 3, 10),
                N_("%(goal)s wanted lessons in topics that five people hold"),
                N_("%(left)s more wanted lessons in topics that five people hold"),
                N_("One more wanted lesson in a topic that five people hold"),
            ),
        ),
        (LessonsRated,),
    ),
)
