"""A stand-in for RocketLead Connect: its own small Django project, run as its own process."""
