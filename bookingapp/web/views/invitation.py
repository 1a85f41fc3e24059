"""The page of a link: joining an organisation, or choosing a new password. Nobody need be signed
in; who has the link is who it is for.
"""

from __future__ import annotations

from typing import Any, cast

from allauth.account.utils import perform_login
from allauth.core.internal import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from bookingapp.domain import access, people
from bookingapp.domain.errors import Invalid
from bookingapp.domain.models import Invitation
from bookingapp.domain.people import NewAccount
from bookingapp.web.presenters import people_words
from bookingapp.web.views import errors

SPENT = "people/spent.html"
JOIN, RESET = "people/join.html", "people/reset.html"
RATE = "60/m/ip"


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, secret: str) -> HttpResponseBase:
    """Wrong, used, expired or taken back: one answer for all, and for every method."""
    if _too_often(request):
        return errors.too_many(request)
    try:
        invitation = people.find(secret, now=timezone.now())
        return _answer(request, invitation, secret)
    except people.Spent:
        response = render(request, SPENT, status=404)
    return _private(response)


def _answer(request: HttpRequest, invitation: Invitation, secret: str) -> HttpResponse:
    """Raises people.Spent."""
    if invitation.kind == Invitation.Kind.RESET:
        return _reset(request, invitation)
    if request.user.is_authenticated:
        return _accept(request, invitation, secret)
    return _join(request, invitation, secret)


def _join(request: HttpRequest, invitation: Invitation, secret: str) -> HttpResponse:
    """A new account; who makes one is signed in by it."""
    if request.method != "POST":
        return _form(request, JOIN, invitation, secret, {"email": invitation.email})
    typed = {name: request.POST.get(name, "") for name in ("username", "email", "password")}
    names = {name: request.POST.get(name, "") for name in ("first_name", "last_name")}
    wanted = NewAccount(**typed, **names)
    try:
        person = people.join(invitation, wanted, now=timezone.now(), secret=secret)
    except Invalid as error:
        kept = {**typed, **names, "password": ""}
        return _form(request, JOIN, invitation, secret, kept, error.fields)
    address = reverse("availability", kwargs={"slug": invitation.organisation.slug})
    return cast("HttpResponse", perform_login(request, person, redirect_url=address))


def _accept(request: HttpRequest, invitation: Invitation, secret: str) -> HttpResponse:
    """The role for the account that is signed in."""
    slug = invitation.organisation.slug
    here = any(one.organisation.slug == slug for one in access.organisations_of(request.user))
    if request.method == "POST" and not here:
        try:
            people.accept(invitation, request.user, now=timezone.now(), secret=secret)
        except people.AlreadyHere:
            here = True
        else:
            messages.success(request, gettext("Welcome. You work here now."))
            return redirect("availability", slug=slug)
    return _form(request, JOIN, invitation, secret, {}, here=here)


def _reset(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """A new password, and to the sign-in page: the second step is asked there as ever."""
    if request.method != "POST":
        return _form(request, RESET, invitation, "", {})
    password, again = request.POST.get("password", ""), request.POST.get("again", "")
    problems = {"password": "differs"} if password != again else {}
    try:
        if problems:
            raise Invalid(problems)
        people.reset(invitation, password, now=timezone.now())
    except Invalid as error:
        return _form(request, RESET, invitation, "", {}, error.fields)
    messages.success(request, gettext("The new password holds. Sign in with it."))
    return redirect("account_login")


def _form(
    request: HttpRequest,
    template: str,
    invitation: Invitation,
    secret: str,
    typed: dict[str, str],
    problems: dict[str, str] | None = None,
    **more: Any,
) -> HttpResponse:
    context = {
        "invitation": invitation,
        "may": people_words.MAY.get(invitation.role, ""),
        "secret": secret,
        "typed": typed,
        "problems": {name: people_words.field(name, why) for name, why in (problems or {}).items()},
        **more,
    }
    return _private(render(request, template, context, status=422 if problems else 200))


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response


def _too_often(request: HttpRequest) -> bool:
    usage = ratelimit.consume(
        request,
        app="bookingapp",
        action="invitation",
        config={"invitation": RATE},
        limit_get=True,
    )
    return usage is None
