"""Signing in by OpenID Connect in a real browser, against a real provider; what is out of reach without, and after."""

import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from audit_hands import store
from dashboard_browser import ROOT, Visit
from oidc_provider import Force, Visitor, asking, provider
from page_read import PageRead, Reader, waited
from playwright.sync_api import Browser, Page, expect
from published_home import build_home

from casework.access import access_log, accounts, sign_ins
from dashboards.server import access

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def force(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Force]:
    home = build_home(tmp_path_factory.mktemp("force") / "home")
    with provider() as one, asking(home, one) as found:
        yield found


def sign_in(visit: Visit, force: Force, email: str, page: str = "methods", **claims: Any) -> Page:
    force.provider.sign_in_as(email, **claims)
    visit.open(f"{force.address}/{page}")
    with visit.page.expect_event("framenavigated", lambda frame: frame.url == f"{force.address}/", timeout=60_000):
        visit.page.get_by_role("button", name="Sign in").click()  # to the provider, and back to the start
    return visit.settle()


def answer(url: str) -> tuple[int, bytes]:
    """Status and body of whatever a plain request is answered with."""
    try:
        with urllib.request.urlopen(url, timeout=20) as found:
            return found.status, found.read()
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.read()


def offered(page: Page) -> set[str]:
    links = page.get_by_test_id("stSidebarNavLink").all()
    return {(link.get_attribute("href") or "").rpartition("/")[2] for link in links}


def test_without_signing_in_there_is_one_page_and_it_says_so(visit: Visit, force: Force) -> None:
    for guess in ("", "fix_list", "access_log", "people_to_look_at"):
        page = Reader(force.address)(guess)
        assert page.all("h1") == ["Sign in"] and "You are not signed in." in page.missing
        assert "INV-" not in page.text
    visit.open(force.address)
    assert visit.violations() == []
    visit.screenshot("sign-in")


@pytest.mark.parametrize(
    "path",
    [
        "media/0000.csv", "casework.sqlite", "warehouse.duckdb", "published/integrity/core.crimes.parquet",
        "app/static/casework.sqlite", "_stcore/metrics", "_stcore/agent/openapi.json", "../../etc/passwd",
        "static/../../casework/store/tables.py", "published/integrity/manifest.json",
    ],
)  # fmt: skip
def test_guessing_the_name_of_a_file_gains_nothing(force: Force, path: str) -> None:
    status, content = answer(f"{force.address}/{path}")
    assert status in (200, 400, 403, 404)  # an unknown address of a page is answered with the program's empty page
    assert b"SQLite format" not in content and b"PAR1" not in content and b"root:" not in content
    assert b"METADATA" not in content and b"process_" not in content


@pytest.mark.parametrize(
    ("roles", "claims", "title"), [((), {}, "No access"), (("analyst",), {"email_verified": False}, "Sign in")]
)
def test_an_identity_without_an_account_or_a_confirmed_address_is_let_into_nothing(
    force: Force, roles: tuple[str, ...], claims: dict[str, Any], title: str
) -> None:
    email = force.account("unconfirmed", *roles) if roles else "stranger@force.invented"
    force.provider.sign_in_as(email, **claims)
    visitor = Visitor(force)
    visitor.sign_in()
    drawn, offered_pages = waited(visitor.opens())
    page = PageRead(force.address, "methods", drawn)
    assert page.all("h1") == [title] and "fix_list" not in offered_pages
    assert f"{email} has no account here" in page.missing or roles
    assert {"/authorize", "/token", "/jwks"} <= set(force.provider.asked)


def test_an_analyst_sees_their_pages_takes_a_file_and_signs_out(browser: Browser, visit: Visit, force: Force) -> None:
    email = force.account("first.analyst", "analyst")
    page = sign_in(visit, force, email, "which_standards_are_breached")
    assert offered(page) >= {"fix_list", "people_to_look_at", "daily_meeting"}
    assert not offered(page) & {"access_log", "accounts", "review_links", "audit"}
    assert page.get_by_text(f"Signed in as {email}, analyst.").count() == 1
    cookies = {c["name"]: c for c in visit.context.cookies()}
    held = cookies["_streamlit_user"]
    assert (held["httpOnly"], held["sameSite"]) == (True, "Lax")

    page = visit.open(f"{force.address}/fix_list")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download CSV").first.click()
    assert Path(download.value.path()).stat().st_size > 0
    newest = access_log.entries(store(force.home), 1)[0]
    assert (newest["kind"], newest["who"], newest["recipient"]) == ("disclosure", email, email)
    another = browser.new_context()
    assert another.request.get(download.value.url).status == 404, "the file's address is of no use to another"
    another.close()

    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.locator("h1")).to_have_text("Sign in", timeout=60_000)
    for _ in range(200):  # the browser is led to the provider
        page.wait_for_timeout(100)
        if "/end" in force.provider.asked:
            break
    assert "/end" in force.provider.asked, "the provider's own session ends as well"
    ended = [row for row in sign_ins.latest(store(force.home)) if row["identity"] == email]
    assert [row["end_reason"] for row in ended] == ["signed out"]


