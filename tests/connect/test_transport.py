"""The client against real sockets: what a hostile or broken server can do to it."""

import gzip
import logging
import ssl
import threading
import traceback
from datetime import UTC, datetime, timedelta

import httpcore
import pytest

from bookingapp import connect
from bookingapp.connect.deadlines import DeadlineBackend, within
from bookingapp.connect.transport import Exchange
from tests.connect.rawserver import RawServer, closed_port_url, timed
from tests.connect.samples import CALLS

TOKEN = "rocketlead_live_" + "c0ffee" * 10 + "abcd"
READ, WRITE = CALLS["list_calendars"], CALLS["book"]
BOOKED = b'{"id":"b","startDateTime":"2026-11-23T09:00:00Z","endDateTime":"2026-11-23T10:00:00Z"}'


def client(server, **options):
    return connect.Client(getattr(server, "url", server), sleep=lambda _: None, **options)


def fails(one, call, **options):
    with pytest.raises(connect.ConnectError) as caught:
        one.send(call, token=TOKEN, **options)
    return caught.value


def keep_answering(connection):
    while connection.read():
        connection.answer()


def once(act):
    """A handler that reads one request and then does ``act``."""

    def handle(connection):
        connection.read()
        act(connection)

    return handle


def test_connection_is_kept_and_used_again():
    with RawServer(keep_answering) as server, client(server) as one:
        for _ in range(3):
            one.send(READ, token=TOKEN)
        assert (server.connections, len(server.requests)) == (1, 3)


def test_many_threads_share_one_client():
    with RawServer(keep_answering) as server, client(server) as one:
        threads = [
            threading.Thread(target=lambda: [one.send(READ, token=TOKEN) for _ in range(5)])
            for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(10)
        assert len(server.requests) == 40
        assert server.connections <= 8


def test_connection_closed_while_idle_is_not_used_for_a_write():
    closed = threading.Event()

    def handle(connection):
        if connection.read().startswith("GET"):
            connection.answer()
            connection._raw.close()
            closed.set()
        else:
            connection.answer(BOOKED)

    with RawServer(handle) as server, client(server) as one:
        one.send(READ, token=TOKEN)
        assert closed.wait(5)
        assert one.send(WRITE, token=TOKEN).id == "b"
        assert server.connections == 2


def test_kept_connection_that_closes_on_a_write_leaves_it_unsure():
    def handle(connection):
        connection.read()
        connection.answer()
        connection.read()

    with RawServer(handle) as server, client(server) as one:
        one.send(READ, token=TOKEN)
        error = fails(one, WRITE)
        assert isinstance(error, connect.Unreachable)
        assert error.maybe_applied is True
        assert [r.partition(" ")[0] for r in server.requests] == ["GET", "POST"]


def test_connection_that_was_never_made_is_proven():
    with client(closed_port_url()) as one:
        error = fails(one, WRITE)
    assert isinstance(error, connect.Unreachable)
    assert error.maybe_applied is False


@pytest.mark.parametrize("end", ["reset", "_raw.close"])
def test_write_that_was_cut_off_is_unsure_and_sent_once(end):
    def act(connection):
        target = connection
        for name in end.split("."):
            target = getattr(target, name)
        target()

    with RawServer(once(act)) as server, client(server) as one:
        error = fails(one, WRITE)
        assert (type(error), error.maybe_applied) == (connect.Unreachable, True)
        assert len(server.requests) == 1


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 500,
        b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n",
    ],
    ids=["head", "body"],
)
def test_drip_cannot_outlast_the_whole_time(head):
    def act(connection):
        if head.endswith(b"\r\n\r\n"):
            connection.send(head)
            connection.drip(b"[" * 500)
        connection.drip(head)

    with RawServer(once(act)) as server, client(server) as one:
        errors = []
        took = timed(lambda: errors.append(fails(one, WRITE, deadline_seconds=0.4)))
    assert took < 2
    assert (type(errors[0]), errors[0].maybe_applied) == (connect.Unreachable, True)


def test_silence_ends_with_the_read_timeout():
    quick = connect.Timeouts(read=0.2)
    with RawServer(once(lambda c: c.hang())) as server, client(server, timeouts=quick) as one:
        errors = []
        took = timed(lambda: errors.append(fails(one, WRITE)))
    assert took < 3
    assert errors[0].maybe_applied is True


def test_silence_ends_with_the_whole_time_though_the_read_timeout_is_longer():
    with RawServer(once(lambda c: c.hang())) as server, client(server) as one:
        took = timed(lambda: fails(one, WRITE, deadline_seconds=0.3))
    assert took < 3


def test_server_that_never_says_hello_ends_with_the_connect_time():
    quick = connect.Timeouts(connect=0.2)
    with RawServer(lambda c: c.hang()) as server:
        address = server.url.replace("http:", "https:")
        error = fails(client(address, timeouts=quick), WRITE)
    assert (type(error), error.maybe_applied) == (connect.Unreachable, False)


def test_redirect_is_never_followed():
    with RawServer(keep_answering) as other:
        where = f"Location: {other.url}/connect/calendar/"
        act = once(lambda c: c.answer(b"", "307 Temporary Redirect", [where]))
        with RawServer(act) as server, client(server) as one:
            error = fails(one, WRITE)
            assert isinstance(error, connect.Redirected)
            assert error.target_host in other.url
            assert len(server.requests) == 1
        assert other.connections == 0


def test_cookie_of_one_answer_is_not_sent_with_the_next():
    def handle(connection):
        while connection.read():
            connection.answer(headers=["Set-Cookie: session=one-organisation; Path=/"])

    with RawServer(handle) as server, client(server) as one:
        one.send(READ, token=TOKEN)
        one.send(READ, token=TOKEN)
        assert "cookie" not in server.requests[1].lower()


