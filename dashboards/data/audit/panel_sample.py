"""From the published frame to a kept sample under pseudonyms. No page code."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl
from sqlalchemy import Engine

from assets.methods import panel_sample
from casework.audit import panels
from casework.audit.panels import Case, Sample
from casework.store.refusal import Refused
from dashboards.data import extract
from dashboards.data.audit.audit_sample import new_seed
from dashboards.data.published import Copy, optional
from dashboards.data.settings import read_settings

FRAME, QUESTIONS = "metrics.scrutiny_frame", "reference.scrutiny_questions"
MEASURES = "metrics.protection_measures"
# facts of a case for the panel; the first is withheld first where too few cases share it
FACTS = {
    "relationship_group": "Relationship",
    "recorded_quarter": "Quarter of recording",
    "outcome_group": "Outcome",
    "offence_class": "Class of offence",
}
INVENTED = "Invented data. "  # before the force's name
STATES = {"met": "Met", "late": "Met late", "missed": "Missed"}
DEFAULTS = {"panel.smallest_group": 5.0, "panel.cases_each": 2.0}


@dataclass(frozen=True)
class Wish:
    """The sample asked for: quarters, number of cases, charged or not."""

    title: str
    first: str
    last: str
    size: int
    with_charged: bool


def strata_of(frame: pl.DataFrame, size: int) -> list[str]:
    """Class of offence and outcome group of each case, as its stratum.

    Rare strata are combined.
    """
    return panel_sample.strata(list(zip(frame["offence_class"], frame["outcome_group"], strict=True)), size)


def settings(copy: Copy) -> dict[str, float]:
    """The settings of panels; the shipped ones if they are not published."""
    return {**DEFAULTS, **read_settings(copy)}


def quarters(copy: Copy) -> list[str]:
    """Quarters with a closed case, the newest first. Raises Missing."""
    rows = copy.select(FRAME, columns="distinct closed_quarter", order_by="closed_quarter desc")
    return rows["closed_quarter"].to_list()


def frame_of(copy: Copy, wish: Wish) -> pl.DataFrame:
    """The cases from which the sample is drawn. Raises Missing."""
    return copy.select(
        FRAME,
        where="closed_quarter between $first and $last and (not is_charged or $with_charged)",
        order_by="crime_ref",
        first=wish.first,
        last=wish.last,
        with_charged=wish.with_charged,
    )


def plan(frame: pl.DataFrame, size: int, fewest: int) -> dict[str, tuple[int, int]]:
    """Stratum -> cases in the frame, cases to draw."""
    if frame.is_empty():
        return {}
    sizes = Counter(strata_of(frame, size))
    wanted = panel_sample.allocate(sizes, size, fewest)
    return {stratum: (sizes[stratum], wanted[stratum]) for stratum in sorted(sizes)}


def draw(engine: Engine, copy: Copy, wish: Wish, actor: str, seed: int | None = None) -> str:
    """Draw and keep a sample; returns its reference.

    Raises Refused if there is nothing to draw from.
    """
    found, asked = frame_of(copy, wish), questions(copy)
    held = settings(copy)
    fewest, smallest = int(held["panel.cases_each"]), int(held["panel.smallest_group"])
    records = found.to_dicts()
    frame = list(zip(strata_of(found, wish.size), found["crime_ref"].to_list(), strict=True))
    if not frame:
        raise Refused("No case is closed in these quarters: there is nothing to draw from.")
    seed = new_seed() if seed is None else seed
    drawn = panel_sample.draw(frame, wish.size, fewest, seed)
    key = secrets.token_bytes(32)
    names = panel_sample.pseudonyms([ref for _, ref in drawn], key)
    measure_names, not_measured = _measures(copy)
    facts = facts_of(records, measure_names, smallest)
    sample = Sample(
        title=wish.title,
        period=(wish.first, wish.last),
        seed=seed,
        frame_hash=panel_sample.hash_of_frame(frame),
        settings={
            "size": wish.size,
            "fewest": fewest,
            "smallest": smallest,
            "with_charged": wish.with_charged,
            "whose": _whose(copy),
            "caveats": copy.caveats(FRAME),
            "not_measured": not_measured,
        },
        questions=asked,
        key=key.hex(),
        frame=frame,
        cases=[Case(names[ref], ref, stratum, facts[ref]) for stratum, ref in drawn],
    )
    return panels.keep_sample(engine, sample, actor)


def _whose(copy: Copy) -> str:
    """The force's name for the pack; says so if it is invented."""
    of = optional(extract.find_extract, copy)
    if of is None:
        return "The publication does not name the force."
    return f"{INVENTED if of.is_invented else ''}{of.force_name}."


def questions(copy: Copy) -> dict[str, str]:
    """The form's questions: code -> words. Raises Missing."""
    return dict(copy.select(QUESTIONS, columns="question_code, words", order_by="place").iter_rows())


def is_drawn_again(engine: Engine, sample: Mapping[str, Any]) -> bool:
    """Whether the kept seed, frame and settings reproduce the kept sample."""
    frame = panels.frame(engine, sample["panel_ref"])
    wanted = sample["settings"]
    again = panel_sample.draw(frame, wanted["size"], wanted["fewest"], sample["seed"]) if frame else []
    is_frame_whole = panel_sample.hash_of_frame(frame) == sample["frame_hash"]
    return is_frame_whole and again == panels.kept_draw(engine, sample["panel_ref"])


def _measures(copy: Copy) -> tuple[dict[str, str], list[str]]:
    """The protection measures: code -> words; and those missing from this extract."""
    rows = optional(
        copy.select,
        MEASURES,
        columns="measure_code, measure_name, kind = 'duty' and status = 'not measured' as is_absent",
        order_by="place",
        may_be_empty=True,
    )
    held = [] if rows is None else rows.rows()
    return {code: name for code, name, _ in held}, [name for _, name, is_absent in held if is_absent]


def facts_of(records: list[dict[str, Any]], names: Mapping[str, str], smallest: int) -> dict[str, dict[str, Any]]:
    """Crime -> facts and protection measures shared by enough cases of the frame."""
    coarse = panel_sample.coarsened(records, list(FACTS), smallest)
    measures = [{state: (row[f"{state}_measures"] or "").split() for state in STATES} for row in records]
    is_measured = any(codes for row in measures for codes in row.values())
    told = panel_sample.select_measures(records, coarse, measures, smallest)
    return {
        row["crime_ref"]: {**facts, "measures": _in_words(found, names) if is_measured else {}}
        for row, facts, found in zip(records, coarse, told, strict=True)
    }


def _in_words(
    found: Mapping[str, list[str]] | Mapping[str, int] | None, names: Mapping[str, str]
) -> dict[str, list[str] | int] | None:
    if found is None:
        return None
    return {
        state: told if isinstance(told, int) else [names.get(code, code.replace("_", " ")) for code in told]
        for state, told in found.items()
    }
