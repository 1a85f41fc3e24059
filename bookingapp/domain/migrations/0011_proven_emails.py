"""Which email addresses are proven. Of accounts there are already nothing is assumed: that an
invitation was addressed to somebody says not who took it up.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

WAYS = [("letter", "Letter"), ("operator", "Operator"), ("provider", "Provider")]


class Migration(migrations.Migration):
    dependencies = [
        ("domain", "0010_rereading"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ProvenEmail",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("address", models.CharField(max_length=320, unique=True)),
                ("way", models.CharField(choices=WAYS, max_length=10)),
                ("proven_at", models.DateTimeField()),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="proven_email",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="invitation",
            name="letter_digest",
            field=models.CharField(max_length=64, null=True, unique=True),
        ),
    ]
