"""``make demo`` as a newcomer meets it: real processes, from the first start to the last."""

import os
import signal
import sqlite3

import pytest

from tests.launch.launcher import Launcher
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


def test_second_start(make_copy):
    """One start for all that a running demo is asked: starting takes its time."""
    running = make_copy("one").start()
    _does_nothing_twice(running)
    _is_neither_started_twice_nor_reset(running)
    _lives_beside_another_in_one_browser(running, make_copy("two"))
    _starts_killed_children_again(running)
    assert running.stop() == 0
    assert running.processes() == []


def _does_nothing_twice(running):
    assert "Preparing the database" not in running.output
    assert "Collecting styles" not in running.output
    assert "Filling the demo" not in running.output
    assert _sign_in(running, "staff").get("/", follow_redirects=True).status_code == 200


def _is_neither_started_twice_nor_reset(running):
    second = Launcher(running.data_dir)
    second.output_file = running.data_dir.with_name("second.out")
    for mode in ("demo", "reset"):
        code, words = second.run(mode)
        assert code == 1
        assert "Already running" in words
    assert running.health() == "ready"


def _lives_beside_another_in_one_browser(running, other):
    before = _people(other)
    other.start()
    first = _sign_in(running, "staff")
    second = _sign_in(other, "admin")
    # A browser sends both copies all cookies of the host.
    for cookie in (*first.cookies.jar, *list(second.cookies.jar)):
        first.cookies.set(cookie.name, cookie.value, domain="localhost.local")
        second.cookies.set(cookie.name, cookie.value, domain="localhost.local")
    for session, name in ((first, "staff"), (second, "admin")):
        page = session.get("/", follow_redirects=True)
        assert page.status_code == 200
        assert name in page.text
    assert other.stop(signal.SIGTERM) == 0
    assert _people(other) == before
    assert other.processes() == []


def _starts_killed_children_again(running):
    for word, name in (("valkey", "queue"), ("granian", "web server"), ("launch.worker", "worker")):
        victim = running.one_running(word)
        os.kill(victim, signal.SIGKILL)
        words = f"The {name} ended (signal SIGKILL)"
        wait_for(lambda words=words: words in running.output, what=words)
        wait_for(lambda word=word: running.one_running(word), what=f"another {name}")
        wait_for(lambda: running.health() == "ready", what="the desk to be ready again")


def test_killed_launcher_leaves_nothing_and_the_next_start_works(make_copy):
    copy = make_copy().start()
    copy.process.kill()
    copy.process.wait()
    # At once: it waits for what is still ending, and says so.
    copy.start()
    assert copy.health() == "ready"
    copy.process.kill()
    copy.process.wait()
    wait_for(lambda: copy.processes() == [], what="every process to end")
