"""Delivered files: find, open and hash them, and describe those that no source recognises."""

from __future__ import annotations

import calendar
import hashlib
import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from pathlib import Path

from assets.readers import archive
from assets.readers.csv.records import encoding, header
from assets.readers.source import BrokenFile, DeliveredFile, Source

HEAD_BYTES = 64 * 1024
_BLOCK = 1 << 20

# File kind by its first bytes.
_SIGNATURES = (
    (b"PK\x03\x04", "a zip archive or workbook"),
    (b"PK\x05\x06", "an empty zip archive"),
    (b"\xd0\xcf\x11\xe0", "an old (before 2007) or encrypted Office file"),
    (b"%PDF", "a PDF document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"PAR1", "a parquet file"),
    (b"SQLite format 3", "an SQLite database"),
)


def inspect(path: Path, name: str) -> DeliveredFile:
    """Read a file once: hash, size, head, and the facts that the CSV reader needs.

    Raises BrokenFile when the file changes meanwhile, OSError when it cannot be read.
    """
    digest, head, size = hashlib.sha256(), b"", 0
    newlines, returns, has_nul, has_quote = 0, 0, False, False
    stamp = _stamp(path)
    with open(path, "rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
            head = head or block[:HEAD_BYTES]
            size += len(block)
            newlines += block.count(b"\n")
            returns += block.count(b"\r") if b"\r" in block else 0  # a search costs a tenth of a count
            has_nul = has_nul or b"\0" in block
            has_quote = has_quote or b'"' in block
    file = DeliveredFile(
        path, name, digest.hexdigest(), size, head, newlines, has_nul, returns, has_quote, stamp
    )  # fmt: skip
    check_unchanged(file)
    return file


def check_unchanged(file: DeliveredFile) -> None:
    """Raise BrokenFile when the file is not the one that was inspected: size, time or inode differ."""
    try:
        stamp = _stamp(file.path)
    except FileNotFoundError:
        raise BrokenFile("file", "that it is gone", "a file that stays while it is read",
                         "It is still being written or moved: wait until it is complete, then build again.") from None
    if stamp[0] != file.size or (file.stamp is not None and stamp != file.stamp):
        raise BrokenFile(
            "file", f"{stamp[0]:,} bytes after {file.size:,}, or another time of change",
            "a file that stays as it is while it is read",
            "It is still being written: wait until it is complete, then build again.",
        )  # fmt: skip


def _stamp(path: Path) -> tuple[int, int, int]:
    status = path.stat()
    return status.st_size, status.st_mtime_ns, status.st_ino


def open_file(path: Path, name: str, scratch: Path) -> Iterator[DeliveredFile | tuple[str, BrokenFile]]:
    """The file itself, or the members of a zip archive, each with its name or its fault.

    A member exists in `scratch` only until the next is requested.
    """
    try:
        file = inspect(path, name)
        if not archive.is_archive(file):
            yield file
            return
        scratch.mkdir(parents=True, exist_ok=True)
        for member, found in archive.members(file, scratch):
            yield inspect(found, member) if isinstance(found, Path) else (member, found)
        check_unchanged(file)
    except BrokenFile as problem:
        yield name, problem
    except (FileNotFoundError, PermissionError) as problem:
        yield name, BrokenFile("file", f"that it cannot be opened ({problem.strerror})", "a readable file",
                               "Check that it is there and that this account may read it.")  # fmt: skip


def snapshot_date(name: str) -> date | None:
    """The day of the snapshot that a name gives; None: current.

    It is a full date in a folder or archive (the innermost one), else the last day of the month of an archive named
    YYYY-MM.zip.
    """
    *folders, last = re.split(r"[/!]", name)
    if last.lower().endswith(".zip"):
        folders.append(last)
    for folder in reversed(folders):
        for found in reversed(re.findall(r"(?<!\d)(\d{4})-(\d\d)-(\d\d)(?!\d)", folder)):
            try:
                return date(*map(int, found))
            except ValueError:
                continue
    month = re.search(r"(?:^|/)(\d{4})-(0[1-9]|1[0-2])\.zip(?:!|$)", name, re.IGNORECASE)
    if month is None or month[1] == "0000":
        return None
    year, number = int(month[1]), int(month[2])
    return date(year, number, calendar.monthrange(year, number)[1])


def describe(file: DeliveredFile) -> str:
    """Describe a file that no source recognises, in words for a list."""
    if holds_identities(file.name):
        return "names of people: only linkage reads them, and none is kept here"
    seen = _not_text(file)
    if seen is not None:
        return f"{seen}; no source knows it"
    if encoding(file.head) == "utf-8" and re.search(rb"[\x01-\x08\x0e-\x1f]", file.head[:1024]):
        return "binary data; no source knows it"
    labels = header(file)
    if labels is None or len(labels) == 1:
        return "text that does not begin with a comma-separated header; no source knows it"
    if any(_is_value(label.strip()) for label in labels):
        return f"comma-separated text of {len(labels)} columns whose first line is hardly a header; no source knows it"
    shown = ", ".join(label.strip() for label in labels[:8]) + (", ..." if len(labels) > 8 else "")
    return f"comma-separated text with the columns {shown[:400]}; no source has these"


def _is_value(label: str) -> bool:
    """Whether a label is a value rather than a column name: a number, a date, an address.

    The line may then be about a person.
    """
    return len(label) > 60 or re.search(r"^[\W_]*\d|@", label) is not None


def holds_identities(name: str) -> bool:
    """Whether a file has names of people, by its name or a folder's: `force/person_identity.csv`."""
    parts = re.split(r"[/!]", name)
    return any(re.sub("[^a-z]", "", part.lower()).startswith("personidentity") for part in parts)


def mentions_identities(path: Path) -> bool:
    """Whether a file, such as an archive, has the name of a file of names of people anywhere in its bytes."""
    before = b""
    with open(path, "rb") as stream:
        while block := stream.read(_BLOCK):
            if re.search(rb"(?i)person[^a-z]?identity", before + block):
                return True
            before = block[-20:]
    return False


def not_csv(file: DeliveredFile) -> BrokenFile | None:
    """The reason why a file cannot be comma-separated text, by its first bytes; None where it may be."""
    seen = _not_text(file)
    if seen is None:
        return None
    if file.size == 0:
        do = "Nothing in a file is not zero crime: download it again or ask the publisher for it."
    elif "HTML" in seen:
        do = "The publisher's site answered with a page, such as an error or a log-in: download the file again."
    elif "carriage returns" in seen or "UTF-16" in seen:
        do = "Save it again as CSV in UTF-8 and deliver that."
    else:
        do = "Give the file the name that fits it, or deliver the table as CSV."
    return BrokenFile("file" if file.size == 0 else "first bytes", seen, "comma-separated text", do)


def _not_text(file: DeliveredFile) -> str | None:
    return "an empty file (0 bytes)" if file.size == 0 else _not_text_by(file.head, file.newline_count > 0)


@lru_cache(maxsize=16)  # each source asks it of each file
def _not_text_by(head: bytes, has_newline: bool) -> str | None:
    for signature, what in _SIGNATURES:
        if head.startswith(signature):
            return what
    start = head.decode(encoding(head), errors="replace").lstrip("\ufeff \t\r\n\0")
    if not start:
        return "nothing but blanks or NUL bytes"
    if re.match(r"<(!doctype\s+html|html|head|body|script|!--)", start, re.IGNORECASE):
        return "an HTML page"
    if start.startswith(("<?xml", "{", "[{")):
        return "XML or JSON"
    if encoding(head) == "utf-8" and head.count(0) > len(head) // 4:
        return "NUL bytes all over (UTF-16 without its byte order mark, or no text)"
    if not has_newline and b"\r" in head:
        return "lines that end in lone carriage returns"
    return None


def why_not(file: DeliveredFile, source: Source) -> BrokenFile:
    """The reason why a file whose name says it is of this source is not."""
    return source.why_not(file) or not_csv(file) or BrokenFile(
        "first lines", describe(file), f"the table of {source.table}",
        "Ask the publisher for the right file; if the layout changed, the source's module has to follow.",
    )  # fmt: skip
