"""Ask for bookings as the panel does, from a process of its own; prints what was asked for.

``python -m tests.support.ask NUMBER [SECONDS_BETWEEN]`` with a desk's environment: each booking is
for another lead and another one-seat slot. One JSON object a line, flushed as soon as it is asked.
"""

import json
import sys
import uuid
from threading import Event

from tests.support import weeks


def offers(organisation, snapshot, now):
    from bookingapp.domain import availability
    from bookingapp.domain.slots import is_open

    seen = set()
    for calendar in snapshot.calendars:
        for kind in snapshot.types_for(calendar.pk):
            window = availability.window_for(organisation, calendar, kind, weeks.next_monday())
            reading = availability.read(organisation, window, now=now, patience_seconds=10)
            for slot in reading.slots:
                # One per resource and day: no two of them can be in each other's way.
                place = (slot.resource_id, slot.starts_at.date())
                if slot.capacity == 1 and is_open(slot, now) and place not in seen:
                    seen.add(place)
                    yield calendar, kind, slot


def main(number, pause):
    from django.contrib.auth import get_user_model
    from django.utils import timezone

    from bookingapp.domain import bookings, catalogue
    from bookingapp.domain.models import Lead, Organisation
    from bookingapp.domain.slots import SlotRef
    from bookingapp.tasks.writes import wake_write

    organisation = Organisation.objects.order_by("name").first()
    snapshot = catalogue.snapshot(organisation)
    staff = get_user_model().objects.get(username="staff")
    leads = Lead.objects.filter(organisation=organisation, writes=None).order_by("pk")[:number]
    there = list(offers(organisation, snapshot, timezone.now()))
    # Resources differ from call to call, so that rounds do not meet on a slot.
    start = int(uuid.uuid4()) % max(len(there) - number, 1)
    for lead, (calendar, kind, slot) in zip(leads, there[start:], strict=False):
        resource = snapshot.resource_by_connect_id(slot.resource_id)
        asked = bookings.Asked(
            intent=uuid.uuid4(),
            calendar_pk=calendar.pk,
            type_pk=kind.pk,
            ref=SlotRef(slot.starts_at, resource.pk),
            lead=lead,
        )
        write, _ = bookings.ask(organisation, staff, asked, now=timezone.now())
        sys.stdout.write(json.dumps({"write": str(write.pk), "lead": lead.connect_id}) + "\n")
        sys.stdout.flush()
        wake_write(write.pk)
        Event().wait(pause)


if __name__ == "__main__":
    import django

    django.setup()
    main(int(sys.argv[1]), float(sys.argv[2]) if len(sys.argv) > 2 else 0)
