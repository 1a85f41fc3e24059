"""What the columns of a file are: chosen beside its first rows, then tried dry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bookingapp.domain import lead_schema
from bookingapp.domain.errors import Invalid
from bookingapp.domain.imports import checking, targets, uploading
from bookingapp.domain.imports.targets import Plan
from bookingapp.domain.models import LeadImport
from bookingapp.domain.policy import policy_of
from bookingapp.web.forms import imports as asking
from bookingapp.web.http import StaffRequest, desk_view
from bookingapp.web.presenters import import_words
from bookingapp.web.views import import_page

PAGE = "imports/mapping.html"
SAMPLES = 3
UNREADABLE = 422
LONGEST_SAMPLE = 80

Group = tuple[str, list[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Column:
    at: int
    header: str
    samples: list[str]
    chosen: str
    # What can be chosen for this column alone: a field of its own name.
    own: tuple[str, str] | None = None
    error: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view("manager")
def mapping(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    """GET: the first rows and what each column is. POST: the dry run."""
    batch = import_page.find(request, pk)
    if batch.due_at is not None:
        return _to_page(batch)
    if request.method != "POST":
        return _page(request, batch, *uploading.suggested(batch))
    plan, how = asking.plan_in(request.POST, width=len(batch.headers))
    try:
        checking.check(batch, plan, how, person=request.user, now=timezone.now())
    except Invalid as error:
        return _page(request, batch, plan, how, wrong=error.fields)
    except checking.Begun:
        messages.info(request, _("This import has begun already."))
    return _to_page(batch)


def _to_page(batch: LeadImport) -> HttpResponse:
    return redirect("import-detail", slug=batch.organisation.slug, pk=batch.pk)


def _page(
    request: StaffRequest,
    batch: LeadImport,
    plan: Plan,
    how: str,
    wrong: dict[str, str] | None = None,
) -> HttpResponse:
    wrong = wrong or {}
    groups = _groups(batch)
    offered = {code for _, options in groups for code, _ in options}
    context: dict[str, Any] = {
        "batch": batch,
        "columns": _columns(batch, plan, offered, wrong),
        "groups": groups,
        "how": how,
        "same": plan.same,
        "rows": batch.rows.count(),
        "whole": str(import_words.WHOLE.get(wrong.get("columns") or wrong.get("pool") or "", "")),
        "has_errors": bool(wrong),
    }
    return render(request, PAGE, context, status=UNREADABLE if wrong else 200)


def _columns(
    batch: LeadImport, plan: Plan, offered: set[str], wrong: dict[str, str]
) -> list[Column]:
    first = list(batch.rows.order_by("number").values_list("cells", flat=True)[:SAMPLES])
    columns = []
    for at, header in enumerate(batch.headers):
        code = wrong.get(str(at), "")
        own = f"{targets.DATA}{header}"
        chosen = plan.columns.get(str(at), "")
        name = chosen if chosen and chosen not in offered else own
        columns.append(
            Column(
                at,
                header,
                [cells[at][:LONGEST_SAMPLE] if at < len(cells) else "" for cells in first],
                chosen,
                None if name in offered or header.startswith("#") else (name, _own(name)),
                str(import_words.COLUMNS[code]) if code else "",
            )
        )
    return columns


def _own(code: str) -> str:
    return _("Field “{name}” of the lead").format(name=import_words.target(code))


def _groups(batch: LeadImport) -> list[Group]:
    """What any column can become, as groups of (code, words)."""
    policy = policy_of(batch.organisation.settings)
    known = lead_schema.descriptors(batch.pool).items()
    fields = [(f"{targets.DATA}{key}", told.label or key) for key, told in known]
    custom = [(f"{targets.CUSTOM}{pk}", name) for pk, name in policy.custom_field_names.items()]
    groups = [
        (_("Contact"), _plain(targets.CONTACT)),
        (_("Lead"), _plain(("interest",))),
        (_("Only of leads that Connect has already"), _plain(targets.ONLY_ADOPTED)),
        (_("Fields of the lead pool"), fields),
        (_("Custom fields"), custom),
    ]
    return [(title, options) for title, options in groups if options]


def _plain(codes: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(code, str(import_words.TARGETS[code])) for code in codes]
