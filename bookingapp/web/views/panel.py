"""The panel beside the grid that books the chosen slot, as a form that also works by itself."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from django.urls import reverse
from django.utils.translation import gettext

from bookingapp.domain import catalogue, leads, leeway
from bookingapp.domain.models import Lead
from bookingapp.domain.policy import policy_of
from bookingapp.domain.slots import ANYONE, Slot, SlotRef, seats_left
from bookingapp.web import drafts
from bookingapp.web.forms.booking import NEW, lead_of, typed_in
from bookingapp.web.http import StaffRequest
from bookingapp.web.presenters import moments
from bookingapp.web.views.panel_state import PanelState

PANEL_MODULES = ("js/lead-box.js", "js/lead-new.js", "js/booking-panel.js", "js/choice-keys.js")
NAMED = 3


@dataclass(frozen=True, slots=True)
class Choice:
    """A resource that is free at the chosen time; ``pk`` 0 is anyone."""

    ref: str
    name: str
    seats: int
    capacity: int
    colour: str = ""
    is_chosen: bool = False


@dataclass(frozen=True)
class Panel:
    """What the panel shows besides the form's own values."""

    spoken: str
    with_whom: str
    choices: list[Choice]
    state: PanelState

    @property
    def slot(self) -> Slot | None:
        return self.state.slots[0] if self.state.slots else None

    @property
    def seats(self) -> int:
        return sum(seats_left(slot) for slot in self.state.slots)

    @property
    def is_anyone(self) -> bool:
        return self.state.resource is None


@dataclass(frozen=True)
class Typed:
    """What stands in the fields: from the form sent, or kept from before, or nothing."""

    texts: Mapping[str, str] = field(default_factory=dict)
    lead: Lead | None = None
    is_new: bool = False
    # Not typed here: carried over from a time that was gone.
    is_kept: bool = False


def panel_context(
    request: StaffRequest, state: PanelState, *, typed: Typed | None = None, **more: Any
) -> dict[str, Any]:
    """For ``bookings/panel.html``. ``more`` is what a refusal adds: form, refusal, intent."""
    policy = policy_of(state.organisation.settings)
    typed = typed or _typed_before(request, is_anyone=leeway.offer(policy).anyone_ticked)
    query = typed.texts.get("q", "")
    found = leads.search(state.organisation, query) if query and not typed.lead else []
    snapshot = catalogue.snapshot(state.organisation)
    slug = state.organisation.slug
    return {
        "panel": panel_of(state),
        "typed": typed,
        "hits": found,
        "pools": snapshot.used_pools,
        "first_pool": next((pool.pk for pool in snapshot.used_pools if pool.default_state), None),
        "leeway": leeway.offer(policy),
        "nearby_minutes": policy.nearby_minutes,
        "intent": uuid.uuid4(),
        "grid_fields": _grid_fields(state),
        "grid_address": reverse("availability", kwargs={"slug": slug}),
        "ask_address": reverse("booking-list", kwargs={"slug": slug}),
        "search_address": reverse("lead-search", kwargs={"slug": slug}),
        "same_address": f"{reverse('lead-same', kwargs={'slug': slug})}?booking=1",
    } | more


def panel_of(state: PanelState) -> Panel:
    ends_at = state.slots[0].ends_at if state.slots else None
    return Panel(
        spoken=moments.spoken(state.ref.starts_at, ends_at, state.zone),
        with_whom=_with_whom(state),
        choices=_choices(state, state.ref),
        state=state,
    )


def typed_of(request: StaffRequest, data: Mapping[str, Any]) -> Typed:
    """What a form that was sent had in it."""
    texts = typed_in(data)
    chosen = texts.get("lead", "")
    lead = lead_of(request.organisation, chosen) if chosen not in {"", NEW} else None
    return Typed(texts, lead, is_new=chosen == NEW)


def _typed_before(request: StaffRequest, *, is_anyone: bool) -> Typed:
    """``is_anyone``: a form in which nobody has ticked anything yet begins with anyone ticked."""
    ticked = {"anyone": "on"} if is_anyone else {}
    query = request.GET.get("q", "")[:200]
    if query:
        return Typed({"q": query} | ticked)
    if "empty" in request.GET:
        drafts.drop(request)
    draft = drafts.of(request)
    if draft is None:
        return Typed(ticked)
    kept = typed_of(request, draft)
    return Typed(kept.texts, kept.lead, kept.is_new, is_kept=True)


def _with_whom(state: PanelState) -> str:
    if state.resource is not None:
        return gettext("with {name}").format(name=state.resource.name or state.resource.connect_id)
    names = [slot.resource_name or slot.resource_id for slot in state.slots]
    if not names:
        return ""
    if len(names) == 1:
        return gettext("with anyone: {name} is free").format(name=names[0])
    return gettext("with anyone: {names} are free").format(names=_listed(names))


def _listed(names: list[str]) -> str:
    """ "Jana, Ben or Cem"; of many only the first few and how many more."""
    if len(names) > NAMED + 1:
        rest = len(names) - NAMED
        return gettext("{names} and {n} more").format(names=", ".join(names[:NAMED]), n=rest)
    return gettext("{names} or {last}").format(names=", ".join(names[:-1]), last=names[-1])


def _choices(state: PanelState, chosen: SlotRef) -> list[Choice]:
    snapshot = catalogue.snapshot(state.organisation)
    known = [(slot, snapshot.resource_by_connect_id(slot.resource_id)) for slot in state.slots]
    return [
        Choice(
            ref=str(SlotRef(slot.starts_at, resource.pk)),
            name=resource.name or slot.resource_name,
            seats=seats_left(slot),
            capacity=slot.capacity,
            colour=resource.colour,
            is_chosen=chosen.resource_pk == resource.pk,
        )
        for slot, resource in known
        if resource is not None and resource.pk != ANYONE
    ]


def _grid_fields(state: PanelState) -> dict[str, str]:
    """The address of the page as fields: for the search without a script, and for going back."""
    return dict(parse_qsl(state.query))
