"""What is forged of a sign-in is refused: tokens of the provider, the way there and back, cookies.

Each case changes one thing of a sign-in that works, over HTTP, against a real provider and a real server. Then what
groups of the provider give.
"""

import asyncio
import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from dashboard_session import Drawn
from joserfc.jwk import RSAKey
from oidc_provider import CLIENT, COOKIE, SECRET, USER, Force, Provider, Visitor, asking, provider
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from casework.access import sign_ins
from casework.access.groups import FILE
from casework.store.database import open_store
from dashboards.server.tokens import LEEWAY

pytestmark = pytest.mark.browser  # a server of its own

Claims = dict[str, Any]
Forge = Callable[[Provider, Claims], str | None]
Cookie = Callable[[str], str]  # from the server's address
OTHER_KEY = RSAKey.generate_key(2048, parameters={"kid": "invented"})
EARLIER_NONCE = "an invented nonce of another sign-in"
NEAR = 10  # seconds by which a case stays clear of the limit, on either side


@pytest.fixture(scope="module")
def force(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Force]:
    home = tmp_path_factory.mktemp("forged")  # nothing is published: which pages are offered says who somebody is
    with provider() as one, asking(home, one) as found:
        found.account("analyst", "analyst")
        yield found


@pytest.fixture
def visitor(force: Force) -> Iterator[Visitor]:
    force.provider.sign_in_as("analyst@force.invented")
    yield Visitor(force)
    force.provider.forge, force.provider.says = None, {}


def encoded(part: object) -> str:
    whole = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(whole).rstrip(b"=").decode()


def by_hand(header: Claims, claims: object, sign: Callable[[bytes], bytes] = lambda text: b"") -> str:
    text = f"{encoded(header)}.{encoded(claims)}"
    return f"{text}.{encoded(sign(text.encode()))}"


def unsigned(name: str) -> Forge:
    return lambda one, claims: by_hand({"alg": name, "kid": "invented"}, claims)


def by_secret(secret: Callable[[Provider], bytes]) -> Forge:
    """Signed by a secret that the forger knows."""
    return lambda one, claims: by_hand(
        {"alg": "HS256", "kid": "invented"}, claims, lambda text: hmac.digest(secret(one), text, "sha256")
    )


def claiming(**changed: Any) -> Forge:
    """Signed by the provider, with other claims; None leaves one out."""
    return lambda one, claims: one.signed({k: v for k, v in (claims | changed).items() if v is not None})


def at(**seconds: int) -> Forge:
    """Signed by the provider, with moments as many seconds from now."""
    return lambda one, claims: one.signed(claims | {name: int(time.time()) + more for name, more in seconds.items()})


def changed_after(one: Provider, claims: Claims) -> str:
    head, _, signature = one.signed(claims).split(".")
    return ".".join((head, encoded(claims | {"email": "administrator@force.invented"}), signature))


def public(one: Provider) -> bytes:
    return one.key.as_pem(private=False)


