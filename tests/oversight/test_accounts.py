"""Who may be what, and how long a sign-in lasts: nobody by default, nobody by themselves, and nobody for ever."""

import datetime as dt
from pathlib import Path

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from casework.access import accounts, sign_ins
from casework.access.accounts import Account
from casework.access.sign_ins import Limits, SignIn
from casework.store import chain
from casework.store.refusal import Refused
from pipelines.commands import cli

NAME, ADMIN = "invented.analyst@force.invented", "invented.admin@force.invented"
LIMITS = Limits(dt.timedelta(minutes=30), dt.timedelta(hours=10))


def made(engine: Engine, *roles: str, name: str = NAME, **more: bool) -> Account:
    return accounts.change(engine, name, ADMIN, "invented reason", roles=roles, **more)


class TestAccounts:
    def test_nobody_has_an_account_by_default(self, engine: Engine) -> None:
        assert accounts.account_of(engine, NAME) is None
        assert accounts.accounts(engine) == []

    def test_the_last_change_holds_and_every_change_stays(self, engine: Engine) -> None:
        made(engine, "analyst", "auditor")
        made(engine, "reviewer")
        assert accounts.account_of(engine, NAME) == Account(NAME, ("reviewer",), is_disabled=False)
        assert [row["roles"] for row in accounts.history(engine)] == ['["reviewer"]', '["analyst", "auditor"]']
        assert chain.verify(engine, accounts.CHAIN).faults == ()

    @pytest.mark.parametrize("spelling", [NAME.upper(), f"  {NAME} ", NAME.replace("f", "\uff46")])
    def test_an_identity_has_one_spelling(self, engine: Engine, spelling: str) -> None:
        made(engine, "analyst")
        found = accounts.account_of(engine, spelling)
        assert found is not None and found.identity == NAME

    @pytest.mark.parametrize("name", ["", " ", "a" * 201, "аnalyst@force", "an\u200balyst"])
    def test_what_could_pass_for_another_is_no_identity(self, engine: Engine, name: str) -> None:
        with pytest.raises(Refused):
            made(engine, "analyst", name=name)

    def test_nobody_changes_an_account_of_their_own(self, engine: Engine) -> None:
        with pytest.raises(Refused, match="of their own"):
            accounts.change(engine, NAME, NAME.upper(), "more", roles=["analyst"])
        with pytest.raises(Refused, match="of their own"):
            accounts.change(engine, NAME, NAME, "open again", is_disabled=False)

    def test_but_they_sign_out_everywhere(self, engine: Engine) -> None:
        made(engine, "analyst")
        after = accounts.change(engine, NAME, NAME, "signed out everywhere", ends_sign_ins=True)
        assert after.roles == ("analyst",) and after.signed_in_after

    def test_who_administers_sees_no_data(self, engine: Engine) -> None:
        assert made(engine, "administrator").roles == ("administrator",)
        with pytest.raises(Refused, match="no other role"):
            made(engine, "administrator", "analyst")

    def test_a_disabled_account_keeps_its_roles_for_when_it_is_open_again(self, engine: Engine) -> None:
        made(engine, "analyst")
        off = accounts.change(engine, NAME, ADMIN, "left", is_disabled=True)
        assert (off.is_disabled, off.roles, bool(off.signed_in_after)) == (True, ("analyst",), True)
        on = accounts.change(engine, NAME, ADMIN, "back", is_disabled=False)
        assert (on.is_disabled, on.signed_in_after) == (False, off.signed_in_after)


