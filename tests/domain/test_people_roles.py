"""Roles: changed by admins, never the last admin's, never upwards by oneself, in force at once."""

import pytest

from bookingapp.domain import people, standing
from bookingapp.domain.errors import Invalid
from bookingapp.domain.models import AuditEvent, Role
from tests.domain import people_world as world
from tests.domain.people_world import LATER, NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return world.organisation()


@pytest.fixture
def admin(place):
    return world.person("ada", place, role="admin")


def change(place, person, name, by):
    return people.change(place, person.pk, name, by=by, now=LATER)


def test_a_role_is_changed_and_on_record(place, admin):
    kim = world.person("kim", place)
    assert change(place, kim, "manager", admin)
    assert world.roles(place)["kim"] == "manager"
    event = AuditEvent.objects.get()
    assert (event.action, event.person, event.organisation) == ("person.role_changed", admin, place)
    assert event.details == {"person": kim.pk, "from": "staff", "to": "manager"}
    assert event.values.before == {"person": "kim", "role": "staff"}
    assert event.values.after == {"person": "kim", "role": "manager"}


def test_the_same_role_again_changes_nothing(place, admin):
    kim = world.person("kim", place)
    assert not change(place, kim, "staff", admin)
    assert not AuditEvent.objects.exists()


def test_it_holds_at_once(place, admin, django_capture_on_commit_callbacks):
    kim = world.person("kim", place)
    assert standing.of(kim.pk).places[0].role == "staff"
    with django_capture_on_commit_callbacks(execute=True):
        change(place, kim, "manager", admin)
    assert standing.of(kim.pk).places[0].role == "manager"


@pytest.mark.parametrize("role", ["staff", "manager"])
def test_only_an_admin_changes_roles(place, admin, role):
    kim = world.person("kim", place, role=role)
    for wanted in ("manager", "admin", "staff"):
        with pytest.raises(people.NotAllowed):
            change(place, kim, wanted, kim)
        with pytest.raises(people.NotAllowed):
            change(place, admin, wanted, kim)
    assert world.roles(place) == {"ada": "admin", "kim": role}


def test_an_admin_of_another_organisation_changes_nothing_here(place, admin):
    other = world.organisation("Elsewhere")
    stranger = world.person("eve", other, role="admin")
    with pytest.raises(people.NotAllowed):
        change(place, admin, "staff", stranger)
    with pytest.raises(people.NotHere):
        change(other, admin, "staff", stranger)


def test_the_last_admin_stays(place, admin):
    world.person("kim", place, role="manager")
    with pytest.raises(people.LastAdmin):
        change(place, admin, "manager", admin)
    closed = world.person("old", place, role="admin", is_active=False)
    with pytest.raises(people.LastAdmin):
        change(place, admin, "manager", admin)
    assert closed.is_active is False
    assert world.roles(place)["ada"] == "admin"


def test_no_role_of_that_name(place, admin):
    with pytest.raises(Invalid):
        change(place, admin, "owner", admin)


def test_links_do_not_outlive_the_right_to_make_them(place, admin):
    kim = world.person("kim", place, role="admin")
    _, secret = people.invite(place, role="admin", by=kim, now=NOW)
    _, other = people.invite(place, role="admin", by=admin, now=NOW)
    change(place, kim, "manager", admin)
    with pytest.raises(people.Spent):
        people.find(secret, now=LATER)
    assert people.find(other, now=LATER)


@pytest.mark.django_db(transaction=True)
def test_two_admins_who_demote_each_other_at_once_leave_one(place, admin):
    kim = world.person("kim", place, role="admin")
    for _ in range(3):
        Role.objects.filter(organisation=place).update(name="admin")
        told = world.at_once(
            lambda: change(place, kim, "staff", admin),
            lambda: change(place, admin, "staff", kim),
        )
        assert sorted(world.roles(place).values()) == ["admin", "staff"]
        assert sum(one is True for one in told) == 1
        assert sum(isinstance(one, people.NotAllowed) for one in told) == 1


@pytest.mark.django_db(transaction=True)
def test_two_admins_who_step_down_at_once_leave_one(place, admin):
    kim = world.person("kim", place, role="admin")
    told = world.at_once(
        lambda: change(place, kim, "staff", kim),
        lambda: change(place, admin, "staff", admin),
    )
    assert sorted(world.roles(place).values()) == ["admin", "staff"]
    assert sum(isinstance(one, people.LastAdmin) for one in told) == 1
