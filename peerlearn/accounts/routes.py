"""What this feature gives to the application: its pages, the visitor of a request, language and time."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

from flask import Flask
from flask.blueprints import BlueprintSetupState

from peerlearn.accounts import (
    audit_routes,
    current,
    limiting,
    me_routes,
    number_routes,
    numbers,
    passwords,
    people_routes,
    privacy_routes,
    rules,
    sign_in_routes,
    team_routes,
    time_off_routes,
    times,
)
from peerlearn.accounts.blueprint import blueprint

PAGES = (
    sign_in_routes,
    me_routes,
    privacy_routes,
    time_off_routes,
    people_routes,
    team_routes,
    audit_routes,
    number_routes,
)


@blueprint.record_once
def prepare(state: BlueprintSetupState) -> None:
    """Teach the application to know its visitors, and to speak their language."""
    app = cast(Flask, state.app)
    app.config["PERMANENT_SESSION_LIFETIME"] = timedelta(days=rules.POLICY.session_days)
    app.config["SESSION_REFRESH_EACH_REQUEST"] = False
    numbers.init_app(app)
    current.init_app(app)
    passwords.init_app(app)
    limiting.init_app(app)
    times.init_app(app)
