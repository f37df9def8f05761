"""Tables of a mapping as TOML: fields with how certain they are, codes, and as comments what is still to be decided."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

from assets.readers.extract.columns import columns_of, is_made
from assets.readers.extract.mapping import UNDECIDED
from assets.readers.extract.tables import required
from assets.readers.extract.values import code_sets
from assets.readers.source import TableMapping
from pipelines.mapping.guess import FieldGuess, TableGuess, fields_of
from pipelines.mapping.proposal import Proposal
from pipelines.mapping.sheets import MANY

LONG = 60  # a value of more characters is no code, and may be about a person

_WIDE = """\
# {file} is a wide export: several tables are made of it. A field is a column, or after = a text of your own
# with columns in square brackets. only_if: no row of the table where these columns are empty."""


def said_block(table: str, said: TableMapping, is_one_of_several: bool) -> str:
    out = [heading(table, is_one_of_several)]
    out += [f"file = {quoted(said.file)}"] if said.file is not None else []
    out += [f"only_if = {quoted_list(said.only_if)}"] if said.only_if else []
    out += [f"[tables.{table}.fields]", *(f"{name} = {quoted(label)}" for name, label in said.fields.items())]
    for name, codes in said.values.items():
        out += [f"[tables.{table}.values.{name}]"]
        out += [f"{quoted(theirs)} = {quoted(ours)}" for theirs, ours in codes.items()]
    return "\n".join(out)


def heading(table: str, is_one_of_several: bool) -> str:
    return f"[[tables.{table}]]" if is_one_of_several else f"[tables.{table}]"


def table_blocks(taken: Sequence[TableGuess], wide: Sequence[Proposal]) -> list[str]:
    """The tables as TOML, those of a wide export together and behind what is open of its columns."""
    tables = [found.table for found in taken]
    of_wide = {proposal.sheet.name for proposal in wide}
    parts = [block(found, tables.count(found.table) > 1, True) for found in taken if found.sheet.name not in of_wide]
    for proposal in wide:
        own = [found for found in taken if found.sheet.name == proposal.sheet.name]
        if own:
            # one table's blocks are together, as TOML wants them
            own.sort(key=lambda found: tables.index(found.table))
            parts.append("\n".join([_WIDE.format(file=proposal.sheet.name), *_open_columns(proposal)]))
            parts += [block(found, tables.count(found.table) > 1, False) for found in own]
    return parts


def _open_columns(proposal: Proposal) -> Iterator[str]:
    """The columns of a wide export that are in no table, as comments."""
    unused = []
    for column in proposal.columns:
        if column.options:
            note = f"; {column.note}" if column.note else ""
            yield f"# {quoted(column.label)}: may be {' or '.join(column.options)}{note}"
        elif not column.fields:
            unused.append(column.label)
    if unused:
        yield f"# columns not used: {', '.join(map(quoted, unused))}"


def block(found: TableGuess, is_one_of_several: bool, with_unused: bool) -> str:
    """A guessed table as TOML, with how certain each field is.

    Comments say what is still to be decided.
    """
    out = [heading(found.table, is_one_of_several) + (f"  # {found.group}" if found.group else "")]
    out += [f"file = {quoted(found.sheet.stem)}"]
    out += [f"only_if = {quoted_list(found.only_if)}"] if found.only_if else []
    out += [f"[tables.{found.table}.fields]", *field_lines(found, with_unused)]
    for name in found.values:
        out += codes(found, name)
    return "\n".join(out)


def field_lines(found: TableGuess, with_unused: bool) -> Iterator[str]:
    """The fields of a table with how certain each is; as comments those to be decided, and what is not used."""
    absent = []
    for name, chosen in found.fields.items():
        if chosen.label is not None:
            is_certain = is_made(chosen.label) and (chosen.score == 1 or not columns_of(chosen.label))
            sure = "" if is_certain else f"{chosen.score:.2f}"
            said = "; ".join(filter(None, (sure, chosen.note)))
            yield f"{name} = {quoted(chosen.label)}{f'  # {said}' * bool(said)}"
        elif with_unused or chosen.rivals or chosen.note or name in required(fields_of(found.table)):
            yield f'# {name} = "{UNDECIDED}"  # {_to_decide(found.table, name, chosen)}'
        else:
            absent.append(name)
    if absent:
        yield f"# no column for: {', '.join(absent)}"
    if with_unused and (unused := found.unused()):
        yield f"# columns not used: {', '.join(map(quoted, unused))}"


def _to_decide(table: str, name: str, chosen: FieldGuess) -> str:
    fields = fields_of(table)
    kind = fields[name].removesuffix("?")
    form = _FORMS.get(kind, "a value of this kind")
    kind = f"{kind}, else the whole table is left out" if name in required(fields) else kind
    if chosen.note:
        return f"{kind}; {chosen.note}: {' or '.join(map(quoted, chosen.rivals))}" if chosen.rivals else chosen.note
    if chosen.rivals:
        return f"{kind}; may be {' or '.join(map(quoted, chosen.rivals))}"
    if chosen.unfit:
        return f"{kind}; {quoted(chosen.unfit)} has a similar name, but not all of its values are like {form}"
    return f"{kind}; which column, if any?"


_FORMS = {"ts": "31/03/2026 14:05", "date": "31/03/2026", "month": "2026-03", "bool": "true", "ho": "8/65"}


def codes(found: TableGuess, name: str) -> Iterator[str]:
    meant = found.values[name]
    known = {theirs: ours for theirs, ours in meant.items() if ours is not None}
    unknown = [theirs for theirs in meant if theirs not in known and len(theirs) <= LONG]
    yield f"{'' if known else '# '}[tables.{found.table}.values.{name}]"
    yield from (f"{quoted(theirs)} = {quoted(ours)}" for theirs, ours in known.items())
    if not has_codes(found, name):
        yield f"# more than {MANY} different values: hardly codes; is it the right column?"
        return
    yield from (f'# {quoted(theirs)} = "{UNDECIDED}"  # {_expected(found.table, name)}' for theirs in unknown)
    if too_long := len(meant) - len(known) - len(unknown):
        yield f"# and {too_long} value(s) of more than {LONG} characters, which are no codes"


def has_codes(found: TableGuess, name: str) -> bool:
    """Whether a field's column has few enough different values to be codes."""
    label = found.fields[name].label
    return label is not None and len(found.sheet.columns[label].different) <= MANY


def _expected(table: str, name: str) -> str:
    kind = fields_of(table)[name].removesuffix("?")
    codes = ("true", "false") if kind == "bool" else code_sets().get(kind.removeprefix("set:"), ())
    if name == "class_code":
        codes = ("8L", "8M", "8Q", "8R", "8U", "another class")
    empty = ', or "" for no value' if fields_of(table)[name].endswith("?") else ""
    other = "the code of a force, as E23000032" if name == "force_code" else "an outcome code, 0 to 22, 1A, 2A, 3A"
    return f"{', '.join(codes) or other}{empty}"


def with_section(text: str, name: str, lines: str) -> str:
    """The text of a mapping with these lines in one of its sections, which is added at the end if it has none."""
    if section := re.search(rf"^{re.escape(f'[{name}]')}.*$", text, re.M):
        return f"{text[: section.end()]}\n{lines}{text[section.end() :]}"
    return f"{text}\n\n[{name}]\n{lines}"


def quoted(text: str) -> str:
    """A basic string of TOML, which JSON's is but for one character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def quoted_list(texts: Sequence[str]) -> str:
    """A list of texts of TOML."""
    return f"[{', '.join(map(quoted, texts))}]"
