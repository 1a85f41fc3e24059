"""Ways from an admin's role to more than that: closed."""

import pytest

from bookingapp.domain import people
from bookingapp.domain.errors import Invalid
from bookingapp.domain.models import Invitation, Role
from tests.domain import people_world as world
from tests.domain.people_world import GOOD, LATER, NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return world.organisation()


@pytest.fixture
def admin(place):
    return world.person("ada", place, role="admin")


@pytest.fixture
def owner(place):
    return world.person("olga", place, role="admin", is_superuser=True)


def test_an_admin_gets_no_link_into_the_account_of_the_owner(place, admin, owner):
    for act in (people.reset_link, people.drop_second_factor):
        with pytest.raises(people.NotAllowed):
            act(place, owner.pk, by=admin, now=NOW)
    assert people.may_reset(owner, admin)
    second = world.person("otto", place, role="admin", is_superuser=True)
    assert people.reset_link(place, owner.pk, by=second, now=NOW)


def test_a_link_opens_nothing_of_who_has_become_the_owner(place, admin):
    kim = world.person("kim", place)
    link, _ = people.reset_link(place, kim.pk, by=admin, now=NOW)
    kim.is_superuser = True
    kim.save()
    with pytest.raises(people.Spent):
        people.reset(link, GOOD, now=LATER)


def test_who_was_demoted_meanwhile_leaves_no_link_behind(place, admin, owner):
    people.change(place, admin.pk, "staff", by=owner, now=NOW)
    with pytest.raises(people.NotAllowed):
        people.invite(place, role=Role.Name.ADMIN, by=admin, now=NOW)
    assert not Invitation.objects.exists()


def test_a_name_that_no_database_takes_is_refused(place, admin):
    invitation, secret = people.invite(place, role=Role.Name.STAFF, by=admin, now=NOW)
    with pytest.raises(Invalid) as told:
        people.join(invitation, people.NewAccount("kim", GOOD, first_name="K\x00m"), now=LATER)
    assert told.value.fields == {"name": "invalid"}
    assert people.find(secret, now=LATER)


def test_an_admin_takes_the_owner_from_the_organisation_and_leaves_the_account_open(
    place, admin, owner
):
    left = people.take_away(place, owner.pk, to=None, by=admin, now=NOW)
    owner.refresh_from_db()
    assert (left.deactivated, owner.is_active) == (False, True)
    assert not Role.objects.filter(person=owner).exists()


def test_another_owner_closes_it(place, admin, owner):
    second = world.person("otto", place, role="admin", is_superuser=True)
    assert people.take_away(place, owner.pk, to=None, by=second, now=NOW).deactivated
