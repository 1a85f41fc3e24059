"""Finding leads while somebody types."""

import re

import pytest

from bookingapp.domain.models import Role
from tests.web.availability_world import ref
from tests.web.booking_fixtures import *  # noqa: F403 - fixtures
from tests.web.booking_world import HTMX, words

pytestmark = pytest.mark.django_db


def find(client, world, text):
    return client.get(world.address("lead-search"), {"q": text}, headers=HTMX)


@pytest.mark.parametrize("text", ["mus", "anna m", "1234", "anna@example.com", "MUSTER"])
def test_found_by_parts_of_the_name_the_end_of_the_number_and_email(staff, world, text):
    html = find(staff, world, text).content.decode()
    assert f'data-lead="{world.lead.pk}"' in html


def test_two_of_the_same_name_are_told_apart(staff, world):
    world.known("Anna Muster", "+49 40 7770000", "second@example.com")
    text = words(find(staff, world, "anna"))
    for part in ("5551234", "anna@example.com", "7770000", "second@example.com", "Enquiries"):
        assert part in text


def test_the_first_hit_is_highlighted_and_the_answer_names_its_question(staff, world):
    html = find(staff, world, "  anna ").content.decode()
    chosen = re.findall(r'role="option" id="([^"]+)" aria-selected="true"', html)
    assert chosen == ["lead-hit-1"]
    assert 'data-for="anna"' in html


def test_without_a_hit_the_new_lead_is_highlighted(staff, world):
    html = find(staff, world, "nobody").content.decode()
    assert 'id="lead-hit-new" aria-selected="true"' in html
    assert "New lead “nobody”" in html


def test_leads_of_another_organisation_are_never_found(client, world, elsewhere, person):
    stranger = person("stranger")
    Role.objects.create(person=stranger, organisation=elsewhere, name="admin")
    client.force_login(stranger)
    address = world.address("lead-search").replace("praxis-am-park", elsewhere.slug)
    assert "Anna" not in words(client.get(address, {"q": "anna"}))
    assert client.get(world.address("lead-search"), {"q": "anna"}).status_code == 404


def test_without_a_script_the_same_is_a_get_and_radios(staff, world):
    html = staff.get(world.url(slot=ref(world.offer(9)), q="anna")).content.decode()
    radio = rf'<input type="radio" name="lead" value="{world.lead.pk}" checked>'
    assert re.search(radio, html)
    assert re.search(r'<form id="lead-find" method="get"', html)


def test_the_number_of_queries_does_not_grow(staff, world, django_assert_max_num_queries):
    for number in range(30):
        world.known(f"Anna {number:02}", f"+49 40 12345{number:02}")
    # The first page of a session is noted in the list of sessions.
    find(staff, world, "anna")
    with django_assert_max_num_queries(4):
        find(staff, world, "anna")


def test_nothing_typed_shows_nothing(staff, world):
    assert words(find(staff, world, "  ")) == ""
