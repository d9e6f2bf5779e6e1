"""Single choice: one option is right."""

from __future__ import annotations

from dataclasses import dataclass

from peerlearn.core.words import N_
from peerlearn.quizzes.kinds.choice import OneChoiceKind


@dataclass(frozen=True)
class Single(OneChoiceKind):
    """Choose the one right answer of three to five."""

    slug = "single"
    title = N_("Single choice")
    instruction = N_("Choose one answer.")
