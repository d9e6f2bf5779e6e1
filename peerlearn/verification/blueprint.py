"""The blueprint on which all pages of this feature stand."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("verification", __name__)
