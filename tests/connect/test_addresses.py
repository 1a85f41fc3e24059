"""Which addresses may be reached, and that the network asks at every connection."""

import ipaddress
import socket
import ssl

import httpcore
import pytest

from bookingapp import connect
from bookingapp.connect import deadlines
from bookingapp.connect.addresses import Reach, allowed, read
from bookingapp.connect.deadlines import DeadlineBackend
from tests.connect.rawserver import RawServer
from tests.connect.samples import CALLS

TOKEN = "rocketlead_live_" + "c0ffee" * 10 + "abcd"
READ, WRITE = CALLS["list_calendars"], CALLS["book"]
NOWHERE = Reach(networks=())
INSIDE = (
    *("127.0.0.1", "127.8.9.10", "::1", "0.0.0.0", "::", "10.0.0.7", "172.16.0.1", "172.31.255.9"),
    *("192.168.178.1", "169.254.169.254", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12:3456::1"),
    *("100.64.0.1", "192.0.0.1", "198.18.0.1", "198.51.100.7", "203.0.113.7", "192.0.2.1"),
    *("224.0.0.1", "239.1.2.3", "ff02::1", "240.0.0.1", "255.255.255.255", "fec0::1"),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:7f00:1"),
    *("64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::a00:1", "::10.0.0.1", "2002:a00:1::1"),
    *("2001:0:1::1", "2001:db8::1", "192.88.99.1", "::ffff:100.64.0.1", "::ffff:0.0.0.0"),
    # What is called global by one Python or by all, and is not for hosts anywhere.
    *("192.0.0.8", "192.0.0.9", "192.0.0.10", "192.0.0.170", "198.19.255.255", "0.1.2.3"),
    *("2001:1::1", "2001:1::2", "2001:3::1", "2001:4:112::1", "2001:20::1", "2001:2::1"),
    *("fec0::8", "3fff::1", "3ffe::1", "5f00::1", "100::1", "100:0:0:1::1", "4000::1"),
    # Addresses that carry a public one, by ways that may end in the house.
    *("64:ff9b:1::808:808", "64:ff9b:1:808:8:800::", "64:ff9b:1:ffff:8:808:800:0"),
    *("64:ff9b:0:0:0:1:808:808", "::8.8.8.8", "::ffff:0:808:808", "2002:808:808::1"),
    *("2001:0:808:808:0:ffff:f7f7:f7f7", "2606:2800:220:1:0:5efe:a00:1"),
    *("2606:2800:220:1:200:5efe:808:808", "fe80::5efe:a00:1%2", "fe80::8.8.8.8%eth0"),
)
OUTSIDE = (
    *("93.184.216.34", "8.8.8.8", "2606:2800:220:1:248:1893:25c8:1946"),
    *("64:ff9b::808:808", "::ffff:8.8.8.8", "192.0.1.1", "100.128.0.1", "172.32.0.1", "198.20.0.1"),
    *("2001:200::1", "2001:4860:4860::8888", "2a00:1450::1", "2003::1", "2606:2800::5eff:a00:1"),
)


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_that_is_not_public_is_closed_unless_it_is_opened(address):
    assert not NOWHERE.may_connect("connect.example", address)
    opened = ipaddress.ip_network(f"{read(address)}")
    assert Reach(networks=(opened,)).may_connect("connect.example", address)


@pytest.mark.parametrize("address", OUTSIDE)
def test_a_public_address_is_open(address):
    assert NOWHERE.may_connect("connect.example", address)


@pytest.mark.parametrize(
    ("network", "address"),
    [
        *(("64:ff9b:1::/48", "64:ff9b:1::808:808"), ("2002::/16", "2002:808:808::1")),
        *(("10.0.0.0/8", "64:ff9b::a00:1"), ("10.0.0.0/8", "::ffff:10.0.0.1")),
        *(("fe80::/10", "fe80::1%eth0"), ("127.0.0.0/8", "::ffff:127.0.0.1")),
        *(("100.64.0.0/10", "100.64.0.1"), ("192.0.0.0/24", "192.0.0.9")),
    ],
)
def test_the_operator_opens_each_of_them_by_its_network(network, address):
    reach = Reach(networks=(ipaddress.ip_network(network),))
    assert reach.may_connect("connect.example", address)
    assert not NOWHERE.may_connect("connect.example", address)


def test_to_open_a_network_of_the_house_opens_no_tunnel_to_it():
    reach = Reach(networks=(ipaddress.ip_network("10.0.0.0/8"),))
    tunnels = ("2002:a00:1::1", "64:ff9b:1::a00:1", "::10.0.0.1", "2606:2800::5efe:a00:1")
    assert not [one for one in tunnels if reach.may_connect("connect.example", one)]


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8%eth0", "127.0.0.1%lo", "", "connect.example", "127.1", "0x7f000001", "2130706433"],
)
def test_what_no_resolver_answers_with_is_no_address(address):
    assert not Reach().may_connect("connect.example", address)


def test_of_several_addresses_only_the_open_ones_are_left():
    found = ["10.0.0.1", "8.8.8.8", "8.8.8.8", "::1"]
    assert allowed(NOWHERE, "connect.example", found) == ["8.8.8.8"]
    assert allowed(Reach(), "connect.example", found) == ["8.8.8.8", "::1"]


def test_this_machine_by_its_name_is_nowhere_else():
    assert Reach().may_connect("localhost", "127.0.0.1")
    assert not Reach().may_connect("localhost", "8.8.8.8")
    assert not Reach().may_connect("desk.localhost.", "8.8.8.8")


