"""Measures by suspect: small numbers over the three breakdowns at once, and the figures of the delivered files."""

import random
from collections import Counter
from collections.abc import Iterator, Sequence

import polars as pl
import pytest
from conftest import InventedForce
from delivered_force import IN_SCOPE, london_day, moment
from test_medians import delivered

from dashboards.data import measure_rows
from dashboards.data.measure_rows import NO_SUSPECT
from dashboards.text.small_numbers import SmallNumbers

RULE = SmallNumbers(smallest_shown=5, fewest_in_share=30)
BREAKDOWNS = ("suspect_sex", "suspect_age", "suspect_ethnicity")
PERIOD = ("measure_code", "period_type", "period_start")
MOST_PARTS = 8  # of a breakdown that is drawn: seven ages, and no suspect
COUNTED, OF = pl.col("numerator"), pl.col("denominator")


def marked(with_one: Sequence[tuple[str, str, str, bool]], without: Sequence[bool], *, is_share: bool) -> pl.DataFrame:
    """The parts, small numbers marked, given parts and whether it is counted of each crime with a suspect."""
    crimes = [*with_one, *((NO_SUSPECT,) * 3 + (is_met,) for is_met in without)]
    rows = []
    for place, by in enumerate(BREAKDOWNS):
        totals = Counter(crime[place] for crime in crimes)
        met = Counter(crime[place] for crime in crimes if crime[3])
        rows += [("m", "month", 1, by, part, met[part] if is_share else total, total if is_share else None)
                 for part, total in totals.items()]  # fmt: skip
    names = [*PERIOD, "breakdown", "breakdown_value", "numerator", "denominator"]
    kinds = {"numerator": pl.Int64, "denominator": pl.Int64}
    return measure_rows.marked(pl.DataFrame(rows, names, schema_overrides=kinds, orient="row"), RULE)


def told(rows: pl.DataFrame) -> pl.DataFrame:
    """The hidden small counts that follow for a reader of all three breakdowns, who also has the whole.

    The crimes without a suspect are known where any breakdown shows them. What is still hidden adds up to a known rest.
    """
    none = pl.col("breakdown_value") == NO_SUSPECT
    is_known = none & (none & ~pl.col("is_hidden")).any().over(*PERIOD)
    hidden = rows.filter("is_hidden", ~is_known)
    found = []
    for count in (COUNTED, OF - COUNTED):
        least = pl.when(OF.is_null()).then(1).otherwise(0)
        parts, total = pl.len().over(*PERIOD, "breakdown"), count.sum().over(*PERIOD, "breakdown")
        found.append(hidden.filter((parts == 1) | (total == least * parts), RULE.find_small(count)))
    return pl.concat(found)


def is_whole_shown(counted: int, of: int, *, is_share: bool) -> bool:
    return RULE.may_show_share(counted, of) if is_share else not RULE.is_small(of)


def drawn(seed: int) -> Iterator[pl.DataFrame]:
    """A table of counts and one of shares, marked, of crimes drawn by chance; none whose whole is hidden.

    Nor one of so few crimes that each can be a part by itself: all parts are hidden then, and no other is left to hide.
    """
    draw = random.Random(seed)
    crimes = [
        (draw.choice("fmmmm"), draw.choice("abcdefg"), draw.choice("wwwwwwxyz"), draw.random() < 0.7)
        for _ in range(draw.choice((2, 4, 12, 40, 90)))
    ]
    without = [draw.random() < 0.5 for _ in range(draw.choice((0, 1, 3, 8, 12, 60)))]
    of = len(crimes) + len(without)
    for is_share in (False, True):
        if of > MOST_PARTS and is_whole_shown(sum(c[3] for c in crimes) + sum(without), of, is_share=is_share):
            yield marked(crimes, without, is_share=is_share)


def test_those_without_a_suspect_are_not_hidden_for_another_part_s_sake() -> None:
    """Three women: by sex the smallest other part would be the crimes without a suspect, which by age are shown."""
    crimes = [("f", "young", "w", True)] * 3 + [("m", "young", "w", True)] * 50 + [("m", "old", "w", True)] * 50
    rows = marked(crimes, [True] * 8, is_share=False)
    hidden = set(rows.filter("is_hidden").select("breakdown", "breakdown_value").rows())
    assert hidden == {("suspect_sex", "f"), ("suspect_sex", "m")}


def test_few_without_a_suspect_are_hidden_in_each_breakdown_with_another_part() -> None:
    crimes = [("m", "young", "w", True)] * 50 + [("f", "old", "x", True)] * 20
    rows = marked(crimes, [True] * 3, is_share=False)
    hidden = set(rows.filter("is_hidden").select("breakdown", "breakdown_value").rows())
    assert hidden == {(by, part) for by, other in zip(BREAKDOWNS, ("f", "old", "x"), strict=True)
                      for part in (NO_SUSPECT, other)}  # fmt: skip


