"""The panel: what it says, what it sends, and that a refusal loses nothing."""

import re
import uuid

import pytest

from bookingapp import connect
from bookingapp.domain.models import Lead, Write
from bookingapp.domain.states import Kind
from tests.support.session import forms
from tests.web.availability_world import ref
from tests.web.booking_fixtures import *  # noqa: F403 - fixtures
from tests.web.booking_world import HTMX, words

pytestmark = pytest.mark.django_db


def panel(response):
    return next(form for form in forms(response.content.decode(), "/bookings/"))


def test_the_slot_is_a_sentence_to_read_aloud(staff, world):
    for who in (world.anna, world.jana):
        slot = world.offer(9, who)
    text = words(staff.get(world.url(slot=ref(slot))))
    day = f"{slot.starts_at:%A} {slot.starts_at.day} {slot.starts_at:%B}"
    assert f"{day}, 09:00–09:30, with anyone: Anna or Jana are free" in text
    text = words(staff.get(world.url(slot=ref(slot, world.jana), resource=world.jana.pk)))
    assert f"{day}, 09:00–09:30, with Jana" in text


def test_every_rendered_form_has_its_own_intent(staff, world):
    slot = world.offer(9)
    one, other = (world.panel(staff, slot).fields["intent"] for _ in range(2))
    assert uuid.UUID(one) != uuid.UUID(other)


def test_the_lead_field_has_the_focus_and_pools_without_default_state_are_explained(staff, world):
    html = staff.get(world.url(slot=ref(world.offer(9)))).content.decode()
    field = re.search(r'<input[^>]*id="lead-q"[^>]*>', html)[0]
    assert "autofocus" in field
    assert re.search(rf'<option value="{world.shut.pk}" disabled>[^<]*no default state', html)
    assert "Fires 3 automation events: 1 now, 2 at the appointment." in html


def test_asking_writes_one_row_wakes_a_worker_and_shows_the_status(staff, world, woken):
    response = world.post(staff, world.fill(world.offer(9)))
    write = Write.objects.get(kind=Kind.BOOK)
    assert response.status_code == 200
    assert 'id="booking-status"' in response.content.decode()
    assert "Asked for" in words(response)
    assert "ooked" not in words(response)
    assert response["HX-Push-Url"] == world.address("booking-detail", write.pk)
    assert "desk:refresh-grid" in response["HX-Trigger-After-Settle"]
    assert woken == [write.pk]


def test_without_a_script_the_answer_is_the_bookings_own_page(staff, world):
    form = world.panel(staff, world.offer(9))
    fields = form.fields | {"lead": str(world.lead.pk)}
    response = staff.post(form.action, fields)
    assert response.status_code == 302
    assert response["Location"] == world.address("booking-detail", Write.objects.get().pk)


def test_the_same_form_ten_times_is_one_write(staff, world):
    fields = world.fill(world.offer(9, capacity=9))
    pages = {world.post(staff, fields, part=False)["Location"] for _ in range(10)}
    assert len(pages) == 1
    assert Write.objects.count() == 1


def test_a_new_lead_is_created_first_and_only_that_is_woken(staff, world, woken):
    fields = world.fill(
        world.offer(9), lead="new", pool=world.pool.pk, name="Zoë Çelik", phone="040 778899"
    )
    response = world.post(staff, fields)
    creation = Write.objects.get(kind=Kind.CREATE_LEAD)
    assert woken == [creation.pk]
    assert "New lead asked for" in words(response)
    assert {lead.name: lead.pool for lead in Lead.objects.all()}["Zoë Çelik"] == world.pool


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"lead": ""}, "Choose a lead from the list, or make a new one."),
        ({"lead": str(uuid.uuid4())}, "This lead is not known here. Search again."),
        ({"lead": "new"}, "Please fill this in."),
        ({"lead": "new", "name": "Zoë"}, "Give a phone number or an email address."),
        ({"lead": "new", "name": "Zoë", "phone": "12"}, "This number is too short."),
        ({"lead": "new", "name": "Zoë", "email": "zoe@"}, "This is not a complete email address."),
        ({"label": "x" * 201}, "This is too long."),
    ],
)
def test_what_can_be_mended_is_said_at_its_field(staff, world, changes, message):
    fields = world.fill(world.offer(9), pool=world.pool.pk, **changes)
    response = world.post(staff, fields)
    assert response.status_code == 422
    html = response.content.decode()
    assert re.search(rf'class="field__error"[^>]*>(<svg.*?</svg>)?{re.escape(message)}', html, re.S)
    kept = panel(response).fields
    for name in {"name", "phone", "email"} & changes.keys():
        assert kept[name] == changes[name]
    assert kept["intent"] == fields["intent"]
    assert Write.objects.count() == 0