def test_proxies_of_the_environment_are_ignored(monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, closed_port_url())
    with RawServer(keep_answering) as server, client(server) as one:
        assert one.send(READ, token=TOKEN) == ()


def test_packed_answer_is_unpacked():
    packed = gzip.compress(b'[{"id":"c"}]')
    act = once(lambda c: c.answer(packed, headers=["Content-Encoding: gzip"]))
    with RawServer(act) as server, client(server) as one:
        assert one.send(READ, token=TOKEN)[0].id == "c"
        assert "accept-encoding: gzip\r\n" in server.requests[0].lower()


def test_packing_nobody_asked_for_is_unreadable():
    act = once(lambda c: c.answer(BOOKED, headers=["Content-Encoding: br"]))
    with RawServer(act) as server, client(server) as one:
        error = fails(one, WRITE)
    assert (type(error), error.reason, error.status) == (connect.Unreadable, "encoding", 200)
    assert error.maybe_applied is True


@pytest.mark.parametrize("packed", [False, True])
def test_huge_answer_is_refused(packed):
    body = gzip.compress(b"x" * 200_000) if packed else b"x" * 200_000
    headers = ["Content-Encoding: gzip"] if packed else []
    act = once(lambda c: c.answer(body, headers=headers))
    with RawServer(act) as server, client(server, max_body_bytes=100_000) as one:
        error = fails(one, WRITE)
    assert (type(error), error.reason, error.status) == (connect.Unreadable, "too large", 200)
    assert error.maybe_applied is True


def test_huge_answer_to_a_read_is_not_asked_for_again():
    act = once(lambda c: c.answer(b"x" * 200_000))
    with RawServer(act) as server, client(server, max_body_bytes=100_000) as one:
        assert fails(one, READ).maybe_applied is False
        assert len(server.requests) == 1


def cut_off(status):
    return once(lambda c: c.send(f"HTTP/1.1 {status}\r\nContent-Length: 90\r\n\r\n{{".encode()))


def test_answer_that_breaks_off_is_truncated():
    with RawServer(cut_off("201 Created")) as server, client(server) as one:
        error = fails(one, WRITE)
    assert (type(error), error.reason, error.status) == (connect.Unreadable, "truncated", 201)
    assert error.maybe_applied is True


def test_refusal_that_breaks_off_is_a_refusal_all_the_same():
    with RawServer(cut_off("401 Unauthorized")) as server, client(server) as one:
        assert isinstance(fails(one, WRITE), connect.TokenRejected)
    with RawServer(cut_off("500 Oops")) as server, client(server) as one:
        error = fails(one, WRITE)
    assert (type(error), error.maybe_applied) == (connect.GatewayFailed, True)


@pytest.mark.parametrize(
    "noise",
    [
        b"SSH-2.0-OpenSSH_9\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"\x00\x01" * 20,
        b"HTTP/1.1 200 OK\r\nA:" + b"b" * 200_000,
    ],
)
def test_server_that_speaks_another_language_is_unreachable(noise):
    with RawServer(once(lambda c: c.send(noise))) as server, client(server) as one:
        error = fails(one, WRITE)
    assert (type(error), error.maybe_applied) == (connect.Unreachable, True)


def test_host_name_that_cannot_be_is_unreachable():
    with client("http://a..localhost") as one:
        error = fails(one, WRITE)
    assert (type(error), error.maybe_applied) == (connect.Unreachable, False)


def test_certificate_nobody_vouches_for_is_refused(tmp_path):
    with RawServer(keep_answering, tls=self_signed(tmp_path)) as server, client(server) as one:
        error = fails(one, WRITE)
    assert (type(error), error.maybe_applied) == (connect.Unreachable, False)
    assert "CERTIFICATE_VERIFY_FAILED" in error.message
    assert server.requests == []


def self_signed(folder):
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path = folder / "both.pem"
    path.write_bytes(pem + certificate.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


def leaky(connection):
    """Says the token again wherever it can."""
    connection.read()
    body = f'{{"statusCode":400,"message":"Bearer {TOKEN} is bad"}}'.encode()
    connection.answer(body, f"400 {TOKEN}", [f"X-Echo: {TOKEN}", f"Set-Cookie: t={TOKEN}"])


def test_request_on_its_way_prints_no_secret():
    exchange = Exchange("GET", "http://connect.test/", {"Authorization": TOKEN}, None)
    assert repr(exchange) == "Exchange(GET http://connect.test/)"


def test_nothing_is_begun_when_the_time_is_over():
    backend = DeadlineBackend()
    with within(0), pytest.raises(httpcore.ConnectTimeout):
        backend.connect_tcp("127.0.0.1", 1)


@pytest.mark.parametrize("handle", [leaky, once(lambda c: c.reset()), keep_answering])
def test_secret_is_nowhere_to_be_read(handle, caplog):
    caplog.set_level(logging.DEBUG)
    for name in ("httpx", "httpcore", "httpcore.connection", "httpcore.http11"):
        caplog.set_level(logging.DEBUG, name)
    records, said = [], []
    with RawServer(handle) as server, client(server, on_call=records.append) as one:
        error = fails(one, WRITE)
        assert error.__context__ is None
        said += [repr(error), str(error), str(vars(error)), *traceback.format_exception(error)]
        said += [repr(one), repr(vars(one)), repr(records), repr(WRITE), caplog.text]
        said += [str(record.__dict__) for record in caplog.records]
        assert TOKEN in server.requests[0]
    assert "receive_response_headers" in caplog.text, (
        "the libraries' own records were not looked at"
    )
    assert not [text for text in said if TOKEN in text or "c0ffee" in text]
