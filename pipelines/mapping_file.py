"""`stra map`: what was guessed is shown, asked, and written as a mapping.toml; what is missing is said."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from assets.readers.extract import TABLES, required
from assets.readers.extract_values import code_sets
from assets.readers.mapping import FILE_NAME, ExtractMapping, TableMapping, read_mapping
from expectations import RULES
from pipelines import intake
from pipelines.mapping_guess import SURE, FieldGuess, TableGuess, as_table, guess, unknown_files, with_values

NONE = "none of them"

Tell = Callable[[str], None]
Confirm = Callable[[str, bool], bool]  # question, default
Choose = Callable[[str, Sequence[str]], str]  # question, answers


def propose(data_dir: Path, take_all: bool, tell: Tell, confirm: Confirm, choose: Choose) -> bool:
    """Guess, ask and write; False where nothing was written. With `take_all` only what is sure is taken, unasked."""
    names = [name for name, _, _ in intake.scan(data_dir)]
    held = intake.mapping_of(data_dir, names)
    path = data_dir / next((name for name in names if name.rsplit("/", 1)[-1] == FILE_NAME), FILE_NAME)
    sheets, known = unknown_files(data_dir, held)
    taken = []
    for found in guess(sheets, [table for table in TABLES if table not in known]):
        settled = _settled(found, None if take_all else choose)
        if settled is None:
            tell(f"{found.sheet.name} may be {' or '.join((found.table, *found.rivals))}: left open.\n")
            continue
        tell("\n".join(shown(settled)))
        lacking = [name for name in required(TABLES[settled.table]) if settled.fields[name].label is None]
        if lacking:
            tell(f"  Left out: without {', '.join(lacking)} its rows cannot be used.\n")
        elif settled.score >= SURE if take_all else confirm(f"  Is it {settled.table}?", settled.score >= SURE):
            taken.append(settled)
        elif take_all:
            tell(f"  Left out: below {SURE}. Run without --yes to decide.\n")
    if not taken:
        tell("Nothing to write: no file was found that is a table of the extract and not known as such.")
        return False
    if path.exists() and not confirm(f"Replace {path}? The old one is kept as {FILE_NAME}.bak.", False):
        return False
    _write(path, held, taken)
    tell(f"Written: {path}. Look it through; what no one could say stands in it as comments.")
    absent = known | {found.table: {n for n, f in found.fields.items() if f.label is None} for found in taken}
    tell("\n".join(gaps(absent, held.queries)))
    return True


def _settled(found: TableGuess, choose: Choose | None) -> TableGuess | None:
    """The guess with its open questions answered; without anyone to ask, what is open is left out."""
    if found.rivals:
        table = NONE
        if choose is not None:
            table = choose(f"{found.sheet.name}: which table?", (found.table, *found.rivals, NONE))
        if table == NONE:
            return None
        found = found if table == found.table else as_table(found.sheet, table)
    for name, chosen in list(found.fields.items()):
        if chosen.rivals:
            options = (str(chosen.label), *chosen.rivals, NONE)
            label = choose(f"{found.table}.{name}: which column?", options) if choose is not None else NONE
            found.fields[name] = FieldGuess(label, chosen.score) if label != NONE else FieldGuess(None, 0, options[:-1])
        elif chosen.also:
            options = (name, *chosen.also, NONE)
            field = choose(f"Column {chosen.label!r}: which field?", options) if choose is not None else NONE
            found.fields[name] = FieldGuess(None, 0, (str(chosen.label),))
            if field != NONE:
                found.fields[field] = FieldGuess(chosen.label, chosen.score)
    return with_values(found)


def shown(found: TableGuess) -> Iterator[str]:
    """The guess as a table to read."""
    yield f"{found.sheet.name} -> {found.table} ({found.score:.2f})"
    for name, chosen in found.fields.items():
        open_question = f"? {' or '.join(chosen.rivals)}" if chosen.rivals else "-"
        sure = f"{chosen.score:.2f}" if chosen.label is not None else ""
        yield f"  {name:<26} {chosen.label or open_question:<40} {sure}".rstrip()
    for name, meant in found.values.items():
        known = [f"{theirs!r} = {ours}" for theirs, ours in meant.items() if ours is not None]
        unknown = [repr(theirs) for theirs, ours in meant.items() if ours is None]
        yield f"  codes of {name}: {', '.join(known) or 'none translated'}" + (
            f"; not known: {', '.join(unknown[:10])}" if unknown else ""
        )
    unclaimed = [label for label in found.sheet.columns if label not in {f.label for f in found.fields.values()}]
    if unclaimed:
        yield f"  columns not used: {', '.join(unclaimed)}"


def _write(path: Path, held: ExtractMapping, taken: Sequence[TableGuess]) -> None:
    """The mapping that was there with what is new; only a file that reads back as it was meant takes its place."""
    tables = {**held.tables, **{found.table: _said(found) for found in taken}}
    mapping = replace(held, tables=tables)
    fresh = path.with_name(f".{FILE_NAME}")
    fresh.write_text(toml_of(mapping, {found.table: found for found in taken}), encoding="utf-8")
    if read_mapping(fresh, TABLES) != mapping:
        raise AssertionError(f"{fresh} does not read back as it was meant")
    if path.exists():
        os.replace(path, path.with_name(f"{FILE_NAME}.bak"))
    os.replace(fresh, path)


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


def toml_of(mapping: ExtractMapping, guessed: Mapping[str, TableGuess]) -> str:
    """A mapping as TOML; of a guessed table also how sure it is and, as comments, what is still to be said."""
    out = ["# What the record system calls the tables, fields and codes of the extract. Written by `stra map`:"]
    out += ["# lines that begin with # are for a person to fill in or to leave."]
    for table, said in mapping.tables.items():
        found = guessed.get(table)
        out += ["", f"[tables.{table}]"]
        out += [f"file = {_quoted(said.file)}"] if said.file is not None else []
        out += [f"[tables.{table}.fields]"]
        for name in TABLES[table] if found else said.fields:
            chosen = found.fields[name] if found else FieldGuess(said.fields[name])
            if name in said.fields:
                out.append(f"{name} = {_quoted(said.fields[name])}" + (f"  # {chosen.score:.2f}" if found else ""))
            else:
                may_be = f", may be {' or '.join(map(_quoted, chosen.rivals))}" if chosen.rivals else ""
                out.append(f'# {name} = ""  # {TABLES[table][name]}{may_be}')
        for name in dict.fromkeys([*said.values, *(found.values if found else ())]):
            known = said.values.get(name, {})
            unknown = [theirs for theirs in (found.values.get(name, {}) if found else ()) if theirs not in known]
            out.append(f"{'' if known else '# '}[tables.{table}.values.{name}]")
            out += [f"{_quoted(theirs)} = {_quoted(ours)}" for theirs, ours in known.items()]
            out += [f'# {_quoted(theirs)} = ""  # {_expected(table, name)}' for theirs in unknown]
    if mapping.database_url is not None:
        out += ["", "[database]", f"url = {_quoted(mapping.database_url)}", "[database.queries]"]
        out += [f"{table} = {_quoted(query)}" for table, query in mapping.queries.items()]
    return "\n".join(out) + "\n"


def _expected(table: str, name: str) -> str:
    kind = TABLES[table][name].removesuffix("?")
    codes = code_sets().get(kind.removeprefix("set:"))
    return f"one of {', '.join(codes)}" if codes else "an outcome code, 0 to 22, 1A, 2A, 3A"


def _quoted(text: str) -> str:
    """A basic string of TOML, which JSON's is but for one character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def gaps(absent: Mapping[str, set[str]], queries: Mapping[str, str]) -> Iterator[str]:
    """What is not delivered as far as the files tell, and the rules that rest on it. `absent`: table -> fields."""
    missing = [table for table in TABLES if table not in absent and table not in queries]
    if missing:
        yield f"Tables not found: {', '.join(missing)}."
    for table, fields in absent.items():
        if fields:
            yield f"{table} has no column for: {', '.join(name for name in TABLES[table] if name in fields)}."
    unmeasured, broken = {}, {}
    for rule in RULES:
        lacking = [need for need in rule.needs if _is_lacking(need, absent, missing)]
        if any(need.split(".")[0] not in missing and not _may_lack(need) for need in lacking):
            broken[rule.code] = lacking
        elif lacking:
            unmeasured[rule.code] = lacking
    for words, rules in (
        ("Rules that will not be measured", unmeasured),
        ("Rules that cannot be run, which holds back what rests on them", broken),
    ):
        if rules:
            yield f"{words} ({len(rules)}): " + "; ".join(f"{code} for {', '.join(n)}" for code, n in rules.items())


def _is_lacking(need: str, absent: Mapping[str, set[str]], missing: Sequence[str]) -> bool:
    table, _, name = need.partition(".")
    return table in missing or name in absent.get(table, ())


def _may_lack(need: str) -> bool:
    table, _, name = need.partition(".")
    return TABLES[table][name].endswith("?")
