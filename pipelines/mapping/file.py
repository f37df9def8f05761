"""`stra map`: show the guesses, ask, write mapping.toml, report what is missing.

What no one has decided is in the file as a comment that says what to decide.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from assets.raw import extract_tables
from assets.readers.extract.mapping import FILE_NAME, UNDECIDED, MappingError, read_mapping
from assets.readers.extract.tables import required
from assets.readers.extract.values import code_sets
from assets.readers.source import ExtractMapping, TableMapping
from expectations import RULES
from expectations.rule import Rule
from pipelines.delivery.folder import is_mapping, read_folder
from pipelines.disk import replace_whole
from pipelines.mapping.guess import (
    MANY,
    SURE,
    FieldGuess,
    TableGuess,
    as_table,
    guess,
    look,
    with_open_questions,
    with_values,
)

NONE = "none of them"
LONG = 60  # a value of more characters is no code, and may be about a person

Tell = Callable[[str], None]
Confirm = Callable[[str, bool], bool]  # question, default
Choose = Callable[[str, Sequence[str]], str]  # question, answers


def propose(data_dir: Path, take_all: bool, tell: Tell, confirm: Confirm, choose: Choose) -> bool:
    """Guess, ask and write; False if nothing was written.

    With `take_all` only certain guesses are accepted, without a question.
    """
    delivered = read_folder(data_dir)
    held = delivered.mapping
    if held.problem is not None:
        raise held.problem
    path = data_dir / next(filter(is_mapping, delivered.names), FILE_NAME)
    folder = look(delivered)
    guesses = guess(folder)
    taken: list[TableGuess] = []
    left: list[TableGuess] = []
    for found in guesses:
        tell("\n".join(shown(with_values(found))))
        settled = _settled(found, None if take_all else choose)
        why = _why_left(settled, take_all, confirm)
        tell(f"  Left open: {why}.\n" if why else "")
        (left if why else taken).append(settled)
    for name, problem in folder.unreadable.items():
        tell(f"{name} could not be read: {problem}")
    for sheet in folder.sheets:
        if sheet.name not in {found.sheet.name for found in guesses} and sheet.table is None:
            tell(f"{sheet.name} is like no table of the extract: ignored.")
    if not guesses:
        tell("Nothing to write: no unmapped table of the extract was found.")
        return False
    if not _write(path, held, taken, left, confirm):
        tell(f"Nothing new was written: {path} is unchanged.")
        return False
    tell(f"Written: {path}. Check it; lines still to be decided begin with #.")
    absent = folder.known | {f.table: {n for n, c in f.fields.items() if c.label is None} for f in taken}
    tell("\n".join(gaps(absent, held.queries)))
    return True


def _settled(found: TableGuess, choose: Choose | None) -> TableGuess:
    """The guess with its open questions answered; without a person they are dropped."""
    if found.rivals and choose is not None:
        table = choose(f"{found.sheet.name}: which table?", (found.table, *found.rivals, NONE))
        if table != NONE:
            found = with_open_questions(as_table(found.sheet, table)) if table != found.table else found
            found.rivals = ()
    for name, chosen in list(found.fields.items()):
        if chosen.rivals:
            used = {other.label for field, other in found.fields.items() if field != name}
            options = tuple(
                label for label in (chosen.label, *chosen.rivals) if label is not None and label not in used
            )
            if not options:
                found.fields[name] = FieldGuess()
                continue
            label = choose(f"{found.table}.{name}: which column?", (*options, NONE)) if choose else NONE
            found.fields[name] = FieldGuess(label, chosen.score or 1.0) if label != NONE else FieldGuess(rivals=options)
        elif chosen.also:
            options = (name, *chosen.also)
            field = choose(f"Column {chosen.label!r}: which field?", (*options, NONE)) if choose else NONE
            found.fields[name] = FieldGuess(rivals=(str(chosen.label),)) if field == NONE else FieldGuess()
            if field != NONE:
                found.fields[field] = FieldGuess(chosen.label, chosen.score)
    return with_values(found)


def _why_left(found: TableGuess, take_all: bool, confirm: Confirm) -> str:
    """Why a table is not taken; '' where it is."""
    if found.rivals:
        return f"it may be {' or '.join((found.table, *found.rivals))}"
    if lacking := found.lacking():
        return f"without {', '.join(lacking)} its rows cannot be used"
    if take_all:
        return "" if found.score >= SURE else f"{found.score:.2f} is not sure enough; run without --yes to decide"
    return "" if confirm(f"  Is it {found.table}?", found.score >= SURE) else "as you said"


def shown(found: TableGuess) -> Iterator[str]:
    """The guess as a table to read."""
    yield f"{found.sheet.name} -> {found.table} ({found.score:.2f})"
    for name, chosen in found.fields.items():
        sure = f"{chosen.score:.2f}" if chosen.label is not None else ""
        yield f"  {name:<26} {_column(chosen):<40} {sure}".rstrip()
    for name, meant in found.values.items():
        known = [f"{theirs!r} = {ours}" for theirs, ours in meant.items() if ours is not None]
        unknown = [repr(theirs) for theirs, ours in meant.items() if ours is None and len(theirs) <= LONG]
        yield f"  codes of {name}: {', '.join(known) or 'none translated'}" + (
            f"; not known: {', '.join(unknown[:10])}" if unknown and _has_codes(found, name) else ""
        )
    if unused := found.unused():
        yield f"  columns not used: {', '.join(unused)}"


def _column(chosen: FieldGuess) -> str:
    """The column of a field, or what may be it."""
    if chosen.rivals:
        return f"? {' or '.join(filter(None, (chosen.label, *chosen.rivals)))}"
    if chosen.also:
        return f"{chosen.label}, if it is not {' or '.join(chosen.also)}"
    return chosen.label or (f"? {chosen.unfit}, whose values do not fit" if chosen.unfit else "-")


def _has_codes(found: TableGuess, name: str) -> bool:
    label = found.fields[name].label
    return label is not None and len(found.sheet.columns[label].different) <= MANY


def _write(
    path: Path, held: ExtractMapping, taken: Sequence[TableGuess], left: Sequence[TableGuess], confirm: Confirm
) -> bool:
    """Add new tables below the mapping that is there.

    If it has the same tables, the whole is written again, if a person agrees.
    """
    mapping = replace(held, tables={**held.tables, **{found.table: _said(found) for found in taken}})
    before = path.read_text(encoding="utf-8-sig").rstrip("\n") if path.exists() else HEAD
    still_open = [text for text in map(_left_open, left) if text.splitlines()[0] not in before]
    if not taken and not still_open:
        return False
    fresh = path.with_name(f".{FILE_NAME}")
    if not _reads_back(fresh, [before, *map(_block, taken), *still_open], mapping):
        if not confirm(f"Replace {path}? The old one is kept as {FILE_NAME}.bak.", False):
            fresh.unlink()
            return False
        if not _reads_back(fresh, [toml_of(held, taken), *map(_left_open, left)], mapping):
            raise AssertionError(f"{fresh} does not read back as it was meant")
    if path.exists():
        os.replace(path, path.with_name(f"{FILE_NAME}.bak"))
    replace_whole(fresh, path)
    return True


def _reads_back(path: Path, parts: Sequence[str], mapping: ExtractMapping) -> bool:
    """Write the parts; True where they say what was meant."""
    path.write_text("\n\n".join(parts) + "\n", encoding="utf-8")
    try:
        return read_mapping(path, extract_tables()) == mapping
    except MappingError:
        return False


HEAD = """\
# What the record system calls the tables, fields and codes of the extract. Written by `stra map`.
# A line that begins with # is still to be decided: put what is meant in place of "?" and remove the #,
# or leave it as it is."""