def test_a_pool_without_default_state_is_refused_at_the_pool(staff, world):
    fields = world.fill(
        world.offer(9), lead="new", pool=world.shut.pk, name="Zoë", phone="040 778899"
    )
    response = world.post(staff, fields)
    assert response.status_code == 422
    assert "no default state; choose another one" in words(response)


def test_without_a_script_a_refusal_is_the_whole_page_with_all_that_was_typed(staff, world):
    form = world.panel(staff, world.offer(9))
    fields = form.fields | {"lead": "new", "name": "Zoë", "label": "first visit", "nearby": "on"}
    response = staff.post(form.action, fields)
    html = response.content.decode()
    assert response.status_code == 422
    assert "<html" in html
    assert 'class="slot-grid' in html
    assert 'value="first visit"' in html
    assert re.search(r'name="nearby" value="on" checked', html)


def test_a_slot_that_went_brings_a_fresh_grid_and_keeps_what_was_typed(staff, world):
    slot, other = world.offer(9), world.offer(11)
    fields = world.fill(slot, label="first visit")
    world.connect.slots.remove(slot)
    response = world.post(staff, fields)
    html = response.content.decode()
    assert response.status_code == 409
    assert "This time is no longer offered." in words(response)
    assert re.search(r'<section id="grid" hx-swap-oob="true"', html)
    assert f'value="{ref(other)}"' in html
    assert Write.objects.count() == 0
    # The next cell's panel has the lead and the label again.
    again = staff.get(world.url(slot=ref(other)), headers={**HTMX, "HX-Target": "panel"})
    assert "Anna Muster" in words(again)
    assert panel(again).fields["label"] == "first visit"


def test_what_is_kept_can_be_left_and_ends_with_the_booking(staff, world):
    slot, other = world.offer(9), world.offer(11)
    world.connect.slots.remove(slot)
    world.post(staff, world.fill(slot))
    assert "Anna Muster" not in words(staff.get(world.url(slot=ref(other), empty=1)))
    world.post(staff, world.fill(other))
    third = world.offer(13)
    assert "Anna Muster" not in words(staff.get(world.url(slot=ref(third))))


def test_when_availability_cannot_be_read_nothing_is_asked_for(staff, world):
    slot = world.offer(9)
    world.connect.error = connect.Unreachable("down")
    response = world.post(staff, world.fill(slot))
    assert response.status_code == 409
    assert "Availability cannot be read right now" in words(response)
    assert Write.objects.count() == 0


def test_a_second_booking_at_that_time_must_be_meant(staff, world):
    slot = world.offer(9, capacity=3)
    world.post(staff, world.fill(slot))
    fields = world.fill(slot, label="second")
    response = world.post(staff, fields)
    assert response.status_code == 409
    assert "Anna Muster already has a booking at this time." in words(response)
    assert re.search(
        r'<button[^>]*form="booking-form" name="again" value="on"', response.content.decode()
    )
    kept = panel(response).fields
    assert kept["label"] == "second"
    assert world.post(staff, kept | {"again": "on"}).status_code == 200
    assert Write.objects.count() == 2


def test_a_form_used_again_for_something_else_says_what_it_did(staff, world):
    slot, other = world.offer(9), world.offer(11)
    fields = world.fill(slot)
    world.post(staff, fields)
    changed = world.fill(other, intent=fields["intent"])
    response = world.post(staff, changed)
    assert response.status_code == 409
    assert "This form was already used, for Anna Muster" in words(response)
    fresh = panel(response).fields
    assert fresh["intent"] != fields["intent"]
    assert Write.objects.count() == 1
    assert world.post(staff, fresh).status_code == 200


def test_hostile_names_stay_text(staff, world):
    world.known("<script>alert(1)</script> Hostile", "+49 40 999111")
    html = staff.get(world.url(slot=ref(world.offer(9)), q="hostile")).content.decode()
    assert "<script>alert" not in html


def test_a_nonsense_form_is_refused_and_not_an_error(staff, world):
    response = world.post(
        staff, {"intent": "x", "slot": "never", "state": "%%%", "lead": "y" * 999}
    )
    assert response.status_code == 422
    assert Write.objects.count() == 0
