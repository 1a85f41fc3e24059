"""Where letters go, read from the environment; what is wrong names its variable."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from bookingapp import mail

NOTHING = dict.fromkeys(("url", "host", "user", "password", "security", "sender"), "") | {"port": 0}


def read(**given):
    return mail.read(**(NOTHING | given))


def test_without_a_host_there_are_no_letters():
    assert read() is None
    assert read(user="desk", sender="desk@example.com") is None


def test_one_line_says_it_all():
    found = read(url="smtp://d%40sk:p%2Fw@mail.example.com:2525?from=desk@example.com")
    assert (found.host, found.port, found.user, found.password) == (
        *("mail.example.com", 2525),
        *("d@sk", "p/w"),
    )
    assert (found.security, found.sender) == ("starttls", "desk@example.com")
    assert "p/w" not in repr(found)


@pytest.mark.parametrize(
    ("given", "security", "port"),
    [
        ({"host": "mail"}, "starttls", 587),
        ({"host": "mail", "security": "tls"}, "tls", 465),
        ({"host": "mail", "security": "none"}, "none", 25),
        ({"url": "smtps://mail"}, "tls", 465),
        ({"url": "smtp://mail?tls=none"}, "none", 25),
        ({"url": "smtp://mail:25", "port": 26}, "starttls", 26),
    ],
)
def test_the_port_follows_the_way_of_keeping_it_private(given, security, port):
    found = read(**given, sender="desk@example.com")
    assert (found.security, found.port) == (security, port)


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"url": "http://mail"}, "EMAIL_URL"),
        ({"url": "smtp://mail:many", "sender": "a@b.de"}, "EMAIL_URL"),
        ({"host": "mail"}, "EMAIL_FROM"),
        ({"host": "mail", "sender": "a@b.de\nBcc: c@d.de"}, "EMAIL_FROM"),
        ({"host": "mail", "sender": "a@b.de", "security": "ssl"}, "EMAIL_TLS"),
    ],
)
def test_what_is_wrong_names_its_variable(given, named):
    with pytest.raises(ImproperlyConfigured, match=named):
        read(**given)
