"""The shared cache made harmless: what cannot be read there is as good as absent."""

import pytest
from django.core.cache import cache

pytestmark = pytest.mark.processes

DATABASE = 8


@pytest.fixture
def line(settings, valkey):
    settings.CACHES = {
        "default": {
            "BACKEND": "bookingapp.caches.TolerantRedisCache",
            "LOCATION": valkey.url(DATABASE),
        }
    }
    client = valkey.client(DATABASE)
    client.flushdb()
    return client


@pytest.mark.parametrize("rubbish", [b"\x80\x04no pickle", b"cno.such\nthing\n.", b"", b"."])
def test_an_unreadable_value_is_absent_and_takes_no_other_with_it(line, rubbish):
    cache.set_many({"good": {"a": 1}, "bad": 2})
    line.set(cache.make_key("bad"), rubbish)
    assert cache.get("bad") is None
    assert cache.get("bad", []) == []
    assert cache.get_many(["good", "bad"]) == {"good": {"a": 1}}
    cache.set("bad", "new")
    assert cache.get("bad") == "new"
