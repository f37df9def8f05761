"""`stra map`: show the proposals, ask what must be asked, write mapping.toml, and say what will be measured."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from assets.readers.extract.mapping import FILE_NAME, QueriesMissing, read_mapping
from assets.readers.source import BrokenFile, ExtractMapping
from pipelines.commands.folder_check import check, lines
from pipelines.fetching.folder import DataFolder, is_mapping, mapped_tables, read_folder
from pipelines.mapping.blocks import LONG, has_codes
from pipelines.mapping.decisions import (
    NO,
    YES,
    Ask,
    Decision,
    Question,
    accepted,
    is_without_force,
    made_tables,
    settled,
)
from pipelines.mapping.file import Confirm, Draft, draft_mapping, write_mapping
from pipelines.mapping.proposal import Proposal, propose
from pipelines.mapping.relations import by_query, look_at_database, size_of
from pipelines.mapping.sheets import Folder, look

Tell = Callable[[str], None]
Choose = Callable[[str, Sequence[str]], str]  # question, answers

SHOWN = ("Files", "Result")  # of what is known of the folder: the rest is hundreds of lines, which `stra doctor` has
NOTHING = "Nothing to write: no unmapped table of the extract was found."


def map_extract(data_dir: Path, take_all: bool, tell: Tell, confirm: Confirm, choose: Choose) -> bool:
    """Propose, ask and write; False if nothing was written.

    With `take_all` only certain proposals are accepted, without a question.
    """
    delivered = read_folder(data_dir)
    held = usable_mapping(delivered)
    folder, proposals = proposed(delivered, held)
    for sheet in folder.sheets:
        if sheet.relation is not None:
            tell(size_of(sheet))
    ask = unanswered if take_all else asking(confirm, choose)
    decided = [_decide(proposal, ask, tell) for proposal in proposals]
    for line in rest(folder, proposals):
        tell(line)
    if not proposals:
        tell(NOTHING)
        return False
    path = mapping_path(delivered)
    draft = draft_of(path, held, decided)
    if draft is None or not write_mapping(path, draft, confirm):
        tell(f"Nothing new was written: {path} is unchanged.")
        return False
    tell(f"Written: {path}. Check it; lines still to be decided begin with #.")
    found = check(data_dir)[0]
    for line in lines({heading: found[heading] for heading in SHOWN}):
        tell(line)
    tell(f"What will not be measured, and why: stra doctor --data {data_dir}")
    for line in left_open(decided):
        tell(line)
    return True


def left_open(decided: Sequence[Decision]) -> Iterator[str]:
    """The tables that are recognised and not written, a sentence each."""
    for one in decided:
        for table in one.left:
            lacking = f"no column is known to be {' or '.join(table.lacking())}" if table.lacking() else one.why
            name = one.proposal.sheet.name
            yield f"Left open: {table.table} of {name}: {lacking}. None of its rows is loaded until you have said so."


def proposed(
    delivered: DataFolder, held: ExtractMapping, tell: Tell = lambda name: None
) -> tuple[Folder, list[Proposal]]:
    """What is in the files of a folder, and in the database that its mapping names, with what each may be."""
    folder = look(delivered, held, tell)
    proposals = propose(folder)
    if held.database_url is None:
        return folder, proposals
    known = {*held.queries, *held.tables, *folder.known, *(table.table for one in proposals for table in one.tables)}
    try:
        base = look_at_database(held)
    except BrokenFile as problem:
        folder.unreadable["The database"] = str(problem)
        return folder, proposals
    base.known = known
    found = by_query(propose(base), known)
    whole = Folder([*folder.sheets, *base.sheets], folder.known, {**folder.unreadable, **base.unreadable})
    return whole, [*proposals, *found]


def usable_mapping(delivered: DataFolder) -> ExtractMapping:
    """The mapping of a folder, which may have the address of a database and no query. Raises MappingError."""
    problem = delivered.mapping.problem
    if isinstance(problem, QueriesMissing):
        return read_mapping(mapping_path(delivered), mapped_tables(), may_lack_queries=True)
    if problem is not None:
        raise problem
    return delivered.mapping


def mapping_path(delivered: DataFolder) -> Path:
    """Where the mapping of a folder is, or will be."""
    return delivered.path / next(filter(is_mapping, delivered.names), FILE_NAME)


def draft_of(path: Path, held: ExtractMapping, decided: Sequence[Decision]) -> Draft | None:
    """The mapping with all that is decided; None if there is nothing new to write."""
    taken = [each for one in decided for table in one.taken for each in table.in_each_file()]
    left = [table for one in decided for table in one.left if table not in one.taken]
    return draft_mapping(path, held, taken, left, [one.proposal for one in decided if one.proposal.wide is not None])


def rest(folder: Folder, proposals: Sequence[Proposal]) -> Iterator[str]:
    """What cannot be read, and what is like no table, a sentence each."""
    for name, problem in folder.unreadable.items():
        yield f"{name} could not be read: {problem}"
    proposed = {proposal.sheet.name for proposal in proposals}
    joined = {stem for proposal in proposals for stem in proposal.sheet.others}
    for sheet in folder.sheets:
        if sheet.name not in proposed and sheet.stem not in joined and sheet.table is None:
            new = "no new table" if sheet.relation is not None else "no table"
            yield f"{sheet.name} is like {new} of the extract: ignored."


def unanswered(question: Question) -> str | None:
    """No answer: only what is certain is accepted."""
    return None


def asking(confirm: Confirm, choose: Choose) -> Ask:
    """Asks on a terminal."""

    def ask(question: Question) -> str:
        words = " ".join(filter(None, (question.words, f"({', '.join(question.samples)})" * bool(question.samples),
                                       question.effect)))  # fmt: skip
        if question.options == (YES, NO):
            return YES if confirm(f"  {words}", question.otherwise == YES) else NO
        return choose(f"{question.file}: {words}", question.options)

    return ask


def _decide(proposal: Proposal, ask: Ask, tell: Tell) -> Decision:
    """Show one file and have it decided."""
    tell("\n".join(_shown(proposal)))
    proposal = settled(proposal, ask)
    if proposal.wide is not None:
        tell("\n".join(f"  -> {line}" for line in made_tables(proposal)))
    if is_without_force(proposal.tables):
        tell('  No column says which force it is. Write its code in mapping.toml: force_code = "=E23000013".')
    decision = accepted(proposal, ask)
    if decision.why:
        tell(f"  Left open: {decision.why}.\n")
    return decision


def _shown(proposal: Proposal) -> Iterator[str]:
    """The columns of a file: a sample, what each is, and how certain that is; and its codes."""
    name, found = proposal.sheet.name, proposal.tables[0]
    is_one = proposal.wide is None
    yield f"{name} -> {found.table} ({found.score:.2f})" if is_one else f"{name} is a wide export of several tables."
    for column in proposal.columns:
        sample = ", ".join(column.sample)[:34]
        is_what = " and ".join(column.fields) or (f"? {' or '.join(column.options)}" if column.options else "not used")
        sure = f"  {column.score:.2f}" if column.fields else ""
        note = f"  ({column.note})" if column.note else ""
        yield f"  {column.label[:30]:<30} {sample:<34} {is_what}{sure}{note}".rstrip()
    for table, name, meant in ((t, name, meant) for t in proposal.tables for name, meant in t.values.items()):
        known = [f"{theirs!r} = {ours or 'no value'}" for theirs, ours in meant.items() if ours is not None]
        unknown = [repr(theirs) for theirs, ours in meant.items() if ours is None and len(theirs) <= LONG]
        yield f"  codes of {name}: {', '.join(known) or 'none translated'}" + (
            f"; not known: {', '.join(unknown[:10])}" if unknown and has_codes(table, name) else ""
        )
