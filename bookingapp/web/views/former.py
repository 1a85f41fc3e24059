"""A former colleague: erasing what their account says of them."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from bookingapp.domain import people
from bookingapp.domain.errors import DomainError
from bookingapp.domain.models import FormerRole
from bookingapp.domain.people import erasing
from bookingapp.web.http import StaffRequest, desk_view
from bookingapp.web.presenters import people_words, privacy_words
from bookingapp.web.views.person import as_key

PAGE = "people/erase.html"


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view("admin")
def erase(request: StaffRequest, pk: int) -> HttpResponseBase:
    """For good: the word on the page must be typed. GET: the page that says what goes."""
    here = FormerRole.objects.filter(organisation=request.organisation)
    one = here.filter(person=as_key(pk)).select_related("person").first()
    if one is None:
        raise Http404
    if request.method != "POST":
        return _shown(request, one)
    if request.POST.get("typed", "").strip().casefold() != str(privacy_words.TYPED).casefold():
        return _shown(request, one, status=422, problem=gettext("Type the word as it stands."))
    called = gettext("Former colleague {number}").format(number=one.person_id)
    now = timezone.now()
    try:
        people.erase(request.organisation, one.person_id, called=called, by=request.user, now=now)
    except DomainError:
        return _shown(request, one, status=409)
    told = gettext("Erased. From now on the account is called “{name}”.").format(name=called)
    messages.success(request, told)
    return redirect("person-list", slug=request.organisation.slug)


def _shown(
    request: StaffRequest, one: FormerRole, *, status: int = 200, problem: str = ""
) -> HttpResponse:
    context = {
        "slug": request.organisation.slug,
        "one": one,
        "why_not": _why_not(request, one),
        "problem": problem,
        "typed": privacy_words.TYPED,
    }
    return render(request, PAGE, context, status=status)


def _why_not(request: StaffRequest, one: FormerRole) -> str:
    """What keeps this admin from it now; "" for nothing."""
    try:
        erasing.expect_may(one.person, request.user)
    except DomainError as error:
        return people_words.refused(error.code)
    return ""
