"""The notices about questions that may be bad: for those who look after them, and for those who answered them."""

from __future__ import annotations

from peerlearn.analysis.events import FlagDismissed, FullMarksGiven, ItemFlagged, ItemLeftOut, ItemRetired, KeyCorrected
from peerlearn.core.words import N_
from peerlearn.inbox.kind import (
    Kind,
    answer_ruled,
    correction_source,
    fields_of,
    flag_is,
    person_of,
    practice_ruled,
    source_by,
    told_by_flag,
)
from peerlearn.learn.events import AnswerCorrected
from peerlearn.learn.remarking import Ruling
from peerlearn.practice.events import PracticeCorrected

LESSON = ("learn.lesson", ("slug",))
HISTORY = ("lessons.history", ("lesson_id",))
RESULT = ("learn.result", ("attempt_id",))
QUESTIONS = ("analysis.questions", ("lesson_id",))
FLAG = ("analysis.flag", ("flag_id",))

DOUBTING: tuple[Kind, ...] = (
    Kind(
        "question_paused",
        ItemFlagged,
        "triangle-alert",
        N_("A question of “%(lesson)s” may have a wrong key. It rests until somebody has looked."),
        FLAG,
        told_by_flag,
        source_by("flag_id"),
        fields_of("lesson_id", "flag_id"),
        flag_is("is_paused", True),
        own_deeds=True,
    ),
    Kind(
        "question_drifts",
        ItemFlagged,
        "trending-down",
        N_("A question of “%(lesson)s” used to go better. Please read the lesson again: is it still right?"),
        FLAG,
        told_by_flag,
        source_by("flag_id"),
        fields_of("lesson_id", "flag_id"),
        flag_is("flag", "drift"),
        own_deeds=True,
    ),
    Kind(
        "question_rekeyed",
        ItemFlagged,
        "spell-check",
        N_("A new revision of “%(lesson)s” has another key for a question. Was the old key wrong?"),
        FLAG,
        told_by_flag,
        source_by("flag_id"),
        fields_of("lesson_id", "flag_id"),
        flag_is("flag", "rekeyed"),
        own_deeds=True,
    ),
    Kind(
        "question_good",
        FlagDismissed,
        "circle-check",
        N_("A curator looked at a question of “%(lesson)s” and found it good. It is asked again."),
        QUESTIONS,
        person_of("owner_id"),
        source_by("flag_id"),
        fields_of("lesson_id"),
        flag_is("of_old_key", False),
    ),
    Kind(
        "old_key_was_right",
        FlagDismissed,
        "circle-check",
        N_("A curator looked at a changed key of “%(lesson)s”: the old one was right at that time, so all marks stay."),
        QUESTIONS,
        person_of("owner_id"),
        source_by("flag_id"),
        fields_of("lesson_id"),
        flag_is("of_old_key", True),
    ),
    Kind(
        "question_retired",
        ItemRetired,
        "archive",
        N_("A curator retired a question of “%(lesson)s”. It is asked no more."),
        QUESTIONS,
        person_of("owner_id"),
        source_by("item_id"),
        fields_of("lesson_id"),
    ),
    Kind(
        "question_left_out",
        ItemLeftOut,
        "archive",
        N_("A curator found a question of “%(lesson)s” faulty. It is asked no more, and results leave it out."),
        QUESTIONS,
        person_of("owner_id"),
        source_by("item_id"),
        fields_of("lesson_id"),
    ),
    Kind(
        "full_marks_given",
        FullMarksGiven,
        "spell-check",
        N_("A curator found a question of “%(lesson)s” faulty. Everybody who answered it has full marks for it."),
        QUESTIONS,
        person_of("owner_id"),
        source_by("flag_id"),
        fields_of("lesson_id"),
    ),
    Kind(
        "key_corrected",
        KeyCorrected,
        "spell-check",
        N_("A curator corrected the key of a question of “%(lesson)s”. Stored answers were marked again."),
        HISTORY,
        person_of("owner_id"),
        source_by("revision_id"),
        fields_of("lesson_id"),
    ),
)

