"""Events and form submissions sent to an address, as an HTTP request node would."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Empty, Queue
from threading import Thread

import pytest

from tests.sandbox.box import MONDAY

LEAD_EVENTS = ["table.entry.added", "table.entry.leadState.changed"]


class Receiver(ThreadingHTTPServer):
    """Keeps what it is sent; refuses the first few as often as it is told."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.received, self.refusals = Queue(), 0
        self.url = f"http://127.0.0.1:{self.server_address[1]}/hook"

    def next(self):
        return self.received.get(timeout=10)

    def is_quiet(self, seconds=0.3):
        try:
            self.received.get(timeout=seconds)
        except Empty:
            return True
        return False


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.put(json.loads(body))
        refused = self.server.refusals > 0
        self.server.refusals -= refused
        self.send_response(500 if refused else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture
def receiver():
    server = Receiver()
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_nothing_is_sent_without_an_address(box, receiver):
    box.lead()
    assert receiver.is_quiet()
    assert box.get("deliveries") == []


def test_events_are_sent_with_the_template_filled_in(box, receiver):
    template = {
        "what": "{{trigger.event}}", "who": "{{ flow_1.tableEntry.data.firstName }}",
        "both": "{{t.tableEntry.id}}/{{t.table.name}}", "gone": "{{t.tableEntry.data.nothing}}",
        "list": ["{{t.apiTokenId}}"], "object": "{{t.tableEntry.data}}", "number": 7,
    }  # fmt: skip
    box.switch(flow__http__url=receiver.url, flow__http__template=template)
    lead = box.lead({"firstName": "Jörg"})
    first, second = receiver.next(), receiver.next()
    assert [first["what"], second["what"]] == LEAD_EVENTS
    assert (first["who"], first["gone"], first["object"], first["number"]) == ("Jörg", "", "", 7)
    assert first["both"] == f"{lead['id']}/Neue Anfragen"
    assert first["list"] != [""]


def test_default_template_tells_lead_and_booking(box, receiver):
    box.switch(flow__http__url=receiver.url)
    lead = box.lead({"email": "j@example.org"})
    assert [receiver.next()["leadId"], receiver.next()["email"]] == [lead["id"], "j@example.org"]
    slot = box.free(start=MONDAY.replace(year=2030))
    booking = box.book(slot, entryId=lead["id"]).json()
    sent = receiver.next()
    assert sent["event"] == "calendar.appointment.booked"
    assert (sent["bookingId"], sent["leadId"]) == (booking["id"], lead["id"])
    assert sent["startDateTime"] == slot["startDateTime"]
    assert receiver.is_quiet()  # the scheduled ones wait for their moment


def test_scheduled_events_are_sent_when_their_moment_has_come(box, receiver):
    box.switch(flow__http__url=receiver.url)
    slot = box.free(start=MONDAY.replace(year=2025))
    assert box.book(slot).is_success
    names = [receiver.next()["event"].rpartition(".")[2] for _ in range(3)]
    assert names == ["booked", "hasStarted", "hasEnded"]


def test_events_can_come_twice_and_in_the_wrong_order(box, receiver):
    box.switch(flow__http__url=receiver.url, flow__http__duplicate=1, flow__http__reorder="on")
    box.lead()
    names = [receiver.next()["event"] for _ in range(4)]
    assert names == [LEAD_EVENTS[1], LEAD_EVENTS[1], LEAD_EVENTS[0], LEAD_EVENTS[0]]


def test_events_can_be_late(box, receiver):
    box.switch(flow__http__url=receiver.url, flow__http__delay=600)
    box.lead()
    assert receiver.is_quiet(0.3)
    assert receiver.next()["event"] == LEAD_EVENTS[0]


def test_an_address_that_does_not_answer_disturbs_nothing(box):
    box.switch(flow__http__url="http://127.0.0.1:9/closed")
    assert box.lead()["id"]
    box.switch(flow__http__url="file:///etc/passwd")
    assert box.lead()["id"]


def test_form_submissions_are_sent_again_until_taken(box, receiver):
    receiver.refusals = 2
    box.switch(form_hook__url=receiver.url, form_hook__retry=3)
    body = {"formName": "Kontakt", "data": {"f1": "x"}, "tableEntryId": "t"}
    told = box.control.post("form_submissions", json=body).json()
    sent = [receiver.next() for _ in range(3)]
    assert sent == [told] * 3
    assert (told["event"], told["data"], told["tableEntryId"]) == (
        "form.submission", {"f1": "x"}, "t")  # fmt: skip
    assert receiver.is_quiet()
