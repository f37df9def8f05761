"""A wide export: its columns, what each is taken for, and the tables that they make. Data only."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipelines.mapping.guess import TableGuess
from pipelines.mapping.headings import NONE, SURE, TELLING, Heading, Meaning
from pipelines.mapping.sheets import Sheet

SHORT_YEARS = "its days have years of two digits, which are not read"
SURE_OF_NONE = 0.6  # a column from here on is left out without a question
TABLE_OF = {
    "crime": "crime", "outcome": "outcome", "incident": "incident", "risk": "risk_assessment", "removal": "removal",
    "referral": "referral", "contact": "victim_contact", "custody": "custody", "investigator": "investigator",
    "plan": "risk_plan", "cps": "cps_submission", "bail": "bail", "review": "review", "allocation": "allocation",
    "included": "included_classification", "area": "small_areas",
}  # fmt: skip


@dataclass
class ColumnGuess:
    """What a column is taken for; `meaning` is None if it is left open, `rivals` what it may be as well."""

    label: str
    heading: Heading
    meaning: Meaning | None = None
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
        limit = SURE_OF_NONE if self.meaning is not None and self.meaning.kind == NONE else SURE
        return self.meaning is not None and self.score >= limit and not self.rivals


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
        said = [(c.meaning.kind, c.meaning.field) for c in self.columns.values() if c.meaning is not None]
        of_crimes = sum(kind == "crime" and name in TELLING for kind, name in said)
        return of_crimes > 1 or ("outcome", "code") in said or ("party", "role") in said

    def find(self, kind: str, name: str, group: int = 0) -> ColumnGuess | None:
        """The column that is taken for a field."""
        for column in self.columns.values():
            if column.meaning == Meaning(kind, name) and column.group == group and not column.is_clock:
                return column
        return None
