"""Personal values at rest: nobody who only has the database can read them."""

import pytest
from cryptography.fernet import Fernet
from django.db import connection

from bookingapp.domain import audit, sealing
from bookingapp.domain.models import AuditValues

NAME = "Zoë Ängström 🌱"


def test_what_is_sealed_opens_only_in_its_own_column():
    sealed = sealing.seal(NAME, "lead.name")
    assert sealing.is_sealed(sealed)
    assert sealing.unseal(sealed, "lead.name") == NAME
    with pytest.raises(sealing.Unsealable):
        sealing.unseal(sealed, "lead.email")


def test_the_same_value_never_looks_the_same():
    assert sealing.seal(NAME, "lead.name") != sealing.seal(NAME, "lead.name")


def test_a_new_key_seals_and_the_old_one_still_opens(settings):
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.TOKEN_KEYS = [old]
    sealed = sealing.seal(NAME, "x")
    settings.TOKEN_KEYS = [new, old]
    assert sealing.unseal(sealed, "x") == NAME
    fresh = sealing.seal(NAME, "x")
    settings.TOKEN_KEYS = [new]
    assert sealing.unseal(fresh, "x") == NAME
    with pytest.raises(sealing.Unsealable):
        sealing.unseal(sealed, "x")


@pytest.mark.parametrize("broken", ["s1:", "s1:!!!", "s1:AAAA", "s1:" + "A" * 80])
def test_what_is_no_sealed_value_says_so(broken):
    with pytest.raises(sealing.Unsealable):
        sealing.unseal(broken, "x")


@pytest.mark.django_db
def test_a_sealed_column_holds_nothing_in_clear():
    from django.utils import timezone

    event = audit.record("test", at=timezone.now(), before={"name": NAME}, after={"name": "Eva"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT before, after FROM domain_auditvalues")
        raw = str(cursor.fetchall())
    assert "ngstr" not in raw
    assert "Eva" not in raw
    kept = AuditValues.objects.get(event=event)
    assert (kept.before, kept.after) == ({"name": NAME}, {"name": "Eva"})
