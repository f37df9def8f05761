"""What a table reads: from its SQL, or from its function's parameters. So it is always right."""

from __future__ import annotations

import ast
from functools import cache

from pipelines.tables import named_tables
from pipelines.tables.cards import FORCE, Card, CardError, all_cards

# of which force a crime is, which forces have figures, whose the records are that nothing links to a force, and when
# recording begins and ends
FORCE_LISTS = ("core.crimes", "core.force_scope", "core.only_force", "core.force_moments")
PEOPLE_LISTS = ("core.people", "core.person_forces")  # in which forces' crimes a person is


def tables_given(card: Card) -> dict[str, str]:
    """Parameters of a table's function -> tables (`core_crimes` -> core.crimes).

    The first parameter of a method takes the rows of the SELECT and names no table. Empty for a table without function.
    """
    if card.function is None:
        return {}
    path, name = card.function
    tree = ast.parse(path.read_text(encoding="utf-8")) if path.is_file() else ast.Module([], [])
    function = next((n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == name), None)
    if function is None:
        raise CardError(f"{path.name}: holds no function named {name}")
    by_parameter = {table.replace(".", "_", 1): table for table in all_cards()}
    names = [argument.arg for argument in function.args.args][1 if card.method else 0 :]
    unknown = [name for name in names if name not in by_parameter]
    if unknown:
        raise CardError(f"{path.name}: no table is named by the parameter {', '.join(unknown)}")
    return {name: by_parameter[name] for name in names}


def reads(card: Card) -> tuple[str, ...]:
    """The tables that a table is made from; a raw one, and a list from a file, have none."""
    return _reads(card.table) if card.by_force else named_by(card)


@cache  # asked thousands of times in a build
def _reads(table: str) -> tuple[str, ...]:
    read = _named_by(table)
    people = PEOPLE_LISTS if any(is_of_people(all_cards()[table]) for table in read) else ()
    return tuple(sorted({*read, *FORCE_LISTS, *people}))


def is_of_people(card: Card) -> bool:
    """Whether the rows of a table name a person, and neither a crime nor a force."""
    columns = {column.name for column in card.columns}
    return "person_ref" in columns and not columns & {"crime_ref", FORCE} and card.table not in PEOPLE_LISTS


def named_by(card: Card) -> tuple[str, ...]:
    """The tables that the code of a table names: without those that say whose rows a by-force table may see."""
    return _named_by(card.table)


@cache
def _named_by(table: str) -> tuple[str, ...]:
    card = all_cards()[table]
    if card.maker is None or card.schema == "raw" or card.maker.suffix == ".csv":
        return ()
    found = set(tables_given(card).values())
    if card.is_select:
        found |= named_tables.tables_of_sql(card)
    unknown = sorted(found - set(all_cards()))
    if unknown:
        raise CardError(f"{card.maker.name}: reads {', '.join(unknown)}, which has no card")
    return tuple(sorted(found))


@cache
def build_order() -> tuple[Card, ...]:
    """Every table after the tables it reads.

    Raises CardError if they read each other in a circle.
    """
    cards, done, order = all_cards(), set[str](), list[Card]()

    def visit(table: str, path: tuple[str, ...]) -> None:
        if table in path:
            raise CardError("tables read each other in a circle: " + " -> ".join((*path, table)))
        if table not in done:
            for upstream in reads(cards[table]):
                visit(upstream, (*path, table))
            done.add(table)
            order.append(cards[table])

    for table in cards:
        visit(table, ())
    named_tables.keep(card for card in order if card.is_select)
    return tuple(order)


def downstream_of(tables: set[str]) -> set[str]:
    """The tables that rest on any of these, themselves included."""
    found = set(tables)
    for card in build_order():
        if found & set(reads(card)):
            found.add(card.table)
    return found