TOKENS: dict[str, Forge] = {
    "alg none": unsigned("none"),
    "alg None": unsigned("None"),
    "no alg": lambda one, claims: by_hand({"kid": "invented"}, claims),
    "HS256 with the public key": by_secret(public),
    "HS256 with the public key as it is published": by_secret(lambda one: json.dumps(one.key.as_dict(False)).encode()),
    "HS256 with an empty secret": by_secret(lambda one: b""),
    "HS256 with the client's secret": by_secret(lambda one: SECRET.encode()),
    "another key": lambda one, claims: one.signed(claims, OTHER_KEY),
    "an unknown key's name": lambda one, claims: one.signed(claims, OTHER_KEY, kid="unheard of"),
    "another key, sent along": lambda one, claims: one.signed(claims, OTHER_KEY, jwk=OTHER_KEY.as_dict(False)),
    "another key, at an address of its own": lambda one, claims: one.signed(
        claims, OTHER_KEY, jku="http://127.0.0.1:9/keys"
    ),
    "claims changed after signing": changed_after,
    "a signature cut short": lambda one, claims: one.signed(claims)[:-20],
    "no signature": lambda one, claims: one.signed(claims).rpartition(".")[0] + ".",
    "no token": lambda one, claims: None,
    "no token but a word": lambda one, claims: "token",
    "a list of claims": lambda one, claims: by_hand({"alg": "RS256", "kid": "invented"}, [claims]),
    "another issuer": claiming(iss="https://evil.invented"),
    "a longer issuer": lambda one, claims: one.signed(claims | {"iss": f"{one.address}/evil"}),
    "no issuer": claiming(iss=None),
    "another audience": claiming(aud="another-client"),
    "another audience, asked for by this client": claiming(aud="another-client", azp=CLIENT),
    "another audience in a list": claiming(aud=["another-client"], azp=CLIENT),
    "several audiences, asked for by another client": claiming(aud=[CLIENT, "another"], azp="another"),
    "several audiences without who asked": claiming(aud=[CLIENT, "another"]),
    "an empty audience": claiming(aud=""),
    "no audience": claiming(aud=None),
    "no subject": claiming(sub=None),
    "an empty subject": claiming(sub=""),
    "a subject that is a number": claiming(sub=7),
    "expired": at(exp=-LEEWAY - NEAR),
    "never expires": claiming(exp=None),
    "expires at a word": claiming(exp="never"),
    "not yet valid": at(nbf=LEEWAY + NEAR),
    "issued in the future": at(iat=LEEWAY + NEAR),
    "never issued": claiming(iat=None),
    "issued at true": claiming(iat=True),
    "issued at not a number": claiming(iat=float("nan")),
    "another nonce": claiming(nonce=EARLIER_NONCE),
    "no nonce": claiming(nonce=None),
    "an empty nonce": claiming(nonce=""),
    "an access token's hash that does not fit": claiming(at_hash="AAAAAAAAAAAAAAAAAAAAAA"),
}
LISTED = {"id_token_signing_alg_values_supported": ["none", "None", "HS256", "RS256"]}  # as some providers do
WITHIN: dict[str, Forge] = {
    "nothing changed": claiming(),
    "expired within the allowance": at(exp=-LEEWAY + NEAR),
    "not yet valid within the allowance": at(nbf=LEEWAY - NEAR),
    "issued in the future within the allowance": at(iat=LEEWAY - NEAR),
    "several audiences, asked for by this client": claiming(aud=["another", CLIENT], azp=CLIENT),
}


def asked(force: Force) -> str:
    """The last line of the log of the server."""
    log = force.home / "logs" / "server.jsonl"
    return log.read_text(encoding="utf-8").splitlines()[-1] if log.exists() else ""


@pytest.mark.parametrize("name", WITHIN)
def test_what_is_right_is_accepted(visitor: Visitor, force: Force, name: str) -> None:
    """Without these, the cases below would prove nothing."""
    force.provider.forge = lambda claims: WITHIN[name](force.provider, claims)
    visitor.sign_in()
    assert visitor.is_signed_in and is_known(visitor)
    assert len(visitor.header["Cookie"]) < 4_000, "a browser keeps no more than is needed"


@pytest.mark.parametrize("name", TOKENS)
def test_a_forged_token_is_refused(visitor: Visitor, force: Force, name: str) -> None:
    """Of a provider that names more algorithms than this server accepts."""
    force.provider.forge = lambda claims: TOKENS[name](force.provider, claims)
    force.provider.says = LISTED
    visitor.sign_in()
    assert not visitor.is_signed_in
    assert '"event": "sign-in refused"' in asked(force)


def test_a_provider_that_does_not_name_itself_is_not_believed(visitor: Visitor, force: Force) -> None:
    force.provider.says = {"issuer": None}
    visitor.sign_in()
    assert not visitor.is_signed_in


