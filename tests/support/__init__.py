"""Real processes and a signed-in browser for tests; ``tests/conftest.py`` makes fixtures of them."""
