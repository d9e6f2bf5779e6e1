"""What this machine can run, and the closing words about what it could not.

PEERLEARN_TEST_REQUIRE names what must not be missing ("chromium", "redis", "postgresql"): a run without it fails.
"""

from __future__ import annotations

import os
import shutil

import pytest

BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")  # the first draws no windows
POSTGRESQL = os.environ.get("PEERLEARN_TEST_DATABASE_URL", "")
REQUIRED = os.environ.get("PEERLEARN_TEST_REQUIRE", "").split(",")


def chromium() -> str | None:
    """Where a Chromium is, if there is one."""
    return os.environ.get("PEERLEARN_CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)


def missing() -> dict[str, str]:
    """What cannot be run here, with how to make it possible."""
    found = {}
    if chromium() is None:
        found["chromium"] = f"the browser journeys: no Chromium ({', '.join(BROWSERS)}); name one in PEERLEARN_CHROMIUM"
    if shutil.which("redis-server") is None:
        found["redis"] = "sign-in limits counted by Redis: no redis-server (on Debian: apt install redis-server)"
    if not POSTGRESQL:
        found["postgresql"] = "the suite on PostgreSQL: set PEERLEARN_TEST_DATABASE_URL to a server's address"
    return found


def pytest_configure(config: pytest.Config) -> None:
    """Fail at once when something required is missing."""
    lacking = [words for name, words in missing().items() if name in REQUIRED]
    if lacking:
        pytest.exit("Required, but this machine cannot run " + "; ".join(lacking), returncode=1)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL only what asks a database is run: the rest, and the journeys, run beside the SQLite suite."""
    if POSTGRESQL:
        config.hook.pytest_deselected(items=[item for item in items if not _asks_a_database(item)])
        items[:] = filter(_asks_a_database, items)


def _asks_a_database(item: pytest.Item) -> bool:
    needed = {"app", "base_app", "database_url"} & set(getattr(item, "fixturenames", ()))
    return not item.get_closest_marker("journey") and bool(needed or item.get_closest_marker("own_database"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name in the last lines what was not run."""
    terminalreporter.write_line(f"Ran on {'PostgreSQL' if POSTGRESQL else 'SQLite'}.")
    if POSTGRESQL:
        terminalreporter.write_line(
            "Not run here: the browser journeys and what asks no database, which run with the SQLite suite."
        )
        return
    for words in missing().values():
        terminalreporter.write_line(f"Not run: {words}.")
