"""Which Pythons does this machine have that could run the desk?"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

FLOOR = (3, 11)
# Prints nothing for an interpreter that cannot make an environment or is not a plain release.
PROBE = """
import sys, sysconfig
import ensurepip, sqlite3, ssl, venv
plain = sys.implementation.name == "cpython" and sys.version_info.releaselevel == "final"
if plain and not sysconfig.get_config_var("Py_GIL_DISABLED"):
    print(*sys.version_info[:3])
"""

Version = tuple[int, ...]


def find() -> dict[tuple[int, int], str]:
    """The newest interpreter of each minor version from 3.11 on: (3, 13) → its path."""
    best: dict[tuple[int, int], tuple[Version, str]] = {}
    for path in _candidates():
        version = version_of(path)
        if version is None or version[:2] < FLOOR:
            continue
        minor = (version[0], version[1])
        if minor not in best or best[minor][0] < version:
            best[minor] = (version, path)
    return {minor: path for minor, (_, path) in best.items()}


def version_of(path: str) -> Version | None:
    try:
        done = subprocess.run(
            [path, "-I", "-c", PROBE], capture_output=True, text=True, timeout=20, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return tuple(int(part) for part in done.stdout.split()) if done.stdout.strip() else None


def _candidates() -> list[str]:
    """Real files only once; a version manager's shim runs whatever it likes, so it is left out."""
    folders = [Path(part) for part in os.environ.get("PATH", "").split(os.pathsep) if part]
    folders += [Path("/usr/bin"), Path("/usr/local/bin")]
    folders += sorted(Path.home().glob(".pyenv/versions/*/bin"))
    folders += sorted(Path("/opt").glob("*/bin"))
    found: dict[Path, str] = {}
    for folder in folders:
        if folder.name == "shims":
            continue
        for path in sorted(folder.glob("python3.[0-9]*")):
            if path.name.removeprefix("python3.").isdigit():
                found.setdefault(path.resolve(), str(path))
    return list(found.values())
