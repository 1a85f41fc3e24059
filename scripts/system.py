"""Debian packages: installed when we may, named exactly when we may not."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence

from say import give_up, say


def root_prefix() -> list[str] | None:
    """What to put before a command that needs root; None when that is not allowed."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and _runs(["sudo", "-n", "true"]):
        return ["sudo", "-n"]
    return None


def install(packages: Sequence[str], *, why: str) -> None:
    """Install Debian packages, or end with a sentence that says what to do by hand."""
    by_hand = f"apt-get install {' '.join(packages)}"
    prefix = root_prefix()
    if prefix is None or not shutil.which("apt-get"):
        give_up(f"{why} Please run this as root, then try again:\n  {by_hand}")
    say(f"{why} Installing {', '.join(packages)} from the system's packages (up to a minute) …")
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    # An old list of packages may still do; only a failed install says whether it did.
    updated = _runs([*apt, "update"])
    if not _runs([*apt, "install", "--yes", "--no-install-recommends", *packages]):
        hint = "" if updated else " The list of packages could not be refreshed either."
        give_up(f"That did not work.{hint} Please run this as root, then try again:\n  {by_hand}")


def _runs(command: list[str]) -> bool:
    # To stderr: what it says matters only when it fails, and then it is wanted.
    return subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode == 0
