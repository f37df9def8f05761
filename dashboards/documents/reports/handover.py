"""How a command hands a document out: logged with its recipient, and written only then."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from casework.access import access_log
from casework.access.access_log import Entry


def hand_over(
    home: Path,
    out: Path,
    command: str,
    subject: str,
    text: Callable[[Entry], str],
    *,
    purpose: str = "",
    count: int | None = None,
) -> Path:
    """Write a page of the integrity audience to `out`; returns it. `text` is made with the entry of the log.

    Raises Refused where it cannot be logged: nothing is written then.
    """
    deed = access_log.by_command(
        "disclosure", "integrity", command, subject, record_count=count, recipient=f"file {out.name}", purpose=purpose
    )
    content = text(access_log.record_in(home, deed))
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(content, encoding="utf-8")
    return out
