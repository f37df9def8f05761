"""Measures by ward: wards add up to their district, and no hidden count of either follows from what is shown."""

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl
import pytest
from conftest import InventedForce
from delivered_force import IN_SCOPE, london_day, moment
from test_medians import delivered
from worked import Row, made

from dashboards.data import measure_rows, ward_rows
from dashboards.text.small_numbers import SmallNumbers

RULE = SmallNumbers(smallest_shown=5, fewest_in_share=30)
PERIOD = ("measure_code", "period_type", "period_start")
Crime = tuple[str, str, bool]  # district, ward and whether it is counted


# the ward of a crime


def placed(*areas: str | None, own: Mapping[str, str | None] | None = None,
           national: Mapping[str, str] | None = None) -> list[tuple[str, str]]:  # fmt: skip
    """District and ward of crimes in these small areas. N1 and N2 are in North, S1 is in South, X1 in neither."""
    lists = {"source": "small_areas"}, {"source": "lsoa_ward_lookup_2024"}
    current = [of | {"delivery_ref": "d", "period": "all"} for of in lists]
    delivered = {"delivery_ref": "d", "period": "all"}
    rows = made(
        "core.ward_areas", core_current_periods=current,
        raw_small_areas=[delivered | {"lsoa_code": of, "ward_name": ward} for of, ward in (own or {}).items()],
        raw_lsoa_ward_lookup_2024=[delivered | {"lsoa21_code": of, "ward24_name": ward}
                                   for of, ward in (national or {}).items()],
    )  # fmt: skip
    districts = [{"lsoa_code": of, "area_code": name[0], "area_name": name}
                 for of, name in (("N1", "North"), ("N2", "North"), ("S1", "South"))]  # fmt: skip
    found = made(
        "core.crime_breakdowns", core_support_areas=districts, core_ward_areas=rows,
        core_crimes=[{"crime_ref": str(n), "lsoa_code": of} for n, of in enumerate(areas)],
    )  # fmt: skip
    by_ref = {row["crime_ref"]: (row["district"], row["ward"]) for row in found}
    return [by_ref[str(n)] for n in range(len(areas))]


def test_a_ward_is_named_with_its_district_and_is_in_that_one_alone() -> None:
    """The same name in two districts is two wards."""
    found = placed("N1", "S1", "N2", own={"N1": "Castle", "S1": "Castle", "N2": "Beat 4: river"})
    assert found == [("North", "North: Castle"), ("South", "South: Castle"), ("North", "North: Beat 4, river")]


def test_a_ward_that_is_not_known_is_a_part_of_its_district() -> None:
    found = placed("N1", "N2", "X1", None, own={"N1": "Castle", "N2": " ", "X1": "Castle"})
    assert found == [("North", "North: Castle"), ("North", "North: not known"), ("not known",) * 2, ("not known",) * 2]


def test_the_national_wards_count_where_the_force_names_none() -> None:
    national = {"N1": "Abbey", "N2": "Bridge"}
    of_force = [("North", "North: Castle"), ("North", "North: not known")]
    of_nation = [("North", "North: Abbey"), ("North", "North: Bridge")]
    assert placed("N1", "N2", own={"N1": "Castle", "N2": None}, national=national) == of_force, "no mixture of lists"
    assert placed("N1", "N2", own={"N1": None, "N2": None}, national=national) == of_nation
    assert placed("N1", "N2", national=national) == of_nation


