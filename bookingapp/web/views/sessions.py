"""Where somebody is signed in, and the end of it."""

from __future__ import annotations

from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST, require_safe

from bookingapp.web import accounts, sessions
from bookingapp.web.presenters import device

PAGE = "usersessions/usersession_list.html"


@require_safe
def listing(request: HttpRequest) -> HttpResponseBase:
    """Every browser with a session that still holds."""
    sessions.note(request)
    here = request.session.session_key
    held = sorted(sessions.of(request.user), key=lambda one: one.session_key != here)
    rows = [device.row(one, is_here=one.session_key == here) for one in held]
    return render(request, PAGE, {"rows": rows})


@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponseBase:
    """POST: sign out one of the others."""
    mine = UserSession.objects.filter(user=request.user, pk=pk)
    found = mine.exclude(session_key=request.session.session_key).first()
    if found is None:
        raise Http404
    found.end()
    _told(request, 1)
    return redirect("session-list")


@require_POST
def end_others(request: HttpRequest) -> HttpResponseBase:
    """POST: sign out everywhere else."""
    person: Any = request.user
    _told(request, sessions.end_all(person, but=request.session.session_key or ""))
    return redirect("session-list")


def _told(request: HttpRequest, count: int) -> None:
    if not count:
        messages.info(request, gettext("You are signed in nowhere else."))
        return
    accounts.note("sessions.ended", request, request.user, {"count": count})
    text = ngettext("{n} browser was signed out.", "{n} browsers were signed out.", count)
    messages.success(request, text.format(n=count))
