"""Which audiences this server serves. Anything not granted here is denied.

The choice is made by whoever starts the server, by environment; nothing a browser sends can widen it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dashboards.published import AUDIENCES, Copy, NotAvailable, open_copy

LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True)
class Server:
    """What this server was started with. `refusal` says why it serves nobody."""

    home: Path | None
    audiences: tuple[str, ...]
    marking: str
    refusal: str = ""

    @property
    def is_demonstration(self) -> bool:
        """All audiences side by side on one machine: for trying out, never for a network."""
        return len(self.audiences) > 1

    def open(self, audience: str) -> Copy | NotAvailable:
        """The audience's own copy, if this server serves that audience."""
        if audience not in self.audiences:
            return NotAvailable("denied", self.refusal or f"This server does not serve the {audience} audience.")
        return open_copy(self.home, audience)


def from_environment(environ: Mapping[str, str], address: str | None) -> Server:
    """Read STRA_HOME, STRA_AUDIENCE (empty: all, on loopback only) and STRA_MARKING.

    `address` is what the server listens on.
    """
    home = Path(environ["STRA_HOME"]) if environ.get("STRA_HOME") else None
    marking = environ.get("STRA_MARKING", "").strip() or "OFFICIAL"
    audience = environ.get("STRA_AUDIENCE", "").strip()
    if audience in AUDIENCES:
        return Server(home, (audience,), marking)
    if audience:
        return Server(home, (), marking, f"STRA_AUDIENCE names no audience of ours. Known: {', '.join(AUDIENCES)}.")
    if address in LOOPBACK:
        return Server(home, AUDIENCES, marking)
    return Server(
        home,
        (),
        marking,
        "A server that others can reach must be started for one audience (stra serve --audience NAME).",
    )
