"""The web server: granian in WSGI mode, one process with many threads, on loopback by default."""

from __future__ import annotations

import http.client
import sys

from bookingapp.launch.child import Child
from bookingapp.launch.options import Options

READY_PATH = "/health/ready/"


def child(options: Options, environment: dict[str, str]) -> Child:
    return Child(
        name="web server",
        command=command(options.host, options.port, options.web_threads),
        environment=environment,
        log=options.folder / "logs" / "web.log",
        is_ready=lambda: is_ready(options, environment),
        patience_seconds=25,
    )


def command(host: str, port: int, threads: int) -> list[str]:
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--http", "1", "--no-ws"),
        *("--host", host, "--port", str(port), "--workers", "1"),
        *("--blocking-threads", str(threads), "--workers-kill-timeout", "15"),
        *("--log-level", "warning", "bookingapp.wsgi:application"),
    ]


def is_ready(options: Options, environment: dict[str, str]) -> bool:
    """One look at the health page; a redirect to HTTPS counts, it comes from the product too."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(options.host, options.host)  # noqa: S104
    line = http.client.HTTPConnection(host, options.port, timeout=3)
    try:
        line.request("GET", READY_PATH, headers={"Host": _known_host(environment, options.port)})
        return line.getresponse().status < 400
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()


def _known_host(environment: dict[str, str], port: int) -> str:
    allowed = environment.get("ALLOWED_HOSTS", "").split(",")[0].strip().lstrip(".")
    return f"{allowed if allowed not in {'', '*'} else 'localhost'}:{port}"