def test_wards_are_counted_by_period_and_medians_have_none() -> None:
    """Three crimes of two wards in two quarters; the count of zero stands in the other."""
    wards = {"a": "N: C", "b": "N: C", "c": "S: C"}
    described = [{"crime_ref": ref, "district": ward[0], "ward": ward} for ref, ward in wards.items()]
    months = {"a": "2025-01-01", "b": "2025-02-01", "c": "2025-04-01"}
    counted = [{"measure_code": "m", "crime_ref": ref, "month": month, "is_met": True, "is_share": False}
               for ref, month in months.items()]  # fmt: skip
    timed = [{"measure_code": "t", "crime_ref": ref, "month": month, "days": 3} for ref, month in months.items()]
    cells = made("metrics.measure_cells", metrics_measure_crimes=counted, metrics_measure_times=timed,
                 core_crime_breakdowns=described)  # fmt: skip
    demand: list[Row] = [{"source": "extract", "offence_code": "S&H", "month": f"2025-0{n}-01"} for n in range(1, 7)]
    periods = made("metrics.measure_periods", metrics_measure_cells=cells, metrics_demand_months=demand)
    rows = made("metrics.measure_values", metrics_measure_cells=cells, metrics_measure_periods=periods,
                metrics_demand_months=demand, core_extract_moments=[{"as_of_at": "2025-07-01 00:00+00"}],
                reference_measures=[{"measure_code": "m", "kind": "count"}, {"measure_code": "t", "kind": "median"}],
                )  # fmt: skip
    found = {(row["period_type"], str(row["period_start"]), row["breakdown_value"]): row["numerator"]
             for row in rows if row["breakdown"] == "ward" and row["measure_code"] == "m"}  # fmt: skip
    assert found == {
        ("quarter", "2025-01-01", "N: C"): 2, ("quarter", "2025-01-01", "S: C"): 0,
        ("quarter", "2025-04-01", "N: C"): 0, ("quarter", "2025-04-01", "S: C"): 1,
        ("financial_year", "2024-04-01", "N: C"): 2, ("financial_year", "2024-04-01", "S: C"): 0,
        ("financial_year", "2025-04-01", "N: C"): 0, ("financial_year", "2025-04-01", "S: C"): 1,
        ("to_date", "2025-01-01", "N: C"): 2, ("to_date", "2025-01-01", "S: C"): 1,
    }  # fmt: skip
    medians = {row["breakdown"] for row in rows if row["measure_code"] == "t"}
    assert "ward" not in medians and "district" in medians


# small numbers: the attack of a reader of whole force, districts and wards


@dataclass
class Attack:
    """What a reader knows of some counts: sums of theirs that are zero, and the least and most that each can be."""

    least: dict[str, float] = field(default_factory=dict)
    most: dict[str, float] = field(default_factory=dict)
    sums: list[tuple[str, Sequence[str]]] = field(default_factory=list)  # a count, and those that add up to it

    def knows(self, name: str, least: float, most: float = float("inf")) -> None:
        self.least[name], self.most[name] = least, most

    def adds_up(self, whole: str, parts: Sequence[str]) -> None:
        self.sums.append((whole, parts))

    def found(self) -> dict[str, float]:
        """The counts that follow: those of which least and most meet, once no sum tells more."""
        is_new = True
        while is_new:
            is_new = False
            for whole, parts in self.sums:
                low, high = (sum(of[part] for part in parts) for of in (self.least, self.most))
                is_new |= self._narrow(whole, low, high)
                for part in parts:
                    others_most = sum(self.most[other] for other in parts if other != part)
                    others_least = sum(self.least[other] for other in parts if other != part)
                    is_new |= self._narrow(part, self.least[whole] - others_most, self.most[whole] - others_least)
        return {name: low for name, low in self.least.items() if low == self.most[name]}

    def _narrow(self, name: str, low: float, high: float) -> bool:
        before = self.least[name], self.most[name]
        self.least[name], self.most[name] = max(before[0], low), min(before[1], high)
        assert self.least[name] <= self.most[name], "the reader is told what is not so"
        return before != (self.least[name], self.most[name])


def told(rows: pl.DataFrame, known: pl.Series) -> list[tuple[str, str, float]]:
    """Hidden small counts of one measure in one period that follow: what it is, its part, and the count.

    `rows` are of the whole force, which is shown, of districts and of wards, marked. A hidden row of a share says that
    one or more were due, and of a count that one or more are counted: but not in a district of which every ward that is
    `known` has a hidden row.
    """
    of = {by: rows.filter(pl.col("breakdown") == by) for by in ("none", "district", "ward")}
    wards = of["ward"].with_columns(district=ward_rows.DISTRICT)
    absent = set(known) - set(wards["breakdown_value"])
    open_to = set(wards.filter(~pl.col("is_hidden"))["district"]) | {name.split(": ")[0] for name in absent}
    is_share = rows["denominator"].null_count() == 0
    attack = Attack()
    sides = ("counted", "rest", "due") if is_share else ("counted",)
    held = [("none", row, 0) for row in of["none"].to_dicts()]
    held += [("district", row, 1) for row in of["district"].to_dicts()]
    held += [("ward", row, int(row["district"] in open_to)) for row in wards.to_dicts()]
    small: dict[str, tuple[str, str, float]] = {}
    for by, row, least in held:
        name, total = f"{by} {row['breakdown_value']}", row["denominator"] or row["numerator"]
        counts = {"counted": row["numerator"], "rest": total - row["numerator"], "due": total}
        for side in sides:
            if row["is_hidden"]:
                attack.knows(f"{side} {name}", least if side == "due" or not is_share else 0)
                if side != "due" and RULE.is_small(counts[side]):
                    small[f"{side} {name}"] = (side, name, counts[side])
            else:
                attack.knows(f"{side} {name}", counts[side], counts[side])
        if is_share:
            attack.adds_up(f"due {name}", [f"counted {name}", f"rest {name}"])
    for side in sides:
        attack.adds_up(f"{side} none all", [f"{side} district {part}" for part in of["district"]["breakdown_value"]])
        for (district,), own in wards.group_by("district"):
            attack.adds_up(f"{side} district {district}", [f"{side} ward {part}" for part in own["breakdown_value"]])
    found = attack.found()
    return [small[name] for name in small.keys() & found.keys()]


