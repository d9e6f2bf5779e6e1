"""Tables that are only added to: the database itself refuses to change or remove their rows."""

from __future__ import annotations

_SQLITE = """CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is only added to'); END"""

_FUNCTION = """CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is only added to', TG_TABLE_NAME; END $$"""

_POSTGRESQL = """CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
FOR EACH {each} EXECUTE FUNCTION refuse_change()"""


def append_only(table: str, dialect: str) -> list[str]:
    """The statements that make a database refuse UPDATE and DELETE (and TRUNCATE, where there is one) on a table."""
    if dialect == "sqlite":
        return [_SQLITE.format(table=table, verb=verb) for verb in ("update", "delete")]
    guarded = (("update", "ROW"), ("delete", "ROW"), ("truncate", "STATEMENT"))
    return [_FUNCTION, *(_POSTGRESQL.format(table=table, verb=verb, each=each) for verb, each in guarded)]


def writable(table: str, dialect: str) -> list[str]:
    """The statements that take those guards away: for a migration that goes down."""
    if dialect == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {table}_no_{verb}" for verb in ("update", "delete")]
    return [f"DROP TRIGGER IF EXISTS {table}_no_{verb} ON {table}" for verb in ("update", "delete", "truncate")]
