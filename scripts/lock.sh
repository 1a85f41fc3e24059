#!/bin/sh
# Pins every package with its hashes, for all supported Pythons in one file, naming no host.
set -eu
cd "$(dirname "$0")/.."
command -v uv >/dev/null || { echo "make lock needs uv on the PATH."; exit 1; }
for kind in runtime production dev; do
    UV_PYTHON_DOWNLOADS=never uv pip compile --quiet --universal --python-version 3.11 \
        --generate-hashes --no-emit-index-url --no-header \
        "requirements/$kind.in" -o "requirements/$kind.txt"
done
