"""Fill a resource of the first organisation with bookings that the desk knows.

``python -m tests.support.fill NUMBER`` with a desk's environment: each booking is made at Connect
for another lead and mirrored as the desk would have. Prints one JSON object: the calendar's, the
resource's and the bookings' keys, the first and the last local day.
"""

import json
import subprocess
import sys

from tests.support import weeks


def fill_desk(desk, number):
    """The same for a running desk, in a process of its own: what there is then."""
    command = [sys.executable, "-m", "tests.support.fill", str(number)]
    done = subprocess.run(
        command, env=desk.environment(), capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr[-2000:]
    desk.sandbox.forget_calls()
    return json.loads(done.stdout)


def readings(organisation, snapshot, calendar, now):
    """(type, window's slots) of the week that tests book in for every type of the calendar."""
    from bookingapp.domain import availability

    for kind in snapshot.types_for(calendar.pk):
        window = availability.window_for(organisation, calendar, kind, weeks.next_monday())
        reading = availability.read(organisation, window, now=now, patience_seconds=10)
        yield kind, reading.slots


def places(organisation, snapshot, number, now):
    """A calendar, a resource of it, and so many of its offers on the fewest days."""
    from bookingapp.domain.rescue.seats import Offer, Seats
    from bookingapp.domain.slots import is_open

    for calendar in snapshot.calendars:
        offers = [
            (kind, Offer(slot, kind.buffer_minutes or 0))
            for kind, slots in readings(organisation, snapshot, calendar, now)
            for slot in slots
            if is_open(slot, now)
        ]
        here = {offer.slot.resource_id for _, offer in offers}
        for resource in (one for one in snapshot.resources if one.connect_id in here):
            mine = [(k, o) for k, o in offers if o.slot.resource_id == resource.connect_id]
            # Types turn by turn at the same time, so that slots of different lengths overlap.
            mine.sort(key=lambda one: (one[1].slot.starts_at, one[0].name))
            seats, taken = Seats(), []
            for kind, offer in mine:
                if len(taken) < number and seats.fits(offer):
                    seats.take(offer)
                    taken.append((kind, offer.slot))
            if len(taken) == number and len(here) > 2:
                return calendar, resource, taken
    raise AssertionError("no resource has so many free seats in a week")


def fill(organisation, number, now):
    """Makes them; what there is then, as the module's text says."""
    from bookingapp.domain import availability, catalogue
    from bookingapp.domain.models import Lead

    snapshot = catalogue.snapshot(organisation)
    calendar, resource, taken = places(organisation, snapshot, number, now)
    leads = Lead.objects.filter(organisation=organisation, bookings=None).exclude(connect_id="")
    made = []
    for lead, (kind, slot) in zip(leads.order_by("pk"), taken, strict=False):
        made.append(book(organisation, calendar, resource, lead, kind, slot, now))
        availability.drop(
            organisation, calendar_connect_id=calendar.connect_id, starts_at=slot.starts_at
        )
    days = [availability.local_day(calendar.zone, slot.starts_at) for _, slot in taken]
    return {
        "slug": organisation.slug,
        "calendar": calendar.pk,
        "resource": resource.pk,
        "resource_id": resource.connect_id,
        "from_day": min(days).isoformat(),
        "until_day": max(days).isoformat(),
        "made": [
            {"booking": str(one.pk), "lead": one.lead.connect_id, "id": one.connect_id}
            for one in made
        ],
    }


def book(organisation, calendar, resource, lead, kind, slot, now):
    from bookingapp import connect
    from bookingapp.domain import gateway
    from bookingapp.domain.models import Booking

    call = connect.create_booking(
        calendar_id=calendar.connect_id,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        resource_id=slot.resource_id,
        appointment_type_id=kind.connect_id,
        resource_slot_id=slot.resource_slot_id,
        lead_id=lead.connect_id,
        link_field=connect.LinkField.ENTRY_ID,
        name=None,
    )
    return Booking.objects.create(
        organisation=organisation,
        connect_id=gateway.send(organisation, call).id,
        lead=lead,
        calendar_id=calendar.pk,
        resource_id=resource.pk,
        appointment_type_id=kind.pk,
        slot_connect_id=slot.resource_slot_id or "",
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        booked_at=now,
    )


def main(number):
    from django.utils import timezone

    from bookingapp.domain.models import Organisation

    organisation = Organisation.objects.order_by("name").first()
    sys.stdout.write(json.dumps(fill(organisation, number, timezone.now())) + "\n")


if __name__ == "__main__":
    import django

    django.setup()
    main(int(sys.argv[1]))