def _said(found: TableGuess) -> TableMapping:
    values = {
        name: {theirs: ours for theirs, ours in meant.items() if ours is not None}
        for name, meant in found.values.items()
    }
    return TableMapping(
        found.sheet.stem,
        {name: chosen.label for name, chosen in found.fields.items() if chosen.label is not None},
        {name: meant for name, meant in values.items() if meant},
    )


def toml_of(mapping: ExtractMapping, taken: Sequence[TableGuess] = ()) -> str:
    """A mapping as TOML, with the guesses in place of its own same tables."""
    guessed = {found.table: found for found in taken}
    tables = [table for table in mapping.tables if table not in guessed]
    parts = [HEAD, *(_block_of(table, mapping.tables[table]) for table in tables), *map(_block, taken)]
    if mapping.database_url is not None:
        queries = [f"{table} = {_quoted(query)}" for table, query in mapping.queries.items()]
        parts.append(
            "\n".join(["[database]", f"url = {_quoted(mapping.database_url)}", "[database.queries]", *queries])
        )
    return "\n\n".join(parts) + "\n"


def _block_of(table: str, said: TableMapping) -> str:
    out = [f"[tables.{table}]"]
    out += [f"file = {_quoted(said.file)}"] if said.file is not None else []
    out += [f"[tables.{table}.fields]", *(f"{name} = {_quoted(label)}" for name, label in said.fields.items())]
    for name, codes in said.values.items():
        out += [f"[tables.{table}.values.{name}]"]
        out += [f"{_quoted(theirs)} = {_quoted(ours)}" for theirs, ours in codes.items()]
    return "\n".join(out)


