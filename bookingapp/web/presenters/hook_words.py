"""Deliveries in words: events, results, what they changed, and why they did not."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bookingapp.domain.hooks.telling import Event
from bookingapp.domain.models import Delivery
from bookingapp.web.presenters.sentences import Text

EVENTS: dict[str, Text] = {
    Event.LEAD_ADDED: _("New lead"),
    Event.STATE_CHANGED: _("Lead state changed"),
    Event.BOOKED: _("Appointment made"),
    Event.STARTED: _("Appointment has started"),
    Event.ENDED: _("Appointment has ended"),
    Event.DELETED: _("Appointment deleted"),
    "form.submission": _("Form sent"),
}
# Result to its word, tone and icon.
RESULTS: dict[str, tuple[Text, str, str]] = {
    Delivery.Result.APPLIED: (_("Applied"), "good", "check"),
    Delivery.Result.UNCHANGED: (_("Nothing new"), "quiet", "check"),
    Delivery.Result.OLDER: (_("Older than what is known"), "quiet", "clock"),
    Delivery.Result.IGNORED: (_("Not used"), "warning", "info"),
    Delivery.Result.UNREADABLE: (_("Not readable"), "bad", "cross"),
    Delivery.Result.TEST: (_("Test: nothing changed"), "info", "question"),
}
CHANGES: dict[str, Text] = {
    "lead_new": _("a new lead"),
    "lead_identified": _("the id of a lead that was on its way"),
    "lead_moved": _("another state of the lead"),
    "lead_changed": _("other details of the lead"),
    "booking_new": _("an appointment"),
    "booking_gone": _("the end of an appointment"),
    "booking_identified": _("the id of an appointment"),
    "booking_linked": _("the lead of an appointment"),
    "write_settled": _("a write that nobody was sure of is settled"),
}
PROBLEMS: dict[str, Text] = {
    "empty": _("The body was empty."),
    "too_large": _("The body was too large."),
    "not_json": _(
        "The body is not JSON. Often a text in it holds a quotation mark or a line break."
    ),
    "not_an_object": _("The body is JSON, but not an object in braces."),
    "too_deep": _("The body is nested too deeply."),
    "no_event": _("The event has no name, or one that means nothing here."),
    "no_lead": _(
        "No id of a lead was told. Perhaps its placeholder came empty or was not filled in."
    ),
    "no_booking": _("No id of an appointment was told. Perhaps its placeholder came empty."),
    "calendar_missing": _("No id of a calendar was told, so the appointment cannot be shown."),
    "calendar_unknown": _("The calendar is not known here (yet): the catalogue is read again."),
    "resource_missing": _("No id of a resource was told, so the appointment cannot be shown."),
    "resource_unknown": _("The resource is not known here (yet): the catalogue is read again."),
    "type_missing": _("No id of an appointment type was told, so the appointment cannot be shown."),
    "type_unknown": _("The appointment type is not known here (yet): the catalogue is read again."),
    "time_missing": _("Start or end of the appointment was not told as a time with its offset."),
    "pool_unknown": _(
        "Which lead pool this form fills is not set below, so the lead has none yet."
    ),
}
FIELDS: dict[str, Text] = {
    "event": _("Name of the event"),
    "event_id": _("Id of the event"),
    "at": _("Time of the event"),
    "lead_id": _("Id of the lead"),
    "pool_id": _("Id of the lead pool"),
    "state_id": _("Id of the lead state"),
    "old_state_id": _("Id of the lead state before"),
    "data": _("Data of the lead (an object)"),
    "custom_field_data": _("Custom fields of the lead (an object)"),
    "single_keys": _("Further keys of the data, beside the others"),
    "follow_up_at": _("Follow-up date"),
    "first_opened_at": _("First opened"),
    "interested_in": _("Id of the appointment type the lead is interested in"),
    "archived": _("Archived"),
    "created_at": _("Lead created at"),
    "updated_at": _("Lead changed at"),
    "booking_id": _("Id of the appointment"),
    "calendar_id": _("Id of the calendar"),
    "type_id": _("Id of the appointment type"),
    "resource_id": _("Id of the resource"),
    "slot_id": _("Id of the resource slot"),
    "starts_at": _("Start of the appointment"),
    "ends_at": _("End of the appointment"),
    "booked_at": _("Appointment made at"),
    "label": _("Label of the appointment"),
    "member_id": _("Id of the person in RocketLead who did it"),
}
PATH_ERRORS: dict[str, Text] = {
    "path": _("A path is names joined by dots, such as lead.id, without braces."),
    "too_many_paths": _("Name at most ten paths."),
}


def event(name: str) -> str:
    return str(EVENTS.get(name) or name[:80] or gettext("without a name"))


def changed(codes: list[str]) -> list[str]:
    return [str(CHANGES[code]) for code in codes if code in CHANGES]


def problem(code: str) -> str:
    return str(PROBLEMS.get(code, ""))
