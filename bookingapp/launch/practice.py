"""The practice mode of `make run`: a sandbox beside the desk, and a note of how to ask it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from bookingapp.launch.options import Options
from bookingapp.launch.prepare import manage, run
from bookingapp.launch.sandbox import MODULE
from bookingapp.launch.say import Stop, say

NAME = "Practice"


def note(options: Options) -> Path:
    """What the product reads (PRACTICE_FILE)."""
    return options.folder / "practice.json"


def prepare(options: Options, environment: dict[str, str]) -> None:
    """Write the note, anew when the sandbox is served elsewhere. The desk runs without it, too."""
    before = _read(note(options))
    if before.get("connect_url") == options.sandbox_address:
        return
    try:
        say("Preparing the practice mode …")
        told = _sandbox(options, environment)
        if before:
            old = str(before.get("connect_url", ""))
            manage(environment, "follow_sandbox", old, options.sandbox_address)
        _write(note(options), json.dumps(told))
    except Stop as reason:
        say(f"There is no practice mode this time: {reason}")


def _sandbox(options: Options, environment: dict[str, str]) -> dict[str, Any]:
    """Its first organisation, with tokens and leads, under a name that says what it is."""
    data = ("--data", str(options.folder / "sandbox"))
    world = run([*MODULE, "provisioning", "--url", options.sandbox_address, *data], environment)
    first = json.loads(world)["organisations"][0]
    leads = run([*MODULE, "leads", "--organisation", first["name"], *data], environment)
    tokens = sorted(first["tokens"], key=lambda token: token["label"] != "read")
    return {
        "name": NAME,
        "connect_url": options.sandbox_address,
        "tokens": tokens,
        "leads": [line for line in leads.splitlines() if line.strip()],
    }


def _read(path: Path) -> dict[str, Any]:
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}


def _write(path: Path, text: str) -> None:
    """Ours alone to read: it holds tokens, if only of a sandbox. Whole or not at all."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)
