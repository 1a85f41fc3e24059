"""Page or part, redirects, toasts, and the settings htmx is given."""

import json
from html.parser import HTMLParser
from types import SimpleNamespace

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails

from bookingapp.web import htmx

HTMX = {"HX-Request": "true"}


def request_with(**headers):
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    request = RequestFactory().get("/somewhere/", headers=names)
    request.htmx = HtmxDetails(request)
    request.user = SimpleNamespace(is_authenticated=False)
    return request


@pytest.mark.parametrize(
    ("headers", "part"),
    [
        ({}, False),
        ({"HX_Request": "true"}, True),
        ({"HX_Request": "true", "HX_Boosted": "true"}, False),
        ({"HX_Request": "true", "HX_History_Restore_Request": "true"}, False),
    ],
)
def test_a_part_goes_only_to_a_true_htmx_request(headers, part):
    response = htmx.render_part(request_with(**headers), "errors/404.html", "message", status=404)
    assert response.content.decode().startswith("<!doctype html>") is not part
    assert "There is nothing here" in response.content.decode()
    assert response.status_code == 404
    assert "HX-Request" in response["Vary"]


def test_redirect_moves_the_whole_window():
    plain = htmx.redirect(request_with(), "/needs-you/")
    assert (plain.status_code, plain["Location"]) == (302, "/needs-you/")
    answer = htmx.redirect(request_with(HX_Request="true"), "/needs-you/")
    assert (answer.status_code, answer["HX-Redirect"]) == (200, "/needs-you/")
    assert "HX-Request" in answer["Vary"]


def test_toasts_travel_as_an_event_in_ascii():
    response = htmx.trigger(HttpResponse(), "grid:changed", {"version": "7"})
    htmx.toast(response, "Gebucht für Jürgen\r\nX-Evil: 1", "good")
    assert response["HX-Trigger"].isascii()
    assert json.loads(response["HX-Trigger"]) == {
        "grid:changed": {"version": "7"},
        "desk:toast": {"text": "Gebucht für Jürgen\r\nX-Evil: 1", "kind": "good"},
    }
    with pytest.raises(ValueError, match="toast"):
        htmx.toast(response, "Text", "loud")


@pytest.mark.django_db
def test_an_expired_session_under_htmx_sends_the_window_to_sign_in_and_back(client, person):
    person("staff")
    page = "http://testserver/o/praxis/availability/?view=day"
    response = client.get("/", headers={**HTMX, "HX-Current-URL": page})
    assert response.status_code == 200
    assert response["HX-Redirect"] == "/sign-in/?next=%2Fo%2Fpraxis%2Favailability%2F%3Fview%3Dday"
    assert response.content == b""


@pytest.mark.django_db
def test_an_expired_session_never_leads_back_to_another_host(client, person):
    person("staff")
    response = client.get("/", headers={**HTMX, "HX-Current-URL": "https://evil.example/"})
    assert response["HX-Redirect"] == "/sign-in/?next=%2F"


@pytest.mark.django_db
def test_what_is_missing_under_htmx_is_a_small_part(client):
    response = client.get("/nowhere/", headers=HTMX)
    assert response.status_code == 404
    assert "There is nothing here" in response.content.decode()
    assert "<html" not in response.content.decode()


class Metas(HTMLParser):
    def __init__(self, markup):
        super().__init__()
        self.found = {}
        self.feed(markup)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "meta" and "name" in attrs:
            self.found[attrs["name"]] = attrs["content"]


@pytest.mark.django_db
def test_htmx_is_told_to_keep_the_policy_and_to_swap_refusals(client):
    config = json.loads(Metas(client.get("/sign-in/").content.decode()).found["htmx-config"])
    assert config["includeIndicatorStyles"] is False
    assert config["allowEval"] is False
    assert config["allowScriptTags"] is False
    assert config["selfRequestsOnly"] is True
    # Names and phone numbers must not lie in the browser's storage after a sign-out.
    assert config["historyCacheSize"] == 0
    assert config["historyRestoreAsHxRequest"] is False
    handling = config["responseHandling"]
    assert {"code": "400|403|404|409|422|429", "swap": True, "error": False} in handling
    assert handling[-1] == {"code": "[45]..", "swap": False, "error": True}
    assert handling[0] == {"code": "204", "swap": False}
