"""Finding and reading: the catalogue, a lesson, its cards, and what readers say of it."""

from __future__ import annotations

from dataclasses import replace

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from peerlearn.accounts import current
from peerlearn.core import clock, markdown
from peerlearn.core.errors import NotFound, NotValid
from peerlearn.core.gates import signed_in
from peerlearn.core.paging import key_from
from peerlearn.core.rewording import shortened
from peerlearn.core.templating import language
from peerlearn.learn import access, actions, forms, merged, neighbours, numbers, queries, rules
from peerlearn.learn.blueprint import blueprint
from peerlearn.learn.models import Reading
from peerlearn.learn.queries import Filters
from peerlearn.lessons import comparing, crediting, freshness, visibility
from peerlearn.lessons import queries as lessons
from peerlearn.lessons import rules as lesson_rules
from peerlearn.lessons.models import Lesson
from peerlearn.quizzes import rules as quizzes
from peerlearn.quizzes.rendered import renderers

MINUTES = (3, 5, 10)


@blueprint.get("/lessons")
@signed_in
def catalogue() -> str:
    """All published lessons: search, filters, the best first or the newest."""
    minutes = request.args.get("minutes", type=int) or 0
    filters = Filters(
        words=request.args.get("q", "")[:200],
        topic=request.args.get("topic", "")[:80],
        kind=request.args.get("kind", "")[:40],
        minutes=minutes if minutes in MINUTES else 0,
        fresh=request.args.get("new") == "1",
        order=queries.NEWEST if request.args.get("order") == queries.NEWEST else queries.BEST,
    )
    page = queries.catalogue(current.person(), filters, key_from(request.args.get("after")))
    return render_template(
        "learn/catalogue.html",
        page=page,
        filters=filters,
        topics=sorted(queries.topics_with_counts(), key=lambda found: found[0].slug != filters.topic),
        kinds=lesson_rules.KIND_TITLES,
        minutes=MINUTES,
    )


@blueprint.get("/lessons/<slug>")
@signed_in
def lesson(slug: str) -> str | Response:
    """What a lesson is about, where I stand with it, and its cards once I have learned it."""
    found = queries.lesson_by_slug(slug, current.person())
    if found is None and (newer := lessons.slug_now(slug, visibility.is_for(current.person().id))):
        return redirect(url_for("learn.lesson", slug=newer), 301)
    if "learned" not in request.args and (place := merged.leads_on(found)):
        return redirect(url_for("learn.lesson", slug=place, merged=slug))
    found, where = access.lesson_to_read(slug, current.person(), found)
    revision = found.published
    assert revision is not None
    terms = numbers.terms_of(found)
    today = clock.today(clock.organisation_zone())
    reactions = queries.reactions_of(found, current.person())
    helpful, helpful_not = (reactions.get(kind, (0, False))[0] for kind in (rules.HELPED, rules.HELPED_NOT))
    return render_template(
        "learn/lesson.html",
        lesson=found,
        revision=revision,
        where=where,
        terms=terms,
        turn=where.turn(terms, clock.now()),
        is_over=bool(where.open and quizzes.is_over(where.open.due_at, clock.now())),
        modes=quizzes.MODE_WORDS,
        reactions=reactions,
        reactions_shown=rules.SHOWN,
        helpful=rules.helpful_share(helpful, helpful + helpful_not),
        is_unhelpful=rules.is_unhelpful(helpful, helpful + helpful_not),
        kinds=lesson_rules.KIND_TITLES,
        reaction_words=rules.REACTIONS,
        is_author=_wrote(found),
        thanks=crediting.read(found.thanks_to, [author.person_id for author in found.authors]),
        former=merged.former(request.args.get("merged"), found, current.person()),
        me=current.person(),
        place=freshness.freshness(found.check_on or today, today),
        around=neighbours.around(found, revision.extras, current.person()),
        own_name=neighbours.own_name,
        stored=markdown.stored,
    )


@blueprint.get("/lessons/<slug>/changes")
@signed_in
def changes(slug: str) -> str:
    """What changed in a lesson since I learned it: its cards, word by word. Questions come back in practice."""
    found, where = access.lesson_to_read(slug, current.person())
    if where.learned is None or found.published_id is None:
        raise NotFound()
    sources = lessons.sources_of((where.learned.revision_id, found.published_id))
    told = comparing.compare(sources[where.learned.revision_id], sources[found.published_id])
    return render_template(
        "learn/changes.html",
        lesson=found,
        where=where,
        changes=replace(told, front=(), questions=(), whole=()),
        has_new_questions=any(question.state != comparing.SAME for question in told.questions),
        shortened=shortened,
    )


