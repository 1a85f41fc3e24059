"""Two hands on one thing at the same moment, round after round.

``python -m tests.domain.saga_together FOLDER SANDBOX_PORT ROUNDS`` with ``saga_settings``. Prints
what each round brought, of "tabs" (two people change one booking) and of "undo" (undone while a
worker takes it).
"""

import json
import sys
import uuid
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Thread


def main(folder, port, rounds):
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from tests.domain.saga_place import Place
    from tests.support.sandbox import attached

    if not connection.introspection.table_names():
        call_command("migrate", interactive=False, verbosity=0)
    place = Place(attached(Path(folder), int(port)))
    plays = {"tabs": two_tabs, "undo": undo_and_worker}
    brought = {name: [play(place, n) for n in range(int(rounds))] for name, play in plays.items()}
    sys.stdout.write(json.dumps(brought) + "\n")


def two_tabs(place, number):
    """One moves it, the other moves it elsewhere or cancels it."""
    from bookingapp.domain.changes import BeingChanged

    _begin(place)
    acts = [
        lambda: place.ask_move(place.booking, place.new),
        lambda: (
            place.ask_cancel(place.booking)
            if number % 2
            else place.ask_move(place.booking, place.new, intent=uuid.uuid4())
        ),
    ]
    told = []

    def tab(act):
        try:
            told.append(["write", str(act().pk)])
        except BeingChanged as error:
            told.append(["told", str(error.write.pk)])

    together([lambda act=act: tab(act) for act in acts])
    return told


def undo_and_worker(place, number):
    """At the end of the window: undone, or sent, never both."""
    from django.utils import timezone

    from bookingapp.domain import runner, undo
    from bookingapp.domain.models import Write
    from bookingapp.domain.settling import AlreadySettled

    _begin(place)
    write = place.ask_cancel(place.booking, hold_seconds=8)
    place.sandbox.forget_calls()
    told = {"undone": False}

    def person():
        try:
            mine = Write.objects.get(pk=write.pk)
            undo.undo(mine, person=place.staff, now=timezone.now())
            told["undone"] = True
        except AlreadySettled:
            pass

    def worker():
        runner.run(write.pk, now=timezone.now() + timedelta(seconds=8))

    together([person, worker] if number % 2 else [worker, person])
    told["state"] = Write.objects.get(pk=write.pk).state
    told["deletes"] = len(place.sandbox.calls("DELETE"))
    return told


def _begin(place):
    from tests.domain.saga_cases import WAYS, Case

    place.clean(faults=False, tokens=False, strangers=False)
    place.begin(Case("apart", False, "book"), WAYS["apart"])


def together(acts):
    """All at once, each in a thread with a database connection of its own."""
    from django.db import connection

    start, wrong = Barrier(len(acts)), []

    def hand(act):
        start.wait()
        try:
            act()
        except Exception as error:
            wrong.append(error)
        finally:
            connection.close()

    hands = [Thread(target=hand, args=(act,)) for act in acts]
    for one in hands:
        one.start()
    for one in hands:
        one.join()
    if wrong:
        raise wrong[0]


if __name__ == "__main__":
    main(*sys.argv[1:4])
