"""The factory: the only place that knows all features, in the order of the staircase."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from flask import Flask
from flask_mailman import Mail
from jinja2 import ChoiceLoader, PrefixLoader, StrictUndefined
from jinja2.loaders import FileSystemLoader
from werkzeug.middleware.proxy_fix import ProxyFix

from peerlearn import demo_cast
from peerlearn.config import NO_MEMORY, Settings, SettingsError
from peerlearn.core import gates, kept, logs, statements, templating, web
from peerlearn.core.db import db, prepare_engine
from peerlearn.operating import metrics, traffic
from peerlearn.practice import memory
from peerlearn.quizzes import answering

FEATURES = (
    "ui",
    "accounts",
    "quizzes",
    "lessons",
    "learn",
    "requests",
    "practice",
    "analysis",
    "review",
    "verification",
    "suggestions",
    "authors",
    "streaks",
    "points",
    "quality",
    "badges",
    "leaderboard",
    "inbox",
    "home",
    "operating",
)
PACKAGE = Path(__file__).resolve().parent
mailman = Mail()


def create_app(settings: Settings | None = None) -> Flask:
    """Make the application. It reads no database and changes nothing."""
    settings = settings or Settings.from_env()
    logs.write(settings.log_format, settings.log_level)
    _remember_with(settings)
    app = Flask("peerlearn", static_folder=None, template_folder=None, instance_path=str(settings.instance.resolve()))
    app.config.from_mapping(settings.flask_config(), FEATURES=FEATURES)
    _templates(app)
    _extensions(app, settings)
    web.init_app(app)
    kept.init_app(app)
    for feature in FEATURES:
        _load(app, feature)
    metrics.init_app(app, settings.metrics_token)
    traffic.init_app(app)
    logs.init_app(app)
    answering.seal(settings.secret_key)
    if settings.demo:
        demo_cast.introduce(settings.content)
    templating.init_app(app)
    gates.check_gates(app)
    return app


def _remember_with(settings: Settings) -> None:
    try:
        memory.use(settings.memory)
    except ValueError:
        raise SettingsError(NO_MEMORY) from None


def _as_it_is(func: Any) -> Any:
    """No view and no station of a request is a coroutine: Flask need not look at each of them at each request."""
    return func


def _extensions(app: Flask, settings: Settings) -> None:
    app.ensure_sync = _as_it_is  # type: ignore[method-assign]
    db.init_app(app)
    with app.app_context():
        app.extensions[metrics.LOCK] = prepare_engine(db.engine)
        statements.watch(db.engine, settings.slow_query_ms)
    mailman.init_app(app)
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, settings.proxies, settings.proxies, 0, settings.proxies)  # type: ignore[method-assign]


def _templates(app: Flask) -> None:
    """`lessons/edit.html` is `peerlearn/lessons/templates/edit.html`: one address for every feature.

    Comes before anything that touches the template engine, which is made when it is first asked for.
    """
    loaders = {name: FileSystemLoader(PACKAGE / name / "templates") for name in FEATURES}
    app.jinja_environment = templating.Environment
    app.jinja_loader = ChoiceLoader([PrefixLoader(loaders)])
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.add_extension("jinja2.ext.do")


def _load(app: Flask, feature: str) -> None:
    """Load what the feature has: models, what it keeps of people, listeners, jobs, and what its routes register."""
    for part in ("models", "privacy", "listeners", "jobs", "routes"):
        name = f"peerlearn.{feature}.{part}"
        if find_spec(name):
            module = import_module(name)
            if part == "routes":
                app.register_blueprint(module.blueprint)
