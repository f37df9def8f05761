"""The state of a home: may its figures be used as they are? One answer for pages, `stra status`, alerts and monitors.

A build that fails leaves the earlier figures in use, so nothing on a page would show it. What is not known is never
counted as in order.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from casework.store import backups, builds, versions
from casework.store.backups import Backup
from casework.store.builds import Ended, RunningBuild
from casework.store.refusal import Refused
from dashboards.data import copies as copies_of
from dashboards.text import numbers

AUDIENCES = ("command", "integrity", "commissioning")
WHOLE = "whole"
# what can be wrong, the worst first, and the exit code of `stra status`
UNBUILT, FAILED, PARTIAL, EARLIER, LATE, STALE = "unbuilt", "failed", "partial", "earlier", "late", "stale"
UNSAVED = "unsaved"  # is about the machine, not about its figures
EXIT_CODES: Mapping[str, int] = {UNBUILT: 1, FAILED: 1, PARTIAL: 3, EARLIER: 4, LATE: 4, STALE: 4, UNSAVED: 4}
WITHHELD = "withheld"
NOTHING = "Nothing is published"
REFUSED = "stra build and the page Data received say which, and why"
LATE_HOURS, STALE_DAYS, BACKUP_HOURS = "publish.late_hours", "publish.stale_days", "keep.backup_hours"
# for a copy that an earlier version published
SHIPPED: Mapping[str, float] = {LATE_HOURS: 30, STALE_DAYS: 35, BACKUP_HOURS: 30}
EXTRACT = "The force whose extract it is"  # the publisher of a force's own files, as their cards have it
CLOCKS_DIFFER = dt.timedelta(minutes=10)  # between two machines that are in order


@dataclass(frozen=True)
class Trouble:
    """One thing that is wrong: its kind, words without any person, and the cause in the words of the build.

    The cause may quote a record. It is for the terminal alone.
    """

    kind: str
    words: str
    cause: str = ""
    about: str = ""  # WITHHELD where it is about withheld tables, which a page of the copy names


@dataclass(frozen=True)
class CopyState:
    """What is published to one audience."""

    audience: str
    published_at: dt.datetime
    as_of: str | None
    run_ref: str
    code_version: str
    table_count: int
    row_count: int
    source_count: int
    delivery_count: int
    received_at: dt.datetime | None  # the latest delivery, of the force's extract where there is one
    is_of_extract: bool
    withheld: Mapping[str, str]
    refused_files: int  # of those delivered, which are in no figure
    quarantined_files: int  # many of whose rows are in no figure
    left_out: Mapping[str, str]  # both, by name, with the reason; empty where the audience does not see deliveries
    rules: Mapping[str, int] | None  # state -> results of standards; None where the audience does not see them
    limits: Mapping[str, float]
    again: str = ""  # that `stra publish --back` put this earlier publication in use again


@dataclass(frozen=True)
class HomeState:
    """What is wrong with a home, worst first, and what that was read from."""

    troubles: tuple[Trouble, ...]
    copies: tuple[CopyState, ...]
    last: Ended | None
    running: RunningBuild | None
    backup: Backup | None

    @property
    def kind(self) -> str:
        """The worst trouble, or whole."""
        return self.troubles[0].kind if self.troubles else WHOLE

    @property
    def exit_code(self) -> int:
        """What `stra status` ends with."""
        return EXIT_CODES.get(self.kind, 0)

    @property
    def withheld(self) -> Mapping[str, str]:
        """Table -> why it is not published, over all copies."""
        return {table: why for copy in self.copies for table, why in copy.withheld.items()}


def read_state(
    home: Path | None, audiences: Sequence[str] = (), *, stale_days: float | None = None,
    now: dt.datetime | None = None, with_backups: bool = False,
) -> HomeState:  # fmt: skip
    """The state of a home now, as far as these audiences see it; without any, all that it should have.

    `stale_days` is used in place of the setting. `with_backups` judges the backups of the home too, for those who run
    the machine: the figures do not rest on them.
    """
    at = now or dt.datetime.now(dt.UTC)
    is_own = home is not None and (home / "warehouse.duckdb").is_file()  # else only published files were handed over
    wanted = tuple(audiences) or tuple(a for a in AUDIENCES if is_own or _link(home, a).is_symlink())
    copies, troubles = [], []
    for audience in wanted:
        found, fault = _copy(home, audience)
        copies += [found] if found is not None else []
        troubles += [Trouble(PARTIAL, fault)] if fault else []
    last, running, ended = _builds(home, max((copy.published_at for copy in copies), default=None))
    if not copies:  # a copy that cannot be read is no copy, and why stays said
        unread = [trouble.words for trouble in troubles if not trouble.words.startswith(NOTHING)]
        troubles = [Trouble(UNBUILT, words) for words in unread or [f"{NOTHING}."]]
    troubles += ended
    if copies:
        limits = copies[0].limits
        troubles += _partial(copies, is_running=running is not None)
        troubles += _earlier(copies)
        troubles += _late(copies, last, running, limits[LATE_HOURS], at, is_own=is_own)
        troubles += _stale(copies, stale_days or limits[STALE_DAYS], at)
    backup, unsaved = _backups(home, {**SHIPPED, **(copies[0].limits if copies else {})}[BACKUP_HOURS], at)
    troubles += unsaved if with_backups else []
    in_order = sorted(troubles, key=lambda trouble: list(EXIT_CODES).index(trouble.kind))
    return HomeState(tuple(in_order), tuple(copies), last, running, backup)


def _builds(
    home: Path | None, published_at: dt.datetime | None
) -> tuple[Ended | None, RunningBuild | None, list[Trouble]]:
    """The last build, the one that runs, and whether the last one failed or was cut off.

    Neither is so if something was published since: a build that Dagster starts keeps no other record.
    """
    if home is None:
        return None, None, []
    running = builds.running_build(home)
    try:
        last = builds.last_build(home)
    except ValueError as problem:
        return None, running, [Trouble(FAILED, "How the last build ended cannot be read.", str(problem))]
    left = builds.notice(home)
    if running is None and left is not None and _is_latest_start(home, left, last, published_at):
        began = numbers.moment(left.started_at.isoformat())
        return last, None, [Trouble(FAILED, f"The build begun {began} was cut off: the figures are from before it.")]
    is_good = last is None or last.result in (builds.PUBLISHED, builds.PARTIAL, builds.UNCHANGED)
    if last is not None and not is_good and _is_latest_end(home, last, published_at):
        ended = numbers.moment(last.ended_at.isoformat())
        words = f"The build of {ended} did not finish: the figures are from before it."
        return last, running, [Trouble(FAILED, words, last.words)]
    return last, running, []


def _is_latest_start(
    home: Path, left: RunningBuild, last: Ended | None, published_at: dt.datetime | None
) -> bool:  # fmt: skip
    """Whether nothing was published and no build ended since this start. The clock is asked where nothing was counted,
    as in a home of an earlier version."""
    if left.place is not None:
        now = builds.place_of(home)
        return now.copies <= left.place.copies and now.ends <= left.place.ends
    known = [moment for moment in (published_at, None if last is None else last.ended_at) if moment is not None]
    return not known or max(known) < left.started_at


def _is_latest_end(home: Path, last: Ended, published_at: dt.datetime | None) -> bool:
    """Whether nothing was published since this end."""
    if last.place is not None:
        return builds.place_of(home).copies <= last.place.copies
    return published_at is None or published_at <= last.ended_at


def _partial(copies: Sequence[CopyState], *, is_running: bool) -> list[Trouble]:
    """Tables withheld, files refused, and copies of different builds.

    These are of a publication that was cut off between two audiences. While a build runs, it may be just between two.
    """
    troubles = []
    count = len({table for copy in copies for table in copy.withheld})
    if count:
        words = f"{numbers.plural(count, 'table is', 'tables are')} withheld."
        troubles.append(Trouble(PARTIAL, words, about=WITHHELD))
    refused = max(copy.refused_files for copy in copies)
    if refused:
        words = numbers.plural(refused, "delivered file or sheet is", "delivered files or sheets are")
        troubles.append(Trouble(PARTIAL, f"{words} not loaded: nothing of it is in any figure.", REFUSED))
    aside = max(copy.quarantined_files for copy in copies)
    if aside:
        words = numbers.plural(aside, "delivered file has", "delivered files have")
        troubles.append(Trouble(PARTIAL, f"{words} many rows in quarantine: these are in no figure.", REFUSED))
    if not is_running and len({copy.run_ref for copy in copies}) > 1:
        runs = "; ".join(f"{copy.audience}, {numbers.moment(copy.published_at.isoformat())}" for copy in copies)
        troubles.append(Trouble(PARTIAL, f"The copies of the audiences are from different builds: {runs}."))
    return troubles


def _earlier(copies: Sequence[CopyState]) -> list[Trouble]:
    return [Trouble(EARLIER, copy.again) for copy in copies if copy.again][:1]


def in_use_again(manifest: Mapping[str, Any]) -> str:
    """That an earlier publication is in use again, since when, and why; "" for one that is in use for the first time.

    Pages, documents, digests and figures read in Python say it in the same words.
    """
    again = dict(manifest.get("in_use_again") or {})
    if not again:
        return ""
    since, first = (numbers.moment(str(moment)) for moment in (again["since"], manifest["published_at"]))
    reason = str(again.get("reason", "")).rstrip(".")
    why = f"Reason: {reason}." if reason else "No reason was given."
    return f"An earlier publication is in use again since {since}: that of {first}. {why}"


def _late(
    copies: Sequence[CopyState], last: Ended | None, running: RunningBuild | None, hours: float, at: dt.datetime, *,
    is_own: bool,
) -> list[Trouble]:  # fmt: skip
    """No build has ended for too long, or one has been running for too long.

    Published files without their home do not say when a build last looked for deliveries: only `stale` is judged.
    """
    limit, due = dt.timedelta(hours=hours), f"one is expected every {hours:g} hours"
    if running is not None and at - running.started_at > limit:
        began = numbers.moment(running.started_at.isoformat())
        return [Trouble(LATE, f"A build has been running since {began}: {due}.")]
    if last is None and not is_own:
        return []
    ended = max([copy.published_at for copy in copies] + ([last.ended_at] if last is not None else []))
    if ended - at > CLOCKS_DIFFER:
        words = f"The last build ended {numbers.moment(ended.isoformat())}, which is to come: check the clock."
        return [Trouble(LATE, words)]
    if at - ended > limit:
        return [Trouble(LATE, f"No build has ended since {numbers.moment(ended.isoformat())}: {due}.")]
    return []


def _stale(copies: Sequence[CopyState], days: float, at: dt.datetime) -> list[Trouble]:
    """Nothing delivered for too long; open data do not hide that a force's own extract no longer arrives."""
    received = max((copy.received_at for copy in copies if copy.received_at is not None), default=None)
    if received is None:
        return [Trouble(STALE, "When the latest delivery came is not known.")]
    if received - at > CLOCKS_DIFFER:
        words = f"The latest delivery came {numbers.moment(received.isoformat())}, which is to come: check the clock."
        return [Trouble(STALE, words)]
    if (numbers.local_day(at) - numbers.local_day(received)).days <= days:
        return []
    of = " of the force's extract" if any(copy.is_of_extract for copy in copies) else ""
    day = numbers.day(numbers.local_day(received))
    return [Trouble(STALE, f"Nothing{of} has been delivered since {day}: one is expected every {days:g} days.")]


