"""Takes in mutated deliveries in a process of its own, because native code may end a process.

`python mutated_intake.py FIRST COUNT STEP FOLDER` makes the mutants FIRST, FIRST + STEP, ... and takes them in.
`FOLDER/log` has a line when a file is begun and one when it is done; `FOLDER/account.json` what came of each.
"""

import json
import resource
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
from mutations import Mutant, mutant
from sound_files import as_csv, grid

from assets.raw import extract_tables
from assets.readers.extract.identities import read_identities
from assets.readers.extract.mapping import MappingError
from assets.readers.source import BrokenFile, ExtractMapping
from pipelines.builds.session import Session, open_session
from pipelines.delivery import intake
from pipelines.delivery.ledger import FileOutcome, Ledger, parquet_of
from pipelines.fetching.folder import Entry, read_folder

ADDRESSES = 12 << 30  # of the process: a reader that asks for more ends the process, which is then found
CATCH_ALL = "content on which its reader failed"  # the words for a fault that no reader foresaw
_OWN = ("mapping", "identities")  # forms that are not deliveries of their own


def main(first: int, count: int, step: int, folder: Path) -> None:
    """Take in the mutants and write the account of them."""
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESSES, ADDRESSES))
    log = Log(folder / "log")
    made = {number: mutant(number) for number in range(first, first + count * step, step)}
    data = folder / "data"
    for made_file in made.values():
        if made_file.form not in _OWN:
            path = data / made_file.name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(made_file.content)
    intake._read_file = log.timed(intake._read_file, lambda *given: given[-1][0])
    data.mkdir(exist_ok=True)
    with open_session(folder / "home", read_folder(data)) as session:
        session.take_in()
        found = dict(_accounts(session, [each for each in made.values() if each.form not in _OWN]))
        for each in made.values():
            if each.form == "mapping":
                found[each.name] = log.timed(_of_mapping, lambda *given: given[0].name)(each, folder, session)
            elif each.form == "identities":
                found[each.name] = log.timed(_of_names, lambda *given: given[0].name)(each, folder)
        built = _built(session)
    (folder / "account.json").write_text(json.dumps({
        "files": {number: [each.form, each.name, *found[each.name]] for number, each in made.items()},
        "seconds": log.seconds, "built": built, "peak_mb": _peak(), "peaks": log.peaks,
    }))  # fmt: skip


