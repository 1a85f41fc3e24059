"""A passkey from end to end in a real Chromium, with an authenticator that its protocol plays."""

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import expect

from bookingapp.domain.models import AuditEvent
from tests.web.conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def test_add_a_passkey_sign_out_and_sign_in_by_it(open_as, person):
    # Chromium knows passkeys on a host with a name only, not on an address.
    page = open_as(None)
    home = page.home.replace("127.0.0.1", "localhost")
    person("staff")
    protocol = page.context.new_cdp_session(page)
    protocol.send("WebAuthn.enable")
    protocol.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})

    page.goto(f"{home}/sign-in/?next=/me/security/")
    page.get_by_label("Name or email").fill("staff")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Name").fill("Laptop at work")
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.get_by_role("link", name="I have them").click()
    expect(page.locator(".me__row strong")).to_have_text("Laptop at work")
    assert Authenticator.objects.get(type="webauthn").wrap().name == "Laptop at work"

    page.goto(f"{home}/me/sessions/")
    page.get_by_role("main").get_by_role("button", name="Sign out", exact=True).click()
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(lambda url: "/sign-in/" not in url)
    page.goto(f"{home}/me/security/")
    expect(page.get_by_role("heading", name="Passkeys")).to_be_visible()
    last = AuditEvent.objects.filter(action="sign-in").last()
    assert (last.person, last.details) == (person("staff"), {"by": ["webauthn"]})

    # It shows once more who one is, and after the password it is asked for.
    page.get_by_role("link", name="Rename Laptop at work").click()
    page.get_by_role("link", name="With a passkey").click()
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_label("Name").fill("Laptop")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".me__row strong")).to_have_text("Laptop")
    page.goto(f"{home}/me/sessions/")
    page.get_by_role("main").get_by_role("button", name="Sign out", exact=True).click()
    page.get_by_label("Name or email").fill("staff")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(lambda url: "/2fa/" not in url)
