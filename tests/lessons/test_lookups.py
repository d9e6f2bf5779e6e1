"""What a text links to is looked up: what is not there is told, and what somebody may not open is as if it were not."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from peerlearn.accounts.models import Person
from peerlearn.app import create_app
from peerlearn.content_commands import content_group, tell_fates
from peerlearn.core.db import db as database
from peerlearn.core.words import N_, Said
from peerlearn.lessons import actions, fileformat, lint, surroundings
from peerlearn.lessons.folders import Found
from peerlearn.lessons.importing import Fate, Plan, Planned
from peerlearn.lessons.models import Lesson, Revision, Topic
from peerlearn.lint_command import lint_files
from peerlearn.quizzes.problem import error
from tests import factories
from tests.conftest import settings_for
from tests.operating.conftest import Install, run
from tests.operating.conftest import install as install

EMAIL = "owner@example.org"


def told(lesson: Lesson | None, *addresses: str, writer: Person | None = None) -> list[str]:
    """What is said of links in a text of this lesson, with the address left out."""
    links = " ".join(f"[here]({address})" for address in addresses)
    text = factories.lesson_text(factories.topic()).replace("## Take care\n", f"## Take care\n\n{links}\n")
    file = fileformat.parse(text)
    known = surroundings.known_around(lesson.id if lesson else 0, file, writer_id=writer.id if writer else None)
    found = [one for one in lint.lint(file, known) if one.code in ("dead-link", "lost-link", "dead-card")]
    return [str(one.message).replace(dict(one.values)["address"], "…") for one in found]


def test_a_page_that_is_not_there_is_told_and_one_that_is_there_is_not(db: Any) -> None:
    other, mine = factories.published_lesson(), factories.published_lesson()
    there = ("/", "/lessons", f"/lessons/{other.slug}", f"/lessons/{other.slug}/cards/1", f"/lessons/{other.slug}/quiz")
    there += ("/help", "/badges", "http://localhost/practice", "https://elsewhere.example/nowhere")
    assert told(mine, *there) == []
    gone = (
        "/topics/none",
        "/nowhere",
        "http://localhost/nowhere?a=b#c",
        f"/lessons/{other.slug}/nowhere",
        "/sign-out",
        "/lessons/",
    )
    assert told(mine, *gone) == ["There is no page at …. Correct the link or remove it."] * len(gone)
    assert told(mine, "/lessons/none", f"/lessons/{other.slug}/cards/9") == [
        "There is no published lesson at …. Correct the link or remove it.",
        "The lesson at … has only 3 cards. Correct the number of the card.",
    ]
    assert told(mine, "/practice/topics/none", f"/media/{'a' * 64}") == [
        "There is no topic at …. Correct the link or remove it.",
        "There is no picture at … that this lesson may show. Correct the link or remove it.",
    ]


@pytest.mark.parametrize("classification", ["restricted", "confidential"])
def test_a_lesson_that_an_author_may_not_open_is_as_if_it_were_not(db: Any, classification: str) -> None:
    team, topic = factories.team(), factories.topic()
    owner, mate, outsider = factories.person(team=team), factories.person(team=team), factories.person()
    front = f"classification: {classification}\naudience: [{team.slug}]\n"
    closed = f"/lessons/{factories.published_lesson(owner, topic, front=front).slug}"
    ours, theirs = (
        actions.start_lesson(kind="how-to", title=f"One more of {by.id}", topics=[topic], by=by)
        for by in (mate, outsider)
    )
    assert told(ours, closed) == []
    assert told(theirs, closed) == told(theirs, "/lessons/none") == told(ours, "/lessons/none") != []
    factories.write_along(ours, outsider)
    assert told(ours, closed) == told(ours, "/lessons/none"), "who writes along would learn that it is there"
    assert told(None, closed, writer=mate) == []
    assert told(None, closed, writer=outsider) == told(None, closed) == told(ours, "/lessons/none")


def place(install: Install) -> Flask:
    """An instance with one person and two lessons."""
    app = install("looked")
    with app.app_context():
        owner = factories.person(email=EMAIL, roles=(("admin", 0),))
        topic = factories.topic("Letters")
        factories.published_lesson(owner, topic, title="How to write a letter")
    return app


def folder_of(app: Flask, tmp_path: Path) -> Path:
    """A folder in which a lesson says what a published one says, and links to one of the same folder and to nothing."""
    folder = tmp_path / "ours" / "lessons" / "letters"
    folder.mkdir(parents=True)
    with app.app_context():
        text = database.session.scalars(select(Revision.source)).one()
        topic = database.session.scalars(select(Topic)).one()
        other = factories.lesson_text(topic, title="How to fold a letter", uid="fold-a-letter")
    links = "See [one](/lessons/fold-a-letter) and [none](/lessons/none)."
    text = text.replace("## Take care\n", f"## Take care\n\n{links}\n")
    text = text.replace("id: ", "id: my-").replace("How to write a letter", "Ways to write a note").replace(" ^", " ^x")
    (folder / "mine.md").write_text(text, "utf-8")
    (folder / "other.md").write_text(other, "utf-8")
    return tmp_path / "ours"


@pytest.mark.own_database
def test_the_command_looks_up_what_the_editor_looks_up(install: Install, tmp_path: Path) -> None:
    app = place(install)
    folder = folder_of(app, tmp_path)
    result = run(app, lint_files, folder)
    assert "also stands in “How to write a letter”" in result.output
    assert "There is no published lesson at /lessons/none." in result.output
    assert "fold-a-letter." not in result.output
    assert "not looked up" not in result.output
    alone = run(app, lint_files, folder / "lessons" / "letters" / "mine.md")
    assert "There is no published lesson at /lessons/fold-a-letter." in alone.output
    mine = folder / "lessons" / "letters" / "mine.md"
    mine.write_text(re.sub(r"topics:.*", "topics: [none]", mine.read_text("utf-8"), count=1), "utf-8")
    result = run(app, lint_files, mine)
    assert result.exit_code == 1
    assert "There is no topic “none”" in result.output


def test_without_a_database_what_can_be_checked_is_checked(tmp_path: Path) -> None:
    file = tmp_path / "one.md"
    file.write_text("---\nkind: poem\n---\n\n## One\n\n[x](/lessons/none) ![](/media/x)\n", "utf-8")
    app = create_app(settings_for(f"sqlite:///{tmp_path / 'none.db'}", tmp_path))
    result = run(app, lint_files, file)
    assert result.exit_code == 1
    assert "were not looked up: there is no database yet." in result.output
    assert "This picture has no text for people who cannot see it." in result.output
    assert "/lessons/none" not in result.output
    assert not (tmp_path / "none.db").exists(), "looking made it"


def planned(fate: Fate, name: str) -> Planned:
    found = (error(3, "x", Said(N_("It is wrong."), N_("Mend it."))),) if fate is Fate.REFUSED else ()
    return Planned(Found(Path(name), name), fate, found)


def test_of_many_files_the_folders_are_told_and_of_each_only_when_asked(capsys: pytest.CaptureFixture[str]) -> None:
    files = [planned(Fate.NEW, f"lessons/{'ab'[n % 2]}/{n}.md") for n in range(9_000)]
    files += [planned(Fate.UPDATE, f"lessons/a/u{n}.md") for n in range(3)]
    files += [planned(Fate.UNCHANGED, f"lessons/a/same{n}.md") for n in range(900)]
    files += [planned(Fate.REFUSED, f"lessons/a/bad{n}.md") for n in range(97)]
    tell_fates(Plan(tuple(files)), dry_run=True, every=False)
    out, err = capsys.readouterr()
    assert out.splitlines() == [
        "new        lessons/a/  (4500 files)",
        "new        lessons/b/  (4500 files)",
        *(f"update     lessons/a/u{n}.md" for n in range(3)),
    ]
    assert err.count("line 3: It is wrong. Mend it.") == 50
    assert "… and 47 more that are refused; --all tells of each." in err
    tell_fates(Plan(tuple(files)), dry_run=True, every=True)
    out, err = capsys.readouterr()
    assert len(out.splitlines()) == 9_903
    assert err.count("refused    lessons/a/bad") == 97
    tell_fates(Plan(tuple(files)), dry_run=False, every=False)
    out, err = capsys.readouterr()
    assert (out, err.count("refused    ")) == ("", 50)


@pytest.mark.own_database
def test_a_dry_run_passes_over_what_stays_as_it_is(install: Install, tmp_path: Path) -> None:
    app = place(install)
    folder = folder_of(app, tmp_path)
    (folder / "lessons" / "letters" / "mine.md").unlink()
    command = ("import", folder, "--owner", EMAIL)
    assert "new        lessons/letters/other.md" in run(app, content_group, *command, "--dry-run").output
    assert run(app, content_group, *command).exit_code == 0
    again = run(app, content_group, *command, "--dry-run").output
    assert "letters/other.md" not in again
    assert "1 files: 0 new, 0 update, 1 unchanged, 0 refused." in again
    assert "unchanged  lessons/letters/other.md" in run(app, content_group, *command, "--dry-run", "--all").output
