"""Lint rules about the answers that a question offers: none gives itself away, and each stands alone."""

from __future__ import annotations

import re
from collections.abc import Sequence

from peerlearn.core.words import N_, Said
from peerlearn.lessons.inspection import Found, Subject, rule, say
from peerlearn.quizzes.question import Option

_ABOVE = re.compile(
    r"\b(?:all|none|both|any|neither|either) of (?:the above|the answers|these|them|the others)\b"
    r"|\b(?:all|no) (?:the )?(?:answers|options) (?:above )?(?:are|is) (?:correct|right|true|wrong)\b|\ball the above\b"
    r"|^(?:both )?[a-d] (?:and|und|et|y|e|en|och|og|i) [a-d]\W*$"
    r"|\b(?:alle|keine|keines|keiner|beide|nichts|alles)s? (?:der |von den )?(?:oben genannten|obigen|genannten)\b"
    r"|^(?:alles|nichts|keines|beides) davon\b|\balle (?:diese )?antworten (?:sind )?(?:richtig|falsch|stimmen)\b"
    r"|\b(?:toutes|aucune|tous|aucun)\b.{0,25}\b(?:ci-dessus|précédent(?:e|s|es)?)\b|\baucune de ces réponses\b"
    r"|\btoutes (?:ces|les) réponses\b"
    r"|\b(?:todas|ninguna|todos|ninguno|todo|nada)\b.{0,25}\banterior(?:es)?\b"
    r"|\b(?:tutte|nessuna|tutti|nessuno)\b.{0,25}\b(?:precedenti|sopra)\b"
    r"|\b(?:todas|nenhuma|todos|nenhum)\b.{0,25}\b(?:anteriores|acima)\b"
    r"|\b(?:alle|geen)\b.{0,12}\bbovenstaande\b|\b(?:wszystkie|żadn[ea])\b.{0,12}\bpowyższ|\bovanstående\b"
    r"|\bovenstående\b|\bovennevnte\b|\bvšechn[yao] (?:výše )?uveden|\byukarıdakilerin\b|вышеперечисленн|вышеуказанн"
    r"|^以上(?:皆|都|全|均|选项)|^上記(?:の?(?:すべて|全て|いずれ))|^위의? 모[두든]",
    re.IGNORECASE,
)


@rule
def longest_is_right(subject: Subject) -> Found:
    """What is right must not give itself away by its length."""
    chosen = [q for q in subject.file.questions if q.kind in ("single", "multiple") and len(q.options) > 2]
    if len(chosen) > 1 and all(_right_is_longest(question.options) for question in chosen):
        message = Said(
            N_("In every question the right answer is the longest."), N_("Shorten it, or give the others more detail.")
        )
        yield say("warning", chosen[0].line, "longest-is-right", message)


def _right_is_longest(options: Sequence[Option]) -> bool:
    """Whether each right option is longer than every wrong one."""
    right = [len(option.text) for option in options if option.right]
    wrong = [len(option.text) for option in options if not option.right]
    return bool(right and wrong) and min(right) > max(wrong)


@rule
def all_of_the_above(subject: Subject) -> Found:
    """Options stand alone, since their order changes."""
    for question in subject.file.questions:
        for option in question.options:
            if _ABOVE.search(option.text):
                message = Said(
                    N_("Options are shuffled, so “above” points nowhere."),
                    N_("Use “multiple” with several right answers."),
                )
                yield say("warning", option.line or question.line, "of-the-above", message)
