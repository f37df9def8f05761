"""A wide export: its columns, what each is taken for, and the tables that they make. Data only."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipelines.mapping.guess import TableGuess
from pipelines.mapping.headings import NONE, SURE, TELLING, Heading, Meaning
from pipelines.mapping.sheets import Sheet

OPEN = Meaning("", "")  # of a column of which nobody has said what it is
NO_MEANING = Meaning(NONE, "")  # of a column that is no field
SHORT_YEARS = "its days have years of two digits"
SURE_OF_NONE = 0.6  # a column from here on is left out without a question
TABLE_OF = {
    "crime": "crime", "outcome": "outcome", "incident": "incident", "risk": "risk_assessment", "removal": "removal",
    "referral": "referral", "contact": "victim_contact", "custody": "custody", "investigator": "investigator",
    "plan": "risk_plan", "cps": "cps_submission", "bail": "bail", "review": "review", "allocation": "allocation",
    "included": "included_classification", "area": "small_areas",
}  # fmt: skip


@dataclass
class ColumnGuess:
    """What a column is taken for; `meaning` is OPEN if nothing is, `rivals` what it may be as well."""

    label: str
    heading: Heading
    meaning: Meaning = OPEN
    score: float = 0.0
    rivals: tuple[Meaning, ...] = ()
    clock: str = ""  # the column with the times of these days
    is_clock: bool = False
    note: str = ""

    @property
    def group(self) -> int:
        """The number of its group of columns."""
        return self.heading.group

    @property
    def is_sure(self) -> bool:
        """Whether it is mapped, or left out, without a question."""
        limit = SURE_OF_NONE if self.meaning.kind == NONE else SURE
        return self.meaning != OPEN and self.score >= limit and not self.rivals

    @property
    def options(self) -> list[Meaning]:
        """All that it may be, the likeliest first."""
        return [each for each in dict.fromkeys((self.meaning, *self.rivals)) if each != OPEN]

    @property
    def is_free(self) -> bool:
        """Whether it is no field so far."""
        return self.meaning in (OPEN, NO_MEANING)

    def settle(self, *options: Meaning, note: str = "", score: float | None = None) -> None:
        """Take it for the first of its options; the others are about as likely. Without a score it keeps its own."""
        self.meaning, self.rivals, self.note = options[0], options[1:], note or self.note
        self.score = self.score if score is None else score

    def ask(self, *options: Meaning, note: str = "", score: float | None = None) -> None:
        """Leave it open: a person says which of the options it is."""
        self.settle(OPEN, *options, note=note, score=score)


@dataclass
class Wide:
    """A wide export: its columns, and the tables that they make."""

    sheet: Sheet
    columns: dict[str, ColumnGuess]
    has_role: bool = False
    whose: str = ""  # the part of all people in it, as its name says: victim
    is_of_incidents: bool = False  # and not of crimes
    tables: list[TableGuess] = field(default_factory=list)

    @property
    def needs_crime(self) -> bool:
        """Whether its rows are of crimes, or of what belongs to a crime."""
        of_crimes = self.fields("crime") & TELLING
        return len(of_crimes) > 1 or "code" in self.fields("outcome") or "role" in self.fields("party")

    def of(self, kind: str, group: int | None = None) -> list[ColumnGuess]:
        """The columns of a kind, or of one group of it, without those of times."""
        every = (c for c in self.columns.values() if c.meaning.kind == kind and not c.is_clock)
        return [c for c in every if group in (None, c.group)]

    def fields(self, kind: str) -> set[str]:
        """The fields that the columns of a kind are taken for."""
        return {c.meaning.field for c in self.of(kind)}

    def groups(self, kind: str) -> list[int]:
        """The numbers of the groups of a kind."""
        return sorted({c.group for c in self.of(kind)})

    def find(self, kind: str, name: str, group: int = 0) -> ColumnGuess | None:
        """The column that is taken for a field."""
        return next((column for column in self.of(kind, group) if column.meaning.field == name), None)
