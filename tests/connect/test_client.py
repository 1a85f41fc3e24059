"""The client around pure calls: repeats, deadline, guard, records. No network here."""

import json
from datetime import UTC, datetime

import httpx
import pytest

from bookingapp import connect
from tests.connect.samples import CALLS, sample

TOKEN = "rocketlead_live_" + "ab" * 32
READ, WRITE = CALLS["list_calendars"], CALLS["book"]
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


class World:
    """Answers in the given order, refuses anything more, and keeps the time."""

    def __init__(self, *answers, **options):
        self.answers, self.requests, self.slept, self.now = list(answers), [], [], 100.0
        self.records = []
        self.client = connect.Client(
            "https://connect.test/base/",
            transport=httpx.MockTransport(self.answer),
            clock=lambda: NOW,
            monotonic=lambda: self.now,
            sleep=self.sleep,
            jitter=lambda: 0.5,
            on_call=self.records.append,
            **options,
        )

    def answer(self, request):
        assert self.answers, f"nobody expected {request.method} {request.url}"
        self.requests.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds

    def send(self, call=READ, **options):
        return self.client.send(call, token=TOKEN, request_id="r-1", **options)

    def fails(self, call=READ, **options):
        with pytest.raises(connect.ConnectError) as caught:
            self.send(call, **options)
        assert not self.answers, "fewer requests than expected"
        return caught.value


def ok(name="list_calendars/documented"):
    one = sample(name)
    return httpx.Response(one.status, headers=one.headers, content=one.body)


def envelope(status, message="x", **headers):
    body = {"statusCode": status, "message": message}
    return httpx.Response(status, json=body, headers=headers)


HTML = httpx.Response(502, html="<h1>Bad gateway</h1>")


def test_request_is_what_the_call_says():
    world = World(ok("book/booked"))
    assert world.send(WRITE).id == "booking_1"
    [request] = world.requests
    assert (request.method, str(request.url)) == (
        "POST",
        "https://connect.test/base/connect/calendar_bookings/",
    )
    assert json.loads(request.content) == json.loads(WRITE.body)
    headers = request.headers
    assert headers["authorization"] == f"Bearer {TOKEN}"
    assert headers["content-type"] == headers["accept"] == "application/json"
    assert headers["x-request-id"] == "r-1"
    assert headers["user-agent"] == "bookingapp"


def test_query_is_encoded():
    world = World(ok("list_blockers/documented"))
    world.send(connect.list_blockers("a b&c=ü"))
    assert str(world.requests[0].url).endswith("/?calendarId=a+b%26c%3D%C3%BC")
    assert "content-type" not in world.requests[0].headers


@pytest.mark.parametrize("request_id", ["", "a b", "x\r\nEvil: 1", "ü", "i" * 129])
def test_request_id_that_is_no_plain_word_is_not_sent(request_id):
    world = World(ok())
    world.client.send(READ, token=TOKEN, request_id=request_id)
    assert "x-request-id" not in world.requests[0].headers


@pytest.mark.parametrize("token", ["", "a b", "rocketlead_live_x\r\nEvil: 1", "rocketlead_ü"])
def test_token_that_no_header_can_carry_is_rejected_unsent(token):
    world = World()
    with pytest.raises(connect.TokenRejected) as caught:
        world.client.send(READ, token=token, request_id="r")
    assert "Evil" not in repr(caught.value)
    assert (caught.value.call_name, caught.value.request_id) == ("list_calendars", "r")


@pytest.mark.parametrize(
    "trouble",
    [
        httpx.ConnectError("refused"),
        httpx.ReadTimeout("slow"),
        httpx.RemoteProtocolError("gone"),
        HTML,
        envelope(500),
        envelope(429, **{"retry-after": "1"}),
        httpx.Response(200, content=b"[{"),
    ],
    ids=lambda t: type(t).__name__ + str(getattr(t, "status_code", "")),
)
def test_read_is_repeated_and_then_answers(trouble):
    world = World(trouble, ok())
    assert len(world.send()) == 2
    assert len(world.slept) == 1
    [record] = world.records
    assert (record.tries, record.status, record.error_class) == (2, 200, "")


def test_read_gives_up_after_three_tries():
    world = World(HTML, envelope(500), httpx.ReadTimeout("slow"))
    error = world.fails()
    assert isinstance(error, connect.Unreachable)
    assert error.maybe_applied is False
    assert world.slept == [pytest.approx(0.15), pytest.approx(0.3)]
    assert world.records[0].tries == 3


