"""The demo's flows: what happens in the sandbox is told to the desk, as RocketLead would."""

from __future__ import annotations

import http.client
import json
from typing import Any

from bookingapp.launch import demo
from bookingapp.launch.options import Options
from bookingapp.launch.prepare import manage
from bookingapp.launch.say import Stop, say

SWITCHES = "/_sandbox/api/switches"
LOOPBACK = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "::1": "[::1]"}  # noqa: S104 - to be replaced


def connect(options: Options, environment: dict[str, str]) -> None:
    """Give the sandbox an address to tell, unless it has one here. The demo works without, too."""
    here = f"http://{LOOPBACK.get(options.host, options.host)}:{options.port}"
    try:
        if str(_switches(options)["flow.http.url"]).startswith(f"{here}/"):
            return
        name = demo.organisations(environment, options)[0]
        told = manage(environment, "open_hooks", "--organisation", name, "--instead")
        hooks = json.loads(told)
        changed = {
            "flow.http.url": here + hooks["events"],
            "flow.http.template": hooks["template"],
            "flow.http.organisation": name,
            "form_hook.url": here + hooks["forms"],
        }
        _switches(options, changed)
    except (OSError, http.client.HTTPException, ValueError, LookupError, Stop) as reason:
        say(f"The sandbox will not tell the desk of changes: {type(reason).__name__}.")


def _switches(options: Options, changed: dict[str, Any] | None = None) -> dict[str, Any]:
    line = http.client.HTTPConnection("127.0.0.1", options.sandbox_port, timeout=10)
    try:
        body = json.dumps(changed) if changed else None
        headers = {"Content-Type": "application/json"}
        line.request("PATCH" if changed else "GET", SWITCHES, body=body, headers=headers)
        answer = line.getresponse()
        if answer.status != http.client.OK:
            raise ValueError(answer.status)
        found: dict[str, Any] = json.loads(answer.read())
        return found
    finally:
        line.close()
