"""The first run, step by step; where somebody is, is seen from what exists."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core.internal import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from bookingapp.domain import audit, connecting, first_run, practice
from bookingapp.domain.errors import Invalid
from bookingapp.domain.models import Organisation, Role
from bookingapp.domain.people import NotAllowed, invitations
from bookingapp.web import http
from bookingapp.web.forms.welcome import ClaimForm
from bookingapp.web.presenters import organisation_page, organisation_words, welcome_steps
from bookingapp.web.views.organisation_new import connected
from bookingapp.web.views.organisation_page import use_chosen
from bookingapp.web.views.people import link_of

METHODS = ["GET", "HEAD", "POST"]
# Of one address, and of all together: sixty random bits need no more, a slip of the hand no less.
CODE_TRIES = "10/5m/ip,60/5m/key"


@sensitive_post_parameters("code", "password")
@login_not_required
@require_http_methods(METHODS)
def account(request: HttpRequest) -> HttpResponseBase:
    """The first account, for whoever has the setup code; afterwards the way to the next step."""
    if not first_run.is_empty():
        return _onwards(request)
    form = ClaimForm(request.POST or None)
    if request.method != "POST":
        return _account(request, form)
    if not _may_try(request):
        form.add_error(None, gettext("Too many tries. Wait five minutes, then try again."))
        return _account(request, form, status=429)
    if not first_run.is_code(request.POST.get("code", "")):
        audit.record("installation.refused", at=timezone.now())
        form.add_error("code", gettext("This is not the setup code of this installation."))
        return _account(request, form, status=422)
    return _claimed(request, form)


def _claimed(request: HttpRequest, form: ClaimForm) -> HttpResponseBase:
    if not form.is_valid():
        return _account(request, form, status=422)
    try:
        person = first_run.claim(form.wanted, now=timezone.now())
    except first_run.Claimed:
        return redirect("account_login")
    except Invalid as error:
        form.tell(error)
        return _account(request, form, status=422)
    get_adapter(request).login(request, person)
    return redirect("welcome-organisation")


def _may_try(request: HttpRequest) -> bool:
    rates = {"setup_code": CODE_TRIES}
    return bool(
        ratelimit.consume(request, app="desk", action="setup_code", config=rates, key="code")
    )


def _account(request: HttpRequest, form: ClaimForm, *, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "steps": welcome_steps.of(first_run.ACCOUNT, None),
        "has_code": bool(first_run.code()),
    }
    return render(request, "welcome/account.html", context, status=status)


def _onwards(request: HttpRequest) -> HttpResponseBase:
    if not request.user.is_authenticated:
        return redirect("account_login")
    _expect_owner(request)
    step = first_run.next_step(request.user, _organisation(request))
    return redirect(f"welcome-{step}")


@sensitive_post_parameters("secret")
@require_http_methods(METHODS)
@http.owner_view
def organisation(request: HttpRequest) -> HttpResponseBase:
    """Connect one: at RocketLead, or the sandbox of the practice mode."""
    made, form = connected(request)
    if made is not None:
        return redirect("welcome-use")
    there = _organisation(request)
    context = {
        "form": form,
        "can_practise": practice.is_offered(),
        "there": there,
        "steps": welcome_steps.of(first_run.ORGANISATION, there),
    }
    return render(request, "welcome/organisation.html", context, status=_status(form))


def _status(form: Any) -> int:
    return 422 if form.is_bound and form.errors else 200


@require_http_methods(METHODS)
@http.owner_view
def use(request: HttpRequest) -> HttpResponseBase:
    """Which calendars and lead pools people choose from."""
    there = _organisation(request)
    if there is None:
        return redirect("welcome-organisation")
    refused: dict[str, str] = {}
    if request.method == "POST":
        if request.POST.get("act") == "refresh":
            problem = connecting.read_again(there, now=timezone.now())
            refused = {"calendars": organisation_words.problem(problem)} if problem else {}
        else:
            refused = use_chosen(request, there)
            if not refused:
                return redirect("welcome-people")
    context = {
        "refused": refused,
        "there": there,
        "steps": welcome_steps.of(first_run.USE, there),
        **organisation_page.choices(there),
    }
    return render(request, "welcome/use.html", context, status=422 if refused else 200)


@require_http_methods(METHODS)
@http.owner_view
def people(request: HttpRequest) -> HttpResponseBase:
    """Invite some: a link for each, shown in the answer that makes it and never again."""
    there = _organisation(request)
    if there is None:
        return redirect("welcome-organisation")
    link, refused = "", ""
    if request.method == "POST":
        link, refused = _invite(request, there)
    now = timezone.now()
    context = {
        "there": there,
        "link": link,
        "refused": refused,
        "typed": request.POST if refused else {},
        "open": invitations.open_ones(now=now).filter(organisation=there).count(),
        "roles": [Role.Name.STAFF, Role.Name.MANAGER, Role.Name.ADMIN],
        "steps": welcome_steps.of(first_run.PEOPLE, there),
    }
    response = render(request, "welcome/people.html", context, status=422 if refused else 200)
    if link:
        response["Cache-Control"] = "no-store"
    return response


def _invite(request: HttpRequest, there: Organisation) -> tuple[str, str]:
    """The link, or why there is none."""
    person: Any = request.user
    role, email = request.POST.get("role", ""), request.POST.get("email", "")[:320]
    try:
        _made, secret = invitations.invite(
            there, role=role, email=email, by=person, now=timezone.now()
        )
    except Invalid:
        return "", gettext("This is not a complete email address.")
    except NotAllowed:
        raise PermissionDenied from None
    return link_of(request, secret), ""


@require_http_methods(METHODS)
@http.owner_view
def booking(request: HttpRequest) -> HttpResponseBase:
    """Try one where nothing reaches anybody; then to work."""
    there = _organisation(request)
    if there is None:
        return redirect("welcome-organisation")
    known, status = practice.sandbox(), 200
    if request.method == "POST" and known is not None:
        try:
            made = practice.join(known, person=request.user, now=timezone.now())
            return redirect("availability", slug=made.slug)
        except Invalid as error:
            # The sandbox may be down, or not answer any more.
            messages.error(request, " ".join(organisation_words.fields(error).values()))
            status = 422
    practising = practice.organisation()
    context = {
        "there": there,
        "can_practise": known is not None,
        "is_practice": practising is not None and practising.pk == there.pk,
        "steps": welcome_steps.of(first_run.BOOKING, there),
    }
    return render(request, "welcome/booking.html", context, status=status)


def _expect_owner(request: HttpRequest) -> None:
    if not first_run.is_owner(request.user):
        raise Http404


def _organisation(request: HttpRequest) -> Organisation | None:
    """The one that is set up: the first at RocketLead, else the one to practise with."""
    mine = [place.organisation for place in http.memberships(request) if place.role == "admin"]
    practising = practice.organisation()
    mine.sort(key=lambda one: (one == practising, one.created_at))
    return mine[0] if mine else None
