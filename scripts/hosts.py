"""No committed file names a package registry: where packages come from is the machine's affair."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from say import say

ROOT = Path(__file__).resolve().parent.parent
# Put together here, so that this file does not name them either.
HOSTS = ("pypi" + ".org", "pythonhosted" + ".org", "npmjs" + ".org", "unpkg" + ".com")
HOSTS += ("jsdelivr" + ".net", "cdnjs" + ".cloudflare", "crates" + ".io")
PATTERN = re.compile("|".join([*map(re.escape, HOSTS), r"--(?:extra-)?index" + "-url"]))


def findings() -> list[str]:
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, check=True).stdout
    found = []
    for name in names.decode().split("\0"):
        path = ROOT / name
        if name and path.is_file():
            text = path.read_text(encoding="utf-8", errors="ignore")
            found += [f"{name}: {match}" for match in sorted(set(PATTERN.findall(text)))]
    return found


if __name__ == "__main__":
    lines = findings()
    for line in lines:
        say(line)
    sys.exit(bool(lines))
