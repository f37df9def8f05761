"""Cards: what each table is, and which file makes it.

The card of a table is TOML at the head of the SQL or Python file that makes the table. It is a comment between the
lines `/// card` and `///`, as PEP 723 writes the metadata of a script. A CSV file has no comments, so its card is the
.toml beside it. A table that the pipeline writes itself has a .toml alone.

The card is the contract: a table that differs from its card does not build. Small print on pages, the data dictionary
and Dagster's metadata are read from it.

A table of the extract has a layout in place of a card (assets/readers/extract/layout.py). Its card is made from that,
and so are card and SELECT of its typed table in core.

A card names every column of its table, in order. A column is either worded there or has its words from elsewhere:

    crime_count = ["bigint", "Crimes recorded in the year", "crimes", "Crimes"]   type, meaning, unit, heading
    "crime_ref, force_code" = "core.crimes"     passed on unchanged: type and words are those of that table's card
    month = "columns"                           shared by many tables: worded once, in assets/columns.toml

A unit or heading that is empty at the end may be left out. One line may name several columns that are alike.

A card with `by_force = true` holds figures of one force at a time: its code is run for each force of the extract, over
that force's rows (publication/forces.py). Where the code gives no force_code, the card has that column first all the
same. With `all_forces = true` it is run once more for all forces together.

The card of a SELECT may name a method, as room.module.function below assets/methods. The rows of the SELECT pass
through the method, and the card lists those of its columns that are kept. The further parameters of the method name the
tables that it needs. With `by_row = true` the method looks at each row alone, so rows may pass through it in parts.

With `published_as` a table has the name of another in the copies of its audiences, which do not get that other one.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

from assets.readers.extract.layout import Layout, layout_of
from assets.reference import list_rows
from pipelines.tables import functions

ROOT = Path(__file__).resolve().parents[2]
ASSETS = ROOT / "assets"
METHODS = ASSETS / "methods"
SCHEMAS = ("raw", "reference", "core", "quality", "metrics")
AUDIENCES = ("command", "integrity", "commissioning")
HOLD_CARDS = (".sql", ".py", ".toml")
_HEAD = re.compile(r"(--|#) /// card\n((?:\1(?: .*)?\n)*?)\1 ///\n\n?")
_IMPORT = re.compile(r"^[ \t]*from (assets[.\w]*) import (\([^)]*\)|.*)$", re.MULTILINE)
FORCE = "force_code"
EACH_KEY = "*"  # a column for each key of the list that a card names behind it
SHARED = "columns"  # where a card names this instead of a table: assets/columns.toml


class CardError(Exception):
    """A card that cannot be right: the message names the card and the fault."""


@dataclass(frozen=True)
class Column:
    """One column of a card: DuckDB type, meaning, unit and heading.

    The heading is for tables on pages. Unit and heading are '' if there is none.
    """

    name: str
    type: str
    meaning: str
    unit: str = ""
    heading: str = ""


Origin = Callable[[str], Mapping[str, Column]]  # a table, or SHARED -> its columns by name


@dataclass(frozen=True)
class Card:
    """One table. `maker` is its file, None for tables the pipeline itself writes."""

    table: str  # schema.name
    path: Path
    maker: Path | None
    description: str
    grain: tuple[str, ...]
    audience: tuple[str, ...]
    caveats: tuple[str, ...]
    columns: tuple[Column, ...]
    incremental_source: str | None = None  # rows are kept per delivery of this raw source
    method: str = ""  # function below assets/methods that the rows of the SELECT pass through, as room.module.function
    by_row: bool = False  # the method looks at each row alone
    by_force: bool = False  # its code is run for each force of the extract
    all_forces: bool = False  # and for all of them together
    is_force_added: bool = False  # force_code is not of its code: it says which run the row is of
    licence: MappingProxyType[str, str] = field(default_factory=lambda: MappingProxyType({}))
    typed: str = ""  # the SELECT of a typed table, which a layout makes
    published_as: str = ""  # its name in the copies of its audiences, where that is another table's

    @property
    def schema(self) -> str:
        return self.table.split(".")[0]

    @property
    def name(self) -> str:
        return self.table.split(".")[1]

    @property
    def published_name(self) -> str:
        """Its name in the copies of its audiences."""
        return self.published_as or self.table

    @property
    def is_select(self) -> bool:
        """Whether a SELECT makes it, from which lineage can be read."""
        return bool(self.typed) or (self.maker is not None and self.maker.suffix == ".sql")

    @property
    def written(self) -> str:
        """The SELECT or Python that makes it, as it was written."""
        assert self.maker is not None
        return self.typed or written_code(self.maker)

    @property
    def code(self) -> str:
        """The same with its formulas: what is run and what pages show."""
        return functions.expanded(self.written) if self.is_select else self.written

    @property
    def function(self) -> tuple[Path, str] | None:
        """(file, name) of the table's function, or of its SELECT's method."""
        if self.method:
            module, _, name = self.method.rpartition(".")
            return METHODS.joinpath(*module.split(".")).with_suffix(".py"), name
        return (self.maker, self.name) if self.maker is not None and self.maker.suffix == ".py" else None

    @cached_property
    def code_hash(self) -> str:
        """Hash of the card, the words from elsewhere, the maker and its methods.

        A changed comment builds the table again, which is harmless; a changed method must. The hash is read once: a
        file edited during a build counts for the next.
        """
        digest = hashlib.sha256(self.path.read_bytes() + repr(self.columns).encode())
        made_by = [self.maker] if self.maker is not None and self.maker != self.path else []
        for path in (*made_by, *methods_of(self)):
            digest.update(path.read_bytes())
        if self.is_select:
            digest.update(self.typed.encode() + functions.used_by(self.written).encode())
        return digest.hexdigest()


def methods_of(card: Card) -> list[Path]:
    """The files of the methods that a table uses, and of those that they use."""
    if card.function is None:
        return []
    file, _ = card.function
    return sorted(_used_by(file) | ({file} if card.method else set()))


def _used_by(path: Path) -> set[Path]:
    """The files of assets/ that a Python file imports, directly or not."""
    found: set[Path] = set()
    waiting = [path]
    while waiting:
        new = _imports(waiting.pop()) - found
        found |= new
        waiting += new
    return found


@cache
def _imports(path: Path) -> frozenset[Path]:
    """The files of assets/ named in the import lines of one."""
    found: set[Path] = set()
    for package, names in _IMPORT.findall(path.read_text(encoding="utf-8")):
        place = ROOT.joinpath(*package.split("."))
        found.add(place.with_suffix(".py"))
        found.update((place / name).with_suffix(".py") for name in re.findall(r"\w+", names))
    return frozenset(file for file in found if file.exists())


def split(text: str) -> tuple[str, str]:
    """The card of a SQL or Python file as TOML, and the code below it.

    ('', text) if there is no card.
    """
    head = _HEAD.match(text)
    if head is None:
        return "", text
    card = (line.removeprefix(head[1]).removeprefix(" ") for line in head[2].splitlines())
    return "\n".join(card), text[head.end() :]


def written_code(maker: Path) -> str:
    """The SQL or Python below the card, as it is in the file."""
    return split(maker.read_text(encoding="utf-8"))[1]


def code_of(maker: Path) -> str:
    """The code below the card with its formulas: what is run and what pages show."""
    code = written_code(maker)
    return functions.expanded(code) if maker.suffix == ".sql" else code


def shared_columns() -> dict[str, Column]:
    """The columns that many tables share, by name."""
    content = tomllib.loads((ASSETS / "columns.toml").read_text(encoding="utf-8"))
    return {name: Column(name, *parts) for name, parts in content.items()}


def _columns(listed: Mapping[str, str | list[str]], origin: Origin) -> Iterator[Column]:
    """The columns of a card, those worded elsewhere found there. `*` is a number for each key of a reference list."""
    for names, said in listed.items():
        if names == EACH_KEY:
            for row in list_rows(str(said).removeprefix("reference.")):
                yield Column(row["key"].replace(".", "_"), "double", row["meaning"], row["unit"])
            continue
        for name in names.split(", "):
            found = Column(name, *said) if isinstance(said, list) else origin(said).get(name)
            if found is None:
                raise CardError(f"column {name}: expected it in {said}, whose words it should use; it is not there")
            shared = origin(SHARED).get(name)
            if not found.heading and shared is not None and shared.type == found.type:
                found = replace(found, heading=shared.heading)
            yield found


def _layout_of(path: Path) -> Layout | None:
    """The layout of a table of the extract, if the file is one."""
    is_of_raw = path.suffix == ".toml" and path.relative_to(ASSETS).parts[0] == "raw"
    return layout_of(path) if is_of_raw else None


def _content(path: Path, schema: str) -> Mapping[str, Any]:
    """What the card of the file's table in a schema says."""
    layout = _layout_of(path)
    if layout is not None:
        return layout.card(schema)
    text = path.read_text(encoding="utf-8")
    toml = text if path.suffix == ".toml" else split(text)[0]
    if not toml:
        raise CardError("expected a card at its head, '/// card' to '///'; saw none")
    return tomllib.loads(toml)


