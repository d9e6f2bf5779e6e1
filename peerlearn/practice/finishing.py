"""The end of a set: it is said once, when its last question is answered or is not asked any more."""

from __future__ import annotations

from collections.abc import Sequence

from peerlearn.core import clock
from peerlearn.core.afterwards import afterwards
from peerlearn.core.deeds import Actor, publish
from peerlearn.practice import holding
from peerlearn.practice.events import DailySetFinished
from peerlearn.practice.models import DailySet, SetQuestion


def announce(daily_set: DailySet, questions: Sequence[SetQuestion], by: Actor) -> None:
    """Say that a set is finished, on the day of its latest answer. An item asked again counts with its last one.

    What the person holds of its topics is added up after the response: nobody waits for it.
    """
    last = {question.item_id: question for question in questions}
    day = clock.day_of(max(filter(None, (question.answered_at for question in questions))), by.timezone)
    publish(
        DailySetFinished(
            set_id=daily_set.id,
            number=daily_set.number,
            asked=len(last),
            right=sum(question.is_right for question in last.values()),
            any_rapid=any(question.is_rapid for question in last.values()),
            beats_guessing=daily_set.beats_guessing,
            is_late=day > daily_set.day,
        ),
        by=by,
        day=day,
    )
    topic_ids = {topic.topic_id for question in last.values() for topic in question.lesson.topics}
    afterwards(holding.renew, *((by.id, topic_id) for topic_id in topic_ids))
