"""A new lead: asked for once, after whoever may be the same person has been shown."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from bookingapp.domain import catalogue, journal, lead_creation, leads, new_lead_fields
from bookingapp.domain.contact_fields import Contact
from bookingapp.domain.errors import Invalid
from bookingapp.domain.models import Lead, Write
from bookingapp.domain.states import TERMINAL, Kind, State
from bookingapp.web import htmx
from bookingapp.web.forms.booking import lead_of
from bookingapp.web.forms.lead_new import NewLeadForm, further, typed_of
from bookingapp.web.http import StaffRequest, desk_view
from bookingapp.web.presenters.lead_new import NOTES
from bookingapp.web.views import lead_same, settled, status_context

PAGE, CREATED, SAME = "leads/create.html", "leads/created.html", "leads/same.html"
CONFLICT, UNREADABLE = 409, 422


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view("staff")
def new(request: StaffRequest) -> HttpResponseBase:
    """GET: the form, with what the address says filled in; ``again`` is a creation that was
    refused. POST: asks for it, or with ``use`` goes to the lead that is there already.
    """
    if request.method != "POST":
        return _form(request, _before(request), note="again" if "again" in request.GET else "")
    if chosen := request.POST.get("use", ""):
        return _use(request, chosen)
    if "fields" in request.POST:
        return _form(request, request.POST)
    return _create(request)


@require_safe
@desk_view("staff")
def same(request: StaffRequest) -> HttpResponseBase:
    """Who has this phone or email already, while somebody types it."""
    if not htmx.wants_part(request):
        return redirect("lead-new", slug=request.organisation.slug)
    phone, email = (request.GET.get(name, "").strip() for name in ("phone", "email"))
    found = leads.same_person(request.organisation, Contact("", phone[:80], email[:320]))
    booking = "booking" in request.GET
    return render(request, SAME, lead_same.context(found) | {"booking": booking})


@require_safe
@desk_view("staff")
def created(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    """How the creation stands, by its write; 204 while ``v`` still says so."""
    found = Write.objects.filter(organisation=request.organisation, kind=Kind.CREATE_LEAD, pk=pk)
    write = found.select_related("organisation", "lead__pool", "person").first()
    if write is None:
        raise Http404
    if htmx.wants_part(request) and request.GET.get("v") == str(write.version):
        return HttpResponse(status=204)
    return _created(request, write)


def _create(request: StaffRequest) -> HttpResponse:
    form = NewLeadForm(request.POST, organisation=request.organisation)
    if not form.is_valid():
        return _form(request, request.POST, form=form, status=UNREADABLE)
    fields = new_lead_fields.known(request.organisation, form.cleaned_data["pool"] or 0)
    wanted = form.asked(fields)
    try:
        lead_creation.check(form.contact)
        if wanted is None:
            return _form(request, request.POST, form=form, status=UNREADABLE)
        intent = form.cleaned_data["intent"]
        contact = form.contact
        twins = lead_same.stopping(request.organisation, contact, request.POST, intent=intent)
        if twins:
            return _form(request, request.POST, form=form, twins=twins, status=CONFLICT)
        write, _ = lead_creation.ask(
            request.organisation, request.user, wanted, intent=intent, now=timezone.now()
        )
    except Invalid as error:
        form.add_codes(error.fields)
        return _form(request, request.POST, form=form, status=UNREADABLE)
    except journal.IntentReused:
        return _form(request, request.POST, note="intent_reused", status=CONFLICT)
    settled.wake_first(write)
    if not htmx.wants_part(request):
        return redirect("lead-creation", slug=request.organisation.slug, pk=write.pk)
    return _created(request, write)


def _use(request: StaffRequest, chosen: str) -> HttpResponse:
    lead = lead_of(request.organisation, chosen)
    if lead is None:
        raise Http404
    slug = request.organisation.slug
    return htmx.redirect(request, reverse("lead-detail", kwargs={"slug": slug, "pk": lead.pk}))


def _created(request: StaffRequest, write: Write) -> HttpResponse:
    context = {
        "row": status_context.row(write),
        "write": write,
        "lead": write.lead,
        "slug": request.organisation.slug,
        "is_settled": write.state in TERMINAL,
        "is_done": write.state == State.DONE,
        "is_over": write.state in {State.REFUSED, State.UNDONE},
        "is_stuck": write.state == State.STUCK,
        "is_new": request.method == "POST",
        "part": htmx.wants_part(request),
    }
    return htmx.render_part(request, CREATED, "part", context)


def _form(
    request: StaffRequest,
    typed: Mapping[str, Any],
    *,
    form: NewLeadForm | None = None,
    twins: list[Lead] | None = None,
    note: str = "",
    status: int = 200,
) -> HttpResponse:
    known = catalogue.snapshot(request.organisation)
    pool = _pool(known, str(typed.get("pool", "")))
    fields = new_lead_fields.known(request.organisation, pool)
    kept = form.cleaned_data.get("intent") if form else None
    more = further(fields, typed, form.problems if form else {})
    context = {
        "slug": request.organisation.slug,
        "typed": {name: str(typed.get(name, ""))[:400] for name in NewLeadForm.base_fields},
        "form": form,
        "note": NOTES[note] if note else None,
        "intent": kept or uuid.uuid4(),
        "pools": known.used_pools,
        "pool": pool,
        "types": known.types,
        "further": more,
        "is_more_open": any(
            one.problem or one.value or one.field.about.is_required for one in more
        ),
        # Whoever chose another pool stays where they were.
        "begins": request.method != "POST",
        **lead_same.context(twins or [], stopped=bool(twins)),
    }
    return htmx.render_part(request, PAGE, "part", context, status=status)


def _pool(known: catalogue.Snapshot, chosen: str) -> int:
    """The pool that is named, else the first that takes new leads; 0 for none."""
    named = next((pool.pk for pool in known.used_pools if str(pool.pk) == chosen), None)
    first = next((pool.pk for pool in known.used_pools if pool.default_state), 0)
    return named or first


def _before(request: StaffRequest) -> Mapping[str, Any]:
    """What the fields begin with: the address, or a creation that was refused."""
    try:
        pk = UUID(request.GET.get("again", ""))
    except ValueError:
        return request.GET
    made = Write.objects.filter(organisation=request.organisation, kind=Kind.CREATE_LEAD, pk=pk)
    write = made.first()
    if write is None:
        raise Http404
    return typed_of(write.payload.get("new_lead", {}))
