"""One hostile lead, everything that can be done with it, and a reader that finds what slipped."""

import json
import re
import uuid
from datetime import timedelta
from html.parser import HTMLParser
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from bookingapp.domain import lead_mirror
from bookingapp.domain.hooks import inbox
from bookingapp.domain.imports import checking, uploading
from bookingapp.domain.imports.uploading import Upload
from bookingapp.domain.models import Booking, Delivery, Lead, LeadEvent, WaitingMark
from bookingapp.domain.rescue import listing, proposing
from tests.domain.import_files import csv_file
from tests.web.trouble_world import NOT_ALLOWED, TroubleWorld

TAGS = "\"'><script>owned=1</script><img src=x onerror=owned=1><owned onclick=owned=1>"
CODE = "{{ csrf_token }}{% now 'Y' %}"
TURNED = "\u202eليمع\u2066 🙂👩‍👩‍👧‍👦"
LONG = "W" * 10_000
EMAIL = '"><script>owned=1</script>@x.example'
PHONE = "+49 40 555<b>12</b>34"
HOSTILE = {
    "name": TAGS + CODE + TURNED + LONG,
    "phone": PHONE + LONG,
    "email": EMAIL + LONG,
    "note": LONG,
    "nothing": None,
    "empty": "",
    "nul": "a\x00b",
    "nested": {TAGS: [1, None, {"deep": {"er": "</textarea></script>" + TAGS}}]},
    "list": ["</td></table>" + TAGS, 2, None, []],
    "": TAGS,
    TAGS + LONG: TURNED,
    "link": "javascript:owned=1",
}


class Reader(HTMLParser):
    """What a browser would make of a page that none of our templates says: ``faults``."""

    def __init__(self, page):
        super().__init__()
        self.faults, self.texts = [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag in {"owned", "b"} or (tag == "script" and "src" not in given):
            self.faults.append(tag)
        for name, value in attrs:
            address = re.sub(r"[\x00-\x20]", "", value or "").casefold()
            if name.startswith("on") or name == "style":
                self.faults.append(f"{tag} {name}")
            if name in {"href", "src", "action", "formaction"} and address[:11] == "javascript:":
                self.faults.append(f"{tag} {name}: {address[:40]}")

    def handle_data(self, data):
        self.texts.append(data)

    @property
    def text(self):
        return " ".join(self.texts)


class HostileWorld(TroubleWorld):
    """The lead is booked, cancelled, waited for, moved in vain, noted, imported and told of."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.now = timezone.now()
        Lead.objects.all().delete()
        told = {"id": "hostile", "tableId": "pool", "leadStateId": "fresh", "data": HOSTILE}
        told["customFieldData"] = {TAGS: TAGS, "deep": {"er": [TAGS]}}
        told["followUpDate"] = (self.now - timedelta(days=1)).isoformat()
        told["interestedInAppointmentTypeId"] = self.talk.connect_id
        self.lead = lead_mirror.adopt(self.organisation, told, now=self.now)[0]
        LeadEvent.objects.create(
            lead=self.lead, at=self.now, kind="note", text=TAGS + LONG[:3000], source="person"
        )

    def live(self):
        """All that a lead can be in the middle of."""
        self.ahead, _ = self.appointment(9), self.appointment(10, gone_as="cancelled")
        self.given_up = self.appointment(8, lead=self.known("Ada"), gone_as="cancelled")
        self.offer(8)
        self.wait()
        self.rescue = self.ill()
        self.refused = self.move_lead(NOT_ALLOWED)
        self.edited = self.edit_lead({"data": {TAGS: TAGS}}, hold_seconds=600)
        self.imported, self.delivered = self.file(), self.delivery()
        return self

    def appointment(self, hour, lead=None, **fields):
        at = self.offer(hour, self.anna, booked=1, available=False)
        return Booking.objects.create(
            organisation=self.organisation,
            connect_id=uuid.uuid4().hex,
            lead=lead or self.lead,
            calendar=self.calendar,
            resource=self.anna,
            appointment_type=self.talk,
            starts_at=at.starts_at,
            ends_at=at.ends_at,
            booked_at=self.now,
            gone_at=self.now if fields else None,
            **fields,
        )

    def wait(self):
        WaitingMark.objects.create(
            organisation=self.organisation,
            lead=self.lead,
            calendar=self.calendar,
            appointment_type=self.talk,
            from_day=self.monday,
            until_day=self.monday + timedelta(days=5),
            note=TAGS,
            created_at=self.now,
        )

    def ill(self):
        asked = listing.Asked(
            intent=uuid.uuid4(),
            calendar_pk=self.calendar.pk,
            resource_pk=self.anna.pk,
            from_day=self.monday,
            until_day=self.monday,
        )
        rescue = listing.begin(self.organisation, self.staff, asked, now=self.now)[0]
        proposing.propose_all(rescue, now=self.now)
        return rescue

    def file(self):
        head = ("Name", "Telefon", "E-Mail", TAGS)
        content = csv_file((TAGS, PHONE, EMAIL, LONG), (LONG, "", TAGS, TAGS), head=head)
        upload = Upload(uuid.uuid4(), self.pool.pk, f"{TAGS}.csv", content)
        batch = uploading.begin(self.organisation, self.staff, upload, now=self.now)[0]
        plan, how = uploading.suggested(batch)
        checking.check(batch, plan, how, person=self.staff, now=self.now)
        return batch

    def delivery(self):
        body = {"event": "table.entry.added", "leadId": "hooked", "data": HOSTILE, TAGS: TAGS}
        raw = json.dumps(body).encode()
        way = Delivery.Way.EVENTS
        return inbox.receive(self.organisation, way, raw, now=self.now).delivery

    def pages(self):
        """Address by name, of each page that shows the lead."""
        pool, lead, day = {"pk": self.pool.pk}, self.lead.pk, self.monday.isoformat()
        return {
            "board": self.at("pool-board", **pool),
            "column": self.at("pool-column", **pool) + "?column=fresh",
            "table": self.at("pool-table", **pool),
            "bulk": self.at("bulk-ask", **pool) + f"?which=chosen&lead={lead}&to=warm",
            "lead": self.at("lead-detail", pk=lead),
            "edit": self.at("lead-edit", pk=lead),
            "follow-ups": self.at("follow-ups") + f"?lead={lead}",
            "search": self.at("lead-search") + "?q=script",
            "same": self.at("lead-same") + "?" + urlencode({"phone": self.lead.phone}),
            "slots": self.at("lead-slots", pk=lead),
            "waiting": self.at("waiting-list"),
            "waiting for one": self.at("waiting-list") + f"?lead={lead}",
            "bookings": self.at("booking-list") + "?tab=upcoming",
            "cancelled": self.at("booking-list") + "?tab=cancelled",
            "day": self.at("booking-day") + f"?date={day}",
            "booking": self.at("booking-detail", pk=self.ahead.pk),
            "cancel": self.at("booking-cancel", pk=self.ahead.pk),
            "gap": self.at("gap-filler", pk=self.given_up.pk),
            "rescue": self.at("rescue-detail", pk=self.rescue.pk),
            "call sheet": self.at("call-sheet", pk=self.rescue.pk),
            "needs you": reverse("needs-you"),
            "held": self.at("held"),
            "import": self.at("import-detail", pk=self.imported.pk),
            "mapping": self.at("import-mapping", pk=self.imported.pk),
            "delivery": self.at("hook-delivery", pk=self.delivered.pk),
            "hooks": self.at("hook-settings"),
        }

    def at(self, name, **place):
        return reverse(name, kwargs={"slug": self.organisation.slug, **place})