class TestTheWayBack:
    """State, code and nonce: each is of one sign-in, and of one browser."""

    def test_another_browser_cannot_end_what_this_one_began(self, visitor: Visitor, force: Force) -> None:
        back = visitor.get(visitor.begin())
        other = Visitor(force)
        other.get(back)
        assert not other.is_signed_in
        visitor.get(back)
        assert visitor.is_signed_in, "the one who began it can"

    @pytest.mark.parametrize("change", ["state=&", "state=wrong&", "stat="])
    def test_a_state_that_was_not_given_out(self, visitor: Visitor, change: str) -> None:
        back = visitor.get(visitor.begin())
        visitor.get(back.replace("state=", change))
        assert not visitor.is_signed_in

    def test_the_same_address_a_second_time(self, visitor: Visitor, force: Force) -> None:
        back = visitor.sign_in()
        assert visitor.is_signed_in
        visitor.cookies.pop(USER)
        visitor.get(back)
        assert not visitor.is_signed_in

    def test_the_same_code_with_the_cookies_of_then(self, visitor: Visitor, force: Force) -> None:
        """A copy of the browser as it was: the provider gives a code's token once."""
        back = visitor.get(visitor.begin())
        copy = replace(visitor, cookies=dict(visitor.cookies))
        visitor.get(back)
        copy.get(back)
        assert (visitor.is_signed_in, copy.is_signed_in) == (True, False)

    def test_a_token_of_another_sign_in(self, visitor: Visitor, force: Force) -> None:
        kept: list[str] = []

        def signed(claims: Claims) -> str:
            kept.append(force.provider.signed(claims))
            return kept[0]

        force.provider.forge = signed
        visitor.sign_in()
        again = Visitor(force)
        again.sign_in()
        assert (visitor.is_signed_in, again.is_signed_in, len(kept)) == (True, False, 2)

    def test_a_code_without_the_proof_of_who_began(self, visitor: Visitor, force: Force) -> None:
        """An intercepted code, put into a sign-in that another browser began itself."""
        stolen = visitor.get(visitor.begin())
        thief = Visitor(force)
        own = thief.get(thief.begin())
        code = stolen.partition("code=")[2].partition("&")[0]
        thief.get(own.replace(own.partition("code=")[2].partition("&")[0], code))
        assert not thief.is_signed_in


def sealed(claims: Claims) -> Claims:
    whole = json.dumps(
        {k: v for k, v in claims.items() if k not in ("origin", "is_logged_in", "provider")}, sort_keys=True
    )
    return claims | {"seal": hashlib.sha256(whole.encode()).hexdigest()}


CLAIMS = {"iss": "x", "sub": "x", "aud": CLIENT, "nonce": "n", "email": "analyst@force.invented",
          "email_verified": True, "is_logged_in": True, "provider": "default"}  # fmt: skip


def now(**more: Any) -> Claims:
    return sealed(CLAIMS | {"iat": int(time.time())} | more)


def signed(claims: Claims, secret: str = COOKIE, name: str = USER) -> Cookie:
    """A cookie as the server at this address would sign it."""
    return lambda address: create_signed_value(secret, name, json.dumps(claims | {"origin": address})).decode()


COOKIES: dict[str, Cookie] = {
    "not signed": lambda address: json.dumps(now(origin=address)),
    "signed by another secret": signed(now(), "another secret of forty characters....."),
    "signed as another cookie": signed(now(), name="_streamlit_user_tokens"),
    "changed after signing": lambda address: signed(now())(address).swapcase(),
    "cut short": lambda address: signed(now())(address)[:-1],
    "without its seal": signed({name: value for name, value in now().items() if name != "seal"}),
    "with the seal of other claims": signed(now(email="x") | {"email": "analyst@force.invented"}),
    "in parts, one of them missing": lambda address: create_signed_value(COOKIE, USER, "chunks-2").decode(),
    "of another server": lambda address: signed(now())("https://other.invented"),
    "of more than ten hours ago": signed(now(iat=int(time.time()) - 36_001)),
    "an address that is not confirmed": signed(now(email_verified="true")),
    "of nobody": signed(now(email="")),
    "of somebody without an account": signed(now(email="stranger@force.invented")),
    "a list": lambda address: create_signed_value(COOKIE, USER, "[1]").decode(),
}


