"""What may be an organisation's address: judged when it is saved, by the operator's rule."""

import ipaddress
import socket

import pytest

from bookingapp.domain import addresses
from bookingapp.domain.addresses import BadAddress
from bookingapp.settings import env


@pytest.fixture
def leads_to(monkeypatch):
    """What every host leads to; none: that there is no such host."""

    def answer(*found):
        def getaddrinfo(host, port, **_):
            if not found:
                raise socket.gaierror(-2, "Name or service not known")
            return [(2, 1, 6, "", (one, port)) for one in found]

        monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)

    return answer


@pytest.fixture
def operator(settings):
    """``operator(networks="10.0.0.0/8", plain="sandbox.inside")``"""

    def allows(networks="", plain=""):
        split = [word for word in networks.split(",") if word]
        settings.CONNECT_PRIVATE_NETWORKS = tuple(ipaddress.ip_network(one) for one in split)
        settings.CONNECT_PLAIN_HOSTS = [word for word in plain.split(",") if word]

    return allows


def refused(url):
    with pytest.raises(BadAddress) as caught:
        addresses.checked(url)
    assert set(caught.value.fields) == {"connect_url"}
    return caught.value.reason


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://connect.example", "https://connect.example"),
        ("  https://Connect.Example:443/  ", "https://connect.example"),
        ("HTTPS://connect.example./tenant/", "https://connect.example/tenant"),
        ("https://connect.example:8443", "https://connect.example:8443"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
        ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example"),
        ("https://[2606:2800:220:1::1]:8443", "https://[2606:2800:220:1::1]:8443"),
    ],
)
def test_an_address_is_kept_in_one_spelling(leads_to, operator, typed, kept):
    operator()
    leads_to("93.184.216.34")
    assert addresses.checked(typed) == kept


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        *(("", "required"), ("   ", "required"), ("https://x.example/" + "a" * 500, "too_long")),
        *(("connect.example", "unreadable"), ("ftp://connect.example", "unreadable")),
        *(("https://", "unreadable"), ("https:///path", "unreadable"), ("//x", "unreadable")),
        *(("https://[::1", "unreadable"), ("https://a b.example", "unreadable")),
        *(("https://a.example\\@b.example", "unreadable"), ("https://a\n.example", "unreadable")),
        *(("https://a..example", "unreadable"), ("https://x.example:99999", "unreadable")),
        *(("https://x.example:0", "unreadable"), ("https://x.example:abc", "unreadable")),
        *(("javascript:alert(1)", "unreadable"), ("file:///etc/passwd", "unreadable")),
        *(("https://user@x.example", "person"), ("https://u:p@x.example", "person")),
        *(("https://@x.example", "person"), ("https://x.example/?q=1", "more")),
        *(("https://x.example/#part", "more"), ("https://x.example?", "more")),
        *(("http://connect.example", "plain"), ("http://10.0.0.1", "plain")),
        *(("http://2130706433", "plain"), ("http://0x7f.1", "plain")),
    ],
)
def test_what_cannot_be_an_address_is_refused_with_its_reason(leads_to, operator, url, reason):
    operator()
    leads_to("93.184.216.34")
    assert refused(url) == reason


@pytest.mark.parametrize(
    "found",
    ["10.0.0.1", "127.0.0.1", "169.254.169.254", "::1", "::ffff:10.0.0.1", "64:ff9b::a00:1"],
)
def test_where_a_host_leads_is_what_counts(leads_to, operator, found):
    leads_to(found)
    operator()
    for host in ("connect.example", "2130706433", "0x7f.1", "0177.0.0.1", "127.1"):
        assert refused(f"https://{host}") == "closed"


CARRIED = (
    *("64:ff9b:1::808:808", "2002:808:808::1", "2001:0:808:808::1", "::8.8.8.8"),
    *("::ffff:0:808:808", "2606:2800::5efe:808:808", "fec0::1", "3fff::1"),
)


@pytest.mark.parametrize("carried", CARRIED)
def test_an_address_that_hides_where_it_leads_is_closed_until_the_operator_opens_it(
    leads_to, operator, carried
):
    """However it is come by: typed itself, or as what a name leads to."""
    operator(networks="10.0.0.0/8")
    leads_to(carried)
    assert refused(f"https://[{carried}]") == "closed"
    assert refused("https://connect.example") == "closed"
    operator(networks=f"{carried}/128")
    assert addresses.checked("https://connect.example") == "https://connect.example"


def test_one_closed_place_among_several_is_one_too_many(leads_to, operator):
    operator()
    leads_to("93.184.216.34", "10.0.0.1")
    with pytest.raises(BadAddress) as caught:
        addresses.checked("https://connect.example")
    assert (caught.value.reason, caught.value.found) == ("closed", "10.0.0.1")


def test_the_operator_opens_networks_and_hosts_without_tls(leads_to, operator):
    leads_to("10.1.2.3")
    operator(networks="10.0.0.0/8", plain="sandbox.inside")
    assert addresses.checked("https://connect.inside") == "https://connect.inside"
    assert addresses.checked("http://sandbox.inside:8001") == "http://sandbox.inside:8001"
    assert refused("http://connect.inside") == "plain"
    leads_to("192.168.0.1")
    assert refused("https://connect.inside") == "closed"


def test_this_machine_needs_no_tls_but_must_be_opened(leads_to, operator):
    leads_to("127.0.0.1")
    operator(networks="127.0.0.0/8")
    assert addresses.checked("http://localhost:8001") == "http://localhost:8001"
    operator()
    assert refused("http://localhost:8001") == "closed"


def test_a_host_that_cannot_be_found_is_told_or_let_pass(leads_to, operator):
    operator()
    leads_to()
    assert refused("https://conect.example") == "unknown"
    kept = addresses.checked("https://conect.example", must_be_found=False)
    assert kept == "https://conect.example"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://a.example", "https://a.example:443/tenant", True),
        ("https://a.example", "https://A.example.", True),
        ("https://a.example", "http://a.example", False),
        ("https://a.example", "https://a.example:8443", False),
        ("https://a.example", "https://b.example", False),
    ],
)
def test_scheme_host_and_port_say_who_gets_the_tokens(one, other, same):
    assert (addresses.origin(one) == addresses.origin(other)) is same


def test_networks_of_the_environment(monkeypatch):
    monkeypatch.setenv("NETS", "10.0.0.0/8, ::1")
    assert [str(one) for one in env.networks("NETS")] == ["10.0.0.0/8", "::1/128"]
    monkeypatch.setenv("NETS", "none")
    assert env.networks("NETS", "127.0.0.0/8") == ()
    monkeypatch.setenv("NETS", "10.0.0.1/8")
    with pytest.raises(env.ImproperlyConfigured, match="NETS"):
        env.networks("NETS")
