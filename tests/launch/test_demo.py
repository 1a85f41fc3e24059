"""``make demo`` as a newcomer meets it: real processes, from the first start to the last."""

import os
import signal
import sqlite3

import pytest

from tests.support.session import Session
from tests.support.waiting import wait_for

pytestmark = pytest.mark.processes


def _people(launcher):
    with sqlite3.connect(launcher.folder / "desk.sqlite3") as database:
        return database.execute("select id, username, date_joined from auth_user").fetchall()


def _sign_in(launcher, role):
    return Session(launcher.url).sign_in(role, f"{role}-demo-2026")


def test_first_start_says_where_and_who(first_start):
    assert f"http://localhost:{first_start.port}/" in first_start.output
    for role in ("staff", "manager", "admin"):
        assert f"sign in as {role}" in first_start.output
        assert f"password {role}-demo-2026" in first_start.output


def test_ctrl_c_stops_everything(first_start):
    assert first_start.code == 0
    assert "Stopped." in first_start.output
    assert first_start.processes() == []


def test_second_start_keeps_the_data_and_does_nothing_twice(make_copy):
    copy = make_copy()
    before = _people(copy)
    copy.start()
    assert "Preparing the database" not in copy.output
    assert "Filling the demo" not in copy.output
    assert _sign_in(copy, "staff").get("/", follow_redirects=True).status_code == 200
    assert copy.stop(signal.SIGTERM) == 0
    assert _people(copy) == before
    assert copy.processes() == []


def test_two_copies_live_side_by_side_in_one_browser(make_copy):
    one, two = make_copy("one").start(), make_copy("two").start()
    first = _sign_in(one, "staff")
    second = _sign_in(two, "admin")
    # A browser sends both copies all cookies of the host.
    for cookie in (*first.cookies.jar, *list(second.cookies.jar)):
        first.cookies.set(cookie.name, cookie.value, domain="localhost.local")
        second.cookies.set(cookie.name, cookie.value, domain="localhost.local")
    for session, name in ((first, "staff"), (second, "admin")):
        page = session.get("/", follow_redirects=True)
        assert page.status_code == 200
        assert name in page.text
    assert one.stop() == two.stop() == 0


def test_killed_launcher_leaves_nothing_and_the_next_start_works(make_copy):
    copy = make_copy().start()
    copy.process.kill()
    copy.process.wait()
    # At once: it waits for what is still ending, and says so.
    copy.start()
    assert copy.health() == "ready"
    copy.process.kill()
    copy.process.wait()
    wait_for(lambda: copy.processes() == [], 60, what="every process to end")


def test_killed_children_are_started_again(make_copy):
    copy = make_copy().start()
    for word, name in (("valkey", "queue"), ("granian", "web server"), ("launch.worker", "worker")):
        victim = copy.one_running(word)
        os.kill(victim, signal.SIGKILL)
        words = f"The {name} ended (signal SIGKILL)"
        wait_for(lambda words=words: words in copy.output, what=words)
        wait_for(lambda word=word: copy.one_running(word), 60, what=f"another {name}")
        wait_for(lambda: copy.health() == "ready", 60, what="the desk to be ready again")
    assert copy.stop() == 0
    assert copy.processes() == []
