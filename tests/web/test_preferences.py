"""What a person chooses for themselves: how long they can undo."""

import pytest
from django.urls import reverse

from bookingapp.domain import undo
from tests.web.booking_world import words

pytestmark = pytest.mark.django_db
PAGE = "/me/"


def test_the_default_is_eight_seconds_and_the_menu_leads_there(staff_client, person):
    page = staff_client.get(PAGE)
    assert 'value="8"' in page.content.decode()
    home = staff_client.get(reverse("needs-you")).content.decode()
    assert f'href="{PAGE}"' in home


@pytest.mark.parametrize("seconds", [0, 1, 60])
def test_it_is_kept(staff_client, person, seconds):
    response = staff_client.post(PAGE, {"undo_seconds": seconds})
    assert response["Location"] == PAGE
    assert undo.window_of(person("staff")) == seconds
    assert "Saved." in words(staff_client.get(PAGE))


@pytest.mark.parametrize("wrong", ["", "-1", "61", "x", "1.5", "9" * 40])
def test_anything_else_is_refused_at_the_field(staff_client, person, wrong):
    response = staff_client.post(PAGE, {"undo_seconds": wrong})
    assert response.status_code == 422
    assert "Give a number from 0 to 60." in words(response)
    assert undo.window_of(person("staff")) == 8


def test_it_is_ones_own(staff_client, client_of, person):
    staff_client.post(PAGE, {"undo_seconds": 30})
    client_of("manager")
    assert undo.window_of(person("manager")) == 8