def read_card(path: Path, origin: Origin = lambda place: {}, table: str = "") -> Card:
    """Read one card; `origin` gives the columns of a table, or the shared ones. `table` is its own if not the file's.

    Raises CardError if a part is missing or a word is not one of ours.
    """
    try:
        table = table or f"{path.relative_to(ASSETS).parts[0]}.{path.stem}"
        layout = _layout_of(path)
        content = _content(path, table.split(".")[0])
        columns = tuple(_columns(content["columns"], origin))
        by_force = content.get("by_force", False)
        is_force_added = by_force and FORCE not in {c.name for c in columns}
        if is_force_added:
            columns = (*_columns({FORCE: SHARED}, origin), *columns)
        if twice := [name for name, times in Counter(c.name for c in columns).items() if times > 1]:
            raise CardError(f"columns listed twice: {', '.join(twice)}")
        table_of_rows = path.with_suffix(".csv")
        is_made_here = path.suffix != ".toml" or layout is not None
        maker = path if is_made_here else table_of_rows if table_of_rows.exists() else None
        card = Card(
            table=table,
            path=path,
            maker=maker,
            description=content["description"],
            grain=(*((FORCE,) if is_force_added and content["grain"] else ()), *content["grain"]),
            audience=tuple(content["audience"]),
            caveats=tuple(content["caveats"]),
            columns=columns,
            incremental_source=content.get("incremental_source"),
            method=content.get("method", ""),
            by_row=content.get("by_row", False),
            by_force=by_force,
            all_forces=content.get("all_forces", False),
            is_force_added=is_force_added,
            licence=MappingProxyType(
                {k: content[k] for k in ("publisher", "licence", "published", "attribution") if k in content}
            ),
            typed=layout.typed_select() if layout is not None and table == layout.core else "",
            published_as=content.get("published_as", ""),
        )
    except CardError as problem:
        raise CardError(f"{path.relative_to(ROOT)}: {problem}") from problem
    except (KeyError, TypeError, tomllib.TOMLDecodeError) as problem:
        raise CardError(f"{path.relative_to(ROOT)}: {type(problem).__name__}: {problem}") from problem
    unknown = [g for g in card.grain if g not in {c.name for c in columns} | {"delivery_ref", "line_number"}]
    unknown += [a for a in card.audience if a not in AUDIENCES]
    if unknown:
        raise CardError(f"{path.relative_to(ROOT)}: not a column or an audience: {', '.join(unknown)}")
    if (card.all_forces and not by_force) or (by_force and (card.maker is None or card.incremental_source)):
        raise CardError(f"{path.relative_to(ROOT)}: by_force is for a table that is made whole")
    if card.method and (card.maker is None or card.maker.suffix != ".sql" or card.incremental_source):
        raise CardError(f"{path.relative_to(ROOT)}: a method takes the rows of a SELECT that is made whole")
    if card.by_row and (by_force or not card.method):
        raise CardError(f"{path.relative_to(ROOT)}: by_row is for the method of a table that is made for all forces")
    if card.schema in ("raw", "reference") and card.maker is not None and "licence" not in card.licence:
        raise CardError(f"{path.relative_to(ROOT)}: raw and reference tables name publisher, licence, published")
    return card


