"""mapping.toml as `stra map` writes it: what is proposed, with how certain it is, and what is still to be decided.

What no one has decided is in the file as a comment that says what to decide.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assets.readers.extract.columns import columns_of, is_made
from assets.readers.extract.mapping import FILE_NAME, UNDECIDED, MappingError, read_mapping
from assets.readers.extract.tables import required
from assets.readers.extract.values import code_sets
from assets.readers.source import ExtractMapping, TableMapping
from pipelines.delivery.folder import mapped_tables
from pipelines.disk import write_whole
from pipelines.mapping.guess import MANY, FieldGuess, TableGuess, fields_of
from pipelines.mapping.proposal import Proposal

LONG = 60  # a value of more characters is no code, and may be about a person

Confirm = Callable[[str, bool], bool]  # question, default

HEAD = """\
# What the record system calls the tables, fields and codes of the extract. Written by `stra map`.
# A line that begins with # is still to be decided: put what is meant in place of "?" and remove the #,
# or leave it as it is."""
_WIDE = """\
# {file} is a wide export: several tables are made of it. A field is a column, or after = a text of your own
# with columns in square brackets. only_if: no row of the table where these columns are empty."""


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
    mapping = replace(held, tables={**held.tables, **_tables_of(taken)}, no_value=no_value)
    before = path.read_text(encoding="utf-8-sig").rstrip("\n") if path.exists() else HEAD
    still_open = [text for text in map(_left_open, left) if text.splitlines()[0] not in before]
    if not taken and not still_open:
        return None
    extract = [f"[extract]\nno_value = {json.dumps(no_value, ensure_ascii=False)}"] if words else []
    text = _joined([before, *extract, *_blocks(taken, wide), *still_open])
    if _reads_back(text, mapping):
        return Draft(text, mapping, True)
    text = _joined([toml_of(mapping, taken, wide).rstrip("\n"), *map(_left_open, left)])
    if not _reads_back(text, mapping):
        raise AssertionError(f"the text for {path} does not read back as it was meant")
    return Draft(text, mapping, False)


def write_mapping(path: Path, draft: Draft, confirm: Confirm) -> bool:
    """Write a draft; False if it would replace what is there and nobody agrees. What was there is kept as .bak."""
    if not draft.is_new and not confirm(f"Replace {path}? The old one is kept as {FILE_NAME}.bak.", False):
        return False
    if path.exists():
        shutil.copyfile(path, path.with_name(f"{FILE_NAME}.bak"))
    write_whole(path, draft.text)
    return True


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


def _tables_of(taken: Sequence[TableGuess]) -> dict[str, tuple[TableMapping, ...]]:
    found: dict[str, tuple[TableMapping, ...]] = {}
    for guess in taken:
        found[guess.table] = (*found.get(guess.table, ()), _said(guess))
    return found


def _said(found: TableGuess) -> TableMapping:
    values = {
        name: {theirs: ours for theirs, ours in meant.items() if ours is not None}
        for name, meant in found.values.items()
    }
    return TableMapping(
        found.sheet.stem,
        {name: chosen.label for name, chosen in found.fields.items() if chosen.label is not None},
        {name: meant for name, meant in values.items() if meant},
        found.only_if,
    )


def toml_of(mapping: ExtractMapping, taken: Sequence[TableGuess] = (), wide: Sequence[Proposal] = ()) -> str:
    """A mapping as TOML, with the guesses in place of its own same tables."""
    guessed = {found.table for found in taken}
    parts = [HEAD]
    said = [f"{name} = {_quoted(text)}" for name, text in (("dates", mapping.dates), ("force", mapping.force)) if text]
    said += [f"no_value = {json.dumps(mapping.no_value, ensure_ascii=False)}"] if mapping.no_value else []
    parts += ["\n".join(["[extract]", *said])] if said else []
    for table, blocks in mapping.tables.items():
        if table not in guessed:
            parts += [_block_of(table, block, len(blocks) > 1) for block in blocks]
    parts += _blocks(taken, wide)
    if mapping.database_url is not None:
        queries = [f"{table} = {_quoted(query)}" for table, query in mapping.queries.items()]
        parts.append(
            "\n".join(["[database]", f"url = {_quoted(mapping.database_url)}", "[database.queries]", *queries])
        )
    return "\n\n".join(parts) + "\n"


def _block_of(table: str, said: TableMapping, is_one_of_several: bool) -> str:
    out = [_heading(table, is_one_of_several)]
    out += [f"file = {_quoted(said.file)}"] if said.file is not None else []
    out += [f"only_if = {json.dumps(list(said.only_if), ensure_ascii=False)}"] if said.only_if else []
    out += [f"[tables.{table}.fields]", *(f"{name} = {_quoted(label)}" for name, label in said.fields.items())]
    for name, codes in said.values.items():
        out += [f"[tables.{table}.values.{name}]"]
        out += [f"{_quoted(theirs)} = {_quoted(ours)}" for theirs, ours in codes.items()]
    return "\n".join(out)


def _heading(table: str, is_one_of_several: bool) -> str:
    return f"[[tables.{table}]]" if is_one_of_several else f"[tables.{table}]"


