"""The memory model gives the numbers it is known by (ENGINE E19)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from fsrs import Card, Rating

from peerlearn.practice import memory
from peerlearn.practice.memory import Recall, Trace, begin, go_on, recalled, retrievability, scheduler

DAY = date(2025, 1, 6)


def close(value: float) -> object:
    return pytest.approx(value, abs=1e-4)


@pytest.mark.parametrize(
    ("recall", "stability", "interval"),
    [(Recall.AGAIN, 0.2120, 1), (Recall.HARD, 1.2931, 1), (Recall.GOOD, 2.3065, 2), (Recall.EASY, 8.2956, 8)],
)
def test_the_first_answer(recall: Recall, stability: float, interval: int) -> None:
    trace = begin(recall, DAY, 0.90)
    assert (trace.stability, trace.interval) == (close(stability), interval)


def _due(trace: Trace, *recalls: Recall) -> list[Trace]:
    """The traces of answers that each come on the day the item is due."""
    found = [trace]
    for recall in recalls:
        found.append(go_on(found[-1], recall, found[-1].day + timedelta(days=found[-1].interval), 0.90))
    return found


def test_good_at_every_due_date() -> None:
    traces = _due(begin(Recall.GOOD, DAY, 0.90), *[Recall.GOOD] * 5)
    assert [trace.interval for trace in traces] == [2, 11, 46, 163, 365, 365]
    assert traces[0].difficulty == close(2.1181)


def test_a_lapse_and_after() -> None:
    traces = _due(begin(Recall.GOOD, DAY, 0.90), Recall.GOOD, Recall.AGAIN, Recall.GOOD)
    assert [trace.stability for trace in traces] == [close(s) for s in (2.3065, 10.9643, 1.5383, 4.8763)]
    assert [trace.interval for trace in traces] == [2, 11, 2, 5]


@pytest.mark.parametrize(
    ("recall", "stability", "interval"),
    [(Recall.HARD, 7.5133, 8), (Recall.GOOD, 10.9643, 11), (Recall.EASY, 18.5218, 19)],
)
def test_the_second_answer_two_days_later(recall: Recall, stability: float, interval: int) -> None:
    trace = go_on(begin(Recall.GOOD, DAY, 0.90), recall, DAY + timedelta(days=2), 0.90)
    assert (trace.stability, trace.interval) == (close(stability), interval)


@pytest.mark.parametrize(
    ("days", "chance"), [(1, 0.9857), (5, 0.9403), (10, 0.9), (30, 0.8094), (90, 0.7031), (365, 0.5736)]
)
def test_the_forgetting_curve(days: int, chance: float) -> None:
    assert retrievability(10, days) == close(chance)


def test_thirty_days_after_the_second_answer() -> None:
    trace = _due(begin(Recall.GOOD, DAY, 0.90), Recall.GOOD)[-1]
    assert retrievability(trace.stability, (DAY + timedelta(days=30) - trace.day).days) == close(0.8242)


@pytest.mark.parametrize(("retention", "interval"), [(0.95, 1), (0.90, 2), (0.85, 4)])
def test_what_must_be_remembered_surely_comes_back_sooner(retention: float, interval: int) -> None:
    assert begin(Recall.GOOD, DAY, retention).interval == interval


def test_many_at_once_are_what_each_is() -> None:
    traces = [(2.3065, 0), (10.9643, 28), (0.212, 400), (46.3, -1)]
    for days in (0, 1, 30):
        each = sum(retrievability(stability, age + days) for stability, age in traces)
        assert recalled(traces, days) == pytest.approx(each)


def test_the_settings_are_the_houses() -> None:
    """The package's own are chance, steps of minutes and a hundred years."""
    found = scheduler(0.90)
    assert (found.learning_steps, found.relearning_steps, found.enable_fuzzing) == ((), (), False)
    assert (found.desired_retention, found.maximum_interval) == (0.90, 365)


def test_the_parameters_are_the_published_ones() -> None:
    known = """
        0.212 1.2931 2.3065 8.2956 6.4133 0.8334 3.0194 0.001 1.8722 0.1666 0.796
        1.4835 0.0614 0.2629 1.6483 0.6014 1.8729 0.5425 0.0912 0.0658 0.1542
    """
    assert tuple(map(float, known.split())) == memory.used().parameters
    assert memory.used().curve == (-0.1542, close(0.980346))


@pytest.fixture
def _packages_own() -> Iterator[None]:
    """Whatever a test works with, the next one has the package's own parameters."""
    yield
    memory.use()


@pytest.mark.usefixtures("_packages_own")
def test_an_operator_s_parameters_change_what_is_predicted() -> None:
    own = memory.used().parameters
    usual = begin(Recall.GOOD, DAY, 0.9), retrievability(10, 20)
    other = (*own[:2], 2 * own[2], *own[3:20], 0.3)
    memory.use(other)
    first, chance = begin(Recall.GOOD, DAY, 0.9), retrievability(10, 20)
    assert first.stability == pytest.approx(2 * usual[0].stability)
    assert chance == pytest.approx((1 + (0.9 ** (1 / -0.3) - 1) * 2) ** -0.3)
    assert chance != pytest.approx(usual[1])
    memory.use()
    assert (begin(Recall.GOOD, DAY, 0.9), retrievability(10, 20)) == usual


@pytest.mark.parametrize("wrong", [(1.0,), (1.0,) * 22, (-5.0,) * 21])
def test_parameters_that_the_model_does_not_take_change_nothing(wrong: tuple[float, ...]) -> None:
    before = memory.used()
    with pytest.raises(ValueError):  # the package says which
        memory.use(wrong)
    assert memory.used() is before


@pytest.mark.parametrize("stability", [0.212, 2.3065, 10, 365])
def test_after_as_many_days_as_its_stability_nine_in_ten_are_recalled(stability: float) -> None:
    assert retrievability(stability, stability) == pytest.approx(0.9)


def test_what_is_stored_goes_on_as_the_package_goes_on() -> None:
    """Of its card we keep stability, difficulty and day: that is all it needs, after its own round trip as well."""
    house, card = scheduler(0.90), Card(card_id=1)
    moment, trace = datetime(2025, 1, 6, 12, tzinfo=UTC), None
    for recall, days in ((3, 2), (3, 11), (1, 1), (2, 9), (4, 40), (3, 0)):
        day = moment.date()
        trace = go_on(trace, Recall(recall), day, 0.90) if trace else begin(Recall(recall), day, 0.90)
        card = Card.from_json(house.review_card(card, Rating(recall), moment)[0].to_json())
        assert (trace.stability, trace.difficulty) == (card.stability, card.difficulty)
        assert moment + timedelta(days=trace.interval) == card.due
        moment += timedelta(days=days)


@pytest.mark.parametrize("days", [0, 1, 2, 30, 400])
def test_the_curve_is_the_one_by_which_the_model_plans(days: int) -> None:
    """Whatever the parameters are: what is held and what is due follow the same curve."""
    card = Card(card_id=1)
    card.stability, card.last_review = 7.5, datetime(2025, 1, 6, 12, tzinfo=UTC)
    planned = scheduler(0.90).get_card_retrievability(card, card.last_review + timedelta(days=days))
    assert retrievability(7.5, days) == pytest.approx(planned)
