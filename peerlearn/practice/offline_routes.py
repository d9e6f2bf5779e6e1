"""Practice without a network: the page that a device keeps, taking in what was answered there, and how that went."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response as AnyResponse

from peerlearn.accounts import current
from peerlearn.core import clock
from peerlearn.core.errors import Conflict
from peerlearn.core.gates import public, signed_in, slow_first
from peerlearn.core.templating import language
from peerlearn.practice import access, actions, arrivals, forms, queries, rules, syncing
from peerlearn.practice.blueprint import blueprint
from peerlearn.practice.models import SetQuestion
from peerlearn.quizzes import rules as quizzes
from peerlearn.quizzes.answering import Answer
from peerlearn.quizzes.kinds.registry import kind_of
from peerlearn.quizzes.question import Question
from peerlearn.quizzes.rendered import renderers
from peerlearn.ui.assets import Assets

WORKER = "practice/service-worker.js"
WITHOUT_NETWORK = ("ui/", "practice/", "quizzes/")  # features whose files a device needs there
NOT_NEEDED = (WORKER, "ui/icon-")


@blueprint.get("/service-worker.js")
@public
def service_worker() -> Response:
    """The worker that answers where there is no network. It knows the release, so a new one makes a new worker."""
    assets: Assets = current_app.extensions["assets"]
    kept = [name for name in assets.files if name.startswith(WITHOUT_NETWORK) and not name.startswith(NOT_NEEDED)]
    release = {"version": assets.version, "files": [assets.css_url, *map(assets.url, kept)]}
    release["kept"] = assets.url("practice/kept.js")
    release["leaving"] = [url_for("accounts.sign_out"), url_for("accounts.sign_out_everywhere")]
    script = f"const RELEASE = {json.dumps(release)};\n".encode() + assets.files[WORKER].body
    return Response(script, content_type="text/javascript; charset=utf-8")


@blueprint.get("/practice/offline")
@signed_in
def offline() -> str:
    """The questions of the day that are not answered yet, without any key; a device keeps this page."""
    me = current.person()
    set_id = queries.start_of(me, clock.today(me.timezone)).open_id
    sitting = access.set_of(set_id, me) if set_id else None
    waiting = [row for row in sitting.questions if row.answered_at is None] if sitting else []
    return render_template(
        "practice/offline.html",
        chrome=_bare(me.id),
        sitting=sitting,
        questions=[_presented(row, sitting.daily_set.seed) for row in waiting] if sitting else [],
        confidences=quizzes.CONFIDENCE_WORDS,
        hours=rules.POLICY.sync_hours,
    )


def _bare(person_id: int) -> dict[str, Any]:
    """The frame of a page that is shown without a network: nothing that would need one, nothing that grows old."""
    device = {"module": "practice/keeper", "person": person_id}
    return {"home_url": url_for("home.today"), "language": language(), "device": device}


def _presented(asked: SetQuestion, seed: int) -> dict[str, Any]:
    """A question as it may be seen before it is answered, without hints; its place makes the ids its own."""
    value = Question.from_json(asked.version.body)
    block, line = renderers(asked.version)
    shown = kind_of(value).present(value, seed, render=block, render_line=line)
    uid = f"{asked.position}-{shown.uid}"
    return {"asked": asked, "presented": replace(shown, uid=uid)}


@blueprint.post("/practice/take-along")
@signed_in
def take_along() -> AnyResponse:
    """Draw today's questions, if they are not drawn yet, and show the page that this device keeps."""
    try:
        actions.start_set(by=current.person(), asks=False)
    except Conflict as nothing:
        flash(_(nothing.message), "note")
        return redirect(url_for("practice.practice"))
    return redirect(url_for("practice.offline"))


@blueprint.post("/practice/offline/day")
@signed_in
def keep_day() -> dict[str, Any]:
    """Draw today's questions for a device that keeps them by itself; whether it should fetch the page."""
    return {"kept": actions.keep_set(by=current.person()) is not None}


@blueprint.get("/practice/offline/pass")
@signed_in
def offline_pass() -> dict[str, Any]:
    """What a device needs before it sends what it kept: a fresh token, and for whom."""
    return {"person": current.person().id, "token": generate_csrf()}


@blueprint.post("/practice/sets/<int:set_id>/<int:position>/sync")
@signed_in
@slow_first
def sync(set_id: int, position: int) -> dict[str, Any]:
    """Take in an answer that was given without a network, and say what became of it."""
    sitting = access.set_of(set_id, current.person())
    asked = access.asked_at(sitting, position)
    given = forms.read_answer(sitting.daily_set, asked, request.form)
    key, seconds_ago = forms.read_label(request.form)
    confidence = request.form.get("confidence")
    fate = syncing.take_in(sitting, asked, given, confidence, key=key, seconds_ago=seconds_ago, by=current.person())
    is_right = fate is syncing.Fate.COUNTED and asked.is_right
    return {"fate": fate.value, "right": is_right, "message": _fate_words(fate, asked)}


def _fate_words(fate: syncing.Fate, asked: SetQuestion) -> str:
    if fate is syncing.Fate.COUNTED:
        return _("Right") if asked.is_right else _("Partly right") if asked.mark else _("Not right yet")
    return _(syncing.WORDS[fate], hours=rules.POLICY.sync_hours)


@blueprint.get("/practice/offline/results")
@signed_in
def offline_results() -> str:
    """How the answers went that I gave without a network, and what they earned."""
    me = current.person()
    found = arrivals.newest(me.id, clock.now())
    return render_template(
        "practice/offline_results.html", rows=[_explained(row) for row in found], questions=found, person_id=me.id
    )


def _explained(asked: SetQuestion) -> dict[str, Any]:
    value = Question.from_json(asked.version.body)
    block, line = renderers(asked.version)
    kind, seed, given = kind_of(value), asked.daily_set.seed, Answer.from_json(asked.answer or {})
    stem = kind.present(value, seed, render=block, render_line=line).stem
    told = kind.explain(value, given, seed, render=block, render_line=line)
    return {"asked": asked, "stem": stem, "explained": told}
