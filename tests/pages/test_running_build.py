"""While a build runs, the pages that are served say so; when it is done or dead they do not."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import InventedForce
from dashboard_browser import WAIT_MS, Visit, serving
from playwright.sync_api import expect
from published_home import build_home

from casework.store.builds import record_end, running_build
from pipelines.delivery.messages import Notice


def notice(home: Path, process: int, line: str = "core.crimes: 5 rows", **more: str) -> None:
    text = json.dumps({"process": process, "started_at": "2026-11-25T10:00:00+00:00", "line": line} | more)
    (home / "building.json").write_text(text, encoding="utf-8")


def test_a_build_that_lives_is_told_with_its_last_line(tmp_path: Path) -> None:
    notice(tmp_path, os.getpid())
    found = running_build(tmp_path)
    assert found is not None and found.line == "core.crimes: 5 rows"


def test_a_killed_build_leaves_no_notice_on_the_page(tmp_path: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", "pass"])
    process.wait()
    notice(tmp_path, process.pid)
    assert running_build(tmp_path) is None


def test_a_build_that_ended_and_that_nobody_waited_for_does_not_live(tmp_path: Path) -> None:
    """`make run` starts the build and becomes the server: the build is the server's own child."""
    process = subprocess.Popen([sys.executable, "-c", "pass"])
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    notice(tmp_path, process.pid)
    assert running_build(tmp_path) is None


def test_a_build_of_another_container_runs_as_long_as_it_says_something(tmp_path: Path) -> None:
    """Its number is that of another process here, or of none."""
    notice(tmp_path, 2**22 + 1, numbered_in="pid:[1]")
    assert running_build(tmp_path) is not None
    os.utime(tmp_path / "building.json", (0, 0))
    assert running_build(tmp_path) is None
    Notice(tmp_path, lambda line: None).say("core.crimes: 6 rows")
    found = running_build(tmp_path)
    assert found is not None and (found.line, found.process) == ("core.crimes: 6 rows", os.getpid())
    notice(tmp_path, 2**22 + 1, numbered_in=found.numbered_in)
    assert running_build(tmp_path) is None, "no process of this container has the number"


@pytest.mark.slow
def test_a_build_that_has_ended_leaves_no_notice(invented_force: InventedForce) -> None:
    assert (invented_force.home / "build.json").is_file()
    assert not (invented_force.home / "building.json").exists()


@pytest.mark.parametrize("text", ["", "{", '{"process": 1}', '{"process": "x", "started_at": "", "line": ""}'])
def test_a_torn_notice_is_no_fault_of_the_page(tmp_path: Path, text: str) -> None:
    (tmp_path / "building.json").write_text(text, encoding="utf-8")
    assert running_build(tmp_path) is None


def test_without_a_home_nothing_runs(tmp_path: Path) -> None:
    assert running_build(None) is None
    assert running_build(tmp_path / "nothing") is None


@pytest.mark.browser
def test_a_page_says_that_a_build_runs_and_renews_itself_and_every_page_says_that_one_failed(
    visit: Visit, tmp_path: Path
) -> None:
    home = build_home(tmp_path / "home")
    notice(home, os.getpid(), "loading: 4 of 10 <files>")
    with serving(home) as address:
        page = visit.open(f"{address}/is_it_changing")
        banner = page.locator(".building")
        expect(banner).to_contain_text("loading: 4 of 10 <files>")
        assert visit.violations() == []
        notice(home, os.getpid(), "metrics.recorded_rates: 7 rows")
        expect(banner).to_contain_text("metrics.recorded_rates", timeout=WAIT_MS)
        (home / "building.json").unlink()
        expect(banner).to_have_count(0, timeout=WAIT_MS)
        expect(page.locator(".state")).to_have_count(0)
        record_end(home, "failed", "core__crimes: Jane Invented")
        for address_of_page in ("is_it_changing", "what_needs_doing", "accounts"):
            page = visit.open(f"{address}/{address_of_page}")
            expect(page.locator(".state")).to_contain_text("A build failed: The build of")
            assert "Jane" not in page.content()
        assert visit.violations() == []
