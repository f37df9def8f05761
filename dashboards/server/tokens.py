"""Check what an OpenID Connect provider says of a user, before a sign-in begins, and keep no more of it than is needed.

Streamlit leaves the check of a provider's token to Authlib. That accepts a token for another audience if `azp` names
this client, any algorithm that the provider lists, any issuer if the provider's description names none, and clocks two
minutes apart. So the token is checked here as well.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from authlib.integrations.starlette_client import StarletteOAuth2App

from casework.access import groups
from casework.store import event_log
from casework.store.refusal import Refused
from dashboards.server.access import SEAL, Server, seal_of

LEEWAY = 60  # seconds by which the clocks of provider and server may differ
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
KEPT = ("iss", "sub", "aud", "iat", "exp", "nonce", "sid", "email", "email_verified")  # claims, beside user and groups
LONGEST = 2_000  # characters of a token that a cookie keeps for signing out; a longer one is not needed
ESSENTIAL = ("iss", "sub", "aud", "exp", "iat", "nonce")


def install(server: Callable[[], Server]) -> None:
    """Have every sign-in checked; called once, before the server accepts any."""
    metadata_of, exchange = StarletteOAuth2App.load_server_metadata, StarletteOAuth2App.authorize_access_token
    parse = StarletteOAuth2App.parse_id_token

    async def load_server_metadata(self: Any) -> dict[str, Any]:
        metadata: dict[str, Any] = await metadata_of(self)
        offered = metadata.get("id_token_signing_alg_values_supported") or ()
        # without a signature, or signed by a secret, a token proves nothing of the provider
        metadata["id_token_signing_alg_values_supported"] = [name for name in ALGORITHMS if name in offered]
        return metadata

    async def parse_id_token(self: Any, token: Mapping[str, Any], nonce: str, **_: Any) -> dict[str, Any]:
        metadata = await self.load_server_metadata()
        options: dict[str, Any] = {name: {"essential": True} for name in ESSENTIAL}
        options["iss"]["values"] = [metadata.get("issuer") or "no issuer"]
        options["aud"]["values"] = [self.client_id]
        options["nonce"]["values"] = [nonce]
        found = await parse(self, token, nonce, options, leeway=LEEWAY)
        if not found:
            raise Refused("The provider sent no token that names the user.")
        return needed(found, server(), time.time())

    async def authorize_access_token(self: Any, request: Any, **more: Any) -> dict[str, Any]:
        try:
            found = await exchange(self, request, **more)
            if not found.get("userinfo"):
                raise Refused("The provider sent no token that names the user.")
        except Exception as error:
            claim = getattr(error, "claim", None) or ""
            event_log.write(server().home, "sign-in refused", error=type(error).__name__, claim=str(claim))
            raise
        token = found.get("id_token", "")
        return {"userinfo": found["userinfo"]} | ({"id_token": token} if 0 < len(token) <= LONGEST else {})

    StarletteOAuth2App.load_server_metadata = load_server_metadata
    StarletteOAuth2App.parse_id_token = parse_id_token
    StarletteOAuth2App.authorize_access_token = authorize_access_token


def needed(claims: Mapping[str, Any], here: Server, at: float) -> dict[str, Any]:
    """What a sign-in needs of a provider's claims. It begins at `at`, in this server's time, if they say later.

    Else a provider whose clock is fast could begin a sign-in after the moment at which all were ended. Groups that give
    nothing here are left out: a browser keeps the claims in a cookie.
    """
    found = {name: claims[name] for name in (*KEPT, here.claim) if name in claims}
    rules = None if here.home is None else groups.read_groups(here.home)
    given = {} if rules is None else groups.kept(rules.memberships(claims))
    whole = {**given, **found, "iat": min(claims["iat"], at)}
    return {**whole, SEAL: seal_of(whole)}
