"""The pages of a rescue: begun, answered on the phone, run, stopped, and what is cancelled."""

import re
import uuid
from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone

from bookingapp.domain.models import Booking, Preference, Rescue, RescueRow, Write
from tests.web.booking_fixtures import *  # noqa: F403 - fixtures
from tests.web.booking_world import HTMX, words

pytestmark = pytest.mark.django_db


class Ward:
    """Anna is ill on Monday; Jana could see some of her leads."""

    def __init__(self, world, client):
        self.world, self.client = world, client

    def booked(self, hour, lead=None, **fields):
        at = self.world.offer(hour, self.world.anna, booked=1, available=False)
        return Booking.objects.create(
            organisation=self.world.organisation,
            connect_id=uuid.uuid4().hex,
            lead=lead or self.world.known(f"Lead {hour}", f"+49 40 55500{hour:02}"),
            calendar=self.world.calendar,
            resource=self.world.anna,
            appointment_type=self.world.talk,
            starts_at=at.starts_at,
            ends_at=at.ends_at,
            booked_at=timezone.now(),
            **fields,
        )

    def form(self, **changes):
        day = self.world.monday.isoformat()
        fields = {
            "intent": str(uuid.uuid4()),
            "calendar": self.world.calendar.pk,
            "resource": self.world.anna.pk,
            "from_day": day,
            "until_day": "",
        }
        return fields | changes

    def begin(self, **changes):
        reply = self.client.post(self.world.address("rescue-new"), self.form(**changes))
        assert reply.status_code == 302, words(reply)
        self.rescue = Rescue.objects.get()
        return self

    @property
    def rows(self):
        return list(self.rescue.rows.all())

    def address(self, name="rescue-detail", row=None):
        base = self.world.address("rescue-detail", self.rescue.pk)
        known = {"rescue-detail": "", "rescue-rows": "rows/", "call-sheet": "calls/"}
        ends = known.get(name, f"{name}/")
        return f"{base}rows/{row.pk}/" if row else base + ends

    def page(self):
        return self.client.get(self.address())

    def say(self, row, *, part=True, **fields):
        return self.client.post(self.address(row=row), fields, headers=HTMX if part else {})

    def agree(self):
        for row in self.rows:
            assert self.say(row, answer="agreed").status_code == 200

    def press(self, what, *, part=True):
        return self.client.post(self.address(what), headers=HTMX if part else {})


@pytest.fixture
def ward(world, staff):
    made = Ward(world, staff)
    for hour in (9, 10, 11):
        made.booked(hour)
        world.offer(hour, world.jana)
    return made


def test_who_is_not_there_is_asked_and_answered_with_rows(ward):
    form = words(ward.client.get(ward.world.address("rescue-new")))
    assert "Who is not there?" in form
    assert "Jana" in form
    page = ward.begin().page()
    text = words(page)
    assert "0 of 3 moved" in text
    assert "Lead 9" in text
    assert text.count("same time") == 3
    assert 'href="tel:+49405550009"' in page.content.decode()
    assert Write.objects.count() == 0


def test_what_cannot_be_begun_says_why_at_its_field(ward):
    address = ward.world.address("rescue-new")
    empty = ward.client.post(address, ward.form(resource="", from_day="soon"))
    assert empty.status_code == 422
    assert words(empty).count("Please fill this in.") == 2
    nobody = ward.client.post(address, ward.form(resource=ward.world.jana.pk))
    assert nobody.status_code == 422
    assert "We know of no appointment to come" in words(nobody)
    assert not Rescue.objects.exists()


def test_the_form_sent_twice_is_one_rescue(ward):
    form = ward.form()
    address = ward.world.address("rescue-new")
    assert [ward.client.post(address, form).status_code for _ in range(2)] == [302, 302]
    assert Rescue.objects.count() == 1


