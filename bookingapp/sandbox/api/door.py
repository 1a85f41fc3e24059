"""The door of the Connect API: log, faults, token, scope, existence, body, answer."""

from __future__ import annotations

from time import monotonic

from django.http import HttpRequest, HttpResponse

from bookingapp.sandbox import (
    calls,
    catalogue,
    errors,
    faults,
    instants,
    seats,
    tokens,
    transport,
    trouble,
)
from bookingapp.sandbox.api import bookings, endpoints
from bookingapp.sandbox.api.call import Call
from bookingapp.sandbox.errors import Refusal
from bookingapp.sandbox.models import Token
from bookingapp.sandbox.switches import board


def connect(request: HttpRequest, rest: str) -> HttpResponse:
    """Every call below ``/connect/``."""
    record, since = calls.log.opened(request), monotonic()
    try:
        response = _with_faults(request, rest, record)
    finally:
        record.duration_ms = calls.elapsed_ms(since)
    record.status = 0 if transport.of(request).reset else response.status_code
    return response


def _with_faults(request: HttpRequest, rest: str, record: calls.Record) -> HttpResponse:
    record.body = calls.readable(request.body)
    token = tokens.caller(request.headers.get("Authorization", ""))
    if token is not None:
        record.organisation, record.token = token.organisation.name, token.label
    met = faults.book.met_by(record.method, request.path, record.organisation or "")
    record.fault = ", ".join(rule.kind for rule in met) or None
    for rule in met:
        instead = trouble.before(rule, request)
        if instead is not None:
            return instead
    response = _injected(record) or _processed(request, rest, token, met)
    for rule in met:
        response = trouble.after(rule, request, response)
    if request.method in {"POST", "PATCH", "DELETE"} and board.is_on("inject.timeout_after_commit"):
        transport.of(request).reset = True
        record.fault = record.fault or "inject.timeout_after_commit"
    return response


def _injected(record: calls.Record) -> HttpResponse | None:
    response = trouble.injected() or trouble.over_rate(record.organisation or "")
    if response is not None:
        record.fault = record.fault or "switch"
    return response


def _processed(
    request: HttpRequest, rest: str, token: Token | None, met: list[faults.Rule]
) -> HttpResponse:
    try:
        return _answer(request, rest, token, met)
    except Refusal as refusal:
        return errors.envelope(refusal.status, refusal.message)
    except RecursionError:
        return errors.envelope(400, "Validation failed: the body is nested too deeply")


def _answer(
    request: HttpRequest, rest: str, token: Token | None, met: list[faults.Rule]
) -> HttpResponse:
    now = instants.now()
    token = tokens.check(token, now)
    noun, _, key = rest.strip("/").partition("/")
    if moved := _slash(request, rest, noun, key):
        return moved
    if request.method == "OPTIONS":
        return _options(noun, key)
    call = Call(request, token, catalogue.of(token.organisation_id), now, key)
    endpoint = _checked(call, noun)
    if any(rule.kind == "steal_slot" for rule in met) and endpoint.act is bookings.create:
        seats.fill(call.catalogue, bookings.wish(call), now=now)
    body = endpoint.act(call)
    status = int(board["post.status"]) if endpoint.status == 201 else endpoint.status
    return errors.json_response(body, status)


def _checked(call: Call, noun: str) -> endpoints.Endpoint:
    """The endpoint, after its checks in the order of the switch `check_order`."""
    method = call.request.method or ""
    endpoint: endpoints.Endpoint | None = None
    for step in board["check_order"].split(","):
        if step == "scope":
            tokens.check_scope(call.token, method)
        elif step in {"existence", "body"}:
            endpoint = endpoint or endpoints.find(method, noun, is_item=bool(call.key))
            (endpoint.exists if step == "existence" else endpoint.check)(call)
    return endpoint or endpoints.find(method, noun, is_item=bool(call.key))


def _slash(request: HttpRequest, rest: str, noun: str, key: str) -> HttpResponse | None:
    """Collections end in a slash, items do not (section 3.1); what else is, the switch says."""
    right = f"{noun}/{key}" if key else f"{noun}/"
    if rest == right or board["path.slash"] == "lenient":
        return None
    if board["path.slash"] == "strict" or rest.strip("/") != right.strip("/"):
        raise Refusal(404)
    query = request.META.get("QUERY_STRING", "")
    location = f"/connect/{right}" + (f"?{query}" if query else "")
    return HttpResponse(status=308, headers={"Location": location})


def _options(noun: str, key: str) -> HttpResponse:
    allowed = endpoints.methods(noun, is_item=bool(key))
    if not allowed:
        raise Refusal(404)
    return HttpResponse(status=204, headers={"Allow": ", ".join([*sorted(allowed), "OPTIONS"])})
