"""What the availability templates show: links, ages, and the panel of the chosen cell."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from bookingapp.domain.slots import Slot, SlotRef
from bookingapp.web import pieces
from bookingapp.web.http import StaffRequest
from bookingapp.web.presenters import (
    availability_state,
    grid_cache,
    grid_cell,
    grid_closed,
    grid_markup,
    grid_moving,
    grid_words,
)
from bookingapp.web.presenters.grid import DAY, WEEK
from bookingapp.web.templatetags.desk import age
from bookingapp.web.views import advising, moving_mode, moving_panel
from bookingapp.web.views.availability_desk import Desk
from bookingapp.web.views.panel import panel_context
from bookingapp.web.views.panel_state import PanelState

if TYPE_CHECKING:
    from bookingapp.domain.catalogue import Resource


# Where the age goes in a part that is kept: it is another one every second.
AGE = pieces.gap("age")
GRID_MODULES = tuple(
    f"js/grid-{name}.js" for name in ("keys", "press", "live", "scroll", "zone", "moving", "advice")
)


def grid_of(request: StaffRequest, desk: Desk) -> dict[str, Any]:
    """The part with the grid. Call ``desk.draw`` before."""
    part = grid_part(request, desk)
    told = age(desk.age_seconds or 0)
    return {"grid": mark_safe(part.replace(AGE, told))}  # noqa: S308 - our own template's output


def grid_part(request: StaffRequest, desk: Desk) -> str:
    if desk.moving:
        return _rendered("grid", request, desk)
    return grid_cache.parts.get(grid_key(desk), lambda: _rendered("grid", request, desk))


def grid_key(desk: Desk) -> tuple[object, ...]:
    reading = desk.reading
    moments = (reading.as_of, reading.problem) if reading else None
    return ("grid", *_place(desk), desk.tag, moments, desk.is_stale, desk.note)


def top_part(request: StaffRequest, desk: Desk) -> str:
    if desk.moving:
        return _rendered("top", request, desk)
    return grid_cache.parts.get(top_key(desk), lambda: _rendered("top", request, desk))


def top_key(desk: Desk) -> tuple[object, ...]:
    return ("top", *_place(desk), desk.snapshot.version, desk.window is None, desk.state.today)


def page_of(request: StaffRequest, desk: Desk) -> dict[str, Any]:
    """All that surrounds the panel: filters, bar and grid."""
    return grid_of(request, desk) | {
        "top": mark_safe(top_part(request, desk)),  # noqa: S308 - our own template's output
        "advice": advising.element(request, desk),
        "title": title_of(desk),
        "organisation": request.organisation,
        "grid_modules": GRID_MODULES,
    }


def title_of(desk: Desk) -> str:
    return grid_words.span(desk.state.first, desk.state.last)


def context_of(request: StaffRequest, desk: Desk) -> dict[str, Any]:
    """Everything the templates of the page may ask for, for who draws them in another order.

    With ``oob`` set besides, ``availability/grid.html`` takes the place of the grid on the page.
    """
    told = age(desk.age_seconds or 0)
    return _context(request, desk) | page_of(request, desk) | {"age_here": told}


def _place(desk: Desk) -> tuple[object, ...]:
    return (desk.organisation.pk, desk.organisation.slug, get_language(), desk.state.query())


def _rendered(name: str, request: StaffRequest, desk: Desk) -> str:
    return render_to_string(f"availability/{name}.html", _context(request, desk))


def _context(request: StaffRequest, desk: Desk) -> dict[str, Any]:
    state = desk.state
    return _links(request.organisation.slug, desk) | {
        "desk": desk,
        "state": state,
        "table": _table(desk),
        "fields": state.fields,
        "title": title_of(desk),
        "types": availability_state.types_of(desk.snapshot, state.calendar),
        "people": desk.resources,
        "is_week": state.view == WEEK,
        "as_of": _iso(desk),
        "age_here": mark_safe(AGE),  # noqa: S308 - a constant
        "moving": desk.moving,
    }


def _links(slug: str, desk: Desk) -> dict[str, str]:
    state = desk.state
    address = reverse("availability", kwargs={"slug": slug})
    first = reverse("availability-first", kwargs={"slug": slug})
    return {
        "address": address,
        "here": f"{address}?{state.query()}",
        "fresh": f"{address}?{state.query(fresh='1')}",
        "previous": f"{address}?{state.at(state.previous).query()}",
        "next": f"{address}?{state.at(state.next).query()}",
        "today": f"{address}?{state.at(state.today).query()}",
        "day_view": f"{address}?{state.seen_as(DAY).query()}",
        "week_view": f"{address}?{state.seen_as(WEEK).query()}",
        "first": f"{first}?{state.plain(pick='1')}",
        "next_free": _next_free(slug, desk, state.last),
        "changes": _changes(slug, desk),
    } | (moving_mode.links(desk.moving, state) if desk.moving else {})


def _next_free(slug: str, desk: Desk, last: date) -> str:
    """Searches from the day after ``last``, the last day that was looked at."""
    start = last + timedelta(days=1)
    query = desk.state.plain(**{"from": start.isoformat()})
    return f"{reverse('availability-first', kwargs={'slug': slug})}?{query}"


def panel_of(request: StaffRequest, desk: Desk) -> dict[str, Any]:
    """For the panel: the booking form of an open cell, the reason of a closed one, or a hint."""
    state = desk.state
    common = {"state": state, "organisation": request.organisation, "zone": state.zone_name}
    if desk.moving and (told := moving_panel.instead(desk, desk.moving)):
        return common | told
    if state.slot is None or desk.window is None:
        return common | {"panel_template": "availability/choose.html"}
    if desk.reading is None:
        here = reverse("availability", kwargs={"slug": request.organisation.slug})
        again = f"{here}?{state.query()}"
        return common | {"panel_template": "availability/panel-loading.html", "here": again}
    chosen = panel_state(request, desk, state.slot)
    if chosen and chosen.slots and desk.moving:
        return common | moving_panel.context(chosen, desk.moving)
    if chosen and chosen.slots:
        return common | {"panel_template": "bookings/panel.html"} | panel_context(request, chosen)
    return common | _closed(request, desk, state.slot)


def _iso(desk: Desk) -> str:
    as_of = desk.reading.as_of if desk.reading else None
    return as_of.isoformat(timespec="seconds") if as_of else ""


def _table(desk: Desk) -> str:
    if desk.drawn is None:
        return ""
    chosen = desk.state.slot
    table = grid_markup.with_chosen(desk.drawn.table, chosen) if chosen else desk.drawn.table
    return mark_safe(table)  # noqa: S308 - the builder escapes every outside value


def _changes(slug: str, desk: Desk) -> str:
    """Carries the chosen cell too, so that a new grid marks it again."""
    address = reverse("availability-changes", kwargs={"slug": slug})
    return f"{address}?{desk.state.query(v=desk.tag)}"


def panel_state(request: StaffRequest, desk: Desk, ref: SlotRef) -> PanelState | None:
    """What the panel of a cell needs to know; None while there is nothing to choose from."""
    state = desk.state
    if desk.reading is None or state.calendar is None or state.type is None:
        return None
    return PanelState(
        organisation=request.organisation,
        calendar=state.calendar,
        appointment_type=state.type,
        resource=_resource(desk, ref),
        ref=ref,
        slots=_choosable(desk, _slots(desk, ref)),
        zone=state.zone,
        as_of=desk.reading.as_of,
        query=state.query(),
    )


def _choosable(desk: Desk, slots: list[Slot]) -> list[Slot]:
    if desk.place:
        return grid_moving.choosable(desk.place, slots, desk.question.closures, desk.now)
    return grid_cell.open_slots(slots, desk.now)


def _closed(request: StaffRequest, desk: Desk, ref: SlotRef) -> dict[str, Any]:
    slug, resource = request.organisation.slug, _resource(desk, ref)
    address = reverse("availability", kwargs={"slug": slug})
    wanted = resource.connect_id if resource else ""
    slots, offered = _slots(desk, ref), desk.slots
    if desk.place:
        # Its own place is no way out of a closed one.
        slots, offered = (grid_moving.elsewhere(desk.place, some) for some in (slots, offered))
    ways = grid_closed.ways(offered, ref.starts_at, wanted, desk.now)
    return {
        "panel_template": "availability/closed.html",
        "reason": grid_closed.reason(slots, desk.question, ref, desk.now),
        "starts_at": ref.starts_at,
        "resource": resource,
        "same_time": ways.same_time,
        "same_time_url": _to(desk, ways.same_time, address),
        "later": ways.later,
        "later_url": _to(desk, ways.later, address),
        "next_free": _next_free(slug, desk, desk.state.monday + timedelta(days=6)),
    }


def _resource(desk: Desk, ref: SlotRef) -> Resource | None:
    """Whose cell it is; None for anyone's."""
    return next((one for one in desk.resources if one.pk == ref.resource_pk), desk.state.resource)


def _slots(desk: Desk, ref: SlotRef) -> list[Slot]:
    narrowed = desk.state.resource.pk if desk.state.resource else None
    return grid_cell.cell_slots(desk.reading, desk.snapshot, ref, narrowed) if desk.reading else []


def _to(desk: Desk, slot: Slot | None, address: str) -> str:
    if slot is None:
        return ""
    day = slot.starts_at.astimezone(desk.state.zone).date()
    return f"{address}?{desk.state.at(day).query(slot=str(desk.ref_of(slot)))}"
