"""One document for organisations and people: what of it is refused changes nothing."""

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from bookingapp.domain import provisioning
from bookingapp.domain.errors import Invalid
from bookingapp.domain.models import Role
from tests.domain import people_world as world

pytestmark = pytest.mark.django_db


def provision(*people):
    return list(provisioning.apply(provisioning.Document(people=[*people]), now=timezone.now()))


def test_a_person_gets_an_account_and_roles_and_may_be_told_again():
    place = world.organisation()
    kim = provisioning.PersonSpec("kim", world.GOOD, "kim@example.com", {place.name: "manager"})
    assert provision(kim) == provision(kim) == [f"person kim: manager in {place.name}"]
    assert world.roles(place) == {"kim": "manager"}
    assert get_user_model().objects.get().check_password(world.GOOD)


@pytest.mark.parametrize(
    "wrong",
    [
        {"password": "123", "roles": {"Praxis am Park": "staff"}},
        {"password": world.GOOD, "roles": {"Praxis am Park": "staff", "Nowhere": "staff"}},
        {"password": world.GOOD, "roles": {"Praxis am Park": "emperor"}},
    ],
)
def test_a_person_with_anything_wrong_is_not_made_at_all(wrong):
    world.organisation()
    with pytest.raises(Invalid):
        provision(provisioning.PersonSpec("kim", **wrong))
    assert not get_user_model().objects.exists()
    assert not Role.objects.exists()
