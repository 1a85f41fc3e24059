"""An organisation at the running sandbox with the tokens a test mints for it."""

from datetime import date

from django.contrib.auth import get_user_model
from django.utils import timezone

from bookingapp.domain import token_care, tokens
from bookingapp.domain.models import Organisation, Token
from bookingapp.domain.token_care import Pasted

NAME = "Praxis Lindenhof"


class TokenWorld:
    def __init__(self, sandbox):
        self.sandbox = sandbox
        self.organisation = Organisation.objects.create(
            name=NAME, slug="praxis-lindenhof", connect_url=sandbox.url
        )
        self.admin = get_user_model().objects.create_user("ada", "ada@example.com")

    def secret(self, scope, label=""):
        """A secret that the sandbox accepts (until the test says otherwise)."""
        return self.sandbox.mint(NAME, label or f"own-{scope}", scope)

    def stored(self, scope, label="", *, known=True):
        """A token in the tables; with its scope unless ``known`` is False."""
        label = label or f"own-{scope}"
        token, _ = tokens.store(self.organisation, secret=self.secret(scope, label), label=label)
        if known:
            tokens.note_scope(token, scope, at=timezone.now())
        return Token.objects.get(pk=token.pk)

    def add(self, secret, label="New", *, expires_on: date | None = None, replaces=None):
        pasted = Pasted(secret, label, expires_on, replaces, made_for=self.organisation.connect_url)
        return token_care.add(self.organisation, pasted, person=self.admin, now=timezone.now())

    def revoke(self, label):
        self.sandbox.revoke(label, NAME)

    def everything(self):
        """All that a change at the sandbox would show in."""
        return (self.sandbox.bookings(), self.sandbox.leads(), self.sandbox.events())

    def last_calls(self):
        """(method, token, status) of each call since the last time this was asked."""
        found = [(c["method"], c["token"], c["status"]) for c in self.sandbox.calls()]
        self.sandbox.forget_calls()
        return found
