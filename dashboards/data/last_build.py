"""How the last build of a home ended: a build that fails leaves the earlier figures in use."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FILE = "last_build.json"


def failed_at(home: Path | None) -> str:
    """The moment at which the last build ended without a publication; "" where it published, or nothing is known."""
    if home is None:
        return ""
    try:
        last: dict[str, Any] = json.loads((home / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):  # built by an earlier version, or just being written
        return ""
    return "" if last.get("result") == "published" else str(last.get("ended_at", ""))
