"""The catalogue: what stands where."""

from __future__ import annotations

from collections.abc import Callable

from peerlearn.accounts.models import Person
from tests import factories
from tests.page import Client, text_of


def test_the_chosen_topic_comes_first_and_the_others_by_name(
    client_for: Callable[[Person], Client], db: object
) -> None:
    topics = [factories.topic(name) for name in ("Apples", "Bread", "Cheese")]
    browser = client_for(factories.person())

    def order(url: str) -> list[str]:
        tags = [link for link in browser.get(url).all("a") if "tag-topic" in link.get("class", "")]
        return [text_of(tag).split(" ")[0] for tag in tags]

    assert order("/lessons") == ["All", "Apples", "Bread", "Cheese"]
    assert order(f"/lessons?topic={topics[2].slug}") == ["All", "Cheese", "Apples", "Bread"]
