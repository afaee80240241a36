"""The province's own sign-in service (OpenID Connect 1.0), where the settings name one.

Authorization code with PKCE (RFC 7636), state and nonce. Authlib speaks the protocol and is imported only when somebody
comes this way. The answer names a person by a verified e-mail address, or by our own code of the person.
"""

from __future__ import annotations

import base64
import binascii
import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from hanchot.domain.errors import Outside, Refused
from hanchot.service.services import Services
from hanchot.service.signing_in import logins, people
from hanchot.service.signing_in.logins import Login
from hanchot.service.signing_in.secrets import Sealer, plain_address, same
from hanchot.settings import Settings

VALID = timedelta(minutes=10)
PATIENCE = 10.0  # seconds for each answer of the service
LEEWAY = 60  # seconds that its clock may differ from ours
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
_AGAIN = "Đăng nhập lại từ đầu, hoặc dùng mã qua thư."


@dataclass(frozen=True, slots=True)
class Pending:
    """What the browser keeps, sealed, while it is with the service. ``until`` is in seconds since 1970."""

    state: str
    nonce: str
    verifier: str
    next: str
    until: int


def is_offered(settings: Settings) -> bool:
    return bool(settings.oidc_issuer and settings.oidc_client_id)


def begin(services: Services, callback: str, next_: str, now: datetime) -> tuple[str, str]:
    """(where to send the browser, what it keeps meanwhile). Raises ``Outside`` when the service does not answer."""
    with _speaking(services.settings, callback) as client:
        where = _metadata(client, services.settings)
        pending = Pending(*_random_words(), next_, int((now + VALID).timestamp()))
        address, _ = client.create_authorization_url(
            where["authorization_endpoint"], state=pending.state, nonce=pending.nonce, code_verifier=pending.verifier
        )
    return address, _sealed(services, pending)


def finish(
    services: Services, callback: str, kept: str, query: Mapping[str, str], now: datetime, remote: str | None = None,
    *, instead_of: str | None = None,
) -> tuple[Login, str]:  # fmt: skip
    """(the sign-in, where to go on). Raises ``Refused`` for any answer that does not fit, ``Outside`` for none."""
    settings, pending = services.settings, _unsealed(services, kept)
    if pending is None or now.timestamp() >= pending.until or not same(query.get("state", ""), pending.state):
        raise Refused("Lượt đăng nhập này không phải do trình duyệt này mở, hoặc đã quá 10 phút.", way_out=_AGAIN)
    if query.get("iss", settings.oidc_issuer) != settings.oidc_issuer or "code" not in query:  # RFC 9207
        raise Refused(f"{settings.oidc_name.capitalize()} không cho đăng nhập.", way_out=_AGAIN)
    claims = _claims(settings, callback, pending, query["code"], now)
    with services.db.write() as connection:
        whose = _whose(settings, claims)
        found = None
        if whose:
            find = people.by_address if settings.oidc_claim == "email" else people.by_code
            found = find(connection, whose, now)
        if found:
            return logins.start(connection, found.id, "oidc", now, remote=remote, instead_of=instead_of), pending.next
    raise Refused(
        "Tài khoản này chưa gắn với ai có việc trên bảng.", way_out="Báo Ban Tổ chức ghi đúng địa chỉ thư hoặc mã người."
    )


def _whose(settings: Settings, claims: Mapping[str, Any]) -> str | None:
    """The address that the service vouches for, or our code of the person."""
    said = claims.get(settings.oidc_claim)
    if not isinstance(said, str) or not said.strip():
        return None
    if settings.oidc_claim != "email":
        return said.strip()
    return plain_address(said) if claims.get("email_verified") is True else None


def _claims(settings: Settings, callback: str, pending: Pending, code: str, now: datetime) -> Mapping[str, Any]:
    """What the ID token says, once its signature, issuer, audience, time and nonce are right."""
    from authlib.oauth2 import OAuth2Error
    from authlib.oidc.core import CodeIDToken
    from joserfc import jwt
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet

    with _speaking(settings, callback) as client:
        where = _metadata(client, settings)
        keys = client.get(where["jwks_uri"], timeout=PATIENCE, withhold_token=True).json()
        try:
            token = client.fetch_token(where["token_endpoint"], code=code, code_verifier=pending.verifier, timeout=PATIENCE)
            said = jwt.decode(token["id_token"], KeySet.import_key_set(keys), algorithms=list(ALGORITHMS))
            options = {"iss": {"value": settings.oidc_issuer}, "aud": {"value": settings.oidc_client_id}}
            wanted = {"nonce": pending.nonce, "client_id": settings.oidc_client_id}
            checked = CodeIDToken(said.claims, said.header, options=options, params=wanted)
            checked.validate(now=int(now.timestamp()), leeway=LEEWAY)
        except (OAuth2Error, JoseError, KeyError, ValueError) as error:
            raise Refused(f"{settings.oidc_name.capitalize()} trả lời không hợp lệ.", way_out=_AGAIN) from error
    return dict(checked)


def _metadata(client: Any, settings: Settings) -> Mapping[str, str]:
    """The service's own description; it must say that it is the one we mean (OpenID Connect Discovery 1.0, 4.3)."""
    address = f"{settings.oidc_issuer.rstrip('/')}/.well-known/openid-configuration"
    found: dict[str, str] = client.get(address, timeout=PATIENCE, withhold_token=True).json()
    if found["issuer"] != settings.oidc_issuer:
        raise Outside(f"{address} tự nhận là “{found['issuer']}”.", way_out="Sửa HANCHOT_OIDC_ISSUER cho đúng.")
    return found


class _speaking:
    """A client of the service; whatever its line does wrong is ``Outside``."""

    def __init__(self, settings: Settings, callback: str) -> None:
        try:
            from authlib.integrations.requests_client import OAuth2Session
        except ModuleNotFoundError as error:
            raise Outside("Máy này chưa cài Authlib.", way_out="Cài gói hanchot[oidc], hoặc bỏ HANCHOT_OIDC_ISSUER.") from error

        secret = settings.oidc_client_secret
        self._client = OAuth2Session(
            settings.oidc_client_id, secret.get_secret_value() if secret else None, scope="openid email",
            redirect_uri=callback, code_challenge_method="S256",
        )  # fmt: skip
        self._name = settings.oidc_name

    def __enter__(self) -> Any:
        return self._client

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        from requests import RequestException

        self._client.close()
        if isinstance(error, RequestException | KeyError | TypeError | ValueError):
            raise Outside(f"{self._name.capitalize()} chưa trả lời.", way_out="Thử lại sau, hoặc dùng mã qua thư.") from error


def _random_words() -> tuple[str, str, str]:
    return secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48)


def _sealed(services: Services, pending: Pending) -> str:
    text = base64.urlsafe_b64encode(json.dumps(asdict(pending)).encode()).decode()
    with services.db.write() as connection:
        return f"{text}.{Sealer(connection)('oidc', text)}"


def _unsealed(services: Services, kept: str) -> Pending | None:
    text, _, mark = kept.rpartition(".")
    with services.db.write() as connection:
        if not same(mark, Sealer(connection)("oidc", text)):
            return None
    try:
        return Pending(**json.loads(base64.urlsafe_b64decode(text)))
    except (ValueError, TypeError, binascii.Error):
        return None