def test_an_answer_is_saved_at_once_and_taken_back_by_the_same_key(ward):
    ward.begin()
    first = ward.rows[0]
    reply = ward.say(first, answer="agreed", note="by mobile")
    assert "Agreed, ready to move" in words(reply)
    page = ward.page().content.decode()
    assert len(re.findall(r'aria-pressed="true"', page)) == 1
    assert 'value="by mobile"' in page
    assert "1 agreed, 0 not reached, 0 declined" in words(ward.page())
    pressed = re.search(rf'id="row-{first.pk}-agreed" name="answer" value="([^"]*)"', page)
    ward.say(first, answer=pressed[1])
    assert ward.rows[0].answer == ""


def test_without_a_script_an_answer_leads_back_to_its_row(ward):
    ward.begin()
    row = ward.rows[1]
    reply = ward.say(row, part=False, answer="declined", note="no time")
    assert reply["Location"] == f"{ward.address()}#row-{row.pk}"
    assert (ward.rows[1].answer, ward.rows[1].note) == ("declined", "no time")


def test_a_note_alone_disturbs_nothing_but_the_mark_beside_it(ward):
    ward.begin()
    row = ward.rows[0]
    reply = ward.say(row, note="calls back")
    assert "Saved" in words(reply)
    assert f'id="row-{row.pk}-saved"' in reply.content.decode()
    assert "data-rescue-row" not in reply.content.decode()
    assert ward.rows[0].note == "calls back"


def test_nobody_agrees_to_a_time_that_was_not_proposed(ward):
    ward.begin()
    RescueRow.objects.update(slot={})
    reply = ward.say(ward.rows[0], answer="agreed")
    assert reply.status_code == 422
    assert "Choose a time first" in words(reply)
    assert ward.rows[0].answer == ""


def test_other_times_are_shown_nearest_first_and_one_key_away(ward):
    ward.world.offer(14, ward.world.jana)
    ward.world.offer(15, ward.world.jana)
    ward.begin()
    row = ward.rows[0]
    offered = ward.client.get(ward.address(row=row) + "?other=1", headers=HTMX)
    keys = re.findall(
        r'name="choice" value="([^"]+)"[^>]*data-key="(\d)"', offered.content.decode()
    )
    assert [key for _, key in keys] == ["1", "2"]
    chosen = ward.say(row, choice=keys[0][0])
    assert "14:00–14:30" in words(chosen)
    plain = ward.client.get(ward.address(row=row) + "?other=1")
    assert "Another time for Lead 9" in words(plain)


def test_who_agreed_to_one_time_has_not_agreed_to_another(ward):
    ward.world.offer(14, ward.world.jana)
    ward.begin().agree()
    row = ward.rows[0]
    offered = ward.client.get(ward.address(row=row) + "?other=1", headers=HTMX)
    choice = re.search(r'name="choice" value="([^"]+)"', offered.content.decode())[1]
    ward.say(row, choice=choice)
    assert [one.answer for one in ward.rows] == ["", "agreed", "agreed"]


@pytest.mark.parametrize("choice", ["nonsense", "20990101T100000Z-1", "fresh"])
def test_a_choice_that_is_not_offered_changes_nothing(ward, choice):
    ward.begin()
    before = ward.rows[0].slot["slot"]
    reply = ward.say(ward.rows[0], choice=choice)
    assert reply.status_code == (200 if choice == "fresh" else 409)
    assert ward.rows[0].slot["slot"] == before


def test_running_asks_for_the_agreed_ones_and_wakes_the_worker(ward, woken):
    ward.begin()
    ward.say(ward.rows[0], answer="agreed")
    ward.say(ward.rows[1], answer="agreed")
    ready = words(ward.page())
    assert "Move 2 agreed" in ready
    assert "Fires 4 automation events now" in ready
    reply = ward.press("run")
    told = words(reply)
    assert "2 moves asked for." in told
    assert reply.content.decode().count('class="notice"') == 1
    assert "0 of 3 moved, 2 on their way" in told
    writes = Write.objects.filter(kind="reschedule")
    assert sorted(woken) == sorted(write.pk for write in writes)
    again = words(ward.press("run"))
    assert "No row is agreed and waiting." in again
    assert writes.count() == 2


