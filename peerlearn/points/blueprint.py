"""The blueprint on which all pages of this feature stand."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("points", __name__, url_prefix="/points")
