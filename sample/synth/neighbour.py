"""The neighbouring force: steady, a tenth as large, with records of people of the first under keys of its own.

Some are warnings that the first force had no way to see. `stra combine` makes one home of both; names never leave a
home, so nobody is linked in two forces there either.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from sample.synth import TRUTH, commissioning, files, make, people, write
from sample.synth.codes import FORCE, NEIGHBOUR
from sample.synth.world import Known, World

SHARE, LEAST = 10, 400  # crimes of the first force for each one here, and the fewest here
SEED = 500_000  # its seed is that of the first force and this
PARTS = ("victim", "suspect")
BESIDE = ("small_areas", "population")  # what is written besides the extract and its truth
CODES = ("force_code", "receiving_force")
OWN = {  # what two forces never share: references, people of the truth, units and areas
    r"\bINV(-[A-Z]|/|[0-9])": "NBR${1}", r"^T(\d{8})$": "N${1}", "Invented Unit": "Invented Neighbour Unit",
    "Invented District": "Invented Neighbour District", r"\bE0([19])9999": "E0${1}9998",
}  # fmt: skip


def write_neighbour(out: Path, crimes: int, seed: int, noise: str = "none", form: str = "csv") -> dict[str, int]:
    """Write the extract of the neighbour of a force of this size and seed into `out`; return the rows of each table.

    truth/missed_warnings has crimes of this extract, and for each the serious crime of the first force.
    """
    first, of_first = make(crimes, seed, noise)
    persons = people.write_people(first, of_first, noise)
    world, true = make(max(LEAST, crimes // SHARE), seed + SEED, noise, has_story=False, known=known_here(first))
    both = shared(first, world).join(persons["people"].rename({"person_key": "first_key"}), on="first_key")
    identities = persons["person_identity"].rename({"person_key": "first_key"})
    of_both = dict(both.select("here", "true_person").iter_rows())
    rows = {}
    for folder, name, frame in files(world, true, noise):
        if folder not in ("force", TRUTH) and name not in BESIDE:
            continue
        if name == "person_identity":
            same = both.join(identities, on="first_key").select(frame.columns)
            frame = pl.concat([frame.join(both, on="person_key", how="anti"), same]).sort("person_key")
        frame = named(frame, name)
        true_people = [column for column in frame.columns if column.endswith("true_person")]
        frame = frame.with_columns(pl.col(true_people).cast(pl.String).replace(of_both))
        write.save(warnings(first, world, both) if name == "missed_warnings" else frame, out / folder, name, form)
        if folder != TRUTH:
            rows[name] = frame.height
    (out / "README.txt").write_text(
        commissioning.NEIGHBOURS.format(crimes=world.crimes, of=crimes, seed=seed, noise=noise), encoding="utf-8"
    )
    return rows


def known_here(first: World) -> list[Known]:
    """The people of the serious crimes of which the neighbour holds another record."""
    of = (first.birth, first.sex, first.ethnicity)
    return [
        Known(at, {part: [int(values[first.facts[part][row]]) for values in of] for part in PARTS})
        for row, at, _ in first.elsewhere
    ]


def shared(first: World, world: World) -> pl.DataFrame:
    """People in both forces, two by two: the key of each here and in the first, and in the truth here."""
    rows = [
        (f"INV-P{world.facts[f'{part}_key'][here]:08d}", f"INV-P{first.facts[f'{part}_key'][row]:08d}",
         f"N{world.facts[part][here]:08d}")
        for here, (row, _, _) in zip(world.held.tolist(), first.elsewhere, strict=True)
        for part in PARTS
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=dict.fromkeys(("person_key", "first_key", "here"), pl.String), orient="row")


def warnings(first: World, world: World, both: pl.DataFrame) -> pl.DataFrame:
    """The records of people of the first force, and the serious crime of each; a decoy came after that."""
    who = dict(both.select("first_key", "true_person").iter_rows())
    rows = [
        ("another force", f"NBR-C{here:08d}", f"INV-C{row:08d}",
         *(who[f"INV-P{first.facts[f'{part}_key'][row]:08d}"] for part in reversed(PARTS)), is_decoy)
        for here, (row, _, is_decoy) in zip(world.held.tolist(), first.elsewhere, strict=True)
    ]  # fmt: skip
    schema = dict.fromkeys(("held_in", "crime_id", "serious_crime_id", "true_person", "victim_true_person"), pl.String)
    return pl.DataFrame(rows, schema=schema | {"is_decoy": pl.Boolean}, orient="row").sort("crime_id")


def named(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    """The rows with the references, names and codes of the neighbour."""
    text = pl.col([column for column, kind in frame.schema.items() if kind == pl.String])
    for old, new in OWN.items():
        text = text.str.replace_all(old, new)
    codes = [] if name == "force" else [column for column in CODES if column in frame.columns]
    return frame.with_columns(text).with_columns(pl.col(codes).replace({FORCE: NEIGHBOUR, NEIGHBOUR: FORCE}))
