"""Personal values at rest: nobody who only has the database can read them."""

import uuid
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.contrib.auth import get_user_model
from django.core.exceptions import FieldError
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from bookingapp.domain import (
    audit,
    key_rotation,
    leads,
    resealing,
    sealing,
    search_key,
    second_factor,
)
from bookingapp.domain.lead_index import index
from bookingapp.domain.models import AuditValues, Lead, Organisation, SearchKey, Write
from bookingapp.domain.policy import policy_of
from bookingapp.web.session_sealing import SealedSerializer

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
    event = audit.record("test", at=timezone.now(), before={"name": NAME}, after={"name": "Eva"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT before, after FROM domain_auditvalues")
        raw = str(cursor.fetchall())
    assert "ngstr" not in raw
    assert "Eva" not in raw
    kept = AuditValues.objects.get(event=event)
    assert (kept.before, kept.after) == ({"name": NAME}, {"name": "Eva"})


@pytest.fixture
def world():
    return Organisation.objects.create(name="Here", slug="here")


def raw(table):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table}")
        return str(cursor.fetchall())


def lead(world, **fields):
    now = timezone.now()
    return Lead.objects.create(organisation=world, created_at=now, known_at=now, **fields)


@pytest.mark.django_db
def test_every_way_of_writing_a_lead_seals_it(world):
    one = lead(world, name=NAME, phone="040 1234567", data={"note": "Ängström"})
    two = Lead(organisation=world, name=NAME, created_at=one.created_at, known_at=one.known_at)
    Lead.objects.bulk_create([two])
    two.email = "zoe@example.org"
    Lead.objects.bulk_update([two], ["email", "name"])
    Lead.objects.filter(pk=one.pk).update(name=NAME, data={"note": "Zoë"})
    assert not [
        text for text in ("Zoë", "ngstr", "1234567", "example") if text in raw("domain_lead")
    ]
    kept = {row.pk: (row.name, row.phone, row.email, row.data) for row in Lead.objects.all()}
    assert kept[one.pk] == (NAME, "040 1234567", "", {"note": "Zoë"})
    assert kept[two.pk] == (NAME, "", "zoe@example.org", {})


@pytest.mark.django_db
def test_a_sealed_text_is_only_asked_whether_it_is_empty(world):
    lead(world, name=NAME)
    assert Lead.objects.filter(phone="").exclude(name="").count() == 1
    for question in ({"name": NAME}, {"name__startswith": "Z"}, {"email__in": ["a"]}):
        with pytest.raises(FieldError):
            Lead.objects.filter(**question).exists()


@pytest.mark.django_db
def test_of_a_write_only_ids_and_the_names_of_what_changes_are_open(world):
    person = get_user_model().objects.create(username="kim")
    payload = {"changes": {"data": {"note": NAME}, "follow_up_at": None}, "to": "won", "note": NAME}
    now = timezone.now()
    Write.objects.create(
        organisation=world, kind="edit_lead", intent=uuid.uuid4(), person=person, state="due",
        payload=payload, created_at=now, changed_at=now,
    )  # fmt: skip
    assert "ngstr" not in raw("domain_write")
    found = Write.objects.filter(payload__to="won", payload__changes__has_key="follow_up_at")
    assert found.get().payload == payload
    assert not Write.objects.filter(payload__changes__has_key="first_opened_at").exists()


@pytest.mark.django_db
def test_a_new_key_takes_over_and_the_old_one_may_go(world, settings):
    # What this process remembers is of a database that another test has put back.
    search_key._known.clear()
    old, new = settings.TOKEN_KEYS[0], Fernet.generate_key().decode()
    policy = policy_of(world.settings)
    one = lead(world, name=NAME, phone="040 1234567", data={"note": NAME})
    index(one, policy)
    factor = Authenticator.objects.create(
        user=get_user_model().objects.create(username="kim"), type="totp",
        data={"secret": sealing.seal("otp", second_factor.PLACE)},
    )  # fmt: skip
    settings.TOKEN_KEYS = [new, old]
    assert leads.search(world, "angstrom") == [one]
    first = key_rotation.rotate()
    assert (first.factors, first.locked) == (1, 0)
    assert first.values >= 3
    assert key_rotation.rotate().values == 0
    settings.TOKEN_KEYS = [new]
    assert Lead.objects.get().name == NAME
    assert Lead.objects.get().data == {"note": NAME}
    assert leads.search(world, "1234567") == [one]
    factor.refresh_from_db()
    assert sealing.unseal(factor.data["secret"], second_factor.PLACE) == "otp"
    assert len(bytes.fromhex(SearchKey.objects.get().key)) == search_key.BYTES
    settings.TOKEN_KEYS = [old]
    with pytest.raises(sealing.Unsealable):
        Lead.objects.get()


@pytest.mark.django_db
def test_a_value_that_no_key_opens_is_told_and_left_alone(world, settings):
    settings.TOKEN_KEYS = [Fernet.generate_key().decode()]
    lead(world, name=NAME)
    settings.TOKEN_KEYS = [Fernet.generate_key().decode()]
    before = raw("domain_lead")
    with pytest.raises(CommandError, match="do not take a key away"):
        call_command("rotate_token_keys", stdout=StringIO())
    assert raw("domain_lead") == before


@pytest.mark.django_db
def test_what_was_there_before_sealing_is_read_and_sealed(world):
    one = lead(world, name="x")
    with connection.cursor() as cursor:
        plain = [NAME, '{"note": "Ängström"}', "s1:no key of mine"]
        cursor.execute("UPDATE domain_lead SET name = %s, data = %s, phone = %s", plain)
    # Only the migration may meet what merely looks sealed.
    assert Lead.objects.values_list("name", "data").get() == (NAME, {"note": "Ängström"})
    resealing.reseal([Lead], plain=True)
    assert "ngstr" not in raw("domain_lead")
    one.refresh_from_db()
    assert (one.name, one.phone) == (NAME, "s1:no key of mine")
    assert one.data == {"note": "Ängström"}


def test_a_session_is_sealed_and_one_of_before_is_read():
    kept = SealedSerializer().dumps({"booking-draft": NAME})
    assert b"ngstr" not in kept
    assert SealedSerializer().loads(kept) == {"booking-draft": NAME}
    assert SealedSerializer().loads(b'{"a": 1}') == {"a": 1}
    assert SealedSerializer().loads(b"x" * 40) == {}
