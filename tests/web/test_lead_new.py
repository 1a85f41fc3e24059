"""A new lead: made once, after whoever may be the same person was shown, and truly told."""

import uuid
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from bookingapp import connect
from bookingapp.domain import runner
from bookingapp.domain.models import Lead, LeadPool, Write
from tests.support.opened import rows_with
from tests.support.session import forms
from tests.web.booking_fixtures import *  # noqa: F403 - fixtures
from tests.web.booking_world import HTMX, words

pytestmark = pytest.mark.django_db
ZOE = {"name": "Zoë Çelik", "phone": "040 778899"}
HOSTILE = '"><script>alert(1)</script>\u202e\U0001f600' + "x" * 200


def form_of(response):
    return next(f for f in forms(response.content.decode(), "/new/") if f.method == "post")


def page(staff, world, **query):
    return staff.get(world.address("lead-new"), query)


def create(staff, world, fields, *, htmx=False, form=None):
    sent = (form or form_of(page(staff, world))).fields | fields
    return staff.post(world.address("lead-new"), sent, headers=HTMX if htmx else {})


def told(staff, world, write, **more):
    return staff.get(world.address("lead-creation", write.pk), **more)


def test_asked_for_is_said_at_once_and_created_only_when_connect_has_said_so(staff, world, woken):
    answer = create(staff, world, ZOE)
    write = Write.objects.get()
    assert answer["Location"] == world.address("lead-creation", write.pk)
    assert woken == [write.pk]
    text = words(told(staff, world, write))
    assert "New lead asked for" in text
    assert "created" not in text.lower().replace("being created", "")
    world.run(write)
    assert "Lead created" in words(told(staff, world, write))
    lead = {lead.name: lead for lead in Lead.objects.all()}["Zoë Çelik"]
    assert (lead.connect_id, lead.pool) == ("lead-1", world.pool)


def test_in_the_dialog_it_is_a_part_that_asks_for_itself_until_it_is_settled(staff, world):
    answer = create(staff, world, ZOE, htmx=True)
    assert answer.content.decode().lstrip().startswith('<section id="lead-created"')
    assert "data-look" in answer.content.decode()
    write = Write.objects.get()
    same = {"v": str(write.version)}
    part = staff.get(world.address("lead-creation", write.pk), same, headers=HTMX)
    assert part.status_code == 204
    world.run(write)
    part = staff.get(world.address("lead-creation", write.pk), same, headers=HTMX)
    assert "Lead created" in words(part)
    assert "data-look" not in part.content.decode()


def test_the_same_form_sent_twice_is_one_lead(staff, world):
    form = form_of(page(staff, world))
    first, second = (create(staff, world, ZOE, form=form)["Location"] for _ in "12")
    assert first == second
    assert rows_with(Lead.objects.all(), name="Zoë Çelik").count() == 1


@pytest.mark.parametrize(
    "same",
    [
        {"phone": "0049 (40) 555-1234"},
        {"phone": "040 5551234"},
        {"email": "ANNA@example.com"},
        {"phone": "+49405551234", "email": "other@example.com"},
    ],
)
def test_whoever_has_the_number_or_email_is_shown_before_anything_is_made(staff, world, same):
    answer = create(staff, world, {"name": "A. Muster", **same}, htmx=True)
    assert answer.status_code == 409
    assert "There is a lead with this number or email" in words(answer)
    assert "Anna Muster" in words(answer)
    assert not Write.objects.exists()
    assert form_of(answer).fields["name"] == "A. Muster"


def test_enter_uses_the_one_that_is_there(staff, world):
    answer = create(staff, world, {"name": "A.", "email": "anna@example.com"}, htmx=True)
    markup = answer.content.decode()
    # The first submit button of a form is what Enter presses; it has the focus as well.
    first = markup[markup.index('type="submit"') - 60 :][:400]
    assert f'name="use" value="{world.lead.pk}"' in first
    assert "data-focus-after" in first
    used = create(staff, world, {"use": str(world.lead.pk)}, htmx=True, form=form_of(answer))
    assert used["HX-Redirect"] == world.address("lead-detail", world.lead.pk)
    assert not Write.objects.exists()


def test_another_one_is_made_only_on_purpose_and_only_for_those_who_were_shown(staff, world):
    stopped = create(staff, world, {"name": "A.", "email": "anna@example.com"})
    other = world.known("Arno Muster", email="anna@example.com")
    meant = {"anyway": "on"}
    again = create(staff, world, meant, form=form_of(stopped))
    assert again.status_code == 409
    assert other.name in words(again)
    assert create(staff, world, meant, form=form_of(again)).status_code == 302
    assert Write.objects.get().lead.email == "anna@example.com"