def _block(found: TableGuess) -> str:
    """A guessed table as TOML, with how certain each field is.

    Comments say what is still to be decided.
    """
    out = [f"[tables.{found.table}]", f"file = {_quoted(found.sheet.stem)}", f"[tables.{found.table}.fields]"]
    for name, chosen in found.fields.items():
        if chosen.label is not None:
            out.append(f"{name} = {_quoted(chosen.label)}  # {chosen.score:.2f}")
        else:
            out.append(f'# {name} = "{UNDECIDED}"  # {_to_decide(found.table, name, chosen)}')
    if unused := found.unused():
        out.append(f"# columns not used: {', '.join(map(_quoted, unused))}")
    for name in found.values:
        out += _codes(found, name)
    return "\n".join(out)


def _to_decide(table: str, name: str, chosen: FieldGuess) -> str:
    kind = extract_tables()[table][name].removesuffix("?")
    kind = f"{kind}, else the whole table is left out" if name in required(extract_tables()[table]) else kind
    if chosen.rivals:
        return f"{kind}; may be {' or '.join(map(_quoted, chosen.rivals))}"
    if chosen.unfit:
        form = _FORMS.get(extract_tables()[table][name].removesuffix("?"), "a value of this kind")
        return f"{kind}; {_quoted(chosen.unfit)} has a similar name, but not all of its values are like {form}"
    return f"{kind}; which column, if any?"


_FORMS = {"ts": "2025-03-01T14:05:00Z", "date": "2025-03-01", "month": "2025-03", "bool": "true", "ho": "8/65"}


def _codes(found: TableGuess, name: str) -> Iterator[str]:
    meant = found.values[name]
    known = {theirs: ours for theirs, ours in meant.items() if ours is not None}
    unknown = [theirs for theirs in meant if theirs not in known and len(theirs) <= LONG]
    yield f"{'' if known else '# '}[tables.{found.table}.values.{name}]"
    yield from (f"{_quoted(theirs)} = {_quoted(ours)}" for theirs, ours in known.items())
    if not _has_codes(found, name):
        yield f"# more than {MANY} different values: hardly codes; is it the right column?"
        return
    yield from (f'# {_quoted(theirs)} = "{UNDECIDED}"  # {_expected(found.table, name)}' for theirs in unknown)
    if too_long := len(meant) - len(known) - len(unknown):
        yield f"# and {too_long} value(s) of more than {LONG} characters, which are no codes"


def _left_open(found: TableGuess) -> str:
    """A table that was not taken, wholly as comments."""
    may_be = f"{found.table} or {' or '.join(found.rivals)}" if found.rivals else found.table
    intro = f"# To decide: is {_quoted(found.sheet.stem)} the table {may_be}? If so, remove one # from each line below."
    return "\n".join([intro, *(f"# {line}" for line in _block(found).splitlines())])


def _expected(table: str, name: str) -> str:
    kind = extract_tables()[table][name].removesuffix("?")
    codes = ("true", "false") if kind == "bool" else code_sets().get(kind.removeprefix("set:"), ())
    empty = ', or "" for no value' if extract_tables()[table][name].endswith("?") else ""
    return f"{', '.join(codes) or 'an outcome code, 0 to 22, 1A, 2A, 3A'}{empty}"


def _quoted(text: str) -> str:
    """A basic string of TOML, which JSON's is but for one character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def gaps(absent: Mapping[str, set[str]], queries: Mapping[str, str]) -> Iterator[str]:
    """Fields that the files do not deliver, and the rules that rest on them.

    `absent`: table -> fields.
    """
    missing = [table for table in extract_tables() if table not in absent and table not in queries]
    if missing:
        yield f"Tables not found: {', '.join(missing)}."
    for table, fields in absent.items():
        if fields:
            yield f"{table} has no column for: {', '.join(name for name in extract_tables()[table] if name in fields)}."
    unmeasured = {rule.code: lacking for rule in RULES if (lacking := _lacking(rule, absent, missing))}
    if unmeasured:
        listed = "; ".join(f"{code} for {', '.join(names)}" for code, names in unmeasured.items())
        yield f"Rules that will not be measured ({len(unmeasured)}): {listed}"


def _lacking(rule: Rule, absent: Mapping[str, set[str]], missing: Sequence[str]) -> list[str]:
    """The fields that a rule needs and no file delivers."""
    return [need for need in rule.needs if _is_lacking(need, absent, missing)]


def _is_lacking(need: str, absent: Mapping[str, set[str]], missing: Sequence[str]) -> bool:
    table, _, name = need.partition(".")
    return table in missing or name in absent.get(table, ())
