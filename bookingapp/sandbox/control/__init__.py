"""Working the sandbox from outside: a JSON API and a page, for loopback only."""
