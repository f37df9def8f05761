"""Who may sign in, and what this server opens for them.

Anything not granted here is denied. The environment sets the server up when it starts, and nothing a browser sends can
widen it. An OpenID Connect provider or a proxy identifies a user. Their account grants rights, or their groups do at
the provider (groups.toml in the home). Either is read again for every action.

Without either this is a demonstration for the user of this machine. It then starts on no other address.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from casework.access import accounts, groups, sign_ins
from casework.access.access_log import NOT_SIGNED_IN, SIGNED_IN
from casework.access.accounts import Account
from casework.access.sign_ins import Limits, SignIn
from casework.store.database import UNUSABLE, in_words, now, open_store
from casework.store.refusal import Refused
from dashboards.data.published import AUDIENCES, Copy, Missing, open_copy
from dashboards.data.scope import FIGURES, Scope
from dashboards.server import frames
from dashboards.server.roles import ROLES, is_of_units, kinds_of, words_of

LOOPBACK = ("127.0.0.1", "localhost", "::1")
DEMONSTRATION, OIDC, HEADER = "demonstration", "oidc", "header"
PROXY_HEADER = "x-stra-proxy"  # header in which a proxy proves itself with the secret it shares with this server
SHORTEST_SECRET = 32
SEAL = "seal"  # among the claims of a sign-in: a hash of the others
ADDED = ("origin", "is_logged_in", "provider", "tokens")  # what Streamlit adds to them
TOO_MANY = (
    "The provider did not list all your groups, because you have too many, so nothing is opened. Ask its administrator "
    "to send this server only the groups that are assigned to it, or application roles."
)
NAMES = {"marking": "OFFICIAL", "header": "x-forwarded-user", "session": "x-stra-session", "claim": "email"}


@dataclass(frozen=True)
class Server:
    """The settings that this server was started with.

    `refusal` says why it serves nobody; empty if it serves.
    """

    home: Path | None
    audiences: tuple[str, ...]
    marking: str
    identity: str = DEMONSTRATION
    limits: Limits = field(default_factory=Limits)
    header: str = NAMES["header"]
    session_header: str = NAMES["session"]
    secret: str = ""
    claim: str = NAMES["claim"]
    is_https: bool = False
    refusal: str = ""
    metrics_token: str = ""  # of those who may read /metrics from elsewhere
    data: Path | None = None  # the folder with the delivered files, where the server was given it
    frame_ancestors: tuple[str, ...] = ()  # origins whose pages may show this server's pages in a frame

    @property
    def is_demonstration(self) -> bool:
        """Whether this is a demonstration: the user of this machine chooses any role.

        For trials only, never on a network.
        """
        return self.identity == DEMONSTRATION

    def open(self, audience: str, person: Person, opened: Callable[[str, int], str]) -> Copy:
        """The audience's copy, as far as the person may open it. Raises Missing.

        `opened` is called for every table that holds more than figures.
        """
        if audience not in self.audiences:
            raise Missing("denied", self.refusal or f"This server does not serve the {audience} audience.")
        kinds, asked_as = kinds_of(person.roles, audience), words_of(person.roles)
        if not kinds:
            raise Missing("denied", f"The {audience} audience's pages are not for {asked_as}.")
        units = person.units if is_of_units(person.roles) else None
        scope = Scope(kinds, opened if kinds - {FIGURES} else None, asked_as, units)
        return open_copy(self.home, audience, scope, may_be_earlier=True)


@dataclass(frozen=True)
class Person:
    """The user: name in the log, whether signed in, present roles, and the units of a supervisor."""

    identity: str
    kind: str
    roles: tuple[str, ...]
    sign_in: SignIn | None = None
    units: tuple[str, ...] = ()


@dataclass(frozen=True)
class TurnedAway:
    """The reason for turning a user away, in words for the page.

    `may_sign_in` is true where signing in (again) would help.
    """

    reason: str
    may_sign_in: bool = False


def from_environment(environ: Mapping[str, str], address: str | None) -> Server:
    """Read STRA_HOME, STRA_DATA, STRA_AUDIENCE, STRA_MARKING, STRA_METRICS_TOKEN, STRA_IDENTITY and its settings.

    STRA_FRAME_ANCESTORS names who may embed pages. An empty STRA_AUDIENCE means all audiences. `address` is the address
    that the server listens on.
    """

    def given(name: str, otherwise: str = "") -> str:
        return environ.get(name, "").strip() or otherwise

    audience, identity = given("STRA_AUDIENCE"), given("STRA_IDENTITY", DEMONSTRATION)
    served = (audience,) if audience else AUDIENCES
    home = Path(environ["STRA_HOME"]) if environ.get("STRA_HOME") else None
    unheld = next((words for name in ("STRA_HOME", "STRA_DATA") if (words := _unheld(name, given(name)))), "")
    limits, fault = _limits(given("STRA_IDLE_MINUTES", "30"), given("STRA_SIGN_IN_HOURS", "10"))
    embedding, not_origins = frames.origins(given("STRA_FRAME_ANCESTORS"))
    fault = unheld or fault or not_origins or _groups_fault(home, identity)
    if audience and audience not in AUDIENCES:
        fault = f"STRA_AUDIENCE: expected one of {', '.join(AUDIENCES)}, saw another word."
    elif identity not in (DEMONSTRATION, OIDC, HEADER):
        fault = f"STRA_IDENTITY: expected {DEMONSTRATION}, {OIDC} or {HEADER}, saw another word."
    elif identity == DEMONSTRATION and address not in LOOPBACK:
        fault = (
            "A server that others can reach must know who they are: set STRA_IDENTITY to oidc or header (see the "
            f"documentation, Access and audit trail). Without it, this is a demonstration on {LOOPBACK[0]} only."
        )
    elif identity == HEADER and len(given("STRA_PROXY_SECRET")) < SHORTEST_SECRET:
        fault = f"STRA_PROXY_SECRET: expected the {SHORTEST_SECRET} characters or more that the proxy sends as well."
    elif 0 < len(given("STRA_METRICS_TOKEN")) < SHORTEST_SECRET:
        fault = f"STRA_METRICS_TOKEN: expected {SHORTEST_SECRET} characters or more, or none."
    return Server(
        home,
        () if fault else served,
        given("STRA_MARKING", NAMES["marking"]),
        identity,
        limits,
        given("STRA_IDENTITY_HEADER", NAMES["header"]).lower(),
        given("STRA_SESSION_HEADER", NAMES["session"]).lower(),
        given("STRA_PROXY_SECRET"),
        given("STRA_OIDC_CLAIM", NAMES["claim"]),
        given("STRA_ADDRESS").lower().startswith("https:"),
        fault,
        given("STRA_METRICS_TOKEN"),
        Path(given("STRA_DATA")) if given("STRA_DATA") else None,
        embedding,
    )


def _unheld(name: str, path: str) -> str:
    """Why no system holds a path; empty if one could, whether it is there or not."""
    try:
        Path(path).exists()
    except (OSError, ValueError):
        return f"{name}: expected the path of a folder, saw one of {len(path):,} characters, which no folder can have."
    return ""


def _groups_fault(home: Path | None, identity: str) -> str:
    """Why the home's rules for groups cannot be used by this server; empty where there are none, or they can."""
    try:
        rules = groups.read_groups(home) if home is not None and identity != DEMONSTRATION else None
    except Refused as words:
        return str(words)
    if rules is not None and identity != OIDC:
        return f"{groups.FILE} needs STRA_IDENTITY=oidc: a proxy's groups are not read. Remove the file, or set oidc."
    return ""


