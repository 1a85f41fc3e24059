"""Lead pools, leads and a Connect that also takes bookings, beside the grid's world."""

import re
import uuid
from html import unescape

from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from bookingapp import connect
from bookingapp.domain import availability, bookings, lead_mirror, needs_you, runner
from bookingapp.domain.models import Lead, LeadPool, LeadState, PoolState, Write
from bookingapp.domain.slots import SlotRef
from tests.support.session import forms
from tests.web.availability_world import Connect, World, ref

HTMX = {"HX-Request": "true"}


class BookingConnect(Connect):
    """Books what it is asked to, or answers with ``answers`` (errors), one a call, first."""

    def __init__(self):
        super().__init__()
        self.answers = []
        self.sent = []
        self.link = True

    def send(self, organisation, call, *, request_id="", until=None):
        if call.method == "GET":
            return super().send(organisation, call, request_id=request_id)
        body = connect_body(call)
        self.sent.append(body)
        error = self.answers.pop(0) if self.answers else None
        if error is not None:
            raise error
        return self._lead(body) if "tableId" in body else self._booking(body)

    def _lead(self, body):
        return connect.Lead(
            id=f"lead-{len(self.sent)}",
            table_id=body["tableId"],
            lead_state_id=body["leadStateId"],
            data=body["data"],
        )

    def _booking(self, body):
        slot = next(
            one
            for one in self.slots
            if one.resource_id == body["resourceId"]
            and f"{one.starts_at:%Y-%m-%dT%H:%M}" == body["startDateTime"][:16]
        )
        return connect.Booking(
            id=f"booking-{len(self.sent)}",
            starts_at=slot.starts_at,
            ends_at=slot.ends_at,
            lead_id=body.get("entryId") if self.link else None,
        )


def connect_body(call):
    import json

    return json.loads(call.body)


class BookingWorld(World):
    def __init__(self, organisation, double, staff):
        super().__init__(organisation, double)
        self.staff = staff
        self.state = self._row(LeadState, "fresh", "Fresh")
        self.pool = self._row(LeadPool, "pool", "Enquiries")
        self.shut = self._row(LeadPool, "shut", "Archive")
        PoolState.objects.create(pool=self.pool, state=self.state, position=1, default=True)
        PoolState.objects.create(pool=self.shut, state=self.state, position=1)
        self.lead = self.known("Anna Muster", "+49 40 5551234", "anna@example.com")

    def offer(self, *arguments, **fields):
        """Offered from now on, whatever was read before."""
        made = super().offer(*arguments, **fields)
        availability.forget()
        cache.clear()
        return made

    def known(self, name, phone="", email="", *, pool=None):
        told = {
            "id": uuid.uuid4().hex,
            "tableId": (pool or self.pool).connect_id,
            "data": {"name": name, "phone": phone, "email": email},
        }
        return lead_mirror.adopt(self.organisation, told, now=timezone.now())[0]

    def address(self, name, pk=None, **query):
        place = {"slug": self.organisation.slug} | ({"pk": pk} if pk else {})
        return reverse(name, kwargs=place) + ("?" + "&".join(query) if query else "")

    def panel(self, client, slot, **query):
        """The panel's form as a browser would fill it for the slot."""
        page = client.get(self.url(slot=ref(slot, None), **query))
        return next(f for f in forms(page.content.decode(), "/bookings/") if f.method == "post")

    def fill(self, slot, **changes):
        """Fields of the panel, for the known lead unless said otherwise."""
        resource = {row.connect_id: row for row in (self.anna, self.jana)}[slot.resource_id]
        state = self.url(slot=ref(slot, resource)).split("?")[1]
        fields = {
            "intent": str(uuid.uuid4()),
            "calendar": self.calendar.pk,
            "type": self.talk.pk,
            "slot": ref(slot, resource),
            "state": f"calendar={self.calendar.pk}&type={self.talk.pk}&{state}",
            "lead": str(self.lead.pk),
        }
        return fields | changes

    def post(self, client, fields, *, part=True):
        headers = HTMX if part else {}
        return client.post(self.address("booking-list"), fields, headers=headers)

    def ask(self, slot, *, person=None, **more):
        """A booking asked for behind the pages."""
        resource = {row.connect_id: row for row in (self.anna, self.jana)}[slot.resource_id]
        asked = bookings.Asked(
            intent=uuid.uuid4(),
            calendar_pk=self.calendar.pk,
            type_pk=self.talk.pk,
            ref=SlotRef(slot.starts_at, resource.pk),
            **{"lead": self.lead, **more},
        )
        return bookings.ask(self.organisation, person or self.staff, asked, now=timezone.now())[0]

    def run(self, write):
        """One step, as a worker takes it."""
        runner.run(write.pk)
        needs_you.forget(write.person_id)
        return Write.objects.get(pk=write.pk)


def words(response):
    """The text of an answer as a person reads it."""
    html = re.sub(r"<(script|style|noscript)\b.*?</\1>", "", response.content.decode(), flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def leads_count():
    return Lead.objects.count()
