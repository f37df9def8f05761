"""Comma-separated text, line by line: RFC 4180, with physical line numbers.

The standard library's reader neither says where a quote was opened nor continues after a malformed record, and a
stray quote makes it swallow the lines that follow. Here a malformed record costs its own first line only.
"""

from __future__ import annotations

import io
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from assets.readers.source import BrokenFile, DeliveredFile

# Longest physical line, and longest record in quotes: 64 MB.
RECORD_LIMIT = 64_000_000

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


class Line(NamedTuple):
    """One physical line with its line end. `number` counts from 1."""

    number: int
    text: str


class Record(NamedTuple):
    """One record: the line it begins on and its fields, none for a blank line.

    `fault` is the reason why the fields cannot be separated (then `fields` is the line as a whole); `is_ended` is
    false for a last line without a line end.
    """

    line: int
    fields: list[str]
    fault: str = ""
    is_ended: bool = True


def encoding(head: bytes) -> str:
    """Python's name of the encoding that the byte order mark gives; `utf-8` without one."""
    return next((name for mark, name in _BOMS if head.startswith(mark)), "utf-8")


def header(file: DeliveredFile) -> list[str] | None:
    """Labels of the first record as delivered, without the byte order mark.

    None where the file has none: it is empty, begins with a blank line, or its first record is malformed or
    longer than the head (64 KiB).
    """
    found = _labels(file.head, file.size > len(file.head))
    return None if found is None else list(found)


@lru_cache(maxsize=16)  # each source asks for the header of each file
def _labels(head: bytes, is_cut: bool) -> tuple[str, ...] | None:
    text = head.decode(encoding(head), errors="replace").removeprefix("\ufeff")
    if "\n" not in text:
        text = text.replace("\r", "\n")
    try:
        first = next(records(Line(n, piece) for n, piece in enumerate(io.StringIO(text, newline="\n"), 1)), None)
    except BrokenFile:
        return None
    if first is None or first.fault or not first.fields or (not first.is_ended and is_cut):
        return None
    return tuple(first.fields)


def plain(label: str) -> str:
    """A header label for comparison: case and runs of white space do not count."""
    return " ".join(label.split()).casefold()


def lines(file: DeliveredFile) -> Iterator[Line]:
    """Physical lines as text. Raises BrokenFile with line and byte where the bytes are not text."""
    name = encoding(file.head)
    yield from _lines_of_utf_8(file) if name.startswith("utf-8") else _lines_of(file, name)


def _lines_of_utf_8(file: DeliveredFile) -> Iterator[Line]:
    before = 0
    with open(file.path, "rb") as stream:
        number = 0
        while raw := stream.readline(RECORD_LIMIT):
            number += 1
            if len(raw) == RECORD_LIMIT:
                raise _too_long(number)
            try:
                text = raw.decode()
            except UnicodeDecodeError as problem:
                raise _not_utf_8(number, before + problem.start, raw[problem.start : problem.start + 1]) from problem
            before += len(raw)
            yield Line(number, text.removeprefix("\ufeff") if number == 1 else text)


def _lines_of(file: DeliveredFile, name: str) -> Iterator[Line]:
    number = 0
    try:
        with open(file.path, encoding=name, newline="\n") as stream:
            while text := stream.readline(RECORD_LIMIT):
                number += 1
                if len(text) == RECORD_LIMIT:
                    raise _too_long(number)
                yield Line(number, text)
    except UnicodeError as problem:
        raise BrokenFile(
            f"after line {number}", f"bytes that are not {name.upper()}", f"{name.upper()}, as the first bytes say",
            "The file is damaged or cut: ask for it again, as UTF-8 if there is a choice.",
        ) from problem  # fmt: skip


def _not_utf_8(number: int, offset: int, byte: bytes) -> BrokenFile:
    shown = byte.decode("cp1252", errors="replace")
    return BrokenFile(
        f"line {number}, byte {offset + 1} of the file",
        f"byte 0x{byte.hex().upper()}, which is no UTF-8 (in Windows-1252, the likely encoding, it is {shown!r})",
        "text in UTF-8",
        "Save the file as UTF-8 (in Excel: CSV UTF-8) or ask for it in UTF-8, and deliver it again.",
    )


