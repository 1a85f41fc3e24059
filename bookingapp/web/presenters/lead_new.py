"""What is said while a lead is made: what is wrong with a field, and who may be the same person."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from bookingapp.web.presenters.reasons import Text, Told

# By the codes of lead_values and lead_check; "" for any other.
FIELD_WORDS: dict[str, Text] = {
    "": _("Please check this."),
    "required": _("Please fill this in."),
    "too_long": _("This is too long."),
    "number": _("This is not a number."),
    "truth": _("Choose yes or no."),
    "phone": _("This is not a phone number."),
    "email": _("This is not a complete email address."),
    "date": _("This is not a date."),
    "url": _("This is not an address on the web."),
    "amount": _("This is not an amount."),
    "pattern": _("This does not have the form that RocketLead asks for."),
    "least": _("This is too short or too small."),
    "most": _("This is too long or too large."),
}
NOTES: dict[str, Told] = {
    "intent_reused": Told(
        _("This form was already used for another lead."),
        _("Nothing was sent again."),
        _("Below is a fresh form with what you typed."),
    ),
    "unreadable": Told(_("The form was incomplete, so nothing was asked for.")),
    "again": Told(
        _("Connect did not accept this lead. Everything you typed is here again."),
        can=_("Mend it, then create it."),
    ),
}
