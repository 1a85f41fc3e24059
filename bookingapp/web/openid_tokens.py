"""What an OpenID Connect provider answers, believed as far as it is signed and meant for us."""

from __future__ import annotations

import hmac
from typing import Any

import jwt
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from allauth.utils import build_absolute_uri
from django.http import HttpRequest
from django.urls import reverse

# Never "none", and nothing that a public key could be used as a password for.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")
NEEDED = ("iss", "aud", "sub", "exp", "iat", "nonce")
# Clocks differ by so much, in seconds.
LEEWAY = 60
WELL_KNOWN = "/.well-known/openid-configuration"


class DeskOpenIdAdapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]  # allauth is untyped
    """allauth's, with OpenID Connect Core 3.1.3.7 in full."""

    # What was kept in the session when the person was sent away.
    kept: dict[str, Any] = {}

    @property
    def openid_config(self) -> dict[str, Any]:
        """What the provider says of itself. Raises OAuth2Error when it names another issuer."""
        if not hasattr(self, "_openid_config"):
            issuer = self.get_provider().app.settings["server_url"]
            config = _fetched(issuer.rstrip("/") + WELL_KNOWN)
            if config.get("issuer") != issuer:
                raise OAuth2Error("another issuer")
            self._openid_config = config
        return self._openid_config

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        url: str = build_absolute_uri(request, reverse("openid-callback"))
        return url

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **told: Any) -> Any:
        """Raises OAuth2Error for an id token that is not the provider's answer to this browser."""
        claims = self._claims(app, str(told["response"].get("id_token", "")))
        if "userinfo_endpoint" in self.openid_config:
            more = self._fetch_user_info(token.token)
            if more.get("sub") != claims["sub"]:
                raise OAuth2Error("userinfo of somebody else")
            claims = claims | more
        # Some say it as a text, of which every one would count as true.
        claims["email_verified"] = claims.get("email_verified") in (True, "true")
        login = self.get_provider().sociallogin_from_response(request, {"userinfo": claims})
        login.account.extra_data = {}
        return login

    def _claims(self, app: Any, id_token: str) -> dict[str, Any]:
        try:
            key = _key(id_token, _fetched(self.openid_config["jwks_uri"]))
            claims: dict[str, Any] = jwt.decode(
                id_token,
                key,
                algorithms=ALGORITHMS,
                audience=app.client_id,
                issuer=self.openid_config["issuer"],
                options={"require": list(NEEDED)},
                leeway=LEEWAY,
            )
        except jwt.PyJWTError as error:
            raise OAuth2Error("id token not accepted") from error
        nonce = str((self.kept.get("data") or {}).get("nonce", ""))
        if not nonce or not hmac.compare_digest(nonce, str(claims["nonce"])):
            raise OAuth2Error("another nonce")
        if isinstance(claims["aud"], list) and claims.get("azp", app.client_id) != app.client_id:
            raise OAuth2Error("meant for another party")
        return claims


def _fetched(url: str) -> dict[str, Any]:
    """The JSON object at ``url``. Raises requests.RequestException, or OAuth2Error."""
    with get_adapter().get_requests_session() as session:
        response = session.get(url)
        response.raise_for_status()
        found = response.json()
    if not isinstance(found, dict):
        raise OAuth2Error("no object")
    return found


def _key(id_token: str, keys: dict[str, Any]) -> jwt.PyJWK:
    """The key that signed it; the only one there is when none is named."""
    known = jwt.PyJWKSet.from_dict(keys).keys
    named = jwt.get_unverified_header(id_token).get("kid")
    found = [key for key in known if named is None or key.key_id == named]
    if not found or (named is None and len(found) > 1):
        raise OAuth2Error("signed with an unknown key")
    return found[0]
