"""Making the world, and putting it back to how it was made."""

from __future__ import annotations

from datetime import date

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from bookingapp.sandbox import locks, schema, seeding
from bookingapp.sandbox.models import World
from bookingapp.sandbox.switches import board

# The only tables that calls and the control API change; a reset to the same world leaves the rest.
CHANGING = ("token", "lead", "booking")


def open_or_make(seed: int, today: date, *, fresh: bool = False) -> World:
    """The kept world with its switches; a new one when there is none, or when asked for."""
    if fresh or not schema.is_current():
        schema.create()
    world = World.objects.first()
    if world is None:
        return reset(seed, today)
    board.set(world.switches)
    return world


def reset(seed: int, today: date) -> World:
    """Back to the seed in one transaction: every row, every switch."""
    rows = seeding.built(seed, today)
    with locks.WRITE, transaction.atomic(), connection.cursor() as cursor:
        world = World.objects.first() or World(revision=0)
        cursor.execute("DELETE FROM sandbox_event")
        if (world.seed, world.today) == (seed, today):
            _restore(cursor, [one for one in rows if one.name in CHANGING])
        else:
            _replace(cursor, rows)
            world.revision += 1
        world.seed, world.today, world.switches = seed, today, {}
        world.save()
        board.clear()
    return world


def save_switches() -> None:
    with locks.WRITE, transaction.atomic():
        World.objects.update(switches=board.changed())


def _replace(cursor: CursorWrapper, rows: tuple[seeding.Rows, ...]) -> None:
    for one in reversed(rows):
        cursor.execute(f"DELETE FROM {one.table}")  # noqa: S608 - our own table names
    for one in rows:
        cursor.executemany(one.insert, one.values)


def _restore(cursor: CursorWrapper, rows: list[seeding.Rows]) -> None:
    """Take out what was added, put in what is missing. Bookings never change, the others may."""
    for one in rows:
        cursor.execute(f"SELECT id FROM {one.table}")  # noqa: S608 - our own table names
        there = {key for (key,) in cursor.fetchall()}
        if one.name != "booking":
            cursor.execute(f"DELETE FROM {one.table}")  # noqa: S608
            there = set()
        ours = {row[0] for row in one.values}
        gone = [(key,) for key in there - ours]
        cursor.executemany(f"DELETE FROM {one.table} WHERE id = %s", gone)  # noqa: S608
        missing = [row for row in one.values if row[0] not in there]
        cursor.executemany(one.insert, missing)
