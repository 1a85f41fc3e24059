"""Logs: JSON lines on stderr (readable text on a terminal), with the request id and no secrets."""

from __future__ import annotations

import logging
import re
import sys
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
# These speak of every request or message at INFO, and some of them would name what we send. At
# DEBUG a template says all that it was given, and the database all that it was told.
QUIET = (
    *("httpx", "httpcore", "urllib3", "asyncio", "kombu", "amqp"),
    *("django.template", "django.db.backends"),
)

HIDDEN = "[hidden]"
_SECRETS = (
    # The address of a hook holds its secret, whole or mistyped.
    (re.compile(r"(/hooks/[^/\s\"']+/)(?!\[hidden\])[^/\s\"'?#\\]+"), rf"\1{HIDDEN}"),
    (re.compile(r"\bhook_[A-Za-z0-9_-]{30,}"), HIDDEN),
    # So does that of an invitation, also where it is the next page of another address.
    (
        re.compile(r"(?i)((?:/|%2f)invitations(?:/|%2f))(?!\[hidden\])[^/\s\"'?#&%\\]+"),
        rf"\1{HIDDEN}",
    ),
    (re.compile(r"invite_[A-Za-z0-9_-]{30,}"), HIDDEN),
    (re.compile(r"rocketlead_[A-Za-z0-9_-]+"), HIDDEN),
    (re.compile(r"(?i)\b(bearer|basic)(\s+)(?!\[hidden\])[^\s\"',;}\])\\]+"), rf"\1\2{HIDDEN}"),
    (
        re.compile(
            r"(?i)(authorization[\\\"']*\s*[:=,]\s*(?:b(?=[\\\"']))?[\\\"']*)"
            r"(?!(?:bearer|basic)\s)(?!\[hidden\])[^\s\"',;}\])\\]+"
        ),
        rf"\1{HIDDEN}",
    ),
)


def redact(text: str) -> str:
    """The text without Connect tokens, secrets of hooks and invitations, Authorization headers."""
    for pattern, replacement in _SECRETS:
        text = pattern.sub(replacement, text)
    return text


def configure(level: str = "INFO") -> None:
    """Send everything that Python's logging is told to stderr, one event a line.

    Raises ValueError naming LOG_LEVEL when ``level`` is none of :data:`LEVELS`.
    """
    if level not in LEVELS:
        raise ValueError(f"LOG_LEVEL must be one of {', '.join(LEVELS)}, not {level!r}")
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_shared(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_formatter(pretty=sys.stderr.isatty()))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    logging.captureWarnings(capture=True)


def _shared() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]


def _formatter(*, pretty: bool) -> logging.Formatter:
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*_shared(), structlog.stdlib.ExtraAdder()],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            *_renderers(pretty=pretty),
            _without_secrets,
        ],
    )


def _renderers(*, pretty: bool) -> list[Processor]:
    if pretty:
        # Plain tracebacks: the decorated ones print local variables, tokens among them.
        plain = structlog.dev.plain_traceback
        return [structlog.dev.ConsoleRenderer(colors=True, exception_formatter=plain)]
    return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(default=str)]


def _without_secrets(_logger: WrappedLogger, _name: str, line: EventDict | str) -> Any:
    return redact(str(line))
