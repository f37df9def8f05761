"""What the server has counted since it started: sessions, and requests refused by status. No person is in it."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from casework.store import event_log

LOGGED_EVERY = 60  # seconds between two lines of the log on one status: an attack would fill it


@dataclass
class Counts:
    """Numbers since the server started; it is used in the server's one event loop alone."""

    open_sessions: int = 0
    sessions: int = 0
    refusals: Counter[int] = field(default_factory=Counter)
    logged: dict[int, float] = field(default_factory=dict)

    def began(self) -> None:
        """Count a session that begins."""
        self.sessions += 1
        self.open_sessions += 1

    def ended(self) -> None:
        """Count a session that ends."""
        self.open_sessions -= 1

    def refused(self, home: Path | None, status: int, at: float | None = None) -> None:
        """Count a refusal; log it with the count so far, once a minute at most."""
        self.refusals[status] += 1
        moment = time.monotonic() if at is None else at
        if moment - self.logged.get(status, float("-inf")) >= LOGGED_EVERY:
            self.logged[status] = moment
            event_log.write(home, "request refused", status=status, count=self.refusals[status])
