"""One colleague: role, forgotten password, lock-out, leaving and coming back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookingapp.domain import audit, people
from bookingapp.domain.errors import DomainError, Invalid
from bookingapp.domain.models import Role
from bookingapp.domain.people import handing, proofs
from bookingapp.domain.people import listing as listed
from bookingapp.domain.people.listing import Colleague
from bookingapp.web import lockouts, openid
from bookingapp.web.http import StaffRequest, desk_view
from bookingapp.web.presenters import people_words
from bookingapp.web.views import people as people_page

PAGE = "people/person.html"
LARGEST_KEY = 2**31


@require_safe
@desk_view("admin")
def detail(request: StaffRequest, pk: int) -> HttpResponseBase:
    return _shown(request, pk)


@require_POST
@desk_view("admin")
def role(request: StaffRequest, pk: int) -> HttpResponseBase:
    """In force at once; other processes notice within seconds."""
    name = request.POST.get("role", "")

    def change() -> str:
        now = timezone.now()
        changed = people.change(request.organisation, as_key(pk), name, by=request.user, now=now)
        return gettext("The role is changed.") if changed else gettext("The role is as it was.")

    return _done(request, change)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view("admin")
def leave(request: StaffRequest, pk: int) -> HttpResponseBase:
    """``to``: who looks after the open writes from now on. GET: the page that asks for it."""
    if request.method != "POST":
        return redirect("person-detail", slug=request.organisation.slug, pk=pk)
    to = request.POST.get("to", "")
    key = int(to) if to.isdecimal() and len(to) < 10 else None

    def take_away() -> str:
        left = people.take_away(
            request.organisation, as_key(pk), to=key, by=request.user, now=timezone.now()
        )
        return _told(left)

    try:
        return _done(request, take_away)
    except Invalid:
        return _shown(request, pk, status=422, problem=people_words.field("to", "required"))


@require_POST
@desk_view("admin")
def bring_back(request: StaffRequest, pk: int) -> HttpResponseBase:
    name = request.POST.get("role", "")

    def back() -> str:
        now = timezone.now()
        people.bring_back(request.organisation, as_key(pk), name, by=request.user, now=now)
        return gettext("Welcome back: the account works again, with the password it had.")

    return _done(request, back)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view("admin")
def reset(request: StaffRequest, pk: int) -> HttpResponseBase:
    """A link to choose a new password, shown in this one answer only."""
    if request.method != "POST":
        return redirect("person-detail", slug=request.organisation.slug, pk=pk)
    now = timezone.now()
    try:
        made = people.reset_link(request.organisation, as_key(pk), by=request.user, now=now)
    except DomainError as error:
        messages.warning(request, people_words.refused(error.code))
        return redirect("person-list", slug=request.organisation.slug)
    return _shown(request, pk, fresh=people_page.fresh(request, *made))


@require_POST
@desk_view("admin")
def drop_second_factor(request: StaffRequest, pk: int) -> HttpResponseBase:
    """For who lost the device and the recovery codes."""

    def drop() -> str:
        now = timezone.now()
        people.drop_second_factor(request.organisation, as_key(pk), by=request.user, now=now)
        return gettext("The second step is gone. They sign in with the password alone.")

    return _done(request, drop)


@require_POST
@desk_view("admin")
def unlock(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Wrong passwords until now do not count any more."""
    one = _colleague(_here(request), pk)
    lockouts.unlock(request, one.person)
    audit.record(
        "person.unlocked",
        organisation=request.organisation,
        at=timezone.now(),
        person=request.user,
        details={"person": one.person.pk},
    )
    messages.success(request, gettext("They can try again at once."))
    return redirect("person-detail", slug=request.organisation.slug, pk=pk)


def _shown(request: StaffRequest, pk: int, *, status: int = 200, **more: Any) -> HttpResponse:
    here = _here(request)
    one = _colleague(here, pk)
    is_me = one.person.pk == request.user.pk
    context = {
        "slug": request.organisation.slug,
        "one": one,
        "is_me": is_me,
        "roles": [(name, people_words.MAY[name]) for name in Role.Name.values],
        "colleagues": [other for other in here if other != one and other.person.is_active],
        "open_writes": handing.open_writes(request.organisation, one.person).count(),
        "locked": lockouts.is_locked(request, one.person),
        "has_provider": openid.provider_of(request) is not None,
        "email_is_confirmed": proofs.is_proven(one.person),
        "may_reset": not is_me and people.may_reset(request.user, one.person),
        "why_not": people_words.refused(people.why_not(request.user, one.person).code),
        "hours": people.HOURS_VALID,
        "me": request.user,
    }
    response = render(request, PAGE, context | more, status=status)
    if more.get("fresh"):
        response["Cache-Control"] = "no-store"
    return response


def _done(request: StaffRequest, act: Callable[[], str]) -> HttpResponse:
    """Do it and go back to the list; what is refused changes nothing. Raises Invalid ("to")."""
    try:
        messages.success(request, act())
    except Invalid as error:
        if "to" in error.fields:
            raise
        messages.warning(request, gettext("Choose a role."))
    except DomainError as error:
        messages.warning(request, people_words.refused(error.code))
    return redirect("person-list", slug=request.organisation.slug)


def _told(left: people.Left) -> str:
    n = left.handed_on
    told = [gettext("They work here no more.")]
    if left.deactivated:
        told.append(gettext("The account is closed and signed out everywhere."))
    if n:
        told.append(
            ngettext("{n} open write was handed on.", "{n} open writes were handed on.", n).format(
                n=n
            )
        )
    return " ".join(told)


def _here(request: StaffRequest) -> list[Colleague]:
    return listed.here(request.organisation, now=timezone.now())


def _colleague(here: list[Colleague], pk: int) -> Colleague:
    known = next((one for one in here if one.person.pk == pk), None)
    if known is None:
        raise Http404
    return known


def as_key(pk: int) -> int:
    """No database takes a larger one."""
    return pk if pk < LARGEST_KEY else 0
