"""By what a day of a standing is known to be due again. One stored without it is computed anew."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("campaign", "0006_follow_up_guards")]

    operations = [
        migrations.AddField(
            "standing",
            "inputs",
            models.CharField("mã băm của số liệu gốc", max_length=64, default="0" * 64),
            preserve_default=False,
        ),
        migrations.RemoveConstraint("standing", "standing_hash_is_sha256"),
        migrations.AddConstraint(
            "standing",
            models.CheckConstraint(
                name="standing_hash_is_sha256",
                condition=models.Q(hash__regex=r"^[0-9a-f]{64}$", inputs__regex=r"^[0-9a-f]{64}$"),
                violation_error_message="Mã băm phải là 64 chữ số.",
            ),
        ),
    ]