def test_likeness_is_shown_while_somebody_types(staff, world):
    address = world.address("lead-same")
    found = staff.get(address, {"phone": "040/5551234", "email": ""}, headers=HTMX)
    assert "Anna Muster" in words(found)
    assert "Use this one" in words(found)
    for text in ("", "040", "0405551", "\x00", "1" * 500):
        nobody = staff.get(address, {"phone": text}, headers=HTMX)
        assert "Anna" not in words(nobody)
        assert "Create the lead" in words(nobody)


def test_refused_says_why_with_all_that_was_typed(staff, world):
    world.connect.answers.append(connect.Refused("400", status=400, messages=("no such table",)))
    create(staff, world, ZOE | {"interest": "talk"})
    write = world.run(Write.objects.get())
    assert write.state == "refused"
    page_of_it = told(staff, world, write)
    assert "Lead not accepted" in words(page_of_it)
    assert "no such table" in words(page_of_it)
    again = staff.get(world.address("lead-new"), {"again": str(write.pk)})
    fields = form_of(again).fields
    assert {name: fields[name] for name in ZOE} == ZOE
    assert fields["interest"] == "talk"
    # It is not in its own way.
    assert create(staff, world, {}, form=form_of(again)).status_code == 302


def test_unsure_goes_to_needs_you(staff, world):
    world.connect.answers.append(connect.GatewayFailed("502", status=502, maybe_applied=True))
    create(staff, world, ZOE)
    write = world.run(Write.objects.get())
    runner.run(write.pk, now=timezone.now() + timedelta(minutes=5))
    assert Write.objects.get().state == "stuck"
    assert "Open “Needs you”" in words(told(staff, world, write))
    assert "Zoë Çelik" in words(staff.get("/needs-you/"))


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({}, "Please fill this in."),
        ({"name": "Zoë"}, "Give a phone number or an email address."),
        ({"name": "Zoë", "phone": "12"}, "This number is too short."),
        ({"name": "Zoë", "email": "zoe@"}, "This is not a complete email address."),
        ({"name": "x" * 301, "phone": "040 778899"}, "This is too long."),
    ],
)
def test_what_can_be_mended_is_said_at_its_field_and_nothing_is_lost(staff, world, fields, text):
    answer = create(staff, world, fields)
    assert answer.status_code == 422
    assert text in words(answer)
    kept = form_of(answer).fields
    assert all(kept[name] == value for name, value in fields.items())
    assert not Write.objects.exists()


@pytest.fixture
def described(world):
    schema = {
        "city": {"friendlyName": "Town", "type": "string"},
        "age": {"type": "number", "validation": {"required": True, "min": 18}},
        "secret": {"type": "string", "hidden": True},
        "old": {"type": "string", "isDeprecated": True},
        "phone": {"type": "string", "specialType": "phone"},
        "bookingDeskKey": {"type": "string"},
    }
    LeadPool.objects.filter(pk=world.pool.pk).update(schema=schema)
    names = {"custom_field_names": {"cf-1": "Insurance"}}
    world.organisation.settings = {**world.organisation.settings, **names}
    world.organisation.save()


def test_the_fields_that_the_pool_knows_are_asked_for_and_sent(staff, world, described):
    fields = form_of(page(staff, world)).fields
    further = [name for name in fields if ":" in name]
    assert further == ["data:age", "data:city", "custom:cf-1"]
    more = {"data:age": "21", "data:city": "Kiel", "custom:cf-1": "private"}
    create(staff, world, ZOE | more)
    world.run(Write.objects.get())
    sent = world.connect.sent[0]
    assert sent["data"] | ZOE == sent["data"]
    assert (sent["data"]["age"], sent["data"]["city"]) == (21, "Kiel")
    assert sent["customFieldData"] == {"cf-1": "private"}


@pytest.mark.parametrize(
    ("age", "text"),
    [("", "Please fill this in."), ("x", "This is not a number."), ("3", "too small")],
)
def test_further_fields_are_checked_at_their_field(staff, world, described, age, text):
    answer = create(staff, world, ZOE | {"data:age": age, "data:city": "Kiel"})
    assert answer.status_code == 422
    assert text in words(answer)
    assert form_of(answer).fields["data:city"] == "Kiel"


