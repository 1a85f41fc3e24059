"""A whole product in real processes: its own data folder, Valkey, web server and workers."""

import contextlib
import sqlite3
import sys

from bookingapp.launch import web
from bookingapp.launch.child import Child
from bookingapp.launch.options import Options
from bookingapp.launch.prepare import manage
from tests.support.opened import opened
from tests.support.ports import free_port
from tests.support.session import Session
from tests.support.template import product_environment
from tests.support.valkey import start_valkey
from tests.support.waiting import wait_for

# Quick enough to wait for. A call may take what it takes: none is lost on a busy machine, and
# whoever waits for the end of a lease says how long it is.
QUICK = {"SWEEP_SECONDS": "0.5", "CONNECT_TOTAL": "20", "WRITE_LEASE": "40", "SETTLE_SECONDS": "1"}


class Desk:
    """``desk.web``, ``desk.workers[0]``, ``desk.valkey``: each can be started, stopped, killed.

    ``environment`` are variables of docs/settings.md as texts. ``postgres`` puts the data on
    PostgreSQL instead of SQLite.
    """

    def __init__(self, folder, template, *, postgres=None, workers=1, environment=None):
        self.folder, self.template, self.sandbox = folder, template, template.sandbox
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.more = {**QUICK, **(environment or {})}
        self.postgres = postgres
        self.database_url = ""
        self.valkey = None
        self.web = None
        self.workers = []
        self._worker_count = workers

    # -- life ------------------------------------------------------------------------------

    def prepare(self):
        """The data folder and the queue; no web server and no worker yet."""
        self.template.copy_to(self.folder)
        if self.postgres is not None:
            self.database_url = self.template.database_url(self.postgres)
        self.valkey = start_valkey(self.folder)
        self.web = self._web()
        self.workers = [self._worker(number) for number in range(self._worker_count)]

    def start(self):
        for child in (*self.workers, self.web):
            child.start()
        self.ready(*self.workers, self.web)

    def ready(self, *children):
        for child in children:
            wait_for(lambda one=child: one.is_ready() or one.died() is not None, timeout=120)
            assert child.died() is None, f"{child.name}:\n{child.last_words(40)}"

    def stop(self):
        for child in (self.web, *self.workers):
            if child is not None:
                child.patience_seconds = 5
                child.stop()
        if self.valkey is not None:
            self.valkey.stop()

    def restart(self, child):
        """After a stop or a kill."""
        child.start()
        self.ready(child)

    @staticmethod
    def kill(child):
        """SIGKILL to the process and everything it started."""
        child.clear()

    def environment(self):
        keys = self.template.keys() if self.database_url else {}
        more = {"DATABASE_URL": self.database_url} if self.database_url else {}
        return product_environment(
            self.folder,
            STATIC_ROOT=str(self.template.static),
            VALKEY_SOCKET=str(self.valkey.socket),
            **{**keys, **more, **self.more},
        )

    def _web(self):
        options = Options(False, self.folder, "127.0.0.1", self.port, 0, 32)
        return web.child(options, self.environment())

    def _worker(self, number):
        ready = self.folder / f"worker{number}.ready"
        beat = ["-B"] if number == 0 else []
        return Child(
            name=f"worker {number}",
            command=[
                sys.executable,
                "-m",
                "bookingapp.launch.worker",
                "-n",
                f"w{number}@%h",
                *beat,
            ],
            environment={**self.environment(), "WORKER_READY_FILE": str(ready)},
            log=self.folder / "logs" / f"worker{number}.log",
            is_ready=ready.exists,
            before_start=lambda: ready.unlink(missing_ok=True),
        )

    # -- looking inside --------------------------------------------------------------------

    def manage(self, *arguments, given=""):
        return manage(self.environment(), *arguments, given=given)

    def sql(self, query, *values):
        """Rows as dicts, with sealed values opened; values stand for ``%s``."""
        keys = self.more.get("TOKEN_KEYS") or self.template.keys()["TOKEN_KEYS"]
        return opened(self.raw(query, *values), keys)

    def raw(self, query, *values):
        """The same as it is stored."""
        if self.database_url:
            return self._sql_postgres(query, values)
        with contextlib.closing(sqlite3.connect(self.folder / "desk.sqlite3", timeout=20)) as line:
            line.row_factory = sqlite3.Row
            rows = [dict(row) for row in line.execute(query.replace("%s", "?"), values)]
            line.commit()
            return rows

    def _sql_postgres(self, query, values):
        import psycopg
        from psycopg.rows import dict_row

        with psycopg.connect(self.database_url, row_factory=dict_row) as line:
            cursor = line.execute(query, values)
            return cursor.fetchall() if cursor.description else []

    def wait_for(self, condition, timeout=60, *, what=""):
        try:
            return wait_for(condition, timeout, what=what)
        except AssertionError as error:
            words = "\n".join(f"{c.name}:\n{c.last_words(15)}" for c in (self.web, *self.workers))
            raise AssertionError(f"{error}\n{words}") from None

    # -- people ----------------------------------------------------------------------------

    def password(self, username):
        people = {person["username"]: person for person in self.template.world["people"]}
        return people[username]["password"]

    def visitor(self):
        return Session(self.url)

    def sign_in(self, username):
        """ "staff", "manager" or "admin", signed in."""
        return self.visitor().sign_in(username, self.password(username))

    @property
    def organisations(self):
        """Names, in the order the sandbox tells them."""
        return [organisation["name"] for organisation in self.template.world["organisations"]]
