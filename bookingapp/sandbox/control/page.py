"""The page at ``/``: the switches, the faults, the calls, the judge; plain HTML, no script."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from itertools import groupby
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from bookingapp.sandbox import calls, faults, judge
from bookingapp.sandbox.control import actions, shapes
from bookingapp.sandbox.control.guard import loopback_only
from bookingapp.sandbox.errors import Refusal
from bookingapp.sandbox.models import Event, Token, World
from bookingapp.sandbox.switches import ALL, Switch, board

STYLE = Path(__file__).resolve().parent.parent / "static" / "sandbox.css"
POLICY = "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'"
SHOWN_CALLS = 100

Action = Callable[[HttpRequest], None]


@loopback_only
def page(request: HttpRequest) -> HttpResponse:
    return _shown(request)


@loopback_only
def style(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(STYLE.read_bytes(), content_type="text/css; charset=utf-8")


def action(section: str) -> Callable[[Action], Callable[..., HttpResponse]]:
    """A form's target: does its thing, then shows that section again; errors stay on the page."""

    def decorate(do: Action) -> Callable[..., HttpResponse]:
        @loopback_only
        @wraps(do)
        def view(request: HttpRequest) -> HttpResponse:
            if request.method != "POST":
                return HttpResponse(status=405, headers={"Allow": "POST"})
            try:
                do(request)
            except Refusal as refusal:
                return _shown(request, refusal.message)
            except ValueError as error:
                return _shown(request, str(error))
            return HttpResponseRedirect(f"/#{section}")

        return view

    return decorate


@action("switches")
def set_switches(request: HttpRequest) -> None:
    """Only what was sent and differs, so that an old page does not undo another's change."""
    given = request.POST
    actions.set_switches(
        {
            switch.name: given[switch.name]
            for switch in ALL
            if switch.name in given and given[switch.name] != given.get(f"was {switch.name}")
        }
    )


@action("switches")
def default_switches(_request: HttpRequest) -> None:
    actions.set_switches({switch.name: None for switch in ALL})


@action("faults")
def add_fault(request: HttpRequest) -> None:
    given = request.POST
    try:
        params = json.loads(given.get("params") or "{}")
    except ValueError:
        raise ValueError("The parameters must be JSON") from None
    match = {
        name: given[name].strip()
        for name in ("method", "path", "organisation")
        if given.get(name, "").strip()
    }
    faults.book.add(
        {
            "kind": given.get("kind"), "match": match, "params": params,
            "times": int(given["times"]) if given.get("times") else None,
            "after": int(given.get("after") or 0),
        }
    )  # fmt: skip


@action("faults")
def remove_fault(request: HttpRequest) -> None:
    faults.book.remove(int(request.POST.get("id", "0")))


@action("faults")
def clear_faults(_request: HttpRequest) -> None:
    faults.book.clear()


@action("calls")
def clear_calls(_request: HttpRequest) -> None:
    calls.log.clear()


@action("tokens")
def revoke(request: HttpRequest) -> None:
    actions.set_revoked(actions.token(request.POST.get("id", "")), revoked=True)


@action("tokens")
def restore(request: HttpRequest) -> None:
    actions.set_revoked(actions.token(request.POST.get("id", "")), revoked=False)


@action("top")
def reset(_request: HttpRequest) -> None:
    actions.reset()


def _shown(request: HttpRequest, error: str = "") -> HttpResponse:
    context = {
        "error": error,
        "world": World.objects.get(),
        "groups": [(name, list(rows)) for name, rows in groupby(_switches(), lambda s: s["group"])],
        "changed": len(board.changed()),
        "kinds": [(kind, json.dumps(params)) for kind, params in faults.KINDS.items()],
        "faults": [_fault(rule) for rule in faults.book.all()],
        "calls": calls.log.all()[: -SHOWN_CALLS - 1 : -1],
        "tokens": [shapes.token(row) for row in _tokens()],
        "organisations": sorted({row.organisation.name for row in _tokens()}),
        "events": Event.objects.count(),
    } | judge.verdict()  # fmt: skip
    response = render(request, "sandbox/page.html", context, status=400 if error else 200)
    response["Content-Security-Policy"] = POLICY
    return response


def _tokens() -> list[Token]:
    rows = Token.objects.select_related("organisation")
    return list(rows.order_by("organisation__name", "label"))


def _switches() -> list[dict[str, Any]]:
    rows = sorted(ALL, key=lambda switch: (_group(switch), ALL.index(switch)))
    return [_switch(switch) for switch in rows]


def _switch(switch: Switch) -> dict[str, Any]:
    value = board[switch.name]
    if switch.allowed == "json":
        value = json.dumps(value, ensure_ascii=False)
    elif switch.allowed == "list":
        value = ", ".join(value)
    elif switch.allowed == "number":
        value = f"{value:g}"
    choices = switch.allowed if isinstance(switch.allowed, tuple) else ()
    return {
        "name": switch.name, "help": switch.help, "value": value, "choices": choices,
        "group": _group(switch), "kind": switch.allowed if not choices else "choice",
        "is_changed": board[switch.name] != switch.default,
    }  # fmt: skip


def _group(switch: Switch) -> str:
    prefix = switch.name.partition(".")[0]
    return GROUPS.get(prefix, "Answers")


GROUPS = {
    "booking": "Bookings", "availability": "Availability", "data": "Leads", "lead": "Leads",
    "patch": "Leads", "states": "Leads", "inject": "Trouble for every call", "rate":
    "Trouble for every call", "flow": "Hooks", "form_hook": "Hooks", "lookup": "Lookups",
    "list": "Lookups", "slots": "Lookups",
}  # fmt: skip


def _fault(rule: faults.Rule) -> dict[str, Any]:
    shown = rule.as_json()
    return shown | {
        "params": json.dumps(shown["params"]),
        "match": " ".join(shown["match"].values()),
    }
