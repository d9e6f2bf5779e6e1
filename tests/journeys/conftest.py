"""A real browser and a real server for the journeys.

Every page that a journey comes to is looked at: no accessibility fault, no message in the browser's console, nothing
that the content security policy had to stop, no page wider than the screen.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests import reach
from tests.journeys.house import House
from tests.journeys.visitor import Visitor

HERE = Path(__file__).parent
SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)
Arrive = Callable[..., Visitor]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker("journey")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The browser of this run; each visitor has a window with cookies of its own."""
    found = reach.chromium()
    if found is None:
        words = f"No Chromium was found ({', '.join(reach.BROWSERS)}); name one in PEERLEARN_CHROMIUM."
        if "chromium" in os.environ.get("PEERLEARN_TEST_REQUIRE", ""):
            pytest.fail(words)
        pytest.skip(words)
    expect.set_options(timeout=15_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(SWITCHES))
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def house(
    browser: Browser, migrated: str, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[House]:
    """A server of the module's own, on an empty database; a demo if the module says `DEMO = True`."""
    folder = tmp_path_factory.mktemp("house")
    shutil.copy(migrated.removeprefix("sqlite:///"), folder / "peerlearn.db")
    house = House(folder)
    house.open(demo=getattr(request.module, "DEMO", False))
    yield house
    house.close()


@pytest.fixture
def arrive(browser: Browser, house: House) -> Iterator[Arrive]:
    """Lets somebody come with a device of their own: `mara = arrive()`; options are those of a browser context."""
    numbers = count(2)
    contexts = []

    def come(**options: Any) -> Visitor:
        address = {"X-Forwarded-For": f"192.0.2.{next(numbers)}"}
        wanted = {"reduced_motion": "reduce", "viewport": {"width": 1280, "height": 800}, "locale": "en-GB"} | options
        context = browser.new_context(base_url=house.url, extra_http_headers=address, **wanted)
        context.set_default_timeout(20_000)
        contexts.append(context)
        return Visitor(context, scripts=bool(options.get("java_script_enabled", True)))

    yield come
    for context in contexts:
        context.close()
