"""The whole desk of one data folder: what runs, in which order, and what the person is told."""

from __future__ import annotations

import os
import sys
from dataclasses import replace

from bookingapp.launch import (
    claiming,
    demo,
    demo_hooks,
    lock,
    ports,
    practice,
    prepare,
    sandbox,
    valkey,
    web,
)
from bookingapp.launch.child import Child
from bookingapp.launch.options import Options, child_environment
from bookingapp.launch.say import Stop, say
from bookingapp.launch.supervisor import Ended, Supervisor

WORKER_PATIENCE_SECONDS = 45.0


def run(options: Options) -> None:
    """Start everything and stay until asked to end. Raises Stop when that is not possible."""
    if options.demo:
        demo.mark(options.folder)
    held = lock.take(options.folder)
    options = _with_ports(options)
    supervisor = Supervisor()
    supervisor.listen()
    try:
        _start(options, supervisor, held)
        supervisor.watch()
    except Ended:
        say("\nStopping …")
    finally:
        supervisor.stop()
    say("Stopped. Everything is kept for the next start.")


def _with_ports(options: Options) -> Options:
    """The same; without the practice mode where its port is taken. Raises Stop."""
    ports.require_free(options.host, options.port, variable="PORT")
    if options.demo:
        ports.require_free("127.0.0.1", options.sandbox_port, variable="SANDBOX_PORT")
    if options.practice:
        try:
            ports.require_free("127.0.0.1", options.sandbox_port, variable="SANDBOX_PORT")
        except Stop as reason:
            say(f"There is no practice mode this time: {reason}")
            return replace(options, practice=False)
    return options


def environment_of(options: Options) -> dict[str, str]:
    """The children's environment, with the socket of the embedded Valkey where it is used."""
    environment = child_environment(options)
    if valkey.is_wanted():
        environment["VALKEY_SOCKET"] = str(valkey.socket_path(options.folder))
    return environment


def _start(options: Options, supervisor: Supervisor, held: int) -> None:
    environment = environment_of(options)
    first = _stores(options, environment)
    last = [_worker(options, environment), web.child(options, environment)]
    for child in (*first, *last):
        child.inherited = (held,)
    supervisor.start(*first)
    prepare.prepare(options.folder, environment)
    supervisor.wait_ready(*first)
    if options.demo and not demo.is_seeded(options):
        demo.seed(options, environment)
    if options.practice:
        practice.prepare(options, environment)
    if options.demo:
        demo_hooks.connect(options, environment)
    say("Starting the worker and the web server …")
    supervisor.start(*last)
    supervisor.wait_ready(*last)
    _welcome(options)


def _stores(options: Options, environment: dict[str, str]) -> list[Child]:
    children = []
    if valkey.is_wanted():
        socket_file = valkey.socket_path(options.folder)
        children.append(valkey.child(options.folder, environment, socket_file))
    if options.demo or options.practice:
        children.append(sandbox.child(options.folder, options.sandbox_port, environment))
    return children


def _worker(options: Options, environment: dict[str, str]) -> Child:
    ready = options.folder / "worker.ready"
    return Child(
        name="worker",
        command=[sys.executable, "-m", "bookingapp.launch.worker", "-B"],
        environment={**environment, "WORKER_READY_FILE": str(ready)},
        log=options.folder / "logs" / "worker.log",
        is_ready=ready.exists,
        # A warm stop lets every call to Connect come to its end.
        patience_seconds=WORKER_PATIENCE_SECONDS,
        before_start=lambda: ready.unlink(missing_ok=True),
    )


def _welcome(options: Options) -> None:
    say()
    say(f"The booking desk is ready: {options.address}")
    if options.demo:
        for name, password in demo.logins(options.folder).items():
            say(f"  sign in as {name:<10} password {password}")
        say(f"The sandbox behind it:     {options.sandbox_address}/")
    claiming.tell(options)
    say(f"Logs are in {os.path.relpath(options.folder / 'logs')}. Ctrl-C stops everything.")
