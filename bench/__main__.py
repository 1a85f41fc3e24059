"""``python -m bench [--write] [grid|booking|leads …]``"""

from __future__ import annotations

import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from bench import booking, grid, leads
from bench.figures import Row, table
from bench.stage import Stage

SUBJECTS = {"grid": grid.rows, "booking": booking.rows, "leads": leads.rows}
RESULTS = Path(__file__).with_name("results.md")


def main(arguments: list[str]) -> int:
    wanted = [name for name in arguments if name in SUBJECTS] or list(SUBJECTS)
    rows = _measured(wanted)
    text = table(rows)
    print(text)
    if "--write" in arguments:
        day = datetime.now(UTC).date().isoformat()
        RESULTS.write_text(f"# Measured on {day} by `make bench`\n\n{text}\n", encoding="utf-8")
    return 0


def _measured(wanted: list[str]) -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="desk-bench-") as folder:
        stage = Stage(Path(folder))
        try:
            return [row for name in wanted for row in SUBJECTS[name](stage)]
        finally:
            stage.stop()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
