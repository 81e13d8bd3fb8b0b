# The portal's image: web, worker and beat are the same one with another command.
FROM python:3.13-slim AS packages
COPY requirements.txt .
RUN python -m venv /opt/venv && /opt/venv/bin/pip install --no-cache-dir --no-compile -r requirements.txt

FROM python:3.13-slim
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/portal portal \
    && install --directory --owner=portal /srv/public
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DEBUG=0 TRIAL=0 VAR_DIR=/var/lib/portal STATIC_ROOT=/srv/static \
    PUBLIC_FILES_DIR=/srv/public
WORKDIR /srv/portal
COPY --from=packages /opt/venv /opt/venv
COPY . .
# Only the names of files matter here: nothing of this environment is kept, and nothing connects.
RUN SECRET_KEY=not-kept-and-long-enough-for-the-checks-of-production-0123456789 ALLOWED_HOSTS=localhost \
    DATABASE_URL=postgres://none/none REDIS_URL=redis://none/0 \
    python manage.py collectstatic --noinput
USER portal
VOLUME /var/lib/portal /srv/public
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=4 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["granian", "--interface=wsgi", "--host=0.0.0.0", "--port=8000", "--workers=2", "--blocking-threads=1", \
     "--respawn-failed-workers", "--no-ws", "config.wsgi:application"]
