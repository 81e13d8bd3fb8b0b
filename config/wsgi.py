"""The door of the web server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

django_application = get_wsgi_application()

from django.conf import settings  # noqa: E402  (Django is set up from here on)

from config.public_bytes import PublicBytes  # noqa: E402

application = PublicBytes(django_application, memory=settings.PUBLIC_BYTES_MEMORY_MB * 1_000_000)