def _too_long(number: int) -> BrokenFile:
    return BrokenFile(
        f"line {number}", f"a line of more than {RECORD_LIMIT // 1_000_000} MB", "lines of a table",
        "The file is damaged or no table: ask for it again.",
    )  # fmt: skip


class _Malformed(Exception):
    """The quotes of a record contradict each other."""


@dataclass
class _Splitter:
    """Splitter of a record into fields; it takes the lines one by one.

    As in DuckDB's reader, blanks between a comma and a quote are no part of the value, and a quote inside an
    unquoted value is an ordinary character.
    """

    fields: list[str] = field(default_factory=list)
    open_value: list[str] | None = None

    def take(self, text: str) -> bool:
        """Take a physical line with its line end; true when the record is complete. Raises _Malformed."""
        end = len(_body(text))
        position = 0
        while True:
            if self.open_value is None:
                quote = position
                while quote < end and text[quote] == " ":
                    quote += 1
                if quote == end or text[quote] != '"':
                    comma = text.find(",", position, end)
                    self.fields.append(text[position : comma if comma >= 0 else end])
                    if comma < 0:
                        return True
                    position = comma + 1
                    continue
                self.open_value = []
                position = quote + 1
            position = self._take_quoted(text, position)
            if position < 0:
                return False
            while position < end and text[position] == " ":
                position += 1
            if position >= end:
                return True
            if text[position] != ",":
                raise _Malformed
            position += 1

    def _take_quoted(self, text: str, position: int) -> int:
        """Take the inside of quotes; the position after the closing one, or -1 where the value continues."""
        assert self.open_value is not None
        while True:
            quote = text.find('"', position)
            if quote < 0:
                self.open_value.append(text[position:])
                return -1
            if not text.startswith('"', quote + 1):
                self.fields.append("".join([*self.open_value, text[position:quote]]))
                self.open_value = None
                return quote + 1
            self.open_value.append(text[position : quote + 1])
            position = quote + 2


def _body(text: str) -> str:
    return text.removesuffix("\n").removesuffix("\r")


def trimmed(fields: list[str], width: int) -> list[str]:
    """Fields without the blank ones that spreadsheets leave after the last column."""
    while len(fields) > width and not fields[-1]:
        fields = fields[:-1]
    return fields


def records(source: Iterator[Line], width: int | None = None) -> Iterator[Record]:
    """Records of physical lines, blank lines included.

    `width` is the number of columns: a record over several lines with another number counts as a stray
    quote. Raises BrokenFile where a quote is opened and never closed.
    """
    waiting: deque[Line] = deque()
    while (first := waiting.popleft() if waiting else next(source, None)) is not None:
        number, text = first
        body = _body(text)
        if '"' not in body:
            yield Record(number, body.split(",") if body else [], "", text.endswith("\n"))
            continue
        splitter, taken, size = _Splitter(), [first], len(text)
        try:
            while not splitter.take(taken[-1].text):
                if width is not None and len(splitter.fields) >= width:
                    raise _Malformed
                line = waiting.popleft() if waiting else next(source, None)
                if line is None or size > RECORD_LIMIT:
                    raise _unclosed(number)
                taken.append(line)
                size += len(line.text)
            if len(taken) > 1 and width is not None and len(trimmed(splitter.fields, width)) != width:
                raise _Malformed
            yield Record(number, splitter.fields, "", taken[-1].text.endswith("\n"))
        except _Malformed:
            waiting.extendleft(reversed(taken[1:]))
            fault = "expected quotes round a whole value and doubled inside it; here one is alone; correct the line"
            yield Record(number, [body], fault, text.endswith("\n"))


def _unclosed(number: int) -> BrokenFile:
    return BrokenFile(
        f"line {number}", "a quote that opens here and is never closed",
        "a closing quote for every opening one",
        "The file was cut, or the line has a stray quote: ask for the file again, or remove the quote.",
    )  # fmt: skip
