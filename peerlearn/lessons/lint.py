"""What could be better in a lesson, and how to mend it. One function per rule; only errors block.

To add a rule, write one function here and mark it with `@rule`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from peerlearn.core import complexity, text
from peerlearn.core.words import N_, Said
from peerlearn.lessons import cardtitles, rules
from peerlearn.lessons import classifying as classifying
from peerlearn.lessons import leaks as leaks
from peerlearn.lessons import links as links
from peerlearn.lessons import markup as markup
from peerlearn.lessons import naming as naming
from peerlearn.lessons import options as options
from peerlearn.lessons import picturing as picturing
from peerlearn.lessons import quizterms as quizterms
from peerlearn.lessons import wording as wording
from peerlearn.lessons.fileformat import LessonFile
from peerlearn.lessons.inspection import RULES, Found, Subject, outside_code, rule, say
from peerlearn.lessons.inspection import Known as Known
from peerlearn.lessons.inspection import blocks as blocks
from peerlearn.lessons.inspection import count_words as count_words
from peerlearn.lessons.inspection import too_complex as too_complex
from peerlearn.lessons.outlines import outlined
from peerlearn.lessons.templating import prompts
from peerlearn.quizzes.kinds.registry import counts
from peerlearn.quizzes.problem import Problem

SHARED_TEXT = Said(
    N_("%(share)s %% of the text also stands in “%(other)s”."), N_("Link to it instead of saying it again.")
)
SAME_TEXT = Said(
    N_("%(share)s %% of the text also stands in “%(other)s”."), N_("Check that yours is not the same lesson.")
)
MAX_PROBLEMS = 60
PER_RULE = 6  # of each level: many warnings hide no error


def lint(file: LessonFile, known: Known | None = None, policy: rules.Policy = rules.POLICY) -> tuple[Problem, ...]:
    """Everything to mend in a lesson, the file's own problems included: errors first, then in the order of lines."""
    found = list(file.problems)
    if not any(p.code in {"too-big", "no-front", "open-front"} for p in found):
        prose = tuple(tuple(outside_code(card)) for card in file.cards)
        subject = Subject(file, known or Known(), policy, prose, outlined(file))
        for each in RULES:
            found += _few(each(subject))
    order = ("error", "warning", "hint")
    unique = dict.fromkeys(found)
    return tuple(sorted(unique, key=lambda problem: (order.index(problem.level), problem.line))[:MAX_PROBLEMS])


def _few(found: Found) -> Iterator[Problem]:
    """The first findings of a rule, of each level."""
    seen: Counter[str] = Counter()
    for problem in found:
        seen[problem.level] += 1
        if seen[problem.level] <= PER_RULE:
            yield problem


_EMPHASISED = re.compile(r"\*[^*\n]{1,300}\*")


@rule
def title_and_summary(subject: Subject) -> Found:
    """Both say enough in a list, and fit into it."""
    front, policy = subject.file.front, subject.policy
    for name, value, least, most in (
        ("title", front.title, policy.title_minimum, policy.title_maximum),
        ("summary", front.summary, policy.summary_minimum, policy.summary_maximum),
    ):
        if value and not least <= len(value) <= most:
            yield say(
                "error",
                front.line_of(name),
                f"{name}-length",
                Said(N_("The %(name)s has %(count)s characters."), N_("Use %(least)s to %(most)s.")),
                name=name,
                count=len(value),
                least=least,
                most=most,
            )


@rule
def front_bounds(subject: Subject) -> Found:
    """Lists and lines of the block at the top stay short."""
    front, policy = subject.file.front, subject.policy
    for name, most in (
        ("topics", policy.topics_maximum),
        ("tags", policy.tags_maximum),
        ("sources", policy.sources_maximum),
        ("prerequisites", policy.tags_maximum),
        ("related", policy.tags_maximum),
    ):
        values = getattr(front, name)
        if len(values) > most:
            message = Said(N_("There are %(count)s %(name)s."), N_("Keep the %(most)s that matter most."))
            yield say("error", front.line_of(name), f"many-{name}", message, count=len(values), name=name, most=most)
    for name in ("tags", "sources", "try_it", "why_longer"):
        value = getattr(front, name)
        if any(len(part) > policy.line_maximum for part in ((value,) if isinstance(value, str) else value)):
            message = Said(N_("“%(name)s” is longer than %(most)s characters."), N_("Shorten it."))
            yield say("error", front.line_of(name), "long-field", message, name=name, most=policy.line_maximum)


@rule
def known_topics(subject: Subject) -> Found:
    """A lesson is filed where people look for it."""
    topics, front = subject.known.topics, subject.file.front
    for slug in front.topics if topics is not None else ():
        if slug not in (topics or ()):
            message = Said(N_("There is no topic “%(slug)s”."), N_("Use one of: %(topics)s."))
            listed = ", ".join(sorted(topics or ())[:20])
            yield say("error", front.line_of("topics"), "unknown-topic", message, slug=slug[:60], topics=listed)


