"""``python -m bookingapp.sandbox``: see docs/sandbox.md."""

from __future__ import annotations

import os
import sys

# The package above us may point at the product's settings; the sandbox has its own, always.
os.environ["DJANGO_SETTINGS_MODULE"] = "bookingapp.sandbox.settings"

from bookingapp.sandbox.commands import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
