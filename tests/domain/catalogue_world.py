"""A catalogue as Connect tells it, to be changed by each test."""

from collections import Counter
from datetime import UTC, datetime

from bookingapp import connect
from bookingapp.domain.models import Organisation

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)


def organisation(name="Praxis Nord", **facts):
    slug = name.lower().replace(" ", "-")
    return Organisation.objects.create(
        name=name, slug=slug, connect_url="http://127.0.0.1:1", **facts
    )


class Told:
    """Answers to the lookups by call name; an exception among them is raised."""

    def __init__(self):
        self.asked = Counter()
        self.answers = {
            "list_calendars": (
                connect.Calendar(id="cal_1", name="Nord", zone="Europe/Berlin"),
                connect.Calendar(id="cal_2", name="Süd", zone="Mars/Olympus"),
            ),
            "list_resources": (
                connect.Resource(id="res_1", name="Zoë", colour="#369", capacity=3),
                connect.Resource(id="res_2", name="Ärzte", capacity=None),
            ),
            "list_appointment_types": (
                connect.AppointmentType(
                    id="apt_1", name="Erstgespräch", booking_length=45, search_length=15
                ),
                connect.AppointmentType(id="apt_2", name="Probe"),
            ),
            "list_resource_calendar_mappings": (
                connect.ResourceCalendarMapping(resource_id="res_1", calendar_id="cal_1"),
                connect.ResourceCalendarMapping(resource_id="res_2", calendar_id="cal_1"),
                connect.ResourceCalendarMapping(resource_id="res_2", calendar_id="cal_2"),
                connect.ResourceCalendarMapping(resource_id="res_9", calendar_id="cal_1"),
            ),
            "list_appointment_type_resource_mappings": (
                connect.AppointmentTypeResourceMapping(
                    appointment_type_id="apt_1", resource_id="res_1"
                ),
                connect.AppointmentTypeResourceMapping(
                    appointment_type_id="apt_1", resource_id="res_2"
                ),
                connect.AppointmentTypeResourceMapping(
                    appointment_type_id="apt_2", resource_id="res_1"
                ),
            ),
            "list_lead_pools": (connect.LeadPool(id="tbl_1", name="Neu"),),
            "get_lead_pool": connect.LeadPool(
                id="tbl_1",
                name="Neu",
                lead_states=(
                    connect.LeadState(id="ls_2", name="Kontaktiert", position=2),
                    connect.LeadState(id="ls_1", name="Neu", default=True, position=1),
                ),
            ),
            "list_blockers": (),
        }

    def __setitem__(self, name, answer):
        self.answers[name] = answer

    def __getitem__(self, name):
        return self.answers[name]

    def send(self, _organisation, call, **_):
        self.asked[call.name] += 1
        answer = self.answers[call.name]
        if isinstance(answer, Exception):
            raise answer
        return answer
