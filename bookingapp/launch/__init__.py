"""Starts the whole desk on one machine: ``python -m bookingapp.launch demo|run|reset|manage``.

Real processes (Valkey, the sandbox, worker with beat, web), watched by one parent that starts
again what dies and leaves nothing behind. ``docs/running.md`` tells the story.
"""