@pytest.mark.parametrize(
    ("host", "plain"),
    [
        *(("localhost", True), ("LOCALHOST.", True), ("127.0.0.1", True), ("[::1]", True)),
        *(("[::ffff:127.0.0.1]", True), ("[::127.0.0.1]", False), ("0.0.0.0", False)),
        *(("sandbox.inside", True), ("Sandbox.Inside.", True), ("connect.example", False)),
        *(("localhost.example", False), ("10.0.0.1", False), ("2130706433", False)),
    ],
)
def test_without_tls_only_what_is_opened_for_it(host, plain):
    assert Reach(plain_hosts=frozenset({"sandbox.inside"})).may_be_plain(host) is plain


@pytest.fixture
def leads_to(monkeypatch):
    """``leads_to("10.0.0.1", ["127.0.0.1"])``: what the resolver answers, one after the other."""

    def answer(*answers):
        left = list(answers)

        def lookup(host, port):
            found = left.pop(0) if len(left) > 1 else left[0]
            return [found] if isinstance(found, str) else found

        monkeypatch.setattr(deadlines, "lookup", lookup)
        return left

    return answer


def fails(one, call):
    with pytest.raises(connect.ConnectError) as caught:
        one.send(call, token=TOKEN)
    return caught.value


def answering(connection):
    while connection.read():
        connection.answer()


def port_of(server):
    return int(server.url.rpartition(":")[2])


PLAIN = frozenset({"connect.example"})


def client(server, **reach):
    url = f"http://connect.example:{port_of(server)}"
    return connect.Client(url, reach=Reach(plain_hosts=PLAIN, **reach), sleep=lambda _: None)


@pytest.mark.parametrize("call", [READ, WRITE])
def test_a_name_that_leads_inside_is_not_asked(leads_to, call):
    leads_to("127.0.0.1")
    with RawServer(answering) as server, client(server, networks=()) as one:
        error = fails(one, call)
        assert (server.connections, server.requests) == (0, [])
    assert isinstance(error, connect.AddressRefused)
    assert error.maybe_applied is False
    assert "closed" in str(error)
    assert TOKEN not in repr(error)


def test_a_name_that_leads_elsewhere_a_moment_later_gains_nothing(leads_to):
    """Rebinding: what is connected to is the address that was looked at, found by one look-up."""
    left = leads_to("127.0.0.1", "10.0.0.1", "10.0.0.1")
    with RawServer(answering) as server, client(server) as one:
        one.send(READ, token=TOKEN)
        assert (server.connections, len(left)) == (1, 2)
    with RawServer(answering) as server, client(server) as one:
        assert isinstance(fails(one, READ), connect.AddressRefused)
        assert server.connections == 0


def test_a_new_connection_is_looked_at_anew(leads_to):
    leads_to("127.0.0.1", "169.254.169.254")

    def once(connection):
        connection.read()
        connection.answer()
        connection._raw.close()

    with RawServer(once) as server, client(server) as one:
        one.send(READ, token=TOKEN)
        assert isinstance(fails(one, READ), connect.AddressRefused)
        assert len(server.requests) == 1


def test_the_open_one_of_several_addresses_is_used(leads_to):
    leads_to(["10.0.0.1", "127.0.0.1"])
    with RawServer(answering) as server, client(server) as one:
        one.send(READ, token=TOKEN)
        assert server.connections == 1


@pytest.mark.parametrize("inside", ["http://127.0.0.1:9/", "http://169.254.169.254/latest/"])
def test_a_redirect_inside_is_not_followed(leads_to, inside):
    leads_to("127.0.0.1")

    def redirect(connection):
        connection.read()
        connection.answer(b"", status="302 Found", headers=[f"Location: {inside}"])

    with RawServer(redirect) as server, client(server) as one:
        error = fails(one, READ)
        assert (server.connections, len(server.requests)) == (1, 1)
    assert isinstance(error, connect.Redirected)


def test_a_host_that_is_not_opened_for_it_is_not_asked_without_tls():
    with RawServer(answering) as server:
        url = f"http://connect.example:{port_of(server)}"
        with connect.Client(url, sleep=lambda _: None) as one:
            assert isinstance(fails(one, READ), connect.AddressRefused)
        assert server.connections == 0


def test_tls_asks_for_the_name_and_not_for_the_address(leads_to):
    leads_to("127.0.0.1")
    asked = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.sni_callback = lambda _socket, name, _context: asked.append(name)
    with RawServer(answering, tls=context) as server:
        url = f"https://connect.example:{port_of(server)}"
        with connect.Client(url, sleep=lambda _: None) as one:
            assert isinstance(fails(one, READ), connect.Unreachable)
    assert set(asked) == {"connect.example"}


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "0177.0.0.1", "127.1", "0x7f000001"])
def test_odd_spellings_of_this_machine_are_judged_by_where_they_lead(host, monkeypatch):
    """C resolvers read them as 127.0.0.1; those that do not find nothing."""
    monkeypatch.setattr(socket, "getaddrinfo", plain_getaddrinfo)
    with pytest.raises((connect.AddressRefused, httpcore.ConnectError)):
        DeadlineBackend(NOWHERE).connect_tcp(host, 9, timeout=1)


def plain_getaddrinfo(host, port, **_):
    return [
        (
            socket.AF_INET,
            socket.SOCK_STREAM,
            6,
            "",
            (socket.inet_ntoa(socket.inet_aton(host)), port),
        )
    ]


def test_the_guard_learns_nothing_from_an_address_that_is_closed():
    guard = connect.Guard("praxis", store=connect.MemoryStore())
    for _ in range(20):
        guard.learn(connect.AddressRefused("closed"))
    with guard.turn(1):
        pass
