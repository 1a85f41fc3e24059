"""Alarm clocks: each task calls one domain function. Imported by Celery's autodiscovery."""

# First, so that the tasks below bind to our app and its broker wherever they are imported from.
from bookingapp.celery import app  # isort: split

from bookingapp.tasks import batches, catalogue, connection, rereading, retention, writes

__all__ = ["app", "batches", "catalogue", "connection", "rereading", "retention", "writes"]
