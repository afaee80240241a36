"""A province's sign-in service on loopback, as small as OpenID Connect allows: one key, one client, one person at a time."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "hanchot", "a secret of the board"


@dataclass
class Issuer:
    """``claims`` are said of whoever comes next; ``lies`` replace what the ID token ought to say; ``now`` is its clock."""

    now: datetime
    address: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    lies: dict[str, Any] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "1"}))
    signs_with: RSAKey | None = None
    _waiting: dict[str, dict[str, str]] = field(default_factory=dict)

    def consent(self, sent_to: str) -> dict[str, str]:
        """The person agrees at the address that the browser was sent to; what comes back to the board."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(sent_to).query).items()}
        assert asked["client_id"] == CLIENT and asked["response_type"] == "code" and asked["code_challenge_method"] == "S256"
        code = f"code-{len(self._waiting)}"
        self._waiting[code] = asked
        return {"code": code, "state": asked["state"], "iss": self.address}

    def answer(self, path: str, sent: dict[str, str]) -> tuple[int, dict[str, Any]]:
        if path == "/.well-known/openid-configuration":
            ends = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
            return 200, {"issuer": self.address} | {name: f"{self.address}/{end}" for name, end in ends.items()}
        if path == "/keys":
            return 200, {"keys": [self.key.as_dict(private=False)]}
        asked = self._waiting.pop(sent.get("code", ""), None)
        if asked is None or asked["code_challenge"] != _challenge(sent.get("code_verifier", "")):
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": "x", "token_type": "Bearer", "id_token": self._id_token(asked["nonce"])}

    def _id_token(self, nonce: str) -> str:
        at = int(self.now.timestamp())
        said = {"iss": self.address, "sub": "1", "aud": CLIENT, "iat": at, "exp": at + 300, "nonce": nonce}
        return jwt.encode({"alg": "RS256", "kid": "1"}, said | self.claims | self.lies, self.signs_with or self.key)


@contextmanager
def issuing(now: datetime) -> Iterator[Issuer]:
    """The service on a free port, for as long as the block lasts."""
    issuer = Issuer(now)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._say(*issuer.answer(self.path, {}))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            known = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
            assert self.headers["authorization"] == f"Basic {known}"
            self._say(*issuer.answer(self.path, {name: values[0] for name, values in parse_qs(body).items()}))

        def _say(self, status: int, document: dict[str, Any]) -> None:
            body = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return None

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    issuer.address = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def back(answer: dict[str, str]) -> str:
    """The address with which the service sends the browser back."""
    return f"/sign-in/oidc/callback?{urlencode(answer)}"


def _challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
