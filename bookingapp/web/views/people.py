"""Who works here, who is invited, who left; and inviting."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookingapp.domain import people
from bookingapp.domain.errors import Invalid
from bookingapp.domain.models import Invitation, Role
from bookingapp.domain.people import listing as listed
from bookingapp.web import letters
from bookingapp.web.http import StaffRequest, desk_view
from bookingapp.web.presenters import people_words

PAGE = "people/list.html"
# From so many on they can be searched.
MANY = 10
MOST_AT_ONCE = 50
BETWEEN = re.compile(r"[\s,;]+")


@dataclass(frozen=True, slots=True)
class Fresh:
    """A link just made. ``sent``: whether a letter took it along; None where none was wanted."""

    id: str
    email: str
    link: str
    sent: bool | None


@require_safe
@desk_view("admin")
def page(request: StaffRequest) -> HttpResponseBase:
    return shown(request)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view("admin")
def invite(request: StaffRequest) -> HttpResponseBase:
    """Links for one or several, shown in this one answer only. GET: the page, for who comes back to
    the address of that answer.
    """
    if request.method != "POST":
        return redirect("person-list", slug=request.organisation.slug)
    role, emails = request.POST.get("role", ""), _emails(request.POST.get("emails", ""))
    if len(emails) > MOST_AT_ONCE:
        return _refused(request, gettext("At most {n} at once.").format(n=MOST_AT_ONCE))
    try:
        made = _invited(request, role, emails)
    except Invalid as error:
        return _refused(request, _problem(error))
    except people.NotAllowed:
        raise PermissionDenied from None
    return shown(request, fresh=_sent(request, made))


@require_POST
@desk_view("admin")
def revoke(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    invitation = Invitation.objects.filter(organisation=request.organisation, pk=pk).first()
    if invitation is None:
        raise Http404
    people.revoke(invitation, by=request.user, now=timezone.now())
    messages.success(request, gettext("The link opens nothing any more."))
    return redirect("person-list", slug=request.organisation.slug)


def shown(request: StaffRequest, *, status: int = 200, **more: Any) -> HttpResponse:
    """The whole page; ``more`` may hold fresh links and what was wrong."""
    now, asked = timezone.now(), request.GET.get("q", "").strip()[:100]
    colleagues = listed.here(request.organisation, now=now)
    context = {
        "slug": request.organisation.slug,
        "colleagues": [one for one in colleagues if one.matches(asked)],
        "count": len(colleagues),
        "asked": asked,
        "searchable": bool(asked) or len(colleagues) >= MANY,
        "invitations": listed.invited(request.organisation, now=now),
        "gone": listed.gone(request.organisation),
        "roles": [(name, people_words.MAY[name]) for name in Role.Name.values],
        "me": request.user,
        "can_send": letters.can_send(),
        "role": request.POST.get("role", Role.Name.STAFF),
        "days": people.DAYS_VALID,
    }
    response = render(request, PAGE, context | more, status=status)
    if more.get("fresh"):
        response["Cache-Control"] = "no-store"
    return response


def fresh(request: StaffRequest, invitation: Invitation, secret: str) -> Fresh:
    """Its link, to be shown once."""
    return Fresh(str(invitation.pk), invitation.email, link_of(request, secret), None)


def link_of(request: HttpRequest, secret: str) -> str:
    """What opens an invitation for whoever has it."""
    return request.build_absolute_uri(reverse("invitation", kwargs={"secret": secret}))


def _invited(request: StaffRequest, role: str, emails: list[str]) -> list[Fresh]:
    """All or none. Raises Invalid."""
    with transaction.atomic():
        return [_one(request, role, email) for email in emails or [""]]


def _one(request: StaffRequest, role: str, email: str) -> Fresh:
    """Raises Invalid, which also names the address."""
    here, now = request.organisation, timezone.now()
    try:
        made = people.invite(here, role=role, email=email, by=request.user, now=now)
    except Invalid as error:
        raise Invalid({**error.fields, "which": email[:100]}) from None
    return fresh(request, *made)


def _sent(request: StaffRequest, made: list[Fresh]) -> list[Fresh]:
    """After the commit: a letter must not promise what is not there. Its link is one of its own:
    who uses it has read the letter, and not this page.
    """
    if not letters.can_send() or not request.POST.get("send"):
        return made
    by = request.user.get_full_name() or request.user.get_username()
    addressed = [one for one in made if one.email]
    name = request.organisation.name
    rows = Invitation.objects.in_bulk([UUID(one.id) for one in addressed])
    own = [link_of(request, people.for_letter(rows[UUID(one.id)])) for one in addressed]
    wanted = [
        letters.Letter(one.email, name, by, link) for one, link in zip(addressed, own, strict=True)
    ]
    taken = dict(zip((one.id for one in addressed), letters.send(wanted), strict=True))
    return [Fresh(one.id, one.email, one.link, taken.get(one.id)) for one in made]


def _refused(request: StaffRequest, problem: str) -> HttpResponse:
    typed = request.POST.get("emails", "")[:5000]
    return shown(request, status=422, problem=problem, typed=typed)


def _problem(error: Invalid) -> str:
    if "email" in error.fields:
        shape = gettext("Nobody was invited: “{text}” is no email address.")
        return shape.format(text=error.fields["which"])
    return gettext("Choose a role.")


def _emails(text: str) -> list[str]:
    """What was pasted, each once: addresses alone or as ``Name <address>``."""
    parts = (part.strip("<>\"'()") for part in BETWEEN.split(text[:20_000]))
    bare = "<" not in text
    found = [part for part in parts if part and (bare or "@" in part)]
    return list({one.casefold(): one for one in found}.values())
