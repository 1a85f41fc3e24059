"""What a sandbox tells a desk about itself, in one process: ``python -m tests.support.told DATA``.

One JSON object: the document to provision with (``URL`` stands for the sandbox's address), and the
lines of the leads by organisation.
"""

import contextlib
import io
import json
import os
import sys


def _ask(*arguments):
    from bookingapp.sandbox import commands

    with contextlib.redirect_stdout(io.StringIO()) as said:
        commands.main([*arguments, "--data", sys.argv[1]])
    return said.getvalue()


def main():
    os.environ["DJANGO_SETTINGS_MODULE"] = "bookingapp.sandbox.settings"
    world = json.loads(_ask("provisioning", "--url", "URL"))
    names = [organisation["name"] for organisation in world["organisations"]]
    leads = {name: _ask("leads", "--organisation", name) for name in names}
    sys.stdout.write(json.dumps({"world": world, "leads": leads}))


if __name__ == "__main__":
    main()
