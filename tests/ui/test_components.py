"""Every component is documented, styled and shown; no template or style names an icon or token that is missing."""

import re
from pathlib import Path

import pytest

from peerlearn.ui import assets, routes

UI = routes.TEMPLATES.parent
PACKAGE = UI.parent
COMPONENTS = UI / "static" / "components"
NAMES = assets.component_names(routes.TEMPLATES)
ICONS = set(assets.icon_names((UI / "static" / "icons.svg").read_text(encoding="utf-8")))
ALL_TEMPLATES = sorted(PACKAGE.glob("*/templates/**/*.html"))
STYLES = [*sorted((UI / "static").glob("*.css")), *sorted(COMPONENTS.glob("*.css"))]


@pytest.mark.parametrize("name", NAMES)
def test_a_component_says_how_to_use_it(name: str) -> None:
    text = (routes.TEMPLATES / f"{name}.html").read_text(encoding="utf-8")
    assert text.startswith("{#-")
    comment = text.split("-#}")[0]
    for macro in re.findall(r"macro ([a-z]\w*)\(", text):
        assert re.search(rf"\b{macro}\(", comment) or re.search(rf"{{{{ {macro}\(", text.split(f"macro {macro}(")[0])


@pytest.mark.parametrize("name", NAMES)
def test_a_component_has_its_style_sheet(name: str) -> None:
    assert (COMPONENTS / f"{name}.css").stat().st_size > 0


def test_every_style_sheet_has_its_component() -> None:
    assert {path.stem for path in COMPONENTS.glob("*.css")} == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_component_is_in_the_portfolio(name: str) -> None:
    text = (routes.TEMPLATES / "portfolio.html").read_text(encoding="utf-8")
    assert f'part("{name}"' in text


@pytest.mark.parametrize("path", ALL_TEMPLATES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_icons_of_a_template_exist(path: Path) -> None:
    text = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    used = re.findall(r'\b(?:icon|draw)\("([\w-]+)"', text) + re.findall(r'\bicon="([\w-]+)"', text)
    assert set(used) <= ICONS


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_styles_use_only_known_tokens(path: Path) -> None:
    everything = "".join(style.read_text(encoding="utf-8") for style in STYLES)
    known = set(re.findall(r"(--[\w-]+):", everything))
    used = set(re.findall(r"var\((--[\w-]+)", path.read_text(encoding="utf-8")))
    assert used <= known


def test_typefaces_are_light() -> None:
    assert sum(path.stat().st_size for path in (UI / "static" / "vendor").glob("*.woff2")) <= 90 * 1024


def test_colours_stand_in_the_tokens_only() -> None:
    for path in [UI / "static" / "base.css", *COMPONENTS.glob("*.css")]:
        text = re.sub(r'url\("data:[^"]*"\)', "", path.read_text(encoding="utf-8"))
        assert not set(re.findall(r"#[0-9a-f]{6}\b", text)), path.name