@cache
def all_cards() -> MappingProxyType[str, Card]:
    """Every card under assets/ by table name, in order of schema and name.

    The first folder is the schema, those below it are subjects. A layout has a table in raw and may have one in core.
    Raises CardError if two files name one table, or if a
    SQL or Python file has no card.
    """
    places: list[tuple[str, str, Path]] = []
    for schema in SCHEMAS:
        found = (path for path in (ASSETS / schema).rglob("*.*") if path.suffix in HOLD_CARDS)
        for path in (path for path in found if path.name != "__init__.py"):
            layout = _layout_of(path)
            places.append((schema, path.stem, path))
            if layout is not None and layout.core:
                places.append(("core", layout.core.split(".")[1], path))
    files: dict[str, Path] = {}
    for schema, name, path in sorted(places, key=lambda place: (SCHEMAS.index(place[0]), place[1])):
        table = f"{schema}.{name}"
        if table in files:
            other = files[table].relative_to(ROOT)
            raise CardError(f"{path.relative_to(ROOT)}: {table} is the table of {other} too")
        files[table] = path
    cards: dict[str, Card] = {}
    shared = shared_columns()

    def card_of(table: str, asked: tuple[str, ...] = ()) -> Card:
        if table not in cards:
            if table not in files or table in asked:
                raise CardError(f"words from {table}: " + ("in a circle" if table in asked else "no such table"))
            cards[table] = read_card(files[table], lambda place: columns_of(place, (*asked, table)), table)
        return cards[table]

    def columns_of(place: str, asked: tuple[str, ...]) -> Mapping[str, Column]:
        return shared if place == SHARED else {column.name: column for column in card_of(place, asked).columns}

    return MappingProxyType({table: card_of(table) for table in files})


def published_to(audience: str) -> dict[str, Card]:
    """The tables of an audience by their names in its copy."""
    return {card.published_name: card for card in all_cards().values() if audience in card.audience}
