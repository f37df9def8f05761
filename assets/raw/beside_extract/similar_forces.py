# /// card
# description = "One row is a force among the most similar forces of another, in one version of the list, as delivered."
# grain = ["delivery_ref", "line_number"]
# audience = []
# caveats = [
#     "Every delivery is here, superseded ones too: read core.similar_forces.",
#     """To be delivered by hand: a force's own copy of the Home Office's groups. None is shipped: no copy with its \
#     source was at hand, and a group that is not the publisher's is no comparison.""",
#     "Groups are not symmetric: a force may be in the group of another that is not in its own.",
#     """A list is refused whole where a force is not known, is its own peer or is listed twice, or where a version \
#     has two dates or is on two sheets of a workbook.""",
# ]
# publisher = "Home Office, in the force's own copy"
# licence = "None stated: a force's own copy, never shipped"
# published = "as the list says; the police complaints body republished one of 2021"
# attribution = "Most similar forces: Home Office, as delivered by the force."
# [columns]
# force_code = ["varchar", "Force whose group it is, code or name as delivered"]
# similar_force_code = ["varchar", "A force in that group, code or name as delivered"]
# list_version = ["varchar", "Version of the list, such as 2021"]
# valid_from = ["varchar", "Day from which the version holds, text as delivered"]
# source = ["varchar", "Where the copy comes from; empty where it does not say"]
# ///

"""Most similar forces: a force's own copy of the Home Office's groups, csv or workbook. None is shipped.

A row says that one force is in the group of another. Groups are not symmetric, so nothing is added the other way round.
Recognised by its header; refused whole where a force is not known, is its own peer or occurs twice, or where a version
of the list has two dates or is on two sheets: half a group would be another comparison. Strategic-assessment 5.4.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import polars as pl

from assets.readers.csv import reader
from assets.readers.csv.reader import CsvSpec
from assets.readers.files import not_csv
from assets.readers.source import BrokenFile, DeliveredFile, Part, Reading, Source
from assets.readers.workbook.reader import is_workbook, sheet_names
from assets.readers.workbook.sheet import find_header, read_sheet
from assets.reference import list_rows

COLUMNS = ("force_code", "similar_force_code", "list_version", "valid_from", "source")
_SPEC = CsvSpec(
    {
        "force_code": ("force_code", "force code", "force"),
        "similar_force_code": ("similar_force_code", "similar force code", "similar force", "most similar force"),
        "list_version": ("list_version", "list version", "version"),
        "valid_from": ("valid_from", "valid from"),
        "source": ("source",),
    },
    frozenset({"source"}),
)
_FILE_NAME = re.compile(
    r"(?:^|[/!])[^/!]*(?:similar[ _-]?(?:forces?|groups?)|ms[fg][ _-](?:groups?|list))[^/!]*\.(?:csv|xlsx?|ods)$",
    re.IGNORECASE,
)
_HEADER = "the columns force_code, similar_force_code, list_version and valid_from"


def parts(file: DeliveredFile) -> list[Part]:
    """The CSV, or every sheet, with such a header."""
    if not is_workbook(file):
        return [Part(file)] if reader.matches(file, _SPEC) else []
    return [Part(file, sheet) for sheet in sheet_names(file) if find_header(file, sheet, _SPEC) is not None]


def why_not(file: DeliveredFile) -> BrokenFile | None:
    """The reason why a file of such a name is no list of most similar forces."""
    try:
        if not is_workbook(file):
            return not_csv(file) or reader.why_not(file, _SPEC)
        seen = f"the sheets {', '.join(map(repr, sheet_names(file)))}, none with such a header"
    except BrokenFile as problem:
        return problem
    return BrokenFile("header", seen, _HEADER, "Deliver one row for each force and each of its most similar forces.")


def read_rows(part: Part, delivery_ref: str, out: Path) -> Reading:
    """Write the rows as delivered. Raises BrokenFile where a group would differ from the publisher's."""
    reading = (reader.read_csv if part.sheet is None else read_sheet)(part, delivery_ref, out, _SPEC)
    line = "line" if part.sheet is None else f"sheet {part.sheet!r}, row"
    try:
        elsewhere = _versions_elsewhere(part, delivery_ref, out)
        broken = next(_broken(pl.read_parquet(out), reading, line, elsewhere), None)
        if broken is not None:
            raise broken
    except BrokenFile:
        out.unlink(missing_ok=True)
        raise
    return reading


