"""Leads found among thousands by what staff type, the same on both databases."""

import pytest
from django.db import connection
from django.utils import timezone

from bookingapp.domain import leads
from bookingapp.domain.lead_index import index
from bookingapp.domain.models import Lead, Organisation
from bookingapp.domain.policy import Policy

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return Organisation.objects.create(name="A", slug="a", connect_url="https://connect.example")


@pytest.fixture
def known(place):
    def make(name, phone="", email="", **more):
        lead = Lead.objects.create(
            organisation=place, name=name, phone=phone, email=email,
            created_at=timezone.now(), known_at=timezone.now(), **more,
        )  # fmt: skip
        index(lead, Policy())
        return lead

    return make


def names(place, text):
    return [lead.name for lead in leads.search(place, text)]


def test_words_in_any_order_all_of_them_and_without_diacritics(place, known):
    known("Anna Müller")
    known("Anna Weber")
    for text in ("müller anna", "an mul", "ANNA MUELLER", "a m u"):
        expected = [] if text == "a m u" else ["Anna Müller"]
        assert names(place, text) == expected
    assert names(place, "anna") == ["Anna Müller", "Anna Weber"]


def test_a_name_with_the_end_of_the_number(place, known):
    known("Anna", "+49 40 5551234")
    known("Anna B", "+49 40 5559999")
    assert names(place, "anna 1234") == ["Anna"]
    assert names(place, "9999 ann") == ["Anna B"]


def test_digits_are_also_words_of_a_name(place, known):
    known("Family 2024")
    assert names(place, "family 202") == ["Family 2024"]


def test_who_was_never_created_is_not_found(place, known):
    known("Anna", never_created=True)
    assert names(place, "anna") == []


def test_the_query_for_others_finds_the_same(place, known):
    for number in range(30):
        known(f"Anna {'Meier' if number % 2 else 'Schulz'} {number}")
    found = leads.found_by(place, "anna schu")
    assert found.count() == 15
    assert {lead.name for lead in leads.search(place, "anna schu", limit=50)} == {
        lead.name for lead in found
    }


@pytest.mark.parametrize("text", ["anna", "anna mei", "a m s", "anna 12"])
def test_no_table_is_read_as_a_whole(place, known, text):
    """Without statistics too, as an embedded SQLite has none."""
    if connection.vendor != "sqlite":
        pytest.skip("the plan of PostgreSQL follows the size of the tables")
    known("Anna Meier", "040 555 1212")
    plan = leads.found_by(place, text).explain()
    assert "SCAN" not in plan
    # The other words are looked up lead by lead, not each time in all the terms.
    others = [line for line in plan.splitlines() if "domain_leadterm_lead_id" in line]
    assert len(others) == len(text.split()) - 1


@pytest.mark.parametrize(
    "text", ["\x00", "%", "a' OR 1=1 --", "\u202e", "😀", "x" * 10_000, "1" * 10_000, "@" * 300]
)
def test_hostile_text_finds_nobody_and_harms_nothing(place, known, text):
    known("Anna Müller")
    assert names(place, text) == []


def test_same_person_however_the_number_is_written(place, known):
    from bookingapp.domain.contact_fields import Contact

    anna = known("Anna", "0176/919-67286", "Anna@Example.org")
    for contact in (
        Contact("x", "+49 176 91967286"),
        Contact("x", "0049(0)17691967286"),
        Contact("x", "", "anna@example.ORG"),
    ):
        assert leads.same_person(place, contact) == [anna]
    for contact in (Contact("Anna"), Contact("x", "91967286"), Contact("x", "", "na@example.org")):
        assert leads.same_person(place, contact) == []
