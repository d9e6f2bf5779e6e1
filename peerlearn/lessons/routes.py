"""What this feature gives to the application: its pages, and the topics that people can be made curators of."""

from __future__ import annotations

from flask.blueprints import BlueprintSetupState
from flask_babel import gettext

from peerlearn.accounts import record, scopes
from peerlearn.lessons import (
    audience_routes,
    author_routes,
    exchange_routes,
    history_routes,
    merge_routes,
    picture_routes,
    queries,
    question_routes,
    start_routes,
    topic_routes,
    write_routes,
)
from peerlearn.lessons.blueprint import blueprint
from peerlearn.quizzes.exchange.report import Loss
from peerlearn.quizzes.problem import Problem

PAGES = (
    start_routes,
    write_routes,
    audience_routes,
    author_routes,
    merge_routes,
    question_routes,
    exchange_routes,
    picture_routes,
    history_routes,
    topic_routes,
)


@blueprint.record_once
def prepare(state: BlueprintSetupState) -> None:
    """Tell accounts for what a curator can be responsible, and what lessons and topics are called."""
    scopes.offer_curator_scopes(queries.curator_scopes)
    record.offer_titles(queries.titles)
    state.app.jinja_env.filters["problem_words"] = problem_words
    state.app.jinja_env.filters["loss_words"] = loss_words


def problem_words(problem: Problem) -> str:
    """What is wrong and how to mend it, in the reader's language: `{{ problem|problem_words }}`."""
    return problem.words(gettext)


def loss_words(loss: Loss) -> str:
    """What did not come along and what to do, in the reader's language: `{{ loss|loss_words }}`."""
    return loss.words(gettext)
