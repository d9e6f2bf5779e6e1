"""Sentences, syllables and the formulas that estimate how hard a text reads."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from peerlearn.lessons import lint, wording
from peerlearn.lessons.fileformat import parse
from peerlearn.lessons.wording import _PASSIVE, FORMULAS, Counted, sentences, syllables

TEXT = """First one. Second goes
over the line. Third!

- An entry
- Another (see [this](https://example.org/a/b/c))

| a | table |
Last `one two three` here"""


def test_sentences_know_their_line_and_go_over_lines() -> None:
    found = [(each.line, len(each.words)) for each in sentences(list(enumerate(TEXT.split("\n"), start=10)))]
    assert found == [(10, 2), (10, 5), (11, 1), (13, 2), (14, 3), (17, 3)]


@pytest.mark.parametrize(
    ("word", "language", "count"),
    [
        ("table", "en", 2),
        ("makes", "en", 1),
        ("wanted", "en", 2),
        ("walked", "en", 1),
        ("rhythm", "en", 1),
        ("einheit", "de", 2),
        ("leuchtturm", "de", 2),
        ("puerta", "es", 2),
        ("día", "es", 2),
        ("portes", "fr", 1),
        ("lezione", "it", 3),
        ("hgjk", "en", 1),
    ],
)
def test_syllables_are_counted_about_right(word: str, language: str, count: int) -> None:
    assert syllables(word, language) == count


COUNTED = Counted(words=100, sentences=5, syllables=150, letters=450, long_words=20)


@pytest.mark.parametrize(
    ("language", "score"),
    [("en", 9.91), ("de", 72.25), ("fr", 84.0), ("es", 96.44), ("it", 59.0), ("sv", 40.0)],
)
def test_the_formulas_are_those_of_their_sources(language: str, score: float) -> None:
    assert FORMULAS[language].measure(COUNTED) == pytest.approx(score)


HARD = {
    "en": "Organisational responsibilities necessitate comprehensive documentation of institutional accountability.",
    "de": "Verwaltungsverfahrensrechtliche Zuständigkeitsvereinbarungen bedürfen ausnahmslos behördlicher Genehmigung.",
    "fr": "La responsabilité organisationnelle nécessite impérativement une documentation institutionnelle.",
    "es": "La responsabilidad organizacional necesita imprescindiblemente documentaciones institucionales.",
    "it": "Responsabilità organizzative necessitano imprescindibilmente documentazioni istituzionali generalizzate.",
    "sv": "Organisatoriska ansvarsförhållanden förutsätter institutionella dokumentationsförfaranden genomgående.",
}
EASY = {
    "en": "We open the door. We wait for the light. Then we go in.",
    "de": "Wir machen die Tür auf. Wir warten auf das Licht. Dann gehen wir rein.",
    "fr": "On ouvre la porte. On attend le feu. Puis on entre.",
    "es": "Abre la puerta. Mira la luz. Luego entra.",
    "it": "Apri la porta. Guarda la luce. Poi entra.",
    "sv": "Vi slår upp dörren. Vi ser ljuset. Så går vi in.",
}


def codes(language: str, text: str) -> dict[str, tuple[str, int]]:
    lesson = f"---\ntitle: A title\nlanguage: {language}\n---\n\n## One\n\n{text}\n"
    return {each.code: (each.level, each.line) for each in lint.lint(parse(lesson))}


@pytest.mark.parametrize("language", HARD)
def test_a_hard_card_is_a_hint_at_its_heading_and_an_easy_one_is_not(language: str) -> None:
    assert codes(language, f"{HARD[language]} " * 12)["hard-to-read"] == ("hint", 6)
    assert "hard-to-read" not in codes(language, f"{EASY[language]} " * 12)


def test_short_cards_and_languages_without_a_formula_are_not_judged() -> None:
    assert "hard-to-read" not in codes("en", HARD["en"])
    assert "hard-to-read" not in codes("pl", f"{HARD['en']} " * 12)


def test_a_regional_language_is_its_language() -> None:
    assert "hard-to-read" in codes("de-AT", f"{HARD['de']} " * 12)


def test_the_sources_of_the_formulas_are_named() -> None:
    for name in ("Kincaid", "Amstad", "Kandel", "Huerta", "Lucisano", "Björnsson"):
        assert name in str(wording.__doc__)


@pytest.mark.parametrize(
    ("title", "is_passive"),
    [
        ("How expenses are approved", True),
        ("Expenses must be approved first", True),
        ("When a ticket was closed by mistake", True),
        ("How passwords are never kept", True),
        ("Approve expenses", False),
        ("Learn what is expected of you", False),
        ("Be a kind reviewer", False),
        ("Run a one-to-one that is worth the half hour", False),
        ("Why tests are red", False),
        ("What red means", False),
    ],
)
def test_a_title_says_who_acts(title: str, is_passive: bool) -> None:
    assert bool(_PASSIVE.search(title)) is is_passive


def test_no_shipped_lesson_has_a_passive_title() -> None:
    titles = [
        re.search(r"^title: (.+)$", path.read_text("utf-8"), re.MULTILINE)
        for path in (Path(__file__).parents[2] / "content" / "lessons").glob("*/*.md")
    ]
    assert len(titles) > 30
    assert [found[1] for found in titles if found and _PASSIVE.search(found[1])] == []
