"""Several people, each in a browser of their own, on the live server."""

import pytest
from django.test import Client


@pytest.fixture
def open_as(browser, browser_context_args, live_server, settings):
    """``open_as(someone)``: a page of theirs. What a page complains about fails the test."""
    contexts, problems = [], []

    def make(someone):
        client = Client()
        client.force_login(someone)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        context = browser.new_context(**browser_context_args)
        contexts.append(context)
        context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
        )
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda told: problems.append(told.text) if _is_bad(told) else None)
        page.home = live_server.url
        return page

    yield make
    found = list(problems)
    for context in contexts:
        context.close()
    assert found == []


def _is_bad(message):
    return message.type == "error" and "status of 4" not in message.text


__all__ = ["open_as"]
