"""Processes with a desk of their own beside a sandbox, without web server, worker and queue."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import astuple

from tests.domain.saga_cases import CALL_SECONDS

QUICK = {
    "DJANGO_SETTINGS_MODULE": "tests.domain.saga_settings",
    "HTTPS": "off",
    "CONNECT_TOTAL": str(CALL_SECONDS),
    "CONNECT_READ_TIMEOUT": str(CALL_SECONDS),
    "WRITE_LEASE": "10",
    "SETTLE_SECONDS": "5",
    "CONNECT_PRIVATE_NETWORKS": "127.0.0.0/8",
}
# PostgreSQL holds no keys beside it, so the environment must.
KEYS = {
    "SECRET_KEY": "for-tests-only-for-tests-only-for-tests-only-for-tests",
    "TOKEN_KEYS": "bm90LXNlY3JldC1ub3Qtc2VjcmV0LW5vdC1zZWNyZXQ=",
}


def environment(folder, *, database_url="", like=None, **more):
    """``like`` is a SQLite file with all tables, which is then ours."""
    folder.mkdir(parents=True, exist_ok=True)
    if like is not None:
        shutil.copy(like, folder / "desk.sqlite3")
    place = {"DATA_DIR": str(folder)}
    if database_url:
        place |= {"DATABASE_URL": database_url, **KEYS}
    return {**os.environ, **QUICK, **place, **more}


class Prover:
    """Carries out cases, one after the other; it starts with the first."""

    def __init__(self, folder, sandbox, *, like=None):
        self.folder, self.sandbox, self.like = folder, sandbox, like
        self.child = None

    def prove(self, cases):
        """(case, verdict) of each."""
        self._ensure_running()
        for case in cases:
            self.child.stdin.write(json.dumps(astuple(case)) + "\n")
            self.child.stdin.flush()
            line = self.child.stdout.readline()
            assert line, self._last_words()
            yield case, json.loads(line)[1]

    def stop(self):
        if self.child is not None:
            self.child.stdin.close()
            self.child.wait(30)

    def _ensure_running(self):
        if self.child is not None:
            return
        command = [sys.executable, "-m", "tests.domain.saga_prover"]
        with (self.folder / "prover.log").open("w") as log:
            self.child = subprocess.Popen(
                [*command, str(self.sandbox.folder), str(self.sandbox.port)],
                env=environment(self.folder / "data", like=self.like),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )

    def _last_words(self):
        return (self.folder / "prover.log").read_text()[-3000:]
