"""Where a test books: a slot the sandbox offers, in the desk's own words."""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

import httpx

from tests.support import weeks

STAMP = "%Y%m%dT%H%M%SZ"


@dataclass
class Place:
    """``fields()`` are those of the booking form."""

    slug: str
    calendar: int
    kind: int
    ref: str
    slot: dict
    capacity: int
    booked: int

    def fields(self, lead, **more):
        return {
            "intent": str(uuid.uuid4()),
            "calendar": self.calendar,
            "type": self.kind,
            "slot": self.ref,
            "lead": lead,
            **more,
        }

    @property
    def resource(self):
        """Row id of whose slot it is."""
        return int(self.ref.rsplit("-", 1)[1])

    @property
    def address(self):
        return f"/o/{self.slug}/bookings/"

    def week(self):
        """The week grid of one resource, where a cell is one slot."""
        query = f"calendar={self.calendar}&type={self.kind}&resource={self.resource}"
        date = self.slot["startDateTime"][:10]
        return f"/o/{self.slug}/availability/?{query}&view=week&date={date}"

    def is_near(self, other):
        """Whether both are the same resource's on the same day, or anyone's at the same time."""
        same_day = self.ref[:8] == other.ref[:8] and self.resource == other.resource
        return same_day or self.ref[:16] == other.ref[:16]

    def panel(self, day=""):
        date = day or self.slot["startDateTime"][:10]
        query = f"calendar={self.calendar}&type={self.kind}&view=day&date={date}"
        return f"/o/{self.slug}/availability/?{query}&slot={self.ref}"


def find_place(desk, fits, *, days_ahead=7, skip=()):
    """The first slot of the first organisation for which ``fits(capacity, booked)``.

    ``skip``: places whose time or neighbourhood is somebody else's already.
    """
    for place in offered(desk, days_ahead=days_ahead):
        if fits(place.capacity, place.booked) and not any(map(place.is_near, skip)):
            desk.sandbox.forget_calls()
            return place
    raise AssertionError("the sandbox offers no such slot")


def offered(desk, *, days_ahead=7):
    """The available slots of the first organisation, calendar by calendar and type by type, of the
    five days that begin so many days after this week's Monday.
    """
    organisation = desk.sql("SELECT * FROM domain_organisation ORDER BY name")[0]
    secret = desk.template.world["organisations"][0]["tokens"][0]["secret"]
    assert desk.template.world["organisations"][0]["name"] == organisation["name"]
    monday = datetime.combine(weeks.this_monday(), time(), UTC)
    start = monday + timedelta(days=days_ahead)
    with httpx.Client(
        base_url=desk.sandbox.url, headers={"Authorization": f"Bearer {secret}"}
    ) as http:
        yield from _places(desk, organisation, http, start)


def _places(desk, organisation, http, start):
    pk = organisation["id"]
    calendars = desk.sql("SELECT * FROM domain_calendar WHERE organisation_id=%s", pk)
    kinds = desk.sql("SELECT * FROM domain_appointmenttype WHERE organisation_id=%s", pk)
    resources = {
        row["connect_id"]: row["id"]
        for row in desk.sql("SELECT * FROM domain_resource WHERE organisation_id=%s", pk)
    }
    for calendar in calendars:
        for kind in kinds:
            query = {
                "calendarId": calendar["connect_id"],
                "appointmentTypeId": kind["connect_id"],
                "start": start.isoformat(),
                "end": (start + timedelta(days=5)).isoformat(),
            }
            reply = http.get("/connect/availability/", params=query)
            for slot in reply.json()["data"] if reply.is_success else ():
                if slot["available"]:
                    yield _place(organisation, calendar, kind, resources, slot)


def _place(organisation, calendar, kind, resources, slot):
    starts_at = datetime.fromisoformat(slot["startDateTime"]).astimezone(UTC)
    return Place(
        slug=organisation["slug"],
        calendar=calendar["id"],
        kind=kind["id"],
        ref=f"{starts_at:{STAMP}}-{resources[slot['resourceId']]}",
        slot=slot,
        capacity=slot["maxParallelBookings"],
        booked=slot["currentBookings"],
    )


def leads(desk, number):
    """Row ids of so many leads of the first organisation, as texts."""
    rows = desk.sql(
        "SELECT l.id FROM domain_lead l JOIN domain_organisation o ON o.id = l.organisation_id"
        " ORDER BY o.name, l.sort_name LIMIT %s",
        number,
    )
    return [str(uuid.UUID(str(row["id"]))) for row in rows]


def undo_window(desk, username, seconds=None):
    """What the person has chosen as undo window; None: nothing, as before their first choice."""
    (person,) = desk.sql("SELECT id FROM auth_user WHERE username = %s", username)
    desk.sql("DELETE FROM domain_preference WHERE person_id = %s", person["id"])
    if seconds is not None:
        desk.sql(
            "INSERT INTO domain_preference"
            " (person_id, undo_seconds, language, time_zone, shortcuts, theme)"
            " VALUES (%s, %s, '', '', 1, '')",
            person["id"],
            seconds,
        )
