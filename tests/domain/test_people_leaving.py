"""Leaving: what is open goes on to a colleague, the journal names who asked, nothing is lost."""

import uuid

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from bookingapp.domain import batches, needs_you, people, settling, undo
from bookingapp.domain.access import Membership
from bookingapp.domain.errors import Invalid
from bookingapp.domain.models import AuditEvent, BulkMove, FormerRole, Role
from bookingapp.domain.states import TERMINAL, State
from tests.domain import people_world as world
from tests.domain.people_world import LATER, NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return world.organisation()


@pytest.fixture
def admin(place):
    return world.person("ada", place, role="admin")


@pytest.fixture
def kim(place, admin):
    return world.person("kim", place)


@pytest.fixture
def robin(place):
    return world.person("robin", place)


def leave(place, person, by, to=None):
    return people.take_away(place, person.pk, to=to and to.pk, by=by, now=LATER)


def test_what_is_open_goes_to_the_colleague_and_the_rest_stays(place, admin, kim, robin):
    unfinished = [world.write(place, kim, state) for state in State if state not in TERMINAL]
    refused = world.write(place, kim, State.REFUSED)
    twice = world.write(place, kim, State.DONE, reason="second_answer")
    over = [
        world.write(place, kim, State.REFUSED, seen_at=NOW),
        world.write(place, kim, State.DONE),
        world.write(place, kim, State.UNDONE),
        world.write(world.organisation("Elsewhere"), kim, State.STUCK),
        world.write(place, admin, State.STUCK),
    ]
    left = leave(place, kim, admin, robin)
    assert left.handed_on == len(unfinished) + 2 == 9
    for one in [*unfinished, refused, twice]:
        one.refresh_from_db()
        assert (one.handed_to, one.person) == (robin, kim)
    for one in over:
        one.refresh_from_db()
        assert one.handed_to is None
    noted = AuditEvent.objects.filter(action="write.handed_on", person=admin)
    assert noted.count() == 9
    assert {one.details["write"] for one in noted} == {
        str(one.pk) for one in [*unfinished, refused, twice]
    }
    assert all(one.details["from"] == kim.pk and one.details["to"] == robin.pk for one in noted)


def test_the_colleague_sees_and_decides_it_as_their_own(place, admin, kim, robin):
    stuck = world.write(place, kim, State.STUCK)
    now = timezone.now()
    held = world.write(place, kim, State.HELD, at=now, due_at=now)
    assert list(needs_you.writes(robin)) == []
    leave(place, kim, admin, robin)
    stuck.refresh_from_db()
    membership = Membership(place, "staff")
    assert list(needs_you.writes(robin)) == [stuck]
    assert needs_you.places(robin)[0].mine == needs_you.count(robin) == 1
    assert settling.may_settle(stuck, membership, robin)
    assert not settling.may_settle(stuck, membership, kim)
    assert undo.held(robin, place) == [held]
    assert undo.held(kim, place) == []
    assert needs_you.places(admin)[0].mine == 0


def test_handed_on_twice_it_is_the_last_ones(place, admin, kim, robin):
    stuck = world.write(place, kim, State.STUCK)
    leave(place, kim, admin, robin)
    leave(place, robin, admin, admin)
    stuck.refresh_from_db()
    assert (stuck.handed_to, stuck.person) == (admin, kim)


def test_a_worker_that_has_it_goes_on_with_it(place, admin, kim, robin):
    sending = world.write(place, kim, State.SENDING)
    version = sending.version
    leave(place, kim, admin, robin)
    sending.refresh_from_db()
    assert (sending.version, sending.state) == (version, State.SENDING)


def test_what_a_batch_opens_later_is_the_colleagues_too(place, admin, kim, robin):
    bulk = BulkMove.objects.create(
        organisation=place, person=kim, intent=uuid.uuid4(), asked_at=NOW, to_state="st_1"
    )
    leave(place, kim, admin, robin)
    bulk.refresh_from_db()
    opened = world.write(place, kim, State.DUE)
    batches.hand_over(bulk, opened)
    opened.refresh_from_db()
    assert (opened.handed_to, opened.person) == (robin, kim)