@pytest.mark.parametrize("name", COOKIES)
def test_a_forged_cookie_is_nobody_s(visitor: Visitor, name: str) -> None:
    visitor.cookies = {USER: COOKIES[name](visitor.force.address)}
    assert not is_known(visitor)


def test_a_cookie_as_the_server_makes_it_is_somebody_s_for_a_page_of_its_own(visitor: Visitor) -> None:
    visitor.cookies = {USER: signed(now())(visitor.force.address)}
    assert is_known(visitor)
    assert "fix_list" not in asyncio.run(visitor.opens(has_token=False))[1], "a page elsewhere does not know the token"


def test_parts_of_two_sign_ins_make_none(visitor: Visitor) -> None:
    """Each part of a long cookie is signed by itself: the groups of one sign-in would fit the moment of another."""
    origin = visitor.force.address
    older = now(groups=["a"] * 600, iat=int(time.time()) - 60) | {"origin": origin}
    newer = now(groups=["b"] * 600) | {"origin": origin}

    def parts(claims: Claims) -> list[str]:
        text = json.dumps(claims)
        return [text[:1500], text[1500:]]

    def cookies(one: str, two: str) -> dict[str, str]:
        return {USER: create_signed_value(COOKIE, USER, "chunks-2").decode(),
                f"{USER}_1": create_signed_value(COOKIE, f"{USER}_1", one).decode(),
                f"{USER}_2": create_signed_value(COOKIE, f"{USER}_2", two).decode()}  # fmt: skip

    visitor.cookies = cookies(*parts(newer))
    assert is_known(visitor)
    visitor.cookies = cookies(parts(older)[0], parts(newer)[1])
    assert not is_known(visitor)


def test_a_cookie_kept_from_before_signing_out_is_over(visitor: Visitor, force: Force) -> None:
    visitor.sign_in()
    assert is_known(visitor)
    for row in sign_ins.latest(open_store(force.home)):
        sign_ins.end(open_store(force.home), row["sign_in_ref"])
    assert not is_known(visitor)


def is_known(visitor: Visitor) -> bool:
    """Whether the server offers the pages of the analyst who is signed in."""
    return "fix_list" in asyncio.run(visitor.opens())[1]


ANALYSTS = "6F1C2a44-0d5e-4c4b-9a53-1a2b3c4d5e6f"
RULES = f"""
[[group]]
id = "{ANALYSTS}"
role = "analyst"

[[group]]
claim = "roles"
id = "Stra.Officer"
role = "data_protection_officer"
"""


