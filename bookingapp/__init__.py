"""The booking desk. The Celery app is exposed so that tasks find it; nothing else lives here."""

from bookingapp.celery import app as celery_app

__all__ = ["celery_app"]
