"""What a person decides about the proposals of `stra map`: the questions, and what is then written.

Nothing here prints, asks or writes. An `Ask` gives the answer to a question: a command asks on the terminal, a page
gives what its form holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from assets.readers.extract.dates import SHORT_YEARS as SHORT_ORDERS
from assets.readers.extract.values import code_sets, outcome_labels
from pipelines.mapping.blocks import LONG, has_codes
from pipelines.mapping.effects import effect_of, figures_of
from pipelines.mapping.guess import SURE, FieldGuess, TableGuess, as_table, fields_of, with_open_questions, with_values
from pipelines.mapping.headings import PARTS, Meaning, usual
from pipelines.mapping.offences import CLASSES
from pipelines.mapping.proposal import NO_FIELD, Proposal, field_of, questions, settle, words_of
from pipelines.mapping.values import day_in, forces
from pipelines.mapping.wide_columns import NO_MEANING, SHORT_YEARS

NONE = "none of them"
NOT_NAMED = "Force not named"  # the force of crimes whose force nobody has said
NO_VALUE = "no value"
YES, NO = "yes", "no"


@dataclass(frozen=True)
class Question:
    """What a person is asked about a file. `otherwise` is the option that counts without an answer.

    `effect`: what the answers lead to. `samples`: values that the question is about, none of one person.
    """

    file: str
    words: str
    options: tuple[str, ...]
    otherwise: str = NONE
    effect: str = ""
    samples: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The name under which an answer is kept: the same for the same question of another run."""
        return f"{self.file}: {self.words}"


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
            _settle_day(table, ask)
        elif table.table == "party_role":
            _settle_persons(table, ask)
    _settle_named([table for table in proposal.tables if table.table == "party_role"], ask)
    _settle_codes(proposal, ask)
    return proposal


def accepted(proposal: Proposal, ask: Ask) -> Decision:
    """Which tables of a settled proposal are written."""
    if proposal.wide is None:
        (found,) = proposal.tables
        why = _why_left(found, ask)
        return Decision(proposal, [] if why else [found], [found] if why else [], why)
    usable = [table for table in proposal.tables if not table.lacking()]
    left = [table for table in proposal.tables if table not in usable]
    # a build names what is left open of a file of which the rest is loaded, and ends with 3
    named = [table for table in left if usable and table.table not in {its.table for its in usable}]
    return Decision(proposal, [*usable, *named], left)


def _agrees(ask: Ask, file: str, words: str, effect: str, otherwise: str = NO) -> bool:
    return (ask(Question(file, words, (YES, NO), otherwise, effect)) or otherwise) == YES


def _choice(
    ask: Ask, file: str, words: str, options: Iterable[str], effect: str = "", samples: tuple[str, ...] = ()
) -> str:
    """The option that a person chooses; '' for none of them, and without an answer."""
    said = ask(Question(file, words, (*options, NONE), NONE, effect, samples)) or NONE
    return said if said != NONE else ""


def _settled_table(found: TableGuess, ask: Ask) -> TableGuess:
    """The guess of a file that is one table; columns whose questions have no answer are dropped."""
    file = found.sheet.name
    if found.rivals and (table := _choice(ask, file, "which table?", (found.table, *found.rivals))):
        found = with_open_questions(as_table(found.sheet, table)) if table != found.table else found
        found.rivals = ()
    for name, chosen in list(found.fields.items()):
        effect = effect_of(f"{found.table}.{name}")
        if chosen.rivals:
            used = {other.label for field_, other in found.fields.items() if field_ != name}
            options = tuple(
                label for label in (chosen.label, *chosen.rivals) if label is not None and label not in used
            )
            label = _choice(ask, file, f"{found.table}.{name}: which column?", options, effect) if options else ""
            found.fields[name] = FieldGuess(label, chosen.score or 1.0) if label else FieldGuess(rivals=options)
        elif chosen.also:
            said = _choice(ask, file, f"Column {chosen.label!r}: which field?", (name, *chosen.also), effect)
            found.fields[name] = FieldGuess() if said else FieldGuess(rivals=(str(chosen.label),))
            if said:
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
    samples = {column.label: column.sample for column in proposal.columns}
    assert proposal.wide is not None
    guesses = proposal.wide.columns
    open_columns = sorted(questions(proposal), key=lambda one: -max(len(figures_of(field_of(m))) for m in one[1]))
    if short := [label for label, _ in open_columns if guesses[label].note == SHORT_YEARS]:
        words = f"Are the days in {', '.join(map(repr, short))} of 1970 to 2069, with the day before the month?"
        effect = "Their years have two digits. No, or no answer: they are not read."
        if _agrees(ask, file, words, effect):
            proposal.wide.sheet = replace(proposal.sheet, dates=next(iter(SHORT_ORDERS)))
            only = {label: options[0] for label, options in open_columns if label in short and len(options) == 1}
            answers = {label: option for label, option in only.items() if option.field.endswith(("ts", "dod", "dob"))}
            short = list(answers)
    for label, options in open_columns:
        if label in short:
            continue
        named = {words_of(option): option for option in options}
        if NO_FIELD not in named:
            named[NO_FIELD] = NO_MEANING
        effect = effect_of(max(map(field_of, options), key=lambda its: len(figures_of(its))))
        effect = f"{guesses[label].note}. {effect}" if guesses[label].note else effect
        words = f"Column {label!r}: what is it?"
        answers[label] = named.get(_choice(ask, file, words, named, effect, samples[label]))
    people = proposal.wide.of("party")
    if people and not proposal.wide.has_role and "crime_id" in proposal.wide.fields("crime"):
        part = _choice(ask, file, "Whose rows are these?", PARTS, effect_of("party_role.role"))
        answers |= {c.label: Meaning(part, c.meaning.field) for c in people if part}
    if any(answers.values()):
        proposal = settle(proposal, answers)
    asked: dict[tuple[str, str], bool] = {}  # one answer counts for every group of columns
    for table in proposal.tables:
        for name, chosen in list(table.fields.items()):
            if chosen.label is None and chosen.rivals:
                place = (f"{table.table}.{name}", chosen.rivals[0])
                if place not in asked:
                    words, effect = "{}: write {!r}?".format(*place), f"{chosen.note}. {effect_of(place[0])}"
                    asked[place] = _agrees(ask, file, words, effect)
                if asked[place]:
                    table.fields[name] = FieldGuess(chosen.rivals[0], 1.0, note=chosen.note)
    return proposal


