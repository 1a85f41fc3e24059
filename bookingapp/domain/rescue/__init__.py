"""Rescuing a day: somebody is ill, and their bookings must go elsewhere, each by a word given.

``begin`` lists the bookings, ``propose_all`` finds each a place, ``run`` moves what was agreed,
``stop`` undoes what no worker has begun.
"""
