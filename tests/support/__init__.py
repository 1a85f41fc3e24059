"""Real processes for tests; ``tests/conftest.py`` makes fixtures of them."""
