"""What is logged is one JSON object a line, with the request id and without secrets."""

import json
import subprocess
import sys

import pytest

from bookingapp.logs import configure, redact

TOKEN = f"rocketlead_live_{'a1' * 32}"
PROGRAM = """
import logging, structlog, sys
from bookingapp.logs import configure
configure("INFO")
structlog.contextvars.bind_contextvars(request_id="r-1")
token = sys.argv[1]
more = {"headers": {"Authorization": f"Bearer {token}"}}
logging.getLogger("a").info("sent %s", token, extra=more)
logging.getLogger("a").debug("too quiet")
logging.getLogger("httpx").info("GET https://connect.example")
try:
    raise ValueError(f"no {token}")
except ValueError:
    logging.getLogger("a").exception("failed")
"""


def test_lines_are_json_with_the_request_id_and_no_token():
    command = [sys.executable, "-c", PROGRAM, TOKEN]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    lines = [json.loads(line) for line in said.splitlines()]
    assert [(line["event"], line["level"], line["request_id"]) for line in lines] == [
        ("sent [hidden]", "info", "r-1"),
        ("failed", "error", "r-1"),
    ]
    assert "ValueError: no [hidden]" in lines[1]["exception"]
    assert "a1a1" not in said


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer {}",
        "{{'authorization': b'Bearer {}'}}",
        '("Authorization", "{}")',
        '{{"Authorization": "Basic {}"}}',
    ],
)
@pytest.mark.parametrize("secret", [TOKEN, "rocketlead_other_9f", "dXNlcjpwYXNz"])
def test_header_is_hidden_wherever_it_stands(text, secret):
    assert secret not in redact(text.format(secret))


@pytest.mark.parametrize("secret", [TOKEN, "rocketlead_other_9f"])
def test_token_is_hidden_without_any_header(secret):
    assert secret not in redact(f"?token={secret}&a=1")


def test_wrong_level_names_the_variable():
    with pytest.raises(ValueError, match="LOG_LEVEL must be one of"):
        configure("LOUD")
