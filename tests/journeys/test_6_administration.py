"""An administrator on a phone: import, teams, topics, roles, accounts that end at once, pending points, the record."""

from __future__ import annotations

import re
from datetime import timedelta

from playwright.sync_api import expect

from peerlearn.core import clock
from tests import factories
from tests.journeys.conftest import Arrive
from tests.journeys.house import House
from tests.journeys.visitor import Visitor
from tests.points.deeds import happen
from tests.points.records import pretest

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
WRONG = "email;name;team\nmara.lind@example.org;Mara Lind;Lighthouse\nnot an address;Jon Berg;\n"
RIGHT = "email;name;team\nmara.lind@example.org;Mara Lind;Lighthouse\njon.berg@example.org;Jon Berg;\n"


def people() -> tuple[str, str]:
    """An administrator, a colleague, and somebody whose points came too fast."""
    admin = factories.person("Ada Admin", roles=(("admin", 0),))
    leaver = factories.person("Leo Leaver")
    eager = factories.person("Edda Eager")
    for number in range(23):
        happen(pretest(number), by=eager, at=clock.now() - timedelta(minutes=5) + timedelta(seconds=number))
    return admin.email, leaver.email


def test_administration(house: House, arrive: Arrive) -> None:
    admin_email, leaver_email = house.furnish(people)
    admin = arrive(**PHONE)
    admin.signs_in(admin_email)
    a_team(admin)
    an_import(admin)
    a_topic(admin)
    a_role(admin)
    leaver = arrive()
    leaver.signs_in(leaver_email)
    an_account_ends(admin, leaver, leaver_email)
    pending_points(admin)
    points_economy(admin)
    the_record(admin)


def opens(admin: Visitor, place: str) -> None:
    """Through the account menu."""
    admin.page.locator(".account-button").click()
    admin.follow(place, within=".header")


def a_team(admin: Visitor) -> None:
    opens(admin, "Teams")
    admin.fill("Name of the team", "Lighthouse")
    admin.press("Add", within="main")
    admin.sees("The team is added.")
    admin.sees("Lighthouse", within="main .rows")


def an_import(admin: Visitor) -> None:
    admin.follow("Import", within="main")
    dry_run(admin, WRONG)
    admin.sees("Nothing can be imported while a row has a problem. Mend the file and choose it again.")
    admin.sees("not an address", within="main table")
    admin.follow("Import", within="main .tabs")
    dry_run(admin, RIGHT)
    expect(admin.page.locator("main tbody tr")).to_have_count(2)
    meanwhile = admin.another_tab()
    meanwhile.goes_to("/people")
    meanwhile.misses("Mara Lind")
    meanwhile.page.close()
    admin.press("Import all rows")
    admin.sees("Imported: 2 new, 0 changed.")
    admin.sees("Mara Lind", within="main")


def dry_run(admin: Visitor, text: str) -> None:
    admin.field("CSV file").set_input_files({"name": "people.csv", "mimeType": "text/csv", "buffer": text.encode()})
    admin.press("Look at it first")
    admin.heading("What would happen")


def a_topic(admin: Visitor) -> None:
    opens(admin, "Topics")
    admin.fill(re.compile("^Name"), "Handing over")
    admin.press(re.compile("^Add"), within="main")
    admin.sees("The topic is added.")
    admin.sees("Handing over", within="main")


def a_role(admin: Visitor) -> None:
    opens(admin, "People")
    admin.fill("Name or address", "mara")
    admin.press("Show", within="main")
    admin.follow(re.compile("^Mara Lind"), within="main .rows")
    admin.field("Curator for").select_option(label="Handing over")
    admin.fill("Why, if they have not prepared", "She handed over three teams.")
    with admin.page.expect_navigation():
        admin.page.locator("form", has=admin.page.get_by_label("Curator for")).get_by_role(
            "button", name="Give"
        ).click()
    admin.settled()
    admin.sees("The role is given. It holds at once.")
    admin.sees("Handing over", within="main .rows")
    admin.press("Take away", within="main")
    admin.sees("The role is taken. This holds at once.")


def an_account_ends(admin: Visitor, leaver: Visitor, email: str) -> None:
    leaver.heading(re.compile("Leo"))
    admin.goes_to("/people?q=leo")
    admin.follow(re.compile("^Leo Leaver"), within="main .rows")
    admin.follow("Deactivate", within="main")
    admin.press(re.compile("eactivate"), within="main")
    admin.sees("The account is closed and signed out everywhere.")
    leaver.goes_to("/lessons")
    expect(leaver.page).to_have_url(re.compile("/sign-in"))
    leaver.fill("Mail address", email)
    leaver.fill("Password", factories.PASSWORD)
    leaver.press("Sign in", within="main")
    leaver.sees("This address and password do not fit together.", within="main")


def pending_points(admin: Visitor) -> None:
    opens(admin, "Pending points")
    admin.follow(re.compile("Edda Eager|Decide"), within="main")
    admin.fill(re.compile("."), "I asked: these were read the evening before.", within="main form")
    admin.press("Release", within="main")
    admin.heading("Pending points")


def points_economy(admin: Visitor) -> None:
    opens(admin, "Points economy")
    admin.heading("Points economy")
    admin.sees("Answer a question before reading", within="main")
    expect(admin.page.get_by_text("Edda Eager")).to_have_count(0)


def the_record(admin: Visitor) -> None:
    opens(admin, "What happened")
    admin.heading("Record")
    for words in ("deactivated|closed", "imported|Imported", "Handing over|topic", "Curator|curator"):
        admin.sees(re.compile(words), within="main table")
