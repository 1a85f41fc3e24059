"""An organisation with people, and writes of theirs in every state."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

from django.contrib.auth import get_user_model
from django.db import connection

from bookingapp.domain.models import Organisation, Role, Write

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)
GOOD = "three-wise-otters-knit"


def organisation(name="Praxis am Park"):
    slug = name.lower().replace(" ", "-")
    return Organisation.objects.create(name=name, slug=slug, connect_url="https://connect.example")


def person(username, *places, role="staff", **fields):
    found = get_user_model().objects.create(
        username=username, email=f"{username}@example.com", **fields
    )
    found.set_password(GOOD)
    found.save()
    for place in places:
        Role.objects.create(person=found, organisation=place, name=role)
    return found


def write(place, owner, state, at=NOW, **fields):
    return Write.objects.create(
        organisation=place,
        kind="book",
        intent=uuid.uuid4(),
        digest="0" * 64,
        person=owner,
        state=state,
        created_at=at,
        changed_at=at,
        **fields,
    )


def roles(place):
    return dict(Role.objects.filter(organisation=place).values_list("person__username", "name"))


def at_once(*acts):
    """Each in a thread of its own, all let go together; what each returned or raised."""
    gate = Barrier(len(acts))

    def run(act):
        try:
            gate.wait(30)
            return act()
        except Exception as error:  # told to the test
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))
