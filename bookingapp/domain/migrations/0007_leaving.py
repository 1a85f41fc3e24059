import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

ROLES = [("staff", "Staff"), ("manager", "Manager"), ("admin", "Admin")]


def handed_to():
    return models.ForeignKey(
        blank=True,
        null=True,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to=settings.AUTH_USER_MODEL,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("domain", "0006_audit_log"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FormerRole",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(choices=ROLES, max_length=10)),
                ("ended_at", models.DateTimeField()),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="former_roles",
                        to="domain.organisation",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="former_roles",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-ended_at",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "organisation"), name="one_former_role_each"
                    )
                ],
            },
        ),
        migrations.AddField(model_name="bulkmove", name="handed_to", field=handed_to()),
        migrations.AddField(model_name="leadimport", name="handed_to", field=handed_to()),
    ]
