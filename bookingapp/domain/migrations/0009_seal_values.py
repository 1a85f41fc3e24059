"""Seal what is there, put codes in the place of words, and leave nothing of it in the file.

50,000 leads take about half a minute.
"""

from django.db import connection, migrations, transaction

from bookingapp.domain import codes, contact_fields, resealing, search_key

AT_ONCE = 2_000


def seal(apps, schema_editor):
    # What the rows said must not stay in free pages of the file either.
    with transaction.atomic():
        key = bytes.fromhex(_key(apps))
        resealing.reseal(apps.get_app_config("domain").get_models(), plain=True)
        _leads(apps, key)
        _terms(apps, key)
        for model, column in DIGESTS:
            _digests(apps.get_model("domain", model), column, key)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")


def _key(apps):
    row, _ = apps.get_model("domain", "SearchKey").objects.get_or_create(
        pk=1, defaults={"key": search_key.fresh()}
    )
    return row.key


def _leads(apps, key):
    model = apps.get_model("domain", "Lead")
    rows = model.objects.order_by("pk").values_list("pk", "organisation_id", "name")
    _store(model, "sort_name", ((pk, _place(key, where, name)) for pk, where, name in rows))


def _place(key, organisation_id, name):
    return codes.place(key, str(organisation_id), contact_fields.fold(name))


def _terms(apps, key):
    model = apps.get_model("domain", "LeadTerm")
    rows = model.objects.order_by("pk").values_list("pk", "organisation_id", "term")
    coded = (
        (pk, codes.word(key, str(where), bytes(term).decode("utf-8", "replace")))
        for pk, where, term in rows.iterator(AT_ONCE)
    )
    _store(model, "term", coded)


# Until now anybody could have tried out what they are digests of.
DIGESTS = (("Write", "digest"), ("LeadImport", "header_digest"), ("Delivery", "key"))


def _digests(model, column, key):
    rows = model.objects.order_by("pk").values_list("pk", column)
    _store(model, column, ((pk, codes.digest(key, told)) for pk, told in rows))


def _store(model, column, changes):
    """A few thousand rows in one statement each: this is done to all there are."""
    quote, fields = connection.ops.quote_name, model._meta
    query = (
        f"UPDATE {quote(fields.db_table)} SET {quote(column)} = %s"
        f" WHERE {quote(fields.pk.column)} = %s"
    )
    pending = []
    # Read whole: what is changed must not be met again.
    for pk, value in list(changes):
        stored = fields.get_field(column).get_db_prep_save(value, connection)
        pending.append((stored, fields.pk.get_db_prep_save(pk, connection)))
    for start in range(0, len(pending), AT_ONCE):
        with connection.cursor() as cursor:
            cursor.executemany(query, pending[start : start + AT_ONCE])


class Migration(migrations.Migration):
    # VACUUM needs to be alone; all before it is one transaction.
    atomic = False
    dependencies = [("domain", "0008_sealed_columns")]
    # Not back: who could read it in clear again should not be one command away.
    operations = [migrations.RunPython(seal)]