def _backups(home: Path | None, hours: float, at: dt.datetime) -> tuple[Backup | None, list[Trouble]]:
    """The last backup, and whether it failed or is too long ago. A home that was never backed up is not judged."""
    try:
        last = None if home is None else backups.last(home)
    except ValueError as problem:
        return None, [Trouble(UNSAVED, "How the last backup ended cannot be read.", str(problem))]
    if last is None:
        return None, []
    ended = numbers.moment(last.ended_at.isoformat())
    made = None if last.made_at is None else numbers.moment(last.made_at.isoformat())
    if not last.is_made:
        before = "No backup was made before it" if made is None else f"The last one before it is of {made}"
        return last, [Trouble(UNSAVED, f"The backup of {ended} was not made. {before}.", last.words)]
    if at - last.ended_at > dt.timedelta(hours=hours):
        words = f"No backup has been made since {made}: one is expected every {hours:g} hours."
        return last, [Trouble(UNSAVED, words)]
    return last, []


def _link(home: Path | None, audience: str) -> Path:
    return (home or Path("nowhere")) / "published" / audience


def _copy(home: Path | None, audience: str) -> tuple[CopyState | None, str]:
    """The copy that is read for an audience, and what is wrong with the one in use; "" if nothing is."""
    try:
        used = _link(home, audience).resolve(strict=True)
        damaged = copies_of.damaged(used)
        shown = copies_of.to_read(home, audience) if damaged and home is not None else used
        found = _read_copy(shown)
    except FileNotFoundError:
        return None, f"{NOTHING} to {audience}."
    except Refused as words:
        return None, f"{audience}: {words}"
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as problem:
        return None, f"The copy of {audience} cannot be read ({type(problem).__name__})."
    if not damaged:
        return found, ""
    count = numbers.plural(len(damaged), "damaged file")
    if shown == used:
        return found, f"The copy of {audience} has {count}: run stra verify."
    instead = numbers.moment(found.published_at.isoformat())
    return found, f"The copy of {audience} has {count}. That of {instead} is shown in its place: build again."


