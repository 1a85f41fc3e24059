"""What the audit log is found by, nothing it names can be deleted, and PostgreSQL guards it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from bookingapp.domain import audit_guard, audit_topics


def sort_in(apps, schema_editor):
    """Rows from before: their group, and the id that they are about."""
    events = apps.get_model("domain", "AuditEvent").objects
    moves = events.filter(action=audit_topics.MOVED)
    moves.update(topic=audit_topics.Topic.WRITES)
    settled = moves.filter(person__isnull=False, reason__in=sorted(audit_topics.SETTLED))
    settled.update(topic=audit_topics.Topic.SETTLEMENTS)
    for event in events.exclude(action=audit_topics.MOVED).iterator(chunk_size=1000):
        event.topic = audit_topics.topic_of(event.action)
        event.about = audit_topics.about(event.details)
        event.save(update_fields=["topic", "about"])


def guard(apps, schema_editor):
    # SQLite gets its trigger from `manage.py protect_audit`, as the launcher starts: a test empties
    # its tables after each case.
    if schema_editor.connection.vendor == "postgresql":
        audit_guard.protect(schema_editor.connection)


def unguard(apps, schema_editor):
    audit_guard.unprotect(schema_editor.connection)


def kept(to, **options):
    return models.ForeignKey(
        null=True, on_delete=django.db.models.deletion.PROTECT, to=to, **options
    )


def index(name, *fields):
    return migrations.AddIndex(
        model_name="auditevent", index=models.Index(fields=[*fields, "-at", "-id"], name=name)
    )


class Migration(migrations.Migration):
    dependencies = [
        ("domain", "0005_forgotten_writes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(model_name="auditevent", name="audit_recent"),
        migrations.AddField(
            model_name="attempt",
            name="token",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="domain.token",
            ),
        ),
        migrations.AlterField(
            model_name="attempt",
            name="request_id",
            field=models.CharField(blank=True, db_index=True, max_length=40),
        ),
        migrations.AddField(
            model_name="auditevent",
            name="about",
            field=models.CharField(blank=True, db_index=True, default="", max_length=64),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="auditevent",
            name="topic",
            field=models.CharField(blank=True, default="", max_length=12),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="auditevent",
            name="request_id",
            field=models.CharField(blank=True, db_index=True, max_length=64),
        ),
        migrations.AlterField(
            "auditevent", "organisation", kept("domain.organisation", related_name="+")
        ),
        migrations.AlterField(
            "auditevent", "person", kept(settings.AUTH_USER_MODEL, related_name="+")
        ),
        migrations.AlterField("auditevent", "write", kept("domain.write", related_name="moves")),
        index("audit_recent", "organisation"),
        index("audit_topic", "organisation", "topic"),
        index("audit_person", "organisation", "person"),
        migrations.RunPython(sort_in, migrations.RunPython.noop),
        migrations.RunPython(guard, unguard),
    ]
