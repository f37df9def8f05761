"""The invented force: its layout and its truth. That the planted records alone break rules is in test_planted.py."""

from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

from assets.raw import sources, tables_of_people
from expectations import RULES
from pipelines.delivery.parts import key_of
from sample.synth import NOT_FEEDABLE, PLANTINGS, hold, make, write_force
from sample.synth.neighbour import write_neighbour
from sample.synth.write import TABLES

CRIMES = 6000
OF_NO_EXTRACT = {"DEL", "PUB", "AUD"}  # groups of rules on deliveries, open data and audits: an extract holds none


class Force:
    """What was written, read as text, times as times."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.planted = pl.read_csv(folder / "truth" / "planted_breaches.csv")
        self.decoys = pl.read_csv(folder / "truth" / "decoys.csv")

    def __getitem__(self, table: str) -> pl.DataFrame:
        frame = pl.read_csv(self.folder / "force" / f"{table}.csv", infer_schema=False)
        times = [c for c in frame.columns if c.endswith("_ts") or c in ("ts", "notify_due", "first_seen", "last_seen")]
        return frame.with_columns(pl.col(times).str.to_datetime("%Y-%m-%dT%H:%M:%S%#z", time_zone="UTC"))

    def breaches(self, rule: str) -> set[str]:
        return set(self.planted.filter(pl.col("rule_code") == rule)["record_ref"])


@pytest.fixture(scope="module")
def force(tmp_path_factory: pytest.TempPathFactory) -> Force:
    folder = tmp_path_factory.mktemp("invented")
    write_force(folder, CRIMES, seed=11)
    return Force(folder)


@pytest.fixture(scope="module", params=[200, 1000])
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


@pytest.mark.parametrize(("crimes", "seed"), [(12_000, 11), (20_000, 2)])
def test_all_that_can_be_planted_finds_its_crimes_with_any_seed(crimes: int, seed: int) -> None:
    """Such forces once ran out of crimes to plant rules in."""
    world, _ = make(crimes, seed, "low")
    assert world.crimes == crimes and {rule for rule, _, _ in world.planted} >= set(PLANTINGS)


@pytest.mark.parametrize("seed", range(1, 5))
def test_a_small_force_can_be_held_whatever_pairs_were_joined(seed: int) -> None:
    """With seed 1 the last pair of 600 crimes is joined to another, which once left people without a number."""
    assert hold(600, seed)["crime"].height == 600


def test_parquet_holds_the_same(force: Force, tmp_path: Path) -> None:
    write_force(tmp_path, 3000, seed=5, form="parquet")
    write_force(tmp_path, 3000, seed=5)
    table = pl.read_parquet(tmp_path / "force" / "crime.parquet")
    assert table["crime_id"].to_list() == pl.read_csv(tmp_path / "force" / "crime.csv")["crime_id"].to_list()


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


def test_the_neighbour_holds_records_of_people_of_the_force_under_references_of_its_own(
    force: Force, tmp_path: Path
) -> None:
    """Before the serious report of a warning, after that of a decoy; by name it is the same two people."""
    write_neighbour(tmp_path, CRIMES, seed=11)
    there = Force(tmp_path)
    for table in TABLES.keys() & tables_of_people():
        if (key := key_of(sources()[table])) is not None:
            assert not set(there[table][key]) & set(force[table][key]), table
    assert set(there["crime"]["force_code"]) >= {"E23000012"} and set(there.planted["rule_code"]) <= set(PLANTINGS)
    warnings = pl.read_csv(tmp_path / "truth" / "missed_warnings.csv")
    assert set(warnings["held_in"]) == {"another force"} and sorted(set(warnings["is_decoy"])) == [False, True]

    def of(source: Force, crime: str) -> tuple[datetime, pl.DataFrame]:
        roles = source["party_role"].filter(crime_id=crime).filter(pl.col("role").is_in(["victim", "suspect"]))
        people = roles.select("role", "person_key").join(source["person_identity"], on="person_key")
        people = people.join(pl.read_csv(source.folder / "truth" / "people.csv"), on="person_key")
        return source["crime"].filter(crime_id=crime)["reported_ts"].item(), people.drop("person_key").sort("role")

    for here, serious, is_decoy in warnings.select("crime_id", "serious_crime_id", "is_decoy").iter_rows():
        (reported, people), (grave, known) = of(there, here), of(force, serious)
        assert people.height == 2 and people.equals(known)
        assert (reported > grave) == is_decoy


def test_a_small_force_has_as_many_crimes_as_asked_for_and_its_truth_names_what_was_planted(
    small_force: Force, request: pytest.FixtureRequest
) -> None:
    assert small_force["crime"].height == request.node.callspec.params["small_force"]
    assert 5 <= small_force.planted["rule_code"].n_unique() < len(PLANTINGS)
    key = ["rule_code", "record_type", "record_ref"]
    assert small_force.planted.join(small_force.decoys, on=key).is_empty()
