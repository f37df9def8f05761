"""Everything the product does, once, as a user would have it done: build, serve every page, write every document.

`python tests/whole_run.py DATA HOME OUT`, with this folder's parent on PYTHONPATH, does so with the product's own
commands and prints as JSON what came of it, and how often a program of any kind found no way to an address (of its
network namespace, since it began).
"""

import asyncio
import contextlib
import fcntl
import json
import os
import re
import socket
import struct
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
from audit_hands import drawn_cycle, rate_all, store
from dashboard_session import Session
from republication import pages

from dashboards.data.audit import panel_sample
from dashboards.data.published import AUDIENCES, open_copy
from dashboards.data.scope import WHOLE

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
DOCUMENTS = {  # `stra report NAME`: what it writes
    "assessment": "folder", "commissioning": "folder", "drafts": "folder", "audit": "page", "model-card": "page",
    "lists": "page", "panel": "page", "lineage": "events",
}  # fmt: skip
ENDINGS = {"folder": "", "page": ".html", "events": ".jsonl"}
SECONDS = 120
WITHOUT_DATA = ("Nothing built yet", "Nothing published yet", "Could not be read")  # in place of a figure: page.missing
WORD = re.compile(rb"[A-Za-z0-9][A-Za-z0-9/_-]{5,}")  # a key as it stands in whatever is sent
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 0x1  # linux/sockios.h, linux/if.h


def stra(*arguments: str) -> list[str]:
    """A command of the product."""
    return [sys.executable, "-m", "pipelines.commands.cli", *arguments]


def done(*arguments: str) -> str:
    """Empty where a command succeeds, else what it said."""
    ran = subprocess.run(stra(*arguments), cwd=ROOT, capture_output=True, text=True, check=False)
    return "" if ran.returncode == 0 else f"{ran.returncode}: {ran.stdout[-500:]}{ran.stderr[-2000:]}"


REPORTS = """
import json, sys
from commands import stra
written = {}
for name, path in json.loads(sys.argv[1]).items():
    try:
        stra("report", name, "--home", sys.argv[2], "--out", path)
    except AssertionError as problem:
        written[name] = str(problem)[-2000:]
print(json.dumps(written))
"""


def documents(home: Path, out: Path) -> dict[str, str]:
    """Every document, written by its command; name -> empty, or what went wrong. They share a process, for each needs
    the same libraries."""
    paths = {name: out / (name + ENDINGS[kind]) for name, kind in DOCUMENTS.items()}
    asked = json.dumps({name: str(path) for name, path in paths.items()})
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([os.environ["PYTHONPATH"], str(HERE)])}
    ran = subprocess.run(
        [sys.executable, "-c", REPORTS, asked, str(home)],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    wrong = json.loads(ran.stdout.splitlines()[-1])
    return {name: wrong.get(name) or ("" if path.exists() else "nothing written") for name, path in paths.items()}


@contextlib.contextmanager
def served(home: Path) -> Iterator[str]:
    """The address of `stra serve`, for all audiences."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = stra("serve", "--home", str(home), "--port", str(port))
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        deadline, address = time.monotonic() + SECONDS, f"http://127.0.0.1:{port}"
        while True:
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}/_stcore/health", timeout=2):
                break
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"stra serve did not answer; exit code {server.poll()}")
            time.sleep(0.2)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=60)


async def drawn(address: str, audience: str, of_people: frozenset[bytes]) -> tuple[dict[str, list[str]], list[str]]:
    """Page -> what was wrong with it, for every page of an audience; and the pages whose browser was sent a word of
    `of_people`, in whatever part: text, hover text, data of a chart or rows of a table."""
    found, naming = {}, []
    async with Session(address) as session:
        for page in pages(audience):
            seen = await asyncio.wait_for(session.open(page), SECONDS)
            without = [words for words in WITHOUT_DATA if seen.says(f"<strong>{words}: ")]
            found[page] = [*seen.faults, *without, *([] if seen.says("marking foot") else ["the page has no foot"])]
            if any(not of_people.isdisjoint(WORD.findall(element)) for element in seen.elements):
                naming.append(page)
    return found, naming


def every_page(home: Path, of_people: frozenset[bytes]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Page -> what was wrong with it, for every page of every audience; audience -> its pages with a word of
    `of_people`."""
    seen: dict[str, list[str]] = {}
    naming = {}
    with served(home) as address:
        for audience in AUDIENCES:
            of_audience, naming[audience] = asyncio.run(drawn(address, audience, of_people))
            seen |= of_audience
    return seen, naming


def keys_of_people(home: Path) -> frozenset[bytes]:
    """Every key and reference of a person and a crime in the warehouse, but for those that a canary stands for."""
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as con:
        rows = con.execute(
            "select person_key from core.people union select person_ref from core.people union"
            " select crime_ref from core.crimes union select force_crime_ref from core.crimes"
        ).fetchall()
    keys = frozenset(str(key).encode() for (key,) in rows if key and " " not in key)
    assert len(keys) > 1000 and all(WORD.fullmatch(key) for key in keys), "else none would be found"
    return keys


def decide(home: Path) -> None:
    """An audit with its ratings and a sample for a scrutiny panel: documents are written of both."""
    engine, copy = store(home), open_copy(home, "integrity", WHOLE)
    rate_all(engine, drawn_cycle(engine, {"B": 12}, {"B": 12}))
    quarters = panel_sample.quarters(copy)
    assert isinstance(quarters, list), quarters
    panel_sample.draw(
        engine, copy, panel_sample.Wish("Invented panel", quarters[-1], quarters[0], 12, True), "Invented Analyst"
    )


def unroutable() -> int:
    """How often the kernel found no route to an address that a program named, IPv4 and IPv6, whatever the program is
    written in (/proc/net/snmp, /proc/net/snmp6)."""
    names, values = (line.split() for line in Path("/proc/net/snmp").read_text().splitlines()[:2])
    six = re.search(r"^Ip6OutNoRoutes\s+(\d+)", Path("/proc/net/snmp6").read_text(), re.MULTILINE)
    return int(dict(zip(names, values))["OutNoRoutes"]) + (int(six.group(1)) if six else 0)


def raise_loopback() -> None:
    """A new network namespace has loopback alone, and that is down (netdevice(7))."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        asked = struct.pack("16sh22x", b"lo", 0)
        name, flags = struct.unpack("16sh22x", fcntl.ioctl(any_socket, SIOCGIFFLAGS, asked))
        if not flags & IFF_UP:
            fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh22x", name, flags | IFF_UP))


def main(data: Path, home: Path, out: Path) -> dict[str, Any]:
    """Do it all; what went wrong by page and document."""
    raise_loopback()
    before = unroutable()
    build = done("build", "--data", str(data), "--home", str(home))
    seen, naming = every_page(home, keys_of_people(home))
    decide(home)
    written = documents(home, out)
    left = unroutable() - before
    return {"build": build, "pages": seen, "naming": naming, "documents": written, "unroutable": left}


if __name__ == "__main__":
    os.environ.setdefault("STRA_MARKING", "OFFICIAL")
    print(json.dumps(main(*map(Path, sys.argv[1:4]))))
