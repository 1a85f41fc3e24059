"""The JSON API below ``/_sandbox/api/``."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse

from bookingapp.sandbox import calls as call_log
from bookingapp.sandbox import faults as fault_rules
from bookingapp.sandbox import hooks
from bookingapp.sandbox import judge as the_judge
from bookingapp.sandbox.control import actions, shapes
from bookingapp.sandbox.control.guard import loopback_only
from bookingapp.sandbox.errors import Refusal, envelope, json_response
from bookingapp.sandbox.models import Event, Lead, Token
from bookingapp.sandbox.switches import board

Answer = tuple[int, Any]


def endpoint(**methods: Callable[..., Answer]) -> Callable[..., HttpResponse]:
    """A view out of one function per method; what they raise becomes an envelope."""

    @loopback_only
    @wraps(next(iter(methods.values())))
    def view(request: HttpRequest, **kwargs: str) -> HttpResponse:
        action = methods.get(request.method or "")
        if action is None:
            return envelope(405, f"Use {', '.join(methods)}")
        try:
            status, body = action(request, **kwargs)
        except Refusal as refusal:
            return envelope(refusal.status, refusal.message)
        except ValueError as error:
            return envelope(400, str(error))
        return json_response(body, status)

    return view


def body_of(request: HttpRequest) -> dict[str, Any]:
    if not request.body:
        return {}
    try:
        body = msgspec.json.decode(request.body)
    except msgspec.DecodeError:
        raise ValueError("The body is not JSON") from None
    if not isinstance(body, dict):
        raise ValueError("The body must be an object")
    return body


def _switches(_request: HttpRequest) -> Answer:
    return 200, board.values()


def _set_switches(request: HttpRequest) -> Answer:
    actions.set_switches(body_of(request))
    return 200, board.values()


def _faults(_request: HttpRequest) -> Answer:
    return 200, [rule.as_json() for rule in fault_rules.book.all()]


def _add_fault(request: HttpRequest) -> Answer:
    return 201, fault_rules.book.add(body_of(request)).as_json()


def _clear_faults(_request: HttpRequest) -> Answer:
    fault_rules.book.clear()
    return 204, None


def _remove_fault(_request: HttpRequest, key: str) -> Answer:
    if not fault_rules.book.remove(int(key)):
        raise Refusal(404, "There is no such fault")
    return 204, None


def _calls(_request: HttpRequest) -> Answer:
    return 200, [record.as_json() for record in call_log.log.all()]


def _clear_calls(_request: HttpRequest) -> Answer:
    call_log.log.clear()
    return 204, None


def _bookings(request: HttpRequest) -> Answer:
    return 200, shapes.bookings(request.GET.get("source", ""))


def _book(request: HttpRequest) -> Answer:
    return 201, shapes.booking(actions.book(body_of(request)))


def _cancel(_request: HttpRequest, key: str) -> Answer:
    actions.cancel(key)
    return 204, None


def _leads(_request: HttpRequest) -> Answer:
    rows = Lead.objects.select_related("organisation").order_by("created_at", "id")
    return 200, [shapes.lead(row) for row in rows]


def _events(_request: HttpRequest) -> Answer:
    return 200, [shapes.event(row) for row in Event.objects.order_by("pk")]


def _deliveries(_request: HttpRequest) -> Answer:
    return 200, [one.as_json() for one in list(hooks.deliveries)]


def _tokens(_request: HttpRequest) -> Answer:
    rows = Token.objects.select_related("organisation").order_by("organisation__name", "label")
    return 200, [shapes.token(row) for row in rows]


def _mint(request: HttpRequest) -> Answer:
    body = body_of(request)
    organisation, label, scope = (
        str(body.get(name, "")) for name in ("organisation", "label", "scope")
    )
    secret = actions.mint(organisation, label, scope, body.get("expiresAt"))
    return 201, {"secret": secret, "label": label, "scope": scope}


def _revoke(request: HttpRequest, key: str) -> Answer:
    return _set_revoked(request, key, revoked=True)


def _restore(request: HttpRequest, key: str) -> Answer:
    return _set_revoked(request, key, revoked=False)


def _set_revoked(request: HttpRequest, key: str, *, revoked: bool) -> Answer:
    row = actions.token(key, _organisation(request))
    actions.set_revoked(row, revoked=revoked)
    return 200, shapes.token(row)


def _change_token(request: HttpRequest, key: str) -> Answer:
    row = actions.token(key, _organisation(request))
    actions.change_token(row, body_of(request))
    return 200, shapes.token(row)


def _organisation(request: HttpRequest) -> str:
    return str(request.GET.get("organisation") or body_of(request).get("organisation") or "")


def _judge(_request: HttpRequest) -> Answer:
    return 200, the_judge.verdict()


def _reset(request: HttpRequest) -> Answer:
    body = body_of(request)
    made = actions.reset(body.get("seed"), body.get("today"))
    return 200, {"seed": made.seed, "today": made.today.isoformat()}


def _submit_form(request: HttpRequest) -> Answer:
    return 201, actions.submit_form(body_of(request))


switches = endpoint(GET=_switches, PATCH=_set_switches)
faults = endpoint(GET=_faults, POST=_add_fault, DELETE=_clear_faults)
fault = endpoint(DELETE=_remove_fault)
calls = endpoint(GET=_calls, DELETE=_clear_calls)
bookings = endpoint(GET=_bookings, POST=_book)
booking = endpoint(DELETE=_cancel)
leads = endpoint(GET=_leads)
events = endpoint(GET=_events)
deliveries = endpoint(GET=_deliveries)
tokens = endpoint(GET=_tokens, POST=_mint)
token = endpoint(PATCH=_change_token)
revocation = endpoint(POST=_revoke)
restoration = endpoint(POST=_restore)
judge = endpoint(GET=_judge)
reset = endpoint(POST=_reset)
form_submissions = endpoint(POST=_submit_form)