def counted(crimes: Sequence[Crime], names: Sequence[str], *, is_share: bool, period: int = 1) -> pl.DataFrame:
    """The rows of one period: of a count a ward without a crime has zero, of a share it has no row."""
    rows: list[tuple[object, ...]] = []
    for place, by in enumerate(("district", "ward", "none")):
        of = [((crime[0], crime[1], "all")[place], crime[2]) for crime in crimes]
        totals, met = Counter(part for part, _ in of), Counter(part for part, is_met in of if is_met)
        rows += [
            ("m", "quarter", period, by, part, met[part] if is_share else totals[part],
             totals[part] if is_share else None)
            for part in sorted({(name.split(": ")[0], name, "all")[place] for name in names})
            if totals[part] or not is_share
        ]  # fmt: skip
    columns = [*PERIOD, "breakdown", "breakdown_value", "numerator", "denominator"]
    return pl.DataFrame(rows, columns, schema_overrides={"numerator": pl.Int64, "denominator": pl.Int64}, orient="row")


def drawn(seed: int) -> Iterator[pl.DataFrame]:
    """Rows of a count and of a share, of crimes drawn by chance; none whose whole is hidden.

    Nor one of so few crimes that each can be a district by itself: all are hidden then, and none is left to hide.
    """
    draw = random.Random(seed)
    names = [f"D{d}: w{w}" for d in range(draw.randint(1, 6)) for w in range(draw.randint(1, 7))]
    names += draw.choice(([], ["not known"], ["D0: not known"]))
    mixed, ones = (0, 0, 1, 1, 2, 3, 5, 6, 9, 12, 35, 60), (1, 1, 1, 1, 0)
    of_district = {
        name: (draw.choice((mixed, ones)), draw.choice((0, 0.1, 0.5, 0.9, 1)))
        for name in dict.fromkeys(name.split(": ")[0] for name in names)
    }
    sizes = {name: draw.choice(of_district[name.split(": ")[0]][0]) for name in names}
    crimes = []
    for name, size in sizes.items():
        district = name.split(": ")[0]
        crimes += [(district, name, draw.random() < of_district[district][1]) for _ in range(size)]
    due, met = len(crimes), sum(crime[2] for crime in crimes)
    for is_share in (False, True):
        if due > len(of_district) and (RULE.may_show_share(met, due) if is_share else not RULE.is_small(due)):
            # of another period, in which every ward has one: so a reader knows of each
            yield pl.concat([counted(crimes, names, is_share=is_share),
                             counted([(n.split(": ")[0], n, True) for n in names], names, is_share=is_share, period=2)])


def attacked(seeds: range) -> tuple[list[tuple[int, tuple[str, str, float]]], int]:
    """Seed and hidden counts that follow, of the tables of these seeds; and how many rows are hidden."""
    found, hidden = [], 0
    for seed in seeds:
        for rows in drawn(seed):
            known = rows.filter(pl.col("breakdown") == "ward")["breakdown_value"]
            of_one = measure_rows.marked(rows, RULE).filter(pl.col("period_start") == 1)
            found += [(seed, one) for one in told(of_one, known)]
            hidden += of_one["is_hidden"].sum()
    return found, hidden


def hidden_parts(crimes: Mapping[str, int], *, by: str = "ward", is_share: bool = False) -> set[str]:
    rows = counted([(n.split(": ")[0], n, True) for n, size in crimes.items() for _ in range(size)], list(crimes),
                   is_share=is_share)  # fmt: skip
    marked = measure_rows.marked(rows, RULE)
    return set(marked.filter("is_hidden", pl.col("breakdown") == by)["breakdown_value"])


