"""Begin an import of so many people in the first organisation of a desk.

``python -m tests.support.importing HOW NUMBER`` with a desk's environment: uploaded, tried dry and
started, as by the manager. HOW is "create" or "adopt". Prints the import's key.
"""

import subprocess
import sys
import uuid


def begin_import(desk, how, number):
    """The same for a running desk, in a process of its own: the import's key."""
    command = [sys.executable, "-m", "tests.support.importing", how, str(number)]
    done = subprocess.run(
        command, env=desk.environment(), capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.strip()


def file_of(how, number):
    """Semicolons and umlauts, as office programs write them."""
    head = "Name;Telefon" if how == "create" else "Lead ID;Name;Telefon"
    rows = [
        f"{'' if how == 'create' else f'le-{n};'}Jörg Nr{n};0171 {5_000_000 + n}"
        for n in range(1, number + 1)
    ]
    return "\r\n".join([head, *rows, ""]).encode("cp1252")


def main(how, number):
    from django.contrib.auth import get_user_model
    from django.utils import timezone

    from bookingapp.domain.imports import checking, progress, running, uploading
    from bookingapp.domain.models import Organisation

    now = timezone.now()
    organisation = Organisation.objects.order_by("name").first()
    manager = get_user_model().objects.get(username="manager")
    pool = organisation.leadpool_set.filter(gone_at=None).order_by("pk").first()
    upload = uploading.Upload(uuid.uuid4(), pool.pk, "people.csv", file_of(how, number))
    batch, _ = uploading.begin(organisation, manager, upload, now=now)
    plan, guessed = uploading.suggested(batch)
    assert guessed == how
    checking.check(batch, plan, how, person=manager, now=now)
    events = progress.events_ahead(batch)
    running.start(batch, manager, expected=number, typed=events, now=now)
    sys.stdout.write(batch.pk.hex)


if __name__ == "__main__":
    import django

    django.setup()
    main(sys.argv[1], int(sys.argv[2]))
