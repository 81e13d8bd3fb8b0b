"""A photo has both its sizes: an empty one is none."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0006_file_guards"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="storedfile",
            name="file_photo_has_its_size",
        ),
        migrations.AddConstraint(
            model_name="storedfile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("height__gt", 0),
                        ("height__isnull", False),
                        ("kind", "photo"),
                        ("width__gt", 0),
                        ("width__isnull", False),
                    ),
                    models.Q(("height__isnull", True), ("kind", "document"), ("width__isnull", True)),
                    _connector="OR",
                ),
                name="file_photo_has_its_size",
                violation_error_message="Ảnh phải có chiều rộng, chiều cao; văn bản thì không.",
            ),
        ),
    ]
