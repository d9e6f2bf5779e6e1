"""An author writes a lesson, loses nothing on the way, and brings it through review with a curator."""

from __future__ import annotations

import re
from base64 import b64encode
from io import BytesIO

from PIL import Image
from playwright.sync_api import expect

from tests import factories
from tests.journeys import texts
from tests.journeys.conftest import Arrive
from tests.journeys.house import House
from tests.journeys.visitor import Visitor

TITLE = "Hand over work before a holiday"
SUMMARY = "summary: What to write down, for whom, and where, so that nobody has to call you on the beach."
BETTER = "Whoever looks for it finds it at once."


def people() -> tuple[str, str]:
    topic = factories.topic("Meetings")
    author = factories.person("Mara Lind")
    curator = factories.person("Jon Berg", roles=(("curator", topic.id),))
    return author.email, curator.email


def test_writing_and_approving(house: House, arrive: Arrive) -> None:
    author_email, curator_email = house.furnish(people)
    author, curator = arrive(), arrive()
    author.signs_in(author_email)
    a_template(author)
    typing_with_advice(author)
    a_question_by_form(author)
    a_picture(author)
    a_dropped_picture(author)
    without_a_network_and_back(author)
    in_two_tabs(author)
    handed_in(author)

    curator.signs_in(curator_email)
    claimed(curator)
    remarks(curator)
    changes_are_asked_for(curator)

    mended(author)
    approved(curator)
    in_the_catalogue(author)


def source(author: Visitor) -> str:
    return author.field("The lesson, as Markdown").input_value()


def saved(author: Visitor) -> None:
    author.page.keyboard.press("Control+s")
    expect(author.page.locator("[data-save-state=saved]")).to_be_visible()


def a_template(author: Visitor) -> None:
    author.follow("Write", within=".main-nav")
    author.follow("Write a lesson", within="main")
    author.fill("Title", TITLE)
    author.field("Topic").select_option(label="Meetings")
    author.field(re.compile("^How-to")).check()
    author.press("Open the editor")
    author.heading(TITLE)
    author.sees("When you need this", within=".edit-preview")


def typing_with_advice(author: Visitor) -> None:
    area = author.field("The lesson, as Markdown")
    front = re.sub(r"^summary:.*$", SUMMARY, source(author).split("\n## ")[0], flags=re.MULTILINE)
    body = texts.cards("meetings", "unused").split("---\n", 2)[2].lstrip("\n")
    area.fill(f"{front.rstrip()}\n\n{body}")
    author.sees("Name one person for each thing", within=".edit-preview")
    author.sees(re.compile("mend before you submit"), within=".edit-problems")
    author.sees(re.compile("The quiz has 2 questions"), within=".edit-problems")
    author.page.locator(".edit-outline button", has_text="Say it in one place").click()
    author.page.keyboard.press("End")
    author.page.keyboard.press("Enter")
    author.page.keyboard.type("\nSay it **once**, and link to it.\n", delay=5)
    expect(author.page.locator(".edit-preview strong", has_text="once")).to_be_visible()
    saved(author)
    author.settled()


def a_question_by_form(author: Visitor) -> None:
    author.button("Question", within="[role=toolbar]").click()
    dialog = author.page.get_by_role("dialog", name="Question")
    dialog.get_by_label("Kind of question").select_option(label="Number")
    expect(dialog.get_by_label("Right number")).to_be_visible()
    dialog.get_by_label("Question", exact=True).fill("How many places hold your notes?")
    dialog.get_by_label("Right number").fill("one, I think")
    dialog.get_by_role("button", name="Put it into the lesson").click()
    expect(dialog.get_by_role("alert")).to_be_visible()
    author.settled()
    dialog.get_by_label("Right number").fill("1")
    dialog.get_by_label("Why the answer is right").fill("With two nobody knows which is the newest.")
    dialog.get_by_role("button", name="Put it into the lesson").click()
    expect(dialog).to_be_hidden()
    assert "= 1\n" in source(author)
    author.sees("How many places hold your notes?", within=".edit-preview")
    author.sees(re.compile("^Ready to submit"), within=".edit-problems")


PASTE = """(data) => {
  const bytes = Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0));
  const pasted = new DataTransfer();
  pasted.items.add(new File([bytes], "list.png", { type: "image/png" }));
  const event = new ClipboardEvent("paste", { clipboardData: pasted, bubbles: true, cancelable: true });
  document.querySelector("#source").dispatchEvent(event);
}"""


