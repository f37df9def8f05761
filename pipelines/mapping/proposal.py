"""What `stra map` proposes: for each file its tables, for each column what it is and how certain that is.

Nothing here prints, asks or writes: a command and a page show the same proposals.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from assets.readers.extract.columns import columns_of, is_made
from assets.readers.extract.identities import TABLE as IDENTITIES
from pipelines.mapping.guess import BY_CODE, BY_TITLE, LIKELY, SURE, TableGuess, fields_of, guess, with_values
from pipelines.mapping.headings import NONE, PARTS, Meaning, headings, meanings
from pipelines.mapping.joins import keys_of
from pipelines.mapping.sheets import Folder, Sheet, as_one
from pipelines.mapping.values import safe_examples
from pipelines.mapping.wide import answered, read_wide
from pipelines.mapping.wide_columns import OPEN, TABLE_OF, Wide
from pipelines.mapping.wide_tables import PERSON_FIELDS

NO_FIELD = "no field of the extract"
ALIKE = 0.6  # a heading that is so like a known one may mean it
PRIVATE = frozenset((
    "dob", "birth_ym", "dod", "forename", "surname", "middle_name", "full_name", "alias", "postcode", "phone", "email",
    "pncid", "mo_text", "rationale", "avi_text", "person_key",
))  # fmt: skip


@dataclass(frozen=True)
class ColumnProposal:
    """What a column is proposed to be: fields as `table.field`, none if it is none.

    `options` are the fields that it may be; if there are any, a person is asked. `sample` has values that can hardly be
    of one person.
    """

    label: str
    fields: tuple[str, ...]
    score: float
    options: tuple[str, ...] = ()
    sample: tuple[str, ...] = ()
    note: str = ""
    derived: tuple[str, ...] = ()  # fields that its values are translated to as well
    part: str = ""  # the person of the row that it is about: victim, suspect 2


@dataclass
class Proposal:
    """What one file is proposed to be. `wide` is None for a file that is one table."""

    sheet: Sheet
    tables: list[TableGuess]
    wide: Wide | None = None
    left_out: dict[str, str] = field(default_factory=dict)  # table -> why it is not made of this file

    @property
    def columns(self) -> list[ColumnProposal]:
        """Every column of the file, in its order."""
        return [self._column(label) for label in self.sheet.columns]

    def _column(self, label: str) -> ColumnProposal:
        fields, scores, options, note = list[str](), list[float](), list[str](), ""
        derived: list[str] = []
        owners = {table.table for table in self.tables}
        for table in self.tables:
            for name, chosen in table.fields.items():
                if chosen.label is not None and label in columns_of(chosen.label):
                    if chosen.note in (BY_CODE, BY_TITLE):
                        derived.append(f"{table.table}.{name}")
                        continue
                    if _is_key_alone(table.table, name, chosen.label, owners):
                        continue
                    fields.append(f"{table.table}.{name}")
                    scores.append(chosen.score)
                    note = note or chosen.note
                elif any(label in columns_of(text) for text in chosen.rivals) and name in ("reported_ts",):
                    options.append(f"{table.table}.{name}")
                    note = note or chosen.note
        guessed = self.wide.columns[label] if self.wide is not None else None
        if guessed is not None:
            options += [words_of(rival) for rival in guessed.rivals]
            if not fields and not guessed.is_free and not options:
                options.append(words_of(guessed.meaning))  # nothing in the file says whose row it would be of
            note = note or guessed.note
        elif not fields:
            options += [f"{t.table}.{name}" for t in self.tables for name, f in t.fields.items() if label in f.rivals]
        score = min(scores) if scores else guessed.score if guessed is not None else 0.0
        fields_, options_, derived_ = (tuple(dict.fromkeys(names)) for names in (fields, options, derived))
        may_be = {name.partition(".")[2].split(" ")[0] for name in (*fields_, *options_)}
        if guessed is not None:
            may_be |= {meaning.field for meaning in guessed.options}
        if not fields_:  # what nobody knows may be of a person, as its heading says
            may_be |= {meaning.field for meaning, alike in meanings(headings([label])[label]) if alike >= ALIKE}
        sample = () if may_be & PRIVATE else safe_examples(self.sheet.columns[label])
        part = ""
        if guessed is not None and guessed.meaning.kind in PARTS:
            part = f"{guessed.meaning.kind}{f' {guessed.group}' if guessed.group else ''}"
        return ColumnProposal(label, fields_, score, options_, sample, note, derived_, part)


def _is_key_alone(table: str, name: str, said: str, owners: set[str]) -> bool:
    """Whether a field is but a key made of the column, or a reference to another table of the file."""
    if is_made(said):
        return fields_of(table)[name].removesuffix("?") in ("key", "ref") or name == "person_key"
    is_reference = table != "crime" and name == "crime_id" and "crime" in owners
    return is_reference or (table == IDENTITIES and name == "person_key")


def words_of(meaning: Meaning) -> str:
    """A meaning as `table.field`, with whose it is: `party_role.age_at_offence of the victim`."""
    if meaning.kind == NONE:
        return NO_FIELD
    if meaning.kind == "flags":
        return f"crime_flag.{meaning.field}"
    if meaning.kind == "flag":
        return f"crime_flag.flag {meaning.field}"
    if meaning.kind in TABLE_OF:
        return f"{TABLE_OF[meaning.kind]}.{meaning.field}"
    whose = "each person" if meaning.kind == "party" else f"the {meaning.kind}"
    return f"{meaning.field} of {whose}"


def field_of(meaning: Meaning) -> str:
    """The field of the extract that a column of this meaning feeds, as `table.field`."""
    if meaning.kind in ("flag", "flags"):
        return "crime_flag.flag"
    if meaning.kind in TABLE_OF:
        return f"{TABLE_OF[meaning.kind]}.{meaning.field}"
    own = PERSON_FIELDS.get(meaning.field)
    return f"person.{own}" if own else f"party_role.{meaning.field}"


def propose(folder: Folder) -> list[Proposal]:
    """The likeliest reading of each file that is not known yet; files that are like no table are left out."""
    folder = replace(folder, sheets=as_one(folder.sheets))
    narrow = {found.sheet.name: found for found in guess(folder)}
    sheets = {sheet.name: sheet for sheet in folder.sheets if sheet.table is None}
    wide = {name: read_wide(sheet) for name, sheet in sheets.items()}
    for name, keys in keys_of(sheets, wide).items():
        if keys:
            wide[name] = read_wide(sheets[name], keys)
    wide = {name: found for name, found in wide.items() if found.tables and _is_wide(found, narrow.get(name))}
    while True:
        rest = replace(folder, sheets=[sheet for sheet in folder.sheets if sheet.name not in wide])
        proposals = [Proposal(found.sheet, list(found.tables), found) for found in wide.values()]
        proposals += [Proposal(found.sheet, [found]) for found in (guess(rest) if wide else narrow.values())]
        for table in (table for proposal in proposals for table in proposal.tables):
            with_values(table)
        kept = _each_table_once(proposals)
        lost = {name for name in wide if name in narrow} - {proposal.sheet.name for proposal in kept}
        if not lost:
            return kept
        wide = {name: found for name, found in wide.items() if name not in lost}  # another file has all of it


def _is_wide(wide: Wide, one: TableGuess | None) -> bool:
    """Whether a file is rather several tables than one."""
    if one is None:
        return True
    used = sum(not c.is_free for c in wide.columns.values())
    sure = [c for c in one.fields.values() if c.label is not None and not c.rivals and not c.also and c.score >= LIKELY]
    return used > len(sure) or (one.score < SURE and not one.rivals and used >= 0.6 * len(sure))


def settle(proposal: Proposal, answers: Mapping[str, Meaning | None]) -> Proposal:
    """The proposal of a wide export once a person has said what columns are."""
    assert proposal.wide is not None
    wide = answered(proposal.wide, answers)
    kept = [with_values(table) for table in wide.tables if table.table not in proposal.left_out]
    return Proposal(proposal.sheet, kept, wide, proposal.left_out)


def _each_table_once(proposals: list[Proposal]) -> list[Proposal]:
    """Each table from one file only: the one with most of its fields."""
    best: dict[str, tuple[int, str]] = {}
    for proposal in proposals:
        for table in proposal.tables:
            count = sum(chosen.label is not None for chosen in table.fields.values())
            if count > best.get(table.table, (0, ""))[0]:
                best[table.table] = (count, proposal.sheet.name)
    named = {proposal.sheet.name: proposal for proposal in proposals}
    for proposal in proposals:
        for table in list(proposal.tables):
            owner = best[table.table][1] if table.table in best else proposal.sheet.name
            if owner != proposal.sheet.name and not _are_of_others(proposal, named[owner], table.table):
                proposal.left_out[table.table] = f"{owner} has more of it"
                proposal.tables.remove(table)
    return [proposal for proposal in proposals if proposal.tables]


def _are_of_others(one: Proposal, other: Proposal, table: str) -> bool:
    """Whether two files have other people of the crimes each: a file of victims and one of suspects."""
    whose = {p.wide.whose for p in (one, other) if p.wide is not None and p.wide.whose}
    return len(whose) > 1 and table in ("party_role", "person", IDENTITIES)


def questions(proposal: Proposal) -> Iterator[tuple[str, tuple[Meaning, ...]]]:
    """The columns of a wide export of which a person has to say what they are, with what they may be."""
    if proposal.wide is not None:
        for label, guess_ in proposal.wide.columns.items():
            if guess_.meaning == OPEN and guess_.rivals and not guess_.is_clock:
                yield label, guess_.rivals
