"""The roof: settings, addresses and the worker's configuration. It knows every app; no app knows it."""

from perftrack.celery import app as celery_app

__all__ = ["celery_app"]
