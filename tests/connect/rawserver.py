"""A server that does with each connection exactly what a test tells it to, on a free port."""

import socket
import struct
import threading
import time


class RawServer:
    """``handle(connection)`` runs in a thread per connection; ``requests`` is what arrived."""

    def __init__(self, handle, *, tls=None):
        self._handle, self._tls = handle, tls
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http{'s' if tls else ''}://127.0.0.1:{self._socket.getsockname()[1]}"
        self.requests, self.connections, self.stopping = [], 0, threading.Event()
        self._threads = [threading.Thread(target=self._accept, daemon=True)]

    def __enter__(self):
        self._threads[0].start()
        return self

    def __exit__(self, *_):
        self.stopping.set()
        # A connection of our own wakes the accepting thread on every system.
        socket.create_connection(self._socket.getsockname()).close()
        for thread in self._threads:
            thread.join(5)
        self._socket.close()

    def _accept(self):
        while True:
            raw, _ = self._socket.accept()
            if self.stopping.is_set():
                raw.close()
                return
            self.connections += 1
            thread = threading.Thread(target=self._serve, args=[raw], daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, raw):
        try:
            if self._tls:
                raw = self._tls.wrap_socket(raw, server_side=True)
            with raw:
                self._handle(Connection(raw, self))
        except OSError:
            pass  # the client went away: what it made of that is the test's business


class Connection:
    def __init__(self, raw, server):
        self._raw, self._server = raw, server

    def read(self):
        """The next request's head and body as text; "" when the client is gone."""
        head = b""
        while b"\r\n\r\n" not in head:
            piece = self._raw.recv(65536)
            if not piece:
                return ""
            head += piece
        head, _, body = head.partition(b"\r\n\r\n")
        length = next(
            (
                int(line[15:])
                for line in head.split(b"\r\n")
                if line.lower()[:15] == b"content-length:"
            ),
            0,
        )
        while len(body) < length:
            body += self._raw.recv(65536)
        text = (head + b"\r\n\r\n" + body).decode()
        self._server.requests.append(text)
        return text

    def send(self, data):
        self._raw.sendall(data)

    def answer(self, body=b"[]", status="200 OK", headers=()):
        lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
        self.send("\r\n".join(lines).encode() + body)

    def drip(self, data):
        """A byte now and then, until the client has had enough."""
        for at in range(len(data)):
            if self._server.stopping.wait(0.05):
                return
            self.send(data[at : at + 1])

    def hang(self):
        self._server.stopping.wait(20)

    def reset(self):
        self._raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._raw.close()


def closed_port_url():
    with socket.create_server(("127.0.0.1", 0)) as one:
        return f"http://127.0.0.1:{one.getsockname()[1]}"


def timed(act):
    began = time.monotonic()
    act()
    return time.monotonic() - began
