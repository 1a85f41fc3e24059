"""The tokens of an organisation: listed, added, checked, corrected, removed."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from bookingapp.domain import doctor, token_care, token_states
from bookingapp.domain.doctor import Finding
from bookingapp.domain.errors import Invalid
from bookingapp.domain.models import Token
from bookingapp.web.forms.tokens import FactsForm, TokenForm
from bookingapp.web.http import StaffRequest, desk_view
from bookingapp.web.presenters import token_words
from bookingapp.web.views import token_pages

EDIT, REMOVE = "settings/tokens/edit.html", "settings/tokens/remove.html"
UNREADABLE = 422


@sensitive_post_parameters("secret")
@require_http_methods(["GET", "HEAD", "POST"])
@desk_view("admin")
def page(request: StaffRequest) -> HttpResponseBase:
    """POST: a new token."""
    if request.method != "POST":
        return token_pages.listing(request)
    form = TokenForm(request.POST, address=request.organisation.connect_url)
    if not form.is_valid():
        return token_pages.listing(request, form=form, status=UNREADABLE)
    return _added(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view("admin")
def check_all(request: StaffRequest) -> HttpResponseBase:
    """POST: ask Connect about every token in use. GET: for who comes back to that answer."""
    if request.method != "POST":
        return _back(request)
    rows = [row for row in token_states.rows_of(request.organisation) if not row.retired_at]
    return _checked(request, doctor.examine_all(rows, person=request.user))


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view("admin")
def check(request: StaffRequest, pk: int) -> HttpResponseBase:
    """POST: ask Connect about this one."""
    token = token_pages.found(request, pk)
    if request.method != "POST":
        return _back(request)
    return _checked(request, [doctor.examine(token, person=request.user)])


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view("admin")
def edit(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Its name and its last day."""
    token = token_pages.found(request, pk)
    initial = {"label": token.label, "expires_on": token.expires_on}
    form = FactsForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid() and _changed(request, token, form):
        messages.success(request, gettext("Saved."))
        return _back(request)
    context = {"slug": request.organisation.slug, "token": token, "form": form}
    return render(request, EDIT, context, status=UNREADABLE if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view("admin")
def remove(request: StaffRequest, pk: int) -> HttpResponseBase:
    """GET: what stops working without it. POST: our copy is deleted."""
    token = token_pages.found(request, pk)
    if request.method != "POST":
        context = {
            "slug": request.organisation.slug,
            "card": token_pages.card_of(request, token),
        }
        return render(request, REMOVE, context)
    label = token.label
    token_care.remove(token, person=request.user, now=timezone.now())
    told = gettext("“{label}” is removed here. In RocketLead it works until you revoke it there.")
    messages.success(request, told.format(label=label))
    return _back(request)


def _added(request: StaffRequest, form: TokenForm) -> HttpResponse:
    try:
        added = token_care.add(
            request.organisation, form.pasted(), person=request.user, now=timezone.now()
        )
    except token_care.Known as error:
        return _refused(request, form, error, known=error.token)
    except Invalid as error:
        return _refused(request, form, error)
    token_pages.wake(added.resumed)
    tell_verdict(request, gettext("The token is added."), added.finding)
    return _back(request)


def _refused(
    request: StaffRequest, form: TokenForm, error: Invalid, *, known: Token | None = None
) -> HttpResponse:
    form.refuse(error)
    return token_pages.listing(request, form=form, known=known, status=UNREADABLE)


def _changed(request: StaffRequest, token: Token, form: FactsForm) -> bool:
    try:
        token_care.change(
            token,
            label=form.label_given,
            expires_on=form.day_given,
            person=request.user,
            now=timezone.now(),
        )
    except Invalid as error:
        form.add_codes(error.fields)
        return False
    return True


def _checked(request: StaffRequest, findings: list[Finding]) -> HttpResponse:
    """What was found stands in this answer only. What waited for a good token goes on."""
    token_pages.wake(doctor.resume_if_possible(request.organisation, now=timezone.now()))
    return token_pages.listing(request, findings=findings)


def tell_verdict(request: StaffRequest, done: str, finding: Finding) -> None:
    """A message that says what was done and what Connect says to the token."""
    tone, text = token_words.VERDICTS[finding.verdict]
    tell = messages.success if tone == "good" else messages.warning
    tell(request, f"{done} {text}")


def _back(request: StaffRequest) -> HttpResponse:
    return redirect("token-list", slug=request.organisation.slug)
