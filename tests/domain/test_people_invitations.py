"""A link opens once, for a while, and is nowhere but in the hands of who was shown it."""

import json
import sqlite3
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core import serializers
from django.db import connection

from bookingapp.domain import people
from bookingapp.domain.errors import Invalid
from bookingapp.domain.models import AuditEvent, Invitation, Role
from bookingapp.domain.people import NewAccount
from tests.domain import people_world as world
from tests.domain.people_world import GOOD, LATER, NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return world.organisation()


@pytest.fixture
def admin(place):
    return world.person("ada", place, role="admin")


def wanted(username="kim", **fields):
    return NewAccount(username=username, password=fields.pop("password", GOOD), **fields)


def invite(place, admin, **fields):
    return people.invite(place, role=fields.pop("role", "staff"), by=admin, now=NOW, **fields)


def test_who_has_the_link_makes_an_account_with_the_role(place, admin):
    invitation, secret = invite(place, admin, role="manager", email=" kim@example.com ")
    assert people.find(secret, now=LATER) == invitation
    person = people.join(invitation, wanted(first_name=" Kim ", last_name="Lee"), now=LATER)
    assert person.check_password(GOOD)
    assert person.get_full_name() == "Kim Lee"
    assert world.roles(place) == {"ada": "admin", "kim": "manager"}
    invitation.refresh_from_db()
    assert (invitation.email, invitation.used_by) == ("kim@example.com", person)
    with pytest.raises(people.Spent):
        people.find(secret, now=LATER)


def test_an_account_there_is_takes_the_role_and_keeps_its_password(place, admin):
    kim = world.person("kim", world.organisation("Elsewhere"))
    invitation, _ = invite(place, admin)
    people.accept(invitation, kim, now=LATER)
    assert world.roles(place) == {"ada": "admin", "kim": "staff"}


def test_nobody_raises_themselves_by_a_link(place, admin):
    kim = world.person("kim", place)
    invitation, secret = invite(place, admin, role="admin")
    with pytest.raises(people.AlreadyHere):
        people.accept(invitation, kim, now=LATER)
    assert world.roles(place)["kim"] == "staff"
    assert people.find(secret, now=LATER) == invitation


@pytest.mark.parametrize("how", ["wrong", "used", "expired", "revoked"])
def test_a_link_that_opens_nothing_never_says_why(place, admin, how):
    invitation, secret = invite(place, admin)
    now = LATER
    if how == "wrong":
        secret = secret[:-1]
    elif how == "used":
        people.join(invitation, wanted(), now=LATER)
    elif how == "expired":
        now = NOW + timedelta(days=people.DAYS_VALID)
    else:
        assert people.revoke(invitation, by=admin, now=LATER)
    with pytest.raises(people.Spent) as told:
        people.find(secret, now=now)
    assert str(told.value) == ""
    late = wanted("robin")
    if how != "wrong":
        with pytest.raises(people.Spent):
            people.join(invitation, late, now=now)
    assert not get_user_model().objects.filter(username="robin").exists()


def test_a_link_is_good_until_its_very_last_moment(place, admin):
    _, secret = invite(place, admin)
    last = NOW + timedelta(days=7) - timedelta(microseconds=1)
    assert people.find(secret, now=last)


def test_taking_back_twice_is_once(place, admin):
    invitation, _ = invite(place, admin)
    assert people.revoke(invitation, by=admin, now=LATER)
    assert not people.revoke(invitation, by=admin, now=LATER)
    assert AuditEvent.objects.filter(action="invitation.revoked").count() == 1


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"role": "owner"}, {"role": "unknown"}),
        ({"email": "kim at example"}, {"email": "invalid"}),
        ({"email": "kim@example.com\nBcc: all@example.com"}, {"email": "invalid"}),
    ],
)
def test_what_is_no_role_or_no_address_makes_no_link(place, admin, fields, problem):
    with pytest.raises(Invalid) as told:
        invite(place, admin, **fields)
    assert told.value.fields == problem
    assert not Invitation.objects.exists()


@pytest.mark.parametrize(
    ("account", "problem"),
    [
        (wanted(""), {"username": "required"}),
        (wanted("kim@example.com"), {"username": "invalid"}),
        (wanted("k m"), {"username": "invalid"}),
        (wanted("ADA"), {"username": "taken"}),
        (wanted(email="Ada@Example.com"), {"email": "taken"}),
        (wanted(email="nowhere"), {"email": "invalid"}),
        (wanted(first_name="x" * 151), {"name": "too_long"}),
        (wanted(password="47114"), {"password": "password_too_short password_entirely_numeric"}),
        (wanted(password="x" * 4097), {"password": "password_too_long"}),
        (wanted(password="password1"), {"password": "password_too_common"}),
    ],
)
def test_a_mistake_uses_nothing_up(place, admin, account, problem):
    invitation, secret = invite(place, admin)
    with pytest.raises(Invalid) as told:
        people.join(invitation, account, now=LATER)
    assert told.value.fields == problem
    assert people.find(secret, now=LATER)
    assert world.roles(place) == {"ada": "admin"}


def test_the_secret_is_nowhere_in_the_database_nor_in_the_record(place, admin):
    invitation, secret = invite(place, admin, email="kim@example.com")
    people.join(invitation, wanted(), now=LATER)
    rows = [*Invitation.objects.all(), *AuditEvent.objects.all()]
    told = json.dumps(serializers.serialize("python", rows), default=str)
    assert secret not in told
    assert secret.removeprefix(people.PREFIX) not in told
    assert GOOD not in told
    assert GOOD not in repr(wanted())


def test_everything_is_on_record_with_what_was_after(place, admin):
    invitation, _ = invite(place, admin, role="manager", email="kim@example.com")
    kim = people.join(invitation, wanted(), now=LATER)
    made, joined = AuditEvent.objects.order_by("id")
    assert (made.action, made.person, made.at) == ("invitation.made", admin, NOW)
    assert made.values.after == {"role": "manager", "email": "kim@example.com"}
    assert (joined.action, joined.person) == ("person.joined", kim)
    assert joined.values.after == {"role": "manager", "person": "kim"}
    assert made.details == joined.details == {"invitation": str(invitation.pk), "kind": "join"}


@pytest.mark.django_db(transaction=True)
def test_of_many_who_use_one_link_at_once_one_gets_in(place, admin):
    assert isinstance(connection.connection, sqlite3.Connection)
    invitation, _ = invite(place, admin)
    names = [f"robin{number}" for number in range(4)]
    acts = [
        lambda name=name: people.join(invitation, wanted(name), now=LATER).username
        for name in names
    ]
    told = world.at_once(*acts)
    got_in = [one for one in told if isinstance(one, str)]
    assert len(got_in) == 1
    assert all(isinstance(one, people.Spent) for one in told if not isinstance(one, str))
    assert Role.objects.exclude(person=admin).count() == 1
    assert get_user_model().objects.filter(username__in=names).count() == 1
