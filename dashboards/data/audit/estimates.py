"""From settled ratings to estimates: each measure by stratum, and pooled.

Only strata that may be combined are pooled.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Engine

from assets.methods.agreement import Agreement, cohens_kappa
from assets.methods.audit_estimates import Estimate, Report, ratio_of_totals
from casework.audit import cycles, results
from casework.choices.questions import REPORT_STRATA, SIGNAL_STRATA
from casework.store.refusal import Refused
from dashboards.text import numbers

OVERALL = "overall"
# measure -> (its name, the question that it uses)
MEASURES = {
    "classification_accuracy": ("Classification accuracy", "class_correct"),
    "sub_offence_accuracy": ("Sub-offence accuracy", "sub_offence_correct"),
    "timeliness": ("Recorded within 24 hours", "within_24h"),
    "outcome_accuracy": ("Outcome accuracy", "outcome_correct"),
    "included_complete": ("Included classifications complete", "included_complete"),
    "conduct_seen": ("Course of conduct recognised", "conduct_seen"),
    "relationship_correct": ("Relationship correct", "relationship_correct"),
    "flags_correct": ("Flags correct", "flags_correct"),
    "risk_assessed": ("Risk assessed", "risk_assessed"),
    "victim_informed": ("Victim informed", "victim_informed"),
    "removal_right": ("Cancellation correct", "removal_right"),
}
RECORDING = "recording_accuracy"
NAMES = {RECORDING: "Recording accuracy"} | {code: name for code, (name, _) in MEASURES.items()}
POOLED = "ABDG"  # recorded crime drawn at random from disjoint lists

NO_REPORTS = (
    "Recording accuracy cannot be estimated from this audit: every unit drawn is a recorded crime, and a list of "
    "recorded crime cannot show a crime that was not recorded. Draw from E and H, which are whole reports."
)
CAVEATS = {
    "C": "Chosen by a signal: says nothing about other records of these classes. Reported separately.",
    "E": "Chosen by a signal among reports closed without a crime: accuracy is lower here than over all reports. "
    "Reported separately.",
    "F": "Cancelled crime only.",
}
RECORDING_CAVEAT = (
    "Covers reports with stalking words, an ex-partner repeat or a recorded stalking or harassment crime, weighted to "
    "their numbers. Reports logged as something else without such a sign are not covered."
)
E_ALONE = "Stratum H was not drawn, so reports that did lead to a crime are missing: this is not the force's accuracy."


def estimate(engine: Engine, cycle_ref: str, actor: str) -> int:
    """Calculate every estimate from the settled ratings and save them as a new round.

    Returns the number of the round.
    """
    populations = {s["stratum"]: s["unit_count"] for s in cycles.strata(engine, cycle_ref)}
    units = [u for u in results.rated_units(engine, cycle_ref) if u["final"] is not None]
    found = [row for code in MEASURES for row in measure_rows(code, units, populations)]
    if any(u["stratum"] in REPORT_STRATA for u in units):
        found.append(recording_accuracy(units, populations))
    return results.record_estimates(engine, cycle_ref, found, actor)


def measure_rows(
    code: str, units: Sequence[Mapping[str, Any]], populations: Mapping[str, int]
) -> list[dict[str, Any]]:
    """One measure: each stratum that was asked it, then the pooled ones together.

    Strata are pooled only if there are two or more.
    """
    question = MEASURES[code][1]
    found, pooled = [], []
    for stratum in sorted({u["stratum"] for u in units}):
        asked = [u for u in units if u["stratum"] == stratum and u["final"][question] is not None]
        judged = [u for u in asked if u["final"][question] in ("pass", "fail")]
        if not asked:
            continue
        passed = sum(u["final"][question] == "pass" for u in judged)
        row = _row(code, stratum, stratum, populations[stratum], passed, len(judged), len(asked) - len(judged))
        row["caveat"] = CAVEATS.get(stratum, "")
        found.append(row | _limits(ratio_of_totals(_reports(judged, question, populations)) if judged else None))
        if stratum in POOLED and judged:
            pooled.append((stratum, judged, passed, len(asked) - len(judged)))
    if len(pooled) > 1:
        found.append(_pooled_row(code, question, pooled, populations))
    return found


def _pooled_row(
    code: str,
    question: str,
    pooled: Sequence[tuple[str, Sequence[Mapping[str, Any]], int, int]],
    populations: Mapping[str, int],
) -> dict[str, Any]:
    names = [stratum for stratum, *_ in pooled]
    judged = [unit for _, units, _, _ in pooled for unit in units]
    made = ratio_of_totals(_reports(judged, question, populations))
    total = sum(populations[s] for s in names)
    unknown = sum(n for *_, n in pooled)
    row = _row(code, OVERALL, " ".join(names), total, sum(k for _, _, k, _ in pooled), len(judged), unknown)
    alone = [s for s in SIGNAL_STRATA if s in populations]
    row["caveat"] = "Strata weighted by their size." + (f" Reported separately: {', '.join(alone)}." if alone else "")
    return row | _limits(made)


def _reports(units: Sequence[Mapping[str, Any]], question: str, populations: Mapping[str, int]) -> list[Report]:
    held: dict[tuple[str, str], list[int]] = {}
    for unit in units:
        counts = held.setdefault((unit["stratum"], unit["report_ref"]), [0, 0])
        counts[0] += unit["final"][question] == "pass"
        counts[1] += 1
    drawn = Counter(unit["stratum"] for unit in units)
    return [Report(stratum, populations[stratum] / drawn[stratum], *counts) for (stratum, _), counts in held.items()]


def recording_accuracy(units: Sequence[Mapping[str, Any]], populations: Mapping[str, int]) -> dict[str, Any]:
    """Crimes recorded as a share of crimes that should have been.

    From whole reports only. Raises Refused, with the reason, if no whole report was drawn.
    """
    whole = [u for u in units if u["stratum"] in REPORT_STRATA]
    if not whole:
        raise Refused(NO_REPORTS)
    drawn = {s: sum(u["stratum"] == s for u in whole) for s in REPORT_STRATA}
    names = [s for s in REPORT_STRATA if drawn[s]]
    reports = [
        Report(
            u["stratum"],
            populations[u["stratum"]] / drawn[u["stratum"]],
            # a surplus crime in one report does not make up for a missing one in another
            min(u["final"]["crimes_recorded"], u["final"]["crimes_required"]),
            u["final"]["crimes_required"],
        )
        for u in whole
    ]
    required, recorded = sum(r.denominator for r in reports), sum(r.numerator for r in reports)
    row = _row(RECORDING, OVERALL, " ".join(names), sum(populations[s] for s in names), recorded, required, 0)
    row["caveat"] = RECORDING_CAVEAT + ("" if "H" in names else f" {E_ALONE}")
    return row | _limits(ratio_of_totals(reports) if required else None)


def _row(
    code: str, stratum: str, strata: str, population: int, passed: float, rated: float, unknown: int
) -> dict[str, Any]:
    return {
        "metric": code,
        "stratum": stratum,
        "strata": strata,
        "population": population,
        "passed": passed,
        "rated": rated,
        "not_evaluable": unknown,
    }


def _limits(made: Estimate | None) -> dict[str, Any]:
    if made is None:
        return {"share": None, "lower": None, "upper": None, "method": "nothing could be assessed"}
    return {"share": made.value, "lower": made.lower, "upper": made.upper, "method": made.method}


def in_words(row: Mapping[str, Any]) -> dict[str, str]:
    """The cells of a kept estimate that page and report share."""
    return {
        "metric": NAMES[row["metric"]],
        "counts": f"{row['passed']:g} of {row['rated']:g}",
        "share": numbers.share(row["share"]),
        "limits": _limits_in_words(row),
        "method": row["method"],
        "caveat": row["caveat"] or "none",
    }


def _limits_in_words(row: Mapping[str, Any]) -> str:
    if row["lower"] is None:
        return numbers.NO_VALUE
    if row["lower"] == row["upper"]:
        return "none: every unit was read"
    return numbers.limits(row["lower"], row["upper"])


def agreement_in_words(found: Agreement) -> dict[str, str]:
    """The cells of an agreement that page and report share: equal ratings, kappa and its limits."""
    if found.kappa is None or found.lower is None or found.upper is None:
        kappa, limits = f"not defined: {found.reason}", "none: kappa is not defined"
    else:
        kappa, limits = f"{found.kappa:.2f}", f"{found.lower:.2f} to {found.upper:.2f}"
    return {
        "same": f"{found.same} of {found.pairs} ({numbers.share(found.observed)})" if found.pairs else "none",
        "kappa": kappa,
        "limits": limits,
    }


def as_estimate(row: Mapping[str, Any]) -> Estimate:
    """A kept estimate in the form that the methods use."""
    return Estimate(row["share"], row["lower"], row["upper"], row["method"])


def agreement(engine: Engine, cycle_ref: str) -> tuple[Agreement, Agreement]:
    """Kappa of first and second ratings.

    For all units rated twice, and for the random fifth alone.
    """
    twice = [u for u in results.rated_units(engine, cycle_ref) if u["pair"]]
    return (
        cohens_kappa([u["pair"] for u in twice]),
        cohens_kappa([u["pair"] for u in twice if u["is_second_random"]]),
    )
