"""What a person decides about the proposals of `stra map`: the questions, and what is then written.

Nothing here prints, asks or writes. An `Ask` gives the answer to a question: a command asks on the terminal, a page
gives what its form holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from assets.readers.extract.values import code_sets, outcome_labels
from pipelines.mapping.blocks import LONG, has_codes
from pipelines.mapping.guess import SURE, FieldGuess, TableGuess, as_table, fields_of, with_open_questions, with_values
from pipelines.mapping.headings import NONE as NO_MEANING
from pipelines.mapping.headings import Meaning
from pipelines.mapping.offences import CLASSES
from pipelines.mapping.proposal import NO_FIELD, Proposal, questions, settle, words_of
from pipelines.mapping.values import forces

NONE = "none of them"
NO_VALUE = "no value"
YES, NO = "yes", "no"


@dataclass(frozen=True)
class Question:
    """What a person is asked about a file. `otherwise` is the option that counts without an answer."""

    file: str
    words: str
    options: tuple[str, ...]
    otherwise: str = NONE

    @property
    def key(self) -> str:
        """The name under which an answer is kept: the same for the same question of another run."""
        return f"{self.file}: {self.words}"

    @property
    def is_yes_or_no(self) -> bool:
        """Whether it is answered by yes or no."""
        return self.options == (YES, NO)


Ask = Callable[[Question], str | None]  # None: no answer


@dataclass
class Decision:
    """What is decided about one file: the tables that are written, those left open, and why a whole file is."""

    proposal: Proposal
    taken: list[TableGuess] = field(default_factory=list)
    left: list[TableGuess] = field(default_factory=list)
    why: str = ""


def settled(proposal: Proposal, ask: Ask) -> Proposal:
    """The proposal with its open columns answered; what is not answered stays open."""
    if proposal.wide is None:
        proposal = replace(proposal, tables=[_settled_table(proposal.tables[0], ask)])
    else:
        proposal = _settled_columns(proposal, ask)
    for table in proposal.tables:
        if table.table == "crime":
            _settle_force(table, ask)
    return proposal


def accepted(proposal: Proposal, ask: Ask) -> Decision:
    """Which tables of a settled proposal are written."""
    name = proposal.sheet.name
    if proposal.wide is None:
        (found,) = proposal.tables
        why = _why_left(found, ask)
        return Decision(proposal, [] if why else [found], [found] if why else [], why)
    if not _agrees(Question(name, f"Make these tables of {name}?", (YES, NO), YES), ask):
        return Decision(proposal, why="as you said")
    usable = [table for table in proposal.tables if not table.lacking()]
    return Decision(proposal, usable, [table for table in proposal.tables if table not in usable])


def _agrees(question: Question, ask: Ask) -> bool:
    return (ask(question) or question.otherwise) == YES


def _settled_table(found: TableGuess, ask: Ask) -> TableGuess:
    """The guess of a file that is one table; columns whose questions have no answer are dropped."""
    file = found.sheet.name
    if found.rivals:
        table = ask(Question(file, "which table?", (found.table, *found.rivals, NONE))) or NONE
        if table != NONE:
            found = with_open_questions(as_table(found.sheet, table)) if table != found.table else found
            found.rivals = ()
    for name, chosen in list(found.fields.items()):
        if chosen.rivals:
            used = {other.label for field_, other in found.fields.items() if field_ != name}
            options = tuple(
                label for label in (chosen.label, *chosen.rivals) if label is not None and label not in used
            )
            if not options:
                found.fields[name] = FieldGuess()
                continue
            label = ask(Question(file, f"{found.table}.{name}: which column?", (*options, NONE))) or NONE
            found.fields[name] = FieldGuess(label, chosen.score or 1.0) if label != NONE else FieldGuess(rivals=options)
        elif chosen.also:
            options = (name, *chosen.also)
            said = ask(Question(file, f"Column {chosen.label!r}: which field?", (*options, NONE))) or NONE
            found.fields[name] = FieldGuess(rivals=(str(chosen.label),)) if said == NONE else FieldGuess()
            if said != NONE:
                found.fields[said] = FieldGuess(chosen.label, chosen.score)
    return with_values(found)


def _why_left(found: TableGuess, ask: Ask) -> str:
    """Why a table is not taken; '' where it is."""
    if found.rivals:
        return f"it may be {' or '.join((found.table, *found.rivals))}"
    if lacking := found.lacking():
        return f"without {', '.join(lacking)} its rows cannot be used"
    is_sure = found.score >= SURE
    question = Question(found.sheet.name, f"Is it {found.table}?", (YES, NO), YES if is_sure else NO)
    said = ask(question)
    if said is None and not is_sure:
        return f"{found.score:.2f} is not sure enough: a person has to decide"
    return "" if (said or question.otherwise) == YES else "as you said"


def _settled_columns(proposal: Proposal, ask: Ask) -> Proposal:
    """The proposal of a wide export once its open columns are answered."""
    file = proposal.sheet.name
    answers: dict[str, Meaning | None] = {}
    for label, options in questions(proposal):
        named = {words_of(option): option for option in options}
        if NO_FIELD not in named:
            named[NO_FIELD] = Meaning(NO_MEANING, "")
        answers[label] = named.get(ask(Question(file, f"Column {label!r}: what is it?", (*named, NONE))) or NONE)
    if any(answers.values()):
        proposal = settle(proposal, answers)
    for table in proposal.tables:
        for name, chosen in list(table.fields.items()):
            if chosen.label is None and chosen.rivals:
                of_whom = f" ({table.group})" if table.group else ""
                words = f"{table.table}.{name}{of_whom}: write {chosen.rivals[0]!r}? ({chosen.note})"
                if _agrees(Question(file, words, (YES, NO), NO), ask):
                    table.fields[name] = FieldGuess(chosen.rivals[0], 1.0, note=chosen.note)
    return proposal


def _settle_force(crimes: TableGuess, ask: Ask) -> None:
    """Ask for the force if no column says which one it is: figures are by force."""
    chosen = crimes.fields["force_code"]
    if chosen.label is None and not chosen.rivals:
        words = "Which force recorded the crimes? No column says so, and figures are by force."
        name = ask(Question(crimes.sheet.name, words, (*forces(), NONE))) or NONE
        if name != NONE:
            crimes.fields["force_code"] = FieldGuess(f"={forces()[name]}", 1.0, note=name)


def settle_codes(proposal: Proposal, ask: Ask) -> None:
    """Ask what codes mean that nobody knows. One answer counts wherever the field has the code."""
    for table in proposal.tables:
        for name, meant in table.values.items():
            options = _codes_of(fields_of(table.table)[name])
            for theirs, ours in list(meant.items()) if options and has_codes(table, name) else ():
                if ours is None and len(theirs) <= LONG:
                    words = f"{table.table}.{name}: what does {theirs!r} mean?"
                    said = ask(Question(proposal.sheet.name, words, (*options, NONE))) or NONE
                    if said != NONE:
                        meant[theirs] = "" if said == NO_VALUE else said


def _codes_of(kind: str) -> tuple[str, ...]:
    """What a code of a field may mean; empty if that is not a choice of few."""
    plain = kind.removesuffix("?")
    codes = {"bool": ("true", "false"), "class": CLASSES, "outcome": tuple(sorted(set(outcome_labels().values())))}
    known = codes.get(plain) or tuple(code_sets().get(plain.removeprefix("set:"), ()))
    return (*known, NO_VALUE) if known and kind.endswith("?") else known


def made_tables(proposal: Proposal) -> Iterator[str]:
    """The tables that a wide export makes, a sentence each, with what is left out and why."""
    for table in proposal.tables:
        what = f" ({table.group})" if table.group else ""
        where = f", where {' or '.join(table.only_if)} has a value" if table.only_if else ""
        lacking = table.lacking()
        why = f": left open, no column for {', '.join(lacking)}" if lacking else ""
        yield f"{table.table}{what}{where}{why}"
    for table_name, why in proposal.left_out.items():
        yield f"{table_name} is not made of this file: {why}"


def is_without_force(tables: Iterable[TableGuess]) -> bool:
    """Whether crimes are of no force that anything says."""
    return any(table.table == "crime" and table.fields["force_code"].label is None for table in tables)
