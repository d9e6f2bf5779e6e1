"""What administrators do with topics. None of it commits."""

from __future__ import annotations

from sqlalchemy import select

from peerlearn.accounts import actions as accounts
from peerlearn.accounts.models import Person
from peerlearn.core.db import db
from peerlearn.core.deeds import deed
from peerlearn.core.deeds import publish as announce
from peerlearn.core.errors import NotValid
from peerlearn.core.text import clean_line, name_key
from peerlearn.core.words import N_
from peerlearn.lessons import addresses, events, sharing
from peerlearn.lessons.models import Topic


@deed
def add_topic(
    *, name: str, description: str, icon: str, hue: int, by: Person, slug: str = "", importance: str = "ordinary"
) -> Topic:
    """Add a topic; its address comes from its name unless given."""
    name = clean_line(name)
    topic = Topic(
        slug=slug or addresses.free_topic_slug(name),
        name=name,
        name_key=name_key(name),
        description=sharing.line(description, "description"),
        icon=icon,
        hue=hue % 360,
        importance=importance,
    )
    _check_topic_name(name, None)
    with accounts.storing():
        db.session.add(topic)
    announce(events.TopicChanged(topic.id), by=by)
    return topic


@deed
def change_topic(
    topic: Topic, *, name: str, description: str, icon: str, hue: int, is_active: bool, importance: str, by: Person
) -> Topic:
    """Rename, redraw or retire a topic; its address stays."""
    _check_topic_name(name, topic.id)
    topic.name, topic.name_key = clean_line(name), name_key(name)
    topic.description, topic.icon = sharing.line(description, "description"), icon
    topic.hue, topic.is_active = hue % 360, is_active
    topic.importance = importance
    if not db.session.is_modified(topic):
        return topic
    with accounts.storing():
        announce(events.TopicChanged(topic.id), by=by)
    return topic


def _check_topic_name(name: str, topic_id: int | None) -> None:
    if not name_key(name):
        raise NotValid(None, {"name": [N_("Please fill this in.")]})
    other = select(Topic.id).where(Topic.name_key == name_key(name), Topic.id != (topic_id or 0))
    if db.session.scalar(select(other.exists())):
        raise NotValid(None, {"name": [N_("There is a topic of this name already.")]})
