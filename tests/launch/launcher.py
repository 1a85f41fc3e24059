"""The launcher as a person starts it, and every process that belongs to it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx

from bookingapp.launch.options import BASE_DIR
from tests.support.ports import free_port
from tests.support.template import OURS
from tests.support.waiting import wait_for

READY = "The booking desk is ready"


class Launcher:
    def __init__(self, data_dir, *, port=None, sandbox_port=None):
        self.data_dir = Path(data_dir)
        self.port = port or free_port()
        self.sandbox_port = sandbox_port or free_port()
        self.url = f"http://localhost:{self.port}"
        self.process = None
        self.more = {}
        self.output_file = self.data_dir.with_name(f"{self.data_dir.name}.out")

    @property
    def folder(self):
        return self.data_dir / "demo"

    @property
    def output(self):
        return self.output_file.read_text()

    def environment(self):
        more = {"DATA_DIR": str(self.data_dir), "PORT": str(self.port)}
        kept = {key: value for key, value in os.environ.items() if key not in {*OURS, "HTTPS"}}
        return {**kept, **more, "SANDBOX_PORT": str(self.sandbox_port), **self.more}

    def begin(self, mode="demo"):
        with self.output_file.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bookingapp.launch", mode],
                cwd=BASE_DIR, env=self.environment(), stdout=output, stderr=output,
            )  # fmt: skip
        return self

    def start(self):
        self.begin()
        wait_for(lambda: READY in self.output or self.process.poll() is not None, timeout=300)
        assert READY in self.output, self.output
        return self

    def run(self, mode):
        """To its end: exit code and what it said."""
        code = self.begin(mode).process.wait(120)
        return code, self.output

    def stop(self, number=signal.SIGINT):
        """The exit code."""
        self.process.send_signal(number)
        return self.process.wait(120)

    def processes(self):
        """Process ids of everything alive that works on our data folder."""
        return [int(entry.name) for entry in Path("/proc").glob("[0-9]*") if self._is_ours(entry)]

    def _is_ours(self, entry):
        needles = {f"DATA_DIR={self.data_dir}".encode(), f"DATA_DIR={self.folder}".encode()}
        try:
            told = set((entry / "environ").read_bytes().split(b"\0"))
            # Valkey writes its title over its environment, but it works inside the folder.
            return bool(needles & told) or (entry / "cwd").readlink().is_relative_to(self.data_dir)
        except OSError:
            return False

    def one_running(self, word):
        """The oldest process of ours whose command line contains ``word``; 0 when there is none."""

        def command(pid):
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()

        return min((p for p in self.processes() if word in command(p)), default=0)

    def end(self):
        """Whatever a failed test left."""
        for pid in self.processes():
            os.kill(pid, signal.SIGKILL)

    def health(self):
        try:
            return httpx.get(f"{self.url}/health/ready/", timeout=10).json()["status"]
        except httpx.TransportError:
            return "none"
