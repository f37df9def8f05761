"""Whatever a force corrects, no table is withheld, and all publications together give no protected count."""

import datetime as dt
import random
from collections.abc import Iterator, Sequence

import polars as pl
import pytest
from hypothesis import given
from hypothesis import settings as budget
from hypothesis import strategies as st
from invented_support import YEAR, settings
from released_readers import Readers
from trials import count
from worked import Row

from assets.methods.disclosure import cells as cells_module
from assets.methods.disclosure.cells import GONE, Release, controlled, written
from assets.methods.disclosure.control import complement
from assets.metrics.support.disclosure_attack import disclosure_attack
from assets.metrics.support.released_figures import released_figures

AT = dt.datetime(2026, 4, 1, tzinfo=dt.UTC)
STEPS = ("known", "offered", "accepted", "engaged")  # each a part of the one before
BANDS = ("under 16", "16 to 24", "25 to 34", "35 to 44", "not known")
GROUPS = {"sex": ("female", "female", "male", "not known"), "age": BANDS, "abuse": ("flagged", "not flagged")}
NO_VERDICTS = pl.DataFrame(
    schema={"measure_code": pl.String, "breakdown": pl.String, "extra_variance": pl.Float64, "pair_count": pl.Int64}
)
OPERATIONS = ("add", "remove", "restore", "birth month", "orphan", "put back")


def victim(chance: random.Random) -> Row:
    return {kind: chance.choice(groups) for kind, groups in GROUPS.items()} | {"steps": chance.randint(1, len(STEPS))}


def deliveries(seed: int, size: int, operations: Sequence[tuple[str, int]]) -> Iterator[list[Row]]:
    """The victims of each delivery: a first one, and one after each operation on some of them."""
    chance = random.Random(seed)
    whole = [victim(chance) for _ in range(size)]
    now = dict(enumerate(whole))
    yield list(now.values())
    for operation, number in operations:
        some = chance.sample(sorted(now), min(number, max(len(now) - 1, 0)))
        if operation == "add":
            whole += [victim(chance) for _ in range(number)]
            now |= {len(whole) - n - 1: whole[len(whole) - n - 1] for n in range(number)}
        elif operation == "restore":
            now = dict(list(enumerate(whole))[: len(now) + number]) | now
        elif operation == "put back":
            now |= {ref: whole[ref] for ref in now}
        elif operation == "remove":
            now = {ref: row for ref, row in now.items() if ref not in some}
        else:
            change = {"age": chance.choice(BANDS)} if operation == "birth month" else {"abuse": "not known"}
            now |= {ref: now[ref] | change for ref in some}
        yield list(now.values())


def cells_of(victims: Sequence[Row]) -> list[Row]:
    """core.disclosure_cells: groups are those that somebody is in, as in the product."""
    found = []
    for at, measure in enumerate(STEPS):
        reached = [row for row in victims if row["steps"] > at]
        counts = {("all", "all"): len(reached)}
        for kind in GROUPS:
            for group in {row[kind] for row in victims}:
                counts[kind, group] = sum(row[kind] == group for row in reached)
        if measure == "known":
            supported = sum(row["steps"] > STEPS.index("accepted") for row in victims)
            counts |= {("support", "accepted"): supported, ("support", "no"): len(victims) - supported}
        refs = {f"{measure}|{YEAR}|{kind}|{group}": (kind, group) for kind, group in counts}
        found += [
            {"cell_ref": ref, "measure_code": measure, "period_code": YEAR, "breakdown": kind, "group_code": group,
             "group_name": group, "place": 0, "person_count": counts[kind, group], "is_of_few_people": False,
             "total_ref": f"{measure}|{YEAR}|all|all" if kind != "all" else None,
             "parent_ref": f"{STEPS[at - 1]}|{YEAR}|{kind}|{group}" if at else None}
            for ref, (kind, group) in refs.items()
        ]  # fmt: skip
    return sorted(found, key=lambda row: row["cell_ref"])


def wrong_of(seed: int, size: int, operations: Sequence[tuple[str, int]], **changes: float) -> list[str]:
    """Of a row of publications, what stops one and what readers can work out; empty if nothing."""
    listed = pl.DataFrame(settings(**changes))
    chosen = dict(listed.select("key", "value").iter_rows())
    log, readers = pl.DataFrame(schema={"published_at": pl.Datetime("us", "UTC"), "cell_ref": pl.String}), Readers()
    for n, victims in enumerate(deliveries(seed, size, operations)):
        cells = cells_of(victims)
        given = pl.DataFrame(cells, infer_schema_length=None), log, NO_VERDICTS, listed
        pinned = disclosure_attack(*given).filter(pl.col("is_pinned"))["cell_ref"].to_list()
        rows = written(cells, controlled(cells, log.to_dicts(), chosen), chosen)
        if n == len(operations):
            figures = dict(released_figures(*given).select("cell_ref", "value").iter_rows())
            assert figures == {row["cell_ref"]: row["value"] for row in rows}
        readers.read(rows, int(chosen["disclosure.class_minimum"]), int(chosen["disclosure.unrounded_below"]))
        wrong = [f"delivery {n}: {name} stops the release" for name in pinned]
        wrong += [f"delivery {n}: {name} is worked out" for name in readers.worked_out()]
        if wrong:
            return wrong
        gone = [{"cell_ref": ref, "token": GONE} for ref in {*log["cell_ref"]} - {row["cell_ref"] for row in rows}]
        now = pl.DataFrame([*rows, *gone], infer_schema_length=None).with_columns(
            published_at=pl.lit(AT + dt.timedelta(days=n))
        )
        log = pl.concat([log, now], how="diagonal_relaxed")
    return []


CHANGES = st.lists(st.tuples(st.sampled_from(OPERATIONS), st.integers(1, 12)), min_size=1, max_size=4)
RULES = st.sampled_from([{}, {}, {"disclosure__round_to": 1}, {"disclosure__hides_zero": 1},
                         {"disclosure__round_to": 1, "disclosure__exact_totals": 1}])  # fmt: skip


@given(st.integers(0, 10**6), st.integers(8, 400), CHANGES, RULES)
@budget(max_examples=count(10, 200))
def test_no_correction_stops_a_release_or_gives_a_protected_count(
    seed: int, size: int, operations: list[tuple[str, int]], rule: dict[str, float]
) -> None:
    assert wrong_of(seed, size, operations, **rule) == []


def test_the_property_fails_where_disclosure_control_does(monkeypatch: pytest.MonkeyPatch) -> None:
    exact = {"disclosure__round_to": 1}
    monkeypatch.setattr(cells_module, "complement", lambda *given: (complement(*given)[0], []))
    wrong = wrong_of(19, 73, [("orphan", 2)], **exact, disclosure__exact_totals=1)
    assert wrong and all(line.endswith(("stops the release", "is worked out")) for line in wrong)
    monkeypatch.setattr(Release, "leaks", lambda release: [])
    assert wrong_of(2, 54, [("add", 2)], **exact)[0].endswith("is worked out")
