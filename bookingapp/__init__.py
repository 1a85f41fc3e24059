"""The booking desk. Celery's app is in ``bookingapp.celery``; ``bookingapp.tasks`` brings it in.

Nothing is imported here: the sandbox and the launcher start from this package too.
"""
