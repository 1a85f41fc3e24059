"""Makes the virtual environment and installs a locked set: ``environment.py runtime|dev``.

A second run does nothing when the lock file has not changed. uv does it when it is there.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import runpy
import shutil
import subprocess
import sys
import time
from pathlib import Path

import system
from say import give_up, say

ROOT = Path(__file__).resolve().parent.parent
FLOOR = (3, 11)
SETS = ("runtime", "production", "dev")


def ensure(kind: str, *, venv: Path, python: str = sys.executable) -> str:
    """The path of an interpreter that has the set ``kind`` installed."""
    inside = venv / "bin" / "python"
    if not _works(inside):
        _make(venv, python)
    if not _is_installed(kind, venv):
        _install(kind, venv, str(inside))
    return str(inside)


def _works(inside: Path) -> bool:
    if not inside.exists():
        return False
    try:
        return subprocess.run([inside, "-c", ""], check=False, capture_output=True).returncode == 0
    except OSError:
        return False


def _make(venv: Path, python: str) -> None:
    has_pip = subprocess.run([python, "-c", "import ensurepip"], check=False, capture_output=True)
    if has_pip.returncode != 0:
        system.install(["python3-venv"], why="This Python cannot make virtual environments yet.")
    say(f"Making the Python environment {venv.name} …")
    made = subprocess.run([python, "-m", "venv", "--clear", str(venv)], check=False)
    if made.returncode != 0:
        give_up(f"{python} could not make {venv}. What it said is above.")


def _stamp(kind: str, venv: Path) -> Path:
    return venv / f".installed-{kind}"


def _wanted(kind: str) -> str:
    return hashlib.sha256(_lock(kind).read_bytes()).hexdigest()


def _lock(kind: str) -> Path:
    return ROOT / "requirements" / f"{kind}.txt"


def _is_installed(kind: str, venv: Path) -> bool:
    """A bigger set contains the smaller ones, so its stamp will do."""
    for installed in SETS[SETS.index(kind) :]:
        stamp = _stamp(installed, venv)
        if stamp.exists() and stamp.read_text(encoding="ascii") == _wanted(installed):
            return True
    return False


def _install(kind: str, venv: Path, inside: str) -> None:
    count = _lock(kind).read_text(encoding="utf-8").count("==")
    say(f"Installing about {count} packages, each checked against its hash …")
    started = time.monotonic()
    lock = str(_lock(kind))
    if not (_with_uv(lock, inside) or _with_pip(lock, inside)):
        give_up(f"The packages of {lock} could not be installed. The reason is above.")
    for old in venv.glob(".installed-*"):
        old.unlink()
    _stamp(kind, venv).write_text(_wanted(kind), encoding="ascii")
    say(f"Installed in {time.monotonic() - started:.0f} s.")


def _with_uv(lock: str, inside: str) -> bool:
    uv = shutil.which("uv")
    if uv is None:
        return False
    environment = {**os.environ, "UV_PYTHON_DOWNLOADS": "never"}
    command = [uv, "pip", "install", "--quiet", "--require-hashes", "--python", inside, "-r", lock]
    if subprocess.run(command, env=environment, check=False).returncode == 0:
        return True
    say("uv could not do it; trying pip.")
    return False


def _with_pip(lock: str, inside: str) -> bool:
    pip = [inside, "-m", "pip", "-qq", "--disable-pip-version-check", "--no-input"]
    command = [*pip, "install", "--require-hashes", "-r", lock]
    return subprocess.run(command, check=False).returncode == 0


def main() -> None:
    if sys.version_info < FLOOR:
        give_up(
            f"Python {FLOOR[0]}.{FLOOR[1]} or newer is needed; this is {sys.version.split()[0]}."
        )
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=SETS)
    parser.add_argument("--venv", type=Path, default=ROOT / ".venv")
    options = parser.parse_args()
    kind = "production" if options.kind == "runtime" and _on_postgres() else options.kind
    ensure(kind, venv=options.venv.absolute())


def _on_postgres() -> bool:
    """The embedded default needs no database driver; DATABASE_URL says when one is needed."""
    # The launcher's own reader, taken as a file: its package needs what is not installed yet.
    reader = runpy.run_path(str(ROOT / "bookingapp" / "launch" / "dotenv.py"))
    try:
        reader["load"](ROOT / ".env")
    except ValueError as error:
        give_up(str(error))
    return os.environ.get("DATABASE_URL", "").startswith("postgres")


if __name__ == "__main__":
    main()
