"""The pack's inputs: the released figures of the current year, by reference."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from casework.store.refusal import Refused
from dashboards.data.published import Missing
from dashboards.data.register import Reader
from dashboards.data.support import support_data
from dashboards.data.support.support_data import FIGURES, Year
from dashboards.text import numbers
from dashboards.text.content import Number, Runs, number, text

Row = dict[str, Any]


@dataclass(frozen=True)
class Evidence:
    """The rows that decide what the pack says.

    Printed figures are references to these rows.
    """

    reader: Reader
    year: Year
    before: str  # code of the year before

    def rows(self, table: str, **equal: Any) -> list[Row]:
        """Rows of a published table. Raises Missing, also if nothing feeds the table."""
        self.reader.table(table)
        return self.reader.rows(table, **equal)

    def figures(self, breakdown: str, measure: str | None = None, period: str | None = None) -> list[Row]:
        """Released figures of a year and breakdown, in order."""
        wanted = {"period_code": period or self.year.code, "breakdown": breakdown}
        rows = self.rows(FIGURES, **wanted, **({"measure_code": measure} if measure else {}))
        return sorted(rows, key=lambda row: (row["place"], row["group_name"], row["measure_code"]))

    def cell(self, measure: str, breakdown: str = "all", group: str = "all", period: str | None = None) -> Number:
        """A released count, the same in every format."""
        return number(FIGURES, "text", "words", cell_ref=f"{measure}|{period or self.year.code}|{breakdown}|{group}")

    def month(self, measure: str, month: str) -> Number:
        """A released count of a month."""
        return number(FIGURES, "text", "words", cell_ref=f"{measure}|month|{month}")

    def clause(self, measure: str, done: str) -> Runs:
        """1,630 were offered support.

        Without a number, says that it is suppressed or not measured.
        """
        rows = self.rows(FIGURES, cell_ref=f"{measure}|{self.year.code}|all|all")
        if not rows or rows[0]["token"]:
            why = "suppressed" if rows and rows[0]["token"] != support_data.NOT_MEASURED else support_data.NOT_MEASURED
            return text(f"How many {done}: {why}.")
        return text(self.cell(measure), f" {done}.")

    def share(self, measure: str, breakdown: str = "all", group: str = "all") -> Runs:
        """The share of the step before with its 95% interval, or that it has none."""
        ref = f"{measure}|{self.year.code}|{breakdown}|{group}"
        [row] = self.rows(FIGURES, cell_ref=ref) or [{"share": None}]
        if row["share"] is None:
            return text("no share: too few, or suppressed")
        part, low, high = (
            number(FIGURES, name, "share", cell_ref=ref) for name in ("share", "share_lower", "share_upper")
        )
        return text(part, " (", low, " to ", high, ")")


def gather(reader: Reader) -> Evidence:
    """Find the years. Raises Refused if there is nothing to make a pack from."""
    try:
        year = support_data.current(reader.copy)
        reader.table(FIGURES)
    except Missing as why:
        raise Refused(f"There is no evidence for a pack: {why}") from why
    earlier = reader.rows(support_data.PERIODS, period_type="previous")
    return Evidence(reader, year, earlier[0]["period_code"] if earlier and earlier[0]["is_held"] else "")


def months(code: str) -> str:
    """2025-05-01 -> May 2025."""
    return numbers.month(dt.date.fromisoformat(code))
