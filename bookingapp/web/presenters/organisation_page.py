"""The organisation's own page as values: what stands on its cards, and what can be chosen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookingapp.domain.hooks import secrets
from bookingapp.domain.models import Calendar, Delivery, LeadPool, Organisation, Role
from bookingapp.web import words


@dataclass(frozen=True, slots=True)
class Card:
    """One thing an admin looks after: how it stands, and where it is changed."""

    title: str
    icon: str
    value: str
    text: str
    url: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """A calendar or lead pool that may be used or not."""

    pk: int
    name: str
    note: str
    chosen: bool


def cards(organisation: Organisation, *, now: datetime) -> list[Card]:
    return [_tokens(organisation), _people(organisation), _hooks(organisation, now)]


def _tokens(organisation: Organisation) -> Card:
    live = list(organisation.tokens.filter(rejected_at=None, retired_at=None))
    scopes = {token.scope for token in live if token.scope}
    labels = {"read": _("read"), "write": _("write"), "admin": _("delete")}
    can = [str(labels[scope]) for scope in ("read", "write", "admin") if scope in scopes]
    text = _("For: {scopes}").format(scopes=", ".join(can)) if can else ""
    if not live:
        text = _("Nothing can be read or booked without one.")
    value = ngettext("{n} token", "{n} tokens", len(live)).format(n=len(live))
    return Card(
        _("API tokens"), "key", value, text, _url("token-list", organisation),
        "" if live else "bad",
    )  # fmt: skip


def _people(organisation: Organisation) -> Card:
    found = Role.objects.filter(organisation=organisation, person__is_active=True)
    counted = found.values_list("name").annotate(n=Count("pk")).order_by("name")
    text = ", ".join(f"{words.ROLES.get(name, name)}: {n}" for name, n in counted)
    total = sum(n for _name, n in counted)
    value = ngettext("{n} person", "{n} people", total).format(n=total)
    return Card(_("People"), "person", value, text, _url("person-list", organisation))


def _hooks(organisation: Organisation, now: datetime) -> Card:
    live = secrets.live(organisation, now=now).count()
    last = Delivery.objects.filter(organisation=organisation).order_by("-last_at").first()
    value = ngettext("{n} address", "{n} addresses", live).format(n=live)
    text = _("Nothing has come yet.") if last is None else _("Something has come.")
    if last is not None and last.last_at:
        days = (now - last.last_at).days
        text = (
            _("Last heard of today.")
            if days < 1
            else ngettext("Last heard of {n} day ago.", "Last heard of {n} days ago.", days).format(
                n=days
            )
        )
    return Card(_("Inbound hooks"), "send", value, text, _url("hook-settings", organisation))


def _url(name: str, organisation: Organisation) -> str:
    return reverse(name, kwargs={"slug": organisation.slug})


def choices(organisation: Organisation) -> dict[str, list[Choice]]:
    """``calendars`` and ``pools``, by name."""
    hidden = organisation.settings
    calendars = Calendar.objects.filter(organisation=organisation, gone_at=None)
    pools = LeadPool.objects.filter(organisation=organisation, gone_at=None)
    return {
        "calendars": [
            Choice(
                one.pk,
                str(one),
                one.zone,
                one.connect_id not in hidden.get("hidden_calendars", []),
            )
            for one in calendars
        ],
        "pools": [
            Choice(
                one.pk,
                str(one),
                _leads(one.known),
                one.connect_id not in hidden.get("hidden_pools", []),
            )
            for one in pools.annotate(known=Count("leads"))
        ],
    }


def _leads(number: int) -> str:
    return ngettext("{n} lead known", "{n} leads known", number).format(n=number)
