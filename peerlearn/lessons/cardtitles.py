"""Words by which the title of a card says that it shows an example or names a mistake, for each language that is known.

To add a language, add its patterns here. A language that is not listed is not judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_EXAMPLE = {
    "en": r"example",
    "de": r"beispiel",
    "fr": r"\b(?:exemples?|cas (?:pratique|concret))\b",
    "es": r"\b(?:ejemplos?|caso práctico)\b",
    "it": r"\b(?:esempio|esempi|caso (?:pratico|concreto))\b",
    "nl": r"voorbeeld",
}
_MISTAKE = {
    "en": r"mistake|wrong|pitfall|trap|gets in the way",
    "de": r"fehler|falsch|irrtum|irrtümer|fallstrick|stolperstein|stolperfalle|missverständnis|schief",
    "fr": r"\b(?:erreurs?|fautes?|pièges?|faux pas|idées reçues|à éviter)\b",
    "es": r"\b(?:error|errores|fallos?|trampas?|tropiezos?|equivoca\w*|evitar)\b",
    "it": r"\b(?:errore|errori|sbagli\w*|trappol[ae]|insidi[ae]|evitare)\b",
    "nl": r"fout(?:en)?\b|valkuil|vergissing|misverstand|misvatting",
}


def lacks_example(titles: Iterable[str], language: str) -> bool:
    """Whether no title of a card says that it shows an example, in a language that is known."""
    return _is_missing(_EXAMPLE, titles, language)


def lacks_mistake(titles: Iterable[str], language: str) -> bool:
    """Whether no title of a card says that it names a mistake, in a language that is known."""
    return _is_missing(_MISTAKE, titles, language)


def _is_missing(words: dict[str, str], titles: Iterable[str], language: str) -> bool:
    pattern = words.get(language.replace("_", "-").split("-")[0].casefold())
    return pattern is not None and not any(re.search(pattern, title.casefold()) for title in titles)
