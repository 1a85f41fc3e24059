"""What is said on the page of a lead: what is wrong with a field, and where the lead stands."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from bookingapp.domain.lead_check import Problem
from bookingapp.domain.lead_story import What
from bookingapp.web.presenters.reasons import Text, Told

PROBLEMS: dict[str, Text] = {
    "required": _("This lead pool needs this field."),
    "phone": _("This is not a complete phone number."),
    "email": _("This is not a complete email address."),
    "date": _("This is not a day. Write it like 2026-11-23."),
    "url": _("This is not a web address."),
    "amount": _("This is not a number."),
    "pattern": _("This does not look as the lead pool wants it."),
    "least": _("At least {limit}."),
    "most": _("At most {limit}."),
    "number": _("A number is kept here. Write it with digits."),
    "truth": _("Choose yes or no."),
    "json": _("This is not valid JSON, so nothing was changed."),
    "null": _("Null means “remove” at Connect. Leave the part out instead."),
    "too_long": _("This is too long to be changed here."),
    "key_taken": _("This field is there already, change it above."),
    "key_missing": _("Give the field a name."),
    "key_long": _("This name is too long."),
    "value_missing": _("Give it a value, or leave the name empty too."),
    "choose": _("Choose which of the two shall count."),
    "type": _("This appointment type is not offered any more. Choose another one."),
}

NOTHING_CHANGED = _("Nothing was different, so nothing was sent.")
EDITED = Told(
    _("Somebody else changed the same fields meanwhile."),
    _("Nothing was sent, and everything you typed is kept."),
    _("Choose for each of them which shall count, then save again."),
)
MENDED = Told(_("Nothing was sent yet: some fields need a look."))
REUSED = Told(
    _("This form was already used."),
    _("That change stands; nothing was sent again."),
    _("Below is a fresh form with what you typed."),
)
NOT_THERE_YET = Told(_("Connect does not have this lead yet, so it cannot be changed."))

# Where a lead stands that is not simply there.
STANDINGS: dict[str, Told] = {
    "never_created": Told(
        _("Connect did not accept this lead, so it exists only here."),
        _("It is in no list."),
    ),
    "being_created": Told(
        _("This lead is being created."),
        _("It can be moved and changed as soon as Connect has it."),
    ),
    "archived": Told(
        _("This lead is archived in RocketLead."),
        can=_("Only RocketLead itself can bring it back."),
    ),
    "pool_gone": Told(
        _("Its lead pool is not offered by Connect any more."),
        _("What was known stays here."),
    ),
    "no_pool": Told(_("It is not known which lead pool this lead belongs to.")),
    "state_gone": Told(
        _("Its state “{state}” is not one of its lead pool any more."),
        _("The lead keeps it until it is moved."),
    ),
}

SOURCES: dict[str, Text] = {
    "hook": _("told by RocketLead"),
    "form": _("from a form"),
    "import": _("from an import"),
    "person": _("settled by a person"),
    "write": _("told by Connect"),
}
MOMENTS: dict[str, Text] = {
    What.BOOKED_ELSEWHERE: _("Appointment made outside of this desk"),
    What.GONE_ELSEWHERE: _("Appointment deleted outside of this desk"),
    What.CREATED: _("Created"),
    "state": _("Another state seen"),
    "told": _("Changed outside of this desk"),
    "note": _("Note"),
    "outcome": _("Follow-up"),
}
FIRST_OPENED = _("First opened just now. Connect is being told.")


def problem(found: Problem) -> str:
    """A sentence beside the field; an unknown code gives a general one."""
    shape = str(PROBLEMS.get(found.code, PROBLEMS["pattern"]))
    return shape.format(limit=found.limit)
