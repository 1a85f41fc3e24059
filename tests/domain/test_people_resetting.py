"""A link to a new password: never a way from one organisation into another."""

from datetime import timedelta

import pytest

from bookingapp.domain import people, second_factor
from bookingapp.domain.errors import Invalid
from bookingapp.domain.models import AuditEvent, Role
from tests.domain import people_world as world
from tests.domain.people_world import GOOD, LATER, NOW

pytestmark = pytest.mark.django_db
BETTER = "seven-calm-herons-wade"


@pytest.fixture
def place():
    return world.organisation()


@pytest.fixture
def admin(place):
    return world.person("ada", place, role="admin")


@pytest.fixture
def kim(place, admin):
    return world.person("kim", place)


def offer(place, person, by):
    return people.reset_link(place, person.pk, by=by, now=NOW)


def test_the_link_sets_a_new_password_once(place, admin, kim):
    _, secret = offer(place, kim, admin)
    invitation = people.find(secret, now=LATER)
    assert people.reset(invitation, BETTER, now=LATER) == kim
    kim.refresh_from_db()
    assert kim.check_password(BETTER)
    with pytest.raises(people.Spent):
        people.reset(invitation, GOOD, now=LATER)
    with pytest.raises(people.Spent):
        people.find(secret, now=LATER)
    told = {one.action: one.person for one in AuditEvent.objects.all()}
    assert told == {"person.reset_offered": admin, "person.password_reset": kim}


def test_a_bad_password_uses_nothing_up(place, admin, kim):
    invitation, secret = offer(place, kim, admin)
    with pytest.raises(Invalid) as told:
        people.reset(invitation, "kim", now=LATER)
    assert "password_too_short" in told.value.fields["password"]
    assert people.find(secret, now=LATER)


def test_it_is_good_for_a_day(place, admin, kim):
    _, secret = offer(place, kim, admin)
    with pytest.raises(people.Spent):
        people.find(secret, now=NOW + timedelta(hours=people.HOURS_VALID))


def test_a_newer_link_ends_the_older(place, admin, kim):
    _, first = offer(place, kim, admin)
    _, second = offer(place, kim, admin)
    with pytest.raises(people.Spent):
        people.find(first, now=LATER)
    assert people.find(second, now=LATER)


def test_not_for_who_also_works_where_the_admin_is_none(place, admin, kim):
    other = world.organisation("Elsewhere")
    Role.objects.create(person=kim, organisation=other, name="staff")
    Role.objects.create(person=admin, organisation=other, name="manager")
    with pytest.raises(people.WorksElsewhere):
        offer(place, kim, admin)
    Role.objects.filter(person=admin, organisation=other).update(name="admin")
    assert offer(place, kim, admin)


def test_a_link_dies_when_the_person_gets_a_role_elsewhere(place, admin, kim):
    invitation, _ = offer(place, kim, admin)
    Role.objects.create(person=kim, organisation=world.organisation("Elsewhere"), name="staff")
    with pytest.raises(people.Spent):
        people.reset(invitation, BETTER, now=LATER)
    kim.refresh_from_db()
    assert kim.check_password(GOOD)


def test_a_link_dies_with_the_role_of_who_made_it(place, admin, kim):
    boss = world.person("bo", place, role="admin")
    invitation, _ = offer(place, kim, admin)
    Role.objects.filter(person=admin).update(name="staff")
    with pytest.raises(people.Spent):
        people.reset(invitation, BETTER, now=LATER)
    assert offer(place, kim, boss)


@pytest.mark.parametrize("role", ["staff", "manager"])
def test_only_admins_make_it(place, kim, role):
    robin = world.person("robin", place, role=role)
    with pytest.raises(people.NotAllowed):
        offer(place, kim, robin)


def test_not_for_oneself_and_not_for_strangers(place, admin):
    eve = world.person("eve", world.organisation("Elsewhere"))
    with pytest.raises(people.NotAllowed):
        offer(place, admin, admin)
    with pytest.raises(people.NotHere):
        offer(place, eve, admin)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_use_it_at_once_one_sets_the_password(place, admin, kim):
    invitation, _ = offer(place, kim, admin)
    told = world.at_once(
        lambda: people.reset(invitation, BETTER, now=LATER),
        lambda: people.reset(invitation, "nine-bold-stoats-sing", now=LATER),
    )
    assert sum(isinstance(one, people.Spent) for one in told) == 1


def test_a_lost_second_factor_is_taken_away_by_who_may_reset(place, admin, kim):
    factors = second_factor.model().objects
    for kind in ("totp", "recovery_codes"):
        factors.create(user=kim, type=kind, data={})
    factors.create(user=admin, type="totp", data={})
    robin = world.person("robin", place, role="manager")
    for by, refused in ((robin, people.NotAllowed), (kim, people.NotAllowed)):
        with pytest.raises(refused):
            people.drop_second_factor(place, kim.pk, by=by, now=LATER)
    with pytest.raises(people.NotAllowed):
        people.drop_second_factor(place, admin.pk, by=admin, now=LATER)
    assert people.drop_second_factor(place, kim.pk, by=admin, now=LATER) == 2
    assert people.drop_second_factor(place, kim.pk, by=admin, now=LATER) == 0
    assert [one.user for one in factors.all()] == [admin]
    event = AuditEvent.objects.get()
    assert event.action == "person.second_factor_removed"
    assert event.details == {"person": kim.pk, "kinds": ["recovery_codes", "totp"]}


def test_not_the_second_factor_of_who_also_works_elsewhere(place, admin, kim):
    second_factor.model().objects.create(user=kim, type="totp", data={})
    Role.objects.create(person=kim, organisation=world.organisation("Elsewhere"), name="staff")
    with pytest.raises(people.WorksElsewhere):
        people.drop_second_factor(place, kim.pk, by=admin, now=LATER)
    assert second_factor.has(kim)