def _versions_elsewhere(part: Part, delivery_ref: str, out: Path) -> Mapping[str, str]:
    """Version -> another sheet of the workbook that holds rows of it."""
    if part.sheet is None:
        return {}
    found: dict[str, str] = {}
    beside = out.with_name(f"{out.name}.beside")
    for other in parts(part.file):
        if other.sheet is None or other.sheet == part.sheet:
            continue
        try:
            read_sheet(other, delivery_ref, beside, _SPEC)
            versions = pl.read_parquet(beside)["list_version"].drop_nulls().unique().to_list()
        finally:
            beside.unlink(missing_ok=True)
        found |= {version.strip(): other.sheet for version in versions}
    return found


@cache
def known_forces() -> Mapping[str, str]:
    """Code or spelling of a name, in small letters -> code, of the territorial forces: groups have no others."""
    codes = {row["force_code"] for row in list_rows("forces") if row["force_type"] == "territorial"}
    names = {row["name_key"]: row["force_code"] for row in list_rows("force_names") if row["force_code"] in codes}
    return {code.casefold(): code for code in codes} | names


def _broken(rows: pl.DataFrame, reading: Reading, line: str, elsewhere: Mapping[str, str]) -> Iterator[BrokenFile]:
    """Faults of a list, row by row."""
    for fault in reading.quarantined:
        yield BrokenFile(
            f"{line} {fault.line_number}", repr(fault.value[:100]), "a row that can be read",
            f"A list of most similar forces counts as a whole or not at all: {fault.reason}.",
        )  # fmt: skip
    seen: dict[tuple[str, str, str], int] = {}
    dates: dict[str, str] = {}
    for row in rows.iter_rows(named=True):
        place = f"{line} {row['line_number']}"
        force, peer, version, start = ((row[name] or "").strip() for name in COLUMNS[:4])
        yield from _broken_row(place, force, peer, version, start)
        codes = known_forces()
        key = (version, codes.get(force.casefold(), force), codes.get(peer.casefold(), peer))
        if key in seen:
            yield BrokenFile(
                place, f"{force} and {peer} again ({line} {seen[key]})", "each force of a group once",
                "Take out the row that is too many.",
            )  # fmt: skip
        if version in elsewhere:  # one sheet would replace the other, and be half a list
            yield BrokenFile(
                f"{place}, list_version", f"version {version!r} on sheet {elsewhere[version]!r} too",
                "each version of the list on one sheet", "Put all rows of a version on one sheet, each pair once.",
            )  # fmt: skip
        if dates.setdefault(version, start) != start:
            yield BrokenFile(
                f"{place}, valid_from", f"{start} beside {dates[version]} for version {version!r}",
                "one date for each version of the list", "Give each version the day from which it holds.",
            )  # fmt: skip
        seen[key] = row["line_number"]


def _broken_row(place: str, force: str, peer: str, version: str, start: str) -> Iterator[BrokenFile]:
    for name, value in (("force_code", force), ("similar_force_code", peer)):
        if value.casefold() not in known_forces():
            yield BrokenFile(
                f"{place}, {name}", repr(value[:100]), "the code of a territorial force (E23000032), or its name",
                "Write the code as in assets/reference/open_data/forces.csv.",
            )  # fmt: skip
    codes = known_forces()
    if codes.get(force.casefold(), force) == codes.get(peer.casefold(), peer):
        yield BrokenFile(
            f"{place}, similar_force_code", f"{peer!r} in its own group", "another force than the row's own",
            "Take the row out: the force itself counts in its group's average without being listed.",
        )  # fmt: skip
    if not version:
        yield BrokenFile(f"{place}, list_version", "nothing", "which list it is, such as 2021", "Name the version.")
    try:
        dt.date.fromisoformat(start)
    except ValueError:
        yield BrokenFile(
            f"{place}, valid_from", repr(start[:100]), "a day such as 2021-01-01", "Write year, month and day."
        )


SOURCE = Source(
    table="similar_forces",
    columns=COLUMNS,
    parts=parts,
    read=read_rows,
    looks_like=lambda name: _FILE_NAME.search(name) is not None,
    why_not=why_not,
    # a later copy of a version replaces it; another version is kept beside it
    period="trim(list_version)",
)
