"""Marking again by a corrected key, for one person."""

from __future__ import annotations

from dataclasses import replace

from peerlearn.learn.remarking import PassChange, Row, Ruling, Try, changes_of_pass, marked_again


def attempt(id: int, *marks: float | tuple[float, float], carried: int = 0, **values: object) -> Try:  # noqa: A002
    """An attempt whose questions stand in the places 1, 2 …; a pair is a mark and the one by the new key."""
    rows = tuple(
        Row(id * 10 + n, n, *mark) if isinstance(mark, tuple) else Row(id * 10 + n, n, mark)
        for n, mark in enumerate(marks, start=1)
    )
    made = Try(id, major=1, total=len(marks) + carried, carried=carried, percent=75, rows=rows)
    return replace(made, **values)  # type: ignore[arg-type]


def test_who_was_right_all_along_passes() -> None:
    before = [attempt(1, (0, 1), 1, 0.5, 0.5)]
    (after,) = marked_again(before)
    assert (after.score, after.right, after.is_passed) == (3, 2, True)
    assert changes_of_pass(before, [after]) == [PassChange(1, None, after)]


def test_who_passed_only_by_the_wrong_key_does_not_pass() -> None:
    before = [attempt(1, (1, 0), 1, 1, 0, is_passed=True)]
    (after,) = marked_again(before)
    assert (after.score, after.is_passed) == (2, False)
    assert changes_of_pass(before, [after]) == [PassChange(1, before[0], None)]


def test_who_passed_with_a_question_to_spare_still_passes() -> None:
    before = [attempt(1, (1, 0), 1, 1, 1, is_passed=True)]
    after = marked_again(before)
    assert (after[0].score, after[0].is_passed) == (3, True)
    assert changes_of_pass(before, after) == []


def test_an_answer_given_after_the_wrong_key_was_shown_is_held_against_nobody() -> None:
    before = [attempt(1, (0, 0), 1, 1, 0), attempt(2, (1, 0), carried=3, total=4, is_passed=True)]
    after = marked_again(before)
    assert [one.is_passed for one in after] == [False, True]
    assert after[1].rows[0].mark == 1


def test_the_first_attempt_that_is_enough_is_the_one_that_passes() -> None:
    before = [attempt(1, (0, 1), 1, 1, 0), attempt(2, (1, 0), 1, carried=2, total=4, is_passed=True)]
    after = marked_again(before)
    assert [one.is_passed for one in after] == [True, False]
    assert changes_of_pass(before, after) == [PassChange(1, before[1], after[0])]


def test_a_pass_may_move_to_a_later_attempt() -> None:
    before = [attempt(1, (1, 0), 1, 1, 0, is_passed=True), attempt(2, 1, 1, 1, 1)]
    after = marked_again(before)
    assert [one.is_passed for one in after] == [False, True]


def test_what_was_carried_as_right_is_carried_no_more() -> None:
    second = Try(2, major=1, total=4, carried=2, percent=75, rows=(Row(23, 3, 1), Row(24, 4, 0)))
    before = [attempt(1, (1, 0), 1, 0, 0), replace(second, is_passed=True)]
    after = marked_again(before)
    assert (after[1].carried, after[1].score, after[1].is_passed) == (1, 2, False)


def test_what_is_asked_again_is_not_carried() -> None:
    second = Try(2, major=1, total=4, carried=1, percent=75, rows=(Row(21, 1, 1, 1), Row(23, 3, 1), Row(24, 4, 0)))
    after = marked_again([attempt(1, (1, 0), 1, 0, 0), second])
    assert after[1].carried == 1


def test_practice_passes_nothing_and_what_is_left_out_counts_for_nothing() -> None:
    practice = attempt(1, (0, 1), 1, 1, 1, is_scored=False)
    assert not marked_again([practice])[0].is_passed
    out = attempt(2, 1, 1, 0)
    rows = (replace(out.rows[0], mark=0, fresh=1, counts=False), *out.rows[1:])
    after = marked_again([replace(out, rows=rows, total=2)])
    assert (after[0].score, after[0].right, after[0].is_passed) == (1, 1, False)


def test_each_version_of_a_lesson_is_passed_for_itself() -> None:
    before = [attempt(1, 1, 1, 1, is_passed=True), attempt(2, (0, 1), 1, 1, major=2)]
    after = marked_again(before)
    assert [one.is_passed for one in after] == [True, True]
    assert changes_of_pass(before, after) == [PassChange(2, None, after[1])]


def test_an_open_attempt_is_marked_again_and_passes_nothing() -> None:
    (after,) = marked_again([attempt(1, (0, 1), 1, 1, is_finished=False)])
    assert after.rows[0].mark == 1
    assert not after.is_passed


# left out, and full marks for everybody


def test_what_is_left_out_was_never_asked() -> None:
    before = [attempt(1, (0, 0), 1, 1)]
    (after,) = marked_again(before, Ruling.LEFT_OUT)
    assert (after.total, after.score, after.right, after.is_passed) == (2, 2, 2, True)
    assert changes_of_pass(before, [after]) == [PassChange(1, None, after)]


def test_the_pass_mark_follows_what_remains() -> None:
    """Of five questions four are needed, and of the four that remain three."""
    enough, too_few = attempt(1, (0, 0), 1, 1, 1, 0), attempt(2, (0, 0), 1, 1, 0, 0)
    after = marked_again([enough, too_few], Ruling.LEFT_OUT)
    assert [(one.total, one.score, one.is_passed) for one in after] == [(4, 3, True), (4, 2, False)]


def test_a_pass_that_rested_on_what_is_left_out_stays() -> None:
    before = [attempt(1, (1, 0), 1, 1, 0, is_passed=True)]
    (after,) = marked_again(before, Ruling.LEFT_OUT)
    assert (after.total, after.score, after.is_passed) == (3, 2, True)
    assert changes_of_pass(before, [after]) == []


def test_what_is_left_out_is_carried_no_more() -> None:
    second = Try(2, major=1, total=4, carried=2, percent=75, rows=(Row(23, 3, 1), Row(24, 4, 0)), is_passed=True)
    after = marked_again([attempt(1, (1, 0), 1, 0, 0), second], Ruling.LEFT_OUT)
    assert (after[1].total, after[1].carried, after[1].score, after[1].is_passed) == (3, 1, 2, True)


def test_what_had_rested_meanwhile_is_not_left_out_twice() -> None:
    out = attempt(1, (0, 0), 1, 1)
    rows = (replace(out.rows[0], counts=False), *out.rows[1:])
    (after,) = marked_again([replace(out, rows=rows, total=2, is_passed=True)], Ruling.LEFT_OUT)
    assert (after.total, after.score, after.is_passed) == (2, 2, True)


def test_with_full_marks_nobody_loses_a_pass() -> None:
    before = [attempt(1, (0, 1), 1, 1, 0), attempt(2, (1, 1), carried=2, total=3, is_passed=True)]
    after = marked_again(before, Ruling.FULL)
    assert [one.is_passed for one in after] == [True, False]
    assert changes_of_pass(before, after) == [PassChange(1, before[1], after[0])]


def test_full_marks_that_were_promised_are_not_taken_away() -> None:
    before = [attempt(1, 1, 1, 1, is_passed=True)]
    rows = (replace(before[0].rows[0], fresh=0, was_shown=True), *before[0].rows[1:])
    assert marked_again([replace(before[0], rows=rows)])[0].is_passed