def _limits(minutes: str, hours: str) -> tuple[Limits, str]:
    try:
        limits = Limits(dt.timedelta(minutes=float(minutes)), dt.timedelta(hours=float(hours)))
        if min(limits.idle, limits.whole) > dt.timedelta(0):
            return limits, ""
    except (ValueError, OverflowError):
        pass
    return Limits(), "STRA_IDLE_MINUTES and STRA_SIGN_IN_HOURS: expected numbers above 0."


def claimed_by_provider(claims: Mapping[str, Any], server: Server) -> SignIn | None:
    """The sign-in in a provider's claims; None without one.

    None too if the provider has not confirmed the email address, or if the claims are not those of one sign-in.
    """
    name, issued = str(claims.get(server.claim) or ""), claims.get("iat")
    if not claims.get("is_logged_in") or not name or not isinstance(issued, int | float):
        return None
    if not hmac.compare_digest(str(claims.get(SEAL)).encode(), seal_of(claims).encode()):
        return None
    if server.claim == "email" and claims.get("email_verified") is not True:  # else any user could name another's
        return None
    began = dt.datetime.fromtimestamp(issued, dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    whole = (claims.get(part) for part in ("iss", "sub", "iat", "nonce", "sid"))
    found = _sign_in(name, began, *map(str, whole))
    rules = _rules(server)
    return found if found is None or rules is None else replace(found, memberships=rules.memberships(claims))


def seal_of(claims: Mapping[str, Any]) -> str:
    """A hash of all claims of a sign-in.

    A long cookie is kept in parts that are signed one by one. Without the hash, parts of two sign-ins would fit.
    """
    parts = {name: value for name, value in claims.items() if name not in (SEAL, *ADDED)}
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _rules(server: Server) -> groups.Groups | None:
    """The home's rules for groups; None where there are none, or they cannot be used: `admit` then refuses."""
    try:
        return None if server.home is None else groups.read_groups(server.home)
    except Refused:
        return None


def claimed_by_proxy(headers: Mapping[str, str], server: Server) -> SignIn | None:
    """The sign-in of the identity in the trusted header; None if it is not proven.

    None if the proxy does not prove itself or does not name the session. Without a session an ended sign-in could start
    again unnoticed. A sign-in begins when it is first used here.
    """
    low = {name.lower(): value for name, value in headers.items()}
    proof = low.get(PROXY_HEADER, "").encode()
    if not server.secret or not hmac.compare_digest(proof, server.secret.encode()):
        return None
    session = low.get(server.session_header, "")
    return _sign_in(low.get(server.header, ""), now(), "proxy", session) if session else None


def _sign_in(name: str, began_at: str, *parts: str) -> SignIn | None:
    try:
        identity = accounts.identity_of(name)
    except Refused:
        return None
    return SignIn(sign_ins.ref_of(identity, *parts), identity, began_at)


def demonstrating(name: str, role: str, unit: str = "") -> Person:
    """The user of this machine, in the role they choose or in all of them; a supervisor chooses a unit too."""
    return Person(name, NOT_SIGNED_IN, (role,) if role in ROLES else tuple(ROLES), units=(unit,) if unit else ())


def admit(server: Server, claimed: SignIn | None, *, is_use: bool) -> Person | TurnedAway:
    """The signed-in user with their roles at this moment, or the reason for refusal.

    `is_use` counts the request as an action of the user.
    """
    if claimed is None:
        return TurnedAway("You are not signed in.", may_sign_in=True)
    if server.home is None or not server.home.is_dir():
        return TurnedAway("The home folder is missing, so accounts cannot be read.")
    try:
        engine = open_store(server.home)
        account = _account(engine, server.home, claimed)
        if isinstance(account, TurnedAway):
            return account
        if account.is_disabled:
            return TurnedAway(f"The account of {claimed.identity} is disabled.")
        over = sign_ins.why_over(engine, claimed, account, server.limits, is_use=is_use)
    except (Refused, *UNUSABLE) as problem:
        return TurnedAway(f"Nobody can sign in now: {in_words(problem)}")
    if over:
        return TurnedAway(f"Signed out: {over}.", may_sign_in=True)
    return Person(claimed.identity, SIGNED_IN, account.roles, claimed, account.units)


def _account(engine: Engine, home: Path, claimed: SignIn) -> Account | TurnedAway:
    """The rights of a signed-in user, from their groups where the home has rules for them, else from their account.

    Raises Refused if the rules cannot be used.
    """
    account, rules = accounts.account_of(engine, claimed.identity), groups.read_groups(home)
    if rules is not None:
        if claimed.memberships is None:
            return TurnedAway(TOO_MANY)
        try:
            found = rules.account(claimed.identity, claimed.memberships, account)
        except Refused as words:
            return TurnedAway(f"The groups of {claimed.identity} give what nobody may hold together. {words}")
        without = f"None of the groups of {claimed.identity} gives access here. Ask the provider's administrator."
        return found if found.roles or found.is_disabled else TurnedAway(without)
    if account is None or not account.roles:
        return TurnedAway(f"{claimed.identity} has no account here. Ask the account administrator to create one.")
    return account
