"""Time in the invented force: whole seconds since 1970 in UTC; `NONE` means no time."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

NONE = -(2**40)  # no time; no invented time is near it
MINUTE, HOUR, DAY = 60, 3600, 86400
LONDON = ZoneInfo("Europe/London")


def instant(text: str) -> int:
    """Seconds of an ISO time; without a zone it is London local time."""
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return int((moment if moment.tzinfo else moment.replace(tzinfo=LONDON)).astimezone(UTC).timestamp())


FIRST = instant("2022-04-01T00:00")  # four full years
START = instant("2023-04-01T00:00")
EXTRACT = instant("2026-03-31T22:00Z")  # the last moment in the extract
FUTURE = instant("2062-03-14T10:20")  # "2026" with two figures swapped: after any receipt of today


def moments(seconds: Ints) -> pl.Series:
    """Times as polars times in UTC, nulls where there is no time."""
    series = pl.Series(seconds)
    known = pl.select(pl.when(series != NONE).then(series)).to_series()
    return pl.select(pl.from_epoch(known, time_unit="s").dt.replace_time_zone("UTC")).to_series()


def london_month(seconds: Ints) -> Ints:
    """Year and month of the London clock as one number, year * 12 + month - 1."""
    local = moments(seconds).dt.convert_time_zone("Europe/London")
    number = (local.dt.year().cast(pl.Int64) * 12 + local.dt.month().cast(pl.Int64) - 1).to_numpy()
    return np.asarray(number, dtype=np.int64)


def london_midnight_after(seconds: Ints) -> Ints:
    """The next midnight of the London clock."""
    local = moments(seconds).dt.convert_time_zone("Europe/London").dt.truncate("1d").dt.offset_by("1d")
    return local.dt.convert_time_zone("UTC").dt.epoch("s").to_numpy().astype(np.int64)


def off_the_hour(seconds: Ints) -> Ints:
    """Add a second where the clock shows a full hour, so that no midnight occurs by accident (TIM-04)."""
    moved: Ints = np.where((seconds % HOUR == 0) & (seconds != NONE), seconds + 1, seconds)
    return moved


def plus_months(seconds: Ints, months: int, days: int = 0) -> Ints:
    """Calendar months and days later on the London clock."""
    local = moments(seconds).dt.convert_time_zone("Europe/London").dt.offset_by(f"{months}mo").dt.offset_by(f"{days}d")
    return local.dt.convert_time_zone("UTC").dt.epoch("s").to_numpy().astype(np.int64)


def month_name(number: int) -> str:
    """`YYYY-MM` of `london_month`."""
    return date(number // 12, number % 12 + 1, 1).strftime("%Y-%m")


def constant(n: int, value: str) -> pl.Series:
    """The same text n times."""
    return pl.repeat(value, n, dtype=pl.String, eager=True)


def only(where: Bools, value: str | NDArray[Any] | pl.Series) -> pl.Series:
    """The value where the condition holds, null elsewhere."""
    given = pl.lit(value) if isinstance(value, str) else pl.lit(pl.Series(value))
    return pl.select(pl.when(pl.Series(where)).then(given)).to_series()
