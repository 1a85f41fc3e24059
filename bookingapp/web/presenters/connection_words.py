"""The connection in words: what is held back, what waits, what was answered last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from bookingapp.domain import problems, token_probe
from bookingapp.domain.connection_health import Checked, Health
from bookingapp.domain.models import LastAnswer
from bookingapp.domain.queue_standing import Queue
from bookingapp.domain.token_states import Together
from bookingapp.web.presenters import moments
from bookingapp.web.presenters.sentences import Text

# Names of calls, as people say them; others are shown as they are.
CALLS: dict[str, Text] = {
    token_probe.CHANGE: _("Doctor: change of nothing"),
    token_probe.DELETION: _("Doctor: deletion of nothing"),
    "list_lead_pools": _("List lead pools"),
    "get_lead_pool": _("Read a lead pool"),
    "create_lead": _("Create a lead"),
    "patch_lead": _("Change a lead"),
    "create_booking": _("Book an appointment"),
    "delete_booking": _("Delete an appointment"),
    "get_availability": _("Read availability"),
    "list_calendars": _("List calendars"),
    "get_calendar": _("Read a calendar"),
    "list_resources": _("List resources"),
    "list_appointment_types": _("List appointment types"),
    "get_appointment_type": _("Read an appointment type"),
    "list_resource_slots": _("List resource slots"),
    "list_blockers": _("List blockers"),
    "list_resource_calendar_mappings": _("List resources of calendars"),
    "list_appointment_type_resource_mappings": _("List resources of appointment types"),
}
CHECKED: dict[str, Text] = {
    problems.NOT_REACHED: _("Connect was not reached."),
    problems.ADDRESS_CLOSED: _("The address of Connect leads where this desk may not go."),
    problems.CONNECT_FAILED: _("Connect answered that it failed."),
    problems.SLOW_DOWN: _("Connect asks to slow down."),
    problems.TOKEN_REJECTED: _("Connect rejects the token."),
    problems.SCOPE_TOO_NARROW: _("The token may not read."),
    problems.NO_TOKEN: _("There is no token that may read."),
    problems.VANISHED: _("Something answered that is not Connect. Is its address right?"),
    problems.UNREADABLE: _("The answer could not be read. Is the address of Connect right?"),
}
# Where no call can be made with any token: what of the calls becomes, and why.
WITHOUT: dict[str, tuple[Text, Text]] = {
    Together.REJECTED: (
        _("answered, but refused"),
        _("Connect rejects every token. What is known is shown meanwhile."),
    ),
    Together.SEALED: (
        _("not possible"),
        _("The keys of this installation open none of the tokens."),
    ),
    Together.NONE: (_("not possible"), _("There is no token to ask with.")),
}
# The name of a page: there it is mended.
TOKENS = "token-list"


@dataclass(frozen=True, slots=True)
class Fact:
    """``text`` says it, ``more`` what it means; ``since`` has an age that is kept true.

    ``mended_at`` names the page that helps: TOKENS, or "" where there is none.
    """

    title: str
    text: str
    tone: str
    icon: str
    more: str = ""
    since: datetime | None = None
    mended_at: str = ""


def connection(health: Health, zone: ZoneInfo) -> Fact:
    title = gettext("Calls to Connect")
    if health.breaker == "open" and health.retry_at:
        text = gettext("left alone until {at}").format(at=moments.clock(health.retry_at, zone))
        more = gettext("Connect failed several times in a row. What is known is shown meanwhile.")
        return Fact(title, text, "bad", "blocked", more)
    if health.tokens in WITHOUT:
        text, more = (str(words) for words in WITHOUT[health.tokens])
        return Fact(title, text, "bad", "key", more, mended_at=TOKENS)
    if health.slow_until:
        text = gettext("slowed down until {at}").format(at=moments.clock(health.slow_until, zone))
        return Fact(title, text, "warning", "hourglass", gettext("Connect asked for it."))
    if health.breaker != "closed":
        more = gettext("Connect failed several times in a row; one call tries whether it is back.")
        return Fact(title, gettext("the next one finds out"), "warning", "question", more)
    return _through(health, title)


def _through(health: Health, title: str) -> Fact:
    """Nothing holds calls back; but not every token may make every call."""
    if health.paused_scope == "read":
        more = gettext("Connect lets none of the tokens read.")
        return Fact(title, gettext("answered, but refused"), "bad", "key", more, mended_at=TOKENS)
    if health.paused_scope is not None:
        more = gettext("Reading works. Writes are paused: no token may make them.")
        return Fact(title, gettext("go through in part"), "warning", "key", more, mended_at=TOKENS)
    if health.tokens is Together.SOME_REJECTED:
        more = gettext("Connect rejects a token; another one is used instead.")
        return Fact(title, gettext("go through"), "warning", "key", more, mended_at=TOKENS)
    return Fact(title, gettext("go through"), "good", "check", gettext("Nothing is held back."))


def writes(paused_scope: str | None) -> Fact:
    title = gettext("Writes")
    if paused_scope is None:
        return Fact(title, gettext("are sent"), "good", "check", gettext("Nothing is paused."))
    more = gettext("They go on by themselves once there is a good token.")
    scope = gettext("paused for a token with the scope “{scope}”").format(scope=paused_scope)
    text = scope if paused_scope else gettext("paused")
    return Fact(title, text, "bad", "key", more, mended_at=TOKENS)


def queue(found: Queue, now: datetime) -> Fact:
    title = gettext("Waiting to be sent")
    text = ngettext("{n} write", "{n} writes", found.depth).format(n=found.depth)
    parts = (
        (found.ready, gettext("{n} ready")),
        (found.sending, gettext("{n} on their way")),
        (found.later, gettext("{n} for their time")),
        (found.paused, gettext("{n} for a token")),
        (found.held, gettext("{n} can be undone")),
    )
    more = " · ".join(shape.format(n=n) for n, shape in parts if n)
    late = found.oldest_at is not None and (now - found.oldest_at).total_seconds() > 60
    tone, icon = ("warning", "hourglass") if late else ("good", "check")
    return Fact(title, text, tone, icon, more or gettext("Nothing waits."), found.oldest_at)


def last(row: LastAnswer | None) -> Fact:
    title = gettext("Last answer")
    if row is None:
        return Fact(title, gettext("none yet"), "quiet", "clock")
    name = str(CALLS.get(row.name, row.name))
    if not row.error or row.name in {token_probe.CHANGE, token_probe.DELETION}:
        return Fact(title, name, "good", "check", gettext("answered {n}").format(n=row.status))
    tone = "warning" if row.status and row.status < 500 else "bad"
    more = gettext("answered {n}").format(n=row.status) if row.status else gettext("no answer")
    return Fact(title, name, tone, "cross" if tone == "bad" else "warning", more)


def checked(found: Checked) -> tuple[bool, str]:
    """Whether it went well, and the sentence about it."""
    if not found.problem:
        return True, gettext("Connect answered in {time}.").format(
            time=duration(found.milliseconds)
        )
    return False, str(CHECKED.get(found.problem, _("It did not work; the log says why.")))


def duration(milliseconds: int) -> str:
    if milliseconds < 1000:
        return gettext("{n} ms").format(n=milliseconds)
    return gettext("{n} s").format(n=f"{milliseconds / 1000:.1f}")