def test_few_with_a_suspect_hide_those_without_for_both_are_the_whole() -> None:
    rows = marked([("m", "young", "w", True), ("m", "old", "x", True)], [True] * 90, is_share=False)
    assert rows["is_hidden"].all()


def test_the_rule_is_of_breakdowns_by_suspect_alone() -> None:
    rows = marked([("f", "young", "w", True)] * 3 + [("m", "old", "w", True)] * 50, [True] * 8, is_share=False)
    of_sex = rows.filter(pl.col("breakdown") == "suspect_sex").drop("is_hidden", "hidden_words")
    other = measure_rows.marked(of_sex.with_columns(breakdown=pl.lit("unit")), RULE)
    assert set(other.filter("is_hidden")["breakdown_value"]) == {"f", NO_SUSPECT}


@pytest.mark.parametrize("first", range(0, 300, 50))
def test_no_small_count_follows_from_the_three_breakdowns_together(first: int) -> None:
    attacked = 0
    for seed in range(first, first + 50):
        for rows in drawn(seed):
            assert told(rows).is_empty(), seed
            none = rows.filter(pl.col("breakdown_value") == NO_SUSPECT)
            assert none["is_hidden"].n_unique() < 2, seed
            attacked += int(rows["is_hidden"].sum())
    assert attacked > 100


# the invented force


def test_no_small_count_of_the_invented_force_follows_from_the_three_breakdowns(invented_force: InventedForce) -> None:
    """Over every measure and period whose whole is shown."""
    with invented_force.connect() as con:
        figures = pl.DataFrame(con.sql("select * from metrics.measure_values").pl())
    is_few = RULE.find_small(COUNTED) | (OF.is_not_null() & ~RULE.find_shown(COUNTED, OF).fill_null(value=False))
    shown = figures.filter(~is_few, pl.col("breakdown") == "none").select(PERIOD)
    rows = figures.filter(pl.col("breakdown").is_in(BREAKDOWNS)).join(shown, on=PERIOD, how="semi")
    of_three = measure_rows.marked(rows, RULE)
    none = of_three.filter(pl.col("breakdown_value") == NO_SUSPECT).group_by(PERIOD)
    states = none.agg(pl.col("is_hidden").n_unique(), parts=pl.len())
    assert told(of_three).is_empty()
    assert set(states["is_hidden"]) == {1} and states["parts"].max() == 3
    assert of_three["is_hidden"].sum() > 10_000


def test_recorded_by_suspect_is_the_count_of_the_delivered_files(invented_force: InventedForce) -> None:
    """In plain Python, by financial year: sex and ethnicity of the suspect, and crimes without one."""
    removed = {row["crime_id"] for row in delivered(invented_force, "removal")}
    people = {row["person_key"]: row for row in delivered(invented_force, "person")}
    with invented_force.connect() as con:
        known = {ref for (ref,) in con.execute("select crime_ref from core.crimes").fetchall()}
        found = con.execute("""
            select breakdown, year(period_start), breakdown_value, numerator from metrics.measure_values
            where measure_code = 'recorded' and period_type = 'financial_year' and numerator > 0
                and breakdown in ('suspect_sex', 'suspect_ethnicity')""").fetchall()
    suspects: dict[str, list[tuple[bool, str, str]]] = {}
    for row in delivered(invented_force, "party_role"):
        if row["role"] in ("suspect", "offender") and not row["eliminated_ts"]:
            entered = (row["named"] != "true", row["first_added_ts"], row["person_key"])
            suspects.setdefault(row["crime_id"], []).append(entered)
    counted: Counter[tuple[str, int, str]] = Counter()
    for row in delivered(invented_force, "crime"):
        ref, day = row["crime_id"], london_day(moment(row["recorded_ts"]))
        if row["ho_code"] not in IN_SCOPE or ref not in known - removed:
            continue
        year, own = day.year - (day.month < 4), min(suspects.get(ref, []), default=None)
        for by, name in (("suspect_sex", "sex"), ("suspect_ethnicity", "ethnicity_self")):
            value = NO_SUSPECT if own is None else people.get(own[2], {}).get(name)
            counted[by, year, value if value not in ("", None, "unknown") else "not known"] += 1
    assert {(by, year, part): count for by, year, part, count in found} == counted
    assert {part for _, _, part in counted} > {NO_SUSPECT, "not known", "female", "male"}
