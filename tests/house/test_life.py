"""No deed writes what a lesson's life is made of without standing in the one table of acts (`lessons/machine.py`)."""

from __future__ import annotations

from peerlearn.lessons.machine import ACTS
from tests.house.writing import modules, writing_deeds

DONE_BY = {
    "analysis.regrading.correct": "correct recall",
    "analysis.deciding.dismiss": "verify",
    "lessons.actions.discard": "discard",
    "lessons.actions.hand_in": "save submit take_in",
    "lessons.actions.import_file": "bring_file",
    "lessons.actions.publish": "approve approve_second publish_edit publish_now go_live supersede",
    "lessons.actions.reject": "reject",
    "lessons.actions.request_changes": "request_changes",
    "lessons.actions.restore": "restore",
    "lessons.actions.revise": "revise take_in hand_in_words",
    "lessons.actions.save_draft": "save accept bring_file take_in hand_in_words",
    "lessons.actions.submit": "submit take_in hand_in_words",
    "lessons.actions.withdraw": "withdraw recall",
    "lessons.amending.amend": "take_over",
    "lessons.correcting.correct_question": "correct recall",
    "lessons.importing._take_in_all": "bring_file",
    "lessons.importing.take_in": "bring_file",
    "lessons.merging.keep": "merge",
    "lessons.owners.hand_over": "hand_over name_owner",
    "lessons.showing.archive": "archive expire merge",
    "lessons.showing.doubt": "doubt hand_over",
    "lessons.showing.hand_back_in": "appeal",
    "lessons.showing.quarantine": "quarantine hide_flagged hide_confidential",
    "lessons.showing.schedule": "schedule schedule_second",
    "lessons.showing.show_again": "show_again bring_back unmerge",
    "lessons.showing.verify": "verify verify_by_mail",
    "lessons.showing.verify_all": "verify_many",
    "lessons.stocking.store": "bring_file",
    "lessons.together.catch_up": "save",
    "lessons.together.keep": "save",
    "lessons.together.settle": "save",
    "review.actions.accept_suggestion": "accept",
    "review.actions.answer_remark": "answer settle",
    "review.actions.approve": "approve approve_first approve_second schedule schedule_second",
    "review.actions.claim": "claim",
    "review.actions.decline": "decline",
    "review.actions.reject": "reject",
    "review.actions.release": "release",
    "review.actions.remark": "remark",
    "review.actions.remove_remark": "unremark",
    "review.actions.reply_to": "reply resolve",
    "review.actions.request_changes": "request_changes",
    "review.advising._ask": "ask_peers",
    "review.advising.decline": "decline_advice",
    "review.advising.give": "advise",
    "review.appealing.appeal": "appeal",
    "review.escalating._tell": "escalate",
    "review.going_live.publish_now": "publish_now",
    "review.going_live.show": "approve approve_second publish_now go_live",
    "review.joining.merge": "merge",
    "review.joining.undo": "unmerge",
    "review.recusing.recuse": "release",
    "review.reporting.report": "report hide_flagged hide_confidential",
    "review.standing.expire": "expire",
    "review.taking_over.take_over": "take_over hand_in_words",
    "review.tending._hand_up": "hand_up",
    "review.trusting.publish_small": "publish_edit",
    "suggestions.actions.accept": "take_in take_over hand_in_words",
    "verification.actions.tell": "expire",
    "verification.actions.verify_all": "verify_many",
    "verification.changing.tell": "doubt",
    "verification.leaving.find_owners": "hand_over",
    "verification.leaving.hand_over": "hand_over",
    "verification.leaving.insist_on_owners": "approve approve_second publish_edit publish_now go_live supersede "
    "take_over correct show_again bring_back unmerge",
    "verification.leaving.name_owner": "name_owner",
}
"""Each deed that writes it, and the acts of the table as which it is done."""
BESIDE = {
    "lessons.actions.start_lesson": "a lesson begins: its text is a draft from then on",
    "lessons.starting.from_lesson": "as start_lesson",
    "lessons.starting.from_notes": "as start_lesson",
    "requests.actions.take": "as start_lesson, for a lesson that was asked for",
    "lessons.showing.rate": "how good lessons are, worked out at night: nobody did it",
    "quality.actions.recompute": "as rate",
    "review.looking.judge": "the state of a second look: what it finds moves the lesson nowhere",
    "review.reporting.decline": "the state of a report",
    "review.reporting.uphold": "the state of a report",
}
"""Deeds that write something else, or begin a life; each with the reason why no act is about it."""


def test_whatever_writes_the_life_of_a_lesson_is_an_act_of_the_table() -> None:
    assert writing_deeds() == set(DONE_BY) | set(BESIDE), "say in `lessons/machine.py` what is done, and here by which"


def test_what_is_said_to_be_done_stands_in_the_table() -> None:
    for deed, acts in DONE_BY.items():
        assert set(acts.split()) <= set(ACTS), deed
    done = {act for acts in DONE_BY.values() for act in acts.split()}
    assert set(ACTS) - done == {"check_answers", "ask_curators"}  # which write nothing of it themselves


def test_a_deed_that_writes_through_others_is_found() -> None:
    """The reading of the code sees a column that is set, a row that is made, a statement, and what leads there."""
    found = writing_deeds()
    assert "lessons.showing.quarantine" in found  # through _hide, which sets a column
    assert "lessons.owners.hand_over" in found  # by a statement that is kept under a name
    assert "verification.changing.tell" in found  # through another feature
    assert "learn.actions.start_reading" not in found
    assert "learn.actions.start_reading".rpartition(".")[2] in modules()["peerlearn.learn.actions"].deeds