def test_nothing_open_needs_nobody_to_take_it(place, admin, kim):
    world.write(place, kim, State.DONE)
    assert leave(place, kim, admin).handed_on == 0


@pytest.mark.parametrize("to", ["nobody", "themselves", "a stranger", "somebody closed"])
def test_what_is_open_must_go_to_somebody_who_is_there(place, admin, kim, to):
    world.write(place, kim, State.STUCK)
    takers = {
        "nobody": None,
        "themselves": kim,
        "a stranger": world.person("eve", world.organisation("Elsewhere")),
        "somebody closed": world.person("old", place, is_active=False),
    }
    with pytest.raises(Invalid) as told:
        leave(place, kim, admin, takers[to])
    assert told.value.fields == {"to": "required"}
    assert "kim" in world.roles(place)


def test_who_works_nowhere_else_cannot_sign_in_any_more(place, admin, kim):
    assert leave(place, kim, admin).deactivated
    kim.refresh_from_db()
    assert not kim.is_active
    assert get_user_model().objects.filter(username="kim").exists()


def test_who_works_elsewhere_goes_on_there(place, admin, kim):
    other = world.organisation("Elsewhere")
    Role.objects.create(person=kim, organisation=other, name="staff")
    assert not leave(place, kim, admin).deactivated
    kim.refresh_from_db()
    assert kim.is_active
    assert world.roles(other) == {"kim": "staff"}


def test_only_an_admin_of_here_takes_anybody_away(place, admin, kim, robin):
    eve = world.person("eve", world.organisation("Elsewhere"), role="admin")
    for by in (kim, robin, eve):
        with pytest.raises(people.NotAllowed):
            leave(place, kim, by, robin)
    assert set(world.roles(place)) == {"ada", "kim", "robin"}


def test_the_last_admin_cannot_leave(place, admin, kim):
    with pytest.raises(people.LastAdmin):
        leave(place, admin, admin, kim)
    Role.objects.filter(person=kim).update(name="admin")
    leave(place, admin, admin, kim)
    assert world.roles(place) == {"kim": "admin"}


def test_brought_back_they_work_again_with_a_role_of_the_admins_choice(place, admin, kim):
    leave(place, kim, admin)
    assert FormerRole.objects.get().name == "staff"
    people.bring_back(place, kim.pk, "manager", by=admin, now=LATER)
    kim.refresh_from_db()
    assert kim.is_active
    assert world.roles(place)["kim"] == "manager"
    assert not FormerRole.objects.exists()
    left, returned = AuditEvent.objects.filter(action__startswith="person.").order_by("id")
    assert left.values.before == {"person": "kim", "role": "staff"}
    assert left.details["deactivated"] is True
    assert returned.values.after == {"person": "kim", "role": "manager"}
    assert returned.details["activated"] is True


def test_nobody_is_brought_back_who_never_left_here(place, admin, kim):
    other = world.organisation("Elsewhere")
    boss = world.person("eve", other, role="admin")
    leave(place, kim, admin)
    with pytest.raises(people.NotHere):
        people.bring_back(other, kim.pk, "staff", by=boss, now=LATER)
    with pytest.raises(people.NotAllowed):
        people.bring_back(place, kim.pk, "staff", by=boss, now=LATER)
    kim.refresh_from_db()
    assert not kim.is_active


@pytest.mark.django_db(transaction=True)
def test_two_admins_who_take_each_other_away_at_once_leave_one(place, admin):
    kim = world.person("kim", place, role="admin")
    told = world.at_once(
        lambda: leave(place, kim, admin),
        lambda: leave(place, admin, kim),
    )
    assert len(world.roles(place)) == 1
    assert sum(isinstance(one, people.NotAllowed) for one in told) == 1
