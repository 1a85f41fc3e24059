"""All that can be said about the code without running it. Ends with 1 on any finding."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from say import say

ROOT = Path(__file__).resolve().parent.parent
TOOLS = Path(sys.executable).parent


def steps() -> list[tuple[str, list[str]]]:
    def tool(name: str, *arguments: str) -> list[str]:
        return [str(TOOLS / name), *arguments]

    def script(path: str, *arguments: str) -> list[str]:
        return [sys.executable, path, *arguments]

    return [
        ("format", tool("ruff", "format", "--check", "--quiet", ".")),
        ("lint", tool("ruff", "check", "--quiet", ".")),
        ("import contracts", tool("lint-imports")),
        ("sizes", script("scripts/sizes.py")),
        ("no registry hosts", script("scripts/hosts.py")),
        ("lock files", script("scripts/locks.py")),
        ("templates", tool("djlint", "templates", "--lint", "--quiet")),
        ("migrations", script("manage.py", "makemigrations", "--check", "--dry-run")),
        ("deploy check", script("manage.py", "check", "--deploy", "--fail-level", "WARNING")),
        ("types", tool("mypy")),
    ]


def main() -> int:
    failed = []
    with tempfile.TemporaryDirectory(prefix="desk-check-") as folder:
        environment = _environment(folder)
        for name, command in steps():
            if not _passes(name, command, environment):
                failed.append(name)
    say(f"Not in order: {', '.join(failed)}." if failed else "All checks passed.")
    return 1 if failed else 0


def _environment(folder: str) -> dict[str, str]:
    """The settings of a served desk, whatever the shell and the data folder here say."""
    names = ("DATABASE_URL", "BROKER_URL", "CACHE_URL", "SECRET_KEY", "TOKEN_KEYS", "DEBUG")
    kept = {key: value for key, value in os.environ.items() if key not in names}
    return {**kept, "DATA_DIR": folder, "HTTPS": "on", "LOG_LEVEL": "ERROR"}


def _passes(name: str, command: list[str], environment: dict[str, str]) -> bool:
    started = time.monotonic()
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    passed = done.returncode == 0
    say(f"{'ok' if passed else 'NO':<3}{name} ({time.monotonic() - started:.1f} s)")
    if not passed:
        say((done.stdout + done.stderr).rstrip())
    return passed


if __name__ == "__main__":
    sys.exit(main())
