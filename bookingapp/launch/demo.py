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

ROLES = ("staff", "manager", "admin")
MARK = ".demo"


def is_seeded(folder: Path) -> bool:
    return (folder / "seeded").exists()


def seed(options: Options, environment: dict[str, str]) -> None:
    """Tell the desk what the sandbox knows. Safe to repeat when an earlier try was cut short."""
    say("Filling the demo with organisations, people and leads …")
    world = _provisioning(options, environment)
    manage(environment, "provision", "-", given=json.dumps(world))
    for organisation in world["organisations"]:
        leads = _ask_sandbox(options, environment, "leads", "--organisation", organisation["name"])
        name = ("--organisation", organisation["name"])
        manage(environment, "adopt_leads", *name, "-", given=leads)
    people = {person["username"]: person["password"] for person in world["people"]}
    _write_private(options.folder / "logins.json", json.dumps(people, indent=1))
    (options.folder / "seeded").touch()


def _provisioning(options: Options, environment: dict[str, str]) -> dict[str, Any]:
    text = _ask_sandbox(options, environment, "provisioning", "--url", options.sandbox_address)
    world: dict[str, Any] = json.loads(text)
    if not world.get("people"):
        names = [organisation["name"] for organisation in world["organisations"]]
        world["people"] = [_person(role, names) for role in ROLES]
    return world


def _person(role: str, organisations: list[str]) -> dict[str, Any]:
    return {
        "username": role,
        "password": f"{role}-at-the-desk",
        "email": f"{role}@desk.example",
        "roles": dict.fromkeys(organisations, role),
    }


def _ask_sandbox(options: Options, environment: dict[str, str], command: str, *more: str) -> str:
    data = ("--data", str(options.folder / "sandbox"))
    return run([*MODULE, command, *data, *more], environment)


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
