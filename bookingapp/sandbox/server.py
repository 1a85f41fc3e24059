"""A small threaded HTTP/1.1 server for WSGI: keep-alive, one thread per connection, real resets.

The common servers never hand the socket out, and a fault such as "reset after commit" needs it.
"""

from __future__ import annotations

import contextlib
import io
import socket
import socketserver
import struct
from collections.abc import Callable, Iterable
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import unquote, urlsplit

from django.db import connections

from bookingapp.sandbox import errors
from bookingapp.sandbox.transport import Transport

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

LARGEST_BODY = 1_000_000
IDLE_SECONDS = 75
# Linger for zero seconds: close() sends RST and forgets what was not sent.
ABORT = struct.pack("ii", 1, 0)
PADDING = b" " * 65_536
DRAINED_CHUNKS = 400


class Server(socketserver.ThreadingTCPServer):
    """Serves one WSGI application; ``server_address`` holds the port really bound."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    request_queue_size = 512

    def __init__(self, address: tuple[str, int], application: Application) -> None:
        self.application = application
        if ":" in address[0]:
            self.address_family = socket.AF_INET6
        super().__init__(address, Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away in mid-answer is part of the game."""

    def shutdown_request(self, request: Any) -> None:
        # Closed here and not shut down first: after a reset was asked for, nothing may be sent.
        self.close_request(request)


class Handler(BaseHTTPRequestHandler):
    """One connection: requests until the client, an error or a fault ends it."""

    protocol_version = "HTTP/1.1"
    server_version = "sandbox"
    sys_version = ""
    timeout = IDLE_SECONDS
    disable_nagle_algorithm = True
    wbufsize = -1
    server: Server

    def handle(self) -> None:
        try:
            super().handle()
        except (ConnectionError, TimeoutError):
            self.close_connection = True
        finally:
            connections.close_all()

    def finish(self) -> None:
        with contextlib.suppress(OSError):
            super().finish()

    def do_GET(self) -> None:
        body = self._body()
        if body is not None:
            self._answer(body)

    do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_GET  # noqa: N815

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """The call log is kept elsewhere, without secrets."""

    def _body(self) -> bytes | None:
        raw = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers:
            self._refuse(411, "Length Required")
        elif not raw.isdigit():
            self._refuse(400, "Bad Content-Length")
        elif int(raw) > LARGEST_BODY:
            self._refuse(413, errors.NAMES[413])
        else:
            return self.rfile.read(int(raw))
        return None

    def _refuse(self, status: int, message: str) -> None:
        """An answer without reading the body; the connection cannot be used again."""
        response = errors.envelope(status, message)
        self.close_connection = True
        self._drain()
        self._send(f"{status} {message}", list(response.items()), response.content, Transport())

    def _drain(self) -> None:
        # Closing with bytes unread would reset the connection before our answer is read.
        self.connection.settimeout(0.5)
        with contextlib.suppress(OSError):
            for _ in range(DRAINED_CHUNKS):
                if not self.rfile.read1(len(PADDING)):
                    return

    def _answer(self, body: bytes) -> None:
        transport = Transport()
        head: list[Any] = []

        def start_response(status: str, headers: list[tuple[str, str]], _exc: Any = None) -> None:
            head.extend((status, headers))

        result = self.server.application(self._environ(body, transport), start_response)
        content = b"".join(result)
        close = getattr(result, "close", None)
        if close is not None:
            close()
        if transport.reset:
            self._abort()
        else:
            self._send(head[0], head[1], content, transport)

    def _send(
        self, status: str, headers: list[tuple[str, str]], content: bytes, transport: Transport
    ) -> None:
        code, _, reason = status.partition(" ")
        self.send_response(int(code), reason)
        for name, value in headers:
            if name.lower() != "content-length":
                self.send_header(name, value)
        size = len(content) + transport.missing_bytes + transport.padding_bytes
        if int(code) != 204:
            self.send_header("Content-Length", str(size))
        if transport.missing_bytes or self.close_connection:
            self.close_connection = True
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD" and int(code) != 204:
            self._pad(transport.padding_bytes)
            self.wfile.write(content)
        self.wfile.flush()

    def _pad(self, count: int) -> None:
        # White space in front of JSON is valid JSON: only its size is wrong.
        while count > 0:
            self.wfile.write(PADDING[:count])
            count -= len(PADDING)

    def _abort(self) -> None:
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, ABORT)

    def _environ(self, body: bytes, transport: Transport) -> dict[str, Any]:
        url = urlsplit(self.path)
        environ: dict[str, Any] = {
            "REQUEST_METHOD": self.command, "SCRIPT_NAME": "",
            "PATH_INFO": unquote(url.path, "latin-1"), "QUERY_STRING": url.query,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)), "REMOTE_ADDR": self.client_address[0],
            "SERVER_NAME": "sandbox", "SERVER_PORT": str(self.server.server_address[1]),
            "SERVER_PROTOCOL": self.request_version, "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(body), "wsgi.errors": io.StringIO(),
            "wsgi.multithread": True, "wsgi.multiprocess": False, "wsgi.run_once": False,
            "sandbox.transport": transport,
        }  # fmt: skip
        for name, value in self.headers.items():
            key = "HTTP_" + name.upper().replace("-", "_")
            environ.setdefault(key, value)
        return environ
