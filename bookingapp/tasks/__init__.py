"""Alarm clocks: each task calls one domain function. Imported by Celery's autodiscovery."""

from bookingapp.tasks import catalogue, writes

__all__ = ["catalogue", "writes"]
