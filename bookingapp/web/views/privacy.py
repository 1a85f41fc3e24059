"""What is held about a person: finding it, handing it out, erasing it."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookingapp.domain.models import Lead
from bookingapp.domain.policy import policy_of
from bookingapp.domain.privacy import erasing, exporting, holdings, subjects
from bookingapp.domain.privacy.subjects import Subject
from bookingapp.web import drafts
from bookingapp.web.http import StaffRequest, desk_view
from bookingapp.web.presenters import privacy_words

PAGE, PERSON = "settings/privacy/page.html", "settings/privacy/person.html"
MOST_LEADS = 50


@require_safe
@desk_view("admin")
def page(request: StaffRequest) -> HttpResponseBase:
    """Look for a person; and what is forgotten by itself, and when."""
    asked = request.GET.get("q", "").strip()[:200]
    found = subjects.find(request.organisation, asked)
    kept = privacy_words.kept(policy_of(request.organisation.settings))
    context = {"asked": asked, "found": found, "kept": kept, "slug": request.organisation.slug}
    return render(request, PAGE, context)


@require_http_methods(["GET", "HEAD"])
@desk_view("admin")
def person(request: StaffRequest) -> HttpResponseBase:
    """All that is held about the leads chosen, taken as one person."""
    subject = _subject(request, request.GET.getlist("lead"))
    return _shown(request, subject) if subject.leads else _nobody(request)


@require_POST
@desk_view("admin")
def export(request: StaffRequest) -> HttpResponseBase:
    """The document, as a file."""
    subject = _subject(request, request.POST.getlist("lead"))
    if not subject.leads:
        return _nobody(request)
    found = exporting.document(subject, person=request.user, now=timezone.now())
    text = json.dumps(found, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="person.json"'
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@desk_view("admin")
def erase(request: StaffRequest) -> HttpResponseBase:
    """For good: the word on the page must be typed."""
    subject = _subject(request, request.POST.getlist("lead"))
    if not subject.leads:
        return _nobody(request)
    if request.POST.get("typed", "").strip().casefold() != str(privacy_words.TYPED).casefold():
        return _shown(request, subject, status=422, problem=gettext("Type the word as it stands."))
    try:
        erasing.erase(subject, person=request.user, now=timezone.now())
    except erasing.StillOpen as error:
        return _shown(request, subject, status=409, problem=_still_open(error.count))
    drafts.forget_all(subject.is_meant_by)
    messages.success(request, gettext("Erased. The audit log keeps that it was done, and by whom."))
    return redirect("privacy", slug=request.organisation.slug)


def _subject(request: StaffRequest, chosen: list[str]) -> Subject:
    ids = [pk for text in chosen[:MOST_LEADS] if (pk := _uuid(text))]
    return subjects.subject(request.organisation, ids)


def _shown(
    request: StaffRequest, subject: Subject, *, status: int = 200, problem: str = ""
) -> HttpResponse:
    chosen = set(subject.lead_ids)
    others: dict[UUID, Lead] = {
        other.pk: other
        for lead in subject.leads
        for other in subjects.same(request.organisation, lead)
        if other.pk not in chosen
    }
    context: dict[str, Any] = {
        "slug": request.organisation.slug,
        "leads": subject.leads,
        "others": list(others.values()),
        "held": privacy_words.counts(exporting.counts(subject)),
        "still_open": _still_open(count) if (count := holdings.unfinished(subject)) else "",
        "problem": problem,
        "typed": privacy_words.TYPED,
    }
    return render(request, PERSON, context, status=status)


def _nobody(request: StaffRequest) -> HttpResponse:
    messages.warning(request, gettext("Choose at least one lead."))
    return redirect(reverse("privacy", kwargs={"slug": request.organisation.slug}))


def _still_open(count: int) -> str:
    return ngettext(
        "%(count)s change for this person is still on its way or waits for somebody. Let it end or"
        " settle it under “Needs you”, then erase.",
        "%(count)s changes for this person are still on their way or wait for somebody. Let them"
        " end or settle them under “Needs you”, then erase.",
        count,
    ) % {"count": count}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
