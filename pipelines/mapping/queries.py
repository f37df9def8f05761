"""The queries of a mapping.toml as `stra map` proposes them for the tables of a database."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assets.readers.source import TableMapping
from pipelines.mapping.blocks import codes, quoted
from pipelines.mapping.guess import TableGuess
from pipelines.mapping.relations import query_of

_SECTION = re.compile(r"^\[database\.queries\].*$", re.M)


def queries_of(asked: Sequence[TableGuess]) -> dict[str, str]:
    """Table -> its query."""
    return {table: query_of(guesses) for table, guesses in _by_table(asked).items()}


def codes_of(asked: Sequence[TableGuess]) -> dict[str, tuple[TableMapping, ...]]:
    """Table -> what its codes mean; its fields have our names already."""
    found: dict[str, tuple[TableMapping, ...]] = {}
    for table, guesses in _by_table(asked).items():
        known = {
            name: {theirs: ours for theirs, ours in meant.items() if ours is not None}
            for name, (_, meant) in _meant(guesses).items()
        }
        if known := {name: meant for name, meant in known.items() if meant}:
            found[table] = (TableMapping(None, {}, known),)
    return found


def with_queries(text: str, asked: Sequence[TableGuess]) -> str:
    """The text of a mapping with these queries in its section, which is added at the end if it has none."""
    entries = "\n".join(_entry(table, guesses) for table, guesses in _by_table(asked).items())
    if section := _SECTION.search(text):
        return f"{text[: section.end()]}\n{entries}{text[section.end() :]}"
    return f"{text}\n\n[database.queries]\n{entries}"


def code_blocks(asked: Sequence[TableGuess]) -> Iterator[str]:
    """What codes mean, and those that nobody knows, as TOML."""
    for guesses in _by_table(asked).values():
        for name, (owner, meant) in _meant(guesses).items():
            yield "\n".join(codes(replace(owner, values={name: meant}), name))


def left_open(found: TableGuess) -> str:
    """A table that was not taken, as a query in comments."""
    may_be = " or ".join((found.table, *found.rivals))
    intro = (
        f"# To decide: is {quoted(found.sheet.name)} the table {may_be}? If so, put these lines below "
        "[database.queries], each without its first #."
    )
    return "\n".join([intro, *(f"# {line}" for line in _entry(found.table, [found]).splitlines())])


def _entry(table: str, guesses: Sequence[TableGuess]) -> str:
    """One query, behind what is known of it and what is still to be decided."""
    first = guesses[0]
    doubtful = [
        f"{name} {chosen.score:.2f}" + (f" ({chosen.note})" if chosen.note else "")
        for name, chosen in first.fields.items()
        if chosen.label is not None and (chosen.score < 1 or chosen.note)
    ]
    certain = f"certain but for {', '.join(doubtful)}" if doubtful else "every field is certain"
    lines = [f"# {table} from {first.sheet.name}: {certain}"]
    for name, chosen in first.fields.items():
        if chosen.label is None and chosen.rivals:
            note = f"; {chosen.note}" if chosen.note else ""
            lines.append(f"# to decide: {name} may be {' or '.join(map(quoted, chosen.rivals))}{note}")
        elif chosen.unfit:
            lines.append(f"# to decide: {quoted(chosen.unfit)} is named like {name}, but its values are not like it")
    absent = [name for name, chosen in first.fields.items() if not (chosen.label or chosen.rivals or chosen.unfit)]
    lines += [f"# no column for: {', '.join(absent)}"] if absent else []
    if len(guesses) == 1 and (unused := first.unused()):
        lines.append(f"# columns not used: {', '.join(map(quoted, unused))}")
    query = query_of(guesses)
    # a literal text may hold anything but three quotes
    lines.append(f"{table} = {quoted(query)}" if "'''" in query else f"{table} = '''\n{query}'''")
    return "\n".join(lines)


def _by_table(asked: Sequence[TableGuess]) -> dict[str, list[TableGuess]]:
    found: dict[str, list[TableGuess]] = {}
    for guess in asked:
        found.setdefault(guess.table, []).append(guess)
    return found


def _meant(guesses: Sequence[TableGuess]) -> dict[str, tuple[TableGuess, dict[str, str | None]]]:
    """Field -> a group of columns that has it, and what its codes mean in all groups."""
    found: dict[str, tuple[TableGuess, dict[str, str | None]]] = {}
    for guess in guesses:
        for name, meant in guess.values.items():
            owner, before = found.get(name, (guess, {}))
            found[name] = (owner, {**meant, **before})
    return found
