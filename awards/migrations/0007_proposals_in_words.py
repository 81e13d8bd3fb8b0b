"""What the papers of a list say, frozen; and why somebody stands on it whom Sở Y tế disagreed with."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("awards", "0006_review_conflicts")]

    operations = [
        migrations.AddField("proposal", "content", models.JSONField(default=dict)),
        migrations.AddField(
            "proposalline",
            "reason",
            models.CharField(blank=True, max_length=500, verbose_name="vì sao vẫn trình"),
        ),
    ]