def test_signing_out_everywhere_ends_the_other_browser_too(browser: Browser, visit: Visit, force: Force) -> None:
    email = force.account("second.analyst", "analyst")
    sign_in(visit, force, email)
    other = Visit(browser)
    sign_in(other, force, email)
    other.page.get_by_role("button", name="Sign out everywhere").click()
    expect(visit.page.locator("h1")).to_have_text("Sign in", timeout=60_000)  # without an action there
    assert "signed out everywhere" in visit.settle().locator(".missing").inner_text().lower()
    other.close()


def test_a_disabled_account_is_out_within_a_minute_and_a_new_role_at_the_next_action(
    visit: Visit, force: Force
) -> None:
    email = force.account("moving", "auditor")
    page = sign_in(visit, force, email)
    assert "audit" in offered(page)
    force.account("moving", "reviewer")
    page.get_by_role("link", name="Methods").click()
    visit.settle()
    assert offered(page) == {"review_links", "methods"}
    force.account("moving", "reviewer", is_disabled=True)
    expect(page.locator("h1")).to_have_text("No access", timeout=60_000)
    assert f"The account of {email} is disabled." in visit.settle().locator(".missing").inner_text()


def test_the_officer_reads_the_log_and_the_administrator_keeps_accounts(browser: Browser, force: Force) -> None:
    officer, keeper = Visit(browser), Visit(browser)
    page = sign_in(officer, force, force.account("officer", "data_protection_officer"), "access_log")
    page = officer.open(f"{force.address}/access_log")
    assert offered(page) == {"access_log", "methods"}
    assert page.locator(".answer").inner_text().startswith("The log is intact: ")
    assert officer.violations() == []
    officer.screenshot("access-log-1440")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download CSV").click()
    text = Path(download.value.path()).read_text("utf-8-sig")
    assert text.splitlines()[0].startswith("No.,When (UTC),What was done,Who") and "the access log: any" in text
    newest = access_log.entries(store(force.home), 1)[0]
    assert (newest["kind"], newest["who"]) == ("disclosure", "officer@force.invented"), "and that was one"

    page = sign_in(keeper, force, force.account("keeper", "administrator"), "accounts")
    assert page.locator("h1").inner_text() == "Accounts"
    assert offered(page) <= {"accounts"}, "a single page needs no list of them"
    page.get_by_role("textbox", name="Identity, as the provider names it").fill("new@force.invented")
    keeper.choose("Roles", "Auditor or registrar")
    page.keyboard.press("Escape")
    page.get_by_role("textbox", name="Why").fill("invented reason")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The account was saved.")).to_be_visible(timeout=60_000)
    made = accounts.account_of(store(force.home), "new@force.invented")
    assert made is not None and made.roles == ("auditor",)
    assert accounts.history(store(force.home))[0]["changed_by"] == "keeper@force.invented"
    page = keeper.choose("Account", "new@force.invented")
    expect(page.get_by_role("radio", name="Open")).to_be_checked()
    assert page.get_by_role("textbox", name="Identity, as the provider names it").count() == 0
    assert "Auditor" in page.get_by_test_id("stMultiSelect").inner_text(), "the form begins with what stands"
    assert keeper.violations() == []
    keeper.screenshot("accounts-1440")
    assert (officer.faults, keeper.faults) == ([], [])
    officer.close()
    keeper.close()


def test_without_an_action_one_is_signed_out(visit: Visit, force: Force) -> None:
    """The page itself looks whether its person is still there; that is no action."""
    email = force.account("idle", "analyst")
    with asking(force.home, force.provider, STRA_IDLE_MINUTES="0.1") as short:
        page = sign_in(visit, short, email)
        expect(page.locator("h1")).to_have_text("Sign in", timeout=60_000)
        assert "no action for" in visit.settle().locator(".missing").inner_text()


NOBODY, OPEN = "must know who they are", {"STREAMLIT_SERVER_ADDRESS": "0.0.0.0"}


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (OPEN, NOBODY), (OPEN | {"STRA_AUDIENCE": "command"}, NOBODY), ({"STRA_IDENTITY": "password"}, "STRA_IDENTITY"),
        ({"STRA_IDENTITY": "header", "STRA_PROXY_SECRET": "short"}, "STRA_PROXY_SECRET"),
        ({"STRA_AUDIENCE": "everything"}, "STRA_AUDIENCE"), ({"STRA_IDLE_MINUTES": "soon"}, "STRA_IDLE_MINUTES"),
    ],
)  # fmt: skip
def test_a_server_that_could_not_tell_people_apart_is_refused(settings: dict[str, str], words: str) -> None:
    listens_at = settings.get("STREAMLIT_SERVER_ADDRESS", "127.0.0.1")
    assert words in access.from_environment(settings | {"STRA_HOME": "home"}, listens_at).refusal


@pytest.mark.parametrize(("settings", "words"), [(OPEN, NOBODY), ({"STRA_IDENTITY": "oidc"}, "STRA_OIDC_METADATA_URL")])
def test_a_server_that_is_refused_does_not_start(tmp_path: Path, settings: dict[str, str], words: str) -> None:
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "dashboards" / "app.py"), "--server.port", "0"]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "STRA_HOME": str(tmp_path), **settings}, capture_output=True, text=True,
        check=False, timeout=600,
    )  # fmt: skip
    assert done.returncode != 0
    assert words in done.stdout + done.stderr and "Traceback" not in done.stdout + done.stderr
