"""What the database itself refuses: the ledger and the facts are only added to."""

from __future__ import annotations

from peerlearn.core.append_only import append_only, writable

GUARDED = ("ledger", "facts")


def guard_statements(dialect: str) -> list[str]:
    """The statements that set the guards; a migration that rebuilds these tables runs them again."""
    return [statement for table in GUARDED for statement in append_only(table, dialect)]


def unguard_statements(dialect: str) -> list[str]:
    """The statements that take the guards away."""
    return [statement for table in GUARDED for statement in writable(table, dialect)]
