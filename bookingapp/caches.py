"""The shared cache, made harmless: when it is down the desk is slower, never broken."""

from __future__ import annotations

import logging
from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient, RedisSerializer
from redis.exceptions import RedisError

from bookingapp.domain import sealing

logger = logging.getLogger(__name__)


UNREADABLE = object()
# As the columns of the database have theirs.
PLACE = "cache"


class Serializer(RedisSerializer):
    """Django's, with values sealed: a server keeps them on its disk, and a draft or a piece of a
    page names people. Numbers stay as they are, since the server counts with them.

    A value that another release or somebody else wrote is no error.
    """

    def dumps(self, obj: Any) -> Any:
        found = super().dumps(obj)
        return sealing.seal_bytes(found, PLACE) if isinstance(found, bytes) else found

    def loads(self, data: Any) -> Any:
        try:
            return int(data)
        except ValueError:
            pass
        try:
            return super().loads(sealing.unseal_bytes(data, PLACE))
        except Exception as error:  # noqa: BLE001 - unpickling may raise anything
            logger.warning("cache value unreadable", extra={"error": repr(error)})
            return UNREADABLE


class KeptClient(RedisCacheClient):
    """Django makes a new client for every operation; one per pool halves what a warm read costs."""

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        kept = self.__dict__.setdefault("_kept", {})
        index: int = self._get_connection_pool_index(write)  # type: ignore[attr-defined] # not in the stubs
        if index not in kept:
            kept[index] = super().get_client(key, write=write)
        return kept[index]


class TolerantRedisCache(RedisCache):
    """Django's Redis cache that answers as an empty cache while the server cannot be reached.

    What cannot be read is as good as absent.
    """

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = KeptClient
        self._options.setdefault("serializer", Serializer)  # type: ignore[attr-defined] # likewise

    def _try(self, name: str, fallback: Any, /, *args: Any, **kwargs: Any) -> Any:
        try:
            return getattr(super(), name)(*args, **kwargs)
        except (RedisError, OSError) as error:
            logger.warning("cache unreachable", extra={"operation": name, "error": repr(error)})
            return fallback

    def add(self, *args: Any, **kwargs: Any) -> bool:
        """True when unreachable: nobody can be kept from going on alone."""
        return bool(self._try("add", 1, *args, **kwargs))

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        found = self._try("get", default, key, default=default, version=version)
        return default if found is UNREADABLE else found

    def set(self, *args: Any, **kwargs: Any) -> None:
        self._try("set", None, *args, **kwargs)

    def touch(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._try("touch", 0, *args, **kwargs))

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._try("delete", 0, *args, **kwargs))

    def get_many(self, *args: Any, **kwargs: Any) -> dict[Any, Any]:
        found = self._try("get_many", {}, *args, **kwargs)
        return {key: value for key, value in found.items() if value is not UNREADABLE}

    def set_many(self, *args: Any, **kwargs: Any) -> list[Any]:
        return list(self._try("set_many", [], *args, **kwargs))

    def has_key(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._try("has_key", 0, *args, **kwargs))

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        return int(self._try("incr", delta, key, delta=delta, version=version))