def test_a_small_ward_hides_the_smallest_other_of_its_district() -> None:
    assert hidden_parts({"N: a": 3, "N: b": 40, "N: c": 20, "S: a": 6, "S: b": 50}) == {"N: a", "N: c"}


def test_all_wards_of_a_hidden_district_are_hidden() -> None:
    """South is small; East, the smallest other, is hidden with it. Their wards would add up to them."""
    crimes = {"S: a": 3, "E: a": 10, "E: b": 20, "N: a": 90}
    assert hidden_parts(crimes, by="district") == {"S", "E"}
    assert hidden_parts(crimes) == {"S: a", "E: a", "E: b"}


def test_the_district_of_a_ward_is_hidden_as_by_district_where_two_have_the_same_count() -> None:
    crimes = {"S: a": 3, "B: a": 10, "A: a": 4, "A: b": 6, "N: a": 90}
    assert hidden_parts(crimes, by="district") == {"S", "A"}, "the first by name"
    assert hidden_parts(crimes) == {"S: a", "A: a", "A: b"}
    turned = dict(reversed(crimes.items()))
    assert hidden_parts(turned, by="district") == {"S", "A"}


def test_where_all_wards_with_crimes_are_hidden_so_are_those_without() -> None:
    """Six crimes in six wards of seven: if the ward without one shows, each of the others has one."""
    ones = {f"N: {n}": 1 for n in range(6)}
    assert hidden_parts({**ones, "N: x": 0, "S: a": 50}) == {*ones, "N: x"}
    assert hidden_parts({"N: a": 3, "N: b": 4, "N: c": 40, "N: x": 0, "S: a": 50}) == {"N: a", "N: b"}


def test_a_share_has_a_hidden_row_of_a_ward_of_which_nothing_was_due_where_all_others_are_hidden() -> None:
    """Six of six wards were due and not met: six rows would say that each has one."""
    none = [("N", f"N: {n}", False) for n in range(6)]
    others = [("S", "S: a", n % 2 == 0) for n in range(80)] + [("S", "S: b", n % 2 == 0) for n in range(80)]
    names = [*(ward for _, ward, _ in none), "N: x", "S: a", "S: b", "S: c"]
    before = counted([(n[0], n, True) for n in names], names, is_share=True, period=2)
    rows = measure_rows.marked(pl.concat([counted([*none, *others], names, is_share=True), before]), RULE)
    of_one = rows.filter(pl.col("period_start") == 1, pl.col("breakdown") == "ward")
    parts = of_one.select("breakdown_value", "numerator", "is_hidden").rows()
    assert ("N: x", 0, True) in parts and ("S: a", 40, False) in parts
    assert "S: c" not in of_one["breakdown_value"], "where others are shown, nothing due has no row"


@pytest.mark.parametrize("first", range(0, 240, 80))
def test_no_small_count_follows_from_whole_districts_and_wards_together(first: int) -> None:
    found, hidden = attacked(range(first, first + 80))
    assert found == []
    assert hidden > 500


def test_the_marks_do_not_depend_on_the_order_of_rows_nor_on_whether_districts_are_read() -> None:
    for seed in range(30):
        for rows in drawn(seed):
            whole = measure_rows.marked(rows, RULE)
            for given in (rows.sample(fraction=1, shuffle=True, seed=seed), rows.filter(pl.col("breakdown") == "ward")):
                other = measure_rows.marked(given, RULE)
                marks = other.join(whole, on=[*PERIOD, "breakdown", "breakdown_value"], suffix="_of_whole")
                assert marks.height == other.height
                assert marks["is_hidden"].to_list() == marks["is_hidden_of_whole"].to_list()


def within_small_alone(rows: pl.DataFrame, rule: SmallNumbers) -> pl.DataFrame:
    count, total = pl.col("numerator"), pl.col("denominator")
    is_hidden = pl.when(total.is_null()).then(rule.find_small(count)).otherwise(~rule.find_shown(count, total))
    return rows.with_columns(is_hidden=is_hidden, is_absent=pl.lit(value=False))


@pytest.mark.parametrize(
    ("part", "without"),
    [
        ("within_districts", within_small_alone),
        ("of_hidden_districts", lambda rows, rule: rows),
        ("with_those_without", lambda rows: rows),
        ("_absent", lambda rows: rows.clear().with_columns(is_hidden=False, is_absent=True)),
    ],
)
def test_the_attack_succeeds_without_any_one_part_of_the_rule(
    part: str, without: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ward_rows, part, without)
    found, _ = attacked(range(120))
    assert len(found) > 2


