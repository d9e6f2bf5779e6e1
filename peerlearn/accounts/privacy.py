"""What accounts keep of a person."""

from __future__ import annotations

from sqlalchemy import delete, select

from peerlearn.accounts.models import Absence, Grant, Link, NumberVersion, Person, Session
from peerlearn.core.db import db, table_of
from peerlearn.core.facts import Fact
from peerlearn.core.jobs import QueuedJob
from peerlearn.core.privacy import GOES, keeps, not_theirs, removes

SECRETS = "password_hash email_key alias_key version is_demo erased_at"

keeps(Person, "id", without=SECRETS)  # `erasing` makes the pseudonym of it
keeps(Grant, "person_id")  # taken away one by one before, so that it stands in the record
keeps(Session, "person_id", without="key_hash", erased=GOES)
keeps(Link, "person_id", only="id purpose email created_at expires_at used_at", erased=GOES)
not_theirs(Link, "created_by_id", "whom somebody invited is about that colleague")
keeps(NumberVersion, "by_id")
keeps(Absence, "person_id", erased=GOES)
keeps(Fact, "actor_id", only="id at day type")  # what it was about stands in the rows that came of it


@removes
def letters(person_id: int) -> None:
    """Mails that wait or could not be sent, and invitations to the address."""
    address = select(Person.email).where(Person.id == person_id).scalar_subquery()
    key = select(Person.email_key).where(Person.id == person_id).scalar_subquery()
    jobs = table_of(QueuedJob)
    to = jobs.c.payload["to"].as_string()
    db.session.execute(delete(jobs).where(jobs.c.name == "mail", jobs.c.state.in_(["open", "failed"]), to == address))
    db.session.execute(delete(table_of(Link)).where(table_of(Link).c.email == key))