@rule
def own_title(subject: Subject) -> Found:
    """Two lessons with one title cannot be told apart."""
    front = subject.file.front
    mine = text.name_key(front.title)
    if not mine:
        return
    for other in subject.known.titles.values():
        if text.name_key(other) == mine:
            message = Said(N_("Another lesson has this title already."), N_("Say what is different in yours."))
            yield say("error", front.line_of("title"), "same-title", message)
            return
    near = [other for other in subject.known.titles.values() if _alike(front.title, other, subject.policy)]
    for other in near[:2]:
        message = Said(N_("The title is close to “%(other)s”."), N_("Check that yours is not the same lesson."))
        yield say("warning", front.line_of("title"), "similar-title", message, other=other)


def _alike(one: str, other: str, policy: rules.Policy) -> bool:
    return text.title_similarity(one, other) > policy.similar_title


@rule
def own_text(subject: Subject) -> Found:
    """What another lesson says already is learned there."""
    for other in subject.known.similar:
        if other.share < subject.policy.similar_text:
            continue
        much = other.share >= subject.policy.similar_text_much
        yield say(
            "warning" if much else "hint",
            subject.file.front.line_of("title"),
            "similar-text",
            SAME_TEXT if much else SHARED_TEXT,
            share=round(other.share * 100),
            other=other.title,
            lesson=other.slug,
        )


@rule
def sources_given(subject: Subject) -> Found:
    """Guides and references say where their facts come from."""
    front = subject.file.front
    if front.kind in rules.KINDS_WITH_SOURCES and not front.sources:
        message = Said(
            N_("This kind of lesson names its sources."), N_("Add “sources:” with a line “  - https://…” for each.")
        )
        yield say("warning", front.line_of("kind"), "no-sources", message)


@rule
def card_count(subject: Subject) -> Found:
    """Three to seven screens are one sitting."""
    count, policy = len(subject.file.cards), subject.policy
    if not policy.cards_minimum <= count <= policy.cards_maximum:
        line = subject.file.cards[policy.cards_maximum].line if count > policy.cards_maximum else 1
        message = Said(
            N_("The lesson has %(count)s cards."), N_("Use %(least)s to %(most)s; each begins with “## Title”.")
        )
        values = {"count": count, "least": policy.cards_minimum, "most": policy.cards_maximum}
        yield say("error", line, "card-count", message, **values)


@rule
def cards_filled(subject: Subject) -> Found:
    """A card has a title and says something."""
    seen: set[str] = set()
    for card in subject.file.cards:
        key = text.name_key(card.title)
        if not key:
            yield say(
                "error", card.line, "card-title", Said(N_("This card has no title."), N_("Write it after the two ##."))
            )
        elif len(card.title) > subject.policy.title_maximum:
            message = Said(N_("This card's title is longer than %(most)s characters."), N_("Shorten it."))
            yield say("error", card.line, "card-title", message, most=subject.policy.title_maximum)
        elif key in seen:
            yield say(
                "warning",
                card.line,
                "same-card-title",
                Said(N_("Two cards have this title."), N_("Rename one of them.")),
            )
        seen.add(key)
        if not card.body:
            yield say(
                "error", card.line, "empty-card", Said(N_("This card is empty."), N_("Write its text or remove it."))
            )


@rule
def length(subject: Subject) -> Found:
    """A lesson fits between two meetings."""
    file, policy = subject.file, subject.policy
    words = count_words(file)
    exact = rules.minutes(words, file.asked, policy=policy)
    values = {"minutes": rules.whole_minutes(exact), "most": round(policy.minutes_maximum)}
    if rules.is_too_long(exact, subject.known.minutes_allowed, policy) and not file.front.why_longer:
        message = Said(
            N_("This takes about %(minutes)s minutes; %(most)s is the limit."),
            N_("Split it into two lessons, or add “why_longer:” at the top with the reason: a curator decides."),
        )
        yield say("error", 1, "too-long", message, **values)
    elif rules.is_too_long(exact, subject.known.minutes_allowed, policy):
        message = Said(
            N_("This takes about %(minutes)s minutes; %(most)s is the limit. A curator reads your reason and decides."),
            N_("Split it into two lessons if you can."),
        )
        yield say("warning", file.front.line_of("why_longer"), "asks-for-longer", message, **values)
    elif exact > policy.minutes_advised:
        message = Said(
            N_("This takes about %(minutes)s minutes."),
            N_("Shorten or split it: %(most)s or less gets finished more often."),
        )
        values = {"minutes": rules.whole_minutes(exact), "most": round(policy.minutes_advised)}
        yield say("warning", 1, "long", message, **values)
    elif words > policy.words_advised:
        message = Said(
            N_("The cards have %(words)s words."),
            N_("Leave out what can be left out: under %(most)s is easier to keep in mind."),
        )
        yield say("warning", 1, "wordy", message, words=words, most=policy.words_advised)
    if sum(len(card.body) for card in file.cards) > policy.characters_maximum:
        message = Said(N_("The cards have more than %(most)s characters."), N_("Split the lesson."))
        yield say("error", 1, "too-many-characters", message, most=policy.characters_maximum)


