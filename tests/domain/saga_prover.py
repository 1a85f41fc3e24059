"""A process that carries out cases: JSON lists of their fields in, one verdict a line out.

``python -m tests.domain.saga_prover FOLDER SANDBOX_PORT`` with ``saga_settings``. It forks for
every death, so a case costs a fraction of the start of an interpreter.
"""

import json
import sys
import time
from dataclasses import astuple
from pathlib import Path


def main(folder, port):
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from tests.domain.saga_cases import Case
    from tests.domain.saga_place import Place
    from tests.domain.saga_run import carry_out
    from tests.support.sandbox import attached

    if not connection.introspection.table_names():
        call_command("migrate", interactive=False, verbosity=0)
    place = Place(attached(Path(folder), int(port)))
    for line in sys.stdin:
        case = Case(*json.loads(line))
        began = time.monotonic()
        try:
            verdict = carry_out(place, case)
        except Exception as error:
            verdict = {"problems": [f"the prover failed: {error!r}"], "died": 0, "met": False,
                       "rests": []}  # fmt: skip
            import traceback

            traceback.print_exc()
        verdict["seconds"] = round(time.monotonic() - began, 3)
        sys.stdout.write(json.dumps([astuple(case), verdict]) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:3])
