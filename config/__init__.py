"""Settings, addresses, the Celery application and its schedule. Imported by nobody."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
