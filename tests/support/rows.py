"""Rows that many tests begin with: made once per process, and put back as they were."""

from django.db import connection, transaction

# What belongs to the tables themselves and is there already.
NOT_OURS = {"django_migrations", "django_content_type", "auth_permission", "django_site"}
_kept = {}


def put_back(key, make):
    """The rows that ``make()`` leaves in empty tables, under ``key``; made only the first time."""
    if key not in _kept:
        make()
        _kept[key] = _all_rows()
        return
    with transaction.atomic(), connection.cursor() as cursor:
        for statement, rows in _kept[key]:
            cursor.executemany(statement, rows)
    _forget()


def _all_rows():
    with connection.cursor() as cursor:
        known = connection.introspection.django_table_names(only_existing=True)
        return list(filter(None, (_rows(cursor, one) for one in sorted(set(known) - NOT_OURS))))


def _rows(cursor, table):
    cursor.execute(f'SELECT * FROM "{table}"')
    rows = cursor.fetchall()
    marks = ", ".join(["%s"] * len(cursor.description))
    return rows and (f'INSERT INTO "{table}" VALUES ({marks})', rows)


def _forget():
    """What this process knows of an organisation that has the same key as one before it."""
    from bookingapp.domain import advice, availability, gateway, search_key
    from bookingapp.domain.catalogue import snapshots

    availability.forget()
    gateway._clients.clear()
    snapshots._kept.clear()
    advice._memory.clear()
    search_key._known.clear()
