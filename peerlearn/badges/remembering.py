"""Badges for what is remembered: judged once what somebody holds was added up anew, after their set."""

from __future__ import annotations

from peerlearn.badges.badge import Badge, Criterion
from peerlearn.core.words import N_
from peerlearn.practice.events import KnowledgeAddedUp

REMEMBERING: tuple[Badge, ...] = (
    Badge(
        "first-recall",
        1,
        N_("First recall"),
        "brain",
        N_("A question that was due, answered right."),
        (
            Criterion(
                "recalled_items",
                (1,),
                N_("One due question answered right"),
                N_("Answer a question right when it is due"),
                N_("Answer a question right when it is due"),
            ),
        ),
        (KnowledgeAddedUp,),
    ),
    Badge(
        "daily-five",
        1,
        N_("Daily five"),
        "list-checks",
        N_("The day’s questions, answered to the last one without guessing in haste."),
        (
            Criterion(
                "daily_sets",
                (10, 50, 200),
                N_("%(goal)s daily sets"),
                N_("%(left)s more daily sets"),
                N_("One more daily set"),
            ),
        ),
        (KnowledgeAddedUp,),
    ),
    Badge(
        "long-memory",
        1,
        N_("Long memory"),
        "hourglass",
        N_("Right answers to questions that had been put off for three weeks or longer."),
        (
            Criterion(
                "long_recalls",
                (10, 50, 200),
                N_("%(goal)s right answers after three weeks or longer"),
                N_("%(left)s more right answers after three weeks or longer"),
                N_("One more right answer after three weeks or longer"),
            ),
        ),
        (KnowledgeAddedUp,),
    ),
    Badge(
        "evergreen",
        1,
        N_("Evergreen"),
        "leaf",
        N_("Questions that will stay for three months or longer, and that you would recall today."),
        (
            Criterion(
                "evergreen_items",
                (25, 100, 300),
                N_("%(goal)s questions that stay"),
                N_("%(left)s more questions that stay"),
                N_("One more question that stays"),
            ),
        ),
        (KnowledgeAddedUp,),
    ),
    Badge(
        "topic-holder",
        1,
        N_("Topic holder"),
        "layers",
        N_("A whole topic held: 80 percent of it with 10 questions, 85 with 20, 90 with 30, and most of it proven."),
        (
            Criterion(
                "questions_of_a_topic",
                (10, 20, 30),
                N_("A topic held with %(goal)s of its questions"),
                N_("Hold a topic with %(goal)s of its questions"),
                N_("Hold a topic with %(goal)s of its questions"),
            ),
        ),
        (KnowledgeAddedUp,),
    ),
    Badge(
        "comeback",
        1,
        N_("Comeback"),
        "rotate-ccw",
        N_("Questions that you had forgotten, and later recalled after three weeks or longer."),
        (
            Criterion(
                "comebacks",
                (5, 25, 100),
                N_("%(goal)s questions that came back"),
                N_("%(left)s more questions that came back"),
                N_("One more question that came back"),
            ),
        ),
        (KnowledgeAddedUp,),
    ),
)
