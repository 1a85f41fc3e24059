"""Everything that must be true before a process starts: tables, static files, messages.

Each part is skipped when what it was made from has not changed, so a second start is quick.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

from bookingapp.launch import messages
from bookingapp.launch.options import BASE_DIR
from bookingapp.launch.say import Stop, say


def prepare(folder: Path, environment: dict[str, str]) -> None:
    """Raises Stop when a part fails; the part's own words are printed first."""
    messages.compile_all()
    _tables(folder, environment)
    _static_files(folder, environment)


def manage(environment: dict[str, str], *arguments: str, given: str = "") -> str:
    """Run a management command to its end; its output. Raises Stop when it fails."""
    return run([sys.executable, "manage.py", *arguments], environment, given=given)


def run(command: list[str], environment: dict[str, str], *, given: str = "") -> str:
    done = subprocess.run(
        command,
        check=False,
        env=environment,
        cwd=BASE_DIR,
        input=given,
        text=True,
        capture_output=True,
    )
    if done.returncode != 0:
        say((done.stdout + done.stderr).strip())
        raise Stop(f"This failed: {' '.join(command[1:4])}. The reason is printed above.")
    return done.stdout


def _tables(folder: Path, environment: dict[str, str]) -> None:
    """Only for the embedded database may we believe our own note about what was migrated."""
    database = folder / "desk.sqlite3"
    embedded = not environment.get("DATABASE_URL")
    note = folder / "migrated"
    wanted = _fingerprint(BASE_DIR.glob("bookingapp/*/migrations/*.py"), _versions())
    if embedded and database.exists() and _read(note) == wanted:
        return
    say("Preparing the database …")
    manage(environment, "migrate", "--no-input", "--verbosity", "0")
    # A migration that makes the table anew on SQLite takes its triggers along.
    manage(environment, "protect_audit")
    note.write_text(wanted, encoding="utf-8")


def _static_files(folder: Path, environment: dict[str, str]) -> None:
    target = Path(environment["STATIC_ROOT"])
    note = folder / "collected"
    sources = (path for path in (BASE_DIR / "static").rglob("*") if path.is_file())
    # As seen from the folder: one that was moved or copied takes its files along.
    wanted = _fingerprint(sources, f"{_versions()} {os.path.relpath(target, folder)}")
    if (target / "staticfiles.json").exists() and _read(note) == wanted:
        return
    say("Collecting styles and scripts …")
    manage(environment, "collectstatic", "--no-input", "--verbosity", "0")
    note.write_text(wanted, encoding="utf-8")


def _versions() -> str:
    packages = ("django", "django-allauth", "django-htmx", "whitenoise")
    return " ".join(f"{package}={version(package)}" for package in packages)


def _fingerprint(files: Iterable[Path], more: str) -> str:
    digest = hashlib.sha256(more.encode())
    for path in sorted(files):
        digest.update(os.fsencode(path))
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""
