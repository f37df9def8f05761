"""Task 1, link people: which records of people are of one person?

Given is `force/person_identity` of an invented force with noise "medium": of the records of a person who was entered
again, 12 in a hundred have another form of the forename, 8 another surname, 9 a wrong or missing birth date, and 30
another address. Asked is a reference of the person for each record. Scored over pairs of records.
"""

from __future__ import annotations

import polars as pl

from assets.methods.linkage.quality import pairwise
from benchmarks.open import forces
from benchmarks.open.product import linked
from benchmarks.open.task import Column, Frames, Given, Measure, Method, Task

PEOPLE = "force/person_identity"


def make(crimes: int, seed: int) -> Given:
    """The identities, and who is who."""
    whole = forces.extract(crimes, seed, "medium")
    return Given({PEOPLE: whole[PEOPLE]}, {"people": forces.truth(whole)["people"]})


def score(answer: pl.DataFrame, given: Given) -> dict[str, float | None]:
    """Precision, recall and F1 of the pairs of records that are said to be of one person."""
    found = pairwise(answer.rename({"person_ref": "person"}), given.truth["people"]).row(0, named=True)
    precision, recall = found["precision"] or 0.0, found["recall"] or 0.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return {"precision": precision, "recall": recall, "F1": f1}


def perfect(given: Given) -> pl.DataFrame:
    """The truth as an answer."""
    people = given.truth["people"].join(given.inputs[PEOPLE], on="person_key", how="semi")
    return people.select("person_key", person_ref="true_person")


def baseline(inputs: Frames) -> pl.DataFrame:
    """Records with the same surname and birth date are of one person."""
    return same(inputs[PEOPLE], "surname", "date_of_birth")


def rival(inputs: Frames) -> pl.DataFrame:
    """Records with the same forename, surname and birth date are of one person."""
    return same(inputs[PEOPLE], "forename", "surname", "date_of_birth")


def ours(inputs: Frames) -> pl.DataFrame:
    """The product's linkage, with the settings that it ships."""
    return linked(inputs[PEOPLE])


def same(people: pl.DataFrame, *columns: str) -> pl.DataFrame:
    """One reference for records that agree on every column; a record that lacks one has its own."""
    parts = [pl.col(column).str.strip_chars().str.to_lowercase() for column in columns]
    return people.select("person_key", person_ref=pl.coalesce(pl.concat_str(parts, separator="|"), "person_key"))


TASK = Task(
    name="link_people",
    question="Which records of people are of one person?",
    crimes=8_000,
    seeds=(101, 102, 103),
    asked={
        "person_key": Column("text", "each record of `force/person_identity`"),
        "person_ref": Column("text", "any reference; equal for records of one person"),
    },
    key=("person_key",),
    keys=lambda inputs: inputs[PEOPLE],
    is_whole=True,
    measures={"precision": Measure("share", True), "recall": Measure("share", True), "F1": Measure("share", True)},
    make=make,
    score=score,
    perfect=perfect,
    baseline=Method("same surname and birth date", baseline),
    rival=Method("same forename, surname and birth date", rival),
    ours=Method("linkage of the product", ours),
)