def test_another_pool_shows_its_fields_and_keeps_what_was_typed(staff, world, described):
    answer = create(staff, world, ZOE | {"fields": "on", "data:city": "Kiel"}, htmx=True)
    assert answer.status_code == 200
    assert form_of(answer).fields["name"] == ZOE["name"]
    assert form_of(answer).fields["data:city"] == "Kiel"
    assert not Write.objects.exists()


def test_pool_without_a_default_state_takes_no_new_leads(staff, world):
    answer = create(staff, world, ZOE | {"pool": world.shut.pk})
    assert answer.status_code == 422
    assert "no default state" in words(answer)


def test_hostile_texts_stay_texts(staff, world):
    answer = create(staff, world, {"name": HOSTILE, "phone": HOSTILE, "interest": HOSTILE})
    assert "<script>alert" not in answer.content.decode()
    world.known(HOSTILE, email="same@example.com")
    found = staff.get(world.address("lead-same"), {"email": "same@example.com"}, headers=HTMX)
    assert "<script>alert" not in found.content.decode()
    assert "alert(1)" in unescape(words(found))


def test_another_organisations_lead_is_neither_shown_nor_used(staff, world, elsewhere):
    Lead.objects.filter(pk=world.lead.pk).update(organisation=elsewhere)
    world.lead.terms.update(organisation=elsewhere)
    found = staff.get(world.address("lead-same"), {"email": "anna@example.com"}, headers=HTMX)
    assert "Anna" not in words(found)
    assert create(staff, world, {"use": str(world.lead.pk)}).status_code == 404


def test_without_a_token_of_the_form_nothing_is_made(staff, world, person):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(person("staff"))
    assert strict.post(world.address("lead-new"), ZOE).status_code == 403


# -- the panel of a slot -------------------------------------------------------------------------


def fill_new(world, slot, **more):
    new = {"lead": "new", "pool": world.pool.pk, "name": "A. Muster", "email": "anna@example.com"}
    return world.fill(slot, **{**new, **more})


def test_the_panel_stops_too_and_keeps_what_was_typed(staff, world):
    answer = world.post(staff, fill_new(world, world.offer(9), label="first visit"))
    assert answer.status_code == 409
    assert "There is a lead with this number or email" in words(answer)
    assert not Write.objects.exists()
    form = next(f for f in forms(answer.content.decode(), "/bookings/") if f.method == "post")
    assert form.fields["label"] == "first visit"
    markup = answer.content.decode()
    assert markup.index("data-focus-after") < markup.index("Book for this one")


def test_enter_in_the_panel_books_for_the_one_that_is_there(staff, world):
    fields = fill_new(world, world.offer(9))
    # As a browser sends them: the mark of a new lead first, then the button.
    fields["lead"] = ["new", str(world.lead.pk)]
    assert world.post(staff, fields).status_code == 200
    write = Write.objects.get()
    assert (write.kind, write.lead) == ("book", world.lead)


def test_the_panel_makes_another_one_on_purpose(staff, world):
    fields = fill_new(world, world.offer(9)) | {"anyway": "on", "seen": str(world.lead.pk)}
    assert world.post(staff, fields).status_code == 200
    assert sorted(Write.objects.values_list("kind", flat=True)) == ["book", "create_lead"]
    # Sent twice: the lead that the first one made is not in the way of the second.
    assert world.post(staff, fields).status_code == 200
    assert Write.objects.count() == 2


def test_our_own_key_is_no_field_for_people(staff, world):
    create(staff, world, ZOE)
    write = Write.objects.get()
    world.run(write)
    assert str(write.intent) == world.connect.sent[0]["data"]["bookingDeskKey"]
    assert "bookingDeskKey" not in words(page(staff, world))
    # What was sent for a booking's new lead is told there, with this as what it is.
    booking = world.ask(world.offer(9), lead=write.lead, name="x")
    Write.objects.filter(pk=booking.pk).update(after=write)
    text = words(staff.get(world.address("booking-detail", booking.pk)))
    assert "bookingDeskKey" not in text
    assert "Mark of this desk" in text


def test_intent_of_something_else_is_refused(staff, world):
    form = form_of(page(staff, world))
    create(staff, world, ZOE, form=form)
    answer = create(staff, world, {"name": "Yva", "phone": "040 665544"}, form=form)
    assert answer.status_code == 409
    assert "already used" in words(answer)
    fresh = form_of(answer).fields
    assert fresh["name"] == "Yva"
    assert uuid.UUID(fresh["intent"]) != uuid.UUID(form.fields["intent"])
