"""The columns of personal values hold sealed texts from here on; 0009_seal_values seals what is there.

For the database a JSON column stays what it was: only its values look different.
"""

from django.db import migrations, models

from bookingapp.domain.models import batch, booking, hook, lead, lead_history, person, write
from bookingapp.domain.models.sealed import SealedJSONField, SealedTextField

TEXTS = (
    ("attempt", "message"),
    ("blocker", "name"),
    ("booking", "gone_reason"),
    ("delivery", "problem"),
    ("lead", "email"),
    ("lead", "name"),
    ("lead", "phone"),
    ("leadevent", "text"),
    ("leadimport", "file_name"),
    ("rescuerow", "note"),
    ("waitingmark", "note"),
)
OPEN = ("calendar_id", "type_id", "lead_state_id", "slot", "mark", "to")
VALUES = (
    ("attempt", "evidence", SealedJSONField(default=write.empty)),
    ("attempt", "sent", SealedJSONField(default=write.empty)),
    ("booking", "told", SealedJSONField(default=booking.as_told)),
    ("bulkmove", "chosen_by", SealedJSONField(default=batch.nothing)),
    ("delivery", "body", SealedJSONField(default=hook.nothing)),
    ("importrow", "cells", SealedJSONField(default=batch.no_cells)),
    ("importrow", "problem", SealedJSONField(default=batch.nothing)),
    ("lead", "custom_field_data", SealedJSONField(default=lead.nothing)),
    ("lead", "data", SealedJSONField(default=lead.nothing)),
    (
        "leadevent",
        "details",
        SealedJSONField(
            default=lead_history.nothing, open_keys=("from", "to", "intent", "undone")
        ),
    ),
    ("leadimport", "headers", SealedJSONField(default=batch.no_cells)),
    ("leadimport", "mapping", SealedJSONField(default=batch.nothing)),
    ("poolview", "settings", SealedJSONField(default=person.nothing)),
    (
        "write",
        "payload",
        SealedJSONField(
            default=write.empty, open_keys=OPEN, named_keys=("changes",)
        ),
    ),
    ("write", "result", SealedJSONField(default=write.empty, open_keys=("steps",))),
)


class Migration(migrations.Migration):
    dependencies = [("domain", "0007_leaving")]

    operations = [
        migrations.CreateModel(
            name="SearchKey",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(
                        default=1, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("key", SealedTextField()),
            ],
        ),
        migrations.AlterModelOptions(name="blocker", options={"ordering": ("starts_at", "id")}),
        *(
            migrations.AlterField(model, name, SealedTextField(blank=True))
            for model, name in TEXTS
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.AlterField(*value) for value in VALUES]
        ),
        migrations.RemoveIndex("lead", "board_name"),
        migrations.RemoveField("lead", "sort_name"),
        migrations.AddField("lead", "sort_name", models.BinaryField(default=b"")),
        migrations.AddIndex(
            "lead",
            models.Index(fields=("pool", "board_state", "sort_name", "id"), name="board_name"),
        ),
    ]