@rule
def reason_for_length(subject: Subject) -> Found:
    """Whoever asks for a longer lesson says why in a sentence."""
    front, policy = subject.file.front, subject.policy
    if 0 < len(front.why_longer) < policy.longer_minimum:
        message = Said(
            N_("The reason for the length is too short to judge."),
            N_("Say in a sentence why it is longer: %(least)s characters or more."),
        )
        yield say("error", front.line_of("why_longer"), "why-longer", message, least=policy.longer_minimum)


@rule
def shortness(subject: Subject) -> Found:
    """A short lesson is welcome; its author knows beforehand what publishing it brings."""
    file, policy = subject.file, subject.policy
    words, questions = count_words(file), sum(counts(question.kind) for question in file.questions)
    if words < policy.words_paid and questions < policy.questions_paid:
        message = Said(
            N_("The cards have %(words)s words. A short lesson is welcome."),
            N_("Write %(least)s words or %(questions)s questions if publishing it should bring points."),
        )
        yield say("hint", 1, "short", message, words=words, least=policy.words_paid, questions=policy.questions_paid)


@rule
def showable(subject: Subject) -> Found:
    """Everything can be shown in a moment."""
    for card in subject.file.cards:
        try:
            complexity.check(card.body)
        except complexity.TooComplex as trouble:
            yield too_complex(card.line, trouble)
    for shown in subject.shown:
        if shown.trouble:
            yield too_complex(shown.part_line, shown.trouble)


@rule
def scenario_asked(subject: Subject) -> Found:
    """One question lets people use what they learned."""
    questions = subject.file.questions
    if questions and not any("scenario" in question.flags for question in questions):
        message = Said(
            N_("No question is about a situation at work."), N_("Ask at least one, and mark it: ## single scenario.")
        )
        yield say("hint", questions[0].line, "no-scenario", message)


@rule
def card_links(subject: Subject) -> Found:
    """A question points to a card that exists."""
    count = len(subject.file.cards)
    for question in subject.file.questions:
        if question.card is not None and question.card > count:
            message = Said(
                N_("“Card: %(card)s” points to a card that is not there."), N_("Name one of the lesson's %(count)s.")
            )
            yield say("error", question.line, "unknown-card", message, card=question.card, count=count)


@rule
def own_questions(subject: Subject) -> Found:
    """A question's mark belongs to one lesson only."""
    for question in subject.file.questions:
        if question.uid in subject.known.foreign_questions:
            message = Said(
                N_("The mark ^%(uid)s belongs to a question of another lesson."), N_("Remove it; a new one is added.")
            )
            yield say("error", question.line, "foreign-question", message, uid=question.uid)


@rule
def prompts_replaced(subject: Subject) -> Found:
    """What the template asked for was written."""
    asked = prompts()
    for number, line in subject.lines:
        if any(part in asked for part in _EMPHASISED.findall(line)):
            message = Said(N_("This is still the text of the template."), N_("Replace it with yours, or remove it."))
            yield say("error", number, "template-text", message)
    for question in subject.file.questions:
        if question.stem in asked or any(option.text in asked for option in question.options):
            message = Said(N_("This question still holds text of the template."), N_("Replace it with yours."))
            yield say("error", question.line, "template-text", message)


@rule
def example_shown(subject: Subject) -> Found:
    """One worked example is worth a page of rules."""
    is_unsaid = cardtitles.lacks_example((card.title for card in subject.file.cards), subject.file.front.language)
    marked = any(line.lstrip().startswith("!!! example") for _, line in subject.lines)
    has_picture = any(text.is_card and text.outline.pictures for text in subject.shown)
    if subject.file.cards and is_unsaid and not (marked or has_picture):
        message = Said(
            N_("There is no worked example."), N_("Show one: a card, or a callout that begins with “!!! example”.")
        )
        yield say("hint", subject.file.cards[0].line, "no-example", message)


@rule
def mistake_named(subject: Subject) -> Found:
    """A common mistake, named, is one that fewer people make."""
    is_unsaid = cardtitles.lacks_mistake((card.title for card in subject.file.cards), subject.file.front.language)
    marked = any(line.lstrip().startswith(("!!! mistake", "!!! warning")) for _, line in subject.lines)
    if subject.file.cards and is_unsaid and not marked:
        message = Said(
            N_("No common mistake is named."), N_("Name one: a card, or a callout that begins with “!!! mistake”.")
        )
        yield say("hint", subject.file.cards[-1].line, "no-mistake", message)
