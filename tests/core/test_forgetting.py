"""What has been kept long enough goes by itself; what has not, stays."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from peerlearn.accounts import jobs as accounts
from peerlearn.accounts import numbers, setting
from peerlearn.accounts.models import Link, Session
from peerlearn.core import clock, forgetting
from peerlearn.core.db import db as database
from peerlearn.inbox import jobs as inbox
from peerlearn.inbox.models import Notice
from tests import factories

NOW = datetime(2026, 3, 2, 5, tzinfo=UTC)


def kept(model: Any) -> int:
    return len(database.session.scalars(select(model.id)).all())


def test_what_is_over_goes_in_portions_and_the_rest_stays(db: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forgetting, "PORTION", 2)
    person = factories.person()
    for number, days in enumerate((800, 730.1, 729.9, 31, 30.1, 29.9, -1)):
        moment = NOW - timedelta(days=days)
        person_id = person.id
        database.session.add_all(
            [
                Session(key_hash=f"s{number}", person_id=person_id, expires_at=moment),
                Link(purpose="reset", key_hash=f"l{number}", email="", person_id=person_id, expires_at=moment),
                Notice(person_id=person_id, kind="badge_earned", source=f"{number}", data={}, at=moment),
            ]
        )
    database.session.commit()
    with clock.at(NOW):
        for _ in range(2):
            for routine in (accounts.forget_sign_ins, inbox.forget_notices):
                list(routine())
            assert (kept(Session), kept(Link), kept(Notice)) == (2, 2, 5)


def test_an_organisation_says_how_long(db: Any) -> None:
    admin = factories.person(roles=(("admin", 0),))
    with clock.at(NOW):
        usual = {name: number.usual for name, number in numbers.offered().items()}
        setting.choose(usual | {"notices_kept_days": 30, "sign_ins_kept_days": 365}, by=admin)
        old = NOW - timedelta(days=31)
        database.session.add(Session(key_hash="s", person_id=admin.id, expires_at=old))
        database.session.add(Notice(person_id=admin.id, kind="badge_earned", source="1", data={}, at=old))
        database.session.commit()
        list(accounts.forget_sign_ins())
        list(inbox.forget_notices())
    assert (kept(Session), kept(Notice)) == (1, 0)
