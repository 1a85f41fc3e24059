"""The product's settings for real processes of tests: all of them, but nothing slow on purpose.

Launching the demo (tests/launch) uses ``bookingapp.settings`` itself.
"""

from bookingapp.settings import *  # noqa: F403

# Half a second of work for every sign-in would be a good part of the suite.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

_options = DATABASES["default"].get("OPTIONS", {})  # noqa: F405
if "init_command" in _options:
    # A killed process loses nothing that it has handed to the system; only a power cut would.
    _options["init_command"] = _options["init_command"].replace("=FULL", "=OFF")
