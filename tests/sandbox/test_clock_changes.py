"""The weeks in which clocks change: every slot is a real instant of the calendar's own zone."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.sandbox.box import instant

# (calendar, resource, type, zone, forward Sunday, backward Sunday)
PLACES = [
    ("Telefonberatung", "Nachttelefon", "Rückruf", "Europe/Berlin", "2027-03-28", "2027-10-31"),
    ("New York", "Night desk", "Check-in", "America/New_York", "2027-03-14", "2027-11-07"),
    ("Lord Howe Island", "Island desk", "Call", "Australia/Lord_Howe", "2027-10-03", "2027-04-04"),
]
STILL = ("काठमाडौं", "रात्रि सेवा", "फोन", "Asia/Kathmandu", "2027-03-28", "2027-10-31")


def expected(zone, day):
    """Every half hour of the local day that exists, in real time: the long way round."""
    here = ZoneInfo(zone)
    midnight = datetime.fromisoformat(day).replace(tzinfo=here).astimezone(UTC)
    tomorrow = datetime.fromisoformat(day) + timedelta(days=1)
    end = tomorrow.replace(tzinfo=here).astimezone(UTC)
    found, moment = [], midnight
    while moment + timedelta(minutes=30) <= end:
        if moment.astimezone(here).minute in {0, 30}:
            found.append(moment)
        moment += timedelta(minutes=5)
    return found


def offered(box, calendar, resource, kind, zone, day):
    start = datetime.fromisoformat(day).replace(tzinfo=ZoneInfo(zone))
    slots = box.slots(
        calendar=calendar, kind=kind, resource=resource,
        start=start.astimezone(UTC), end=(start + timedelta(days=1)).astimezone(UTC),
    )  # fmt: skip
    for slot in slots:
        length = instant(slot["endDateTime"]) - instant(slot["startDateTime"])
        assert length == timedelta(minutes=30)
    return [instant(slot["startDateTime"]) for slot in slots]


@pytest.mark.parametrize("place", [*PLACES, STILL], ids=lambda place: place[3])
@pytest.mark.parametrize("which", [4, 5], ids=["first change", "second change"])
def test_slots_are_the_real_half_hours_of_the_day(box, place, which):
    calendar, resource, kind, zone = place[:4]
    found = offered(box, calendar, resource, kind, zone, place[which])
    assert found == expected(zone, place[which])


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place[3])
def test_days_are_shorter_and_longer_by_the_change(box, place):
    calendar, resource, kind, zone = place[:4]
    change = 1 if zone == "Australia/Lord_Howe" else 2  # half hours
    forward = offered(box, calendar, resource, kind, zone, place[4])
    backward = offered(box, calendar, resource, kind, zone, place[5])
    assert (len(forward), len(backward)) == (48 - change, 48 + change)
    local = [moment.astimezone(ZoneInfo(zone)).strftime("%H:%M") for moment in backward]
    repeated = [time for time in dict.fromkeys(local) if local.count(time) == 2]
    assert repeated == (["01:30"] if change == 1 else {"Europe/Berlin": ["02:00", "02:30"],
        "America/New_York": ["01:00", "01:30"]}[zone])  # fmt: skip


def test_no_slot_at_a_local_time_that_is_skipped(box):
    found = offered(box, *PLACES[0][:3], "Europe/Berlin", "2027-03-28")
    local = {moment.astimezone(ZoneInfo("Europe/Berlin")).strftime("%H:%M") for moment in found}
    assert not local & {"02:00", "02:30"}
    assert {"01:30", "03:00"} <= local


def test_both_halves_of_the_repeated_hour_can_be_booked(box):
    calendar, resource, kind, zone, _, day = PLACES[0]
    start = datetime.fromisoformat(day + "T02:00").replace(tzinfo=ZoneInfo(zone), fold=0)
    twice = [start.astimezone(UTC), start.astimezone(UTC) + timedelta(hours=1)]
    for moment in twice:
        (slot,) = box.slots(calendar=calendar, kind=kind, resource=resource, start=moment,
            end=moment + timedelta(minutes=1))  # fmt: skip
        for _ in range(3):
            reply = box.write.post("calendar_bookings/", json=box.wish(slot, calendar))
            assert reply.status_code == 201
        assert box.write.post(
            "calendar_bookings/", json=box.wish(slot, calendar)).status_code == 400  # fmt: skip
    assert box.get("judge") == {"overbooked": [], "duplicates": []}


def test_offset_style_writes_the_calendars_own_offset(box):
    box.switch(datetime__style="offset")
    calendar, resource, kind, _, forward, _ = PLACES[0]
    start = datetime.fromisoformat(forward).replace(tzinfo=UTC)
    slots = box.slots(calendar=calendar, kind=kind, resource=resource, start=start,
        end=start + timedelta(hours=2))  # fmt: skip
    assert [slot["startDateTime"][11:] for slot in slots] == [
        "01:00:00+01:00", "01:30:00+01:00", "03:00:00+02:00", "03:30:00+02:00"]  # fmt: skip
