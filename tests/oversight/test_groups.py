"""Rules for groups of a provider: what they give, what of a provider's claims they know, and which are refused."""

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from casework.access import groups
from casework.access.accounts import Account
from casework.access.groups import FILE, Groups
from casework.store.refusal import Refused
from dashboards.server.access import from_environment
from pipelines.commands import cli

OIDC = {"STRA_IDENTITY": "oidc"}
NESTED = """
[[group]]
claim = ["realm_access", "roles"]
id = "sergeant a"
role = "supervisor"
units = ["Invented Unit A", "Invented Unit C"]

[[group]]
id = "sergeant b"
role = "supervisor"
units = ["Invented Unit B"]
"""


def rules(home: Path, text: str) -> Groups:
    (home / FILE).write_text(text, encoding="utf-8")
    found = groups.read_groups(home)
    assert found is not None
    return found


def test_without_the_file_there_are_none(tmp_path: Path) -> None:
    assert groups.read_groups(tmp_path) is None


def test_units_of_every_group_of_a_supervisor_count(tmp_path: Path) -> None:
    found = rules(tmp_path, NESTED)
    held = found.memberships({"realm_access": {"roles": ["sergeant a", "x"]}, "groups": ["sergeant b"]})
    assert held == {(("realm_access", "roles"), "sergeant a"), (("groups",), "sergeant b")}
    assert found.account("a@b", held, None) == Account(
        "a@b", ("supervisor",), False, "", ("Invented Unit A", "Invented Unit B", "Invented Unit C")
    )


def test_what_is_kept_of_the_claims_gives_the_same_again(tmp_path: Path) -> None:
    found = rules(tmp_path, NESTED)
    held = found.memberships({"realm_access": {"roles": ["sergeant a", "x"]}, "groups": ["sergeant b", "y"]})
    assert groups.kept(held) == {"realm_access": {"roles": ["sergeant a"]}, "groups": ["sergeant b"]}
    assert found.memberships(groups.kept(held)) == held
    assert found.memberships(groups.kept(None)) is None


@pytest.mark.parametrize(
    ("claims", "is_whole"),
    [
        ({"_claim_names": {"groups": "src1"}}, False), ({"hasgroups": True}, False), ({"hasgroups": "true"}, False),
        ({"_claim_names": {"realm_access": "src1"}}, False), ({"hasgroups": False}, True),
        ({"_claim_names": {"address": "src1"}}, True), ({"_claim_names": "groups"}, True), ({}, True),
    ],
)  # fmt: skip
def test_claims_that_the_provider_did_not_send_are_noticed(
    tmp_path: Path, claims: dict[str, Any], is_whole: bool
) -> None:
    assert (rules(tmp_path, NESTED).memberships(claims) is not None) is is_whole


def test_groups_that_no_rule_asks_for_may_be_too_many(tmp_path: Path) -> None:
    found = rules(tmp_path, '[[group]]\nclaim = "roles"\nid = "a"\nrole = "analyst"')
    assert found.memberships({"_claim_names": {"groups": "src1"}, "roles": ["a"]}) == {(("roles",), "a")}


BAD = {
    "": "expected 1 to 500 parts",
    "group = 1": "expected 1 to 500 parts",
    "role = 'analyst'": "expected 1 to 500 parts",
    "[[group]]\nid = 'a'": "group 1: expected id and role",
    "[[group]]\nid = 'a'\nrole = 'analyst'\naudience = 'command'": "group 1: expected id and role",
    "[[group]]\nid = ''\nrole = 'analyst'": "expected id as a text",
    "[[group]]\nid = 7\nrole = 'analyst'": "expected id as a text",
    "[[group]]\nid = 'a'\nrole = 'boss'": "Expected roles out of",
    "[[group]]\nid = 'a'\nrole = ['analyst']": "Expected roles out of",
    "[[group]]\nid = 'a'\nrole = 'supervisor'": "A supervisor needs at least one unit",
    "[[group]]\nid = 'a'\nrole = 'analyst'\nunits = ['A']": "Only a supervisor's account names units",
    "[[group]]\nid = 'a'\nrole = 'supervisor'\nunits = 'A'": "expected units as a list",
    '[[group]]\nid = "a"\nrole = "supervisor"\nunits = ["A\\u0007"]': "Expected readable characters",
    "[[group]]\nclaim = []\nid = 'a'\nrole = 'analyst'": "expected claim as a name",
    "[[group]]\nclaim = ''\nid = 'a'\nrole = 'analyst'": "expected claim as a name",
    "[[group": "is not TOML",
}


@pytest.mark.parametrize("text", BAD)
def test_rules_that_cannot_be_used_let_nobody_in(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    with pytest.raises(Refused, match=BAD[text]):
        groups.read_groups(tmp_path)
    here = from_environment(OIDC | {"STRA_HOME": str(tmp_path)}, "0.0.0.0")
    assert here.audiences == () and BAD[text] in here.refusal


def test_a_proxy_s_groups_are_not_read_so_the_rules_would_be_void(tmp_path: Path) -> None:
    rules(tmp_path, NESTED)
    proxied = {"STRA_HOME": str(tmp_path), "STRA_IDENTITY": "header", "STRA_PROXY_SECRET": "x" * 40}
    assert "needs STRA_IDENTITY=oidc" in from_environment(proxied, "0.0.0.0").refusal
    assert from_environment(proxied | OIDC, "0.0.0.0").refusal == ""


def test_the_list_of_accounts_names_the_rules(tmp_path: Path) -> None:
    rules(tmp_path, NESTED)
    said = CliRunner().invoke(cli.app, ["account", "list", "--home", str(tmp_path)]).output
    assert "group sergeant b in groups: supervisor of Invented Unit B\n" in said
    assert "group sergeant a in realm_access, roles: supervisor of Invented Unit A, Invented Unit C\n" in said
    assert "Roles come from groups alone" in said