class TestSignIns:
    @pytest.fixture(autouse=True)
    def clock(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.at = dt.datetime(2026, 11, 26, 9, 0, tzinfo=dt.UTC)
        monkeypatch.setattr(sign_ins, "now", self.now)
        monkeypatch.setattr(accounts, "now", self.now)

    def now(self) -> str:
        return self.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    def after(self, **span: float) -> None:
        self.at += dt.timedelta(**span)

    def begun(self, ref: str = "r" * 64) -> SignIn:
        return SignIn(ref, NAME, self.now())

    def over(self, engine: Engine, sign_in: SignIn, *, is_use: bool = True) -> str:
        account = accounts.account_of(engine, NAME)
        assert account is not None
        return sign_ins.why_over(engine, sign_in, account, LIMITS, is_use=is_use)

    def test_it_lasts_while_it_is_used(self, engine: Engine) -> None:
        made(engine, "analyst")
        self.after(seconds=1)
        sign_in = self.begun()
        for _ in range(19):
            assert self.over(engine, sign_in) == ""
            self.after(minutes=29)

    def test_without_an_action_it_ends(self, engine: Engine) -> None:
        made(engine, "analyst")
        self.after(seconds=1)
        sign_in = self.begun()
        assert self.over(engine, sign_in) == ""
        self.after(minutes=31)
        assert self.over(engine, sign_in) == "no action for 30 minutes"
        assert self.over(engine, sign_in) == "no action for 30 minutes", "an action does not wake it again"

    def test_looking_is_no_action(self, engine: Engine) -> None:
        made(engine, "analyst")
        self.after(seconds=1)
        sign_in = self.begun()
        assert self.over(engine, sign_in) == ""
        for _ in range(3):
            self.after(minutes=9)
            assert self.over(engine, sign_in, is_use=False) == ""
        self.after(minutes=4)
        assert self.over(engine, sign_in, is_use=False) == "no action for 30 minutes"

    def test_it_ends_whatever_the_use(self, engine: Engine) -> None:
        made(engine, "analyst")
        self.after(seconds=1)
        sign_in = self.begun()
        for _ in range(60):
            assert self.over(engine, sign_in) == ""
            self.after(minutes=10)
        self.after(seconds=1)
        assert self.over(engine, sign_in) == "signed in longer than 10 hours"

    def test_one_that_is_old_when_it_first_comes_is_over(self, engine: Engine) -> None:
        made(engine, "analyst")
        self.after(seconds=1)
        sign_in = self.begun()
        self.after(hours=11)
        assert self.over(engine, sign_in) == "signed in longer than 10 hours"

    def test_signing_out_ends_it_and_no_other(self, engine: Engine) -> None:
        made(engine, "analyst")
        self.after(seconds=1)
        one, other = self.begun("a" * 64), self.begun("b" * 64)
        assert (self.over(engine, one), self.over(engine, other)) == ("", "")
        sign_ins.end(engine, one.ref)
        assert (self.over(engine, one), self.over(engine, other)) == ("signed out", "")

    def test_signing_out_everywhere_ends_all_that_were_begun(self, engine: Engine) -> None:
        made(engine, "analyst")
        self.after(seconds=1)
        one, other, unseen = self.begun("a" * 64), self.begun("b" * 64), self.begun("c" * 64)
        assert (self.over(engine, one), self.over(engine, other)) == ("", "")
        self.after(seconds=1)
        accounts.change(engine, NAME, NAME, "signed out everywhere", ends_sign_ins=True)
        assert {self.over(engine, s) for s in (one, other, unseen)} == {"signed out everywhere"}
        self.after(seconds=1)
        assert self.over(engine, self.begun("d" * 64)) == ""

    def test_an_account_that_was_disabled_and_opened_needs_a_new_sign_in(self, engine: Engine) -> None:
        made(engine, "analyst")
        self.after(seconds=1)
        sign_in = self.begun()
        assert self.over(engine, sign_in) == ""
        self.after(seconds=1)
        accounts.change(engine, NAME, ADMIN, "left", is_disabled=True)
        accounts.change(engine, NAME, ADMIN, "back", is_disabled=False)
        assert self.over(engine, sign_in) == "signed out everywhere"

    def test_a_sign_in_of_another_identity_under_the_same_name_is_none(self, engine: Engine) -> None:
        made(engine, "analyst")
        other = Account("other@force.invented", ("analyst",), is_disabled=False)
        self.after(seconds=1)
        theirs = SignIn("a" * 64, other.identity, self.now())
        assert sign_ins.why_over(engine, theirs, other, LIMITS, is_use=True) == ""
        self.after(minutes=31)
        assert self.over(engine, SignIn("a" * 64, NAME, self.now())) == ""


class TestCommand:
    def said(self, *arguments: str) -> tuple[int, str]:
        result = CliRunner().invoke(cli.app, ["account", *arguments])
        return result.exit_code, result.output

    def test_the_first_administrator_is_named_on_the_server(self, tmp_path: Path) -> None:
        home = ("--home", str(tmp_path))
        assert self.said("list", *home) == (0, "No account was made here, so nobody can sign in.\n")
        given = ("--identity", ADMIN, "--role", "administrator", "--reason", "first")
        assert self.said("set", *home, *given) == (0, f"{ADMIN}: administrator.\n")
        assert self.said("list", *home) == (0, f"{ADMIN}: administrator\n")
        assert self.said("set", *home, "--identity", ADMIN, "--reason", "gone", "--disable") == (
            0, f"{ADMIN}: administrator; disabled.\n",
        )  # fmt: skip

    def test_a_wrong_role_is_refused_in_words(self, tmp_path: Path) -> None:
        code, words = self.said(
            "set", "--home", str(tmp_path), "--identity", NAME, "--role", "boss", "--reason", "invented"
        )
        assert code == 1 and "Expected roles out of analyst, auditor" in words

    def test_a_home_that_is_not_there_is_said(self, tmp_path: Path) -> None:
        code, words = self.said("set", "--home", str(tmp_path / "no"), "--identity", NAME, "--reason", "invented")
        assert code == 1 and "expected the home folder" in words
