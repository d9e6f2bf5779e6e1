"""First run: an administrator begins, invites a colleague, who joins, chooses an alias and signs out everywhere."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.journeys.conftest import Arrive
from tests.journeys.house import House
from tests.journeys.visitor import Visitor

DEMO = True  # mail that is not sent can be read only there
ADMIN = "ada.admin@example.org"
ALIAS = re.compile("^Alias optional")
COLLEAGUE = "mara.lind@example.org"
PASSWORD = "seven quiet lanterns"


def test_coming_in(house: House, arrive: Arrive) -> None:
    admin, colleague = arrive(), arrive()
    the_first_administrator(admin)
    link = an_invitation_by_mail(admin)
    the_colleague_joins(colleague, link)
    an_alias(colleague)
    elsewhere = arrive()
    elsewhere.signs_in(COLLEAGUE, PASSWORD)
    signed_out_everywhere(colleague, elsewhere)
    the_first_page_works_once(arrive())


def the_first_administrator(admin: Visitor) -> None:
    admin.goes_to("/")
    admin.follow("Sign in", within="main")
    expect(admin.page).to_have_url(re.compile("/first-run$"))
    admin.fill("Your name", "Ada Admin")
    admin.fill("Mail address", ADMIN)
    admin.fill("Choose a password", "short")
    admin.press("Begin")
    admin.sees("Use at least 10 characters. A few words in a row work well.")
    expect(admin.field("Your name")).to_have_value("Ada Admin")
    admin.fill("Choose a password", PASSWORD)
    admin.press("Begin")
    admin.heading("People")


def an_invitation_by_mail(admin: Visitor) -> str:
    admin.page.locator(".account-button").click()
    admin.follow("People", within=".header")
    admin.follow("Teams", within="main")
    admin.fill("Name of the team", "Lighthouse")
    admin.press("Add", within="main")
    admin.sees("Lighthouse", within="main .rows")
    admin.follow("Invitations", within="main")
    admin.fill("Mail addresses", COLLEAGUE)
    admin.field("Team", within="main").select_option(label="Lighthouse")
    admin.press("Invite", within="main")
    admin.goes_to("/outbox")
    letter = admin.page.locator("main code").first.inner_text()
    found = re.search(r"https?://\S+/invitation/\S+", letter)
    assert found, letter
    return found[0]


def the_colleague_joins(colleague: Visitor, link: str) -> None:
    colleague.goes_to(link)
    colleague.sees(COLLEAGUE)
    colleague.fill("Your name", "Mara Lind")
    colleague.fill("Choose a password", PASSWORD)
    colleague.press("Join")
    colleague.heading(re.compile("Mara"))
    stranger = colleague.another_tab()
    stranger.page.goto(link)
    stranger.settled()
    stranger.sees(re.compile("used|no longer|expired", re.IGNORECASE))
    stranger.page.close()


def an_alias(colleague: Visitor) -> None:
    colleague.page.locator(".account-button").click()
    colleague.follow("Settings", within=".header")
    colleague.field("Alias: boards show a name I choose").check()
    colleague.press("Save")
    colleague.sees(re.compile("alias", re.IGNORECASE), within=".form-errors")
    colleague.page.get_by_label(ALIAS).fill("Silent Owl")
    colleague.press("Save")
    expect(colleague.page.get_by_label(ALIAS)).to_have_value("Silent Owl")
    colleague.page.reload()
    expect(colleague.field("Alias: boards show a name I choose")).to_be_checked()


def signed_out_everywhere(colleague: Visitor, elsewhere: Visitor) -> None:
    colleague.follow("Devices", within="main")
    expect(colleague.page.locator("main .row-item")).to_have_count(2)
    colleague.press("Sign out everywhere", within="main")
    for window in (colleague, elsewhere):
        window.goes_to("/lessons")
        expect(window.page).to_have_url(re.compile("/sign-in"))
    elsewhere.signs_in(COLLEAGUE, PASSWORD)
    elsewhere.heading(re.compile("Mara"))


def the_first_page_works_once(stranger: Visitor) -> None:
    stranger.page.goto("/first-run")
    stranger.settled()
    expect(stranger.page.get_by_label("Choose a password")).to_have_count(0)
