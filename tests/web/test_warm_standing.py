"""A role taken away holds at once here, elsewhere within seconds, and never for a write."""

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction
from django.urls import reverse

from bookingapp.domain import standing
from bookingapp.domain.models import Role
from tests.web.conftest import PASSWORD


class Clock:
    def __init__(self):
        self.now = 1000.0

    def monotonic(self):
        return self.now


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    standing.forget()
    made = Clock()
    monkeypatch.setattr(standing, "time", made)
    yield made
    standing.forget()


@pytest.fixture
def page(organisation):
    return reverse("booking-list", kwargs={"slug": organisation.slug})


# As another process would: without the signals of this one.
def take_role():
    Role.objects.update(name="staff")
    Role.objects.all()._raw_delete(using="default")


def deactivate():
    get_user_model().objects.update(is_active=False)


def change_password():
    get_user_model().objects.update(password="md5$other$hash")


CHANGES = [(take_role, 404), (deactivate, 302), (change_password, 302)]


@pytest.mark.parametrize(("change", "status"), CHANGES)
def test_what_another_process_changed_holds_within_seconds(
    staff_client, page, clock, change, status
):
    assert staff_client.get(page).status_code == 200
    change()
    clock.now += standing.KEPT_SECONDS + 0.01
    assert staff_client.get(page).status_code == status


def test_looking_again_and_again_does_not_put_it_off(staff_client, page, clock):
    staff_client.get(page)
    take_role()
    answers = []
    for _ in range(4):
        clock.now += standing.KEPT_SECONDS / 3
        answers.append(staff_client.get(page).status_code)
    assert answers[-1] == 404


@pytest.mark.parametrize(("change", "status"), CHANGES)
def test_a_write_asks_the_database_itself(staff_client, page, change, status):
    assert staff_client.get(page).status_code == 200
    change()
    assert staff_client.post(page, {}).status_code == status


@pytest.mark.parametrize(
    ("change", "status"),
    [
        (lambda: Role.objects.all().delete(), 404),
        (lambda: get_user_model().objects.get(username="staff").delete(), 302),
    ],
)
def test_what_this_process_changed_holds_at_once(staff_client, page, change, status):
    assert staff_client.get(page).status_code == 200
    change()
    assert staff_client.get(page).status_code == status


def test_new_role_opens_the_door_at_once(client_of, person, organisation, page):
    client = client_of("stranger")
    assert client.get(page).status_code == 404
    Role.objects.create(person=person("stranger"), organisation=organisation, name="staff")
    assert client.get(page).status_code == 200


def test_change_during_the_look_is_not_kept(person, monkeypatch):
    staff = person("staff")
    real = standing.fresh

    def while_it_changes(person_id):
        found = real(person_id)
        Role.objects.all().delete()
        return found

    monkeypatch.setattr(standing, "fresh", while_it_changes)
    standing.of(staff.pk)
    monkeypatch.setattr(standing, "fresh", real)
    assert standing.of(staff.pk).places == ()


@pytest.mark.django_db(transaction=True)
def test_a_look_before_the_commit_is_not_kept_after_it(person):
    """As another thread has it that looks while the change is not committed yet."""
    staff = person("staff")
    with transaction.atomic():
        Role.objects.all().delete()
        kept = standing.Standing(staff, "", ("what was",), standing.time.monotonic() + 5)
        standing._memory.put(staff.pk, kept, standing._memory.changes)
        assert standing.of(staff.pk).places == ("what was",)
    assert standing.of(staff.pk).places == ()


def test_session_of_another_browser_ends_by_itself(client_of, page):
    one, other = client_of("staff"), client_of("staff")
    assert one.get(page).status_code == other.get(page).status_code == 200
    one.post("/sign-out/")
    assert one.get(page).status_code == 302
    assert other.get(page).status_code == 200


def test_sign_in_after_a_look_is_somebody_else(client, person, page):
    person("staff")
    person("manager")
    for name in ("staff", "manager"):
        client.post("/sign-in/", {"login": name, "password": PASSWORD})
        assert client.get(page).wsgi_request.user.username == name
        client.post("/sign-out/")
