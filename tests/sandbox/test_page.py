"""The page: everything on it works by plain forms, and whatever comes in is escaped."""

from html.parser import HTMLParser

import httpx
import pytest

from tests.sandbox.box import MAIN


class Seen(HTMLParser):
    """The page's words, its forms' targets and the fields that it has."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.actions, self.words, self.values = [], set(), [], {}
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.tags.append(tag)
        if tag == "form":
            assert attrs["method"] == "post"
            self.actions.add(attrs["action"])
        if tag == "input":
            self.values[attrs["name"]] = attrs.get("value")

    def handle_data(self, data):
        self.words.append(data.strip())


@pytest.fixture
def visitor(box):
    with httpx.Client(base_url=box.url, headers={"Origin": box.url}, timeout=30) as client:
        yield client


def test_page_shows_everything_without_script(box, visitor):
    box.fault("status_500", times=1)
    box.read.get("tables/")
    reply = visitor.get("/")
    page = Seen(reply.text)
    assert "script" not in page.tags
    assert "default-src 'none'" in reply.headers["Content-Security-Policy"]
    assert {"Judge", "Faults", "Switches", "Calls", "Tokens"} <= set(page.words)
    assert all(name in page.words for name in box.get("switches"))
    assert "GET /connect/tables/" in page.words
    assert visitor.get("/_sandbox/style.css").headers["Content-Type"].startswith("text/css")


def test_what_comes_in_is_escaped(box, visitor):
    attack = "<script>alert(1)</script>\"'><img src=x>"
    box.write.post(f"table_entries/{attack}", params={attack: attack}, json={attack: attack})
    box.switch(booking__full_message=attack, flow__http__url=attack)
    box.control.post("tokens", json={"organisation": MAIN, "label": attack, "scope": "read"})
    box.fault("empty", path=attack)
    page = Seen(visitor.get("/").text)
    assert not {"script", "img"} & set(page.tags)
    assert page.values["booking.full_message"] == attack


def test_switches_are_saved_and_put_back(box, visitor):
    form = {
        "id.style": "prefixed",
        "was id.style": "uuid",
        "rate.limit": "0",
        "was rate.limit": "0",
    }
    reply = visitor.post("/_sandbox/page/switches", data=form)
    assert (reply.status_code, reply.headers["Location"]) == (302, "/#switches")
    assert box.get("switches")["id.style"] == "prefixed"
    visitor.post("/_sandbox/page/switches/default")
    assert box.get("switches")["id.style"] == "uuid"


def test_an_old_page_does_not_undo_what_was_changed_since(box, visitor):
    box.switch(post__status="200")
    form = {"id.style": "prefixed", "was id.style": "uuid",
        "post.status": "201", "was post.status": "201"}  # fmt: skip
    visitor.post("/_sandbox/page/switches", data=form)
    assert box.get("switches")["post.status"] == "200"


def test_mistakes_are_told_on_the_page(box, visitor):
    for path, form, word in (
        ("switches", {"rate.limit": "many"}, "rate.limit must be a number"),
        ("faults/add", {"kind": "latency", "params": "{"}, "The parameters must be JSON"),
        ("faults/add", {"kind": "fire"}, "kind must be one of"),
        ("tokens/revoke", {"id": "none"}, "There is no such token"),
    ):
        reply = visitor.post(f"/_sandbox/page/{path}", data=form)
        assert (reply.status_code, word in reply.text) == (400, True)


def test_faults_tokens_and_log_are_worked_by_forms(box, visitor):
    form = {"kind": "status_429", "method": "GET", "path": "/connect/", "times": "2"}
    visitor.post("/_sandbox/page/faults/add", data=form | {"params": '{"retry_after": "9"}'})
    assert box.read.get("tables/").headers["Retry-After"] == "9"
    (rule,) = box.get("faults")
    visitor.post("/_sandbox/page/faults/remove", data={"id": rule["id"]})
    assert box.get("faults") == []
    token = next(one for one in box.get("tokens") if one["organisation"] == MAIN)
    visitor.post("/_sandbox/page/tokens/revoke", data={"id": token["id"]})
    assert next(one for one in box.get("tokens") if one["id"] == token["id"])["revoked"]
    visitor.post("/_sandbox/page/tokens/restore", data={"id": token["id"]})
    visitor.post("/_sandbox/page/calls/clear")
    assert box.get("calls") == []
    visitor.post("/_sandbox/page/reset")
    assert box.read.get("tables/").status_code == 200


def test_forms_of_foreign_pages_change_nothing(box, visitor):
    for headers in ({"Origin": "http://example.org"}, {"Origin": "null"}):
        reply = visitor.post(
            "/_sandbox/page/switches", data={"id.style": "prefixed"}, headers=headers
        )
        assert reply.status_code == 403
    assert visitor.get("/_sandbox/page/reset").status_code == 405
    assert box.get("switches")["id.style"] == "uuid"
