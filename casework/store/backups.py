"""How the last backup of a home ended: a small file of the home, read by `stra status`, monitors and digests.

A backup that fails, or is not started any more, is missed on the day it is needed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from casework.store.files import write_whole

LAST = "last_backup.json"  # below the home; in no backup, because a restored home begins its own


@dataclass(frozen=True)
class Backup:
    """How the last one ended: `words` say why it was not made; `made_at` is the end of the last one that was."""

    ended_at: datetime
    words: str
    made_at: datetime | None

    @property
    def is_made(self) -> bool:
        """Whether the last one was made."""
        return self.made_at == self.ended_at


def record(home: Path, words: str = "") -> None:
    """Keep that a backup was made now; with words, that it was not. Raises OSError where it cannot be kept."""
    try:
        before = last(home)
    except ValueError:
        before = None
    now = datetime.now(UTC).isoformat()
    made_at = now if not words else before.made_at.isoformat() if before and before.made_at else None
    write_whole(home / LAST, json.dumps({"ended_at": now, "words": words, "made_at": made_at}))


def last(home: Path) -> Backup | None:
    """How the last backup ended; None for a home that was never backed up. Raises ValueError if it cannot be read."""
    try:
        held = json.loads((home / LAST).read_text(encoding="utf-8"))
        made_at = held["made_at"]
        return Backup(
            datetime.fromisoformat(held["ended_at"]), str(held["words"]),
            None if made_at is None else datetime.fromisoformat(made_at),
        )  # fmt: skip
    except FileNotFoundError:
        return None
    except (OSError, KeyError, TypeError, AttributeError) as problem:
        raise ValueError(f"{home / LAST}: cannot be read ({type(problem).__name__})") from problem
