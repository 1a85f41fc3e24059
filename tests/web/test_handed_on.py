"""What somebody left behind, as the colleague sees it who looks after it now."""

import pytest
from django.test import Client
from django.urls import reverse

from bookingapp.domain.models import Write
from tests.web.booking_fixtures import *  # noqa: F403 - fixtures

pytestmark = pytest.mark.django_db


@pytest.fixture
def stuck(world):
    write = world.ask(world.offer(9))
    Write.objects.filter(pk=write.pk).update(state="stuck", reason="cannot_tell", due_at=None)
    return Write.objects.get(pk=write.pk)


@pytest.fixture
def robin(person):
    one = person("staff", "robin")
    one.first_name, one.last_name = "Robin", "Lee"
    one.save()
    return one


@pytest.fixture
def leave(client_of, organisation, stuck):
    """``leave("12")``: who asked for the write is taken away, and that colleague named."""

    def ask(to):
        place = {"slug": organisation.slug, "pk": stuck.person_id}
        return client_of("admin").post(
            reverse("person-leave", kwargs=place), {"to": to}, follow=True
        )

    return ask


def signed_in(person):
    client = Client()
    client.force_login(person)
    return client


def html_of(response):
    return response.content.decode()


def test_somebody_must_take_it(leave, stuck):
    for nobody in ("", "0", "x", str(stuck.person_id), "9" * 30):
        response = leave(nobody)
        assert response.status_code == 422
        assert "1 write is not finished" in html_of(response)
        assert "Choose who takes over" in html_of(response)
    stuck.refresh_from_db()
    assert stuck.handed_to is None


def test_it_waits_for_the_colleague_who_settles_it(leave, stuck, robin, organisation):
    theirs = signed_in(robin)
    place = {"slug": organisation.slug, "pk": stuck.pk}
    settle = reverse("settlement", kwargs=place)
    assert theirs.post(settle, {"action": "give_up"}).status_code == 403
    assert "1 open write was handed on." in html_of(leave(str(robin.pk)))
    assert "handed on to Robin Lee" in html_of(theirs.get(reverse("needs-you")))
    page = html_of(theirs.get(reverse("booking-detail", kwargs=place)))
    assert "Looked after by" in page
    assert "Robin Lee" in page
    assert theirs.post(settle, {"action": "absent"}).status_code in {200, 302}
    stuck.refresh_from_db()
    assert stuck.state != "stuck"
    assert stuck.person_id != robin.pk


def test_a_held_one_can_be_undone_by_the_colleague(leave, stuck, robin, organisation):
    Write.objects.filter(pk=stuck.pk).update(state="held", reason="undo_window")
    leave(str(robin.pk))
    undo = reverse("write-undo", kwargs={"slug": organisation.slug, "pk": stuck.pk})
    signed_in(robin).post(undo)
    stuck.refresh_from_db()
    assert stuck.state == "undone"
