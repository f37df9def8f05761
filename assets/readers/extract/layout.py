"""The layout of a table of the extract: one file declares its fields, and everything else is made from it.

`assets/raw/extract/NAME.toml`, or in `assets/raw/beside_extract/` for an optional list:

    row = "an assessment of risk"
    core = "risk_assessments"

    [fields]
    ra_id = ["key as assessment_ref", "Assessment"]
    started_ts = ["ts as started_at", "When it was started"]
    answers = ["free?", "Answers, as JSON"]
    crime_id = "text as crime_ref"

A field has its kind, its meaning, its unit and its heading; one with a kind alone has the words of the shared columns.
A `?` after the kind marks a field that an extract may leave out. `as` names its column in the typed table `core`, whose
rows are those of the extract one to one. What has no `as` stays in raw. Where the typed table needs more than that, it
has a SELECT of its own and `core` is left out.

`[known]` says what of a table was known on an earlier day (`Known`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

TEXT, MOMENT = "varchar", "timestamp with time zone"
KINDS = {  # kind of a field -> its type in core, and its words
    "key": (TEXT, "identifies the row"),
    "ref": (TEXT, "identifies a row of another table"),  # no row is used without it
    "text": (TEXT, "text"),
    "free": (TEXT, "free text of an officer: read for signs, never published"),
    "ts": (MOMENT, "moment"),
    "date": ("date", "day"),
    "month": (TEXT, "month"),
    "bool": ("boolean", "true or false"),
    "int": ("integer", "whole number"),
    "num": ("double", "number"),
    "ho": (TEXT, "Home Office code"),
    "class": (TEXT, "class of the counting rules"),
    "outcome": (TEXT, "outcome code"),  # or its label
    "set": (TEXT, "one of a code set"),  # set:NAME, of docs/standards.md 7.2
}
RAW_CARD: dict[str, Any] = {
    "caveats": [
        "Personal data of the force: it stays in the warehouse and is published only through the tables made from it.",
    ],
    "publisher": "The force whose extract it is",
    "licence": "Not licensed for publication",
    "published": "with each extract",
}
CORE_CAVEATS = ["As the force extract gives it; a table that was not delivered is empty, so not measured."]


@dataclass(frozen=True)
class Field:
    """One field. `column` is its name in core, '' where it stays in raw; no `words` are those of the shared column."""

    name: str
    kind: str
    column: str
    words: tuple[str, ...]

    @property
    def type(self) -> str:
        """Its type in core."""
        return KINDS[self.kind.rstrip("?").partition(":")[0]][0]

    def card(self, name: str, type_name: str) -> str | list[str]:
        """Its entry in a card: type, meaning, unit, heading."""
        if not self.words:
            return "columns"
        meaning, unit, heading = (*self.words, "", "")[:3]
        return [type_name, meaning, unit or ("UTC" if self.kind.startswith("ts") else ""), heading]


@dataclass(frozen=True)
class Known:
    """What of a table was known on an earlier day, by the times that its rows give.

    A row is known `since` the first of these times, if its rows `of` other tables are. A time that came later is empty,
    and so is what came `with_time`; a `planned` time may be after the day. `undated` cells have no time: they are as
    they are now. `named_in`: fields that name the rows known. A table is `as_delivered` or `left_out` for a reason.
    """

    since: tuple[str, ...]
    of: tuple[str, ...]
    planned: tuple[str, ...]
    undated: tuple[str, ...]
    named_in: tuple[str, ...]
    with_time: Mapping[str, Sequence[str]]
    as_delivered: str
    left_out: str


@dataclass(frozen=True)
class Layout:
    """One table of the extract, or of a list beside it.

    `needed`: a row has a value in one field of each group. `identified_by`: which row it is, of a table without a key.
    `used_without`: the fields whose unreadable value leaves the row usable though they are expected; a row without
    others would count as never, none or last. `is_yearly`: a list of each year has many rows of the year before.
    """

    table: str
    content: Mapping[str, Any]

    @cached_property
    def fields(self) -> Mapping[str, Field]:
        """Name -> field, in the order of the file."""
        found = {}
        for name, said in self.content["fields"].items():
            kind, *words = [said] if isinstance(said, str) else said
            kind, _, column = kind.partition(" as ")
            found[name] = Field(name, kind, column, tuple(words))
        return MappingProxyType(found)

    @cached_property
    def kinds(self) -> Mapping[str, str]:
        """Name of a field -> its kind."""
        return MappingProxyType({name: field.kind for name, field in self.fields.items()})

    @property
    def core(self) -> str:
        """The typed table with the same rows, '' where there is none or it has a SELECT of its own."""
        return f"core.{self.content['core']}" if "core" in self.content else ""

    @property
    def needed(self) -> Sequence[Sequence[str]]:
        return tuple(self.content.get("needed", ()))

    @property
    def used_without(self) -> Sequence[str]:
        return tuple(self.content.get("used_without", ()))

    @property
    def is_of_people(self) -> bool:
        return bool(self.content.get("of_people", True))

    @property
    def is_yearly(self) -> bool:
        return bool(self.content.get("yearly", False))

    @cached_property
    def known(self) -> Known:
        """What of it was known on an earlier day. Raises KeyError if the file does not say."""
        said = self.content["known"]
        since = said.get("from", ())
        return Known(
            since=(since,) if isinstance(since, str) else tuple(since),
            of=tuple(said.get("of", ())),
            planned=tuple(said.get("planned", ())),
            undated=tuple(said.get("undated", ())),
            named_in=tuple(said.get("named_in", ())),
            with_time=said.get("with", {}),
            as_delivered=said.get("as_delivered", ""),
            left_out=said.get("left_out", ""),
        )

    @cached_property
    def identity(self) -> Sequence[str]:
        """The fields that say which row it is; none if only all fields together do."""
        return [name for name, kind in self.kinds.items() if kind == "key"] or self.content.get("identified_by", ())

    def read_by(self) -> str:
        """What decides how its files are read: words and columns of core do not."""
        return repr((dict(self.kinds), self.needed, self.used_without, self.identity, self.is_of_people))

    def card(self, schema: str) -> dict[str, Any]:
        """The card of the table in raw, all of it text, or of the typed table in core."""
        said: dict[str, Any] = {"description": f"One row is {self.content['row']}.", "audience": []}
        if schema == "raw":
            columns = {name: field.card(name, TEXT) for name, field in self.fields.items()}
            own = {name: self.content[name] for name in RAW_CARD if name in self.content}
            return said | RAW_CARD | own | {"grain": ["delivery_ref", "line_number"], "columns": columns}
        typed = [field for field in self.fields.values() if field.column]
        columns = {field.column: field.card(field.column, field.type) for field in typed}
        grain = [field.column for field in typed if field.kind == "key"]
        return said | {"caveats": CORE_CAVEATS, "grain": grain, "columns": columns}

    def typed_select(self) -> str:
        """The SELECT of the typed table: the rows of the deliveries that count."""
        columns = ",\n".join(
            f"    {_cast(field)}{'' if field.column == field.name and field.type == TEXT else f' as {field.column}'}"
            for field in self.fields.values()
            if field.column
        )
        return (
            f"select\n{columns}\nfrom raw.{self.table} as t\ninner join core.current_periods as p\n"
            f"    on p.source = '{self.table}' and t.delivery_ref = p.delivery_ref and t.period = p.period\n"
        )


def _cast(field: Field) -> str:
    if field.type == TEXT:
        return f"t.{field.name}"
    return f"cast(t.{field.name} as {'timestamptz' if field.type == MOMENT else field.type})"


@cache
def layout_of(path: Path) -> Layout | None:
    """The layout that a file declares; None if it is a card."""
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    return Layout(path.stem, content) if "fields" in content else None
