"""Class with sex, age and ethnicity of the suspect: no hidden small count follows from the three tables together."""

import random
from collections import Counter
from collections.abc import Sequence

import numpy as np
import polars as pl
import pytest
from conftest import InventedForce
from test_suspect_parts import BREAKDOWNS, RULE

from dashboards.data import measure_rows
from dashboards.data.measure_rows import NO_SUSPECT
from dashboards.pages.assessment import explorer_pairs_data

Crime = tuple[str, str, str, str, bool]  # class, sex, age and ethnicity of the suspect, and whether it is counted
NAMES = ["breakdown", "breakdown_value", "second_breakdown", "second_value", "numerator", "denominator"]
CLASS, PART, COUNTED, OF = "breakdown_value", "second_value", pl.col("numerator"), pl.col("denominator")


def _cells(crimes: Sequence[Crime], place: int) -> list[tuple[str, str]]:
    """The pair of each crime, and the totals of its row and column."""
    return [cell for c in crimes for cell in ((c[0], c[place]), ("all", c[place]), (c[0], "all"))]


def paired(crimes: Sequence[Crime], *, is_share: bool) -> pl.DataFrame:
    """The three tables of class and a breakdown by suspect, and their totals, as they are published."""
    rows = []
    for place, by in enumerate(BREAKDOWNS, start=1):
        totals, met = Counter(_cells(crimes, place)), Counter(_cells([c for c in crimes if c[4]], place))
        rows += [("class", one, by, other, met[one, other] if is_share else of, of if is_share else None)
                 for (one, other), of in totals.items()]  # fmt: skip
    kinds = {"numerator": pl.Int64, "denominator": pl.Int64}
    return pl.DataFrame(rows, NAMES, schema_overrides=kinds, orient="row")


def shown(figures: pl.DataFrame) -> pl.DataFrame:
    """Pairs and totals with `is_hidden`, as "Explore" marks them."""
    single = {"measure_code": pl.lit("m"), "period_type": pl.lit("quarter"), "period_start": pl.lit(1)}
    of_class = figures.filter(pl.col(PART) == "all").unique([CLASS], maintain_order=True)
    of_part = figures.filter(pl.col(CLASS) == "all")
    first = measure_rows.marked(of_class.with_columns(**single), RULE)
    second = of_part.with_columns(**single, breakdown="second_breakdown", breakdown_value=PART)
    second = measure_rows.marked(second, RULE)
    pairs = figures.filter(pl.col(CLASS) != "all", pl.col(PART) != "all")
    held = []
    for by in BREAKDOWNS:
        own = pairs.filter(pl.col("second_breakdown") == by)
        if own.is_empty():  # few cases alone
            continue
        held.append(explorer_pairs_data.marked(own, first, second.filter(pl.col("breakdown") == by), RULE))
    totals = [first.with_columns(second_breakdown=pl.lit(by), second_value=pl.lit("all")) for by in BREAKDOWNS]
    totals.append(second.with_columns(second_breakdown="breakdown", breakdown_value=pl.lit("all")))
    columns = [CLASS, "second_breakdown", PART, "numerator", "denominator", "is_hidden"]
    return pl.concat([one.select(columns) for one in (*held, *totals)])


def name_of(row: tuple[str, str, str]) -> tuple[str, str, str]:
    """A figure; those without a suspect, and those of a class, are the same in each table."""
    klass, _, part = row
    return (klass, "", part) if part in (NO_SUSPECT, "all") else row


def followed(rows: pl.DataFrame) -> set[tuple[str, str, str]]:
    """The hidden figures that are fixed by all that is shown in the three tables together, by linear algebra.

    A figure is known if any table shows it. The whole is known.
    """
    all_names = {name_of(row) for row in rows.select(CLASS, "second_breakdown", PART).iter_rows()}
    known = {name_of(row[:3]) for row in rows.filter(~pl.col("is_hidden")).iter_rows()}
    unknown = {name: place for place, name in enumerate(sorted(all_names - known))}
    if not unknown:
        return set()
    lines: list[tuple[tuple[str, str, str] | None, list[tuple[str, str, str]]]] = []
    for by in BREAKDOWNS:
        cells = [(klass, part) for klass, of, part in rows.select(CLASS, "second_breakdown", PART).iter_rows()
                 if of == by and "all" not in (klass, part)]  # fmt: skip
        classes, parts = ({cell[side] for cell in cells} for side in (0, 1))
        lines += [(name_of((c, by, "all")), [name_of((c, by, p)) for k, p in cells if k == c]) for c in classes]
        lines += [(name_of(("all", by, p)), [name_of((c, by, p)) for c, k in cells if k == p]) for p in parts]
        lines += [(None, [name_of((c, by, "all")) for c in classes]), (None, [name_of(("all", by, p)) for p in parts])]
    system = np.zeros((len(lines), len(unknown)))
    for at, (total, members) in enumerate(lines):
        for sign, name in [(-1.0, total), *((1.0, member) for member in members)]:
            if name in unknown:
                system[at, unknown[name]] += sign
    _, sizes, directions = np.linalg.svd(system)
    free = directions[int((sizes > 1e-9).sum()) :]
    return {name for name, place in unknown.items() if np.abs(free[:, place]).max(initial=0.0) < 1e-9}


def told(rows: pl.DataFrame) -> set[tuple[str, str, str]]:
    """The hidden pairs whose small count, or small rest, follows."""
    is_small = RULE.find_small(COUNTED) | RULE.find_small(OF - COUNTED).fill_null(value=False)
    small = rows.filter(is_small.fill_null(value=False), pl.col(CLASS) != "all", pl.col(PART) != "all")
    return followed(rows) & {name_of(row[:3]) for row in small.iter_rows()}


