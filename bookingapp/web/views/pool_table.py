"""A lead pool as a table: chosen columns, sorted by their heads, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from bookingapp.domain import access, bulk_moves, pool_table
from bookingapp.domain.consequences import Consequence
from bookingapp.domain.policy import policy_of
from bookingapp.domain.pool_table import Page
from bookingapp.web import htmx
from bookingapp.web.forms import lead_filter as asking
from bookingapp.web.http import StaffRequest, desk_view
from bookingapp.web.presenters import consequence, lead_columns, moments, pool_board
from bookingapp.web.presenters.lead_card import Cards
from bookingapp.web.presenters.lead_columns import NAME, NAME_LABEL, Column
from bookingapp.web.presenters.lead_row import Row, Rows
from bookingapp.web.views import booking_list, bulk_strip, pool_head, table_desk
from bookingapp.web.views.table_desk import TableDesk

TABLE = "pools/table.html"
FACE = "pool-table"
MODULES = ("js/pool-table.js", "js/select-rows.js", "js/row-keys.js", "js/bulk-live.js")


@dataclass(frozen=True, slots=True)
class Head:
    """``url`` sorts by it ("" where that cannot be), ``sorted`` is as aria-sort says it."""

    key: str
    label: str
    url: str = ""
    sorted: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view("staff")
def table(request: StaffRequest, pk: int) -> HttpResponseBase:
    """The page, its table for another filter, order or page, or 204 while ``v`` still says what
    it shows. POST: which columns to show from now on.
    """
    if request.method == "POST":
        return _columns(request, pk)
    desk = table_desk.of(request, pk)
    table_desk.remember(desk)
    context = _table(desk)
    if request.GET.get("v") == context["stamp"]:
        return HttpResponse(status=204)
    if htmx.wants_part(request):
        response = htmx.render_part(request, TABLE, "table", context)
        address = f"{desk.address(FACE)}?{desk.query(page=_page(desk.number))}"
        return response if "v" in request.GET else htmx.push_url(response, address)
    return htmx.render_part(request, TABLE, "table", context | _around(desk))


def _columns(request: StaffRequest, pk: int) -> HttpResponse:
    desk = table_desk.of(request, pk)
    wanted = request.POST.getlist("column")
    chosen = list(lead_columns.USUAL) if "usual" in request.POST else wanted
    table_desk.remember_columns(desk, lead_columns.cleaned(chosen))
    return redirect(f"{desk.address(FACE)}?{desk.query()}")


def _table(desk: TableDesk) -> dict[str, Any]:
    """All of the part that keeps itself true."""
    found = pool_table.read(
        desk.asked, desk.order, desk.number, states=desk.state_ids, with_data=desk.with_data
    )
    desk.number = found.number
    rows = _rows(desk, found)
    name = Column(NAME, NAME_LABEL, "fixed", NAME)
    heads = [_head(desk, one) for one in (name, *desk.shown)]
    stamp = booking_list.stamp_of(rows, heads, found.total)
    is_manager = desk.request.membership.is_at_least("manager")
    return {
        "desk": desk,
        "rows": rows,
        "heads": heads,
        "page": found,
        "pages": _pages(desk, found),
        "stamp": stamp,
        "look": f"{desk.address(FACE)}?{desk.query(page=_page(found.number), v=stamp)}",
        "here_url": f"{desk.address(FACE)}?{desk.query()}",
        "targets": pool_board.targets(desk.here.states, _closed(desk)),
        "is_manager": is_manager,
        "line": consequence.line(Consequence(1)),
        "most": bulk_moves.MOST,
        "managers": [] if is_manager else access.managers_of(desk.request.organisation),
    }


def _rows(desk: TableDesk, found: Page) -> list[Row]:
    zone = moments.zone_of(asking.zone_of(desk.request.organisation))
    names = desk.state_names
    cards = Cards(desk.slug, names, zone=zone, now=desk.now, query=desk.came_from)
    colours = {one.connect_id: one.colour for one in desk.here.states}
    makes = Rows(cards, desk.cells(), desk.shown, colours)
    return [
        makes.of(lead, found.marks.get(lead.pk), found.bookings.get(lead.pk))
        for lead in found.leads
    ]


def _around(desk: TableDesk) -> dict[str, Any]:
    """What stands around the table."""
    request, here = desk.request, desk.here
    return {
        "modules": MODULES,
        "form": asking.form(
            request.organisation,
            desk.filter,
            action=desk.address(FACE),
            target="leads-table",
            states=here.states,
            kept={"sort": desk.filter.sort, **desk.kept},
            sorts=False,
        ),
        "pools": pool_head.pools(request, here, face=FACE),
        "faces": pool_head.faces(request, here, face=FACE, query=desk.query()),
        "strip": bulk_strip.of(request, desk.pool_pk),
        "groups": _groups(desk),
    }


def _groups(desk: TableDesk) -> list[tuple[str, list[Column]]]:
    by: dict[str, list[Column]] = {"fixed": [], "data": [], "custom": []}
    for one in desk.offered:
        by[one.group].append(one)
    return [(group, columns) for group, columns in by.items() if columns]


def _closed(desk: TableDesk) -> frozenset[str]:
    if desk.request.membership.is_at_least("manager"):
        return frozenset()
    return frozenset(policy_of(desk.request.organisation.settings).protected_states)


def _head(desk: TableDesk, column: Column) -> Head:
    label = str(column.label)
    if not column.sort:
        return Head(column.key, label)
    name, falls = desk.order.removeprefix("-"), desk.order.startswith("-")
    if name != column.sort:
        # New leads are wanted first, everything else as the alphabet and the clock go.
        way = "-created" if column.sort == "created" else column.sort
        return Head(column.key, label, _sorted(desk, way))
    turned = column.sort if falls else f"-{column.sort}"
    return Head(column.key, label, _sorted(desk, turned), "descending" if falls else "ascending")


def _sorted(desk: TableDesk, order: str) -> str:
    """In the filter's own words where it has some, so that board and lead page know it too."""
    sort = {own: name for name, own in pool_table.OF_SORT.items()}.get(order)
    changes = {"sort": sort, "by": ""} if sort else {"by": order}
    return f"{desk.address(FACE)}?{desk.query(**changes)}"


def _pages(desk: TableDesk, found: Page) -> dict[str, str]:
    def at(number: int) -> str:
        return f"{desk.address(FACE)}?{desk.query(page=_page(number))}"

    return {
        "previous": at(found.number - 1) if found.number > 1 else "",
        "next": at(found.number + 1) if found.number < found.last else "",
        "first": at(1) if found.number > 2 else "",
        "last": at(found.last) if found.number < found.last - 1 else "",
    }


def _page(number: int) -> str:
    return str(number) if number > 1 else ""
