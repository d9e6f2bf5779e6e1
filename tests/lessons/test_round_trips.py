"""The file is the lesson: what either side wrote comes back byte for byte, and what a hand wrote is mended once."""

from __future__ import annotations

from random import Random

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from peerlearn.lessons import frontmatter
from peerlearn.lessons.fileformat import LessonFile, parse, print_file
from peerlearn.quizzes.question import Question
from tests.lessons.written import FILLED, by_hand, distinct, fronts, lessons
from tests.quizzes.questions import EXAMPLES, questions

STEADY = settings(deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


@given(lessons())
@settings(STEADY, max_examples=120)
def test_what_was_printed_is_printed_again(lesson: LessonFile) -> None:
    text = print_file(lesson)
    assert parse(text) == lesson
    assert print_file(parse(text)) == text
    assert text.endswith("\n")
    assert not text.endswith("\n\n")


@given(fronts(), st.lists(st.sampled_from(list(EXAMPLES.values())) | questions(), min_size=1, max_size=5))
@settings(STEADY, max_examples=120)
def test_nothing_of_a_question_or_of_the_block_at_the_top_gets_lost(
    front: frontmatter.Front, listed: list[Question]
) -> None:
    asked = distinct(listed)
    made = LessonFile(front, (), asked)
    found = parse(print_file(made))
    assert found.questions == asked
    if len(frontmatter.print_front(front).encode()) < frontmatter.MAX_FRONT_BYTES:
        assert found.front == front


@given(lessons(), st.integers(0, 2**32))
@settings(STEADY, max_examples=120)
def test_what_a_hand_wrote_is_mended_once_and_then_stays(lesson: LessonFile, seed: int) -> None:
    loose = by_hand(print_file(lesson), Random(seed))
    once = print_file(parse(loose))
    assert print_file(parse(once)) == once


@given(st.integers(0, 2**32))
@settings(STEADY, max_examples=60)
def test_a_sound_lesson_says_the_same_however_it_was_typed(seed: int) -> None:
    text = print_file(LessonFile(FRONT, (), distinct(list(EXAMPLES.values()))))
    assert parse(text).ok
    assert print_file(parse(by_hand(text, Random(seed), airy=False))) == text


FRONT = frontmatter.Front(
    id="a-lesson", title="A title that fits", summary="A summary that is long enough.", kind="how-to", topics=("x",)
)


@given(FILLED | st.lists(FILLED, min_size=2, max_size=3).map(" ".join))
@settings(STEADY, max_examples=300)
def test_both_readers_of_yaml_read_the_same(value: str) -> None:
    for place in (frontmatter.ALONE, frontmatter.IN_FLOW, frontmatter.IN_BLOCK):
        printed = place % frontmatter._scalar(value, place)
        assert yaml.load(printed, Loader=yaml.BaseLoader) in ({"k": value}, {"k": [value]})
        assert yaml.load(printed, Loader=frontmatter._TEXTS) in ({"k": value}, {"k": [value]})
