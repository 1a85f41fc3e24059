"""A real Valkey on a unix socket."""

import os
from dataclasses import dataclass
from pathlib import Path

from bookingapp.launch import valkey as launcher
from bookingapp.launch.child import Child
from tests.support.waiting import wait_for


@dataclass
class Valkey:
    """``url(2)`` is for caches and redis clients, ``broker_url(2)`` for Celery."""

    socket: Path
    child: Child

    def url(self, number=0):
        return f"unix://{self.socket}?db={number}"

    def broker_url(self, number=0):
        return f"redis+socket://{self.socket}?virtual_host={number}"

    def client(self, number=0):
        import redis

        return redis.Redis(unix_socket_path=str(self.socket), db=number)

    def start(self):
        self.child.start()
        wait_for(self.child.is_ready, what="Valkey to answer")

    def kill(self):
        """As a power cut: no time to write anything."""
        self.child.clear()

    def stop(self):
        self.child.stop()


def start_valkey(folder):
    folder.mkdir(parents=True, exist_ok=True)
    socket = launcher.socket_path(folder)
    server = Valkey(socket, launcher.child(folder, dict(os.environ), socket))
    server.start()
    return server
