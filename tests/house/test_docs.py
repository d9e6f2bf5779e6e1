"""The docs tell the truth: what they must name is named, links lead somewhere, and the guide can be shown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from peerlearn.accounts import rules as accounts
from peerlearn.badges import rules as badges
from peerlearn.config import Settings
from peerlearn.core import markdown
from peerlearn.home import guide
from peerlearn.leaderboard import rules as leaderboard
from peerlearn.lessons import fileformat
from peerlearn.lessons import rules as lessons
from peerlearn.points import rules as points
from peerlearn.points.rule import values_of
from peerlearn.practice import rules as practice
from peerlearn.quizzes import textform
from peerlearn.quizzes.kinds.registry import KINDS
from peerlearn.review import rules as review
from peerlearn.streaks import rules as streaks

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
GUIDE = DOCS / "guide"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
GUIDE_PAGES = sorted(GUIDE.glob("*.md"))
SHOWN = [
    "today",
    "catalogue",
    "card",
    "question",
    "result",
    "editor",
    "review",
    "league",
    "boards",
    "badges",
    "welcome",
]
PICTURES = {
    f"{page}-{device}-{theme}.webp" for page, device, theme in product(SHOWN, ("desktop", "phone"), ("light", "dark"))
}
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
FENCED = re.compile(r"^(`{3,})[^\n]*\n.*?^\1$", re.MULTILINE | re.DOTALL)
MACHINE = re.compile(r"(?<![\w.~])/(?:home|root|work|tmp|Users|mnt|private|farm)/|file://|[A-Z]:\\")


def text_of(page: Path) -> str:
    """A page's text."""
    return page.read_text(encoding="utf-8")


def prose_of(page: Path) -> str:
    """A page's text without its blocks of code and its words in code."""
    return re.sub(r"`[^`\n]+`", "", FENCED.sub("", text_of(page)))


def names(pages: list[Path]) -> list[str]:
    """How tests are told apart."""
    return [str(page.relative_to(ROOT)) for page in pages]


def line_with(page: Path, words: str) -> str:
    """The row of a table that begins with these words."""
    found = [line for line in text_of(page).splitlines() if line.startswith(f"| {words} ")]
    assert found, f"{page.name} does not name “{words}”"
    return found[0]


