"""Live and ready: for machines, without a secret in them."""

import pytest
from django.db import OperationalError

from bookingapp.web.views import health

EVERYTHING = dict.fromkeys(("database", "migrations", "keys", "cache", "broker"), "ok")


@pytest.fixture(autouse=True)
def _nothing_seen():
    health._seen.clear()
    yield
    health._seen.clear()


def test_live_asks_nobody(client, django_assert_num_queries):
    # Without the db mark any query would fail the test.
    response = client.get("/health/live/")
    assert (response.status_code, response.json()) == (200, {"status": "alive"})
    assert "desk_session" not in response.cookies


@pytest.mark.django_db
def test_ready_when_everything_answers(client):
    response = client.get("/health/ready/")
    assert response.status_code == 200
    assert response.json() == {"status": "ready", "checks": EVERYTHING}


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["cache", "broker"])
def test_degraded_but_ready_without_cache_or_broker(client, monkeypatch, name):
    monkeypatch.setattr(health, f"{name}_answers", lambda: False)
    response = client.get("/health/ready/")
    assert response.status_code == 200
    assert response.json() == {"status": "degraded", "checks": EVERYTHING | {name: "failed"}}


@pytest.mark.django_db
def test_a_broker_that_nobody_listens_on_fails_soon(settings):
    settings.CELERY_BROKER_URL = "redis+socket:///nowhere/valkey.sock"
    assert health.broker_answers() is False


@pytest.mark.django_db
def test_a_cache_that_forgets_everything_has_failed(settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    assert health.cache_answers() is False


@pytest.mark.django_db
def test_unready_while_the_database_is_away_and_nothing_secret_is_said(client, monkeypatch):
    class Away:
        def cursor(self):
            raise OperationalError("password authentication failed for user desk")

    monkeypatch.setattr(health, "connection", Away())
    response = client.get("/health/ready/")
    assert response.status_code == 503
    assert response.json()["checks"]["database"] == "failed"
    assert "password" not in response.content.decode()


@pytest.mark.django_db
def test_unready_until_all_migrations_are_applied(client, monkeypatch):
    plans = [["one"], []]
    monkeypatch.setattr(health.MigrationExecutor, "migration_plan", lambda *_args: plans.pop(0))
    assert client.get("/health/ready/").status_code == 503
    assert [client.get("/health/ready/").status_code for _ in "12"] == [200, 200]
