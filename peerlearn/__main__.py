"""`peerlearn` and `python -m peerlearn`: runs a command, and says every expected failure in one sentence."""

from __future__ import annotations

from flask import Flask
from flask.cli import ScriptInfo
from sqlalchemy.exc import DBAPIError

from peerlearn import cli
from peerlearn.app import create_app
from peerlearn.config import SettingsError
from peerlearn.core import revisions
from peerlearn.core.errors import DomainError


def create_app_with_revisions() -> Flask:
    """The application, and what changes its tables."""
    app = create_app()
    revisions.init_app(app)
    return app


def main() -> None:
    """Run the command named on the command line. The application is made only by a command that needs it."""
    try:
        cli.peerlearn.main(prog_name="peerlearn", obj=ScriptInfo(create_app=create_app_with_revisions))
    except SettingsError as error:
        raise SystemExit(str(error)) from None
    except DomainError as error:
        raise SystemExit(error.message % error.values if error.values else error.message) from None
    except DBAPIError as error:
        raise SystemExit(f"The database refused: {error.orig}") from None


if __name__ == "__main__":
    main()