def _settle_named(tables: Sequence[TableGuess], ask: Ask) -> None:
    """Ask whether suspects with a key are identified, where no column says so: a key may be of the row alone."""
    keyed = [
        table
        for table in tables
        if (table.fields["person_key"].label or "") in table.sheet.columns
        and table.fields["named"].label is None and table.fields["role"].label != "=victim"
    ]  # fmt: skip
    words = "Is each suspect who has a key or a name in a row identified?"
    if keyed and _agrees(ask, keyed[0].sheet.name, words, effect_of("party_role.named")):
        for table in keyed:
            table.fields["named"] = FieldGuess("=true", 1.0, note="a row has a key or a name of the suspect")


def _settle_persons(table: TableGuess, ask: Ask) -> None:
    """Ask whether a word in a key of people, or a key of very many rows, is a person; if not, it means no value."""
    label = table.fields["person_key"].label or ""
    column = table.sheet.columns.get(label)
    for value, count, is_word in column.doubted if column is not None else ():
        if value not in table.sheet.no_value:
            words = f"Column {label!r}: is {value!r}, in {count:,} rows, a person?"
            effect = "No: it means no value everywhere. Yes: it counts as one person."
            if ask(Question(table.sheet.name, words, (YES, NO), NO if is_word else YES, effect)) == NO:
                table.sheet = replace(table.sheet, no_value=(*table.sheet.no_value, value))


def _settle_day(crimes: TableGuess, ask: Ask) -> None:
    """Ask whether the export was made on the day that its name, or a column with one day in every row, says."""
    columns = {label: column for label, column in crimes.sheet.columns.items() if _OF_EXPORT & set(usual(label))}
    said = {f"column {label!r}": c.different[0] for label, c in columns.items() if len(c.different) == c.filled == 1}
    for place, text in {**said, "its name": crimes.sheet.stem}.items():
        if day := day_in(text):
            words = f"Was the export made on {day}, as {place} says?"
            effect = "Yes: figures of open crimes are as of that day. No: of the last moment in the export."
            if _agrees(ask, crimes.sheet.name, words, effect, YES):
                crimes.sheet = replace(crimes.sheet, made_on=day)
            return


_OF_EXPORT = {"extract", "extracted", "export", "exported", "run", "printed", "snapshot", "generated"}


def _settle_force(crimes: TableGuess, ask: Ask) -> None:
    """Ask for the force if no column says which one it is: figures are by force."""
    chosen = crimes.fields["force_code"]
    if chosen.label is None and not chosen.rivals:
        words = "Which force recorded the crimes? No column says so, and figures are by force."
        effect = "Without an answer its figures are those of a force that is not named."
        name = _choice(ask, crimes.sheet.name, words, forces(), effect)
        code, note = (forces()[name], name) if name else (NOT_NAMED, "write the code of the force here")
        crimes.fields["force_code"] = FieldGuess(f"={code}", 1.0, note=note)


_NOT_READ = "Without an answer it is not read, and its rows are listed."


def _settle_codes(proposal: Proposal, ask: Ask) -> None:
    """Ask what codes mean that nobody knows. One answer counts wherever the field has the code."""
    for table in proposal.tables:
        for name, meant in table.values.items():
            options = (*forces(),) if name == "force_code" else _codes_of(fields_of(table.table)[name])
            for theirs, ours in list(meant.items()) if options and has_codes(table, name) else ():
                if ours is None and len(theirs) <= LONG:
                    words = f"{table.table}.{name}: what does {theirs!r} mean?"
                    if said := _choice(ask, proposal.sheet.name, words, options, _NOT_READ):
                        meant[theirs] = "" if said == NO_VALUE else forces().get(said, said)


def _codes_of(kind: str) -> tuple[str, ...]:
    """What a code of a field may mean; empty if that is not a choice of few."""
    plain = kind.removesuffix("?")
    codes = {"bool": ("true", "false"), "class": CLASSES, "outcome": tuple(sorted(set(outcome_labels().values())))}
    known = codes.get(plain) or tuple(code_sets().get(plain.removeprefix("set:"), ()))
    return (*known, NO_VALUE) if known else known


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
    unnamed = (None, f"={NOT_NAMED}")
    return any(table.table == "crime" and table.fields["force_code"].label in unnamed for table in tables)
