"""A Connect that answers settings pages, and an installation to be claimed."""

import contextlib
import ipaddress
import socket

from bookingapp import connect
from tests.domain.catalogue_world import Told

SECRET = "rocketlead_live_" + "5ec2e7" * 8
# Where nothing is looked up: an address that is public by itself.
ADDRESS = "https://93.184.216.34"
OTHER = "https://93.184.216.35"


class FakeConnect:
    """Lists of ``told``; a token among ``bad`` is refused, as at Connect. ``asked``: who, where."""

    def __init__(self):
        self.told, self.bad, self.asked = Told(), set(), []
        self.told["list_lead_pools"] = (
            connect.LeadPool(id="tbl_1", name="Neu"),
            connect.LeadPool(id="tbl_2", name="Alt"),
        )

    def client(self, base_url, **_):
        return _Line(self, base_url)

    def of(self, organisation):
        return _Line(self, organisation.connect_url)

    def send(self, organisation, call, **_):
        if call.name == "get_lead_pool":
            pools = {one.id: one for one in self.told["list_lead_pools"]}
            return pools[call.path.rpartition("/")[2]]
        return self.told.send(organisation, call)


class _Line:
    def __init__(self, world, base_url):
        self.world, self.base_url = world, base_url

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def send(self, call, *, token, **_):
        self.world.asked.append((self.base_url, token))
        if token in self.world.bad:
            raise connect.TokenRejected(status=401)
        with contextlib.suppress(KeyError):
            return self.world.told.send(None, call)
        raise connect.Missing(status=404, has_envelope=True)


_real = socket.getaddrinfo


def numbers_only(host, port, *more, **named):
    """A resolver that knows numbers and this machine."""
    if host in {None, "", "localhost"}:
        return _real(host, port, *more, **named)
    try:
        found = str(ipaddress.ip_address(host))
    except ValueError:
        raise socket.gaierror(-2, "Name or service not known") from None
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (found, port))]


def put_in_place(monkeypatch):
    from bookingapp.domain import connecting, gateway

    fake = FakeConnect()
    monkeypatch.setattr(connecting.connect, "Client", fake.client)
    monkeypatch.setattr(gateway, "client", fake.of)
    monkeypatch.setattr(gateway, "send", fake.send)
    monkeypatch.setattr(socket, "getaddrinfo", numbers_only)
    return fake
