"""Making the world, and putting it back to how it was made."""

from __future__ import annotations

from datetime import date

from django.db import connection, transaction

from bookingapp.sandbox import locks, schema, seeding
from bookingapp.sandbox.models import World
from bookingapp.sandbox.switches import board


def open_or_make(seed: int, today: date, *, fresh: bool = False) -> World:
    """The kept world with its switches; a new one when there is none, or when asked for."""
    if fresh or not schema.is_current():
        schema.create()
        return reset(seed, today)
    world = World.objects.first()
    if world is None:
        return reset(seed, today)
    board.set(world.switches)
    return world


def reset(seed: int, today: date) -> World:
    """Back to the seed in one transaction: every row, every switch."""
    board.clear()
    rows = seeding.built(seed, today)
    with locks.WRITE, transaction.atomic():
        world = World.objects.first() or World(revision=0)
        world.seed, world.today, world.switches = seed, today, {}
        world.revision += 1
        world.save()
        _replace(rows)
    return world


def save_switches() -> None:
    with locks.WRITE, transaction.atomic():
        World.objects.update(switches=board.changed())


def _replace(rows: tuple[seeding.Rows, ...]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM sandbox_event")
        for one in reversed(rows):
            cursor.execute(f"DELETE FROM {one.table}")  # noqa: S608 - our own table names
        for one in rows:
            cursor.executemany(one.insert, one.values)