@lru_cache(maxsize=2 * len(AUDIENCES))
def _read_copy(folder: Path) -> CopyState:
    """What the manifest of a published folder says, read once: a named folder never changes."""
    held: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    if newer := versions.of_copy(held):
        raise Refused(newer)
    sources = list(held["sources"])
    extract = [source for source in sources if source.get("publisher") == EXTRACT]
    received = [d["received_at"] for source in extract or sources for d in source["deliveries"]]
    tables = dict(held["tables"])
    rules = held.get("rules")
    return CopyState(
        str(held["audience"]), _moment(held["published_at"]), held.get("as_of"), str(held["run_ref"]),
        str(held["code_version"]), len(tables), sum(int(entry["rows"]) for entry in tables.values()), len(sources),
        sum(len(source["deliveries"]) for source in sources), max(map(_moment, received), default=None), bool(extract),
        dict(held["withheld"]), int(held.get("refused_files", 0)), int(held.get("quarantined_files", 0)),
        dict(held.get("left_out", {})), None if rules is None else Counter(rules),
        {**SHIPPED, **held.get("limits", {})}, in_use_again(held),
    )  # fmt: skip


def _moment(text: str) -> dt.datetime:
    return numbers.in_london(dt.datetime.fromisoformat(text)).astimezone(dt.UTC)
