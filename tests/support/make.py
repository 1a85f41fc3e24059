"""Make a desk's data in one process: ``python -m tests.support.make FOLDER ADDRESS`` with its
environment. Static files beside a SQLite file that has its tables already, or the tables of another
database; then the world of the sandbox at ADDRESS, as ``told`` wrote it into FOLDER/told.json.
"""

import json
import sys
from pathlib import Path


def main(folder, address):
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    if connection.vendor == "sqlite":
        call_command("collectstatic", interactive=False, verbosity=0)
    else:
        call_command("migrate", interactive=False, verbosity=0)
    told = json.loads((folder / "told.json").read_text())
    _provision(folder, told, address)


def _provision(folder, told, address):
    from django.core.management import call_command

    for organisation in told["world"]["organisations"]:
        organisation["connect_url"] = address
    document = folder / "world.json"
    document.write_text(json.dumps(told["world"]))
    call_command("provision", str(document), verbosity=0)
    for name, lines in told["leads"].items():
        known = folder / "leads"
        known.write_text(lines)
        call_command("adopt_leads", str(known), organisation=name, verbosity=0)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