def test_stop_is_shown_while_something_moves_and_says_what_it_did(ward):
    ward.begin().agree()
    assert "rescue-stop" not in ward.page().content.decode()
    ward.press("run")
    assert 'id="rescue-stop"' in ward.page().content.decode()
    told = words(ward.press("stop"))
    assert "Stopped. What was on its way finishes" in told
    assert "3 stopped" in told
    assert "Resume: move 3 agreed" in told
    plain = ward.press("run", part=False)
    assert plain["Location"] == ward.address()
    assert "3 moves asked for." in words(ward.page())


def test_the_page_asks_for_what_it_does_not_know_yet(ward):
    ward.begin()
    page = ward.page().content.decode()
    address = unescape(re.search(r'hx-get="([^"]*rows/\?v=[^"]+)"', page)[1])
    marks = re.findall(r'id="row-(\d+)"[^>]*data-mark="([^"]+)"', page)
    known = ",".join(".".join(pair) for pair in marks)
    assert len(marks) == 3
    assert ward.client.get(address, headers=HTMX).status_code == 204
    ward.say(ward.rows[1], answer="declined")
    told = ward.client.get(f"{address}&marks={known}", headers=HTMX).content.decode()
    assert re.findall(r'id="row-(\d+)"[^>]*hx-swap-oob', told) == [str(ward.rows[1].pk)]
    assert "1 declined" in told
    assert ward.client.get(address).status_code == 302


def test_a_row_that_moved_on_takes_no_answer(ward):
    ward.begin().agree()
    ward.press("run")
    reply = ward.say(ward.rows[0], answer="declined")
    assert reply.status_code == 409
    assert "This row has moved on meanwhile" in words(reply)
    assert ward.rows[0].answer == "agreed"


def test_proposing_again_brings_what_came_in_and_keeps_what_was_said(ward):
    ward.begin()
    ward.say(ward.rows[0], answer="declined", note="hurt")
    ward.booked(14)
    ward.world.offer(14, ward.world.jana)
    told = words(ward.client.post(ward.address("rescue-rows"), headers=HTMX))
    assert "0 of 4 moved" in told
    assert [(row.answer, row.note) for row in ward.rows] == [("declined", "hurt"), *[("", "")] * 3]


def test_the_call_sheet_holds_what_is_left(ward):
    ward.begin()
    booking = ward.rows[0].booking
    Booking.objects.filter(pk=booking.pk).update(gone_at=timezone.now(), gone_as="cancelled")
    ward.say(ward.rows[1], note="after 4 pm")
    page = ward.client.get(ward.address("call-sheet"))
    text = words(page)
    assert "Lead 9" not in text
    assert "Lead 10" in text
    assert "after 4 pm" in text
    assert page.content.decode().count('href="tel:') == 2


def cancel(ward, *, client=None, method="post", **fields):
    return getattr(client or ward.client, method)(ward.address("cancel"), fields)


def test_cancelling_says_what_it_sets_off_and_wants_a_reason(ward, monkeypatch):
    nudged = []
    monkeypatch.setattr(
        "bookingapp.web.views.rescue_cancel.wake_write", lambda pk, **more: nudged.append(more)
    )
    Preference.objects.create(person=ward.world.staff, undo_seconds=20)
    ward.begin()
    chosen = [row.pk for row in ward.rows[:2]]
    form = words(cancel(ward, method="get", row=chosen))
    assert "Cancel 2 appointments" in form
    assert "Fires 2 automation events now; 4 scheduled ones are dropped." in form
    intent = str(uuid.uuid4())
    refused = cancel(ward, row=chosen, intent=intent)
    assert refused.status_code == 422
    assert "Please fill this in." in words(refused)
    done = cancel(ward, row=chosen, intent=intent, reason="we_cannot", note="ill")
    assert done.status_code == 302
    writes = Write.objects.filter(kind="cancel", state="held")
    assert [write.payload["reason"] for write in writes] == ["we_cannot"] * 2
    assert nudged == [{"seconds": 20}] * 2
    assert "2 appointments are about to be cancelled." in words(ward.page())
    # The same form again, by a nervous hand.
    assert cancel(ward, row=chosen, intent=intent, reason="we_cannot").status_code == 302
    assert writes.count() == 2


