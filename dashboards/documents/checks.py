"""Check that documents are as written, and that their numbers are as published.

A fault gives the expected and the actual value. Anything that is only worth knowing (moved, publication no longer kept)
is a remark. `stra verify` prints both.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from casework.store.refusal import Refused
from dashboards.data.published import Copy, Missing
from dashboards.data.register import Printed, Reader, from_entry
from dashboards.data.scope import WHOLE
from dashboards.documents import records, seen
from dashboards.documents.records import Record
from dashboards.text.numbers import moment, unbroken

MOST = 20  # numbers of one file that are named one by one


@dataclass
class Verdict:
    """The faults and the remarks of a check."""

    faults: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


class _FileReader(Reader):
    """Rows of a publication from its files as they are now.

    It does not check the manifest's hashes.
    """

    def _read(self, name: str) -> pl.DataFrame:
        path = self.copy.folder / Path(str(self.copy.tables.get(name, {}).get("file", ""))).name
        try:
            return pl.read_parquet(path)
        except (OSError, pl.exceptions.PolarsError) as problem:
            what = f"{path} cannot be read ({type(problem).__name__})."
            raise Missing("damaged", what) from problem


def check(home: Path) -> Verdict:
    """The verdict on every document that this home has a record of.

    Where a path was written twice, the last record counts.
    """
    held, faults = records.read_records(home)
    verdict = Verdict([*faults, *_removed_lines(home, held)])
    last = {record.path: record for record in held}
    for record in last.values():
        path = Path(record.path)
        if not path.exists():
            verdict.remarks.append(
                f"{path}: no longer there, moved or removed since {moment(record.written_at)} ({record.mark}). If you "
                "have it elsewhere: stra verify --home HOME --document FILE"
            )
        elif (digest := _sha256(path)) != record.sha256:
            _changed(home, record, path, digest, verdict)
    for record in {record.register_sha256: record for record in last.values()}.values():
        _rows(home, record, verdict)
    return verdict


def _removed_lines(home: Path, held: list[Record]) -> list[str]:
    """Lines of the record that a publication has seen and that are now missing."""
    known = {f"{record.sequence}:{record.row_hash}" for record in held}
    marks = set()
    for path in sorted((home / "published" / "copies").glob("*/*/manifest.json")):
        try:
            marks.add(str(json.loads(path.read_text(encoding="utf-8")).get("documents") or ""))
        except (OSError, ValueError, AttributeError):
            continue  # the check of copies reports a manifest that cannot be read
    gone = sorted(marks - known - {""}, key=lambda mark: int(mark.split(":")[0]))
    return [
        f"{home / records.FILE}: no. {mark.split(':')[0]} was in it when figures were published, and is no longer: the "
        "record of documents was cut off or replaced"
        for mark in gone
    ]


def check_file(home: Path, path: Path) -> Verdict:
    """The verdict on one document, in any folder.

    Raises Refused where this home has no record of it.
    """
    held, faults = records.read_records(home)
    verdict = Verdict(list(faults))
    if not path.is_file():
        raise Refused(f"{path}: expected a document, there is no such file.")
    digest = _sha256(path)
    same = [record for record in held if record.sha256 == digest]
    if same:
        verdict.remarks.append(f"{path}: as it was written on {moment(same[-1].written_at)} ({same[-1].mark}).")
        _rows(home, same[-1], verdict)
        return verdict
    origin = seen.manifest(path)
    named = [r for r in held if Path(r.path).name == path.name and origin in ("", r.manifest_sha256)]
    like = named or [r for r in held if r.manifest_sha256 == origin and Path(r.path).suffix == path.suffix]
    if not like:
        raise Refused(
            f"{path}: there is no record of such a document in {home}. It was changed beyond recognition, or written "
            "from another home."
        )
    _changed(home, like[-1], path, digest, verdict)
    _rows(home, like[-1], verdict)
    return verdict


def _changed(home: Path, record: Record, path: Path, digest: str, verdict: Verdict) -> None:
    """Report that a file was changed, and where its numbers differ from the rows."""
    verdict.faults.append(
        f"{path}: expected sha256 {record.sha256} ({record.mark}), saw {digest}: it was changed after it was written"
    )
    try:
        found, register = seen.numbers(path), _register(home, record)
    except Refused as words:
        verdict.faults.append(str(words))
        return
    if found is None:
        return
    wrong = []
    for number in found:
        held = register.get(number.ref)
        if held is None:
            said = f"{number.ref or 'a number without reference'} says {number.text!r}"
            wrong.append(f"{path}: {said}, and is not in the register of numbers")
            continue
        # the register is what the rows gave, and `_rows` compares the two: a row changed since is another fault
        if held.text != number.text:
            wrong.append(f"{path}: {number.ref}: expected {held.text!r}, saw {number.text!r} ({_place(held)})")
    missing = (record.number_count or 0) - len(found)
    if missing > 0:
        wrong.append(f"{path}: expected {record.number_count} numbers, saw {len(found)}: {missing} taken out")
    verdict.faults += _few(wrong, path)
    if not wrong:
        verdict.remarks.append(f"{path}: its numbers are all as published; something else in it was changed")


def _rows(home: Path, record: Record, verdict: Verdict) -> None:
    """Report the published rows that no longer give the numbers printed from them."""
    rows = _open_publication(home, record)
    if rows is None:
        verdict.remarks.append(
            f"{record.path}: the publication that it was made from ({record.publication}) is no longer kept: its text "
            "can be compared with the register of numbers only"
        )
        return
    folder = rows.copy.folder
    if _sha256(rows.copy.folder / "manifest.json") != record.manifest_sha256:
        verdict.faults.append(
            f"{folder / 'manifest.json'}: expected sha256 {record.manifest_sha256}, from which "
            f"{Path(record.path).name} was made ({record.mark}), saw another: it was changed after publication"
        )
    try:
        register = _register(home, record)
    except Refused as words:
        verdict.faults.append(str(words))
        return
    wrong = []
    for held in register.values():
        now = _words(rows, held)
        if now != unbroken(held.text):  # earlier releases had a space before %
            wrong.append(
                f"{folder}: {_place(held)}: the documents of {moment(record.written_at)} say {held.text!r} "
                f"({held.ref}), the published row now gives {now!r}"
            )
    verdict.faults += _few(wrong, folder)


def _words(rows: Reader, held: Printed) -> str:
    try:
        return rows.words(held.number)
    except Refused as words:
        return str(words)


def _open_publication(home: Path, record: Record) -> Reader | None:
    """The publication that a document was made from; None if it is no longer kept."""
    folder = home / "published" / "copies" / Path(record.audience).name / Path(record.publication).name
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return _FileReader(Copy(record.audience, folder, manifest, WHOLE)) if isinstance(manifest, dict) else None


def _register(home: Path, record: Record) -> dict[str, Printed]:
    """The register of numbers that the document was written with.

    Raises Refused if it is missing or changed.
    """
    path = home / records.REGISTERS / f"{Path(record.register_sha256).name}.json"
    try:
        content = path.read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        if digest != record.register_sha256:
            raise Refused(f"{path}: expected sha256 {record.register_sha256}, saw {digest}: the register was changed")
        return {str(entry["ref"]): from_entry(entry) for entry in json.loads(content)["numbers"]}
    except (OSError, ValueError, KeyError, TypeError) as problem:
        why = f"cannot be read ({type(problem).__name__}), so the number that differs cannot be named"
        raise Refused(f"{path}: the register of numbers {why}") from problem


def _place(held: Printed) -> str:
    return f"{held.number.table}, row {held.number.row}, column {held.number.column}"


def _few(lines: list[str], path: Path) -> list[str]:
    return lines if len(lines) <= MOST else [*lines[:MOST], f"{path}: and {len(lines) - MOST} more numbers"]


def _sha256(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def examine(home: Path, document: Path | None = None) -> Verdict:
    """Check one document, or all in this home's record; a refusal is a fault."""
    try:
        return check(home) if document is None else check_file(home, document)
    except Refused as words:
        return Verdict([str(words)])
