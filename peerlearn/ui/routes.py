"""The files of the look, and the portfolio that shows every component."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Response, abort, current_app, render_template, request
from flask.blueprints import BlueprintSetupState
from flask.sansio.app import App
from markupsafe import Markup

from peerlearn.core.gates import public
from peerlearn.core.templating import words as _
from peerlearn.ui import assets, icons, tiles
from peerlearn.ui.forms import sample_form

blueprint = Blueprint("ui", __name__)
TEMPLATES = Path(__file__).parent / "templates"
FOREVER = "public, max-age=31536000, immutable"


@blueprint.record_once
def prepare(state: BlueprintSetupState) -> None:
    """Read all static files at start and lend templates what they need to point at them."""
    app = state.app
    package = Path(__file__).parent.parent
    names = app.config.get("FEATURES") or sorted(path.name for path in package.iterdir())
    folders = assets.static_folders(package, names)
    app.extensions["assets"] = assets.gather(folders)
    app.jinja_env.globals.update(
        asset=lambda name: current_assets().url(name),
        stylesheet=lambda: current_assets().css_url,
        draw_icon=draw_icon,
        tile_paths=tiles.tile_paths,
        hue_of=tiles.hue_of,
        initials_of=tiles.initials_of,
        demo_words=demo_words,
    )
    if app.debug:
        _gather_again_when_changed(app, folders)


def _gather_again_when_changed(app: App, folders: dict[str, Path]) -> None:
    seen = [assets.newest_change(folders)]

    @app.before_request
    def gather_again() -> None:
        changed = assets.newest_change(folders)
        if changed > seen[0]:
            seen[0] = changed
            app.extensions["assets"] = assets.gather(folders)


def current_assets() -> assets.Assets:
    """The files of the running release."""
    found: assets.Assets = current_app.extensions["assets"]
    return found


def demo_words() -> str | None:
    """A sentence for every page of a demo, also for those without the usual frame."""
    if not current_app.config["SETTINGS"].demo:
        return None
    return _("This is a demo. The people in it are made up; write and try whatever you like.")


def draw_icon(name: str, label: str | None = None, size: str = "m") -> Markup:
    """One icon, for templates."""
    return icons.icon_markup(current_assets().url("ui/icons.svg"), name, label and str(label), size)


@blueprint.get("/assets/app.<version>.css")
@public
def css(version: str) -> Response:
    """The whole look as one style sheet."""
    found = current_assets()
    return _send(found.css, fresh=version == found.version)


@blueprint.get("/assets/<version>/<path:name>")
@public
def file(version: str, name: str) -> Response:
    """One script, picture or typeface of a feature."""
    found = current_assets()
    if name not in found.files:
        abort(404)
    return _send(found.files[name], fresh=version == found.version)


def _send(asset: assets.Asset, *, fresh: bool) -> Response:
    zipped = asset.gzipped is not None and request.accept_encodings.quality("gzip") > 0
    response = Response(asset.gzipped if zipped else asset.body, content_type=asset.mimetype)
    response.headers["Cache-Control"] = FOREVER if fresh else "no-cache"
    if asset.gzipped is not None:
        response.headers["Vary"] = "Accept-Encoding"
    if zipped:
        response.headers["Content-Encoding"] = "gzip"
    return response


@blueprint.get("/ui")
@public
def portfolio() -> str:
    """Every component in every variant, light and dark."""
    forms = {theme: sample_form(theme) for theme in ("light", "dark")}
    symbols = assets.icon_names(current_assets().files["ui/icons.svg"].body.decode())
    names = assets.component_names(TEMPLATES)
    return render_template("ui/portfolio.html", forms=forms, names=names, icons=symbols)
