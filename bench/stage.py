"""What is measured: the sandbox, a desk with the product's own defaults, and a person signed in."""

from __future__ import annotations

import json
import os
import sys
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.load import Target
from bookingapp.launch.child import Child
from tests.support.desk import Desk
from tests.support.ports import free_port
from tests.support.postgres import Postgres
from tests.support.sandbox import Sandbox, start_sandbox
from tests.support.template import Template
from tests.support.waiting import wait_for

# The product's defaults, not the quick ones of the tests.
DEFAULTS = {
    "SWEEP_SECONDS": "3",
    "CONNECT_TOTAL": "20",
    "WRITE_LEASE": "60",
    "SETTLE_SECONDS": "10",
}
# 10 resources, 1,400 slots a week: the work of the budgets.
CALENDAR, TYPE = "Berlin Mitte", "Erstberatung"


class Stage:
    """``sandbox``: one that is running already; ``postgres``: where the data is to be."""

    def __init__(
        self, folder: Path, *, sandbox: Sandbox | None = None, postgres: Postgres | None = None
    ) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)
        self.sandbox: Sandbox = sandbox or start_sandbox(folder / "sandbox")
        template = Template(folder, self.sandbox)
        self.desk = Desk(
            folder / "desk",
            template,
            postgres=postgres,
            environment={**DEFAULTS, "LOG_LEVEL": "WARNING"},
        )
        self.desk.prepare()
        self.desk.start()
        self.session = self.desk.sign_in("staff")
        self.target = Target("127.0.0.1", self.desk.port, self._headers())

    def _headers(self) -> dict[str, str]:
        cookies = "; ".join(f"{c.name}={c.value}" for c in self.session.cookies.jar)
        return {"Cookie": cookies, "Accept-Encoding": "gzip, br", "Accept": "text/html"}

    @property
    def web_group(self) -> int:
        return int(self.desk.web.process.pid)

    def week(self, number: int) -> str:
        """The address of the week that many weeks from now."""
        day = datetime.now(UTC).date() + timedelta(weeks=number)
        return f"{self.path}?{self.choice}&view=week&date={day.isoformat()}"

    @property
    def slug(self) -> str:
        return str(
            self._one("select slug from domain_organisation where name = %s", "Praxis Lindenhof")
        )

    @property
    def path(self) -> str:
        return f"/o/{self.slug}/availability/"

    @property
    def choice(self) -> str:
        calendar = self._one("select id from domain_calendar where name = %s", CALENDAR)
        kind = self._one("select id from domain_appointmenttype where name = %s", TYPE)
        return f"calendar={calendar}&type={kind}"

    def _one(self, query: str, *values: Any) -> Any:
        return next(iter(self.desk.sql(query, *values)[0].values()))

    def stop(self) -> None:
        self.desk.stop()
        self.sandbox.stop()


@contextmanager
def bare(application: str, folder: Path, **environment: str) -> Any:
    """A granian with the desk's own shape that serves one function of bench.bare."""
    port = free_port()
    how = ["--interface", "asgi"] if application == "page" else ["--interface", "wsgi"]
    child = Child(
        name=application,
        command=[
            *(sys.executable, "-m", "granian", *how, "--http", "1", "--no-ws"),
            *("--host", "127.0.0.1", "--port", str(port)),
            *("--log-level", "warning", f"bench.bare:{application}"),
        ],
        environment={**os.environ, **environment},
        log=folder / f"{application}.log",
        is_ready=lambda: _listens(port),
    )
    child.start()
    try:
        wait_for(child.is_ready, 30, what=f"the bare {application} server")
        yield Target("127.0.0.1", port), child
    finally:
        child.stop()


def _listens(port: int) -> bool:
    from bookingapp.launch.sandbox import listens

    return listens(port)


def headers_of(headers: dict[str, str]) -> str:
    """Those a bare server must send too, so that the bytes are the same."""
    kept = ("content-type", "content-encoding", "content-length", "vary", "cache-control")
    return json.dumps([(name, headers[name]) for name in kept if name in headers])
