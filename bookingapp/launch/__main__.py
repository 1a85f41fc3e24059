"""``python -m bookingapp.launch demo|run|reset|manage …``"""

from __future__ import annotations

import os
import subprocess
import sys

from bookingapp.launch import demo, desk, options
from bookingapp.launch.child import end_with_parent
from bookingapp.launch.dotenv import DotenvError, load
from bookingapp.launch.say import Stop, say

USAGE = "Usage: python -m bookingapp.launch demo | run | reset | manage [--demo] COMMAND …"


def main(arguments: list[str]) -> int:
    # Databases, keys and logs are nobody else's to read.
    os.umask(0o077)
    try:
        load(options.BASE_DIR / ".env")
        return _do(arguments)
    except (Stop, DotenvError) as reason:
        say(str(reason))
        return 1


def _do(arguments: list[str]) -> int:
    match arguments:
        case ["demo" | "run" as mode]:
            if os.environ.get("MAKELEVEL"):
                # Whoever kills make means us.
                end_with_parent(os.getppid())
            desk.run(options.read(demo=mode == "demo"))
            return 0
        case ["reset"]:
            demo.reset(options.read(demo=True).folder)
            return 0
        case ["manage", "--demo", *rest]:
            return _manage(rest, demo_data=True)
        case ["manage", *rest]:
            return _manage(rest, demo_data=False)
    say(USAGE)
    return 2


def _manage(arguments: list[str], *, demo_data: bool) -> int:
    """A management command with the settings that ``run`` (or ``demo``) uses."""
    environment = desk.environment_of(options.read(demo=demo_data))
    command = [sys.executable, str(options.BASE_DIR / "manage.py"), *arguments]
    return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
