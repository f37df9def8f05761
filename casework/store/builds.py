"""How the last build of a home ended, and what one that runs is doing: two small files, read by pages and commands.

A build that fails leaves the earlier figures in use, so a home without these files looks as good as new. Which of an
end, a start and a publication came first is found by counting, since a clock may be set back.
"""

from __future__ import annotations

import contextlib
import json
import os
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from casework.store.files import write_whole

LAST, RUNNING = "last_build.json", "building.json"  # below the home
LONGEST_SILENCE = 3600  # seconds that a build in another container may say nothing, before it counts as killed
PUBLISHED, PARTIAL, UNCHANGED, FAILED = RESULTS = ("published", "partial", "unchanged", "failed")


@dataclass(frozen=True)
class Place:
    """When something was, whatever the clock: the number of publications and of recorded ends before it."""

    copies: int
    ends: int


@dataclass(frozen=True)
class Ended:
    """How the last build ended. `words` say why it failed, and may quote a record.

    `tally` is result -> (builds, seconds) since the home was made. `place` includes this end itself; it is None in a
    home of an earlier version.
    """

    ended_at: datetime
    result: str
    words: str
    seconds: float | None
    tally: dict[str, tuple[int, float]]
    place: Place | None = None


@dataclass(frozen=True)
class RunningBuild:
    """Start of a running build, its latest message, and its process: a number, and the container that it is of."""

    started_at: datetime
    line: str
    process: int
    numbered_in: str
    place: Place | None = None  # of its start


def record_end(home: Path, result: str, words: str = "", seconds: float = 0.0) -> None:
    """Keep how a build ended. Raises OSError where it cannot be kept."""
    try:
        last = last_build(home)
    except ValueError:
        last = None  # it cannot be read: the count begins again
    tally = dict(last.tally) if last is not None else {}
    count, total = tally.get(result, (0, 0.0))
    tally[result] = (count + 1, round(total + seconds, 3))
    _write(home, Ended(datetime.now(UTC), result, words, round(seconds, 3), tally))


def record_look(home: Path) -> None:
    """Keep that the home is still up to date: nothing has come since the last build. Raises OSError."""
    last = last_build(home) or Ended(datetime.now(UTC), UNCHANGED, "", None, {})
    _write(home, Ended(datetime.now(UTC), UNCHANGED, "", last.seconds, last.tally))


def place_of(home: Path) -> Place:
    """Where the home is now: the highest number of a copy, and the number of ends that were recorded."""
    numbers = [number_of(copy) for copy in (home / "published" / "copies").glob("*/*")]
    try:
        last = last_build(home)
    except ValueError:
        last = None
    return Place(max(numbers, default=0), 0 if last is None or last.place is None else last.place.ends)


def number_of(copy: Path) -> int:
    """The number of a published copy; 0 for one of the time when only the clock named them."""
    number, hyphen, _ = copy.name.partition("-")
    return int(number) if hyphen and number.isdecimal() else 0


def _write(home: Path, ended: Ended) -> None:
    now = place_of(home)
    content = {
        "ended_at": ended.ended_at.isoformat(timespec="seconds"), "result": ended.result, "words": ended.words,
        "seconds": ended.seconds, "tally": ended.tally, "place": [now.copies, now.ends + 1],
    }  # fmt: skip
    write_whole(home / LAST, json.dumps(content))


def last_build(home: Path) -> Ended | None:
    """How the last build ended; None for a home of an earlier version, or a copy without its home.

    Raises ValueError if the record cannot be read.
    """
    try:
        held: dict[str, Any] = json.loads((home / LAST).read_text(encoding="utf-8"))
        tally = {str(result): (int(n), float(s)) for result, (n, s) in dict(held.get("tally", {})).items()}
        seconds = held.get("seconds")
        return Ended(
            datetime.fromisoformat(held["ended_at"]), str(held["result"]), str(held.get("words", "")),
            None if seconds is None else float(seconds), tally, _place(held.get("place")),
        )  # fmt: skip
    except FileNotFoundError:
        return None
    except (OSError, KeyError, TypeError, AttributeError) as problem:
        raise ValueError(f"{home / LAST}: cannot be read ({type(problem).__name__})") from problem


def _place(held: Any) -> Place | None:
    return None if held is None else Place(*map(int, held))


def notice(home: Path) -> RunningBuild | None:
    """What the notice of a build says, whether the build still runs or was killed; None without a whole notice."""
    try:
        held = json.loads((home / RUNNING).read_text(encoding="utf-8"))
        began, numbered_in = datetime.fromisoformat(held["started_at"]), str(held.get("numbered_in") or numbering())
        return RunningBuild(began, held["line"], int(held["process"]), numbered_in, _place(held.get("place")))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def numbering() -> str:
    """What a process number is of: each container has its own."""
    try:
        return str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        return ""


def running_build(home: Path | None) -> RunningBuild | None:
    """The build that runs in this home now; None without one.

    None too if a killed build left its notice behind.
    """
    found = None if home is None else notice(home)
    if home is None or found is None:
        return None
    try:
        if found.numbered_in != numbering():  # of another container: its process cannot be asked for
            return found if time.time() - (home / RUNNING).stat().st_mtime < LONGEST_SILENCE else None
        with contextlib.suppress(ChildProcessError):  # if it is our own child process and has ended, collect it
            os.waitpid(found.process, os.WNOHANG)
        os.kill(found.process, 0)  # signal 0 asks whether it is running
    except PermissionError:
        return found  # it is running and belongs to another user
    except (OSError, OverflowError):
        return None
    return found
