"""The settings of an organisation: its name, its address, what of it is used, how it stands."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods

from bookingapp.domain import addresses, connecting, first_run, organisations
from bookingapp.domain.errors import Invalid
from bookingapp.domain.models import Organisation
from bookingapp.web.forms.organisation import OrganisationForm, numbers
from bookingapp.web.http import StaffRequest, desk_view
from bookingapp.web.presenters import organisation_page, organisation_words

PAGE = "settings/organisation.html"


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view("admin")
def page(request: StaffRequest) -> HttpResponseBase:
    """POST: ``act`` is save, try, use or refresh."""
    act = request.POST.get("act", "") if request.method == "POST" else ""
    answer = ACTS.get(act)
    return answer(request) if answer else _shown(request)


def _save(request: StaffRequest) -> HttpResponse:
    form = OrganisationForm(request.POST)
    if not form.is_valid():
        return _shown(request, form=form, status=422)
    told, organisation = form.cleaned_data, request.organisation
    try:
        if _needs_asking(request, told["connect_url"]):
            return _shown(request, form=form, asks=True)
        forgotten = organisations.change(
            organisation, **told, person=request.user, now=timezone.now()
        )
    except Invalid as error:
        form.tell(error)
        return _shown(request, form=form, status=422)
    messages.success(request, _saved(forgotten))
    return _back(request)


def _needs_asking(request: StaffRequest, connect_url: str) -> bool:
    """Raises BadAddress: nobody is asked about an address that will not do."""
    address = addresses.checked(connect_url)
    moves = organisations.moves_away(request.organisation, address)
    return moves and request.POST.get("confirmed") != address


def _saved(forgotten: int) -> str:
    if not forgotten:
        return gettext("Saved.")
    told = ngettext(
        "Saved. {n} token was forgotten: add a new one.",
        "Saved. {n} tokens were forgotten: add new ones.",
        forgotten,
    )
    return told.format(n=forgotten)


def _try(request: StaffRequest) -> HttpResponse:
    return _shown(request, trial=connecting.try_again(request.organisation))


def _use(request: StaffRequest) -> HttpResponse:
    if refused := use_chosen(request, request.organisation):
        return _shown(request, refused=refused, status=422)
    messages.success(request, gettext("Saved."))
    return _back(request)


def use_chosen(request: HttpRequest, organisation: Organisation) -> dict[str, str]:
    """Use only what is ticked in the form; what of that is refused, by field."""
    try:
        organisations.use(
            organisation,
            calendars=numbers(request.POST, "calendar"),
            pools=numbers(request.POST, "pool"),
            person=request.user,
            now=timezone.now(),
        )
    except Invalid as error:
        return organisation_words.fields(error)
    return {}


def _refresh(request: StaffRequest) -> HttpResponse:
    problem = connecting.read_again(request.organisation, now=timezone.now())
    if problem:
        messages.error(request, organisation_words.problem(problem))
    else:
        messages.success(request, gettext("Read again from Connect."))
    return _back(request)


ACTS = {"save": _save, "try": _try, "use": _use, "refresh": _refresh}


def _shown(request: StaffRequest, *, status: int = 200, **more: Any) -> HttpResponse:
    organisation, now = request.organisation, timezone.now()
    trial = more.pop("trial", None)
    form = more.pop("form", None) or OrganisationForm(
        initial={"name": organisation.name, "connect_url": organisation.connect_url}
    )
    context = {
        "form": form,
        "mends": form.begins if status == 422 and form.is_bound else {},
        "organisation": organisation,
        "slug": organisation.slug,
        "cards": organisation_page.cards(organisation, now=now),
        "trial": trial,
        "trial_words": organisation_words.seen(trial) if trial and not trial.problem else "",
        "trial_problem": organisation_words.problem(trial.problem) if trial else "",
        "tokens": organisation.tokens.count(),
        "open_writes": organisations.open_writes(organisation) if more.get("asks") else 0,
        "confirmed": organisations.plain_address(form["connect_url"].value() or ""),
        "is_owner": first_run.is_owner(request.user),
        **organisation_page.choices(organisation),
    }
    return render(request, PAGE, context | more, status=status)


def _back(request: StaffRequest) -> HttpResponse:
    return redirect("settings", slug=request.organisation.slug)
