"""The queries of a mapping.toml as `stra map` proposes them for the tables of a database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from assets.readers.source import TableMapping
from pipelines.mapping.blocks import codes, field_lines, quoted, with_section
from pipelines.mapping.guess import TableGuess
from pipelines.mapping.relations import query_of


def queries_of(asked: Sequence[TableGuess]) -> dict[str, str]:
    """Table -> its query."""
    return {table: query_of(guesses) for table, guesses in by_table(asked).items()}


def codes_of(asked: Sequence[TableGuess]) -> dict[str, tuple[TableMapping, ...]]:
    """Table -> what its codes mean; its fields have our names already."""
    found = {table: _whole(guesses).known() for table, guesses in by_table(asked).items()}
    return {table: (TableMapping(None, {}, known),) for table, known in found.items() if known}


def with_queries(text: str, asked: Sequence[TableGuess]) -> str:
    """The text of a mapping with these queries in its section."""
    return with_section(text, "database.queries", "\n".join(map(entry, by_table(asked).values())))


def code_blocks(asked: Sequence[TableGuess]) -> Iterator[str]:
    """What codes mean, and those that nobody knows, as TOML."""
    for whole in map(_whole, by_table(asked).values()):
        yield from ("\n".join(codes(whole, name)) for name in whole.values)


def entry(guesses: Sequence[TableGuess]) -> str:
    """One query, behind what is known of it and what is still to be decided."""
    whole, query = _whole(guesses), query_of(guesses)
    lines = [f"# {whole.table} from {whole.sheet.name}"]
    lines += [f"# {line.removeprefix('# ')}" for line in field_lines(whole, len(guesses) == 1) if "#" in line]
    # a literal text may hold anything but three quotes
    lines.append(f"{whole.table} = {quoted(query)}" if "'''" in query else f"{whole.table} = '''\n{query}'''")
    return "\n".join(lines)


def by_table(asked: Sequence[TableGuess]) -> dict[str, list[TableGuess]]:
    """Table -> what is taken for it."""
    found: dict[str, list[TableGuess]] = {}
    for guess in asked:
        found.setdefault(guess.table, []).append(guess)
    return found


def _whole(guesses: Sequence[TableGuess]) -> TableGuess:
    """The groups of columns of one table as one: each field from the first that has it, and all of its codes."""
    fields, values = dict(guesses[0].fields), dict[str, dict[str, str | None]]()
    for guess in guesses:
        fields |= {name: chosen for name, chosen in guess.fields.items() if fields[name].label is None}
        for name, meant in guess.values.items():
            values[name] = {**meant, **values.get(name, {})}
    return replace(guesses[0], fields=fields, values=values)
