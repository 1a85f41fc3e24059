"""Leads that four letters find, and slots that nobody else of a test uses."""

import re
import uuid
from dataclasses import dataclass

from tests.journeys.place import find_place


@dataclass
class Known:
    """Typing ``letters`` (four of them) shows this lead first."""

    pk: str
    connect_id: str
    name: str
    letters: str


def known_leads(desk, place, number=1):
    """So many leads of the place's organisation without a booking, each first for four letters."""
    rows = desk.sql(
        "SELECT l.* FROM domain_lead l JOIN domain_organisation o ON o.id = l.organisation_id"
        " WHERE o.slug = %s AND NOT EXISTS (SELECT 1 FROM domain_write w WHERE w.lead_id = l.id)"
        " ORDER BY l.sort_name",
        place.slug,
    )
    rows = {str(uuid.UUID(str(row["id"]))): row for row in rows}
    found, tried = [], set()
    session = desk.sign_in("staff")
    for row in rows.values():
        letters = _letters(row["name"])
        if not letters or letters in tried:
            continue
        tried.add(letters)
        reply = session.part(f"/o/{place.slug}/leads/search/", params={"q": letters})
        first = re.search(r'data-lead="([^"]+)"', reply.text)
        if first and first[1] in rows and first[1] not in {one.pk for one in found}:
            lead = rows[first[1]]
            found.append(Known(first[1], lead["connect_id"], lead["name"], letters))
        if len(found) == number:
            return found
    raise AssertionError("too few leads that four letters find")


def _letters(name):
    starts = [word[:4].lower() for word in reversed(name.split())]
    return next((one for one in starts if re.fullmatch("[a-z]{4}", one)), None)


class Places:
    """Slots with one seat, each given out once and none of them in another's way."""

    def __init__(self, desk):
        self.desk, self.given = desk, []

    def free(self):
        place = find_place(self.desk, one_seat, skip=self.given)
        self.given.append(place)
        return place


def one_seat(capacity, booked):
    return (capacity, booked) == (1, 0)
