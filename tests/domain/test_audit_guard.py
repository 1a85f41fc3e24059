"""The database itself keeps the audit log from being changed; the desk works all the same."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from bookingapp.domain import audit, audit_guard
from bookingapp.domain.models import AuditEvent, AuditValues

ROOT = Path(__file__).parents[2]
ROLE = "desk_app"
CHANGES = (
    "UPDATE domain_auditevent SET address = 'elsewhere'",
    "DELETE FROM domain_auditevent",
)

# The flows of the desk as the role that serves it: a sign-in, a write and its moves, an erasure of
# values, and what the ORM does with rows that the log names.
FLOWS = """
import uuid
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from bookingapp.domain import audit, audit_log, journal
from bookingapp.domain.models import AuditEvent, AuditValues, Organisation, Role, Write
from bookingapp.domain.states import Kind, Reason, State

now = timezone.now()
place = Organisation.objects.create(name="A", slug="a", connect_url="https://a.example")
kim = get_user_model().objects.create(username="kim")
Role.objects.create(person=kim, organisation=place, name="admin")
audit.record("sign-in", at=now, person=kim)
asked = journal.Request(place, Kind.MOVE_LEAD, uuid.uuid4(), kim, {"lead_state_id": "x"})
with transaction.atomic():
    write, _ = journal.open_write(asked, now=now)
journal.move(write, State.UNDONE, reason=Reason.CHANGED_MIND, person=kim, now=now)
audit.record("test", at=now, organisation=place, before={"a": 1}, after={"a": 2})
Write.objects.filter(pk=write.pk).update(seen_at=now)
AuditValues.objects.all().delete()
kim.is_active = False
kim.save()
Role.objects.all().delete()
Role.objects.create(person=kim, organisation=place, name="admin")
print(len(audit_log.page(place, audit_log.Filter()).events))
"""


def manage(url, *arguments):
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "bookingapp.settings",
        "DATABASE_URL": url,
        "SECRET_KEY": "s" * 50,
        "TOKEN_KEYS": "A" * 43 + "=",
        "HTTPS": "off",
    }
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    return subprocess.run(
        command, env=environment, text=True, capture_output=True, cwd=ROOT, check=False
    )


def as_role(url, role=ROLE):
    return f"postgresql://{role}@{url.partition('@')[2]}"


@pytest.fixture(scope="module")
def guarded(postgres):
    """The URL of a database whose owner has migrated it and granted the role what it needs."""
    url = postgres.new_database()
    with psycopg.connect(url, autocommit=True) as line:
        line.execute(f"CREATE ROLE {ROLE} LOGIN")
        line.execute("CREATE ROLE desk_owner LOGIN")
        line.execute("GRANT ALL ON SCHEMA public TO desk_owner")
        line.execute("ALTER SCHEMA public OWNER TO desk_owner")
    owner = as_role(url, "desk_owner")
    for arguments in (("migrate", "--verbosity", "0"), ("protect_audit", "--role", ROLE)):
        done = manage(owner, *arguments)
        assert done.returncode == 0, done.stderr
    return owner


@pytest.mark.postgres
def test_the_desk_works_as_the_role_and_can_only_add_to_the_log(guarded):
    done = manage(as_role(guarded), "shell", "-c", FLOWS)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().endswith("4")
    for change in (*CHANGES, "TRUNCATE domain_auditevent CASCADE"):
        refused = pytest.raises(psycopg.errors.InsufficientPrivilege)
        with psycopg.connect(as_role(guarded)) as line, refused:
            line.execute(change)


@pytest.mark.postgres
def test_the_owner_is_refused_by_the_trigger(guarded):
    for change in (*CHANGES, "TRUNCATE domain_auditevent CASCADE"):
        refused = pytest.raises(psycopg.errors.InsufficientPrivilege, match="only added to")
        with psycopg.connect(guarded) as line, refused:
            line.execute(change)


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("role", "why"), [("nobody_of_that_name", "no role"), ("desk_owner", "owns the tables")]
)
def test_a_role_that_nothing_could_be_kept_from_is_refused(guarded, role, why):
    done = manage(guarded, "protect_audit", "--role", role)
    assert done.returncode == 1
    assert why in done.stderr


@pytest.mark.django_db
def test_on_sqlite_a_slip_of_our_own_code_is_refused():
    audit.record("test", at=timezone.now(), before={"a": 1}, after={"a": 2})
    audit_guard.protect(connection)
    audit_guard.protect(connection)
    try:
        for slip in (AuditEvent.objects.all().delete, lambda: AuditEvent.objects.update(topic="x")):
            with pytest.raises(DatabaseError, match="only added to"), transaction.atomic():
                slip()
        # The values went with the delete that was refused, and came back with it.
        assert AuditValues.objects.count() == 1
        AuditValues.objects.all().delete()
        audit.record("test", at=timezone.now())
        assert AuditEvent.objects.count() == 2
    finally:
        audit_guard.unprotect(connection)
    with pytest.raises(audit_guard.CannotProtect):
        audit_guard.grant(connection, ROLE)
