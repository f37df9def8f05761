"""Write what two invented forces deliver, so that tables have rows: `python tests/tools/two_forces.py DATA [CRIMES]`
for the first delivery, `python tests/tools/two_forces.py --next DATA HOME` for the second.

CRIMES of each force: 6,000 unless it is given, 3,000 at least. It needs `PYTHONPATH=.:tests/worlds`. The second force
has a seed, a code and keys of its own, as a second record system would; it lacks a field that others have. Each
delivers its own files. Beside them are the open data of `sample/`, and small invented copies of what is delivered by
hand. The second delivery takes crimes and names back, and HOME gets what people decide: some tables have rows only once
there was an earlier build.
"""

from __future__ import annotations

import copy
import datetime as dt
import json
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import duckdb
import polars as pl
from audit_hands import REGISTRAR, drawn_cycle, rate_all
from legal_extract import COUNTRYWIDE, FORCES, TABLES, rekeyed

from assets.readers.extract import identities
from casework.assessment import assessments, notes, overrides, registers, scheme
from casework.audit import ratings, results
from casework.people import links
from casework.store.database import open_store, today
from pipelines.cards import ROOT
from sample.synth import commissioning, write_force

CRIMES = 6_000
ONE, OTHER = FORCES[:2]
TOGETHER = (*COUNTRYWIDE, identities.TABLE)  # one file of the table counts
OTHER_PLACES = {"E019999": "E019998", "Invented District": "Other District"}
# a service is of the force of its area, which only codes in use say
AREAS = {
    ONE: ("E06000001", "E06000002", "E06000003", "E06000004", "E22000027"),
    OTHER: ("E06000026", "E06000027", "E07000040", "E07000041", "E07000042"),
}
TAKEN_BACK = 300  # crimes that the second delivery of the first force lacks
SOME_FORCES = ("Kent", "Essex", "Sussex", "Surrey", "Dorset", "Norfolk", "Suffolk", "Gwent", "Durham", "Cumbria",
               "Cleveland", "Wiltshire")  # fmt: skip
OUTCOME_HEADER = ("Financial Year", "Financial Quarter", "Force Name", "Offence Code", "Offence Description",
                  "Offence Group", "Offence Subgroup", "Offence code expired", "Outcome Type", "Outcome Description",
                  "Outcome Group", "Outcomes for offences that were recorded in the quarter",
                  "Outcomes for investigations closed in the quarter")  # fmt: skip
HARM_INDEX = (("1/1", "Murder", 5475), ("34/1", "Robbery", 365), ("46", "Shoplifting", 1), ("8L", "Harassment", 19),
              ("8M", "Racially aggravated harassment", 42), ("8Q", "Stalking", 77), ("8R", "Communications", 10),
              ("8U", "Coercive control", 182))  # fmt: skip
ANALYST, OTHER_ANALYST = "Invented Analyst", "Invented Second"
WHY = "An invented judgement of the records, as a force would write it down for the panel that looks at it."


def write(data: Path, crimes: int = CRIMES) -> None:
    """Write the first delivery of both forces, the sample and what is delivered by hand into a new folder."""
    shutil.copytree(ROOT / "sample" / "open_data", data / "open_data")
    (data / "forces").mkdir()
    together: dict[str, list[pl.DataFrame]] = {}
    for number, code in enumerate((ONE, OTHER), 1):
        made = data / f"made_{number}"
        write_force(made, crimes, seed=number, noise="low")
        for file in sorted(made.rglob("*.csv")):
            if file.parent.name == "truth" or (number == 2 and file.stem not in TABLES):
                continue
            rows = _of(code, file.stem, pl.read_csv(file, infer_schema=False))
            if file.stem in TOGETHER:
                together.setdefault(file.stem, []).append(rows)
            else:
                rows.write_csv(data / "forces" / f"{file.stem}_{number}.csv")
        shutil.rmtree(made)
    for table, parts in together.items():
        pl.concat(parts).write_csv(data / "forces" / f"{table}.csv")
    (data / "forces" / "district_boundaries.geojson").write_text(_outlines(), encoding="utf-8")
    by_hand(data / "by_hand")


