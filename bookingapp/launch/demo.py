"""The demo's world: the sandbox's organisations, their tokens and leads, and three people."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from bookingapp.launch import lock
from bookingapp.launch.options import Options
from bookingapp.launch.prepare import manage, run
from bookingapp.launch.sandbox import MODULE
from bookingapp.launch.say import Stop, say

MARK = ".demo"


def is_seeded(options: Options) -> bool:
    """Whether the desk knows this sandbox, at the address it is served at now."""
    note = _note(options)
    return note.exists() and note.read_text(encoding="utf-8") == options.sandbox_address


def seed(options: Options, environment: dict[str, str]) -> None:
    """Tell the desk what the sandbox knows. Safe to repeat when an earlier try was cut short."""
    sandbox = options.folder / "sandbox"
    if _note(options).exists():
        say("Telling the desk where the sandbox is now …")
        provision(environment, sandbox, options.sandbox_address)
    else:
        if environment.get("DATABASE_URL"):
            _require_empty(environment)
        say("Filling the demo with organisations, people and leads …")
        world = fill(environment, sandbox, options.sandbox_address)
        people = {person["username"]: person["password"] for person in world["people"]}
        _write_private(options.folder / "logins.json", json.dumps(people, indent=1))
    _note(options).write_text(options.sandbox_address, encoding="utf-8")


def _require_empty(environment: dict[str, str]) -> None:
    """Practice data must never land among real data. Raises Stop when there is any."""
    count = "from bookingapp.domain.models import Organisation as o; print(o.objects.count())"
    if manage(environment, "shell", "--no-imports", "--command", count).strip() != "0":
        raise Stop(
            "DATABASE_URL names a database that already holds organisations; the demo would mix"
            " its own into them. Unset it for make demo, or name an empty database."
        )


def _note(options: Options) -> Path:
    return options.folder / "seeded"


def fill(environment: dict[str, str], sandbox_data: Path, address: str) -> dict[str, Any]:
    """Provision the desk with the sandbox served at ``address``; what it was provisioned with."""
    told = _ask_sandbox(environment, sandbox_data, "provisioning", "--url", address)
    world: dict[str, Any] = json.loads(told)
    manage(environment, "provision", "-", given=told)
    for name in (organisation["name"] for organisation in world["organisations"]):
        leads = _ask_sandbox(environment, sandbox_data, "leads", "--organisation", name)
        manage(environment, "adopt_leads", "--organisation", name, "-", given=leads)
    return world


def provision(environment: dict[str, str], sandbox_data: Path, address: str) -> dict[str, Any]:
    """Organisations, tokens and people only; repeating it updates the address."""
    told = _ask_sandbox(environment, sandbox_data, "provisioning", "--url", address)
    manage(environment, "provision", "-", given=told)
    world: dict[str, Any] = json.loads(told)
    return world


def organisations(environment: dict[str, str], options: Options) -> list[str]:
    """The names of the sandbox's organisations, the largest first."""
    told = _ask_sandbox(
        environment, options.folder / "sandbox", "provisioning", "--url", options.sandbox_address
    )
    return [str(one["name"]) for one in json.loads(told)["organisations"]]


def _ask_sandbox(environment: dict[str, str], data: Path, *command: str) -> str:
    return run([*MODULE, *command, "--data", str(data)], environment)


def logins(folder: Path) -> dict[str, str]:
    """User name to password, as they were when the demo was made."""
    known: dict[str, str] = json.loads((folder / "logins.json").read_text(encoding="utf-8"))
    return known


def _write_private(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")


def mark(folder: Path) -> None:
    """A reset deletes only folders that carry this mark."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    (folder / MARK).touch()


def reset(folder: Path) -> None:
    """Delete the demo's folder. Raises Stop when it is in use or is not a demo's folder."""
    if not folder.exists():
        say("There is no demo data yet; make demo makes it.")
        return
    if not (folder / MARK).exists():
        raise Stop(f"{folder} was not made by make demo, so it is left alone.")
    lock.take(folder)
    shutil.rmtree(folder)
    say("The demo's data is gone. make demo starts over.")