# the invented force


def test_the_wards_of_every_district_add_up_to_it(invented_force: InventedForce) -> None:
    """In every measure, and every period of wards."""
    with invented_force.connect() as con:
        wrong = con.execute("""
            with wards as (
                select force_code, measure_code, period_type, period_start, period_end, is_whole,
                    coalesce(regexp_extract(breakdown_value, '^(.*): ', ['d']).d, '') as found, breakdown_value,
                    if(found = '', breakdown_value, found) as district, numerator, denominator, not_known_count
                from metrics.measure_values where breakdown = 'ward'
            ),
            summed as (
                select force_code, measure_code, period_type, period_start, period_end, is_whole, district,
                    sum(numerator) as numerator, sum(denominator) as denominator,
                    sum(not_known_count) as not_known_count
                from wards group by all
            ),
            districts as (
                select v.* from metrics.measure_values as v
                inner join reference.measures as m using (measure_code)
                where v.breakdown = 'district' and v.period_type in ('quarter', 'financial_year', 'to_date')
                    and m.kind <> 'median'
                    and (measure_code, period_type) in (select (measure_code, period_type) from wards)
            )
            select measure_code, period_type, period_start, district, s.numerator, d.numerator
            from summed as s
            full join (select * rename (breakdown_value as district) from districts) as d
                using (force_code, measure_code, period_type, period_start, period_end, is_whole, district)
            where (s.numerator, s.denominator, s.not_known_count)
                is distinct from (d.numerator, d.denominator, d.not_known_count)
        """).fetchall()
        held = con.execute("""
            select count(*), count(distinct breakdown_value), count(distinct measure_code),
                list(distinct period_type order by period_type)
            from metrics.measure_values where breakdown = 'ward'
        """).fetchone()
    assert wrong == []
    assert held is not None
    rows, parts, measures, kinds = held
    assert rows > 5_000 and parts == 15 and measures > 20
    assert kinds == ["financial_year", "quarter", "to_date"]


def test_recorded_by_ward_is_the_count_of_the_delivered_files(invented_force: InventedForce) -> None:
    """In plain Python, by financial year."""
    beside = pl.read_csv(invented_force.data / "commissioning" / "small_areas.csv")
    wards = {row["lsoa_code"]: f"{row['area_name']}: {row['ward_name']}" for row in beside.iter_rows(named=True)}
    removed = {row["crime_id"] for row in delivered(invented_force, "removal")}
    with invented_force.connect() as con:
        known = {ref for (ref,) in con.execute("select crime_ref from core.crimes").fetchall()}
        found = con.execute("""
            select year(period_start), breakdown_value, numerator from metrics.measure_values
            where measure_code = 'recorded' and period_type = 'financial_year' and breakdown = 'ward' and numerator > 0
        """).fetchall()
    counts: Counter[tuple[int, str]] = Counter()
    for row in delivered(invented_force, "crime"):
        if row["ho_code"] in IN_SCOPE and row["crime_id"] in known - removed:
            day = london_day(moment(row["recorded_ts"]))
            counts[day.year - (day.month < 4), wards.get(row["lsoa21"], "not known")] += 1
    assert {(year, ward): count for year, ward, count in found} == counts
    assert len({ward for _, ward in counts}) == 15


def test_no_small_count_of_the_invented_force_follows_from_its_districts_and_wards(
    invented_force: InventedForce,
) -> None:
    """Over every measure and period whose whole is shown."""
    with invented_force.connect() as con:
        figures = pl.DataFrame(con.sql("""
            select * from metrics.measure_values
            where breakdown in ('none', 'district', 'ward')
                and period_type in ('quarter', 'financial_year', 'to_date')
                and measure_code in (select measure_code from metrics.measure_values where breakdown = 'ward')
        """).pl())
    rows, found, hidden = measure_rows.marked(figures, RULE), [], 0
    wards = figures.filter(pl.col("breakdown") == "ward").group_by("measure_code", "period_type")
    known = {of: held["breakdown_value"] for of, held in wards}
    for (code, kind, start), of_one in rows.group_by(PERIOD):
        whole = of_one.filter(pl.col("breakdown") == "none")
        if not whole["is_hidden"][0] and (code, kind) in known:
            found += [(code, kind, start, *one) for one in told(of_one, known[code, kind])]
            hidden += of_one.filter("is_hidden").height
    assert found == []
    assert hidden > 2_000