@pytest.mark.parametrize("name", ["create_lead", "patch_lead", "book", "delete_booking"])
@pytest.mark.parametrize(
    ("trouble", "kind", "maybe"),
    [
        (httpx.ConnectError("refused"), connect.Unreachable, False),
        (httpx.ConnectTimeout("slow"), connect.Unreachable, False),
        (httpx.PoolTimeout("busy"), connect.Unreachable, False),
        (httpx.ReadTimeout("slow"), connect.Unreachable, True),
        (httpx.WriteTimeout("slow"), connect.Unreachable, True),
        (httpx.ReadError("reset"), connect.Unreachable, True),
        (httpx.WriteError("reset"), connect.Unreachable, True),
        (httpx.RemoteProtocolError("disconnected"), connect.Unreachable, True),
        (HTML, connect.GatewayFailed, True),
        (envelope(500), connect.ServerFailed, False),
        (envelope(429), connect.RateLimited, False),
    ],
    ids=lambda value: str(value)[:20],
)
def test_write_is_sent_once_and_says_whether_it_may_have_happened(name, trouble, kind, maybe):
    error = World(trouble).fails(CALLS[name])
    assert type(error) is kind
    assert error.maybe_applied is maybe
    assert (error.call_name, error.request_id) == (name, "r-1")


def test_long_retry_after_is_left_to_the_caller():
    world = World(envelope(429, **{"retry-after": "Sat, 21 Nov 2026 12:01:00 GMT"}))
    assert world.fails().retry_after == 60
    assert world.slept == []


@pytest.mark.parametrize("deadline", [0.1, 0.01])
def test_repeat_that_would_come_too_late_is_not_made(deadline):
    world = World(HTML)
    assert isinstance(world.fails(deadline_seconds=deadline), connect.GatewayFailed)


def test_total_time_bounds_the_deadline():
    world = World(HTML, timeouts=connect.Timeouts(total=0.1))
    world.fails(deadline_seconds=1000)


def test_refusals_are_passed_on_at_once():
    world = World(envelope(403))
    error = world.fails(CALLS["delete_booking"])
    assert error.needed is connect.Scope.ADMIN
    assert world.records[0].error_class == "ScopeTooNarrow"


def test_record_tells_what_a_call_came_to():
    world = World(envelope(401, "no"))
    world.fails()
    assert world.records == [
        connect.CallRecord(
            name="list_calendars",
            method="GET",
            path="/connect/calendar/",
            status=401,
            error_class="TokenRejected",
            started_at=NOW,
            duration_seconds=0.0,
            request_id="r-1",
            tries=1,
        )
    ]


def test_broken_hook_breaks_no_call(caplog):
    def hook(_record):
        raise RuntimeError("chart")

    client = connect.Client(
        "http://connect.test", transport=httpx.MockTransport(lambda _: ok()), on_call=hook
    )
    assert len(client.send(READ, token=TOKEN)) == 2
    assert "on_call failed" in caplog.text


def guard(**policy):
    return connect.Guard(
        "org",
        breaker_policy=connect.BreakerPolicy(failures=2, **policy),
        clock=NOW.timestamp,
    )


def test_open_circuit_sends_nothing():
    world = World(HTML, HTML, guard=guard())
    # The second failure opens it, so that the third try is held back; the failure is told.
    assert isinstance(world.fails(), connect.GatewayFailed)
    assert world.records[0].tries == 2
    error = world.fails(WRITE)
    assert type(error) is connect.CircuitOpen
    assert error.maybe_applied is False
    assert (error.call_name, error.request_id) == ("book", "r-1")
    assert world.records[1].tries == 0
    assert world.records[1].error_class == "CircuitOpen"


def test_rate_limit_of_one_call_holds_back_the_next():
    world = World(envelope(429, **{"retry-after": "30"}), guard=guard())
    world.fails(WRITE)
    error = world.fails(READ)
    assert type(error) is connect.Throttled
    assert (error.retry_at - NOW).total_seconds() == 30


def test_answers_of_connect_keep_the_circuit_closed():
    answers = [envelope(400, "no") for _ in range(5)]
    world = World(*answers, ok(), guard=guard())
    for _ in range(5):
        with pytest.raises(connect.Refused):
            world.send(WRITE)
    assert world.send()


def test_no_time_left_sends_nothing():
    world = World()

    class Slow(connect.Guard):
        def turn(self, wait_seconds):
            world.now += 60
            return super().turn(wait_seconds)

    world.client._guard = Slow("org")
    error = world.fails(WRITE)
    assert isinstance(error, connect.Unreachable)
    assert error.maybe_applied is False


@pytest.mark.parametrize(
    "url",
    [
        "",
        "connect.test",
        "ftp://connect.test",
        "https://",
        "https://user:secret@connect.test",
        "https://connect.test?x=1",
        "https://connect.test#x",
        "https://connect.test:port",
        "https://connect.test:0",
        "https://connect.test:99999",
        "https://con nect",
    ],
)
def test_address_that_will_not_do_is_refused_at_once(url):
    with pytest.raises(ValueError, match=r".") as caught:
        connect.Client(url)
    assert "secret" not in str(caught.value)


def test_client_closes_with_its_block():
    with connect.Client(
        "http://connect.test", transport=httpx.MockTransport(lambda _: ok())
    ) as client:
        client.send(READ, token=TOKEN)
    with pytest.raises(RuntimeError):
        client.send(READ, token=TOKEN)
