"""What the audit log says: a sentence for each action, words for its groups and facts. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bookingapp.domain.audit_topics import Topic
from bookingapp.domain.states import Kind
from bookingapp.web.presenters.policy_words import POLICIES

Text = str | Promise

TOPICS: dict[Topic, Text] = {
    Topic.SIGN_INS: _("Signing in"),
    Topic.SETTINGS: _("Settings"),
    Topic.PEOPLE: _("People"),
    Topic.TOKENS: _("Tokens"),
    Topic.WRITES: _("Writes"),
    Topic.SETTLEMENTS: _("Settlements"),
    Topic.EXPORTS: _("Exports"),
    Topic.IMPORTS: _("Imports"),
    Topic.HOOKS: _("Inbound hooks"),
    Topic.PRIVACY: _("Privacy"),
}
TOPIC_ICONS = {
    Topic.SIGN_INS: "person",
    Topic.SETTINGS: "list",
    Topic.PEOPLE: "person",
    Topic.TOKENS: "key",
    Topic.WRITES: "send",
    Topic.SETTLEMENTS: "check",
    Topic.EXPORTS: "leave",
    Topic.IMPORTS: "plus",
    Topic.HOOKS: "send",
    Topic.PRIVACY: "key",
}
KINDS: dict[str, Text] = {
    Kind.BOOK: _("Booking"),
    Kind.CREATE_LEAD: _("New lead"),
    Kind.RESCHEDULE: _("Move of a booking"),
    Kind.CANCEL: _("Cancellation"),
    Kind.MOVE_LEAD: _("Lead state"),
    Kind.EDIT_LEAD: _("Change of a lead"),
}
# In braces what the event's details hold.
SENTENCES: dict[str, Text] = {
    "sign-in": _("Signed in"),
    "sign-in.refused": _("Sign-in refused: the name or the password was wrong"),
    "sign-in.locked": _("Sign-in refused: too many failed attempts"),
    "sign-out": _("Signed out"),
    "sessions.ended": _("Signed out of other sessions"),
    "confirm.refused": _("Could not confirm who they are"),
    "password.changed": _("Password changed"),
    "second-factor.added": _("Second step added"),
    "second-factor.removed": _("Second step removed"),
    "second-factor.renewed": _("Recovery codes made anew"),
    "second-factor.refused": _("Second step refused"),
    "openid.linked": _("Account linked for signing in elsewhere"),
    "openid.unlinked": _("Account no longer linked for signing in elsewhere"),
    "installation.claimed": _("First account of this desk made"),
    "installation.refused": _("First account of this desk refused"),
    "organisation.provisioned": _("Organisation set up from a file"),
    "organisation.connected": _("Organisation connected"),
    "organisation.use_chosen": _("Calendars and lead pools to use chosen"),
    "organisation.changed": _("Organisation changed"),
    "policies.changed": _("Policies changed"),
    "preferences.changed": _("Personal settings changed"),
    "role.given": _("Role given: {role}"),
    "invitation.made": _("Somebody invited"),
    "invitation.revoked": _("Invitation taken back"),
    "person.joined": _("Invitation taken up"),
    "person.left": _("Somebody left the organisation"),
    "person.returned": _("Somebody returned to the organisation"),
    "person.role_changed": _("Role changed"),
    "person.erased": _("Account of a former colleague erased"),
    "person.unlocked": _("Somebody may try to sign in again"),
    "person.reset_offered": _("Link for a new password made"),
    "person.email_proven": _("Email address proven"),
    "person.password_reset": _("New password set by a link"),
    "person.second_factor_removed": _("Second step of a colleague removed"),
    "write.handed_on": _("A write handed on to a colleague"),
    "token.added": _("Token added"),
    "token.changed": _("Token changed"),
    "token.verified": _("Token “{label}” tried: {scope}"),
    "token.rejected": _("Connect rejected a token"),
    "token.checked": _("Token checked: {from} before, {to} now"),
    "token.expiring": _("A token is about to expire"),
    "token.retired": _("Token set aside"),
    "token.restored": _("Token taken into use again"),
    "token.removed": _("Token removed"),
    "writes.paused": _("Writes paused for want of a token"),
    "writes.resumed": _("Writes go on"),
    "hooks.changed": _("Inbound hooks changed"),
    "hooks.secret_made": _("New address for inbound hooks, ending in {last_four}"),
    "hooks.secret_ended": _("Address for inbound hooks ended, the one ending in {last_four}"),
    "bookings.exported": _("Bookings exported: {count}"),
    "leads.exported": _("Leads exported: {count}"),
    "audit.exported": _("Audit log exported"),
    "leadimport.uploaded": _("Import uploaded: {rows} rows"),
    "leadimport.checked": _("Import checked: {rows} rows"),
    "leadimport.started": _("Import started: {rows} rows"),
    "leadimport.stopped": _("Import stopped"),
    "leadimport.resumed": _("Import resumed"),
    "leadimport.given_up": _("Rest of an import given up"),
    "leadimport.deleted": _("Import deleted: {rows} rows"),
    "leadimport.exported": _("Result of an import exported"),
    "bulkmove.asked": _("Bulk move of {leads} leads asked for"),
    "bulkmove.undone": _("Bulk move undone"),
    "bulkmove.stopped": _("Bulk move stopped"),
    "bulkmove.resumed": _("Bulk move resumed"),
    "bulkmove.given_up": _("Rest of a bulk move given up"),
    "rescue.started": _("Rescue of a day started"),
    "rescue.stopped": _("Rescue of a day stopped"),
    "rescue.resumed": _("Rescue of a day resumed"),
    "booking.identified": _("Id of a booking given"),
    "waiting.marked": _("Lead put on the waiting list"),
    "waiting.changed": _("Waiting mark changed"),
    "waiting.ended": _("Lead taken off the waiting list"),
    "waiting.put_back": _("Lead put back on the waiting list"),
    "privacy.exported": _("All that is held about somebody exported"),
    "privacy.erased": _("All that was held about somebody erased"),
    "retention.ran": _("Old values forgotten, as the policy says"),
}
FACTS: dict[str, Text] = {
    "activated": _("Account open again"),
    "batch": _("Batch"),
    "booking": _("Booking"),
    "by": _("By means of"),
    "columns": _("Columns"),
    "connect_id": _("Id at Connect"),
    "connect_url": _("Address of Connect"),
    "count": _("How many"),
    "counts": _("How many"),
    "deactivated": _("Account closed"),
    "email": _("Email"),
    "expires_on": _("Last day"),
    "fields": _("Fields"),
    "filter": _("Filter"),
    "fingerprint": _("Fingerprint"),
    "form": _("Form"),
    "from": _("From"),
    "handed_on": _("Handed on"),
    "how": _("How"),
    "invitation": _("Invitation"),
    "kind": _("Kind"),
    "kinds": _("Kind"),
    "label": _("Label"),
    "language": _("Language"),
    "last_four": _("Last four"),
    "lead": _("Lead"),
    "leads": _("Leads"),
    "mark": _("Waiting mark"),
    "name": _("Name"),
    "new": _("New"),
    "person": _("Person"),
    "policies": _("Policies"),
    "pool": _("Lead pool"),
    "reason": _("Reason"),
    "role": _("Role"),
    "rows": _("Rows"),
    "scope": _("Scope"),
    "shortcuts": _("Keyboard shortcuts"),
    "state": _("State"),
    "status": _("Status"),
    "theme": _("Theme"),
    "time_zone": _("Time zone"),
    "to": _("To"),
    "token": _("Token"),
    "tokens_forgotten": _("Tokens forgotten"),
    "undo_seconds": _("Seconds to undo"),
    "what": _("What"),
    "why": _("Why"),
    "write": _("Write"),
}


def sentence(action: str, details: Mapping[str, Any]) -> str:
    """In plain words; an action that has none is shown as its code."""
    known = SENTENCES.get(action)
    if known is None:
        return action
    told = defaultdict(lambda: "–", {key: _short(value) for key, value in details.items()})
    return str(known).format_map(told)


def topic(code: str) -> str:
    return str(TOPICS[Topic(code)]) if code in set(Topic) else code


def topic_icon(code: str) -> str:
    return TOPIC_ICONS[Topic(code)] if code in set(Topic) else "info"


def fact(name: str) -> str:
    """What a detail is called; a policy is called as on its page."""
    label, _about = POLICIES.get(name, (name, ""))
    return str(FACTS.get(name, label))


def _short(value: Any) -> str:
    return "–" if value is None or value == "" else str(value)[:80]
