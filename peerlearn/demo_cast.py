"""The people of the demo: how they behave, what they say, and how they answer."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from peerlearn.core import slots
from peerlearn.core.words import N_
from peerlearn.quizzes.answering import Answer
from peerlearn.quizzes.question import Question

PASSWORD = "peerlearn-demo"  # noqa: S105  # shown on the first page; such accounts are refused outside a demo
ROLES = {
    "employee": N_("An employee"),
    "author": N_("An author"),
    "curator": N_("A curator"),
    "lead": N_("A team lead"),
    "administrator": N_("An administrator"),
    "auditor": N_("An auditor"),
}
REPORTS = (
    "The second card says to ask the owner. For people outside the team it is not clear who that is.",
    "The menu has moved since the last update, so the second card sends people to the wrong place.",
)
REFLECTED = "I will take one real case of this week and try it there first."
REQUESTS = (  # who asks, what, and who wants it too
    ("Nora Berg", "Book a room in another office", ("Elif Demir", "Mei Tanaka")),
    ("Elif Demir", "Read our monthly figures without help", ("Nora Berg",)),
    ("Mei Tanaka", "Hand over a customer before going on leave", ()),
)
PRAISE = (
    "Clear from the first line, and the example is one that really happens here. The quiz asks what matters.",
    "I tried the steps as written and they work. The mistake card is what people will remember from this.",
    "Short, kind and exact. I would hand this to somebody on their first day without adding a word to it.",
)
WISHES = (
    "The example comes late: could the second card open with it? People decide early whether to read on.",
    "Please say for whom this is in the first card. It took me a moment to see that it is not only for managers.",
)


@dataclass
class Character:
    """How a demo person behaves."""

    name: str
    team: str
    skill: float
    zeal: float
    roles: list[str] = field(default_factory=list)
    writes: list[str] = field(default_factory=list)
    board: str = "hidden"
    alias: str | None = None

    @property
    def email(self) -> str:
        """An address made of the name."""
        return f"{clean_name(self.name)}@demo.example"


def clean_name(name: str) -> str:
    """A name as the first part of an address."""
    plain = name.casefold().translate(str.maketrans("áàâäçéèêëíìîïñóòôöúùûü", "aaaaceeeeiiiinoooouuuu"))
    return ".".join(plain.split())


def company(content: Path) -> tuple[list[Character], dict[str, str]]:
    """The demo's people, and who is named for each role on the first page."""
    data = tomllib.loads((content / "demo" / "people.toml").read_text(encoding="utf-8"))
    people = [Character(team=team["name"], **person) for team in data["team"] for person in team["people"]]
    return people, data["sign_in"]


def needed_topics(content: Path) -> dict[str, list[str]]:
    """Which topics the work of each team needs, as its lead says."""
    data = tomllib.loads((content / "demo" / "people.toml").read_text(encoding="utf-8"))
    return {team["name"]: team["needs"] for team in data["team"]}


def sign_ins(content: Path) -> list[tuple[str, str]]:
    """Role and address of those whom the first page names."""
    people, named = company(content)
    emails = {character.name: character.email for character in people}
    return [(role, emails[name]) for role, name in named.items()]


def answer_of(question: Question, right: bool, chance: Random) -> Answer:
    """An answer to a question: the right one, or one that somebody who does not know would give."""
    values = _right(question) if right else _wrong(question, chance)
    return Answer(question.kind, tuple(values))


def _right(question: Question) -> list[str]:
    if question.options:
        right = [option.uid for option in question.options if option.right]
        return right if question.kind == "multiple" else right[:1]
    if question.entries:
        return [entry.uid for entry in question.entries]
    if question.pairs:
        return [f"{pair.uid}={pair.uid}" for pair in question.pairs if pair.left]
    if question.gaps:
        return [(gap.choices or gap.accepted)[0] for gap in question.gaps]
    return [question.number.value if question.number else next(iter(question.accepted), REFLECTED)]


def _wrong(question: Question, chance: Random) -> list[str]:
    if question.options:
        return [chance.choice([option.uid for option in question.options if not option.right])]
    if question.entries:
        return [entry.uid for entry in reversed(question.entries)]
    if question.pairs:
        lefts = [pair.uid for pair in question.pairs if pair.left]
        return [f"{left}={other}" for left, other in zip(lefts, lefts[1:] + lefts[:1], strict=True)]
    if question.gaps:
        return [gap.choices[-1] if gap.choices else "not sure" for gap in question.gaps]
    return ["0"] if question.number else ["no idea" if question.accepted else REFLECTED]


def introduce(content: Path) -> None:
    """Name the demo's people on the sign-in page, one for each role, each a click away."""
    people = [(ROLES[role], email) for role, email in sign_ins(content)]
    slots.FILLINGS["sign in"] = []
    slots.fill("sign in", "home/demo_people.html", lambda: {"people": people, "password": PASSWORD})
