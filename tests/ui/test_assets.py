"""Style sheets and scripts: one bundle, one version, the right order."""

import gzip
from pathlib import Path

import pytest
from flask import Flask

from peerlearn.ui import assets, routes
from tests.page import Client

PACKAGE = routes.TEMPLATES.parent.parent


def feature(root: Path, name: str, css: str, script: str = "") -> None:
    (root / name / "static").mkdir(parents=True)
    (root / name / "static" / f"{name}.css").write_text(css)
    if script:
        (root / name / "static" / "act.js").write_text(script)


def small_look(root: Path) -> None:
    feature(root, "ui", "a{}")
    static = root / "ui" / "static"
    (static / "vendor").mkdir()
    (static / "components").mkdir()
    (static / "vendor" / "bootstrap-reboot.css").write_text('@charset "UTF-8";\n/*! licence */\nb{}')
    (static / "tokens.css").write_text('t{src:url("/assets/_/ui/x.woff2")} /* a remark */')
    (static / "base.css").write_text("c{}")
    (static / "components" / "d.css").write_text("d{}")


def test_layers_stand_in_their_order(tmp_path: Path) -> None:
    small_look(tmp_path)
    feature(tmp_path, "late", "z{}")
    feature(tmp_path, "early", "e{}")
    folders = assets.static_folders(tmp_path, ["early", "late", "without"])
    text = assets.concatenate(folders).decode()
    assert text.startswith("@layer reset, tokens, base, components, features;")
    places = [text.index(rule) for rule in ("b{}", "t{", "c{}", "d{}", "a{}", "e{}", "z{}")]
    assert places == sorted(places)
    assert "@charset" not in text
    assert "a remark" not in text
    assert "/*! licence */" in text


def test_a_change_anywhere_is_a_new_version(tmp_path: Path) -> None:
    small_look(tmp_path)
    feature(tmp_path, "quiz", "q{}", "one()")
    folders = assets.static_folders(tmp_path, ["quiz"])
    before = assets.gather(folders)
    assert assets.gather(folders) == before
    (tmp_path / "quiz" / "static" / "act.js").write_text("two()")
    after = assets.gather(folders)
    assert after.version != before.version
    assert after.url("quiz/act.js") == f"/assets/{after.version}/quiz/act.js"
    assert f"/assets/{after.version}/ui/x.woff2" in after.css.body.decode()


def test_an_unknown_file_is_noticed_when_it_is_named(tmp_path: Path) -> None:
    small_look(tmp_path)
    with pytest.raises(KeyError, match=r"ui/none\.js"):
        assets.gather(assets.static_folders(tmp_path, [])).url("ui/none.js")


def test_the_style_sheet_is_sent_small_and_kept(app: Flask) -> None:
    found: assets.Assets = app.extensions["assets"]
    http = app.test_client()
    response = http.get(found.css_url, headers={"Accept-Encoding": "gzip"})
    assert response.headers["Content-Encoding"] == "gzip"
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert gzip.decompress(response.data) == found.css.body
    assert len(response.data) < 24 * 1024
    plain = http.get(found.css_url, headers={"Accept-Encoding": "identity"})
    assert plain.data == found.css.body


def test_scripts_are_served_by_feature(app: Flask) -> None:
    found: assets.Assets = app.extensions["assets"]
    http = app.test_client()
    assert http.get(found.url("ui/app.js")).mimetype == "text/javascript"
    assert http.get("/assets/old-version/ui/app.js").headers["Cache-Control"] == "no-cache"
    assert http.get(f"/assets/{found.version}/ui/../routes.py").status_code == 404
    assert http.get(f"/assets/{found.version}/ui/none.js").status_code == 404


def test_the_portfolio_is_a_valid_page(client: Client) -> None:
    page = client.get("/ui")
    assert page.heading == "The look"
    for name in assets.component_names(routes.TEMPLATES):
        assert f'id="component-{name}"' in page.text