def a_picture(author: Visitor) -> None:
    picture = BytesIO()
    Image.new("RGB", (320, 200), "teal").save(picture, "PNG")
    author.field("The lesson, as Markdown").press("Control+Home")
    author.page.locator(".edit-outline button", has_text="Make a list of what is open").click()
    author.page.keyboard.press("End")
    author.page.keyboard.press("Enter")
    author.page.keyboard.press("Enter")
    author.page.evaluate(PASTE, b64encode(picture.getvalue()).decode())
    dialog = author.page.get_by_role("dialog", name="Add a picture")
    expect(dialog).to_be_visible()
    dialog.get_by_text("Crop and size").click()
    dialog.get_by_label("Left", exact=True).press("End")
    author.sees("64 × 200 pixels are left.", within="dialog")
    dialog.get_by_label("What it shows").fill("A list with three open things")
    author.settled()
    dialog.get_by_role("button", name="Add the picture").click()
    expect(dialog).to_be_hidden()
    author.page.keyboard.press("Enter")
    shown = author.page.locator(".edit-preview img")
    expect(shown).to_have_attribute("alt", "A list with three open things")
    expect(shown).to_have_js_property("naturalWidth", 64)
    saved(author)


DROP = """([data, type]) => {
  const bytes = Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0));
  const carried = new DataTransfer();
  carried.items.add(new File([bytes], "wall." + type, { type: "image/" + type }));
  const area = document.querySelector("#source");
  const said = (name) =>
    area.dispatchEvent(new DragEvent(name, { dataTransfer: carried, bubbles: true, cancelable: true }));
  return [said("dragover"), said("drop")];
}"""


def a_dropped_picture(author: Visitor) -> None:
    """A photograph of a camera, let go above the text: asked what it shows, made small, kept without its places."""
    picture = BytesIO()
    Image.effect_noise((3200, 2000), 40).convert("RGB").save(picture, "JPEG", quality=40)
    assert author.page.evaluate(DROP, [b64encode(picture.getvalue()).decode(), "jpeg"]) == [False, False], "taken"
    dialog = author.page.get_by_role("dialog", name="Add a picture")
    expect(dialog.get_by_label("What it shows")).to_be_focused()
    dialog.get_by_role("button", name="Add the picture").click()
    expect(dialog).to_be_visible()  # nobody knows yet what it shows
    dialog.get_by_label("What it shows").fill("The wall with all open things")
    author.settled()
    dialog.get_by_role("button", name="Add the picture").click()
    expect(dialog).to_be_hidden()
    shown = author.page.locator(".edit-preview img").nth(1)
    expect(shown).to_have_attribute("alt", "The wall with all open things")
    expect(shown).to_have_js_property("naturalWidth", 1600)
    expect(shown).to_have_js_property("naturalHeight", 1000)
    saved(author)


# A browser that closes a tab gives it the network back for a moment, and the tab saves. This one is killed instead.
NO_LAST_WORD = "() => { window.fetch = () => new Promise(() => {}); }"


def without_a_network_and_back(author: Visitor) -> None:
    address = author.page.url
    author.context.set_offline(True)
    write_at_the_end_of(author, "Say it in one place", "Typed on a train without a network.")
    author.page.keyboard.press("Control+s")
    expect(author.page.locator("[data-save-state=offline]")).to_be_visible()
    author.sees("No connection. Your text is kept on this device.")
    author.page.evaluate(NO_LAST_WORD)
    with author.page.expect_event("close"):
        author.page.close()
    author.opens_a_new_tab()  # while there is no network: the old tab must be gone before there is one again
    author.context.set_offline(False)
    author.goes_to(address)
    author.sees("What you typed here earlier, without a connection, is back and saved.")
    assert "Typed on a train without a network." in source(author)
    author.page.reload()
    assert "Typed on a train without a network." in source(author)


def write_at_the_end_of(author: Visitor, card: str, words: str) -> None:
    author.page.locator(".edit-outline button", has_text=card).click()
    author.page.keyboard.press("End")
    author.page.keyboard.insert_text(f"\n\n{words}")


