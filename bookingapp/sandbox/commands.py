"""The command line: serve, seed, provisioning, leads."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import traceback
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from threading import Thread
from types import FrameType
from typing import TYPE_CHECKING, Any

import django
from django.core.signals import got_request_exception

if TYPE_CHECKING:
    from bookingapp.sandbox.server import Server

ROLES = ("staff", "manager", "admin")


def main(arguments: Sequence[str]) -> int:
    """Run one command; its exit status."""
    options = _parser().parse_args(arguments)
    options.data.mkdir(parents=True, exist_ok=True)
    os.environ["SANDBOX_DATA_DIR"] = str(options.data)
    django.setup()
    COMMANDS[options.command](options)
    return 0


def serve(options: argparse.Namespace) -> None:
    """Serve until SIGTERM or SIGINT; the address is printed, and written to the ready file."""
    from django.core.wsgi import get_wsgi_application

    from bookingapp.sandbox import hooks, transport, world
    from bookingapp.sandbox.server import Server

    world.open_or_make(options.seed, options.today)
    server = Server((options.host, options.port), get_wsgi_application())
    _stop_on_signals(server)
    _tell_failures()
    hooks.start()
    _announce(options, server.server_address[1])
    server.serve_forever(poll_interval=0.1)
    transport.stopping.set()
    transport.release()
    server.server_close()


def seed(options: argparse.Namespace) -> None:
    """Make the world, or make it anew."""
    from bookingapp.sandbox import world

    made = world.open_or_make(options.seed, options.today, fresh=options.fresh)
    print(f"Sandbox: {made} in {options.data}")  # noqa: T201


def provisioning(options: argparse.Namespace) -> None:
    """Print what the product's ``manage.py provision -`` reads: organisations, tokens, people."""
    from bookingapp.sandbox import ids, seeding, world

    made = world.open_or_make(options.seed, options.today)
    names = [plan.name for plan in seeding.ORGANISATIONS]
    organisations = [
        {
            "name": name,
            "connect_url": options.url,
            "tokens": [
                {"secret": ids.secret_of(made.seed, name, scope), "label": scope}
                for scope in seeding.SCOPES
            ],
            "settings": {},
        }
        for name in names
    ]
    _print({"organisations": organisations, "people": [_person(role, names) for role in ROLES]})


def leads(options: argparse.Namespace) -> None:
    """Print the leads in Connect's own shape, one JSON object per line."""
    from bookingapp.sandbox import catalogue, wire, world
    from bookingapp.sandbox.models import Lead

    world.open_or_make(options.seed, options.today)
    rows = Lead.objects.order_by("organisation_id", "created_at", "id")
    if options.organisation:
        rows = rows.filter(organisation__name=options.organisation)
    for row in rows:
        _print(wire.lead(catalogue.of(row.organisation_id), row))


COMMANDS = {"serve": serve, "seed": seed, "provisioning": provisioning, "leads": leads}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bookingapp.sandbox", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, command in COMMANDS.items():
        one = commands.add_parser(name, help=command.__doc__)
        one.add_argument("--data", type=Path, required=True, help="folder of the database")
        one.add_argument("--seed", type=int, default=7)
        one.add_argument("--today", type=date.fromisoformat, default=date.today())  # noqa: DTZ011
        if name == "serve":
            one.add_argument("--host", default="127.0.0.1")
            one.add_argument("--port", type=int, default=8001, help="0 picks a free one")
            one.add_argument("--ready-file", type=Path, help="gets the port once it is open")
        if name == "seed":
            one.add_argument("--fresh", action="store_true", help="throw away what is there")
        if name == "provisioning":
            one.add_argument("--url", required=True, help="where this sandbox is served")
        if name == "leads":
            one.add_argument("--organisation", default="", help="only this one's, by name")
    return parser


def _stop_on_signals(server: Server) -> None:
    def stop(_number: int, _frame: FrameType | None) -> None:
        # shutdown() waits for the loop that this very thread is running.
        Thread(target=server.shutdown, daemon=True).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)


def _tell_failures() -> None:
    """A mistake of the sandbox's own goes to the terminal; refusals and faults do not."""
    got_request_exception.connect(lambda **_: traceback.print_exc(), weak=False)


def _announce(options: argparse.Namespace, port: int) -> None:
    print(f"Sandbox on http://{options.host}:{port}/", flush=True)  # noqa: T201
    if options.ready_file is not None:
        # Renamed into place: whoever waits for the file never reads half of it.
        draft = options.ready_file.with_name(options.ready_file.name + ".part")
        draft.write_text(f"{port}\n", encoding="ascii")
        draft.replace(options.ready_file)


def _person(role: str, organisations: list[str]) -> dict[str, Any]:
    return {
        "username": role,
        "password": f"{role}-demo-2026",
        "email": f"{role}@example.org",
        "roles": dict.fromkeys(organisations, role),
    }


def _print(value: Any) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
