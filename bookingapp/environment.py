"""Readers for environment variables: each fails loudly, naming the variable."""

from __future__ import annotations

import hashlib
import ipaddress
import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "on", "yes", "true"}
FALSE = {"0", "off", "no", "false", ""}


def text(name: str, default: str = "") -> str:
    """The variable, or the contents of the file that ``<name>_FILE`` names."""
    file = os.environ.get(f"{name}_FILE")
    if file:
        try:
            return Path(file).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE cannot be read: {error}") from None
    return os.environ.get(name, "").strip() or default


def number(name: str, default: float, *, least: float = 0) -> float:
    raw = text(name)
    try:
        value = float(raw) if raw else float(default)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a number, not {raw!r}") from None
    if value < least:
        raise ImproperlyConfigured(f"{name} must be at least {least:g}, not {value:g}")
    return value


def whole(name: str, default: int, *, least: int = 0) -> int:
    value = number(name, default, least=least)
    if value != int(value):
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}")
    return int(value)


def switch(name: str, *, default: bool) -> bool:
    raw = os.environ.get(name)
    if raw is None:
        return default
    if raw.strip().lower() in TRUE:
        return True
    if raw.strip().lower() in FALSE:
        return False
    raise ImproperlyConfigured(f"{name} must be on or off, not {raw!r}")


def words(name: str, default: str = "") -> list[str]:
    """A list separated by commas."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def networks(
    name: str, default: str = ""
) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    """Networks (``10.0.0.0/8``) or single addresses, separated by commas; ``none`` for none."""
    try:
        return tuple(
            ipaddress.ip_network(word) for word in words(name, default) if word.lower() != "none"
        )
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must name networks: {error}") from None


def database(url: str) -> dict[str, Any]:
    """``sqlite:///path`` or ``postgresql://user:password@host:port/name`` as Django's settings."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return _sqlite(unquote(parts.path[1:]) if parts.path.startswith("//") else parts.path)
    if parts.scheme in {"postgres", "postgresql"}:
        return _postgresql(url)
    raise ImproperlyConfigured(
        f"DATABASE_URL must begin with sqlite:// or postgresql://, not {parts.scheme}://"
    )


def _sqlite(path: str) -> dict[str, Any]:
    # FULL: an acknowledged write survives a power cut, at about a quarter of a millisecond each.
    # IMMEDIATE: a writer waits for its turn at BEGIN instead of failing half-way.
    # secure_delete: what is erased is overwritten in the file, not only unlinked.
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
            " PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON; PRAGMA cache_size=-16000;",
        },
    }


def _postgresql(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    host = query.pop("host", "") or (parts.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or query.pop("port", "")),
        "CONN_MAX_AGE": whole("DATABASE_MAX_AGE", 600),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": query,
    }


def openid() -> dict[str, Any]:
    """The provider of OpenID Connect as allauth wants it; empty without OIDC_ISSUER.

    Raises ImproperlyConfigured where something is missing or the issuer is asked without TLS.
    """
    issuer = text("OIDC_ISSUER")
    if not issuer:
        return {}
    here = urlsplit(issuer)
    if here.scheme != "https" and here.hostname not in {"localhost", "127.0.0.1", "::1"}:
        raise ImproperlyConfigured("OIDC_ISSUER must begin with https://")
    client_id, secret = text("OIDC_CLIENT_ID"), text("OIDC_CLIENT_SECRET")
    if not client_id or not secret:
        raise ImproperlyConfigured("OIDC_ISSUER needs OIDC_CLIENT_ID and OIDC_CLIENT_SECRET")
    name = text("OIDC_NAME") or str(here.hostname)
    app = {"provider_id": _issuer_id(issuer), "client_id": client_id, "secret": secret}
    return {"openid_connect": {"APPS": [app | {"name": name, **_openid_settings(issuer)}]}}


def _openid_settings(issuer: str) -> dict[str, Any]:
    return {"settings": {"server_url": issuer, "oauth_pkce_enabled": True}}


def _issuer_id(issuer: str) -> str:
    """Another issuer's people are others, even where it gave them the same id."""
    return f"oidc-{hashlib.sha256(issuer.encode()).hexdigest()[:16]}"