def _blocks(taken: Sequence[TableGuess], wide: Sequence[Proposal]) -> list[str]:
    """The tables as TOML, those of a wide export together and behind what is open of its columns."""
    tables = [found.table for found in taken]
    of_wide = {proposal.sheet.name for proposal in wide}
    parts = [_block(found, tables.count(found.table) > 1, True) for found in taken if found.sheet.name not in of_wide]
    for proposal in wide:
        own = [found for found in taken if found.sheet.name == proposal.sheet.name]
        if own:
            # one table's blocks are together, as TOML wants them
            own.sort(key=lambda found: tables.index(found.table))
            parts.append("\n".join([_WIDE.format(file=proposal.sheet.name), *_open_columns(proposal)]))
            parts += [_block(found, tables.count(found.table) > 1, False) for found in own]
    return parts


def _open_columns(proposal: Proposal) -> Iterator[str]:
    """The columns of a wide export that are in no table, as comments."""
    unused = []
    for column in proposal.columns:
        if column.is_asked:
            note = f"; {column.note}" if column.note else ""
            yield f"# {_quoted(column.label)}: may be {' or '.join(column.options)}{note}"
        elif not column.fields:
            unused.append(column.label)
    if unused:
        yield f"# columns not used: {', '.join(map(_quoted, unused))}"


def _block(found: TableGuess, is_one_of_several: bool, with_unused: bool) -> str:
    """A guessed table as TOML, with how certain each field is.

    Comments say what is still to be decided.
    """
    out = [_heading(found.table, is_one_of_several) + (f"  # {found.group}" if found.group else "")]
    out += [f"file = {_quoted(found.sheet.stem)}"]
    out += [f"only_if = {json.dumps(list(found.only_if), ensure_ascii=False)}"] if found.only_if else []
    out += [f"[tables.{found.table}.fields]"]
    absent = []
    for name, chosen in found.fields.items():
        if chosen.label is not None:
            is_certain = is_made(chosen.label) and (chosen.score == 1 or not columns_of(chosen.label))
            sure = "" if is_certain else f"{chosen.score:.2f}"
            said = "; ".join(filter(None, (sure, chosen.note)))
            out.append(f"{name} = {_quoted(chosen.label)}{f'  # {said}' * bool(said)}")
        elif with_unused or chosen.rivals or chosen.note or name in required(fields_of(found.table)):
            out.append(f'# {name} = "{UNDECIDED}"  # {_to_decide(found.table, name, chosen)}')
        else:
            absent.append(name)
    if absent:
        out.append(f"# no column for: {', '.join(absent)}")
    if with_unused and (unused := found.unused()):
        out.append(f"# columns not used: {', '.join(map(_quoted, unused))}")
    for name in found.values:
        out += _codes(found, name)
    return "\n".join(out)


def _to_decide(table: str, name: str, chosen: FieldGuess) -> str:
    fields = fields_of(table)
    kind = fields[name].removesuffix("?")
    form = _FORMS.get(kind, "a value of this kind")
    kind = f"{kind}, else the whole table is left out" if name in required(fields) else kind
    if chosen.note:
        return f"{kind}; {chosen.note}: {' or '.join(map(_quoted, chosen.rivals))}" if chosen.rivals else chosen.note
    if chosen.rivals:
        return f"{kind}; may be {' or '.join(map(_quoted, chosen.rivals))}"
    if chosen.unfit:
        return f"{kind}; {_quoted(chosen.unfit)} has a similar name, but not all of its values are like {form}"
    return f"{kind}; which column, if any?"


_FORMS = {"ts": "31/03/2026 14:05", "date": "31/03/2026", "month": "2026-03", "bool": "true", "ho": "8/65"}


def _codes(found: TableGuess, name: str) -> Iterator[str]:
    meant = found.values[name]
    known = {theirs: ours for theirs, ours in meant.items() if ours is not None}
    unknown = [theirs for theirs in meant if theirs not in known and len(theirs) <= LONG]
    yield f"{'' if known else '# '}[tables.{found.table}.values.{name}]"
    yield from (f"{_quoted(theirs)} = {_quoted(ours)}" for theirs, ours in known.items())
    if not has_codes(found, name):
        yield f"# more than {MANY} different values: hardly codes; is it the right column?"
        return
    yield from (f'# {_quoted(theirs)} = "{UNDECIDED}"  # {_expected(found.table, name)}' for theirs in unknown)
    if too_long := len(meant) - len(known) - len(unknown):
        yield f"# and {too_long} value(s) of more than {LONG} characters, which are no codes"


def has_codes(found: TableGuess, name: str) -> bool:
    """Whether a field's column has few enough different values to be codes."""
    label = found.fields[name].label
    return label is not None and len(found.sheet.columns[label].different) <= MANY


def _left_open(found: TableGuess) -> str:
    """A table that was not taken, wholly as comments."""
    may_be = f"{found.table} or {' or '.join(found.rivals)}" if found.rivals else found.table
    intro = f"# To decide: is {_quoted(found.sheet.stem)} the table {may_be}? If so, remove one # from each line below."
    return "\n".join([intro, *(f"# {line}" for line in _block(found, False, True).splitlines())])


def _expected(table: str, name: str) -> str:
    kind = fields_of(table)[name].removesuffix("?")
    codes = ("true", "false") if kind == "bool" else code_sets().get(kind.removeprefix("set:"), ())
    if name == "class_code":
        codes = ("8L", "8M", "8Q", "8R", "8U", "another class")
    empty = ', or "" for no value' if fields_of(table)[name].endswith("?") else ""
    return f"{', '.join(codes) or 'an outcome code, 0 to 22, 1A, 2A, 3A'}{empty}"


def _quoted(text: str) -> str:
    """A basic string of TOML, which JSON's is but for one character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
