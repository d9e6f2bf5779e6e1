"""Colours can be told apart: WCAG ratios computed from the tokens, in both themes."""

import re

import pytest

from peerlearn.ui import routes

STATIC = routes.TEMPLATES.parent / "static"
TOKENS = (STATIC / "tokens.css").read_text(encoding="utf-8")
THEMES = ("light", "dark")
TEXT, GRAPHIC = 4.5, 3.0

SURFACES = ("paper", "surface", "surface-raised")
PAIRS = [
    *[(ink, back, TEXT) for ink in ("ink", "ink-soft", "ink-faint", "accent", "accent-strong") for back in SURFACES],
    *[(tone, back, TEXT) for tone in ("good", "bad", "warn") for back in SURFACES],
    *[(tone, f"{tone}-soft", TEXT) for tone in ("good", "bad", "warn", "accent")],
    *[("ink", f"{tone}-soft", TEXT) for tone in ("good", "bad", "warn", "accent")],
    *[("ink-soft", f"{tone}-soft", TEXT) for tone in ("good", "bad", "warn", "accent")],
    *[("ink-soft", "surface-sunk", TEXT), ("ink-faint", "surface-sunk", TEXT), ("ink", "surface-sunk", TEXT)],
    *[
        ("accent-ink", "accent", TEXT),
        ("accent-ink", "accent-strong", TEXT),
        ("accent-strong", "accent-soft", TEXT),
    ],
    *[
        ("bad-ink", "bad", TEXT),
        ("field-ink", "field", TEXT),
        ("field-soft", "field", TEXT),
        ("gold", "field", TEXT),
    ],
    *[(f"{metal}-ink", metal, TEXT) for metal in ("gold", "silver", "bronze")],
    *[(f"{metal}-edge", back, GRAPHIC) for metal in ("gold", "silver", "bronze") for back in ("paper", "surface")],
    *[("line-strong", back, GRAPHIC) for back in SURFACES],
    *[("focus", back, GRAPHIC) for back in SURFACES],
    *[
        (f"code-{sort}", "code-back", TEXT)
        for sort in ("text", "comment", "keyword", "string", "number", "name", "type")
    ],
]


def colours(theme: str) -> dict[str, str]:
    """Every token that is a plain colour, as it is in one theme."""
    found = {}
    for name, value in re.findall(r"--([\w-]+):\s*([^;]+);", TOKENS.split(".hue-0")[0]):
        both = re.fullmatch(r"light-dark\((#\w{6}),\s*(#\w{6})\)", value)
        if both:
            found[name] = both[1 + THEMES.index(theme)]
        elif re.fullmatch(r"#\w{6}", value):
            found[name] = value
    return found


def hues() -> list[tuple[int, dict[str, tuple[str, str]]]]:
    """The three colours of each topic hue, light and dark."""
    found = []
    for number, body in re.findall(r"\.hue-(\d+) \{([^}]*)\}", TOKENS):
        parts = re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", body)
        found.append((int(number), {name: (light, dark) for name, light, dark in parts}))
    return found


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one: str, other: str) -> float:
    """How strongly two colours differ, from 1 to 21."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_the_ratio_is_the_one_of_the_standard() -> None:
    assert ratio("#000000", "#ffffff") == pytest.approx(21)
    assert ratio("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("front", "back", "least"), PAIRS)
def test_tokens_can_be_told_apart(theme: str, front: str, back: str, least: float) -> None:
    known = colours(theme)
    assert ratio(known[front], known[back]) >= least


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("number", "parts"), hues())
def test_topic_colours_can_be_read(theme: str, number: int, parts: dict[str, tuple[str, str]]) -> None:
    known, at = colours(theme), THEMES.index(theme)
    for back in (parts["topic-soft"][at], known["surface"], known["paper"]):
        assert ratio(parts["topic"][at], back) >= TEXT, f"hue-{number} on {back}"
    assert ratio(known["ink"], parts["topic-soft"][at]) >= TEXT
    assert ratio(known["ink-soft"], parts["topic-soft"][at]) >= TEXT


def test_there_are_twelve_hues() -> None:
    assert [number for number, _ in hues()] == list(range(12))
