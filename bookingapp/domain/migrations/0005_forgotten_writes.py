from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("domain", "0004_settings_pages")]

    operations = [
        migrations.AddField(
            model_name="write",
            name="forgotten_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