@blueprint.get("/lessons/<slug>/whole")
@signed_in
def whole(slug: str) -> str | Response:
    """All cards of a lesson I have begun, to read and nothing else; a device keeps this page for without a network."""
    found, where = access.lesson_to_take_along(slug, current.person())
    if not (where.reading or where.passed or _wrote(found)):
        return redirect(url_for("learn.lesson", slug=slug))
    chrome = {"home_url": url_for("home.today"), "language": language()}
    return render_template("learn/whole.html", chrome=chrome, lesson=found, stored=markdown.stored)


def _wrote(found: Lesson) -> bool:
    return any(author.person_id == current.person().id for author in found.authors)


@blueprint.post("/lessons/<slug>/start")
@signed_in
def start(slug: str) -> Response:
    """Open the lesson where I left it; a question may come first."""
    found, where = access.lesson_to_learn(slug, current.person())
    reading = actions.start_reading(found, where, by=current.person())
    if reading.pretest_version_id and not reading.pretest_answered_at:
        return redirect(url_for("learn.pretest", slug=slug))
    return redirect(url_for("learn.card", slug=slug, number=reading.card))


@blueprint.get("/lessons/<slug>/before")
@signed_in
def pretest(slug: str) -> str | Response:
    """One question before reading: right or wrong, it helps to notice what is new."""
    found, where = access.lesson_to_learn(slug, current.person())
    if where.reading is None or not where.reading.pretest_version_id or where.reading.pretest_answered_at:
        return redirect(url_for("learn.lesson", slug=slug))
    return _pretest_page(found, where.reading)


def _pretest_page(found: Lesson, reading: Reading, message: str | None = None) -> str:
    version = access.pretest_of(reading)
    presented = forms.present_pretest(reading, version, *renderers(version))
    return render_template(
        "learn/pretest.html", lesson=found, presented=presented, message=message, typed=request.form or None
    )


@blueprint.post("/lessons/<slug>/before")
@signed_in
def answer_pretest(slug: str) -> Response | tuple[str, int]:
    """Store the answer to the question before reading, then open the first card."""
    found, where = access.lesson_to_learn(slug, current.person())
    if where.reading is None:
        raise NotFound()
    version = access.pretest_of(where.reading)
    given = forms.read_pretest(where.reading, version, request.form)
    try:
        actions.answer_pretest(found, where.reading, version, given, by=current.person())
    except NotValid as problem:
        return _pretest_page(found, where.reading, problem.message), 422
    return redirect(url_for("learn.card", slug=slug, number=1))


@blueprint.get("/lessons/<slug>/cards/<int:number>")
@signed_in
def card(slug: str, number: int) -> str | Response:
    """One card of the lesson."""
    found, where = access.lesson_to_learn(slug, current.person())
    if where.reading is None:
        return redirect(url_for("learn.lesson", slug=slug))
    cards = found.published.cards  # type: ignore[union-attr]
    if not 1 <= number <= len(cards):
        raise NotFound()
    return render_template(
        "learn/card.html",
        lesson=found,
        card=cards[number - 1],
        number=number,
        total=len(cards),
        where=where,
        me=current.person(),
        stored=markdown.stored,
    )


@blueprint.post("/lessons/<slug>/cards/<int:number>")
@signed_in
def see_card(slug: str, number: int) -> Response:
    """Turn the card: it counts as seen, and the next one opens, or the quiz."""
    found, where = access.lesson_to_learn(slug, current.person())
    if where.reading is None:
        raise NotFound()
    total = len(found.published.cards)  # type: ignore[union-attr]
    actions.see_card(where.reading, number, total, by=current.person())
    if number < total:
        return redirect(url_for("learn.card", slug=slug, number=number + 1))
    if where.passed and not where.open:
        return redirect(url_for("learn.lesson", slug=slug))
    terms = numbers.terms_of(found)
    if terms.mode != quizzes.Mode.LEARN and not where.open:
        return redirect(url_for("learn.quiz", slug=slug))  # nobody's time begins by turning a card
    attempt = actions.start_attempt(found, where, by=current.person())
    return redirect(url_for("learn.question", attempt_id=attempt.id))


@blueprint.post("/lessons/<slug>/reactions/<kind>")
@signed_in
def react(slug: str, kind: str) -> Response:
    """Say that a lesson was used, useful or clear, or take it back."""
    found, where = access.lesson_to_learn(slug, current.person())
    actions.react(found, where, kind, stands=request.form.get("stands") == "1", by=current.person())
    return redirect(url_for("learn.lesson", slug=slug) + "#reactions")
