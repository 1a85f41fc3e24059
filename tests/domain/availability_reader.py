"""A process of readers: each line of JSON it is given has that many threads open one week at once.

Run as ``python -m tests.domain.availability_reader`` with the product's environment.
"""

import json
import sys
import threading
import time
from datetime import date

import django


def main():
    django.setup()
    say("ready")
    for line in sys.stdin:
        say(json.dumps(answer(json.loads(line))))


def say(line):
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def answer(question):
    from django.utils import timezone

    from bookingapp.domain import availability, catalogue
    from bookingapp.domain.models import Organisation

    organisation = Organisation.objects.get(name=question["organisation"])
    seen = catalogue.snapshot(organisation)
    calendar = seen.calendar_by_connect_id(question["calendar"])
    kind = seen.type_by_connect_id(question["type"])
    day = date.fromisoformat(question["day"])
    window = availability.window_for(organisation, calendar, kind, day)
    start = threading.Barrier(question["readers"])
    readings, seconds = [], []

    def reader():
        start.wait(30)
        began = time.perf_counter()
        reading = availability.read(organisation, window, now=timezone.now(), patience_seconds=20)
        seconds.append(time.perf_counter() - began)
        readings.append(reading)

    threads = [threading.Thread(target=reader) for _ in range(question["readers"])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {
        "versions": sorted({reading.version for reading in readings if reading}),
        "problems": sorted({reading.problem for reading in readings if reading}),
        "slots": sorted({len(reading.slots) for reading in readings if reading}),
        "unread": readings.count(None),
        "seconds": sorted(seconds),
    }


if __name__ == "__main__":
    main()
