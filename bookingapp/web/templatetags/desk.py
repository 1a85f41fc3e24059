"""Filters and tags of every template (a builtin library). None of them asks the database."""

from __future__ import annotations

import colorsys
import re
import zlib
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.template import Context
from django.templatetags.static import static
from django.templatetags.tz import do_timezone
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext

from bookingapp.web import look, personal, words
from bookingapp.web.presenters import lead_sheet, moments

register = template.Library()

HEX = re.compile(r"#?(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
HUES = 12


@register.simple_tag
def css_links() -> SafeString:
    """The style sheets of every page, in the order of their layers."""
    return format_html_join(
        "\n", '<link rel="stylesheet" href="{}">', ((static(name),) for name in look.STYLES)
    )


@register.simple_tag
def js_modules() -> SafeString:
    """The behaviours of every page; modules are deferred by themselves."""
    return format_html_join(
        "\n", '<script type="module" src="{}"></script>', ((static(name),) for name in look.MODULES)
    )


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """A drawing beside words; with ``label`` it speaks for itself. Raises KeyError if unknown."""
    drawing = mark_safe(look.ICONS[name])  # noqa: S308 - our own drawings, no outside value
    named = format_html('role="img" aria-label="{}"', label) if label else 'aria-hidden="true"'
    return format_html(
        '<svg class="icon" viewBox="0 0 20 20" width="20" height="20" {}>{}</svg>',
        mark_safe(named),  # noqa: S308 - escaped above
        drawing,
    )


@register.filter
def in_zone(value: datetime, zone: str) -> Any:
    """The instant as wall time in an IANA zone, for ``date`` and ``time``. "" if either is bad."""
    return do_timezone(value, zone)


@register.simple_tag(takes_context=True)
def own_time(context: Context, starts_at: datetime, ends_at: datetime, zone: ZoneInfo) -> str:
    """The same time by the clock of the person who chose a zone; booking-panel.js knows the clock
    of everybody else.
    """
    request = context.get("request")
    mine = personal.zone_of(request) if request is not None else None
    told = gettext("For you: {when} ({zone})")
    is_other = mine is not None and _offset(starts_at, mine) != _offset(starts_at, zone)
    return format_html(
        '<span class="small booking__own" data-own-zone="{}" data-starts="{}" data-ends="{}"'
        ' data-text="{}"{}>{}</span>',
        *(zone.key, starts_at.isoformat(), ends_at.isoformat(), told),
        "" if is_other else mark_safe(" hidden"),
        told.format(when=moments.spoken(starts_at, ends_at, mine), zone=mine.key)
        if mine is not None and is_other
        else "",
    )


def _offset(instant: datetime, zone: ZoneInfo) -> Any:
    return instant.astimezone(zone).utcoffset()


@register.simple_tag
def as_of(instant: datetime, now: datetime | None = None) -> SafeString:
    """How old something is; local-age.js keeps the text true without asking the server."""
    moment = instant.isoformat(timespec="seconds")
    text = age((now or timezone.now()) - instant)
    return format_html('<time datetime="{0}" data-as-of="{0}">{1}</time>', moment, text)


@register.filter
def age(value: Any) -> str:
    """An age as words, from seconds or a timedelta. The limits are those of local-age.js."""
    seconds = int(getattr(value, "total_seconds", lambda: value)())
    if seconds < 5:
        return gettext("just now")
    if seconds < 60:
        return gettext("{n} s ago").format(n=seconds)
    if seconds < 3600:
        return gettext("{n} min ago").format(n=seconds // 60)
    if seconds < 86400:
        return gettext("{n} h ago").format(n=seconds // 3600)
    days = seconds // 86400
    return ngettext("{n} day ago", "{n} days ago", days).format(n=days)


def clock() -> str:
    """The server's clock, for the script that keeps ages true."""
    return timezone.now().isoformat(timespec="milliseconds")


@register.simple_tag(takes_context=True)
def age_words(context: Context) -> SafeString:
    """The server's clock and the same words, so that the script needs neither of its own.

    ``page_now`` in the context stands in for the clock on a page that is kept.
    """
    texts = {
        "now": context.get("page_now") or clock(),
        "age-now": gettext("just now"),
        "age-s": gettext("{n} s ago"),
        "age-min": gettext("{n} min ago"),
        "age-h": gettext("{n} h ago"),
        "age-day": ngettext("{n} day ago", "{n} days ago", 1),
        "age-days": ngettext("{n} day ago", "{n} days ago", 2),
    }
    return format_html_join(" ", 'data-{}="{}"', texts.items())


@register.filter
def state_label(state: str) -> str:
    return str(words.STATES.get(state, state))


@register.filter
def state_tone(state: str) -> str:
    return words.TONES.get(state, "quiet")


@register.filter
def state_icon(state: str) -> str:
    return words.STATE_ICONS.get(state, "info")


@register.filter
def role_label(role: str) -> str:
    return str(words.ROLES.get(role, role))


@register.filter
def hue(colour: str | None, name: str = "") -> int:
    """A colour from outside as one of our twelve inks, 0 to 11, which all have enough contrast.

    What has no hue of its own (grey, missing, unreadable) gets one that stays the same for its
    ``name``.
    """
    text = (colour or "").strip()
    if HEX.fullmatch(text):
        digits = text.lstrip("#")
        digits = digits if len(digits) == 6 else "".join(digit * 2 for digit in digits)
        red, green, blue = (int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))
        turn, _light, saturation = colorsys.rgb_to_hls(red, green, blue)
        if saturation > 0.15:
            return round(turn * HUES) % HUES
    return zlib.crc32((name or text).encode()) % HUES


@register.filter
def call_link(phone: str) -> str:
    """The address that dials ``phone``; "" for a text that nobody can dial."""
    return lead_sheet.call_of(phone)


@register.filter
def mail_link(email: str) -> str:
    """The address that writes to ``email``; "" where it is none, or would smuggle in another."""
    return lead_sheet.mail_of(email)
