"""A lesson shows an example and names a mistake, seen from the titles of its cards."""

from __future__ import annotations

import pytest

from tests.lessons.test_lint import GOOD, found

HINTS = {"no-example", "no-mistake"}


def hints(language: str, example: str, mistake: str) -> set[str]:
    text = GOOD.replace("topics:", f"language: {language}\ntopics:").replace('!!! example "Case"', '!!! note "Case"')
    text = text.replace("## An example", f"## {example}").replace("## Common mistakes", f"## {mistake}")
    return HINTS & set(found(text))


@pytest.mark.parametrize(
    ("language", "example", "mistake"),
    [
        ("en", "A worked example", "What gets in the way"),
        ("de", "Beispiel", "Häufiger Fehler"),
        ("de", "Ein Rechenbeispiel", "Typische Denkfehler"),
        ("de-AT", "Zwei Beispiele", "Fallstricke"),
        ("fr", "Un exemple", "L’erreur courante"),
        ("fr", "Cas pratique", "Les pièges"),
        ("es", "Un ejemplo", "Errores comunes"),
        ("it", "Un esempio", "Gli errori più comuni"),
        ("nl", "Een rekenvoorbeeld", "Veelgemaakte fouten"),
    ],
)
def test_they_are_seen_in_the_language_of_the_lesson(language: str, example: str, mistake: str) -> None:
    assert not hints(language, example, mistake)
    assert hints(language, "Xyz", mistake) == {"no-example"}
    assert hints(language, example, "Xyz") == {"no-mistake"}


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("de", "Im Falle eines Falles"),
        ("fr", "Le fauteuil du bureau"),
        ("es", "Terror y terrores"),
        ("nl", "Een foutloos begin"),
    ],
)
def test_other_words_say_neither(language: str, title: str) -> None:
    assert hints(language, "Xyz", title) == HINTS


def test_of_a_language_that_is_not_known_nothing_is_said() -> None:
    assert not hints("pl", "Przykład", "Częsty błąd")
