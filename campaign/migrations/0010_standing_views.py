"""Two constraints of standings told apart: which views there are, and which of them names an edition."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("campaign", "0009_diary_taken_down")]

    operations = [
        migrations.RemoveConstraint("standing", "standing_published_names_its_edition"),
        migrations.AddConstraint(
            "standing",
            models.CheckConstraint(
                name="standing_published_names_its_edition",
                condition=models.Q(view="published", edition__isnull=False)
                | (~models.Q(view="published") & models.Q(edition__isnull=True)),
                violation_error_message="Xếp hạng theo số đã công bố phải ghi bản đồ công bố.",
            ),
        ),
    ]
