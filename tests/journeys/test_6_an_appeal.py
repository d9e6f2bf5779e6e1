"""Points came too fast and were not released; whose they are appeals, and another administrator pays them."""

from __future__ import annotations

import re
from datetime import timedelta

from peerlearn.core import clock
from peerlearn.points import actions as points
from tests import factories
from tests.journeys.conftest import Arrive
from tests.journeys.house import House
from tests.journeys.visitor import Visitor
from tests.points.deeds import happen
from tests.points.records import passed, pretest

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
WHY_NOT = "Twenty answers in a few seconds look like a script."
WORDS = "I had noted my answers the evening before, and only typed them in on the train."
WHY = "The notes are from the evening before: it was you."


def people() -> dict[str, str]:
    """Somebody whose points came too fast, and two who decide about points."""
    edda = factories.person("Edda Eager")
    start = clock.now() - timedelta(minutes=5)
    for number in range(20):
        happen(pretest(number), by=edda, at=start + timedelta(seconds=number))
    happen(passed(1), by=edda, at=start + timedelta(seconds=30))
    deciders = {name: factories.person(f"{name} Admin", roles=(("admin", 0),)).email for name in ("Ada", "Bo")}
    return deciders | {"Edda": edda.email}


def test_an_appeal(house: House, arrive: Arrive) -> None:
    emails = house.furnish(people)
    ada, edda, bo = arrive(), arrive(**PHONE), arrive()
    ada.signs_in(emails["Ada"])
    does_not_release(ada)
    edda.signs_in(emails["Edda"])
    appeals(edda)
    may_not_decide_again(ada)
    bo.signs_in(emails["Bo"])
    pays(bo)
    hears_of_it(edda)
    assert house.furnish(points.verify) == []


def does_not_release(ada: Visitor) -> None:
    ada.goes_to("/points/held")
    ada.follow(re.compile("^Edda Eager"), within="main .rows")
    ada.fill("Reason", WHY_NOT, within="main form")
    ada.press("Do not release", within="main")
    ada.sees("Decided. The person has been told.")


def appeals(edda: Visitor) -> None:
    edda.goes_to("/inbox")
    edda.press(re.compile("10 pending points were not released"), within="main")
    edda.heading("My points")
    edda.sees(WHY_NOT, within="main")
    edda.follow(re.compile("^Appeal"), within="main .rows")
    edda.heading("Appeal")
    edda.fill("Your reason", "Not fair", within="main form")
    edda.press("Appeal", within="main form")
    edda.sees("Say in 20 characters or more what the decision overlooked.")
    edda.fill("Your reason", WORDS, within="main form")
    edda.press("Appeal", within="main form")
    edda.sees("Your appeal is written down.")
    edda.sees("looks again within five workdays", within="main .rows")


def may_not_decide_again(ada: Visitor) -> None:
    ada.goes_to("/points/held")
    ada.sees("You decided about this before. Somebody else looks at the appeal.", within="main")


def pays(bo: Visitor) -> None:
    bo.goes_to("/points/held")
    bo.sees("Ada Admin did not release these points", within="main .rows")
    bo.follow(re.compile("^Edda Eager"), within="main .rows")
    bo.heading("Look again")
    bo.sees(WORDS, within="main")
    bo.sees(WHY_NOT, within="main")
    bo.fill("Reason", WHY, within="main form")
    bo.press("Pay the points", within="main")
    bo.sees("Nothing is waiting", within="main")


def hears_of_it(edda: Visitor) -> None:
    edda.goes_to("/inbox")
    edda.press(re.compile("Somebody else looked at your appeal: you were right"), within="main")
    edda.heading("My points")
    edda.sees("this is paid after all", within="main .rows")
    edda.sees(WHY, within="main .rows")
    edda.sees("50 of 100 XP", within="main")
