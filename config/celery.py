"""The Celery application: finds each app's ``tasks``; its beat rings the bell every minute."""

import os

from celery import Celery

from riskmap.bell import REASSESS_STALE

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

RING_EVERY = 60.0  # seconds: how long a bell that nobody heard, or midnight, may wait

app = Celery("riskmap")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    "recompute what is stale, and roll the window over midnight": {
        "task": REASSESS_STALE,
        "schedule": RING_EVERY,
        "options": {"expires": RING_EVERY},
    },
}
