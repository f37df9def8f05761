"""A visit of the tests themselves: it finds nothing of another visit, and what is wrong with a page is found."""

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from dashboard_browser import Visit
from playwright.sync_api import Browser

pytestmark = pytest.mark.browser
PAGE = '<!doctype html><html lang="en"><title>Invented</title><main><h1>Invented</h1><img src="data:,"></main></html>'


class Silent(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    (tmp_path / "index.html").write_text(PAGE, encoding="utf-8")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Silent, directory=str(tmp_path))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/index.html"
        server.shutdown()


def test_a_barrier_is_found_and_named_once_for_each_element(visit: Visit, address: str) -> None:
    visit.page.goto(address)
    assert visit.violations() == ['image-alt: <img src="data:,">']
    visit.page.evaluate("() => document.querySelector('img').setAttribute('alt', 'Invented')")
    assert visit.violations() == []


def test_a_dialog_is_a_fault_and_the_visit_ends(browser: Browser, address: str) -> None:
    visit = Visit(browser)
    visit.page.goto(address)
    visit.page.evaluate("() => { alert('who'); }")
    visit.page.wait_for_function("() => true")  # it has answered the dialog, however busy the machine is
    assert "dialog: who" in visit.faults
    visit.close()
