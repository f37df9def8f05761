"""A dashboards server on a free port and a browser that remembers everything a page did wrong."""

import atexit
import contextlib
import csv
import io
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from urllib.parse import urljoin, urlsplit
from weakref import WeakKeyDictionary

import axe_playwright_python
from playwright.sync_api import Browser, Dialog, Page, Playwright, expect
from playwright.sync_api import Error as BrowserError
from playwright.sync_api import TimeoutError as NotSeen

ROOT = Path(__file__).resolve().parents[2]
SCREENSHOTS = Path(os.environ.get("STRA_SCREENSHOTS") or ROOT / "test-artefacts")
AXE = next(Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")).read_text(encoding="utf-8")
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
START_SECONDS, WAIT_MS = 120, 60_000
AT_REST = "/_stcore/health"  # where a page waits for the next visit: on the same site, so that its process stays
FARTHEST = 30  # steps of history after which a page is not used again
STILL_MS = 500  # how long a page has to stay as it is to count as drawn
LEAD_TO = """address => {
  window.hasChanged = false;
  const seen = new MutationObserver(() => { window.hasChanged = true; seen.disconnect(); });
  seen.observe(document.body, { attributes: true, childList: true, characterData: true, subtree: true });
  history.pushState(null, '', address);
  dispatchEvent(new PopStateEvent('popstate', { state: null }));
}"""
# Of text and elements alone: attributes change while nothing is drawn. To write a page out and compare takes longer.
WATCH = """() => {
  window.changedAt = performance.now();
  window.watched ??= new MutationObserver(() => { window.changedAt = performance.now(); });
  window.watched.observe(document.querySelector('.stMain'), { childList: true, characterData: true, subtree: true });
}"""
IS_STILL = """stillMs => {
  const is = s => document.querySelector(s);
  const drawn = is('[data-test-script-state="notRunning"]') && !is('[data-testid="stStatusWidget"]') &&
    !is('[data-testid="stSkeleton"]') && !is('[data-stale="true"]') &&
    document.querySelectorAll('.marking.foot').length === 1 &&
    [...document.querySelectorAll('.stPlotlyChart')].every(c => c.querySelector('.main-svg'));
  if (!drawn) { window.changedAt = performance.now(); }
  return performance.now() - window.changedAt > stillMs;
}"""
LOOK_MS = 100  # how often it is looked at: at every frame, looking takes longer than drawing


@dataclass
class Server:
    """A server for whatever home its link leads to."""

    process: subprocess.Popen[bytes]
    address: str
    link: Path
    log: IO[bytes]

    def lead_to(self, home: Path) -> None:
        """Have it serve this home from the next page on."""
        fresh = self.link.with_name("fresh")
        fresh.symlink_to(home.absolute(), target_is_directory=True)
        fresh.replace(self.link)

    def end(self) -> str:
        """Stop it; what it said."""
        self.process.terminate()
        try:
            self.process.wait(timeout=3)
        except subprocess.TimeoutExpired:  # a browser still holds a connection
            self.process.kill()
            self.process.wait(timeout=60)
        self.log.seek(0)
        text = self.log.read().decode(errors="replace")
        self.log.close()
        shutil.rmtree(self.link.parent, ignore_errors=True)
        return text


# Servers by their settings, and the homes that each serves, the newest last: starting one takes longer than most tests.
_running: dict[tuple[tuple[str, str], ...], tuple[Server, list[Path]]] = {}


@contextlib.contextmanager
def serving(home: Path, audience: str = "", port: int = 0, **environment: str) -> Iterator[str]:
    """The address of a server for `home`, on a port of its own unless given. Within, another home with the same
    settings takes its place, until that one is done with."""
    settings = _settings(audience, environment)
    key = tuple(sorted(settings.items()))
    if key not in _running:
        _running[key] = _started(settings, port), []
    server, homes = _running[key]
    homes.append(home)
    server.lead_to(home)
    try:
        yield server.address
        if (died := server.process.poll()) is not None:
            raise AssertionError(f"the dashboards died with {died}: {server.end()[-3000:]}")
    except BaseException:
        if server.process.poll() is not None:
            _running.pop(key, None)
        raise
    finally:
        homes.remove(home)
        if homes and key in _running:
            server.lead_to(homes[-1])


@contextlib.contextmanager
def started(home: Path, audience: str = "", **environment: str) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A server of its own for `home`, and its process."""
    server = _started(_settings(audience, environment))
    server.lead_to(home)
    try:
        yield server.address, server.process
    finally:
        server.end()


BEGUN_WITH = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "STRA_", "STREAMLIT_"))}


def _settings(audience: str, environment: Mapping[str, str]) -> dict[str, str]:
    """What a library has set since (Great Expectations does) makes no other server."""
    ours = {k: v for k, v in os.environ.items() if k.startswith(("STRA_", "STREAMLIT_"))}
    return BEGUN_WITH | ours | {"STRA_AUDIENCE": audience, **environment}


def _started(settings: dict[str, str], port: int = 0) -> Server:
    with socket.socket() as free:
        free.bind(("127.0.0.1", port))
        port = free.getsockname()[1]
    link = Path(tempfile.mkdtemp(prefix="served-")) / "home"
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "dashboards" / "app.py")]
    command += ["--server.port", str(port)]
    log = tempfile.TemporaryFile()  # noqa: SIM115  closed with its server
    process = subprocess.Popen(
        command, cwd=ROOT, env=settings | {"STRA_HOME": str(link)}, stdout=log, stderr=subprocess.STDOUT
    )
    server = Server(process, f"http://127.0.0.1:{port}", link, log)
    try:
        _wait_until_up(process, server.address)
    except Exception as problem:
        raise RuntimeError(f"{problem}: {server.end()[-3000:]}") from problem
    return server


@atexit.register
def _end_all() -> None:
    while _running:
        _running.popitem()[1][0].end()


def _wait_until_up(server: subprocess.Popen[bytes], address: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise RuntimeError(f"the dashboards did not start: exit code {server.returncode}")
        with contextlib.suppress(OSError), urllib.request.urlopen(address + AT_REST, timeout=2):
            return
        time.sleep(0.2)
    raise TimeoutError("the dashboards did not answer")


def launch(playwright: Playwright) -> Browser:
    """Debian's Chromium, without windows if it is there (a third less work); else Playwright's own. Its scripts are not
    compiled a second and third time: no page lives long enough to gain by it."""
    path = shutil.which("chromium-headless-shell") or shutil.which("chromium") or shutil.which("chromium-browser")
    args = ["--no-sandbox", "--js-flags=--no-turbofan --no-maglev"]
    return playwright.chromium.launch(executable_path=path, args=args)


def plain(text: str) -> str:
    """The text with the spaces that hold a figure to its sign as plain ones."""
    return text.replace("\xa0", " ")


# Empty pages, by browser: the next visit finds the scripts of the dashboards there, fetched and compiled. A page of its
# own, with a process of its own, would take three times the processor's time.
_idle: WeakKeyDictionary[Browser, list[Page]] = WeakKeyDictionary()


class Visit:
    """One browser page; `faults` collects console errors, script errors and requests off the machine. No visit shares
    cookies or what a page keeps with another, be it at the same time or before. One that `is_led` goes to the next page
    of a server as after a click, in the same session: that takes a quarter of the time."""

    def __init__(self, browser: Browser, width: int = 1440, height: int = 900, *, is_led: bool = False) -> None:
        self.is_led = is_led
        self._idle = _idle.setdefault(browser, [])
        self.page = self._idle.pop() if self._idle else browser.new_context(accept_downloads=True).new_page()
        self.context = self.page.context
        self.page.set_viewport_size({"width": width, "height": height})
        self.faults: list[str] = []
        self._heard: dict[str, Callable[..., None]] = {
            "console": lambda m: self._fault(f"console: {m.text}") if m.type == "error" else None,
            "pageerror": lambda error: self._fault(f"script: {error}"),
            "dialog": self._dismiss,
            "request": lambda request: self._look_at(request.url),
            "websocket": lambda socket: self._look_at(socket.url),
        }
        self.page.on("console", self._heard["console"])
        self.page.on("pageerror", self._heard["pageerror"])
        self.page.on("dialog", self._heard["dialog"])
        self.page.on("request", self._heard["request"])
        self.page.on("websocket", self._heard["websocket"])

    def _fault(self, text: str) -> None:
        self.faults.append(text)

    def _dismiss(self, dialog: Dialog) -> None:
        """While it stands, the page answers nothing, and could not be closed in order."""
        self._fault(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _look_at(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob") and parts.hostname != "127.0.0.1":
            self._fault(f"request off the machine: {url}")

    def open(self, address: str, *, section: str = "all") -> Page:
        """Go to a page and wait until it is drawn: all its sections, one of them, or what a reader gets first ("")."""
        is_asked = section and "section=" not in address
        address += f"{'&' if '?' in address else '?'}section={section}" if is_asked else ""
        is_there = self.page.url.startswith(address.rpartition("/")[0] + "/") and not self.page.url.endswith(AT_REST)
        if self.is_led and is_there:
            self.page.evaluate(LEAD_TO, address)
            self.page.wait_for_function("() => window.hasChanged", polling=LOOK_MS, timeout=WAIT_MS)
        else:
            self.page.goto(address)
        return self.settle()

    def settle(self) -> Page:
        """Wait for the foot of the page and for Streamlit to stop running and drawing, and to stay so: between an
        answer and the run that it starts there is a moment in which the old page looks finished. While a rerun is
        drawn the foot of the old page and that of the new one may both stand: the page is whole when one does."""
        self.page.locator(".marking.foot").first.wait_for(timeout=WAIT_MS)
        self.page.evaluate(WATCH)
        self.page.wait_for_function(IS_STILL, arg=STILL_MS, polling=LOOK_MS, timeout=WAIT_MS)
        return self.page

    def violations(self) -> list[str]:
        """What axe finds against WCAG 2.2 AA. Only that is handed over: what is right of a page is longer than it."""
        if not self.page.evaluate("() => !!window.axe"):
            self.page.evaluate(AXE)
        options = {"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"], "selectors": False}
        run = "options => axe.run(document, options).then(found => found.violations)"
        found: list[dict[str, Any]] = self.page.evaluate(run, options)
        return [f"{v['id']}: {node['html'][:160]}" for v in found for node in v["nodes"]]

    def choose(self, label: str, option: str | re.Pattern[str]) -> Page:
        """Pick an option of a filter by its words."""
        box, wanted = (
            self.page.get_by_role("combobox", name=label, exact=True),
            self.page.get_by_role("option", name=option, exact=True),
        )
        box.scroll_into_view_if_needed()
        for _ in range(5):  # a list closes when the page still moves under it, as it does on a busy machine
            box.click()
            with contextlib.suppress(NotSeen):
                wanted.wait_for(timeout=3_000)
                break
        wanted.click()
        return self.settle()

    def sign(self, who: str) -> None:
        """Say who is at the browser."""
        self.page.get_by_role("textbox", name="Your name").fill(who)
        self.page.keyboard.press("Tab")
        self.settle()

    def press(self, name: str, then: str) -> None:
        """Press a button by keyboard, once the page lets, and wait for what it says."""
        button = self.page.get_by_role("button", name=name, exact=True)
        expect(button).to_be_enabled(timeout=WAIT_MS)
        button.focus()
        self.page.keyboard.press("Enter")
        self.page.get_by_text(then).first.wait_for(timeout=WAIT_MS)
        self.settle()

    def look(self, name: str) -> None:
        """No barrier, nothing wider than the window, and a picture to look at."""
        assert self.violations() == []
        self.fits(name)

    def fits(self, name: str) -> None:
        """Nothing is wider than the window; and a picture to look at."""
        assert self.page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")
        self.screenshot(name)
        self.page.set_viewport_size({"width": 1440, "height": 900})

    def look_at_both(self, name: str) -> None:
        """The same on a desk, and on a phone whether it fits: every page is looked at on both in test_pages.py."""
        self.unfold()
        self.look(f"{name}-1440")
        self.page.set_viewport_size({"width": 390, "height": 900})
        self.settle()
        self.fits(f"{name}-390")

    def rows(self, figure: str) -> list[list[str]]:
        """The downloaded rows of a figure, heading first."""
        with self.page.expect_download() as download:
            self.page.locator(f".st-key-csv_{figure} button").click()
        return list(csv.reader(io.StringIO(Path(download.value.path()).read_text(encoding="utf-8-sig"))))

    def every_text(self) -> str:
        """All that the page says: tables folded away, words in charts and alternatives to them too. The SQL, names
        and hashes that say where a number comes from are no words of the page."""
        text: str = self.page.evaluate(
            """() => { const main = document.querySelector('.stMain').cloneNode(true);
                      main.querySelectorAll('.provenance code').forEach(e => e.remove());
                      const named = [...document.querySelectorAll('[aria-label], [title], [alt]')];
                      return [main.textContent, ...named.flatMap(
                          e => ['aria-label', 'title', 'alt'].map(a => e.getAttribute(a) || ''))].join('\\n'); }"""
        )
        assert len(text) > 500, text
        return text

    def unfold(self, is_open: bool = True) -> None:
        """Every details of the page, nested ones too, opened or closed."""
        self.page.locator("details").evaluate_all("(all, open) => all.forEach(d => { d.open = open; })", is_open)

    def screenshot(self, name: str) -> None:
        """The whole page, however long, for someone to look at: where STRA_SCREENSHOTS names a folder for it. A run of
        all tests takes none: nobody looks at them, and a picture takes as long as the page."""
        if not os.environ.get("STRA_SCREENSHOTS"):
            return
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        width = self.page.viewport_size["width"] if self.page.viewport_size else 1440
        height = self.page.evaluate("() => document.querySelector('.stMain').scrollHeight")
        self.page.set_viewport_size({"width": width, "height": min(int(height) + 20, 8000)})
        self.page.wait_for_timeout(400)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png")

    def close(self) -> None:
        """Nothing of it is left to the next visit but what the server lets a browser keep of its scripts. Chromium's
        history ends at 50 steps: a page that has gone far is not used again, so that a test can count its own."""
        try:
            is_far = self.page.evaluate("history.length") > FARTHEST
            self.page.evaluate("() => { if (location.host) { localStorage.clear(); sessionStorage.clear(); } }")
            self.context.clear_cookies()
            self.page.emulate_media(media="null")
            for event, hear in self._heard.items():
                self.page.remove_listener(event, hear)
            for page in self.context.pages[1:]:
                page.close()
            self.page.goto(urljoin(self.page.url, AT_REST))  # its session ends, and its process stays
        except BrowserError:  # the page is on its way elsewhere, or gone
            self.context.close()
        else:
            if is_far:
                self.context.close()
            else:
                self._idle.append(self.page)
