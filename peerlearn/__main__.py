"""`peerlearn` and `python -m peerlearn`: runs a command, and says every expected failure in one sentence."""

from __future__ import annotations

from flask import Flask
from flask.cli import FlaskGroup
from sqlalchemy.exc import DBAPIError

from peerlearn import cli
from peerlearn.app import create_app
from peerlearn.config import SettingsError
from peerlearn.core.errors import DomainError
from peerlearn.operating.commands import doctor


def create_app_with_commands() -> Flask:
    """The application, and what is only asked of it on the command line."""
    app = create_app()
    cli.init_app(app)
    return app


def main() -> None:
    """Run the command named on the command line."""
    group = FlaskGroup(
        create_app=create_app_with_commands, add_default_commands=False, load_dotenv=False, name="peerlearn"
    )
    group.add_command(doctor)  # not one of the application's: it also tells why there can be none
    try:
        group.main()
    except SettingsError as error:
        raise SystemExit(str(error)) from None
    except DomainError as error:
        raise SystemExit(error.message % error.values if error.values else error.message) from None
    except DBAPIError as error:
        raise SystemExit(f"The database refused: {error.orig}") from None


if __name__ == "__main__":
    main()
