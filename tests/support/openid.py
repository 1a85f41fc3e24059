"""A small OpenID Connect provider on loopback, as honest or as wrong as a test wants it."""

import base64
import hashlib
import hmac
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "desk", "the-desk-s-own-secret"


class Provider:
    """Set ``person`` (claims), ``token`` (claims of the id token that are said otherwise) and
    ``broken`` (paths that answer nonsense) before a sign-in.
    """

    def __init__(self):
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self._wrong_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.reset()
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                provider._answer(self, {})

            def do_POST(self):
                length = int(self.headers["Content-Length"])
                provider._answer(self, parse_qs(self.rfile.read(length).decode()))

            def log_message(self, *_args):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def reset(self):
        self.person = {"sub": "u-1", "email": "staff@example.com", "email_verified": True}
        self.token, self.broken, self.asked = {}, {}, []
        self.uses_wrong_key, self.algorithm, self.codes = False, "RS256", {}

    @property
    def url(self):
        return f"http://127.0.0.1:{self._server.server_port}"

    def stop(self):
        self._server.shutdown()
        self._server.server_close()

    def consent(self, address):
        """What the browser brings back after somebody agreed at ``address``: the query."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["client_id"] == CLIENT
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        self.codes["the-code"] = asked
        return {"code": "the-code", "state": asked["state"]}

    def _answer(self, request, form):
        path = urlsplit(request.path).path
        self.asked.append(path)
        status, body = self.broken.get(path) or self._honest(path, form, request)
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        request.send_response(status)
        if status == 302:
            request.send_header("Location", raw.decode())
        request.send_header("Content-Type", "application/json")
        request.send_header("Content-Length", str(len(raw)))
        request.end_headers()
        request.wfile.write(raw)

    def _honest(self, path, form, request):
        if path == "/.well-known/openid-configuration":
            names = ("authorization", "token", "userinfo")
            return 200, {
                "issuer": self.url,
                "jwks_uri": f"{self.url}/keys",
                **{f"{name}_endpoint": f"{self.url}/{name}" for name in names},
                "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            }
        if path == "/keys":
            return 200, {"keys": [self._public()]}
        if path == "/token":
            return self._exchange(form, request.headers.get("Authorization", ""))
        if path == "/userinfo":
            known = request.headers["Authorization"] == "Bearer the-access-token"
            return (200, self.person) if known else (401, {})
        return 404, {}

    def _public(self):
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self._key.public_key()))
        return public | {"kid": "k1", "alg": "RS256", "use": "sig"}

    def _exchange(self, form, authorization):
        asked = self.codes.pop(form["code"][0], None)
        told = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        digest = hashlib.sha256(form.get("code_verifier", [""])[0].encode()).digest()
        proof = _base64(digest)
        if not asked or authorization != f"Basic {told}" or proof != asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {
            "iss": self.url,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "sub": self.person["sub"],
            "nonce": asked["nonce"],
            **self.token,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        return 200, {
            "access_token": "the-access-token",
            "token_type": "Bearer",
            "id_token": self._signed(claims),
        }

    def _signed(self, claims):
        if self.algorithm == "none":
            return jwt.encode(claims, None, algorithm="none", headers={"kid": "k1"})
        if self.algorithm == "HS256":
            return _by_hand(claims, json.dumps(self._public()))
        key = self._wrong_key if self.uses_wrong_key else self._key
        return jwt.encode(claims, key, algorithm="RS256", headers={"kid": "k1"})


def _by_hand(claims, password):
    """The public key used as a password: what a careless check would accept."""
    head = {"alg": "HS256", "typ": "JWT", "kid": "k1"}
    parts = [_base64(json.dumps(part).encode()) for part in (head, claims)]
    mac = hmac.digest(password.encode(), ".".join(parts).encode(), "sha256")
    return ".".join([*parts, _base64(mac)])


def _base64(raw):
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
