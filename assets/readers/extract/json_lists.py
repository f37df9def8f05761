"""JSON files of the extract: a list of objects, several lists, one object a line, or an object of lists.

A file is mapped into memory and cut into its objects, some megabytes at a time: a list may have a gigabyte.
"""

from __future__ import annotations

import json
import mmap
import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from itertools import islice
from pathlib import Path

import duckdb
import polars as pl

from assets.readers.csv.reader import plain
from assets.readers.source import BrokenFile, DeliveredFile
from assets.readers.sql import identifier, literal

LINE = "line_number"
MOST_KEYS = 1_000  # names in a JSON file: 3,000 took 16 seconds for eight objects
MOST_BYTES = 1_000_000_000
_BATCH = 16_000_000  # bytes
_TEXT = rb'"(?>[^"\\]++|\\.)*+"'
_INSIDE = rb'(?>[^{}\[\]"]++|' + _TEXT + rb")*+"
for _ in range(30):  # lists and objects within each other
    _INSIDE = rb'(?>[^{}\[\]"]++|' + _TEXT + rb"|[{\[]" + _INSIDE + rb"[}\]])*+"
# a value, in an object after its key
_VALUE = re.compile(
    rb"[\s,]*+(?:(" + _TEXT + rb")\s*+:\s*+)?(" + _TEXT + rb"|[{\[]" + _INSIDE + rb'[}\]]|[^\s,:{}\[\]"]++)', re.S
)
_BETWEEN = re.compile(rb"[\s,]*+")
_BEFORE_VALUE = re.compile(rb"[\s,:]*+")
_LONG_TEXT = 1_000_000  # bytes: a fault nearer than this to where a batch is cut may be the cut
_LIST = re.compile(rb"\[\s*+\{")


def is_json(file: DeliveredFile) -> bool:
    """Whether a file begins like JSON: a list or an object."""
    return file.head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"[", b"{") and not file.name.lower().endswith(".csv")


