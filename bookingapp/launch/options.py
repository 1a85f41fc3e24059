"""What was asked for: the mode, the addresses and the data folder, read from the environment."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from bookingapp.launch.say import Stop

BASE_DIR = Path(__file__).resolve().parents[2]
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


@dataclass(frozen=True)
class Options:
    """``folder`` holds all state of this copy: DATA_DIR, and for the demo a folder inside it."""

    demo: bool
    folder: Path
    host: str
    port: int
    sandbox_port: int
    web_threads: int
    # Whether a sandbox runs beside the desk, to practise with.
    practice: bool = False

    @property
    def address(self) -> str:
        host = "localhost" if self.host in LOOPBACK | {"0.0.0.0", "::"} else self.host  # noqa: S104
        return f"http://{host}:{self.port}/"

    @property
    def sandbox_address(self) -> str:
        return f"http://127.0.0.1:{self.sandbox_port}"


def read(*, demo: bool) -> Options:
    """Raises Stop naming the variable that is wrong."""
    data_dir = Path(os.environ.get("DATA_DIR", "").strip() or BASE_DIR / ".data").absolute()
    return Options(
        demo=demo,
        folder=data_dir / "demo" if demo else data_dir,
        host=os.environ.get("HOST", "").strip() or "127.0.0.1",
        port=_whole("PORT", 8000, most=65535),
        sandbox_port=_whole("SANDBOX_PORT", 8001, most=65535),
        web_threads=_whole("WEB_THREADS", 64, most=1024),
        practice=not demo and _switch("PRACTICE", default=not os.environ.get("DATABASE_URL")),
    )


def _switch(name: str, *, default: bool) -> bool:
    raw = os.environ.get(name, "").strip().lower()
    if raw in {"on", "off", ""}:
        return default if not raw else raw == "on"
    raise Stop(f"{name} must be on or off, not {raw!r}.")


def _whole(name: str, default: int, *, most: int) -> int:
    raw = os.environ.get(name, "").strip() or str(default)
    if not raw.isdecimal() or not 1 <= int(raw) <= most:
        raise Stop(f"{name} must be a whole number from 1 to {most}, not {raw!r}.")
    return int(raw)


def child_environment(options: Options) -> dict[str, str]:
    """What every process of this copy sees. Nothing the person set is replaced, but DATA_DIR."""
    # The demo's sandbox is on this machine, whichever database the desk has.
    sandbox = {"CONNECT_PRIVATE_NETWORKS": "127.0.0.0/8,::1/128"} if options.demo else {}
    practice = {"PRACTICE_FILE": str(options.folder / "practice.json")} if options.practice else {}
    return {
        "HTTPS": "off",
        **sandbox,
        **practice,
        "STATIC_ROOT": str(options.folder / "static"),
        # Browsers keep cookies by host name, not by port: two copies must not share them.
        "SESSION_COOKIE_NAME": f"desk_session_{options.port}",
        "CSRF_COOKIE_NAME": f"desk_csrf_{options.port}",
        "PYTHONUNBUFFERED": "1",
        **os.environ,
        "DATA_DIR": str(options.folder),
        "DJANGO_SETTINGS_MODULE": "bookingapp.settings",
    }
