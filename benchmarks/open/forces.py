"""Invented forces as the tasks need them: whole extracts with their truth, or crimes with the outcome to come."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from pipelines.builds.replayed import replay_own
from sample.synth import make, write_force
from sample.synth.clock import DAY, EXTRACT
from sample.synth.codes import OFFENCES, OUTCOMES, as_text
from sample.synth.write import exported

TIME = "%Y-%m-%dT%H:%M:%S%#z"


def extract(crimes: int, seed: int, noise: str = "none", until: date | None = None) -> dict[str, pl.DataFrame]:
    """Every table of an extract by its place, `force/crime`, and of its truth, `truth/people`.

    `until` gives the tables of `force/` as they were known on that day, in the types of the whole extract.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_force(folder / "whole", crimes, seed=seed, noise=noise, form="parquet")
        files = sorted((folder / "whole").rglob("*.parquet"))
        whole = {file.relative_to(folder / "whole").with_suffix("").as_posix(): pl.read_parquet(file) for file in files}
        if until is None:
            return whole
        (folder / "then").mkdir()
        replay_own(folder / "whole", until, folder / "then", "csv")
        then = {f"force/{file.stem}": file for file in sorted((folder / "then" / "force").glob("*.csv"))}
        return {
            place: pl.read_csv(then[place], schema_overrides=frame.schema)
            for place, frame in whole.items()
            if place in then
        }


def delivered(frames: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """What a force delivers: all but the truth."""
    return {place: frame for place, frame in frames.items() if not place.startswith("truth/")}


def truth(frames: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """What only the scorer knows."""
    return {place.removeprefix("truth/"): frame for place, frame in frames.items() if place.startswith("truth/")}


def moment(column: str) -> pl.Expr:
    """A time of the extract, which is text with its offset, as a time in UTC."""
    return pl.col(column).str.to_datetime(TIME, time_unit="us", time_zone="UTC")


def outcomes(crimes: int, seed: int) -> dict[str, pl.DataFrame]:
    """Crimes and their outcomes, known on the extract's day, and `latent`, the outcome that each will have.

    crimes: crime_id, offence_class, recorded_at. outcomes: crime_id, outcome_code, outcome_at; those of crimes that
    are open have no row. latent: crime_id, offence_class, recorded_at, outcome_code, days (from recording; above 3,650
    where there never is an outcome). Left out are removed crimes, and those that have a part in a planting: they were
    chosen among older crimes and end as the planting wants, so that older crimes would end otherwise than new ones.
    """
    world, _ = make(crimes, seed, "none")
    f = world.facts
    classes = as_text(tuple(offence[1] for offence in OFFENCES), f["ho"])
    latent = pl.DataFrame(
        {
            "crime_id": "INV-C" + pl.Series(np.arange(crimes)).cast(pl.String).str.zfill(8),
            "offence_class": classes,
            "recorded_at": pl.Series(f["recorded"]),
            "outcome_code": as_text(OUTCOMES, f["latent_out"]),
            "days": f["latent_delay"] / DAY,
        }
    ).filter(pl.Series((f["removal"] == 0) & world.free))
    latent = latent.with_columns(pl.from_epoch("recorded_at", time_unit="s").dt.replace_time_zone("UTC"))
    closed = exported("outcome", world.tables["outcome"]).filter(pl.col("is_current") & (pl.col("code") != "0"))
    closed = closed.select("crime_id", outcome_code="code", outcome_at=moment("outcome_ts")).drop_nulls()
    kept = closed.join(latent, on="crime_id", how="semi").unique("crime_id", keep="last").sort("crime_id")
    known = latent.select("crime_id", "offence_class", "recorded_at")
    return {"crimes": known, "outcomes": kept, "latent": latent}


def end() -> pl.Expr:
    """The extract's last moment."""
    return pl.lit(EXTRACT).pipe(lambda seconds: pl.from_epoch(seconds, time_unit="s")).dt.replace_time_zone("UTC")
