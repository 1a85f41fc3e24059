"""The fixtures themselves: each gives the real thing, and none lets a test out."""

import socket

import pytest

from tests.support.network import OutsideRefused


@pytest.mark.processes
def test_valkey_answers_and_forgets_nothing_when_killed(tmp_path):
    from tests.support.valkey import start_valkey

    server = start_valkey(tmp_path)
    try:
        server.client().set("a", "1")
        server.stop()
        server.start()
        assert server.client().get("a") == b"1"
    finally:
        server.stop()


@pytest.mark.postgres
def test_postgres_gives_an_empty_database(postgres):
    import psycopg

    url = postgres.new_database()
    with psycopg.connect(url) as line:
        assert line.execute(
            "select count(*) from pg_tables where schemaname='public'"
        ).fetchone() == (0,)


def test_only_loopback_can_be_reached():
    with pytest.raises(OutsideRefused), socket.socket() as line:
        line.connect(("192.0.2.1", 80))
    with pytest.raises(OutsideRefused):
        socket.getaddrinfo("example.org", 80)


def test_no_real_data_folder_is_used(settings):
    assert "desk-tests-" in str(settings.DATA_DIR)
