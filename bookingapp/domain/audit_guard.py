"""Has the database itself refuse changes of the audit log.

PostgreSQL: a trigger for whoever comes, the owner included, and a role for the running desk that
may only read and add. SQLite, which knows no roles: a trigger against a slip of our own code.
"""

from __future__ import annotations

from typing import Any

TABLE = "domain_auditevent"
REFUSAL = "the audit log is only added to"

_POSTGRESQL = (
    f"""
    CREATE OR REPLACE FUNCTION {TABLE}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'insufficient_privilege';
    END $$
    """,
    f"DROP TRIGGER IF EXISTS {TABLE}_keep ON {TABLE}",
    f"""
    CREATE TRIGGER {TABLE}_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON {TABLE}
    FOR EACH STATEMENT EXECUTE FUNCTION {TABLE}_refuse()
    """,
)
_SQLITE = tuple(
    f"""
    CREATE TRIGGER IF NOT EXISTS {TABLE}_no_{what} BEFORE {what} ON {TABLE}
    BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END
    """
    for what in ("update", "delete")
)
_LATER = "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT"
# What a role of the running desk needs, and what it must not have.
_GRANTS = (
    "GRANT USAGE ON SCHEMA public TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
    f"{_LATER} SELECT, INSERT, UPDATE, DELETE ON TABLES TO {{role}}",
    f"{_LATER} USAGE, SELECT ON SEQUENCES TO {{role}}",
    "REVOKE ALL ON {table} FROM {role}",
    "GRANT SELECT, INSERT ON {table} TO {role}",
    "REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role}",
)


class CannotProtect(Exception):
    """What the operator asks for would protect nothing; the text says why."""


def protect(connection: Any) -> None:
    """Set the triggers, as often as one likes. Needs the owner of the tables."""
    statements = {"postgresql": _POSTGRESQL, "sqlite": _SQLITE}[connection.vendor]
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def unprotect(connection: Any) -> None:
    """Take the triggers away: for a migration that must change rows, which sets them again."""
    drops = {
        "postgresql": (f"DROP TRIGGER IF EXISTS {TABLE}_keep ON {TABLE}",),
        "sqlite": tuple(
            f"DROP TRIGGER IF EXISTS {TABLE}_no_{what}" for what in ("update", "delete")
        ),
    }
    with connection.cursor() as cursor:
        for statement in drops[connection.vendor]:
            cursor.execute(statement)


def grant(connection: Any, role: str) -> None:
    """Give ``role`` all that the running desk needs, and of the audit log only to read and add.

    Raises CannotProtect: not on PostgreSQL, no such role, or one that could do everything anyway.
    """
    if connection.vendor != "postgresql":
        raise CannotProtect("Only PostgreSQL has roles.")
    quoted = connection.ops.quote_name(role.replace('"', ""))
    with connection.cursor() as cursor:
        _check(cursor, role)
        for statement in _GRANTS:
            cursor.execute(statement.format(role=quoted, table=TABLE))


def _check(cursor: Any, role: str) -> None:
    cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = %s", [role])
    found = cursor.fetchone()
    if found is None:
        raise CannotProtect(f"There is no role {role!r}. CREATE ROLE … LOGIN makes one.")
    if found[0]:
        raise CannotProtect(f"{role!r} is a superuser: nothing can be kept from it.")
    owner = "SELECT tableowner FROM pg_tables WHERE tablename = %s AND schemaname = 'public'"
    cursor.execute(f"SELECT pg_has_role(%s, ({owner}), 'MEMBER')", [role, TABLE])
    if cursor.fetchone()[0]:
        raise CannotProtect(f"{role!r} owns the tables, or may act as who does: use another role.")
