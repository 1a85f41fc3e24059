"""Erasing the account of who left: nothing of the person is left, what they did has a number."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bookingapp.domain import people, provisioning
from bookingapp.domain.models import (
    AuditEvent,
    AuditValues,
    FormerRole,
    Invitation,
    Preference,
    ProvenEmail,
    Role,
)
from bookingapp.domain.states import State
from tests.domain import people_world as world
from tests.web.conftest import PASSWORD
from tests.web.test_nothing_in_clear import stored

pytestmark = pytest.mark.django_db
WORDS = ("zoraida", "Zoraida", "Quintessa")


@pytest.fixture
def admin_client(client_of):
    return client_of("admin")


@pytest.fixture
def zoe(organisation, person, admin_client):
    """Somebody who did much and left: her page of erasing."""
    now, admin = timezone.now(), person("admin")
    link = people.invite(
        organisation, role="staff", email="zoraida@example.com", by=admin, now=now
    )[1]
    Client().post(
        reverse("invitation", kwargs={"secret": link}),
        {
            "username": "zoraida",
            "first_name": "Zoraida",
            "last_name": "Quintessa",
            "email": "zoraida@example.com",
            "password": PASSWORD,
        },
    )
    found = get_user_model().objects.get(username="zoraida")
    call_command("prove_email", "zoraida", "zoraida@example.com")
    Authenticator.objects.create(user=found, type="totp", data={"secret": "x"})
    SocialAccount.objects.create(user=found, provider="p", uid="u-1")
    Preference.objects.create(person=found)
    people.change(organisation, found.pk, "manager", by=admin, now=now)
    people.reset_link(organisation, found.pk, by=admin, now=now)
    people.take_away(organisation, found.pk, to=None, by=admin, now=now)
    found.refresh_from_db()
    return found


def erase(client, at, one, **more):
    return client.post(at("person-erase", one), {"typed": "erase", **more})


def test_nothing_of_the_person_is_left_but_a_number(admin_client, at, zoe):
    told = {place for place, text in stored() if any(word in str(text) for word in WORDS)}
    assert {"auth_user.username", "auth_user.email", "domain_invitation.email"} <= told
    listed = admin_client.get(at("person-list")).content.decode()
    assert at("person-erase", zoe) in listed
    page = admin_client.get(at("person-erase", zoe)).content.decode()
    assert "Zoraida Quintessa" in page
    assert erase(admin_client, at, zoe)["Location"] == at("person-list")
    assert [place for place, text in stored() if any(word in str(text) for word in WORDS)] == []
    for model in (Authenticator, SocialAccount, Preference, ProvenEmail, FormerRole):
        assert not model.objects.exists(), model
    for values in AuditValues.objects.all():
        assert not any(word in f"{values.before}{values.after}" for word in WORDS)
    zoe.refresh_from_db()
    assert (zoe.is_active, zoe.has_usable_password(), zoe.last_login) == (False, False, None)


def test_what_they_did_stays_in_the_audit_log_under_the_number(admin_client, at, zoe):
    before = set(AuditEvent.objects.filter(person=zoe).values_list("pk", flat=True))
    assert before
    erase(admin_client, at, zoe)
    assert set(AuditEvent.objects.filter(person=zoe).values_list("pk", flat=True)) == before
    log = admin_client.get(at("audit-log")).content.decode()
    assert f"Former colleague {zoe.pk}" in log
    assert "Account of a former colleague erased" in log
    assert "oraida" not in log
    assert AuditEvent.objects.get(action="person.erased").details == {"person": zoe.pk}


def test_the_word_must_be_typed(admin_client, at, zoe):
    answer = erase(admin_client, at, zoe, typed="yes")
    assert answer.status_code == 422
    assert "Type the word as it stands." in answer.content.decode()
    zoe.refresh_from_db()
    assert zoe.username == "zoraida"


def test_nobody_comes_back_and_the_name_is_free(admin_client, at, zoe, organisation):
    erase(admin_client, at, zoe)
    assert erase(admin_client, at, zoe).status_code == 404
    assert admin_client.get(at("person-erase", zoe)).status_code == 404
    admin_client.post(at("person-return", zoe), {"role": "staff"})
    assert not Role.objects.filter(person=zoe).exists()
    assert Client().post("/sign-in/", {"login": "zoraida", "password": PASSWORD}).status_code == 422
    spec = provisioning.PersonSpec("zoraida", email="zoraida@example.com")
    list(provisioning.apply(provisioning.Document(people=[spec]), now=timezone.now()))
    assert get_user_model().objects.get(username="zoraida").pk != zoe.pk


def refused(client, at, one):
    page = client.get(at("person-erase", one)).content.decode()
    assert 'name="typed"' not in page
    answer = erase(client, at, one)
    assert answer.status_code == 409
    one.refresh_from_db()
    assert one.username == "zoraida"
    assert not AuditEvent.objects.filter(action="person.erased").exists()
    return answer.content.decode()


def test_not_while_the_account_is_open(admin_client, at, zoe, elsewhere):
    Role.objects.create(organisation=elsewhere, person=zoe, name="staff")
    assert "The account is open" in refused(admin_client, at, zoe)
    Role.objects.all().filter(person=zoe).delete()
    zoe.is_active = True
    zoe.save()
    assert "The account is open" in refused(admin_client, at, zoe)
    assert at("person-erase", zoe) not in admin_client.get(at("person-list")).content.decode()


def test_not_by_an_admin_of_a_part_of_where_they_worked(admin_client, at, zoe, elsewhere, person):
    FormerRole.objects.create(
        organisation=elsewhere, person=zoe, name="staff", ended_at=timezone.now()
    )
    assert "also worked in an organisation" in refused(admin_client, at, zoe)
    Role.objects.create(organisation=elsewhere, person=person("admin"), name="admin")
    assert erase(admin_client, at, zoe).status_code == 302


def test_an_owner_is_erased_by_an_owner_only(admin_client, at, zoe, person):
    zoe.is_superuser = True
    zoe.save()
    assert "owns this installation" in refused(admin_client, at, zoe)
    admin = person("admin")
    admin.is_superuser = True
    admin.save()
    assert erase(admin_client, at, zoe).status_code == 302


def test_not_while_something_is_theirs_to_look_after(
    admin_client, at, zoe, elsewhere, organisation
):
    stuck = world.write(elsewhere, zoe, State.STUCK)
    assert "Something is still" in refused(admin_client, at, zoe)
    stuck.state, stuck.changed_at = State.DONE, timezone.now() - timedelta(minutes=1)
    stuck.save()
    assert erase(admin_client, at, zoe).status_code == 302
    stuck.refresh_from_db()
    assert stuck.person == zoe


def test_who_works_here_or_never_did_has_no_such_page(admin_client, at, person):
    for role in ("staff", "stranger"):
        assert admin_client.get(at("person-erase", person(role))).status_code == 404
        assert erase(admin_client, at, person(role)).status_code == 404
    assert get_user_model().objects.get(pk=person("staff").pk).username == "staff"
    assert not Invitation.objects.exists()
