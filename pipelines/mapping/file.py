"""mapping.toml as `stra map` writes it: what is proposed, with how certain it is, and what is still to be decided.

What no one has decided is in the file as a comment that says what to decide.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from assets.readers.extract.dates import ORDERS, SHORT_YEARS, shown_order
from assets.readers.extract.mapping import FILE_NAME, MappingError, read_mapping
from assets.readers.source import ExtractMapping, TableMapping
from pipelines.fetching.folder import mapped_tables
from pipelines.mapping import queries
from pipelines.mapping.blocks import block, quoted, quoted_list, said_block, table_blocks, with_section
from pipelines.mapping.guess import TableGuess
from pipelines.mapping.proposal import Proposal
from pipelines.system.disk import write_whole

Confirm = Callable[[str, bool], bool]  # question, default

HEAD = """\
# What the record system calls the tables, fields and codes of the extract. Written by `stra map`.
# A line that begins with # is still to be decided: put what is meant in place of "?" and remove the #,
# or leave it as it is."""


@dataclass(frozen=True)
class Draft:
    """The text of a mapping that is not written yet, and what it says. `is_new`: nothing that was there is changed."""

    text: str
    mapping: ExtractMapping
    is_new: bool


def draft_mapping(
    path: Path,
    held: ExtractMapping,
    taken: Sequence[TableGuess],
    left: Sequence[TableGuess],
    wide: Sequence[Proposal],
) -> Draft | None:
    """The mapping with new tables below what is there; None if there is nothing new to write.

    If it has the same tables, the whole is said again. `wide` are the proposals of wide exports, whose open columns are
    in comments.
    """
    words = tuple(dict.fromkeys(word for found in taken for word in found.sheet.no_value if word not in held.no_value))
    no_value = (*held.no_value, *words)
    made_on = max((found.sheet.made_on for found in taken), default="") or str(held.made_on or "")
    dates = max((found.sheet.dates for found in taken), default="")
    if not dates or held.dates not in ("", SHORT_YEARS[dates]):  # what a person has written stays
        dates = held.dates or _order_of_sheets(taken)
    asked = [found for found in taken if found.sheet.relation is not None]
    taken = [found for found in taken if found.sheet.relation is None]
    said_of = {table: tuple(map(_mapping_of_table, guesses)) for table, guesses in queries.by_table(taken).items()}
    mapping = replace(
        held,
        tables={**held.tables, **said_of, **queries.codes_of(asked)},
        queries={**held.queries, **queries.queries_of(asked)},
        no_value=no_value,
        made_on=date.fromisoformat(made_on) if made_on else None,
        dates=dates,
    )
    before = path.read_text(encoding="utf-8-sig").rstrip("\n") if path.exists() else HEAD
    still_open = [text for text in map(_open, left) if text.splitlines()[0] not in before]
    if not taken and not asked and not still_open:
        return None
    said = {"no_value": quoted_list(no_value)} if words else {}
    said |= {"made_on": quoted(made_on)} if made_on != str(held.made_on or "") else {}
    said |= {"dates": quoted(dates)} if dates != held.dates else {}
    lines = "\n".join(f"{name} = {value}" for name, value in said.items())
    before = with_section(before, "extract", lines) if said else before
    before = queries.with_queries(before, asked) if asked else before
    text = _joined([before, *table_blocks(taken, wide), *queries.code_blocks(asked), *still_open])
    if _reads_back(text, mapping):
        return Draft(text, mapping, True)
    text = _joined([toml_of(mapping, taken, wide).rstrip("\n"), *map(_open, left)])
    if not _reads_back(text, mapping):
        raise AssertionError(f"the text for {path} does not read back as it was meant")
    return Draft(text, mapping, False)


def _order_of_sheets(taken: Sequence[TableGuess]) -> str:
    """The order of day and month of sheets or files with the same columns; '' unless every column of days shows it.

    Of sheets such as one a year a short one may have no day above the 12th, and would be refused.
    """
    sheets = {found.sheet.name: found.sheet for found in taken}
    every = ({shown_order(value) for value in c.sample} for sheet in sheets.values() for c in sheet.columns.values())
    orders = {"".join(sorted(filter(None, shown))) for shown in every if shown - {None}}  # '': days that show none
    is_of_several = any(sheet.others or "#" in sheet.name for sheet in sheets.values())
    return orders.pop() if is_of_several and len(orders) == 1 and orders < {*ORDERS} else ""


def write_mapping(path: Path, draft: Draft, confirm: Confirm) -> bool:
    """Write a draft; False if it would replace what is there and nobody agrees. What was there is kept as .bak."""
    if not draft.is_new and not confirm(f"Replace {path}? The old one is kept as {FILE_NAME}.bak.", False):
        return False
    if path.exists():
        shutil.copyfile(path, path.with_name(f"{FILE_NAME}.bak"))
    write_whole(path, draft.text)
    return True


def _open(found: TableGuess) -> str:
    """A table that was not taken, wholly as comments."""
    if found.sheet.relation is None:
        name, lines, do = found.sheet.stem, block(found, False, True), "remove one # from each line below"
    else:
        name, lines = found.sheet.name, queries.entry([found])
        do = "put these lines below [database.queries], each without its first #"
    intro = f"# To decide: is {quoted(name)} the table {' or '.join((found.table, *found.rivals))}? If so, {do}."
    return "\n".join([intro, *(f"# {line}" for line in lines.splitlines())])


def _joined(parts: Sequence[str]) -> str:
    return "\n\n".join(parts) + "\n"


def _reads_back(text: str, mapping: ExtractMapping) -> bool:
    """Whether a text says what was meant."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / FILE_NAME
        path.write_text(text, encoding="utf-8")
        try:
            return read_mapping(path, mapped_tables()) == mapping
        except MappingError:
            return False


def _mapping_of_table(found: TableGuess) -> TableMapping:
    fields = {name: chosen.label for name, chosen in found.fields.items() if chosen.label is not None}
    return TableMapping(found.sheet.stem, fields, found.known(), found.only_if)


def toml_of(mapping: ExtractMapping, taken: Sequence[TableGuess] = (), wide: Sequence[Proposal] = ()) -> str:
    """A mapping as TOML, with the guesses in place of its own same tables."""
    guessed = {found.table for found in taken}
    parts = [HEAD]
    words = {"dates": mapping.dates, "force": mapping.force, "made_on": str(mapping.made_on or "")}
    said = [f"{name} = {quoted(text)}" for name, text in words.items() if text]
    said += [f"no_value = {quoted_list(mapping.no_value)}"] if mapping.no_value else []
    said += [f"{name} = {day}" for name, day in zip(("from", "until"), mapping.covers, strict=True) if day]
    parts += ["\n".join(["[extract]", *said])] if said else []
    for table, blocks in mapping.tables.items():
        if table not in guessed:
            parts += [said_block(table, block, len(blocks) > 1) for block in blocks]
    parts += table_blocks(taken, wide)
    if mapping.database_url is not None:
        queries = [f"{table} = {quoted(query)}" for table, query in mapping.queries.items()]
        parts.append("\n".join(["[database]", f"url = {quoted(mapping.database_url)}", "[database.queries]", *queries]))
    return "\n\n".join(parts) + "\n"
