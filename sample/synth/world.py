"""State of the invented force while it is made: facts of each crime as arrays, then tables, and planted records."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sample.synth.clock import DAY, EXTRACT, FIRST, HOUR, Bools, Ints
from sample.synth.codes import HO, OFFENCES, OUT, REL

Plan = Iterator[None]
LEAST_AGE = 25  # days before the end of the extract at which a crime that is closed was reported at least
ADULT = 20 * 365.25 * DAY


class TooFewCrimes(Exception):
    """A planting finds too few crimes that are free to be cast."""


@dataclass(frozen=True)
class Known:
    """Two people of another force of whom this one holds a record, and when that was reported."""

    reported: int
    traits: dict[str, list[int]]  # of the victim and the suspect: birth, sex, ethnicity


@dataclass
class World:
    """`facts` has an array of one value a crime; `tables` the extract's tables with whole numbers for references."""

    crimes: int
    seed: int
    has_story: bool = False
    known: Sequence[Known] = ()
    rng: np.random.Generator = field(init=False)
    facts: dict[str, NDArray[Any]] = field(default_factory=dict)
    tables: dict[str, pl.DataFrame] = field(default_factory=dict)
    text: dict[int, str] = field(default_factory=dict)  # planted MO texts
    log: dict[int, str] = field(default_factory=dict)  # planted log texts
    planted: list[tuple[str, str, str]] = field(default_factory=list)
    decoys: list[tuple[str, str, str]] = field(default_factory=list)
    free: Bools = field(default_factory=lambda: np.zeros(0, dtype=bool))
    queues: dict[str, Ints] = field(default_factory=dict)
    birth: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    death: dict[int, int] = field(default_factory=dict)
    extra_people: int = 0
    sex: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))  # 0 female, 1 male
    ethnicity: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))  # a place in persons.ETHNICITIES
    escalating: list[Ints] = field(default_factory=list)  # crimes of each pair whose reports escalate
    warnings: list[tuple[str, int, int, bool]] = field(default_factory=list)  # where held, it, the grave one, decoy
    elsewhere: list[tuple[int, int, bool]] = field(default_factory=list)  # grave crime, when the neighbour, decoy
    held: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))  # crimes of `known`
    apart: dict[str, set[int]] = field(default_factory=lambda: {"victim": set(), "suspect": set()})  # pairs that
    # know their person under a key of their own, if the person was in another pair before
    renamed: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))  # crimes whose suspect gave another name
    high_unit: int = -1  # the unit that closes far more with outcome 16, if one does
    rate: float = 1.0  # of the planting that casts: rules are broken at rates of their own

    def __post_init__(self) -> None:
        self.rng = np.random.default_rng(self.seed)

    def stream(self, number: int) -> np.random.Generator:
        """Random numbers of a part's own: what it draws shifts nothing else."""
        return np.random.default_rng([self.seed, number])

    # -- how many, and which ------------------------------------------------------------------------------------
    @property
    def breaches(self) -> int:
        """Records planted for a rule without a rate of its own (7.3)."""
        least = 6 if self.crimes >= 5000 else 4
        return min(500, max(least, int(self.rate * self.crimes / 600)))

    @property
    def near_misses(self) -> int:
        """Decoys beside them."""
        return max(4, self.breaches // 2) if self.crimes >= 5000 else 2

    def open_queues(self) -> None:
        """Crimes that are alone (one pair, one victim, one suspect) may be cast: to be closed, or to be open."""
        reported = self.facts["reported"]
        alone = self.rng.permutation(np.flatnonzero(self.facts["alone"] & ~self.facts["risen"]))
        when = reported[alone]
        old = (when >= FIRST + 60 * DAY) & (when < EXTRACT - LEAST_AGE * DAY)
        new = (when >= EXTRACT - 110 * DAY) & (when < EXTRACT - 45 * DAY)
        self.queues = {"closed": alone[old], "open": alone[new]}

    def cast(
        self,
        n: int,
        ho: str = "195/12",
        rel: str | None = None,
        out: str = "15",
        grade: str = "standard",
        days: int = 0,
        **facts: Any,
    ) -> Ints:
        """Give n lone crimes a part: this offence, relationship and outcome (`0` leaves the crime open), else plain.

        `days` is how long before the end of the extract they are reported at least; the delay of an outcome, if given,
        is added. So what breaks a rule is spread over the time in which it can be seen.
        """
        if "delay" in facts:
            days += int(np.max(facts["delay"])) // DAY + LEAST_AGE
        elif out == "17":
            days = max(days, 240)
        chosen = self._taken("open" if out == "0" else "closed", n, ho, days)
        f = self.facts
        self.free[chosen] = False
        f["ho"][chosen] = HO[ho]
        kinds = (
            ("ex_partner", "acquaintance", "neighbour", "colleague")
            if ho in ("195/12", "8/65", "8/66")
            else ("acquaintance", "neighbour", "ex_colleague", "professional_client")
        )
        if rel:
            f["rel"][chosen] = REL[rel]
        else:
            f["rel"][chosen] = self.rng.choice([REL[kind] for kind in kinds], n)
        f["out"][chosen] = OUT[out]
        f["grade"][chosen] = ("standard", "medium", "high").index(grade)
        named = out not in ("14", "18")
        f["named"][chosen], f["suspect_row"][chosen] = named, True
        if not named and rel is None:
            f["rel"][chosen] = REL["stranger"]
        f["lag"][chosen] = self.rng.integers(1 * HOUR, 20 * HOUR, n)
        age = (EXTRACT - f["reported"][chosen]) // DAY
        f["delay"][chosen] = 10**10 if out == "0" else self.rng.integers(9 * DAY, np.minimum(140, age - 8) * DAY)
        if out == "17":
            f["delay"][chosen] = self.rng.integers(200 * DAY, 230 * DAY, n)
        f["removal"][chosen] = 0
        f["online"][chosen] = False
        f["history"][chosen] = 0
        f["prior"][chosen] = False
        for part in ("suspect", "victim"):
            young = chosen[self.offence_from(chosen) - self.birth[f[part][chosen]] < ADULT]
            self.age(f[part][young], self.offence_from(young), self.rng.integers(20, 55, young.size))
        for name, value in facts.items():
            f[name][chosen] = value
        return chosen

    def _taken(self, kind: str, n: int, ho: str, days: int) -> Ints:
        """The next n free crimes of a queue that are old enough; of this offence's class those that are not far on.

        If others were given the offence, its class would be more frequent in the months of the queue.
        """
        queue = self.queues[kind]
        able = np.flatnonzero(self.free[queue] & (self.facts["reported"][queue] < EXTRACT - days * DAY))
        if able.size < n:
            raise TooFewCrimes
        kin = [place for place, offence in enumerate(OFFENCES) if offence[1] == OFFENCES[HO[ho]][1]]
        like = np.isin(self.facts["ho"][queue[able]], kin) & (np.arange(able.size) < 60 * n)
        chosen = able[np.argsort(~like, kind="stable")[:n]]
        taken = queue[chosen]
        self.queues[kind] = np.delete(queue, chosen)
        return taken

    def join(self, first: Ints, *later: Ints) -> None:
        """Make the later crimes crimes of the first one's pair."""
        f = self.facts
        for crimes in later:
            for name in ("victim", "suspect", "pair", "rel"):
                f[name][crimes] = f[name][first]

    def offence_from(self, crimes: Ints) -> Ints:
        """When the offence began."""
        f = self.facts
        start: Ints = f["reported"][crimes] - f["gap"][crimes] - f["span"][crimes]
        return start

    def report_at(self, crimes: Ints, when: Ints | int) -> None:
        """Move a report in time; what was closed stays closed within the extract."""
        f = self.facts
        f["reported"][crimes] = when
        room = np.maximum(EXTRACT - f["reported"][crimes] - 8 * DAY, DAY)
        f["delay"][crimes] = np.where(f["delay"][crimes] < 10**10, np.minimum(f["delay"][crimes], room), 10**10)

    def age(self, people: Ints, when: Ints | int, years: Ints | int) -> None:
        """Set people's age at a time, half a year past their birthday."""
        self.birth[people] = when - (np.asarray(years) * 365.25 * DAY).astype(np.int64) - 182 * DAY

    # -- what was planted ---------------------------------------------------------------------------------------
    def breach(self, rule: str, crimes: Iterable[int], kind: str = "crime") -> None:
        self.planted += [(rule, kind, name(kind, int(number))) for number in crimes]

    def decoy(self, rule: str, crimes: Iterable[int], kind: str = "crime") -> None:
        self.decoys += [(rule, kind, name(kind, int(number))) for number in crimes]

    # -- edits of tables ----------------------------------------------------------------------------------------
    def hit(self, table: str, crimes: Ints, where: pl.Expr | None = None, key: str = "crime") -> pl.Expr:
        """The rows of these crimes."""
        rows = pl.col(key).is_in(pl.Series(crimes).implode())
        return rows if where is None else rows & where

    def drop(self, table: str, crimes: Ints, where: pl.Expr | None = None, key: str = "crime") -> None:
        self.tables[table] = self.tables[table].filter(~self.hit(table, crimes, where, key))

    def set_values(
        self, table: str, crimes: Ints, where: pl.Expr | None = None, key: str = "crime", **values: Any
    ) -> None:
        """Set columns of the rows of these crimes to one value, or to an expression."""
        hit = self.hit(table, crimes, where, key)
        frame = self.tables[table]
        self.tables[table] = frame.with_columns(
            **{
                column: pl.when(hit)
                .then(value if isinstance(value, pl.Expr) else pl.lit(value))
                .otherwise(pl.col(column))
                .cast(frame.schema[column])
                for column, value in values.items()
            }
        )

    def set_column(self, table: str, crimes: Ints, column: str, values: Ints, where: pl.Expr | None = None) -> None:
        """Set one column of the rows of each crime to that crime's value."""
        new = pl.col("crime").replace_strict(pl.Series(crimes), pl.Series(values), default=None)
        hit = new.is_not_null() if where is None else new.is_not_null() & where
        self.tables[table] = self.tables[table].with_columns(
            pl.when(hit).then(new).otherwise(pl.col(column)).alias(column)
        )

    def add(self, table: str, n: int, **columns: Any) -> None:
        """Append rows; a column left out is null."""
        frame = self.tables[table]
        rows = pl.DataFrame(
            {
                column: pl.Series(columns[column])
                if isinstance(columns.get(column), (list, np.ndarray, pl.Series))
                else pl.Series([columns.get(column)] * n)
                for column in frame.columns
            }
        )
        self.tables[table] = pl.concat([frame, rows.cast(frame.schema)])


def name(kind: str, number: int) -> str:
    """A reference as the extract writes it."""
    return f"{ {'crime': 'INV-C', 'incident': 'INV-I', 'order': 'INV-O'}[kind] }{number:08d}"


def give_back() -> None:
    """Return unused memory to the system; the C library of Linux keeps it otherwise.

    That is a fifth of all that a large force takes. Nothing happens where the C library cannot.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


Planting = Callable[[World], Plan]
PLANTINGS: dict[str, Planting] = {}


def plants(*rules: str) -> Callable[[Planting], Planting]:
    """Register a planting: it casts crimes, yields while the tables are made, then edits them."""

    def register(planting: Planting) -> Planting:
        for rule in rules:
            PLANTINGS[rule] = planting
        return planting

    return register
