"""The Celery application: finds each app's ``tasks`` and runs the schedule of the settings."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("riskmap")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
