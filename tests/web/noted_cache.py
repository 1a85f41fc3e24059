"""The tests' cache, noting what is read as the product's does, so that answers are kept warm."""

from django.core.cache.backends.locmem import LocMemCache

from bookingapp.reads import Noted


class NotedCache(Noted, LocMemCache):
    pass
