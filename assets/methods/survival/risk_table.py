"""People at risk day by day: the input of survival estimates, from persons or from counts per day.

Columns: `day`, `at_risk`, one of events for each cause (any other name), `censored`, and optionally `entered`. Every
person who leaves the risk set is counted under a cause or as censored, and the table is refused where one is not:
an omitted competing cause can never pass as censoring unnoticed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
AnyArray = NDArray[np.generic]

NOT_CAUSES = ("day", "at_risk", "censored", "entered")


@dataclass(frozen=True)
class RiskTable:
    """Checked counts, days ascending: all of shape (days,), `events` of shape (days, causes)."""

    causes: tuple[str, ...]
    day: FloatArray
    at_risk: FloatArray
    events: FloatArray
    # Nobody who was at risk is left after this day: estimates beyond it have no basis.
    last_day: float
    is_followed_by_others: bool


def risk_table(
    days: ArrayLike,
    causes: ArrayLike,
    *,
    cause_names: Sequence[str],
    entries: ArrayLike | None = None,
    persons: ArrayLike | None = None,
) -> pl.DataFrame:
    """Counts per day from one row per person, or one per interval at risk; all arrays of shape (rows,).

    In: `days` from the start of the clock to the end of the row; `causes` 0 where the row ends without an event, else
    1 to k, the position in `cause_names`; `entries`, the day after which the row is at risk (left truncation; 0 is from
    the very start, day 0 included). Time that is not at risk, such as custody, is a gap between two rows of one person,
    the first with cause 0; `persons` then identifies the person, and is required for nothing else. The clock runs on
    in a gap. A person whose clock starts late, because the extract does, has an entry above 0.

    Out: `day` (each on which someone leaves or enters late), `at_risk` (at risk just before the day's events),
    `entered` (at risk from after that day), the causes by name, `censored` (the end of an interval included).

    Raises ValueError for arrays of different shape, days that are not finite or not after the entry, causes outside 0
    to k, names that are taken or repeated, and with `persons` for intervals that overlap or follow an event.
    """
    end = np.asarray(days, dtype=np.float64)
    cause = np.asarray(causes)
    start = np.zeros_like(end) if entries is None else np.asarray(entries, dtype=np.float64)
    _check_rows(end, cause, start, cause_names)
    if persons is not None:
        _check_persons(np.asarray(persons), start, end, cause)
    late = start > 0
    day = np.unique(np.concatenate([end, start[late]]))
    counts = {
        name: _count_on(day, end[cause == number]) for number, name in enumerate(["censored", *cause_names])
    }
    entered = _count_on(day, start[late])
    gone = sum(counts.values())
    at_risk = int((~late).sum()) + np.cumsum(entered) - entered - (np.cumsum(gone) - gone)
    censored = counts.pop("censored")
    return pl.DataFrame({"day": day, "at_risk": at_risk, "entered": entered, **counts, "censored": censored})


def checked(table: pl.DataFrame) -> RiskTable:
    """The table as arrays. Days need not be in order; days without any event or exit are optional.

    Raises ValueError for a missing column, no cause, no row, counts that are null, negative or not finite, a day given
    twice, more exits than people at risk, and people who leave or come between two days without being counted.
    """
    missing = [name for name in NOT_CAUSES[:3] if name not in table.columns]
    if missing:
        raise ValueError(f"a table of people at risk needs the column {', '.join(missing)}")
    causes = tuple(name for name in table.columns if name not in NOT_CAUSES)
    if not causes or not table.height:
        raise ValueError("a table of people at risk needs a column of events for each cause, and a day")
    numbers = table.sort("day").cast(pl.Float64).to_numpy()
    if not np.isfinite(numbers).all() or (numbers < 0).any():
        raise ValueError("each day and count is a number, 0 or more: one is null, negative or not finite")
    column = {name: numbers[:, place] for place, name in enumerate(table.columns)}
    entered = column.get("entered", np.zeros(len(numbers)))
    events = np.stack([column[name] for name in causes], axis=1)
    return checked_arrays(causes, column["day"], column["at_risk"], events, column["censored"], entered)


def checked_arrays(
    causes: Sequence[str],
    day: FloatArray,
    at_risk: FloatArray,
    events: FloatArray,
    censored: FloatArray,
    entered: FloatArray,
) -> RiskTable:
    """The counts of finite days in order, as `checked` has them; events of shape (days, causes). Raises as it does."""
    if (np.diff(day) == 0).any():
        raise ValueError(f"day {day[1:][np.diff(day) == 0][0]:g} is given twice")
    staying = at_risk - events.sum(axis=1) - censored
    if (staying < 0).any():
        raise ValueError(f"on day {day[staying < 0][0]:g} more people leave than are at risk")
    unexplained = staying[:-1] + entered[:-1] - at_risk[1:]
    if (unexplained != 0).any():
        place = int(np.flatnonzero(unexplained)[0])
        raise ValueError(
            f"between day {day[place]:g} and {day[place + 1]:g} the people at risk change by {-unexplained[place]:+g} "
            "beyond events, censored and entered: every exit has a cause or is censored, every late entry is counted"
        )
    # Where all at risk have the event at once, survival is 0 for good, even if others enter afterwards.
    is_empty = (staying == 0) & (at_risk > 0) & ((entered == 0) | (censored == 0))
    empty = np.flatnonzero(is_empty)
    last = int(empty[0]) if len(empty) else len(day) - 1
    return RiskTable(tuple(causes), day, at_risk, events, float(day[last]), last < len(day) - 1)


def _count_on(day: FloatArray, times: FloatArray) -> IntArray:
    return np.bincount(np.searchsorted(day, times), minlength=len(day)).astype(np.int64)


def _check_rows(end: FloatArray, cause: AnyArray, start: FloatArray, names: Sequence[str]) -> None:
    if end.ndim != 1 or not end.shape == cause.shape == start.shape:
        shapes = f"{end.shape}, {cause.shape} and {start.shape}"
        raise ValueError(f"days, causes and entries have one shape (rows,), not {shapes}")
    if not len(end):
        raise ValueError("nobody is at risk: there is no row")
    if not names or len(set(names)) != len(names) or set(names) & set(NOT_CAUSES):
        raise ValueError(f"each cause has a name of its own, none of {', '.join(NOT_CAUSES)}: {list(names)}")
    if not np.isin(cause, np.arange(len(names) + 1)).all():
        raise ValueError(f"each cause is 0 (no event) or a whole number up to {len(names)}")
    if not (np.isfinite(end).all() and np.isfinite(start).all()) or (start < 0).any():
        raise ValueError("each day and entry is a finite number, and no entry is below 0")
    # From the very start counts as before day 0, so that an event on day 0 counts.
    wrong = (end < start) | ((end == start) & (start > 0))
    if wrong.any():
        place = int(np.flatnonzero(wrong)[0])
        raise ValueError(f"row {place} ends on day {end[place]:g}, not after its entry on day {start[place]:g}")


def _check_persons(persons: AnyArray, start: FloatArray, end: FloatArray, cause: AnyArray) -> None:
    if persons.shape != end.shape:
        raise ValueError(f"persons have the shape of days, {end.shape}, not {persons.shape}")
    _, whose = np.unique(persons, return_inverse=True)
    order = np.lexsort((end, start, whose))
    same = np.diff(whose[order]) == 0
    earlier, later = order[:-1][same], order[1:][same]
    if (start[later] < end[earlier]).any():
        person = persons[later[start[later] < end[earlier]][0]]
        raise ValueError(f"intervals of person {person} overlap")
    if (cause[earlier] != 0).any():
        person = persons[earlier[cause[earlier] != 0][0]]
        raise ValueError(f"person {person} is at risk again after an event")
