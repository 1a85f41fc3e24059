"""An organisation that demands a second factor lets nobody work without one, and says the way."""

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse

from bookingapp.domain import second_factor, standing

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_known():
    standing.forget()
    yield
    standing.forget()


@pytest.fixture
def demand(organisation):
    def set_to(whom):
        organisation.settings = {"second_factor": whom}
        organisation.save()
        return reverse("booking-list", kwargs={"slug": organisation.slug})

    return set_to


@pytest.mark.parametrize(
    ("whom", "staff", "admin"),
    [("nobody", 200, 200), ("admins", 200, 403), ("everybody", 403, 403)],
)
def test_who_must_have_one_is_refused_without(client_of, demand, whom, staff, admin):
    page = demand(whom)
    assert client_of("staff").get(page).status_code == staff
    assert client_of("admin").get(page).status_code == admin


def test_the_refusal_names_the_way_and_leaves_the_way_out(client_of, demand):
    page, client = demand("everybody"), client_of("staff")
    html = client.get(page).content.decode()
    assert "Set up the second step" in html
    assert reverse("account_logout") in html
    assert client.post(page, {}).status_code == 403
    assert client.get(reverse("needs-you")).status_code == 403
    assert client.get(reverse("preferences")).status_code == 200
    part = client.get(page, headers={"HX-Request": "true"})
    assert part.status_code == 403
    assert "<html" not in part.content.decode()


@pytest.mark.parametrize(
    ("kind", "status"), [("totp", 200), ("webauthn", 200), ("recovery_codes", 403)]
)
def test_set_up_it_opens_at_once(client_of, person, demand, kind, status):
    page, client = demand("everybody"), client_of("staff")
    assert client.get(page).status_code == 403
    one = Authenticator.objects.create(user=person("staff"), type=kind, data={})
    assert client.get(page).status_code == status
    one.delete()
    assert client.get(page).status_code == 403


def test_a_sign_in_by_a_provider_counts_as_the_providers(client_of, person, demand):
    page, client = demand("everybody"), client_of("staff")
    session = client.session
    session["account_authentication_methods"] = [{"method": "socialaccount", "at": 1.0}]
    session["account_authentication_methods_user"] = str(person("staff").pk)
    session.save()
    assert client.get(page).status_code == 200


def test_a_warm_page_asks_the_database_nothing_for_it(
    client_of, person, organisation, demand, django_assert_num_queries
):
    page, client = demand("everybody"), client_of("staff")
    Authenticator.objects.create(user=person("staff"), type="totp", data={})
    client.get(page)
    kim, place = person("staff"), organisation
    with django_assert_num_queries(0):
        known = standing.of(kim.pk)
        assert second_factor.is_required(known.places[0])
        assert second_factor.has(known.person)
        assert known.places[0].organisation == place


def test_set_up_in_another_process_it_opens_at_once_too(client_of, person, demand):
    page, client = demand("everybody"), client_of("staff")
    assert client.get(page).status_code == 403
    # Without the signals of this process.
    Authenticator.objects.bulk_create([Authenticator(user=person("staff"), type="totp", data={})])
    assert client.get(page).status_code == 200