MARKING: tuple[Kind, ...] = (
    Kind(
        "right_after_all",
        AnswerCorrected,
        "circle-check",
        N_("A question of “%(lesson)s” had a wrong key. You were right all along, and your result says so now."),
        RESULT,
        person_of("person_id"),
        correction_source,
        fields_of("lesson_id", "attempt_id"),
        answer_ruled(Ruling.KEY, "same", is_right=True),
    ),
    Kind(
        "passed_after_all",
        AnswerCorrected,
        "badge-check",
        N_("A question of “%(lesson)s” had a wrong key. You were right all along, and with that you passed."),
        RESULT,
        person_of("person_id"),
        correction_source,
        fields_of("lesson_id", "attempt_id"),
        answer_ruled(Ruling.KEY, "gained"),
    ),
    Kind(
        "key_was_wrong",
        AnswerCorrected,
        "spell-check",
        N_("A question of “%(lesson)s” had a wrong key, which was our mistake. Your result follows the right one now."),
        RESULT,
        person_of("person_id"),
        correction_source,
        fields_of("lesson_id", "attempt_id"),
        answer_ruled(Ruling.KEY, "same", is_right=False),
    ),
    Kind(
        "pass_withdrawn",
        AnswerCorrected,
        "spell-check",
        N_(
            "A question of “%(lesson)s” had a wrong key, which was our mistake and not yours. "
            "With the right one your attempt falls just short. You can retake what is missing."
        ),
        RESULT,
        person_of("person_id"),
        correction_source,
        fields_of("lesson_id", "attempt_id"),
        answer_ruled(Ruling.KEY, "lost"),
    ),
    Kind(
        "recalled_after_all",
        PracticeCorrected,
        "circle-check",
        N_(
            "A question of “%(lesson)s” had a wrong key when you practised it. "
            "You were right all along, and your practice says so now."
        ),
        LESSON,
        person_of("person_id"),
        correction_source,
        fields_of("lesson_id"),
        practice_ruled(Ruling.KEY, is_right=True),
    ),
    Kind(
        "practice_key_was_wrong",
        PracticeCorrected,
        "spell-check",
        N_(
            "A question of “%(lesson)s” had a wrong key when you practised it, which was our mistake and not yours. "
            "Your practice follows the right one now."
        ),
        LESSON,
        person_of("person_id"),
        correction_source,
        fields_of("lesson_id"),
        practice_ruled(Ruling.KEY, is_right=False),
    ),
    Kind(
        "full_marks",
        AnswerCorrected,
        "spell-check",
        N_("A question of “%(lesson)s” was faulty, which was our mistake. Everybody has full marks for it now."),
        RESULT,
        person_of("person_id"),
        correction_source,
        fields_of("lesson_id", "attempt_id"),
        answer_ruled(Ruling.FULL, "same"),
    ),
    Kind(
        "full_marks_passed",
        AnswerCorrected,
        "badge-check",
        N_(
            "A question of “%(lesson)s” was faulty, which was our mistake. "
            "Everybody has full marks for it now, and with that you passed."
        ),
        RESULT,
        person_of("person_id"),
        correction_source,
        fields_of("lesson_id", "attempt_id"),
        answer_ruled(Ruling.FULL, "gained"),
    ),
    Kind(
        "full_marks_in_practice",
        PracticeCorrected,
        "spell-check",
        N_(
            "A question of “%(lesson)s” that you practised was faulty, which was our mistake. "
            "Everybody has full marks for it now."
        ),
        LESSON,
        person_of("person_id"),
        correction_source,
        fields_of("lesson_id"),
        practice_ruled(Ruling.FULL),
    ),
    Kind(
        "left_out",
        AnswerCorrected,
        "spell-check",
        N_(
            "A question of “%(lesson)s” was faulty, which was our mistake. "
            "It counts no more in your result, and you lose nothing by that."
        ),
        RESULT,
        person_of("person_id"),
        correction_source,
        fields_of("lesson_id", "attempt_id"),
        answer_ruled(Ruling.LEFT_OUT, "same"),
    ),
    Kind(
        "left_out_passed",
        AnswerCorrected,
        "badge-check",
        N_(
            "A question of “%(lesson)s” was faulty, which was our mistake. "
            "It counts no more, and without it you passed."
        ),
        RESULT,
        person_of("person_id"),
        correction_source,
        fields_of("lesson_id", "attempt_id"),
        answer_ruled(Ruling.LEFT_OUT, "gained"),
    ),
)
