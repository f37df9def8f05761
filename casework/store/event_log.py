"""The log of a home's running: one JSON object a line, in files of bounded size, without any person.

Each event has fields of its own, listed here, and no other is written. None of them holds a name, a record, a value or
the words of an error, which can quote one. The access log (casework/access) is where people are named.
"""

from __future__ import annotations

import fcntl
import json
import os
import sys
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from casework.store.files import append_whole

FOLDER, LOCK = "logs", ".lock"  # below the home
LARGEST, KEPT, LONGEST = 1_000_000, 5, 300  # bytes of a file, files of a kind, characters of a text
Value = str | int | float | bool | None

# event -> (file, its fields)
EVENTS: Mapping[str, tuple[str, frozenset[str]]] = {
    "build started": ("builds", frozenset({"engine", "process"})),
    "build ended": ("builds", frozenset({"result", "exit_code", "seconds", "withheld_tables", "process"})),
    "watching started": ("builds", frozenset({"every_seconds", "process"})),
    "watching ended": ("builds", frozenset({"process"})),
    "digest ended": ("builds", frozenset({"result", "new_lines"})),
    "server started": ("server", frozenset({"identity", "audiences", "process"})),
    "sign-in refused": ("server", frozenset({"error", "claim"})),
    "request refused": ("server", frozenset({"status", "count"})),
    "page failed": ("server", frozenset({"error", "place"})),
}


def write(home: Path | None, event: str, **fields: Value) -> None:
    """Add one line. A log that cannot be written stops nothing: this is said on the error output.

    Raises ValueError for an event or a field that is not listed.
    """
    name, known = EVENTS.get(event, ("", frozenset()))
    if not name or set(fields) - known:
        raise ValueError(f"{event!r} with {sorted(set(fields) - known)} is no event of the log: see EVENTS")
    if home is None or not home.is_dir():
        return
    moment = datetime.now(UTC).isoformat(timespec="milliseconds")
    line = _encoded({"at": moment, "event": event, **{key: _short(value) for key, value in fields.items()}})
    try:
        _append(home / FOLDER, name, line)
    except OSError as problem:
        print(f"stra: {home / FOLDER}: the log could not be written ({problem.strerror}).", file=sys.stderr)


def place_of(error: BaseException) -> tuple[str, str]:
    """Class of an error, and the last line of our own code that it came through: without its words."""
    root = Path(__file__).resolve().parents[2]
    frames = [(Path(f.filename), f.lineno) for f in traceback.extract_tb(error.__traceback__)]
    ours = [(p.relative_to(root), n) for p, n in frames if p.is_relative_to(root) and "site-packages" not in p.parts]
    return type(error).__name__, f"{ours[-1][0]}:{ours[-1][1]}" if ours else ""


def _short(value: Value) -> Value:
    return value[:LONGEST] if isinstance(value, str) else value


def _encoded(content: Mapping[str, Value]) -> bytes:
    """One line of plain ASCII: a new line, a terminal's command or a reversed direction in a text is only its code."""
    text = json.dumps(content, ensure_ascii=True, allow_nan=False).replace("\x7f", "\\u007f")
    return text.encode("ascii") + b"\n"


def _append(folder: Path, name: str, line: bytes) -> None:
    """Add a line to a file, and begin another one once it is full. Builds and the server take turns."""
    folder.mkdir(mode=0o700, exist_ok=True)
    with open(os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600), "rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        path = folder / f"{name}.jsonl"
        if path.exists() and path.stat().st_size + len(line) > LARGEST:
            for number in range(KEPT - 1, 0, -1):
                earlier = folder / (f"{name}.{number - 1}.jsonl" if number > 1 else f"{name}.jsonl")
                if earlier.exists():
                    os.replace(earlier, folder / f"{name}.{number}.jsonl")
        append_whole(path, line, is_flushed=False)
