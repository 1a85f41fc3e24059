"""The admin's page of the hooks: addresses, how they are read, what came, and a test."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from bookingapp.domain.errors import Invalid
from bookingapp.domain.hooks import config, guide, secrets
from bookingapp.domain.hooks.fields import DEFAULTS, SINGLE_KEYS
from bookingapp.domain.models import Delivery, LeadPool
from bookingapp.web.forms import lead_filter
from bookingapp.web.http import StaffRequest, desk_view
from bookingapp.web.presenters import hook_page, moments

PAGE = "hooks/page.html"
MOST_DELIVERIES = 25
GRACE = timedelta(hours=24)
_TRIGGER = re.compile(r"[\w-]{1,80}")


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view("admin")
def page(request: StaffRequest) -> HttpResponseBase:
    """POST: field paths, or which form fills which pool."""
    if request.method != "POST":
        return shown(request)
    errors: dict[str, str] = {}
    try:
        _save(request)
    except Invalid as error:
        errors = error.fields
    if errors:
        return shown(request, status=422, errors=errors)
    messages.success(request, gettext("Saved."))
    return _back(request)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view("admin")
def rotate(request: StaffRequest) -> HttpResponseBase:
    """A new secret, shown in this one answer only; or the end of one there is. GET: the page, for
    who comes back to the address of that answer.
    """
    now, act = timezone.now(), request.POST.get("act", "")
    if act == "make":
        secret = secrets.make(request.organisation, person=request.user, now=now)
        return shown(request, fresh=_addresses(request, secret))
    ends_at = {"end": now, "end_later": now + GRACE}.get(act)
    pk = request.POST.get("secret", "")
    if ends_at and pk.isdecimal() and len(pk) < 18:
        ended = secrets.end(
            request.organisation, int(pk), ends_at=ends_at, person=request.user, now=now
        )
        if ended:
            messages.success(request, gettext("Saved."))
    return _back(request)


def shown(request: StaffRequest, *, status: int = 200, **more: Any) -> HttpResponse:
    """The whole page; ``more`` may hold fresh addresses, errors, and a test that was refused."""
    organisation, now = request.organisation, timezone.now()
    known = config.settings_of(organisation)
    pools = list(LeadPool.objects.filter(organisation=organisation, gone_at=None))
    zone = moments.zone_of(lead_filter.zone_of(organisation))
    came = Delivery.objects.filter(organisation=organisation)
    rows = list(came.select_related("lead", "booking").order_by("-last_at")[:MOST_DELIVERIES])
    trigger = _trigger(request)
    typed = request.POST.dict() if more.get("errors") and _is_about_paths(request) else None
    context = {
        "slug": organisation.slug,
        "secrets": hook_page.secrets_of(
            secrets.live(organisation, now=now).select_related("created_by"), zone
        ),
        "lines": [hook_page.line(row, zone, now) for row in rows],
        "paths": hook_page.path_fields(known.paths, typed, more.get("errors")),
        "has_own_paths": bool(known.paths),
        "flows": hook_page.flows(organisation, trigger),
        "trigger": trigger,
        "forms": hook_page.forms_of(known, pools, _forms_seen(organisation)),
        "pools": pools,
        "default_pool": known.default_pool_id,
        "example": guide.example(organisation, now=now),
        "zone": zone.key,
    }
    return render(request, PAGE, context | more, status=status)


def _save(request: StaffRequest) -> None:
    """Raises Invalid."""
    now, person = timezone.now(), request.user
    if request.POST.get("act") == "reset":
        config.set_paths(request.organisation, {}, person=person, now=now)
    elif _is_about_paths(request):
        typed = {name: request.POST.get(name, "") for name in (*DEFAULTS, SINGLE_KEYS)}
        config.set_paths(request.organisation, typed, person=person, now=now)
    elif request.POST.get("act") == "forms":
        pairs = zip(request.POST.getlist("form"), request.POST.getlist("pool"), strict=False)
        wanted = {form: _number(pool) for form, pool in pairs}
        default = _number(request.POST.get("default_pool", ""))
        config.set_forms(request.organisation, wanted, default, person=person, now=now)


def _is_about_paths(request: StaffRequest) -> bool:
    return request.POST.get("act") == "paths"


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 18 else None


def _trigger(request: StaffRequest) -> str:
    asked = request.GET.get("trigger", "").strip()
    return asked if _TRIGGER.fullmatch(asked) else guide.TRIGGER


def _addresses(request: StaffRequest, secret: str) -> dict[str, str]:
    place = {"slug": request.organisation.slug, "secret": secret}
    return {
        "events": request.build_absolute_uri(reverse("hook-events", kwargs=place)),
        "forms": request.build_absolute_uri(reverse("hook-forms", kwargs=place)),
    }


def _forms_seen(organisation: Any) -> dict[str, str]:
    """Form id to its name, of the forms that sent something lately."""
    sent = Delivery.objects.filter(organisation=organisation, way=Delivery.Way.FORMS)
    bodies = sent.order_by("-last_at").values_list("body", flat=True)[:200]
    return {
        str(body["formId"])[:200]: str(body.get("formName") or "")[:200]
        for body in reversed(list(bodies))
        if body.get("formId")
    }


def _back(request: StaffRequest) -> HttpResponse:
    return redirect("hook-settings", slug=request.organisation.slug)
