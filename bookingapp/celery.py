"""The Celery application: an alarm clock for the journal."""

from __future__ import annotations

import os

from celery import Celery
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bookingapp.settings")

app = Celery("bookingapp")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["bookingapp"])


@setup_logging.connect
def _keep_our_logging(**_kwargs: object) -> None:
    """Celery would replace the handlers; ours redact, so they stay."""