class TestGroups:
    """Rights by groups of the provider, where the home says what they give."""

    @pytest.fixture
    def rules(self, force: Force) -> Iterator[Path]:
        path = force.home / FILE
        path.write_text(RULES, encoding="utf-8")
        yield path
        path.unlink()

    def come(self, force: Force, email: str, **claims: Any) -> Visitor:
        force.provider.forge, force.provider.says = None, {}
        force.provider.sign_in_as(f"{email}@force.invented", **claims)
        visitor = Visitor(force)
        visitor.sign_in()
        assert visitor.is_signed_in
        return visitor

    def opens(self, visitor: Visitor) -> tuple[Drawn, frozenset[str]]:
        return asyncio.run(visitor.opens())

    @pytest.mark.parametrize(
        ("claims", "page"),
        [
            ({"groups": [ANALYSTS.lower(), "an invented group of no meaning here"]}, "fix_list"),
            ({"groups": ANALYSTS}, "fix_list"),
            ({"roles": ["Stra.Officer"]}, "access_log"),
            ({"groups": [f"invented group {n}" for n in range(199)] + [ANALYSTS.lower()]}, "fix_list"),
        ],
    )
    def test_a_group_gives_its_role(self, force: Force, rules: Path, claims: Claims, page: str) -> None:
        visitor = self.come(force, "grouped", **claims)
        assert page in self.opens(visitor)[1]
        assert len(visitor.header["Cookie"]) < 4_000, "groups that give nothing are in no cookie"

    @pytest.mark.parametrize(
        "claims",
        [
            {}, {"groups": []}, {"groups": ["analyst"]}, {"groups": ["*"]}, {"groups": {ANALYSTS: True}},
            {"groups": [[ANALYSTS]]}, {"groups": f"{ANALYSTS} other"}, {"groups": True}, {"roles": [ANALYSTS]},
            {"roles": ["stra.officer"]}, {"groups": ["Stra.Officer"]}, {"wids": [ANALYSTS]},
        ],
    )  # fmt: skip
    def test_anything_else_gives_nothing(self, force: Force, rules: Path, claims: Claims) -> None:
        """Not even what the account of the same person would give."""
        drawn, offered = self.opens(self.come(force, "analyst", **claims))
        assert drawn.says("None of the groups of analyst@force.invented gives access here")
        assert offered == {"", "methods"}

    @pytest.mark.parametrize(
        "too_many",
        [
            {"_claim_names": {"groups": "src1"}, "_claim_sources": {"src1": {"endpoint": "http://127.0.0.1:9"}}},
            {"hasgroups": True}, {"hasgroups": "true", "groups": [ANALYSTS]},
            {"_claim_names": {"groups": "src1"}, "roles": ["Stra.Officer"]},
        ],
    )  # fmt: skip
    def test_groups_that_were_not_sent_open_nothing_and_are_not_fetched(
        self, force: Force, rules: Path, too_many: Claims
    ) -> None:
        drawn, offered = self.opens(self.come(force, "of.many.groups", **too_many))
        assert drawn.says("did not list all your groups") and offered == {"", "methods"}

    def test_another_rule_counts_from_the_next_action(self, force: Force, rules: Path) -> None:
        visitor = self.come(force, "moving", groups=[ANALYSTS])
        assert "fix_list" in self.opens(visitor)[1]
        rules.write_text(RULES.replace('"analyst"', '"reviewer"'), encoding="utf-8")
        assert self.opens(visitor)[1] == {"", "review_links", "methods"}
        rules.write_text(RULES.replace(ANALYSTS, "another"), encoding="utf-8")
        assert self.opens(visitor)[0].says("None of the groups")
        rules.write_text("[[group]]\nid = 7", encoding="utf-8")
        assert self.opens(visitor)[0].says("Not for this audience")

    def test_a_group_lost_at_the_provider_counts_from_the_next_sign_in(self, force: Force, rules: Path) -> None:
        before = self.come(force, "leaving", groups=[ANALYSTS])
        after = self.come(force, "leaving", groups=[])
        assert "fix_list" in self.opens(before)[1], "until the sign-in ends: see the next test"
        assert "fix_list" not in self.opens(after)[1]

    def test_an_account_that_is_disabled_is_out_whatever_its_groups(self, force: Force, rules: Path) -> None:
        visitor = self.come(force, "gone", groups=[ANALYSTS])
        assert "fix_list" in self.opens(visitor)[1]
        force.account("gone", is_disabled=True)
        drawn, offered = self.opens(visitor)
        assert drawn.says("The account of gone@force.invented is disabled") and "fix_list" not in offered
        force.account("gone", is_disabled=False)
        assert self.opens(visitor)[0].says("signed out everywhere"), "and has to sign in again"

    def test_roles_that_nobody_may_hold_together_open_nothing(self, force: Force, rules: Path) -> None:
        rules.write_text(RULES.replace('"data_protection_officer"', '"administrator"'), encoding="utf-8")
        drawn, offered = self.opens(self.come(force, "both", groups=[ANALYSTS], roles=["Stra.Officer"]))
        assert drawn.says("give what nobody may hold together") and offered == {"", "methods"}