def in_two_tabs(author: Visitor) -> None:
    other = author.another_tab()
    other.goes_to(author.page.url)
    only_looking_saves_nothing(other)
    write_at_the_end_of(other, "Name one person for each thing", "Typed in the second tab.")
    saved(other)
    write_at_the_end_of(author, "Say it in one place", "Typed in the first tab.")
    saved(author)
    author.sees("What you changed in another tab is in it too: card 2.")
    assert "Typed in the second tab." not in source(author), "nobody writes into what somebody types"
    author.button("Bring it into my text").click()
    expect(author.field("The lesson, as Markdown")).to_have_value(re.compile("Typed in the second tab."))
    assert "Typed in the first tab." in source(author)
    other.page.close()


def only_looking_saves_nothing(other: Visitor) -> None:
    with other.page.expect_event("requestfinished", lambda sent: "/save" in sent.url, timeout=15_000) as typed:
        other.page.keyboard.press("Control+s")
        other.page.wait_for_timeout(500)
        write_at_the_end_of(other, "Name one person for each thing", "Typed to see when it is saved.")
        saved(other)
    assert "Typed to see when it is saved." in (typed.value.post_data or "")


def handed_in(author: Visitor) -> None:
    author.press("Submit for review")
    author.sees("Handed in. A curator reads it next, and you will hear from them here.")
    author.sees("In review", within="main h2")


def claimed(curator: Visitor) -> None:
    curator.follow(re.compile("^Review"), within=".main-nav")
    curator.follow(TITLE, within="main")
    curator.press("Review this")
    curator.sees("You are reviewing this. Nobody else decides until your time is up.")
    curator.follow("Lesson and quiz", within="main")
    curator.field("Write what is open and who looks after it").check()
    curator.press("Check the answers")
    curator.sees("One thing, one name: they can act without you.")


def remarks(curator: Visitor) -> None:
    curator.follow("Text and remarks", within="main")
    line = curator.page.locator(".source-line", has_text="Whoever looks for it finds it.")
    number = line.locator(".source-number").inner_text()
    curator.field(re.compile("^Suggestion")).check()
    curator.page.get_by_label("From line").fill(number)
    curator.page.get_by_label("To line").fill(number)
    curator.fill("Your remark", "This could say **how soon**.")
    curator.fill("What should stand there instead", f"  > {BETTER}")
    curator.press("Add the remark")
    curator.sees("how soon", within=".remark")
    curator.field(re.compile("^Blocking")).check()
    curator.fill("Your remark", "Please say in the first card for whom this is.")
    curator.press("Add the remark")
    curator.sees("Please say in the first card for whom this is.", within=".remark")


def changes_are_asked_for(curator: Visitor) -> None:
    curator.follow("Decision", within="main")
    curator.press("Ask for changes")
    curator.sees("The authors see your remarks now. When they submit it again, you have the first look.")


def mended(author: Visitor) -> None:
    author.goes_to("/inbox")
    author.press(re.compile(TITLE), within="main")
    author.sees("What the curator says")
    author.press("Take it over")
    assert BETTER in source(author)
    blocking = author.page.locator(".remark-blocking")
    blocking.get_by_label("Your answer").fill("It says so now.")
    with author.page.expect_navigation():
        blocking.get_by_role("button", name="Done", exact=True).click()
    author.settled()
    write_at_the_end_of(author, "Make a list of what is open", "This is for everybody who goes on holiday.")
    author.press("Submit for review")
    author.sees("Handed in. A curator reads it next, and you will hear from them here.")


def approved(curator: Visitor) -> None:
    curator.goes_to("/review")
    curator.follow(TITLE, within="main")
    if curator.page.get_by_role("button", name="Review this").count():
        curator.press("Review this")
    curator.follow("Decision", within="main")
    for criterion in ("Correct", "Clear", "Useful on the job", "Quality of the quiz"):
        curator.field(criterion).select_option(value="4.5")
    curator.press("Approve and publish")
    curator.sees("Answer all six points of the checklist.", within="main")
    for answer in curator.page.get_by_label("Yes", exact=True).all():
        answer.check()
    curator.press("Approve and publish")
    curator.sees("Published. Colleagues can learn it from now on. Thank you for the review.")


def in_the_catalogue(author: Visitor) -> None:
    author.follow("Learn", within=".main-nav")
    author.fill("Search lessons and questions", "beach holiday")
    author.press("Search", within="main")
    author.follow(TITLE, within="main")
    author.heading(TITLE)
    expect(author.page.locator("main img[alt='A list with three open things']")).to_be_visible()
    author.sees("This is for everybody who goes on holiday.")
