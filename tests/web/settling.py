"""Waiting until a page has taken in what it was sent."""

BUSY = ".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added"


def at_rest(page):
    """Nothing is asked for, swapped or settled: what is pressed now meets what is shown."""
    page.wait_for_function("busy => !document.querySelector(busy)", arg=BUSY)