def crimes_of(seed: int) -> list[Crime]:
    draw = random.Random(seed)
    classes, sexes = "abcd"[: draw.randint(2, 4)], "ffmmmmm" if seed % 2 else "fm"
    without = draw.choice((0.02, 0.1, 0.3, 0.6))
    drawn = []
    for _ in range(draw.choice((60, 150, 300, 900))):
        klass = draw.choices(classes, [60, 20, 6, 3][: len(classes)])[0]
        own = (NO_SUSPECT,) * 3 if draw.random() < without else (draw.choice(sexes), draw.choice("uvwx"),
                                                                 draw.choice("WWWWWAB"))  # fmt: skip
        drawn.append((klass, *own, draw.random() < 0.7))
    return drawn


def test_those_without_a_suspect_are_shown_in_all_three_tables_or_in_none() -> None:
    crimes: list[Crime] = [("a", "m", "old", "W", True)] * 60 + [("b", "m", "old", "W", True)] * 60
    crimes += [("a", "f", "old", "W", True)] * 40 + [("b", "f", "young", "W", True)] * 40
    crimes += [("a", *(NO_SUSPECT,) * 3, True)] * 8 + [("b", *(NO_SUSPECT,) * 3, True)] * 9
    crimes += [("a", "f", "young", "A", True)] * 2 + [("b", "f", "old", "A", True)] * 7
    rows = shown(paired(crimes, is_share=False)).filter(pl.col(CLASS) != "all", pl.col(PART) == NO_SUSPECT)
    assert rows.height == 6 and not rows["is_hidden"].any()
    few = [crime for crime in crimes if crime[:2] != ("a", NO_SUSPECT)] + [("a", *(NO_SUSPECT,) * 3, True)] * 3
    rows = shown(paired(few, is_share=False)).filter(pl.col(CLASS) != "all", pl.col(PART) == NO_SUSPECT)
    assert rows.height == 6 and rows["is_hidden"].all(), "three in one class, and the other that adds up with it"


@pytest.mark.parametrize("first", range(0, 120, 40))
def test_no_small_count_follows_from_the_three_tables_together(first: int) -> None:
    hidden = seen = 0
    for seed in range(first, first + 40):
        for is_share in (False, True):
            rows = shown(paired(crimes_of(seed), is_share=is_share))
            assert told(rows) == set(), (seed, is_share)
            none = rows.filter(pl.col(PART) == NO_SUSPECT, pl.col(CLASS) != "all")
            assert none.group_by(CLASS).agg(pl.col("is_hidden").n_unique())["is_hidden"].max() in (None, 1)
            hidden += int(rows["is_hidden"].sum())
            seen += int((~rows["is_hidden"]).sum())
    assert hidden > 100 and seen > 100


def test_the_attack_finds_what_each_table_by_itself_would_tell() -> None:
    """So it is no weak attack: marked as parts like others, those without a suspect tell what another table hides."""
    found = 0
    for seed in range(60):
        rows = shown(paired(crimes_of(seed), is_share=False))
        alone = {}
        for by in BREAKDOWNS:
            of = rows.filter(pl.col("second_breakdown") == by)
            cells = of.filter(pl.col(CLASS) != "all", pl.col(PART) != "all")
            totals = (of.filter(pl.col(PART) == "all"), of.filter(pl.col(CLASS) == "all"))
            totals = (totals[0], totals[1].with_columns(breakdown_value=PART))
            marked = explorer_pairs_data.marked(cells.drop("is_hidden", "second_breakdown"), *totals, RULE)
            alone |= {(c, by, p): is_out for c, p, is_out in marked.select(CLASS, PART, "is_hidden").iter_rows()}
        marks = [alone.get(row[:3], row[5]) for row in rows.iter_rows()]
        found += bool(told(rows.with_columns(is_hidden=pl.Series(marks))))
    assert found > 1


# the invented force


def test_no_small_count_of_the_invented_force_follows_from_the_three_tables(invented_force: InventedForce) -> None:
    """Over every measure and financial year whose whole is shown."""
    with invented_force.connect() as con:
        pairs = con.sql("""select * from metrics.measure_pairs
            where breakdown = 'class' and second_breakdown like 'suspect_%' and period_type = 'financial_year'""").pl()
        singles = con.sql("""select * from metrics.measure_values where period_type = 'financial_year'
            and (breakdown in ('none', 'class') or breakdown like 'suspect_%')""").pl()
    wholes = measure_rows.marked(singles.filter(pl.col("breakdown") == "none"), RULE).filter(~pl.col("is_hidden"))
    pairs = pairs.join(wholes, on=["measure_code", "period_start"], how="semi")
    attacked = 0
    for (code, start), own in pairs.group_by("measure_code", "period_start"):
        of = singles.filter(pl.col("measure_code") == code, pl.col("period_start") == start)
        classes = of.filter(pl.col("breakdown") == "class")
        totals = [classes.select(breakdown=pl.lit("class"), breakdown_value=CLASS, second_breakdown=pl.lit(by),
                                 second_value=pl.lit("all"), numerator="numerator", denominator="denominator")
                  for by in BREAKDOWNS]  # fmt: skip
        parts = of.filter(pl.col("breakdown").str.starts_with("suspect_")).select(
            breakdown=pl.lit("class"), second_breakdown="breakdown", second_value="breakdown_value",
            breakdown_value=pl.lit("all"), numerator="numerator", denominator="denominator",
        )  # fmt: skip
        rows = shown(pl.concat([one.select(NAMES) for one in (own, *totals, parts)]))
        assert told(rows) == set(), (code, start)
        attacked += int(rows["is_hidden"].sum())
    assert attacked > 1000
