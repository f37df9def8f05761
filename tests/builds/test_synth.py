"""The invented force: its layout, its truth, and rules re-stated in plain polars that only planted records break."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from assets.raw import sources
from expectations import RULES
from sample.synth import NOT_FEEDABLE, PLANTINGS, make, write_force
from sample.synth.write import TABLES

CRIMES = 6000
EXTRACT = datetime(2026, 3, 31, 22, 0, tzinfo=UTC)
S_AND_H = ["8L", "8M", "8Q", "8R", "8U"]
NFA = ["10", "14", "15", "16", "17", "18", "20", "21", "22"]
DOMESTIC = ["spouse", "ex_spouse", "civil_partner", "ex_civil_partner", "partner", "ex_partner", "family"]
FORMER = ["ex_spouse", "ex_civil_partner", "ex_partner"]
OF_NO_EXTRACT = {"DEL", "PUB", "AUD"}  # groups of rules on deliveries, open data and audits: an extract holds none


class Force:
    """What was written, read as text, times as times."""

    def __init__(self, folder: Path, *, has_truth: bool = True) -> None:
        self.folder = folder
        if not has_truth:
            return
        self.planted = pl.read_csv(folder / "truth" / "planted_breaches.csv")
        self.decoys = pl.read_csv(folder / "truth" / "decoys.csv")

    def __getitem__(self, table: str) -> pl.DataFrame:
        frame = pl.read_csv(self.folder / "force" / f"{table}.csv", infer_schema=False)
        times = [c for c in frame.columns if c.endswith("_ts") or c in ("ts", "notify_due", "first_seen", "last_seen")]
        return frame.with_columns(pl.col(times).str.to_datetime("%Y-%m-%dT%H:%M:%S%#z", time_zone="UTC"))

    def breaches(self, rule: str) -> set[str]:
        return set(self.planted.filter(pl.col("rule_code") == rule)["record_ref"])

    def crimes(self) -> pl.DataFrame:
        """Crimes with the row of their current outcome."""
        current = self["outcome"].filter(pl.col("is_current") == "true").unique("crime_id", maintain_order=True)
        outcome = current.select("crime_id", "code", "outcome_ts", "rationale", "authoriser_rank", "alt_ho_code")
        return (
            self["crime"]
            .join(outcome, on="crime_id", how="left")
            .with_columns(sh=pl.col("class_code").is_in(S_AND_H), open=pl.col("status").is_in(["open", "reopened"]))
        )

    def with_named(self) -> pl.DataFrame:
        suspects = self["party_role"].filter(pl.col("role") == "suspect")
        counts = suspects.group_by("crime_id").agg(rows=pl.len(), named=(pl.col("named") == "true").sum())
        return self.crimes().join(counts, on="crime_id", how="left").with_columns(pl.col("rows", "named").fill_null(0))

    def relationships(self) -> pl.DataFrame:
        rows = self["party_role"].filter(pl.col("role").is_in(["victim", "suspect"]))
        return rows.group_by("crime_id").agg(rel=pl.col("relationship").drop_nulls().first())

    def pair_of(self) -> pl.DataFrame:
        roles = self["party_role"]
        victims = roles.filter(pl.col("role") == "victim").unique("crime_id", keep="first", maintain_order=True)
        suspects = roles.filter(pl.col("role") == "suspect").select("crime_id", suspect="person_key")
        return victims.select("crime_id", victim="person_key").join(suspects, on="crime_id")


@pytest.fixture(scope="module")
def force(tmp_path_factory: pytest.TempPathFactory) -> Force:
    folder = tmp_path_factory.mktemp("invented")
    write_force(folder, CRIMES, seed=11)
    return Force(folder)


@pytest.fixture(scope="module", params=[200, 300, 500, 1000, 2000])
def small_force(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Force:
    folder = tmp_path_factory.mktemp("small")
    write_force(folder, request.param, seed=2, noise="low")
    return Force(folder)


def test_same_seed_same_bytes(tmp_path: Path) -> None:
    for name, seed in (("one", 3), ("two", 3), ("other", 4)):
        write_force(tmp_path / name, 3000, seed=seed, noise="low")
    one, two, other = (
        {file.relative_to(tmp_path / name): file.read_bytes() for file in sorted((tmp_path / name).rglob("*.csv"))}
        for name in ("one", "two", "other")
    )
    assert one == two
    assert one != other


def test_files_and_headers_are_those_of_the_extract(force: Force) -> None:
    for table in TABLES:
        source = sources()[table]
        header = (force.folder / "force" / f"{table}.csv").open(encoding="utf-8").readline().strip().split(",")
        assert header == list(source.columns), table
    assert (force.folder / "points" / "rfgv_points.csv").read_text(encoding="utf-8").count("invented") == 13
    assert "invented" in (force.folder / "README.txt").read_text(encoding="utf-8")
    assert set(force["force"]["name"]) == {"Invented Force", "Invented Neighbour Force"}


@pytest.mark.parametrize(("crimes", "seed"), [(12_000, 1), (12_000, 4), (12_000, 11), (20_000, 2)])
def test_a_force_of_any_size_from_3000_on_can_be_made_with_any_seed(crimes: int, seed: int) -> None:
    """These four once ran out of crimes to plant rules in."""
    world, _ = make(crimes, seed, "low")
    assert world.crimes == crimes and {rule for rule, _, _ in world.planted} >= set(PLANTINGS)


def test_parquet_holds_the_same(force: Force, tmp_path: Path) -> None:
    write_force(tmp_path, 3000, seed=5, form="parquet")
    write_force(tmp_path, 3000, seed=5)
    table = pl.read_parquet(tmp_path / "force" / "crime.parquet")
    assert table["crime_id"].to_list() == pl.read_csv(tmp_path / "force" / "crime.csv")["crime_id"].to_list()


def test_the_extract_of_an_earlier_day_holds_what_was_known_then(tmp_path: Path) -> None:
    """The same rows, without those of later; a case that was closed later is open. Only due days may lie ahead."""
    day = datetime(2025, 4, 1, tzinfo=UTC) - timedelta(hours=1)  # the end of 31 March in London
    write_force(tmp_path / "whole", 3000, seed=5)
    write_force(tmp_path / "then", 3000, seed=5, until=date(2025, 3, 31))
    whole, then = Force(tmp_path / "whole", has_truth=False), Force(tmp_path / "then", has_truth=False)
    assert not (tmp_path / "then" / "truth").exists() and not (tmp_path / "then" / "force" / "pair.csv").exists()
    known = whole["crime"].filter(pl.col("recorded_ts") < day)
    assert then["crime"]["crime_id"].to_list() == known["crime_id"].to_list() and known.height < 3000
    planned = {"notify_due", "end_ts"}
    for table in set(TABLES) - {"pair"}:
        frame = then[table]
        for name in (n for n, kind in frame.schema.items() if kind == pl.Datetime and n not in planned):
            assert frame[name].is_null().all() or frame[name].max() < day, (table, name)
    closed = whole["outcome"].filter((pl.col("code") != "0") & (pl.col("outcome_ts") < day))["crime_id"]
    status = dict(then["crime"].select("crime_id", "status").iter_rows())
    assert {crime for crime, state in status.items() if state == "closed"} == set(closed) & set(status)
    assert then["outcome"].filter(pl.col("is_current") == "true")["crime_id"].is_unique().all()


def test_as_many_crimes_as_asked_for(force: Force) -> None:
    assert force["crime"].height == CRIMES


def test_every_rule_is_planted_or_named_as_not_feedable(force: Force) -> None:
    of_extract = {rule.code for rule in RULES if rule.code.partition("-")[0] not in OF_NO_EXTRACT}
    assert set(PLANTINGS) | set(NOT_FEEDABLE) == of_extract
    assert not set(PLANTINGS) & set(NOT_FEEDABLE)
    assert set(force.planted["rule_code"]) == set(PLANTINGS)
    assert set(force.decoys["rule_code"]) == set(PLANTINGS)


def test_no_decoy_is_a_breach_of_its_rule(force: Force) -> None:
    both = force.planted.join(force.decoys, on=["rule_code", "record_type", "record_ref"])
    assert both.is_empty(), both


def test_truth_speaks_of_records_that_exist(force: Force) -> None:
    for kind, table, key in (
        ("crime", "crime", "crime_id"),
        ("incident", "incident", "incident_id"),
        ("order", "order_", "order_id"),
    ):
        known = set(force[table][key])
        rows = pl.concat([force.planted.filter(pl.col("rule_code") != "STR-11"), force.decoys])
        assert set(rows.filter(pl.col("record_type") == kind)["record_ref"]) <= known


def test_references_between_tables_hold(force: Force) -> None:
    crimes, people = set(force["crime"]["crime_id"]), set(force["person"]["person_key"])
    ghosts: set[str] = set()
    for table, fields in TABLES.items():
        frame = force[table]
        if "crime_id" in fields.split() and table != "crime":
            ghosts |= set(frame["crime_id"].drop_nulls()) - crimes
        for field in ("person_key", "victim_key", "suspect_key", "respondent_key", "to_key"):
            if field in fields.split():
                assert set(frame[field].drop_nulls()) <= people, (table, field)
    parents = force["removal"]["parent_crime_ref"].drop_nulls()
    lost = force["removal"].filter(
        ~pl.col("parent_crime_ref").is_in(force["crime"]["crime_ref"].drop_nulls().implode())
    )
    lost = lost.filter(pl.col("parent_crime_ref").is_not_null())
    assert parents.len() > 0
    assert ghosts | set(lost["crime_id"]) == force.breaches("STR-11")
    assert set(force["crime"]["incident_id"].drop_nulls()) <= set(force["incident"]["incident_id"])
    assert set(force["risk_plan"]["ra_id"]) <= set(force["risk_assessment"]["ra_id"]) | {""}
    assert set(force["bail"]["custody_id"]) <= set(force["custody"]["custody_id"])
    assert set(force["order_breach"]["order_id"]) <= set(force["order_"]["order_id"])


def hours(later: str, earlier: str) -> pl.Expr:
    return (pl.col(later) - pl.col(earlier)).dt.total_seconds() / 3600


def str01(f: Force) -> pl.DataFrame:
    return f["crime"].filter(pl.col("crime_ref").is_null() | (pl.len().over("force_code", "crime_ref") > 1))


def str08(f: Force) -> pl.DataFrame:
    wrong = (
        (pl.col("offence_from_ts") > pl.col("offence_to_ts")) | (pl.col("offence_to_ts") > pl.col("reported_ts"))
        | (pl.col("offence_from_ts") > pl.col("reported_ts")) | (pl.col("reported_ts") > pl.col("recorded_ts"))
        | (pl.col("outcome_ts") < pl.col("recorded_ts"))
    )  # fmt: skip
    return f.crimes().filter(wrong)


def str10(f: Force) -> pl.DataFrame:
    size = pl.col("mo_text").str.len_chars()
    return f["crime"].filter(
        pl.col("mo_text").is_not_null() & ((size < 20) | (size > 300) | (pl.len().over("mo_text") > 3))
    )


def tim01(f: Force) -> pl.DataFrame:
    limit = pl.when(pl.col("reported_ts") < datetime(2015, 3, 31, 23, tzinfo=UTC)).then(72).otherwise(24)
    return f["crime"].filter(hours("recorded_ts", "reported_ts") > limit)


def tim03(f: Force) -> pl.DataFrame:
    both = f["crime"].join(f["incident"].select("incident_id", "created_ts"), on="incident_id")
    return both.filter(hours("reported_ts", "created_ts") > 0.25)


def tim06(f: Force) -> pl.DataFrame:
    return f.crimes().filter(
        (pl.col("class_code") == "8Q")
        & ~pl.col("code").is_in(["0", "1", "1A"])
        & (hours("outcome_ts", "recorded_ts") < 1)
    )


def tim07(f: Force) -> pl.DataFrame:
    last = f["review"].group_by("crime_id").agg(last=pl.col("ts").max())
    grade = f["risk_assessment"].sort("completed_ts").group_by("crime_id").agg(grade=pl.col("grade").last())
    days = (pl.lit(EXTRACT) - pl.coalesce("last", "recorded_ts")).dt.total_seconds() / 86400
    limit = pl.when(pl.col("grade") == "high").then(7).otherwise(28)
    crimes = f.crimes().join(last, on="crime_id", how="left").join(grade, on="crime_id", how="left")
    return crimes.filter(pl.col("open") & pl.col("sh") & (days > limit))


def cls01(f: Force) -> pl.DataFrame:
    return f["crime"].join(f.relationships(), on="crime_id").filter(
        pl.col("rel").is_in(FORMER) & pl.col("class_code").is_in(["8L", "8M"]) & (pl.col("course_of_conduct") == "true")
        & pl.col("harassment_only_rationale").is_null()
    )  # fmt: skip


def cls03(f: Force) -> pl.DataFrame:
    acts = ["8R", "9A", "8N", "105A", "58C"]
    crimes = (
        f["crime"].join(f.pair_of(), on="crime_id").select("crime_id", "victim", "suspect", "class_code", "reported_ts")
    )
    conduct = pl.col("class_code").is_in(["8L", "8Q", "8U"]).any().over("victim", "suspect")
    crimes = crimes.filter(~conduct & pl.col("class_code").is_in(acts))
    pairs = crimes.join(crimes, on=["victim", "suspect"], suffix="_other").filter(
        pl.col("crime_id") != pl.col("crime_id_other")
    )
    return pairs.filter((pl.col("reported_ts") - pl.col("reported_ts_other")).abs() <= timedelta(days=365)).unique(
        "crime_id"
    )


def cls09(f: Force) -> pl.DataFrame:
    crimes = f["crime"].join(f.pair_of(), on="crime_id", how="left")
    earlier = pl.col("reported_ts") > pl.col("reported_ts").min().over("victim", "suspect")
    return crimes.filter(
        pl.col("class_code").is_in(["8L", "8Q"]) & (pl.col("coc_count").cast(pl.Int64) < 2)
        & (pl.col("s1_1a") == "false")
        & ~earlier & ~pl.col("crime_id").is_in(f["crime_link"]["crime_id"].implode())
    )  # fmt: skip


def cls12(f: Force) -> pl.DataFrame:
    crimes = (
        f["crime"]
        .join(f.pair_of(), on="crime_id")
        .select("crime_id", "victim", "suspect", "class_code", "ho_code", "reported_ts")
    )
    breach = crimes.filter(pl.col("ho_code").is_in(["8/31", "66/38", "66/39"]))
    conduct = crimes.filter(pl.col("class_code").is_in(["8Q", "8L"]) & (pl.col("ho_code") != "8/31"))
    near = breach.join(conduct, on=["victim", "suspect"], suffix="_near").filter(
        (pl.col("reported_ts") - pl.col("reported_ts_near")).abs() <= timedelta(days=90)
    )
    return breach.filter(~pl.col("crime_id").is_in(near["crime_id"].implode()))


def cls18(f: Force) -> pl.DataFrame:
    roles = f["party_role"].filter(pl.col("role").is_in(["victim", "suspect"]))
    ages = roles.group_by("crime_id").agg(
        young=pl.col("age_at_offence").cast(pl.Int64).min(), n=pl.col("age_at_offence").count()
    )
    flagged = f["crime_flag"].filter(pl.col("flag") == "da")["crime_id"]
    both = f["crime"].join(f.relationships(), on="crime_id").join(ages, on="crime_id")
    return both.filter(
        pl.col("rel").is_in(DOMESTIC)
        & (pl.col("young") >= 16)
        & (pl.col("n") >= 2)
        & ~pl.col("crime_id").is_in(flagged.implode())
    )


def out02(f: Force) -> pl.DataFrame:
    codes = ["1", "1A", "2", "2A", "3", "3A", "4", "5", "8", "9", "10", "11", "12", "13", "15", "16", "17", "21", "22"]
    return f.with_named().filter(pl.col("code").is_in(codes) & (pl.col("named") == 0))


def out03(f: Force) -> pl.DataFrame:
    return f.with_named().filter(pl.col("code").is_in(["14", "18"]) & (pl.col("named") > 0))


def out08(f: Force) -> pl.DataFrame:
    summary = ["195/12", "195/94", "125/68", "125/9", "125/11", "125/12", "105/1"]
    last = pl.coalesce("offence_to_ts", "offence_from_ts").dt.convert_time_zone("Europe/London").dt.offset_by("6mo")
    out = pl.col("outcome_ts").dt.convert_time_zone("Europe/London")
    early = (pl.col("code") == "17") & (out < last)
    late = pl.col("code").is_in(["1", "1A"]) & pl.col("ho_code").is_in(summary) & (out > last)
    return f.crimes().filter(early | late)


def out09(f: Force) -> pl.DataFrame:
    whole = f["victim_engagement"].filter(pl.all_horizontal(pl.col("channel", "by_id", "reason").is_not_null()))
    return f.crimes().filter(
        pl.col("code").is_in(["14", "16"]) & ~pl.col("crime_id").is_in(whole["crime_id"].implode())
    )


def out18(f: Force) -> pl.DataFrame:
    lines = f["line_of_enquiry"].filter(
        pl.col("type").is_in(["phone", "cctv", "comms_data"])
        & (pl.col("required") == "true")
        & pl.col("done_ts").is_null()
    )
    return f.crimes().filter(pl.col("code").is_in(NFA) & pl.col("crime_id").is_in(lines["crime_id"].implode()))


def vic05(f: Force) -> pl.DataFrame:
    open_ = f.crimes().filter(pl.col("open") & pl.col("sh")).select("crime_id", "recorded_ts")
    ts = f["victim_contact"].select("crime_id", "ts")
    ends = open_.with_columns(ts=pl.lit(EXTRACT)).select("crime_id", "ts")
    times = pl.concat([ts, open_.select("crime_id", ts="recorded_ts"), ends]).sort("crime_id", "ts")
    gaps = times.with_columns(gap=pl.col("ts") - pl.col("ts").shift().over("crime_id")).filter(
        pl.col("gap") > timedelta(days=28)
    )
    return open_.filter(pl.col("crime_id").is_in(gaps["crime_id"].implode()))


def rsk01(f: Force) -> pl.DataFrame:
    done = f["risk_assessment"].filter(pl.col("stage") == "initial")["crime_id"]
    return f["crime"].filter(pl.col("class_code").is_in(["8Q", "8L", "8U"]) & ~pl.col("crime_id").is_in(done.implode()))


def rsk02(f: Force) -> pl.DataFrame:
    first = (
        f["risk_assessment"]
        .filter(pl.col("stage") == "initial")
        .group_by("crime_id")
        .agg(done=pl.col("completed_ts").min())
    )
    return f["crime"].join(first, on="crime_id").filter(hours("done", "reported_ts") > 24)


def rsk04(f: Force) -> pl.DataFrame:
    crimes = f.crimes()
    scope = crimes.filter(pl.col("class_code").is_in(["8Q", "8L", "8U"]))
    held = f["custody"]
    bail = f["bail"].join(held.select("custody_id", "crime_id"), on="custody_id")
    pairs = f.pair_of()
    ends = bail.filter(pl.col("end_ts") <= EXTRACT).select("crime_id", at="end_ts")
    nfa = crimes.filter(pl.col("code").is_in(NFA)).select("crime_id", at="outcome_ts")
    served = (
        f["order_"]
        .filter(pl.col("served_ts").is_not_null())
        .select("order_id", "victim_key", "respondent_key", at="served_ts")
    )
    broken = (
        f["order_breach"]
        .select("order_id", at="ts")
        .join(f["order_"].select("order_id", "victim_key", "respondent_key"), on="order_id")
    )
    orders = pl.concat([served, broken.select(served.columns)])
    of_pair = orders.join(pairs, left_on=["victim_key", "respondent_key"], right_on=["victim", "suspect"]).select(
        "crime_id", "at"
    )
    events = pl.concat(
        [held.select("crime_id", at="arrest_ts"), held.select("crime_id", at="release_ts"), ends, nfa, of_pair]
    ).drop_nulls()
    events = events.join(scope.select("crime_id", "reported_ts"), on="crime_id").filter(
        pl.col("at") > pl.col("reported_ts")
    )
    done = f["risk_assessment"].select("crime_id", "completed_ts")
    answered = events.join(done, on="crime_id").filter(
        (pl.col("completed_ts") >= pl.col("at")) & (hours("completed_ts", "at") <= 48)
    )
    missed = events.join(answered.select("crime_id", "at"), on=["crime_id", "at"], how="anti")
    return missed.filter(pl.col("at") < EXTRACT - timedelta(hours=48)).unique("crime_id")


def rsk05(f: Force) -> pl.DataFrame:
    plans = f["risk_plan"].filter(pl.col("owner_id").is_not_null() & pl.col("review_due").is_not_null())["ra_id"]
    graded = f["risk_assessment"].filter(pl.col("grade").is_in(["medium", "high"]))
    met = graded.filter(pl.col("ra_id").is_in(plans.implode()))["crime_id"]
    return graded.filter(~pl.col("crime_id").is_in(met.implode())).unique("crime_id")


def inv03(f: Force) -> pl.DataFrame:
    crimes = f["crime"].join(f.pair_of(), on="crime_id").select("crime_id", "victim", "suspect", "reported_ts")
    later = crimes.join(crimes, on=["victim", "suspect"], suffix="_old").filter(
        pl.col("reported_ts_old") < pl.col("reported_ts")
    )
    links = f["crime_link"].select("crime_id", crime_id_old="other_id")
    return later.join(links, on=["crime_id", "crime_id_old"], how="anti").unique("crime_id")


def inv07(f: Force) -> pl.DataFrame:
    named = f["party_role"].filter((pl.col("role") == "suspect") & (pl.col("named") == "true"))
    late = named.filter(pl.col("first_added_ts") < EXTRACT - timedelta(days=14))
    late = late.filter(~pl.col("crime_id").is_in(f["custody"]["crime_id"].implode()))
    asked = f["line_of_enquiry"].filter(pl.col("type") == "suspect interview")
    explained = late.join(asked, on="crime_id").filter(pl.col("done_ts") >= pl.col("first_added_ts"))
    late = late.join(explained, on="crime_id", how="anti")
    return late.join(f.crimes().filter(pl.col("sh")), on="crime_id")


def ord01(f: Force) -> pl.DataFrame:
    orders = f["order_"].filter(pl.col("considered_ts").is_not_null() | pl.col("not_applied_rationale").is_not_null())
    stalking = (
        f.crimes().filter((pl.col("class_code") == "8Q") & pl.col("code").is_in(NFA)).join(f.pair_of(), on="crime_id")
    )
    return stalking.join(orders, left_on=["victim", "suspect"], right_on=["victim_key", "respondent_key"], how="anti")


CHECKS: dict[str, Callable[[Force], pl.DataFrame]] = {
    "STR-01": str01, "STR-08": str08, "STR-10": str10, "TIM-01": tim01, "TIM-03": tim03, "TIM-06": tim06,
    "TIM-07": tim07,
    "CLS-01": cls01, "CLS-03": cls03, "CLS-09": cls09, "CLS-12": cls12, "CLS-18": cls18, "OUT-02": out02,
    "OUT-03": out03,
    "OUT-08": out08, "OUT-09": out09, "OUT-18": out18, "VIC-05": vic05, "RSK-01": rsk01, "RSK-02": rsk02,
    "RSK-04": rsk04,
    "RSK-05": rsk05, "INV-03": inv03, "INV-07": inv07, "ORD-01": ord01,
}  # fmt: skip


def test_a_small_force_has_as_many_crimes_as_asked_for_and_its_truth_names_what_was_planted(
    small_force: Force, request: pytest.FixtureRequest
) -> None:
    assert small_force["crime"].height == request.node.callspec.params["small_force"]
    assert 5 <= small_force.planted["rule_code"].n_unique() < len(PLANTINGS)
    for rule, check in CHECKS.items():
        assert set(check(small_force)["crime_id"]) == small_force.breaches(rule), rule
    key = ["rule_code", "record_type", "record_ref"]
    assert small_force.planted.join(small_force.decoys, on=key).is_empty()


@pytest.mark.parametrize("rule", CHECKS)
def test_only_planted_records_break(rule: str, force: Force) -> None:
    found = set(CHECKS[rule](force)["crime_id"])
    planted = force.breaches(rule)
    assert found - planted == set(), "broken by accident"
    assert planted - found == set(), "planted and not broken"
