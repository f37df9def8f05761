"""Going back: an earlier publication in use again, for all audiences.

A publication is known by its run, which the copies of all audiences share. Going back publishes its files once more, as
copies with new numbers. Their manifest says so, and every page of such a copy. The next build publishes as always.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from casework.access import access_log
from casework.store.builds import number_of
from pipelines.delivery import inputs
from pipelines.publication.publish import IN_USE_AGAIN, UNFINISHED, Step, differences, put_in_use
from pipelines.system.disk import flush
from pipelines.tables.cards import AUDIENCES

ALL_COPIES = 1_000_000  # that are kept


class BackRefused(Exception):
    """No earlier publication was put in use; the message says why, and what there is."""


@dataclass(frozen=True)
class Publication:
    """One publication of a home: its copy for each audience that has one."""

    run_ref: str
    number: int  # of the copy as it was first published
    published_at: str
    as_of: str
    code_version: str
    folders: Mapping[str, Path]

    @cached_property
    def faults(self) -> list[str]:
        """Why an audience could not use it; empty if all can. Every file is compared with its manifest."""
        missing = [f"there is no copy for {audience}" for audience in AUDIENCES if audience not in self.folders]
        return missing + [fault for folder in self.folders.values() for fault in differences(folder)]

    def line(self, in_use: Mapping[str, str]) -> str:
        """The publication in one line, with who uses it now."""
        users = [audience for audience, run_ref in in_use.items() if run_ref == self.run_ref]
        state = ["in use" if len(users) == len(AUDIENCES) else f"in use by {', '.join(users)}"] if users else []
        state += [f"cannot be used: {self.faults[0]}"] if self.faults else []
        words = (
            f"{self.run_ref}: published {self.published_at}, as of {self.as_of or 'no day'}, code {self.code_version}"
        )
        return "; ".join([words, *state])


def publications(home: Path) -> list[Publication]:
    """Every publication that a home still has, the earliest first. Damaged copies are among them, with their faults."""
    found: dict[str, dict[str, tuple[Path, dict[str, Any]]]] = {}
    for audience in AUDIENCES:
        folder = home / "published" / "copies" / audience
        copies = sorted(folder.iterdir(), key=number_of) if folder.is_dir() else []
        for copy in copies:
            manifest = _manifest(copy)
            if not copy.name.startswith(".") and manifest is not None:
                found.setdefault(str(manifest["run_ref"]), {})[audience] = (copy, manifest)
    made = [_publication(run_ref, copies) for run_ref, copies in found.items()]
    return sorted(made, key=lambda each: (each.number, each.run_ref))


def in_use(home: Path) -> dict[str, str]:
    """Audience -> run of the publication that it uses; none for an audience without one."""
    manifests = {audience: _manifest(home / "published" / audience) for audience in AUDIENCES}
    return {audience: str(manifest["run_ref"]) for audience, manifest in manifests.items() if manifest is not None}


def choose(home: Path, wanted: str = "") -> Publication:
    """The publication that is wanted, else the one before that in use. Raises BackRefused with the list of all."""
    there, used = publications(home), in_use(home)
    if not there:
        raise BackRefused(f"{home}: expected earlier publications, there are none. Run stra build first.")
    if wanted:
        chosen = next((each for each in there if each.run_ref == wanted), None)
        if chosen is None:
            raise _refused(f"expected one of the publications below, saw --to {wanted}", there, used)
    else:
        if len(set(used.values())) != 1 or len(used) != len(AUDIENCES):
            raise _refused(
                "expected all audiences to use one publication, they do not. Name one with --to", there, used
            )
        [now] = set(used.values())
        earlier = there[: [each.run_ref for each in there].index(now)]
        chosen = next((each for each in reversed(earlier) if not each.faults), None)
        if chosen is None:
            raise _refused(f"expected a whole publication before the one in use ({now}), there is none", there, used)
    if chosen.faults:
        raise _refused(f"{chosen.run_ref} cannot be used: {chosen.faults[0]}. Name another with --to", there, used)
    if len(used) == len(AUDIENCES) and set(used.values()) == {chosen.run_ref}:
        raise _refused(f"{chosen.run_ref} is in use already. Name another with --to", there, used)
    return chosen


def go_back(home: Path, chosen: Publication, who: str, reason: str, step: Step = lambda name: None) -> dict[str, Path]:
    """Put an earlier publication in use for every audience; return the folder of each.

    It is logged first, and all copies are written before any is in use. If it is interrupted, the same command
    completes it. It removes no copy: the next build does. The caller holds the build's lock. Raises Refused where it
    cannot be logged.
    """
    words = f"earlier publication {chosen.run_ref} in use again, by {who}: {reason or 'no reason was given'}"
    access_log.record_in(home, access_log.by_command("alteration", "", "stra publish --back", words))
    now = datetime.now(UTC)
    ready = {}
    for audience, folder in chosen.folders.items():
        step(f"{audience}: write")
        ready[audience] = _written(folder, audience, now, who, reason)
    return put_in_use(home, ready, ALL_COPIES, step)


def _written(source: Path, audience: str, now: datetime, who: str, reason: str) -> Path:
    """The unfinished copy of an earlier one, on the disk."""
    for left in source.parent.glob(f"{UNFINISHED}*"):
        shutil.rmtree(left, ignore_errors=True)
    unfinished = source.parent / f"{UNFINISHED}{now:%Y%m%dT%H%M%S%f}Z"
    unfinished.mkdir()
    for path in source.iterdir():
        if path.name != "manifest.json":
            _link(path, unfinished / path.name)
    manifest = json.loads((source / "manifest.json").read_text(encoding="utf-8"))
    again = {"since": now.isoformat(timespec="seconds"), "reason": reason, "copy": _first_name(source, manifest)}
    if audience in inputs.BESIDE_THE_HOME:
        again["by"] = who
    content = json.dumps({**manifest, IN_USE_AGAIN: again}, indent=1, ensure_ascii=False)
    (unfinished / "manifest.json").write_text(content, encoding="utf-8")
    for path in [*unfinished.iterdir(), unfinished]:
        flush(path)
    return unfinished


def _link(path: Path, target: Path) -> None:
    """The same file under another name: published files never change. A copy where the disk has no links."""
    try:
        os.link(path, target)
    except OSError:
        shutil.copyfile(path, target)


def _publication(run_ref: str, copies: Mapping[str, tuple[Path, dict[str, Any]]]) -> Publication:
    _, manifest = next(iter(copies.values()))
    return Publication(
        run_ref,
        max(number_of(Path(_first_name(*each))) for each in copies.values()),
        str(manifest.get("published_at", "")),
        str(manifest.get("as_of") or ""),
        str(manifest.get("code_version", "")),
        {audience: folder for audience, (folder, _) in copies.items()},
    )


def _first_name(copy: Path, manifest: Mapping[str, Any]) -> str:
    """The name of the copy that was published first: one in use again keeps its place among the others."""
    return str(manifest.get(IN_USE_AGAIN, {}).get("copy", copy.name))


def _manifest(folder: Path) -> dict[str, Any] | None:
    """The manifest of a copy; None if it cannot be read, or is none."""
    try:
        content = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return content if isinstance(content, dict) and "run_ref" in content else None


def _refused(words: str, there: list[Publication], used: Mapping[str, str]) -> BackRefused:
    listed = "\n".join(f"  {each.line(used)}" for each in there)
    return BackRefused(f"{words}. What is in use is unchanged. There is:\n{listed}")
