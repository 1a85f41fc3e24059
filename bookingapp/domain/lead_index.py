"""The words under which a lead is found, kept beside it."""

from __future__ import annotations

from bookingapp.domain.contact_fields import Contact, terms_of
from bookingapp.domain.models import Lead, LeadTerm
from bookingapp.domain.policy import Policy


def index(lead: Lead, policy: Policy) -> None:
    """Make ``lead`` findable under its present name, phone and email."""
    contact = Contact(lead.name, lead.phone, lead.email)
    wanted = {term.encode() for term in terms_of(contact, policy.country)}
    known = {bytes(term): pk for pk, term in lead.terms.values_list("pk", "term")}
    LeadTerm.objects.filter(pk__in=[known[term] for term in known.keys() - wanted]).delete()
    LeadTerm.objects.bulk_create(
        LeadTerm(organisation_id=lead.organisation_id, lead=lead, term=term)
        for term in sorted(wanted - known.keys())
    )
