"""`stra map`: show the proposals, ask what must be asked, write mapping.toml, and say what will be measured."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from assets.raw import extract_tables
from assets.readers.extract.mapping import FILE_NAME
from pipelines.delivery.folder import is_mapping, read_folder
from pipelines.mapping.file import LONG, Confirm, has_codes, write_mapping
from pipelines.mapping.gaps import gaps
from pipelines.mapping.guess import (
    SURE,
    FieldGuess,
    Folder,
    TableGuess,
    as_table,
    look,
    with_open_questions,
    with_values,
)
from pipelines.mapping.headings import Meaning
from pipelines.mapping.proposal import NO_FIELD, Proposal, propose, questions, settle, words_of

NONE = "none of them"

Tell = Callable[[str], None]
Choose = Callable[[str, Sequence[str]], str]  # question, answers


def map_extract(data_dir: Path, take_all: bool, tell: Tell, confirm: Confirm, choose: Choose) -> bool:
    """Propose, ask and write; False if nothing was written.

    With `take_all` only certain proposals are accepted, without a question.
    """
    delivered = read_folder(data_dir)
    held = delivered.mapping
    if held.problem is not None:
        raise held.problem
    path = data_dir / next(filter(is_mapping, delivered.names), FILE_NAME)
    folder = look(delivered)
    proposals = propose(folder)
    taken: list[TableGuess] = []
    left: list[TableGuess] = []
    wide: list[Proposal] = []
    for proposal in proposals:
        if proposal.wide is None:
            _decide_one(proposal.tables[0], take_all, taken, left, tell, confirm, choose)
        else:
            wide.append(_decide_wide(proposal, take_all, taken, left, tell, confirm, choose))
    _tell_rest(folder, proposals, tell)
    if not proposals:
        tell("Nothing to write: no unmapped table of the extract was found.")
        return False
    if not write_mapping(path, held, taken, left, wide, confirm):
        tell(f"Nothing new was written: {path} is unchanged.")
        return False
    tell(f"Written: {path}. Check it; lines still to be decided begin with #.")
    absent = folder.known | _absent(taken)
    tell("\n".join(gaps(absent, held.queries)))
    return True


def _absent(taken: Sequence[TableGuess]) -> dict[str, set[str]]:
    """Table -> its fields that no column is."""
    found: dict[str, set[str]] = {}
    for guess in taken:
        if guess.table in extract_tables():
            lacking = {name for name, chosen in guess.fields.items() if chosen.label is None}
            found[guess.table] = found.get(guess.table, lacking) & lacking
    return found


def _tell_rest(folder: Folder, proposals: Sequence[Proposal], tell: Tell) -> None:
    for name, problem in folder.unreadable.items():
        tell(f"{name} could not be read: {problem}")
    proposed = {proposal.sheet.name for proposal in proposals}
    for sheet in folder.sheets:
        if sheet.name not in proposed and sheet.table is None:
            tell(f"{sheet.name} is like no table of the extract: ignored.")


def _decide_one(
    found: TableGuess,
    take_all: bool,
    taken: list[TableGuess],
    left: list[TableGuess],
    tell: Tell,
    confirm: Confirm,
    choose: Choose,
) -> None:
    """Show and settle a file that is one table."""
    tell("\n".join(_shown(with_values(found))))
    settled = _settled(found, None if take_all else choose)
    why = _why_left(settled, take_all, confirm)
    tell(f"  Left open: {why}.\n" if why else "")
    (left if why else taken).append(settled)


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


def _decide_wide(
    proposal: Proposal,
    take_all: bool,
    taken: list[TableGuess],
    left: list[TableGuess],
    tell: Tell,
    confirm: Confirm,
    choose: Choose,
) -> Proposal:
    """Show and settle a wide export; return it as settled."""
    tell("\n".join(_shown_wide(proposal)))
    if not take_all:
        answers: dict[str, Meaning | None] = {}
        for label, options in questions(proposal):
            named = {words_of(option): option for option in options}
            said = choose(f"Column {label!r}: what is it?", (*named, NO_FIELD if NO_FIELD not in named else NONE))
            answers[label] = named.get(said)
        proposal = settle(proposal, answers)
        for table in proposal.tables:
            for name, chosen in list(table.fields.items()):
                asked = f"{table.table}.{name} = {''.join(chosen.rivals[:1])}: {chosen.note}. Write it?"
                if chosen.label is None and chosen.rivals and confirm(asked, False):
                    table.fields[name] = FieldGuess(chosen.rivals[0], 1.0, note=chosen.note)
    tell("\n".join(_made(proposal)))
    usable = [table for table in proposal.tables if not table.lacking()]
    if take_all or confirm(f"  Make these tables of {proposal.sheet.name}?", True):
        taken += usable
        left += [table for table in proposal.tables if table not in usable]
    else:
        tell("  Left out: as you said.\n")
    return proposal


def _shown_wide(proposal: Proposal) -> Iterator[str]:
    """The columns of a wide export: a sample, what each is, and how certain that is."""
    yield f"{proposal.sheet.name} is a wide export: several tables can be made of it."
    for column in proposal.columns:
        sample = ", ".join(column.sample)[:34]
        is_what = " and ".join(column.fields) or (f"? {' or '.join(column.options)}" if column.is_asked else "not used")
        sure = f"  {column.score:.2f}" if column.fields else ""
        note = f"  ({column.note})" if column.note else ""
        yield f"  {column.label[:30]:<30} {sample:<34} {is_what}{sure}{note}".rstrip()
    for table in proposal.tables:
        yield from _shown_codes(table)


def _made(proposal: Proposal) -> Iterator[str]:
    for table in proposal.tables:
        what = f" ({table.group})" if table.group else ""
        where = f", where {' or '.join(table.only_if)} has a value" if table.only_if else ""
        lacking = table.lacking()
        why = f": left open, no column for {', '.join(lacking)}" if lacking else ""
        yield f"  -> {table.table}{what}{where}{why}"
    for table_name, why in proposal.left_out.items():
        yield f"  {table_name} is not made of this file: {why}"
    if any(table.table == "crime" and table.fields["force_code"].label is None for table in proposal.tables):
        yield "  No column says which force it is: write the code of yours below [tables.crime.fields], as in"
        yield '  force_code = "=E23000013".'


def _shown(found: TableGuess) -> Iterator[str]:
    """The guess as a table to read."""
    yield f"{found.sheet.name} -> {found.table} ({found.score:.2f})"
    for name, chosen in found.fields.items():
        sure = f"{chosen.score:.2f}" if chosen.label is not None else ""
        yield f"  {name:<26} {_column(chosen):<40} {sure}".rstrip()
    yield from _shown_codes(found)
    if unused := found.unused():
        yield f"  columns not used: {', '.join(unused)}"


def _shown_codes(found: TableGuess) -> Iterator[str]:
    for name, meant in found.values.items():
        known = [f"{theirs!r} = {ours or 'no value'}" for theirs, ours in meant.items() if ours is not None]
        unknown = [repr(theirs) for theirs, ours in meant.items() if ours is None and len(theirs) <= LONG]
        yield f"  codes of {name}: {', '.join(known) or 'none translated'}" + (
            f"; not known: {', '.join(unknown[:10])}" if unknown and has_codes(found, name) else ""
        )


def _column(chosen: FieldGuess) -> str:
    """The column of a field, or what may be it."""
    if chosen.rivals:
        return f"? {' or '.join(filter(None, (chosen.label, *chosen.rivals)))}"
    if chosen.also:
        return f"{chosen.label}, if it is not {' or '.join(chosen.also)}"
    return chosen.label or (f"? {chosen.unfit}, whose values do not fit" if chosen.unfit else "-")
