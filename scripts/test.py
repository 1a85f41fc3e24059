"""Runs the test suite on the oldest and the newest Python found: ``test.py [pytest arguments]``.

CELLS=1 runs only the first of the two; JOBS is the number of parallel test processes (2).
"""

from __future__ import annotations

import ctypes.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import environment
import pythons
import system
from say import give_up, say

ROOT = environment.ROOT
Cell = tuple[tuple[int, int], str]


def main(arguments: list[str]) -> int:
    if sys.version_info < environment.FLOOR:
        give_up("Python 3.11 or newer is needed.")
    _system_packages()
    cells = _cells()
    for minor, python in cells:
        code = _run_cell(minor, python, arguments)
        if code:
            return code
    return 0


def _system_packages() -> None:
    missing = []
    if not shutil.which("chromium"):
        missing += ["chromium", "fonts-dejavu-core"]
    # The browser's driver is a Node.js that a minimal Debian cannot start without it.
    if not ctypes.util.find_library("atomic"):
        missing += ["libatomic1"]
    if not list(Path("/usr/lib/postgresql").glob("*/bin/initdb")) and not shutil.which("initdb"):
        missing += ["postgresql"]
    if missing:
        system.install(missing, why="The tests drive a real browser and a real database.")


def _cells() -> list[Cell]:
    found = {sys.version_info[:2]: sys.executable} | {}
    for minor, path in pythons.find().items():
        found.setdefault(minor, path)
    oldest, newest = min(found), max(found)
    if os.environ.get("CELLS") == "1":
        return [(oldest, found[oldest])]
    if oldest == newest:
        say(f"Only Python {_name(oldest)} was found here, so the tests run once, not twice.")
        return [(oldest, found[oldest])]
    return [(oldest, found[oldest]), (newest, found[newest])]


def _name(minor: tuple[int, int]) -> str:
    return f"{minor[0]}.{minor[1]}"


def _run_cell(minor: tuple[int, int], python: str, arguments: list[str]) -> int:
    own = minor == sys.version_info[:2]
    venv = ROOT / (".venv" if own else f".venv-{_name(minor)}")
    inside = environment.ensure("dev", venv=venv, python=python)
    say(f"Tests on Python {_name(minor)} with Django {_django(inside)}")
    # The slow tests come in any order: who is done first takes over from who is not.
    jobs = ["-n", os.environ.get("JOBS", "2"), "--dist", "worksteal"]
    return subprocess.run(
        [inside, "-m", "pytest", *jobs, *arguments], cwd=ROOT, check=False
    ).returncode


def _django(inside: str) -> str:
    command = [inside, "-c", "import django; print(django.__version__)"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