def test_staff_cancel_five_at_once_and_managers_more(ward, client_of):
    for hour in (12, 13, 14):
        ward.booked(hour)
    ward.begin()
    asked = {"all": "1", "intent": str(uuid.uuid4()), "reason": "we_cannot"}
    assert "Only managers cancel more than 5" in words(cancel(ward, method="get", all="1"))
    assert cancel(ward, **asked).status_code == 403
    assert not Write.objects.exists()
    assert cancel(ward, client=client_of("manager"), **asked).status_code == 302
    assert Write.objects.filter(kind="cancel").count() == 6


def test_nothing_ticked_is_nothing_cancelled(ward):
    ward.begin()
    assert cancel(ward, method="get").status_code == 302
    assert "Choose at least one row" in words(ward.page())


def test_a_row_of_another_rescue_is_not_found(ward):
    ward.begin()
    row = ward.rows[0]
    other = Rescue.objects.get(pk=ward.rescue.pk)
    other.pk, other.id = None, uuid.uuid4()
    other.save(force_insert=True)
    address = ward.address(row=row).replace(str(ward.rescue.pk), str(other.pk))
    assert ward.client.post(address, {"answer": "agreed"}).status_code == 404


def test_names_and_notes_from_outside_are_escaped(ward):
    ward.world.anna.name = "<b>Anna"
    ward.world.anna.save()
    hostile = ward.world.known("<script>alert(1)</script>", 'x"onclick="1')
    ward.booked(13, lead=hostile)
    ward.begin()
    ward.say(ward.rows[0], note='"><img src=x onerror=1>')
    for name in ("rescue-detail", "call-sheet"):
        page = ward.client.get(ward.address(name)).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "<b>Anna" not in page
        assert 'x"onclick' not in page


def test_the_page_asks_the_database_the_same_for_any_number(ward, django_assert_max_num_queries):
    ward.begin()
    ward.page()
    for hour in range(12, 20):
        ward.booked(hour)
    ward.client.post(ward.address("rescue-rows"))
    with django_assert_max_num_queries(8):
        assert "0 of 11 moved" in words(ward.page())
    with django_assert_max_num_queries(8):
        ward.client.get(ward.world.address("rescue-list"))


def test_the_list_tells_how_far_each_is(ward):
    empty = words(ward.client.get(ward.world.address("rescue-list")))
    assert "Nobody had to be replaced yet" in empty
    ward.begin()
    text = words(ward.client.get(ward.world.address("rescue-list")))
    assert "Anna" in text
    assert "0 of 3 moved" in text


def test_a_range_of_days_names_the_day_of_each_row(ward):
    last = ward.world.monday + timedelta(days=2)
    ward.begin(until_day=last.isoformat())
    assert words(ward.page()).count("–") >= 4
    assert ward.rescue.until_day == last


@pytest.mark.parametrize(
    "forged",
    [
        {"from_day": "0001-01-01"},
        {"from_day": "9999-12-30", "until_day": "9999-12-31"},
        {"calendar": "²", "resource": "²"},
        {"calendar": "9" * 30, "resource": "9" * 30},
    ],
)
def test_a_forged_beginning_is_refused_as_a_form(ward, forged):
    ward.booked(10)
    address = ward.world.address("rescue-new")
    assert ward.client.get(address, forged).status_code == 200
    assert ward.client.post(address, ward.form(**forged)).status_code == 422
    assert not Rescue.objects.exists()


def test_an_intent_of_another_organisation_begins_nothing(ward, elsewhere):
    ward.booked(10)
    ward.begin()
    theirs = Rescue.objects.filter(pk=ward.rescue.pk)
    theirs.update(organisation=elsewhere)
    reply = ward.client.post(ward.world.address("rescue-new"), ward.form(intent=ward.rescue.pk))
    assert reply.status_code == 422
    assert Rescue.objects.get().organisation == elsewhere


def test_a_note_keeps_only_what_every_database_keeps(ward):
    ward.begin()
    row = ward.rows[0]
    assert ward.say(row, note="Calls\x00 back").status_code == 200
    row.refresh_from_db()
    assert row.note == "Calls back"