def anchors_of(page: Path) -> set[str]:
    """The places of a page that a link can lead to."""
    headings = re.findall(r"^#+ +(.+?)\s*$", FENCED.sub("", text_of(page)), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


class Asked(dict[str, str]):
    """An environment that remembers what it was asked for."""

    def __init__(self, values: Mapping[str, str]) -> None:
        super().__init__(values)
        self.names: set[str] = set()

    def get(self, key: str, default: Any = None) -> Any:
        self.names.add(key)
        return super().get(key, default)


def settings_asked_for() -> set[str]:
    """Every variable that the settings are read from."""
    environment = Asked({"PEERLEARN_DEMO": "1"})
    Settings.from_env(environment)
    return environment.names


def test_every_setting_is_explained_to_operators() -> None:
    operate = text_of(DOCS / "operate.md")
    asked = settings_asked_for()
    assert len(asked) > 10
    assert {name for name in asked if f"`{name}`" not in operate} == set()
    named = set(re.findall(r"^\| `(PEERLEARN_\w+)`", operate, re.MULTILINE))
    assert named <= asked, "the handbook explains a setting that is not read"


def test_the_example_of_settings_names_real_ones() -> None:
    named = set(re.findall(r"^#?(\w+)=", text_of(ROOT / ".env.example"), re.MULTILINE))
    assert "PEERLEARN_SECRET_KEY" in named
    assert named <= settings_asked_for()


def test_every_command_of_the_makefile_is_named() -> None:
    targets = re.findall(r"^([a-z-]+):.*## ", text_of(ROOT / "Makefile"), re.MULTILINE)
    told = text_of(ROOT / "README.md") + text_of(ROOT / "CONTRIBUTING.md")
    assert targets
    assert [target for target in targets if target != "help" and f"make {target}" not in told] == []
    assert set(re.findall(r"make ([a-z][a-z-]+)`", told)) <= set(targets), "a command is named that is not there"


def test_every_permission_and_role_is_explained_to_administrators() -> None:
    page = GUIDE / "61-roles.md"
    for permission in accounts.PERMISSIONS.values():
        row = line_with(page, permission.title)
        assert f"`{permission.slug}`" in row
        cells = [cell.strip() for cell in row.strip("| ").split("|")]
        assert set(cells[1].split(", ")) == {accounts.ROLE_TITLES[role] for role in permission.roles}
        assert set(cells[2].split(", ")) == {accounts.RISKS[risk].lower() for risk in permission.risks}
    for title in accounts.ROLE_TITLES.values():
        assert line_with(page, title)


def test_every_point_rule_stands_in_the_guide_with_its_numbers() -> None:
    page = GUIDE / "20-points.md"
    text = text_of(page)
    for rule in points.RULES:
        numbers = values_of(rule.sentence, points.POLICY)
        if rule.cap:
            numbers[rule.cap.limit] = getattr(points.POLICY, rule.cap.limit)
        paid = rule.slug != "T5-declined"
        told = (
            line_with(page, rule.title) if paid else next(part for part in text.split("\n* ") if "is declined" in part)
        )
        for name, number in numbers.items():
            assert re.search(rf"\b{number}\b", told), f"{rule.slug}: the guide does not say {name} {number}"
    for level in (2, 3, 4, 5, 10):
        assert f"level {level}" in text.lower()
        assert f"{points.threshold(level):,}" in text
    for available in range(1, 8):
        assert f"| {available} | {streaks.needed_days(available)} |" in text


def test_the_guide_says_when_a_topic_is_held() -> None:
    text, policy = text_of(GUIDE / "16-holding.md"), practice.POLICY
    numbers = {
        "you cover %s %%": 100 * policy.target,
        "at least %s questions": policy.holder_items,
        "proven %s %% of them": 100 * policy.holder_proven,
        "at least %s people": policy.team_minimum,
        "in steps of %s %%": policy.share_step,
    }
    for words, number in numbers.items():
        assert words % f"{number:g}" in text
    for words in practice.RISK_WORDS:
        assert words.lower() in text.lower()
    assert policy.proven_days == 7
    assert policy.curve_days[-1] == 60


def test_every_badge_stands_in_the_guide_with_its_tiers() -> None:
    for badge in badges.BADGES:
        row = line_with(GUIDE / "20-points.md", badge.title)
        assert " / ".join(f"{goal:g}" for goal in badge.criteria[0].tiers) in row, badge.slug


def test_every_board_and_way_to_appear_stands_in_the_guide() -> None:
    page = GUIDE / "30-boards-and-privacy.md"
    for title in leaderboard.TABS.values():
        assert line_with(page, title)
    for title in accounts.BOARD_MODE_TITLES.values():
        assert f"**{title.split(':')[0]}**" in text_of(page)
    text = text_of(page)
    assert f"XP up to {leaderboard.POLICY.xp_cap}" in text
    assert f"Impact up to {leaderboard.POLICY.ip_cap}" in text
    assert leaderboard.POLICY.team_minimum == 3
    assert "fewer than three people" in text


def test_the_guide_names_what_curators_choose_from() -> None:
    curating, reports = text_of(GUIDE / "50-curating.md"), text_of(GUIDE / "51-reports.md")
    for words in review.RUBRIC.values():
        assert line_with(GUIDE / "50-curating.md", words)
    told = " ".join(curating.lower().split())
    for words in review.REJECT_REASONS.values():
        assert words.lower().replace(", and", " and") in told, words
    for words in review.REPORT_WORDS.values():
        assert f"| {words} |" in reports, words
    assert f"up to {review.POLICY.reports_a_day} reports a day" in reports
    assert review.POLICY.response_days == review.POLICY.claim_days == 2
    assert "two working days" in curating


def test_the_guide_names_every_kind_of_lesson_and_question_and_state() -> None:
    for kind, title in lessons.KIND_TITLES.items():
        assert line_with(GUIDE / "40-writing.md", title)
        assert f"`{kind}`" in text_of(GUIDE / "41-lesson-file.md")
    for title in lessons.STATE_TITLES.values():
        assert line_with(GUIDE / "43-after-you-submit.md", title)
    shown = [q.kind for quiz in quizzes_of(GUIDE / "42-questions.md") for q in textform.parse(quiz).questions]
    assert sorted(shown) == sorted(KINDS)


def quizzes_of(page: Path) -> list[str]:
    """The quizzes that a page shows as examples."""
    return re.findall(r"^```lesson-quiz\n(.*?)^```$", text_of(page), re.MULTILINE | re.DOTALL)


def test_examples_of_quizzes_in_the_guide_are_sound() -> None:
    for page in GUIDE_PAGES:
        for quiz in quizzes_of(page):
            found = textform.parse(quiz)
            assert found.problems == (), f"{page.name}: {found.problems}"
            assert textform.print_quiz(found.questions) == quiz, page.name


def test_examples_of_lessons_in_the_guide_are_sound() -> None:
    examples = [
        lesson
        for page in GUIDE_PAGES
        for lesson in re.findall(r"^````lesson\n(.*?)^````$", text_of(page), re.MULTILINE | re.DOTALL)
    ]
    assert examples
    for example in examples:
        file = fileformat.parse(example)
        assert file.ok
        assert fileformat.print_file(file) == example


@pytest.mark.parametrize("page", GUIDE_PAGES, ids=names(GUIDE_PAGES))
def test_a_page_of_the_guide_can_be_shown(page: Path) -> None:
    slug = re.sub(r"^\d+-", "", page.stem)
    shown = guide.page(slug)
    assert shown is not None, "the name of the file is not one that the help pages know"
    entry = next(entry for entry in guide.entries() if entry.slug == slug)
    assert entry.summary, "the first paragraph tells what the page is about"
    level = 1
    for heading in shown.headings:
        assert 2 <= heading.level <= level + 1, f"{heading.text} skips a level"
        level = heading.level
    assert shown.title
    assert not re.search(
        r"&lt;/?[a-z]+(?: [^&]*)?&gt;", re.sub(r"<pre>.*?</pre>", "", str(shown.html), flags=re.DOTALL)
    )


@pytest.mark.parametrize("page", GUIDE_PAGES, ids=names(GUIDE_PAGES))
def test_a_page_of_the_guide_links_only_to_the_guide(page: Path) -> None:
    for target in LINK.findall(prose_of(page)):
        assert target.startswith("https://") or "/" not in target, f"{target} does not exist in the help pages"


@pytest.mark.parametrize("page", PAGES, ids=names(PAGES))
def test_a_page_has_one_title(page: Path) -> None:
    titles = re.findall(r"^# ", FENCED.sub("", text_of(page)), re.MULTILINE)
    assert len(titles) == 1
    assert text_of(page).startswith("# ")


def links() -> Iterator[tuple[Path, str]]:
    """Every link and picture of the docs that is not an address on the web."""
    for page in PAGES:
        for target in LINK.findall(prose_of(page)):
            if not re.match(r"https?://|mailto:", target):
                yield page, target


def test_every_link_leads_somewhere() -> None:
    drawn = list((DOCS / "pictures").glob("*.webp"))
    for page, target in links():
        assert not target.startswith("/"), f"{page.name}: {target} starts at the root of something"
        path, _, anchor = target.partition("#")
        place = (page.parent / path).resolve() if path else page
        assert place.is_relative_to(ROOT), f"{page.name}: {target} leads out of the project"
        if place.parent == DOCS / "pictures":
            assert place.name in PICTURES, f"{page.name}: `make screenshots` does not make {place.name}"
            assert not drawn or place.exists(), f"{page.name}: {target} is missing; run `make screenshots`"
            continue
        assert place.exists(), f"{page.name}: {target} leads nowhere"
        if anchor:
            assert anchor in anchors_of(place), f"{page.name}: {target} has no such heading"


def test_every_picture_has_words() -> None:
    for page in PAGES:
        assert not re.search(r"!\[\s*\]\(", prose_of(page)), f"{page.name} shows a picture without words"


def test_every_page_can_be_reached_from_the_index() -> None:
    reached = {(page.parent / target.partition("#")[0]).resolve() for page, target in links()}
    alone = {page for page in PAGES if page.is_relative_to(DOCS) and page not in reached and page != DOCS / "README.md"}
    assert alone == set()
    assert DOCS / "README.md" in reached


def test_decisions_have_the_same_parts() -> None:
    records = sorted((DOCS / "decisions").glob("[0-9]*.md"))
    assert [int(record.name[:4]) for record in records] == list(range(1, len(records) + 1))
    for record in records:
        text = text_of(record)
        assert text.startswith(f"# {record.name[:4]}: ")
        parts = re.findall(r"^## (.+)$", text, re.MULTILINE)
        assert parts[:1] == ["Context"], record.name
        assert {"Decision", "Why", "Consequences"} <= set(parts), record.name


def test_docs_know_no_machine() -> None:
    for page in [*PAGES, ROOT / ".env.example", ROOT / "Makefile"]:
        assert not MACHINE.search(text_of(page)), f"{page.name} names a path of somebody's machine"


def test_docs_speak_calmly() -> None:
    for page in PAGES:
        found = re.search(r"\w!(?=\s|$)", prose_of(page))
        assert not found, f"{page.name} shouts"


def test_markdown_of_the_guide_stays_within_what_is_shown() -> None:
    for page in GUIDE_PAGES:
        assert len(text_of(page)) <= markdown.MAX_CHARS, page.name