def _peak() -> int:
    """The most memory that the process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


class Log:
    """When each file was begun and done."""

    def __init__(self, path: Path) -> None:
        self.stream, self.lock = path.open("a", buffering=1), threading.Lock()
        self.seconds: dict[str, float] = {}  # of processor time
        self.peaks: dict[str, int] = {}  # files that took the process to more memory than any before, in MB

    def timed(self, read: Callable[..., Any], name_of: Callable[..., str]) -> Callable[..., Any]:
        """The same function, which writes down what it begins and ends."""

        def run(*given: Any) -> Any:
            name, began, before = name_of(*given), time.thread_time(), _peak()
            with self.lock:
                self.stream.write(f"begun\t{name}\n")
            try:
                return read(*given)
            finally:
                with self.lock:
                    self.seconds[name] = round(time.thread_time() - began, 2)
                    if _peak() > before + 100:
                        self.peaks[name] = _peak()
                    self.stream.write(f"done\t{name}\n")

        return run


def _accounts(session: Session, made: list[Mutant]) -> Iterator[tuple[str, tuple[str, str]]]:
    """Name of each file and what came of it: an outcome, and the trouble with the account, '' for none."""
    said: dict[str, list[tuple[Any, ...]]] = {}
    rows = session.con.execute(
        "select file_name, source, delivery_ref, status, coalesce(reason, ''), rows_read, rows_loaded, rows_quarantined"
        " from raw.deliveries"
    ).fetchall()
    for name, *rest in rows:
        said.setdefault(name.split("!")[0].split("#")[0], []).append(tuple(rest))
    held = dict(session.con.execute(
        "select delivery_ref, count(*) from raw.quarantined_rows group by all"
    ).fetchall())  # fmt: skip
    listed = dict(session.con.execute(
        "select split_part(file_name, '!', 1), max(reason) from raw.unrecognised_files group by all"
    ).fetchall())  # fmt: skip
    for each in made:
        found = said.get(each.name, [])
        trouble = "; ".join(filter(None, (_trouble(session, row, held.get(row[1], 0)) for row in found)))
        if not found:
            outcome = "left alone" if listed.get(each.name) else "lost"
        elif any(row[2] == "refused" for row in found):
            outcome = "refused" if all(row[2] == "refused" for row in found) else "partly refused"
        else:
            outcome = "rows set aside" if any(row[6] for row in found) else "loaded"
        yield each.name, (outcome, trouble)


def _trouble(session: Session, row: tuple[Any, ...], held: int) -> str:
    source, ref, status, reason, read, loaded, aside = row
    if status == "refused":
        sound = all(word in reason for word in (": expected ", "; saw ")) and "Traceback" not in reason
        return (
            (reason[:400] if CATCH_ALL in reason else "") if sound else f"a refusal without its parts: {reason[:300]}"
        )
    if read != loaded + aside or aside != held:
        return f"{read} read, {loaded} loaded, {aside} aside, {held} in quarantine"
    if status == "loaded":
        parquet = parquet_of(session.home, source, ref)
        ((rows,),) = duckdb.execute(
            "select count(distinct line_number) from read_parquet(?)", [str(parquet)]
        ).fetchall()
        repeats = session.con.execute(
            "select count(*) from build.repeated_rows where delivery_ref = ?", [ref]
        ).fetchall()[0][0]  # fmt: skip
        if rows != loaded + repeats:
            return f"{loaded} loaded, {rows} lines in parquet, {repeats} repeats"
    return ""


def _of_mapping(each: Mutant, folder: Path, session: Session) -> tuple[str, str]:
    """What came of a mapping and of the file that it names."""
    place = folder / each.name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(each.content)
    rows = grid("crime", extract_tables()["crime"], 1)
    rows[0] = [
        "Occ Id" if label == "crime_id" else "Recorded" if label == "recorded_ts" else label for label in rows[0]
    ]
    rows = [[*row, "Suspect Id" if number == 0 else f"P{number}"] for number, row in enumerate(rows)]
    (place.parent / "OCCURRENCE.csv").write_bytes(as_csv(rows))
    given = read_folder(place.parent)
    mapping = given.mapping
    if mapping.problem is not None:
        whole = isinstance(mapping.problem, MappingError) and all(
            (mapping.problem.place, mapping.problem.seen, mapping.problem.expected, mapping.problem.do)
        )
        return "refused", "" if whole else f"a refusal without its parts: {mapping.problem}"
    ledger = Ledger(session.con, session.home, given.path, "mutants")
    entry: Entry = next(file for file in given.files if file[0] == "OCCURRENCE.csv")
    outcome: FileOutcome = intake._read_file(session.home, given, folder / "scratch", ledger, {}, entry)
    broken = [delivery.broken for delivery in outcome.deliveries if delivery.broken is not None]
    trouble = next((str(problem) for problem in broken if CATCH_ALL in str(problem)), "")
    if not outcome.deliveries:
        return ("left alone", "") if outcome.unrecognised else ("lost", "")
    return "partly refused" if broken else "loaded", trouble


def _of_names(each: Mutant, folder: Path) -> tuple[str, str]:
    """What came of a file of names, whose refusal quotes none of them."""
    path = folder / each.name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(each.content)
    try:
        found = read_identities(path, ExtractMapping())
    except BrokenFile as problem:
        return "refused", "a name in a message" if "anary" in str(problem) else ""
    except Exception as fault:
        return "refused", f"{type(fault).__name__}: {fault}"[:300]
    left_out = sum(found.left_out.values())
    lost = found.frame.height + left_out != found.row_count
    return ("rows set aside" if left_out else "loaded"), "rows lost" if lost else ""


def _built(session: Session) -> str:
    """Build the tables of facts from what was loaded; '' where all of them could be built."""
    for card in session.stale_tables():
        if card.schema in ("reference", "core"):
            try:
                session.build(card)
            except Exception as fault:
                return f"{card.table}: {type(fault).__name__}: {fault}"[:500]
    return ""


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4]), Path(sys.argv[4]))
