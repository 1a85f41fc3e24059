"""A SQLite file with all tables and nothing in them, made once per run of the suite."""

import sys

from bookingapp.launch.prepare import run
from tests.support.once import once


def migrated(shared):
    """Its path; ``shared`` is the folder of the run."""
    return once(shared, "migrated", _make) / "desk.sqlite3"


def _make(place):
    from tests.support.template import product_environment

    place.mkdir()
    run([sys.executable, "-m", "tests.support.migrated"], product_environment(place))


def main():
    """Makes the file in DATA_DIR."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", interactive=False, verbosity=0)
    # Sealed by the keys of this folder: whoever has a copy makes one of their own.
    connection.cursor().execute("DELETE FROM domain_searchkey")
    connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")


if __name__ == "__main__":
    main()
