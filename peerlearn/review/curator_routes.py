"""The curator's pages: the queue, and one review with its text, changes, quiz and decision."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from peerlearn.accounts import current
from peerlearn.core import clock, markdown, rewording
from peerlearn.core.db import start_writing
from peerlearn.core.errors import NotValid
from peerlearn.core.gates import reads, requires, slow_first
from peerlearn.core.paging import key_from
from peerlearn.core.words import N_
from peerlearn.lessons import alike, comparing, visibility
from peerlearn.lessons import queries as lessons
from peerlearn.lessons.models import hue_step
from peerlearn.lessons.rules import CLASSIFICATION_TITLES
from peerlearn.quizzes import queries as quizzes
from peerlearn.review import (
    access,
    actions,
    advice,
    advising,
    background,
    copies,
    figures,
    going_live,
    impartiality,
    longer,
    numbering,
    queries,
    reliability,
    rules,
    second,
    threads,
    training,
    trial,
    waiting,
)
from peerlearn.review.blueprint import blueprint
from peerlearn.review.forms import DecisionForm, DeclineForm, RemarkForm, ReplyForm, blame, offered
from peerlearn.review.queries import Seen

View = str | Response | tuple[str, int]
PUBLISHED = N_("Published. Colleagues can learn it from now on. Thank you for the review.")
FOR_A_DAY = N_("Approved. It goes live by itself on its day. Thank you for the review.")


@blueprint.get("/review")
@requires("curate", "stand_in")
def queue() -> str:
    """What waits in my topics, the most urgent first."""
    me, now = current.person(), clock.now()
    return render_template(
        "review/queue.html",
        page=waiting.queue(me, key_from(request.args.get("after"))),
        counts=waiting.counts(me, now, clock.zone(clock.organisation_zone())),
        apart=waiting.set_apart(me),
        me=me,
        now=now,
        is_first_page=not request.args.get("after"),
        rules=rules,
        hue_step=hue_step,
    )


@blueprint.get("/review/mine")
@requires("curate", "stand_in")
def mine() -> str:
    """My own figures: agreement, load and speed. Nobody else sees them."""
    zone = clock.organisation_zone()
    me = current.person().id
    found = figures.figures(figures.decisions_of(me), clock.now(), zone, figures.other_errors([me])[me])
    return render_template("review/mine.html", figures=found, reviewer=found.reviewer, enough=reliability.ENOUGH)


@blueprint.get("/review/<int:review_id>")
@requires("curate", "stand_in")
def show(review_id: int) -> View:
    """The lesson as a reader sees it, with its quiz to try."""
    seen = access.review_to_read(review_id, current.person(), whole=True)
    if not rules.shows_text(seen.review.state):
        return redirect(url_for("review.decision", review_id=review_id))
    return _lesson_page(seen, answers=None)


@blueprint.post("/review/<int:review_id>/quiz")
@requires("curate", "stand_in")
@reads
def quiz(review_id: int) -> str:
    """Answer the quiz as a learner would: explained at once, stored nowhere."""
    return _lesson_page(access.text_to_read(review_id, current.person()), answers=trial.typed(request.form))


def _lesson_page(seen: Seen, answers: Any) -> str:
    stored = quizzes.load_quiz(seen.review.revision.quiz_id)
    return render_template(
        "review/show.html",
        cards=lessons.cards_of(seen.review.revision),
        extras=seen.review.revision.extras,
        questions=trial.sit(stored, seed=f"review:{seen.review.id}", answers=answers),
        typed=answers,
        **_frame(seen, "show"),
    )


@blueprint.get("/review/<int:review_id>/text")
@requires("curate", "stand_in")
def text(review_id: int) -> str:
    """The file with numbered lines, and the remarks on it."""
    line = request.args.get("line", type=int)
    form = RemarkForm(formdata=None, data={"line_from": line, "line_to": line, "severity": "note"})
    return _text_page(review_id, form)


@blueprint.post("/review/<int:review_id>/remarks")
@requires("curate", "stand_in")
@slow_first
def remark(review_id: int) -> View:
    """Make a remark."""
    form = RemarkForm()
    try:
        words = form.words()
        start_writing()
        review = access.review_to_decide(review_id, current.person())
        made = actions.remark(review, words, by=current.person())
    except NotValid as problem:
        blame(form, problem)
        return _text_page(review_id, form), 422
    return redirect(url_for("review.text", review_id=review_id) + f"#remark-{made.id}")


@blueprint.post("/review/remarks/<int:remark_id>/remove")
@requires("curate", "stand_in")
def remove_remark(remark_id: int) -> Response:
    """Take my own remark back."""
    found, review = access.remark_to_remove(remark_id, current.person())
    actions.remove_remark(found, review, by=current.person())
    flash(_("Your remark is gone."), "good")
    return redirect(url_for("review.text", review_id=review.id) + "#remarks")


@blueprint.post("/review/<int:review_id>/remarks/<int:remark_id>/reply")
@requires("curate", "stand_in")
def reply(review_id: int, remark_id: int) -> Response:
    """Go on about a remark of any round, or settle it."""
    review, found = access.remark_to_go_on(review_id, remark_id, current.person())
    form = ReplyForm()
    actions.reply_to(found, review, form.reply.data or "", by=current.person(), done=bool(form.done.data))
    flash(_("Settled.") if form.done.data else _("The authors read it when your review is done."), "good")
    return redirect(url_for("review.text", review_id=review_id) + f"#remark-{remark_id}")


def _text_page(review_id: int, form: RemarkForm) -> str:
    seen = access.text_to_read(review_id, current.person())
    revision = seen.review.revision
    remarks = queries.remarks_on(revision.id)
    questions = [(uid, _("Question %(number)s", number=n)) for n, uid in enumerate(numbering.question_ids(revision), 1)]
    form.question.choices = offered([("", _("none")), *questions])
    places = threads.anchors_of(remarks, revision.source).places(remarks)
    lost = [one for one in remarks if one.line_to is not None and one.id not in places]
    return render_template(
        "review/text.html",
        lines=numbering.numbered(revision.source, remarks, places),
        places=places,
        replies=threads.replies_to(remarks),
        general=[one for one in remarks if one.line_to is None],
        lost=lost,
        question_words=dict(questions),
        form=form,
        stored=markdown.stored,
        **_frame(seen, "text"),
    )


@blueprint.get("/review/<int:review_id>/changes")
@requires("curate", "stand_in")
def changes(review_id: int) -> str:
    """What is different from the last published revision."""
    seen = access.text_to_read(review_id, current.person())
    review = seen.review
    old_id = review.lesson.published_id if review.state == rules.State.OPEN else review.revision.base_id
    old = queries.source_of(old_id)
    found = comparing.compare(old, review.revision.source) if old is not None else None
    return render_template(
        "review/changes.html", changes=found, shortened=rewording.shortened, **_frame(seen, "changes")
    )


@blueprint.get("/review/<int:review_id>/background")
@requires("curate", "stand_in")
def around(review_id: int) -> str:
    """Similar lessons, and how earlier texts of the authors fared; of what is decided without a name only the first."""
    seen = access.text_to_read(review_id, current.person())
    frame = _frame(seen, "around")
    is_open_to_all = not frame["is_blind"] and not seen.had_a_hand
    found = background.background(seen.review, with_authors=is_open_to_all)
    return render_template("review/background.html", found=found, is_open_to_all=is_open_to_all, **frame)


@blueprint.get("/review/<int:review_id>/decision")
@requires("curate", "stand_in")
def decision(review_id: int) -> str:
    """Rubric, checklist and decision, and what happened so far."""
    return _decision_page(review_id, DecisionForm())


def _decision_page(review_id: int, form: DecisionForm) -> str:
    seen = access.review_to_read(review_id, current.person(), to_decide=True)
    form.version.data = form.version.data or str(seen.review.version)
    remarks = queries.remarks_on(seen.review.revision_id)
    forks = [seen.review.revision_id] if seen.is_made_from_another else []
    origins = alike.made_from(forks, visibility.is_for(current.person().id))
    return render_template(
        "review/decision.html",
        form=form,
        remarks=[one for one in remarks if one.review_id == review_id],
        replies=threads.replies_to(remarks),
        acts=queries.acts_of_review(review_id),
        decline=DeclineForm(),
        asks_for_longer=longer.is_asked(seen.review),
        copied=copies.to_tell(seen.review),
        made_from=origins.get(seen.review.revision_id),
        classes=CLASSIFICATION_TITLES,
        counsel=advising.counsel(seen.review, clock.now()),
        within=seen.within,
        checked_by=seen.checked_by,
        law=advice,
        stored=markdown.stored,
        **_frame(seen, "decision"),
    )


@blueprint.post("/review/<int:review_id>/approve")
@requires("curate", "stand_in")
def approve(review_id: int) -> View:
    """Publish it."""
    form = DecisionForm()
    review = access.review_to_decide(review_id, current.person())
    try:
        actions.approve(review, form.judgement(), by=current.person(), version=form.seen_version)
    except NotValid as problem:
        blame(form, problem)
        return _decision_page(review_id, form), 422
    flash(_(second.NOTED) if review.state == "open" else _(PUBLISHED), "good")
    return redirect(url_for("review.queue"))


@blueprint.post("/review/<int:review_id>/schedule")
@requires("curate", "stand_in")
def schedule(review_id: int) -> View:
    """Approve it for a later day."""
    form = DecisionForm()
    review = access.review_to_decide(review_id, current.person())
    try:
        moment = going_live.moment_of(form.day, clock.organisation_zone())
        judgement = form.judgement()
        actions.approve(review, judgement, by=current.person(), version=form.seen_version, goes_live_at=moment)
    except NotValid as problem:
        blame(form, problem)
        return _decision_page(review_id, form), 422
    flash(_(second.NOTED) if review.state == "open" else _(FOR_A_DAY), "good")
    return redirect(url_for("review.queue"))


@blueprint.post("/review/<int:review_id>/publish-now")
@requires("curate", "stand_in")
def publish_now(review_id: int) -> Response:
    """Do not wait for its day."""
    review = access.review_to_decide(review_id, current.person())
    going_live.publish_now(review, by=current.person())
    flash(_("Published. Colleagues can learn it from now on."), "good")
    return redirect(url_for("review.decision", review_id=review_id))


@blueprint.post("/review/<int:review_id>/request-changes")
@requires("curate", "stand_in")
def request_changes(review_id: int) -> View:
    """Give it back to its authors."""
    form = DecisionForm()
    review = access.review_to_decide(review_id, current.person())
    try:
        actions.request_changes(review, form.judgement(), by=current.person(), version=form.seen_version)
    except NotValid as problem:
        blame(form, problem)
        return _decision_page(review_id, form), 422
    flash(_("The authors see your remarks now. When they submit it again, you have the first look."), "good")
    return redirect(url_for("review.queue"))


@blueprint.post("/review/<int:review_id>/reject")
@requires("curate", "stand_in")
def reject(review_id: int) -> View:
    """Do not accept it, with a reason."""
    form = DecisionForm()
    review = access.review_to_decide(review_id, current.person())
    reason = str(form.reason.data or "")
    try:
        actions.reject(review, reason, form.judgement(), by=current.person(), version=form.seen_version)
    except NotValid as problem:
        blame(form, problem)
        return _decision_page(review_id, form), 422
    flash(_("The authors see your reason now."), "good")
    return redirect(url_for("review.queue"))


@blueprint.post("/review/<int:review_id>/claim")
@requires("curate", "stand_in")
def claim(review_id: int) -> Response:
    """Reserve it for me."""
    review = access.review_to_decide(review_id, current.person())
    actions.claim(review, by=current.person())
    return redirect(url_for("review.show", review_id=review_id))


@blueprint.post("/review/<int:review_id>/release")
@requires("curate", "stand_in")
def release(review_id: int) -> Response:
    """Give it back to the queue."""
    review = access.review_to_decide(review_id, current.person())
    actions.release(review, by=current.person())
    flash(_("It is back in the queue."), "good")
    return redirect(url_for("review.queue"))


@blueprint.post("/review/<int:review_id>/decline")
@requires("curate", "stand_in")
def decline(review_id: int) -> View:
    """Leave it to another curator, with a reason."""
    review = access.review_to_decide(review_id, current.person())
    try:
        actions.decline(review, str(DeclineForm().reason.data or ""), by=current.person())
    except NotValid as problem:
        form = DecisionForm(formdata=None)
        blame(form, problem)
        return _decision_page(review_id, form), 422
    flash(_("Another curator takes it. Thank you for saying so."), "good")
    return redirect(url_for("review.queue"))


def _frame(seen: Seen, here: str) -> dict[str, Any]:
    """What all pages of one review show around their own part."""
    review, me, now = seen.review, current.person(), clock.now()
    holder = rules.who_holds(
        review.claimed_by_id, review.claimed_until, review.first_right_id, review.first_right_until, now
    )
    is_free, close = seen.position.may_decide, seen.position.closeness
    may_act = review.state == rules.State.OPEN and is_free and holder in (None, me.id)
    return {
        "review": review,
        "is_mine": seen.had_a_hand,
        "conflict": impartiality.SENTENCES[close] if close else None,
        "stands_in": seen.position.stands_in,
        "eye": training.eye_of(me.id) if close in impartiality.CALIBRATES else None,
        "steps_in": impartiality.STEPS_IN[seen.position.steps_in] if seen.position.steps_in else None,
        "is_blind": review.is_blind and review.state == rules.State.OPEN and not seen.had_a_hand,
        "is_suggested": may_act and holder is None and seen.is_suggested,
        "may_publish": bool(review.goes_live_at) and is_free,
        "here": here,
        "holder": holder,
        "is_holder": holder == me.id and review.claimed_by_id == me.id,
        "may_act": may_act,
        "takes_two": second.NEEDED if second.takes_two(review) else None,
        "me": me,
        "now": now,
        "rules": rules,
    }
