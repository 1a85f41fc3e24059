"""A real PostgreSQL from the machine's packages, in a folder of its own, without a TCP port."""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import uuid
from pathlib import Path

from tests.support.waiting import wait_for

BINARIES = Path("/usr/lib/postgresql")


def find(name):
    """The newest installed binary of that name, or None."""
    versions = sorted(BINARIES.glob(f"*/bin/{name}"), key=lambda path: float(path.parts[4]))
    return str(versions[-1]) if versions else shutil.which(name)


class Postgres:
    """``new_database()`` gives the URL of an empty database."""

    def __init__(self):
        # PostgreSQL refuses to run as root; its own folder must then belong to its own user.
        self.user = "postgres" if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name
        self.folder = Path(tempfile.mkdtemp(prefix="desk-pg-"))
        self.process = None

    def _as_user(self):
        return {"user": "postgres", "group": "postgres"} if os.getuid() == 0 else {}

    def start(self):
        if os.getuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
        data = self.folder / "data"
        quiet = {"cwd": "/", "stdout": subprocess.DEVNULL, **self._as_user()}
        how = (
            "--auth=trust",
            "--no-sync",
            "--encoding=UTF8",
            "--locale=C",
            f"--username={self.user}",
        )
        subprocess.run([find("initdb"), *how, f"--pgdata={data}"], check=True, **quiet)
        self._serve(data, quiet)
        wait_for(self._answers, what="PostgreSQL to answer")

    def _serve(self, data, quiet):
        settings = {
            "listen_addresses": "", "unix_socket_directories": str(self.folder),
            "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off",
            "max_connections": "300", "shared_buffers": "64MB",
        }  # fmt: skip
        options = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        self.process = subprocess.Popen(
            [find("postgres"), "-D", str(data), *options],
            stderr=subprocess.DEVNULL, process_group=0, **quiet,
        )  # fmt: skip

    def _connect(self):
        import psycopg

        return psycopg.connect(
            host=str(self.folder), user=self.user, dbname="postgres", autocommit=True
        )

    def _answers(self):
        import psycopg

        with contextlib.suppress(psycopg.OperationalError):
            self._connect().close()
            return True
        return False

    def new_database(self, like=""):
        """Empty, or a copy of the database at the URL ``like`` (nobody may be connected to it)."""
        name = f"desk_{uuid.uuid4().hex[:12]}"
        template = like.partition("@/")[2].partition("?")[0] or "template1"
        with self._connect() as line:
            line.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return f"postgresql://{self.user}@/{name}?host={self.folder}"

    def execute(self, url, query, *values):
        import psycopg

        with psycopg.connect(url) as line:
            line.execute(query, values)

    def dump(self, url, path):
        """The database as SQL that :meth:`load` reads."""
        subprocess.run([find("pg_dump"), "--no-owner", f"--file={path}", url], check=True)

    def load(self, url, path):
        quiet = ("--quiet", "--set=ON_ERROR_STOP=1", "--single-transaction")
        subprocess.run(
            [find("psql"), *quiet, f"--file={path}", url], check=True, stdout=subprocess.DEVNULL
        )

    def stop(self):
        # SIGINT: do not wait for open connections of processes that are ending too.
        if self.process is not None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(30)
        shutil.rmtree(self.folder, ignore_errors=True)
