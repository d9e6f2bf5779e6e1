"""Components that are drawn once read nothing that one request has and another has not."""

from pathlib import Path

import pytest
from flask import Flask
from jinja2 import meta, nodes

from peerlearn.ui import routes
from tests import factories
from tests.page import Client

PURE = [path for path in sorted(routes.TEMPLATES.rglob("*.html")) if "set pure = true" in path.read_text("utf-8")]
CONSTANT = {"_", "ngettext", "asset", "stylesheet", "draw_icon", "tile_paths", "hue_of", "initials_of", "range", "dict"}
FILTERS = {"string", "default", "length", "xmlattr", "map", "max", "min", "float", "round", "trim", "join"}


def name_of(path: Path) -> str:
    """A template's name."""
    return "ui/" + path.relative_to(routes.TEMPLATES).as_posix()


@pytest.mark.security
@pytest.mark.parametrize("path", PURE, ids=lambda path: path.stem)
def test_a_pure_component_reads_only_its_arguments(path: Path, app: Flask) -> None:
    tree = app.jinja_env.parse(path.read_text("utf-8"))
    assert meta.find_undeclared_variables(tree) - {"caller"} <= CONSTANT
    assert {found.name for found in tree.find_all(nodes.Filter)} <= FILTERS
    assert set(meta.find_referenced_templates(tree)) <= {name_of(one) for one in PURE}
    assert not list(tree.find_all((nodes.Include, nodes.Extends)))


@pytest.mark.security
def test_two_people_see_their_own_frame(app: Flask, client: Client) -> None:
    ann, bo = factories.person("Ann Lee", roles=(("admin", 0),)), factories.person("Bo Berg")
    client.sign_in(ann)
    other = Client(app)
    other.sign_in(bo)
    for _time in range(2):
        hers, his = client.get("/help/accessibility").text, other.get("/help/accessibility").text
        assert "Ann Lee" in hers
        assert "Ann Lee" not in his
        assert "Bo Berg" in his
        assert "Bo Berg" not in hers
        assert 'href="/people"' in hers
        assert 'href="/people"' not in his
        assert f"/people/{ann.id}/profile" not in his
        assert 'name="csrf_token"' not in Client(app).get("/help/accessibility").text
