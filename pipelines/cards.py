"""Cards: what each table is, and which file makes it.

Every table has a TOML card beside its SQL, Python or CSV file. The card is the contract: a table that differs
from its card does not build, and the dashboards' small print, the data dictionary and Dagster's metadata are
all read from it.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType

ROOT = Path(__file__).resolve().parent.parent
ASSETS = ROOT / "assets"
METHODS = ASSETS / "methods"
SCHEMAS = ("raw", "reference", "core", "quality", "metrics")
AUDIENCES = ("command", "integrity", "commissioning")
MAKERS = (".sql", ".py", ".csv")
_IMPORT = re.compile(r"^[ \t]*from (assets[.\w]*) import (\([^)]*\)|.*)$", re.MULTILINE)


class CardError(Exception):
    """A card says something that cannot be: the message names the card and the line of thought."""


@dataclass(frozen=True)
class Column:
    """One column of a card: DuckDB type, meaning, unit ('' where none)."""

    name: str
    type: str
    meaning: str
    unit: str = ""


@dataclass(frozen=True)
class Card:
    """One table. `maker` is the file that makes it; None for the tables the pipeline itself writes."""

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
    licence: MappingProxyType[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def schema(self) -> str:
        return self.table.split(".")[0]

    @property
    def name(self) -> str:
        return self.table.split(".")[1]

    @property
    def function(self) -> tuple[Path, str] | None:
        """(file, name) of the function that makes the table, or that the rows of its SELECT pass through."""
        if self.method:
            module, _, name = self.method.rpartition(".")
            return METHODS.joinpath(*module.split(".")).with_suffix(".py"), name
        return (self.maker, self.name) if self.maker is not None and self.maker.suffix == ".py" else None

    @cached_property
    def code_hash(self) -> str:
        """Hash of the card, the file that makes the table and the methods that it uses, and those that they use.

        A changed comment makes the table anew, and that is fine; a changed method must. Read once: a file that is
        edited while a build runs counts for the next.
        """
        digest = hashlib.sha256(self.path.read_bytes())
        if self.maker is not None:
            for path in (self.maker, *methods_of(self)):
                digest.update(path.read_bytes())
        return digest.hexdigest()


def methods_of(card: Card) -> list[Path]:
    """The files of the methods that a table uses, and of those that they use."""
    if card.function is None:
        return []
    file, _ = card.function
    return sorted(_used_by(file) | ({file} if card.method else set()))


def _used_by(path: Path) -> set[Path]:
    """The files of assets/ that a Python file of assets/ imports, and those that they import."""
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


def read_card(path: Path) -> Card:
    """Read one card. Raises CardError when a part is missing or a word is not one of ours."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        columns = tuple(Column(name, *parts) for name, parts in content["columns"].items())
        card = Card(
            table=f"{path.relative_to(ASSETS).parts[0]}.{path.stem}",
            path=path,
            maker=next((m for s in MAKERS if (m := path.with_name(path.stem + s)).exists()), None),
            description=content["description"],
            grain=tuple(content["grain"]),
            audience=tuple(content["audience"]),
            caveats=tuple(content["caveats"]),
            columns=columns,
            incremental_source=content.get("incremental_source"),
            method=content.get("method", ""),
            licence=MappingProxyType(
                {k: content[k] for k in ("publisher", "licence", "published", "attribution") if k in content}
            ),
        )
    except (KeyError, TypeError, tomllib.TOMLDecodeError) as problem:
        raise CardError(f"{path.relative_to(ROOT)}: {type(problem).__name__}: {problem}") from problem
    unknown = [g for g in card.grain if g not in {c.name for c in columns} | {"delivery_ref", "line_number"}]
    unknown += [a for a in card.audience if a not in AUDIENCES]
    if unknown:
        raise CardError(f"{path.relative_to(ROOT)}: not a column or an audience: {', '.join(unknown)}")
    if card.method and (card.maker is None or card.maker.suffix != ".sql" or card.incremental_source):
        raise CardError(f"{path.relative_to(ROOT)}: a method takes the rows of a SELECT that is made whole")
    if card.schema in ("raw", "reference") and card.maker is not None and "licence" not in card.licence:
        raise CardError(f"{path.relative_to(ROOT)}: raw and reference tables name publisher, licence, published")
    return card


@cache
def all_cards() -> MappingProxyType[str, Card]:
    """Every card under assets/, by table name, in the order of the schemas and then of the alphabet.

    The first folder is the schema, those below it are subjects. Raises CardError where two files name one table.
    """
    cards: dict[str, Card] = {}
    for schema in SCHEMAS:
        for path in sorted((ASSETS / schema).rglob("*.toml"), key=lambda path: path.name):
            card = read_card(path)
            if card.table in cards:
                other = cards[card.table].path.relative_to(ROOT)
                raise CardError(f"{path.relative_to(ROOT)}: {card.table} is the table of {other} too")
            cards[card.table] = card
    return MappingProxyType(cards)
