"""What each policy is called, what it is for, and its values, in a person's words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise

# Section: its name, and what it is about.
SECTIONS: dict[str, tuple[Text, Text]] = {
    "booking": (_("Booking"), _("What the desk may do by itself when a slot is taken.")),
    "moving": (_("Moving"), _("The steps of a reschedule.")),
    "cancelling": (_("Cancelling"), _("Reasons to choose from, and what becomes of the lead.")),
    "contacts": (
        _("Contacts of leads"),
        _("Where names, phones and emails stand in the data of your leads."),
    ),
    "leads": (_("Leads"), _("How leads are linked, named, signed and protected.")),
    "used": (_("What is used here"), _("Chosen on the page of the organisation.")),
    "units": (_("Units"), _("How lengths and phone numbers are read.")),
    "security": (_("Security"), _("Who needs a second step, and warnings of tokens.")),
    "keeping": (_("Keeping"), _("How long data stays here.")),
}

# Policy: its name, and what it is for.
POLICIES: dict[str, tuple[Text, Text]] = {
    "booking_attempts": (
        _("Slots tried for one booking"),
        _("Each taken slot is followed by a fresh look. Then a person is asked."),
    ),
    "anyone": (
        _("Another resource at the same time"),
        _("Whether the form offers to take somebody else when another person was faster."),
    ),
    "nearby": (
        _("Nearby times"),
        _("Whether the form offers to take another time when another person was faster."),
    ),
    "nearby_minutes": (
        _("How near is nearby"),
        _("Minutes earlier or later than the time asked for."),
    ),
    "later_limit": (
        _("Tries that RocketLead puts off"),
        _("How often a write may be put off before a person is asked."),
    ),
    "reschedule_order": (
        _("Order of a reschedule"),
        _("RocketLead has no call for it, so it is a booking and a delete. Flows see the order."),
    ),
    "transient_state": (
        _("Lead state during a reschedule"),
        _("Set before the first step and set back after the last, so that flows can tell a move."),
    ),
    "cancel_reasons": (
        _("Reasons for a cancel"),
        _("Chosen from when cancelling, in this order."),
    ),
    "cancel_state": (
        _("Lead state after a cancel"),
        _("The lead is moved there before its booking is deleted."),
    ),
    "name_keys": (_("Name"), _("Keys of a lead's data, one a line. The first one filled counts.")),
    "first_name_keys": (
        _("First name"),
        _("Used with the last name where no key above is filled."),
    ),
    "last_name_keys": (_("Last name"), _("One key a line, the first one filled counts.")),
    "phone_keys": (
        _("Phone"),
        _("One key a line. A new lead gets its phone under the first."),
    ),
    "email_keys": (
        _("Email"),
        _("One key a line. A new lead gets its email under the first."),
    ),
    "pool_keys": (
        _("Lead pools with keys of their own"),
        _("What is empty there is as above."),
    ),
    "lead_link_field": (
        _("Field that links a booking to its lead"),
        _("RocketLead's documents name two. Change it if bookings arrive without their lead."),
    ),
    "intent_key": (
        _("Our mark in new leads"),
        _("Under this key a new lead carries an id, so that a lost answer settles itself."),
    ),
    "lead_after_500": (
        _("After RocketLead failed to create a lead"),
        _("Its documents say to try again; a lead might then exist twice."),
    ),
    "person_field": (
        _("Custom field for the person's name"),
        _("RocketLead records no person. This field says who created or changed a lead here last."),
    ),
    "custom_field_names": (
        _("Names of custom fields"),
        _("RocketLead tells only their ids. An empty name leaves the id."),
    ),
    "usual_types": (
        _("Usual appointment types"),
        _("What is looked for first when a lead of the pool gets an appointment."),
    ),
    "protected_states": (
        _("Protected lead states"),
        _("Only managers and admins move leads into and out of them."),
    ),
    "hidden_calendars": (
        _("Calendars not used here"),
        _("They are offered nowhere; what was booked in them stays."),
    ),
    "hidden_pools": (
        _("Lead pools not used here"),
        _("They are offered nowhere; their leads stay."),
    ),
    "length_unit": (
        _("Unit of RocketLead's lengths"),
        _("Its documents do not say. Change it if appointments are sixty times too long."),
    ),
    "country": (
        _("Country of phone numbers"),
        _("For numbers without a country code: ISO code of two letters."),
    ),
    "second_factor": (
        _("Who must have a second step"),
        _("A code from an app or a passkey, beside the password."),
    ),
    "expiry_warning_days": (
        _("Warn before a token expires"),
        _("From so many days before it, admins are told on every page."),
    ),
    "keep_leads_days": (
        _("Leads"),
        _("After so many days without any news or appointment a lead is erased here."),
    ),
    "keep_writes_days": (
        _("Changes sent"),
        _("What was asked for and answered; only what has ended."),
    ),
    "keep_imports_days": (_("Imports"), _("The rows of files that were imported.")),
    "keep_deliveries_days": (_("Deliveries"), _("What flows and forms sent here.")),
    "keep_audit_values_days": (
        _("Values in the audit log"),
        _("Before and after of a change. That it was changed, when and by whom, stays."),
    ),
}

CHOICES: dict[str, dict[str, Text]] = {
    "anyone": {
        "offered": _("offered, not ticked"),
        "chosen": _("ticked from the start"),
        "never": _("never"),
    },
    "nearby": {"offered": _("offered, not ticked"), "never": _("never")},
    "reschedule_order": {
        "book_first": _("book the new slot first"),
        "delete_first": _("delete the old booking first"),
    },
    "lead_link_field": {
        "entryId": _("entryId"),
        "tableEntryId": _("tableEntryId"),
        "both": _("both"),
    },
    "lead_after_500": {"retry": _("try again by itself"), "ask": _("ask a person")},
    "length_unit": {"minutes": _("minutes"), "seconds": _("seconds")},
    "second_factor": {
        "nobody": _("nobody"),
        "admins": _("admins"),
        "everybody": _("everybody"),
    },
}

UNITS: dict[str, Text] = {
    "booking_attempts": _("slots"),
    "later_limit": _("tries"),
    "nearby_minutes": _("minutes"),
}

PROBLEMS: dict[str, Text] = {
    "choice": _("Choose one of these."),
    "text": _("This is too long."),
    "keys": _("At most 20 keys of at most 200 characters."),
    "reasons": _("At most 30 reasons of at most 100 characters."),
    "names": _("Names and ids of at most 200 characters."),
    "types": _("Choose an appointment type from the list."),
    "pool_keys": _("At most 20 keys of at most 200 characters in each."),
    "state": _("Choose a lead state from the list."),
    "states": _("Choose lead states from the list."),
    "field": _("Choose a custom field from the list."),
    "country": _("Give the two letters of a country, such as DE, AT or CH."),
    "needs_one": _("At least one is needed."),
    "needs_name": _("Needed: a key for the name, or one for the first and one for the last."),
    "is_contact_key": _("A contact stands under this key. Choose another one."),
    "unknown": _("This is not known here. Choose from the list."),
    "unknown_field": _("No lead has this custom field. RocketLead would refuse every change."),
}