def _of(code: str, table: str, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows of a table as those of a force: the second has its own code, keys and areas, and lacks a field."""
    if "area_code" in rows.columns:
        rows = rows.with_columns(pl.col("area_code").replace(dict(zip(commissioning.AREAS, AREAS[code], strict=True))))
    if code == ONE:
        return rows
    rows = rekeyed({table: rows}, lambda key: pl.lit(f"{code}-") + key)[table]
    rows = rows.with_columns(pl.all().str.replace_many(OTHER_PLACES))
    if "service_id" in rows.columns:
        rows = rows.with_columns(service_id=pl.lit("other-") + pl.col("service_id"))
    if "force_code" in rows.columns:
        # exchanged, so that the neighbour of each is no third force
        rows = rows.with_columns(pl.col("force_code").replace({ONE: OTHER, OTHER: ONE}))
    if table == "incident":  # some name no force
        is_left = (pl.int_range(pl.len()) % 500 == 0) & (pl.col("crime_related") == "false")
        rows = rows.with_columns(force_code=pl.when(~is_left).then("force_code"))
    return rows.drop("considered_ts", strict=False)


def _outlines() -> str:
    """The districts of both forces, the second's beside the first's."""
    found = json.loads(commissioning.boundaries())
    other = copy.deepcopy(found["features"])
    for feature in found["features"]:
        feature["properties"]["force_code"] = ONE
    for feature in other:
        name = feature["properties"]["district"].replace("Invented District", "Other District")
        feature["properties"] |= {"district": name, "force_code": OTHER}
        shape = feature["geometry"]
        shape["coordinates"] = [[[round(x + 2, 2), y] for x, y in ring] for ring in shape["coordinates"]]
    return json.dumps(found | {"features": found["features"] + other})


def by_hand(folder: Path) -> None:
    """Write the index of harm, the most similar forces and the Home Office's outcomes, all invented."""
    folder.mkdir()
    outcomes = [
        [year, str(quarter), name, "8Q", "Stalking", "Violence against the person", "Stalking and harassment", "", kind,
         "x", "x", recorded, closed]
        for year in ("2023/24", "2024/25")
        for n, name in enumerate(SOME_FORCES)
        for quarter in (1, 2, 3, 4)
        for kind, recorded, closed in (("0", "40", "N/A"), ("1", f"{8 + n % 3}", f"{10 + n % 3}"), ("16", "60", "70"))
    ]  # fmt: skip
    _csv(folder / "prc-outcomes-open-data-mar2025-tables.csv", OUTCOME_HEADER, outcomes)
    _csv(folder / "harm_index.csv", ("HO code", "Offence", "CCHI score"), HARM_INDEX)
    peers = [(ONE, other, "invented", "2021-01-01") for other in (OTHER, "E23000032")]
    _csv(folder / "similar_forces.csv", ("force_code", "similar_force_code", "list_version", "valid_from"), peers)


def _csv(file: Path, header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    pl.DataFrame([list(map(str, row)) for row in rows], schema=list(header), orient="row").write_csv(file)


def deliver_again(data: Path) -> None:
    """Write the second delivery: the first force lacks its latest crimes, and names of some people are others'."""
    folder = data / "forces"
    crimes = pl.read_csv(folder / "crime_1.csv", infer_schema=False)
    gone = crimes.sort("recorded_ts")["crime_id"].tail(TAKEN_BACK).implode()
    for file in sorted(folder.glob("*_1.csv")):
        rows = pl.read_csv(file, infer_schema=False)
        if "crime_id" in rows.columns:
            rows.filter(~pl.col("crime_id").is_in(gone) | pl.col("crime_id").is_null()).write_csv(file)
    names = folder / f"{identities.TABLE}.csv"
    rows = pl.read_csv(names, infer_schema=False)
    moved = pl.int_range(pl.len()) % 40 == 0
    others = [name for name in rows.columns if name != "person_key"]
    rows.with_columns(pl.when(moved).then(pl.col(n).shift(1)).otherwise(pl.col(n)).alias(n) for n in others).write_csv(
        names
    )


def decide(home: Path) -> None:
    """Put into a home what people decide: an audit, links, the scheme, an override, registers, an assessment."""
    engine = open_store(home)
    cycle = drawn_cycle(engine, {"A": 30, "B": 30}, {"A": 10, "B": 10})
    failing = next(s for s in ratings.samples(engine, cycle) if s["stratum"] == "B")
    rate_all(engine, cycle, {failing["unit_ref"]: {"class_correct": "fail"}})
    results.add_finding(engine, failing["sample_ref"], REGISTRAR, {
        "category": "under_classified", "rule_code": "CLS-02", "severity": "high", "owner": "Invented Unit",
        "due_date": "2026-05-31", "words": "recorded as harassment"})  # fmt: skip
    results.record_estimates(engine, cycle, [{
        "metric": "classification_accuracy", "stratum": "A", "strata": "A", "population": 30, "passed": 9, "rated": 10,
        "not_evaluable": 0, "share": 0.9, "lower": 0.6, "upper": 0.98, "method": "Wilson", "caveat": ""}],
        REGISTRAR)  # fmt: skip
    results.sign_off(engine, cycle, REGISTRAR, "Invented words", today())
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as con:
        scores = con.sql(f"select * from metrics.theme_scores where force_code = '{ONE}' order by all").pl().to_dicts()
        pairs = con.execute("select person_key_l, person_key_r from raw.person_pairs order by all limit 4").fetchall()
    for pair in pairs:
        for who, role in ((ANALYST, "first"), (OTHER_ANALYST, "second")):
            links.decide(engine, who, role, pair, "different", "namesakes")
    assessments.issue(engine, "An invented assessment", dt.date(2025, 12, 31), "0" * 64, scores, ANALYST)
    change = scheme.Change("weight", "harm/physical", 1.0, 1.5, "Invented reason", {"ranks": {"T1": [2, 1]}})
    scheme.accept(engine, change, ANALYST, seen_version=scheme.version(engine))
    last = (today() + dt.timedelta(days=300)).isoformat()
    proposal = overrides.Proposal("T1", "psychological", 3, 2, "indicator_misleads", WHY, "invented note 7", last)
    ref = overrides.propose(engine, proposal, ANALYST)
    overrides.decide(engine, ref, "approved", OTHER_ANALYST, "", seen_decisions=0)
    series = notes.Series("recorded", ONE, "none", "none")
    notes.save(engine, "", series, "2025-11-30", "Invented words", ANALYST, seen_revision=0)
    action = {"title": "An invented action", "heading": "protect", "owner": "Invented post", "due_date": "2026-03-01",
              "public_measure": "risk_assessed", "status": "open"}  # fmt: skip
    registers.save(engine, "recommendations", "", action, ANALYST, seen_revision=0)


def main(arguments: list[str]) -> int:
    """Write a delivery; the exit code."""
    if arguments[:1] == ["--next"] and len(arguments) == 3:
        data, home = map(Path, arguments[1:])
        deliver_again(data)
        decide(home)
    elif len(arguments) in (1, 2) and not arguments[0].startswith("-"):
        write(Path(arguments[0]), *map(int, arguments[1:]))
    else:
        print(__doc__, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