@lru_cache(maxsize=16)  # each source asks it of each file
def lists_in(path: Path, sha256: str) -> tuple[str, ...]:
    """The names of the lists of objects in a JSON file that is one object and no row itself."""
    try:
        with open(path, "rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
            first, *more = islice(_values(data), 2)
            members = [] if more or data[first.start(2)] != ord("{") else _values(data, first)
            return tuple(json.loads(found[1]) for found in members if found[1] and _LIST.match(data, found.start(2)))
    except (BrokenFile, ValueError):
        return ()


def labels_of_json(file: DeliveredFile, name: str | None = None) -> list[str] | None:
    """The keys of the objects, in the order in which they first occur; None if the file has no objects."""
    try:
        return list(look_at(file.path, file.sha256, name)[0]) or None
    except BrokenFile:
        return None


@lru_cache(maxsize=16)
def look_at(path: Path, sha256: str, name: str | None) -> tuple[tuple[str, ...], int]:
    """The keys of the objects of a file, or of its list of this name, and how many objects there are.

    Raises BrokenFile.
    """
    labels: dict[str, None] = {}
    count = 0
    each = "select unnest(json_keys(json)) as key, row_number() over () as place from batch"
    for rows, size in _batches(path, name, f"select key from ({each}) group by key order by min(place)"):
        labels |= dict.fromkeys(rows["key"])
        count += size
    return tuple(labels), count


def rows_of_json(
    file: DeliveredFile, only: Collection[str] | None = None, name: str | None = None
) -> Iterator[pl.DataFrame]:  # fmt: skip
    """One row an object, its values as text, with its number in the file (`line_number`); some rows at a time.

    The first frame has no row. `only`: the plain labels that are wanted, if not all are. Each costs a search of every
    object.
    """
    labels, _ = look_at(file.path, file.sha256, name)
    check_once(labels)
    labels = tuple(label for label in labels if only is None or plain(label) in only)
    if len(labels) > MOST_KEYS:
        raise BrokenFile(
            "keys", f"{len(labels):,} different names", f"at most {MOST_KEYS:,}", "Deliver the table as CSV.",
        )  # fmt: skip
    values = "".join(f", json ->> {literal(_pointer(label))} as {identifier(label)}" for label in labels)
    yield pl.DataFrame(schema=dict.fromkeys((LINE, *labels), pl.String)).cast({LINE: pl.Int64})
    before = 0
    for rows, size in _batches(file.path, name, f"select row_number() over () as {LINE}{values} from batch"):
        yield rows.with_columns(pl.col(LINE) + before)
        before += size


def check_once(labels: Collection[str]) -> None:
    """Raise BrokenFile if two columns have one name, whatever its case."""
    seen: set[str] = set()
    for label in filter(None, labels):
        if plain(label) in seen:
            raise BrokenFile(
                "columns", f"{label!r} twice", "every column name once, whatever its case",
                "Take one of them out, or give it another name.",
            )  # fmt: skip
        seen.add(plain(label))


def _batches(path: Path, name: str | None, query: str) -> Iterator[tuple[pl.DataFrame, int]]:
    """What a query gives for the table `batch`, which has the next objects as text (`json`), and how many there are.

    Raises BrokenFile for what is no JSON or too much.
    """
    if (size := path.stat().st_size) > MOST_BYTES:
        do = "Deliver the table as CSV or parquet, or in several files (crime_1, crime_2)."
        raise BrokenFile("file", f"{size:,} bytes of JSON", f"at most {MOST_BYTES:,}", do)
    try:
        with duckdb.connect(config={"threads": 1}) as con, open(path, "rb") as stream, \
                mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:  # fmt: skip
            try:
                for batch in _cut(_objects(data, name)):
                    con.register("batch", pl.DataFrame({"json": batch}))
                    yield con.sql(query).pl(), len(batch)
            except (duckdb.InvalidInputException, UnicodeDecodeError) as problem:
                raise _no_json(_line_of_fault(data), type(problem).__name__) from None
    except duckdb.Error as problem:
        raise _no_json("file", type(problem).__name__) from None


def _cut(objects: Iterator[bytes]) -> Iterator[list[str]]:
    held: list[str] = []
    size = 0
    for one in objects:
        held.append(one.decode())
        size += len(one)
        if size > _BATCH:
            yield held
            held, size = [], 0
    if held:
        yield held


def _objects(data: mmap.mmap, name: str | None) -> Iterator[bytes]:
    """The objects of the list of this name, or of all lists that follow one another."""
    tops = _values(data)
    lists = tops if name is None else (f for top in tops for f in _values(data, top) if json.loads(f[1]) == name)
    for found in lists:
        yield from (one[2] for one in _values(data, found)) if data[found.start(2)] == ord("[") else (found[2],)


def _values(data: mmap.mmap, within: re.Match[bytes] | None = None) -> Iterator[re.Match[bytes]]:
    """The values of a file, or within a list or an object. Raises BrokenFile where the text is no JSON."""
    start = 3 * data[:3].startswith(b"\xef\xbb\xbf") if within is None else within.start(2) + 1
    end = len(data) if within is None else within.end(2) - 1
    while found := _VALUE.match(data, start, end):
        yield found
        start = found.end()
    if _after(_BETWEEN, data, start, end) < end:
        raise _no_json(_line_of_fault(data), "a value that does not end, or is none")


def _line_of_fault(data: mmap.mmap) -> str:
    place = _fault(data, 3 * data[:3].startswith(b"\xef\xbb\xbf"), len(data))
    if place is None:
        return "file"
    before = sum(data[at : min(at + _BATCH, place)].count(b"\n") for at in range(0, place, _BATCH))
    return f"line {before + 1}"


def _fault(data: mmap.mmap, start: int, end: int) -> int | None:
    """The place where a reader of JSON gives up, if it does. A large list or object is read value by value."""
    while True:
        while found := _VALUE.match(data, start, end):
            first, last = found.span(2)
            is_large = last - first > _BATCH
            place = _fault(data, first + 1, last - 1) if is_large else _given_up(data, first, last)
            if place is not None:
                return place
            start = found.end()
        start = _after(_BEFORE_VALUE, data, start, end)
        place = _given_up(data, start, min(end, start + _BATCH)) if start < end else None
        is_cut = place is not None and place > start + _BATCH - _LONG_TEXT
        if not is_cut or data[start : start + 1] not in (b"[", b"{"):
            return place
        start += 1


def _given_up(data: mmap.mmap, start: int, end: int) -> int | None:
    try:
        json.JSONDecoder().raw_decode(data[start:end].decode(errors="replace"))
    except json.JSONDecodeError as problem:
        return start + len(problem.doc[: problem.pos].encode())
    except RecursionError:
        return start
    return None


def _after(pattern: re.Pattern[bytes], data: mmap.mmap, start: int, end: int) -> int:
    found = pattern.match(data, start, end)
    return start if found is None else found.end()


def _no_json(place: str, seen: str) -> BrokenFile:
    return BrokenFile(
        place, f"JSON that cannot be read ({seen})", "a list of objects, or one object a line",
        "Export it again, or deliver the table as CSV.",
    )  # fmt: skip


def _pointer(label: str) -> str:
    return "/" + label.replace("~", "~0").replace("/", "~1")
