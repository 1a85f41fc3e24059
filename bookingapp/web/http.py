"""What a view of the desk is given: a typed request, and the person's place in the organisation."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django_htmx.middleware import HtmxDetails

from bookingapp.domain import access, first_run, second_factor
from bookingapp.domain.access import Membership
from bookingapp.domain.models import Organisation
from bookingapp.web.views import errors

P = ParamSpec("P")
# Names the organisation that was worked in last: pages of no organisation lead back there.
PLACE_COOKIE = "desk_place"


class StaffRequest(HttpRequest):
    """A request of a signed-in person. Only ``@desk_view`` sets the last two."""

    user: AbstractUser  # type: ignore[assignment]  # SignInMiddleware lets nobody else through
    htmx: HtmxDetails
    request_id: str
    organisation: Organisation
    membership: Membership


View = Callable[Concatenate[StaffRequest, P], HttpResponseBase]


def memberships(request: HttpRequest) -> list[Membership]:
    """Where this person works, by name. One query per request, however often it is asked."""
    known = getattr(request, "_memberships", None)
    if known is None:
        person = getattr(request, "user", None)
        signed_in = person is not None and person.is_authenticated
        known = access.organisations_of(person) if signed_in else []
        request._memberships = known  # type: ignore[attr-defined]
    return cast("list[Membership]", known)


def lacks_second_factor(request: HttpRequest, place: Membership) -> bool:
    """Whether the organisation demands a second factor that this person does not have.

    Who came by OpenID Connect has shown to the provider what the provider demands: that counts.
    """
    if not second_factor.is_required(place) or second_factor.has(request.user):
        return False
    used = get_authentication_records(request, cast("AbstractUser", request.user))
    return not any(one.get("method") == "socialaccount" for one in used)


def lacks_second_factor_anywhere(request: HttpRequest) -> bool:
    """The same for a page that is about all organisations of a person, or about none yet."""
    return any(lacks_second_factor(request, place) for place in memberships(request))


def owner_view(view: Callable[P, HttpResponseBase]) -> Callable[P, HttpResponseBase]:
    """Let in only the owner of the installation (404), with the second factor that any of theirs
    demands (403).
    """

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        request = cast("HttpRequest", args[0])
        if not first_run.is_owner(request.user):
            raise Http404
        if lacks_second_factor_anywhere(request):
            return errors.second_factor(request)
        return view(*args, **kwargs)

    return guarded


def remembering(
    request: HttpRequest, place: Membership, response: HttpResponseBase
) -> HttpResponseBase:
    """The response; it tells the browser where the person works when that has changed."""
    slug = place.organisation.slug
    if request.COOKIES.get(PLACE_COOKIE) != slug:
        secure = settings.SESSION_COOKIE_SECURE
        response.set_cookie(PLACE_COOKIE, slug, httponly=True, secure=secure, samesite="Lax")
    return response


def desk_view(role: str) -> Callable[[View[P]], Callable[..., HttpResponseBase]]:
    """Let in only who has at least ``role`` in the organisation of the address.

    The view gets ``request.organisation`` and ``request.membership`` instead of the slug. Somebody
    else's organisation answers 404 like one that does not exist; a role that is too small, and a
    person without the second factor that the organisation demands, 403.
    """

    def decorate(view: View[P]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, slug: str, **kwargs: Any) -> HttpResponseBase:
            place = next((m for m in memberships(request) if m.organisation.slug == slug), None)
            if place is None:
                raise Http404
            if not place.is_at_least(role):
                raise PermissionDenied
            if lacks_second_factor(request, place):
                return errors.second_factor(request)
            staff = cast("StaffRequest", request)
            staff.organisation, staff.membership = place.organisation, place
            return remembering(request, place, view(staff, *args, **kwargs))

        guarded.desk_role = role  # type: ignore[attr-defined]  # read by the test that walks all addresses
        return guarded

    return decorate
